"""The judge that comes with the program: the bundled evidence model reads quote and claim.

Decides from which probability a claim is supported or contradicted (chosen on claims that were not trained on,
docs/evidence-model.md). Reads English; a claim or quote in Chinese is judged by its words. Knows nothing of guards.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from indexer.language import language_of
from rag.judges.overlap import OverlapJudge
from rag.pairs import model
from rag.stance import STANCES
from rag.types import Support

# A claim is supported from this probability, partly from the second; contradicted from the third.
SUPPORTED, PARTIAL, CONTRADICTED = 0.5, 0.1, 0.8


class BundledJudge:
    """Construction is free; the first verdict loads and verifies the weights. Safe to call from several threads."""

    spec = "bundled"

    def __init__(self) -> None:
        self._model, self._overlap = model("evidence"), OverlapJudge()

    def verdicts(self, pairs: Sequence[tuple[str, str]]) -> list[Support]:
        """`supported`, `partial`, `contradicted` or `unsupported` for each (claim, quote)."""
        read = [i for i, pair in enumerate(pairs) if not any(language_of(t) == "zh" for t in pair)]
        by_words = [i for i in range(len(pairs)) if i not in set(read)]
        found: dict[int, Support] = dict(
            zip(by_words, self._overlap.verdicts([pairs[i] for i in by_words]), strict=True)
        )
        found |= {i: _verdict(p) for i, p in zip(read, self.probabilities([pairs[i] for i in read]), strict=True)}
        return [found[i] for i in range(len(pairs))]

    def probabilities(self, pairs: Sequence[tuple[str, str]]) -> list[tuple[float, float, float]]:
        """(supported, contradicted, neutral) for each (claim, quote)."""
        if not pairs:
            return []
        logits = self._model.run(list(pairs))[:, len(STANCES) :]
        exp = np.exp(logits - logits.max(axis=1, keepdims=True))
        return [(float(a), float(b), float(c)) for a, b, c in exp / exp.sum(axis=1, keepdims=True)]

    def preload(self) -> None:
        """Starts loading in a thread. Errors come with the first verdict."""
        self._model.preload()


def _verdict(p: tuple[float, float, float]) -> Support:
    if p[1] >= CONTRADICTED:
        return "contradicted"
    return "supported" if p[0] >= SUPPORTED else "partial" if p[0] >= PARTIAL else "unsupported"
