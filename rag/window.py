"""Chooses what of a passage the reranker reads: its title, and the run of sentences that holds most of the question.

Reading costs by the token, so a long passage is cut to where its answer most likely stands. Knows nothing of scores.
"""

from __future__ import annotations

import re

from indexer.passages import embedded_text
from indexer.sentences import split
from indexer.types import Passage

# Characters of a passage's text that are read, some 95 tokens (docs/decisions.md has what other sizes gave).
CHARACTERS = 440
_WORD = re.compile(r"[^\W_]+")
_SMALL = frozenset(
    "a an and are as at be been by can could did do does for from has have how in is it its may not of on or should "
    "than that the their there these this to used was were what when where which who why will with would".split()
)


def window(question: str, passage: Passage) -> str:
    """`embedded_text`, with only the run of whole sentences, up to CHARACTERS, that holds most of its words."""
    if len(passage.text) <= CHARACTERS:
        return embedded_text(passage)
    start, end = _best(_stems(question), passage.text)
    cut = Passage(passage.source, passage.section, passage.page, passage.start + start, passage.start + end,
                  passage.text[start:end])  # fmt: skip
    return embedded_text(cut)


def _best(wanted: set[str], text: str) -> tuple[int, int]:
    spans = split(text) or [(0, len(text))]
    held = [wanted & _stems(text[a:b]) for a, b in spans]
    best, chosen = (-1, 0), (0, 0)
    for first in range(len(spans)):
        last, words = first, set(held[first])
        while last + 1 < len(spans) and spans[last + 1][1] - spans[first][0] <= CHARACTERS:
            last += 1
            words |= held[last]
        found = (len(words), spans[last][1] - spans[first][0])
        if found > best:
            best, chosen = found, (first, last)
    return spans[chosen[0]][0], spans[chosen[1]][1]


def _stems(text: str) -> set[str]:
    return {w[:6] for w in _WORD.findall(text.lower()) if w not in _SMALL}
