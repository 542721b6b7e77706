"""Opens a published generation for reading, verifies it, and keeps it readable until it is closed.

Every file's SHA-256 is checked before a decoder reads it. A reader holds a shared lock on its vectors file, which
tells the writer not to remove that generation. Knows nothing of questions or answers.
"""

from __future__ import annotations

import contextlib
import fcntl
import functools
import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

import numpy as np

from indexer import manifest as manifests
from indexer.catalogue import Catalogue
from indexer.durable import Stamps
from indexer.embed import embedder as make_embedder
from indexer.errors import IndexCorrupt, IndexMismatch
from indexer.flood import unflooded
from indexer.lexical import Names, TantivyLexical
from indexer.manifest import Manifest
from indexer.passages import RECIPE
from indexer.types import Embedder, Filter, Passage, Vectors
from indexer.vectors import Allowed, FaissVectors, Rows

CATALOGUE = "catalogue.sqlite"


class Index:
    """One generation of an index, open for reading. A context manager.

    hash_all: every file is hashed, though its stamp says that it is as it was when it was hashed last.
    Raises IndexNotFound, IndexCorrupt or IndexMismatch from the constructor and from every method that reads.
    """

    def __init__(self, folder: str | Path, *, hash_all: bool = False) -> None:
        self.folder = Path(folder)
        self.manifest, self._lock = _hold(self.folder)
        try:
            self._open(Stamps(self.folder, trusted=not hash_all))
        except BaseException:
            os.close(self._lock)
            raise

    def _open(self, stamps: Stamps) -> None:
        m = self.manifest
        if m.passages_recipe != RECIPE:
            raise IndexMismatch(
                f"{self.folder}: passages were cut by recipe {m.passages_recipe}, this program uses {RECIPE}; "
                "build the index again"
            )
        check_files(self.folder, m, stamps)
        expected = m.files.get(CATALOGUE) or None
        self.catalogue = Catalogue(self.folder / CATALOGUE, generation=m.generation, expected=expected)
        found = (self.catalogue.documents, self.catalogue.passages, self.catalogue.digest)
        if found != (m.documents, m.passages, m.digest):
            raise IndexCorrupt(
                f"{self.folder / CATALOGUE}: holds {found[0]} documents and {found[1]} passages that are not those of "
                f"the manifest ({m.documents} and {m.passages}); restore it from a copy or build the index again"
            )
        self.vectors = FaissVectors.load(self.folder / m.vectors, dim=m.dim, count=m.passages)
        self.lexical = TantivyLexical.load(self.folder / m.lexical, count=m.passages)
        stamps.save()

    @functools.cached_property
    def embedder(self) -> Embedder:
        """The embedder that made this index. Raises IndexMismatch when its weights are not the same here."""
        made = make_embedder(self.manifest.embedder)
        if made.fingerprint != self.manifest.fingerprint or made.dim != self.manifest.dim:
            raise IndexMismatch(
                f"{self.folder}: was embedded by {self.manifest.embedder} with fingerprint "
                f"{self.manifest.fingerprint[:12]}…, here it has {made.fingerprint[:12]}…; install the same weights "
                "or build the index again"
            )
        return made

    def allowed(self, where: Filter) -> Allowed:
        """One flag per row that `where` admits."""
        return self.catalogue.allowed(where)

    def search_dense(self, question: Vectors, k: int, allowed: Allowed) -> tuple[Rows, Vectors]:
        """Rows and cosines of the `k` nearest allowed passages; of a crowd of copies only the first."""
        return unflooded(self, lambda within: self.vectors.search(question, k, within), allowed)

    def search_lexical(self, question: str, k: int, allowed: Allowed, also: Names = ()) -> tuple[Rows, Vectors]:
        """Rows and BM25 scores of the `k` best allowed passages, of a crowd of copies only the first.

        also: other names of the question's topics.
        """
        return unflooded(self, lambda within: self.lexical.search(question, k, within, also), allowed)

    def nearest(self, vector: Vectors, k: int, allowed: Allowed) -> tuple[Rows, Vectors]:
        """Rows and cosines of the `k` allowed passages nearest to a vector, copies and all."""
        return self.vectors.search(vector, k, allowed)

    def vectors_of(self, rows: Rows) -> Vectors:
        """The vectors of rows, float32 (n, dim), as the dense index holds them."""
        return self.vectors.of(rows)

    def passage(self, row: int) -> Passage:
        """The passage of a row."""
        return self.catalogue.passage(row)

    def vector(self, row: int) -> Vectors:
        """The stored vector of a row, float32 (dim,). Raises IndexCorrupt."""
        return next(np.frombuffer(data, np.float32) for _, data in self.catalogue.vectors(row, row + 1))

    def close(self) -> None:
        """Releases the generation."""
        if self._lock >= 0:
            self.catalogue.close()
            os.close(self._lock)
            self._lock = -1

    def __enter__(self) -> Index:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _hold(folder: Path) -> tuple[Manifest, int]:
    """The newest manifest, and a shared lock on its vectors file; retries when a writer was faster."""
    for _ in range(50):
        manifest = manifests.read(folder)
        try:
            handle = os.open(folder / manifest.vectors, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            if manifests.read(folder).generation == manifest.generation:
                raise IndexCorrupt(
                    f"{folder / manifest.vectors}: missing or unreadable; "
                    "restore it from a copy or build the index again"
                ) from None
            continue
        fcntl.flock(handle, fcntl.LOCK_SH)
        with contextlib.suppress(OSError):
            if os.path.samestat(os.fstat(handle), os.stat(folder / manifest.vectors)):
                return manifest, handle
        os.close(handle)
    raise IndexCorrupt(f"{folder}: the index changes faster than it can be opened; try again")


def check_files(folder: Path, manifest: Manifest, stamps: Stamps) -> None:
    """Checks the SHA-256 of every derived file, and of the catalogue while nobody writes it. Raises IndexCorrupt."""
    listed = set(manifest.files)
    for name, expected in manifest.files.items():
        if name != CATALOGUE:
            stamps.check(folder / name, name=name, expected=expected)
    present = {f"{manifest.lexical}/{p.name}" for p in (folder / manifest.lexical).iterdir()}
    if extra := sorted(present - listed):
        raise IndexCorrupt(f"{folder / extra[0]}: is not part of the index; remove it or build the index again")
    if manifest.files.get(CATALOGUE) and not being_written(folder):
        try:
            wal = folder / (CATALOGUE + "-wal")
            if wal.exists() and wal.stat().st_size:
                raise IndexCorrupt(
                    f"{wal}: holds changes that nobody is making; restore the index from a copy or build it again"
                )
            stamps.check(folder / CATALOGUE, name=CATALOGUE, expected=manifest.files[CATALOGUE])
        except IndexCorrupt:
            # A writer may have begun, or published, in between: then the rows' own checksums decide.
            if not being_written(folder) and manifests.read(folder).generation == manifest.generation:
                raise


def being_written(folder: Path) -> bool:
    """Whether a build has begun and not finished (running or killed): the catalogue's bytes are then in motion."""
    return (folder / "BUILDING").exists()


def verify(folder: str | Path) -> Iterator[str]:
    """Reads everything in an index and yields one line for each thing that is wrong; none if all is well.

    Raises IndexNotFound if there is no index.
    """
    try:
        with Index(folder, hash_all=True) as index:
            yield from index.catalogue.check()
            yield from _compare_vectors(index)
    except (IndexCorrupt, IndexMismatch) as error:
        yield str(error)


def _compare_vectors(index: Index) -> Iterator[str]:
    """Looks a sample of the catalogue's vectors up in FAISS: each must find its own row."""
    everything = index.allowed(Filter(allow_retracted=True))
    rows = np.flatnonzero(everything)
    for row in rows[:: max(1, len(rows) // 200)]:
        for _, data in index.catalogue.vectors(int(row), int(row) + 1):
            vector = np.frombuffer(data, np.float32)
            only = np.zeros(len(everything), bool)
            only[row] = True
            found, scores = index.vectors.search(vector, 1, only)
            if list(found) != [row] or scores[0] < 0.98:
                yield f"{index.manifest.vectors}: the vector of row {row} is not the catalogue's"
