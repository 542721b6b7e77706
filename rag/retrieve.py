"""Finds the passages for a question: which searches run, how their results are fused, how many of one source stay.

Reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009), score = Σ weight / (20 + rank); then a reranker reads
the best of them. Knows nothing of answers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from indexer.design import rank as design_rank
from indexer.index import Index
from indexer.language import language_of
from indexer.types import Filter, Vectors
from indexer.vectors import Allowed, Rows
from rag.copies import distinct
from rag.expand import generic, normal, understand
from rag.sections import part_of
from rag.settings import Effort
from rag.suspicion import behind
from rag.types import Hit, Preloadable, Question, Reranker
from rag.window import window

Found = dict[str, tuple[Rows, Vectors]]
Ranked = tuple[int, float, dict[str, float]]
# On 499 bioasq training questions: 60 and equal weights nDCG@10 0.834, R@100 0.974; 20 and these weights 0.845 and
# 0.973 (docs/decisions.md).
_RRF = 20
# translated: the vector of a Chinese question's English terms where Chinese passages were found. It says nothing of
# those, and with the weight of `dense` English passages push them back (docs/decisions.md, Chinese).
_WEIGHTS = {"bm25": 1.3, "dense": 1.0, "feedback": 0.7, "translated": 0.3}
# The reranker reads this share of its passages before the second search, which its best ones guide.
_FIRST_SHARE = 0.6
# A reranker's score from which a passage guides the second search, how many do, and how far they move the question.
_GOOD, _MOST_GOOD, _TOWARDS = 1.0, 10, 2.0
# The order of what was read: rerank / 6 + 14 × fused score, as a share of 1 (on bioasq dev, 24 read: nDCG@10 0.912; by
# the reranker alone 0.888, by ranks of both 0.903; docs/decisions.md).
_LOGIT, _SEARCHES = 6.0, 14.0
# Scores that differ by this share are a tie, which evidence level and year decide. 2 % cost 0.003 nDCG@10 on bioasq.
_NEAR = 0.002


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
    if effort.rerank and isinstance(reranker, Preloadable):
        reranker.preload()
    allowed, depth = index.allowed(where), max(effort.depth, k)
    found, vector = searched(index, question, depth=depth, allowed=allowed)
    ranked = fuse(found)
    if (
        reranker is None
        or not effort.rerank
        or not question.english
        or _in_chinese(index, question, [r for r, *_ in ranked])
    ):
        return _spread(index, question, ranked, k=k, effort=effort)
    read = _Read(index, question.english, reranker)
    read.first(ranked, round(_FIRST_SHARE * effort.rerank))
    if vector is not None and (moved := read.feedback(vector)) is not None:
        found["feedback"] = index.search_dense(moved, depth, allowed)
    ranked = fuse(found)
    read.first(ranked, effort.rerank - len(read.scores))
    return _spread(index, question, read.order(ranked), k=k, effort=effort)


def _in_chinese(index: Index, question: Question, rows: Sequence[int]) -> bool:
    """Whether a Chinese question found Chinese passages: the English of its terms is then the poorer guide."""
    if language_of(question.text) != "zh":
        return False
    return any(language_of(index.passage(row).text) == "zh" for row in rows[:5])


class _Read:
    """What the reranker has read of one question's passages, and its scores."""

    def __init__(self, index: Index, question: str, reranker: Reranker) -> None:
        self._index, self._question, self._reranker = index, question, reranker
        self.scores: dict[int, float] = {}

    def first(self, ranked: Sequence[Ranked], count: int) -> None:
        """Reads the first `count` that were not read yet and are in the reranker's language."""
        rows: list[int] = []
        for row, *_ in ranked:
            if len(rows) >= count:
                break
            if row not in self.scores and self._reads(row):
                rows.append(row)
        texts = [window(self._question, self._index.passage(row)) for row in rows]
        self.scores |= dict(zip(rows, self._reranker.score(self._question, texts), strict=True))

    def _reads(self, row: int) -> bool:
        return language_of(self._index.passage(row).text) != "zh"

    def feedback(self, question: Vectors) -> Vectors | None:
        """The question's vector moved towards the passages that answer it (Rocchio 1971); None if none was found."""
        good = sorted((r for r, s in self.scores.items() if s >= _GOOD), key=lambda r: -self.scores[r])[:_MOST_GOOD]
        if not good:
            return None
        moved = question + _TOWARDS * np.mean([self._index.vector(row) for row in good], axis=0)
        return np.asarray(moved / np.linalg.norm(moved), np.float32)

    def order(self, ranked: Sequence[Ranked]) -> list[Ranked]:
        """What was read, by both scores, in the places that it had; what was not read keeps its place."""
        read = iter(sorted((self._judged(r) for r in ranked if r[0] in self.scores), key=lambda r: (-r[1], r[0])))
        last = max((i for i, r in enumerate(ranked) if r[0] in self.scores), default=-1)
        ordered: list[Ranked] = []
        score = 1.0
        for item in ranked[: last + 1]:
            row, own, why = next(read) if item[0] in self.scores else item
            # A passage that the reranker cannot read stands beside its neighbours, so it gets their score.
            score = min(score, own) if "rerank" in why else score
            ordered.append((row, score, why))
        return ordered + list(ranked[last + 1 :])

    def _judged(self, item: Ranked) -> Ranked:
        row, score, why = item
        given = self.scores[row]
        both = 0.1 + 0.9 / (1 + math.exp(-(given / _LOGIT + _SEARCHES * score)))
        return row, both, {**why, "fused": round(score, 6), "rerank": round(given, 4)}


def searched(
    index: Index, question: Question, *, depth: int, allowed: Allowed
) -> tuple[dict[str, tuple[Rows, Vectors]], Vectors | None]:
    """The `depth` best rows of each search with its scores, and the question's vector if the embedder can read it."""
    found = {"bm25": index.search_lexical(question.text, depth, allowed, question.also)}
    vector = _question_vector(index, question)
    if vector is not None:
        if _reads_chinese(index) or not _in_chinese(index, question, found["bm25"][0].tolist()):
            found["dense"] = index.search_dense(vector, depth, allowed)
        else:
            english = allowed & ~index.allowed(Filter(languages=("zh",), allow_retracted=True))
            found["translated"] = index.search_dense(vector, depth, english)
    return found, vector


def _reads_chinese(index: Index) -> bool:
    reads = getattr(index.embedder, "languages", ())
    return not reads or "zh" in reads


def _question_vector(index: Index, question: Question) -> Vectors | None:
    """The question's vector, in a language that the embedder reads; None if there is none."""
    reads = getattr(index.embedder, "languages", ())
    text = generic(question) if not reads or language_of(question.text) in reads else question.english
    return index.embedder.encode_questions([text])[0] if text else None


def fuse(found: Found) -> list[Ranked]:
    """Joins the results of several searches, best first: (row, score, what each search gave it)."""
    scores: dict[int, float] = {}
    why: dict[int, dict[str, float]] = {}
    for stage, (rows, values) in found.items():
        for rank, (row, value) in enumerate(zip(rows.tolist(), values.tolist(), strict=True), start=1):
            scores[row] = scores.get(row, 0.0) + _WEIGHTS[stage] / (_RRF + rank)
            why.setdefault(row, {})[stage] = round(value, 4)
    # Equal scores fall back to the row, so that the order never depends on the order of the searches.
    return [(row, scores[row], why[row]) for row in sorted(scores, key=lambda row: (-scores[row], row))]


def _spread(index: Index, question: Question, ranked: Sequence[Ranked], *, k: int, effort: Effort) -> list[Hit]:
    """The first `k`, at most `effort.per_source` of one source, few of one text, and last what repeats the question.

    A source that has more keeps those of its results and conclusions before those that lead up to them, in the places
    that it won by any of them.
    """
    hits: list[Hit] = []
    # What a capped source could still put in stands within the first few times k, unless most of them are copies.
    for reach in (ranked[: 4 * k], ranked):
        own: dict[int, list[tuple[float, int]]] = {}
        for place, (row, score, why) in enumerate(reach):
            document, section = index.catalogue.place(row)
            own.setdefault(document, []).append((-why.get("fused", score) * part_of(section).weight, place))
        seats: dict[int, int] = {}
        for places in own.values():
            chosen = sorted(place for _, place in sorted(places)[: effort.per_source])
            seats |= zip(sorted(place for _, place in places), chosen, strict=False)
        kept = ((reach[place][0], (reach[seat][1], reach[place][2])) for seat, place in sorted(seats.items()))
        best = distinct(index, kept, per_source=effort.per_source)
        hits = behind(question.text, (Hit(passage, round(score, 6), why) for passage, (score, why) in best), k=k)
        if len(hits) == k or len(reach) == len(ranked):
            break
    return _by_evidence(hits)


def _by_evidence(hits: list[Hit]) -> list[Hit]:
    """Near-ties in the order of evidence level, then year; relevance decides all else."""
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
