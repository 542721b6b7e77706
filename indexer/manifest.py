"""The manifest: how an index describes itself, and the single file whose rename publishes a generation.

Holds the embedder (spec, dimension, fingerprint), the passages' recipe, counts, and the SHA-256 of every derived file.
It carries its own checksum. Knows nothing of how those files are read.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from indexer.durable import write_file
from indexer.errors import IndexCorrupt, IndexMismatch, IndexNotFound

NAME = "manifest.json"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Manifest:
    """One published generation.

    files: name relative to the index → SHA-256; the catalogue's is "" when its bytes could not be settled because a
    reader was in the way (it is then checked row by row only). digest: SHA-256 over the list of live documents.
    """

    generation: int
    embedder: str
    dim: int
    fingerprint: str
    passages_recipe: str
    documents: int
    passages: int
    digest: str
    files: dict[str, str]
    created: str
    format: int = FORMAT

    @property
    def vectors(self) -> str:
        """Name of the vectors file."""
        return f"vectors-{self.generation}.faiss"

    @property
    def lexical(self) -> str:
        """Name of the lexical folder."""
        return f"lexical-{self.generation}"

    def write(self, folder: Path) -> None:
        """Publishes: after this returns, whoever opens the index sees this generation."""
        body = asdict(self)
        write_file(folder / NAME, json.dumps({**body, "check": _check(body)}, indent=1).encode())


def read(folder: Path) -> Manifest:
    """The published manifest of an index. Raises IndexNotFound, IndexCorrupt, IndexMismatch."""
    path = folder / NAME
    try:
        raw = json.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise IndexNotFound(
            f"{folder}: no index here ({NAME} not found); build one with: rag index PATH --into {folder}"
        ) from error
    except (OSError, ValueError) as error:
        raise IndexCorrupt(
            f"{path}: unreadable ({str(error)[:100]}); restore it from a copy or build the index again"
        ) from error
    if not isinstance(raw, dict) or raw.pop("check", None) != _check(raw):
        raise IndexCorrupt(f"{path}: does not have its checksum; restore it from a copy or build the index again")
    return _parsed(raw, path)


def _parsed(raw: dict[str, Any], path: Path) -> Manifest:
    if raw.get("format") != FORMAT:
        raise IndexMismatch(f"{path}: format {raw.get('format')}, this program reads {FORMAT}; build the index again")
    try:
        return Manifest(**raw)
    except TypeError as error:
        raise IndexCorrupt(f"{path}: {error}; build the index again") from error


def _check(body: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
