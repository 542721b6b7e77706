"""Understands a question before it is searched: which other words stand for the same thing.

Decides what is added: long and short forms that the library itself defines, brand → generic names, everyday → technical
words, spelling variants, Greek letters, and the Chinese–English bridge. Nothing of the question is ever taken away, so
negation and comparison stay. Knows nothing of ranking; `why` of each addition is shown by `--explain`.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from indexer.language import language_of
from rag.types import Expansion, Question
from rag.variants import spellings

TABLES = Path(__file__).parent / "tables"
# What another name counts against the question's own word: all where the library may not have the word at all, less
# where it is one more way to say it (chosen on bioasq questions, docs/decisions.md).
BRAND, EVERYDAY, SHORT, TRANSLATED = 1.0, 0.6, 0.5, 0.3
_LONGEST = 6  # words of the longest phrase that is looked up
_TOKEN = re.compile(r"[^\W_]+(?:['’.+/-][^\W_]+)*\+?")
_CJK = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_ABBREVIATION = re.compile(r"(?=\S{0,10}[A-Z0-9])(?=\S{0,10}[A-Za-z])[A-Za-z0-9][\w./+-]{1,9}")
# Chinese words whose English counterpart says nothing about the topic.
_VAGUE = frozenset(
    "治疗 疗法 患者 病人 机制 原因 病因 风险 药物 症状 诊断 预防 作用机制 蛋白 蛋白质 基因 细胞 抑制剂 结局".split()
)


Known = Callable[[str], "list[str]"]


def understand(
    text: str, *, long_forms: Known = lambda _: [], short_forms: Known = lambda _: [], chinese: bool = False
) -> Question:
    """What a question means beside its own words.

    long_forms, short_forms: what the library defines for an abbreviation, or for a phrase in lower case. chinese:
    whether the library has Chinese documents, so that an English question is to find them too.
    """
    text = normal(text)
    if language_of(text) == "zh":
        found = list(_from_chinese(text))
        # Latin words of a Chinese question are already what an English search needs.
        names = list(
            dict.fromkeys([e.added[0] for e in found if e.found not in _VAGUE] + _TOKEN.findall(_CJK.sub(" ", text)))
        )
        return Question(text, tuple(found), " ".join(names))
    found = list(_from_english(text, long_forms, short_forms))
    if chinese:
        found += _to_chinese(text)
    return Question(text, tuple(found), _rewritten(text, found))


def normal(text: str) -> str:
    """Full-width forms, ligatures and traditional characters in their usual form."""
    from indexer.chinese import simplified

    return simplified(unicodedata.normalize("NFKC", text))


def _rewritten(text: str, found: list[Expansion]) -> str:
    """The question with each everyday, brand or short name followed by its technical one in brackets."""
    for e in found:
        if e.by in ("brand name", "everyday word", "abbreviation"):
            place = re.search(rf"(?<!\w){re.escape(e.found)}(?!\w)", text)
            if place:
                text = f"{text[: place.end()]} ({e.added[0]}){text[place.end() :]}"
    return text


def _from_english(text: str, long_forms: Known, short_forms: Known) -> Iterator[Expansion]:
    brands, lay, terms = table("brands"), table("lay"), english()
    used: set[int] = set()
    tokens = list(_TOKEN.finditer(text))
    for size in range(min(_LONGEST, len(tokens)), 0, -1):
        for i in range(len(tokens) - size + 1):
            span = range(i, i + size)
            if used.intersection(span):
                continue
            words = text[tokens[i].start() : tokens[i + size - 1].end()]
            lower = " ".join(words.lower().replace("’", "'").split())
            if lower in brands:
                found = Expansion(words, tuple(brands[lower][0].split(" + ")), "brand name", BRAND)
            elif lower in lay:
                found = Expansion(words, tuple(lay[lower][:3]), "everyday word", EVERYDAY)
            elif size == 1 and _ABBREVIATION.fullmatch(words) and (longs := long_forms(words)):
                found = Expansion(words, tuple(longs), "abbreviation", SHORT)
            elif size > 1 and (shorts := short_forms(lower)):
                found = Expansion(words, tuple(shorts), "long form")
            elif (same := terms.get(lower) or terms.get(words)) and len(same) > 1:
                found = Expansion(words, tuple(s for s in same if s.lower() != lower)[:3], "synonym")
            else:
                continue
            used.update(span)
            yield found
    for i, token in enumerate(tokens):
        if i not in used and (variants := spellings(token[0])):
            yield Expansion(token[0], variants, "spelling")


def _from_chinese(text: str) -> Iterator[Expansion]:
    terms, at = chinese_terms(), 0
    longest = max(map(len, terms))
    while at < len(text):
        for size in range(min(longest, len(text) - at), 1, -1):
            if (word := text[at : at + size]) in terms:
                yield Expansion(word, terms[word][:2], "Chinese–English term", TRANSLATED)
                at += size
                break
        else:
            at += 1


def _to_chinese(text: str) -> Iterator[Expansion]:
    lower, seen = f" {' '.join(_TOKEN.findall(text.lower()))} ", f" {' '.join(_TOKEN.findall(text))} "
    for en, zh in chinese_of().items():
        exact = any(c.isupper() for c in en[1:])
        if f" {en} " in (seen if exact else lower):
            yield Expansion(en, zh, "English–Chinese term", TRANSLATED)


@functools.cache
def table(name: str) -> Mapping[str, list[str]]:
    """A table of this package: its first column to the alternatives of its second."""
    found: dict[str, list[str]] = {}
    for line in (TABLES / f"{name}.tsv").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            first, second = line.split("\t")
            found[first] = second.split(" | ")
    return found


@functools.cache
def english() -> Mapping[str, tuple[str, ...]]:
    """An English term, in lower case unless it is an abbreviation, to all its names."""
    found: dict[str, tuple[str, ...]] = {}
    for key in table("english-chinese"):
        names = tuple(key.split(" | "))
        for name in names:
            found.setdefault(name if name.isupper() else name.lower(), names)
    return found


@functools.cache
def chinese_terms() -> Mapping[str, tuple[str, ...]]:
    """A Chinese term to its English names, the usual one first."""
    found: dict[str, tuple[str, ...]] = {}
    for key, names in table("english-chinese").items():
        for name in names:
            found.setdefault(name, tuple(key.split(" | ")))
    return found


@functools.cache
def chinese_of() -> Mapping[str, tuple[str, ...]]:
    """An English name to its Chinese terms."""
    return {
        (name if name.isupper() else name.lower()): tuple(zh)
        for key, zh in table("english-chinese").items()
        for name in key.split(" | ")
    }
