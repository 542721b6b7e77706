"""What `store.json` says: the store's plain facts and its wrapped key. Decides which versions can be opened.

Knows nothing of what is sealed; that the plain facts are as they were written is shown by the policy, which is bound to
them.
"""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

from indexer.errors import IndexCorrupt, IndexMismatch, IndexNotFound

NAME, FORMAT, VERSION = "store.json", "anamnesis records", 2
_FIELDS = ("format", "version", "id", "embedder", "fingerprint", "audit_head", "key")


def read(folder: Path) -> dict[str, Any]:
    """The facts of a store's folder. Raises IndexNotFound, IndexMismatch, IndexCorrupt."""
    file = folder / NAME
    while True:
        data = b""
        try:
            data = file.read_bytes()
            found = json.loads(data)
            if found["format"] != FORMAT:
                raise ValueError(f"format {found['format']}")
            if found["version"] != VERSION:
                raise IndexMismatch(
                    f"{file}: version {found['version']}, this program reads {VERSION}; make the store again"
                )
            return {k: found[k] for k in _FIELDS}
        except FileNotFoundError as error:
            raise IndexNotFound(f"{folder}: no store of records; make one with: rag records init {folder}") from error
        except (OSError, ValueError, KeyError, TypeError) as error:
            with contextlib.suppress(OSError):
                if file.read_bytes() != data:  # the key was just rotated, and the former file destroyed under us
                    continue
            raise IndexCorrupt(f"{file}: unreadable ({error}); restore it from a copy") from error


def written(facts: dict[str, Any]) -> bytes:
    """The bytes of `store.json`."""
    return json.dumps(facts, indent=1).encode()


def about_policy(facts: dict[str, Any]) -> str:
    """What the policy's box is bound to: the store's plain facts, none of which can be changed without the key."""
    return " ".join(str(facts[k]) for k in ("id", "embedder", "fingerprint", "audit_head")) + " policy"
