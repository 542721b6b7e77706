"""Finds the passages for a question: which searches run, how their results are fused, how many of one source stay.

Reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009), score = Σ weight / (20 + rank); then a reranker reads
the best of them. Knows nothing of answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from indexer.design import rank as design_rank
from indexer.index import Index
from indexer.language import language_of
from indexer.passages import embedded_text
from indexer.types import Filter, Vectors
from indexer.vectors import Allowed, Rows
from rag.expand import normal, understand
from rag.sections import part_of
from rag.settings import Effort
from rag.types import Hit, Question, Reranker

Ranked = tuple[int, float, dict[str, float]]
# On 499 bioasq training questions: 60 and equal weights nDCG@10 0.834, R@100 0.974; 20 and these weights 0.845 and
# 0.973 (docs/decisions.md).
_RRF = 20
_WEIGHTS = {"bm25": 1.3, "dense": 1.0}
# What the reranker's order counts beside that of the searches.
_RERANK = 3.0


def asked(index: Index, text: str, effort: Effort) -> Question:
    """What the question means in this library."""
    if not effort.expand:
        return Question(normal(text), (), text if language_of(text) == "en" else "")
    c = index.catalogue
    return understand(
        text, long_forms=c.long_forms, short_forms=c.short_forms, chinese=bool(c.values()["language"].get("zh"))
    )


def retrieve(
    index: Index, question: Question, *, k: int, where: Filter, effort: Effort, reranker: Reranker | None = None
) -> list[Hit]:
    """The `k` best passages that `where` admits, best first, at most `effort.per_source` of one source."""
    found = searched(index, question, depth=max(effort.depth, k), allowed=index.allowed(where))
    ranked = fuse(found)
    if reranker is not None and effort.rerank and question.english:
        ranked = reranked(index, question.english, ranked, reranker, effort.rerank)
    return _spread(index, ranked, k=k, effort=effort)


def searched(index: Index, question: Question, *, depth: int, allowed: Allowed) -> dict[str, tuple[Rows, Vectors]]:
    """The `depth` best rows of each search, with its scores."""
    found = {"bm25": index.search_lexical(question.text, depth, allowed, question.also)}
    reads = getattr(index.embedder, "languages", ())
    text = question.text if not reads or language_of(question.text) in reads else question.english
    if text:
        vector = index.embedder.encode_questions([text])[0]
        found["dense"] = index.search_dense(vector, depth, allowed)
    return found


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


def reranked(index: Index, question: str, ranked: list[Ranked], reranker: Reranker, count: int) -> list[Ranked]:
    """The first `count` in a new order, in which the reranker's rank weighs more than that of the searches."""
    first = ranked[:count]
    given = reranker.score(question, [embedded_text(index.passage(row)) for row, *_ in first])
    place = np.empty(len(first), np.int64)
    place[np.argsort(-np.asarray(given), kind="stable")] = np.arange(1, len(first) + 1)
    best = [
        (row, score + _RERANK / (_RRF + int(place[i])), {**why, "rerank": round(given[i], 4)})
        for i, (row, score, why) in enumerate(first)
    ]
    return sorted(best, key=lambda r: (-r[1], r[0])) + ranked[count:]


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
    hits = [Hit(index.passage(row), round(score, 6), reasons) for row, score, reasons in (reach[i] for i in kept[:k])]
    return _by_evidence(hits)


def _by_evidence(hits: list[Hit]) -> list[Hit]:
    """Near-ties (scores within 2 %) in the order of evidence level, then year; relevance decides all else."""
    groups: list[list[Hit]] = []
    for hit in hits:
        if groups and hit.score >= (1 - _NEAR) * groups[-1][0].score:
            groups[-1].append(hit)
        else:
            groups.append([hit])
    return [
        h
        for g in groups
        for h in sorted(g, key=lambda h: (design_rank(h.passage.source.design), -(h.passage.source.year or 0)))
    ]


_NEAR = 0.02
