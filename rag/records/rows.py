"""Persons and entries as the lists and objects of JSON, for the sealed file and for the pipe of the reading process.

Imports nothing heavy: the reading process starts for every `rag records add`. Knows nothing of documents.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from rag.records.types import Entry, Person

_ENTRY = tuple(f.name for f in fields(Entry))


def person_from(raw: dict[str, Any]) -> Person:
    """A Person from what JSON made of one."""
    found: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in raw.items()}
    found["identifiers"] = tuple((str(a), str(b)) for a, b in raw["identifiers"])
    return Person(**found)


def entry_row(entry: Entry) -> list[Any]:
    """The fields of an Entry in order, for JSON."""
    return [getattr(entry, name) for name in _ENTRY]


def entry_from(raw: list[Any]) -> Entry:
    """An Entry from the list of its fields that JSON made."""
    found: list[Any] = [tuple(tuple(pair) for pair in v) if isinstance(v, list) else v for v in raw]
    return Entry(*found)
