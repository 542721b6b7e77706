"""From pieces of text on a page to lines in reading order: baselines, columns, bands across them.

A gutter is a strip that no line crosses over a stretch of rows while lines of prose stand left and right of it. Lines
that cross it (titles, abstracts, wide tables) cut the page into bands; within a band the left column is read before the
right one, and each side may have a gutter of its own. Knows nothing of headings, pages' heads or what the text says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from indexer.readers.pdf_runs import Rule, Run

_LIGATURES = str.maketrans({
    "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "ft", "ﬆ": "st", "\u00a0": " ", "\u3000": " ",
})  # fmt: skip
_CJK = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
_SPACES = re.compile(r"\s+")
# Gaps in ems: from here on two pieces are two words, or two cells or columns.
_WORD_GAP, _CELL_GAP, _CJK_GAP = 0.14, 0.9, 0.6
# A column has at least so many lines, is at least so many ems wide, and its lines fill so much of it.
_FEWEST_LINES, _NARROWEST, _FILLED = 3, 9.0, 0.5
_DEEPEST = 3
_CELL_LETTERS = 22


@dataclass(slots=True)
class Piece:
    """Text on one baseline without a wide gap. letters, marked: how many characters, how many of them bold or
    italic; joints: (offset in the text, x) where a new run begins after a space, as a table's cells may stand closer
    than a gap."""

    x0: float
    x1: float
    y: float
    size: float
    text: str
    letters: int
    marked: int
    joints: list[tuple[int, float]] = field(default_factory=list)

    def split(self, x: float) -> tuple[Piece, Piece] | None:
        """The pieces left and right of a strip that begins at `x`, None if no run begins there."""
        for offset, start in self.joints:
            if abs(start - x) < 3:
                share = offset / len(self.text)
                left = Piece(
                    self.x0, x - 1, self.y, self.size, self.text[:offset].rstrip(), offset, int(self.marked * share)
                )
                joints = [(o - offset, s) for o, s in self.joints if o > offset]
                rest = self.text[offset:]
                return left, Piece(x, self.x1, self.y, self.size, rest, len(rest), self.marked - left.marked, joints)
        return None


Row = list[Piece]
"""The pieces on one baseline across the page, from left to right."""


@dataclass(slots=True)
class Line:
    """Text on one baseline within one column. column: number of the column within its page, rising in reading order;
    left, right: the column's edges; kind: `text`, or `table` for a row: its cells are parted by tabs, lines broken
    within a cell by line ends."""

    x0: float
    x1: float
    y: float
    size: float
    marked: bool
    text: str
    column: int = 0
    left: float = 0.0
    right: float = 0.0
    page: int = 0
    kind: str = "text"


def rows_of(runs: Sequence[Run]) -> list[Row]:
    """The rows of a page, top row first."""
    level = _levelled([r for r in runs if not r.text.isspace()])
    level.sort(key=lambda item: (-item[0], item[1].x0))
    rows: list[list[tuple[float, Run]]] = []
    for y, run in level:
        if rows and rows[-1][0][0] - y < 0.25 * min(run.size, rows[-1][0][1].size):
            rows[-1].append((y, run))
        else:
            rows.append([(y, run)])
    return [_pieces(row) for row in rows]


def _levelled(runs: list[Run]) -> list[tuple[float, Run]]:
    """Each run with the baseline of its line: raised and lowered small type takes that of its large neighbour."""
    by_height: dict[int, list[Run]] = {}
    for run in runs:
        by_height.setdefault(int(run.y // 12), []).append(run)
    found = []
    for run in runs:
        y = run.y
        if len(run.text) <= 24:
            bucket = int(run.y // 12)
            for key in (bucket, bucket - 1, bucket + 1):
                if (host := _host(run, by_height.get(key, ()))) is not None:
                    y = host.y
                    break
        found.append((y, run))
    return found


def _host(run: Run, near: Sequence[Run]) -> Run | None:
    """The larger run that a superscript or subscript stands beside."""
    for other in near:
        if other.size > 1.18 * run.size and -0.35 * other.size < run.y - other.y < 0.65 * other.size:
            reach = 0.35 * other.size
            if abs(run.x0 - other.x1) < reach or abs(other.x0 - run.x1) < reach:
                return other
            if other.x0 < run.x0 and run.x1 < other.x1 and abs(run.y - other.y) > 0.1 * other.size:
                return other
    return None


def _pieces(row: list[tuple[float, Run]]) -> Row:
    """A row's runs as pieces, cut at gaps wide enough for a gutter or a cell."""
    row.sort(key=lambda item: item[1].x0)
    pieces: Row = []
    last: Run | None = None
    for y, run in row:
        if last is not None and run.text == last.text and abs(run.x0 - last.x0) < 0.3 * run.size:
            continue  # drawn twice to look bold
        text = _SPACES.sub(" ", run.text.translate(_LIGATURES))
        piece = pieces[-1] if pieces else None
        if piece is None or run.x0 - piece.x1 > _CELL_GAP * max(piece.size, run.size):
            text = text.lstrip()
            pieces.append(Piece(run.x0, run.x1, y, run.size, text, len(text), len(text) * run.marked))
        else:
            _append(piece, run, text)
        last = run
    for piece in pieces:
        piece.text = piece.text.rstrip()
    return [piece for piece in pieces if piece.text]


def _append(piece: Piece, run: Run, text: str) -> None:
    """Adds a run; a space where a gap says so, hardly ever between Chinese characters."""
    if piece.text.endswith(" "):
        text = text.lstrip()
        piece.joints.append((len(piece.text), run.x0))
    elif not text.startswith(" "):
        gap = (run.x0 - piece.x1) / max(piece.size, run.size)
        chinese = _CJK.match(text) and _CJK.match(piece.text[-1:])
        if gap > (_CJK_GAP if chinese else _WORD_GAP):
            piece.text += " "
            piece.joints.append((len(piece.text), run.x0))
    piece.text += text
    piece.x1 = max(piece.x1, run.x1)
    if len(text) > piece.letters or run.size > 1.18 * piece.size:
        piece.size = max(run.size, piece.size) if len(text) < 3 else run.size
    piece.letters += len(text)
    piece.marked += len(text) * run.marked


def regions(rows: list[Row], rules: Sequence[Rule], *, depth: int = 0) -> Iterator[list[Row]]:
    """The page's regions in reading order: rows that are read from top to bottom."""
    zones = _zones(rows, rules) if depth < _DEEPEST else None
    if not zones:
        if rows:
            yield rows
        return
    edge, stretches = zones
    at = 0
    for start, end in stretches:
        if start > at:
            yield from regions(rows[at:start], rules, depth=depth + 1)
        yield from regions(_side(rows[start:end], edge, left=True), rules, depth=depth + 1)
        yield from regions(_side(rows[start:end], edge, left=False), rules, depth=depth + 1)
        at = end
    if at < len(rows):
        yield from regions(rows[at:], rules, depth=depth + 1)


def _side(rows: list[Row], edge: float, *, left: bool) -> list[Row]:
    halves = ([p for p in row if (p.x0 < edge) == left] for row in rows)
    return [half for half in halves if half]


def _zones(rows: list[Row], rules: Sequence[Rule]) -> tuple[float, list[tuple[int, int]]] | None:
    """The best right column's left edge, and the stretches of rows (from, to) that are set in columns there."""
    best: tuple[float, float, list[tuple[int, int]]] | None = None
    for edge in _edges(rows):
        score, stretches = 0.0, []
        for start, end in _uncrossed(rows, edge, rules):
            lines = _columns(rows[start:end], edge, rules)
            if lines:
                score += lines
                stretches.append((start, end))
        if score and (best is None or score > best[0]):
            best = (score, edge, stretches)
    return (best[1], best[2]) if best else None


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
        if i in across or any(p.x0 < edge - 1 and p.x1 > edge - 0.4 * p.size for p in row):
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


def _columns(rows: list[Row], edge: float, rules: Sequence[Rule]) -> int:
    """How many lines the shorter column of a stretch has; 0 when it is not set in columns."""
    counts = []
    for left in (True, False):
        side = _side(rows, edge, left=left)
        if len(side) < _FEWEST_LINES:
            return 0
        low, high = min(r[0].x0 for r in side), max(r[-1].x1 for r in side)
        size = sorted(r[0].size for r in side)[len(side) // 2]
        filled = sum(sum(p.x1 - p.x0 for p in r) for r in side) / len(side)
        if high - low < _NARROWEST * size or filled < _FILLED * (high - low):
            return 0
        counts.append(len(side))
    top, bottom = rows[0][0].y, rows[-1][0].y
    crossing = {round(r.y) for r in rules if r.x0 < edge - 20 and r.x1 > edge + 20 and bottom < r.y < top}
    # Several rules across the strip, close to each other: a table with long cells, not text in columns.
    return 0 if len(crossing) > 1 + min(counts) // 8 else min(counts)
