"""Runs a graph on OpenVINO's CPU device: decides precision property, streams and how requests are shared by threads.

One compiled model serves single questions and whole indexes. The throughput hint makes one stream of one thread per
core; measured on two cores in 4 rounds, that takes 27.2 CPU ms per text of 188 tokens, one stream of two threads 32.2.
Knows nothing of texts.
"""

from __future__ import annotations

import queue
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer import privacy
from indexer.types import Vectors

Ints = NDArray[np.int32]


def version() -> str:
    """OpenVINO's version, such as 2026.4.1."""
    return build().split("-")[0]


def build() -> str:
    """OpenVINO's version to the commit."""
    privacy.silence()
    import openvino

    return str(openvino.__version__)


def has_bf16() -> bool:
    """Whether this CPU multiplies bfloat16 in hardware (avx512_bf16 or amx_bf16), as OpenVINO sees it."""
    privacy.silence()
    import openvino

    return "BF16" in openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")


class OpenVinoEngine:
    """A compiled model. `workers` threads may call `run` at the same time; more of them wait."""

    def __init__(self, compiled: Any, memory: object) -> None:
        self._compiled = compiled
        self._memory = memory  # graph or blob, whose memory the compiled model shares
        self.workers = int(compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS"))
        self._free: queue.SimpleQueue[Any] = queue.SimpleQueue()
        for _ in range(self.workers):
            self._free.put(None)  # requests are made when first needed: a question needs one

    @classmethod
    def from_graph(cls, graph: Any, *, precision: str) -> OpenVinoEngine:
        """Compiles an openvino Model; `precision` is `bf16` or `f32`. Raises RuntimeError from openvino."""
        import openvino

        return cls(openvino.Core().compile_model(graph, "CPU", _config(precision)), graph)

    @classmethod
    def from_blob(cls, data: NDArray[np.uint8], *, precision: str) -> OpenVinoEngine:
        """Imports what `blob` gave to the same version on the same CPU. Raises RuntimeError from openvino."""
        import openvino

        tensor = openvino.Tensor(data, openvino.Shape([len(data)]), openvino.Type.u8)
        return cls(openvino.Core().import_model(tensor, "CPU", _config(precision)), data)

    def blob(self) -> bytes:
        """The compiled model as bytes for `from_blob`."""
        return bytes(self._compiled.export_model().getbuffer())

    def run(self, ids: Ints, mask: Ints) -> Vectors:
        """Token ids and mask (batch, length) to the model's output (batch, width)."""
        request = self._free.get()
        try:
            request = request or self._compiled.create_infer_request()
            output = request.infer([ids, mask], share_inputs=True, share_outputs=True)
            return np.array(output[0], np.float32)
        finally:
            self._free.put(request)


def _config(precision: str) -> dict[str, str]:
    return {"INFERENCE_PRECISION_HINT": precision, "PERFORMANCE_HINT": "THROUGHPUT"}
