"""Recognises passages that look as if they were written for one question, and puts them behind the others.

Poison is made to be found (Zou et al., PoisonedRAG, USENIX Security 2025): it repeats the question, as a question, and
adds a claim. Literature hardly ever does; a list of questions and answers does, so such passages only give way to
sources that can be looked up, and are not left out. Knows nothing of whether a claim is true.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from indexer.flood import can_be_looked_up, word_pairs, words
from rag.types import Hit

# The share of the question's word pairs that a passage repeats, and the pairs that a question must have to be judged
# so: shorter ones stand in many texts (docs/decisions.md has the counts).
_REPEATED, _FEWEST = 0.85, 5
# Under this name `Hit.why` says that a passage gave way.
REPEATS = "repeats the question"
# What a passage that gave way keeps of the score of the one before it.
_BEHIND = 0.9


def repeats(question: str, text: str) -> bool:
    """Whether a text repeats the question nearly word for word, its first two words among them.

    "Do SETD1A mutations predispose to …?" is how one asks; "SETD1A mutations predispose to …" may well be found.
    """
    asked = word_pairs(question)
    if len(asked) < _FEWEST:
        return False
    found = word_pairs(text)
    return tuple(words(question)[:2]) in found and len(asked & found) >= _REPEATED * len(asked)


def behind(question: str, hits: Iterable[Hit], *, k: int) -> list[Hit]:
    """The first `k`, with those that repeat the question behind the others, if one of the others can be looked up."""
    taken: list[Hit] = []
    plain: list[Hit] = []
    for hit in hits:
        taken.append(hit)
        if not repeats(question, hit.passage.text):
            plain.append(hit)
        if len(plain) == k:
            break
    if not any(can_be_looked_up(h.passage.source) for h in plain):
        return taken[:k]
    score = plain[-1].score
    for hit in taken[: len(taken) if len(plain) < k else 0]:
        if hit not in plain:
            score *= _BEHIND
            plain.append(replace(hit, score=min(hit.score, score), why={**hit.why, REPEATS: 1.0}))
    return plain[:k]
