"""Which days a question's words of time mean: "since March", "in the last 6 months", "between 2010 and 2015", 去年三月.

Decides on calendar days against a given today: a month without a year is the most recent past one, "last year" is the
calendar year before and "the last year" the twelve months to today, "since 2019" begins with 2019 and "after 2019" ends
it. A date such as 03/05/2019, which two countries read as two days, is not read. Knows nothing of what is asked.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from rag.number_words import WORDS, chinese, word


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day, both included, ISO, "" where open. near: the nearest value is wanted as well. rest: the text
    without the words of time. clear: whether no words of time are left that could not be read."""

    since: str = ""
    until: str = ""
    near: bool = False
    rest: str = ""
    clear: bool = True


Days = tuple[date, date]
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_N = rf"(?:\d{{1,3}}|an?|few|couple\sof|(?:{WORDS})(?:[\s-](?:{WORDS}))?)"
_UNIT = r"(?:days?|weeks?|months?|years?|decades?)"
_ENGLISH = re.compile(
    r"\b(?P<iso>\d{4}[-/]\d{1,2}(?:[-/]\d{1,2})?)(?![\d/-])"
    rf"|\b(?P<mdy>{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?(?![\d/])(?:,?\s\d{{4}})?)\b"
    rf"|\b(?P<dmy>\d{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?{_MONTH}(?:,?\s\d{{4}})?)"
    rf"|\b(?P<my>(?:(?:last|this)\s)?{_MONTH}(?:,?\s(?:of\s)?\d{{4}}\b)?)"
    rf"|\b(?P<rolling>(?:the\s)?(?:last|past|previous|recent)\s(?:{_N}\s)?{_UNIT})\b"
    rf"|\b(?P<ago>{_N}\s{_UNIT}\sago)\b"
    r"|\b(?P<this>today|yesterday|this\s(?:year|month|week))\b"
    r"|\b(?P<decade>(?:the\s)?(?:19|20)\d0s)\b"
    r"|(?<![/-])\b(?P<year>(?:the\syear\s)?(?:19|20)\d\d)\b(?![/-]\d)"
)
_BEFORE = re.compile(
    r"\b(since|from|after|as of|starting(?: in| from)?|between|before|prior to|until|till|up to|through|by|in|during|"
    r"on|at|for|over|within|throughout|of|around|about|near|nearest(?: to)?|"
    r"closest to|close to|back in|dated)\s(?:the\s)?$"
)
_JOIN = re.compile(r"\s?(?:and|to|-|–|until|through|till)\s(?:the\s)?|\s?[-–]\s?")
_CN = "[一二两三四五六七八九十]"
_CNUNIT = r"(?:天|日|周|星期|个?月|年)"
_CHINESE = re.compile(
    r"(?P<iso>(?<!\d)\d{4}[-/]\d{1,2}(?:[-/]\d{1,2})?(?![\d/-]))"
    rf"|(?P<rolling>(?:最近|近|过去|这|前)的?(?:\d{{1,3}}|{_CN}{{1,3}}|半|几){{1,2}}个?{_CNUNIT}半?)(?!前)"
    rf"|(?P<ago>(?:\d{{1,3}}|{_CN}{{1,3}}|半)个?{_CNUNIT}半?(?:之前|以前|前))"
    r"|(?P<this>今天|昨天|上个?月|本月|这个?月|上周|上星期|本周|这周)(?!\d)"
    rf"|(?P<ymd>(?:(?<!\d)(?:19|20)\d\d年?|[一二][〇零一二三四五六七八九]{{3}}年|大前年|前年|去年|今年)"
    rf"(?:的?(?:\d{{1,2}}|{_CN}{{1,3}})月份?(?:(?:\d{{1,2}}|{_CN}{{1,3}})[日号])?)?"
    rf"|(?<!\d)(?:\d{{1,2}}|{_CN}{{1,3}})月份?(?:(?:\d{{1,2}}|{_CN}{{1,3}})[日号])?)"
)
_BEFORE_CN = re.compile(r"(自从|自|从|截至|截止到|截止|直到|在)$")
_AFTER_CN = re.compile(
    r"(以来|以后|之后|开始|至今|到现在|起|后|以前|之前|前后|前|左右|附近|期间|之间|那天|当天|当时|时)"
)
_JOIN_CN = re.compile(r"\s?(?:到|至|和|与|-|–|~|—)\s?")
# Words of time that only other facts could resolve.
_UNCLEAR = re.compile(
    r"\b(?:since|after|before)\s(?:(?:his|her|their|the|last|first|previous)\s){1,3}(?:\w+\s)?(?:visit|admission|surgery|"
    r"operation|discharge|appointment|birth|pregnancy|hospitali[sz]ation)\b|\b\d{1,2}/\d{1,2}(?:/\d{2,4})?\b"
    r"|(?:上次|入院|出院|手术|住院)(?:以来|以后|之后|以前|之前)"
)


def period(text: str, *, today: date) -> Period:
    """The period that a question in lower case names, and the question without it."""
    zh = bool(re.search("[\u4e00-\u9fff]", text))
    found = [(m, days) for m in (_CHINESE if zh else _ENGLISH).finditer(text) if (days := _days(m, text, today))]
    since = until = ""
    near, cuts = False, list[tuple[int, int]]()
    at = 0
    while at < len(found):
        match, days = found[at]
        begin, end, word_ = _around(text, match, zh=zh)
        after = found[at + 1] if at + 1 < len(found) else None
        if after and (_JOIN_CN if zh else _JOIN).fullmatch(text[match.end() : after[0].start()]):
            since, until = days[0].isoformat(), after[1][1].isoformat()
            end, at = _around(text, after[0], zh=zh)[1], at + 1
        else:
            first, last = _ends(days, "in" if word_ in ("from", "as") and not _ON.search(text) else word_)
            since, until = first or since, last or until
        near |= word_ in _NEAR
        cuts.append((begin, end))
        at += 1
    rest = text
    for begin, end in reversed(cuts):
        rest = rest[:begin] + " | " + rest[end:]
    return Period(since, until, near, rest, not _UNCLEAR.search(rest) and since <= (until or "9"))


# "The glucose from May 5" is of that day; "a change from May 5" begins there.
_ON = re.compile(r"\b(?:chang|trend|evol|develop|ris[ei]|fall|went|gone|go(?:es|ing)? (?:up|down))")
_NEAR = frozenset("around about near nearest closest close 左右 附近 前后".split())
_SINCE = frozenset("since from starting as 自从 自 从 以来 以后 之后 开始 至今 到现在 起 后".split())
_UNTIL = frozenset("until till up through by 截至 截止到 截止 直到".split())


def _around(text: str, match: re.Match[str], *, zh: bool) -> tuple[int, int, str]:
    """Where a date begins with its preposition and ends with what follows it, and the first word of that."""
    before = (_BEFORE_CN if zh else _BEFORE).search(text[: match.start()])
    after = _AFTER_CN.match(text, match.end()) if zh else re.compile(r"\s?(onwards?)\b").match(text, match.end())
    begin, end = before.start() if before else match.start(), after.end() if after else match.end()
    word_ = before[1].split()[0] if before else ""
    if after and after[1] not in ("期间", "之间", "那天", "当天", "当时", "时"):
        word_ = "since" if not zh else after[1]
    return begin, end, word_


def _ends(days: Days, word_: str) -> tuple[str, str]:
    first, last = days
    if word_ == "after":
        return (last + timedelta(1)).isoformat(), ""
    if word_ in _SINCE:
        return first.isoformat(), ""
    if word_ in ("before", "prior", "以前", "之前", "前"):
        return "", (first - timedelta(1)).isoformat()
    if word_ in _UNTIL:
        return "", last.isoformat()
    return first.isoformat(), last.isoformat()


def _days(match: re.Match[str], text: str, today: date) -> Days | None:
    """The first and last day that one match means; None where it is no date ("may he …") or none of the calendar."""
    kind, raw = str(match.lastgroup), match[0].replace(",", "").replace(".", "")
    try:
        if kind == "iso":
            return _of(*(int(n) for n in re.split("[-/]", raw)))
        if kind in ("rolling", "ago", "this"):
            return _relative(raw, kind, today)
        if kind == "decade":
            return date(int(raw[-5:-1]), 1, 1), date(int(raw[-5:-1]) + 9, 12, 31)
        if kind == "year":
            return _of(int(raw[-4:]))
        if kind == "ymd":
            return _chinese_date(raw, today)
        return _named_month(raw, text[: match.start()], today)
    except (ValueError, OverflowError):
        return None


def _of(year: int, month: int = 0, day: int = 0) -> Days:
    if not month:
        return date(year, 1, 1), date(year, 12, 31)
    if not day:
        return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
    return date(year, month, day), date(year, month, day)


def _past(month: int, day: int, today: date, *, before: int = 0) -> Days:
    """The most recent month, or day of a month, that has begun `before` months ago or earlier."""
    last = _months(today.replace(day=1), -before)
    days = _of(last.year, month, day)
    return (
        days if days[0] <= (today if not before else _of(last.year, last.month)[1]) else _of(last.year - 1, month, day)
    )


def _named_month(raw: str, before: str, today: date) -> Days | None:
    name = next(w for w in raw.split() if w[:3] in _MONTHS)
    numbers = [int(re.sub(r"\D", "", w)) for w in raw.split() if w[0].isdigit()]
    if (
        name == "may"
        and raw == "may"
        and not re.search(r"\b(?:since|in|from|until|before|after|between|and|to|of)\s$", before)
    ):
        return None
    month = _MONTHS.index(name[:3]) + 1
    day = next((n for n in numbers if n < 32), 0)
    if year := next((n for n in numbers if n > 999), 0):
        return _of(year, month, day)
    if raw.startswith("this"):
        return _of(today.year, month, day)
    return _past(month, day, today, before=1 if raw.startswith("last") else 0)


def _chinese_date(raw: str, today: date) -> Days | None:
    year, _, rest = raw.rpartition("年") if "年" in raw else ("", "", raw)
    if not year and (bare := re.match(r"(?:19|20)\d\d(?!\d)", rest)):
        year, rest = bare[0], rest[4:]
    parts = [_number(n) for n in re.findall(rf"\d+|{_CN}+", rest)]
    numbers = [*parts, 0, 0][:2]
    if not year:
        return _past(numbers[0], numbers[1], today) if 1 <= numbers[0] <= 12 else None
    back = {"今": 0, "去": 1, "前": 2, "大前": 3}
    if year in back:
        return _of(today.year - back[year], *numbers)
    digits = year if year.isdigit() else "".join(str(chinese(c)) for c in year)
    return _of(int(digits), *numbers)


def _number(raw: str) -> int:
    return int(raw) if raw.isdigit() else chinese(raw)


def _months(day: date, by: int) -> date:
    index = day.year * 12 + day.month - 1 + by
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _relative(raw: str, kind: str, today: date) -> Days | None:
    raw = raw.removeprefix("the ") if "the " in raw and len(raw.split()) > 3 else raw
    week = today - timedelta(today.weekday())
    last_month = _months(today, -1)
    calendar_ = {
        "today": (today, today), "yesterday": (today - timedelta(1),) * 2, "this year": _of(today.year),
        "this month": _of(today.year, today.month), "this week": (week, week + timedelta(6)),
        "month": _of(last_month.year, last_month.month), "year": _of(today.year - 1),
        "week": (week - timedelta(7), week - timedelta(1)),
    }  # fmt: skip
    same = {"今天": "today", "昨天": "yesterday", "本月": "this month", "这月": "this month", "上月": "month"}
    same |= {"上周": "week", "上星期": "week", "本周": "this week", "这周": "this week"}
    name = (
        same.get(raw.replace("个", ""), raw) if kind == "this" else raw.removeprefix("last ").removeprefix("previous ")
    )
    if name in calendar_:
        return calendar_[name]
    amount, unit = _amount(raw)
    if amount is None:
        return None
    if unit in "dw":
        then = today - timedelta(round(amount * (1 if unit == "d" else 7)))
    else:
        then = _months(today, -round(amount * {"m": 1, "y": 12, "D": 120}[unit]))
    if kind == "rolling":
        return then, today
    # "2 years ago" is a time, not a day: as wide as its unit.
    return (then, then) if unit in "dw" else _of(then.year, then.month) if unit == "m" else _of(then.year)


def _amount(raw: str) -> tuple[float | None, str]:
    """How many of which unit: d, w, m, y or D (decades)."""
    if chinese_ := re.search(rf"(\d+|{_CN}+|半|几)?个?(天|日|周|星期|月|年)(半?)", raw):
        n, unit, half = chinese_.groups()
        if n == "几":
            return None, "d"
        count = 0.5 if n == "半" else float(_number(n)) if n else 1.0
        return count + (0.5 if half else 0), {"天": "d", "日": "d", "周": "w", "星期": "w", "月": "m", "年": "y"}[unit]
    match = re.search(rf"(?:({_N})\s)?({_UNIT})\b", raw)
    if not match or match[1] in ("few",):
        return None, "d"
    n = match[1] or "1"
    count = int(n) if n.isdigit() else {"a": 1, "an": 1, "couple of": 2}.get(n) or int(word(n) or 1)
    return float(count), "D" if match[2].startswith("decade") else match[2][0]
