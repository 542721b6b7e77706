"""From a region's rows to lines, with its tables put together: which rows are a table's, which pieces form a cell.

A table is a stretch of rows between rules of equal width, or of rows whose pieces begin at the same places. Its cells
are read row by row; a cell broken over several lines stays together. Knows nothing of what the text says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from indexer.readers.pdf_layout import Line, Piece, Row
from indexer.readers.pdf_runs import Rule

_FEWEST_ROWS = 2
_SAME = 3.0
_FEWEST_HIDDEN = 3
# Bands of a grid have few lines each; with more lines a rule only parts head and body.
_MOST_CELL_LINES = 5


def lines_of(rows: Sequence[Row], rules: Sequence[Rule], *, column: int) -> list[Line]:
    """The lines of one region, top line first; a table's row is one line of kind `table`."""
    left, right = min(r[0].x0 for r in rows), max(r[-1].x1 for r in rows)
    levels = _levels(rules, left, right)
    marks = _tables(rows, levels)
    lines: list[Line] = []
    at = 0
    for start, end in marks:
        lines += [_line(row) for row in rows[at:start]]
        lines += _table(rows[start:end], [y for y in levels if rows[end - 1][0].y - 20 < y < rows[start][0].y + 20])
        at = end
    lines += [_line(row) for row in rows[at:]]
    for line in lines:
        line.column, line.left, line.right = column, left, right
    return lines


def _line(row: Row) -> Line:
    main = max(row, key=lambda p: p.letters)
    letters = sum(p.letters for p in row)
    marked = sum(p.marked for p in row) > 0.6 * letters
    return Line(row[0].x0, row[-1].x1, main.y, main.size, marked, " ".join(p.text for p in row))


def _levels(rules: Sequence[Rule], left: float, right: float) -> list[float]:
    """Heights of rules that span a good part of the region and do not reach far beyond it, top first."""
    spans: dict[int, tuple[float, float]] = {}
    for rule in rules:
        if rule.x0 > left - 15 and rule.x1 < right + 15:
            x0, x1 = spans.get(round(rule.y), (rule.x0, rule.x1))
            spans[round(rule.y)] = min(x0, rule.x0), max(x1, rule.x1)
    return sorted((float(y) for y, (x0, x1) in spans.items() if x1 - x0 > 0.35 * (right - left)), reverse=True)


def _tables(rows: Sequence[Row], levels: Sequence[float]) -> list[tuple[int, int]]:
    """Stretches of rows (from, to) that form tables."""
    cells = [_ruled(rows, levels), _aligned(rows)]
    marked = [any(i in found for found in cells) for i in range(len(rows))]
    stretches, start = [], None
    for i, mark in enumerate([*marked, False]):
        if mark and start is None:
            start = i
        elif not mark and start is not None:
            if i - start >= _FEWEST_ROWS and sum(len(r) > 1 for r in rows[start:i]) >= _FEWEST_ROWS:
                stretches.append((start, i))
            start = None
    return stretches


def _ruled(rows: Sequence[Row], levels: Sequence[float]) -> set[int]:
    """Rows between two rules where a third of them or more have several pieces."""
    found: set[int] = set()
    for upper, lower in pairwise(levels):
        inside = [i for i, row in enumerate(rows) if lower < row[0].y < upper]
        if inside and sum(len(rows[i]) > 1 for i in inside) >= max(1, len(inside) / 3):
            found.update(inside)
    return found


def _aligned(rows: Sequence[Row]) -> set[int]:
    """Rows of several pieces that begin where those of the row above or below begin."""
    right = max(row[-1].x1 for row in rows)
    found: set[int] = set()
    for i, (upper, lower) in enumerate(pairwise(rows)):
        if min(len(upper), len(lower)) < 2 or upper[0].y - lower[0].y > 3 * upper[0].size:
            continue
        if _stretched(upper, right) or _stretched(lower, right):
            continue
        inner = sum(_matches(a, lower[1:], right) for a in upper[1:])
        if inner and 2 * inner >= min(len(upper), len(lower)) - 1:
            found |= {i, i + 1}
    # A cell broken over two lines stands alone between rows of the table.
    for i in range(1, len(rows) - 1):
        if i - 1 in found and i + 1 in found and rows[i][0].y - rows[i + 1][0].y < 2 * rows[i][0].size:
            found.add(i)
    return found


def _matches(piece: Piece, others: Sequence[Piece], right: float) -> bool:
    """Whether another piece begins at the same place, or ends there inside the column."""
    ends = piece.x1 < right - _SAME
    return any(abs(piece.x0 - b.x0) < _SAME or (ends and abs(piece.x1 - b.x1) < _SAME) for b in others)


def _stretched(row: Row, right: float) -> bool:
    """Whether a row is a loose line of justified prose: it reaches the edge and all its gaps are alike."""
    gaps = [b.x0 - a.x1 for a, b in pairwise(row)]
    letters = sum(c.isalpha() for p in row for c in p.text)
    prose = row[-1].x1 > right - _SAME and letters > 0.6 * sum(p.letters for p in row)
    return prose and max(gaps) < 2.5 * row[0].size and (max(gaps) - min(gaps) < 0.7 or max(gaps) < 1.3 * row[0].size)


def _table(rows: Sequence[Row], levels: Sequence[float]) -> list[Line]:
    """The table's rows, one line each."""
    edges = _column_edges(rows)
    if len(edges) < 2:
        return [_line(row) for row in rows]
    lines = []
    for group in _logical(rows, levels, edges):
        cells: list[list[str]] = [[] for _ in edges]
        for row in group:
            for piece in _cut(row, edges):
                cells[_cell(piece, edges)].append(piece.text)
        line = _line(group[0])
        line.text = "\t".join("\n".join(cell) for cell in cells if cell)
        line.kind, line.x1 = "table", max(r[-1].x1 for r in group)
        lines.append(line)
    return lines


def _column_edges(rows: Sequence[Row]) -> list[float]:
    """Where the table's columns begin, by the rows with most pieces; a row of fewer has empty or spanning cells."""
    most = max(len(row) for row in rows)
    if most < 2:
        return []
    # A single row with more pieces than all others is more likely one with a gap inside a cell.
    counts = Counter(len(row) for row in rows)
    if counts[most] == 1 and most > 2 and counts[most - 1] > 2:
        most -= 1
    full = [row for row in rows if len(row) == most]
    edges = [min(row[i].x0 for row in full) for i in range(most)]
    return sorted([*edges, *_hidden_edges(rows, edges)])


def _hidden_edges(rows: Sequence[Row], edges: Sequence[float]) -> list[float]:
    """Columns that stand too close to part pieces: most rows have a run that begins there."""
    joints = sorted(x for row in rows for piece in row for x in {x for _, x in piece.joints})
    starts = [piece.x0 for row in rows for piece in row]
    found: list[float] = []
    for x in joints:
        if any(abs(x - edge) < 2 * _SAME for edge in (*edges, *found)):
            continue
        there = sum(abs(x - other) < 1 for other in joints) + sum(abs(x - start) < 1 for start in starts)
        if there >= max(_FEWEST_HIDDEN, 0.7 * len(rows)):
            found.append(x)
    return found


def _cut(row: Row, edges: Sequence[float]) -> Row:
    """The row's pieces, those that hold two cells cut in two."""
    pieces = list(row)
    for edge in edges[1:]:
        for i, piece in enumerate(pieces):
            if piece.x0 < edge - _SAME and piece.x1 > edge + _SAME and (halves := piece.split(edge)):
                pieces[i : i + 1] = halves
                break
    return pieces


def _cell(piece: Piece, edges: Sequence[float]) -> int:
    """The number of the column in which a piece stands: by its middle, as heads may be centred."""
    middle = (piece.x0 + min(piece.x1, piece.x0 + 60)) / 2
    return max(sum(edge <= middle + 1 for edge in edges) - 1, 0)


def _logical(rows: Sequence[Row], levels: Sequence[float], edges: Sequence[float]) -> list[list[Row]]:
    """Physical rows grouped into the table's rows."""
    bands: list[list[Row]] = []
    for row in rows:
        above = bands[-1][-1][0].y if bands else None
        if above is not None and not any(row[0].y < y < above for y in levels):
            bands[-1].append(row)
        else:
            bands.append([row])
    if len(bands) > 2 and max(map(len, bands)) <= _MOST_CELL_LINES and len(rows) <= 3.5 * len(bands):
        return bands
    groups: list[list[Row]] = []
    for number, band in enumerate(bands):
        head = number == 0 and len(bands) > 1 and len(band) <= _MOST_CELL_LINES
        groups += [band] if head else _by_gaps(band, edges)
    return groups


def _by_gaps(band: list[Row], edges: Sequence[float]) -> list[list[Row]]:
    """Rows of a band without rules: a wider gap begins one, or else a first cell that does not go on the one above."""
    gaps = [a[0].y - b[0].y for a, b in pairwise(band)]
    least = min(gaps, default=0.0)
    padded = bool(gaps) and max(gaps) > 1.2 * least
    groups = [[band[0]]]
    for gap, row in zip(gaps, band[1:], strict=True):
        if padded:
            begins = gap > 1.12 * least
        else:
            begins = row[0].x0 < edges[1] - _SAME and (len(row) > 1 or not row[0].text[:1].islower())
        if begins:
            groups.append([row])
        else:
            groups[-1].append(row)
    return groups
