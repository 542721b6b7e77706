"""Says what each source answers to a yes/no question, and what they come to together.

The bundled evidence model reads the question beside the sentences of each source that fit it best, and gives yes, no,
no difference, or something else. Decides the stance of a source and how much it counts: by how much its sentence says,
and how well it fits. Knows nothing of how sentences were found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from indexer.design import DESIGNS, rank
from indexer.types import Source, Vectors
from rag.sections import LEADS_UP, part_of
from rag.types import Citation, Hit, Position, Stance

STANCES: tuple[Stance, ...] = ("yes", "no", "no difference", "unclear")
# Sentences under this share of the best one's score are not read, and the share counts to this power (chosen on 194
# yes/no questions of bioasq, docs/decisions.md). A source takes a side from this strength, and the side of yes from
# this share.
_FITS, _POWER = 0.65, 4
# Sentences of one source that are read: the best alone may give rates whose meaning the model misses, or a subgroup.
_OF_ONE = 2
# Least share, power, and sentences of one source where a trial's outcome is sought: it stands in one sentence of many.
_WIDELY = 0.4, 2, 24
_SAYS, BORDER = 0.12, 0.5
# An outcome is quoted beside the clearest one from this share of its strength.
_MUCH_LESS = 0.3
# A ratio with its interval, as trials give it.
_RATIO = re.compile(
    r"(?:ratio|risk|\b[aA]?[HOR]R|风险比|比值比|率比|危险度)\D{0,12}?\d{1,3}\.\d{1,4}.{0,24}?(?:CI|interval|区间)\D{0,6}"
    r"(?P<low>\d{1,3}\.\d{1,4})\s?(?:to|-|–|至|,|，)\s?(?P<high>\d{1,3}\.\d{1,4})"
)


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


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence that was read. says: probabilities (4,), as `stances` gives them; fits: how well the sentence fits the
    question, 0 to 1."""

    sentence: Sentence
    says: Vectors
    fits: float

    @property
    def strength(self) -> float:
        """How much it says: that it takes a side at all, and fits."""
        return round((1 - float(self.says[3])) * self.fits, 4)


def readings(sentences: Sequence[Sentence], *, read: Read, limit: int, widely: bool = False) -> list[Reading]:
    """What `sentences` (best first) say, those of the most relevant source first; at most `limit` are read. Of each
    source its two best sentences; `widely`, many. Background and methods speak only for a source that says nothing
    else.

    read: texts to probabilities (n, 4), as `stances` gives them.
    """
    least, power, per_source = _WIDELY if widely else (_FITS, _POWER, _OF_ONE)
    best = max((s.score for s in sentences), default=0.0)
    fitting = [s for s in sentences if s.score >= least * best]
    found_out = {s.hit.passage.source.id for s in fitting if not _leads_up(s)}
    chosen: dict[str, list[Sentence]] = {}
    for s in fitting:
        if _leads_up(s) and s.hit.passage.source.id in found_out:
            continue
        own = chosen.setdefault(s.hit.passage.source.id, [])
        if len(own) < per_source and sum(map(len, chosen.values())) < limit:
            own.append(s)
    chosen_ones = [s for own in chosen.values() for s in own]
    if not chosen_ones:
        return []
    texts = [s.text for s in chosen_ones]
    found = with_intervals(texts, read(texts))
    return [Reading(s, p, (s.score / best) ** power) for s, p in zip(chosen_ones, found, strict=True)]


def with_intervals(texts: Sequence[str], says: Vectors) -> Vectors:
    """The stances (n, 4), less a "no difference" that the text's own intervals exclude: where the interval of every
    ratio lies on one side of 1, it is taken for nothing said. The model does not read intervals."""
    out = says.copy()
    for row, text in enumerate(texts):
        found = [(float(m["low"]), float(m["high"])) for m in _RATIO.finditer(text)]
        if found and all(high < 1 or low > 1 for low, high in found):
            out[row, 3] += out[row, 2]
            out[row, 2] = 0.0
    return out


def _leads_up(sentence: Sentence) -> bool:
    """Whether it stands in a part that tells what others had found or what was done, not what this source found."""
    return part_of(sentence.hit.passage.section).order == LEADS_UP


def positions(read_ones: Sequence[Reading], *, cite: Cite) -> list[Position]:
    """What each source says: the sentence that says most speaks for it. In the order of `read_ones`."""
    by_source: dict[str, list[Reading]] = {}
    for r in read_ones:
        by_source.setdefault(r.sentence.hit.passage.source.id, []).append(r)
    return [_position(max(own, key=lambda r: r.strength), cite) for own in by_source.values()]


def _position(reading: Reading, cite: Cite) -> Position:
    y, n, d, u = (round(float(p), 4) for p in reading.says)
    stance: Stance = "yes" if y >= BORDER * (y + n + d) else "no" if n >= d else "no difference"
    source = reading.sentence.hit.passage.source
    if reading.strength < _SAYS:
        return Position(source, "unclear", (y, n, d, u), reading.strength, None)
    return Position(source, stance, (y, n, d, u), reading.strength, cite(reading.sentence))


def outcomes(read_ones: Sequence[Reading], *, cite: Cite, limit: int) -> list[Citation]:
    """The sentences that say most, cited, at most `limit`; none that says much less than the first."""
    ranked = sorted((r for r in read_ones if not r.sentence.hit.passage.source.retracted), key=lambda r: -r.strength)
    told = [r for r in ranked[:limit] if r.strength >= max(_SAYS, _MUCH_LESS * ranked[0].strength)]
    return [c for r in told if (c := cite(r.sentence))]


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
