"""Says what each source answers to a yes/no question, and what they come to together.

The bundled evidence model reads the question beside each source's most telling sentences and gives yes, no, no
difference, or something else; a source's weights are their mean, sentences that say something count more. Decides the
stance of a source, the verdict, and how sure it is. Knows nothing of how sentences were found.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np

from indexer.design import DESIGNS, rank
from indexer.types import Source, Vectors
from rag.types import Citation, Hit, Position, Stance

STANCES: tuple[Stance, ...] = ("yes", "no", "no difference", "unclear")
# Sentences of one source that are read, and of all together.
PER_SOURCE = 3
# A source takes a side from this weight of saying anything at all.
_SAYS = 0.35


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
    chosen: dict[str, list[Sentence]] = {}
    taken = 0
    for s in sentences:
        own = chosen.setdefault(s.hit.passage.source.id, [])
        if len(own) < PER_SOURCE and taken < limit:
            own.append(s)
            taken += 1
    groups = [own for own in chosen.values() if own]
    if not groups:
        return []
    found = read([s.text for own in groups for s in own])
    told: list[Position] = []
    for own in groups:
        told.append(_position(own, found[: len(own)], cite))
        found = found[len(own) :]
    return told


def _position(own: Sequence[Sentence], found: Vectors, cite: Cite) -> Position:
    says = 1 - found[:, 3]
    weights = (found * (says + 0.05)[:, None]).sum(axis=0) / (says + 0.05).sum()
    clearest = int(np.argmax(says))
    source = own[clearest].hit.passage.source
    best = int(np.argmax(weights[:3]))
    stance: Stance = STANCES[best] if says[clearest] >= _SAYS else "unclear"
    citation = cite(own[clearest]) if stance != "unclear" else None
    y, n, d, u = (round(float(w), 4) for w in weights)
    return Position(source, stance, (y, n, d, u), citation)


def balance(told: Sequence[Position]) -> tuple[float, float]:
    """What speaks for yes and against it, over all sources; no difference speaks against."""
    yes = no = 0.0
    for place, p in enumerate(told):
        weight = (1 - p.weights[3]) * evidence_weight(p.source) / math.sqrt(1 + place)
        yes += weight * p.weights[0]
        no += weight * (p.weights[1] + p.weights[2])
    return yes, no


def evidence_weight(source: Source) -> float:
    """1 for the weakest known design up to 1.5 for the strongest; retracted sources count nothing."""
    return 0.0 if source.retracted else 1.0 + 0.5 * (1 - rank(source.design) / len(DESIGNS))
