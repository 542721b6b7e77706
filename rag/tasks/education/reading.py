"""How hard a text is to read: the Flesch-Kincaid grade for English, sentence length and share of terms for Chinese.

English: 0.39 words a sentence + 11.8 syllables a word - 15.59 (Kincaid, Fishburne, Rogers and Chissom 1975, Naval
Technical Training Command report 8-75). Syllables are counted by groups of vowels, so a grade may be off by half a
year; a number counts as a word of one syllable. Chinese has no such formula of wide use: here it is the mean number of
characters between marks, and the share of characters in medical terms (our own measure).
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from indexer.language import language_of
from indexer.sentences import split
from rag.expand import chinese_terms

_WORD = re.compile(r"[A-Za-z][A-Za-z'’]*|\d[\d.,%]*")
_GROUP = re.compile(r"[aeiouy]+")
_CJK = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_CLAUSE = re.compile("[，。！？；：、\n]")
# Endings whose e is not spoken, vowels side by side that are two syllables, and words that no rule gets right.
_SILENT = re.compile(
    r"(?:[^laeiouy]e|[^dt]ed|[^aeiouycsxzgh]es)\Z|(?<=[aeiouy][bcdfgklmnprstvz])e(?=ly\Z|ment\Z|ful\Z|less\Z)"
)
_TWO = re.compile(r"(?<![ctgs])ia|iu|(?<![tscgxnl])io|(?<![gq])ua|(?<!p)eo|[rd]ea\Z|ie(?=t|n[ct])|uou|eu(?=m\Z|s\Z)")
_KNOWN = {
    "diabetes": 4,
    "science": 2,
    "people": 2,
    "being": 2,
    "herpes": 2,
    "coronary": 4,
    "aged": 1,
    "patient": 2,
    "patients": 2,
}
# A clause of so many characters, and so large a share of terms, is easy; what the measure is compared with.
EASY_CLAUSE, EASY_SHARE = 14.0, 0.25


def syllables(word: str) -> int:
    """Spoken syllables of an English word, by its vowels; at least 1."""
    lower = re.sub(r"[^a-z]", "", word.lower())
    if not lower:
        return 1
    if lower in _KNOWN:
        return _KNOWN[lower]
    count = len(_GROUP.findall(lower)) + len(_TWO.findall(lower)) - len(_SILENT.findall(lower))
    return max(count, 1)


def grade(text: str) -> float:
    """The Flesch-Kincaid grade of an English text; 0 for one without words."""
    sentences = sum(bool(_WORD.search(text[a:b])) for line in _lines(text) for a, b in line)
    words = _WORD.findall(text)
    if not words or not sentences:
        return 0.0
    return round(0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / len(words) - 15.59, 1)


def _lines(text: str) -> list[list[tuple[int, int]]]:
    found, at = [], 0
    for line in text.split("\n"):
        found.append([(at + a, at + b) for a, b in split(line)])
        at += len(line) + 1
    return found


@dataclass(frozen=True, slots=True)
class Chinese:
    """clause: mean characters between marks. terms: share of characters that stand in medical terms."""

    clause: float
    terms: float

    @property
    def easy(self) -> bool:
        """Whether both are at most what is taken as easy."""
        return self.clause <= EASY_CLAUSE and self.terms <= EASY_SHARE


def chinese(text: str) -> Chinese:
    """The Chinese measure of a text."""
    sizes = [n for part in _CLAUSE.split(text) if (n := len(_CJK.findall(part)))]
    total = sum(sizes)
    if not total:
        return Chinese(0.0, 0.0)
    inside = sum(len(m[0]) for m in _terms().finditer(text))
    return Chinese(round(total / len(sizes), 1), round(inside / total, 3))


@functools.cache
def _terms() -> re.Pattern[str]:
    words = sorted((w for w in chinese_terms() if len(w) > 1 and _CJK.match(w)), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)))


def level(text: str) -> float | Chinese:
    """The grade of an English text, the measure of a Chinese one."""
    return chinese(text) if language_of(text) == "zh" else grade(text)
