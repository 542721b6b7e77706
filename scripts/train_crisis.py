"""Trains the layer that notices a crisis which no rule has words for: logistic regression over hashed n-grams.

    python -m scripts.train_crisis [--data DIR] [--medquad FILE]

Positive: scripts/crisis_sentences.jsonl and benchmarks/safety-self-harm.jsonl. Negative: the others of these files,
safety-red-flags.jsonl, the symptoms of the triage table in short sentences, and with --data and --medquad what
patients and consumers ask and say without need of an alarm (2,500 of toyhom, mts_dialog, every tenth of MedQuAD).
Never trained on: benchmarks/safety-crisis-other.jsonl, by another author. Writes rag/models/crisis.safetensors and its
card.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import random
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save

from rag.safety.learned import BUCKETS, MODEL, features

ROOT = Path(__file__).resolve().parent.parent
_FRAMES = {
    "en": (
        "I have {}.",
        "{} for three days now.",
        "My {} again.",
        "I think it is {}",
        "What helps with {}?",
        "I broke out with {} and I'm tired",
    ),
    "zh": ("我{}三天了", "最近{}，怎么办？", "{}", "孩子{}好几天了", "我妈有{}，吃什么药？", "我总是{}，很难受"),
}
_PSYCHIATRIC = re.compile(r"suicid|harm(?:ing)? (?:your|my)self|end (?:your|my) life|kill|hopeless|want to die", re.I)
_PENALTY, _ROUNDS = 5e-6, 200


def rows(name: str) -> Iterator[dict[str, str]]:
    """The lines of a JSONL file of the project."""
    return map(json.loads, (ROOT / name).read_text("utf-8").splitlines())


def examples(data: Path | None, medquad: Path | None) -> list[tuple[str, bool]]:
    """(text, whether it is a crisis)."""
    found = [(r["text"], r["kind"] != "negative") for r in rows("scripts/crisis_sentences.jsonl")]
    found += [(r["text"], True) for r in rows("benchmarks/safety-self-harm.jsonl")]
    found += [(r["text"], False) for r in rows("benchmarks/safety-self-harm-negatives.jsonl")]
    found += [(r["text"], False) for r in rows("benchmarks/safety-red-flags.jsonl")]
    found += [(t, False) for t in complaints()]
    if data:
        found += [(t, False) for t in [*patients(data)[:2500], *spoken(data)]]
    if medquad:
        found += [(json.loads(line)["title"], False) for line in medquad.read_text("utf-8").splitlines()[::10]]
    return found


def patients(data: Path) -> list[str]:
    """Questions of toyhom in a fixed order."""
    texts = []
    for file in sorted((data / "toyhom_sample").rglob("*.csv")):
        with file.open(encoding="gb18030", errors="replace", newline="") as opened:
            texts += [" ".join(r[1:3]) for r in csv.reader(opened) if len(r) > 2]
    random.Random(1).shuffle(texts)
    return texts


def complaints() -> list[str]:
    """Short sentences with the symptoms of the triage table, those of psychiatry left out."""
    table = tomllib.loads((ROOT / "rag/tasks/triage/departments.toml").read_text("utf-8"))
    found = []
    for name, entry in table.items():
        for key, words in entry.items():
            if name == "psychiatry" or not isinstance(words, str) or not key.endswith(("_own", "_shared")):
                continue
            frames = _FRAMES[key[:2]]
            terms = [w.strip() for w in words.split(";") if w.strip()]
            found += [frames[n % len(frames)].format(w) for n, w in enumerate(terms)]
    return found


def spoken(data: Path) -> list[str]:
    """What patients say in the dialogues of mts_dialog, in pieces of up to three turns; psychiatric ones left out."""
    found = []
    for file in sorted((data / "mts_dialog").rglob("*TrainingSet.csv")):
        with file.open(encoding="utf-8", errors="replace", newline="") as opened:
            for row in csv.DictReader(opened):
                turns = [
                    t.partition(":")[2].strip()
                    for t in row["dialogue"].splitlines()
                    if t.strip().startswith("Patient:")
                ]
                text = " ".join(t for t in turns if len(t.split()) > 4)
                if text and not _PSYCHIATRIC.search(row["dialogue"]):
                    parts = [" ".join(turns[i : i + 3]) for i in range(0, len(turns), 3)]
                    found += [p for p in parts if len(p.split()) > 6]
    return found


def trained(given: list[tuple[str, bool]]) -> tuple[np.ndarray, float]:
    """Weights (BUCKETS,) and bias; both classes weigh the same."""
    ids, offsets, values = [], [], []
    for text, _ in given:
        found = features(text)
        offsets.append(len(ids))
        ids += list(found)
        values += list(found.values())
    index, start, value = torch.tensor(ids), torch.tensor(offsets), torch.tensor(values)
    target = torch.tensor([float(y) for _, y in given])
    share = float(target.mean())
    weight = torch.where(target > 0, 0.5 / share, 0.5 / (1 - share))
    table, bias = torch.zeros(BUCKETS, 1, requires_grad=True), torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.LBFGS([table, bias], max_iter=_ROUNDS, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        bag = torch.nn.functional.embedding_bag(index, table, start, mode="sum", per_sample_weights=value)
        score = bag[:, 0] + bias
        cost = torch.nn.functional.binary_cross_entropy_with_logits(score, target, weight=weight)
        cost = cost + _PENALTY * (table**2).sum()
        cost.backward()
        return cost

    optimizer.step(loss)
    return table.detach().numpy()[:, 0], bias.item()


def main() -> int:
    """Trains and writes; exit code 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--medquad", type=Path)
    options = parser.parse_args()
    given = examples(options.data, options.medquad)
    weights, bias = trained(given)
    scale = float(np.abs(weights).max()) / 127
    data = save({"weights": np.round(weights / scale).astype(np.int8)})
    MODEL.write_bytes(data)
    card = {
        "sha256": hashlib.sha256(data).hexdigest(), "scale": scale, "bias": bias, "examples": len(given),
        "of crises": sum(y for _, y in given), "penalty": _PENALTY,
    }  # fmt: skip
    MODEL.with_suffix(".json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(card))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
