"""The help lines that alerts name, from a file that the user can replace. Decides which file, and which of its lines.

`$ANAMNESIS_HELP_LINES`, else the program's own: never a file that happens to lie in the folder. An alert must never fail:
a file that cannot be read is passed over for the program's own; `read` tells what is wrong with it.
"""

from __future__ import annotations

import functools
import os
import tomllib
from pathlib import Path
from typing import Any

from indexer.errors import ConfigError
from rag.safety.types import Line

OWN = Path(__file__).with_name("lines.toml")
VARIABLE = "ANAMNESIS_HELP_LINES"
KINDS = ("emergency", "poisoning", "crisis", "harm", "abuse")


def chosen() -> Path:
    """The file in force."""
    if given := os.environ.get(VARIABLE):
        return Path(given)
    return OWN


def read(path: str | Path) -> tuple[Line, ...]:
    """The lines of a file. Raises ConfigError that names the file, the line and what was expected."""
    path = Path(path)
    try:
        found = tomllib.loads(path.read_text("utf-8")).get("line", [])
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: no help lines could be read ({error}); see {OWN}") from error
    if not isinstance(found, list) or not found:
        raise ConfigError(f"{path}: expected at least one [[line]]; see {OWN}")
    return tuple(_line(path, i, entry) for i, entry in enumerate(found, start=1))


def _line(path: Path, at: int, entry: Any) -> Line:
    wanted = {"country": str, "kinds": list, "number": str, "en": str, "zh": str}
    for key, kind in wanted.items():
        if not isinstance(entry, dict) or not isinstance(entry.get(key), kind):
            raise ConfigError(f"{path}, line {at}: expected {key} ({kind.__name__}); see {OWN}")
    if unknown := [k for k in entry["kinds"] if k not in KINDS]:
        raise ConfigError(f"{path}, line {at}: unknown kind {unknown[0]!r}; known: {', '.join(KINDS)}")
    return Line(entry["country"].lower(), tuple(entry["kinds"]), entry["number"], entry["en"], entry["zh"])


def lines(kind: str, *, language: str) -> tuple[Line, ...]:
    """The lines for a kind of alert, those of the reader's language first. Never raises."""
    try:
        known = _cached(chosen())
    except ConfigError:
        known = _cached(OWN)
    first = ("", "cn") if language == "zh" else ("", "us", "gb", "eu")
    fit = [x for x in known if kind in x.kinds]
    return tuple(sorted(fit, key=lambda x: first.index(x.country) if x.country in first else len(first)))


@functools.lru_cache(maxsize=8)
def _cached(path: Path) -> tuple[Line, ...]:
    return read(path)
