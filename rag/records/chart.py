"""Lays a patient's entries and notes out as documents: the chart, and one document for each note.

Decides the wording of an entry's line (a pure function of the entry, and of whether another entry of its section has
the same day), the sections and their order, and what replaces what when a newer record of the patient comes. Knows
nothing of the format that the entries came from.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from indexer.language import language_of
from indexer.readers.clean import clean
from indexer.types import Document, Section, Source
from rag.records.headings import sections
from rag.records.types import Category, Entry, Person, Record

Note = tuple[Document, Entry]
"""A note's document and the entry that spans it."""

HEADINGS: dict[Category, str] = {
    "person": "Person", "condition": "Problems", "allergy": "Allergies", "medication": "Medications",
    "laboratory": "Laboratory", "vital": "Vital signs", "survey": "Surveys", "procedure": "Procedures",
    "immunization": "Immunizations", "imaging": "Imaging", "report": "Reports", "encounter": "Encounters",
    "plan": "Plans", "device": "Devices",
}  # fmt: skip
_BY_NAME = ("laboratory", "vital", "survey")
# A measurement says by its value that it was made; the state is a fact only where it is something else.
_PLAIN_STATES = ("final", "completed")
# What reads well without its label: "twice a day", not "frequency twice a day".
_BARE = ("frequency", "type", "class", "as needed", "conclusion")
_LONGEST_NAME = 300
_ORDINARY_DIGITS = 6


@dataclass(frozen=True, slots=True)
class NoteText:
    """A note as its source gives it. id: without the patient's. resource: as in Entry. type: "Discharge summary"."""

    id: str
    resource: str
    type: str
    time: str
    text: str
    detail: tuple[tuple[str, str], ...] = ()


def chart(
    person: Person, drafts: Iterable[Entry], *, notes: Iterable[Note] = (), skipped: Sequence[tuple[str, int]] = ()
) -> Record:
    """The record of one patient. drafts: entries whose document and offsets are not set yet (or are set anew).

    Without drafts there is no chart document. Of notes with one document id the last one stays.
    """
    placed, documents = _laid_out(person.id, list(drafts))
    kept = {document.source.id: (document, entry) for document, entry in notes}
    return Record(
        person,
        documents + tuple(document for document, _ in kept.values()),
        placed + tuple(entry for _, entry in kept.values()),
        tuple(skipped),
    )


def merge(old: Record, new: Record) -> Record:
    """Both records of one patient as one. A resource or a note of `new` replaces the one with the same id in `old`.

    Of the counts of what was skipped the larger one stays: a file that is read twice is not counted twice.
    """
    fresh = {e.resource for e in new.entries}
    documents = {d.source.id: d for d in (*old.documents, *new.documents)}
    kept = [e for e in old.entries if e.resource not in fresh] + list(new.entries)
    counts = Counter(dict(old.skipped)) | Counter(dict(new.skipped))
    return chart(
        _merged(old.person, new.person),
        (e for e in kept if e.category != "note"),
        notes=[(documents[e.document], e) for e in kept if e.category == "note"],
        skipped=sorted(counts.items()),
    )


def note(person: Person, text: NoteText) -> Note | None:
    """The document of one note, with sections, and its entry; None when nothing can be read in it."""
    body = clean(text.text).strip("\n").rstrip()
    if not body.strip():
        return None
    day, kind = text.time[:10], one_line(text.type) or "Note"
    id = f"record:{person.id}:note:{text.id}"
    year = int(day[:4]) if re.fullmatch(r"\d{4}", day[:4]) else None
    source = Source(id, kind="note", title=" ".join(p for p in (kind, day) if p), year=year, language=language_of(body))
    entry = Entry(text.resource, "note", id, 0, len(body), kind, time=text.time, detail=text.detail)
    return Document(source, body, sections(body)), entry


def person_entries(person: Person, *, resource: str) -> list[Entry]:
    """What is known of the person as unplaced entries: sex, birth, death. Names and numbers stay out of the chart:
    the less identifies, the less can leak; they are in `Person`."""
    facts = (("Sex", person.sex), ("Birth date", person.birth), ("Death", person.death))
    return [Entry(resource, "person", "", 0, 0, name, text=value) for name, value in facts if value]


def line(entry: Entry, *, clock: str = "") -> str:
    """An entry as a person reads it. clock: the time of day to show behind the date, "" for none."""
    span = entry.time[:10] + (f" {clock}" if clock else "")
    if entry.until and entry.until[:10] != entry.time[:10]:
        span = f"{span} to {entry.until[:10]}".strip() if span else f"until {entry.until[:10]}"
    name = one_line(entry.name, longest=_LONGEST_NAME) or "not named"
    facts = "; ".join(p for p in (_value(entry), _state(entry), *map(_detail, entry.detail)) if p)
    return " ".join(p for p in (span, f"{name}: {facts}" if facts else name) if p)


def one_line(text: str, *, longest: int = 1000) -> str:
    """`text` on one line, without what a reader cannot see, cut after `longest` characters."""
    cut = text[: 4 * longest]
    # Nearly every text is printable ASCII, which `clean` would leave as it is.
    found = " ".join((cut if cut.isascii() and cut.isprintable() else clean(cut)).split())
    return found if len(found) <= longest else found[: longest - 1].rstrip() + "…"


def plain_number(value: float) -> str:
    """As written up to six digits; 108.01055787450566 (a simulator's) as 108: four digits, and never less than all
    digits before the point."""
    if abs(value) >= 1e15:
        return f"{value:.4g}"
    if value == int(value):
        return str(int(value))
    written = repr(value)
    if "e" not in written and len(written.lstrip("-0.").replace(".", "")) <= _ORDINARY_DIGITS:
        return written
    before = len(str(int(abs(value))))
    short = f"{value:.{max(4 - before, 0)}f}" if abs(value) >= 1 else f"{value:.4g}"
    return short.rstrip("0").rstrip(".") if "." in short and "e" not in short else short


def _laid_out(id: str, drafts: list[Entry]) -> tuple[tuple[Entry, ...], tuple[Document, ...]]:
    """The drafts in the chart's order with their offsets, and the chart."""
    if not drafts:
        return (), ()
    groups: dict[tuple[int, str, str], list[Entry]] = {}
    order = {category: rank for rank, category in enumerate(HEADINGS)}
    for draft in drafts:
        heading = _heading(draft)
        groups.setdefault((order[draft.category], heading.casefold(), heading), []).append(draft)
    source = Source(f"record:{id}:chart", kind="record", title=f"Record of {id}", language="en")
    parts: list[str] = []
    found: list[Section] = []
    placed: list[Entry] = []
    at = 0
    for (_, _, heading), members in sorted(groups.items(), key=lambda item: item[0]):
        start = at + len(heading) + 1
        at = start
        parts.append(heading)
        for entry, text in _lines(members):
            placed.append(replace(entry, document=source.id, begin=at, end=at + len(text)))
            parts.append(text)
            at += len(text) + 1
        found.append(Section(heading, start, at - 1))
        parts.append("")
        at += 1
    return tuple(placed), (Document(source, "\n".join(parts[:-1]), tuple(found)),)


def _heading(entry: Entry) -> str:
    top = HEADINGS[entry.category]
    if entry.category not in _BY_NAME:
        return top
    # " > " parts headings; a test's own name may not.
    return f"{top} > {(one_line(entry.name, longest=_LONGEST_NAME) or 'not named').replace(' > ', ' ')}"


def _lines(entries: list[Entry]) -> list[tuple[Entry, str]]:
    """Entries of one section, oldest first, undated ones last; those of one day and name show the time of day."""
    days = Counter((e.time[:10], e.name) for e in entries if "T" in e.time)
    return [
        (e, line(e, clock=e.time[11:16] if days[e.time[:10], e.name] > 1 else ""))
        for e in sorted(entries, key=lambda e: (not e.time, moment(e.time), e.name))
    ]


def moment(time: str) -> str:
    """What times are sorted by: UTC where the source gives an offset, else as written."""
    if "T" not in time:
        return time
    try:
        parsed = datetime.fromisoformat(time)
        return (parsed.astimezone(UTC) if parsed.tzinfo else parsed).strftime("%Y-%m-%dT%H:%M:%S")
    except (ValueError, OverflowError):
        return time


def _value(entry: Entry) -> str:
    found = plain_number(entry.value) if entry.value is not None else one_line(entry.text)
    if found and entry.unit:
        found += f" {one_line(entry.unit, longest=60)}"
    notes = "; ".join(p for p in (entry.flag, _range(entry)) if p)
    if not notes:
        return found
    return f"{found} ({notes})" if found else notes


def _range(entry: Entry) -> str:
    low, high = entry.low, entry.high
    if low is None and high is None:
        return ""
    if low is None or high is None:
        bound = f"from {plain_number(low)}" if low is not None else f"up to {plain_number(high or 0.0)}"
        return f"reference {bound}"
    return f"reference {plain_number(low)}{'-' if low >= 0 else ' to '}{plain_number(high)}"


def _state(entry: Entry) -> str:
    plain = entry.category in _BY_NAME and entry.status in _PLAIN_STATES
    return "" if plain else one_line(entry.status, longest=60)


def _detail(detail: tuple[str, str]) -> str:
    label, found = one_line(detail[0], longest=60), one_line(detail[1])
    return found if not found or label in _BARE else f"{label} {found}"


def _merged(old: Person, new: Person) -> Person:
    return Person(
        new.id,
        tuple(dict.fromkeys((*old.names, *new.names))),
        new.sex or old.sex,
        new.birth or old.birth,
        new.death or old.death,
        tuple(dict.fromkeys((*old.identifiers, *new.identifiers))),
        tuple(dict.fromkeys((*old.phones, *new.phones))),
        tuple(dict.fromkeys((*old.emails, *new.emails))),
        tuple(dict.fromkeys((*old.addresses, *new.addresses))),
    )
