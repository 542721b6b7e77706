"""The way from a question to an answer: retrieve, generate, cite, and say so when nothing answers.

One readable function, `ask`. Knows nothing of terminals, settings files or how an index is stored.
"""

from __future__ import annotations

import datetime
import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, replace
from typing import TypeVar

from indexer.errors import ConfigError
from indexer.index import Index
from indexer.retractions import STALE_DAYS
from indexer.types import Filter
from rag.cite import cite
from rag.relevance import Terms
from rag.retrieve import asked, retrieve
from rag.settings import EFFORTS, Settings
from rag.types import Answer, Claim, Generator, Hit, Prompt, Receipt, Reranker
from rag.words import say

_T = TypeVar("_T")
# A retracted article is named in a notice when it covers this share of the question.
_NAMED_RETRACTION = 0.6


def ask(
    question: str, *, index: Index, generator: Generator, reranker: Reranker | None, settings: Settings, where: Filter
) -> Answer:
    """Answers one question from one index; abstaining is an Answer too. Raises ConfigError on an empty question."""
    question = " ".join(question.split())
    if not question:
        raise ConfigError('the question is empty; ask something, e.g.: ask "Does metformin reduce mortality?"')
    effort, clock = EFFORTS[settings.effort], _Clock()
    meant = asked(index, question, effort)
    hits = clock.time(
        "retrieve", lambda: retrieve(index, meant, k=effort.hits, where=where, effort=effort, reranker=reranker)
    )
    prompt = Prompt(meant, tuple(hits))
    draft = clock.time("generate", lambda: "".join(generator.generate(prompt)))
    cited = clock.time("cite", lambda: cite(draft, hits, document=index.catalogue.document))
    terms = Terms(meant, index.lexical)
    notices = [*_left_out(question, index, where, terms), *_cautions(question, cited.claims)]
    notices += _old_list(question, index)
    if cited.dropped:
        notices.append(say("dropped", question, count=cited.dropped))
    receipt = Receipt(
        index.manifest.generation, index.manifest.embedder, generator.spec,
        {k: v for k, v in asdict(settings).items() if k != "index"}, clock.seconds,
    )  # fmt: skip
    reason = None if cited.claims else _reason(question, index, where, terms, hits)
    return Answer(
        question, "answered" if cited.claims else "abstained", reason,
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


def _reason(question: str, index: Index, where: Filter, terms: Terms, hits: Sequence[Hit]) -> str:
    """Why nothing was answered, and what was searched."""
    allowed = index.allowed(where)
    counts = {"documents": index.manifest.documents, "passages": int(allowed.sum())}
    searched = say("filtered" if where != Filter() else "searched", question, **counts)
    if not allowed.any():
        return say("nothing left", question, searched=searched)
    if unknown := terms.unknown():
        return say("unknown", question, searched=searched, words=", ".join(f"“{u}”" for u in unknown[:4]))
    if hits:
        closest = "; ".join(dict.fromkeys(h.passage.source.title or h.passage.source.id for h in hits[:3]))
        return say("related", question, searched=searched, closest=closest)
    return say("nothing", question, searched=searched)


def _left_out(question: str, index: Index, where: Filter, terms: Terms) -> Iterable[str]:
    """Names retracted articles about the question, which are not used unless the user allows them."""
    if where.allow_retracted:
        return
    allowed = index.allowed(where)
    retracted = index.allowed(replace(where, allow_retracted=True))
    retracted[: len(allowed)] &= ~allowed
    named: set[str] = set()
    rows, _ = index.search_lexical(question, 5, retracted)
    for row in rows.tolist():
        passage = index.passage(row)
        about = terms.coverage(f"{passage.source.title}\n{passage.text}")
        if about >= _NAMED_RETRACTION and passage.source.id not in named:
            named.add(passage.source.id)
            yield say("left out", question, title=passage.source.title, id=passage.source.id)


def _old_list(question: str, index: Index) -> Iterable[str]:
    """Says so when the retraction list that was loaded is too old to rely on."""
    if loaded := index.catalogue.retraction_list():
        days = (datetime.date.today() - datetime.date.fromisoformat(loaded[1])).days
        if days > STALE_DAYS:
            yield say("old list", question, days=days, as_of=loaded[1])


def _cautions(question: str, claims: Sequence[Claim]) -> Iterable[str]:
    sources = {c.passage.source.id: c.passage.source for claim in claims for c in claim.citations}
    for source in sources.values():
        if source.retracted or source.concern:
            yield say("retracted" if source.retracted else "concern", question, title=source.title, id=source.id)


def _confidence(claims: Sequence[Claim], terms: Terms) -> float:
    """0 to 1, from how much of the question the cited passages cover. Not calibrated against right answers yet."""
    if not claims:
        return 0.0
    passages = [c.passage for claim in claims[:2] for c in claim.citations]
    covered = max(terms.coverage(f"{p.source.title}\n{p.text}") for p in passages)
    return round(1 / (1 + math.exp(-6 * (covered - 0.5))), 2)
