"""The dense index: which FAISS type for how many vectors, how it is written, loaded and searched within `allowed`.

Derived from the catalogue; ids are the catalogue's rows. Knows nothing of texts or files' names.
Anything that FAISS raises is mapped here.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from indexer.durable import write_file
from indexer.errors import IndexCorrupt
from indexer.types import Vectors

if TYPE_CHECKING:
    import faiss

Rows = NDArray[np.int64]
Allowed = NDArray[np.bool_]
"""One flag per row, index = row; rows beyond its end are not allowed."""

# Flat search of 15,000 × 384 takes about 2 ms on one core and stays exact; at 500,000 it takes 82 ms. The switch is
# where flat passes about 15 ms.
FLAT_LIMIT = 100_000
# The share of an IVF index's lists that a search probes, and the share of allowed rows below which it probes them all:
# a filter can allow just the rows that are far from the question, and the selector spares the others' distances anyway.
# Half-precision floats, since 8 bits lose a hundredth of recall@10 even when every list is probed (docs/decisions.md).
PROBED = 1 / 2
NEARLY_ALL = 0.9


class FaissVectors:
    """An id-mapped FAISS index over unit vectors; score is the cosine."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @staticmethod
    def build(rows: Rows, vectors: Vectors, *, flat_limit: int = FLAT_LIMIT) -> FaissVectors:
        """rows: int64 (n,), ascending; vectors: float32 (n, dim), unit length; exact up to `flat_limit` of them."""
        import faiss

        count, dim = vectors.shape
        if count <= flat_limit:
            index = faiss.IndexIDMap2(faiss.IndexFlatIP(dim))
        else:
            lists = 2 ** int(np.log2(4 * count**0.5))
            index = faiss.index_factory(dim, f"IVF{lists},SQfp16", faiss.METRIC_INNER_PRODUCT)
            sample = np.random.default_rng(0).permutation(count)[: 64 * lists]
            index.train(vectors[np.sort(sample)])
        if count:
            index.add_with_ids(vectors, rows)
        return FaissVectors(index)

    def save(self, path: Path) -> tuple[str, int]:
        """Durably writes the index; returns SHA-256 and size."""
        import faiss

        return write_file(path, faiss.serialize_index(self._index).tobytes())

    @staticmethod
    def load(path: Path, *, dim: int, count: int) -> FaissVectors:
        """Reads a file whose SHA-256 was checked by the caller; refuses one that does not hold `count` × `dim`."""
        import faiss

        try:
            index = faiss.deserialize_index(np.fromfile(path, dtype=np.uint8))
        except (RuntimeError, OSError, MemoryError) as error:
            raise IndexCorrupt(f"{path}: FAISS cannot read it ({str(error)[:120]})") from error
        if index.d != dim or index.ntotal != count:
            raise IndexCorrupt(
                f"{path}: holds {index.ntotal} × {index.d}, the manifest says {count} × {dim}; build the index again"
            )
        return FaissVectors(index)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(self, question: Vectors, k: int, allowed: Allowed) -> tuple[Rows, Vectors]:
        """The `k` best allowed rows for one unit vector (dim,), best first: rows int64 (≤ k,), scores float32."""
        k = min(k, len(self))
        if k == 0 or not allowed.any():
            return np.empty(0, np.int64), np.empty(0, np.float32)
        import faiss

        # One vector is one thread's work. With two, on a busy machine, the threads wait for each other: p50 of 13,149
        # vectors 31 ms instead of 0.6 ms, and 0.77 instead of 0.48 ms on a quiet one.
        threads = faiss.omp_get_max_threads()
        faiss.omp_set_num_threads(1)
        try:
            scores, rows = self._index.search(question.reshape(1, -1), k, params=self._parameters(allowed))
        finally:
            faiss.omp_set_num_threads(threads)
        kept = rows[0] >= 0
        found: Rows = rows[0][kept]
        # Fail closed: an excluded row must never come out, whatever the library's filter did (FAISS #5504).
        inside = (found < len(allowed)) & allowed[np.minimum(found, len(allowed) - 1)]
        return found[inside], scores[0][kept][inside]

    def of(self, rows: Rows) -> Vectors:
        """The vectors of rows, float32 (n, dim), in half precision if the index is large. Raises IndexCorrupt."""
        import faiss

        if isinstance(self._index, faiss.IndexIVF) and self._index.direct_map.no():
            self._index.set_direct_map_type(faiss.DirectMap.Hashtable)
        try:
            found: Vectors = self._index.reconstruct_batch(np.asarray(rows, np.int64))
        except RuntimeError as error:
            raise IndexCorrupt(f"a row has no vector ({str(error)[-80:]}); build the index again") from error
        return found

    def _parameters(self, allowed: Allowed) -> faiss.SearchParameters:
        import faiss

        everything = len(allowed) >= len(self) and bool(allowed.all())
        selector = None if everything else faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))
        if not isinstance(self._index, faiss.IndexIVF):
            return faiss.SearchParameters(sel=selector)
        few = np.count_nonzero(allowed) < NEARLY_ALL * len(self)
        probes = self._index.nlist if few else math.ceil(PROBED * self._index.nlist)
        return faiss.SearchParametersIVF(sel=selector, nprobe=probes)


class NumpyVectors:
    """The exact twin of FaissVectors in plain numpy: the reference that tests compare with."""

    def __init__(self, rows: Rows, vectors: Vectors) -> None:
        self._rows, self._vectors = rows, vectors

    def __len__(self) -> int:
        return len(self._rows)

    def search(self, question: Vectors, k: int, allowed: Allowed) -> tuple[Rows, Vectors]:
        """As FaissVectors.search."""
        inside = (self._rows < len(allowed)) & allowed[np.minimum(self._rows, len(allowed) - 1)]
        rows, scores = self._rows[inside], self._vectors[inside] @ question
        order = np.argsort(-scores, kind="stable")[:k]
        return rows[order], scores[order]


def stack(pairs: Iterable[tuple[int, bytes]], *, count: int, dim: int) -> tuple[Rows, Vectors]:
    """Rows and vectors as two arrays, from (row, float32 bytes) pairs of which there are exactly `count`."""
    rows, vectors = np.empty(count, np.int64), np.empty((count, dim), np.float32)
    for i, (row, data) in enumerate(pairs):
        rows[i], vectors[i] = row, np.frombuffer(data, np.float32)
    return rows, vectors
