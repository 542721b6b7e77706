"""The catalogue: documents, passages and vectors in one SQLite file, the source of truth of an index.

A row carries the generation that added it and the one that removed it, so what a reader of generation g sees is
`added <= g AND (removed IS NULL OR removed > g)`. Every document, passage and vector carries a checksum that is
checked when it is read, and the manifest holds one over the list of live documents. SQLite's errors are mapped here.
Knows nothing of FAISS, tantivy or files to index; `indexer.ledger` writes.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from indexer.durable import sha256
from indexer.errors import IndexCorrupt
from indexer.schema import LIVE, SCHEMA_VERSION, SKELETON
from indexer.types import Document, Filter, Passage
from indexer.vectors import Allowed

# An abbreviation's meaning counts when it makes up this share of the documents that define it; at most so many do.
_COMMON, _MEANINGS = 0.2, 2


def connect(path: Path, *, expected: str | None = None) -> sqlite3.Connection:
    """Opens the catalogue for reading.

    On a full or read-only disk SQLite cannot make the shared-memory file that WAL needs. Then the file is opened as
    immutable if it still has the SHA-256 `expected` (nothing waits in the WAL), else with the wal-index on the heap,
    which lets in one reader at a time. Raises IndexCorrupt.
    """
    if not path.is_file():
        raise IndexCorrupt(f"{path}: the catalogue is missing; restore it from a copy or build the index again")
    try:
        return _open(path, "mode=rw")
    except sqlite3.Error as first:
        try:
            if expected is not None and sha256(path) == expected:
                return _open(path, "mode=ro&immutable=1")
            return _open(path, "mode=rw", "PRAGMA locking_mode = EXCLUSIVE")
        except (sqlite3.Error, OSError):
            raise IndexCorrupt(
                f"{path}: SQLite cannot read it ({first}); restore it from a copy or build the index again"
            ) from first


def _open(path: Path, mode: str, pragma: str = "PRAGMA cell_size_check = ON") -> sqlite3.Connection:
    quoted = str(path.resolve()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    connection = sqlite3.connect(f"file:{quoted}?{mode}", uri=True, timeout=20, check_same_thread=False)
    try:
        connection.execute(pragma)
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        if version != SCHEMA_VERSION:
            raise IndexCorrupt(
                f"{path}: catalogue version {version}, this program reads {SCHEMA_VERSION}; build the index again"
            )
    except BaseException:
        connection.close()
        raise
    return connection


@dataclass(frozen=True, slots=True)
class _Skeleton:
    """What filters and joins need of every live document, as parallel sequences."""

    doc: np.ndarray
    first: np.ndarray
    count: np.ndarray
    year: np.ndarray
    retracted: np.ndarray
    ids: list[str]
    kind: list[str]
    design: list[str]
    language: list[str]
    journal: list[str]
    digest: str


def skeleton(connection: sqlite3.Connection, generation: int) -> _Skeleton:
    """The live documents of a generation, and one SHA-256 over that list."""
    rows = connection.execute(SKELETON, {"g": generation}).fetchall()
    digest = hashlib.sha256()
    for row in rows:
        digest.update(repr(row).encode("utf-8", "surrogatepass"))
    columns = list(zip(*rows, strict=True)) if rows else [()] * 11
    return _Skeleton(
        doc=np.array(columns[0], np.int64),
        first=np.array(columns[3], np.int64),
        count=np.array(columns[4], np.int64),
        year=np.array([y or 0 for y in columns[5]], np.int64),
        retracted=np.array(columns[9], bool),
        ids=list(columns[1]),
        kind=list(columns[6]),
        design=list(columns[7]),
        language=list(columns[8]),
        journal=list(columns[10]),
        digest=digest.hexdigest(),
    )


class Catalogue:
    """One generation of a catalogue, for reading."""

    def __init__(
        self, path: Path, *, generation: int, expected: str | None = None, opened: sqlite3.Connection | None = None
    ) -> None:
        """opened: a connection to a catalogue in memory; `path` then only names it in errors."""
        self._path, self.generation = path, generation
        self._connection = opened or connect(path, expected=expected)
        self._recent: dict[int, Document | None] = {}
        with self._mapped():
            self._skeleton = skeleton(self._connection, generation)

    @property
    def digest(self) -> str:
        """SHA-256 over the list of live documents; the manifest holds the same."""
        return self._skeleton.digest

    @property
    def documents(self) -> int:
        """Live documents."""
        return len(self._skeleton.doc)

    @property
    def passages(self) -> int:
        """Live passages."""
        return int(self._skeleton.count.sum())

    def allowed(self, where: Filter) -> Allowed:
        """One flag per row: the passages of the live documents that `where` admits."""
        s = self._skeleton
        keep = np.ones(len(s.doc), bool)
        if not where.allow_retracted:
            keep &= ~s.retracted
        if where.year_from is not None:
            keep &= s.year >= where.year_from
        if where.year_to is not None:
            keep &= (s.year <= where.year_to) & (s.year > 0)
        for wanted, column in (
            (where.kinds, s.kind), (where.designs, s.design), (where.languages, s.language), (where.sources, s.ids),
        ):  # fmt: skip
            if wanted:
                keep &= np.array([value in set(wanted) for value in column], bool)
        if where.journals:
            parts = [j.casefold() for j in where.journals]
            keep &= np.array([any(p in name.casefold() for p in parts) for name in s.journal], bool)
        size = int((s.first + s.count).max()) if len(s.doc) else 0
        edges = np.zeros(size + 1, np.int64)
        np.add.at(edges, s.first[keep], 1)
        np.add.at(edges, s.first[keep] + s.count[keep], -1)
        return np.cumsum(edges)[:size] > 0

    def values(self) -> dict[str, dict[str, int]]:
        """How many live documents have each kind, design and language: for `rag info` and for wrong filters."""
        s = self._skeleton
        counted: dict[str, dict[str, int]] = {}
        for name, column in (("kind", s.kind), ("design", s.design), ("language", s.language)):
            counted[name] = {v: column.count(v) for v in sorted(set(column))}
        return counted

    def place(self, row: int) -> tuple[int, str]:
        """(document number, section heading) of a row, without reading its document. Raises IndexCorrupt."""
        doc, section, *_ = self._entry(row)
        return doc, section

    def passage(self, row: int) -> Passage:
        """The passage of a row, sliced from its checked document. Raises IndexCorrupt."""
        doc, section, page, start, end = self._entry(row)
        document = self._cached(doc)
        if document is None or not 0 <= start < end <= len(document.text):
            raise self._corrupt(f"passage {row} points outside its document")
        return Passage(document.source, section, page, start, end, document.text[start:end])

    def _entry(self, row: int) -> tuple[int, str, int | None, int, int]:
        """(document number, section, page, start, end) of a row, checked."""
        with self._mapped():
            found = self._connection.execute(
                'SELECT doc, section, page, start, "end", vector, digest FROM passages WHERE row = ?', (row,)
            ).fetchone()
        if found is None:
            raise self._corrupt(f"passage {row} is missing")
        *fields, key, digest = found
        if digest != passage_digest((row, *fields, key)):
            raise self._corrupt(f"passage {row} does not have its checksum")
        doc, section, page, start, end = fields
        return doc, section, page, start, end

    def _cached(self, doc: int) -> Document | None:
        """The document, from the last few read: neighbouring hits often share one."""
        if doc not in self._recent:
            if len(self._recent) >= 64:
                self._recent.pop(next(iter(self._recent)))
            self._recent[doc] = self._document("doc = :v", doc)
        return self._recent[doc]

    def document(self, id: str) -> Document | None:
        """The live document with that source id, None if there is none. Raises IndexCorrupt."""
        return self._document("id = :v", id)

    def _document(self, condition: str, value: int | str) -> Document | None:
        with self._mapped():
            found = self._connection.execute(
                f"SELECT source, text, layout, digest FROM documents WHERE {condition} AND {LIVE}",
                {"v": value, "g": self.generation},
            ).fetchone()
            if found is None:
                return None
            if document_digest(found[:3]) != found[3]:
                raise self._corrupt(f"the document with {condition.replace(':v', repr(value))} is damaged")
            return Document.from_columns(*found[:3])

    def ids(self, prefix: str = "") -> list[str]:
        """Source ids of the live documents that begin with `prefix`, in order of indexing."""
        return [i for i in self._skeleton.ids if i.startswith(prefix)]

    def long_forms(self, short: str) -> list[str]:
        """What the library's documents define an abbreviation to mean, the usual meaning first; rare ones left out."""
        return self._common("long", "short", short)

    def short_forms(self, long: str) -> list[str]:
        """The abbreviations that the library's documents define for a phrase in lower case, the usual one first."""
        return self._common("short", "long", long)

    def _common(self, wanted: str, given: str, value: str) -> list[str]:
        with self._mapped():
            rows = self._connection.execute(
                f"SELECT {wanted}, count(*) FROM abbreviations JOIN documents USING (doc) "
                f"WHERE {given} = :v AND {LIVE} GROUP BY 1 ORDER BY 2 DESC, 1",
                {"v": value, "g": self.generation},
            ).fetchall()
        total = sum(count for _, count in rows)
        return [form for form, count in rows[:_MEANINGS] if count >= _COMMON * total]

    def retraction_list(self) -> tuple[str, str, int] | None:
        """(file name, ISO date of its state, entries) of the retraction list that was loaded last, if any."""
        with self._mapped():
            found = self._connection.execute("SELECT name, as_of, entries FROM lists").fetchone()
        return tuple(found) if found else None

    def check(self) -> Iterator[str]:
        """Reads every live document, passage and vector; yields one line for each that fails its checksum."""
        s = self._skeleton
        for doc, id, first, count in zip(s.doc, s.ids, s.first, s.count, strict=True):
            try:
                if self._document("doc = :v", int(doc)) is None:
                    yield f"{id}: missing"
                for row in range(int(first), int(first + count)):
                    self.passage(row)
                for _ in self.vectors(int(first), int(first + count)):
                    pass
            except IndexCorrupt as error:
                yield f"{id}: {error}"

    def vectors(self, start: int, stop: int) -> Iterator[tuple[int, bytes]]:
        """(row, float32 bytes) of the rows in [start, stop), each checked. Raises IndexCorrupt."""
        with self._mapped():
            yield from checked_vectors(self._connection, self._path, start, stop)

    def close(self) -> None:
        """Gives the file back."""
        self._connection.close()

    def _corrupt(self, what: str) -> IndexCorrupt:
        return IndexCorrupt(f"{self._path}: {what}; run `rag verify`, then restore a copy or build the index again")

    @contextlib.contextmanager
    def _mapped(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, ValueError, KeyError, TypeError, OverflowError) as error:
            raise self._corrupt(f"unreadable ({str(error)[:120]})") from error


def checked_vectors(connection: sqlite3.Connection, path: Path, start: int, stop: int) -> Iterator[tuple[int, bytes]]:
    """(row, float32 bytes) of the rows in [start, stop). Raises IndexCorrupt on a missing or damaged vector."""
    for row, vector, digest in connection.execute(
        "SELECT row, v.vector, v.digest FROM passages p LEFT JOIN vectors v ON v.key = p.vector "
        "WHERE row >= ? AND row < ? ORDER BY row",
        (start, stop),
    ):
        if vector is None or hashlib.sha256(vector).digest() != digest:
            raise IndexCorrupt(f"{path}: the vector of passage {row} is missing or damaged; build the index again")
        yield row, vector


def passage_digest(fields: Sequence[object]) -> bytes:
    """SHA-256 over a passage's columns, in the order row, doc, section, page, start, end, vector key."""
    return hashlib.sha256(repr(tuple(fields)).encode("utf-8", "surrogatepass")).digest()


def document_digest(columns: Sequence[str]) -> bytes:
    """SHA-256 over a document's columns source, text and layout."""
    return hashlib.sha256("\0".join(columns).encode("utf-8", "surrogatepass")).digest()
