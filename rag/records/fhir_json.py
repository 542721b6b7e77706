"""Takes FHIR's JSON apart without trusting it: the resources of a Bundle, the lines of Bulk Data, one at a time.

Decides what is too large, too many values or too deep to decode, and what a doubled key means: the object that has it
is null, since two readers could understand it in two ways. NaN and numbers beyond a float's range are null too. Only
one resource is decoded at any time. Knows nothing of what a resource says.
"""

from __future__ import annotations

import gzip
import json
import math
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from indexer.errors import ReadError

Node = dict[str, Any]

LARGEST_BUNDLE = 256 << 20
LONGEST_RESOURCE = 32 << 20
# 32 MB of `[[],[],…` would take 700 MB decoded; a resource of a hospital has some hundred values.
MOST_VALUES = 2_000_000
_MOST_BRACKETS = 5_000_000
_MOST_ENTRIES = 400_000
# FHIR in gzip is 10 to 30 times smaller; a bomb is a thousand times smaller.
_MOST_UNPACKED = 250
_NEXT = re.compile(rb'[^"{}\[\]]*+(?:"[^"\\]*+(?:\\.[^"\\]*+)*+"[^"{}\[\]]*+)*+([{}\[\]"])', re.S)
_ENTRY = re.compile(rb'"entry"[ \t\r\n]{0,99}:[ \t\r\n]{0,99}\Z')


@dataclass(frozen=True, slots=True)
class Row:
    """One resource. where: "entry 12", "line 7". url: the entry's fullUrl. problem: why there is no resource."""

    where: str
    resource: Node
    url: str = ""
    problem: str = ""


def rows(path: Path, *, only: Iterable[str] = ()) -> Iterator[Row]:
    """The resources of a file: a Bundle or a single resource (`.json`), or Bulk Data (`.ndjson`, `.jsonl`, also with
    `.gz`). only: lines of Bulk Data that hold none of these words are stepped over. Raises ReadError: `too_large`,
    `broken`, `not_fhir`."""
    try:
        yield from _lines(path, [f'"{word}"'.encode() for word in only]) if is_bulk(path) else _bundle(path)
    except (OSError, EOFError, zlib.error) as error:
        raise ReadError(path, "broken", str(error)[:200]) from error


def is_bulk(path: Path) -> bool:
    """Whether a file is Bulk Data by its name."""
    name = path.name.lower().removesuffix(".gz")
    return name.endswith((".ndjson", ".jsonl"))


def decode(data: bytes) -> Any:
    """The value of a JSON text. Raises ValueError: what is wrong, in a few words."""
    if len(data) > LONGEST_RESOURCE:
        raise ValueError(f"larger than {LONGEST_RESOURCE >> 20} MB")
    if sum(data.count(mark) for mark in (b"{", b"[", b",", b":")) > MOST_VALUES:
        raise ValueError(f"more than {MOST_VALUES:,} values")
    try:
        return json.loads(
            data.decode("utf-8-sig"),
            object_pairs_hook=_object,
            parse_constant=lambda _: None,
            parse_float=_number,
            parse_int=_whole,
        )
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 at byte {error.start}") from error
    except RecursionError as error:
        raise ValueError("nests too deep") from error


def _object(pairs: list[tuple[str, Any]]) -> Node | None:
    found = dict(pairs)
    return found if len(found) == len(pairs) else None


def _number(written: str) -> float | None:
    value = float(written)
    return value if math.isfinite(value) else None


def _whole(written: str) -> int | float | None:
    return int(written) if len(written) < 19 else _number(written)


def _bundle(path: Path) -> Iterator[Row]:
    size = path.stat().st_size
    if size > LARGEST_BUNDLE:
        raise ReadError(
            path, "too_large", f"{size >> 20} MB, at most {LARGEST_BUNDLE >> 20}; export it as Bulk Data (NDJSON)"
        )
    data = path.read_bytes()
    try:
        begin, end, spans = _split(data)
        shell = decode(data[:begin] + data[end:])
    except ValueError as error:
        raise ReadError(path, "broken", f"not JSON that can be read: {str(error)[:150]}") from error
    kind = shell.get("resourceType") if isinstance(shell, dict) else None
    if not isinstance(kind, str):
        raise ReadError(path, "not_fhir", 'expected an object with "resourceType": "Bundle", or a resource')
    if kind != "Bundle":
        yield Row("the file", shell)
        return
    for number, (start, stop) in enumerate(spans, start=1):
        yield _entry(f"entry {number}", data[start:stop])


def _entry(where: str, data: bytes) -> Row:
    try:
        found = decode(data)
    except ValueError as error:
        return Row(where, {}, problem=str(error)[:150])
    if not isinstance(found, dict):
        return Row(where, {}, problem="an object with a doubled key")
    resource, url = found.get("resource"), found.get("fullUrl")
    request = found.get("request")
    if resource is None and isinstance(request, dict) and request.get("method") in ("DELETE", "GET", "HEAD"):
        return Row(where, {"resourceType": "Request"})
    if not isinstance(resource, dict):
        return Row(where, {}, problem="expected a resource")
    return Row(where, resource, url if isinstance(url, str) else "")


def _split(data: bytes) -> tuple[int, int, list[tuple[int, int]]]:
    """Inside the brackets of the top-level `entry` array: its begin and end, and the spans of its objects.

    Nothing is decoded: brackets are counted, strings are stepped over. Raises ValueError.
    """
    if sum(data.count(bracket) for bracket in (b"{", b"[")) > _MOST_BRACKETS:
        raise ValueError(f"more than {_MOST_BRACKETS:,} objects and arrays")
    spans: list[tuple[int, int]] = []
    depth = at = opened = 0
    begin = end = -1
    while match := _NEXT.match(data, at):
        bracket, place = match[1], match.end() - 1
        if bracket == b'"':
            raise ValueError("a string does not end")
        if bracket in b"{[":
            if depth == 1 and bracket == b"[" and begin < 0 and _ENTRY.search(data, max(at, place - 300), place):
                begin = place + 1
            elif depth == 2 and bracket == b"{" and begin >= 0 > end:
                opened = place
            depth += 1
        else:
            depth -= 1
            if depth == 2 and bracket == b"}" and begin >= 0 > end:
                spans.append((opened, place + 1))
                if len(spans) > _MOST_ENTRIES:
                    raise ValueError(f"more than {_MOST_ENTRIES:,} entries")
            elif depth == 1 and begin >= 0 > end:
                end = place
        at = match.end()
    if depth:
        raise ValueError("the file ends before its brackets close" if depth > 0 else "brackets do not match")
    return (begin, end, spans) if begin >= 0 else (len(data), len(data), [])


def _lines(path: Path, only: list[bytes]) -> Iterator[Row]:
    limit = path.stat().st_size * _MOST_UNPACKED + LONGEST_RESOURCE
    unpacked = number = 0
    with _opened(path) as file:
        while line := file.readline(LONGEST_RESOURCE + 2):
            number += 1
            where = f"line {number}"
            unpacked += len(line)
            long = len(line) > LONGEST_RESOURCE + 1 and not line.endswith(b"\n")
            if long:
                yield Row(where, {}, problem=f"larger than {LONGEST_RESOURCE >> 20} MB")
            while long and (rest := file.readline(LONGEST_RESOURCE)):
                unpacked += len(rest)
                _bounded(path, unpacked, limit)
                long = not rest.endswith(b"\n")
            _bounded(path, unpacked, limit)
            wanted = not only or any(word in line for word in only)
            if wanted and len(line) <= LONGEST_RESOURCE + 1 and line.strip():
                yield _line(where, line)


def _bounded(path: Path, unpacked: int, limit: int) -> None:
    if unpacked > limit:
        raise ReadError(path, "too_large", f"unpacks to more than {_MOST_UNPACKED} times its size")


def _line(where: str, line: bytes) -> Row:
    try:
        found = decode(line)
    except ValueError as error:
        return Row(where, {}, problem=str(error)[:150])
    if not isinstance(found, dict):
        return Row(where, {}, problem="expected a resource")
    return Row(where, found)


def _opened(path: Path) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path, "rb")) if path.suffix.lower() == ".gz" else path.open("rb")
