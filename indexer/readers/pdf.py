"""Reads a PDF into one document: text in reading order with pages and sections, and what identifies the article.

Decides which files are refused and why; pypdf's errors are mapped here. The steps are in the other `pdf_` files: runs
(what a page shows), layout (rows, columns), furniture (running heads), tables, blocks (paragraphs, headings), document
(sections without the references), source (title, DOI).
"""

from __future__ import annotations

import io
import logging
import re
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from indexer.errors import ReadError
from indexer.language import language_of
from indexer.readers.clean import clean
from indexer.readers.front_matter import identity
from indexer.readers.pdf_blocks import blocks, body_size
from indexer.readers.pdf_columns import in_order
from indexer.readers.pdf_document import assembled, head_of
from indexer.readers.pdf_furniture import remove
from indexer.readers.pdf_layout import Line, Row, rows_of
from indexer.readers.pdf_runs import LARGEST_CONTENT, Shown, Walker
from indexer.readers.pdf_source import authors_of, doi_of, title_lines, title_of, year_of
from indexer.readers.pdf_tables import lines_of
from indexer.types import Document, Source

_RETRACTED = re.compile(r"^\W*(?:retracted|withdrawn)\b", re.I)
_SCANNED_CHARACTERS = 20
_GARBLED_SHARE = 0.25
# English has 0.38 vowels a letter, gene names and abbreviations in tables 0.25.
_FEWEST_VOWELS = 0.17
_LIMITS: dict[str, Any] = {
    "zlib_maximum_output_length": LARGEST_CONTENT, "lzw_maximum_output_length": LARGEST_CONTENT,
    "run_length_maximum_output_length": LARGEST_CONTENT, "page_tree_maximum_entries": 20_000, "jbig2dec_binary": None,
}  # fmt: skip


class PdfReader:
    """PDF files, read with pypdf."""

    def read(self, path: Path) -> Iterator[Document]:
        """Yields the file's one document.

        Raises ReadError: `encrypted` (needs a password), `scanned` (pictures of pages), `empty`, `garbled` (its fonts
        do not say which characters they show), `broken`.
        """
        data = path.read_bytes()
        shown, metadata = _shown(path, data)
        pages = _lines(shown)
        flat = [line for page in pages for line in page if line.text]
        _refuse_unreadable(path, flat, shown)
        first_rows = "\n".join(piece.text for row in rows_of(shown[0].runs) for piece in row)
        yield _document(pages, metadata, first_rows, path=path, data=data)


def _shown(path: Path, data: bytes) -> tuple[list[Shown], dict[str, str]]:
    """What every page shows, and the file's own metadata. Everything that pypdf raises ends here."""
    import pypdf
    from pypdf.errors import DependencyError, PyPdfError

    # It reports each defect of a file to the log, thousands for a bad one; what matters is raised.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings(), pypdf.apply_configuration(**_LIMITS):
            warnings.simplefilter("ignore")
            reader = pypdf.PdfReader(io.BytesIO(data))
            if reader.is_encrypted and not reader.decrypt(""):
                raise ReadError(path, "encrypted", "it opens only with a password")
            walker = Walker()
            return [walker.page(page) for page in reader.pages], _metadata(reader)
    except DependencyError as error:
        raise ReadError(path, "encrypted", str(error)[:150]) from error
    except (PyPdfError, ValueError, LookupError, TypeError, AttributeError, OSError, ArithmeticError, RuntimeError,
            AssertionError) as error:  # fmt: skip
        raise ReadError(path, "broken", f"{type(error).__name__}: {str(error)[:150]}") from error


def _metadata(reader: Any) -> dict[str, str]:
    try:
        return {k: v for k, v in (reader.metadata or {}).items() if isinstance(v, str)}
    except (ValueError, LookupError, TypeError, AttributeError):
        return {}  # not worth the article


def _lines(shown: Sequence[Shown]) -> list[list[Line]]:
    """The lines of every page in reading order, without furniture."""
    found = [rows_of(page.runs) for page in shown]
    rules = [page.rules for page in shown]
    read = []
    for number, page in enumerate(in_order(remove(found, body=_usual_size(found)), rules)):
        lines: list[Line] = []
        for column, region in enumerate(page):
            lines += lines_of(region, rules[number], column=column)
        for line in lines:
            line.page, line.text = number, _cleaned(line.text)
        read.append(lines)
    return read


def _usual_size(pages: Sequence[list[Row]]) -> float:
    sizes: Counter[float] = Counter()
    for piece in (p for rows in pages for row in rows for p in row):
        sizes[round(piece.size * 2) / 2] += piece.letters
    return sizes.most_common(1)[0][0] if sizes else 10.0


def _cleaned(text: str) -> str:
    """A line's text; a soft hyphen at its end is a divided word and is still needed."""
    return clean(text).strip(" ") + ("\u00ad" if text.endswith("\u00ad") else "")


def _refuse_unreadable(path: Path, lines: Sequence[Line], shown: Sequence[Shown]) -> None:
    text = "".join(line.text for line in lines)
    lost = sum(page.lost for page in shown)
    if lost > len(text) or (text and _odd(text) > _GARBLED_SHARE * len(text)):
        raise ReadError(path, "garbled", "its fonts do not say which characters they show")
    if len(text) < _SCANNED_CHARACTERS * len(shown) and any(page.pictures for page in shown):
        raise ReadError(path, "scanned", "its pages are pictures; run OCR on it first")
    if not text.strip():
        raise ReadError(path, "empty", "no page holds text")
    latin = [c for c in text.lower() if "a" <= c <= "z"]
    if len(latin) > max(200, len(text) // 2) and sum(c in "aeiouy" for c in latin) < _FEWEST_VOWELS * len(latin):
        raise ReadError(path, "garbled", "its letters form no words: the fonts' character maps are wrong")


def _odd(text: str) -> int:
    """How many characters stand for nothing: unknown, of private use, or boxes."""
    return sum(c == "\ufffd" or "\ue000" <= c <= "\uf8ff" or c in "■□" for c in text)


def _document(
    lines: list[list[Line]], metadata: dict[str, str], first_rows: str, *, path: Path, data: bytes
) -> Document:
    from indexer.design import classify

    flat = [line for page in lines for line in page if line.text]
    body = body_size(flat)
    heading = title_lines(flat, body=body)
    title = title_of(heading, metadata)
    content = blocks([line for line in flat if not any(line is h for h in heading)], body=body)
    assembly = assembled(title if heading else "", content, pages=len(lines))
    text, sections = "".join(assembly.parts), tuple(assembly.sections)
    if not sections:
        raise ReadError(path, "empty", "nothing but a title and references")
    first_page = "\n".join(line.text for line in lines[0])
    # The lines in reading order come first, as a title's block may name the DOI; then running heads and feet.
    doi = doi_of((first_page, first_rows), metadata, cited=assembly.cited)
    links = {"doi": doi} if doi else {}
    abstract = " ".join(text[s.start : s.end] for s in sections if s.kind == "body")[:3000]
    source = Source(
        id=identity(links, data), kind="article", title=title, authors=authors_of(metadata),
        year=year_of(head_of(content) or first_page[:1500]),
        design=classify(publication_types=(), title=title, abstract=abstract),
        retracted=bool(_RETRACTED.match(title)), language=language_of(text), links={**links, "path": str(path)},
    )  # fmt: skip
    return Document(source, text, sections, assembly.page_starts())
