"""A second look at a direction: the plain words of its clause, and the side of 1 on which its ratio stands.

A direction may be the opposite of what the clause says only where the clause plainly speaks of the comparator ("higher
in the placebo group"). Where words or ratio contradict it otherwise, the direction is `unclear`. Decides nothing else;
knows nothing of how a direction was found.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.align import words
from rag.tasks.evidence.clauses import Clause
from rag.tasks.evidence.cues import cues
from rag.tasks.evidence.estimates import RATIOS, Span, decided
from rag.tasks.evidence.types import Cell, Direction, Estimate, Row, Study

_CONTROL = frozenset(words("placebo control controls sham standard conventional usual untreated routine comparator"))
_PLACEBO = frozenset(words("placebo"))
# Of these a ratio counts the event, whose rarity is the longer time.
LATER = re.compile(r"survival|time|free|clearance|duration|PFS|OS\b", re.I)
_AGAINST = re.compile(r"\b(?:than|compared|versus|vs\.?|relative to|as compared)\b")
_THAN = re.compile(
    r"\b(?:than|compared (?:with|to)|versus|relative to|vs\.?)\b[^,]{0,80}?(?:,|(?=\s(?:presented|had|was|were|and|showed|used)\b)|$)",
    re.I,
)
_MORE = re.compile(r"\b(?:increase[sd]?|increasing|higher|more|greater|raise[sd]?|rose|elevated|larger)\b", re.I)
_LESS = re.compile(
    r"\b(?:fewer|lower(?:s|ed|ing)?(?! limb| extremit| back| body| urinary| respiratory)|reduce[sd]?|reducing|reductions?|decrease[sd]?|less|smaller|fell|halve[sd]?)\b",
    re.I,
)


# A second trial in the same report: its arms need not be those of the row.
_OTHER_TRIAL = re.compile(
    r"\b(?:supplementary|secondary|second|ancillary|companion) (?:randomi[sz]ed )?(?:trial|study|comparison)\b|\bsub-?study\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Spoken:
    """The words of a clause by what they stand beside. left: whom the wording speaks of; right: against whom; head:
    what comes before it. cut: whether the clause says against whom."""

    left: frozenset[str]
    right: frozenset[str]
    head: frozenset[str]
    cut: bool


def spoken(clause: Clause) -> Spoken:
    """Whom a wording speaks of, and against whom."""
    bare, cue = clause.sentence.bare, clause.cue
    rest = bare[cue.end : clause.high]
    cut = _AGAINST.search(rest)
    first, second = (rest[: cut.start()], rest[cut.end() :]) if cut else (rest, "")
    lead = bare[clause.low : cue.start] if cue.side == "right" or cue.by == "subject" else ""
    if cue.by == "active":
        lead = lead[:60]  # its subject
    if m := _THAN.search(lead):
        lead, second = lead[: m.start()] + lead[m.end() :], second + m[0]
    head = words(lead)
    left = words(first) if cue.side == "left" else head | words(first)
    return Spoken(left, words(second), head, bool(cut))


def names(cell: Cell) -> set[str]:
    """The content words of a cell."""
    return set(words(cell.text))


def arms(study: Study, without: set[str]) -> tuple[set[str], set[str]]:
    """The words by which either arm is known; not those that both have, nor those of the outcome."""
    given, against = names(study.intervention), names(study.comparator) | _CONTROL
    shared = (given & against) | without
    return given - shared, against - shared


def guarded(clause: Clause, outcome: Span, estimate: Estimate | None, *, said: Direction) -> Direction:
    """`said`, or `unclear` where words or ratio of the clause contradict it."""
    way = {"increased": 1, "decreased": -1}.get(said, 0)
    if way and (_OTHER_TRIAL.search(clause.sentence.text) or _not_sure(clause, estimate)):
        return "unclear"
    if not way or _of_comparator(clause, outcome):
        return said
    if clause.cue.by != "joined" and _plain(clause, outcome) == -way:
        return "unclear"
    side = 0 if LATER.search(clause.sentence.text, *outcome) else _ratio(estimate)
    return "unclear" if side == -way else said


def _not_sure(clause: Clause, estimate: Estimate | None) -> bool:
    """Whether the clause denies ("neither A nor B raised"), compares with a placebo that is no arm of the row, or gives
    a difference whose interval holds 0."""
    before = clause.sentence.bare[clause.low : clause.cue.start]
    other = spoken(clause).right & _PLACEBO and clause.sentence.study.comparator
    crosses = estimate is not None and estimate.low is not None and estimate.high is not None
    return (
        "neither" in before.lower()
        or bool(other and not _PLACEBO & names(clause.sentence.study.comparator))
        or (crosses and estimate is not None and (estimate.low or 0) < 0 < (estimate.high or 0))
    )


def against_words(row: Row) -> bool:
    """Whether every wording of a row's sentence says the opposite of its direction, none of them of the comparator.

    For a direction that no wording gave."""
    way = {"increased": 1, "decreased": -1}.get(row.direction, 0)
    poles = {c.pole for c in cues(row.sentence.quote) if c.pole}
    control = arms(row.study, names(row.outcome))[1]
    turned = bool(control & set(words(row.sentence.quote))) and row.study.comparator
    later = bool(LATER.search(row.outcome.text))
    return bool(way) and not turned and (poles == {-way} or (not later and _ratio(row.estimate) == -way))


def like(row: Row, estimate: Estimate) -> Direction:
    """The direction of the row before, for a ratio that its list goes on with and that stands on the same side of 1."""
    side = _ratio(estimate)
    return row.direction if side and side == _ratio(row.estimate) else "unclear"


def _of_comparator(clause: Clause, outcome: Span) -> bool:
    """Whether the wording plainly speaks of the comparator, named by its own first word, and not of the intervention."""
    said, study = spoken(clause), clause.sentence.study
    given, against = arms(study, set(words(clause.sentence.bare[slice(*outcome)])))
    lead = set(words(" ".join(study.comparator.text.split()[:1])))
    known = against & (lead | _CONTROL) if lead & against else against
    here = said.left | (said.head if clause.cue.by == "subject" else frozenset())
    return bool(here & known and not here & given) or bool(said.right & given and not said.right & against)


def _plain(clause: Clause, outcome: Span) -> int:
    """1 or -1 where the words of amount in a clause agree, those in the names of arms and outcome left out; else 0."""
    study, bare = clause.sentence.study, clause.sentence.bare
    part = bare[clause.low : clause.high]
    start, end = outcome[0] - clause.low, outcome[1] - clause.low
    if 0 <= start < end <= len(part):
        part = part[:start] + " " * (end - start) + part[end:]
    for cell in (study.intervention, study.comparator):
        for p in cell.pieces:
            part = part.replace(p.quote, " ") if _MORE.search(p.quote) or _LESS.search(p.quote) else part
    more, less = bool(_MORE.search(part)), bool(_LESS.search(part))
    return 0 if more == less else 1 if more else -1


def _ratio(estimate: Estimate | None) -> int:
    """The side of 1 on which a ratio and all of its interval stand: 1 or -1; 0 where it has none."""
    if estimate is None or estimate.measure not in RATIOS or not estimate.value or decided(estimate) is not True:
        return 0
    return 1 if estimate.value > 1 else -1
