"""The Chinese half of the bundled embedder: a static table of vectors for characters, pairs of them and Latin words.

A text's vector is the sum of its terms' vectors at unit length; no network, so it costs microseconds. Trained by
scripts/train_chinese.py. Decides what a term is; knows nothing of which texts are Chinese.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from indexer.chinese import simplified
from indexer.embedders.engine_weights import check, read_safetensors
from indexer.types import Vectors

WEIGHTS = Path(__file__).parent.parent / "models" / "chinese.safetensors"
SHA256 = ""
_RUN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]+|[a-z0-9]+")
# Characters of a text that count.
_LONGEST = 2000


def terms(text: str) -> list[str]:
    """Characters and pairs of neighbouring ones, and Latin words, in the form in which they are compared."""
    found: list[str] = []
    for run in _RUN.findall(simplified(unicodedata.normalize("NFKC", text[:_LONGEST])).lower()):
        if run.isascii():
            found.append(run)
        else:
            found += [*run, *(run[i : i + 2] for i in range(len(run) - 1))]
    return found


def encode(texts: Sequence[str]) -> Vectors:
    """float32 (n, 384), unit length; a text without a known term gets a zero vector. Raises ConfigError."""
    known, codes, scales = _table()
    out = np.zeros((len(texts), codes.shape[1]), np.float32)
    for i, text in enumerate(texts):
        rows = np.array([known[t] for t in terms(text) if t in known], np.int64)
        if len(rows):
            # Reading 8-bit codes row by row is faster than keeping a table of floats in memory four times as large.
            out[i] = scales[rows] @ codes[rows].astype(np.float32)
    norms = np.linalg.norm(out, axis=1, keepdims=True)
    return np.asarray(out / np.maximum(norms, 1e-12), np.float32)


@functools.cache
def _table() -> tuple[dict[str, int], np.ndarray, np.ndarray]:
    check(WEIGHTS, SHA256)
    stored = read_safetensors(WEIGHTS)
    words = stored["terms"].tobytes().decode().split("\n")
    return {t: i for i, t in enumerate(words)}, stored["codes"], stored["scales"]
