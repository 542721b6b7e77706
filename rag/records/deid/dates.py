"""Dates finer than a year, and ages over 89, in English text.

Decides what is a date: days and months in the usual orders, month and year, weekdays, holidays, month and day. A year
alone is none, nor is a span ("three days ago") that hangs on nothing. "5/5" is strength and "2/6" a murmur: a bare
fraction is a date only after a word such as "on". "May" and "March" count as months only where a month can stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.records.deid.types import Finding


def _scanned(name: str) -> str:
    """The name as a scanner may misread it."""
    return "".join({"e": "[ec]", "o": "[o0]", "l": "[l1]", "i": "[il1]", "m": "(?:m|rn)"}.get(c, c) for c in name)


_NAMES = "jan-uary feb-ruary mar-ch apr-il may jun-e jul-y aug-ust sep-tember sept oct-ober nov-ember dec-ember".split()
MONTH = rf"(?:{'|'.join(_scanned(a) + (f'(?:{_scanned(b)})?' if b else '') for a, _, b in (n.partition('-') for n in _NAMES))})"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
_YEAR = r"(?:19|20)\d\d"
_TIME = r"(?:[T ]\d{1,2}:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:?\d\d)?)?"
_SURE = tuple(re.compile(p, re.I | re.A) for p in (
    rf"(?<![\d/.-])(?:19|20)\d\d[-/.](?:1[0-2]|0?[1-9])[-/.](?:3[01]|[12]\d|0?[1-9]){_TIME}(?![\d/-])",
    r"(?<![\d/.-])(?:3[01]|[12]\d|0?[1-9])[/.-](?:3[01]|[12]\d|0?[1-9])[/.-](?:(?:18|19|20)\d\d|\d\d)(?![\d/-]|\.\d)",
    rf"\b{MONTH}\.?[ ]?{_DAY}(?:[ ]?,)?[ ]{{0,2}}'?(?:{_YEAR}|\d\d(?=[\s.,;)]|$)(?!\s?(?:year|mg|y)))(?!\d)",
    rf"(?<![\d/.])\b{_DAY}[ -]?(?:of[ ])?{MONTH}\.?,?[ -]?(?:'?\d\d(?!\d)|{_YEAR})(?!\d)",
    rf"\b{MONTH}\.?,?[ /-](?:of[ ])?'?{_YEAR}\b",
    rf"\b(?:spring|summer|autumn|fall|winter)[ ](?:of[ ])?{_YEAR}\b",
    rf"(?<![\d/.])(?:1[0-2]|0?[1-9])/{_YEAR}(?![\d/])",
))  # fmt: skip
# "May 3" and "3 May", no year; "may 1" of a sentence in lower case is rare enough.
_NO_YEAR = re.compile(
    rf"\b{MONTH}\.?[ ]{_DAY}(?!\d|[./%]\d|%|[ ](?:mg|days?|weeks?|months?|years?|times?|out of))|(?<![\d/.])\b(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?[ -](?:of[ ])?{MONTH}\b(?!['-])",
    re.I | re.A,
)
_ALONE = re.compile(
    rf"(?<![A-Za-z])(?:in|since|until|till|by|last|this|next|early|late|mid|of|from|through|during|before|after|around|and|to|every|between|,)[ -]{MONTH}\b(?![ ](?:have|be|not|also|need|cause|help|want|take|benefit|require|consider|\d))",
    re.I | re.A,
)
_FRACTION = re.compile(
    r"(?i)(?<![a-z])(?:on|since|until|from|by|dated|date|seen|admitted|discharged|visit|due|of|and|through|to|before|after|surgery|week of)[ :]{1,2}(?P<v>(?:1[0-2]|0?[1-9])/(?:3[01]|[12]\d|0?[1-9]))(?![\d/%]|[ ]?(?:strength|murmur|systolic|pain|scale|in (?:all|both|the)))"
)
_WEEKDAY = re.compile(
    r"\b(?:mon|tu[ec]s?|wedn[ec]s|thurs?|fri|satur|sun)days?\b|(?<![A-Za-z])(?:Mon|Tues?|Weds?|Thurs?|Fri)(?=[ ,.]{1,2}\d)",
    re.I | re.A,
)
_HOLIDAY = re.compile(
    r"\b(?:chr[il1]stmas(?:[ ](?:eve|day))?|xmas|thanksgiving(?:[ ]day)?|(?:labor|labour|me(?:m|rn)orial|veterans?'?|independence|valentine'?s|mother'?s|father'?s|new[ ]year'?s|mlk|presidents'?|columbus|boxing|canada|anzac|bastille|st\.?[ ]patrick'?s)[ ](?:day|eve)(?:[ ]weekend)?|new[ ]year(?:'?s)?|easter(?:[ ]sunday)?|hanukkah|passover|ramadan|eid(?:[ ]al-(?:fitr|adha))?|diwali|halloween|(?:the[ ])?(?:4th|fourth)[ ]of[ ]july|juneteenth|lunar[ ]new[ ]year|chinese[ ]new[ ]year|good[ ]friday|yom[ ]kippur|rosh[ ]hashanah|cinco[ ]de[ ]mayo|kwanzaa|nowruz|holi|mardi[ ]gras)\b",
    re.I | re.A,
)
_BORN = re.compile(
    r"(?i)(?<![a-z])(?:dob|d\.o\.b\.?|dod|date of (?:birth|death|service|visit|admission|discharge)|birth ?(?:date|day)|born(?: on)?)[ :.#-]{0,4}(?:is|was)?[ :]{0,2}(?P<v>\d{6}(?:\d\d)?|\d{1,2}[ ]\d{1,2}[ ]\d{2,4}|\d{1,2}/\d{1,2})(?!\d)"
)
_OLD = r"(?P<v>9\d|1[0-2]\d)"
_NINETIES = r"(?P<v>(?:ninety(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?|(?:a|one) hundred(?:[ ](?:and[ ])?(?:one|two|three|four|five|six|seven|eight|nine|ten))?))"
_AGES = tuple(re.compile(p, re.I | re.A) for p in (
    rf"(?<![\d.,/$-]){_OLD}(?=[ -]{{0,2}}(?:years?|yrs?|yo\b|y/o|y\.o|yr\b|y\b)[ -]{{0,2}}(?:old|of age|o\b|[mf]\b|male|female|wom|man|gentle|lady|patient|[,.;)]|$)|[ -]?(?:yo|y/o|y\.o\.?|yof|yom)\b)",
    rf"\b(?:age[ds]?|aged|turned|turning|turns)(?:[ ]?(?:of|is|was|:|at|=|at death:?|about|around))?[ :]{{0,2}}{_OLD}(?![\d%/.]\d|\d|%|[ ]?(?:mg|kg|lb|mm|cm|days|months|weeks))",
    rf"(?<![\d./-]){_OLD}(?=[ -]?(?:[MF]|male|female|[WB][MF])\b)",
    rf"\b(?:(?:wo)?man|lady|gentleman|(?:fe)?male|patient|resident|widow(?:er)?)(?: of|,| \(|, age)[ ]?{_OLD}(?![\d%/.]\d|\d|%|[ ]?(?:mg|kg|lb|mm|cm|days|months|weeks))",
    rf"\b(?:(?:wo)?man|lady|gentleman|(?:fe)?male|patient|resident|widow(?:er)?)(?: of|,| \(|, age)[ ]?{_NINETIES}\b",
    rf"\b{_NINETIES}(?=[ -]{{1,2}}(?:years?|yrs?|yo\b|y/o|y\.o))",
    rf"\b(?:age[ds]?|aged|turned|turning|age of|at)[ :]{{1,2}}{_NINETIES}\b(?![ ](?:percent|mg|degrees|minutes|days))",
    r"\bin (?:his|her|their|the|my) (?P<v>(?:early |mid[ -]?|late )?(?:90'?s|nineties|100'?s))(?![ ]?(?:%|percent))",
    r"\b(?P<v>nonagenarian|centenarian|supercentenarian)\b",
    rf"\b(?:lived|died|reached|passed away)[ ](?:to(?: be)?|at|age|to age)[ ](?:age[ ])?{_NINETIES}\b",
    rf"\b(?:mother|father|grand(?:mother|father)|aunt|uncle|died|lived|passed away|deceased|reached)[ ](?:is|was|to(?: be)?|at|to age|at the age of)[ ]{_OLD}(?![\d%/.]\d|\d|%|[ ]?(?:mg|kg|lb|mm))",
))  # fmt: skip


def find_dates(folded: str) -> Iterator[Finding]:
    """Findings in a folded text, in no order; some overlap."""
    for pattern in _SURE:
        for m in pattern.finditer(folded):
            if (
                m.group()[0] in "0123456789"
                or not m.group().lower().startswith(("may ", "mar "))
                or m.group()[-1].isdigit()
            ):
                yield Finding(m.start(), m.end(), "date", 0.95)
    for m in _NO_YEAR.finditer(folded):
        yield Finding(m.start(), m.end(), "date", 0.8)
    for m in _ALONE.finditer(folded):
        month = re.search(rf"{MONTH}$", m.group(), re.I | re.A)
        # Only "May", "March" and the short forms are words too; those need their capital unless "in" and the like do.
        if month and _month_here(month.group(), m.group()):
            yield Finding(m.start() + month.start(), m.end(), "date", 0.7)
    for pattern in (_FRACTION, _BORN):
        for m in pattern.finditer(folded):
            yield Finding(m.start("v"), m.end("v"), "date", 0.75 if pattern is _FRACTION else 0.95)
    for pattern, score in ((_WEEKDAY, 0.75), (_HOLIDAY, 0.75)):
        for m in pattern.finditer(folded):
            yield Finding(m.start(), m.end(), "date", score)
    for pattern in _AGES:
        for m in pattern.finditer(folded):
            yield Finding(m.start("v"), m.end("v"), "date", 0.93)


def _month_here(month: str, seen: str) -> bool:
    word, before = month.lower(), seen[: -len(month)].strip(" -").lower()
    if word in ("may", "march"):
        return before in ("in", "since", "until", "last", "this", "next", "early", "late", "mid", "of", "by") and (
            month[0].isupper() or before in ("in", "since", "last", "early", "late", "mid")
        )
    if word in ("mar", "dec", "jan", "jun", "sep", "oct", "nov", "aug", "apr", "feb", "jul"):
        return month[0].isupper() and before not in ("and", ",", "of")
    return before != "," or month[0].isupper()
