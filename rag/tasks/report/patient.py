"""A report of one patient's record: who may read is asked first, then the draft is made, checked and, for a reader who
may not see identifiers, masked.

No model is needed and nothing leaves this machine. What is shown is logged. Decides nothing of what a section shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from rag.records import views
from rag.records.deid import Surrogates
from rag.records.discreet import discreet
from rag.records.part import Cited, RecordPart, Said
from rag.records.store import Store
from rag.records.types import Entry, Person, Record
from rag.tasks.page import Page
from rag.tasks.report import draft as drafts
from rag.tasks.report import filling
from rag.tasks.report.case import Case, case, find_encounter, old_age
from rag.tasks.report.draft import Draft, Part
from rag.tasks.report.template import Template
from rag.tasks.report.wording import word

_Made = TypeVar("_Made")
_PEOPLE_AND_PLACES = ("with", "at", "ordered by", "lot")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a patient's record. since: an ISO day or ""; encounter: an encounter's id or ""; because: the
    reason to break the glass. today: the day of the report."""

    template: Template
    language: str
    today: date
    since: str = ""
    encounter: str = ""
    because: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A finished report. id: the patient's, as the reader may see it. view: `full` or `de-identified`. entries: those
    cited, by their document and place, for FHIR. person: None where identifiers are masked."""

    page: Page
    draft: Draft
    id: str
    view: str
    sources: tuple[Entry, ...]
    person: Person | None


def guarded(make: Callable[[], _Made]) -> _Made:
    """What `make` returns. What a foreign error says may quote the record: it is raised as Unforeseen, without its
    words."""
    try:
        return make()
    except Exception as error:
        problem = discreet(error)
    raise problem


def patient_report(store: Store, patient: str, *, asked: Asked) -> Report:
    """The report of one patient. Raises Refused, ConfigError, IndexCorrupt, WriteFailed (nothing is read that cannot
    be logged), Unforeseen."""
    return guarded(lambda: _report(store, patient, asked=asked))


def _report(store: Store, patient: str, *, asked: Asked) -> Report:
    question = f"report {asked.template.name}"
    grant, chart = store.enter(patient, because=asked.because, question=question)
    record, full = chart.record, grant.view == "full"
    id, surrogates = record.person.id, store.surrogates(record.person.id)

    def seen(resource: str) -> str:
        return resource if full else views.plain_id(surrogates, resource)

    chosen = find_encounter(asked.encounter, record.entries, shown=seen) if asked.encounter else None
    read = case(
        record,
        language=asked.language,
        today=asked.today,
        since=asked.since if full else "",
        encounter=chosen,
        masked=not full,
    )
    made = drafted(read, asked.template)
    store.shown(id, (f"{views.logged(surrogates, id, c.document)}:{c.start}-{c.end}" for c in made.cited))
    sources = _sources(made.cited, record)
    if not full:
        old = (filling.age_of(read) or 0) > filling.OLDEST
        made = _masked(made, record.person, surrogates, sources=sources, old=old)
    made = replace(made, notices=(*made.notices, *_chosen(read, asked, shown=seen)))
    return _finished(
        made, read, grant_view=grant.view, id=id if full else views.plain_id(surrogates, id), sources=sources
    )


def _chosen(read: Case, asked: Asked, *, shown: Callable[[str], str]) -> Iterable[str]:
    """What is to be said of the period: that an option did not count, or that a stay should have been chosen."""
    form, visits = asked.template, [e for e in read.entries if e.category == "encounter"]
    if read.masked and any(map(old_age, read.record.entries)):
        yield word("old ages", read.language)
    if read.masked and asked.since:
        yield word("no since", read.language, since=asked.since)
    stays = form.name == "discharge" or not read.since
    if visits and not read.encounter and stays and any(s.kind == "course" for s in form.sections):
        latest = ", ".join(shown(e.resource).rpartition("/")[2] for e in visits[-3:][::-1])
        yield word("no stay", read.language, ids=latest)


def drafted(read: Case, template: Template) -> Draft:
    """The checked draft of a case. Every text of it cites a place that proves it; what is not there is named."""
    parts = tuple(filling.part(read, spec) for spec in template.sections)
    computed = frozenset(read.computed)
    whole = Draft(template.title, read.language, parts, tuple(read.places.found.values()), (), computed)
    kept, dropped = drafts.proved(whole)
    again = tuple(_emptied(part, read) for part in kept.parts)
    colon, none = ("：" if read.language == "zh" else ": "), word("no gaps", read.language)
    filled = (drafts.gaps(p, again, none=none, told=lambda g: f"{g.heading}{colon}{g.gap}") for p in again)
    kept = drafts.numbered(replace(kept, parts=tuple(filled)))
    notices = [word("nameless", read.language)]
    if dropped:
        notices.append(word("dropped", read.language, n=dropped))
    return replace(kept, notices=tuple(notices))


def _emptied(part: Part, read: Case) -> Part:
    """A part of which the guard left nothing says so as one that never had anything."""
    cites = any(True for _ in drafts.texts(Draft("", "en", (part,), ())))
    return (
        part if part.gap or cites or part.kind == "gaps" else replace(part, pieces=(), gap=filling.gap(read, part.kind))
    )


def _sources(cited: Iterable[Cited], record: Record) -> tuple[Entry, ...]:
    """The entry of each place."""
    by_place = {(e.document, e.begin): e for e in record.entries}
    notes = {e.document: e for e in record.entries if e.category == "note"}
    return tuple(notes.get(c.document) or by_place[c.document, c.start] for c in cited)


def _masked(made: Draft, person: Person, surrogates: Surrogates, *, sources: tuple[Entry, ...], old: bool) -> Draft:
    """The draft as one sees it who may not see identifiers: through the same mask as an answer."""
    said = tuple(Said(t.text, tuple(int(c[1:]) for c in t.cites)) for t in drafts.texts(made))
    points = tuple(p for part in made.parts for s in part.pieces if isinstance(s, drafts.Series) for p in s.points)
    cited = tuple(_without_places(c, e, old=old) for c, e in zip(made.cited, sources, strict=True))
    shown = views.redacted(RecordPart(person.id, "full", said, cited, points), person, surrogates)
    texts, moved = iter(shown.said), iter(shown.points)
    done = drafts.mapped(made, lambda t: replace(t, text=next(texts).text), lambda _: next(moved))
    notices = (word("masked", made.language), *made.notices)
    return replace(done, cited=shown.citations, notices=notices)


def _without_places(cited: Cited, entry: Entry, *, old: bool) -> Cited:
    """A line of the chart without who treated the patient and where. old: without the dates of birth and death."""
    quote = cited.quote
    if old and entry.category == "person" and entry.text[:4].isdigit():
        quote = quote.replace(entry.text, "…")
    for label, text in entry.detail:
        if label in _PEOPLE_AND_PLACES and text and entry.category != "note":
            quote = quote.replace(f"{label} {' '.join(text.split())}", f"{label} …")
    return replace(cited, quote=quote)


def _finished(made: Draft, read: Case, *, grant_view: str, id: str, sources: tuple[Entry, ...]) -> Report:
    language = made.language
    full = grant_view == "full"
    # Drafts are said to be without the patient's numbers; what stands for them in a masked view is none.
    of = "" if full else f"{'，' if language == 'zh' else ', '}{word('patient', language, id=id)}"
    title, notices = f"{made.title}{of}", list(made.notices)
    if full and read.encounter:
        notices.append(word("by time", language, since=read.since, until=read.until))
    elif full and read.since:
        notices.append(word("since", language, since=read.since))
    made = replace(made, title=title, notices=tuple(notices))
    notes = {c.number for c, e in zip(made.cited, sources, strict=True) if e.category == "note"}
    page = drafts.page(made, where=lambda c: _where(c, language, note=c.number in notes))
    return Report(page, made, id, grant_view, sources, read.record.person if full else None)


def _where(cited: Cited, language: str, *, note: bool) -> str:
    """A place in words: the resource, its day, and for a note the characters."""
    day = f", {cited.time[:10]}" if cited.time else ""
    spot = word("characters", language, start=cited.start, end=cited.end)
    return f"{cited.resource}{day}, {spot}" if note else f"{cited.resource}{day}"
