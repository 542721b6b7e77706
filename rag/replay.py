"""Asks again what was asked before, and says whether the answer is the same, byte for byte, but for times.

Decides what counts as a time (seconds; the age of the retraction list), and what a saved answer may make this program
do: it never calls a model or server that the user's own settings do not name. Knows nothing of how answers are made.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from indexer.errors import ConfigError
from indexer.index import Index
from rag import settings as settings_module
from rag.library import Library
from rag.receipts import filter_from
from rag.render_answer import answer_json
from rag.saved import parsed
from rag.settings import Settings

# Specs that neither load a model from elsewhere nor call a server.
_OWN = frozenset({"extractive", "bundled", "none", "overlap", "hashing", "chinese"})
_AGE = re.compile(r"(?<=list is )\d+(?= days old)|(?<=撤稿名单已有)\d+(?=天)")
# Parts of a receipt that say what an answer came from.
_CAUSES = ("generation", "embedder", "generator", "version", "settings", "where", "models")


@dataclass(frozen=True, slots=True)
class Replay:
    """identical: the same bytes but for times. changed: what the receipts name, as (name, then, now). differs: fields
    of the answer that are not the same. gone, new: sentences and quotes (`id:start-end`) that only one of both has."""

    identical: bool
    changed: tuple[tuple[str, Any, Any], ...]
    differs: tuple[str, ...]
    gone: dict[str, tuple[str, ...]]
    new: dict[str, tuple[str, ...]]
    answer: dict[str, Any]


def replay(before: dict[str, Any], *, index: str | None = None, own: Settings | None = None) -> Replay:
    """Asks the question of a saved answer with its settings and filter. own: the user's settings.

    Raises ConfigError for what is no saved answer, or one whose models the user's settings do not name; IndexUnusable.
    """
    parsed(before)
    own = own or settings_module.load(index=index)
    settings = _settings(before["receipt"], own)
    given = before["receipt"].get("where") or {}
    if not isinstance(given, dict):
        raise ConfigError(f"where = {given!r}: expected a filter's values by name; the file was changed")
    where = filter_from(given)
    with Library(Index(settings.index), settings=settings) as library:
        after = json.loads(json.dumps(answer_json(library.ask(before["question"], where=where))))
    return compare(before, after)


def _settings(receipt: dict[str, Any], own: Settings) -> Settings:
    """The receipt's settings, on the user's index; a model from elsewhere only where the user names it too."""
    then = receipt.get("settings")
    if not isinstance(then, dict):
        raise ConfigError("this answer has no settings in its receipt; it was saved by another program")
    names = {f.name for f in fields(Settings)} - {"index", "embedder"}
    flags = {name: value for name, value in then.items() if name in names}
    for name in ("generator", "reranker", "judge"):
        spec = flags.get(name, getattr(Settings(), name))
        if not isinstance(spec, str):
            raise ConfigError(f"{name} = {spec!r}: expected the name of a model; the file was changed")
        if spec not in _OWN and spec != getattr(own, name):
            raise ConfigError(
                f"this answer used {name} {spec!r}, and a file alone calls no model; if you want it, set "
                f"ANAMNESIS_{name.upper()}={spec}"
            )
    return settings_module.load(index=own.index, **flags)


def compare(before: dict[str, Any], after: dict[str, Any]) -> Replay:
    """What differs between two answers to the same question, as `ask --json` prints them."""
    then, now = timeless(before), timeless(after)
    known = [name for name in now if name not in ("receipt", "asked")]
    differs = tuple(name for name in known if _bytes(then.get(name)) != _bytes(now[name]))
    changed = tuple(_changed(then["receipt"], now["receipt"]))
    old, new = _parts(then), _parts(now)
    return Replay(
        not differs and not changed and _bytes(then) == _bytes(now), changed, differs,
        {k: _only(old[k], new[k]) for k in old}, {k: _only(new[k], old[k]) for k in old}, after,
    )  # fmt: skip


def timeless(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer without its times, and without how a conversation had put its question."""
    receipt = {k: v for k, v in answer["receipt"].items() if k != "seconds"}
    notices = [_AGE.sub("…", n) for n in answer.get("notices", ())]
    return {k: v for k, v in answer.items() if k != "asked"} | {"notices": notices, "receipt": receipt}


def _bytes(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _changed(then: dict[str, Any], now: dict[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    for name in _CAUSES:
        old, new = then.get(name), now.get(name)
        if isinstance(old, dict) and isinstance(new, dict):
            for key in dict.fromkeys((*old, *new)):
                if _bytes(old.get(key)) != _bytes(new.get(key)):
                    yield f"{name}.{key}", old.get(key), new.get(key)
        elif _bytes(old) != _bytes(new):
            yield name, old, new


def _parts(answer: Mapping[str, Any]) -> dict[str, list[str]]:
    return {
        "sentence": [c["text"] for c in answer["claims"]],
        "quote": [f"{c['source']['id']}:{c['start']}-{c['end']}" for c in answer["citations"]],
    }


def _only(own: list[str], others: list[str]) -> tuple[str, ...]:
    return tuple((Counter(own) - Counter(others)).elements())
