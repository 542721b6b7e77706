"""Remembers which files hold a document, and decides which of their copies is shown.

Two files may hold one document: PubMed's citation and the full text, a baseline and its update. Each file's own copy is
kept as it was read, so that one file may change or go without taking with it what the other says: the shown copy is
chosen anew from those that are left, and a retraction, a concern or a withdrawal counts as long as any file states it.
The table is the writer's alone; readers of an index never look at it. Knows nothing of passages or vectors.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace

from indexer.catalogue import document_digest
from indexer.errors import IndexCorrupt
from indexer.types import Document

# source, text and layout are NULL for the copy that is shown: `documents` has them, but for the copy's own marks.
_TABLE = """
CREATE TABLE copies (
    copy INTEGER PRIMARY KEY, id TEXT NOT NULL, file TEXT NOT NULL, turn INTEGER NOT NULL, retracted INTEGER NOT NULL,
    concern INTEGER NOT NULL, source TEXT, text TEXT, layout TEXT, digest BLOB, added INTEGER NOT NULL,
    removed INTEGER)"""
_TABLES = (_TABLE, "CREATE INDEX copies_id ON copies (id)", "CREATE INDEX copies_file ON copies (file)")


@dataclass(frozen=True, slots=True)
class Copy:
    """A document as one file gives it, without marks from elsewhere. turn: higher when it was read later."""

    file: str
    turn: int
    document: Document

    @property
    def withdraws(self) -> bool:
        """Whether the file says that the publisher withdrew the document."""
        return self.document.source.kind == "deleted"


def shown(copies: Sequence[Copy]) -> tuple[Copy, Document] | None:
    """The copy to show and the document with what every copy states against it; None if one withdraws it.

    An abstract yields to any other kind; else the copy that was read last is shown.
    """
    if not copies or any(c.withdraws for c in copies):
        return None
    best = max(copies, key=lambda c: (c.document.source.kind != "abstract", c.turn))
    sources = [c.document.source for c in copies]
    marked = best.document.marked(
        retracted=any(s.retracted for s in sources), concern=any(s.concern for s in sources)
    )  # fmt: skip
    return best, marked


class Copies:
    """The table of copies, opened by the one writer; rows carry generations as those of documents do."""

    def __init__(self, db: sqlite3.Connection, *, generation: int) -> None:
        self._db, self._generation = db, generation

    def known(self) -> bool:
        """Whether the catalogue has the table: one that was made by an older program has not."""
        return bool(self._db.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'copies'").fetchone()[0])

    def create(self) -> None:
        """Makes the table, and fills it with what the documents tell; every file will be read again for the rest."""
        for statement in _TABLES:
            self._db.execute(statement)
        self._db.execute(
            "INSERT INTO copies (copy, id, file, turn, retracted, concern, added) SELECT doc, id, file, doc, "
            "retracted, json_extract(source, '$.concern'), added FROM documents WHERE removed IS NULL"
        )
        self._db.execute("UPDATE files SET reader = ''")

    def of(self, file: str) -> list[str]:
        """The ids of which a file holds a copy."""
        query = "SELECT id FROM copies WHERE file = ? AND removed IS NULL ORDER BY turn"
        return [id for (id,) in self._db.execute(query, (file,))]

    def next_turn(self) -> int:
        """A turn after all others."""
        return int(self._db.execute("SELECT coalesce(max(copy), 0) + 1 FROM copies").fetchone()[0])

    def held(self, id: str, live: Document | None) -> list[Copy]:
        """The copies of a document, which is now shown as `live`. Raises IndexCorrupt."""
        query = (
            "SELECT file, turn, retracted, concern, source, text, layout, digest FROM copies "
            "WHERE id = ? AND removed IS NULL ORDER BY turn"
        )
        found = []
        for file, turn, retracted, concern, *columns, digest in self._db.execute(query, (id,)).fetchall():
            if digest is None and live is not None:
                own = replace(live.source, retracted=bool(retracted), concern=bool(concern))
                found.append(Copy(file, turn, replace(live, source=own)))
            elif digest is not None:
                if document_digest(columns) != digest:
                    raise IndexCorrupt(f"the copy of {id} from {file} is damaged; build the index again")
                found.append(Copy(file, turn, Document.from_columns(*columns)))
        return found

    def store(self, id: str, copies: Sequence[Copy], best: Copy | None) -> None:
        """Makes `copies` the ones that are held; `best` is the one whose text `documents` has."""
        now = {tuple(row[1:]): row[0] for row in self._db.execute(
            "SELECT copy, file, turn, retracted, concern, source, text, layout, digest FROM copies "
            "WHERE id = ? AND removed IS NULL", (id,))}  # fmt: skip
        wanted = [_row(copy, stored=copy is not best) for copy in copies]
        for row in now.keys() - set(wanted):
            self._db.execute("UPDATE copies SET removed = ? WHERE copy = ?", (self._generation, now[row]))
        self._db.executemany(
            "INSERT INTO copies (id, file, turn, retracted, concern, source, text, layout, digest, added) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(id, *row, self._generation) for row in wanted if row not in now],
        )

    def unpublished(self, published: int) -> bool:
        """Whether anything was learnt after the generation `published`."""
        query = "SELECT EXISTS (SELECT 1 FROM copies WHERE added > :g OR removed > :g)"
        return bool(self._db.execute(query, {"g": published}).fetchone()[0])

    def discard(self, published: int) -> None:
        """Undoes what a killed build did after the generation `published`."""
        self._db.execute("DELETE FROM copies WHERE added > ?", (published,))
        self._db.execute("UPDATE copies SET removed = NULL WHERE removed > ?", (published,))

    def adopt(self, published: int) -> None:
        """Gives the published generation what was learnt after it, when nothing that readers see changed."""
        self._db.execute("DELETE FROM copies WHERE removed > ?", (published,))
        self._db.execute("UPDATE copies SET added = ? WHERE added > ?", (published, published))

    def stale(self, oldest: int) -> bool:
        """Whether `purge` would delete anything."""
        query = "SELECT EXISTS (SELECT 1 FROM copies WHERE removed <= ?)"
        return bool(self._db.execute(query, (oldest,)).fetchone()[0])

    def purge(self, oldest: int) -> None:
        """Deletes copies that are not held from generation `oldest` on."""
        self._db.execute("DELETE FROM copies WHERE removed <= ?", (oldest,))


def _row(copy: Copy, *, stored: bool) -> tuple[object, ...]:
    source, columns = copy.document.source, copy.document.columns()
    held = (*columns, document_digest(columns)) if stored else (None,) * 4
    return copy.file, copy.turn, int(source.retracted), int(source.concern), *held
