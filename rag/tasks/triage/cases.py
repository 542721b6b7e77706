"""The user's own library of cases: JSONL lines of {"question", "label"}, and which of them a question resembles.

Decides the likeness (cosine of the n-grams that the small model reads, log counts) and from where it is worth showing.
A bad line is counted, never stops the rest. Bundles no case: the questions that the model was taught from stay outside.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import ReadError
from rag.tasks.triage.features import counts

_LEAST = 0.15


@dataclass(frozen=True, slots=True)
class Case:
    """A case of the user's library; score: likeness, 0 to 1; line: its number in the file, from 1."""

    question: str
    label: str
    line: int
    score: float


@dataclass(frozen=True, slots=True)
class Cases:
    """A library of cases. skipped: lines that could not be read."""

    known: tuple[tuple[str, str, int, dict[int, float]], ...]
    skipped: int

    def like(self, question: str, *, k: int = 3) -> list[Case]:
        """The k cases most like the question, the most like first; none that shares next to nothing."""
        seen = _vector(question)
        found = [
            Case(text, label, line, round(sum(w * seen.get(h, 0.0) for h, w in vector.items()), 3))
            for text, label, line, vector in self.known
        ]
        return sorted((c for c in found if c.score >= _LEAST), key=lambda c: (-c.score, c.line))[:k]


def read(path: str | Path) -> Cases:
    """The cases of a file. Raises ReadError when it cannot be read or holds no case."""
    try:
        lines = Path(path).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ReadError(path, "unreadable", str(error)) from error
    known, skipped = [], 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            question, label = str(row["question"]), str(row["label"])
        except (ValueError, KeyError, TypeError):
            skipped += 1
            continue
        known.append((question, label, number, _vector(question)))
    if not known:
        raise ReadError(path, "empty", 'no case; expected lines of {"question": "...", "label": "..."}')
    return Cases(tuple(known), skipped)


def _vector(text: str) -> dict[int, float]:
    logs = {h: 1 + math.log(n) for h, n in counts(text).items()}
    length = math.sqrt(sum(w * w for w in logs.values())) or 1.0
    return {h: w / length for h, w in logs.items()}
