"""Walks a PDF page's content stream and yields what it shows: pieces of text with their place, size and weight, and
the horizontal rules between them.

pypdf decodes streams and fonts; the walk itself is ours, because reading order needs every piece's position, which
pypdf's own extraction gives only for whole flushes. Decides which text is seen: upright with the page's main direction,
and inside the page. Knows nothing of lines, columns or meaning.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from indexer.readers.pdf_content import operations
from indexer.readers.pdf_fonts import Face, face_of
from indexer.readers.pdf_operators import IDENTITY, OPERATORS, Matrix, State, matrix_of, multiply

_DEEPEST_FORM, _MOST_FORMS = 6, 500
_MOST_OPERATIONS = 400_000
_MOST_STREAMS = 5_000
# Content that decodes to more bytes is a bomb: a map or a chart of points has 12 MB.
LARGEST_CONTENT = 30_000_000
_MOST_RULES = 3_000
_SHORTEST_RULE = 20.0
_LARGEST = 1e5
# Text may stick out of the page by so many points.
_BLEED = 8.0


@dataclass(slots=True)
class Run:
    """A shown string. x0, x1, y: left and right end and baseline in points, y upwards; size in points."""

    x0: float
    x1: float
    y: float
    size: float
    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal line, in points."""

    x0: float
    x1: float
    y: float


@dataclass(slots=True)
class Shown:
    """What one page shows. runs: in the order of the content stream; pictures: images; lost: codes shown in fonts that
    cannot be read."""

    runs: list[Run]
    rules: list[Rule]
    pictures: int = 0
    lost: int = 0


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
        self._box = (0.0, 0.0, 0.0, 0.0)
        self._left, self._forms, self._pictures, self._lost = _MOST_OPERATIONS, _MOST_FORMS, 0, 0

    def page(self, page: Any) -> Shown:
        """What a page shows. Text in rendering mode 3 (invisible: a scan's OCR) or outside the page counts only where
        there is no other."""
        self._begin()
        self._box = _box_of(page)
        content = page.get("/Contents")
        content = content.get_object() if content is not None else None
        if content is not None:
            self._stream(content, _inside(page, "/Resources"), _turned(page), 0)
        runs = max(self._seen, key=_letters)
        if not _letters(runs):
            runs = max(self._hidden, key=_letters)
        return Shown(runs, self._rules, self._pictures, self._lost)

    def _stream(self, content: Any, resources: Any, matrix: Matrix, depth: int) -> None:
        state = State(matrix)
        stack: list[State] = []
        for operands, operator in operations(_data(content)):
            self._left -= 1
            if self._left < 0:
                return
            try:
                if operator in OPERATORS:
                    OPERATORS[operator](state, operands, self)
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
        inner = multiply(matrix_of(own), matrix) if own is not None and len(own) == 6 else matrix
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

    def add(self, state: State, start: Matrix, width: float, text: str) -> None:
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
        left, low, right, high = self._box
        inside = left - _BLEED < x < right + _BLEED and low - _BLEED < y < high + _BLEED
        if turn:
            x, y = ((y, -x), (-x, -y), (-y, x))[turn - 1]
        size *= abs(state.size)
        if not 1 <= size < 1000 or abs(x) > _LARGEST or abs(y) > _LARGEST:
            return
        runs = self._seen if inside and state.mode != 3 else self._hidden
        runs[turn].append(Run(x, x + abs(width * along), y, size, text, face.marked or state.mode == 2))

    def lose(self, count: int) -> None:
        """Notes that codes were shown in a font that cannot be read."""
        self._lost += count

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


def _crop(page: Any) -> tuple[float, float, float, float]:
    """The page's box; a very large one where the file gives none that can be read."""
    try:
        x0, y0, x1, y1 = (float(v) for v in page.cropbox)
    except (ValueError, TypeError, AttributeError, LookupError):
        return -_LARGEST, -_LARGEST, _LARGEST, _LARGEST
    return x0, y0, x1, y1


def _turned(page: Any) -> Matrix:
    """What turns the page upright, from its /Rotate."""
    x0, y0, x1, y1 = _crop(page)
    turns: dict[int, Matrix] = {
        90: (0, -1, 1, 0, -y0, x1), 180: (-1, 0, 0, -1, x1, y1), 270: (0, 1, -1, 0, y1, -x0)
    }  # fmt: skip
    turn = page.get("/Rotate", 0)
    return turns.get(int(turn) % 360, IDENTITY) if isinstance(turn, (int, float)) else IDENTITY


def _box_of(page: Any) -> tuple[float, float, float, float]:
    """Left, lower, right and upper edge of the upright page."""
    x0, y0, x1, y1 = _crop(page)
    a, b, c, d, e, f = _turned(page)
    corners = [(a * x + c * y + e, b * x + d * y + f) for x, y in ((x0, y0), (x1, y1))]
    (left, low), (right, high) = corners
    return min(left, right), min(low, high), max(left, right), max(low, high)
