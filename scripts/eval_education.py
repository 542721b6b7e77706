"""Measures answers for patients: reading level of the whole and of the claims alone, numbers and citations unchanged.

    python -m scripts.eval_education --index index [--medquad FILE] [--json benchmarks/education.json]

Questions: the 60 about corpus/ and, with --medquad (docs/medquad.md makes the file), 50 of its titles, by hash, asked
of an index made of their pages and 200 others.
Numbers: every number of a plain sentence must stand in its claim; citations: those of the claim. A whole answer counts
kind words, explained words and steps too, which are easy by design; so the grade of the claims alone is beside it.
"""

from __future__ import annotations

import argparse
import collections
import hashlib
import json
import re
import statistics
import tempfile
from pathlib import Path
from typing import Any

import rag
from rag.tasks.education import Leaflet, leaflet
from rag.tasks.education.reading import Chinese, grade
from scripts.eval_corpus import FILES, load

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def medquad(file: Path, count: int) -> tuple[list[str], list[dict[str, Any]]]:
    """Questions (titles) by hash, and the pages that answer them and four times as many others."""
    rows = [r for r in map(json.loads, file.open(encoding="utf-8")) if r.get("title") and len(r["text"]) > 200]
    rows.sort(key=lambda r: hashlib.sha256(r["title"].encode()).hexdigest())
    return [r["title"] for r in rows[:count]], rows[: 5 * count]


def measured(found: list[Leaflet], claims: list[dict[str, tuple[int, ...]]]) -> dict[str, Any]:
    """The rows of the report for answers that say something."""
    english = [m for m in found if isinstance(m.level, float)]
    chinese = [m.level for m in found if isinstance(m.level, Chinese)]
    told = [t for m in english for t in m.told]
    numbers = cites = 0
    for made, own in zip(found, claims, strict=True):
        for t in made.told:
            left = collections.Counter(_NUMBER.findall(t.text)) - collections.Counter(_NUMBER.findall(t.source))
            numbers += sum(left.values())
            cites += own.get(t.source) != t.cites
    return {
        "english answers": len(english),
        "at most grade 8": sum(float(m.level) <= 8 for m in english) / max(len(english), 1),
        "median grade": statistics.median(float(m.level) for m in english) if english else None,
        "claims": len(told), "median grade of claims": statistics.median(grade(t.text) for t in told) if told else None,
        "median grade of those in the source": statistics.median(grade(t.source) for t in told) if told else None,
        "claims at most grade 8": sum(grade(t.text) <= 8 for t in told) / max(len(told), 1),
        "chinese answers": len(chinese), "easy by our measure": sum(c.easy for c in chinese) / max(len(chinese), 1),
        "numbers not in the claim": numbers, "citations changed": cites,
    }  # fmt: skip


def ask_all(library: rag.Library, questions: list[str]) -> dict[str, Any]:
    """Asks, makes leaflets, measures those with claims."""
    found, claims = [], []
    for question in questions:
        answer = library.ask(question)
        made = leaflet(answer)
        if made.told:
            found.append(made)
            claims.append({c.text: tuple(x.number for x in c.citations) for c in answer.claims})
    return {"questions": len(questions), **measured(found, claims)}


def main() -> int:
    """Prints the report as JSON; exit code 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", default="index")
    parser.add_argument("--medquad", type=Path)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with rag.open(options.index) as library:
        report = {"corpus": ask_all(library, [q["question"] for name in FILES for q in load(name)])}
    if options.medquad:
        questions, texts = medquad(options.medquad, 50)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "medquad.jsonl"
            file.write_text("".join(json.dumps(t) + "\n" for t in texts), encoding="utf-8")
            rag.build([file], into=Path(folder) / "index")
            with rag.open(Path(folder) / "index") as library:
                report["medquad"] = ask_all(library, questions)
    print(json.dumps(report, indent=1))
    if options.json:
        options.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
