"""Shifts a date by a number of days and writes it in the form in which it came.

Decides which forms are read: those that `dates.py` and `chinese.py` find. A form it cannot read becomes its year, and
where there is none `[date]`. A date without a year is shifted within a common year; of month and year the 15th is
taken. A day that does not exist ("2/30/2021") becomes its year. Knows nothing of keys.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable

_MONTHS = "january february march april may june july august september october november december".split()
_DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_ZH_DAYS = "一二三四五六日"
_YEAR = re.compile(r"(?<!\d)(?:18|19|20)\d\d(?!\d)")
# A common year, for dates that have none.
_NO_YEAR = 2001
_WORD = re.compile(r"[A-Za-z]{3,9}")
_NUMERIC = re.compile(r"^(\d{1,4})([-/. ])(\d{1,2})\2(\d{1,4})(.*)$", re.S)


def shifted(value: str, *, days: int) -> str:
    """The date as written, `days` later. Never raises: see the module."""
    for form in (_numbers, _compact, _chinese, _words, _weekday, _fraction):
        try:
            moved = form(value, days)
        except (ValueError, OverflowError):
            return year_of(value)
        if moved is not None:
            return moved
    return year_of(value)


def year_of(value: str) -> str:
    """The year that a date names, else `[date]`."""
    found = _YEAR.search(value)
    return found.group() if found else "[date]"


def _move(year: int, month: int, day: int, days: int) -> datetime.date:
    return datetime.date(year, month, day) + datetime.timedelta(days)


def _numbers(value: str, days: int) -> str | None:
    m = _NUMERIC.match(value)
    if not m:
        return None
    a, sign, b, c, rest = m.groups()
    if len(a) == 4:
        day = _move(int(a), int(b), int(c), days)
        padded = len(b) == 2 and len(c) == 2
        return f"{day.year}{sign}{day.month:0{2 if padded else 1}}{sign}{day.day:0{2 if padded else 1}}{rest}"
    year = int(c) if len(c) == 4 else _century(int(c))
    # 13 to 31 cannot be a month; dots are written where days come first.
    first_is_day = int(a) > 12 or (sign == "." and int(b) <= 12)
    day = _move(year, int(b if first_is_day else a), int(a if first_is_day else b), days)
    parts = (day.day, day.month) if first_is_day else (day.month, day.day)
    width = 2 if len(a) == 2 and len(b) == 2 else 1
    shown = f"{day.year}" if len(c) == 4 else f"{day.year % 100:02}"
    return f"{parts[0]:0{width}}{sign}{parts[1]:0{width}}{sign}{shown}{rest}"


def _century(year: int) -> int:
    return 2000 + year if year <= datetime.date.today().year % 100 else 1900 + year


def _compact(value: str, days: int) -> str | None:
    if not re.fullmatch(r"(?:19|20)\d{6}", value):
        return None
    return _move(int(value[:4]), int(value[4:6]), int(value[6:]), days).strftime("%Y%m%d")


def _chinese(value: str, days: int) -> str | None:
    m = re.fullmatch(r"(?:((?:19|20)\d\d)([ ]?年[ ]?))?(\d{1,2})([ ]?月[ ]?)(?:(\d{1,2})([ ]?[日号]))?", value)
    if m:
        day = _move(int(m[1] or _NO_YEAR), int(m[3]), int(m[5] or 15), days)
        return (f"{day.year}{m[2]}" if m[1] else "") + f"{day.month}{m[4]}" + (f"{day.day}{m[6]}" if m[5] else "")
    m = re.fullmatch(r"(周|星期|礼拜)([一二三四五六日天])", value)
    if m:
        return m[1] + _ZH_DAYS[(_ZH_DAYS.index(m[2].replace("天", "日")) + days) % 7]
    return "某日" if re.search("[\u4e00-\u9fff]", value) and not _YEAR.search(value) else None


def _words(value: str, days: int) -> str | None:
    names = [(w, _month(w.group())) for w in _WORD.finditer(value)]
    found = next(((w, n) for w, n in names if n), None)
    if found is None:
        return None
    word, month = found
    year, number = _YEAR.search(value), re.search(r"(?<!\d)(\d{1,2})(st|nd|rd|th)?(?!\d)", value)
    short = re.search(r"(?:'|[ -])(\d\d)$", value) if not year else None
    if short and number and short.start(1) == number.start(1):
        number, short = (
            (number, None) if word.start() < number.start() and "'" not in value and "-" not in value else (None, short)
        )
    when = int(year.group()) if year else _century(int(short[1])) if short else _NO_YEAR
    day = _move(when, month, int(number[1]) if number else 15, days)
    changes = [(word.start(), word.end(), _like(_MONTHS[day.month - 1], word.group()))]
    if number:
        changes.append((number.start(), number.end(), f"{day.day}{_ordinal(day.day) if number[2] else ''}"))
    if year:
        changes.append((*year.span(), str(day.year)))
    elif short:
        changes.append((*short.span(1), f"{day.year % 100:02}"))
    return _changed(value, changes)


def _month(word: str) -> int:
    low = word.lower()
    return next((i + 1 for i, name in enumerate(_MONTHS) if low == name or low in (name[:3], name[:4])), 0)


def _ordinal(day: int) -> str:
    return "th" if 10 < day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


def _like(word: str, model: str) -> str:
    short = word[: len(model)] if len(model) <= 4 and model.lower() not in ("june", "july") else word
    change: Callable[[str], str] = str.upper if model.isupper() else str.title if model[0].isupper() else str.lower
    return change(short)


def _changed(value: str, changes: list[tuple[int, int, str]]) -> str:
    for start, end, new in sorted(changes, reverse=True):
        value = value[:start] + new + value[end:]
    return value


def _weekday(value: str, days: int) -> str | None:
    bare = value.lower().rstrip("s")
    if bare not in _DAYS:
        return None
    new = _DAYS[(_DAYS.index(bare) + days) % 7] + ("s" if value.lower().endswith("ys") else "")
    return _like(new, value)


def _fraction(value: str, days: int) -> str | None:
    m = re.fullmatch(r"(\d{1,2})/(\d{1,4})", value)
    if not m:
        return None
    if len(m[2]) == 4:
        day = _move(int(m[2]), int(m[1]), 15, days)
        return f"{day.month}/{day.year}"
    day = _move(_NO_YEAR, int(m[1]), int(m[2]), days)
    return f"{day.month}/{day.day}"
