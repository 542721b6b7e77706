"""Tables of JATS as lines `header: value; header: value`: decides which header belongs to which cell.

Reads the XHTML model (`tr`, `td`, colspan, rowspan) and the CALS one (`row`, `entry`, namest, morerows). A row that is
one text (the name of a group of rows) stays one text. Knows nothing of captions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise, takewhile
from xml.etree.ElementTree import Element

from indexer.readers.inline import plain

_COLUMNS = 200
_HEAD_ROWS = 10
# Cells that one table may repeat on later rows; after that a rowspan counts as 1.
_HANGING = 10_000
# A header is repeated on every row and a spanning cell on several: both only while they are short, so that a table's
# text stays within a small multiple of its file.
_REPEATED = 200


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the grid: it covers the columns [column, end)."""

    text: str
    column: int
    end: int
    rows: int = 1


def table_lines(table: Element) -> Iterator[str]:
    """One line for each row below the header, in order; empty rows are left out.

    Headers of several rows are joined top down by ", "; a value under several columns names them all once.
    """
    names = {spec.get("colname", ""): n for n, spec in enumerate(table.iter("colspec")) if n < _COLUMNS}
    head, body = _split(table)
    headers = _headers(list(_grid(head, names)))
    for row in _grid(body, names):
        if line := _line(row, headers):
            yield line


def _split(table: Element) -> tuple[list[Element], list[Element]]:
    """Header rows and body rows. Without a `thead`, leading rows of nothing but `th` are the header."""
    head: list[Element] = []
    body: list[Element] = []
    for part in (p for holder in (table, *table.iterfind("tgroup")) for p in holder):
        rows = [part] if part.tag in ("tr", "row") else [r for r in part if r.tag in ("tr", "row")]
        (head if part.tag == "thead" else body).extend(rows)
    if not head:
        count = sum(1 for _ in takewhile(_all_headers, body))
        head, body = (body[:count], body[count:]) if count < len(body) else (head, body)
    return head[:_HEAD_ROWS], head[_HEAD_ROWS:] + body


def _all_headers(row: Element) -> bool:
    return len(row) > 0 and all(cell.tag == "th" for cell in row)


def _grid(rows: list[Element], names: dict[str, int]) -> Iterator[list[Cell]]:
    """Each row's cells with the columns that they cover, those spanning down from earlier rows included."""
    hanging: list[Cell] = []
    repeated = 0
    for row in rows:
        taken = {c for cell in hanging for c in range(cell.column, cell.end)}
        cells, column = list(hanging), 0
        for element in row:
            if element.tag not in ("td", "th", "entry"):
                continue
            while column in taken:
                column += 1
            cell = _cell(element, column, names)
            if cell.column >= _COLUMNS:
                break
            cells.append(cell)
            column = cell.end
        cells.sort(key=lambda cell: cell.column)
        yield cells
        hanging = [
            Cell(c.text if len(c.text) <= _REPEATED else "", c.column, c.end, c.rows - 1)
            for c in cells
            if c.rows > 1 and repeated < _HANGING
        ]
        repeated += len(hanging)


def _cell(element: Element, column: int, names: dict[str, int]) -> Cell:
    first = names.get(element.get("namest", element.get("colname", "")), column)
    width = _number(element.get("colspan"), default=1)
    if (last := names.get(element.get("nameend", ""))) is not None:
        width = max(1, last - first + 1)
    rows = _number(element.get("rowspan"), default=1)
    rows = max(rows, 1 + _number(element.get("morerows"), default=0))
    first = max(first, column)
    return Cell(plain(element), first, min(first + width, _COLUMNS), rows)


def _number(text: str | None, *, default: int) -> int:
    text = (text or "").strip()
    return max(default, int(text)) if text.isdecimal() and len(text) < 5 else default


def _headers(rows: list[list[Cell]]) -> list[str]:
    """The header of each column. A row of one text over a header of more rows is a title and left out."""
    rows = [row for row in rows if any(cell.text for cell in row)]
    width = max((row[-1].end for row in rows if row), default=0)
    while len(rows) > 1 and len(rows[0]) == 1 and rows[0][0].end == width:
        rows.pop(0)
    rows = rows[:1] + [_under(row, above) for above, row in pairwise(rows)]
    headers: list[list[str]] = [[] for _ in range(width)]
    for row in rows:
        for cell in row:
            for column in range(cell.column, min(cell.end, width)):
                text = cell.text.rstrip(": ")
                if text and text not in headers[column]:
                    headers[column].append(text)
    return [", ".join(parts).replace(", (", " (")[:_REPEATED] for parts in headers]


def _under(row: list[Cell], above: list[Cell]) -> list[Cell]:
    """`row`, moved under the spanning cells of the row above when it has just as many cells as these have columns.

    Some publishers' files lack the rowspan of the cells beside them (1 of 1,213 tables in PMC trials).
    """
    under = [c for cell in above if cell.end - cell.column > 1 for c in range(cell.column, cell.end)]
    beside = [cell for cell in above if cell.end - cell.column == 1]
    if not under or any(cell.rows > 1 for cell in above) or not beside or row[-1].end != len(under):
        return row
    if any(cell.end - cell.column > 1 for cell in row) or len(row) != len(under):
        return row
    return [Cell(cell.text, column, column + 1) for cell, column in zip(row, under, strict=True)]


def _line(row: list[Cell], headers: list[str]) -> str:
    cells = [cell for cell in row if cell.text]
    if len(cells) == 1 and (len(row) == 1 or cells[0].column == 0):
        return cells[0].text
    parts = []
    for cell in cells:
        over = dict.fromkeys(h for h in headers[cell.column : cell.end] if h)
        header = " / ".join(over)[:_REPEATED]
        parts.append(f"{header}: {cell.text}" if header else cell.text)
    return "; ".join(parts)
