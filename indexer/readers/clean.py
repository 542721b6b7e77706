"""Makes text from any file safe to store and to print: decides which characters never enter a document.

It knows nothing about formats. Removed are characters that a reader of the page cannot see but that could hide text,
reorder it or drive a terminal: controls, bidirectional marks, zero-width and tag characters, soft hyphens.
"""

from __future__ import annotations

import re

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000e0000-\U000e01ef]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_SPACE = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f]")
_NEWLINE = re.compile("\r\n?|\u0085|\u2028|\u2029|\x0b|\x0c")


def clean(text: str) -> str:
    """`text` with `\\n` line ends, plain spaces, no invisible characters; lone surrogates become U+FFFD."""
    text = _NEWLINE.sub("\n", text)
    text = _SPACE.sub(" ", text)
    text = _SURROGATE.sub("\ufffd", text)
    return _INVISIBLE.sub("", text)


def decode(data: bytes) -> str:
    """The text of `data`: by its byte-order mark, else UTF-8, else UTF-16 without a mark (by its zero bytes), else
    GB18030 when that decodes without error and yields mostly Chinese characters, else Windows-1252. Never raises."""
    for mark, name in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(mark):
            return clean(data.decode(name, "replace"))
    sample = data[:4096]
    if sample.count(0) > len(sample) // 4:
        little = sample[1::2].count(0) >= sample[0::2].count(0)
        return clean(data.decode("utf-16-le" if little else "utf-16-be", "replace"))
    try:
        return clean(data.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    try:
        text = data.decode("gb18030")
        letters = [c for c in text[:4096] if ord(c) > 127]
        if letters and sum("\u4e00" <= c <= "\u9fff" for c in letters) > len(letters) // 2:
            return clean(text)
    except UnicodeDecodeError:
        pass
    return clean(data.decode("cp1252", "replace"))
