"""Reads a PDF into one document: text in reading order with pages, sections, and what identifies the article.

Decides which files are refused and why, what the title and DOI are, and where the list of references begins and ends.
pypdf's errors are mapped here. The walk, the layout and the blocks are in the other `pdf_` files.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from indexer.design import classify
from indexer.errors import ReadError
from indexer.language import language_of
from indexer.readers.assemble import is_references
from indexer.readers.clean import clean
from indexer.readers.front_matter import identity
from indexer.readers.pdf_blocks import Block, blocks, body_size
from indexer.readers.pdf_furniture import remove
from indexer.readers.pdf_layout import Line, lines, rows
from indexer.readers.pdf_runs import Walker
from indexer.types import Document, Section, Source

_DOI = re.compile(r"\b10\.\d{4,9}/[-._;()/:<>A-Za-z0-9]{2,100}")
_YEAR = re.compile(r"(?<!\d)(?:19[5-9]\d|20[0-4]\d)(?!\d)")
_RETRACTED = re.compile(r"^\W*(?:retracted|withdrawn)\b", re.I)
# Sections after the references that are read again.
_AFTER = re.compile(r"^(?:appendix|supplementary|annex|附录)", re.I)
_ENTRY = re.compile(r"^\s*(?:\[\d{1,3}\]|\d{1,3}[.)])\s")
_CITED = re.compile(r"(?:19|20)\d\d[;:.)]|doi:|et al", re.I)
_SCANNED_CHARACTERS = 20


class PdfReader:
    """PDF files, read with pypdf."""

    def read(self, path: Path) -> Iterator[Document]:
        """Yields the file's one document.

        Raises ReadError: `encrypted` (needs a password), `scanned` (pictures of pages), `empty`, `garbled` (its fonts
        do not say which characters they show), `broken`.
        """
        import pypdf
        from pypdf.errors import PyPdfError

        logging.getLogger("pypdf").setLevel(logging.CRITICAL)
        data = path.read_bytes()
        try:
            reader = pypdf.PdfReader(path)
            if reader.is_encrypted and not reader.decrypt(""):
                raise ReadError(path, "encrypted", "it opens only with a password")
            pages, pictures = _pages(reader)
            metadata = {k: str(v) for k, v in (reader.metadata or {}).items() if isinstance(v, str)}
        except ReadError:
            raise
        except (PyPdfError, RecursionError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError,
                ArithmeticError, AssertionError, NotImplementedError, UnicodeError) as error:  # fmt: skip
            raise ReadError(path, "broken", f"{type(error).__name__}: {str(error)[:150]}") from error
        flat = [line for page in pages for line in page]
        _refuse_unreadable(path, "".join(line.text for line in flat), pictures=pictures, pages=len(pages))
        yield _document(flat, metadata, path=path, data=data, pages=len(pages))


def _pages(reader: Any) -> tuple[list[list[Line]], int]:
    """The lines of every page without furniture, and how many pages hold pictures."""
    fonts: dict[Any, Any] = {}
    found, pictures = [], 0
    for page in reader.pages:
        found.append(rows(Walker(reader, fonts).page(page)))
        pictures += bool(page.get("/Resources")) and "/XObject" in page["/Resources"]
    if not found:
        return [], pictures
    body = body_size([line for page in found for line in lines(page)])
    read = [lines(page) for page in remove(found, body=body)]
    for number, page in enumerate(read):
        for line in page:
            line.page = number
            line.text = clean(line.text.replace("\u00ad", "-") if line.text.endswith("\u00ad") else line.text).strip()
            line.cells = tuple(clean(cell) for cell in line.cells)
    return [[line for line in page if line.text] for page in read], pictures


def _refuse_unreadable(path: Path, text: str, *, pictures: int, pages: int) -> None:
    if len(text) < _SCANNED_CHARACTERS * max(pages, 1) and pictures:
        raise ReadError(path, "scanned", "its pages are pictures; run OCR on it first")
    if not text.strip():
        raise ReadError(path, "empty", "no page holds text")
    odd = sum(c == "\ufffd" or "\ue000" <= c <= "\uf8ff" or c in "■□" for c in text)
    if odd > 0.3 * len(text):
        raise ReadError(path, "garbled", "its fonts do not say which characters they show")


def _document(flat: list[Line], metadata: dict[str, str], *, path: Path, data: bytes, pages: int) -> Document:
    body = body_size(flat)
    title_lines = _title_lines(flat, body=body)
    title = _title(title_lines, metadata)
    content = blocks([line for line in flat if line not in title_lines], body=body)
    text, sections, starts = _assembled(content, pages)
    first_page = " ".join(line.text for line in flat if line.page == 0)
    doi = _doi(first_page, metadata)
    links = {"doi": doi} if doi else {}
    head = " ".join(b.text for b in _before_first_heading(content))[:1500]
    abstract = " ".join(text[s.start : s.end] for s in sections if s.kind == "body")[:3000]
    source = Source(
        id=identity(links, data), kind="article", title=title, authors=_authors(metadata),
        year=_year(head or first_page[:1500]), design=classify(publication_types=(), title=title, abstract=abstract),
        retracted=bool(_RETRACTED.match(title)), language=language_of(text), links={**links, "path": str(path)},
    )  # fmt: skip
    return Document(source, text, sections, starts)


def _before_first_heading(content: Sequence[Block]) -> list[Block]:
    end = next((i for i, b in enumerate(content) if b.kind == "heading"), 0)
    return list(content[:end])


def _assembled(content: Sequence[Block], pages: int) -> tuple[str, tuple[Section, ...], tuple[int, ...]]:
    """Text, sections and the offset at which each page begins; headings stand outside the sections."""
    parts: list[str] = []
    sections: list[Section] = []
    starts: list[int | None] = [None] * pages
    path: tuple[str, ...] = ()
    length, kind, previous = 0, "body", ""
    for block in content:
        if parts:
            gap = "\n" if block.kind == previous == "table" else "\n\n"
            parts.append(gap)
            length += len(gap)
        for offset, page in [(0, block.page), *block.starts]:
            if starts[page] is None:
                starts[page] = length + offset
        if block.kind == "heading":
            path = (*path[: block.level - 1], block.text.rstrip(":： "))
            kind = "references" if is_references(path[0]) and not _AFTER.match(path[-1]) else "body"
            if is_references(path[-1]):
                kind = "references"
        else:
            section_kind = "table" if block.kind == "table" and kind == "body" else kind
            heading = " > ".join(path)
            end = length + len(block.text)
            last = sections[-1] if sections else None
            if last and (last.heading, last.kind) == (heading, section_kind) and previous != "heading":
                sections[-1] = Section(heading, last.start, end, last.page, section_kind)
            else:
                sections.append(Section(heading, length, end, block.page + 1, section_kind))
        parts.append(block.text)
        length += len(block.text)
        previous = block.kind
    filled, after = [], length
    for start in reversed(starts):
        after = start if start is not None else after
        filled.append(after)
    text = "".join(parts)
    return text, _unlisted(text, sections), tuple(reversed(filled))


def _unlisted(text: str, sections: list[Section]) -> tuple[Section, ...]:
    """Marks a section at the end as references when it is a numbered list of them without a heading of its own."""
    found: list[Section] = []
    for section in sections:
        paragraphs = text[section.start : section.end].split("\n\n")
        entries = [bool(_ENTRY.match(p)) and bool(_CITED.search(p)) for p in paragraphs]
        first = entries.index(True) if True in entries else -1
        if section.kind == "body" and sum(entries) >= 5 and all(entries[first:]):
            cut = section.start + sum(len(p) + 2 for p in paragraphs[:first])
            if first:
                found.append(Section(section.heading, section.start, cut - 2, section.page))
            found.append(Section(section.heading, cut, section.end, section.page, "references"))
        else:
            found.append(section)
    return tuple(found)


def _title_lines(flat: Sequence[Line], *, body: float) -> list[Line]:
    """The largest type in the upper part of the first page, if it is larger than the body's."""
    first = [line for line in flat if line.page == 0][:14]
    if not first:
        return []
    largest = max((line.size for line in first if len(line.text) > 8), default=0.0)
    if largest < 1.15 * body:
        return []
    found = [line for line in first if line.size > 0.97 * largest and len(line.text) > 2]
    return found if len(found) <= 6 else []


def _title(found: Sequence[Line], metadata: dict[str, str]) -> str:
    shown = ""
    for line in found:
        joint = "" if not shown or (ord(shown[-1]) > 0x2E80 and ord(line.text[0]) > 0x2E80) else " "
        shown += joint + line.text
    if len(shown) > 8:
        return shown
    stated = clean(metadata.get("/Title", "")).strip()
    plausible = len(stated.split()) >= 3 and not re.search(
        r"\.(?:docx?|indd|tex|pdf|qxd)\b|microsoft word|untitled", stated, re.I
    )
    return stated if plausible else shown


def _doi(first_page: str, metadata: dict[str, str]) -> str:
    """The DOI of the paper itself: from the metadata, else the first on the first page."""
    for text in (
        *(metadata.get(k, "") for k in ("/doi", "/DOI", "/Subject", "/WPS-ARTICLEDOI", "/Keywords")),
        first_page,
    ):
        if match := _DOI.search(text):
            return match[0].rstrip(".,;:)>")
    return ""


def _authors(metadata: dict[str, str]) -> tuple[str, ...]:
    stated = clean(metadata.get("/Author", "")).strip()
    if not stated or re.search(r"anonymous|user|admin|unknown|owner|\d", stated, re.I):
        return ()
    return tuple(name.strip() for name in re.split(r"[;,]| and ", stated) if name.strip())[:30]


def _year(head: str) -> int | None:
    """The year of publication when the lines before the text name just one year."""
    years = set(_YEAR.findall(_DOI.sub(" ", head)))
    return int(years.pop()) if len(years) == 1 else None
