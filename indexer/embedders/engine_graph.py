"""Builds a BERT encoder as an OpenVINO graph straight from its weights: no torch, no tracing, 20 ms.

Decides how the network and its heads are written down. Devlin et al., NAACL 2019 (BERT); Reimers and Gurevych, EMNLP
2019 (mean pooling). Knows nothing of tokenizers, precision or devices.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from indexer import privacy
from indexer.embedders.engine_weights import Bert, Weights

# Added to the attention scores of padding. exp(-10000) is exactly 0 in float32 and bfloat16, so padding changes no
# bit of a vector (measured: a text padded to 16, 192 or 256 tokens gives identical results).
_MASKED = 1e4


def graph(bert: Bert) -> Any:
    """The openvino Model: parameters ids and mask, int32 (batch, length), both dynamic; the output is the head's."""
    privacy.silence()
    import openvino
    import openvino.opset13 as op

    ids, mask = (op.parameter([-1, -1], np.int32, name=n) for n in ("ids", "mask"))
    x = _embeddings(bert.weights, ids)
    x = _normalised(x, bert.weights, "embeddings.LayerNorm", bert.epsilon)
    seen = op.convert(op.unsqueeze(mask, _ints([1, 2])), np.float32)
    bias = op.multiply(op.subtract(seen, np.float32(1)), np.float32(_MASKED))
    for i in range(bert.layers):
        x = _layer(x, bias, bert, f"encoder.layer.{i}.")
    if bert.head == "tokens":
        return openvino.Model([_linear(x, bert.weights, "head")], [ids, mask], bert.head)
    out = _mean(x, op.convert(mask, np.float32))
    if bert.head == "score":
        first = op.squeeze(op.slice(x, _ints([0]), _ints([1]), _ints([1]), _ints([1])), _ints([1]))
        out = _linear(op.concat([first, out], 1), bert.weights, "head")
    return openvino.Model([out], [ids, mask], bert.head)


def _mean(hidden: Any, mask: Any) -> Any:
    import openvino.opset13 as op

    total = op.matmul(op.unsqueeze(mask, _ints([1])), hidden, False, False)
    return op.divide(op.squeeze(total, _ints([1])), op.reduce_sum(mask, _ints([1]), True))


def _embeddings(weights: Weights, ids: Any) -> Any:
    import openvino.opset13 as op

    places = weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
    length = op.gather(op.shape_of(ids, "i32"), _ints([1]), _ints(0))
    place = op.slice(_constant(places), _ints([0]), length, _ints([1]), _ints([0]))
    x = op.gather(_constant(weights["embeddings.word_embeddings.weight"]), ids, _ints(0))
    return op.add(x, op.unsqueeze(place, _ints([0])))


def _layer(x: Any, bias: Any, bert: Bert, name: str) -> Any:
    import openvino.opset13 as op

    weights = bert.weights
    width = weights[name + "output.dense.bias"].shape[0]
    split, swap = _ints([0, 0, bert.heads, width // bert.heads]), _ints([0, 2, 1, 3])
    parts = []
    for part in ("query", "key", "value"):
        y = _linear(x, weights, f"{name}attention.self.{part}")
        parts.append(op.transpose(op.reshape(y, split, True), swap))
    y = op.scaled_dot_product_attention(*parts, bias)
    y = op.reshape(op.transpose(y, swap), _ints([0, 0, width]), True)
    y = op.add(_linear(y, weights, name + "attention.output.dense"), x)
    x = _normalised(y, weights, name + "attention.output.LayerNorm", bert.epsilon)
    y = op.gelu(_linear(x, weights, name + "intermediate.dense"), "erf")
    y = op.add(_linear(y, weights, name + "output.dense"), x)
    return _normalised(y, weights, name + "output.LayerNorm", bert.epsilon)


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
