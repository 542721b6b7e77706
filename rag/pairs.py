"""Runs the bundled models that read two texts together: a question or claim, and a passage or sentence.

Decides where their weights are, that they are the right ones, and how a pair becomes tokens. All share the bundled
encoder's word embeddings and are run by the same engine as the embedder. Knows nothing of what the outputs mean.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from indexer.embedders import batches
from indexer.embedders.bundled import minilm, model_folder
from indexer.embedders.engine import Engine, Model, open_engine
from indexer.embedders.engine_weights import Bert, check, read_safetensors
from indexer.types import Vectors

MODELS = Path(__file__).parent / "models"
# Tokens of both texts together, at most, and characters of the first.
_MAX_TOKENS = 256
_MAX_FIRST = 400


@functools.cache
def model(name: str, *, head: str = "score") -> PairModel:
    """The one PairModel of this name in this process: what reads with it shares its weights."""
    return PairModel(name, head=head)


class PairModel:
    """The model `rag/models/<name>.safetensors`. Construction is free; the first `run` loads and verifies the weights.

    head: `score` (numbers for a pair) or `tokens` (numbers for every token). Safe to call from several threads.
    """

    def __init__(self, name: str, *, head: str = "score") -> None:
        self._name, self._head = name, head
        self._lock = threading.Lock()
        self._loaded: tuple[Any, Engine, int] | None = None

    def run(self, pairs: Sequence[tuple[str, str]]) -> Vectors:
        """float32 (n, outputs), one row a pair, in order. Raises ConfigError when the weights are damaged."""
        tokenizer, engine, outputs = self._load()
        if not pairs:
            return np.empty((0, outputs), np.float32)
        return _outputs(tokenizer, engine, pairs, outputs)

    def run_tokens(self, pairs: Sequence[tuple[str, str]]) -> list[tuple[list[tuple[int, int]], Vectors]]:
        """For each pair, of a `tokens` model: where the tokens of the second text stand in it (offsets in code points),
        and float32 (tokens, 2). Raises ConfigError."""
        if not pairs:
            return []
        tokenizer, engine, _ = self._load()
        encodings = tokenizer.encode_batch(_clean(pairs))
        found = _padded(engine, [e.ids for e in encodings])
        told = []
        for row, e in enumerate(encodings):
            own = [
                i for i, (part, (a, b)) in enumerate(zip(e.sequence_ids, e.offsets, strict=True)) if part == 1 and a < b
            ]
            told.append(([e.offsets[i] for i in own], found[row, own]))
        return told

    def preload(self) -> None:
        """Starts loading in a thread, beside what comes before it. Errors come with the first `run`."""
        if self._loaded is None:
            threading.Thread(target=self._load_quietly, daemon=True).start()

    def _load_quietly(self) -> None:
        with contextlib.suppress(Exception):
            self._load()

    def _load(self) -> tuple[Any, Engine, int]:
        with self._lock:
            if self._loaded is None:
                card = json.loads((MODELS / f"{self._name}.json").read_text("utf-8"))
                tokenizer, outputs = _tokenizer(), len(card["outputs"][0])
                engine, _ = open_engine(_engine_model(self._name, self._head, card, tokenizer))
                self._loaded = tokenizer, engine, outputs
            return self._loaded


def _tokenizer() -> Any:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(model_folder() / "tokenizer.json"))
    tokenizer.enable_truncation(_MAX_TOKENS, strategy="longest_first")
    tokenizer.no_padding()
    return tokenizer


def _engine_model(name: str, head: str, card: dict[str, Any], tokenizer: Any) -> Model:
    reference = np.array(card["outputs"])

    def bert() -> Bert:
        weights = MODELS / f"{name}.safetensors"
        check(weights, card["sha256"])
        own = {key: np.asarray(w, np.float32) for key, w in read_safetensors(weights).items()}
        base = minilm(model_folder())
        words = {key: w for key, w in base.weights.items() if key.startswith("embeddings.")}
        return Bert({**words, **own}, card["layers"], base.heads, base.epsilon, head)

    def agreement(engine: Engine) -> float:
        """Correlation of the probes' outputs with those of float32 torch."""
        pairs = [(a, b) for a, b in card["probes"]]
        if head == "tokens":
            found = _padded(engine, [e.ids for e in tokenizer.encode_batch(pairs)])
        else:
            found = _outputs(tokenizer, engine, pairs, reference.shape[1])
        return float(np.corrcoef(found.ravel(), reference.ravel())[0, 1])

    key = hashlib.sha256(json.dumps(card, sort_keys=True).encode()).hexdigest()
    return Model(name, key, bert, agreement)


def _outputs(tokenizer: Any, engine: Engine, pairs: Sequence[tuple[str, str]], outputs: int) -> Vectors:
    return batches.encode(
        [f"{first[:_MAX_FIRST]}\0{second}" for first, second in pairs],
        tokens=functools.partial(_tokens, tokenizer), run=engine.run, dim=outputs, workers=engine.workers,
    )  # fmt: skip


def _padded(engine: Engine, sequences: list[list[int]]) -> Vectors:
    """One run over all sequences, padded to the longest."""
    length = max(map(len, sequences))
    ids, mask = (np.zeros((len(sequences), length), np.int32) for _ in range(2))
    for row, sequence in enumerate(sequences):
        ids[row, : len(sequence)], mask[row, : len(sequence)] = sequence, 1
    return engine.run(ids, mask)


def _tokens(tokenizer: Any, texts: list[str]) -> list[list[int]]:
    return [e.ids for e in tokenizer.encode_batch(_clean(text.split("\0", 1) for text in texts))]


def _clean(pairs: Iterable[Sequence[str]]) -> list[tuple[str, ...]]:
    """Pairs as a tokenizer takes them: no longer than it can use; a lone surrogate, at which it would raise, is "?"."""
    return [tuple(t[: 64 * _MAX_TOKENS].encode("utf-8", "replace").decode() for t in pair) for pair in pairs]
