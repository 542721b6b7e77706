"""Scores the medication finder on 300 hand-labelled sentences, and shows what it finds in notes.

    python scripts/eval_medications.py [--errors] [--data DIR] [--json benchmarks/medications.json]

Precision, recall and F1 for each of the seven kinds, exact (same kind, same offsets) and overlap (same kind, one
character in common, each span used once), on the sentences the rules were written with and, apart, on those that were
written after the rules were frozen (`blind`). --data: also counts what is found in the notes of aci_bench and
mts_dialog, and prints 40 of them to be judged by eye; nothing of the notes is stored.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rag.records.medications import medications
from scripts.bench import machine

SENTENCES = Path(__file__).parents[1] / "benchmarks" / "medication-sentences.jsonl"
KINDS = ("drug", "strength", "dosage", "duration", "form", "frequency", "route")
Labelled = tuple[str, int, int]


def sentences() -> list[dict[str, Any]]:
    """The labelled sentences: text, language, style, blind, spans as [kind, begin, end]."""
    return [json.loads(line) for line in SENTENCES.read_text(encoding="utf-8").splitlines()]


def found(text: str) -> list[Labelled]:
    """Every span that the finder reports."""
    return [(s.kind, s.begin, s.end) for m in medications(text) for s in (m.drug, *m.parts)]


def matches(gold: list[Labelled], given: list[Labelled], *, overlap: bool) -> int:
    """How many of `given` meet one of `gold`, each used once."""
    left = list(gold)
    hits = 0
    for kind, begin, end in given:
        same = (
            g for g in left if g[0] == kind and (g[1:] == (begin, end) or (overlap and g[1] < end and begin < g[2]))
        )
        hit = next(same, None)
        if hit is not None:
            left.remove(hit)
            hits += 1
    return hits


def score(rows: list[dict[str, Any]], *, overlap: bool = False) -> dict[str, dict[str, float]]:
    """precision, recall, f1 and n (labelled spans) by kind, and over `all` kinds."""
    gold, given, hits = Counter[str](), Counter[str](), Counter[str]()
    for row in rows:
        right = [(k, b, e) for k, b, e in row["spans"]]
        said = found(row["text"])
        for kind in KINDS:
            of_gold, of_said = [s for s in right if s[0] == kind], [s for s in said if s[0] == kind]
            for name in (kind, "all"):
                gold[name] += len(of_gold)
                given[name] += len(of_said)
                hits[name] += matches(of_gold, of_said, overlap=overlap)
    result = {}
    for name in (*KINDS, "all"):
        precision, recall = hits[name] / max(given[name], 1), hits[name] / max(gold[name], 1)
        f1 = 2 * precision * recall / (precision + recall) if hits[name] else 0.0
        result[name] = {
            "precision": round(precision, 3), "recall": round(recall, 3), "f1": round(f1, 3), "n": gold[name],
        }  # fmt: skip
    return result


def show(title: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Prints one table; returns its numbers."""
    exact, loose = score(rows), score(rows, overlap=True)
    print(f"\n{title}, {len(rows)} sentences{' ' * 12}exact P    R    F1      overlap P    R    F1")
    for name in (*KINDS, "all"):
        e, o = exact[name], loose[name]
        print(
            f"  {name:<10} n={e['n']:<5}{e['precision']:>26.3f} {e['recall']:.3f} {e['f1']:.3f}"
            f"{o['precision']:>14.3f} {o['recall']:.3f} {o['f1']:.3f}"
        )
    return {"sentences": len(rows), "exact": exact, "overlap": loose}


def errors(rows: list[dict[str, Any]]) -> None:
    """Prints each sentence with a wrong span, what is missing and what is too much."""
    for row in rows:
        text, right, said = row["text"], {tuple(s) for s in row["spans"]}, set(found(row["text"]))
        if right != said:
            print(text)
            for sign, some in (("-", right - said), ("+", said - right)):
                for kind, begin, end in sorted(some, key=lambda s: s[1]):
                    print(f"   {sign} {kind}: {text[begin:end]!r}")


def notes(data: Path) -> Iterator[tuple[str, str]]:
    """(set, note) of aci_bench and mts_dialog."""
    csv.field_size_limit(1 << 24)
    places = (
        ("aci_bench", "aci_bench/data/challenge_data/*.csv", "note"),
        ("mts_dialog", "mts_dialog/Main-Dataset/*.csv", "section_text"),
    )
    for name, pattern, column in places:
        for path in sorted(data.glob(pattern)):
            with path.open(encoding="utf-8-sig", newline="") as file:
                yield from ((name, row[column]) for row in csv.DictReader(file) if row.get(column))


def look(data: Path, seed: int) -> dict[str, Any]:
    """Counts what is found in the notes and prints 40 medications with what stands around them."""
    counts: dict[str, Counter[str]] = {}
    items: list[str] = []
    for name, note in notes(data):
        count = counts.setdefault(name, Counter())
        count["notes"] += 1
        for m in medications(note):
            count["drug"] += 1
            count.update(p.kind for p in m.parts)
            count[m.state or "stated"] += 1
            around = note[max(0, m.drug.begin - 60) : (m.parts[-1].end if m.parts else m.drug.end) + 40]
            parts = "; ".join(f"{p.kind}={p.text}" for p in m.parts)
            items.append(f"{name} | {m.drug.text} [{m.state}] {parts}\n      … {' '.join(around.split())} …")
    for item in random.Random(seed).sample(items, min(40, len(items))):
        print(item)
    for name, count in counts.items():
        print(name, dict(count))
    return {name: dict(count) for name, count in counts.items()}


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--errors", choices=("tuned", "blind"))
    parser.add_argument("--data", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    rows = sentences()
    parts = {name: [r for r in rows if r["blind"] == (name == "blind")] for name in ("tuned", "blind")}
    if given.errors:
        errors(parts[given.errors])
    result: dict[str, Any] = {name: show(name, some) for name, some in parts.items() if some}
    for name, some in parts.items():
        if chinese := [r for r in some if r["language"] == "zh"]:
            result[f"{name}, Chinese"] = show(f"{name}, Chinese", chinese)
    if given.data:
        result["notes"] = look(given.data, given.seed)
    if given.json:
        given.json.write_text(json.dumps({"machine": machine(), **result}, indent=1) + "\n", encoding="utf-8")
        print(f"written: {given.json}", file=sys.stderr)


if __name__ == "__main__":
    main()
