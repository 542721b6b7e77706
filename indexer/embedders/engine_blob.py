"""Keeps a compiled model between processes: importing it takes 45 ms, building and compiling the graph 140 ms.

Decides when a kept model may be used: its SHA-256 must be right before OpenVINO sees a byte, and its key must be that
of the same weights, OpenVINO and CPU. Anything else means "compile again". Knows nothing of what is in it.
"""

from __future__ import annotations

import contextlib
import hashlib
import mmap

import numpy as np
from numpy.typing import NDArray

from indexer.durable import WriteFailed, write_file
from indexer.embedders.cache import cache_dir

Blob = NDArray[np.uint8]
_DIGEST = 32
# The digest stands at the end, so that OpenVINO gets the model at a page's start.


def read(name: str) -> tuple[str, Blob] | None:
    """The key and bytes kept under `name`, None when there are none or when they are not intact. Takes 50 ms."""
    try:
        with (cache_dir() / f"{name}.blob").open("rb") as file:
            data = np.frombuffer(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY), np.uint8)
    except (OSError, ValueError):
        return None
    body, end = data[: -2 * _DIGEST], data[-2 * _DIGEST :].tobytes()
    if len(end) < 2 * _DIGEST or hashlib.sha256(data[:-_DIGEST].data).digest() != end[_DIGEST:]:
        return None
    return end[:_DIGEST].hex(), body


def write(name: str, key: str, body: bytes) -> None:
    """Keeps `body` under `name`; `key` is 64 hex digits. Does nothing when the folder cannot be written."""
    folder = cache_dir()
    stamp = bytes.fromhex(key)
    digest = hashlib.sha256(body)
    digest.update(stamp)
    with contextlib.suppress(OSError, WriteFailed):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_file(folder / f"{name}.blob", [body, stamp, digest.digest()])
