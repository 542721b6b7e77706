"""Makes a reranker from its spec: `bundled`, `ce:<name or path>` (any cross-encoder), or `none`.

Decides only which class a spec names; the model is loaded by the first question. Knows nothing of retrieval.
"""

from __future__ import annotations

from indexer.errors import ConfigError
from rag.settings import nearest
from rag.types import Reranker


def reranker(spec: str) -> Reranker | None:
    """The reranker that `spec` names, None for `none`. Raises ConfigError for an unknown spec."""
    kind, _, name = spec.partition(":")
    if spec == "none":
        return None
    if spec == "bundled":
        from rag.rerankers.bundled import BundledReranker

        return BundledReranker()
    if kind == "ce" and name:
        from rag.rerankers.cross_encoder import CrossEncoderReranker

        return CrossEncoderReranker(name)
    known = ("bundled", "ce:<name or path>", "none")
    raise ConfigError(f"reranker {spec!r}: {nearest(spec, known)}")
