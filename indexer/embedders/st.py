"""Any sentence-transformers model as an embedder, `st:<folder or hub name>`, with the model's own prompts.

Decides which files may be loaded: safetensors only, no code from the model. A hub name is looked up in the local
Hugging Face cache; it is downloaded only if the user set `HF_HUB_OFFLINE=0`. Knows nothing of the models themselves.
"""

from __future__ import annotations

import functools
import hashlib
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from indexer import privacy
from indexer.durable import sha256
from indexer.errors import ConfigError
from indexer.types import Vectors

# Files that cannot change a vector, and formats that are never loaded.
_IGNORED = ("*.bin", "*.h5", "*.msgpack", "*.onnx", "*.ot", "*.pt", "*.pkl", "onnx/*", "openvino/*")
_TEXTS = {".md", ""}
_UNSAFE = {".bin", ".pt", ".pth", ".pkl", ".ckpt"}


class StEmbedder:
    """A sentence-transformers model. Construction is free; `dim` and `encode_*` load it, `fingerprint` reads its files.

    Every access may raise ConfigError: no such model here, no safetensors weights, or a model that cannot be loaded.
    """

    languages: tuple[str, ...] = ()

    def __init__(self, spec: str) -> None:
        self.spec = spec
        self._name = spec.removeprefix("st:")
        self._lock = threading.Lock()

    @functools.cached_property
    def fingerprint(self) -> str:
        """SHA-256 over name and SHA-256 of every file that can change a vector: weights, tokenizer, configuration."""
        digest = hashlib.sha256()
        for path in sorted(p for p in self._folder.rglob("*") if p.is_file()):
            name = path.relative_to(self._folder).as_posix()
            if path.suffix not in _TEXTS | _UNSAFE:
                digest.update(f"{name}\0{sha256(path)}\n".encode())
        return digest.hexdigest()

    @property
    def dim(self) -> int:
        """Vector length."""
        dim = self._model.get_embedding_dimension()
        if dim is None:
            raise ConfigError(f"{self.spec}: the model does not say how long its vectors are")
        return int(dim)

    @property
    def engine(self) -> str:
        """What runs it here. Loads it."""
        import sentence_transformers
        import torch

        return (
            f"sentence-transformers {sentence_transformers.__version__}, torch {torch.__version__} "
            f"on {self._model.device}"
        )

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """float32 (n, dim), unit length, in the order of `texts`, with the model's document prompt."""
        return self._encode("encode_document", texts)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """float32 (n, dim), unit length, in the order of `texts`, with the model's query prompt."""
        return self._encode("encode_query", texts)

    def _encode(self, method: str, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.empty((0, self.dim), np.float32)
        clean = [t.encode("utf-8", "replace").decode() for t in texts]
        encode = getattr(self._model, method)
        found = encode(clean, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(found, np.float32)

    @functools.cached_property
    def _folder(self) -> Path:
        folder = Path(self._name).expanduser()
        if not folder.is_dir():
            folder = _downloaded(self.spec, self._name)
        files = [p for p in folder.rglob("*") if p.is_file()]
        safe = {p.parent for p in files if p.suffix == ".safetensors"}
        if not safe:
            raise ConfigError(f"{self.spec}: {folder} holds no .safetensors weights")
        # A module's folder (such as 2_Dense) whose only weights are a pickle would be loaded from the pickle.
        for path in files:
            if path.suffix in _UNSAFE and path.parent not in safe:
                raise ConfigError(f"{self.spec}: {path} is a pickle; save the model as safetensors")
        return folder

    @property
    def _model(self) -> Any:
        with self._lock:
            return self._loaded

    @functools.cached_property
    def _loaded(self) -> Any:
        folder = self._folder
        privacy.silence()
        import sentence_transformers
        import transformers

        transformers.utils.logging.disable_progress_bar()
        try:
            return sentence_transformers.SentenceTransformer(
                str(folder),
                local_files_only=True,
                trust_remote_code=False,
                model_kwargs={"use_safetensors": True},
            )
        except Exception as error:  # the library raises whatever its parts raise
            first = (str(error).strip() or type(error).__name__).splitlines()[0]
            raise ConfigError(f"{self.spec}: {folder} cannot be loaded ({first})") from error


def _downloaded(spec: str, name: str) -> Path:
    privacy.silence()
    import huggingface_hub

    try:
        return Path(huggingface_hub.snapshot_download(name, ignore_patterns=list(_IGNORED)))
    except (OSError, ValueError, huggingface_hub.errors.HfHubHTTPError) as error:
        raise ConfigError(
            f"{spec}: no folder of that name and not in the local Hugging Face cache; give the path of a "
            "sentence-transformers model, or allow one download with HF_HUB_OFFLINE=0"
        ) from error
