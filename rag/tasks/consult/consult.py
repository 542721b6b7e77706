"""One consultation: safety by rule, then what to ask, how soon to be seen, and what the library cites. One function.

Order: a crisis, a threat or a red flag goes before everything and whatever any model says; a request that is declined
gets its fixed words; only then the library is asked, about the complaint and never about the person. Decides no
diagnosis: sentences with a dose, an instruction or a diagnosis of the reader are left out, whoever wrote them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from indexer.errors import ConfigError
from indexer.language import language_of
from rag.asking import own_dose
from rag.safety import Alert, Decline, decline, first
from rag.safety.context import plain
from rag.safety.flags import Features
from rag.tasks.consult.care import Care, care
from rag.tasks.consult.department import Seen, departments
from rag.tasks.consult.history import Facts, facts, missing
from rag.tasks.consult.words import COMPLAINTS, OTHER_COMPLAINTS, say
from rag.types import Answer, Claim

# Sentences of the library that are not shown to a person who asks about a complaint.
UNFIT = re.compile(
    r"\b\d{1,9}(?:[.,]\d{1,9})? ?(?:m[gl]|mcg|µg|μg|g|iu|units?|ml|tablets?|capsules?|drops?)(?:\b|/)|\b(?:you|your)\b[^.!?]{0,40}\b(?:should|must|need to|have to|take|stop|dose)\b"
    r"|\byou (?:have|are suffering from|probably have|likely have)\b|(?<!\d)\d{1,9}(?:\.\d{1,9})?\s?(?:毫克|毫升|微克|单位|片|粒|支|mg|ml|g)(?![a-z])|[您你](?:患|得)(?:了|的是)|[您你](?:应该?|必须|需要|可以)(?:服|吃|用|停)",
    re.I,
)  # fmt: skip
# What a sentence says of a complaint that helps: where it comes from, or what helps against it.
_CAUSE = re.compile(
    r"\b(?:caus\w{1,6}|due to|trigger\w{0,3}|lead(?:s|ing)? to|results? (?:in|from)|attribut\w{1,6}|secondary to|(?:signs?|symptoms?|features?|manifestations?) of|present(?:s|ing)? with|"
    r"characteri[sz]ed by|differential|aetiolog\w{1,4}|etiolog\w{1,4}|treat\w{0,6}|therap\w{1,5}|reliev\w{1,3}|relief|reduc\w{1,5}|improv\w{1,6}|alleviat\w{1,4}|prevent\w{0,5}|prophyla\w{1,5}|manag\w{1,6})\b"
    r"|原因|病因|引起|导致|由于|所致|诱发|见于|表现为|症状|治疗|缓解|减轻|预防|改善|疗效|有效"
)
_ADVERSE = re.compile(
    r"\b(?:adverse|side[- ]effects?|tolera\w{1,7}|safety|toxicit\w{1,3}|discontinu\w{1,6}|treatment-emergent|reactogenicity)\b|不良(?:反应|事件)|副作用|毒性|耐受|安全性"
)
# A count in people who were given something: of its trial, not of the complaint.
_OTHER_TRIAL = re.compile(
    r"\b(?:treated with|receiv\w{1,3}|placebo|arms?|most (?:common|frequent)(?:ly)? (?:reported|observed)|were reported)\b|安慰剂|接受.{0,20}治疗"
)
_COMPLAINTS = 2


@dataclass(frozen=True, slots=True)
class Literature:
    """question: what the library was asked. claims: its sentences, each with its citations. reason: why there are none.
    left_out: how many sentences were unfit for a patient."""

    question: str
    answer: Answer | None
    claims: tuple[Claim, ...]
    reason: str
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Consultation:
    """What is said to a turn of a conversation. care, literature are None where an alert or a decline stops everything."""

    turns: tuple[str, ...]
    alert: Alert | None
    declined: Decline | None
    facts: Facts
    ask: tuple[str, ...]
    care: Care | None
    departments: tuple[Seen, ...]
    literature: Literature | None
    notices: tuple[str, ...]


def consult(turns: Sequence[str], *, ask: Callable[[str], Answer] | None) -> Consultation:
    """The consultation after the person's turns so far, oldest first. ask: of the library; None where there is none.

    Raises ConfigError where nothing was said. What `ask` raises is for the caller; alerts never depend on it.
    """
    said = tuple(" ".join(t.split()) for t in turns if t.strip())
    if not said:
        raise ConfigError('nothing was said; tell what is wrong, e.g.: rag consult "I have had a cough for two weeks"')
    told = (" 。" if language_of(said[-1]) == "zh" else " . ").join(said)
    alert = first(told) or first(said[-1])
    declined = decline(said[-1])
    known = facts(told)
    notices = [say("notice", told)]
    if own_dose(said[-1]) or Features(told).has("overdose") or _wants_medicine(told):
        notices.append(say("no dose", told))
    if declined is not None or (alert is not None and alert.stops):
        return Consultation(said, alert, declined, known, (), None, (), None, tuple(notices))
    level = Care("emergency", "alert", alert.matched) if alert else care(told, known)
    asked = () if alert else missing(known)
    seen = () if alert else departments(told)
    return Consultation(said, alert, None, known, asked, level, seen, _literature(told, ask), tuple(notices))


def _wants_medicine(told: str) -> bool:
    return bool(re.search(r"\b(?:medicine|medication|drug|pill|tablet|antibiotic|dose)s?\b|药|胶囊|片剂", told, re.I))


def complaints(told: str) -> tuple[str, ...]:
    """What the complaints that were read are called, in the language of the text; at most two."""
    features, chinese = Features(told), language_of(told) == "zh"
    names = [names[chinese] for key, names in COMPLAINTS.items() if features.has(key)]
    low = plain(told)
    names += [(en, zh)[chinese] for pattern, en, zh in OTHER_COMPLAINTS if re.search(pattern, low)]
    return tuple(dict.fromkeys(names))[:_COMPLAINTS]


def impersonal(told: str) -> str:
    """The question for the library: the causes of the complaints; "" where none was read."""
    names = complaints(told)
    return say("question", told, complaint=say("and", told).join(names)) if names else ""


def _about(claim: Claim, names: Sequence[str]) -> bool:
    """Whether a sentence names a cause or a treatment of a complaint, which it or the title of its source names.

    What happened to people in a trial of something else ("adverse events were headache and fatigue") is neither.
    """
    said, titles = claim.text.lower(), " ".join(c.passage.source.title or "" for c in claim.citations).lower()
    titled = any(name in titles for name in names)
    if not titled and not any(name in said for name in names):
        return False
    if _ADVERSE.search(said) and not any(_causes_of(name).search(said) for name in names):
        return False
    if _CAUSE.search(said):
        return titled or not _OTHER_TRIAL.search(said)
    return titled and _CAUSE.search(titles) is not None and not _OTHER_TRIAL.search(said)


def _causes_of(name: str) -> re.Pattern[str]:
    """The causes of a complaint, in so many words, where side effects of a medicine may be among them."""
    return re.compile(rf"causes? of (?:\w{{1,12}} ){{0,2}}{re.escape(name)}|{re.escape(name)}.{{0,4}}的?(?:原因|病因)")


def _literature(told: str, ask: Callable[[str], Answer] | None) -> Literature:
    question = impersonal(told)
    if ask is None:
        return Literature(question, None, (), say("no library", told))
    if not question:
        return Literature("", None, (), say("nothing found", told))
    answer = ask(question)
    shown = [c for c in answer.claims if c.support in ("supported", "partial", "unjudged") and c.citations]
    shown = [c for c in shown if _about(c, complaints(told))]
    fit = tuple(c for c in shown if not UNFIT.search(c.text))
    reason = "" if fit else (answer.reason or say("nothing found", told))
    return Literature(question, replace(answer, claims=fit), fit, reason, len(shown) - len(fit))
