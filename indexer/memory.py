"""An index that is only in memory: made from documents, kept by its owner as bytes, opened from those bytes.

The bytes are those of a catalogue (documents, passages, vectors, with their checksums); what FAISS and tantivy need is
made from them at every opening. Nothing is written to disk. Knows nothing of encryption or of whose documents they are.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from indexer.catalogue import Catalogue
from indexer.errors import IndexCorrupt
from indexer.index import Index
from indexer.ledger import Ledger
from indexer.lexical import Entry, TantivyLexical
from indexer.manifest import Manifest
from indexer.passages import RECIPE, embedded_text, passages
from indexer.types import Document, Embedder
from indexer.vectors import FaissVectors, stack

_MEMORY = Path(":memory:")


def catalogue(documents: Sequence[Document], *, embedder: Embedder, known: bytes | None = None) -> bytes:
    """The bytes of a catalogue that holds these documents.

    known: the bytes of a former one; passages that it holds are not embedded again. Raises IndexCorrupt.
    """
    vectors = _vectors(known) if known else {}
    ledger = Ledger(_MEMORY, published=0)
    try:
        waiting: dict[bytes, str] = {}
        wanted: set[bytes] = set()
        for document in documents:
            cut = list(passages(document))
            keys = []
            for text in map(embedded_text, cut):
                key = hashlib.sha256(f"{embedder.fingerprint}\0{text}".encode()).digest()
                keys.append(key)
                wanted.add(key)
                if key not in vectors:
                    waiting[key] = text
            ledger.add(document, cut, keys, file="")
        if waiting:
            made = embedder.encode_passages(list(waiting.values()))
            vectors |= dict(zip(waiting, (v.tobytes() for v in made), strict=True))
        ledger.store((key, vectors[key]) for key in sorted(wanted))
        return ledger.image()
    finally:
        ledger.close()


def _vectors(image: bytes) -> dict[bytes, bytes]:
    with contextlib.closing(_opened(image, "the former catalogue")) as db:
        return dict(db.execute("SELECT key, vector FROM vectors"))


def _opened(image: bytes, name: str) -> sqlite3.Connection:
    db = sqlite3.connect(":memory:", check_same_thread=False)
    try:
        db.deserialize(image)
        db.execute("PRAGMA temp_store = MEMORY")
        db.execute("SELECT count(*) FROM documents").fetchone()
    except sqlite3.Error as error:
        db.close()
        raise IndexCorrupt(f"{name}: SQLite cannot read it ({error}); restore it from a copy") from error
    return db


class MemoryIndex(Index):
    """An index opened from the bytes that `catalogue` gave. name: what errors call it."""

    def __init__(self, image: bytes, *, name: str, embedder: Embedder) -> None:
        self.folder, self._lock = Path(name), -1
        self._db = _opened(image, name)
        self.catalogue = Catalogue(self.folder, generation=1, opened=self._db)
        c = self.catalogue
        self.manifest = Manifest(
            generation=1, embedder=embedder.spec, dim=embedder.dim, fingerprint=embedder.fingerprint,
            passages_recipe=RECIPE, documents=c.documents, passages=c.passages, digest=c.digest, files={}, created="",
        )  # fmt: skip
        rows, vectors = stack(c.vectors(0, 1 << 62), count=c.passages, dim=embedder.dim)
        self.vectors = FaissVectors.build(rows, vectors)
        self.lexical = TantivyLexical.in_memory()
        found = [(row, c.passage(row)) for row in rows.tolist()]
        self.lexical.write(Entry(row, p.source.title, p.section, p.text) for row, p in found)
        self.__dict__["embedder"] = embedder

    def close(self) -> None:
        """Forgets everything."""
        self.catalogue.close()
