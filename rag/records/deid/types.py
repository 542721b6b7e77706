"""The nouns of de-identification: the 18 categories, a finding, and how findings that overlap become one.

Categories are those of HIPAA Safe Harbor (45 CFR 164.514(b)(2)(i), A to R). `date` holds dates finer than a year and
ages over 89; `place` any unit smaller than a state, and the named hospitals and employers that give a place away.
Knows nothing of how identifiers are found or replaced.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, get_args

Category = Literal[
    "name", "place", "date", "phone", "fax", "email", "ssn", "record", "plan", "account", "licence", "vehicle",
    "device", "url", "ip", "biometric", "photo", "other",
]  # fmt: skip
CATEGORIES: tuple[Category, ...] = get_args(Category)


@dataclass(frozen=True, slots=True)
class Finding:
    """An identifier: code points `[start, end)` of the text. score: 0 to 1, higher is surer."""

    start: int
    end: int
    category: Category
    score: float


def merge(findings: Iterable[Finding]) -> list[Finding]:
    """Findings in reading order, none overlapping. Those that overlap become one, over all that they cover: what one
    rule saw of an identifier must not leave the rest readable. The surest (then the longest) names its category."""
    merged: list[Finding] = []
    best: Finding | None = None
    for found in sorted(findings, key=lambda f: (f.start, -f.end)):
        if best is None or found.start >= merged[-1].end:
            merged.append(found)
            best = found
            continue
        if (found.score, found.end - found.start) > (best.score, best.end - best.start):
            best = found
        merged[-1] = replace(best, start=merged[-1].start, end=max(merged[-1].end, found.end))
    return merged
