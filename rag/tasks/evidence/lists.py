"""More outcomes of one wording, each with its own bracket: `A (p = 0.01), B (p = 0.02) and C were higher`.

Decides which stretches are such members. Knows nothing of directions.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from rag.tasks.evidence.clauses import Clause
from rag.tasks.evidence.estimates import Span
from rag.tasks.evidence.phrases import after, before

_POLE = {
    "lower": -1,
    "reduced": -1,
    "decreased": -1,
    "fewer": -1,
    "less": -1,
    "higher": 1,
    "increased": 1,
    "more": 1,
    "greater": 1,
}
_HOLE = re.compile(r" {4,}")  # where a bracket was hidden
_VERB = re.compile(r"\s(?:was|were|is|are|had|has|did|do|does|resulted|showed|increased|decreased)\s", re.I)
_GOES_ON = re.compile(r"\s{0,9}(?:,(?! (?:whereas|while|but|although|with|which|compared))|and\b|or\b)")
_BEGINS = re.compile(r"\s{0,9}(?:by|in|with|than|from|for|after|at|compared|versus)\b")
_NEXT = re.compile(
    r"\s{0,9}(?:, and|,|and)\s{1,9}"
    r"(?:(lower(?! limb)|higher|reduced|increased|decreased|fewer|less|more|greater|in)\s)?"
)


def listed(clause: Clause, outcome: Span) -> Iterator[tuple[Span, Span, int]]:
    """Where each further member stands, where its bracket, and its pole: 1, -1 or 0."""
    bare, cue = clause.sentence.bare, clause.cue
    low, high = (clause.low, outcome[0]) if cue.side == "left" else (outcome[1], clause.high)
    holes = [m.span() for m in _HOLE.finditer(bare, low, high)]
    if cue.side == "right":
        for (_, a), (b, end) in itertools.pairwise(holes):
            follows = _NEXT.match(bare, a, b)
            if not follows or _VERB.search(bare, a, b) or not (span := after(bare, follows.end(), b)):
                return
            yield span, (b, end), _POLE.get(follows[1] or "", cue.pole)
        return
    for a, b in holes:
        if _GOES_ON.match(bare, b) and not _BEGINS.match(bare, low, a):
            span = before(bare, low, a)
            if span and not _VERB.search(bare, *span):
                yield span, (a, b), cue.pole
        low = b
