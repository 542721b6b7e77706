"""One answer from a patient's record and the literature: who may read is asked first, then the record, then the
library.

What is a value or a fact of the record is told from its entries; anything else is quoted from its passages. The
literature is asked without a word that identifies the patient, and the studies that it cites are held against the
record. Claims about the patient cite the record, claims from the literature the library; neither can cite the other.
Knows nothing of terminals.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from indexer.errors import ConfigError
from indexer.index import Index
from indexer.language import language_of
from indexer.types import Document, Filter
from rag import receipts
from rag.answer import Models, ask
from rag.generate import generator
from rag.generators.extractive import Extractive
from rag.judge import judge_from
from rag.records import deid, values, views
from rag.records.applicability import compare
from rag.records.boxes import Chart
from rag.records.criteria import criteria
from rag.records.discreet import discreet
from rag.records.facts import facts
from rag.records.gate import way
from rag.records.mentions import mentions
from rag.records.part import Cited, Fit, Point, RecordPart, Said
from rag.records.store import Store
from rag.records.told import Told
from rag.records.types import Entry, Person, Record
from rag.safety import first
from rag.settings import EFFORTS, Settings
from rag.types import Answer, Citation, Receipt
from rag.words import say

# Words by which a question asks for more than the record holds.
_LITERATURE = re.compile(
    r"\b(?:should|evidence|studies|study|trials?|literature|guidelines?|recommend\w*|benefits?|effective\w*|efficacy|"
    r"risks? of|safe|safety|better|treat(?:ed|ment|ments)? (?:for|of|with)|causes? of|why|does \w+ (?:help|reduce|"
    r"increase|improve|prevent|work)|targets?|goals?|optimal|ideal|thresholds?|"
    r"dose of|interact\w*|contraindicat\w*|prognosis)\b|应该|是否应|证据|研究|文献|指南|"
    r"推荐|建议|目标值|目标|有效|疗效|安全|风险|获益|为什么|怎么治|如何治|能不能用|可以用|可否|禁忌|相互作用|预后",
    re.I,
)
_LITTLE = frozenset("the and for with was were what when which how has have had any this that patient record".split())
# The share of an entry's name that a question must hold, and the lines that are shown of it.
_NAMED, _LINES = 0.6, 6
_PATIENT = re.compile(
    r"\b(?:(?:this|the|my|our) (?:patient|man|woman|lady|gentleman|child|boy|girl)(?:['’]s)?|"
    r"he|she|him|her|his|hers)\b|(?:这个|这位|该|此|本|我的)(?:患者|病人|病友)|患者|病人|他的?|她的?",
    re.I,
)


@dataclass(slots=True)
class _Citations:
    """Numbers citations of the record in the order in which they are named."""

    documents: dict[str, Document]
    entries: tuple[Entry, ...]
    found: dict[tuple[str, int, int], Cited] = field(default_factory=dict)

    def entry(self, entry: Entry) -> int:
        """The number of an entry's line."""
        return self.span(entry.document, entry.begin, entry.end)

    def span(self, document: str, start: int, end: int) -> int:
        """The number of a stretch of a document; its resource is that of the entry in which it begins."""
        key = (document, start, end)
        if key not in self.found:
            owner = next((e for e in self.entries if e.document == document and e.begin <= start < e.end), None)
            self.found[key] = Cited(
                len(self.found) + 1, owner.resource if owner else document, owner.time if owner else "", document,
                start, end, self.documents[document].text[start:end],
            )  # fmt: skip
        return self.found[key].number


@dataclass(frozen=True, slots=True)
class Literature:
    """The library that is asked beside the record. ask: answers a question; document: a source's document by its id."""

    ask: Callable[[str], Answer]
    document: Callable[[str], Document | None]


@dataclass(frozen=True, slots=True)
class Patients:
    """Asks about the patients of a store, with literature beside it or without. today: the day of the questions."""

    store: Store
    settings: Settings
    literature: Literature | None = None
    today: date = field(default_factory=date.today)

    def ask(self, question: str, patient: str, *, because: str = "") -> Answer:
        """Answers one question about one patient: `record` from the record, everything else from the literature.

        because: the reason to break the glass. Raises ConfigError on an empty question,
        Refused, IndexCorrupt, WriteFailed (nothing is read that cannot be logged), Unforeseen.
        """
        try:
            return self._ask(question, patient, because)
        except Exception as error:  # what a foreign error says may quote the record
            problem = discreet(error)
        raise problem

    def _ask(self, question: str, patient: str, because: str) -> Answer:
        question = " ".join(question.split())
        if not question:
            raise ConfigError(
                'the question is empty; ask something, e.g.: ask --patient 17 "What is the last creatinine?"'
            )
        grant, chart = self.store.enter(patient, because=because, question=question)
        id, full = chart.record.person.id, grant.view == "full"
        asked = question if full else views.timeless(question)
        part, notes = self._record(asked, chart)
        answer = None
        if self.literature is not None and (not part.said or _LITERATURE.search(question)):
            answer = self.literature.ask(impersonal(question, chart.record.person))
            part = replace(part, fits=_fits(answer, chart.record, self.literature, today=self.today, question=question))
        keyed = self.store.surrogates(id)
        self.store.shown(id, (f"{views.logged(keyed, id, c.document)}:{c.start}-{c.end}" for c in part.citations))
        if not full:
            part = views.redacted(part, chart.record.person, keyed, today=self.today)
            notes = (say("timeless", question),) if asked != " ".join(question.lower().split()) else ()
        receipt = Receipt(0, self.store.embedder, self.settings.generator, {}, {}, version=receipts.version())
        gated = way(self.settings.generator, self.store.policy) == "refused"
        joined = _joined(part, answer, receipt, question=question, notes=notes, gated=gated)
        alert = first(question)  # a record is asked by professionals: it is answered, with the alert before it
        return replace(joined, alert=alert.text if alert else "")

    def _record(self, question: str, chart: Chart) -> tuple[RecordPart, tuple[str, ...]]:
        """What the record says to a question, and notices about how it was written."""
        record = chart.record
        cited = _Citations({d.source.id: d for d in record.documents}, record.entries)
        told = values.answer(question, record.entries, record.person, today=self.today)
        said: list[Said] = []
        points: tuple[Point, ...] = ()
        notes: tuple[str, ...] = ()
        if told is not None and (told.recorded or not _LITERATURE.search(question)):
            said, points = [_told(told, cited)], told.points
        noted = _noted(told, cited, question) if told is not None else []
        said += noted
        if told is None or not (told.recorded or noted):
            # What asks for advice goes to the literature; lines that only share its words are no answer to it.
            advice = self.literature is not None and _LITERATURE.search(question)
            said += [] if advice else _lines(question, record.entries, cited)
            quoted, notes = self._quoted(question, chart, cited)
            said += quoted
        return RecordPart(record.person.id, "full", tuple(said), tuple(cited.found.values()), points), notes

    def _quoted(self, question: str, chart: Chart, cited: _Citations) -> tuple[list[Said], tuple[str, ...]]:
        """Sentences of the notes and reports that answer; verbatim, or written by the generator and judged."""
        notes = tuple(d.source.id for d in chart.record.documents if d.source.kind == "note")
        if not notes:
            return [], ()
        with self.store.index(chart) as index:
            models = self._models(chart.record.person, index)
            answer = ask(question, index=index, models=models, settings=self.settings, where=Filter(sources=notes))
        held = [c for c in answer.claims if c.support == "supported"]
        return [Said(c.text, tuple(_spans(c.citations, cited))) for c in held], answer.notices

    def _models(self, person: Person, index: Index) -> Models:
        """What reads and writes about a record: the generator only as far as the gate lets it."""
        effort = EFFORTS[self.settings.effort]
        extractive = Extractive(index, effort=effort)
        how = way(self.settings.generator, self.store.policy)
        if self.settings.generator == "extractive" or how == "refused":
            return Models(extractive, extractive, None, None)
        writes = generator(self.settings.generator, index=index, effort=effort, deadline=self.settings.deadline)
        if how == "de-identified":
            writes = views.Masked(writes, person, self.store.surrogates(person.id))
        return Models(writes, extractive, None, judge_from(self.settings.judge))


def _joined(
    part: RecordPart, answer: Answer | None, receipt: Receipt, *, question: str, notes: Sequence[str], gated: bool
) -> Answer:  # fmt: skip
    """One answer of both; without literature its fields are empty."""
    if answer is None:
        answer = Answer(question, "abstained", say("not in the record", question), None, 0.0, (), (), (), receipt)
    told = (*answer.notices, *notes, *([say("gate", question, generator=receipt.generator)] if gated else []))
    status: Literal["answered", "abstained"] = "answered" if part.said else answer.status
    reason = None if status == "answered" else answer.reason
    return replace(answer, question=question, record=part, notices=told, status=status, reason=reason)


def impersonal(question: str, person: Person) -> str:
    """The question as the literature is asked it: without names, numbers and dates of the patient."""
    for f in reversed(deid.find(question, person=person)):
        question = question[: f.start] + ("patients" if f.category == "name" else "") + question[f.end :]
    return " ".join(_PATIENT.sub(lambda m: "" if m[0] > "\u4e00" else "patients", question).split())


def _fits(answer: Answer, record: Record, literature: Literature, *, today: date, question: str) -> tuple[Fit, ...]:
    """The limits of the cited studies that the patient is outside of, in the order of their citation."""
    known, language = facts(record.person, record.entries, today=today), language_of(question)
    found, spans = [], dict[str, list[tuple[int, int]]]()
    for c in (c for claim in answer.claims for c in claim.citations):
        spans.setdefault(c.passage.source.id, []).append((c.start, c.end))
    for id, cited in spans.items():
        document = literature.document(id)
        limits = criteria(document, cited=cited) if document else []
        for m in compare(known, limits, language="zh" if language == "zh" else "en"):
            if m.verdict == "outside":
                found.append(Fit(id, m.kind, m.text, m.criterion.start, m.criterion.end))
    return tuple(found)


def _noted(told: Told, cited: _Citations, question: str) -> list[Said]:
    """What the notes say of what the entries were asked for, whether the entries have it or not."""
    found = []
    for document, start, end, time in mentions(told.wanted, cited.entries, cited.documents):
        sentence = " ".join(cited.documents[document].text[start:end].split())
        text = say("in a note", question, time=time[:10] or "?", sentence=sentence)
        found.append(Said(text, (cited.span(document, start, end),)))
    return found


def _told(told: Told, cited: _Citations) -> Said:
    return Said(told.text, tuple(map(cited.entry, told.entries)))


def _lines(question: str, entries: Sequence[Entry], cited: _Citations) -> list[Said]:
    """Lines of the chart whose name the question holds, the newest first."""
    asked = _words(question)
    shares = {name: _share(_words(name), asked) for name in {e.name for e in entries if e.category != "note"}}
    best = max(shares.values(), default=0.0)
    if best < _NAMED:
        return []
    held = [e for e in entries if e.category != "note" and shares[e.name] == best]
    newest = sorted(held, key=lambda e: e.time, reverse=True)[:_LINES]
    return [Said(cited.documents[e.document].text[e.begin : e.end], (cited.entry(e),)) for e in newest]


def _words(text: str) -> frozenset[str]:
    words = re.findall(r"[a-z]{3,40}|\d+|[\u4e00-\u9fff]", text.lower())
    return frozenset(w[:-1] if len(w) > 4 and w.endswith("s") else w for w in words) - _LITTLE


def _share(name: frozenset[str], asked: frozenset[str]) -> float:
    return len(name & asked) / len(name) if name else 0.0


def _spans(citations: Iterable[Citation], cited: _Citations) -> Iterable[int]:
    return dict.fromkeys(cited.span(c.passage.source.id, c.start, c.end) for c in citations)
