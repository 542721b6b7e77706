"""The table of departments (`departments.toml`): names in both languages, and which of its words a question says.

Decides how words are found: Chinese terms as characters, English ones as whole words without endings; where two found
terms overlap the longer one counts. A term of several departments counts for each of them, a share each. Knows nothing
of probabilities: `model.py` learnt what these scores are worth.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.chinese import simplified

_FILE = Path(__file__).with_name("departments.toml")
_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
_CJK = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_LONGEST = 7
# What one word is worth: nearly alone in its department, or a complaint that several see.
_WORTH = {"own": 1.0, "shared": 0.4}
# A question is read up to here; a longer one is a story whose beginning says what it is about.
LIMIT = 4000


@dataclass(frozen=True, slots=True)
class Department:
    """key is stable (files, JSON); zh and en are what people read."""

    key: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Match:
    """A term of the table in a question: `text[start:end]` is what the question says; departments are those that the
    table lists it under, with its worth."""

    term: str
    start: int
    end: int
    departments: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """departments in the order of the model's outputs; zh and en: term (as it is compared) -> departments and worth."""

    departments: tuple[Department, ...]
    terms: dict[str, list[tuple[str, str, float]]]
    zh: dict[str, tuple[tuple[str, float], ...]]
    en: dict[tuple[str, ...], tuple[tuple[str, float], ...]]
    first: dict[str, tuple[str, ...]]

    @property
    def keys(self) -> tuple[str, ...]:
        """The departments' keys, in order."""
        return tuple(d.key for d in self.departments)

    def name(self, key: str, language: str) -> str:
        """What people call the department, in `zh` or English."""
        found = next(d for d in self.departments if d.key == key)
        return found.zh if language == "zh" else found.en

    def matches(self, text: str) -> list[Match]:
        """The terms that `text` says, in its order, none overlapping; offsets in `text`. At most LIMIT characters are
        read."""
        plain = simplified(text[:LIMIT].lower())
        # A few capital letters change length in lower case; offsets must stay those of the text.
        plain = plain if len(plain) == len(text[:LIMIT]) else simplified(text[:LIMIT])
        plain = plain.replace("’", "'")
        found = self._chinese(plain) + self._english(plain)
        found.sort(key=lambda m: (m.start - m.end, m.start))
        taken = np.zeros(len(plain), bool)
        kept = []
        for match in found:
            if not taken[match.start : match.end].any():
                taken[match.start : match.end] = True
                kept.append(match)
        return sorted(kept, key=lambda m: m.start)

    def scores(self, matches: list[Match]) -> NDArray[np.float32]:
        """float32 (departments,): what the matched terms say; a term counts once, a shared one in shares."""
        total = np.zeros(len(self.departments), np.float32)
        place = {key: i for i, key in enumerate(self.keys)}
        for departments in {m.term: m.departments for m in matches}.values():
            for key, worth in departments:
                total[place[key]] += worth / len(departments)
        return total

    def _chinese(self, text: str) -> list[Match]:
        found = []
        for at, letter in enumerate(text):
            for term in self.first.get(letter, ()):
                if text.startswith(term, at):
                    found.append(Match(term, at, at + len(term), self.zh[term]))
        return found

    def _english(self, text: str) -> list[Match]:
        words = [(stem(m.group()), m.start(), m.end()) for m in _WORD.finditer(text)]
        found = []
        for i in range(len(words)):
            for n in range(min(_LONGEST, len(words) - i), 0, -1):
                key = tuple(w for w, _, _ in words[i : i + n])
                if key in self.en:
                    found.append(Match(" ".join(key), words[i][1], words[i + n - 1][2], self.en[key]))
                    break
        return found


def stem(word: str) -> str:
    """An English word without `'s`, plural and -ing or -ed: only what two words are compared by."""
    word = word.removesuffix("'s")
    for ending, least in (("ing", 6), ("ies", 5), ("es", 5), ("ed", 5), ("s", 4)):
        if word.endswith(ending) and len(word) >= least and not word.endswith("ss"):
            cut = word[: -len(ending)]
            word = cut + "y" if ending == "ies" else cut
            break
    return word.removesuffix("e") if len(word) > 3 else word


def words_of(text: str) -> tuple[str, ...]:
    """The stems of the English words of a text in lower case."""
    return tuple(stem(w) for w in _WORD.findall(text.lower().replace("’", "'")))


@functools.cache
def table() -> Table:
    """The table, read once."""
    read = tomllib.loads(_FILE.read_text("utf-8"))
    departments = tuple(Department(key, entry["zh"], entry["en"]) for key, entry in read.items())
    zh: dict[str, dict[str, float]] = defaultdict(dict)
    en: dict[tuple[str, ...], dict[str, float]] = defaultdict(dict)
    terms: dict[str, list[tuple[str, str, float]]] = {}
    for key, entry in read.items():
        terms[key] = []
        for field in ("zh_own", "zh_shared", "en_own", "en_shared"):
            worth = _WORTH[field[3:]]
            for term in _split(entry[field]):
                terms[key].append((field[:2], term, worth))
                # "HIV" and "CT" stand among the Chinese terms too: they are words there.
                if _CJK.search(term):
                    zh[simplified(term.lower())].setdefault(key, worth)
                else:
                    en[words_of(term)].setdefault(key, worth)
    first: dict[str, list[str]] = defaultdict(list)
    for term in sorted(zh, key=len, reverse=True):
        first[term[0]].append(term)
    return Table(
        departments,
        terms,
        {t: tuple(d.items()) for t, d in zh.items()},
        {t: tuple(d.items()) for t, d in en.items() if t},
        {letter: tuple(found) for letter, found in first.items()},
    )


def _split(field: str) -> list[str]:
    # A line may end between two terms, with or without the semicolon.
    return [term.strip() for term in field.replace("\n", ";").split(";") if term.strip()]
