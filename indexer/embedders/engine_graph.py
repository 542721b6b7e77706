"""Builds a BERT encoder as an OpenVINO graph straight from its weights: no torch, no tracing, 20 ms.

Decides how the network is written down; `encoder` gives hidden states, a head such as `mean_head` makes a model of
them. Devlin et al., NAACL 2019 (BERT); Reimers and Gurevych, EMNLP 2019 (mean pooling). Knows nothing of tokenizers,
precision or devices.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from indexer import privacy
from indexer.embedders.engine_weights import Weights

# Added to the attention scores of padding. exp(-10000) is exactly 0 in float32 and bfloat16, so padding changes no
# bit of a vector (measured: a text padded to 16, 192 or 256 tokens gives identical results).
_MASKED = 1e4


@dataclass(frozen=True, slots=True)
class BertShape:
    """The numbers of a BERT that its weights do not tell. prefix: what stands before `embeddings.` in the names."""

    layers: int
    heads: int
    epsilon: float = 1e-12
    prefix: str = ""


class Encoded(NamedTuple):
    """inputs: graph parameters ids, mask (and segments), int32 (batch, length). hidden: (batch, length, width)."""

    inputs: list[Any]
    hidden: Any


def encoder(weights: Weights, shape: BertShape, *, segments: bool = False) -> Encoded:
    """The encoder with dynamic batch and length; `segments` adds the input that tells sentence A from sentence B."""
    privacy.silence()
    import openvino.opset13 as op

    named = {k.removeprefix(shape.prefix): v for k, v in weights.items()}
    inputs = [op.parameter([-1, -1], np.int32, name=n) for n in ("ids", "mask", "segments")]
    inputs = inputs if segments else inputs[:2]
    x = _embeddings(named, inputs)
    x = _normalised(x, named, "embeddings.LayerNorm", shape.epsilon)
    seen = op.convert(op.unsqueeze(inputs[1], _ints([1, 2])), np.float32)
    bias = op.multiply(op.subtract(seen, np.float32(1)), np.float32(_MASKED))
    for i in range(shape.layers):
        x = _layer(x, bias, named, f"encoder.layer.{i}.", shape)
    return Encoded(inputs, x)


def mean_head(encoded: Encoded) -> Any:
    """A model whose output is the mean of the hidden states over real tokens, (batch, width), not normalised."""
    import openvino
    import openvino.opset13 as op

    mask = op.convert(encoded.inputs[1], np.float32)
    total = op.matmul(op.unsqueeze(mask, _ints([1])), encoded.hidden, False, False)
    count = op.reduce_sum(mask, _ints([1]), True)
    mean = op.divide(op.squeeze(total, _ints([1])), count)
    return openvino.Model([mean], encoded.inputs, "mean")


def _embeddings(weights: Weights, inputs: list[Any]) -> Any:
    import openvino.opset13 as op

    ids, kinds = inputs[0], weights["embeddings.token_type_embeddings.weight"]
    places = weights["embeddings.position_embeddings.weight"]
    if len(inputs) == 2:
        places = places + kinds[0]
    length = op.gather(op.shape_of(ids, "i32"), _ints([1]), _ints(0))
    place = op.slice(_constant(places), _ints([0]), length, _ints([1]), _ints([0]))
    x = op.gather(_constant(weights["embeddings.word_embeddings.weight"]), ids, _ints(0))
    x = op.add(x, op.unsqueeze(place, _ints([0])))
    return x if len(inputs) == 2 else op.add(x, op.gather(_constant(kinds), inputs[2], _ints(0)))


def _layer(x: Any, bias: Any, weights: Weights, name: str, shape: BertShape) -> Any:
    import openvino.opset13 as op

    width = weights[name + "output.dense.bias"].shape[0]
    split, swap = _ints([0, 0, shape.heads, width // shape.heads]), _ints([0, 2, 1, 3])
    parts = []
    for part in ("query", "key", "value"):
        y = _linear(x, weights, f"{name}attention.self.{part}")
        parts.append(op.transpose(op.reshape(y, split, True), swap))
    y = op.scaled_dot_product_attention(*parts, bias)
    y = op.reshape(op.transpose(y, swap), _ints([0, 0, width]), True)
    y = op.add(_linear(y, weights, name + "attention.output.dense"), x)
    x = _normalised(y, weights, name + "attention.output.LayerNorm", shape.epsilon)
    y = op.gelu(_linear(x, weights, name + "intermediate.dense"), "erf")
    y = op.add(_linear(y, weights, name + "output.dense"), x)
    return _normalised(y, weights, name + "output.LayerNorm", shape.epsilon)


def _linear(x: Any, weights: Weights, name: str) -> Any:
    import openvino.opset13 as op

    product = op.matmul(x, _constant(weights[name + ".weight"]), False, True)
    return op.add(product, _constant(weights[name + ".bias"]))


def _normalised(x: Any, weights: Weights, name: str, epsilon: float) -> Any:
    import openvino.opset13 as op

    x = op.mvn(x, _ints([-1]), True, epsilon, "inside_sqrt")
    x = op.multiply(x, _constant(weights[name + ".weight"]))
    return op.add(x, _constant(weights[name + ".bias"]))


def _constant(array: Any) -> Any:
    import openvino.opset13 as op

    # Sharing the mapped file's memory spares copying 90 MB (20 ms instead of 260 ms for the whole graph).
    return op.constant(np.ascontiguousarray(array), shared_memory=True)


def _ints(values: object) -> Any:
    import openvino.opset13 as op

    return op.constant(np.array(values, np.int32))
