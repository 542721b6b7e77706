"""Runs a BERT with torch when OpenVINO cannot be used: slower and seconds to load, but the same numbers.

Decides nothing but that: float32, torch's own threads. The same network as `engine_graph`. Knows nothing of texts or of
why it was chosen.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer import privacy
from indexer.embedders.engine_weights import Bert
from indexer.types import Vectors

Ints = NDArray[np.int32]


class TorchEngine:
    """One caller at a time: torch spreads each call over all cores."""

    workers = 1

    def __init__(self, bert: Bert) -> None:
        privacy.silence()
        import torch

        self._torch, self._bert = torch, bert
        self._w = {name: torch.from_numpy(np.asarray(w, np.float32)) for name, w in bert.weights.items()
                   if w.dtype.kind == "f"}  # fmt: skip

    def run(self, ids: Ints, mask: Ints) -> Vectors:
        """Token ids and mask (batch, length) to the head's output, float32."""
        torch = self._torch
        with torch.inference_mode():
            seen = torch.from_numpy(mask.astype(bool))
            x = self._embeddings(torch.from_numpy(ids.astype(np.int64)))
            for i in range(self._bert.layers):
                x = self._layer(x, seen[:, None, None, :], f"encoder.layer.{i}.")
            if self._bert.head == "tokens":
                return np.asarray(self._linear(x, "head").numpy(), np.float32)
            weight = seen.unsqueeze(-1).to(x.dtype)
            out = (x * weight).sum(1) / weight.sum(1)
            if self._bert.head == "score":
                out = self._linear(torch.cat([x[:, 0], out], 1), "head")
            return np.asarray(out.numpy(), np.float32)

    def _embeddings(self, ids: Any) -> Any:
        w, name = self._w, "embeddings."
        x = w[name + "word_embeddings.weight"][ids] + w[name + "position_embeddings.weight"][: ids.shape[1]]
        return self._normalised(x + w[name + "token_type_embeddings.weight"][0], name + "LayerNorm")

    def _layer(self, x: Any, seen: Any, name: str) -> Any:
        f, (batch, length, width) = self._torch.nn.functional, x.shape
        parts = [
            self._linear(x, f"{name}attention.self.{part}").view(batch, length, self._bert.heads, -1).transpose(1, 2)
            for part in ("query", "key", "value")
        ]
        y = f.scaled_dot_product_attention(*parts, attn_mask=seen).transpose(1, 2).reshape(batch, length, width)
        x = self._normalised(self._linear(y, name + "attention.output.dense") + x, name + "attention.output.LayerNorm")
        y = self._linear(f.gelu(self._linear(x, name + "intermediate.dense")), name + "output.dense")
        return self._normalised(y + x, name + "output.LayerNorm")

    def _linear(self, x: Any, name: str) -> Any:
        return self._torch.nn.functional.linear(x, self._w[name + ".weight"], self._w[name + ".bias"])

    def _normalised(self, x: Any, name: str) -> Any:
        w, b = self._w[name + ".weight"], self._w[name + ".bias"]
        return self._torch.nn.functional.layer_norm(x, (x.shape[-1],), w, b, self._bert.epsilon)
