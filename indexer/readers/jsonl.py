"""Reads JSON lines, one document a line, as a stream: `id`, `text` or `sections: [{heading, text}]`, and metadata.

A line that cannot be read never stops the others: the good documents come first, the error at the end names the bad
lines. Knows nothing of what made the file.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, cast

from indexer.errors import ReadError
from indexer.readers.assemble import Block, assemble
from indexer.readers.clean import clean
from indexer.readers.front_matter import source
from indexer.types import Document

_LONGEST_LINE = 64 << 20
_PARAGRAPH = re.compile(r"\n[ \t]*\n")


class JsonlReader:
    """JSON lines (`.jsonl`, `.ndjson`, and both with `.gz`)."""

    def read(self, path: Path) -> Iterator[Document]:
        """Yields a document for each good line. Raises ReadError: `bad_lines` (last), `broken`, `empty`."""
        bad: list[str] = []
        good = total = 0
        try:
            with _opened(path) as file:
                for number, line in enumerate(_lines(file), start=1):
                    if not line.strip():
                        continue
                    total += 1
                    try:
                        yield _document(line, path)
                        good += 1
                    except (ValueError, RecursionError) as error:
                        bad.append(f"line {number}: {str(error)[:120] or 'nests too deep'}")
        except (OSError, EOFError, zlib.error) as error:
            raise ReadError(path, "broken", str(error)[:200]) from error
        if bad:
            raise ReadError(path, "bad_lines", f"{len(bad)} of {total} lines; " + "; ".join(bad[:3]))
        if not good:
            raise ReadError(path, "empty")


def _opened(path: Path) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path, "rb")) if path.suffix.lower() == ".gz" else path.open("rb")


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    """Lines of bounded length; what is longer comes cut, and its rest is skipped."""
    while line := file.readline(_LONGEST_LINE):
        yield line
        while len(line) == _LONGEST_LINE and not line.endswith(b"\n"):
            line = file.readline(_LONGEST_LINE)


def _document(line: bytes, path: Path) -> Document:
    """The document of one line. Raises ValueError naming the field that is wrong."""
    if len(line) >= _LONGEST_LINE:
        raise ValueError(f"longer than {_LONGEST_LINE >> 20} MB")
    record = json.loads(line.decode("utf-8-sig", "replace"), parse_constant=_no_constant)
    if not isinstance(record, dict):
        raise ValueError(f"expected an object, found {type(record).__name__}")
    text, sections = assemble(_blocks(record))
    title = clean(str(record.get("title") or ""))
    if not text.strip() and title:
        text, sections = assemble([Block(title)])
    if not text.strip():
        raise ValueError("neither `text` nor `sections` holds any text")
    links = record.get("links") or {}
    if not isinstance(links, dict):
        raise ValueError("links: expected an object")
    return Document(source(record, path=path, data=line, text=text), text, sections)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _blocks(record: dict[str, Any]) -> Iterator[Block]:
    parts = record.get("sections")
    if parts is None:
        parts = [{"heading": "", "text": record.get("text") or ""}]
    if not isinstance(parts, list):
        raise ValueError("sections: expected a list")
    for part in parts:
        if not isinstance(part, dict) or not isinstance(part.get("text") or "", str):
            raise ValueError("sections: expected objects with heading and text")
        heading = clean(str(part.get("heading") or "")).strip()
        for paragraph in _PARAGRAPH.split(clean(part.get("text") or "")):
            yield Block(" ".join(paragraph.split()), (heading,) if heading else ())
