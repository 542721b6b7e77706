"""The table of departments (`departments.toml`, `wordings*.toml`): names, and which of its words a question says.

Decides how words are found: Chinese terms as characters, English ones as whole words without endings; where two found
terms overlap the longer one counts, and a pair of words (`near.py`) is as long as both. A term of several departments
counts for each of them, a share each. Knows nothing of probabilities: `model.py` learnt what these scores are worth.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.chinese import simplified
from rag.tasks.triage.near import Pair, Pairs, cues

_FILE = Path(__file__).with_name("departments.toml")
_MORE = ("wordings1.toml", "wordings2.toml", "wordings3.toml")
_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
_CJK = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_LONGEST = 7
# The longest Chinese word of a pair.
_PIECE = 8
Spans = tuple[tuple[int, int], ...]
# What one word is worth: nearly alone in its department, or a complaint that several see.
_WORTH = {"own": 1.0, "shared": 0.4}
# What a number says: a broken arm is a broken arm at nine, so an age counts for less than a word.
_CUES = {"child": (("paediatrics", 0.7),), "pregnant": (("obstetrics", 1.0),)}
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
    pairs: dict[str, Pairs]
    near: dict[str, tuple[tuple[str, float], ...]]
    sides: dict[str, list[tuple[str, tuple[str, ...], tuple[str, ...]]]]

    @property
    def keys(self) -> tuple[str, ...]:
        """The departments' keys, in order."""
        return tuple(d.key for d in self.departments)

    def name(self, key: str, language: str) -> str:
        """What people call the department, in `zh` or English."""
        found = next(d for d in self.departments if d.key == key)
        return found.zh if language == "zh" else found.en

    def matches(self, text: str) -> list[Match]:
        """The terms, pairs and cues that `text` says, in its order; offsets in `text`. No words are counted twice, but
        a pair's span has what stands between its words. At most LIMIT characters are read."""
        plain = simplified(text[:LIMIT].lower())
        # A few capital letters change length in lower case; offsets must stay those of the text.
        plain = plain if len(plain) == len(text[:LIMIT]) else simplified(text[:LIMIT])
        plain = plain.replace("’", "'")
        words = [(stem(m.group()), m.start(), m.end()) for m in _WORD.finditer(plain)]
        found: list[tuple[Match, Spans]] = [
            (m, ((m.start, m.end),)) for m in self._chinese(plain) + self._english(words)
        ]
        found += self._pairs(plain, words)
        found.sort(key=lambda f: (sum(s - e for s, e in f[1]), f[0].start))
        taken = np.zeros(len(plain), bool)
        kept = [Match(name, start, end, _CUES[name]) for name, start, end in cues(plain)]
        for match, spans in found:
            if not any(taken[s:e].any() for s, e in spans):
                for s, e in spans:
                    taken[s:e] = True
                kept.append(match)
        return sorted(kept, key=lambda m: (m.start, m.end))

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

    def _english(self, words: list[tuple[str, int, int]]) -> list[Match]:
        found = []
        for i in range(len(words)):
            for n in range(min(_LONGEST, len(words) - i), 0, -1):
                key = tuple(w for w, _, _ in words[i : i + n])
                if key in self.en:
                    found.append(Match(" ".join(key), words[i][1], words[i + n - 1][2], self.en[key]))
                    break
        return found

    def _pairs(self, text: str, words: list[tuple[str, int, int]]) -> list[tuple[Match, Spans]]:
        zh = [
            (text[at : at + n], at, at + n)
            for at, letter in enumerate(text) if _CJK.match(letter)
            for n in range(1, min(_PIECE, len(text) - at) + 1) if text[at : at + n] in self.pairs["zh"].words
        ]  # fmt: skip
        en = []
        for i in range(len(words)):
            for n in range(1, min(_LONGEST, len(words) - i) + 1):
                joined = " ".join(w for w, _, _ in words[i : i + n])
                if joined in self.pairs["en"].words:
                    en.append((joined, words[i][1], words[i + n - 1][2]))
        told = self.pairs["zh"].found(zh, text) + self.pairs["en"].found(en, text)
        return [(Match(f.name, f.spans[0][0], f.spans[1][1], self.near[f.name]), f.spans) for f in told]


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
    """The table with all wordings, read once."""
    return _read(_MORE)


@functools.cache
def core() -> Table:
    """departments.toml alone: what the expert of patients' questions reads (more words made it worse)."""
    return _read(())


def _read(files: tuple[str, ...]) -> Table:
    read = tomllib.loads(_FILE.read_text("utf-8"))
    departments = tuple(Department(key, entry["zh"], entry["en"]) for key, entry in read.items())
    more = {k: e for name in files for k, e in tomllib.loads(_FILE.with_name(name).read_text("utf-8")).items()}
    zh: dict[str, dict[str, float]] = defaultdict(dict)
    en: dict[tuple[str, ...], dict[str, float]] = defaultdict(dict)
    terms: dict[str, list[tuple[str, str, float]]] = {}
    for key, entry in read.items():
        terms[key] = []
        for field in ("zh_own", "zh_shared", "en_own", "en_shared"):
            worth = _WORTH[field[3:]]
            for term in dict.fromkeys(_split(entry[field]) + _split(more.get(key, {}).get(field, ""))):
                terms[key].append((field[:2], term, worth))
                # "HIV" and "CT" stand among the Chinese terms too: they are words there.
                if _CJK.search(term):
                    zh[simplified(term.lower())].setdefault(key, worth)
                else:
                    en[words_of(term)].setdefault(key, worth)
    first: dict[str, list[str]] = defaultdict(list)
    for term in sorted(zh, key=len, reverse=True):
        first[term[0]].append(term)
    pairs, near, sides = _near(more)
    return Table(
        departments,
        terms,
        {t: tuple(d.items()) for t, d in zh.items()},
        {t: tuple(d.items()) for t, d in en.items() if t},
        {letter: tuple(found) for letter, found in first.items()},
        pairs,
        near,
        sides,
    )


def _near(more: dict[str, dict[str, str]]) -> tuple[Any, Any, Any]:
    """The pairs of each language, what each speaks for, and for each department its pairs as they are written."""
    made: dict[str, list[Pair]] = {"zh": [], "en": []}
    near: dict[str, tuple[tuple[str, float], ...]] = {}
    sides: dict[str, list[tuple[str, tuple[str, ...], tuple[str, ...]]]] = defaultdict(list)
    for key, entry in more.items():
        for language, found in made.items():
            for number, line in enumerate(_split(entry.get(f"{language}_near", ""))):
                left, right = (tuple(w.strip() for w in part.split("|")) for part in line.split("+"))
                name = f"{key} {language} {number}"
                found.append(Pair(name, *(frozenset(_compared(w, language) for w in side) for side in (left, right))))
                near[name] = ((key, _WORTH["own"]),)
                sides[key].append((language, left, right))
    return {language: Pairs(found, language) for language, found in made.items()}, near, dict(sides)


def _compared(word: str, language: str) -> str:
    return simplified(word.lower()) if language == "zh" else " ".join(words_of(word))


def _split(field: str) -> list[str]:
    # A line may end between two terms, with or without the semicolon.
    return [term.strip() for term in field.replace("\n", ";").split(";") if term.strip()]
