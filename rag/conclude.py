"""What an answer comes to: the verdict on a yes/no question, the short answers to one for names or numbers, the bottom
line that is shown first.

Decides thresholds and wording. Knows nothing of how sentences, stances or spans were found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rag.stance import BORDER, balance, evidence_weight
from rag.types import BottomLine, Citation, Claim, Kind, Position, Question, Span, Stance
from rag.words import design_name, say

# Less than this for and against together says nothing; a share for yes within the second of the border is mixed, when
# each side has a source that says so clearly.
_LEAST, _MIXED, _CLEARLY = 0.06, 0.05, 0.6
# A verdict that is wrong in the headline does more harm than none: of those on the sample library's questions that were
# less sure, half were wrong (docs/decisions.md).
SURE = 0.8
# A source that says less than this takes no side that a reader must see.
_TAKES_A_SIDE = 0.3
# A short answer is shown from this score: of 386 bioasq questions that were not trained on, 55 % of the first ones are
# then the expected name to the letter and 65 % hold it or stand in it; of all 34 % and 50 %.
SURE_SPAN = 0.95


def verdict(told: Sequence[Position]) -> str:
    """`yes`, `no`, `mixed` or `unclear`, from what the sources say."""
    yes, no = balance(told)
    if yes + no < _LEAST:
        return "unclear"
    share = yes / (yes + no)
    clear = {p.stance for p in told if not p.source.retracted and p.strength * max(p.weights[:3]) >= _CLEARLY}
    if abs(share - BORDER) < _MIXED and "yes" in clear and clear & {"no", "no difference"}:
        return "mixed"
    return "yes" if share >= BORDER else "no"


def direction(told: Sequence[Position]) -> str:
    """`yes` (an increase), `no` (a decrease), `no difference` or `unclear`: what weighs most over all sources that say
    something."""
    sums = [0.0, 0.0, 0.0]
    for p in (p for p in told if p.stance != "unclear"):
        weight = p.strength * evidence_weight(p.source)
        sums = [s + weight * w for s, w in zip(sums, p.weights, strict=False)]
    return _ORDER[sums.index(max(sums))] if sum(sums) >= _LEAST else "unclear"


def led_by(claims: Sequence[Claim], outcomes: Sequence[Citation], *, limit: int) -> list[Claim]:
    """The sentences that state the effect most clearly, then the other claims, `limit` in all."""
    clearest = [Claim(c.quote, (c,), "supported") for c in outcomes]
    said = {c.text for c in clearest}
    return [*clearest, *(c for c in claims if c.text not in said)][:limit]


def both_sides(claims: Sequence[Claim], told: Sequence[Position], *, limit: int) -> list[Claim]:
    """The claims, with the strongest sentence of a side that sources take and no claim quotes put second; `limit` in
    all. Order and rank alone once showed five sentences of a small trial and none of the large one that refuted it."""
    decided = [p for p in told if p.citation and p.strength >= _TAKES_A_SIDE and not p.source.retracted]
    sides = [[p for p in decided if (p.stance == "yes") == yes and p.stance != "unclear"] for yes in (True, False)]
    if not all(sides):
        return list(claims)
    said = {c.text for c in claims}
    missing = [max(side, key=lambda p: p.strength) for side in sides if not any(_quote(p) in said for p in side)]
    added = [Claim(p.citation.quote, (p.citation,), "supported") for p in missing if p.citation]
    return [*claims[:1], *added, *claims[1:]][:limit]


def _quote(position: Position) -> str:
    return position.citation.quote if position.citation else ""


@dataclass(frozen=True, slots=True)
class Found:
    """What an answer rests on. claims: those that are shown; told: what each source says; spans: short answers."""

    kind: Kind
    claims: Sequence[Claim]
    told: Sequence[Position]
    spans: Sequence[Span]


def bottom_line(asked: Question, found: Found, *, said: str | None, sure: float) -> BottomLine | None:
    """What is shown first; None when nothing was answered. A verdict or direction only from a confidence of SURE."""
    kind, claims, spans = found.kind, found.claims, found.spans
    told = [p for p in found.told if p.stance != "unclear" and not p.source.retracted] if sure >= SURE else []
    if kind == "yesno" and told:
        return BottomLine(kind, say(f"verdict {said}", asked.text) + agreement(asked.text, told))
    if kind == "effect" and told:
        return BottomLine(kind, say(f"effect {direction(told)}", asked.text) + agreement(asked.text, told, "effect"))
    if said_first := [s.text for s in spans if s.score >= SURE_SPAN]:
        return BottomLine(kind, "; ".join(said_first), tuple(spans))
    return BottomLine(kind, claims[0].text, tuple(spans)) if claims else None


def agreement(question: str, told: Sequence[Position], of: str = "stance") -> str:
    """How many sources say what, by design; "" when none says anything."""
    sides = [(stance, [p for p in told if p.stance == stance]) for stance in _ORDER]
    parts = [
        say(
            "side",
            question,
            stance=say(f"{of} {stance}", question).rstrip(".。").lower(),
            count=len(own),
            designs=_designs(question, own),
        )
        for stance, own in sides
        if own and stance != "unclear"
    ]
    return say("agreement", question, sides="; ".join(parts)) if parts else ""


_ORDER: tuple[Stance, ...] = ("yes", "no", "no difference", "unclear")


def _designs(question: str, own: Sequence[Position]) -> str:
    """ "(2 randomized controlled trials 2015–2019, 1 review 2020)" """
    by_design: dict[str, list[int]] = {}
    for p in own:
        by_design.setdefault(p.source.design, []).append(p.source.year or 0)
    counted = Counter({design: len(years) for design, years in by_design.items() if design != "not stated"})
    named = []
    for design, count in counted.most_common():
        years = sorted(y for y in by_design[design] if y)
        span = f" {years[0]}" + (f"–{years[-1]}" if years[-1] != years[0] else "") if years else ""
        named.append(f"{count} {design_name(design, question, count=count)}{span}")
    return f" ({', '.join(named)})" if named else ""
