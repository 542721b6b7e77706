"""What a field tag of a query means and whether a document has it: `metformin[ti]`, `2015:2020[dp]`, `smith j[au]`.

The tags are PubMed's (National Library of Medicine, PubMed User Guide, "Search field tags"). Words match whole words,
case and accents aside; Chinese matches anywhere. Knows nothing of operators, and nothing of other names for a thing.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from indexer.errors import ConfigError
from indexer.language import language_of
from indexer.types import Document, Source
from rag.filters import SHORT
from rag.settings import nearest

_CJK = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_WORD = re.compile(r"\w+")
_YEARS = re.compile(r"\A([12]\d{3})?(?::([12]\d{3})?)?\Z")
_LANGUAGES = {"english": "en", "eng": "en", "chinese": "zh", "chi": "zh"}
# The shortest beginning that may be cut short with *; the National Library of Medicine asks for four.
_LEAST = 3

NAMES = {
    "ti": "title", "title": "title", "tiab": "title and text", "ab": "title and text", "tw": "title and text",
    "all": "all", "au": "author", "author": "author", "1au": "first author", "ta": "journal", "jour": "journal",
    "journal": "journal", "dp": "year", "pdat": "year", "year": "year", "pt": "publication type",
    "mh": "mesh", "mesh": "mesh", "la": "language", "lang": "language", "pmid": "identifier", "uid": "identifier",
    "doi": "identifier", "id": "identifier", "design": "design",
}  # fmt: skip


def _checked_years(words: str, tag: str) -> None:
    m = _YEARS.match(words)
    if "/" in words:
        raise ConfigError(f"search {words}[{tag}]: months and days are not searched; give years, e.g. 2015:2016[dp]")
    if m is None or not (m[1] or m[2]):
        raise ConfigError(f"search {words}[{tag}]: expected a year or a range, e.g. 2019[dp] or 2015:2020[dp]")
    if m[1] and m[2] and m[1] > m[2]:
        raise ConfigError(f"search {words}[{tag}]: the range ends before it begins; write {m[2]}:{m[1]}[{tag}]")


def plain(text: str) -> str:
    """Lower case without accents; what is compared is compared so."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in folded if not unicodedata.combining(c))


@dataclass(frozen=True, slots=True)
class Term:
    """Some words and the field in which they are looked for. Raises ConfigError for a tag that is none."""

    words: str
    field: str

    @staticmethod
    def of(words: str, tag: str) -> Term:
        """words: as typed, a cut word with * at its end; tag: without brackets, "" for all fields."""
        name = tag.strip().lower()
        if name and name not in NAMES:
            raise ConfigError(f"search field [{tag}]: {nearest(name, list(NAMES))}")
        field = NAMES.get(name, "all")
        if field == "year":
            _checked_years(words, tag)
        if words.endswith("*") and len(words) <= _LEAST:
            raise ConfigError(f"search {words}: at least {_LEAST} letters before the *, e.g. random*")
        return Term(words, field)

    def matches(self, document: Document) -> bool:
        """Whether the document has the words in the field."""
        return _TESTS[self.field](self.words, document)

    def __str__(self) -> str:
        return f"{self.words} in {self.field}"


@functools.lru_cache(maxsize=512)
def _pattern(words: str) -> re.Pattern[str] | None:
    parts = [re.escape(w) for w in _WORD.findall(plain(words))]
    if not parts:
        return None
    body = r"\W{1,3}".join(parts)
    if _CJK.search(words):
        return re.compile(body)
    return re.compile(rf"(?<!\w){body}" + ("" if words.endswith("*") else r"(?!\w)"))


def _has(words: str, texts: Iterable[str]) -> bool:
    pattern = _pattern(words)
    return pattern is not None and any(pattern.search(plain(t)) for t in texts)


def _year(words: str, document: Document) -> bool:
    m = _YEARS.match(words)
    year = document.source.year
    if m is None or year is None:
        return False
    low = int(m[1]) if m[1] else 0
    high = (int(m[2]) if m[2] else 9999) if ":" in words else low
    return low <= year <= high


def _author(words: str, authors: Iterable[str]) -> bool:
    """Family name whole; initials, if given, from their beginning: `smith j` is Smith JA, not Smith AJ."""
    if _CJK.search(words):
        return any("".join(plain(words).split()) in "".join(plain(a).split()) for a in authors)
    asked = _name(words.rstrip("*"))
    return bool(asked) and any(_same(asked, _name(author), words.endswith("*")) for author in authors)


def _same(asked: list[str], own: list[str], cut: bool) -> bool:
    if len(asked) == 1:
        return own[:1] == asked or (cut and own[0].startswith(asked[0]) if own else False)
    return len(own) >= len(asked) and own[: len(asked) - 1] == asked[:-1] and own[len(asked) - 1].startswith(asked[-1])


def _name(text: str) -> list[str]:
    return plain(text).replace(",", " ").replace(".", "").split()


def _journal(words: str, source: Source) -> bool:
    return _has(words, [source.journal])


def _language(words: str, document: Document) -> bool:
    wanted = _LANGUAGES.get(words.lower(), words.lower())
    return wanted == (document.source.language or language_of(document.text))


def _design(words: str, source: Source) -> bool:
    return SHORT.get(words.lower(), words.lower()) == source.design.lower()


def _identifier(words: str, source: Source) -> bool:
    wanted = words.lower()
    return wanted in {
        source.id.lower(),
        source.id.lower().partition(":")[2],
        *(v.lower() for v in source.links.values()),
    }


def _anywhere(words: str, d: Document) -> bool:
    s = d.source
    return _has(words, (s.title, d.text, *s.mesh, *s.publication_types, s.journal)) or _author(words, s.authors)


_TESTS: dict[str, Callable[[str, Document], bool]] = {
    "title": lambda w, d: _has(w, [d.source.title]),
    "title and text": lambda w, d: _has(w, [d.source.title, d.text]),
    "all": _anywhere,
    "author": lambda w, d: _author(w, d.source.authors),
    "first author": lambda w, d: _author(w, d.source.authors[:1]),
    "journal": lambda w, d: _journal(w, d.source),
    "year": _year,
    "publication type": lambda w, d: _has(w, d.source.publication_types) or _design(w, d.source),
    "mesh": lambda w, d: _has(w, d.source.mesh),
    "language": _language,
    "identifier": lambda w, d: _identifier(w, d.source),
    "design": lambda w, d: _design(w, d.source),
}
