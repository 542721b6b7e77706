"""Reads a model's files: checks their SHA-256, then parses safetensors without copying.

Decides what counts as intact weights. Format: https://huggingface.co/docs/safetensors (8 bytes little-endian header
length, JSON header, raw tensors). Only float and integer tensors are known. Knows nothing of what a model computes.
"""

from __future__ import annotations

import hashlib
import json
import mmap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.errors import ConfigError

_DTYPES = {"F32": np.float32, "F16": np.float16, "I64": np.int64, "I32": np.int32}
Weights = dict[str, NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Bert:
    """A BERT encoder with a head. head: `mean` gives the mean hidden state of real tokens (batch, width); `score`
    numbers (batch, n), linear in the first hidden state and that mean; `tokens` numbers of every token
    (batch, length, n), linear in its hidden state."""

    weights: Weights
    layers: int
    heads: int
    epsilon: float
    head: str = "mean"


def check(path: Path, expected: str) -> None:
    """Raises ConfigError unless the file's SHA-256 (hex) is `expected`."""
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from error
    if found != expected:
        raise ConfigError(
            f"{path}: SHA-256 is {found[:12]}…, expected {expected[:12]}…; the file is damaged or not the one that "
            "this version was made for; install its package again"
        )


def read_safetensors(path: Path) -> Weights:
    """The tensors of a file by name. They are views of a private mapping: the file is paged in, never changed.

    Raises ConfigError when the header and the file's length do not agree.
    """
    try:
        with path.open("rb") as file:
            # ACCESS_COPY gives writeable pages, which openvino wants for constants that share memory.
            data = np.frombuffer(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY), np.uint8)
        start = 8 + int.from_bytes(data[:8].tobytes(), "little")
        header = json.loads(data[8:start].tobytes())
        header.pop("__metadata__", None)
        return {name: _tensor(data[start:], entry) for name, entry in header.items()}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigError(f"{path}: is not a valid safetensors file ({error})") from error


def _tensor(data: NDArray[np.uint8], entry: dict[str, Any]) -> NDArray[Any]:
    begin, end = entry["data_offsets"]
    if not 0 <= begin <= end <= len(data):
        raise ValueError("a tensor reaches beyond the file")
    return data[begin:end].view(_DTYPES[entry["dtype"]]).reshape(entry["shape"])
