"""Understands a question before it is searched: which other words stand for the same thing.

Decides what is added: long and short forms that the library itself defines, else the usual ones; brand → generic
names, everyday → technical words, spelling variants, Greek letters, and the Chinese–English bridge. Words are only
added, or for a brand replaced by what it is, so negation and comparison stay. Knows nothing of ranking, and not which
of its meanings a short form has here; the rule behind each addition is shown by `--explain`.
"""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from indexer.abbreviations import FUNCTION
from indexer.language import language_of
from rag.types import Expansion, Question
from rag.variants import bare, plain, spellings

TABLES = Path(__file__).parent / "tables"
# What another name counts against the question's own word: more where the library may have the word only in passing
# (a brand, whose rarity would outweigh everything), less where it is one more way to say it (docs/decisions.md).
BRAND, EVERYDAY, SHORT, SEVERAL, TRANSLATED = 2.0, 0.6, 0.5, 0.3, 0.3
_LONGEST = 6  # words of the longest phrase that is looked up
_TOKEN = re.compile(r"[^\W_]+(?:['’.+/-][^\W_]+)*\+?")
_CJK = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_ABBREVIATION = re.compile(r"(?=\S{0,10}[A-Z0-9])(?=\S{0,10}[A-Za-z])[A-Za-z0-9][\w./+-]{1,9}")
# Chinese words whose English counterpart says nothing about the topic.
_VAGUE = frozenset(
    "治疗 疗法 患者 病人 机制 原因 病因 风险 药物 症状 诊断 预防 作用机制 蛋白 蛋白质 基因 细胞 抑制剂 结局 "
    "致病性变异 致病变异".split()
)
_BRAND = "brand name"
_REWRITTEN = (_BRAND, "everyday word", "abbreviation")
# Short forms that are words when written small.
_ALSO_WORDS = frozenset(
    "aids all als art bal bed boo bos cap cat cats eras era fas fish fit gist gists hap hit hus ids its lam led "
    "loc mac map maps mash met moca net nets oat pad pads pan pep pet pets pots pres rap ras ros sad sam tens ten "
    "tips vat vats via was who".split()
)
_NOT_AT_ENDS = FUNCTION | frozenset(
    "be been can could do does did effective has have how i in it its list may not should use used using what when "
    "where which who why will".split()
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
        # Latin words of a Chinese question are already what an English search needs; often they repeat a name.
        names = [e.added[0] for e in found if e.found not in _VAGUE] + _TOKEN.findall(_CJK.sub(" ", text))
        names = [name for i, name in enumerate(names) if plain(name) not in map(plain, names[:i])]
        return Question(text, tuple(found), " ".join(names))
    found = list(_from_english(text, long_forms, short_forms))
    if chinese:
        found += _to_chinese(text)
    return Question(text, tuple(found), _rewritten(text, found))


def normal(text: str) -> str:
    """Full-width forms, ligatures and traditional characters in their usual form; no trade marks' signs."""
    from indexer.chinese import simplified

    return simplified(unicodedata.normalize("NFKC", re.sub("[®™]", "", text)))


def generic(question: Question) -> str:
    """The question with each brand replaced by what it is: an embedder knows the generic name better."""
    return _rewritten(question.text, [e for e in question.expansions if e.by == _BRAND])


def _rewritten(text: str, found: Iterable[Expansion]) -> str:
    """The question with brands replaced, and each everyday or short word followed by its technical name in brackets."""
    for e in found:
        place = re.search(rf"(?<!\w){re.escape(e.found)}(?!\w)", text) if e.by in _REWRITTEN else None
        if place:
            name = " and ".join(e.added) if e.by == _BRAND else f"{e.found} ({e.added[0]})"
            text = text[: place.start()] + name + text[place.end() :]
    return text


def _from_english(text: str, long_forms: Known, short_forms: Known) -> Iterator[Expansion]:
    known = _Words(text, long_forms, short_forms)
    used: set[int] = set()
    tokens = list(_TOKEN.finditer(text))
    apart = [bool(text[a.end() : b.start()].strip()) for a, b in itertools.pairwise(tokens)]
    for size in range(min(_LONGEST, len(tokens)), 0, -1):
        for i in range(len(tokens) - size + 1):
            span = range(i, i + size)
            if any(apart[i : i + size - 1]) or used.intersection(span):
                continue
            if found := known.meaning(tokens[i].start(), tokens[i + size - 1].end(), size):
                used.update(span)
                yield found
    for i, token in enumerate(tokens):
        if i not in used:
            parts = list(known.parts(token))
            yield from parts
            if not parts and (variants := spellings(token[0])):
                yield Expansion(token[0], variants, "spelling")


class _Words:
    """What the tables and the library know of the words of one question."""

    def __init__(self, text: str, long_forms: Known, short_forms: Known) -> None:
        self._text, self._long_forms, self._short_forms = text, long_forms, short_forms
        # Capitals say nothing where every word has them: in a question that is shouted, and of names in a heading.
        self._shouted = text.isupper() and len(text.split()) > 2
        self._heading = not re.search(r"(?<!\w)[a-z]{4,}", text)

    def meaning(self, start: int, end: int, size: int) -> Expansion | None:
        """What the `size` words between two places mean, by the first rule that knows them."""
        words = self._text[start:end]
        lower = " ".join(words.lower().replace("’", "'").split())
        if brand := self._brand(start, words):
            return brand
        if everyday := table("lay").get(lower) or phrases("lay").get(plain(words)):
            return Expansion(words, tuple(everyday[:3]), "everyday word", EVERYDAY)
        if size == 1 and (short := self._abbreviation(words)):
            return short
        if size > 1 and _may_be_long_form(lower) and (shorts := self._short_forms(lower)):
            return Expansion(words, tuple(shorts), "long form")
        same = english().get(lower) or english().get("" if self._shouted else words) or english().get(plain(words), ())
        if others := tuple(s for s in same if plain(s) != plain(words)):
            return Expansion(words, others[:3], "synonym")
        return None

    def parts(self, token: re.Match[str]) -> Iterator[Expansion]:
        """Brands and abbreviations inside a compound that is not known as a whole: COPD-related, Lipitor/Zetia."""
        pieces = list(re.finditer(r"[^-/–]+", token[0]))
        for piece in pieces if len(pieces) > 1 else ():
            start = token.start() + piece.start()
            # PD-1 and IL-6 are names: beside a hyphen, a short form counts only if all else is plain words.
            plain_rest = "-" not in token[0] or all(re.fullmatch("[a-z]{3,}", p[0]) for p in pieces if p is not piece)
            if found := self._brand(start, piece[0]) or (self._abbreviation(piece[0]) if plain_rest else None):
                yield found

    def _brand(self, start: int, words: str) -> Expansion | None:
        name, lower = brands().get(bare(words), ("", True))
        if not name or not (lower or self._is_name(start, words)):
            return None
        return Expansion(words, tuple(name.split(" + ")), _BRAND, BRAND)

    def _is_name(self, start: int, words: str) -> bool:
        """Whether a common word is written as a name: a capital that neither place nor style explains."""
        before = self._text[:start].rstrip()
        return not self._heading and words[0].isupper() and before != "" and before[-1] not in '.?!:;"“'

    def _abbreviation(self, word: str) -> Expansion | None:
        short = re.sub(r"['’]s?$", "", word)
        if _ABBREVIATION.fullmatch(short) and (longs := self._long_forms(short)):
            return Expansion(word, tuple(longs), "abbreviation", SHORT)
        longs = self._usual(short)
        if len(longs) > 1:
            near = [name for name in longs if _shared(name, self._text)]
            longs = near if len(near) == 1 else longs
        if not longs:
            return None
        if len(longs) == 1:
            return Expansion(word, tuple(longs), "abbreviation", SHORT)
        return Expansion(word, tuple(longs), "abbreviation with several meanings", SEVERAL)

    def _usual(self, short: str) -> list[str]:
        """The usual long forms of a short form that the library does not define; a word in lower case has one only if
        it can be no other word."""
        known = table("abbreviations")
        for form in (short, short.removesuffix("s")):
            if form in known and not self._shouted:
                return known[form]
        longs = known.get(short.upper(), []) if short.islower() and short not in _ALSO_WORDS and len(short) > 2 else []
        return longs if len(longs) == 1 else []


def _may_be_long_form(lower: str) -> bool:
    """Whether a phrase neither begins nor ends with a word that no long form does: most need not be looked up."""
    first, last = lower.split(" ", 1)[0], lower.rsplit(" ", 1)[-1]
    return first not in _NOT_AT_ENDS and last not in _NOT_AT_ENDS


def _shared(name: str, text: str) -> bool:
    """Whether the text has a long word of the name."""
    return any(len(word) > 4 and word in text.lower() for word in name.lower().split())


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
def brands() -> Mapping[str, tuple[str, bool]]:
    """A bare brand name to its generic name and whether it may be written small."""
    return {bare(name): (generics[0], name.islower()) for name, generics in table("brands").items()}


@functools.cache
def phrases(name: str) -> Mapping[str, list[str]]:
    """A table by the plain form of its keys; keys of one word as they are: moles are not a mole."""
    return {(plain(key) if re.search(r"\W", key) else key): found for key, found in table(name).items()}


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
