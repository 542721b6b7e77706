"""From pieces of text on a page to rows: baselines, words, gaps wide enough for a gutter or a table's cell.

Decides which raised or lowered type belongs to which line, and where a gap is a space. Knows nothing of columns,
headings, pages' heads or what the text says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from indexer.readers.pdf_runs import Run

_LIGATURES = str.maketrans({
    "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "ft", "ﬆ": "st", "\u00a0": " ", "\u3000": " ",
})  # fmt: skip
_CJK = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
_SPACES = re.compile(r"\s+")
# Gaps in ems: from here on two pieces are two words, or two cells or columns.
_WORD_GAP, _CELL_GAP, _CJK_GAP = 0.14, 0.9, 0.6


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
        near = min(0.3 * run.size, 0.35 * (run.x1 - run.x0))
        if last is not None and run.text == last.text and abs(run.x0 - last.x0) < near:
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
