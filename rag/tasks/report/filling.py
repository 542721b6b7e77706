"""Fills a section of a report from the record's entries: who, problems, drugs, visits, procedures, plans.

Decides which entries a kind of section shows, in what order and form. Whatever is shown is the words of an entry's
line; labels and gaps are the program's. Measurements are in `measured`, sentences of notes in `quoted`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date

from rag.records.chart import one_line, plain_number
from rag.records.told import family, past
from rag.records.types import Category, Entry
from rag.tasks.page import Paragraph, Points, Table, Text
from rag.tasks.report.case import Case
from rag.tasks.report.draft import Part, Piece
from rag.tasks.report.kinds import KINDS
from rag.tasks.report.measured import measured
from rag.tasks.report.quoted import HEADINGS, quoted
from rag.tasks.report.template import Spec

OLDEST = 89
_IMAGES = re.compile(
    r"x-?ray|radiograph|radiolog|\bCT\b|\bMRI?\b|\bPET\b|tomograph|magnetic resonance|ultraso|sonogra|echocardio|"
    r"mammogra|angiogra|imaging|scintigra|densitometr|\bDXA\b|影像|放射|超声|磁共振|X线|造影",
    re.I,
)
# Who and where: no part of what a list of a report says.
_LEFT_OUT = frozenset({"with", "at", "ordered by", "lot"})
_BARE = ("frequency", "type", "class", "as needed", "conclusion")  # as the chart writes them: without their label
_USE = ("dose", "route", "frequency", "as needed", "duration", "rate", "instruction", "instructions", "text")


def part(case: Case, spec: Spec) -> Part:
    """One section: what the record has, or the gap."""
    pieces = tuple(_MAKERS[spec.kind](case, spec))
    return Part(spec.kind, spec.heading, spec.code, pieces, "" if pieces else gap(case, spec.kind))


def gap(case: Case, kind: str) -> str:
    """That nothing is recorded, and that this says no more than that."""
    what = KINDS[kind].what[case.language == "zh"]
    bounded = (case.since or case.until) and kind not in ("demographics", "problems", "history", "allergies")
    found = case.say("no entry in period" if bounded else "no entry", what=what)
    also = case.say("not nothing") if kind in ("allergies", "medications", "problems") else ""
    return f"{found}{'' if case.language == 'zh' else ' '}{also}".strip()


def _person(case: Case, spec: Spec) -> Iterable[Piece]:
    facts = {e.name: e for e in case.entries if e.category == "person"}
    rows: list[tuple[Text, ...]] = []
    age = age_of(case)
    # So old are few: who may not see identifiers sees no date from which the age could be told.
    hidden = ("Birth date", "Death") if case.masked and (age is None or age > OLDEST) else ()
    for name in ("Sex", "Birth date", "Death"):
        if (entry := facts.get(name)) and name not in hidden:
            rows.append((Text(case.say(name)), case.cell(entry.text, entry)))
    born, died = facts.get("Birth date"), facts.get("Death")
    if born and age is not None:
        old = case.masked and age > OLDEST
        said = case.say("90 or older") if old else f"{age}" if died else f"{age} ({case.today})"
        case.computed.add((said, said))
        rows.append((Text(case.say("Age")), case.cell(said, *((born, died) if died else (born,)))))
    if rows:
        yield Table((case.say("what"), case.say("value")), tuple(rows))


def age_of(case: Case) -> int | None:
    """The patient's age in years on the day of the report or of death; None where a date is not whole."""
    facts = {e.name: e.text for e in case.entries if e.category == "person"}
    born, died = facts.get("Birth date", ""), facts.get("Death", "")
    try:
        begin, end = date.fromisoformat(born[:10]), date.fromisoformat(died[:10]) if died else case.today
    except ValueError:
        return None
    age = end.year - begin.year - ((end.month, end.day) < (begin.month, begin.day))
    return age if age >= 0 else None


def _reason(case: Case, spec: Spec) -> Iterable[Piece]:
    visits = [case.encounter] if case.encounter else case.of("encounter")[-1:]
    said = [(e, v) for e in visits for k, v in e.detail if k == "reason"]
    if said:
        yield Points(tuple(case.cell(f"{e.time[:10]} {_name(e)}: {one_line(v)}".strip(), e) for e, v in said))
    yield from quoted(case, spec, HEADINGS["reason"])


def _problems(case: Case, spec: Spec) -> Iterable[Piece]:
    held = [e for e in _newest(_own(case)) if case.going(e)]
    yield from _table(case, spec, held, ("what", "since when", "status", "detail"), _problem)
    yield from quoted(case, spec, HEADINGS["problems"])


def _own(case: Case) -> list[Entry]:
    """The patient's own conditions; a later one of the family, or that was, hides none of the same name."""
    return [e for e in case.ever("condition") if not past(e) and not family(e)]


def _problem(case: Case, e: Entry) -> tuple[Text, ...]:
    return case.cell(_name(e), e), case.cell(e.time[:10], e), case.cell(e.status, e), case.cell(_facts(e), e)


def _name(e: Entry) -> str:
    return one_line(e.name, longest=300)


def _facts(e: Entry) -> str:
    """The details of an entry in the words of its line, without who and where."""
    kept = [(k, one_line(v)) for k, v in e.detail if k not in _LEFT_OUT]
    return "; ".join(v if k in _BARE else f"{k} {v}" for k, v in kept if v)


def _history(case: Case, spec: Spec) -> Iterable[Piece]:
    over = [e for e in _newest(_own(case)) if not case.going(e)]
    other = _newest(e for e in case.ever("condition") if past(e) or family(e))
    held = [e for e in sorted([*over, *other], key=_latest, reverse=True) if _recent(case, e)]
    yield from _table(case, spec, held, ("what", "since when", "until", "status"), _ended)
    yield from quoted(case, spec, HEADINGS["history"])


def _ended(case: Case, e: Entry) -> tuple[Text, ...]:
    return case.cell(_name(e), e), case.cell(e.time[:10], e), case.cell(e.until[:10], e), case.cell(e.status, e)


def _recent(case: Case, e: Entry) -> bool:
    """Whether what is over lay in the period; what has no end may have."""
    return not case.since or not e.until or e.until[:10] >= case.since[: len(e.until[:10])]


def _allergies(case: Case, spec: Spec) -> Iterable[Piece]:
    held = _newest(case.ever("allergy"))
    yield from _table(case, spec, held, ("what", "since when", "status", "detail"), _problem)
    yield from quoted(case, spec, HEADINGS["allergies"])


def _medications(case: Case, spec: Spec) -> Iterable[Piece]:
    held = _newest(case.ever("medication"))
    active, now = [e for e in held if case.going(e)], case.day == case.today
    ended = ("what", "dose", "since when", "until", "status")
    if now:
        yield from _table(case, spec, active, ("what", "dose", "since when", "status"), _drug, "active medications")
    else:
        yield from _table(case, spec, active, ended, _ended_drug, "active then")
    over = [e for e in held if not case.going(e) and case.touches(e)]
    yield from _table(case, spec, over, ended, _ended_drug, "changed medications")
    yield from quoted(case, spec, HEADINGS["medications"])


def _drug(case: Case, e: Entry) -> tuple[Text, ...]:
    use = "; ".join(one_line(v) for k, v in e.detail if k in _USE) or _facts(e)
    return case.cell(_name(e), e), case.cell(use, e), case.cell(e.time[:10], e), case.cell(e.status, e)


def _ended_drug(case: Case, e: Entry) -> tuple[Text, ...]:
    *begun, status = _drug(case, e)
    return (*begun, case.cell(e.until[:10], e), status)


def _listed(category: Category) -> Callable[[Case, Spec], Iterable[Piece]]:
    def made(case: Case, spec: Spec) -> Iterable[Piece]:
        yield from _lines(case, spec, case.of(category))

    return made


def _procedures(case: Case, spec: Spec) -> Iterable[Piece]:
    yield from _lines(case, spec, case.of("procedure"))
    yield from quoted(case, spec, HEADINGS["procedures"])


def _imaging(case: Case, spec: Spec) -> Iterable[Piece]:
    reports = [e for e in case.of("report") if _IMAGES.search(e.name)]
    yield from _lines(case, spec, sorted([*case.of("imaging"), *reports], key=lambda e: e.time))
    yield from quoted(case, spec, HEADINGS["imaging"])


def _course(case: Case, spec: Spec) -> Iterable[Piece]:
    yield from _lines(case, spec, [case.encounter] if case.encounter else case.of("encounter"))
    yield from quoted(case, spec, HEADINGS["course"])


def _follow_up(case: Case, spec: Spec) -> Iterable[Piece]:
    plans = [e for e in case.ever("plan") if case.going(e) or (case.within(e.time) and bool(case.since))]
    yield from _lines(case, spec, plans)
    yield from quoted(case, spec, HEADINGS["follow-up"])


def _sections(kind: str) -> Callable[[Case, Spec], Iterable[Piece]]:
    return lambda case, spec: quoted(case, spec, HEADINGS[kind])


def _lines(case: Case, spec: Spec, entries: Sequence[Entry]) -> Iterable[Piece]:
    """The newest entries of a list, in order, and how many are not listed."""
    if entries:
        yield Points(tuple(_short(case, e) for e in entries[len(entries) - min(spec.most, len(entries)) :]))
        yield from more(case, len(entries) - spec.most)


def _short(case: Case, e: Entry) -> Text:
    """An entry's line without who and where."""
    facts = (one_line(e.text) or (plain_number(e.value) if e.value is not None else ""), e.status, _facts(e))
    span = e.time[:10] + (f" to {e.until[:10]}" if e.until and e.until[:10] != e.time[:10] else "")
    said = "; ".join(f for f in facts if f)
    return case.cell(" ".join(p for p in (span, f"{_name(e)}: {said}" if said else _name(e)) if p), e)


def _table(
    case: Case, spec: Spec, entries: Sequence[Entry], header: tuple[str, ...],
    row: Callable[[Case, Entry], tuple[Text, ...]], caption: str = "",
) -> Iterable[Piece]:  # fmt: skip
    if not entries:
        return
    rows = tuple(row(case, e) for e in entries[: spec.most])
    if rows:
        yield Table(tuple(case.say(h) for h in header), rows, case.say(caption) if caption else "")
    yield from more(case, len(entries) - spec.most)


def more(case: Case, left: int) -> Iterable[Piece]:
    """How many of a list are not shown."""
    if left > 0:
        yield Paragraph((Text(case.say("more", n=left)),))


def _newest(entries: Iterable[Entry]) -> list[Entry]:
    """Of each name the latest entry, an active one before others of its day; the latest first."""
    found: dict[str, Entry] = {}
    for e in entries:
        old = found.get(e.name.lower())
        if old is None or (e.time, e.status == "active") >= (old.time, old.status == "active"):
            found[e.name.lower()] = e
    return sorted(found.values(), key=_latest, reverse=True)


def _latest(e: Entry) -> tuple[str, str]:
    return e.time, e.name


_MAKERS: dict[str, Callable[[Case, Spec], Iterable[Piece]]] = {
    "demographics": _person, "reason": _reason, "problems": _problems, "history": _history, "allergies": _allergies,
    "medications": _medications, "vitals": lambda c, s: measured(c, s, "vital"),
    "laboratory": lambda c, s: measured(c, s, "laboratory"), "imaging": _imaging, "procedures": _procedures,
    "immunizations": _listed("immunization"), "course": _course, "examination": _sections("examination"),
    "assessment": _sections("assessment"), "follow-up": _follow_up,
    "notes": lambda c, s: quoted(c, s, frozenset(s.headings)), "gaps": lambda c, s: (),
}  # fmt: skip
