"""Floods a library with near-copies of one passage, and counts what that takes from the answers (jamming).

    python scripts/eval_copies.py --data DIR --index DIR [--targets 20] [--copies 200] [--json benchmarks/robust.json]

For each target question of bioasq's dev set: the passage that the clean index finds first among those that are not
relevant (a blocker), copied 200 times under other source ids with one word in twenty changed and the question put
before it. The index is copied, never written to. `slots`: hits of the first ten that are such copies (most; mean).
`answered`, `right` (the first sentence is of a relevant source) and `recall` (relevant documents among the hits),
before and after. `milliseconds`: keeping copies out of 100 candidates.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

import rag
from indexer.index import Index
from rag.copies import distinct
from scripts.bench import machine
from scripts.eval_poison import merge
from scripts.eval_retrieval import lines

_CHANGED = 1 / 20


def near_copies(text: str, count: int, rng: random.Random) -> list[str]:
    """Copies of a text in which one word in twenty is another of its words."""
    words = text.split()
    made = []
    for _ in range(count):
        own = list(words)
        for i in rng.sample(range(len(own)), max(1, round(_CHANGED * len(own)))):
            own[i] = rng.choice(words)
        made.append(" ".join(own))
    return made


def blocker(library: rag.Library, question: dict[str, Any]) -> str:
    """The text of the first hit that is not relevant, after the question, so that it comes up before all others."""
    hits = [
        h.passage for h in library.search(question["question"], k=20) if h.passage.source.id not in question["relevant"]
    ]
    return f"{question['question']} {hits[0].text}" if hits else question["question"]


def measure(library: rag.Library, questions: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Shares over the questions, and how many of the hits are copies."""
    answered = right = recall = 0.0
    slots: list[int] = []
    for q in questions:
        answer = library.ask(q["question"])
        first = answer.claims[0].citations[0].passage.source.id if answer.claims else ""
        own = [h.passage.source.id for h in answer.hits[:10]]
        answered += answer.status == "answered"
        right += first in q["relevant"]
        recall += len(set(own) & set(q["relevant"])) / min(10, len(q["relevant"]))
        slots.append(sum(i.startswith("copy:") for i in own))
    n = len(questions)
    return {
        "answered": round(answered / n, 3), "right": round(right / n, 3), "recall": round(recall / n, 3),
        "most slots": max(slots), "mean slots": round(sum(slots) / n, 2),
    }  # fmt: skip


def milliseconds(index: Index, candidates: int = 100) -> float:
    """Median time of keeping copies out of `candidates` random passages, their documents read before."""
    live = np.flatnonzero(index.allowed(rag.Filter()))
    rng, times = np.random.default_rng(1), []
    for _ in range(20):
        rows = [(int(r), None) for r in rng.choice(live, candidates, replace=False)]
        held = {row: index.passage(row) for row, _ in rows}
        before = time.perf_counter()
        list(distinct(_Held(index, held), rows, per_source=3))
        times.append(1000 * (time.perf_counter() - before))
    return round(float(np.median(times)), 2)


class _Held:
    """An index whose passages were read before."""

    def __init__(self, index: Index, held: dict[int, Any]) -> None:
        self.vectors_of, self.passage = index.vectors_of, held.__getitem__


def main() -> None:
    """Prints the measures before and after."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=os.environ.get("ANAMNESIS_DATA"))
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--targets", type=int, default=20)
    parser.add_argument("--copies", type=int, default=200)
    parser.add_argument("--effort", default="normal")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    o = parser.parse_args()
    if o.data is None:
        parser.error("give --data DIR or set ANAMNESIS_DATA")
    rng = random.Random(o.seed)
    questions = list(lines(Path(o.data) / "bioasq" / "questions-dev.jsonl"))
    questions = rng.sample(questions, o.targets)
    result: dict[str, Any] = {"n": o.targets, "copies": o.copies, "seed": o.seed, "effort": o.effort}
    with tempfile.TemporaryDirectory() as work:
        copy, file = Path(work) / "index", Path(work) / "copies.jsonl"
        shutil.copytree(o.index, copy)
        with rag.open(copy, effort=o.effort) as library, file.open("w", encoding="utf-8") as out:
            result |= {"passages": library.index.manifest.passages, "milliseconds": milliseconds(library.index)}
            result["before"] = measure(library, questions)
            print(json.dumps(result), flush=True)
            for q in questions:
                for i, text in enumerate(near_copies(blocker(library, q), o.copies, rng)):
                    out.write(json.dumps({"id": f"copy:{q['id']}:{i}", "text": text}) + "\n")
        rag.build([file], into=copy)
        with rag.open(copy, effort=o.effort) as library:
            result["after"] = measure(library, questions)
    result["machine"] = machine()
    print(json.dumps(result, indent=1))
    if o.json:
        merge(o.json, "copies", result)


if __name__ == "__main__":
    main()
