"""What a receipt keeps so that an answer can be had again: filter, version, and the models that took part.

Decides their plain form, which JSON holds. Knows nothing of how an answer is made.
"""

from __future__ import annotations

import functools
import importlib.metadata
import json
from collections.abc import Collection, Sequence
from dataclasses import asdict
from typing import Any

from indexer.errors import ConfigError
from indexer.manifest import Manifest
from indexer.types import Filter
from rag.pairs import MODELS
from rag.settings import Settings
from rag.types import Hit

# Hexadecimal digits of a model's SHA-256 that a receipt keeps.
_DIGITS = 16


def plain(where: Filter) -> dict[str, Any]:
    """The filter as values that JSON holds; only those that differ from the default."""
    default = asdict(Filter())
    found = {k: v for k, v in asdict(where).items() if v != default[k]}
    return {k: list(v) if isinstance(v, tuple) else v for k, v in found.items()}


def filter_from(values: dict[str, Any]) -> Filter:
    """The filter that `plain` came from. Raises ConfigError for an unknown name or a value of another type."""
    found: dict[str, Any] = {}
    value: Any
    for name, value in values.items():
        years, texts = name in ("year_from", "year_to"), isinstance(getattr(Filter(), name, None), tuple)
        wanted: type = int if years else list if texts else bool
        wrong = texts and isinstance(value, list) and not all(isinstance(v, str) for v in value)
        if not hasattr(Filter(), name) or type(value).__name__ != wanted.__name__ or wrong:
            raise ConfigError(f"filter {name} = {value!r}: not one that this version knows")
        found[name] = tuple(value) if texts else value
    return Filter(**found)


@functools.cache
def version() -> str:
    """The installed package's version; "" where it is run without being installed."""
    try:
        return importlib.metadata.version("anamnesis")
    except importlib.metadata.PackageNotFoundError:
        return ""


def models(manifest: Manifest, settings: Settings, hits: Sequence[Hit], stages: Collection[str]) -> dict[str, str]:
    """The models that took part, as hits, stages and settings show it, each with the first digits of a SHA-256: of
    the embedder's fingerprint, and of the bundled models' weights."""
    judged = settings.judge == "bundled" and settings.generator != "extractive"
    took_part = {
        "reranker": settings.reranker == "bundled" and any("rerank" in h.why for h in hits),
        "evidence": judged or "stance" in stages,
        "spans": "spans" in stages,
    }
    return {"embedder": manifest.fingerprint[:_DIGITS]} | {
        name: digest(name) for name, took in took_part.items() if took
    }


def digest(name: str) -> str:
    """The first digits of the SHA-256 of a bundled model's weights, as its card states it; "" if there is no card."""
    card = MODELS / f"{name}.json"
    return str(json.loads(card.read_text("utf-8"))["sha256"])[:_DIGITS] if card.is_file() else ""
