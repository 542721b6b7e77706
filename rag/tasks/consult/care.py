"""How soon a person should be seen, by rule: emergency, same day, appointment, self care. Decides by complaints alone.

It leans to the sooner: self care only for common minor complaints of a grown-up, short and not severe. Emergencies are
those of `rag.safety`. Knows no disease and no literature.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from rag.safety.flags import Features
from rag.tasks.consult.history import Facts

Level = Literal["emergency", "same day", "appointment", "self care"]

# As the rules of `rag.safety.rules`: `&` between what must all be there.
_SAME_DAY = tuple(
    tuple(tuple(g.split("|")) for g in line.split(" & "))
    for line in (
        "fever & pregnant|postpartum|child|infection_place|steroid|diabetic|chemo|joint|belly|headache|purpura",
        "chest", "breathless", "cough_blood", "black_stool", "blood_vomit", "vision_loss", "double_vision", "eye_pain & halo|severe",
        "passed_out", "confused", "seizure", "one_side", "speech", "legs_weak", "numb_saddle", "sphincter & pain",
        "belly_severe", "jaundice", "testicle", "joint", "head_injury", "calf & clot_risk|sudden", "pregnant & vaginal_bleed|belly|headache|nausea|high_bp",
        "cast & pain|limb_sign", "burn & pain|burn_bad", "anticoagulant & wound|head_injury", "heartrate & faint|sudden", "no_urine", "child & drowsy|not_feeding|breathless|no_urine",
        "diabetic & nausea|drowsy", "swelling_airway", "severe & pain", "thunderclap", "red_skin & rapid_spread", "withdrawal", "broken", "urgent_contraception", "ulcer_blister",
        "headache & nausea & worsening|on_waking",
    )
)  # fmt: skip
_EXTRA = {
    "broken": re.compile(r"\b(?:broke(?:n)?|fractur\w{1,4}|dislocat\w{1,4})\b|骨折|脱臼|折断|摔断"),
    "urgent_contraception": re.compile(r"\b(?:condom (?:broke|split|slipped)|unprotected sex|emergency contracepti\w+|morning after)\b|避孕(?:措施)?失[效败]|套.{0,3}破|紧急避孕|没戴套"),
    "worsening": re.compile(r"\b(?:(?:get\w{0,4}|got|grow\w{0,3}|becom\w{1,3}|became) (?:\w{1,8} ){0,2}(?:worse|stronger|heavier)|wors(?:e (?:and worse|every|each|by the)|ening)|progressive\w{0,2}|stronger (?:every|each|by the))\b|越来越|加重|加剧|一天比一天|更[重痛疼]|日渐"),
    "on_waking": re.compile(r"\b(?:in the mornings?|every morning|on waking|when (?:i|he|she) wakes?|mornings)\b|早[上晨起]|晨起|起床|清晨"),
    "ulcer_blister": re.compile(r"(?:生殖器|阴茎|阴部|下体|龟头).{0,12}(?:水泡|溃疡|流脓)|\bgenital (?:blisters?|ulcers?|sores?)\b"),
}  # fmt: skip
_MINOR = re.compile(
    r"\b(?:runny nose|blocked nose|stuffy nose|sneez\w{1,4}|common cold|a cold|sore throat|cough\w{0,3}|hay fever|mosquito bites?|mild headache|headache|hiccups?|"
    r"dry skin|chapped lips|sunburn|blister|bloat\w{1,4}|constipat\w{1,4}|muscle ache|stiff neck|mouth ulcer|dandruff|acne|indigestion|heartburn|tired|diarrh\w{2,4})\b"
    r"|流鼻涕|鼻塞|打喷嚏|感冒|咽痛|嗓子[疼痛]|喉咙[疼痛]|咳嗽|蚊子?.{0,3}[咬叮]|头[疼痛]|口腔溃疡|便秘|腹胀|消化不良|打嗝|皮肤干|痘|头皮屑|肌肉酸|落枕|腹泻|拉肚子|乏力|反酸|烧心"
)
_DAYS_SHORT, _DAYS_LONG, _FEVER_DAYS = 7, 14, 3
_CHILD_AGE, _OLD_AGE = 12, 70


@dataclass(frozen=True, slots=True)
class Care:
    """level: how soon. why: the reason's key in `words`. matched: what in the text speaks for it, "" for nothing."""

    level: Level
    why: str
    matched: str


def care(text: str, facts: Facts) -> Care:
    """The level of care for what was told, where no alert was raised."""
    features = Features(text)
    for groups in _SAME_DAY:
        if found := _all(groups, features, text):
            return Care("same day", "same day sign", found)
    if (span := features.spans("fever")) and (facts.days is None or facts.days >= _FEVER_DAYS):
        return Care("same day", "lasting fever", text[slice(*span[0])])
    if facts.days is not None and facts.days >= _DAYS_LONG:
        return Care("appointment", "lasting", "")
    grown = facts.age is not None and _CHILD_AGE < facts.age < _OLD_AGE and not features.has("pregnant", "child")
    minor = _MINOR.search(features.plain)
    if minor and grown and facts.days is not None and facts.days <= _DAYS_SHORT and not features.has("severe"):
        return Care("self care", "minor", minor[0])
    return Care("appointment", "minor, not known" if minor else "to be seen", minor[0] if minor else "")


def _all(groups: tuple[tuple[str, ...], ...], features: Features, text: str) -> str:
    """What the first group matched where every group is found, else ""."""
    first, used = "", []
    for group in groups:
        spans = (s for name in group for s in _spans(name, features))
        span = next((s for s in spans if s not in used), None)
        if span is None:
            return ""
        used.append(span)
        first = first or text[slice(*span)]
    return first


def _spans(name: str, features: Features) -> tuple[tuple[int, int], ...]:
    if pattern := _EXTRA.get(name):
        return tuple(m.span() for m in pattern.finditer(features.plain))
    return features.spans(name)
