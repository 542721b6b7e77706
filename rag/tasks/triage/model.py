"""The bundled triage model: how likely each department is the one for a question, in Chinese or English.

Decides the arithmetic. Two linear experts read n-grams (log counts times inverse document frequency, unit length) and
the
table's scores: one learnt from patients' questions of hospitals' sites, one from the table's words. A gate, linear too,
says how much the question looks like the former; their probabilities are mixed (Jacobs et al., Neural Computation 1991)
and calibrated by temperatures (Guo et al., ICML 2017). Weights: `rag/models/triage.safetensors`, four or eight bits a
number with a scale a row, checked against the card's SHA-256 at the first use; numpy only. Knows nothing of red flags.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.embedders.engine_weights import check, read_safetensors
from indexer.errors import ConfigError
from indexer.language import language_of
from rag.tasks.triage.features import counts
from rag.tasks.triage.table import Table, core, table

_MODELS = Path(__file__).parents[2] / "models"
Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Expert:
    """hashes uint32 (rows,), sorted; idf float32 (rows,); rows int8 (rows, outputs) with scale float32 (rows,); head
    float32 (departments + 1, outputs): the table's scores and a bias."""

    hashes: NDArray[np.uint32]
    idf: Vector
    scale: Vector
    rows: NDArray[np.int8]
    head: Vector

    def outputs(self, seen: dict[int, int], scores: Vector) -> Vector:
        """float32 (outputs,) from a question's n-grams (hash -> count) and the table's scores."""
        total = squashed(scores) @ self.head[:-1] + self.head[-1]
        wanted = np.fromiter(seen, np.uint32, len(seen))
        times = np.fromiter(seen.values(), np.float32, len(seen))
        at = np.minimum(np.searchsorted(self.hashes, wanted), len(self.hashes) - 1)
        known = self.hashes[at] == wanted
        if known.any():
            at = at[known]
            value = self.idf[at] * (1 + np.log(times[known]))
            value *= self.scale[at] / np.sqrt((value * value).sum())
            total = total + value @ self.rows[at].astype(np.float32)
        return np.asarray(total, np.float32)


class Triage:
    """patients: the expert of patients' questions, whose last output is the gate; words: the expert of the table.
    classes: the departments' places of the former's outputs; card: temperatures and the floor of the second expert."""

    spec = "bundled"

    def __init__(self, weights: dict[str, NDArray[Any]], card: dict[str, Any]) -> None:
        self.table: Table = table()
        if list(self.table.keys) != card["departments"]:
            raise ConfigError(
                "rag/models/triage.json was made for other departments than departments.toml has; train it again: "
                "python scripts/train_triage.py --kind bundled --data DIR"
            )
        self._patients, self._words = (_expert(weights, name, card["bits"]) for name in ("patients", "words"))
        self._classes = weights["patients.classes"].astype(np.int64)
        self._card = card

    def probabilities(self, text: str) -> Vector:
        """float32 (departments,), in the table's order; sums to 1."""
        seen, scores = counts(text), self.table.scores(self.table.matches(text))
        card = self._card
        words = softmax(self._words.outputs(seen, scores) / card["words_temperature"])
        if language_of(text) != "zh":
            return words
        outputs = self._patients.outputs(seen, core().scores(core().matches(text)))
        patients = np.zeros_like(words)
        patients[self._classes] = softmax(outputs[:-1])
        gate = (1 - card["floor"]) / (1 + np.exp(-outputs[-1]))
        mixed = gate * patients + (1 - gate) * words
        cooled = np.maximum(mixed, 1e-9) ** (1 / card["temperature"])
        return np.asarray(cooled / cooled.sum(), np.float32)


def squashed(scores: Vector) -> Vector:
    """A department that says more words counts for more, but not without end."""
    return np.asarray(2 * np.tanh(scores / 2), np.float32)


def softmax(numbers: Vector) -> Vector:
    """Numbers as probabilities, along the last axis."""
    raised = np.exp(numbers - numbers.max(-1, keepdims=True))
    return np.asarray(raised / raised.sum(-1, keepdims=True), np.float32)


def _expert(weights: dict[str, NDArray[Any]], name: str, bits: int) -> Expert:
    part = {key.partition(".")[2]: tensor for key, tensor in weights.items() if key.startswith(name)}
    head = part["head"].astype(np.float32)
    # The file's reader knows 32-bit numbers only: bytes are packed in them.
    packed = np.ascontiguousarray(part["rows"]).view(np.uint8)
    number, width = len(part["hashes"]), head.shape[1]
    if bits == 4:
        rows = np.stack([packed & 15, packed >> 4], 1).reshape(-1)[: number * width].astype(np.int8) - 8
    else:
        rows = packed[: number * width].view(np.int8)
    return Expert(
        part["hashes"].view(np.uint32), part["idf"].astype(np.float32), part["scale"].astype(np.float32),
        rows.reshape(number, width), head,
    )  # fmt: skip


def pack(rows: NDArray[np.int8], bits: int) -> NDArray[np.int32]:
    """Rows of whole numbers (-7 to 7 for four bits) as the file has them; the inverse of what loading does."""
    flat = rows.reshape(-1)
    if bits == 4:
        pairs = np.append((flat + 8).astype(np.uint8), np.zeros(len(flat) % 2, np.uint8)).reshape(-1, 2)
        data = pairs[:, 0] | pairs[:, 1] << 4
    else:
        data = flat.view(np.uint8)
    return np.append(data, np.zeros(-len(data) % 4, np.uint8)).view(np.int32)


def load(folder: Path) -> Triage:
    """The model in `folder` (triage.json, triage.safetensors). Raises ConfigError when it is missing or damaged."""
    try:
        card = json.loads((folder / "triage.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"{folder / 'triage.json'}: cannot be read ({error}); install the package again") from error
    check(folder / "triage.safetensors", card["sha256"])
    return Triage(dict(read_safetensors(folder / "triage.safetensors")), card)


@functools.cache
def model() -> Triage:
    """The bundled model, loaded at the first call. Raises ConfigError when the weights are damaged."""
    return load(_MODELS)
