"""Lets a drawing into a page only as far as it is one: an allow-list of SVG elements and attributes, written anew.

Decides what of an SVG is harmless: shapes, text and titles with plain values. No script, style, link, image, event or
foreign content passes, whoever made the drawing. Knows nothing of what is drawn.
"""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser

_ELEMENTS = frozenset(
    "svg g path line polyline polygon circle ellipse rect text tspan title desc".split()
)  # fmt: skip
# As written in SVG; a parser of HTML gives names in small letters.
_ATTRIBUTES = {
    name.lower(): name
    for name in (
        "xmlns role width height viewBox preserveAspectRatio x y x1 y1 x2 y2 cx cy r rx ry dx dy d points transform "
        "fill fill-opacity stroke stroke-width stroke-dasharray stroke-linecap stroke-linejoin stroke-opacity opacity "
        "font-size font-family font-weight font-style text-anchor dominant-baseline aria-label"
    ).split()
}
_FREE = frozenset({"aria-label"})
_NOT_PLAIN = re.compile(r"[^\w\s.,#%()+\-]")
_NAMESPACE = "http://www.w3.org/2000/svg"
_MOST = 2_000_000


def clean_svg(svg: str) -> str:
    """The drawing as one well-formed `<svg>` element of allowed parts; "" where there is none."""
    if len(svg) > _MOST:
        return ""
    parser = _Cleaner()
    parser.feed(svg)
    parser.close()
    return parser.result()


class _Cleaner(HTMLParser):
    """Keeps allowed elements; of others neither the element nor anything inside it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._out: list[str] = []
        self._open: list[str] = []
        self._skipped: list[str] = []
        self._done = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self._admits(tag):
            self._skipped.append(tag)
            return
        self._out.append(f"<{tag}{_attributes(tag, attrs)}>")
        self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._admits(tag) and tag != "svg":
            self._out.append(f"<{tag}{_attributes(tag, attrs)}/>")

    def handle_endtag(self, tag: str) -> None:
        if self._skipped:
            if tag == self._skipped[-1]:
                self._skipped.pop()
            return
        if tag in self._open:
            while self._open:
                last = self._open.pop()
                self._out.append(f"</{last}>")
                if last == tag:
                    break
        self._done = self._done or (tag == "svg" and not self._open)

    def handle_data(self, data: str) -> None:
        if self._open and not self._skipped and self._open[-1] in ("text", "tspan", "title", "desc"):
            self._out.append(escape(data))

    def _admits(self, tag: str) -> bool:
        if self._done or self._skipped or tag not in _ELEMENTS:
            return False
        return (tag == "svg") != bool(self._open)

    def result(self) -> str:
        return "".join(self._out) + "".join(f"</{tag}>" for tag in reversed(self._open))


def _attributes(tag: str, attrs: list[tuple[str, str | None]]) -> str:
    kept: dict[str, str] = {"xmlns": _NAMESPACE} if tag == "svg" else {}
    for name, value in attrs:
        if name in _ATTRIBUTES and name != "xmlns" and value and (name in _FREE or _plain(value)):
            kept[_ATTRIBUTES[name]] = value
    return "".join(f' {name}="{escape(value)}"' for name, value in kept.items())


def _plain(value: str) -> bool:
    """Numbers, words and functions such as `rotate(…)`; never an address."""
    return not _NOT_PLAIN.search(value) and "url(" not in value.lower().replace(" ", "")
