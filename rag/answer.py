"""The way from a question to an answer: retrieve, write, cite, judge, conclude, and say so when nothing answers.

One readable function, `ask`. Knows nothing of terminals, settings files or how an index is stored.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import TypeVar

import numpy as np

from indexer.design import rank as design_rank
from indexer.errors import ConfigError
from indexer.index import Index
from indexer.language import language_of
from indexer.types import Filter, Vectors
from rag import notices, receipts
from rag.asking import apart, kind_of, own_dose
from rag.cite import Citer
from rag.conclude import Found, both_sides, bottom_line, led_by, verdict
from rag.confidence import confidence
from rag.effect import effect
from rag.generators.extractive import Extractive, Sentence
from rag.instructions import cleared
from rag.pairs import PairModel, model
from rag.relevance import Terms
from rag.retrieve import asked, retrieve
from rag.safety import decline, first
from rag.settings import EFFORTS, Effort, Settings, for_kind
from rag.spans import answers
from rag.stance import Reading, outcomes, positions, readings, stances
from rag.together import never_together
from rag.types import (
    Answer,
    Citation,
    Generator,
    Hit,
    Judge,
    Kind,
    Position,
    Preloadable,
    Prompt,
    Question,
    Receipt,
    Reranker,
    Span,
)
from rag.writing import SHOWN, Show, Writer, Written

_T = TypeVar("_T")
# Sentences in which short answers are looked for.
_SPAN_SENTENCES = 16


@dataclass(frozen=True, slots=True)
class Models:
    """What reads and writes for `ask`. evidence, spans: the bundled models of stance and of short answers."""

    generator: Generator
    extractive: Extractive
    reranker: Reranker | None
    judge: Judge | None
    evidence: PairModel = field(default_factory=lambda: model("evidence"))
    spans: PairModel = field(default_factory=lambda: model("spans", head="tokens"))


def ask(
    question: str, *, index: Index, models: Models, settings: Settings, where: Filter, show: Show | None = None
) -> Answer:
    """Answers one question from one index; abstaining is an Answer too. Raises ConfigError on an empty question.

    show: is given each claim of a language model as soon as it is judged.
    """
    question = " ".join(question.split())
    if not question:
        raise ConfigError('the question is empty; ask something, e.g.: ask "Does metformin reduce mortality?"')
    if stopped := met(question):
        return stopped
    topic, _ = apart(question)
    kind, clock = kind_of(topic), _Clock()
    effort = for_kind(EFFORTS[settings.effort], kind)
    _preload(models, kind)
    meant = asked(index, topic, effort)
    hits = clock.time(
        "retrieve", lambda: retrieve(index, meant, k=effort.hits, where=where, effort=effort, reranker=models.reranker)
    )
    found = _Answering(index, models, settings, where, clock, question).answer(meant, hits, show)
    alert = first(question)
    return replace(found, alert=alert.text) if alert else found


def met(question: str) -> Answer | None:
    """What is said instead of an answer to a crisis, a threat, or a request that is declined; None for any other
    question. Needs no index and no model."""
    alert, declined = first(question), decline(question)
    said = alert.text if alert and alert.stops else declined.message if declined else ""
    if not said:
        return None
    receipt = Receipt(0, "", "", {}, {}, version=receipts.version())
    return Answer(question, "abstained", said, None, 0.0, (), (), (), receipt, alert=alert.text if alert else "")


def answer_from(
    meant: Question, hits: Sequence[Hit], *, index: Index, models: Models, settings: Settings, where: Filter
) -> Answer:
    """The answer from passages that were found before. Their order changes nothing."""
    return _Answering(index, models, settings, where, _Clock(), meant.text).answer(meant, hits, None)


class _Clock:
    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def time(self, stage: str, work: Callable[[], _T]) -> _T:
        """Does the work and remembers how long it took."""
        before = time.perf_counter()
        done = work()
        self.seconds[stage] = round(time.perf_counter() - before, 4)
        return done


@dataclass(frozen=True, slots=True)
class _Answering:
    """What stays the same while one question is answered."""

    index: Index
    models: Models
    settings: Settings
    where: Filter
    clock: _Clock
    question: str

    def answer(self, meant: Question, hits: Sequence[Hit], show: Show | None) -> Answer:
        """Write, cite, judge, conclude."""
        question, (topic, word) = self.question, apart(self.question)
        kind = kind_of(topic)
        effort = for_kind(EFFORTS[self.settings.effort], kind)
        ordered, document = in_fixed_order(hits), self.index.catalogue.document
        prompt = Prompt(meant, cleared(ordered, document=document))
        citer = Citer(ordered, document=document, read=prompt.hits)
        writer = Writer(
            self.models.generator, self.models.extractive, self.models.judge, citer, show or (lambda _: None),
            self.settings.show_unsupported,
        )  # fmt: skip
        terms = Terms(meant, self.index.lexical)
        foreign = terms.foreign()
        apart_ones = [] if foreign else self._apart(kind, meant, terms, hits)
        silent = foreign or apart_ones
        written = Written() if silent else self.clock.time("write", lambda: writer.write(prompt, drafts=effort.drafts))
        claims = written.claims
        held = [c for c in claims if c.support in SHOWN]
        told, spans, first_said = self._read(meant, kind, prompt, citer, effort) if held else ([], [], [])
        if self.models.generator is self.models.extractive:
            claims = both_sides(led_by(claims, first_said, limit=effort.claims), told, limit=effort.claims)
        held = [c for c in claims if c.support in SHOWN]
        found = Found(kind, held, told, spans)
        said = verdict(told) if told and kind == "yesno" else None
        notes = [
            *notices.left_out(question, self.index, self.where, terms),
            *notices.cautions(question, claims, told, spans),
            *notices.made_for(question, held, hits),
            *notices.unheard(question, self.index, self.where, held, terms),
            *notices.put_aside(question, word),
            *notices.old_list(question, self.index),
            *notices.of_draft(question, written, citer.dropped.numbers, citer.dropped.links),
        ]  # fmt: skip
        reason = None if held else notices.reason(meant, self.index, self.where, hits, apart=apart_ones)
        if said == "mixed":
            reason = notices.conflict(question, told)
        if declined := own_dose(question):
            reason = notices.no_dose(question, reason)
        sure = confidence(found, terms, hits)
        first = None if declined else bottom_line(meant, found, said=said, sure=sure)
        return Answer(
            question, "abstained" if reason else "answered", reason, None if declined else said, sure,
            tuple(claims), tuple(hits), tuple(notes), self._receipt(hits, written), first, tuple(told),
        )  # fmt: skip

    def _apart(self, kind: Kind, meant: Question, terms: Terms, hits: Sequence[Hit]) -> list[str]:
        """What a question for an effect joins and no document does."""
        if kind not in ("yesno", "effect"):
            return []

        def text(id: str) -> str:
            found = self.index.catalogue.document(id)
            return found.text if found else ""

        return never_together(meant.text, terms, hits=hits, text=text)

    def _receipt(self, hits: Sequence[Hit], written: Written) -> Receipt:
        m = self.index.manifest
        return Receipt(
            m.generation, m.embedder, self.models.generator.spec,
            {k: v for k, v in asdict(self.settings).items() if k != "index"}, self.clock.seconds, written.tokens,
            receipts.plain(self.where), receipts.version(),
            receipts.models(m, self.settings, hits, stages=self.clock.seconds),
        )  # fmt: skip

    def _read(
        self, meant: Question, kind: Kind, prompt: Prompt, citer: Citer, effort: Effort
    ) -> tuple[list[Position], list[Span], list[Citation]]:
        """What sources say to a yes/no question or one for an effect, the short answers, and the sentences that state
        the effect; in the language that the models read."""
        ranked = self.models.extractive.rank(prompt) if meant.english else []
        ranked = [s for s in ranked if language_of(s.text) != "zh"]
        if kind in ("factoid", "list"):
            return [], self.clock.time("spans", lambda: _spans(meant.english, kind, ranked, self.models, citer)), []
        if kind not in ("yesno", "effect"):
            return [], [], []
        read_ones = self.clock.time("stance", lambda: _readings(meant.english, ranked, self.models, effort))

        def cite(sentence: Sentence) -> Citation | None:
            start = sentence.hit.passage.start + sentence.start
            found = citer.quote(sentence.number, start, start + len(sentence.text))
            return citer.number(found) if found else None

        first = outcomes(read_ones, cite=cite, limit=effort.claims) if kind == "effect" else []
        return positions(read_ones, cite=cite), [], first


def in_fixed_order(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """Best design first, then the newest, then by id: the order in which passages are found changes no answer."""
    return tuple(
        sorted(
            hits,
            key=lambda h: (
                design_rank(h.passage.source.design), -(h.passage.source.year or 0), h.passage.source.id,
                h.passage.start,
            ),
        )
    )  # fmt: skip


def _preload(models: Models, kind: Kind) -> None:
    if models.generator is not models.extractive and isinstance(models.judge, Preloadable):
        models.judge.preload()
    if kind == "yesno":
        models.evidence.preload()
    elif kind in ("factoid", "list"):
        models.spans.preload()


def _readings(question: str, ranked: Sequence[Sentence], models: Models, effort: Effort) -> list[Reading]:
    def read(texts: Sequence[str]) -> Vectors:
        """Stances by the question as it is, or by both questions for an effect."""
        if (asked_for := effect(question)) is None:
            return stances(models.evidence.run([(question, t) for t in texts]))
        up, down = (stances(models.evidence.run([(q, t) for t in texts])) for q in (asked_for.raises, asked_for.lowers))
        return np.asarray((up + down[:, [1, 0, 2, 3]]) / 2, np.float32)

    widely = effect(question) is not None
    return readings(ranked, read=read, limit=2 * effort.stances if widely else effort.stances, widely=widely)


def _spans(question: str, kind: Kind, ranked: Sequence[Sentence], models: Models, citer: Citer) -> list[Span]:
    """The short answers, each cited at its own characters."""
    chosen = ranked[:_SPAN_SENTENCES]
    best = max((s.score for s in chosen), default=0.0)
    if best <= 0:
        return []
    found = answers(
        question, kind, [s.text for s in chosen], [min(1.0, max(0.0, s.score / best)) for s in chosen],
        mark=models.spans.run_tokens,
    )  # fmt: skip
    spans = []
    for f in found:
        s = chosen[f.sentence]
        start = s.hit.passage.start + s.start
        if citation := citer.quote(s.number, start + f.start, start + f.end):
            spans.append(Span(f.text, round(min(1.0, f.score), 4), citer.number(citation)))
    return spans
