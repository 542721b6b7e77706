"""The reranker that comes with the program: a four-layer cross-encoder over the bundled encoder's word embeddings.

Trained by scripts/train_reranker.py, described in docs/reranker.md. Decides only that its one output is the score.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.pairs import PairModel


class BundledReranker:
    """Construction is free; the first `score` loads and verifies the weights. Safe to call from several threads."""

    spec = "bundled"

    def __init__(self) -> None:
        self._model = PairModel("reranker")

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        """One logit per text, in order: 0 is the border between answering and not."""
        return [float(row[0]) for row in self._model.run([(question, t) for t in texts])] if texts else []

    def preload(self) -> None:
        """Starts loading in a thread, beside what a question needs before. Errors come with the first `score`."""
        self._model.preload()
