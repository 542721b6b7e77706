"""A patient's record as a report reads it: which entries and notes lie in its period, and the places that are cited.

Decides what counts (void and doubled entries do not), what of a period's limits applies to what, and which encounter an
id means. An entry does not say to which encounter it belongs, so the period of the encounter decides. Knows nothing of
sections.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from indexer.errors import ConfigError
from indexer.sentences import split
from indexer.types import Document
from rag.records.headings import canonical, english
from rag.records.part import Cited
from rag.records.told import current, usable
from rag.records.types import Category, Entry, Record
from rag.tasks.page import Text
from rag.tasks.report.wording import word

_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?\Z")
# A line of a note that begins anew: a bullet, a capital, a number, a Chinese character.
_NEW_LINE = re.compile(r"\n(?=[ \t]{0,20}[-*•#\dA-Z\u4e00-\u9fff])")
_MARKS = re.compile(r"\A[-*•#\s]{0,40}(?:\d{1,2}[.)、][ \t]{1,4})?")
_LONGEST = 600
# How many of a unit of time are a year.
_A_YEAR = {
    **dict.fromkeys(("a", "y", "yr", "yrs", "yo", "year", "years", "{age}", "岁", "年"), 1.0),
    **dict.fromkeys(("mo", "month", "months", "月", "个月"), 12.0),
    **dict.fromkeys(("wk", "week", "weeks", "周"), 52.1), **dict.fromkeys(("d", "day", "days", "天", "日"), 365.2),
}  # fmt: skip
_OVER = frozenset({"finished", "completed", "discharged", "cancelled"})


@dataclass(slots=True)
class Places:
    """Numbers the places of a record as they are cited; one place has one number."""

    documents: dict[str, Document]
    owners: dict[tuple[str, int], Entry] = field(default_factory=dict)
    found: dict[tuple[str, int, int], Cited] = field(default_factory=dict)

    def entry(self, entry: Entry) -> str:
        """The label of an entry's line."""
        return self._at(entry, entry.begin, entry.end)

    def span(self, note: Entry, start: int, end: int) -> str:
        """The label of characters of a note."""
        return self._at(note, start, end)

    def _at(self, entry: Entry, start: int, end: int) -> str:
        key = (entry.document, start, end)
        if key not in self.found:
            quote = self.documents[entry.document].text[start:end]
            number = len(self.found) + 1
            self.found[key] = Cited(number, entry.resource, entry.time, entry.document, start, end, quote)
        return f"R{self.found[key].number}"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a note: `text` is `document.text[start:end]`. heading: of its section, in English."""

    note: Entry
    heading: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Case:
    """What a report is made from. since, until: ISO days of the period, "" where it is open. masked: whether the
    reader may not see identifiers. computed: a text, and what it says that no place holds."""

    record: Record
    language: str
    today: date
    places: Places
    entries: tuple[Entry, ...]
    since: str = ""
    until: str = ""
    encounter: Entry | None = None
    masked: bool = False
    computed: set[tuple[str, str]] = field(default_factory=set)

    @property
    def day(self) -> date:
        """The day by which something is over or goes on: the last of the period, today at the latest."""
        return min(self.today, _last(self.until) or self.today)

    def going(self, entry: Entry) -> bool:
        """Whether a drug was taken, a problem there or a plan open on `day`. A state is today's: what ended only after
        the period went on in it."""
        if current(entry, self.day):
            return True
        return self.day < self.today and entry.until[:10] > self.day.isoformat()[: len(entry.until[:10])]

    def touches(self, entry: Entry) -> bool:
        """Whether an entry's time, from its begin to its end, overlaps the period. What has no end ended as it began:
        nothing more is known."""
        begin, end = entry.time[:10], (entry.until or entry.time)[:10]
        if not self.since and not self.until:
            return True
        early = bool(self.until) and begin > self.until[: len(begin)]
        return bool(end) and end >= self.since[: len(end)] and not early

    def within(self, time: str) -> bool:
        """Whether a time lies in the period; a month or a year does where the period touches it. Without a period
        everything does."""
        day = time[:10]
        if not self.since and not self.until:
            return True
        size = len(day)
        return bool(day) and day >= self.since[:size] and (not self.until or day <= self.until[:size])

    def of(self, category: Category) -> list[Entry]:
        """Entries of a category in the period, oldest first."""
        return [e for e in self.entries if e.category == category and self.within(e.time)]

    def ever(self, category: Category) -> list[Entry]:
        """Entries of a category that had begun by the end of the period, oldest first."""
        return [
            e for e in self.entries
            if e.category == category and (not self.until or e.time[:10] <= self.until[: len(e.time[:10])])
        ]  # fmt: skip

    def notes(self) -> list[Entry]:
        """Notes of the period, the newest first."""
        found = [e for e in self.record.entries if e.category == "note" and self.within(e.time)]
        return sorted(found, key=lambda e: e.time, reverse=True)

    def cell(self, text: str, *entries: Entry) -> Text:
        """A text of a table's cell that rests on entries; an empty one cites nothing."""
        return Text(text, tuple(self.places.entry(e) for e in entries) if text else ())

    def say(self, key: str, **values: object) -> str:
        """What the program says by itself."""
        return word(key, self.language, **values)

    def quote(self, sentence: Sentence) -> Text:
        """A sentence of a note in quotation marks, with the note's day before it."""
        day, shown = sentence.note.time[:10], " ".join(sentence.text.split())
        label = self.places.span(sentence.note, sentence.start, sentence.end)
        return Text(f"{day}: “{shown}”" if day else f"“{shown}”", (label,))

    def sentences(self, wanted: Callable[[Entry, str], bool]) -> Iterator[Sentence]:
        """Sentences of the notes' sections that are wanted, in order, the newest note first. wanted: is given the note
        and the English name of a section's heading."""
        for note in self.notes():
            document = self.places.documents[note.document]
            for section in document.sections:
                heading = english(canonical(section.heading) or section.heading)
                if wanted(note, heading):
                    spans = _spans(document.text, section.start, section.end)
                    yield from (Sentence(note, heading, a, b, document.text[a:b]) for a, b in spans)


def case(
    record: Record, *, language: str, today: date, since: str = "", encounter: Entry | None = None, masked: bool = False
) -> Case:  # fmt: skip
    """The case of a record. since: an ISO day, month or year. masked: for a reader who may not see identifiers.

    Raises ConfigError for a day that is none.
    """
    if since and not _DATE.match(since):
        raise ConfigError(f"--since {since}: expected a day such as 2021-03-02 (or 2021-03, 2021)")
    until = ""
    if encounter is not None:
        since = max(since, encounter.time[:10])
        # One that is over and has no end is a visit of a day; one that goes on lasts until now.
        over = encounter.status.rpartition(", ")[2].lower() in _OVER
        until = encounter.until[:10] or (encounter.time[:10] if over else max(encounter.time[:10], today.isoformat()))
    places = Places({d.source.id: d for d in record.documents})
    # A drawing or a unit would tell an age that words do not.
    entries = tuple(e for e in usable(record.entries) if not (masked and old_age(e)))
    return Case(record, language, today, places, entries, since, until, encounter, masked)


def old_age(entry: Entry) -> bool:
    """Whether a value is an age over 89, in whatever unit of time: those ages are one category (45 CFR
    164.514(b)(2)(i)(C))."""
    unit = entry.unit.strip().lower()
    named = not unit and re.search(r"\bage\b|年龄", entry.name, re.I)
    years = 1.0 if named else _A_YEAR.get(unit.removesuffix("old").strip(" -"), 0.0)
    return bool(years) and entry.value is not None and entry.value >= 90 * years


def _last(day: str) -> date | None:
    """The last day of an ISO day, month or year; None for what is none."""
    try:
        if len(day) == 4:
            return date(int(day), 12, 31)
        if len(day) == 7:
            year, month = int(day[:4]), int(day[5:])
            return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        return date.fromisoformat(day)
    except ValueError:
        return None


def find_encounter(id: str, entries: Iterable[Entry], *, shown: Callable[[str], str]) -> Entry:
    """The encounter of this id. shown: a resource's id as the person sees it. Raises ConfigError naming the latest."""
    known = [e for e in usable(entries) if e.category == "encounter"]
    for e in known:
        if id in (shown(e.resource), shown(e.resource).rpartition("/")[2]):
            return e
    latest = ", ".join(shown(e.resource).rpartition("/")[2] for e in known[-5:][::-1])
    hint = f"the latest are {latest}" if latest else "the record has none"
    raise ConfigError(f"--encounter {id}: no such encounter in the record; {hint}")


def _spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Sentences of `text[start:end]`, by line where a line begins anew, without bullets and without overlong ones."""
    cuts = [start, *(m.start() for m in _NEW_LINE.finditer(text, start, end)), end]
    for a, b in pairwise(cuts):
        for x, y in split(text[a:b]):
            piece = text[a + x : a + y]
            mark = _MARKS.match(piece)
            begin = a + x + (mark.end() if mark else 0)
            if any(c.isalnum() for c in text[begin : a + y]) and a + y - begin <= _LONGEST:
                yield begin, a + y
