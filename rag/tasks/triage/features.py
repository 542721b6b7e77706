"""What the small model reads of a question: n-grams of Chinese characters and of English words, as 32-bit hashes.

Decides the n-grams: one and two Chinese characters or signs in a row; English stems, pairs of stems, and pieces of five
letters of long words. Digits become one sign, since ages and values are many and say little. The hash is CRC-32, the
same
on every machine; the model's file says which hashes it knows.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter

from indexer.chinese import simplified
from rag.tasks.triage.table import LIMIT, stem

_PIECE, _LONG = 5, 7
_RUN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff0]+|[a-z]+(?:'[a-z]+)?|[^\\w\\s]+")
_DIGITS = re.compile(r"\d+")


def grams(text: str) -> list[str]:
    """The n-grams of the first LIMIT characters, as often as they stand there."""
    plain = _DIGITS.sub("0", simplified(text[:LIMIT].lower().replace("’", "'")))
    found: list[str] = []
    before = "^"
    for run in _RUN.findall(plain):
        if run[0].isascii() and run[0].isalpha():
            word = stem(run)
            found += [f"w:{word}", f"p:{before} {word}"]
            if len(word) >= _LONG:
                found += [f"c:{word[i : i + _PIECE]}" for i in range(len(word) - _PIECE + 1)]
            before = word
        else:
            found += run
            found += [run[i : i + 2] for i in range(len(run) - 1)]
    return found


def counts(text: str) -> dict[int, int]:
    """The 32-bit hash of each n-gram -> how often it occurs."""
    return {zlib.crc32(gram.encode()): n for gram, n in Counter(grams(text)).items()}
