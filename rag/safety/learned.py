"""How much a text reads like somebody in a crisis: a linear model over hashed character and word n-grams.

Rules find what they have words for; on sentences of another author they found .39 of the indirect ones
(docs/safety.md). This layer only ever adds a hint to them. Its weights (scripts/train_crisis.py) are 65,536 bytes, read
with numpy; feature hashing after Weinberger et al. 2009 (arXiv:0902.2206). Knows no severity and no wording.
"""

from __future__ import annotations

import functools
import hashlib
import json
import math
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from indexer.errors import IndexCorrupt
from indexer.types import Vectors
from rag.safety.context import plain

MODEL = Path(__file__).parent.parent / "models" / "crisis.safetensors"
BUCKETS = 1 << 16
# From this likelihood a text counts as a hint: of 3,641 questions of patients and consumers 8 reach it.
HINTS = 0.5
_WORD = re.compile(r"[a-z0-9']+|[\u3400-\u9fff]")
_SENTENCE = re.compile(r"[^.!?;。！？；\n]+[.!?;。！？；\n]*")
# Sentences that are read together (a hint often takes two), and the characters of a longer one that are.
_TOGETHER, _CHARACTERS = 3, 400
# Words, or Chinese characters, of the shortest text that is read: "I broke my wrist" says too little either way.
_LEAST = 5


def features(text: str) -> dict[int, float]:
    """Bucket to weight of a text, unit length: n-grams of 2 to 5 characters of each word, of 1 to 3 Chinese characters,
    and of 1 to 3 words."""
    found: dict[int, float] = {}
    for gram in _grams(plain(text)):
        bucket = zlib.crc32(gram.encode()) % BUCKETS
        found[bucket] = found.get(bucket, 0.0) + 1.0
    damped = {b: 1.0 + math.log(n) for b, n in found.items()}
    norm = math.sqrt(sum(v * v for v in damped.values())) or 1.0
    return {b: v / norm for b, v in damped.items()}


def _grams(text: str) -> Iterator[str]:
    words = _WORD.findall(text)
    for size in (1, 2, 3):
        for at in range(len(words) - size + 1):
            yield f"{size}w" + " ".join(words[at : at + size])
    for word in words:
        held = f"<{word}>" if len(word) > 1 else ""
        for size in range(2, 6):
            for at in range(len(held) - size + 1):
                yield f"c{held[at : at + size]}"


@functools.cache
def _model() -> tuple[Vectors, float]:
    """Weights (BUCKETS,) and bias. Raises IndexCorrupt when the file is not the one of its card."""
    from safetensors.numpy import load

    data = MODEL.read_bytes()
    card = json.loads(MODEL.with_suffix(".json").read_text("utf-8"))
    if hashlib.sha256(data).hexdigest() != card["sha256"]:
        raise IndexCorrupt(f"{MODEL}: not the file that came with the program; install it again")
    return load(data)["weights"].astype(np.float32) * np.float32(card["scale"]), float(card["bias"])


def windows(text: str) -> Iterator[str]:
    """Every few neighbouring sentences of a text; what has no marks is cut, each piece half into the one before."""
    parts = [piece for m in _SENTENCE.finditer(text) for piece in _cut(m[0])]
    for at in range(max(1, len(parts) - _TOGETHER + 1)):
        together = "".join(parts[at : at + _TOGETHER])
        if together.strip():
            yield together


def _cut(sentence: str) -> Iterator[str]:
    if len(sentence) <= _CHARACTERS:
        yield sentence
        return
    for at in range(0, len(sentence) - _CHARACTERS // 2, _CHARACTERS // 2):
        yield sentence[at : at + _CHARACTERS]


def likelihood(text: str) -> float:
    """How likely a few sentences are those of a crisis, 0 to 1; 0 for too few words to tell."""
    if len(_WORD.findall(plain(text))) < _LEAST:
        return 0.0
    weights, bias = _model()
    score = bias + sum(float(weights[b]) * v for b, v in features(text).items())
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score))))
