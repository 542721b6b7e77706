"""Measures document retrieval on bioasq's dev questions, among its documents and PubMedQA's abstracts (11,522).

    python scripts/eval_retrieval.py --data DIR [--index DIR] [--json benchmarks/retrieval.json]

Also the same in other words: 100 of the questions in Chinese (benchmarks/bioasq-dev-chinese.jsonl, translated for this
project), and 120 questions with brand, everyday or short names (benchmarks/bioasq-names.jsonl). Measures by
ir-measures. DIR is described in docs/data.md. PubMedQA's titles, which are its questions, are left in: they can only
distract.

    python scripts/eval_retrieval.py --own-abstract …

The other way round: PubMedQA's 500 questions, each of which is to find its own abstract, now without its title, among
all of bioasq's documents, PubMedQA's abstracts and CSL's 1,000 Chinese ones.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import rag
from rag.evaluate.questions import Judged
from rag.evaluate.retrieval import run, score
from rag.settings import EFFORTS

BENCHMARKS = Path(__file__).resolve().parent.parent / "benchmarks"


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSONL file."""
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def build(data: Path, index: Path) -> None:
    """Indexes both sets; PubMedQA's abstracts get ids that no bioasq document has."""
    converted = index.with_name(index.name + "-pubmedqa.jsonl")
    with converted.open("w", encoding="utf-8") as out:
        for q in lines(data / "pubmedqa" / "train.jsonl"):
            record = {"id": f"pubmedqa:{q['id']}", "title": q["question"], "sections": q["sections"]}
            out.write(json.dumps(record) + "\n")
    report = rag.build([data / "bioasq" / "documents.jsonl", converted], into=index)
    print(f"{report.documents} documents, {report.passages} passages in {report.seconds['total']:.0f} s")


def build_untitled(data: Path, index: Path) -> None:
    """Indexes PubMedQA's abstracts without their titles, bioasq's documents and CSL's Chinese abstracts."""
    converted = index.with_name(index.name + "-untitled.jsonl")
    with converted.open("w", encoding="utf-8") as out:
        for q in lines(data / "pubmedqa" / "train.jsonl"):
            out.write(json.dumps({"id": f"pubmedqa:{q['id']}", "sections": q["sections"]}) + "\n")
        for d in lines(data / "csl" / "derived_beir" / "corpus.jsonl"):
            out.write(json.dumps({"id": d["_id"], "title": d["title"], "text": d["text"]}) + "\n")
    report = rag.build([data / "bioasq" / "documents.jsonl", converted], into=index)
    print(f"{report.documents} documents, {report.passages} passages in {report.seconds['total']:.0f} s")


def own_abstract(data: Path) -> dict[str, list[Judged]]:
    """PubMedQA's questions, to each of which only its own abstract is relevant."""
    asked = lines(data / "pubmedqa" / "train.jsonl")
    return {"pubmedqa, own abstract": [Judged(q["id"], q["question"], {f"pubmedqa:{q['id']}": 1}) for q in asked]}


def sets(data: Path, split: str) -> dict[str, list[Judged]]:
    """The questions of each set with their relevant documents."""
    asked = {s: list(lines(data / "bioasq" / f"questions-{s}.jsonl")) for s in ("dev", "train")}
    relevant = {q["id"]: dict.fromkeys(q["relevant"], 1) for questions in asked.values() for q in questions}
    text = {q["id"]: q["question"] for q in asked["dev"]}
    chinese = list(lines(BENCHMARKS / "bioasq-dev-chinese.jsonl"))
    names = list(lines(BENCHMARKS / "bioasq-names.jsonl"))
    return {
        split: [Judged(q["id"], q["question"], relevant[q["id"]]) for q in asked[split]],
        "100 in Chinese": [Judged(q["id"], q["question"], relevant[q["id"]]) for q in chinese],
        "the same 100 in English": [Judged(q["id"], text[q["id"]], relevant[q["id"]]) for q in chinese],
        "other names": [Judged(f"{i}", q["question"], relevant[q["of"]]) for i, q in enumerate(names)],
    }


def main() -> None:
    """Prints a line for every set and configuration."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=os.environ.get("ANAMNESIS_DATA"), required=False)
    parser.add_argument("--index", type=Path, help="built there first if there is none")
    parser.add_argument("--own-abstract", action="store_true")
    parser.add_argument("--busy", action="store_true", help="leave the times out: the machine does other work")
    parser.add_argument("--split", default="dev", choices=["dev", "train"])
    parser.add_argument("--efforts", nargs="*", default=["quick", "normal"], choices=list(EFFORTS))
    parser.add_argument("--limit", type=int, help="only the first N questions of each set")
    parser.add_argument("--json", type=Path)
    o = parser.parse_args()
    if o.data is None:
        parser.error("give --data DIR or set ANAMNESIS_DATA")
    data = Path(o.data)
    index = o.index or Path(gettempdir(), "anamnesis-untitled" if o.own_abstract else "anamnesis-bioasq")
    if not (index / "manifest.json").exists():
        (build_untitled if o.own_abstract else build)(data, index)
    results: dict[str, dict[str, dict[str, float]]] = {}
    with rag.open(index) as library:
        for name, questions in (own_abstract(data) if o.own_abstract else sets(data, o.split)).items():
            for effort in [*o.efforts, *(["normal, expansion off"] if name == "other names" else [])]:
                chosen = EFFORTS[effort.split(",")[0]]
                chosen = replace(chosen, expand="off" not in effort)
                found, times = run(library.index, questions[: o.limit], effort=chosen, reranker=library.reranker)
                summary = score(questions[: o.limit], found, () if o.busy else times).summary()
                results.setdefault(name, {})[effort] = summary
                print(f"{name}, {effort}: {json.dumps(summary)}", flush=True)
    if o.json:
        before = json.loads(o.json.read_text("utf-8")) if o.json.exists() else {}
        o.json.write_text(json.dumps({**before, **results}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
