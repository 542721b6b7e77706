"""Reads the quantities of a text: value, unit, what it is counted by, sign, kind of ratio, interval, p-value, name.

Decides by rules for English and Chinese: digits and words, `1,234`, `0·75`, ranges, `±`, `95% CI`, `two-thirds`, `one
in five`, `三分之一`. Knows nothing of what the quantities are about, nor of another text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from fractions import Fraction

from rag.align import stem
from rag.number_words import SCALES, WORDS, chinese, chinese_part, share, word
from rag.units import DAILY, PER, VOLUMES, unit_at


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number of a text. value, step: in the base of `unit`; step is the place of its last written digit.

    unit: a dimension of `rag.units`, "" for a bare number. per: what it is counted by. kind: `hr`, `or`, `mean` … sign:
    `<`, `>` or "". role: `p`, `level` and `ci` of an interval, `range`, `sd`, `name` (a digit of a name: IL-6, type 2),
    `word` (a small number as a word), `share` (two-thirds). noun: the word after a bare number, by stem; of a name what
    stands before. pair: the other end of a range or interval. also: may stand without its unit, which a later number
    of the same list gave it. about: `about`, `nearly`.
    """

    raw: str
    value: Fraction
    step: Fraction
    start: int
    end: int
    unit: str = ""
    per: frozenset[str] = frozenset()
    kind: str = ""
    sign: str = ""
    role: str = ""
    noun: str = ""
    pair: Fraction | None = None
    also: bool = False
    about: bool = False
    minus: bool = False


@dataclass(slots=True)
class _Reading:
    text: str
    found: list[Quantity] = field(default_factory=list)


_PLAIN = str.maketrans({"·": ".", "−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "µ": "u", "μ": "u", "％": "%", "＜": "<", "＞": ">", "≦": "≤", "≧": "≥", "～": "~", "，": ",", "（": "(", "）": ")", "＝": "=", "\u00a0": " ", "\u2009": " ", "\u202f": " ", **{chr(0xFF10 + i): str(i) for i in range(10)}})  # fmt: skip
_NUMBER = re.compile(
    r"(?P<digits>(?<![\d.])(?:\d{1,3}(?:,\d{3}){1,5}(?![\d])(?:\.\d{1,12})?|\d{1,15}(?:\.\d{1,12})?|(?<!\w)\.\d{1,12}))"
    rf"|\b(?P<share>(?:(?:a|one|two|three|four|\d)[\s-])?(?:half(?!-li|\slife|\slives)|halves|thirds?|quarters?|fourths?|fifths?|tenths?))(?![\w-])"
    rf"|\b(?P<fold>(?:{WORDS}|\d{{1,3}})[\s-]?fold|doubled|tripled|quadrupled|halved|twice(?!\s(?:daily|a|per|weekly|each|every)))\b"
    rf"|\b(?P<word>(?:{WORDS})(?:[\s-](?:{WORDS}|hundred|thousand|million|and)){{0,4}})\b"
    r"|(?P<cnpart>[一二两三四五六七八九十百\d]{1,6}分之[一二两三四五六七八九十百零点\d.]{1,9})"
    r"|(?P<cnhalf>(?<![一])一半|半数)"
    r"|(?P<cn>[零〇一二两三四五六七八九十百千万]{1,12}(?=\s?(?:倍|例|名|年|个月|月|周|天|日|岁|毫克|克|微克|毫升|次|项|人|小时|分钟|成|%|篇|种|位)))",
    re.I,
)  # fmt: skip
_ONE_IN = re.compile(
    rf"\b(one|two|three|1|2|3)\s(?:in|out of(?: every)?)\s(?:every\s)?((?:{WORDS})|\d{{1,5}})\b(?!\s?%)", re.I
)
_NAME_BEFORE = re.compile(r"(?:(?<![A-Za-z])(?P<glued>[A-Za-zα-ω]{1,12}-?)|\b(?P<named>type|phase|stage|grade|class|group|vitamin|factor|step|day|week|tier|level|no\.|arm|table|figure|型|期|级)[\s]?)\Z", re.I)  # fmt: skip
_KINDS = (
    ("rrr", r"relative (?:risk )?reductions?|\bRRR\b|相对危险度降低"), ("arr", r"absolute (?:risk )?(?:reductions?|differences?)|\bARR\b"),
    ("hr", r"hazards? ratios?|\bHRs?\b|风险比"), ("or", r"odds ratios?|\bORs?\b|比值比|优势比"), ("irr", r"rate ratios?|\bIRRs?\b"),
    ("rr", r"relative risks?|risk ratios?|\bRRs?\b|相对危险度|相对风险"), ("smd", r"standardi[sz]ed mean differences?|\bSMD\b"),
    ("md", r"mean differences?|\bW?MD\b|均数差"), ("nnt", r"numbers? needed to treat|\bNNT\b"), ("nnh", r"numbers? needed to harm|\bNNH\b"),
    ("sensitivity", r"sensitivity|敏感[性度]|灵敏度"), ("specificity", r"specificity|特异[性度]"), ("ppv", r"positive predictive value|\bPPV\b"),
    ("npv", r"negative predictive value|\bNPV\b"), ("auc", r"\bAUC\b|area under"), ("median", r"\bmedian|中位"), ("mean", r"\bmean\b|average|平均"),
)  # fmt: skip
_KIND = tuple((name, re.compile(pattern, re.I if name in ("rrr", "median", "mean") else 0)) for name, pattern in _KINDS)
_LESS = re.compile(r"(?:<|≤|(?:no|not) (?:more|greater|higher|older) than|less than|fewer than|lower than|smaller than|younger than|below|under|up to|at most|小于|低于|少于|不超过|不足|至多)\s?=?\s{0,2}\Z", re.I)  # fmt: skip
_MORE = re.compile(r"(?:>|≥|(?:no|not) (?:less|fewer|lower|younger) than|more than|greater than|higher than|older than|above|over|at least|exceed(?:s|ed|ing)?|minimum of|大于|高于|超过|多于|至少|不少于|不低于)\s?=?\s{0,2}\Z", re.I)  # fmt: skip
_OR_MORE = re.compile(r"\s?(?:years?\s)?(?:(?:or|and) (?:more|older|above|higher|greater|over)|及?以上)", re.I)
_OR_LESS = re.compile(r"\s?(?:years?\s)?(?:(?:or|and) (?:less|fewer|younger|below|lower|under)|及?以下)", re.I)
_ABOUT = re.compile(r"(?:about|approximately|approx\.|around|nearly|almost|roughly|some|~|≈|约|大约|近|将近|几乎)\s{0,2}(?:an?\s)?\Z", re.I)  # fmt: skip
_P = re.compile(r"\bp(?:[\s-]{0,2}values?)?(?:\s?(?:for|of|by)\s(?:interaction|trend|heterogeneity|noninferiority|superiority|all))?\s{0,2}(?:was|were|is|of|值|值为)?\s{0,2}(?:less than|equal to)?\s{0,2}[=<>≤≥]{0,2}\s{0,2}\Z", re.I)  # fmt: skip
_LEVEL = re.compile(r"\s?(?:%|per\s?cent)?\s?-?\s?(?:two-sided\s|bootstrap\s|bayesian\s)?(?:CIs?\b|CrIs?\b|c\.i\.|confidence|credible|可信区间|置信区间)", re.I)  # fmt: skip
_CI = re.compile(r"(?:\bCIs?\b|\bCrIs?\b|c\.i\.|intervals?|区间|limits?)[\s:,=()\[\]CI为是of]{0,14}-?\Z")
_BETWEEN = re.compile(r"\b(?:between|from|介于|从)\s?\Z", re.I)
_TO = re.compile(r"\s{0,2}(?:-|~|to|through|至|到)\s{0,2}-?\Z", re.I)
_AND = re.compile(r"\s{0,2}(?:and|和)\s{0,2}\Z", re.I)
_COMMA = re.compile(r"\s{0,2}[,;]\s{0,2}-?\Z")
_LIST = re.compile(
    r"[\s,)]{0,3}(?:and|or|vs\.?|versus|to|compared (?:with|to)|against|与|和|或|至|到|、|对比|比|/|±|\+/-|-|~)[\s(]{0,2}-?\Z",
    re.I,
)
_SD = re.compile(r"(?:±|\+/-|\bSDs?\b|standard deviations?|标准差)[\s:=(]{0,3}\Z")
_NOUN = re.compile(r"[\s-]{0,2}([A-Za-z]{3,30})|\s?(例|名|人|项|次|篇|种|位)")
_NO_NOUN = frozenset("and for from had has have the was were with who than that out per are but not did does versus compared respectively which while between among after before vs fold times more less fewer".split())  # fmt: skip
_ORDINAL = re.compile(r"(?:st|nd|rd|th)\b", re.I)
_SCALE = re.compile(r"\s?(hundred|thousand|million|billion|千|百|万|亿)(?![A-Za-z克])", re.I)
_POWER = re.compile(r"\s?[x×*]\s?10\s?(?:\^|\()?\s?(-?\d{1,2})\)?", re.I)


def quantities(text: str) -> list[Quantity]:
    """The quantities of a text, in order."""
    text = text.translate(_PLAIN)
    reading = _Reading(text)
    ratios = {m.start(): m for m in _ONE_IN.finditer(text)}
    skip = 0
    for match in _NUMBER.finditer(text):
        at = match.start()
        if at < skip:
            continue
        if (ratio := ratios.get(at)) and (part := _one_in(ratio)):
            reading.found.append(part)
            skip = ratio.end()
        elif found := _read(text, match, reading.found[-1].end if reading.found else 0):
            reading.found.append(found)
            skip = found.end
    return _listed(text, _paired(text, reading.found))


def _read(text: str, match: re.Match[str], last: int) -> Quantity | None:
    group = str(match.lastgroup)
    if group == "digits":
        return _digits(text, match, last)
    raw = match[0].lower()
    start, end = match.span()
    about = bool(_ABOUT.search(text, max(0, start - 20), start))
    if group in ("share", "cnpart", "cnhalf"):
        value = share(raw) if group == "share" else chinese_part(raw) if group == "cnpart" else Fraction(1, 2)
        if value is None:
            return None
        return Quantity(match[0], 100 * value, Fraction(1), start, end, "%", role="share", about=about)
    if group == "fold":
        times = raw.removesuffix("fold").strip(" -")
        known = {"doubled": 2, "twice": 2, "tripled": 3, "quadrupled": 4}
        value = Fraction(1, 2) if raw == "halved" else Fraction(known.get(raw) or word(times) or times)
        return Quantity(match[0], value, Fraction(1), start, end, "fold", about=about)
    value = Fraction(chinese(raw)) if group == "cn" else word(raw)
    if value is None or (value <= 1 and not text[end : end + 8].lower().startswith(" hundred")):
        return None
    return _measured(text, Quantity(match[0], value, Fraction(1), start, end, role="word", about=about), last)


def _digits(text: str, match: re.Match[str], last: int) -> Quantity | None:
    start, end = match.span()
    raw = match[0]
    number = raw.replace(",", "")
    places = len(number.partition(".")[2])
    quantity = Quantity(raw, Fraction(number), Fraction(1, 10**places), start, end)
    before = text[max(last, start - 14, 0) : start]
    name = _NAME_BEFORE.search(before)
    glued = (
        name
        and name["glued"]
        and not re.fullmatch(r"(?:p|n|x|vs|to|and|or|of|by|in|ci|hr|rr|cm|mg|the)-?", name["glued"], re.I)
    )
    if name and (glued or (name["named"] and not places and len(raw) <= 3)):
        return replace(quantity, role="name", noun=re.sub(r"\W", "", name[0]).lower())
    if _ORDINAL.match(text, end):
        return replace(quantity, role="name", noun="th")
    return _measured(text, quantity, last)


def _measured(text: str, q: Quantity, last: int) -> Quantity:
    """With everything that stands around the number."""
    end, value, step = q.end, q.value, q.step
    if power := _POWER.match(text, end):
        scale = Fraction(10) ** int(power[1])
        value, step, end = value * scale, step * scale, power.end()
    elif scaled := _SCALE.match(text, end):
        scale = Fraction(SCALES[scaled[1].lower()])
        value, step, end = value * scale, step * scale, scaled.end()
    before = text[max(last, q.start - 60) : q.start]
    minus = before.endswith("-") and not before[-2:-1].isalnum() and before[-2:-1] not in (")", "%")
    near = before[:-1] if minus else before
    sign = "<" if _LESS.search(near[-26:]) else ">" if _MORE.search(near[-26:]) else ""
    q = replace(
        q, value=value, step=step, end=end, minus=minus, sign=sign, about=q.about or bool(_ABOUT.search(near[-20:]))
    )
    if _LEVEL.match(text, end):
        return replace(q, role="level")
    if _P.search(near[-44:]):
        return replace(q, role="p")
    if text.startswith("成", end):
        return replace(q, value=value * 10, step=step * 10, unit="%", end=end + 1)
    q = _with_unit(text, q)
    if _SD.search(near[-22:]):
        return replace(q, role="sd")
    sign = q.sign or (">" if _OR_MORE.match(text, q.end) else "<" if _OR_LESS.match(text, q.end) else "")
    noun = _NOUN.match(text, q.end) if not q.unit else None
    name = (noun[1] or noun[2] or "").lower() if noun else ""
    kind = next((k for k, pattern in _KIND if pattern.search(near)), "")
    return replace(q, sign=sign, kind=kind, noun="" if name in _NO_NOUN else stem(name))


def _with_unit(text: str, q: Quantity) -> Quantity:
    unit, factor, end = unit_at(text, q.end)
    if unit == "month" and factor == 12 and text[end - 1] == "年" and 1800 <= q.value <= 2100:
        return replace(q, end=end)
    if unit == "activity" and text[q.end : end].strip().lower() == "u" and not text[q.end : end].endswith("U"):
        return q
    per: set[str] = set()
    for _ in range(3):
        match = PER.match(text, end) or (DAILY.match(text, end) if unit else None)
        if not match or not (unit or match[0].startswith(("/", " per", "每"))):
            break
        name = str(match.lastgroup)
        if name in VOLUMES and unit in ("mass", "amount", "activity", "equivalent", "") and "/" not in unit:
            unit, factor = f"{unit}/volume", factor / VOLUMES[name]
        else:
            per.add(name)
        end = match.end()
    return replace(q, value=q.value * factor, step=q.step * factor, unit=unit, per=frozenset(per), end=end)


def _paired(text: str, found: list[Quantity]) -> list[Quantity]:
    """With the other ends of ranges and intervals."""
    for i in range(len(found) - 1):
        low, high = found[i], found[i + 1]
        between = text[low.end : high.start]
        before = text[max(0, low.start - 30) : low.start]
        interval = bool(_CI.search(before))
        joined = (
            _TO.fullmatch(between)
            or (_BETWEEN.search(before) and _AND.fullmatch(between))
            or (interval and _COMMA.fullmatch(between))
        )
        if joined and low.role == "name" and not high.unit and high.role == "":
            found[i + 1] = replace(high, role="name", noun=low.noun)  # "phase 1-2"
        if not joined or "name" in (low.role, high.role) or low.role in ("p", "level"):
            continue
        if high.unit and not low.unit:
            low = _like(low, high)
        role = "ci" if interval else "range"
        # The hyphen of a range is no minus of its second end.
        found[i] = replace(low, role=role, pair=high.value)
        found[i + 1] = replace(high, role=role, pair=low.value, minus=high.minus and "to" in between)
    return found


def _listed(text: str, found: list[Quantity]) -> list[Quantity]:
    """A list's last unit is that of all its numbers: `2.5, 5 or 10 mg`."""
    for i in range(len(found) - 2, -1, -1):
        this, after = found[i], found[i + 1]
        if (
            this.unit
            or this.role not in ("", "range", "word")
            or not after.unit
            or after.role == "name"
            or is_year(this)
        ):
            continue
        between = text[this.end : after.start]
        if _LIST.fullmatch(between) or (after.also and between.strip() in (",", "")):
            found[i] = replace(_like(this, after), also=this.role != "range")
    return found


def is_year(q: Quantity) -> bool:
    """Whether a number may be a calendar year."""
    return not q.unit and q.step == 1 and 1900 <= q.value <= 2100 and "," not in q.raw


def _like(this: Quantity, other: Quantity) -> Quantity:
    """With the other's unit: `step` shows what one of it is in the base."""
    places = this.step if this.step < 1 else Fraction(1)
    written = other.raw.replace(",", "")
    own = Fraction(1, 10 ** len(written.partition(".")[2])) if re.fullmatch(r"[\d.]+", written) else Fraction(1)
    factor = other.step / own
    return replace(this, value=this.value * factor, step=places * factor, unit=other.unit, per=other.per, noun="")


def _one_in(match: re.Match[str]) -> Quantity | None:
    part, whole = (Fraction(w) if w.isdigit() else word(w.lower()) for w in match.groups())
    if part is None or whole is None or whole <= part or whole > 20_000 or 1900 <= whole <= 2100:
        return None
    return Quantity(match[0], 100 * part / whole, Fraction(1), *match.span(), "%", role="share")
