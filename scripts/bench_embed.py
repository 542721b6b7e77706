"""Measures the bundled embedder against sentence-transformers on the same weights and texts, in turn, in one run.

`python scripts/bench_embed.py --texts passages.txt --out result.json` (one passage per line, blank lines ignored).
Decides nothing; writes one JSON object: texts per second of both (all rounds, medians, ratios),
CPU milliseconds per text, cosines to float32, cold start, warm question latency, and what the machine is.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from indexer import privacy  # noqa: E402
from indexer.embedders.bundled import BundledEmbedder, _folder  # noqa: E402

COLD = "from indexer.embed import embedder as e; e('bundled').encode_questions(['Does aspirin prevent stroke?'])"


def main() -> None:
    """Reads the options, measures, writes the JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=Path, required=True, help="one passage per line")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    lines = options.texts.read_text("utf-8").splitlines()
    texts = [line for line in lines if line.strip()]
    result = {"machine": machine(), **throughput(texts, options.rounds), **latency(texts)}
    options.out.write_text(json.dumps(result, indent=1) + "\n", "utf-8")


def throughput(texts: list[str], rounds: int) -> dict[str, Any]:
    """A B A B …: sentence-transformers with its defaults (float32, batches of 32), then ours."""
    privacy.silence()
    import numpy as np
    import torch
    from sentence_transformers import SentenceTransformer

    theirs, ours = SentenceTransformer(str(_folder()), device="cpu"), BundledEmbedder()
    theirs.encode(texts[:32])
    ours.encode_passages(texts[:32])
    runs: dict[str, list[tuple[float, float]]] = {"theirs": [], "ours": []}
    for _ in range(rounds):
        reference, seconds = timed(lambda: theirs.encode(texts))
        runs["theirs"].append(seconds)
        vectors, seconds = timed(lambda: ours.encode_passages(texts))
        runs["ours"].append(seconds)
    cosines = (vectors * reference).sum(axis=1)
    rate = {k: [len(texts) / wall for wall, _ in v] for k, v in runs.items()}
    return {
        "texts": len(texts),
        "tokens_mean": float(np.mean([len(t["input_ids"]) for t in map(theirs.tokenizer, texts)])),
        "engine": ours.engine,
        "torch_threads": torch.get_num_threads(),
        "texts_per_second": rate,
        "median": {k: statistics.median(v) for k, v in rate.items()},
        "ratio_of_medians": statistics.median(rate["ours"]) / statistics.median(rate["theirs"]),
        "ratios": [a / b for a, b in zip(rate["ours"], rate["theirs"], strict=True)],
        "cpu_ms_per_text": {k: statistics.median(1000 * c / len(texts) for _, c in v) for k, v in runs.items()},
        "cosine_min": float(cosines.min()),
        "cosine_mean": float(cosines.mean()),
    }


def latency(texts: list[str]) -> dict[str, Any]:
    """Whole new processes up to the first question's vector, and one question at a time when warm."""
    cold = [timed(lambda: subprocess.run([sys.executable, "-c", COLD], check=True, cwd=ROOT)) for _ in range(9)]
    made = BundledEmbedder()
    questions = [" ".join(t.split()[:12]) + "?" for t in texts[:200]]
    made.encode_questions(questions[:5])
    warm = sorted(timed(lambda q=q: made.encode_questions([q]))[1][0] * 1000 for q in questions)
    return {
        "cold_process_s": sorted(seconds for _, (seconds, _) in cold),
        "cold_process_median_s": statistics.median(seconds for _, (seconds, _) in cold),
        "question_ms": {"p50": warm[len(warm) // 2], "p99": warm[int(len(warm) * 0.99)]},
    }


def timed(action: Callable[[], Any]) -> tuple[Any, tuple[float, float]]:
    """The action's value and its (wall, CPU) seconds; CPU of this process, all threads."""
    wall, cpu = time.perf_counter(), time.process_time()
    value = action()
    return value, (time.perf_counter() - wall, time.process_time() - cpu)


def machine() -> dict[str, Any]:
    """CPU, cores and versions."""
    from importlib.metadata import version

    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = {line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")}
    packages = ("openvino", "torch", "sentence-transformers", "transformers", "numpy")
    return {
        "cpu": sorted(names) or platform.processor(),
        "cores": len(os.sched_getaffinity(0)),
        "load": os.getloadavg()[0],
        "python": platform.python_version(),
        **{p: version(p) for p in packages},
    }


if __name__ == "__main__":
    main()
