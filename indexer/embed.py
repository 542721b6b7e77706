"""Makes an embedder from its spec: decides which kinds exist. Knows nothing of weights or of what vectors are for.

`bundled` (the default), `st:<name or path>` (any sentence-transformers model), `hashing` or `hashing:<dim>` (no
model at all). The spec round-trips: `embedder(e.spec)` makes `e` again.
"""

from __future__ import annotations

import difflib

from indexer.errors import ConfigError
from indexer.types import Embedder

KINDS = ("bundled", "st:<name or path>", "hashing", "hashing:<dim>")


def embedder(spec: str) -> Embedder:
    """The embedder of a spec. Raises ConfigError for an unknown kind or an argument that cannot be used."""
    kind, colon, argument = spec.partition(":")
    if kind == "bundled" and not colon:
        from indexer.embedders.bundled import BundledEmbedder

        return BundledEmbedder()
    if kind == "st" and argument:
        from indexer.embedders.st import StEmbedder

        return StEmbedder(spec)
    if kind == "hashing" and not colon:
        from indexer.embedders.hashing import HashingEmbedder

        return HashingEmbedder()
    if kind == "hashing":
        from indexer.embedders.hashing import HashingEmbedder

        return HashingEmbedder(_dim(spec, argument))
    near = difflib.get_close_matches(kind, ("bundled", "st", "hashing"), n=1, cutoff=0)[0]
    meant = next(k for k in KINDS if k.partition(":")[0] == near)
    raise ConfigError(f"embedder {spec!r}: unknown; did you mean {meant}? The kinds are: {', '.join(KINDS)}")


def _dim(spec: str, argument: str) -> int:
    if argument.isascii() and argument.isdigit() and 16 <= int(argument[:9]) <= 65536:
        return int(argument)
    raise ConfigError(f"embedder {spec!r}: the dimension must be a whole number from 16 to 65536, found {argument!r}")
