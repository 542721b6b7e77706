"""Which rows of a PDF's pages are furniture: running heads, feet and page numbers. They are not part of the text.

A row is furniture when it stands at the top or bottom of a page and the same words, up to digits, stand there on other
pages; or when it is a bare page number; or when it is small type set apart from the body and short. Knows nothing of
columns or sections.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from indexer.readers.pdf_layout import Row, row_size, row_text, row_y

_NUMBER = re.compile(
    r"^\W*(?:(?:page|p\.|第)\s*)?(?:\d{1,5}|[ivxlc]{1,6})(?:\s*(?:of|/|\||页|共)\s*\d{0,5}\s*页?)?\W*$", re.I
)
# A head of two or three lines is common; body text begins below it.
_DEEPEST = 3


def remove(pages: Sequence[list[Row]], *, body: float) -> list[list[Row]]:
    """The pages without their furniture. body: the usual type size in points."""
    repeated = _repeated(pages)
    return [_without(rows, repeated, body=body, first=number == 0) for number, rows in enumerate(pages)]


def _key(row: Row) -> str:
    return re.sub(r"\W+", " ", re.sub(r"\d+", "#", row_text(row).lower())).strip()


def _repeated(pages: Sequence[list[Row]]) -> set[tuple[str, str]]:
    """(edge, words) of rows that stand at the same edge of several pages; odd and even pages may differ."""
    found: Counter[tuple[str, str]] = Counter()
    for rows in pages:
        found.update({("top", _key(r)) for r in rows[:_DEEPEST]} | {("bottom", _key(r)) for r in rows[-_DEEPEST:]})
    needed = max(2, round(0.3 * len(pages)))
    return {key for key, count in found.items() if count >= needed and key[1]}


def _without(rows: list[Row], repeated: set[tuple[str, str]], *, body: float, first: bool) -> list[Row]:
    rows = list(rows)
    for _ in range(_DEEPEST):
        if rows and _is_furniture(rows, "top", repeated, body=body, first=first):
            rows.pop(0)
        if rows and _is_furniture(rows, "bottom", repeated, body=body, first=first):
            rows.pop()
    return rows


def _is_furniture(rows: list[Row], edge: str, repeated: set[tuple[str, str]], *, body: float, first: bool) -> bool:
    row = rows[0] if edge == "top" else rows[-1]
    text = row_text(row)
    if (edge, _key(row)) in repeated or _NUMBER.match(text):
        return True
    if len(rows) < 4 or len(text) > 110 or (first and edge == "top"):
        return False
    # Met on one page only (a paper of two pages): small type, set apart from the body by more than two lines.
    neighbour = rows[1] if edge == "top" else rows[-2]
    return row_size(row) < 0.93 * body and abs(row_y(row) - row_y(neighbour)) > 2.2 * body
