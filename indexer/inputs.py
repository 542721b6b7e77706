"""Finds the files to index below the given paths: decides what is a document, what is refused, what is ignored.

Nothing outside a given folder is ever opened: links that lead out, devices, pipes and sockets are refused by `lstat`
alone. Knows nothing of what is in a file.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import ConfigError
from indexer.readers import kind_of

# Not literature, whatever their suffix says.
_ABOUT = {"readme", "license", "licence", "copying", "changelog", "notice"}


@dataclass(frozen=True, slots=True)
class Input:
    """One file. refusal: reason code when it must not be read, else None. stamp: changes whenever the file does."""

    path: Path
    kind: str
    size: int
    stamp: str
    refusal: str | None = None

    @property
    def name(self) -> str:
        """The path as it is stored and shown."""
        return name_of(self.path)


def name_of(path: str | Path) -> str:
    r"""A path as text that can be stored and printed: bytes that are not UTF-8 stand as `\xff`."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def find(paths: Sequence[str | Path]) -> Iterator[Input]:
    """Every input below `paths`, sorted within each folder, each file once. Raises ConfigError on a missing path."""
    seen: set[str] = set()
    for given in paths:
        root = Path(os.path.abspath(given))
        if not os.path.lexists(root):
            raise ConfigError(f"{given}: no such file or folder; give a folder or files to index")
        found = _walk(root) if root.is_dir() else iter([_look(root, within=None)])
        for item in found:
            if str(item.path) not in seen:
                seen.add(str(item.path))
                yield item


def _walk(root: Path) -> Iterator[Input]:
    real = Path(os.path.realpath(root))
    closed: list[OSError] = []
    for folder, folders, files in os.walk(root, onerror=closed.append):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for name in sorted(files):
            path = Path(folder, name)
            if name.startswith(".") or path.stem.split(".")[0].lower() in _ABOUT:
                continue
            item = _look(path, within=real)
            if item.kind or item.refusal not in (None, "unsupported"):
                yield item
            else:
                yield Input(path, "", item.size, item.stamp, "unsupported")
    for error in closed:
        yield Input(Path(os.fsdecode(error.filename)), "", 0, "", "unreadable")


def _look(path: Path, *, within: Path | None) -> Input:
    kind = kind_of(path) or ""
    try:
        status = path.lstat()
        if stat.S_ISLNK(status.st_mode):
            target = Path(os.path.realpath(path, strict=True))
            if within is not None and not target.is_relative_to(within):
                return Input(path, kind, 0, "", "link_outside")
            status = target.stat()
    except OSError:
        return Input(path, kind, 0, "", "unreadable")
    if not stat.S_ISREG(status.st_mode):
        return Input(path, kind, 0, "", "not_a_file")
    if not os.access(path, os.R_OK):
        return Input(path, kind, 0, "", "unreadable")
    return Input(path, kind, status.st_size, _stamp(status), None if kind else "unsupported")


def stamp_of(path: Path) -> str:
    """The stamp of a file as it is now, "" if there is none."""
    try:
        return _stamp(path.stat())
    except OSError:
        return ""


def _stamp(status: os.stat_result) -> str:
    return f"{status.st_ino}-{status.st_size}-{status.st_mtime_ns}-{status.st_ctime_ns}"
