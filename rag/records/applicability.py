"""Whether a patient is one whom a cited study would have taken, limit by limit, as far as its text and the record say.

Decides by comparing facts with stated limits: `fits`, `outside`, or `unknown` where the record does not hold what the
limit asks, or cannot answer it ("uncontrolled"). What a record does not name is unknown, not absent; for the disease
that a study is about this is a `note`, no alarm.
A described population (a mean age) is only worth a note. Whether a result holds for a patient outside is not decided
here, and no dose is read or computed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from indexer.errors import ConfigError
from rag.records.criteria import Criterion
from rag.records.facts import Fact, Facts, day, wider
from rag.records.measures import MEASURES
from rag.records.types import Entry

Verdict = Literal["fits", "outside", "unknown", "note"]


@dataclass(frozen=True, slots=True)
class Match:
    """One limit against one patient. entry: the line of the record that decides, None for what the person's data say
    and where nothing is recorded. criterion: its `rule` is `described` where `outside` is but a note."""

    kind: str
    verdict: Verdict
    text: str
    entry: Entry | None
    criterion: Criterion


_DISEASES = ("condition", "renal", "hepatic")
_LABELS = {
    "egfr": ("eGFR", "eGFR"), "creatinine clearance": ("creatinine clearance", "肌酐清除率"),
    "creatinine": ("creatinine", "血肌酐"), "alt": ("ALT", "ALT"), "ast": ("AST", "AST"),
    "bilirubin": ("bilirubin", "胆红素"), "bmi": ("BMI", "体质指数"), "hba1c": ("HbA1c", "HbA1c"),
    "ejection fraction": ("ejection fraction", "射血分数"), "systolic": ("systolic pressure", "收缩压"),
    "diastolic": ("diastolic pressure", "舒张压"), "platelets": ("platelet count", "血小板计数"),
    "hemoglobin": ("hemoglobin", "血红蛋白"), "age": ("age", "年龄"), "sex": ("sex", "性别"),
    "pregnancy": ("pregnancy", "妊娠"), "lactation": ("breastfeeding", "哺乳"), "female": ("female", "女"),
    "male": ("male", "男"),
}  # fmt: skip
_TEXTS = {
    "en": {
        "excluded": "The cited study excluded “{quote}”; ", "required": "The cited study took only “{quote}”; ",
        "described": "Worth a note: the cited study describes those who took part as “{quote}”; ",
        "value": "this patient's last {name} is {value} ({time}).", "age": "this patient is {value} years old.",
        "person": "this patient is {value}.",
        "other": "its limit is a creatinine clearance; this patient's last eGFR is {value} ({time}).",
        "record": "this patient's record has {value} ({time}).", "undated": "this patient's record has {value}.",
        "scope required": "The cited text is about “{quote}”; ",
        "scope excluded": "The cited text is not about “{quote}”; ",
        "advice required": "The cited advice is for “{quote}”; ",
        "advice excluded": "The cited text advises against it for “{quote}”; ",
        "statement required": "The cited sentence is about “{quote}”; ",
        "statement excluded": "The cited sentence is about people without “{quote}”; ",
        "disease": "this patient's record does not name it.", "none": "the record does not say.",
        "vague": "the record has {value}, and does not say whether it is “{vague}”.",
        "times": "{value}, {n} times the upper limit of normal",
    },
    "zh": {
        "excluded": "所引研究排除了“{quote}”；", "required": "所引研究仅纳入“{quote}”；",
        "described": "供参考：所引研究描述其受试者为“{quote}”；",
        "value": "该患者最近一次{name}为 {value}（{time}）。", "age": "该患者 {value} 岁。",
        "person": "该患者为{value}性。",
        "other": "该界限为肌酐清除率；该患者最近一次 eGFR 为 {value}（{time}）。",
        "record": "该患者病历中有：{value}（{time}）。", "undated": "该患者病历中有：{value}。",
        "scope required": "所引文献针对“{quote}”；", "scope excluded": "所引文献不适用于“{quote}”；",
        "advice required": "所引建议针对“{quote}”；", "advice excluded": "所引文献不建议用于“{quote}”；",
        "statement required": "所引语句针对“{quote}”；", "statement excluded": "所引语句针对无“{quote}”者；",
        "disease": "该患者病历中未见此诊断。", "none": "病历中未见记载。",
        "vague": "病历中有 {value}，未说明是否“{vague}”。",
        "times": "{value}，为正常上限的 {n} 倍",
    },
}  # fmt: skip


def compare(facts: Facts, criteria: Sequence[Criterion], *, language: str = "en") -> list[Match]:
    """One match for each limit, in their order; a described population only where the patient is far from it.

    language: of the texts, `en` or `zh`; what is quoted stays as it is written. Raises ConfigError on another.
    """
    if language not in _TEXTS:
        raise ConfigError(f"language: {language!r} found, 'en' or 'zh' expected; give one of them to compare()")
    say = _Say(language)
    wanted = frozenset(c.what for c in criteria if c.rule == "required")
    found: list[Match] = []
    for c in criteria:
        if c.rule == "described":
            found += _far(facts, c, say)
        elif c.kind == "age":
            found.append(_age(facts, c, say))
        elif c.kind == "sex":
            known = facts.sex in ("female", "male")
            text = say.of(c, "person", value=say.label(facts.sex)) if known else say.of(c, "none")
            found.append(_judged(c, facts.sex == c.what if known else None, text))
        elif c.kind in ("pregnancy", "lactation", "menopause"):
            found.append(_state(facts, c, say))
        elif c.what in MEASURES:
            found.append(_measure(facts, c, say))
        else:
            found.append(_named(facts, c, say, wanted=wanted))
    return _noted(_alternatives(found), say)


def _alternatives(found: list[Match]) -> list[Match]:
    """Without the ages that are another part's: of "6 to 11 years" and "12 to 17 years" one is enough."""
    fits = [m.criterion for m in found if m.kind == "age" and m.verdict == "fits" and m.criterion.rule == "required"]
    return [
        m for m in found
        if not (m.kind == "age" and m.verdict == "outside" and m.criterion.rule == "required")
        or not any(_other(m.criterion, c) for c in fits)
    ]  # fmt: skip


def _other(a: Criterion, b: Criterion) -> bool:
    """Whether they are of different people: no age belongs to both, or one sentence has "men over 50 and women over
    60"."""
    if a.sentence == b.sentence and a.sentence != (0, 0) and (a.low is None) == (b.low is None):
        return True
    return (a.high or math.inf) <= (b.low or 0.0) or (b.high or math.inf) <= (a.low or 0.0)


def _noted(found: list[Match], say: _Say) -> list[Match]:
    """The disease that a study is about as a note, where the record names none of those that it requires."""
    about = [
        m for m in found if m.kind in _DISEASES and m.criterion.rule == "required" and m.criterion.what not in MEASURES
    ]
    if not about or any(m.verdict == "fits" for m in about):
        return found
    first, text = about[0], say.of(about[0].criterion, "disease")
    return [replace(m, verdict="note", text=text) if m is first else m for m in found]


class _Say:
    """The sentences of one language."""

    def __init__(self, language: str) -> None:
        self._texts, self._chinese = _TEXTS[language], language == "zh"

    def label(self, name: str) -> str:
        return _LABELS.get(name, (name, name))[self._chinese]

    def part(self, key: str) -> str:
        return self._texts[key]

    def of(self, c: Criterion, key: str, *, value: str = "", entry: Entry | None = None) -> str:
        """What the study states, and then what the patient's record says to it."""
        time = entry.time[:10] if entry else ""
        key = "undated" if key == "record" and not time else key
        said = self._texts[key].format(value=value, name=self.label(c.what), time=time or "?", vague=c.vague)
        frame = c.rule if c.of == "study" or c.rule == "described" else f"{c.of} {c.rule}"
        return self._texts[frame].format(quote=" ".join(c.quote.split())) + said


def _judged(c: Criterion, inside: bool | None, text: str, *, entry: Entry | None = None) -> Match:
    """inside: whether the patient is among those whom the limit is about; None where that is not known."""
    verdict: Verdict = "unknown" if inside is None else "fits" if inside == (c.rule == "required") else "outside"
    return Match(c.kind, verdict, text, entry, c)


def _within(value: float, c: Criterion) -> bool:
    low = c.low is None or value > c.low or (c.low_in and math.isclose(value, c.low, rel_tol=1e-3))
    high = c.high is None or value < c.high or (c.high_in and math.isclose(value, c.high, rel_tol=1e-3))
    out = (not c.low_in and c.low is not None and math.isclose(value, c.low, rel_tol=1e-9)) or (
        not c.high_in and c.high is not None and math.isclose(value, c.high, rel_tol=1e-9)
    )
    return low and high and not out


def _age(facts: Facts, c: Criterion, say: _Say) -> Match:
    if facts.age is None:
        return _judged(c, None, say.of(c, "none"))
    # Whole years, as "aged 18 to 75" means them, but for infants.
    small = any(n is not None and (n < 2 or n != int(n)) for n in (c.low, c.high))
    age = facts.age if small else float(math.floor(facts.age))
    shown = f"{facts.age:.1f}" if facts.age < 2 else str(math.floor(facts.age))
    return _judged(c, _within(age, c), say.of(c, "age", value=shown))


def _far(facts: Facts, c: Criterion, say: _Say) -> list[Match]:
    """A note where a patient's age is more than 2.5 standard deviations from a described mean, or out of its range."""
    if facts.age is None:
        return []
    wide = c.sd is not None and c.mean is not None and abs(facts.age - c.mean) > 2.5 * c.sd
    out = c.low is not None and c.high is not None and not c.low <= math.floor(facts.age) <= c.high
    text = say.of(c, "age", value=str(math.floor(facts.age)))
    return [Match(c.kind, "outside", text, None, c)] if wide or out else []


def _state(facts: Facts, c: Criterion, say: _Say) -> Match:
    """Pregnancy, breastfeeding and the menopause: as recorded, or as sex and age leave no doubt."""
    fact = {"pregnancy": facts.pregnancy, "lactation": facts.lactation}.get(c.kind)
    if fact:
        return _judged(c, True, say.of(c, "record", value=fact.entry.name, entry=fact.entry), entry=fact.entry)
    if c.kind != "menopause" and facts.sex == "male":
        return _judged(c, False, say.of(c, "person", value=say.label("male")))
    if facts.age is not None:
        # Before 40 the menopause is premature (1 in 100), after 60 nearly all women have passed it.
        outside = {"postmenopausal": facts.age < 40, "premenopausal": facts.age >= 60}.get(
            c.what, facts.age >= 60 or facts.age < 9
        )
        if outside and facts.sex != "male":
            return _judged(c, False, say.of(c, "age", value=str(math.floor(facts.age))))
    return _judged(c, None, say.of(c, "none"))


def _measure(facts: Facts, c: Criterion, say: _Say) -> Match:
    known = facts.measures or {}
    fact = known.get(c.what)
    other = fact is None and c.what == "creatinine clearance"
    fact = known.get("egfr") if other else fact
    if fact is None or fact.value is None or (c.limits and not fact.limit):
        return _judged(c, None, say.of(c, "none"))
    entry, value, shown = fact.entry, fact.value, _shown(fact)
    if c.limits and fact.limit:
        value = fact.value / fact.limit
        shown = say.part("times").format(value=shown, n=f"{value:.1f}")
    text = say.of(c, "other" if other else "value", value=shown, entry=entry)
    return _judged(c, _within(value, c), text, entry=entry)


def _shown(fact: Fact) -> str:
    """The value as the record has it, and in the unit that it was compared in where that is another."""
    entry, unit = fact.entry, MEASURES[fact.name].unit
    if entry.value is None or fact.value is None:
        return entry.text or f"{fact.value:g} {unit}"
    same = math.isclose(entry.value, fact.value, rel_tol=0.02)
    return f"{entry.value:g} {entry.unit}".strip() + ("" if same else f" ({fact.value:.3g} {unit})")


def _named(facts: Facts, c: Criterion, say: _Say, *, wanted: frozenset[str]) -> Match:
    """A condition, an allergy or a drug."""
    held = {"medication": facts.medications, "allergy": facts.allergies}.get(c.kind, facts.conditions)
    # "Other malignancy" is no limit to the cancer that the study is about.
    own = {w for w in wanted if w != c.what and c.what in wider(w)} if c.rule == "excluded" else set[str]()
    hits = [f for f in held if c.what in f.names and not f.names & own and _counts(f, c, facts.today)]
    if not hits:
        return _judged(c, None, say.of(c, "none"))
    fact = max(hits, key=lambda f: (f.current, f.entry.time))
    if c.vague and c.rule == "excluded":
        return _judged(c, None, say.of(c, "vague", value=fact.name, entry=fact.entry), entry=fact.entry)
    return _judged(c, True, say.of(c, "record", value=fact.name, entry=fact.entry), entry=fact.entry)


def _counts(fact: Fact, c: Criterion, today: date) -> bool:
    """Whether it is so now, or was within the time that the limit speaks of."""
    begun, ended = day(fact.entry.time), day(fact.entry.until)
    if c.window is not None:
        last = ended or (today if fact.current and c.kind == "medication" else begun)
        return last is not None and (today - last).days <= c.window
    return fact.current or (c.past and c.rule == "excluded")
