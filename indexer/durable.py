"""The one way in which a file of an index reaches the disk, and the one way in which it is checked.

`with open(...)` alone is not enough: an error of the last write can be lost at the implicit close, and a rename can
reach the disk before the data. Knows nothing of what the bytes mean.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path

from indexer.errors import IndexCorrupt, RagError

BLOCK = 1 << 20


class WriteFailed(RagError):
    """The disk refused a write: nothing that was published before is affected."""


def write_file(path: Path, data: bytes | Iterable[bytes]) -> tuple[str, int]:
    """Puts `data` at `path` through a temporary file: write, flush, fsync, size check, rename, fsync of the folder.

    Returns the SHA-256 (hex) and the size in bytes. Raises WriteFailed naming path and bytes.
    """
    temporary = path.with_name(path.name + ".tmp")
    digest, size = hashlib.sha256(), 0
    try:
        with temporary.open("wb") as out:
            for block in [data] if isinstance(data, bytes) else data:
                out.write(block)
                digest.update(block)
                size += len(block)
            out.flush()
            os.fsync(out.fileno())
            if os.fstat(out.fileno()).st_size != size:
                raise OSError(errno.EIO, "the file is shorter than what was written")
        temporary.replace(path)
        sync_directory(path.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise failed(path, size, error) from error
    return digest.hexdigest(), size


def failed(path: Path, size: int, error: OSError) -> WriteFailed:
    """The error that a user reads when the disk refuses."""
    return WriteFailed(
        f"{path}: writing {size:,} bytes failed ({error.strerror}); the index as it was published before is "
        "unchanged; free some space and run the same command again"
    )


def sync_directory(path: Path) -> None:
    """fsync of a folder, so that a rename or an unlink in it survives a power loss."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_tree(path: Path) -> None:
    """fsync of every file below a folder that a library wrote, then of the folder."""
    for file in sorted(path.iterdir()):
        handle = os.open(file, os.O_RDONLY)
        try:
            os.fsync(handle)
        except OSError as error:
            raise failed(file, file.stat().st_size, error) from error
        finally:
            os.close(handle)
    sync_directory(path)


def sha256(path: Path) -> str:
    """SHA-256 (hex) of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Stamps:
    """Remembers which file, as the kernel knows it, had which SHA-256, to spare hashing large files at every open.

    A stamp is inode, size, mtime and ctime; ctime cannot be set by a program, so any write through the file system
    changes it. `stamps.json` beside the index is only a cache: lost, damaged or unwritable, the files are hashed. What
    rots on the disk itself changes no stamp: with `trusted=False` every file is hashed.
    """

    def __init__(self, folder: Path, *, trusted: bool = True) -> None:
        self._path = folder / "stamps.json"
        try:
            known = json.loads(self._path.read_text("utf-8")) if trusted else {}
        except (OSError, ValueError):
            known = {}
        self._known: dict[str, list[object]] = known if isinstance(known, dict) else {}
        self._changed = False

    def check(self, path: Path, *, name: str, expected: str) -> None:
        """Raises IndexCorrupt unless the file's SHA-256 is `expected`."""
        try:
            status = path.stat()
            stamp = [
                expected,
                status.st_ino,
                status.st_size,
                status.st_mtime_ns,
                status.st_ctime_ns,
            ]
            if self._known.get(name) == stamp:
                return
            found = sha256(path)
        except OSError as error:
            raise IndexCorrupt(
                f"{path}: part of the index is missing or unreadable ({error.strerror}); "
                "restore it from a copy or build the index again"
            ) from error
        if found != expected:
            self._known.pop(name, None)
            self._changed = True
            self.save()
            raise IndexCorrupt(
                f"{path}: SHA-256 is {found[:12]}…, the manifest says {expected[:12]}…; the file was damaged or "
                "exchanged; restore it from a copy or build the index again"
            )
        self._known[name] = stamp
        self._changed = True

    def save(self) -> None:
        """Writes what `check` learnt; silently does without on a read-only disk."""
        if self._changed:
            with contextlib.suppress(WriteFailed):
                write_file(self._path, json.dumps(self._known).encode())
