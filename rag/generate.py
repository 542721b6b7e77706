"""Makes a generator from its spec: `extractive`, `hf:<model>`, `hf:<base>+<adapter>`, or `openai:<model>@<url>`.

Decides which class a spec names and what one draft may take; models load, and servers are called, at the first draft.
Knows nothing of prompts or answers.
"""

from __future__ import annotations

import difflib

from indexer.errors import ConfigError
from indexer.index import Index
from rag.prompt import Limits
from rag.settings import Effort
from rag.types import Generator

KINDS = ("extractive", "hf:<name or path>", "hf:<base>+<adapter>", "openai:<model>@<url>")


def generator(spec: str, *, index: Index, effort: Effort, deadline: float = 60.0) -> Generator:
    """The generator that `spec` names. deadline: seconds that one draft of a language model may take.

    Raises ConfigError for an unknown spec, one that lacks its model, or a deadline that is not more than 0.
    """
    if not 0 < deadline < 1e6:
        raise ConfigError(f"deadline = {deadline}: expected seconds, more than 0")
    kind, _, name = spec.partition(":")
    limits = Limits(sentences=effort.claims, seconds=deadline)
    if spec == "extractive":
        from rag.generators.extractive import Extractive

        return Extractive(index, effort=effort)
    if kind == "hf" and name:
        from rag.generators.hf import HfGenerator

        return HfGenerator(spec, limits=limits)
    if kind == "openai":
        from rag.generators.openai import OpenAIGenerator

        return OpenAIGenerator(spec, limits=limits)
    near = difflib.get_close_matches(kind, ("extractive", "hf", "openai"), n=1, cutoff=0)[0]
    meant = next(k for k in KINDS if k.partition(":")[0] == near)
    raise ConfigError(f"generator {spec!r}: unknown; did you mean {meant}? The kinds are: {', '.join(KINDS)}")
