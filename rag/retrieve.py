"""Finds the passages for a question: which searches run, how their results are fused, how many of one source stay.

Reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009), score = Σ weight / (20 + rank). Knows nothing of
answers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from indexer.index import Index
from indexer.language import language_of
from indexer.types import Filter
from rag.settings import Effort
from rag.types import Hit

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
    scores: dict[int, float] = {}
    why: dict[int, dict[str, float]] = {}
    for stage, (rows, values) in found.items():
        for rank, (row, value) in enumerate(zip(rows.tolist(), values.tolist(), strict=True), start=1):
            scores[row] = scores.get(row, 0.0) + _WEIGHTS[stage] / (_RRF + rank)
            why.setdefault(row, {})[stage] = round(value, 4)
    # Equal scores fall back to the row, so that the order never depends on the order of the searches.
    ranked = sorted(scores, key=lambda row: (-scores[row], row))
    return _spread(index, [(row, scores[row], why[row]) for row in ranked], k=k, effort=effort)


def _spread(
    index: Index, ranked: Sequence[tuple[int, float, dict[str, float]]], *, k: int, effort: Effort
) -> list[Hit]:
    """The first `k` after leaving out what exceeds a source's share."""
    hits: list[Hit] = []
    taken: Counter[str] = Counter()
    for row, score, reasons in ranked:
        if len(hits) == k:
            break
        passage = index.passage(row)
        if taken[passage.source.id] < effort.per_source:
            taken[passage.source.id] += 1
            hits.append(Hit(passage, round(score, 6), reasons))
    return hits
