"""The errors of the project, one tree. Foreign errors are mapped in the one file that imports that library.

RagError
├── ConfigError          a setting, option or argument that cannot be used
├── MissingExtra         an optional library is not installed (carries the pip line)
├── ReadError            one input cannot be read (carries path and reason code; never stops a batch)
├── IndexUnusable
│   ├── IndexNotFound    no index there
│   ├── IndexCorrupt     a checksum or an invariant does not hold
│   ├── IndexMismatch    made by another embedder, format or version
│   └── IndexBusy        another process is writing it
└── GeneratorError       the generator failed; hits survive
"""

from __future__ import annotations

from pathlib import Path


class RagError(Exception):
    """Base of every error that a user can meet. The text is one line: what, where, found, expected, next step."""


class ConfigError(RagError):
    """A setting, option or argument that cannot be used."""


class MissingExtra(RagError):
    """An optional library is not installed.

    `extra` is the name of the extra; the message carries the pip line that installs it.
    """

    def __init__(self, library: str, extra: str) -> None:
        super().__init__(f"{library} is not installed; run: pip install 'anamnesis[{extra}]'")
        self.library, self.extra = library, extra


class ReadError(RagError):
    """One input cannot be read. `reason` is a stable code (`encrypted`, `scanned`, `broken`, ...)."""

    def __init__(self, path: str | Path, reason: str, detail: str = "") -> None:
        super().__init__(f"{path}: {reason}" + (f" ({detail})" if detail else ""))
        self.path, self.reason, self.detail = str(path), reason, detail


class IndexUnusable(RagError):
    """The index cannot be used as it is."""


class IndexNotFound(IndexUnusable):
    """There is no index at that place."""


class IndexCorrupt(IndexUnusable):
    """A checksum or an invariant of the index does not hold; nothing was answered from it."""


class IndexMismatch(IndexUnusable):
    """The index was made by another embedder, chunking or format version."""


class IndexBusy(IndexUnusable):
    """Another process holds the writer's lock."""


class GeneratorError(RagError):
    """The generator failed; the hits are still valid."""
