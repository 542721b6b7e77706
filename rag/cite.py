"""Turns a draft into claims with citations: which passage a sentence rests on, and the exact quote that shows it.

A quote is sliced from the stored document and compared byte for byte; numbers that no hit has are dropped and
counted. Knows nothing of whether the quote supports the claim (`judge`), nor of how the draft was made.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from indexer.types import Document
from rag.types import Citation, Claim, Hit

_MARK = re.compile(r"\[(\d{1,4})\]")
# Only the marks at the end are the draft's: a sentence may hold the source's own `[3]`.
_MARKS = re.compile(r"(?<!\s)\s*\[\d{1,4}\](?:\s{0,4}\[\d{1,4}\]){0,50}\s*\Z")


@dataclass(frozen=True, slots=True)
class Cited:
    """Claims in the draft's order, and how many citations were dropped because nothing stands behind them."""

    claims: tuple[Claim, ...]
    dropped: int


def cite(draft: str, hits: Sequence[Hit], *, document: Callable[[str], Document | None]) -> Cited:
    """Parses `sentence [n]` lines. Citations are numbered anew, one number a quote, in order of first use.

    `document` gives the stored document of a source id; a quote that it does not hold verbatim is never returned.
    """
    numbers: dict[tuple[str, int, int], int] = {}
    claims: list[Claim] = []
    dropped = 0
    for line in draft.splitlines():
        marks = _MARKS.search(line)
        text = (line[: marks.start()] if marks else line).strip()
        citations: list[Citation] = []
        for mark in dict.fromkeys(int(m) for m in _MARK.findall(marks[0] if marks else "")):
            hit = hits[mark - 1] if 1 <= mark <= len(hits) else None
            found = _quote(text, hit, document) if hit else None
            if hit is None or found is None:
                dropped += 1
                continue
            number = numbers.setdefault((hit.passage.source.id, *found), len(numbers) + 1)
            citations.append(Citation(number, hit.passage, text, *found))
        if text and citations:
            claims.append(Claim(text, tuple(citations), support="supported"))
    return Cited(tuple(claims), dropped)


def _quote(text: str, hit: Hit, document: Callable[[str], Document | None]) -> tuple[int, int] | None:
    """Offsets at which `text` stands verbatim in the hit's passage and in the stored document, None if in neither."""
    at = hit.passage.text.find(text)
    stored = document(hit.passage.source.id)
    if at < 0 or stored is None:
        return None
    start = hit.passage.start + at
    end = start + len(text)
    return (start, end) if stored.text[start:end] == text else None
