"""An embedder without a model: signed feature hashing of words and character n-grams. Decides features and weights.

Weinberger et al., "Feature Hashing for Large Scale Multitask Learning", ICML 2009. Words and the trigrams and
4-grams inside them (so that inflections meet), and for Chinese single characters and bigrams, each weighted by
1 + log(count). Finds texts that share words, in any language; knows nothing of meaning. Good for tests and where no
model may run.
"""

from __future__ import annotations

import hashlib
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from indexer.types import Vectors

_WORD = re.compile(r"[\u3400-\u9fff]+|[^\W_]+")
# A word weighs as much as its n-grams together at most: exact words should win over similar ones.
_WORD_WEIGHT, _GRAM_WEIGHT = 1.0, 0.3
_VERSION = "hashing-1"


class HashingEmbedder:
    """Deterministic across machines and versions of Python. fingerprint: of the algorithm's version and dimension."""

    languages: tuple[str, ...] = ()

    def __init__(self, dim: int = 512) -> None:
        self.dim = dim
        self.spec = "hashing" if dim == 512 else f"hashing:{dim}"
        self.fingerprint = hashlib.sha256(f"{_VERSION}:{dim}".encode()).hexdigest()
        self.engine = f"feature hashing in Python, {dim} dimensions (no model)"

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """float32 (n, dim), unit length, in the order of `texts`."""
        out = np.zeros((len(texts), self.dim), np.float32)
        for row, text in zip(out, texts, strict=True):
            for feature, weight in _features(text):
                place, sign = self._slot(feature)
                row[place] += sign * weight
            length = float(np.linalg.norm(row))
            # A text without a word still needs a direction, else it would not be of unit length.
            row[:] = row / length if length > 0 else np.eye(1, self.dim, dtype=np.float32)[0]
        return out

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """The same as `encode_passages`."""
        return self.encode_passages(texts)

    def _slot(self, feature: str) -> tuple[int, int]:
        # blake2b, not hash(): Python salts its own hash in every process.
        digest = hashlib.blake2b(feature.encode("utf-8", "replace"), digest_size=8).digest()
        number = int.from_bytes(digest, "little")
        return (number >> 1) % self.dim, 1 if number & 1 else -1


def _features(text: str) -> Iterator[tuple[str, float]]:
    words = _WORD.findall(unicodedata.normalize("NFKC", text).casefold())
    counts: Counter[tuple[str, float]] = Counter()
    for word in words:
        if "\u3400" <= word[0] <= "\u9fff":
            counts.update((c, _GRAM_WEIGHT) for c in word)
            counts.update((word[i : i + 2], _WORD_WEIGHT) for i in range(len(word) - 1))
            continue
        counts[word, _WORD_WEIGHT] += 1
        framed = f"<{word}>"
        for n in (3, 4):
            counts.update(("#" + framed[i : i + n], _GRAM_WEIGHT) for i in range(len(framed) - n + 1))
    for (feature, weight), count in counts.items():
        yield feature, weight * (1 + math.log(count))
