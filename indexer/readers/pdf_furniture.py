"""Which rows of a PDF's pages are furniture: running heads, feet, page and line numbers.

A row is furniture when it stands at the top or bottom of a page and the same words, up to digits, stand there on other
pages; or when it is a bare page number; or when it stands above the text at a height where most pages have such a row;
or when it is small type set apart from the body and short. Knows nothing of columns or sections.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from indexer.readers.pdf_layout import Row

_NUMBER = re.compile(
    r"\A\W{0,20}(?:(?:page|p\.|第)\s*)?(?:\d{1,5}|[ivxlc]{1,6})(?:\s*(?:of|/|\||页|共)\s*\d{0,5}\s*页?)?\W{0,20}", re.I
)
_CAPTION = re.compile(r"(?:table|fig|表|图|box|supplement)", re.I)
# A head of two or three lines is common; body text begins below it.
_DEEPEST = 3
# Points by which a running head may move from page to page.
_DRIFT = 12.0
_FEWEST_NUMBERED = 8
_FEWEST_HEADED = 3

Repeated = dict[tuple[str, str], float]
"""(edge, words) → height."""


def remove(pages: Sequence[list[Row]], *, body: float) -> list[list[Row]]:
    """The pages without their furniture. body: the usual type size in points."""
    pages = [_without_line_numbers(rows) for rows in pages]
    repeated = _repeated(pages)
    kept = [_without(rows, repeated, body=body, first=number == 0) for number, rows in enumerate(pages)]
    heights = [_apart(rows, body=body) for rows in kept]
    levels = Counter(round(y) for y in heights[1:] if y is not None)
    usual, count = levels.most_common(1)[0] if levels else (0, 0)
    if count < max(_FEWEST_HEADED, 0.5 * (len(pages) - 1)):
        return kept
    # Heads that name the chapter differ from page to page, but they all stand at one height above the text.
    headed = [y is not None and abs(y - usual) < 2 for y in heights]
    return [r[1:] if head and r[0][0].size < 1.1 * body else r for r, head in zip(kept, headed, strict=True)]


def _apart(rows: list[Row], *, body: float) -> float | None:
    """The height of a page's top row when a gap parts it from the text below, wider than those in the text."""
    if len(rows) < 6 or len(_text(rows[0])) > 110 or _CAPTION.match(_text(rows[0])):
        return None
    gaps = [a[0].y - b[0].y for a, b in pairwise(rows)]
    return rows[0][0].y if gaps[0] > max(1.5 * body, 1.4 * sorted(gaps)[len(gaps) // 2]) else None


def _without_line_numbers(rows: list[Row]) -> list[Row]:
    """A manuscript's rows without the numbers that count its lines in the left margin."""
    numbers = [(i, row[0]) for i, row in enumerate(rows) if row[0].text.isdecimal() and len(row[0].text) < 5]
    if len(numbers) < _FEWEST_NUMBERED or len(numbers) < 0.7 * (numbers[-1][0] - numbers[0][0] + 1):
        return rows
    edge = Counter(round(piece.x1) for _, piece in numbers).most_common(1)[0][0]
    marked = {i: int(piece.text) for i, piece in numbers if abs(piece.x1 - edge) < 3}
    values = list(marked.values())
    rising = sum(b - a == 1 for a, b in pairwise(values))
    if len(values) < _FEWEST_NUMBERED or rising < 0.8 * (len(values) - 1):
        return rows
    bare = [row[1:] if i in marked else row for i, row in enumerate(rows)]
    return [row for row in bare if row]


def _text(row: Row) -> str:
    return " ".join(p.text for p in row)


def _key(row: Row) -> str:
    return re.sub(r"\W+", " ", re.sub(r"\d+", "#", _text(row).lower())).strip()


def _repeated(pages: Sequence[list[Row]]) -> Repeated:
    """Rows that stand at the same height at one edge of several pages; odd and even pages may differ."""
    found: dict[tuple[str, str], list[float]] = {}
    for rows in pages:
        edges = [("top", r) for r in rows[:_DEEPEST]] + [("bottom", r) for r in rows[-_DEEPEST:]]
        for edge, row in edges:
            found.setdefault((edge, _key(row)), []).append(row[0].y)
    needed = max(2, round(0.25 * len(pages)))
    usual = {key: Counter(map(round, heights)).most_common(1)[0][0] for key, heights in found.items() if key[1]}
    return {k: y for k, y in usual.items() if sum(abs(h - y) < _DRIFT for h in found[k]) >= needed}


def _without(rows: list[Row], repeated: Repeated, *, body: float, first: bool) -> list[Row]:
    rows = list(rows)
    for edge, at in (("top", 0), ("bottom", -1)):
        for depth in range(_DEEPEST):
            # A page number or a book's title may stand under the running head, or the other way round.
            place = at + depth if edge == "top" else at - depth
            if len(rows) > depth and _is_furniture(rows, place, edge, repeated, body=body, first=first):
                rows = rows[place + 1 :] if edge == "top" else rows[:place]
                return _without(rows, repeated, body=body, first=first)
    return rows


def _is_furniture(rows: list[Row], place: int, edge: str, repeated: Repeated, *, body: float, first: bool) -> bool:
    row = rows[place]
    if abs(repeated.get((edge, _key(row)), 1e6) - row[0].y) < _DRIFT:
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
