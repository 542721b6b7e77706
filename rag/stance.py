"""Says what each source answers to a yes/no question, and what they come to together.

The bundled evidence model reads the question beside the sentence of each source that fits it best, and gives yes, no,
no difference, or something else. Decides the stance of a source and how much it counts: by how much its sentence says,
and how well it fits. Knows nothing of how sentences were found.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np

from indexer.design import DESIGNS, rank
from indexer.types import Source, Vectors
from rag.types import Citation, Hit, Position, Stance

STANCES: tuple[Stance, ...] = ("yes", "no", "no difference", "unclear")
# Sentences under this share of the best one's score are not read, and the share counts to this power (chosen on 194
# yes/no questions of bioasq, docs/decisions.md). A source takes a side from this strength, and the side of yes from
# this share: the model says yes too easily.
_FITS, _POWER = 0.65, 4
_SAYS, BORDER = 0.12, 0.6


class Sentence(Protocol):
    """A sentence of a hit, with how well it answers."""

    @property
    def text(self) -> str: ...
    @property
    def hit(self) -> Hit: ...
    @property
    def start(self) -> int: ...
    @property
    def score(self) -> float: ...


Read = Callable[[Sequence[str]], Vectors]
Cite = Callable[[Any], Citation | None]


def stances(outputs: Vectors) -> Vectors:
    """Probabilities (n, 4) of yes, no, no difference and something else, from the evidence model's outputs."""
    logits = outputs[:, : len(STANCES)]
    exp = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(exp / exp.sum(axis=1, keepdims=True), np.float32)


def positions(sentences: Sequence[Sentence], *, read: Read, cite: Cite, limit: int) -> list[Position]:
    """What the sources of `sentences` (best first) say, the most relevant source first; at most `limit` are read.

    read: texts to probabilities (n, 4), as `stances` gives them.
    """
    best = max((s.score for s in sentences), default=0.0)
    chosen: dict[str, Sentence] = {}
    for s in sentences:
        if len(chosen) < limit and s.score >= _FITS * best:
            chosen.setdefault(s.hit.passage.source.id, s)
    if not chosen:
        return []
    found = read([s.text for s in chosen.values()])
    return [_position(s, p, (s.score / best) ** _POWER, cite) for s, p in zip(chosen.values(), found, strict=True)]


def _position(sentence: Sentence, found: Vectors, fits: float, cite: Cite) -> Position:
    y, n, d, u = (round(float(p), 4) for p in found)
    strength = round((1 - u) * fits, 4)
    stance: Stance = "yes" if y >= BORDER * (y + n + d) else "no" if n >= d else "no difference"
    if strength < _SAYS:
        return Position(sentence.hit.passage.source, "unclear", (y, n, d, u), strength, None)
    return Position(sentence.hit.passage.source, stance, (y, n, d, u), strength, cite(sentence))


def balance(told: Sequence[Position]) -> tuple[float, float]:
    """What speaks for yes and against it, over the sources that take a side; no difference speaks against."""
    yes = no = 0.0
    for p in (p for p in told if p.stance != "unclear"):
        weight = p.strength * evidence_weight(p.source)
        yes += weight * p.weights[0]
        no += weight * (p.weights[1] + p.weights[2])
    return yes, no


def evidence_weight(source: Source) -> float:
    """1 for the weakest known design up to 1.5 for the strongest; retracted sources count nothing."""
    return 0.0 if source.retracted else 1.0 + 0.5 * (1 - rank(source.design) / len(DESIGNS))
