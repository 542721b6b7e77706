"""Any cross-encoder of sentence-transformers as a reranker (`ce:<name or path>`), from the local files only.

Decides how it is loaded: safetensors, no remote code, no download unless HF_HUB_OFFLINE=0. Maps foreign errors.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Sequence
from typing import Any

from indexer import privacy
from indexer.errors import ConfigError


class CrossEncoderReranker:
    """A sentence-transformers CrossEncoder with one output. Loaded at the first question."""

    def __init__(self, name: str) -> None:
        self.spec, self._name = f"ce:{name}", name

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        """One logit per text, in order. Raises ConfigError when the model cannot be loaded."""
        if not texts:
            return []
        # A lone surrogate would make the tokenizer raise; it becomes "?".
        pairs = [tuple(x.encode("utf-8", "replace").decode() for x in (question, text)) for text in texts]
        return [float(x) for x in self._model.predict(pairs, show_progress_bar=False)]

    @functools.cached_property
    def _model(self) -> Any:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        privacy.silence()
        try:
            from sentence_transformers import CrossEncoder
            from torch import nn

            return CrossEncoder(
                self._name, activation_fn=nn.Identity(), trust_remote_code=False, device="cpu",
                local_files_only=os.environ["HF_HUB_OFFLINE"] != "0", model_kwargs={"use_safetensors": True},
            )  # fmt: skip
        except (OSError, ValueError, ImportError, RuntimeError) as error:
            raise ConfigError(
                f"{self.spec}: cannot be loaded ({str(error).splitlines()[0][:160]}); give a folder with safetensors "
                "weights, or set HF_HUB_OFFLINE=0 to allow a download"
            ) from error
