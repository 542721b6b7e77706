"""Writes the catalogue: one open transaction at a time, all rows of a build under the generation that it prepares.

Rows that a killed build left behind are discarded at the next start; the vectors that it computed stay, keyed by what
was embedded and by which embedder, so nothing is embedded twice.
Knows nothing of embedding, FAISS or tantivy.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.abbreviations import pairs
from indexer.catalogue import checked_vectors, document_digest, passage_digest, skeleton
from indexer.copies import Copies
from indexer.durable import WriteFailed
from indexer.errors import IndexCorrupt
from indexer.marks import Marks
from indexer.schema import SCHEMA, SCHEMA_VERSION
from indexer.types import Document, Passage

# Tables whose rows belong to a document and go with it.
_OF_DOCUMENTS = ("passages", "abbreviations")


@dataclass(frozen=True, slots=True)
class FileRecord:
    """What the catalogue remembers of an input: to know it again unchanged, and to repeat its verdict."""

    path: str
    sha256: str
    stamp: str
    reader: str
    verdict: str
    reason: str | None


class Ledger:
    """The catalogue, opened by the one writer. `generation` is the one that is being prepared."""

    def __init__(self, path: Path, *, published: int) -> None:
        self.path, self.published, self.generation = path, published, published + 1
        fresh = not path.exists()
        try:
            self._db = sqlite3.connect(path, timeout=20, isolation_level=None)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.execute("PRAGMA foreign_keys = ON")
            # The main file keeps the published generation's bytes until `settle`: a copy of it stays checkable.
            self._db.execute("PRAGMA wal_autocheckpoint = 0")
            self.copies, self.marks = Copies(self._db, generation=self.generation), Marks(self._db)
            if fresh or self._version() == 0:
                self._create()
            if self._version() != SCHEMA_VERSION:
                raise IndexCorrupt(f"{path}: catalogue version {self._version()}, this program writes {SCHEMA_VERSION}")
            self._discard_unpublished()
        except sqlite3.Error as error:
            raise self.failed(error) from error

    def _create(self) -> None:
        self._db.executescript(f"BEGIN; {SCHEMA} PRAGMA user_version = {SCHEMA_VERSION};")
        self.copies.create()
        self._db.execute("COMMIT")

    def upgrade(self) -> None:
        """Adds what a catalogue of an older program lacks: the record of which files hold a document."""
        self.begin()
        self.copies.create()
        self.commit()

    def _version(self) -> int:
        return int(self._db.execute("PRAGMA user_version").fetchone()[0])

    def _discard_unpublished(self) -> None:
        left = self._db.execute(
            "SELECT EXISTS (SELECT 1 FROM documents WHERE added > :g OR removed > :g) OR "
            "EXISTS (SELECT 1 FROM files WHERE generation > :g)", {"g": self.published}
        ).fetchone()[0]  # fmt: skip
        if not left and not (self.copies.known() and self.copies.unpublished(self.published)):
            return
        self.begin()
        g = {"g": self.published}
        if self.copies.known():
            self.copies.discard(self.published)
        for table in _OF_DOCUMENTS:
            self._db.execute(f"DELETE FROM {table} WHERE doc IN (SELECT doc FROM documents WHERE added > :g)", g)
        self._db.execute("DELETE FROM documents WHERE added > :g", g)
        self._db.execute("UPDATE documents SET removed = NULL WHERE removed > :g", g)
        self._db.execute("DELETE FROM files WHERE generation > :g", g)
        self.commit()

    def begin(self) -> None:
        """Opens a transaction unless one is open."""
        if not self._db.in_transaction:
            self._db.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Commits what is open; durable when this returns. Raises WriteFailed."""
        try:
            if self._db.in_transaction:
                self._db.execute("COMMIT")
        except sqlite3.Error as error:
            raise self.failed(error) from error

    def failed(self, error: sqlite3.Error) -> WriteFailed | IndexCorrupt:
        """SQLite's refusal in the words of this project."""
        size = self.path.stat().st_size if self.path.exists() else 0
        if isinstance(error, sqlite3.OperationalError):
            return WriteFailed(
                f"{self.path}: the catalogue ({size:,} bytes) could not be written ({error}); the index as it was "
                "published before is unchanged; free some space and run the same command again"
            )
        return IndexCorrupt(f"{self.path}: SQLite cannot read it ({error}); restore a copy or build the index again")

    @contextlib.contextmanager
    def mapped(self) -> Iterator[None]:
        """Whatever SQLite refuses inside becomes WriteFailed or IndexCorrupt: a full disk shows itself not only at the
        commit, but also where a large transaction outgrows the memory."""
        try:
            yield
        except sqlite3.ProgrammingError:
            raise
        except sqlite3.Error as error:
            raise self.failed(error) from error

    def files(self) -> dict[str, FileRecord]:
        """Every remembered input by path."""
        rows = self._db.execute("SELECT path, sha256, stamp, reader, verdict, reason FROM files")
        return {row[0]: FileRecord(*row) for row in rows}

    def record(self, file: FileRecord) -> None:
        """Remembers an input."""
        self.begin()
        self._db.execute(
            "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?)",
            (file.path, file.sha256, file.stamp, file.reader, file.verdict, file.reason, self.generation),
        )

    def adopt(self) -> None:
        """Gives what a build learnt of its inputs to the published generation, when it changed nothing else: the next
        start would take these records for those of a killed build, and drop them."""
        query = "SELECT EXISTS (SELECT 1 FROM files WHERE generation > ?)"
        if self._db.execute(query, (self.published,)).fetchone()[0] or self.copies.unpublished(self.published):
            self.begin()
            self._db.execute("UPDATE files SET generation = ? WHERE generation > ?", (self.published, self.published))
            self.copies.adopt(self.published)
            self.commit()

    def forget_file(self, path: str) -> None:
        """Forgets an input, so that it is read again when it is met again."""
        self.begin()
        self._db.execute("DELETE FROM files WHERE path = ?", (path,))

    # Documents

    def live(self, id: str) -> tuple[int, Document, str] | None:
        """(doc, document, file) of the live document with that source id. Raises IndexCorrupt."""
        query = "SELECT doc, source, text, layout, file, digest FROM documents WHERE id = ? AND removed IS NULL"
        row = self._db.execute(query, (id,)).fetchone()
        if row is not None and document_digest(row[1:4]) != row[5]:
            # Written anew it would get a checksum that fits.
            raise IndexCorrupt(f"{self.path}: the document {id} is damaged; restore a copy or build the index again")
        return None if row is None else (row[0], Document.from_columns(*row[1:4]), row[4])

    def live_ids(self) -> list[str]:
        """The source id of every live document."""
        return [id for (id,) in self._db.execute("SELECT id FROM documents WHERE removed IS NULL ORDER BY doc")]

    def known_paths(self) -> set[str]:
        """Every path that is remembered, or that holds a document (a killed build may have forgotten it)."""
        query = "SELECT path FROM files UNION SELECT file FROM copies WHERE removed IS NULL"
        return {path for (path,) in self._db.execute(query)}

    def remove(self, doc: int) -> None:
        """Marks a document as removed by the generation that is being prepared."""
        self.begin()
        self._db.execute("UPDATE documents SET removed = ? WHERE doc = ?", (self.generation, doc))

    def add(self, document: Document, passages: Sequence[Passage], keys: Sequence[bytes], *, file: str) -> None:
        """Adds a document and its passages, whose rows are consecutive; `keys` name their vectors."""
        self.begin()
        source, columns = document.source, document.columns()
        first = self._db.execute("SELECT coalesce(max(row), -1) + 1 FROM passages").fetchone()[0]
        doc = self._db.execute(
            "INSERT INTO documents (id, file, source, text, layout, digest, first_row, rows, year, kind, design, "
            "language, retracted, journal, added) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                source.id, file, *columns, document_digest(columns), first, len(passages), source.year, source.kind,
                source.design, source.language, source.retracted, source.journal, self.generation,
            ),
        ).lastrowid  # fmt: skip
        rows = []
        for row, (passage, key) in enumerate(zip(passages, keys, strict=True), start=first):
            fields = (row, doc, passage.section, passage.page, passage.start, passage.end, key)
            rows.append((*fields, passage_digest(fields)))
        self._db.executemany("INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
        defined = {(short, long.lower()) for short, long in pairs(document.text)}
        self._db.executemany("INSERT INTO abbreviations VALUES (?, ?, ?)", ((doc, *pair) for pair in sorted(defined)))

    # Vectors

    def missing(self, keys: Iterable[bytes]) -> set[bytes]:
        """Those keys for which no vector is stored."""
        return {
            k for k in set(keys)
            if self._db.execute("SELECT 1 FROM vectors WHERE key = ?", (k,)).fetchone() is None
        }  # fmt: skip

    def store(self, vectors: Iterable[tuple[bytes, bytes]]) -> None:
        """Adds (key, float32 bytes) pairs."""
        self.begin()
        self._db.executemany(
            "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)",
            ((key, data, hashlib.sha256(data).digest()) for key, data in vectors),
        )

    def live_vectors(self) -> Iterator[tuple[int, bytes]]:
        """(row, float32 bytes) of every live passage, in row order. Raises IndexCorrupt on a damaged one."""
        live = {row for (row,) in self._db.execute(
            "SELECT row FROM passages JOIN documents USING (doc) WHERE removed IS NULL")}  # fmt: skip
        for row, data in checked_vectors(self._db, self.path, 0, 1 << 62):
            if row in live:
                yield row, data

    def changed(self) -> bool:
        """Whether this generation differs from the published one in anything but remembered inputs."""
        query = "SELECT EXISTS (SELECT 1 FROM documents WHERE added = :g OR removed = :g)"
        return bool(self._db.execute(query, {"g": self.generation}).fetchone()[0])

    def counts(self) -> tuple[int, int, str]:
        """Live documents, live passages, and the SHA-256 over the list of live documents."""
        s = skeleton(self._db, self.generation)
        return len(s.doc), int(s.count.sum()), s.digest

    def added(self) -> Iterator[tuple[int, str, str, str]]:
        """(row, title, heading, text) of the passages that this generation added."""
        yield from self._entries("added = ? AND removed IS NULL", self.generation)

    def all_live(self) -> Iterator[tuple[int, str, str, str]]:
        """(row, title, heading, text) of every live passage."""
        yield from self._entries("added <= ? AND removed IS NULL", self.generation)

    def _entries(self, condition: str, value: int) -> Iterator[tuple[int, str, str, str]]:
        query = f"SELECT doc, source, text, layout FROM documents WHERE {condition} ORDER BY doc"
        inner = 'SELECT row, section, start, "end" FROM passages WHERE doc = ? ORDER BY row'
        for doc, *columns in self._db.execute(query, (value,)):
            document = Document.from_columns(*columns)
            for row, heading, start, end in self._db.execute(inner, (doc,)):
                yield row, document.source.title, heading, document.text[start:end]

    def removed_rows(self) -> list[int]:
        """Rows that the published generation has and this one has not."""
        return [row for (row,) in self._db.execute(
            "SELECT row FROM passages JOIN documents USING (doc) WHERE removed = ? AND added < ?",
            (self.generation, self.generation))]  # fmt: skip

    def has_stale(self, oldest: int) -> bool:
        """Whether `purge` would delete anything: removed documents, or vectors of a build that was given up."""
        query = (
            "SELECT EXISTS (SELECT 1 FROM documents WHERE removed <= ?) OR "
            "(SELECT count(*) FROM vectors) > (SELECT count(DISTINCT vector) FROM passages)"
        )
        return bool(self._db.execute(query, (oldest,)).fetchone()[0]) or self.copies.stale(oldest)

    def purge(self, oldest: int) -> None:
        """Deletes what no generation from `oldest` on can see, and vectors that nothing refers to."""
        self.begin()
        for table in _OF_DOCUMENTS:
            self._db.execute(
                f"DELETE FROM {table} WHERE doc IN (SELECT doc FROM documents WHERE removed <= ?)", (oldest,)
            )
        self._db.execute("DELETE FROM documents WHERE removed <= ?", (oldest,))
        self.copies.purge(oldest)
        self._db.execute("DELETE FROM vectors WHERE key NOT IN (SELECT vector FROM passages)")
        self.commit()

    def settle(self) -> bool:
        """Moves the WAL into the main file. True if it is empty now (no reader was in the way)."""
        try:
            busy, *_ = self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.Error as error:
            raise self.failed(error) from error
        return not busy

    def image(self) -> bytes:
        """The bytes that its file would hold."""
        self.commit()
        return self._db.serialize()

    def close(self) -> None:
        """Drops an open transaction and gives the file back."""
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")
        self._db.close()
