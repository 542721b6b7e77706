"""Reads answers that `ask --json` printed. Decides what makes a file one; knows nothing of how answers come about.

A file may come from anywhere: every field is checked for its type before it is used.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from indexer.errors import ConfigError
from indexer.types import Source
from rag.conclude import SURE_SPAN
from rag.types import Support

_SOURCE_TEXTS = ("kind", "title", "journal", "design", "language")


@dataclass(frozen=True, slots=True)
class SavedCitation:
    """A citation as it was printed. start, end: offsets in the document's text."""

    number: int
    source: Source
    section: str
    page: int | None
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class SavedClaim:
    """A sentence, its verdict, and the numbers of its citations."""

    text: str
    support: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SavedAnswer:
    """An answer as it was printed. asked: as it was typed, where a conversation made it whole, else "". bottom_line:
    the verdict or the short answers with the numbers of their citations; empty where the first claim says it."""

    question: str
    asked: str
    status: str
    reason: str
    bottom_line: tuple[tuple[str, tuple[int, ...]], ...]
    claims: tuple[SavedClaim, ...]
    citations: tuple[SavedCitation, ...]
    notices: tuple[str, ...]
    receipt: dict[str, Any]


def load(path: str) -> list[dict[str, Any]]:
    """The objects of a file, or of standard input for `-`: one answer, or a list of them. Raises ConfigError."""
    try:
        text = sys.stdin.read() if path == "-" else Path(path).read_text("utf-8")
        found = json.loads(text)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path}: not JSON ({error}); expected what `ask --json` prints") from error
    answers = found if isinstance(found, list) else [found]
    for answer in answers:
        parsed(answer, path)
    if not answers:
        raise ConfigError(f"{path}: no answer in it")
    return answers


def parsed(raw: Any, path: str = "answer") -> SavedAnswer:
    """One object as an answer. Raises ConfigError that names the field that is wrong."""
    o = _Object(raw, path)
    answer = SavedAnswer(
        o.text("question"), o.text("asked", ""), o.text("status"), o.text("reason", ""), _bottom_line(o),
        tuple(SavedClaim(c.text("text"), _support(c), c.numbers("citations")) for c in o.list("claims")),
        tuple(_citation(c) for c in o.list("citations")), o.texts("notices"), o.object("receipt").raw,
    )  # fmt: skip
    known = {c.number for c in answer.citations}
    missing = [n for c in answer.claims for n in c.citations if n not in known]
    if missing or len(known) != len(answer.citations):
        raise ConfigError(f"{path}: citation {missing[0] if missing else 'number'} is not there or twice")
    return answer


def _support(c: _Object) -> str:
    found = c.text("support")
    if found not in get_args(Support):
        raise ConfigError(f"support {found!r}: expected one of {', '.join(get_args(Support))}")
    return found


def _bottom_line(o: _Object) -> tuple[tuple[str, tuple[int, ...]], ...]:
    if o.raw.get("bottom_line") is None:
        return ()
    line = o.object("bottom_line")
    sure = [s for s in line.list("spans") if float(s.raw.get("score", 0.0) or 0.0) >= SURE_SPAN]
    if sure:
        return tuple((s.text("text"), (s.number("citation"),)) for s in sure)
    claims = o.list("claims")
    again = bool(claims) and line.text("text") == claims[0].text("text")
    return ((line.text("text"), ()),) if line.text("text") and not again else ()


def _citation(c: _Object) -> SavedCitation:
    s = c.object("source")
    links = s.object("links").raw if "links" in s.raw else {}
    source = Source(
        s.text("id"), authors=s.texts("authors"), year=s.number("year", None),
        retracted=s.raw.get("retracted") is True, concern=s.raw.get("concern") is True,
        links={k: v for k, v in links.items() if isinstance(v, str)},
        **{name: s.text(name, "") for name in _SOURCE_TEXTS},  # type: ignore[arg-type]
    )  # fmt: skip
    return SavedCitation(
        c.number("number"), source, c.text("section", ""), c.number("page", None), c.number("start"), c.number("end"),
        c.text("quote"),
    )  # fmt: skip


class _Object:
    """A JSON object whose fields are asked for by type."""

    def __init__(self, raw: Any, path: str) -> None:
        if not isinstance(raw, dict):
            raise ConfigError(f"{path}: expected an object as `ask --json` prints it, found {type(raw).__name__}")
        self.raw, self._path = raw, path

    def text(self, name: str, default: str | None = None) -> str:
        value = self.raw.get(name)
        if value is None and default is not None:
            return default
        return str(self._checked(name, value, str))

    def number(self, name: str, default: Any = 0) -> Any:
        value = self.raw.get(name)
        if value is None and default is None:
            return None
        return self._checked(name, value, int)

    def list(self, name: str) -> list[_Object]:
        return [_Object(v, f"{self._path}: {name}") for v in self._checked(name, self.raw.get(name), list)]

    def texts(self, name: str) -> tuple[str, ...]:
        return self._each(name, str)

    def numbers(self, name: str) -> tuple[int, ...]:
        return self._each(name, int)

    def object(self, name: str) -> _Object:
        return _Object(self._checked(name, self.raw.get(name), dict), f"{self._path}: {name}")

    def _each(self, name: str, wanted: type) -> tuple[Any, ...]:
        return tuple(self._checked(name, v, wanted) for v in self._checked(name, self.raw.get(name, []), list))

    def _checked(self, name: str, value: Any, wanted: type) -> Any:
        if not isinstance(value, wanted) or isinstance(value, bool):
            raise ConfigError(f"{self._path}: {name} is {type(value).__name__}, expected {wanted.__name__}")
        return value


def all_parsed(answers: Sequence[dict[str, Any]]) -> list[SavedAnswer]:
    """All of them."""
    return [parsed(answer) for answer in answers]
