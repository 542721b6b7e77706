"""Runs a BERT with torch when OpenVINO cannot be used: slower and seconds to load, but the same numbers.

Decides nothing but that: float32, torch's own threads. Knows nothing of texts or of why it was chosen.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer import privacy
from indexer.types import Vectors

Ints = NDArray[np.int32]


class TorchEngine:
    """transformers' BertModel with mean pooling. One caller at a time: torch spreads each call over all cores."""

    workers = 1

    def __init__(self, folder: Path) -> None:
        privacy.silence()
        import torch
        from transformers import BertModel

        self._torch = torch
        self._bert = BertModel.from_pretrained(
            folder, local_files_only=True, use_safetensors=True, add_pooling_layer=False
        ).eval()

    def run(self, ids: Ints, mask: Ints) -> Vectors:
        """Token ids and mask (batch, length) to the mean hidden state of real tokens (batch, width)."""
        torch = self._torch
        seen = torch.from_numpy(mask.astype(np.int64))
        with torch.inference_mode():
            hidden = self._bert(input_ids=torch.from_numpy(ids.astype(np.int64)), attention_mask=seen).last_hidden_state
            weight = seen.unsqueeze(-1).to(hidden.dtype)
            mean = (hidden * weight).sum(1) / weight.sum(1)
            return np.asarray(mean.numpy(), np.float32)
