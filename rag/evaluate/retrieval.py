"""Measures retrieval on judged questions: nDCG@10, R@100, MRR@10 (ir-measures), success@10 for spans, and the time.

Two configurations can be compared on the same questions, with a paired randomization test (Smucker, Allan and
Carterette, CIKM 2007). Decides how hits become judged units; knows nothing of files or terminals.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from indexer.errors import MissingExtra
from indexer.index import Index
from indexer.types import Filter
from rag.evaluate.questions import Judged
from rag.retrieve import asked, retrieve
from rag.settings import Effort
from rag.types import Hit, Reranker

DEPTH = 100
MEASURES = ("nDCG@10", "R@10", "R@100", "MRR@10")
_ROUNDS = 10_000
Scored = list[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """per_question: measure → question id → value. milliseconds: one per question, of the whole retrieval."""

    per_question: dict[str, dict[str, float]]
    milliseconds: tuple[float, ...] = ()

    def summary(self) -> dict[str, float]:
        """Means over the questions, and the median time."""
        means = {name: round(float(np.mean(list(values.values()))), 4) for name, values in self.per_question.items()}
        if self.milliseconds:
            means["median ms"] = round(float(np.median(self.milliseconds)), 2)
        return means


def run(
    index: Index, questions: Sequence[Judged], *, effort: Effort, reranker: Reranker | None,
    progress: Callable[[int], None] = lambda _: None,
) -> tuple[dict[str, Scored], tuple[float, ...]]:  # fmt: skip
    """What retrieval gives each question: judged units by falling score, and the milliseconds of each question.

    Documents are judged by their best passage; where a question names spans, every passage counts on its own.
    """
    found: dict[str, Scored] = {}
    times: list[float] = []
    for done, q in enumerate(questions, start=1):
        cap = DEPTH if q.spans else 1
        deep = replace(effort, hits=DEPTH, per_source=cap, depth=max(effort.depth, 2 * DEPTH))
        before = time.perf_counter()
        hits = retrieve(index, asked(index, q.question, deep), k=DEPTH, where=Filter(), effort=deep, reranker=reranker)
        times.append(1000 * (time.perf_counter() - before))
        found[q.id] = list(_units(q, hits))
        progress(done)
    return found, tuple(times)


def _units(question: Judged, hits: Sequence[Hit]) -> Iterator[tuple[str, float]]:
    """(unit, score): a document id; or for spans the ids of those that the passage overlaps, else the passage's own."""
    spans, seen = question.spans, set[str]()
    for place, hit in enumerate(hits):
        p = hit.passage
        over = [f"{d}:{a}-{b}" for d, a, b in spans if d == p.source.id and p.start < b and a < p.end]
        # Hits come in order; equal scores must not be reordered by the measure.
        for unit in over or [p.id if spans else p.source.id]:
            if unit not in seen:
                seen.add(unit)
                yield unit, -float(place)


def score(questions: Sequence[Judged], found: dict[str, Scored], milliseconds: tuple[float, ...] = ()) -> Outcome:
    """The measures of a run. Raises MissingExtra without ir-measures."""
    try:
        import ir_measures
    except ImportError as error:
        raise MissingExtra("ir-measures", "eval") from error
    measures = {name: ir_measures.parse_measure(name.replace("MRR", "RR")) for name in MEASURES}
    if any(q.spans for q in questions):
        measures["Success@10"] = ir_measures.parse_measure("Success@10")
    qrels = [ir_measures.Qrel(q.id, unit, grade) for q in questions for unit, grade in q.relevant.items()]
    scored = [ir_measures.ScoredDoc(q, unit, s) for q, units in found.items() for unit, s in units]
    names = {str(measure): name for name, measure in measures.items()}
    values: dict[str, dict[str, float]] = {name: {q.id: 0.0 for q in questions} for name in measures}
    for value in ir_measures.iter_calc(list(measures.values()), qrels, scored):
        values[names[str(value.measure)]][value.query_id] = float(value.value)
    return Outcome(values, milliseconds)


def compared(first: Outcome, second: Outcome, *, seed: int = 1) -> dict[str, dict[str, Any]]:
    """Per measure: the mean difference (second − first), how many questions rose and fell, and the p-value."""
    rng = np.random.default_rng(seed)
    found: dict[str, dict[str, Any]] = {}
    for name, values in first.per_question.items():
        difference = np.array([second.per_question[name][q] - values[q] for q in values])
        signs = rng.choice(np.array([-1.0, 1.0]), size=(_ROUNDS, len(difference)))
        beyond = np.abs((signs * difference).mean(1)) >= abs(difference.mean()) - 1e-12
        found[name] = {
            "difference": round(float(difference.mean()), 4), "better": int((difference > 0).sum()),
            "worse": int((difference < 0).sum()), "p": round(float((beyond.sum() + 1) / (_ROUNDS + 1)), 4),
        }  # fmt: skip
    return found
