"""Walks a PDF page's content stream and yields what it shows: pieces of text with their place, size and weight, and
the horizontal rules between them.

pypdf decodes streams and fonts; the walk itself is ours, because reading order needs every piece's position, which
pypdf's own extraction gives only for whole flushes. Decides which text is seen: upright with the page's main direction,
and inside the page. Knows nothing of lines, columns or meaning.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from indexer.readers.pdf_content import operations
from indexer.readers.pdf_fonts import Face, face_of

Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)
_DEEPEST_FORM, _MOST_FORMS = 6, 500
_MOST_OPERATIONS = 400_000
_MOST_STREAMS = 5_000
# Content that decodes to more bytes is a bomb: a map or a chart of points has 12 MB.
LARGEST_CONTENT = 30_000_000
_MOST_RULES = 3_000
_SHORTEST_RULE = 20.0
# An offset inside TJ that is a space, in thousandths of an em: word spaces are 250, pair kerning rarely 120.
_SPACE_OFFSET = -160.0
# A wider one is a jump to another cell or column.
_JUMP_OFFSET = -900.0
_LARGEST = 1e5


@dataclass(slots=True)
class Run:
    """A shown string. x0, x1, y: left and right end and baseline in points, y upwards; size in points."""

    x0: float
    x1: float
    y: float
    size: float
    text: str
    bold: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal line, in points."""

    x0: float
    x1: float
    y: float


@dataclass(slots=True)
class Shown:
    """What one page shows. runs: in the order of the content stream. width, height: of the upright page."""

    runs: list[Run]
    rules: list[Rule]
    pictures: int = 0


def _multiply(a: Matrix, b: Matrix) -> Matrix:
    return (
        a[0] * b[0] + a[1] * b[2], a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2], a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4], a[4] * b[1] + a[5] * b[3] + b[5],
    )  # fmt: skip


def _matrix(operands: Any) -> Matrix:
    a, b, c, d, e, f = (float(v) for v in operands[:6])
    return a, b, c, d, e, f


class Walker:
    """Interprets the operators of pages (PDF 32000-1, 8 and 9). Fonts are decoded once for all pages."""

    def __init__(self) -> None:
        self._faces: dict[Any, tuple[Face | None, Any]] = {}
        self._begin()

    def _begin(self) -> None:
        # One list for each direction of writing (0, 90, 180, 270 degrees), seen and hidden text apart.
        self._seen: list[list[Run]] = [[], [], [], []]
        self._hidden: list[list[Run]] = [[], [], [], []]
        self._rules: list[Rule] = []
        self._left, self._forms, self._pictures = _MOST_OPERATIONS, _MOST_FORMS, 0

    def page(self, page: Any) -> Shown:
        """What a page shows. Text in rendering mode 3 (invisible: a scan's OCR) counts only where nothing else does."""
        self._begin()
        content = page.get("/Contents")
        content = content.get_object() if content is not None else None
        if content is not None:
            self._stream(content, _inside(page, "/Resources"), _turned(page), 0)
        runs = max(self._seen, key=_letters)
        if not _letters(runs):
            runs = max(self._hidden, key=_letters)
        return Shown(runs, self._rules, self._pictures)

    def _stream(self, content: Any, resources: Any, matrix: Matrix, depth: int) -> None:
        state = _State(matrix)
        stack: list[_State] = []
        for operands, operator in operations(_data(content)):
            self._left -= 1
            if self._left < 0:
                return
            try:
                if operator in _OPERATORS:
                    _OPERATORS[operator](state, operands, self)
                elif operator == b"q":
                    stack.append(state.copy())
                elif operator == b"Q" and stack:
                    state = stack.pop()
                elif operator == b"Tf":
                    state.size = float(operands[1])
                    state.face = self._face(resources, operands[0])
                elif operator == b"Do":
                    self._object(resources, operands[0], state.matrix, depth)
                elif operator == b"BI":
                    self._pictures += 1
            except (IndexError, TypeError, ValueError, OverflowError):
                continue  # an operator with wrong operands shows nothing; what follows may still be good

    def _object(self, resources: Any, name: Any, matrix: Matrix, depth: int) -> None:
        form = _inside(resources, "/XObject").get(name)
        form = form.get_object() if form is not None else None
        if form is None or not hasattr(form, "get_data"):
            return
        if form.get("/Subtype") != "/Form":
            self._pictures += 1
            return
        self._forms -= 1
        if depth >= _DEEPEST_FORM or self._forms < 0:
            return
        own = form.get("/Matrix")
        inner = _multiply(_matrix(own), matrix) if own is not None and len(own) == 6 else matrix
        self._stream(form, _inside(form, "/Resources") or resources, inner, depth + 1)

    def _face(self, resources: Any, name: Any) -> Face | None:
        from pypdf.generic import IndirectObject

        fonts = _inside(resources, "/Font")
        entry = fonts.raw_get(name) if name in fonts else None
        key = (entry.idnum, entry.generation) if isinstance(entry, IndirectObject) else id(entry)
        if key not in self._faces:
            # The entry is kept with the font, so that its id stays its own.
            self._faces[key] = (face_of(entry.get_object()) if entry is not None else None, entry)
        return self._faces[key][0]

    def add(self, state: _State, start: Matrix, width: float, text: str) -> None:
        """Keeps a string that begins at `start` and is `width` text units wide."""
        a, b, c, d, x, y = start
        face = state.face
        assert face is not None
        if abs(b) <= 0.1 * abs(a):
            turn, along, size = (0 if a > 0 else 2), abs(a), abs(d)
        elif abs(a) <= 0.1 * abs(b):
            turn, along, size = (1 if b > 0 else 3), abs(b), abs(c)
        else:
            return  # aslant: a watermark or a chart's label
        if turn:
            x, y = ((y, -x), (-x, -y), (-y, x))[turn - 1]
        size *= abs(state.size)
        if not 1 <= size < 1000 or abs(x) > _LARGEST or abs(y) > _LARGEST:
            return
        runs = self._hidden if state.mode == 3 else self._seen
        runs[turn].append(Run(x, x + abs(width * along), y, size, text, face.bold or state.mode == 2))

    def rule(self, x0: float, y0: float, x1: float, y1: float, matrix: Matrix) -> None:
        """Keeps a line if it is horizontal on the page and long enough to be a table's."""
        a, b, c, d, e, f = matrix
        left, right = a * x0 + c * y0 + e, a * x1 + c * y1 + e
        low, high = b * x0 + d * y0 + f, b * x1 + d * y1 + f
        if abs(high - low) < 1 and abs(right - left) >= _SHORTEST_RULE and len(self._rules) < _MOST_RULES:
            self._rules.append(Rule(min(left, right), max(left, right), low))


def _letters(runs: list[Run]) -> int:
    return sum(len(r.text) for r in runs)


def _data(content: Any) -> bytes:
    """The bytes of a content stream, or of an array of them as one."""
    if not isinstance(content, list):
        return bytes(content.get_data()) if hasattr(content, "get_data") else b""
    parts, size = [], 0
    for item in content[:_MOST_STREAMS]:
        part = item.get_object()
        parts.append(part.get_data() if hasattr(part, "get_data") else b"")
        size += len(parts[-1])
        if size > LARGEST_CONTENT:
            raise ValueError("the content of one page is too large")
    return b"\n".join(parts)


def _inside(holder: Any, name: str) -> Any:
    """The dictionary under a name, an empty one if there is none."""
    from pypdf.generic import DictionaryObject

    found = holder.get(name)
    found = found.get_object() if found is not None else None
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def _turned(page: Any) -> Matrix:
    """What turns the page upright, from its /Rotate."""
    box = page.mediabox
    width, height = float(box.width), float(box.height)
    turns: dict[int, Matrix] = {
        90: (0, -1, 1, 0, 0, width), 180: (-1, 0, 0, -1, width, height), 270: (0, 1, -1, 0, height, 0)
    }  # fmt: skip
    turn = page.get("/Rotate", 0)
    return turns.get(int(turn) % 360, _IDENTITY) if isinstance(turn, (int, float)) else _IDENTITY


class _State:
    """The graphics and text state that matter for where text stands (PDF 32000-1, 9.3)."""

    __slots__ = ("at", "face", "leading", "line", "matrix", "mode", "rise", "scale", "size", "spacing", "text", "word")

    def __init__(self, matrix: Matrix) -> None:
        self.matrix, self.text, self.line = matrix, _IDENTITY, _IDENTITY
        self.face: Face | None = None
        self.size, self.spacing, self.word, self.scale, self.leading, self.rise = 1.0, 0.0, 0.0, 1.0, 0.0, 0.0
        self.mode = 0
        self.at = (0.0, 0.0)

    def copy(self) -> _State:
        twin = _State(self.matrix)
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
        return _multiply((1, 0, 0, 1, 0, self.rise), _multiply(self.text, self.matrix))


def _begin(s: _State, o: Any, w: Walker) -> None:
    s.text = s.line = _IDENTITY


def _set_matrix(s: _State, o: Any, w: Walker) -> None:
    s.matrix = _multiply(_matrix(o), s.matrix)


def _set_text(s: _State, o: Any, w: Walker) -> None:
    s.text = s.line = _matrix(o)


def _move(s: _State, o: Any, w: Walker) -> None:
    s.move(float(o[0]), float(o[1]))


def _move_leading(s: _State, o: Any, w: Walker) -> None:
    s.leading = -float(o[1])
    s.move(float(o[0]), float(o[1]))


def _next_line(s: _State, o: Any, w: Walker) -> None:
    s.move(0, -s.leading)


def _show(s: _State, o: Any, w: Walker) -> None:
    _show_array(s, (o,), w)


def _show_next(s: _State, o: Any, w: Walker) -> None:
    _next_line(s, o, w)
    _show(s, o, w)


def _show_spaced(s: _State, o: Any, w: Walker) -> None:
    s.word, s.spacing = float(o[0]), float(o[1])
    _show_next(s, o[2:], w)


def _show_array(s: _State, o: Any, w: Walker) -> None:
    """Strings and offsets as one run, cut where an offset is too wide to be a space."""
    if s.face is None or not s.size:
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
                _close(s, start, end, parts, w)
                s.advance(width - offset / 1000 * s.size * s.scale)
                parts, start, width, end = [], s.place(), 0.0, 0.0
                continue
            parts.append(" ")
        width -= offset / 1000 * s.size * s.scale
    _close(s, start, end, parts, w)
    s.advance(width)


def _close(s: _State, start: Matrix, width: float, parts: list[str], w: Walker) -> None:
    text = "".join(parts)
    if text.strip():
        w.add(s, start, width, text)


def _setter(name: str, factor: float = 1.0) -> Callable[[_State, Any, Walker], None]:
    def put(s: _State, o: Any, w: Walker) -> None:
        setattr(s, name, float(o[0]) * factor)

    return put


def _to(s: _State, o: Any, w: Walker) -> None:
    s.at = float(o[0]), float(o[1])


def _draw(s: _State, o: Any, w: Walker) -> None:
    w.rule(*s.at, float(o[0]), float(o[1]), s.matrix)
    s.at = float(o[0]), float(o[1])


def _box(s: _State, o: Any, w: Walker) -> None:
    x, y, width, height = (float(v) for v in o[:4])
    w.rule(x, y, x + width, y, s.matrix)
    if abs(height) > 3:
        w.rule(x, y + height, x + width, y + height, s.matrix)


_OPERATORS: dict[bytes, Callable[[_State, Any, Walker], None]] = {
    b"BT": _begin, b"cm": _set_matrix, b"Tm": _set_text, b"Td": _move, b"TD": _move_leading, b"T*": _next_line,
    b"Tj": _show, b"TJ": _show_array, b"'": _show_next, b'"': _show_spaced, b"Tc": _setter("spacing"),
    b"Tw": _setter("word"), b"Tz": _setter("scale", 0.01), b"TL": _setter("leading"), b"Ts": _setter("rise"),
    b"Tr": _setter("mode"), b"m": _to, b"l": _draw, b"re": _box,
}  # fmt: skip
