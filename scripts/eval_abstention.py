"""Measures abstaining: half of bioasq's questions are asked of an index from which their documents were removed.

    python -m scripts.eval_abstention --data DIR [--index DIR] [--count 300] [--json benchmarks/abstention.json]
    … --asked benchmarks/bioasq-dev-chinese.jsonl     the questions of these ids, as they are worded there

Reports, on dev questions: abstained where the documents are gone (recall) and where they are there (over-refusal), and
the area under the risk–coverage curve, a risk being an answer without its documents or one whose first citation is
not of a relevant one. `--features FILE` writes what the decision is made from, for train questions too.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import rag
from rag.answer import in_fixed_order
from rag.relevance import Terms
from rag.retrieve import asked
from rag.settings import EFFORTS
from rag.types import Prompt
from scripts.train_data import lines


def gone(question: str) -> bool:
    """Whether a question's documents are removed: every second, by its id."""
    return hashlib.sha256(question.encode()).digest()[1] % 2 == 0


def build(data: Path, index: Path) -> None:
    """An index without the documents of every second question."""
    questions = [q for s in ("train", "dev") for q in lines(data / "bioasq" / f"questions-{s}.jsonl")]
    removed = {d for q in questions if gone(q["id"]) for d in q["relevant"]}
    kept = index.with_name(index.name + ".jsonl")
    with kept.open("w", encoding="utf-8") as out:
        for d in lines(data / "bioasq" / "documents.jsonl"):
            if d["id"] not in removed:
                out.write(json.dumps(d) + "\n")
    report = rag.build([kept], into=index)
    print(f"{report.documents} documents are left")


def rows(
    library: rag.Library, data: Path, split: str, count: int, wordings: dict[str, str] | None = None
) -> list[dict[str, Any]]:
    """One record a question: whether it can be answered, whether it was, and what the decision is made from.

    wordings: other words of some questions by id; then only those are asked."""
    found = []
    present = set(library.index.catalogue.ids())
    for q in lines(data / "bioasq" / f"questions-{split}.jsonl"):
        relevant, worded = set(q["relevant"]), wordings.get(q["id"]) if wordings else q["question"]
        if worded is None:
            continue
        answerable = not gone(q["id"])
        if answerable and not relevant <= present:
            continue  # shared with a question whose documents are gone
        if sum(r["answerable"] == answerable for r in found) >= count:
            continue
        answer = library.ask(worded)
        first = answer.claims[0].citations[0].passage.source.id if answer.claims else ""
        meant = asked(library.index, worded, EFFORTS["normal"])
        terms = Terms(meant, library.index.lexical)
        ranked = library.models.extractive.rank(Prompt(meant, in_fixed_order(answer.hits)))
        found.append({
            "answerable": answerable, "abstained": not answer.claims, "right": first in relevant,
            "confidence": answer.confidence, "relevance": max((s.relevance for s in ranked), default=0.0),
            "rerank": max((h.why.get("rerank", -9.0) for h in answer.hits), default=-9.0),
            "coverage": max((terms.coverage(h.passage.text) for h in answer.hits), default=0.0),
        })  # fmt: skip
    return found


def summary(found: list[dict[str, Any]]) -> dict[str, float]:
    """Recall of abstaining, over-refusal, and AURC by confidence over what was answered."""
    without = [r for r in found if not r["answerable"]]
    within = [r for r in found if r["answerable"]]
    told = sorted((r for r in found if not r["abstained"]), key=lambda r: -r["confidence"])
    wrong, risks = 0, []
    for n, r in enumerate(told, start=1):
        wrong += not (r["answerable"] and r["right"])
        risks.append(wrong / n)
    return {
        "unanswerable": len(without), "answerable": len(within),
        "abstain recall": round(sum(r["abstained"] for r in without) / len(without), 4),
        "over-refusal": round(sum(r["abstained"] for r in within) / len(within), 4),
        "first citation right": round(sum(r["right"] for r in within) / len(within), 4),
        "AURC": round(sum(risks) / max(1, len(risks)), 4),
    }  # fmt: skip


def main() -> None:
    """Prints and writes the summary."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--index", type=Path, default=Path(gettempdir(), "anamnesis-gone"))
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--asked", type=Path, help="JSONL of id and question")
    parser.add_argument("--features", type=Path)
    parser.add_argument("--json", type=Path)
    o = parser.parse_args()
    if not (o.index / "manifest.json").exists():
        build(o.data, o.index)
    with rag.open(o.index) as library:
        wordings = {q["id"]: q["question"] for q in lines(o.asked)} if o.asked else None
        dev = rows(library, o.data, "dev", o.count, wordings)
        if o.features:
            train = rows(library, o.data, "train", o.count)
            o.features.write_text(json.dumps({"train": train, "dev": dev}), encoding="utf-8")
    result = summary(dev)
    print(json.dumps(result))
    if o.json:
        o.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
