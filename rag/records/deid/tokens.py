"""How a text becomes tokens and what the tagger sees of a token: its letters in pieces, its shape, never its meaning.

Decides the tokens (words, numbers, single Chinese characters, single marks) and their features, hashed into a fixed
number of rows. Training and use share this file: whoever changes it trains again. Knows nothing of weights.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ROWS = 1 << 15
HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_HAN = re.compile(f"[{HAN}]")
_FIRST = re.compile(rf"[^\W_{HAN}]+|.")
_STARTS = re.compile(rf"(?=[{HAN}])|(?<![^\W_])[^\W_{HAN}]+")
_TOKEN = re.compile(rf"[^\W\d_{HAN}]+|\d+|[{HAN}]|\n\s*|[^\w\s]|_")


@dataclass(frozen=True, slots=True)
class Token:
    """A token and where it stands: code points `[start, end)`."""

    text: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """The tokens in order; a line's end is one, other white space is none. Linear."""
    return [Token(m.group() if m.group()[0] != "\n" else "\n", m.start(), m.end()) for m in _TOKEN.finditer(text)]


def features(word: str, level: int) -> list[int]:
    """Rows of the embedding table, summed for a token. The first is the word itself: training drops it at times, so
    that unknown names are known by the others. level: how ordinary the word is in lower case (`Ordinary`), 0 to 2."""
    low = word.lower()
    parts = [f"w{low}", f"s{shape(word)}", f"k{level}", f"k{level}{shape(word)}"]
    if len(word) > 1:
        framed = f"^{low}$"
        parts += [f"p{low[:3]}", f"e{low[-2:]}", f"e{low[-3:]}", f"e{low[-4:]}", f"n{min(len(low), 9)}"]
        parts += [f"g{framed[i : i + 3]}" for i in range(min(len(framed) - 2, 14))]
    return [zlib.crc32(part.encode()) % ROWS for part in parts]


def levels(ordinary: NDArray[np.int32], word: str) -> int:
    """0: never seen in lower case in medical prose, 1: seen, 2: common. ordinary: int32 (2, n), two sets of bits, in
    which a word's bit is that of its hash; a twentieth of unknown words are taken for seen."""
    at = zlib.crc32(word.lower().encode()) % (ordinary.shape[1] * 32)
    return sum(int(ordinary[row, at // 32]) >> (at % 32) & 1 for row in (0, 1))


def shape(word: str) -> str:
    """`d4` (digits), `x`, `X`, `Xx`, `xX`, `XX`, `c` (Chinese), or the mark itself."""
    first = word[0]
    if first.isdigit():
        return f"d{min(len(word), 6)}"
    if "\u3400" <= first <= "\u9fff":
        return "c"
    if not first.isalpha():
        return first
    if len(word) == 1:
        return "X" if first.isupper() else "x"
    if word.isupper():
        return "XX"
    if word.islower():
        return "xx"
    return "Xx" if first.isupper() and word[1:].islower() else "xX"


def everywhere(text: str, values: Collection[str]) -> Iterator[tuple[int, int]]:
    """Where any of the values stands in the text, the longest at each place; not inside a word, where words have
    spaces. Linear in the text: a value is looked for only where its first word, or its first two characters, stand."""
    by_start: dict[str, list[str]] = {}
    for value in sorted(values, key=len, reverse=True):
        start = value[:2] if _HAN.match(value) else _FIRST.match(value)[0]  # type: ignore[index]
        by_start.setdefault(start, []).append(value)
    at = 0
    for m in _STARTS.finditer(text):
        place = m.start()
        if place < at:
            continue
        start = m.group() if m.group() else text[place : place + 2]
        for value in by_start.get(start, ()):
            end = place + len(value)
            if text.startswith(value, place) and (not m.group() or not text[end : end + 1].isalnum()):
                yield place, end
                at = end
                break
