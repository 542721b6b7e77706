"""A triage model that somebody fine-tuned: a folder of `scripts/train_triage.py`, run with torch and transformers.

Decides how a classifier stands on a base model: transformers' own class for sequence classification where there is one;
for encoder-decoders (T5, flan-t5) and bases without such a class our linear head on the encoder's mean hidden state of
real tokens (a decoder's last). Safetensors only, no code from the model, no download. Reads `triage.json` beside the
weights: labels in order, pooled, length in tokens, temperature. This is the only file of triage that imports torch.
"""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer import privacy
from indexer.errors import ConfigError

CARD = "triage.json"
WEIGHTS = "model.safetensors"


class FolderTriage:
    """Construction reads the card only; the first question loads the weights. labels: in the order of the numbers."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self.spec = str(folder)
        try:
            self._card = json.loads((self.folder / CARD).read_text("utf-8"))
            self.labels: tuple[str, ...] = tuple(self._card["labels"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ConfigError(
                f"{self.folder}: is not a triage model ({CARD}: {error}); make one: "
                "python scripts/train_triage.py --kind hf --base MODEL --data FILE.jsonl --out DIR"
            ) from error

    def probabilities(self, text: str) -> NDArray[np.float32]:
        """float32 (labels,); sums to 1."""
        torch = _torch()
        tokenizer, model = self._loaded
        batch = tokenizer([text], truncation=True, max_length=self._card["length"], return_tensors="pt")
        with torch.inference_mode():
            numbers = logits(model, batch["input_ids"], batch["attention_mask"])[0].float()
        return np.asarray(torch.softmax(numbers / self._card["temperature"], 0).numpy(), np.float32)

    @functools.cached_property
    def _loaded(self) -> tuple[Any, Any]:
        _torch()
        from transformers import AutoTokenizer

        try:
            tokenizer = AutoTokenizer.from_pretrained(self.folder, local_files_only=True)
            model = classifier(self.folder, len(self.labels), trained=True, pooled=self._card["pooled"])
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            raise ConfigError(f"{self.folder}: cannot be loaded as a triage model ({str(error)[:300]})") from error
        return tokenizer, model.eval()


def logits(model: Any, ids: Any, mask: Any) -> Any:
    """Tensor (batch, labels) of token ids and their mask (batch, length)."""
    found = model(input_ids=ids, attention_mask=mask)
    return getattr(found, "logits", found)


def needs_pooling(folder: str | Path) -> bool:
    """Whether the base at `folder` gets our head: it is an encoder-decoder, or transformers has no class for it."""
    _torch()
    from transformers import MODEL_FOR_SEQUENCE_CLASSIFICATION_MAPPING, AutoConfig

    config = AutoConfig.from_pretrained(folder, local_files_only=True)
    return bool(config.is_encoder_decoder) or type(config) not in MODEL_FOR_SEQUENCE_CLASSIFICATION_MAPPING


def classifier(folder: str | Path, labels: int, *, trained: bool, pooled: bool) -> Any:
    """A torch module that gives (batch, labels). trained: `folder` holds our head too, else its head starts at random.

    Raises OSError or ValueError when the folder is not a model that transformers knows.
    """
    torch = _torch()
    from transformers import AutoConfig, AutoModel, AutoModelForSequenceClassification

    if not pooled:
        return AutoModelForSequenceClassification.from_pretrained(
            folder, num_labels=labels, local_files_only=True, use_safetensors=True, dtype=torch.float32,
            ignore_mismatched_sizes=not trained,
        )  # fmt: skip
    config = AutoConfig.from_pretrained(folder, local_files_only=True)
    if not trained:
        body = AutoModel.from_pretrained(folder, local_files_only=True, use_safetensors=True, dtype=torch.float32)
        return _pooled(body, config, labels)
    from safetensors.torch import load_file

    made = _pooled(AutoModel.from_config(config, dtype=torch.float32), config, labels)
    missing, unknown = made.load_state_dict(load_file(Path(folder) / WEIGHTS), strict=False)
    # A tied weight is stored once under one of its names.
    if unknown or any("head." in name for name in missing):
        raise ValueError(f"its weights do not fit its configuration: {[*missing, *unknown][:3]}")
    return made


def _pooled(body: Any, config: Any, labels: int) -> Any:
    torch = _torch()
    last = not config.is_encoder_decoder and bool(getattr(config, "is_decoder", False))

    class Pooled(torch.nn.Module):  # type: ignore[misc, name-defined]
        """A body and a linear head on its pooled hidden states."""

        def __init__(self) -> None:
            super().__init__()
            self.body = body.get_encoder() if config.is_encoder_decoder else body
            self.config = config
            self.head = torch.nn.Linear(getattr(config, "hidden_size", None) or config.d_model, labels)

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            hidden = self.body(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
            if last:
                rows = torch.arange(len(hidden), device=hidden.device)
                return self.head(hidden[rows, attention_mask.sum(1) - 1])
            weight = attention_mask.unsqueeze(-1).to(hidden.dtype)
            return self.head((hidden * weight).sum(1) / weight.sum(1))

    return Pooled()


@functools.cache
def _torch() -> Any:
    privacy.silence()
    try:
        import torch
        import transformers
    except ImportError as error:
        raise ConfigError("torch and transformers cannot be imported; install the package again") from error
    transformers.logging.set_verbosity_error()
    return torch
