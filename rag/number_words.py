"""Numbers written as words, in English and Chinese: `twenty-five`, `two-thirds`, `三百`, `百分之二十`.

Knows nothing of what stands around them.
"""

from __future__ import annotations

import re
from fractions import Fraction

_SMALL = {
    w: i
    for i, w in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
}
_TENS = {w: 10 * i for i, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)}
_CHINESE = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
SCALES = {
    "hundred": 100,
    "thousand": 1000,
    "million": 10**6,
    "billion": 10**9,
    "千": 1000,
    "百": 100,
    "万": 10**4,
    "亿": 10**8,
}
WORDS = "|".join([*sorted([*_SMALL, *_TENS], key=len, reverse=True)])


def share(raw: str) -> Fraction | None:
    """`two-thirds`, `a quarter`, `half`; None for an ordinal (`the third trimester`)."""
    first, _, last = raw.replace("-", " ").rpartition(" ")
    parts = {"hal": 2, "thi": 3, "qua": 4, "fou": 4, "fif": 5, "ten": 10}
    if not first and last not in ("half", "halves"):
        return None  # "the third trimester", "a fifth" has its article
    count = {"": 1, "a": 1}.get(first) or (int(first) if first.isdigit() else int(word(first) or 1))
    return Fraction(count, parts[last[:3]])


def word(raw: str) -> Fraction | None:
    """`twenty-five`, `three hundred`; None if it is no number. Lower case."""
    total, part = 0, 0
    for each in re.split(r"[\s-]", raw):
        if each in SCALES:
            part = (part or 1) * SCALES[each]
            total, part = (total + part, 0) if SCALES[each] > 100 else (total, part)
        elif each in _SMALL or each in _TENS:
            part += _SMALL.get(each, 0) + _TENS.get(each, 0)
        elif each != "and":
            return None
    return Fraction(total + part)


def chinese(raw: str) -> int:
    """`三百二十`."""
    total, part, digit = 0, 0, 0
    for c in raw:
        if c in _CHINESE:
            digit = _CHINESE[c]
        elif c == "万":
            total, part, digit = (total + part + digit) * 10_000, 0, 0
        else:
            part += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[c]
            digit = 0
    return total + part + digit


def chinese_part(raw: str) -> Fraction | None:
    """`三分之一`, `百分之二十点五`; None when it divides by zero."""
    whole, _, part = raw.partition("分之")

    def number(text: str) -> Fraction:
        if re.fullmatch(r"\d+(?:\.\d+)?", text):
            return Fraction(text)
        before, _, after = text.partition("点")
        decimals = "".join(str(_CHINESE[c]) for c in after if c in _CHINESE)
        plain = "".join(c for c in before if c in _CHINESE or c in "十百")
        return chinese(plain) + (Fraction(int(decimals), 10 ** len(decimals)) if decimals else Fraction(0))

    bottom = number(whole)
    return number(part) / bottom if bottom else None
