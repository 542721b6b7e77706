"""Sorts the statements of a dialogue into the sections of a note, by the cues of `cues`, and leaves chatter out.

Decides by sums of weights: the statement's own words, its question's words at 0.6, what was spoken of just before, and,
in a long visit, how near its end a clinician speaks. Knows nothing of negation: who denies a symptom
is quoted denying it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rag.tasks.report.cues import FILLER, RULES, TO_MACHINE
from rag.tasks.report.transcript import Statement, count

_LONG = 30  # statements from which a dialogue is a whole visit with a beginning and an end
# Weights from half of ACI-Bench and MTS-Dialog (scripts/eval_reports.py tells what the other half gives).
_LEAST = {"clinician": 2.0, "patient": 1.0, "other": 2.0}
_WORDS = 3
_CARRY = 1.3  # for what was spoken of in this turn or the one before


def sorted_statements(text: str, found: Iterable[Statement]) -> Iterator[tuple[Statement, str]]:
    """Statements that say something for a note, each with the name of its section, in order."""
    said = list(found)
    before: tuple[int, str] = (0, "")
    for n, one in enumerate(said):
        own = text[one.start : one.end]
        if FILLER.match(own) or TO_MACHINE.search(own) or count(own) < _WORDS:
            continue
        place = n / len(said) if len(said) >= _LONG else 0.0
        scores = weigh(own, one, place=place, before=before[1] if one.first - before[0] <= 1 else "")
        section, score = max(scores.items(), key=lambda item: item[1], default=("", 0.0))
        if section and score >= _LEAST[one.role]:
            before = (one.last, section)
            yield one, section


def weigh(own: str, one: Statement, *, place: float, before: str) -> dict[str, float]:
    """The weight of each section for a statement. place: how far into the visit it is said, 0 to 1."""
    scores: dict[str, float] = {}
    for section, weight, role, pattern in RULES:
        if role and one.role not in (role, "other"):
            continue
        if pattern.search(own):
            scores[section] = scores.get(section, 0.0) + weight
        elif one.asked and weight > 1.0 and not role and pattern.search(one.asked):
            scores[section] = scores.get(section, 0.0) + weight * 0.6
    if before:
        scores[before] = scores.get(before, 0.0) + _CARRY
    if one.role == "clinician" and place:
        for section in ("plan", "assessment"):
            if section in scores:
                scores[section] += 1.5 if place > 0.6 else -1.5
        if "subjective" in scores:
            scores["subjective"] += 1.0 if place < 0.4 else -1.0
    return scores
