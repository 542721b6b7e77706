"""Finds the passages for a question: which searches run, how their results are fused, how many of one source stay.

Reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009), score = Σ weight / (20 + rank). Knows nothing of
answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from indexer.index import Index
from indexer.language import language_of
from indexer.types import Filter, Vectors
from indexer.vectors import Rows
from rag.sections import part_of
from rag.settings import Effort
from rag.types import Hit

Ranked = tuple[int, float, dict[str, float]]
# On 499 bioasq training questions: 60 and equal weights nDCG@10 0.834, R@100 0.974; 20 and these weights 0.845 and
# 0.973 (docs/decisions.md).
_RRF = 20
_WEIGHTS = {"bm25": 1.3, "dense": 1.0}


def retrieve(index: Index, question: str, *, k: int, where: Filter, effort: Effort) -> list[Hit]:
    """The `k` best passages that `where` admits, best first, at most `effort.per_source` of one source."""
    allowed = index.allowed(where)
    depth = max(effort.depth, k)
    found = {"bm25": index.search_lexical(question, depth, allowed)}
    reads = getattr(index.embedder, "languages", ())
    if not reads or language_of(question) in reads:
        vector = index.embedder.encode_questions([question])[0]
        found["dense"] = index.search_dense(vector, depth, allowed)
    return _spread(index, fuse(found), k=k, effort=effort)


def fuse(found: Mapping[str, tuple[Rows, Vectors]]) -> list[Ranked]:
    """Joins the results of several searches, best first: (row, score, what each search gave it)."""
    scores: dict[int, float] = {}
    why: dict[int, dict[str, float]] = {}
    for stage, (rows, values) in found.items():
        for rank, (row, value) in enumerate(zip(rows.tolist(), values.tolist(), strict=True), start=1):
            scores[row] = scores.get(row, 0.0) + _WEIGHTS[stage] / (_RRF + rank)
            why.setdefault(row, {})[stage] = round(value, 4)
    # Equal scores fall back to the row, so that the order never depends on the order of the searches.
    return [(row, scores[row], why[row]) for row in sorted(scores, key=lambda row: (-scores[row], row))]


def _spread(index: Index, ranked: Sequence[Ranked], *, k: int, effort: Effort) -> list[Hit]:
    """The first `k`, at most `effort.per_source` of one source.

    A source that has more keeps those of its results and conclusions before those that lead up to them.
    """
    own: dict[int, list[tuple[float, int]]] = {}
    # What a capped source could still put in stands within the first few times k.
    reach = ranked[: 4 * k]
    for place, (row, score, _) in enumerate(reach):
        document, section = index.catalogue.place(row)
        own.setdefault(document, []).append((-score * part_of(section).weight, place))
    kept = sorted(place for places in own.values() for _, place in sorted(places)[: effort.per_source])
    return [Hit(index.passage(row), round(score, 6), reasons) for row, score, reasons in (reach[i] for i in kept[:k])]
