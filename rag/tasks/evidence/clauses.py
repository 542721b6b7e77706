"""One wording of a result in its sentence, and the numbers that belong to it.

Decides which numbers are shown for a wording: a named effect that follows it, else two values, a share before it, or a
p-value. Knows nothing of outcomes and directions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.tasks.evidence.cues import Cue
from rag.tasks.evidence.estimates import Effect, Span, compared, p_span, p_value, parentheses, percent_before
from rag.tasks.evidence.types import EMPTY, Cell, Estimate, Piece, Study


@dataclass(frozen=True, slots=True)
class Sentence:
    """text: as it stands at `at` in the document. bare: with brackets and what they hold as spaces."""

    text: str
    bare: str
    at: int
    study: Study

    def cell(self, *spans: Span) -> Cell:
        """A cell of stretches, offsets in the sentence."""
        return Cell(tuple(self.piece(s) for s in spans))

    def piece(self, span: Span) -> Piece:
        """A verbatim stretch with its offsets in the document."""
        return Piece(self.text[span[0] : span[1]], self.at + span[0], self.at + span[1])

    @property
    def whole(self) -> Piece:
        """All of it."""
        return self.piece((0, len(self.text)))


@dataclass(frozen=True, slots=True)
class Clause:
    """A wording and how far it reaches: from the end of the one before (low) to the start of the next (high)."""

    sentence: Sentence
    cue: Cue
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Numbers:
    """What is shown of a result's numbers; empty cells and None where there are none."""

    effect: Cell = EMPTY
    interval: Cell = EMPTY
    estimate: Estimate | None = None


def numbers_of(clause: Clause, own: Effect | None) -> Numbers:
    """The numbers of a wording; own: the named effect that follows it."""
    sentence = clause.sentence
    if own is None:
        return _plain(clause)
    interval = sentence.cell(own.interval) if own.interval else EMPTY
    return Numbers(sentence.cell(own.whole), interval, own.estimate)


def _plain(clause: Clause) -> Numbers:
    text, cue = clause.sentence.text, clause.cue
    inside = _bracket(text, cue.start, clause.high)
    spans: list[Span] = []
    if cue.by == "noun" and (share := percent_before(text[: cue.start])):
        spans.append((share[0], cue.start + len(text[cue.start : cue.end].split()[0])))
    if inside and (compared(text[slice(*inside)]) or (not spans and p_value(text[slice(*inside)]))):
        spans.append((inside[0] + 1, inside[1] - 1))
    elif pair := compared(text[cue.end : clause.high]):
        spans.append((cue.end + pair[0], cue.end + pair[1]))
    start, end = inside or (cue.end, clause.high)
    p = p_value(text[start:end])
    if p and not spans and (span := p_span(text[start:end])):
        spans.append((start + span[0], start + span[1]))
    return Numbers(clause.sentence.cell(*spans), EMPTY, Estimate("", p=p[0], p_sign=p[1]) if p else None)


def _bracket(text: str, start: int, end: int) -> Span | None:
    """The first bracket with a p-value or two values, else the first with a digit."""
    held = [s for s in parentheses(text) if start <= s[0] < end and re.search(r"\d", text[slice(*s)])]
    telling = (s for s in held if p_value(text[slice(*s)]) or compared(text[slice(*s)]))
    return next(telling, held[0] if held else None)
