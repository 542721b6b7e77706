"""Any sequence-classification NLI model of transformers as a judge (`nli:<name or path>`), from the local files only.

Decides how it is loaded (safetensors, no remote code, no download unless HF_HUB_OFFLINE=0) and how its three labels,
read from its own configuration, become verdicts. Maps foreign errors.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Sequence
from typing import Any

from indexer import privacy
from indexer.errors import ConfigError
from rag.types import Support

_BATCH = 16
_MAX_TOKENS = 512
# More never fits into the tokens, and a tokenizer takes minutes for very long texts.
_MAX_CHARACTERS = 16 * _MAX_TOKENS
# Probability of entailment from which a quote supports, and from which it does so in part.
_ENTAILED, _IN_PART = 0.5, 0.25
_LABELS = {"entail": "supported", "neutral": "unsupported", "contradict": "contradicted"}


class NliJudge:
    """Quote as premise, claim as hypothesis. Loaded at the first verdict."""

    def __init__(self, name: str) -> None:
        self.spec, self._name = f"nli:{name}", name

    def verdicts(self, pairs: Sequence[tuple[str, str]]) -> list[Support]:
        """One verdict per (claim, quote), in order. Raises ConfigError when the model cannot be loaded."""
        found: list[Support] = []
        for at in range(0, len(pairs), _BATCH):
            found += self._batch(pairs[at : at + _BATCH])
        return found

    def _batch(self, pairs: Sequence[tuple[str, str]]) -> list[Support]:
        import torch

        tokenizer, model, columns = self._loaded
        # A lone surrogate would make the tokenizer raise; it becomes "?".
        claims, quotes = (
            [x[:_MAX_CHARACTERS].encode("utf-8", "replace").decode() for x in side] for side in zip(*pairs, strict=True)
        )
        most = min(_MAX_TOKENS, tokenizer.model_max_length)
        encoded = tokenizer(quotes, claims, truncation=True, max_length=most, padding=True, return_tensors="pt")
        with torch.inference_mode():
            probabilities = torch.softmax(model(**encoded).logits.float(), dim=-1).tolist()
        return [_verdict({label: row[i] for label, i in columns.items()}) for row in probabilities]

    @functools.cached_property
    def _loaded(self) -> tuple[Any, Any, dict[str, int]]:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        privacy.silence()
        local = os.environ["HF_HUB_OFFLINE"] != "0"
        try:
            from transformers import AutoModelForSequenceClassification, AutoTokenizer

            tokenizer = AutoTokenizer.from_pretrained(self._name, local_files_only=local, trust_remote_code=False)
            model = AutoModelForSequenceClassification.from_pretrained(
                self._name, local_files_only=local, trust_remote_code=False, use_safetensors=True
            )
        except (OSError, ValueError, ImportError, RuntimeError) as error:
            raise ConfigError(
                f"{self.spec}: cannot be loaded ({str(error).splitlines()[0][:160]}); give a folder with safetensors "
                "weights, or set HF_HUB_OFFLINE=0 to allow a download"
            ) from error
        return tokenizer, model.eval(), _columns(self.spec, model.config.id2label)


def _columns(spec: str, labels: dict[int, str]) -> dict[str, int]:
    """Which output is which verdict. Raises ConfigError when the model's labels are not those of NLI."""
    found = {
        verdict: int(i)
        for i, label in labels.items()
        for start, verdict in _LABELS.items()
        if str(label).lower().startswith(start)
    }
    if set(found) != set(_LABELS.values()):
        names = ", ".join(map(str, labels.values()))
        raise ConfigError(f"{spec}: its labels are {names}; expected entailment, neutral, contradiction")
    return found


def _verdict(probability: dict[str, float]) -> Support:
    if probability["supported"] >= _ENTAILED:
        return "supported"
    if probability["contradicted"] >= max(probability["supported"], probability["unsupported"]):
        return "contradicted"
    return "partial" if probability["supported"] >= _IN_PART else "unsupported"
