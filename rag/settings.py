"""What a user can set, and from where: flag > environment (`ANAMNESIS_*`) > `anamnesis.toml` > default.

One dial, `effort`, from which every k is computed. Knows nothing of what the values do.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from indexer.errors import ConfigError
from rag.types import Kind


@dataclass(frozen=True, slots=True)
class Settings:
    """At most twelve fields, all optional in every place."""

    index: str = "index"
    records: str = "records"
    embedder: str = "bundled"
    generator: str = "extractive"
    reranker: str = "bundled"
    judge: str = "bundled"
    effort: str = "normal"
    deadline: float = 60.0
    allow_retracted: bool = False
    show_unsupported: bool = False


@dataclass(frozen=True, slots=True)
class Effort:
    """depth: passages taken from each search. rerank: how many of them the reranker reads. hits: passages given to the
    generator. stances: sources that are read for what they say to a yes/no question. per_source: passages of one
    source at most. claims: sentences at most. drafts: how many a language model writes. expand: whether other names of
    the question's words are searched too."""

    depth: int
    rerank: int
    hits: int
    stances: int
    per_source: int = 3
    claims: int = 6
    drafts: int = 1
    expand: bool = True


EFFORTS = {
    "quick": Effort(depth=50, rerank=0, hits=6, stances=10, claims=4),
    "normal": Effort(depth=100, rerank=20, hits=10, stances=20),
    "thorough": Effort(depth=200, rerank=72, hits=20, stances=40, drafts=3),
}


def for_kind(effort: Effort, kind: Kind) -> Effort:
    """The effort for a question of this kind: the outcome of a trial stands in one place of a long article, so more of
    one source is read for an effect (275 prompts: the place is among the passages in .77, of three a source in .54)."""
    return replace(effort, hits=effort.hits + 6, per_source=10) if kind == "effect" else effort


def load(*, file: Path = Path("anamnesis.toml"), **flags: Any) -> Settings:
    """The settings in force. A flag that is None was not given. Raises ConfigError on an unknown key or wrong value."""
    names = {f.name: f.type for f in fields(Settings)}
    found: dict[str, Any] = {}
    if file.is_file():
        try:
            found = tomllib.loads(file.read_text("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ConfigError(f"{file}: not valid TOML ({error})") from error
        for key in found:
            if key not in names:
                raise ConfigError(f"{file}: unknown key {key!r}; {nearest(key, names)}")
    for name in names:
        if (value := os.environ.get(f"ANAMNESIS_{name.upper()}")) is not None:
            found[name] = value
        if flags.get(name) is not None:
            found[name] = flags[name]
    settings = replace(Settings(), **{name: _typed(name, value) for name, value in found.items()})
    if settings.effort not in EFFORTS:
        raise ConfigError(f"effort = {settings.effort!r}: expected one of {', '.join(EFFORTS)}")
    return settings


def _typed(name: str, value: Any) -> Any:
    """The value as the field wants it; texts come from the environment. Raises ConfigError."""
    wanted = type(getattr(Settings(), name))
    if wanted is bool and isinstance(value, str):
        return value.lower() in ("1", "true", "yes")
    if wanted is float and not isinstance(value, bool):
        try:
            return float(value)
        except (TypeError, ValueError):
            pass
    if not isinstance(value, wanted):
        raise ConfigError(f"{name} = {value!r}: expected {'a number' if wanted is float else wanted.__name__}")
    return value


def nearest(key: str, known: Any) -> str:
    """A hint that names the nearest known word, or all of them."""
    close = difflib.get_close_matches(key, list(known), n=1)
    return f"did you mean {close[0]!r}?" if close else f"known: {', '.join(known)}"
