"""Which rows of a PDF's pages are furniture: running heads, feet and page numbers. They are not part of the text.

A row is furniture when it stands at the top or bottom of a page and the same words, up to digits, stand there on other
pages; or when it is a bare page number; or when it is small type set apart from the body and short. Knows nothing of
columns or sections.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from indexer.readers.pdf_layout import Row

_NUMBER = re.compile(
    r"\W*(?:(?:page|p\.|第)\s*)?(?:\d{1,5}|[ivxlc]{1,6})(?:\s*(?:of|/|\||页|共)\s*\d{0,5}\s*页?)?\W*", re.I
)
_CAPTION = re.compile(r"(?:table|fig|表|图|box|supplement)", re.I)
# A head of two or three lines is common; body text begins below it.
_DEEPEST = 3
# Points by which a running head may move from page to page.
_DRIFT = 12.0


def remove(pages: Sequence[list[Row]], *, body: float) -> list[list[Row]]:
    """The pages without their furniture. body: the usual type size in points."""
    repeated = _repeated(pages)
    return [_without(rows, repeated, body=body, first=number == 0) for number, rows in enumerate(pages)]


def _text(row: Row) -> str:
    return " ".join(p.text for p in row)


def _key(row: Row) -> str:
    return re.sub(r"\W+", " ", re.sub(r"\d+", "#", _text(row).lower())).strip()


def _repeated(pages: Sequence[list[Row]]) -> set[tuple[str, str]]:
    """(edge, words) of rows that stand at the same height at one edge of several pages; odd and even may differ."""
    found: dict[tuple[str, str], list[float]] = {}
    for rows in pages:
        edges = [("top", r) for r in rows[:_DEEPEST]] + [("bottom", r) for r in rows[-_DEEPEST:]]
        for edge, row in edges:
            found.setdefault((edge, _key(row)), []).append(row[0].y)
    needed = max(2, round(0.25 * len(pages)))
    return {key for key, heights in found.items() if key[1] and _together(heights) >= needed}


def _together(heights: list[float]) -> int:
    """How many heights stand close to the commonest."""
    common = Counter(round(y) for y in heights).most_common(1)[0][0]
    return sum(abs(y - common) < _DRIFT for y in heights)


def _without(rows: list[Row], repeated: set[tuple[str, str]], *, body: float, first: bool) -> list[Row]:
    rows = list(rows)
    for edge, at in (("top", 0), ("bottom", -1)):
        for depth in range(_DEEPEST):
            # A page number or a book's title may stand under the running head, or the other way round.
            place = at + depth if edge == "top" else at - depth
            if len(rows) > depth and _is_furniture(rows, place, edge, repeated, body=body, first=first):
                rows = rows[place + 1 :] if edge == "top" else rows[:place]
                return _without(rows, repeated, body=body, first=first)
    return rows


def _is_furniture(
    rows: list[Row], place: int, edge: str, repeated: set[tuple[str, str]], *, body: float, first: bool
) -> bool:
    row = rows[place]
    if (edge, _key(row)) in repeated:
        return True
    if place not in (0, -1):
        return False
    text = _text(row)
    neighbour = (rows[1] if edge == "top" else rows[-2]) if len(rows) > 1 else None
    gap = abs(row[0].y - neighbour[0].y) if neighbour else 1e3
    if _NUMBER.fullmatch(text) and gap > 1.4 * body:
        return True
    if len(rows) < 4 or len(text) > 110 or (first and edge == "top") or _CAPTION.match(text):
        return False
    # Met on one page only (a paper of two pages): small type, set apart from the body by more than two lines.
    return max(p.size for p in row) < 0.93 * body and gap > 2.2 * body
