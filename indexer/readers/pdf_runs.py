"""Walks a PDF page's content stream and yields what it shows: pieces of text with their place, size and weight.

pypdf decodes fonts and streams; the walk itself is ours, because reading order needs every piece's position, which
pypdf's own extraction gives only for whole flushes. Knows nothing of lines, columns or meaning.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)
_DEEPEST_FORM = 5
_MOST_OPERATIONS = 400_000


@dataclass(frozen=True, slots=True)
class Run:
    """A shown string. x0, x1, y: left and right end and baseline in points, y upwards; size in points."""

    x0: float
    x1: float
    y: float
    size: float
    text: str
    bold: bool


def _multiply(a: Matrix, b: Matrix) -> Matrix:
    return (
        a[0] * b[0] + a[1] * b[2], a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2], a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4], a[4] * b[1] + a[5] * b[3] + b[5],
    )  # fmt: skip


class Walker:
    """Interprets the text operators of one page. `fonts` caches decoded fonts by object across pages."""

    def __init__(self, reader: Any, fonts: dict[Any, Any]) -> None:
        self._reader, self._fonts = reader, fonts
        self.runs: list[Run] = []
        self._left = _MOST_OPERATIONS

    def page(self, page: Any) -> list[Run]:
        """The runs of a page in the order in which they are shown, upright ones only."""
        content = page.get_contents()
        if content is not None:
            self._stream(content, _inside(page, "/Resources"), _turned(page), 0)
        return self.runs

    def _stream(self, content: Any, resources: Any, matrix: Matrix, depth: int) -> None:
        from pypdf.generic import ContentStream

        state = _State(matrix)
        stack: list[_State] = []
        for operands, operator in ContentStream(content, self._reader, "bytes").operations:
            self._left -= 1
            if self._left < 0:
                return
            if operator == b"q":
                stack.append(state.copy())
            elif operator == b"Q" and stack:
                state = stack.pop()
            elif operator == b"Tf":
                state.font = self._font(resources, operands[0])
                state.size = float(operands[1])
            elif operator == b"Do":
                self._form(resources, operands[0], state.matrix, depth)
            elif operator in _OPERATORS:
                _OPERATORS[operator](state, operands, self.runs)

    def _form(self, resources: Any, name: Any, matrix: Matrix, depth: int) -> None:
        form = _inside(resources, "/XObject").get(name)
        form = form.get_object() if form is not None else None
        if form is None or form.get("/Subtype") != "/Form" or depth >= _DEEPEST_FORM:
            return
        own = form.get("/Matrix")
        inner = _multiply(tuple(float(v) for v in own), matrix) if own is not None and len(own) == 6 else matrix  # type: ignore[arg-type]
        self._stream(form, _inside(form, "/Resources") or resources, inner, depth + 1)

    def _font(self, resources: Any, name: Any) -> Any:
        from pypdf.generic._font import Font

        entry = _inside(resources, "/Font").raw_get(name)
        key = (entry.idnum, entry.generation) if hasattr(entry, "idnum") else id(entry)
        if key not in self._fonts:
            # The entry is kept with the font, so that its id stays its own.
            self._fonts[key] = (Font.from_font_resource(entry.get_object()), entry)
        return self._fonts[key][0]


def _inside(holder: Any, name: str) -> Any:
    """The dictionary under a name, an empty one if there is none."""
    from pypdf.generic import DictionaryObject

    found = holder.get(name)
    found = found.get_object() if found is not None else None
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


class _State:
    """The graphics and text state that matter for where text stands (PDF 32000-1, 9.3)."""

    __slots__ = ("font", "leading", "line", "matrix", "rise", "scale", "size", "spacing", "text", "word")

    def __init__(self, matrix: Matrix) -> None:
        self.matrix, self.text, self.line = matrix, _IDENTITY, _IDENTITY
        self.font: Any = None
        self.size, self.spacing, self.word, self.scale, self.leading, self.rise = 1.0, 0.0, 0.0, 1.0, 0.0, 0.0

    def copy(self) -> _State:
        twin = _State(self.matrix)
        for name in self.__slots__:
            setattr(twin, name, getattr(self, name))
        return twin

    def move(self, x: float, y: float) -> None:
        self.line = self.text = _multiply((1, 0, 0, 1, x, y), self.line)

    def show(self, data: Any, runs: list[Run]) -> None:
        """Adds a run for a string and advances; text that does not run from left to right is left out."""
        if self.font is None or not data:
            return
        text, codes = _decoded(self.font, data)
        font, width = self.font, 0.0
        default = font.character_widths.get("default", 500)
        for code in codes:
            w = font.space_width if code == font.space_char else font.character_widths.get(code, default)
            width += w / 1000 * self.size + self.spacing
            if code == " ":
                width += self.word
        width *= self.scale
        start = _multiply((1, 0, 0, 1, 0, self.rise), _multiply(self.text, self.matrix))
        self.text = _multiply((1, 0, 0, 1, width, 0), self.text)
        end = _multiply(self.text, self.matrix)
        height = (start[2] ** 2 + start[3] ** 2) ** 0.5
        upright = abs(start[1]) < 0.1 * abs(start[0]) and start[0] > 0 and start[3] > 0
        if upright and text.strip("\x00"):
            bold = any(w in font.name.lower() for w in ("bold", "black", "heavy", "demi"))
            runs.append(Run(start[4], end[4], start[5], abs(self.size) * height, text.replace("\x00", ""), bold))


def _decoded(font: Any, data: Any) -> tuple[str, str]:
    """The characters of a string, and its codes as the font's width table names them."""
    if isinstance(data, str):
        data = data.encode("latin-1", "replace")
    if isinstance(font.encoding, str):
        codes = data.decode(font.encoding, "replace")
        return "".join(font.character_map.get(c, c) for c in codes), codes
    codes = "".join(map(chr, data))
    plain = (font.encoding.get(b, chr(b)) for b in data)
    return "".join(font.character_map.get(c, c) for c in plain), codes


def _turned(page: Any) -> Matrix:
    """What turns the page upright, from its /Rotate."""
    box = page.mediabox
    width, height = float(box.width), float(box.height)
    turns: dict[int, Matrix] = {
        90: (0, -1, 1, 0, 0, width), 180: (-1, 0, 0, -1, width, height), 270: (0, 1, -1, 0, height, 0)
    }  # fmt: skip
    return turns.get(int(page.get("/Rotate", 0) or 0) % 360, _IDENTITY)


def _begin(s: _State, o: Any, r: list[Run]) -> None:
    s.text = s.line = _IDENTITY


def _set_matrix(s: _State, o: Any, r: list[Run]) -> None:
    s.matrix = _multiply(tuple(float(v) for v in o[:6]), s.matrix)  # type: ignore[arg-type]


def _set_text(s: _State, o: Any, r: list[Run]) -> None:
    s.text = s.line = tuple(float(v) for v in o[:6])  # type: ignore[assignment]


def _move(s: _State, o: Any, r: list[Run]) -> None:
    s.move(float(o[0]), float(o[1]))


def _move_leading(s: _State, o: Any, r: list[Run]) -> None:
    s.leading = -float(o[1])
    s.move(float(o[0]), float(o[1]))


def _next_line(s: _State, o: Any, r: list[Run]) -> None:
    s.move(0, -s.leading)


def _show(s: _State, o: Any, r: list[Run]) -> None:
    s.show(o[0], r)


def _show_next(s: _State, o: Any, r: list[Run]) -> None:
    _next_line(s, o, r)
    s.show(o[0], r)


def _show_spaced(s: _State, o: Any, r: list[Run]) -> None:
    s.word, s.spacing = float(o[0]), float(o[1])
    _show_next(s, o[2:], r)


def _show_array(s: _State, o: Any, r: list[Run]) -> None:
    for item in o[0]:
        if isinstance(item, (int, float)) or hasattr(item, "as_numeric"):
            s.text = _multiply((1, 0, 0, 1, -float(item) / 1000 * s.size * s.scale, 0), s.text)
        else:
            s.show(item, r)


def _setter(name: str, factor: float = 1.0) -> Any:
    def put(s: _State, o: Any, r: list[Run]) -> None:
        setattr(s, name, float(o[0]) * factor)

    return put


_OPERATORS: dict[bytes, Any] = {
    b"BT": _begin, b"cm": _set_matrix, b"Tm": _set_text, b"Td": _move, b"TD": _move_leading, b"T*": _next_line,
    b"Tj": _show, b"TJ": _show_array, b"'": _show_next, b'"': _show_spaced, b"Tc": _setter("spacing"),
    b"Tw": _setter("word"), b"Tz": _setter("scale", 0.01), b"TL": _setter("leading"), b"Ts": _setter("rise"),
}  # fmt: skip
