"""Which patients a study took: the limits that its text states, each with the words that state them.

Decides by rules for English and Chinese which sentences speak of inclusion or exclusion, how far such a word reaches,
and which ages, sexes, test values, conditions, allergies and drugs stand within its reach. The mean age of those who
took part is kept apart as `described`. Sentences about results, and numbers without a word of inclusion or exclusion,
limit nothing. A condition that the tables do not name is not seen. Knows nothing of patients.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from indexer.types import Document
from rag.quantities import quantities
from rag.records.facts import concepts
from rag.records.measures import MEASURES, interval, limits
from rag.records.reach import Reach, Rule, goes_on, governing, reaches, sentences


@dataclass(frozen=True, slots=True)
class Criterion:
    """One stated limit, with [start, end) in the document's text, where `quote` stands.

    kind: `age`, `sex`, `pregnancy`, `renal`, `hepatic`, `condition`, `allergy`, `medication`, `bmi`, `hba1c`,
    `ejection fraction`, `blood pressure`, `platelets` or `hemoglobin`. what: a measure, a table name, `female`, `age`.
    low, high: the ages (years) or values (the measure's unit) that the rule is about, None where open; low_in, high_in:
    whether the end itself belongs to them. limits: of those, how many are multiples of the upper limit of normal.
    sentence: the offsets of the whole sentence. window: days back from now within which it counts, None if not stated.
    past: past ones count too ("history of"). vague: a word such as "uncontrolled" that a record seldom answers.
    mean, sd: of a described population.
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


_ARMS = re.compile(
    r"\b(?:to (?:receive|take|the|an?|either|one of|treatment|placebo|\w{4,24}(?: or| plus| versus|,))|"
    r"received the|or placebo|versus placebo|compared with)\b",
    re.I,
)
_NOT = re.compile(
    r"\b(?:without|no|not|never|neither|nor|free (?:of|from)|absence of|lack of|naive to|na[iï]ve to|"
    r"rather than)\b(?:\s[\w-]{1,14}){0,4}\s?$|"
    r"\b(?:non|un)-?$|(?:无|没有|未|不伴|未合并|既往未)[^，,、；;。]{0,6}$", re.I,
)  # fmt: skip
# "no history of stroke, heart failure or diabetes": the word holds for the list.
_NONE_OF = re.compile(
    r"\b(?:without|no|free (?:of|from)|absence of|neither)\b(?:(?!\b(?:who|with|were|was|had|aged|but|on)\b)"
    r"[^.;:)]){0,120}$", re.I,
)  # fmt: skip
_TAKEN = re.compile(r"\b(?:us(?:e|ing) of|use|taking|treatment with|receiving)\b", re.I)
_TAKING = re.compile(
    r"receiv|taking|\btook\b|treat(?:ed|ment) with|\bon\b|\bus(?:e|ing|ed|ers?)\b|dose of|doses of|"
    r"therapy with|despite|prescribed|respon\w{2,4} to|background|"
    r"服用|使用|应用|接受|治疗", re.I,
)  # fmt: skip
_ALLERGY = re.compile(r"allerg(?:y|ic|ies)|hypersensitiv|intoleran(?:ce|t)|anaphyla|contraindicat", re.I)
_VAGUE = re.compile(
    r"\b((?:un|poorly |inadequately |not )controlled|severe|severely|serious|significant|"
    r"clinically (?:significant|relevant)|secondary|untreated|unstable|"
    r"symptomatic|advanced|decompensated|refractory|class [A-CIV]{1,3}(?:(?: or |-|"
    r"–)[A-CIV]{1,3})?)(?:[\s,]+(?:or|and|[\w-]{3,14}(?<!with))){0,3}\s?$|(严重|重度|未控制|难治性|"
    r"失代偿)的?[^，,、；;。]{0,4}$", re.I,
)  # fmt: skip
_LONGEST = 8000  # characters of a sentence that are read: a list of criteria is shorter
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
    r"(?:family history|risk (?:of|for|factors?)|prevent(?:ion)? (?:of )?|screening for|caused by|suspected|家族史|"
    r"relatives?|mothers?) (?:\w{1,12} ){0,2}$", re.I,
)  # fmt: skip
_SEX = re.compile(
    r"\b(?P<f>post-?menopausal women|women|females?|girls)\b|\b(?P<m>men|males?|boys)\b|"
    r"(?P<zf>(?:绝经后)?(?:女性|妇女)|女童)|(?P<zm>男性|男童)", re.I,
)  # fmt: skip
_BOTH = re.compile(
    r"\b(?:wo)?men (?:and|or) (?:wo)?men\b|\bmales? (?:and|or|/) females?|\b(?:both|either) (?:sex|gender)|"
    r"females? (?:and|or) males?|boys (?:and|or) girls|girls (?:and|or) boys|男女|性别不限", re.I,
)  # fmt: skip
_NO_LIMIT = re.compile(
    r"child-?bearing|contracepti|lactati|breast-?feed|nursing|menopaus|fertile|pregnan|哺乳|妊娠|孕|绝经|育龄", re.I
)
_PREGNANT = re.compile(r"\bpregnan(?:t|cy)|\bgravid\b|妊娠|怀孕|孕妇", re.I)
_AGE_BEFORE = re.compile(
    r"(?:\bage[ds]?\b|\b(?:older|younger) than|年龄|(?:adult|child|children|patient|adolescent|subject|women|"
    r"men|infant|people|outpatient|individual)s?)"
    r"(?:\W{1,3}(?:is|was|were|of|range|ranged|ranging|limit|group|between|from|over|under|above|below|at|"
    r"least|less|more|than|up|to|"
    r"younger|older|[<>≥≤=])){0,4}\W{0,3}$",
    re.I,
)
_AGE_AFTER = re.compile(
    r"\W{0,2}(?:(?:years?|yrs?|months?)?\W?(?:of age|old\b)|(?:or|and) (?:older|younger|over)|岁)", re.I
)
_OLDER = re.compile(
    r"(?:older|younger) than\s?$|\baged?\W{1,2}(?:(?:of|was|is|between|from|over|under|above|below|at least|range|"
    r"[<>≥≤=])\W{0,2}){0,3}$|年龄\W{0,3}$",
    re.I,
)
_AGED = re.compile(
    r"\b(?P<adult>adults?(?=\W(?:patients|volunteers|outpatients|with|who|aged?|undergoing|in|admitted|were|\()))|"
    r"\b(?P<child>children|infants)(?=\W(?:with|who|undergoing|in|were))",
    re.I,
)
_HEADED = re.compile(
    r"\s?(?:with|who|aged|over|between|undergoing|without|scheduled|patients|volunteers|participants|subjects|"
    r"outpatients|\d|\(|患者|志愿者|[^，,；;。]{1,10}患者)",
    re.I,
)
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


def criteria(document: Document) -> list[Criterion]:
    """The limits that a document states, in the order of its text; a repeated one once, where it first stands."""
    found: list[Criterion] = []
    carried: Rule | None = None
    for start, end, own in sentences(document):
        said = document.text[start : min(end, start + _LONGEST)]
        known = reaches(said, carried=carried) if own else []
        carried = goes_on(said, known, carried=carried) if own else None
        found += [
            *(_of_sentence(said, known, at=start) if known else ()),
            *_described(document.text, start, start + len(said)),
        ]
    both = _BOTH.search(document.text)
    counted = any(c.what == "age" and c.rule == "required" for c in found)
    seen: dict[tuple[object, ...], Criterion] = {}
    for c in found:
        if not (both and c.kind == "sex") and not (counted and c.what in ("adults", "children")):
            seen.setdefault((c.kind, c.what, c.rule, c.low, c.high, c.mean), c)
    return sorted(seen.values(), key=lambda c: c.start)


def _of_sentence(said: str, known: list[Reach], *, at: int) -> Iterator[Criterion]:
    """The limits of one sentence that begins at `at`."""
    for c in (*_tests(said), *_ages(said), *_people(said), *_named(said)):
        if rule := _rule(said, known, c):
            placed = replace(c, rule=rule, start=at + c.start, end=at + c.end, sentence=(at, at + len(said)))
            yield replace(placed, quote=said[c.start : c.end])


def _rule(said: str, known: list[Reach], c: Criterion) -> Rule | None:
    """The rule that a limit is under, None if it is no limit after all."""
    reach = governing(said, known, start=c.start, end=c.end)
    if reach and c.kind == "allergy" and re.search("contraindicat", said[max(0, c.start - 60) : c.start], re.I):
        return "excluded"  # nobody is taken for a contraindication
    nouns = c.kind == "sex" or c.what in ("adults", "children")
    if not reach or (nouns and reach.rule == "excluded"):
        return None
    since = max([c.start - 120, 0, *(r.end for r in known if r.end <= c.start)])
    before = said[since : c.start]
    list_ = reach.rule == "required" and c.what not in MEASURES and _NONE_OF.search(before)
    negated = c.kind not in ("age", "sex") and (_NOT.search(before) or list_)
    if c.kind == "medication" and reach.rule == "required" and not negated:
        taken = _TAKING.search(before[-45:]) or _TAKING.match(said[c.end :].lstrip(" -"))
        if not taken or (reach.end <= c.start and _ARMS.search(said, reach.end, c.start)):
            return None
    if not negated:
        return reach.rule
    # "included … without cirrhosis" excludes it; "excluded … without consent" says nothing that a record answers.
    return "excluded" if reach.rule == "required" else None


def _draft(kind: str, what: str, start: int, end: int) -> Criterion:
    return Criterion(kind, what, "required", start, end, "", (0, 0))


def _tests(said: str) -> Iterator[Criterion]:
    for n in limits(said):
        c = replace(_draft(MEASURES[n.measure].kind, n.measure, n.start, n.end), low=n.low, high=n.high)
        yield replace(c, low_in=n.low_in, high_in=n.high_in, limits=n.multiples)


def _ages(said: str) -> Iterator[Criterion]:
    numbers, at = [q for q in quantities(said) if q.role in ("", "range", "word")], 0
    for i, q in enumerate(numbers):
        before = said[max(0, q.start - 40) : q.start]
        last = numbers[i + 1] if q.pair is not None and i + 1 < len(numbers) else q
        years = q.unit == "month" or last.unit == "month"
        near = _AGE_BEFORE.search(before) or _AGE_AFTER.match(said, last.end) or "岁" in said[q.start : last.end]
        bare = not q.unit and _OLDER.search(before)
        if (
            q.start < at
            or not ((years and near) or bare)
            or re.search(r"mean|median|average|平均|\bSD\b|diagnos|onset", before[-30:], re.I)
        ):
            continue
        if limit := interval(said, numbers[i : i + 2]):
            (low, high, low_in, high_in), at = limit
            if "gestation" in said[q.start : at + 20]:
                continue
            scale = 12 if re.search(r"\bmonths?\b|个月|月龄", said[q.start : at]) else 1
            start = q.start - len(near[0]) if isinstance(near, re.Match) and near.re is _AGE_BEFORE else q.start
            ends = [None if n is None else n[0] / scale for n in (low, high)]
            yield replace(_draft("age", "age", start, at), low=ends[0], high=ends[1], low_in=low_in, high_in=high_in)
    if not at and (m := _AGED.search(said)) and not re.search(r"adult.*child|child.*adult", said, re.I):
        c = _draft("age", "adults" if m["adult"] else "children", *m.span())
        yield replace(c, low=18) if m["adult"] else replace(c, high=18, high_in=False)


def _people(said: str) -> Iterator[Criterion]:
    """Sex, where only one is named, and pregnancy."""
    sexes = {m.lastgroup for m in _SEX.finditer(said)}
    for m in _SEX.finditer(said):
        around = said[max(0, m.start() - 25) : m.end() + 45]
        limit = m[0].lower().startswith(("post", "绝经后")) or (
            _HEADED.match(said, m.end()) and not _NO_LIMIT.search(around)
        )
        if len({str(s)[-1] for s in sexes}) == 1 and limit and not re.search(r"\d\s?%|\bn\s?=", around):
            yield _draft("sex", "female" if str(m.lastgroup).endswith("f") else "male", *m.span())
            break
    for m in _PREGNANT.finditer(said):
        yield _draft("pregnancy", "pregnancy", *m.span())
        break


def _named(said: str) -> Iterator[Criterion]:
    """Conditions, allergies and drugs."""
    for c in concepts(said):
        before, after = said[max(0, c.start - 60) : c.start], said[c.end : c.end + 60]
        if _RELATIVES.search(before) or (
            c.kind != "medication" and re.match(r"[\s-](?:test|drug|medication|vaccin|clinic|risk)", after)
        ):
            continue
        if _OTHER_THAN.search(before) or (c.kind == "medication" and _LOCAL.match(after)):
            continue
        allergy = c.kind == "medication" and (
            _ALLERGY.search(_TAKEN.split(before)[-1]) or re.match(r"[^，,、；;。]{0,8}过敏", after)
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


def _described(text: str, start: int, end: int) -> Iterator[Criterion]:
    """The age of those who took part."""
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
