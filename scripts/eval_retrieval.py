"""Measures document retrieval: bioasq's dev questions over its documents and the PubMedQA abstracts.

    python scripts/eval_retrieval.py --data DIR [--index DIR] [--json FILE] [--limit N]

DIR holds `bioasq/` and `pubmedqa/` (docs/data.md). The index is built if it is not there.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import ir_measures
from ir_measures import R, nDCG

import rag
from indexer.index import Index
from indexer.types import Filter
from rag.retrieve import retrieve
from rag.settings import Effort

# Whole documents are judged: one passage each, deep enough for R@100.
EFFORT = Effort(depth=200, hits=100, per_source=1)


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSONL file."""
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def build(data: Path, index: Path) -> None:
    """Indexes both sets; PubMedQA's abstracts get ids that no bioasq document has."""
    converted = index.with_name(index.name + "-pubmedqa.jsonl")
    with converted.open("w", encoding="utf-8") as out:
        for q in lines(data / "pubmedqa" / "train.jsonl"):
            record = {
                "id": f"pubmedqa:{q['id']}",
                "title": q["question"],
                "sections": q["sections"],
            }
            out.write(json.dumps(record) + "\n")
    report = rag.build([data / "bioasq" / "documents.jsonl", converted], into=index)
    print(f"{report.documents} documents, {report.passages} passages in {report.seconds['total']:.0f} s")


def main() -> int:
    """Prints nDCG@10 and R@100 with the time per question."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=os.environ.get("ANAMNESIS_DATA"), required=False)
    parser.add_argument("--index", type=Path, default=Path(gettempdir(), "anamnesis-bioasq"))
    parser.add_argument("--split", default="dev", choices=["dev", "train"])
    parser.add_argument("--limit", type=int, help="only the first N questions")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    if options.data is None:
        parser.error("give --data DIR or set ANAMNESIS_DATA")
    data = Path(options.data)
    if not (options.index / "manifest.json").exists():
        build(data, options.index)
    questions = list(lines(data / "bioasq" / f"questions-{options.split}.jsonl"))[: options.limit]
    qrels, run, seconds = [], [], []
    with Index(options.index) as index:
        for q in questions:
            qrels += [ir_measures.Qrel(q["id"], d, 1) for d in q["relevant"]]
            before = time.perf_counter()
            hits = retrieve(index, q["question"], k=100, where=Filter(), effort=EFFORT)
            seconds.append(time.perf_counter() - before)
            run += [ir_measures.ScoredDoc(q["id"], h.passage.source.id, h.score) for h in hits]
    found = ir_measures.calc_aggregate([nDCG @ 10, R @ 100], qrels, run)
    result = {
        "split": options.split, "questions": len(questions), "nDCG@10": round(found[nDCG @ 10], 4),
        "R@100": round(found[R @ 100], 4), "median_ms": round(1000 * sorted(seconds)[len(seconds) // 2], 2),
    }  # fmt: skip
    print(json.dumps(result))
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
