"""Measures de-identification on identifiers that were put in: how many are found, and how much else is marked.

    python scripts/eval_deid.py --data DIR [--json benchmarks/deid.json] [--notes 320] [--sort tuned blind2]

Parts, all of texts, templates and names that the tagger was not trained on (hash splits): `presidio` (templates filled
with test identities, and the publisher's labelled rows), `notes` (aci_bench and mts_dialog, with and without a known
person), `chinese`. `tuned` and `dev` wordings were looked at while the rules were written; `blind` and
`blind2` ones were only measured, `blind2` written before the rules of its one measurement.

recall: identifiers of which every letter and digit is covered. precision: findings that meet an identifier, of all but
those on what the notes had of their own that a plain pattern takes for a date, a name or a place (`strict`: of all).
leak: notes with at least one identifier not wholly covered. Nothing here is a rate on real patients' notes.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rag.records.deid import CATEGORIES, Finding, find
from scripts.deid_notes import Note, Planted, chinese_notes, english_notes, plant, plant_chinese
from scripts.deid_people import pools
from scripts.deid_presidio import generated, labelled
from scripts.deid_wordings import TUNED, ZH_TUNED
from scripts.deid_wordings_dev import DEV

SORTS = ("tuned", "blind", "blind2", "dev")

# What a note may have of its own: not planted, yet no false alarm.
_OWN = re.compile(
    r"(?i)\b\d{1,4}[/.-]\d{1,2}(?:[/.-]\d{2,4})?\b|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|\w+ \w+ is an? (?:\w+ )?\d\d"
    r"|(?:mr|mrs|ms|miss|dr|doctor|mister)\.? ?\w+(?: \w+)?|christmas|thanksgiving|labor day|easter|halloween"
    r"|hospital|university|clinic"
    r"|\d+月|[一-鿿]{1,6}医院|周[一-日]|星期[一-日]|春节|国庆|元旦|\b9\d|1[0-2]\d\b"
)
_STRONG = {"phone", "fax", "email", "ssn", "record", "plan", "account", "licence", "vehicle", "device", "url", "ip"}


@dataclass
class Tally:
    """Counts of one run."""

    planted: Counter[str] = field(default_factory=Counter)
    covered: Counter[str] = field(default_factory=Counter)
    named: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    own: Counter[str] = field(default_factory=Counter)
    notes: int = 0
    leaking: int = 0
    seconds: float = 0.0
    characters: int = 0
    misses: list[str] = field(default_factory=list)
    extras: list[str] = field(default_factory=list)

    def add(self, note: Note, *, known: str) -> None:
        """Runs `find` on a note. known: `known` gives it the patient."""
        started = time.process_time()
        found = find(note.text, person=note.person if known == "known" else None)
        self.seconds += time.process_time() - started
        self.characters += len(note.text)
        self.notes += 1
        counted = [p for p in note.planted if p.category in CATEGORIES]
        self.leaking += sum(self._planted(p, note.text, found) for p in counted) < len(counted)
        for f in found:
            self._found(f, note)

    def _planted(self, p: Planted, text: str, found: Sequence[Finding]) -> bool:
        self.planted[p.category] += 1
        meeting = [f for f in found if f.start < p.end and f.end > p.start]
        bare = [
            i for i in range(p.start, p.end) if text[i].isalnum() and not any(f.start <= i < f.end for f in meeting)
        ]
        if not bare:
            self.covered[p.category] += 1
            self.named[p.category] += any(f.category == p.category for f in meeting)
        else:
            self.misses.append(f"{p.category}/{p.kind}{'*' if p.noisy else ''}: {shown(text, p.start, p.end)}")
        return not bare

    def _found(self, f: Finding, note: Note) -> None:
        if any(p.start < f.end and p.end > f.start for p in note.planted):
            self.right[f.category] += 1
        elif any(
            m.start() < f.end and m.end() > f.start for m in _OWN.finditer(note.text, max(0, f.start - 20), f.end + 24)
        ):
            self.own[f.category] += 1
        else:
            self.wrong[f.category] += 1
            self.extras.append(f"{f.category} {f.score:.2f}: {shown(note.text, f.start, f.end)}")

    def result(self) -> dict[str, Any]:
        """Rates, overall and by category."""
        n, right, wrong, own = (c.total() for c in (self.planted, self.right, self.wrong, self.own))
        strong = sum(self.planted[c] for c in _STRONG)
        return {
            "identifiers": n,
            "notes": self.notes,
            "recall": share(self.covered.total(), n),
            "recall_numbers": share(sum(self.covered[c] for c in _STRONG), strong),
            "numbers": strong,
            "category_right": share(self.named.total(), self.covered.total()),
            "precision": share(right, right + wrong),
            "precision_strict": share(right, right + wrong + own),
            "note_leak": share(self.leaking, self.notes),
            "seconds_per_note": round(self.seconds / max(1, self.notes), 5),
            "seconds_per_megabyte": round(1e6 * self.seconds / max(1, self.characters), 2),
            "by_category": {c: self._category(c) for c in CATEGORIES if self.planted[c] or self.wrong[c]},
        }

    def _category(self, c: str) -> dict[str, Any]:
        findings = self.right[c] + self.wrong[c]
        return {
            "identifiers": self.planted[c],
            "recall": share(self.covered[c], self.planted[c]),
            "findings": findings,
            "precision": share(self.right[c], findings),
        }


def shown(text: str, start: int, end: int) -> str:
    """A place with what stands around it."""
    return f"{text[max(0, start - 40) : start]!r} [{text[start:end]}] {text[end : end + 20]!r}"


def share(part: int, whole: int) -> float | None:
    """A rate to four digits; None of nothing."""
    return round(part / whole, 4) if whole else None


def tally(notes: Iterable[Note], *, known: str = "unknown") -> Tally:
    """All notes measured."""
    counts = Tally()
    for note in notes:
        counts.add(note, known=known)
    return counts


def make(data: Path, *, sort: str, seed: int, count: int) -> dict[str, list[Note]]:
    """The English and Chinese notes with identifiers in `sort` wordings."""
    english, chinese = TUNED, ZH_TUNED
    if sort == "dev":
        english = DEV
    elif sort == "blind":
        from scripts.deid_wordings_blind import BLIND, ZH_BLIND

        english, chinese = BLIND, ZH_BLIND
    elif sort == "blind2":
        from scripts.deid_wordings_blind2 import BLIND2, ZH_BLIND2

        english, chinese = BLIND2, ZH_BLIND2
    rng = random.Random(seed)
    of = pools(data, "test")
    texts = rng.sample(english_notes(data, "test"), count)
    zh = rng.sample(chinese_notes(data, "test"), count)
    return {
        "notes": [plant(t, wordings=english, of=of, rng=rng, count=14) for t in texts],
        "chinese": [plant_chinese(t, wordings=chinese, part="test", rng=rng, count=8) for t in zh],
    }


def main() -> None:
    """Measures, prints, and writes."""
    parser = argparse.ArgumentParser(description="Recall and precision of de-identification on planted identifiers.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--notes", type=int, default=320)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--sort", nargs="+", choices=SORTS, default=["tuned", "blind2"])
    parser.add_argument("--misses", type=int, default=0, help="print so many misses and false findings of each part")
    options = parser.parse_args()
    results: dict[str, Any] = {}
    rng = random.Random(options.seed)
    find("Warm.")
    runs = {
        "presidio_generated": tally(
            generated(options.data, part="test", of=pools(options.data, "test"), rng=rng, times=12)
        ),
        "presidio_labelled": tally(labelled(options.data, part="test")),
    }
    for sort in options.sort:
        made = make(options.data, sort=sort, seed=options.seed + SORTS.index(sort), count=options.notes)
        for name, notes in made.items():
            for known in ("unknown", "known"):
                runs[f"{name}_{sort}_{known}"] = tally(notes, known=known)
    for name, counts in runs.items():
        results[name] = counts.result()
        head = {k: v for k, v in results[name].items() if k != "by_category"}
        print(name, json.dumps(head))
        print("   ", " ".join(f"{c}:{v['recall']}/{v['precision']}" for c, v in results[name]["by_category"].items()))
        shown = random.Random(0)
        for listed in (counts.misses, counts.extras):
            print("\n".join(shown.sample(listed, min(options.misses, len(listed)))))
    if options.json:
        from scripts.bench import machine

        options.json.write_text(json.dumps({"machine": machine(), "results": results}, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
