"""Which rows of a page are set in columns, and in which order its parts are read.

A gutter is a strip that no line crosses over a stretch of rows while lines of prose stand left and right of it. Lines
that cross it (titles, abstracts, wide tables) cut the page into bands; within a band the left column is read before the
right one, and each side may have a gutter of its own. A page whose column holds hardly more than a table has its gutter
where other pages have theirs. Knows nothing of headings or of what the text says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from indexer.readers.pdf_layout import Row
from indexer.readers.pdf_runs import Rule

# A column has at least so many lines, is at least so many ems wide, and its lines fill so much of it.
_FEWEST_LINES, _NARROWEST, _FILLED = 3, 9.0, 0.5
# A line that reaches so far across its column is prose.
_FULL, _FEWEST_FULL = 0.75, 4
_DEEPEST = 3
_CELL_LETTERS = 22
_NEAR = 4.0

Zones = tuple[float, list[tuple[int, int]]]
"""A right column's left edge, and the stretches of rows (from, to) that are set in columns there."""


def in_order(pages: Sequence[list[Row]], rules: Sequence[Sequence[Rule]]) -> list[list[list[Row]]]:
    """For each page its regions in reading order: rows that are read from top to bottom."""
    found = [_zones(rows, lines, ()) for rows, lines in zip(pages, rules, strict=True)]
    known = sorted({zones[0] for zones in found if zones})
    known = [edge for i, edge in enumerate(known) if not i or edge - known[i - 1] > _NEAR][:8]
    ordered = []
    for rows, lines, zones in zip(pages, rules, found, strict=True):
        best = zones or (_zones(rows, lines, known) if known else None)
        ordered.append(list(_parts(rows, lines, best, 1)))
    return ordered


def _regions(rows: list[Row], rules: Sequence[Rule], depth: int) -> Iterator[list[Row]]:
    if rows:
        yield from _parts(rows, rules, _zones(rows, rules, ()) if depth < _DEEPEST else None, depth + 1)


def _parts(rows: list[Row], rules: Sequence[Rule], zones: Zones | None, depth: int) -> Iterator[list[Row]]:
    if not zones:
        if rows:
            yield rows
        return
    edge, stretches = zones
    at = 0
    for start, end in stretches:
        yield from _regions(rows[at:start], rules, depth)
        yield from _regions(_side(rows[start:end], edge, left=True), rules, depth)
        yield from _regions(_side(rows[start:end], edge, left=False), rules, depth)
        at = end
    yield from _regions(rows[at:], rules, depth)


def _side(rows: list[Row], edge: float, *, left: bool) -> list[Row]:
    halves = ([p for p in row if (p.x0 < edge) == left] for row in rows)
    return [half for half in halves if half]


def _zones(rows: list[Row], rules: Sequence[Rule], known: Sequence[float]) -> Zones | None:
    """The best gutter, by the lines of the shorter column; known: where other pages have theirs."""
    best: tuple[float, Zones] | None = None
    for edge in known or _edges(rows):
        score, stretches = 0.0, []
        for start, end in _uncrossed(rows, edge, rules):
            if lines := _columns(rows[start:end], edge, rules, familiar=bool(known)):
                score += lines
                stretches.append((start, end))
        if score and (best is None or score > best[0]):
            best = (score, (edge, stretches))
    return best[1] if best else None


def _edges(rows: list[Row]) -> list[float]:
    """Where right columns may begin: places at which several pieces begin that are not their page's leftmost."""
    if not rows:
        return []
    low, high = min(r[0].x0 for r in rows), max(r[-1].x1 for r in rows)
    starts = sorted(p.x0 for row in rows for p in row if low + 0.15 * (high - low) < p.x0 < low + 0.85 * (high - low))
    found: list[tuple[int, float]] = []
    i = 0
    while i < len(starts):
        j = i
        while j < len(starts) and starts[j] - starts[i] < 3:
            j += 1
        if j - i >= _FEWEST_LINES - 1:
            found.append((j - i, starts[i]))
        i = j
    return [edge for _, edge in sorted(found, reverse=True)[:8]]


def _uncrossed(rows: list[Row], edge: float, rules: Sequence[Rule]) -> Iterator[tuple[int, int]]:
    """Stretches of rows of which no piece reaches across the strip left of `edge`."""
    start = 0
    across = _ruled(rows, edge, rules) | _wide(rows, edge, rules)
    for i, row in enumerate(rows):
        if i in across or any(p.x0 < edge - 1 and p.x1 > edge + 1 for p in row):
            if i > start:
                yield start, i
            start = i + 1
    if len(rows) > start:
        yield start, len(rows)


def _ruled(rows: list[Row], edge: float, rules: Sequence[Rule]) -> set[int]:
    """Rows that stand between two rules across the strip and are too short to be prose: a table over both columns."""
    heights = sorted({round(r.y) for r in rules if r.x0 < edge - 20 and r.x1 > edge + 20}, reverse=True)
    found: set[int] = set()
    for upper, lower in pairwise(heights):
        inside = [i for i, row in enumerate(rows) if lower < row[0].y < upper]
        letters = sorted(p.letters for i in inside for p in rows[i])
        if letters and letters[len(letters) // 2] < _CELL_LETTERS:
            found.update(inside)
    return found


def _wide(rows: list[Row], edge: float, rules: Sequence[Rule]) -> set[int]:
    """Rows of a table across both columns without rules across the strip: three or more with several short cells on
    both sides that begin at the same places, unless rules on one side show that there are two tables."""
    found: set[int] = set()
    run: list[int] = []
    for i, row in enumerate([*rows, []]):
        left = sum(p.x0 < edge for p in row)
        cells = left >= 2 and len(row) - left >= 2 and max(p.letters for p in row) < 30
        if cells and (not run or _alike(rows[run[-1]], row)):
            run.append(i)
            continue
        if len(run) >= _FEWEST_LINES and not any(
            rows[run[-1]][0].y - 20 < r.y < rows[run[0]][0].y + 20 and not r.x0 < edge - 20 < edge + 20 < r.x1
            for r in rules
        ):
            found.update(run)
        run = [i] if cells else []
    return found


def _alike(upper: Row, lower: Row) -> bool:
    """Whether most pieces of two rows begin or end at the same places."""
    same = sum(any(abs(a.x0 - b.x0) < 3 or abs(a.x1 - b.x1) < 3 for b in lower) for a in upper)
    return 3 * same >= 2 * min(len(upper), len(lower))


def _columns(rows: list[Row], edge: float, rules: Sequence[Rule], *, familiar: bool) -> int:
    """How many lines the shorter column of a stretch has; 0 when it is not set in columns."""
    left, right = _side(rows, edge, left=True), _side(rows, edge, left=False)
    fewest = min(len(left), len(right))
    if fewest < (1 if familiar else _FEWEST_LINES):
        return 0
    low, high = min(r[0].x0 for r in left), max(r[-1].x1 for r in right)
    full = _full(left, edge - low), _full(right, high - edge)
    if familiar:
        # Elsewhere the document has columns here: prose in one of them is enough.
        return fewest if max(full) >= _FEWEST_LINES else 0
    if not all(number >= _FEWEST_FULL or _is_prose(side) for side, number in zip((left, right), full, strict=True)):
        return 0
    top, bottom = rows[0][0].y, rows[-1][0].y
    crossing = {round(r.y) for r in rules if r.x0 < edge - 20 and r.x1 > edge + 20 and bottom < r.y < top}
    # Several rules across the strip, close to each other: a table with long cells, not text in columns.
    return 0 if len(crossing) > 1 + fewest // 8 else fewest


def _full(side: list[Row], width: float) -> int:
    """How many rows are one piece that reaches across the column."""
    return sum(len(row) == 1 and row[0].x1 - row[0].x0 > _FULL * width for row in side)


def _is_prose(side: list[Row]) -> bool:
    """Whether rows fill the width that they have together."""
    low, high = min(r[0].x0 for r in side), max(r[-1].x1 for r in side)
    size = sorted(r[0].size for r in side)[len(side) // 2]
    filled = sum(sum(p.x1 - p.x0 for p in r) for r in side) / len(side)
    return high - low >= _NARROWEST * size and filled >= _FILLED * (high - low)
