"""A copy of a text, of the same length, in which patterns see through scanning errors and typography.

Decides what is folded: full-width forms, dashes, odd spaces; letters that a scanner puts for digits inside numbers
("4I5-S55-O182") and digits inside words ("Ph0ne"). Offsets of the copy are offsets of the text.
"""

from __future__ import annotations

import re
import unicodedata

_WIDE = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_TABLE = str.maketrans({
    **{chr(code): plain for code, plain in _WIDE.items()},
    "\u3000": " ", "\u00a0": " ", "\u2009": " ", "\u202f": " ", "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-",
    "\u2212": "-", "\u2019": "'", "\u2018": "'", "\u02bc": "'", "\r": " ",
})  # fmt: skip
# A chunk is what stands between spaces; a number with its separators is folded as one.
# Not `[…]*\d[…]*`: that is quadratic on a long word without a digit.
_CHUNK = re.compile(r"(?:[^\W\u3400-\u9fff]|[/.()+\-])+")
_DIGITS = str.maketrans("OoIlSBZ|", "00115821")
_LETTERS = str.maketrans("01583", "olsbe")
_PART = re.compile(r"[^\W_]+")
# Groups of a long number, with a letter among them: "+44 2O 7l00 7310".
_DATED = re.compile(
    r"(?i)(?<![^\W_])(?P<a>[\dOlISBZ]{1,2})?(?P<b>(?:st|nd|rd|th)?[ -]{0,2})(?P<m>(?:jan|feb|mar|apr|may|jun|jul|aug|s[ec]p|[o0]ct|n[o0]v|d[ec]c)[a-z]{0,7}\.?)(?P<c>[ -]{1,2})(?P<d>[\dOlISBZ]{1,4})(?P<e>(?:st|nd|rd|th)?(?:,?[ ])?)(?P<f>[\dOlISBZ]{4})?(?![^\W_])"
)
_GROUPS = re.compile(r"(?<![^\W_])[+(]?(?:[\dOoIlSBZ]{1,5}[)]?[ .-]{1,2}){2,7}[\dOoIlSBZ]{1,5}(?![^\W_])")


def fold(text: str) -> str:
    """The text as patterns read it; `len(fold(text)) == len(text)`."""
    return _CHUNK.sub(_chunk, _DATED.sub(_day, _GROUPS.sub(_group, text.translate(_TABLE))))


def _day(match: re.Match[str]) -> str:
    """Look-alikes folded in the day and the year beside a month; each needs a digit of its own."""
    parts = {k: v or "" for k, v in match.groupdict().items()}
    for name in "adf":
        if any(c.isdigit() for c in parts[name]):
            parts[name] = parts[name].translate(_DIGITS)
    parts["m"] = parts["m"].replace("0", "o")
    return "".join(parts.values())


def _group(match: re.Match[str]) -> str:
    group = match.group()
    letters = sum(c.isalpha() for c in group)
    return group.translate(_DIGITS) if letters <= 2 and sum(c.isdigit() for c in group) >= 7 else group


def _chunk(match: re.Match[str]) -> str:
    chunk = match.group()
    digits = sum(c.isdigit() for c in chunk)
    letters = [c for c in chunk if c.isalpha()] if digits else []
    if not letters:
        return chunk
    # "55S-1234", "O3/l2/1958": a few look-alikes among many digits. "B12", "T2DM" and "S1" stay as they are.
    if digits >= 3 and len(letters) <= digits / 2 and all(c in "OoIlSBZ" for c in letters):
        return chunk.translate(_DIGITS)
    return _PART.sub(_word, chunk)


def _word(match: re.Match[str]) -> str:
    word = match.group()
    digits = [c for c in word if c.isdigit()]
    inside = (
        digits
        and len(word) <= 14
        # "UZ0l" is of a number plate: in a word what follows the first letter is small.
        and not any(c.isupper() for c in word[1:])
        and len(word) - len(digits) >= (3 if word[-1].isalpha() else 4)
        and len(digits) <= (2 if word[-1].isalpha() else 1)
    )
    if (
        inside
        and word[0].isalpha()
        and (word[-1].isalpha() or word[1:-1].islower())
        and all(c in "01583" for c in digits)
    ):
        return word.translate(_LETTERS)
    return word


def plain(text: str) -> str:
    """Lower case without accents, of the same length: "Müller" and "MULLER" become one word."""
    if text.isascii():
        return text.lower()
    return "".join(_bare(c) for c in text)


def _bare(char: str) -> str:
    low = unicodedata.normalize("NFD", char)[0].lower()
    return low if len(low) == 1 else char
