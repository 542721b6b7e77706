"""The file of one patient's record: what stands in it and how it is sealed.

    ANAMREC1 | length of the header, u32 | header, sealed by the store | body, sealed by the patient's own random key

Header: patient id and key, JSON. Body: length of the facts, u64 | facts (person, documents, entries), JSON | the
bytes of the catalogue. Each box is bound to the store and to the file's name, so a file under another name does not
open.
"""

from __future__ import annotations

import contextlib
import json
import struct
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from indexer.durable import write_file
from indexer.errors import ConfigError, IndexCorrupt
from indexer.memory import catalogue
from indexer.types import Document, Embedder
from rag.records.keys import Key
from rag.records.types import Entry, Person, Record

MAGIC = b"ANAMREC1"
_LARGEST_HEADER = 1 << 16


@dataclass(frozen=True, slots=True, repr=False)
class Chart:
    """One patient's record, decrypted. image: the bytes of the catalogue of its passages."""

    record: Record
    image: bytes


class RecordBox:
    """Seals and opens the files of one store. key: seals the headers. store: its id."""

    def __init__(self, key: Key, *, store: str) -> None:
        self._key, self._store = key, store

    def header(self, file: Path) -> dict[str, Any]:
        """A file's header. Raises IndexCorrupt."""
        with self._handle(file) as opened:
            return self._header(file, opened)

    def read(self, file: Path) -> Chart:
        """The record in a file. Raises IndexCorrupt."""
        with self._handle(file) as opened:
            header = self._header(file, opened)
            data = Key(bytes.fromhex(header["key"])).open(opened.read(), about=self._about(file, "body"))
        size = struct.unpack("<Q", data[:8])[0]
        found = json.loads(data[8 : 8 + size])
        record = Record(
            person_from(found["person"]), tuple(Document.from_columns(*d) for d in found["documents"]),
            tuple(map(entry_from, found["entries"])),
        )  # fmt: skip
        return Chart(record, data[8 + size :])

    def write(self, file: Path, record: Record, *, embedder: Embedder, known: bytes | None) -> None:
        """Puts a record into a file, under a new key. known: the former catalogue, whose vectors are kept."""
        image = catalogue(record.documents, embedder=embedder, known=known)
        stated = {
            "person": asdict(record.person), "documents": [d.columns() for d in record.documents],
            "entries": [list(asdict(e).values()) for e in record.entries],
        }  # fmt: skip
        facts = json.dumps(stated, ensure_ascii=False).encode("utf-8", "surrogatepass")
        key = Key.new()
        header = json.dumps({"patient": record.person.id, "key": key.secret.hex()}).encode()
        sealed = self._key.seal(header, about=self._about(file, "header"))
        if len(sealed) > _LARGEST_HEADER:
            raise ConfigError(f"a patient's id of {len(record.person.id):,} characters; expected at most 10,000")
        body = key.seal(struct.pack("<Q", len(facts)) + facts + image, about=self._about(file, "body"))
        write_file(file, [MAGIC, struct.pack("<I", len(sealed)), sealed, body])

    @contextlib.contextmanager
    def _handle(self, file: Path) -> Iterator[BinaryIO]:
        """One handle for the whole of a reading: a writer that replaces the file meanwhile changes nothing."""
        try:
            with file.open("rb") as opened:
                yield opened
        except OSError as error:
            raise IndexCorrupt(f"{file}: cannot be read ({error.strerror}); restore it from a copy") from error

    def _header(self, file: Path, opened: BinaryIO) -> dict[str, Any]:
        start = opened.read(len(MAGIC) + 4)
        size = struct.unpack("<I", start[len(MAGIC) :])[0] if len(start) == len(MAGIC) + 4 else 0
        if not start.startswith(MAGIC) or not 0 < size <= _LARGEST_HEADER:
            raise IndexCorrupt(f"{file}: is no patient's record; restore it from a copy")
        found: dict[str, Any] = json.loads(self._key.open(opened.read(size), about=self._about(file, "header")))
        return found

    def _about(self, file: Path, part: str) -> str:
        return f"{self._store} {file.stem} {part}"


def person_from(raw: dict[str, Any]) -> Person:
    """A Person from what JSON made of one."""
    fields: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in raw.items()}
    fields["identifiers"] = tuple((str(a), str(b)) for a, b in raw["identifiers"])
    return Person(**fields)


def entry_from(raw: list[Any]) -> Entry:
    """An Entry from the list of its fields that JSON made."""
    fields: list[Any] = [tuple(tuple(pair) for pair in v) if isinstance(v, list) else v for v in raw]
    return Entry(*fields)
