"""Which way an outcome went under the intervention: by wording, numbers, and the arm that the wording speaks of.

Decides `unclear` where words and numbers do not agree, where "improved" does not say more or less, or where two groups
are compared that are not the arms. Knows nothing of how a wording was found.
"""

from __future__ import annotations

import re

from rag.align import words
from rag.tasks.evidence.clauses import Clause, Sentence
from rag.tasks.evidence.cues import DENIED
from rag.tasks.evidence.estimates import RATIOS, Span, decided, different
from rag.tasks.evidence.guard import LATER, arms, guarded, spoken
from rag.tasks.evidence.types import Direction, Estimate, Study

# Outcomes of which "improved" does not say more or less.
_BURDEN = re.compile(
    r"\b(?:pain|symptoms?|scores?|depress\w+|anxi\w+|fatigue|severity|mortality|deaths?|risks?|disability|stress|burden|complications?|bleeding|nausea|cough|itch|"
    r"insomnia|cravings?|rates?|time|index|outcomes?|parameters|profile|control|efficacy|safety)\b",
    re.I,
)
_NOT_SURE = re.compile(r"\bnot (?:\w+ )?signific|did not reach|non-?signific|not reach", re.I)
_TWO = re.compile(
    r"\A\s?(?P<a>\d+(?:\.\d+)?)[^\d,;]{0,70}? (?:for|in|with) (?:the )?(?P<first>[^\d,;]{2,60}?),? (?:and|versus|vs\.?|compared (?:with|to)) "
    r"(?P<b>\d+(?:\.\d+)?)[^\d,;]{0,70}? (?:for|in|with) (?:the )?(?P<second>[^\d,;]{2,60})"
)
_FACTOR = re.compile(
    r"\b(?:predict\w+|risk factors?|associated|independent\w*|multivari\w+|regression|subgroup|per \d)\b", re.I
)


def direction(clause: Clause, outcome: Span, estimate: Estimate | None) -> Direction | None:
    """The direction of one result; None where a wording without direction has no number that says one."""
    bare, cue = clause.sentence.bare, clause.cue
    says = _says(estimate)
    denied = bool(cue.pole) and DENIED.search(bare, max(clause.low, cue.start - 60), cue.start) is not None
    if denied:
        return "unclear" if says else "no difference"
    if says is False or (cue.pole == 0 and says is None and cue.by != "event"):
        return "no difference"
    if cue.by == "event":
        told = _valued(bare[cue.end : clause.high], clause.sentence.study)
        if told == "unclear" and estimate and says:
            told = by_ratio(clause.sentence, outcome, estimate, named=False)
        return None if says is None else guarded(clause, outcome, estimate, said=told)
    if cue.pole == 0 or (says is None and _NOT_SURE.search(bare, cue.start)):
        return "unclear"
    if cue.good and _BURDEN.search(bare, *outcome):
        return "unclear"
    side = _side(clause, outcome)
    if side is None:
        return "unclear"
    return guarded(clause, outcome, estimate, said="increased" if cue.pole * side > 0 else "decreased")


def by_ratio(sentence: Sentence, outcome: Span, estimate: Estimate, *, named: bool) -> Direction:
    """What a ratio says alone, where it is one of intervention against comparator: in a randomized trial with a
    comparator, unless the sentence is of predictors; or where the intervention is named beside it."""
    says, study = decided(estimate), sentence.study
    if says is False:
        return "no difference"
    trial = (
        study.source.design == "randomized controlled trial" and study.comparator and not _FACTOR.search(sentence.text)
    )
    if not says or estimate.measure not in RATIOS or not estimate.value or not (named or trial):
        return "unclear"
    if LATER.search(sentence.text, *outcome):
        return "unclear"
    return "increased" if estimate.value > 1 else "decreased"


def _says(estimate: Estimate | None) -> bool | None:
    if estimate is None:
        return None
    if estimate.value is not None:
        return decided(estimate)
    return None if estimate.p is None else different(estimate.p, estimate.p_sign)


def _valued(text: str, study: Study) -> Direction:
    """`92 hours for A and 138 hours for B`: which arm has the larger value."""
    m = _TWO.match(text)
    if m is None:
        return "unclear"
    given, against = arms(study, set())
    first, second = words(m["first"]), words(m["second"])
    side = len(first & given) + len(second & against) - len(first & against) - len(second & given)
    apart = (float(m["a"]) - float(m["b"])) * side
    return "unclear" if not apart else "increased" if apart > 0 else "decreased"


def _side(clause: Clause, outcome: Span) -> int | None:
    """-1 where the comparator is the one that has more or less, 1 where the intervention is; None if none can say."""
    study, said = clause.sentence.study, spoken(clause)
    given, against = arms(study, set(words(clause.sentence.bare[slice(*outcome)])))
    score = len(said.left & given) + len(said.right & against) - len(said.left & against) - len(said.right & given)
    if clause.cue.side == "left":
        score += (len(said.head & given) > 0) - (len(said.head & against) > 0)
    if score:
        return 1 if score > 0 else -1
    # Two groups that are not the arms: what is more in one of them is not more under the intervention.
    return None if said.cut and study.intervention and study.comparator else 1
