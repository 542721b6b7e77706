"""The nouns that travel from a file to a hit. All are frozen; each one holds the former and adds one fact.

Offsets are always counted in Unicode code points of `Document.text`, half-open `[start, end)`.
This module knows nothing about files, models or storage.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""float32, shape (n, dim), unit length."""


@dataclass(frozen=True, slots=True)
class Source:
    """The bibliographic identity of a document.

    id: `pmid:123`, else `pmcid:PMC123`, else `doi:10.…` (lower case), else a JSONL record's own id, else
    `file:<first 16 hex digits of the file's SHA-256>`.
    kind: `article` (full text), `abstract`, `guideline`, `summary`, `web`, `note`, or `deleted` (the reader's way
    to say that the publisher withdrew this id: such a document has empty text and removes `id` from the index).
    design: one of `indexer.design.DESIGNS`. language: ISO 639-1 (`en`, `zh`), or "" when not known.
    retracted: the source itself is retracted. concern: an expression of concern stands against it.
    links: any of `pmid`, `pmcid`, `doi`, `url`, `path`, all strings.
    """

    id: str
    kind: str = "article"
    title: str = ""
    authors: tuple[str, ...] = ()
    journal: str = ""
    year: int | None = None
    publication_types: tuple[str, ...] = ()
    mesh: tuple[str, ...] = ()
    design: str = "not stated"
    retracted: bool = False
    concern: bool = False
    language: str = ""
    links: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of a document under one heading.

    heading: the path of headings joined by " > " ("" for text before the first heading).
    start, end: offsets in the document's text. page: 1-based page of the section's first character, None if the
    format has no pages. kind: `body`, `table`, `caption`, or `references` (never quoted, never indexed).
    """

    heading: str
    start: int
    end: int
    page: int | None = None
    kind: str = "body"


@dataclass(frozen=True, slots=True)
class Document:
    """What a reader yields. `text` is canonical and never changed after reading.

    sections: in order, not overlapping; text outside every section (headings themselves, references that the reader
    chose to keep in the text) is never made into passages.
    pages: offset of the first character of each page in `text`, ascending, empty if the format has no pages.
    """

    source: Source
    text: str
    sections: tuple[Section, ...]
    pages: tuple[int, ...] = ()

    def columns(self) -> tuple[str, str, str]:
        """Source, text and layout (sections and pages) as three strings, two of them compact JSON."""
        sections = [[s.heading, s.start, s.end, s.page, s.kind] for s in self.sections]
        return _json(asdict(self.source)), self.text, _json([sections, self.pages])

    @staticmethod
    def from_columns(source: str, text: str, layout: str) -> Document:
        """The document that `columns` came from. Raises ValueError, KeyError or TypeError on anything else."""
        sections, pages = json.loads(layout)
        found = source_from(json.loads(source))
        return Document(found, text, tuple(Section(*s) for s in sections), tuple(pages))

    def marked(self, *, retracted: bool, concern: bool) -> Document:
        """The document with these marks on top of its own."""
        source = replace(
            self.source, retracted=self.source.retracted or retracted, concern=self.source.concern or concern
        )
        return replace(self, source=source)

    def page_at(self, offset: int) -> int | None:
        """1-based page on which the character at `offset` stands, None if the format has no pages."""
        if not self.pages:
            return None
        return int(np.searchsorted(np.asarray(self.pages), offset, side="right")) or 1


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def source_from(raw: dict[str, Any]) -> Source:
    """A Source from the dictionary that `dataclasses.asdict` or JSON gives."""
    fields = dict(raw)
    for name in ("authors", "publication_types", "mesh"):
        if name in fields:
            fields[name] = tuple(fields[name])
    return Source(**fields)


@dataclass(frozen=True, slots=True)
class Passage:
    """A slice of a document: `text == document.text[start:end]`, always. id is `source.id:start-end`."""

    source: Source
    section: str
    page: int | None
    start: int
    end: int
    text: str

    @property
    def id(self) -> str:
        """`source.id:start-end`."""
        return f"{self.source.id}:{self.start}-{self.end}"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which documents may be searched. Empty tuples and None mean "any"; retracted ones are left out by default.

    journals: parts of journal names, case ignored.
    """

    year_from: int | None = None
    year_to: int | None = None
    kinds: tuple[str, ...] = ()
    designs: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    journals: tuple[str, ...] = ()
    allow_retracted: bool = False


@dataclass(frozen=True, slots=True)
class FileVerdict:
    """What became of one input. verdict: `indexed`, `unchanged`, `removed` or `skipped` (then `reason` is a code)."""

    path: str
    verdict: str
    reason: str | None = None
    documents: int = 0


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did. seconds: wall-clock seconds by stage, and `total`."""

    generation: int
    documents: int
    passages: int
    embedded: int
    files: tuple[FileVerdict, ...]
    seconds: dict[str, float]


class Reader(Protocol):
    """Turns one file into documents, as a stream. Raises ReadError with a reason code; any other error is a bug."""

    def read(self, path: Path) -> Iterator[Document]:
        """Yields each document as soon as it is complete, in the file's order."""
        ...


class Embedder(Protocol):
    """Texts to unit vectors. Construction is cheap; weights are loaded by the first `encode_*` call."""

    @property
    def spec(self) -> str:
        """The `kind:model` text that makes this embedder again."""
        ...

    @property
    def dim(self) -> int:
        """Vector length."""
        ...

    @property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of what decides the vectors: weights and tokenizer, or the algorithm's version."""
        ...

    @property
    def engine(self) -> str:
        """One line: what runs it on this machine, and why. May load the weights."""
        ...

    def encode_passages(self, texts: list[str]) -> Vectors:
        """float32 (n, dim), unit length, in the order of `texts`."""
        ...

    def encode_questions(self, texts: list[str]) -> Vectors:
        """float32 (n, dim), unit length, in the order of `texts`."""
        ...
