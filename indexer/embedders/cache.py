"""Where this program may keep things that it can make again: one small folder of the user, never the index.

Decides the folder and how a record in it is read and written. A missing, unwritable or damaged cache costs time and
changes nothing else, so every error here ends in "not cached". Knows nothing of what the records mean.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from pathlib import Path
from typing import Any

from indexer.durable import WriteFailed, write_file


def cache_dir() -> Path:
    """`$ANAMNESIS_CACHE`, else `$XDG_CACHE_HOME/anamnesis`, else `~/.cache/anamnesis`. It need not exist."""
    if own := os.environ.get("ANAMNESIS_CACHE"):
        return Path(own)
    if shared := os.environ.get("XDG_CACHE_HOME"):
        return Path(shared) / "anamnesis"
    return Path(os.path.expanduser("~")) / ".cache" / "anamnesis"


def recall(name: str) -> dict[str, Any] | None:
    """The record kept under `name`, None when there is none or when it is not, to the byte, what was kept."""
    try:
        kept = json.loads((cache_dir() / f"{name}.json").read_text("utf-8"))
        record = kept["record"]
        return record if isinstance(record, dict) and kept["sha256"] == _digest(record) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def remember(name: str, record: dict[str, Any]) -> None:
    """Keeps `record` (JSON) under `name`. Does nothing when the folder cannot be written."""
    folder = cache_dir()
    with contextlib.suppress(OSError, WriteFailed):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        text = json.dumps({"sha256": _digest(record), "record": record}, indent=1)
        write_file(folder / f"{name}.json", text.encode())


def _digest(record: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()
