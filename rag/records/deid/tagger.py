"""Runs the small tagger of names, places and organisations: which tokens look like one, from their spelling and the
four tokens on either side.

Decides where the weights are (`rag/models/deid.safetensors`, checked against the card's SHA-256 at the first use) and
the arithmetic: hashed embeddings of pieces of words, a window, one hidden layer (after Collobert et al., JMLR 2011, and
the hashed embeddings of Svenstrup et al., NeurIPS 2017). Knows nothing of rules; `names.py` judges what it says.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.embedders.engine_weights import check, read_safetensors
from rag.records.deid.tokens import Token, features, levels

LABELS = ("none", "name", "place", "organisation")
SIDE = 4
_MODELS = Path(__file__).parents[2] / "models"
_BLOCK = 4096


class Tagger:
    """weights: `table` (rows, width), `first` (9 * width, hidden), `first_bias`, `second` (hidden, 4), `second_bias`;
    `ordinary` int32 (2, n), see `tokens.levels`."""

    def __init__(self, weights: dict[str, NDArray[Any]]) -> None:
        self._w = {name: np.asarray(t, np.float32) for name, t in weights.items() if name != "ordinary"}
        self._ordinary = weights["ordinary"]

    def probabilities(self, found: list[Token]) -> NDArray[np.float32]:
        """float32 (tokens, 4), in the order of LABELS; each row sums to 1."""
        if not found:
            return np.empty((0, len(LABELS)), np.float32)
        known: dict[str, int] = {}
        ids = np.array([known.setdefault(t.text, len(known)) for t in found])
        width = self._w["table"].shape[1]
        words = np.zeros((len(known) + 1, width), np.float32)
        for word, row in known.items():
            words[row] = self._w["table"][features(word, levels(self._ordinary, word))].sum(0)
        # The last row, of zeros, is what stands before the text and after it.
        padded = np.full(len(ids) + 2 * SIDE, len(known))
        padded[SIDE : SIDE + len(ids)] = ids
        windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * SIDE + 1)
        parts = [self._block(words[windows[i : i + _BLOCK]]) for i in range(0, len(ids), _BLOCK)]
        return np.concatenate(parts)

    def level(self, word: str) -> int:
        """How ordinary the word is in lower case: 0 never seen, 1 seen, 2 common (`tokens.levels`)."""
        return levels(self._ordinary, word)

    def _block(self, seen: NDArray[np.float32]) -> NDArray[np.float32]:
        hidden = np.maximum(seen.reshape(len(seen), -1) @ self._w["first"] + self._w["first_bias"], 0)
        scores = hidden @ self._w["second"] + self._w["second_bias"]
        raised = np.exp(scores - scores.max(1, keepdims=True))
        return np.asarray(raised / raised.sum(1, keepdims=True), np.float32)


def runs(text: str, marked: Iterable[tuple[Token, float]], *, between: str) -> Iterator[tuple[int, int, float]]:
    """Marked tokens that stand side by side, as one: start, end, the highest probability. between: characters that may
    part two of them, at most two."""
    at: tuple[int, int, float] | None = None
    for token, p in marked:
        if at and token.start - at[1] <= 2 and set(text[at[1] : token.start]) <= set(between):
            at = (at[0], token.end, max(at[2], p))
            continue
        if at:
            yield at
        at = (token.start, token.end, p)
    if at:
        yield at


@functools.cache
def tagger() -> Tagger:
    """The bundled tagger, loaded at the first call. Raises ConfigError when the weights are damaged."""
    card = json.loads((_MODELS / "deid.json").read_text("utf-8"))
    weights = _MODELS / "deid.safetensors"
    check(weights, card["sha256"])
    return Tagger(dict(read_safetensors(weights)))
