"""The dense index: which FAISS type for how many vectors, how it is written, loaded and searched within `allowed`.

Derived from the catalogue; ids are the catalogue's rows. Knows nothing of texts or files' names.
Anything that FAISS raises is mapped here.
"""

from __future__ import annotations

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

# Flat search of 15,000 × 384 takes about 2 ms on one core and stays exact; at 500,000 it takes 82 ms, and
# IVF2048,SQ8 reaches recall@10 0.987 at 0.27 ms. The switch is where flat passes about 15 ms.
FLAT_LIMIT = 100_000
# Below this share of allowed rows an IVF search probes every list: exact up to SQ8's rounding, and still fast
# because the selector skips the distance computations.
EXACT_SHARE = 0.05


class FaissVectors:
    """An id-mapped FAISS index over unit vectors; score is the cosine."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @staticmethod
    def build(rows: Rows, vectors: Vectors) -> FaissVectors:
        """rows: int64 (n,), ascending; vectors: float32 (n, dim), unit length."""
        import faiss

        count, dim = vectors.shape
        if count <= FLAT_LIMIT:
            index = faiss.IndexIDMap2(faiss.IndexFlatIP(dim))
        else:
            lists = 2 ** int(np.log2(4 * count**0.5))
            index = faiss.index_factory(dim, f"IVF{lists},SQ8", faiss.METRIC_INNER_PRODUCT)
            sample = np.random.default_rng(0).permutation(count)[: 64 * lists]
            index.train(vectors[np.sort(sample)])
            index.nprobe = max(8, lists // 64)
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
        except (RuntimeError, OSError) as error:
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
        scores, rows = self._index.search(question.reshape(1, -1), k, params=self._parameters(allowed))
        kept = rows[0] >= 0
        found: Rows = rows[0][kept]
        # Fail closed: an excluded row must never come out, whatever the library's filter did (FAISS #5504).
        inside = (found < len(allowed)) & allowed[np.minimum(found, len(allowed) - 1)]
        return found[inside], scores[0][kept][inside]

    def _parameters(self, allowed: Allowed) -> faiss.SearchParameters | None:
        import faiss

        if allowed.all() and len(allowed) >= len(self):
            return (
                None
                if not isinstance(self._index, faiss.IndexIVF)
                else faiss.SearchParametersIVF(nprobe=self._index.nprobe)
            )
        selector = faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))
        if isinstance(self._index, faiss.IndexIVF):
            few = allowed.mean() < EXACT_SHARE
            probes = self._index.nlist if few else self._index.nprobe
            return faiss.SearchParametersIVF(sel=selector, nprobe=probes)
        return faiss.SearchParameters(sel=selector)


class NumpyVectors:
    """The exact twin of FaissVectors in plain numpy: the reference that tests compare with."""

    def __init__(self, rows: Rows, vectors: Vectors) -> None:
        self._rows, self._vectors = rows, vectors

    def __len__(self) -> int:
        return len(self._rows)

    def search(self, question: Vectors, k: int, allowed: Allowed) -> tuple[Rows, Vectors]:
        """As FaissVectors.search."""
        inside = np.array([r < len(allowed) and bool(allowed[r]) for r in self._rows], dtype=bool)
        rows, scores = self._rows[inside], self._vectors[inside] @ question
        order = np.argsort(-scores, kind="stable")[:k]
        return rows[order], scores[order]


def stack(pairs: Iterable[tuple[int, bytes]], *, count: int, dim: int) -> tuple[Rows, Vectors]:
    """Rows and vectors as two arrays, from (row, float32 bytes) pairs of which there are exactly `count`."""
    rows, vectors = np.empty(count, np.int64), np.empty((count, dim), np.float32)
    for i, (row, data) in enumerate(pairs):
        rows[i], vectors[i] = row, np.frombuffer(data, np.float32)
    return rows, vectors
