"""Puts a document's text together from blocks, so that sections' offsets are right by construction.

Used by the readers whose formats are trees or lines. A heading is written into the text but stands outside every
section, so it is never quoted. Knows nothing of formats.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from indexer.types import Section

_REFERENCES = re.compile(
    r"^\W*(?:\d+\.?\s*)?(?:references?(?: list| cited)?|bibliography|literature cited|works cited|further reading|"
    r"参考文献|参考资料|引用文献)\W*$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (one line), a table's row, or a heading of some level. path: the headings above it."""

    text: str
    path: tuple[str, ...] = ()
    kind: str = "body"


def is_references(heading: str) -> bool:
    """Whether a heading announces the list of references."""
    return bool(_REFERENCES.match(heading))


def assemble(blocks: Iterable[Block]) -> tuple[str, tuple[Section, ...]]:
    """The text (paragraphs separated by a blank line, rows by a line end) and its sections.

    Consecutive blocks of one path and kind share a section; one under a references heading gets that kind.
    """
    parts: list[str] = []
    sections: list[Section] = []
    length = 0
    before: tuple[tuple[str, ...], str] | None = None
    for block in blocks:
        if not block.text.strip():
            continue
        kind = "references" if any(is_references(h) for h in block.path) else block.kind
        new = (block.path, kind) != before
        if parts:
            gap = "\n" if kind == "table" and not new else "\n\n"
            parts.append(gap)
            length += len(gap)
        if new and block.path and (before is None or before[0] != block.path):
            parts.append(f"{block.path[-1]}\n\n")
            length += len(parts[-1])
        start = length
        parts.append(block.text)
        length += len(block.text)
        if new:
            sections.append(Section(" > ".join(block.path), start, length, kind=kind))
        else:
            last = sections[-1]
            sections[-1] = Section(last.heading, last.start, length, kind=kind)
        before = (block.path, kind)
    return "".join(parts), tuple(sections)


def rows(table: list[list[str]]) -> list[str]:
    """A table as lines `header: value; header: value`; the first row is the header."""
    if len(table) < 2:
        return ["; ".join(c for c in row if c) for row in table]
    header = table[0]
    lines = []
    for row in table[1:]:
        cells = [
            f"{header[i]}: {cell}" if i < len(header) and header[i] else cell for i, cell in enumerate(row) if cell
        ]
        if cells:
            lines.append("; ".join(cells))
    return lines
