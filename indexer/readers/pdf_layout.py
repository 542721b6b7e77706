"""From pieces of text on a page to lines in reading order: baselines, columns, tables' rows.

A gutter is a strip that hardly any line crosses while many stand left and right of it. Lines that cross it (titles,
abstracts, wide tables) cut the page into bands; within a band the left column is read before the right one, and each
side may have a gutter of its own. Knows nothing of headings, pages' heads or what the text says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.readers.pdf_runs import Run

_LIGATURES = str.maketrans({
    "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "ft", "ﬆ": "st",
})  # fmt: skip
_CJK = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
# Gaps in ems: from here on two pieces are two words, two cells or columns.
_WORD_GAP, _CELL_GAP = 0.14, 1.6
_FEWEST_LINES = 4


@dataclass(slots=True)
class Line:
    """Text on one baseline within one column. column: number of the column within its page, rising in reading order;
    cells: more than one when wide gaps stand inside (a table's row, perhaps)."""

    x0: float
    x1: float
    y: float
    size: float
    bold: bool
    text: str
    cells: tuple[str, ...]
    column: int = 0
    page: int = 0


@dataclass(slots=True)
class _Piece:
    """Runs of one baseline without a wide gap between them."""

    runs: list[Run]

    @property
    def x0(self) -> float:
        return self.runs[0].x0

    @property
    def x1(self) -> float:
        return max(r.x1 for r in self.runs)

    @property
    def size(self) -> float:
        return max(r.size for r in self.runs)


Row = list[_Piece]


def rows(runs: Sequence[Run]) -> list[Row]:
    """The baselines of one page from the top down, each cut where its gaps are wide."""
    return [_pieces(row) for row in _rows(runs)]


def row_text(row: Row) -> str:
    """All that stands on a baseline."""
    return _text([r for p in row for r in p.runs])


def row_size(row: Row) -> float:
    """The largest type on a baseline, in points."""
    return max(p.size for p in row)


def row_y(row: Row) -> float:
    """Height of a baseline in points from the page's lower edge."""
    return max((r for p in row for r in p.runs), key=lambda r: r.size).y


def lines(found: Sequence[Row]) -> list[Line]:
    """The lines of one page in reading order."""
    ordered: list[Line] = []
    _order(list(found), ordered, depth=0)
    return ordered


def _rows(runs: Sequence[Run]) -> list[list[Run]]:
    """Runs on one baseline, top row first; raised and lowered small type joins the row that it stands beside."""
    rows: list[list[Run]] = []
    for run in sorted((r for r in runs if r.text.strip()), key=lambda r: (-r.y, r.x0)):
        for row in rows[-3:][::-1]:
            base = max(row, key=lambda r: r.size)
            near = abs(run.y - base.y) < 0.25 * min(run.size, base.size)
            raised = abs(run.y - base.y) < 0.55 * max(run.size, base.size) and (
                not 0.8 < run.size / base.size < 1.25
                and any(
                    -0.1 * base.size < run.x0 - r.x1 < 0.6 * base.size
                    or -0.1 * base.size < r.x0 - run.x1 < 0.6 * base.size
                    for r in row
                )
            )
            if near or raised:
                row.append(run)
                break
        else:
            rows.append([run])
    return rows


def _pieces(row: list[Run]) -> list[_Piece]:
    """A row cut at gaps wide enough for a gutter or a cell."""
    row = sorted(row, key=lambda r: r.x0)
    pieces = [_Piece([row[0]])]
    for run in row[1:]:
        last = pieces[-1]
        if run.x0 - last.x1 > 0.9 * max(last.size, run.size):
            pieces.append(_Piece([run]))
        else:
            last.runs.append(run)
    return pieces


def _order(rows: list[Row], out: list[Line], *, depth: int) -> None:
    """Appends the lines of a region in reading order."""
    gutter = _gutter(rows) if depth < 3 else None
    if gutter is None:
        column = out[-1].column + 1 if out else 0
        out += [_line(row, column) for row in rows if row]
        return
    left: list[Row] = []
    right: list[Row] = []

    def empty() -> None:
        for side in (left, right):
            if side:
                _order(list(side), out, depth=depth + 1)
                side.clear()

    for row in rows:
        if any(p.x0 < gutter < p.x1 for p in row) or _is_wide(row, gutter):
            empty()
            out.append(_line(row, out[-1].column + 1 if out else 0))
            continue
        for side, chosen in (
            (left, [p for p in row if p.x1 <= gutter]),
            (right, [p for p in row if p.x0 >= gutter]),
        ):
            if chosen:
                side.append(chosen)
    empty()


def _is_wide(row: Row, gutter: float) -> bool:
    """Whether a row belongs to a table across both columns: several short cells on both sides."""
    sides = [p for p in row if p.x1 <= gutter], [p for p in row if p.x0 >= gutter]
    return min(map(len, sides)) >= 2 and max(sum(len(r.text) for r in p.runs) for p in row) < 30


def _gutter(rows: list[Row]) -> float | None:
    """The x of the strip that parts two columns; None if there is none."""
    pieces = [p for row in rows for p in row]
    if len(pieces) < 2 * _FEWEST_LINES:
        return None
    low, high = min(p.x0 for p in pieces), max(p.x1 for p in pieces)
    best: tuple[float, float] | None = None
    # Candidate strips begin where a piece ends; the middle of the region is tried first by the score.
    for x in sorted(
        {round(p.x1, 0) + 2 for p in pieces if low + 0.25 * (high - low) < p.x1 < low + 0.75 * (high - low)}
    ):
        crossing = [p for p in pieces if p.x0 < x < p.x1]
        left = [p for p in pieces if p.x1 <= x]
        right = [p for p in pieces if p.x0 >= x]
        if min(len(left), len(right)) < _FEWEST_LINES or len(crossing) > 0.3 * min(len(left), len(right)) + 2:
            continue
        if not _is_text(left) or not _is_text(right):
            continue
        # Both sides need a straight edge: the right one begins where most of its lines begin.
        edge = sorted(p.x0 for p in right)[len(right) // 10]
        aligned = sum(abs(p.x0 - edge) < 0.2 * (high - edge) for p in right) / len(right)
        score = aligned - 0.02 * len(crossing) - 0.5 * abs((x - low) / (high - low) - 0.5)
        if aligned > 0.5 and (best is None or score > best[0]):
            best = (score, x)
    return best[1] if best else None


def _is_text(pieces: list[_Piece]) -> bool:
    """Whether a side holds lines of prose and not a table's cells: most of its characters in long pieces."""
    lengths = [sum(len(r.text) for r in p.runs) for p in pieces]
    return sum(n for n in lengths if n >= 18) > 0.5 * sum(lengths)


def _line(row: Row, column: int) -> Line:
    runs = sorted((r for p in row for r in p.runs), key=lambda r: r.x0)
    weight = sum(len(r.text) for r in runs)
    main = max(runs, key=lambda r: (len(r.text.strip()), r.size))
    bold = sum(len(r.text) for r in runs if r.bold) > 0.6 * weight
    cells = tuple(_text(cell) for cell in _cells(runs))
    return Line(runs[0].x0, max(r.x1 for r in runs), main.y, main.size, bold, _text(runs), cells, column)


def _cells(runs: list[Run]) -> list[list[Run]]:
    cells = [[runs[0]]]
    for run in runs[1:]:
        if run.x0 - max(r.x1 for r in cells[-1]) > _CELL_GAP * run.size:
            cells.append([])
        cells[-1].append(run)
    return cells


def _text(runs: list[Run]) -> str:
    """The runs' characters; a space where a gap says so, none between Chinese characters."""
    parts: list[str] = []
    end = runs[0].x0
    for run in runs:
        text = run.text.translate(_LIGATURES)
        if parts and not parts[-1].endswith(" ") and not text.startswith(" "):
            gap = (run.x0 - end) / max(run.size, 0.1)
            both_cjk = _CJK.match(text) and _CJK.match(parts[-1][-1:])
            if gap > (_WORD_GAP if not both_cjk else 0.9):
                parts.append(" ")
        parts.append(text)
        end = max(end, run.x1)
    return " ".join("".join(parts).split())
