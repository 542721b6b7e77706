"""Saved searches: each remembers what it has reported and tells only what is new or was retracted since.

A search is a field query, or a question whose best passages' sources count as found. State is one JSON file beside the
index, replaced in one step after its news were handed out: a killed run tells the same news again, and loses none.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

from indexer.durable import write_file
from indexer.errors import ConfigError
from indexer.types import Filter, Source
from rag.library import Library
from rag.settings import nearest
from rag.tasks.find.query import parse
from rag.tasks.find.results import find

# Passages whose sources a saved question takes as found.
_BEST = 10
# Seconds for which a folder must not change before it is read: a file that is being copied is not read half.
SETTLED = 1.0


@dataclass(frozen=True, slots=True)
class Search:
    """A saved search. seen: source ids that were reported or there at the beginning; retracted: those told as such."""

    name: str
    text: str
    kind: Literal["query", "question"] = "query"
    seen: tuple[str, ...] = ()
    retracted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class News:
    """One thing to tell: a source that a search finds now, or one that it had found and that is retracted now."""

    search: str
    what: Literal["new", "retracted"]
    source: Source


def load(path: Path) -> list[Search]:
    """The saved searches, none if the file is not there. Raises ConfigError for a file that is not one of these."""
    if not path.exists():
        return []
    try:
        raw = json.loads(path.read_text("utf-8"))
        rows = [Search(**r) for r in raw["searches"]]
        return [replace(s, seen=tuple(s.seen), retracted=tuple(s.retracted)) for s in rows]
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise ConfigError(f"{path}: not a file of saved searches ({error}); move it away and add them again") from error


def save(searches: Sequence[Search], path: Path) -> None:
    """Replaces the file in one step. Raises WriteFailed."""
    text = json.dumps({"version": 1, "searches": [asdict(s) for s in searches]}, ensure_ascii=False, indent=1)
    write_file(path, text.encode())


def added(search: Search, searches: Sequence[Search], library: Library) -> list[Search]:
    """The list with a new search that has seen what is there now. Raises ConfigError for a name that is taken."""
    if any(s.name == search.name for s in searches):
        raise ConfigError(f"{search.name!r}: there is a search of that name; remove it first: rag watch remove NAME")
    return [*searches, told(search, _found(search, library))]


def removed(name: str, searches: Sequence[Search]) -> list[Search]:
    """The list without a search. Raises ConfigError if there is none of that name."""
    names = [s.name for s in searches]
    if name not in names:
        raise ConfigError(f"search {name!r}: {nearest(name, names) if names else 'none is saved'}")
    return [s for s in searches if s.name != name]


def kept(after: Search, path: Path) -> None:
    """Saves what one search has told into the list as it is now: others may have been added, or this one removed.
    Raises ConfigError, WriteFailed."""
    now = load(path)
    for at, s in enumerate(now):
        if (s.name, s.text, s.kind) == (after.name, after.text, after.kind):
            now[at] = replace(
                after,
                seen=tuple(dict.fromkeys([*s.seen, *after.seen])),
                retracted=tuple(dict.fromkeys([*s.retracted, *after.retracted])),
            )
            save(now, path)


def news(search: Search, library: Library) -> tuple[list[News], Search]:
    """What to tell, and the search as it is once that was told."""
    found = _found(search, library)
    fresh = [News(search.name, "new", s) for s in found if s.id not in set(search.seen)]
    gone = [
        News(search.name, "retracted", s)
        for s in _known(search, library)
        if s.retracted and s.id not in set(search.retracted)
    ]
    return [*fresh, *gone], told(search, [*found, *(n.source for n in gone)])


def told(search: Search, sources: Sequence[Source]) -> Search:
    """The search that has reported these."""
    seen = dict.fromkeys([*search.seen, *(s.id for s in sources)])
    gone = dict.fromkeys([*search.retracted, *(s.id for s in sources if s.retracted)])
    return replace(search, seen=tuple(seen), retracted=tuple(gone))


def _found(search: Search, library: Library) -> list[Source]:
    if search.kind == "query":
        return find(parse(search.text), library.index)
    hits = library.search(search.text, k=_BEST, where=Filter(allow_retracted=True))
    return list({h.passage.source.id: h.passage.source for h in hits}.values())


def _known(search: Search, library: Library) -> Iterator[Source]:
    for id in search.seen:
        document = library.index.catalogue.document(id)
        if document is not None:
            yield document.source


def snapshot(paths: Sequence[Path]) -> dict[str, tuple[int, int]]:
    """(size, time of change in ns) of every file below the paths."""
    found: dict[str, tuple[int, int]] = {}
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            try:
                state = file.stat()
            except OSError:
                continue
            if file.is_file():
                found[str(file)] = (state.st_size, state.st_mtime_ns)
    return found


def settled(paths: Sequence[Path]) -> dict[str, tuple[int, int]]:
    """The snapshot of the paths once it has not changed for SETTLED seconds."""
    last = snapshot(paths)
    while True:
        time.sleep(SETTLED)
        now = snapshot(paths)
        if now == last:
            return now
        last = now
