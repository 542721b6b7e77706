"""The retraction list that a catalogue holds, as its writer sees it: loads one, and says what it states of a document.

The table has no generations: whoever loads a list must first have marked the documents that it names. Knows nothing of
how a list is read (`indexer.retractions`) or of what a document's own files state (`indexer.copies`).
"""

from __future__ import annotations

import sqlite3

from indexer.retractions import CONCERN, RETRACTED, RetractionList, keys
from indexer.types import Document


class Marks:
    """The loaded list. coming: a list to go by in its place, while documents are being marked for it."""

    coming: RetractionList | None = None

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def load(self, name: str, found: RetractionList) -> None:
        """Replaces the list, within the transaction that is open."""
        self._db.execute("DELETE FROM retractions")
        self._db.execute("DELETE FROM lists")
        self._db.executemany("INSERT INTO retractions VALUES (?, ?)", sorted(found.entries.items()))
        self._db.execute("INSERT INTO lists VALUES (?, ?, ?)", (name, found.as_of, len(found.entries)))

    def on(self, document: Document) -> Document:
        """The document with the marks that the list gives it."""
        stated = self._stated(keys(document.source))
        return document.marked(retracted=RETRACTED in stated, concern=CONCERN in stated) if stated else document

    def _stated(self, names: list[str]) -> set[str]:
        if self.coming is not None:
            return {self.coming.entries[n] for n in names if n in self.coming.entries}
        query = f"SELECT mark FROM retractions WHERE key IN ({', '.join('?' * len(names))})"
        return {mark for (mark,) in self._db.execute(query, names)}
