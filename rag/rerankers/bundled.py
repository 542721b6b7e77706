"""The reranker that comes with the program: a four-layer cross-encoder over the bundled encoder's word embeddings.

Decides where its weights are and that they are the right ones; trained by scripts/train_reranker.py, described in
docs/reranker.md. Run by the same engine as the embedder. Knows nothing of searches.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from indexer.embedders import batches
from indexer.embedders.bundled import minilm, model_folder
from indexer.embedders.engine import Engine, Model, open_engine
from indexer.embedders.engine_weights import Bert, check, read_safetensors
from indexer.types import Vectors

MODELS = Path(__file__).parent.parent / "models"
_CARD = MODELS / "reranker.json"
# Tokens of question and passage together, at most.
_MAX_TOKENS = 256
_MAX_QUESTION = 400  # characters


class BundledReranker:
    """Construction is free; the first `score` loads and verifies the weights. Safe to call from several threads."""

    spec = "bundled"

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loaded: tuple[Any, Engine] | None = None

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        """One logit per text, in order: 0 is the border between answering and not."""
        if not texts:
            return []
        tokenizer, engine = self._load()
        return [float(s) for s in _scores(tokenizer, engine, [(question, t) for t in texts])]

    def preload(self) -> None:
        """Starts loading in a thread, beside what a question needs before. Errors come with the first `score`."""
        if self._loaded is None:
            threading.Thread(target=self._load_quietly, daemon=True).start()

    def _load_quietly(self) -> None:
        with contextlib.suppress(Exception):
            self._load()

    def _load(self) -> tuple[Any, Engine]:
        with self._lock:
            if self._loaded is None:
                tokenizer = _tokenizer()
                engine, _ = open_engine(_model(tokenizer))
                self._loaded = tokenizer, engine
            return self._loaded


def _tokenizer() -> Any:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(model_folder() / "tokenizer.json"))
    tokenizer.enable_truncation(_MAX_TOKENS, strategy="longest_first")
    tokenizer.no_padding()
    return tokenizer


def _model(tokenizer: Any) -> Model:
    card = json.loads(_CARD.read_text("utf-8"))

    def bert() -> Bert:
        weights = MODELS / "reranker.safetensors"
        check(weights, card["sha256"])
        own = {name: np.asarray(w, np.float32) for name, w in read_safetensors(weights).items()}
        base = minilm(model_folder())
        words = {name: w for name, w in base.weights.items() if name.startswith("embeddings.")}
        return Bert({**words, **own}, card["layers"], base.heads, base.epsilon, "score")

    def agreement(engine: Engine) -> float:
        """Correlation of the probes' scores with those of float32 torch."""
        reference = np.array(card["scores"])
        found = _scores(tokenizer, engine, [tuple(p) for p in card["probes"]])
        return float(np.corrcoef(found, reference)[0, 1])

    key = hashlib.sha256(json.dumps(card, sort_keys=True).encode()).hexdigest()
    return Model("reranker", key, bert, agreement)


def _scores(tokenizer: Any, engine: Engine, pairs: list[tuple[str, str]]) -> Vectors:
    return batches.encode(
        [f"{question[:_MAX_QUESTION]}\0{text}" for question, text in pairs],
        tokens=functools.partial(_tokens, tokenizer), run=engine.run, dim=1, workers=engine.workers,
    )[:, 0]  # fmt: skip


def _tokens(tokenizer: Any, texts: list[str]) -> list[list[int]]:
    clean = [t[: 64 * _MAX_TOKENS].encode("utf-8", "replace").decode().split("\0", 1) for t in texts]
    return [e.ids for e in tokenizer.encode_batch([tuple(pair) for pair in clean])]
