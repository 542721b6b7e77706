"""The way from a question to an answer: retrieve, generate, cite, and say so when nothing answers.

One readable function, `ask`. Knows nothing of terminals, settings files or how an index is stored.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, replace
from typing import TypeVar

from indexer.errors import ConfigError
from indexer.index import Index
from indexer.types import Filter
from rag.cite import cite
from rag.relevance import Terms
from rag.retrieve import retrieve
from rag.settings import EFFORTS, Settings
from rag.types import Answer, Claim, Generator, Hit, Prompt, Receipt

_T = TypeVar("_T")
# A retracted article is named in a notice when it covers this share of the question.
_NAMED_RETRACTION = 0.6


def ask(question: str, *, index: Index, generator: Generator, settings: Settings, where: Filter) -> Answer:
    """Answers one question from one index; abstaining is an Answer too. Raises ConfigError on an empty question."""
    question = " ".join(question.split())
    if not question:
        raise ConfigError('the question is empty; ask something, e.g.: ask "Does metformin reduce mortality?"')
    effort, clock = EFFORTS[settings.effort], _Clock()
    hits = clock.time("retrieve", lambda: retrieve(index, question, k=effort.hits, where=where, effort=effort))
    prompt = Prompt(question, tuple(hits))
    draft = clock.time("generate", lambda: "".join(generator.generate(prompt)))
    cited = clock.time("cite", lambda: cite(draft, hits, document=index.catalogue.document))
    terms = Terms(question, index.lexical)
    notices = [*_left_out(question, index, where, terms), *_cautions(cited.claims)]
    if cited.dropped:
        notices.append(f"{cited.dropped} citation(s) of the draft were dropped: nothing stands behind them.")
    receipt = Receipt(
        index.manifest.generation, index.manifest.embedder, generator.spec,
        {k: v for k, v in asdict(settings).items() if k != "index"}, clock.seconds,
    )  # fmt: skip
    answered = bool(cited.claims)
    return Answer(
        question, "answered" if answered else "abstained", None if answered else _reason(index, where, terms, hits),
        None, _confidence(cited.claims, terms), cited.claims, tuple(hits), tuple(notices), receipt,
    )  # fmt: skip


class _Clock:
    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def time(self, stage: str, work: Callable[[], _T]) -> _T:
        """Does the work and remembers how long it took."""
        before = time.perf_counter()
        done = work()
        self.seconds[stage] = round(time.perf_counter() - before, 4)
        return done


def _reason(index: Index, where: Filter, terms: Terms, hits: Sequence[Hit]) -> str:
    """Why nothing was answered, and what was searched."""
    allowed = index.allowed(where)
    searched = f"Searched {index.manifest.documents} documents ({int(allowed.sum())} passages"
    searched += ", filtered)" if where != Filter() else ")"
    if not allowed.any():
        return f"{searched}: the filters leave nothing to search; loosen them."
    if unknown := terms.unknown():
        words = ", ".join(f"“{u}”" for u in unknown[:4])
        return f"{searched}: not in this library. It nowhere holds {words}; add literature on it and index again."
    if hits:
        closest = "; ".join(dict.fromkeys(h.passage.source.title or h.passage.source.id for h in hits[:3]))
        return f"{searched}: found related passages, but none that answers. Closest: {closest}."
    return f"{searched}: nothing there is about this question."


def _left_out(question: str, index: Index, where: Filter, terms: Terms) -> Iterable[str]:
    """Names retracted articles about the question, which are not used unless the user allows them."""
    if where.allow_retracted:
        return
    allowed = index.allowed(where)
    everything = index.allowed(replace(where, allow_retracted=True))
    retracted = everything.copy()
    retracted[: len(allowed)] &= ~allowed
    named: set[str] = set()
    rows, _ = index.search_lexical(question, 5, retracted)
    for row in rows.tolist():
        passage = index.passage(row)
        about = terms.coverage(f"{passage.source.title}\n{passage.text}")
        if about >= _NAMED_RETRACTION and passage.source.id not in named:
            named.add(passage.source.id)
            yield f"Left out because it is retracted: {passage.source.title} ({passage.source.id})."


def _cautions(claims: Sequence[Claim]) -> Iterable[str]:
    sources = {c.passage.source.id: c.passage.source for claim in claims for c in claim.citations}
    for source in sources.values():
        if source.retracted:
            yield f"Retracted, shown because you allowed it: {source.title} ({source.id})."
        elif source.concern:
            yield f"An expression of concern stands against: {source.title} ({source.id})."


def _confidence(claims: Sequence[Claim], terms: Terms) -> float:
    """0 to 1, from how much of the question the cited passages cover. Not calibrated against right answers yet."""
    if not claims:
        return 0.0
    passages = [c.passage for claim in claims[:2] for c in claim.citations]
    covered = max(terms.coverage(f"{p.source.title}\n{p.text}") for p in passages)
    return round(1 / (1 + math.exp(-6 * (covered - 0.5))), 2)
