"""The operators of a PDF page that decide where text and rules stand, and the state that they change.

Interprets text, matrix and path operators (PDF 32000-1, 8.4 and 9.3). Knows nothing of fonts' insides or of what
is done with what is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from indexer.readers.pdf_fonts import Face

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)
# An offset inside TJ that is a space, in thousandths of an em: word spaces are 250, pair kerning rarely 120.
_SPACE_OFFSET = -160.0
# A wider one is a jump to another cell or column.
_JUMP_OFFSET = -900.0


class Page(Protocol):
    """What takes the strings and lines that operators show."""

    def add(self, state: State, start: Matrix, width: float, text: str) -> None:
        """Keeps a string that begins at `start` and is `width` text units wide."""
        ...

    def lose(self, count: int) -> None:
        """Notes that codes were shown in a font that cannot be read."""
        ...

    def rule(self, x0: float, y0: float, x1: float, y1: float, matrix: Matrix) -> None:
        """Keeps a straight line."""
        ...


def multiply(a: Matrix, b: Matrix) -> Matrix:
    """`a` applied first, then `b`."""
    return (
        a[0] * b[0] + a[1] * b[2], a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2], a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4], a[4] * b[1] + a[5] * b[3] + b[5],
    )  # fmt: skip


def matrix_of(operands: Any) -> Matrix:
    """Six numbers as a matrix. Raises ValueError or TypeError when they are not."""
    a, b, c, d, e, f = (float(v) for v in operands[:6])
    return a, b, c, d, e, f


class State:
    """The graphics and text state that matter for where text stands (PDF 32000-1, 9.3)."""

    __slots__ = ("at", "face", "leading", "line", "matrix", "mode", "rise", "scale", "size", "spacing", "text", "word")

    def __init__(self, matrix: Matrix) -> None:
        self.matrix, self.text, self.line = matrix, IDENTITY, IDENTITY
        self.face: Face | None = None
        self.size, self.spacing, self.word, self.scale, self.leading, self.rise = 1.0, 0.0, 0.0, 1.0, 0.0, 0.0
        self.mode = 0
        self.at = (0.0, 0.0)

    def copy(self) -> State:
        twin = State(self.matrix)
        for name in self.__slots__:
            setattr(twin, name, getattr(self, name))
        return twin

    def move(self, x: float, y: float) -> None:
        a, b, c, d, e, f = self.line
        self.line = self.text = (a, b, c, d, a * x + c * y + e, b * x + d * y + f)

    def advance(self, width: float) -> None:
        a, b, c, d, e, f = self.text
        self.text = (a, b, c, d, a * width + e, b * width + f)

    def measure(self, data: Any) -> tuple[str, float, float]:
        """A string's text, its width in text units, and the same without spaces at its end."""
        assert self.face is not None
        text, em, spaces, glyphs = self.face.decode(data)
        width = (em * self.size + spaces * self.word + glyphs * self.spacing) * self.scale
        bare = text.rstrip(" ")
        trailing = len(text) - len(bare)
        end = width - self.spacing * self.scale
        if trailing:
            end -= trailing * (self.face.space * self.size + self.word + self.spacing) * self.scale
        return text, width, end

    def place(self) -> Matrix:
        """The matrix of the next glyph's origin."""
        return multiply((1, 0, 0, 1, 0, self.rise), multiply(self.text, self.matrix))


def _begin(s: State, o: Any, page: Page) -> None:
    s.text = s.line = IDENTITY


def _set_matrix(s: State, o: Any, page: Page) -> None:
    s.matrix = multiply(matrix_of(o), s.matrix)


def _set_text(s: State, o: Any, page: Page) -> None:
    s.text = s.line = matrix_of(o)


def _move(s: State, o: Any, page: Page) -> None:
    s.move(float(o[0]), float(o[1]))


def _move_leading(s: State, o: Any, page: Page) -> None:
    s.leading = -float(o[1])
    s.move(float(o[0]), float(o[1]))


def _next_line(s: State, o: Any, page: Page) -> None:
    s.move(0, -s.leading)


def _show(s: State, o: Any, page: Page) -> None:
    _show_array(s, (o,), page)


def _show_next(s: State, o: Any, page: Page) -> None:
    _next_line(s, o, page)
    _show(s, o, page)


def _show_spaced(s: State, o: Any, page: Page) -> None:
    s.word, s.spacing = float(o[0]), float(o[1])
    _show_next(s, o[2:], page)


def _show_array(s: State, o: Any, page: Page) -> None:
    """Strings and offsets as one run, cut where an offset is too wide to be a space."""
    if s.face is None:
        page.lose(sum(len(item) for item in o[0] if isinstance(item, bytes)))
        return
    parts: list[str] = []
    start, width, end = s.place(), 0.0, 0.0
    for item in o[0]:
        if isinstance(item, bytes):
            text, wide, bare = s.measure(item)
            if text.strip():
                end = width + bare
            parts.append(text)
            width += wide
            continue
        offset = float(item)
        if offset < _SPACE_OFFSET and parts:
            if offset < _JUMP_OFFSET:
                _close(s, start, end, parts, page)
                s.advance(width - offset / 1000 * s.size * s.scale)
                parts, start, width, end = [], s.place(), 0.0, 0.0
                continue
            parts.append(" ")
        width -= offset / 1000 * s.size * s.scale
    _close(s, start, end, parts, page)
    s.advance(width)


def _close(s: State, start: Matrix, width: float, parts: list[str], page: Page) -> None:
    text = "".join(parts)
    if text.strip():
        page.add(s, start, width, text)


def _setter(name: str, factor: float = 1.0) -> Callable[[State, Any, Page], None]:
    def put(s: State, o: Any, page: Page) -> None:
        setattr(s, name, float(o[0]) * factor)

    return put


def _to(s: State, o: Any, page: Page) -> None:
    s.at = float(o[0]), float(o[1])


def _draw(s: State, o: Any, page: Page) -> None:
    page.rule(*s.at, float(o[0]), float(o[1]), s.matrix)
    s.at = float(o[0]), float(o[1])


def _box(s: State, o: Any, page: Page) -> None:
    x, y, width, height = (float(v) for v in o[:4])
    page.rule(x, y, x + width, y, s.matrix)
    if abs(height) > 3:
        page.rule(x, y + height, x + width, y + height, s.matrix)


OPERATORS: dict[bytes, Callable[[State, Any, Page], None]] = {
    b"BT": _begin, b"cm": _set_matrix, b"Tm": _set_text, b"Td": _move, b"TD": _move_leading, b"T*": _next_line,
    b"Tj": _show, b"TJ": _show_array, b"'": _show_next, b'"': _show_spaced, b"Tc": _setter("spacing"),
    b"Tw": _setter("word"), b"Tz": _setter("scale", 0.01), b"TL": _setter("leading"), b"Ts": _setter("rise"),
    b"Tr": _setter("mode"), b"m": _to, b"l": _draw, b"re": _box,
}  # fmt: skip
