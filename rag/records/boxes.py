"""The two files of one patient's record: what stands in them and how they are sealed.

    NAME.key   ANAMKEY1 | patient id and data key, JSON, sealed by the store
    NAME.box   ANAMREC2 | body, sealed by the data key

Body: length of the facts, u64 | facts (person, documents, entries), JSON | the bytes of the catalogue. Each box is
bound to the store and to the file's name, so a file under another name does not open.

The data key is random, written once, when a patient first comes, and kept through every later `add`. So whatever the
disk keeps of former bodies (a file that a rename replaced, a temporary file of a writer that was killed or had no
room, a copy of the `.box` alone) is noise as soon as the one small `.key` file is overwritten. A `.box` without its
`.key`, or the other way round, is what a killed writer left: it is no record, and the next writer removes it.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import struct
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from indexer.durable import failed, sync_directory, write_file
from indexer.errors import ConfigError, IndexCorrupt
from indexer.memory import catalogue
from indexer.types import Document, Embedder
from rag.records.erase import destroy
from rag.records.keys import Key
from rag.records.rows import entry_from, entry_row, person_from
from rag.records.types import Record

_KEY_MAGIC, _BODY_MAGIC = b"ANAMKEY1", b"ANAMREC2"
_LARGEST_KEY_FILE = 1 << 16
_OURS = re.compile(r"([0-9a-f]{32})\.(box|key|gone|box\.tmp)")


@dataclass(frozen=True, slots=True, repr=False)
class Chart:
    """One patient's record, decrypted. image: the bytes of the catalogue of its passages."""

    record: Record
    image: bytes


class RecordBox:
    """Seals and opens the files of one store; a `file` is the path of a `.box`. key: seals the `.key` files. store: its
    id."""

    def __init__(self, key: Key, *, store: str) -> None:
        self._key, self._store = key, store

    def header(self, file: Path) -> dict[str, Any]:
        """`patient`, the id, and `key`, the data key in hex. Raises IndexCorrupt."""
        return self._header(file, _bytes(_key_file(file)))

    def read(self, file: Path) -> Chart:
        """The record in a file. Raises IndexCorrupt."""
        while True:
            sealed = _bytes(_key_file(file))
            try:
                return self._chart(file, self._header(file, sealed))
            except IndexCorrupt:
                # A patient who was forgotten and added again in between has another key: then both are read anew.
                if _bytes(_key_file(file)) == sealed:
                    raise

    def _chart(self, file: Path, header: dict[str, Any]) -> Chart:
        magic, body = _parts(file, len(_BODY_MAGIC))
        if magic != _BODY_MAGIC:
            raise IndexCorrupt(f"{file}: is no patient's record; restore it from a copy")
        data = Key(bytes.fromhex(header["key"])).open(body, about=self._about(file, "body"))
        size = struct.unpack("<Q", data[:8])[0]
        found = json.loads(data[8 : 8 + size])
        record = Record(
            person_from(found["person"]), tuple(Document.from_columns(*d) for d in found["documents"]),
            tuple(map(entry_from, found["entries"])),
        )  # fmt: skip
        return Chart(record, data[8 + size :])

    def write(self, file: Path, record: Record, *, embedder: Embedder, known: bytes | None) -> None:
        """Puts a record into its file. known: the former catalogue, whose vectors are kept. Raises WriteFailed; the
        former record is then as it was."""
        image = catalogue(record.documents, embedder=embedder, known=known)
        stated = {
            "person": asdict(record.person), "documents": [d.columns() for d in record.documents],
            "entries": list(map(entry_row, record.entries)),
        }  # fmt: skip
        facts = json.dumps(stated, ensure_ascii=False).encode("utf-8", "surrogatepass")
        key = self._data_key(file, record.person.id)
        plain = b"".join((struct.pack("<Q", len(facts)), facts, image))
        del stated, facts, image  # a long record is large: as few copies as can be
        write_file(file, [_BODY_MAGIC, key.seal(plain, about=self._about(file, "body"))])

    def destroy(self, file: Path) -> int:
        """Overwrites and removes everything of one patient; bytes destroyed, 0 when there was nothing. The key goes
        first: once it is renamed nobody opens the record, once it is overwritten nobody can. Raises WriteFailed."""
        gone = file.with_suffix(".gone")
        with contextlib.suppress(FileNotFoundError):
            _key_file(file).rename(gone)
            sync_directory(file.parent)
        found = sorted(file.parent.glob(f"{file.stem}.*"), key=lambda f: f != gone)
        return sum(map(destroy, found))

    def finish(self, folder: Path) -> None:
        """Removes what killed writers left. Only for who holds the writer's lock. Raises WriteFailed."""
        stems: dict[str, set[str]] = {}
        for file in folder.iterdir():
            if match := _OURS.fullmatch(file.name):
                stems.setdefault(match[1], set()).add(match[2])
        for stem, endings in stems.items():
            if {"box", "key"} <= endings:
                for ending in endings - {"box", "key"}:
                    destroy(folder / f"{stem}.{ending}")
            else:
                self.destroy(folder / f"{stem}.box")

    def _data_key(self, file: Path, patient: str) -> Key:
        """The patient's data key; a new one is durable before anything is sealed by it."""
        path = _key_file(file)
        if path.exists():
            return Key(bytes.fromhex(self.header(file)["key"]))
        key = Key.new()
        header = json.dumps({"patient": patient, "key": key.secret.hex()}).encode()
        sealed = _KEY_MAGIC + self._key.seal(header, about=self._about(file, "header"))
        if len(sealed) > _LARGEST_KEY_FILE:
            raise ConfigError(f"a patient's id of {len(patient):,} characters; expected at most 10,000")
        try:
            # In place and without a sync of the folder: until the box is there this is no record.
            with path.open("xb") as out:
                out.write(sealed)
                out.flush()
                os.fsync(out.fileno())
        except OSError as error:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
            raise failed(path, len(sealed), error) from error
        return key

    def _header(self, file: Path, raw: bytes) -> dict[str, Any]:
        if not raw.startswith(_KEY_MAGIC) or len(raw) > _LARGEST_KEY_FILE:
            raise IndexCorrupt(f"{_key_file(file)}: is no patient's key; restore it from a copy")
        found: dict[str, Any] = json.loads(self._key.open(raw[len(_KEY_MAGIC) :], about=self._about(file, "header")))
        return found

    def _about(self, file: Path, part: str) -> str:
        return f"{self._store} {file.stem} {part}"


def _key_file(file: Path) -> Path:
    return file.with_suffix(".key")


def _bytes(path: Path) -> bytes:
    return _parts(path, 0)[1]


def _parts(path: Path, size: int) -> tuple[bytes, bytes]:
    """The first `size` bytes of a file and the rest. One handle: a writer that replaces the file meanwhile changes
    nothing. Raises IndexCorrupt."""
    try:
        with path.open("rb") as file:
            return file.read(size), file.read()
    except OSError as error:
        raise IndexCorrupt(f"{path}: cannot be read ({error.strerror}); restore it from a copy") from error
