"""What a sentence could limit: its ages, sexes, states, test values, conditions, allergies and drugs, as drafts of
criteria, and the ages that it describes.

Decides what is named, not whether it is a limit: that is `rag.records.criteria`. A condition that the tables do not
name is not seen. Knows nothing of patients.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from rag.quantities import quantities
from rag.records.facts import concepts
from rag.records.measures import MEASURES, limits
from rag.records.population import GROUPS
from rag.records.population_ages import stated, worded
from rag.records.population_people import sex, states
from rag.records.reach import Of, Reach, Rule


@dataclass(frozen=True, slots=True)
class Criterion:
    """One stated limit, with [start, end) in the document's text, where `quote` stands; both 0 where only the
    source's title states it.

    kind: `age`, `sex`, `pregnancy`, `lactation`, `menopause`, `renal`, `hepatic`, `condition`, `allergy`,
    `medication`, `bmi`, `hba1c`, `ejection fraction`, `blood pressure`, `platelets` or `hemoglobin`. what: a measure, a
    table name, `female`, `age` or the words' kinds (`older adults`).
    low, high: the ages (years) or values (the measure's unit) that the rule is about, None where open; low_in, high_in:
    whether the end itself belongs to them. limits: of those, how many are multiples of the upper limit of normal.
    sentence: the offsets of the whole sentence. window: days back from now within which it counts, None if not stated.
    past: past ones count too ("history of"). vague: a word such as "uncontrolled" that a record seldom answers.
    mean, sd: of a described population. of: whether it is the study's, the whole text's or one piece of advice's.
    """

    kind: str
    what: str
    rule: Rule
    start: int
    end: int
    quote: str
    sentence: tuple[int, int]
    low: float | None = None
    high: float | None = None
    low_in: bool = True
    high_in: bool = True
    limits: bool = False
    window: float | None = None
    past: bool = False
    vague: str = ""
    mean: float | None = None
    sd: float | None = None
    of: Of = "study"


_TAKEN = re.compile(r"\b(?:us(?:e|ing) of|use|taking|treatment with|receiving)\b", re.I)
_ALLERGY = re.compile(r"allerg(?:y|ic|ies)|hypersensitiv|intoleran(?:ce|t)|anaphyla|contraindicat(?!ed)", re.I)
_VAGUE = re.compile(
    r"\b((?:un|poorly |inadequately |not )controlled|severe|severely|serious|significant|"
    r"clinically (?:significant|relevant)|secondary|familial|hereditary|congenital|pregnancy-induced|active|"
    r"untreated|unstable|"
    r"symptomatic|advanced|decompensated|refractory|class [A-CIV]{1,3}(?:(?: or |-|"
    r"–)[A-CIV]{1,3})?)(?:[\s,]+(?:or|and|[\w-]{3,14}(?<!with))){0,3}\s?$|(严重|重度|活动性|家族性|未控制|难治性|"
    r"失代偿)的?[^，,、；;。]{0,4}$", re.I,
)  # fmt: skip
_PAST = re.compile(r"history of|\bprior\b|\bprevious(?:ly)?\b|\bpast\b|\bever\b|既往|病史", re.I)
_WINDOW = re.compile(
    r"(?:with)?in (?:the )?(?:past |last |previous |preceding |prior )?(?:\w{1,12}[\s-])?\b(?:day|week|month|"
    r"year)s?\b|(?:during|over) the (?:past|last|previous|preceding) "
    r"[^,;.]{1,20}\b(?:day|week|month|year)s?|近\s?\d{0,2}[一二三四五六半]?个?(?:天|周|月|年)", re.I,
)  # fmt: skip
_OTHER_THAN = re.compile(
    r"\b(?:other (?:types?|forms?|causes?|kinds?) of|other than|topical|preferred use of|其他类型)\s?$", re.I
)
_LOCAL = re.compile(r"\s(?:eye|nasal|cream|ointment|drops|gel|spray)|滴眼|乳膏|软膏", re.I)
_RELATIVES = re.compile(
    r"(?:(?:scale|inventory|questionnaire|index|score) (?:for|of)|"
    r"family history|risk (?:of|for|factors?)|prevent(?:ion)? (?:of )?|screening for|caused by|suspected|家族史|"
    r"relatives?|mothers?|parents?) (?:with |\w{1,12} ){0,2}$", re.I,
)  # fmt: skip
_SPREAD = re.compile(
    r"\s{0,2}\(?\s?(?:±|\+/-|(?:years?,? )?\(?(?:SD|standard deviation)\s?[:=]?\s?\(?)\s?(\d{1,3}(?:\.\d{1,2})?)|"
    r"\s?(?:years?\s?)?\(\s?(\d{1,2}\.\d)\s?\)",
    re.I,
)
_MEAN = re.compile(
    r"\b(?:mean|average|median)\b[^.;]{0,40}?(?P<n>\d{1,3}(?:\.\d{1,2})?)|"
    r"\baged?\s(?:of )?(?P<aged>\d{1,2}(?:\.\d{1,2})?)(?=\s?(?:±|\+/-))|"
    r"平均[^。；;\d]{0,12}(?P<zh>\d{1,3}(?:\.\d{1,2})?)",
    re.I,
)
_RANGE = re.compile(r"\brange\W{0,3}(?:from |of )?(\d{1,3})\s?(?:-|–|to)\s?(\d{1,3})", re.I)


def drafts(said: str, known: list[Reach]) -> list[Criterion]:
    """All that the sentence names within or without the reaches, offsets within it; rule and quote not yet set."""
    return [*_tests(said), *_ages(said, known), *_people(said, known), *_named(said)]


def _draft(kind: str, what: str, start: int, end: int) -> Criterion:
    return Criterion(kind, what, "required", start, end, "", (0, 0))


def _tests(said: str) -> Iterator[Criterion]:
    for n in limits(said):
        if re.match(r",? or (?:an? )?(?:of |at least |[≥>])\s?\d", said[n.end :]):
            continue  # "of 30 or more, or of 27 or more with …": the other end asks for more than a value
        c = replace(_draft(MEASURES[n.measure].kind, n.measure, n.start, n.end), low=n.low, high=n.high)
        yield replace(c, low_in=n.low_in, high_in=n.high_in, limits=n.multiples)


def _ages(said: str, known: list[Reach]) -> Iterator[Criterion]:
    """Ages in numbers, and in the words for the people of each reach."""
    for n in stated(said):
        c = replace(_draft("age", n.what, n.start, n.end), low=n.low, low_in=n.low_in)
        if n.low is not None and n.high is not None and n.low > n.high:  # "younger than 13 or older than 23"
            yield c
            c = replace(c, low=None, low_in=True)
        yield replace(c, high=n.high, high_in=n.high_in)
    for start, end in _stretches(said, known):
        if word := worded(said, start, end):
            c = _draft("age", word.what, word.start, word.end)
            yield replace(c, low=word.low, high=word.high, high_in=False)


def _people(said: str, known: list[Reach]) -> Iterator[Criterion]:
    """Sex where only one is named, pregnancy, breastfeeding and the menopause."""
    for start, end in _stretches(said, known):
        p, pregnant = sex(said, start, end), (s for s in states(said[:end]) if s.kind == "pregnancy" and s.end > start)
        if p and not any(pregnant):
            yield _draft(p.kind, p.what, p.start, p.end)
    for p in states(said):
        yield _draft(p.kind, p.what, p.start, p.end)


def _stretches(said: str, known: list[Reach]) -> Iterator[tuple[int, int]]:
    """Where the people of each reach are named."""
    for i, r in enumerate(known):
        if r.stop is not None:
            yield r.end, r.stop
        elif r.after:
            later = [k.start for k in known[i + 1 :] if k.start >= r.end]
            yield r.end, min([len(said), r.end + 120, *later])
        else:
            yield max([0, r.start - 200, *(k.end for k in known[:i] if k.end <= r.start)]), r.start


def _named(said: str) -> Iterator[Criterion]:
    """Conditions, allergies and drugs."""
    for c in concepts(said):
        before, after = said[max(0, c.start - 60) : c.start], said[c.end : c.end + 60]
        if _RELATIVES.search(before) or (
            c.kind != "medication"
            and re.match(
                r"(?: (?:and|or) \w{1,14})?[\s-](?:(?:rating|impact|symptoms?|severity) )?(?:test|drug|medic|"
                r"vaccin|clinic|risk|"
                r"scale|inventory|questionnaire|index\b|score|subscale|trial)",
                after,
                re.I,
            )
        ):
            continue
        if c.name == "hormonal contraceptives" and re.search("contracepti|method|adequate|birth control", before, re.I):
            continue
        if _OTHER_THAN.search(before) or (c.kind == "medication" and _LOCAL.match(after)):
            continue
        allergy = c.kind == "medication" and (
            _ALLERGY.search(_TAKEN.split(before)[-1])
            or re.match(
                r"[^，,、；;。]{0,8}过敏|[\s-]{0,2}(?:\w{1,12} )?(?:allerg|hypersensitiv|intoleran)", after, re.I
            )
        )
        vague = _VAGUE.search(before) if c.kind != "medication" else None
        yield replace(
            _draft("allergy" if allergy else c.kind, c.name, c.start, c.end),
            window=_window(re.split("[,;，；、.]", before)[-1], re.split("[,;，；、.]", after)[0]),
            past=bool(_PAST.search(before[-30:])),
            vague=next((g for g in vague.groups() if g), "") if vague else "",
        )


def _window(before: str, after: str) -> float | None:
    """Days, of "within the previous six months"."""
    m = _WINDOW.search(after) or _WINDOW.search(before)
    if not m:
        return None
    q = next((q for q in quantities(m[0]) if q.unit in ("month", "time")), None)
    if q is None:
        return 366.0 if re.search("year|年", m[0]) else 31.0 if re.search("month|月", m[0]) else 7.0
    return float(q.value) * 30.5 if q.unit == "month" else float(q.value) / 86400


def described(text: str, start: int, end: int) -> Iterator[Criterion]:
    """The ages of those who took part: a mean, or the range beside counts by sex or group."""
    if GROUPS.search(text, start, end):
        for n in stated(text[start:end]):
            if n.low is not None and n.high is not None and text[start + n.start : start + n.end].startswith("年龄"):
                a, b = start + n.start, start + n.end
                c = Criterion("age", "age", "described", a, b, text[a:b], (start, end), n.low, n.high)
                yield c
    for m in _MEAN.finditer(text, start, end):
        if not re.search(r"\bage[ds]?\b|年龄", text[max(start, m.start() - 20) : m.end()], re.I):
            continue
        spread, span = _SPREAD.match(text, m.end(), end), _RANGE.search(text, m.end(), min(end, m.end() + 40))
        tail = max(x.end() for x in (m, spread, span) if x)
        yield replace(
            Criterion("age", "age", "described", m.start(), tail, text[m.start() : tail], (start, end)),
            mean=float(m["n"] or m["aged"] or m["zh"]),
            sd=float(spread[1] or spread[2]) if spread else None,
            low=float(span[1]) if span else None,
            high=float(span[2]) if span else None,
        )
