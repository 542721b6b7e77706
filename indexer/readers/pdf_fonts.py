"""What the codes of a PDF font mean: characters and widths, from pypdf's parsed fonts.

Decides which codes have no known character (U+FFFD) and which fonts are bold or italic. Knows nothing of pages.
"""

from __future__ import annotations

import re
from typing import Any

_UNKNOWN = "\ufffd"
# Words come again: decoding each distinct string once halves the time of a plain page.
_REMEMBERED = 20_000
_MARKED = re.compile(r"bold|black|heavy|demi|-bd|medi\b|ital|obli", re.I)


class Face:
    """One font, ready to decode strings. space: width of a space in ems; marked: bold or italic."""

    def __init__(self, font: Any, *, mapped: bool) -> None:
        self._font, self._mapped = font, mapped
        self._wide = isinstance(font.encoding, str)
        widths = font.character_widths
        self._default = _number(widths.get("default"), 500.0) / 1000
        self._widths = {code: _number(w, 500.0) / 1000 for code, w in widths.items() if isinstance(code, str)}
        self._codes: tuple[list[str], list[float]] = ([], []) if self._wide else self._table()
        self._remembered: dict[bytes, tuple[str, float, int, int]] = {}
        self.space = _number(font.space_width, 250.0) / 1000
        name = f"{font.name} {font.font_descriptor.name}"
        self.marked = bool(_MARKED.search(name)) or _number(font.font_descriptor.weight, 400.0) >= 600

    def decode(self, data: Any) -> tuple[str, float, int, int]:
        """A string's characters, its width in ems, and how many single-byte spaces and glyphs it has."""
        if isinstance(data, str):
            data = data.encode("latin-1", "replace")
        found = self._remembered.get(data)
        if found is None:
            found = self._several(data) if self._wide else self._single(data)
            if len(self._remembered) < _REMEMBERED:
                self._remembered[data] = found
        return found

    def _table(self) -> tuple[list[str], list[float]]:
        """Characters and widths of the 256 codes of a simple font."""
        encoding, own = self._font.encoding, self._font.character_map
        texts, widths = [], []
        for byte in range(256):
            code = chr(byte)
            shown = encoding.get(byte, code)
            shown = own.get(code, own.get(shown, shown))
            texts.append(_visible(_named(shown) if len(shown) > 1 and shown[0] == "/" else shown))
            widths.append(self._widths.get(code, self._default))
        return texts, widths

    def _single(self, data: bytes) -> tuple[str, float, int, int]:
        """One byte a glyph. Word spacing applies to code 32 (PDF 32000-1, 9.3.3)."""
        texts, widths = self._codes
        return "".join([texts[b] for b in data]), sum([widths[b] for b in data]), data.count(b" "), len(data)

    def _several(self, data: bytes) -> tuple[str, float, int, int]:
        """Glyphs of two bytes (or as the named encoding says); without a map their characters are not known."""
        codes = data.decode(self._font.encoding, "replace")
        own = self._font.character_map
        if own:
            text = "".join(own.get(code, _UNKNOWN) for code in codes)
        else:
            text = codes if self._mapped else _UNKNOWN * len(codes)
        width = sum(self._width(code) for code in codes)
        return _visible(text), width, 0, len(codes)

    def _width(self, code: str) -> float:
        if self._mapped and not self._font.character_map:
            # Widths are listed by CID, the codes are Unicode: ASCII is half as wide, or as a Latin font's.
            return self._widths.get(chr(ord(code) - 31), 0.5) if " " <= code <= "~" else 1.0
        return self._widths.get(code, self._default)


def face_of(resource: Any) -> Face | None:
    """The face of a font dictionary; None for one that pypdf cannot interpret. Its strings are then not shown."""
    from pypdf.errors import PyPdfError
    from pypdf.generic._font import Font

    try:
        font = Font.from_font_resource(resource)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, ArithmeticError, LookupError):
        return None
    encoding = resource.get("/Encoding")
    named = str(encoding.get_object()) if encoding is not None else ""
    return Face(font, mapped=not named.startswith("/Identity"))


def _named(glyph: str) -> str:
    """The characters of a glyph name that pypdf left as it was: `/f_f_i`, `/one.oldstyle`."""
    from pypdf._codecs.adobe_glyphs import adobe_glyphs

    return "".join(adobe_glyphs.get(f"/{part}", _UNKNOWN) for part in glyph[1:].split(".", maxsplit=1)[0].split("_"))


def _visible(text: str) -> str:
    """Codes without a character are often NUL or other controls."""
    return text if text.isprintable() else "".join(c for c in text if c.isprintable() or c in "\u00ad\u00a0\u3000")


def _number(value: Any, otherwise: float) -> float:
    return float(value) if isinstance(value, (int, float)) else otherwise
