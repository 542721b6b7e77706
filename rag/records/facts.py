"""What a record says that decides whether a study is about such a patient: age, sex, pregnancy, the last values of
a few tests, conditions, allergies and current drugs, each with the entry that says it.

Decides what is current (by status, end and `today`), which of several values is the last, and under which names of
`rag/tables/conditions.tsv` and `drug-classes.tsv` an entry counts. Test values are brought to one unit; nothing is
estimated (no eGFR from a creatinine). A name that no table has is not seen. Knows nothing of studies.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from rag.expand import brands, chinese_of, english, table
from rag.records.measures import canonical, measure_of
from rag.records.types import Entry, Person
from rag.variants import bare, singular

_VOID = frozenset("entered-in-error cancelled refuted not-taken not-done draft declined".split())
_ENDED = frozenset("stopped completed resolved inactive remission ended discontinued on-hold abated".split())
_NOT_THEIRS = re.compile(
    r"family history|\bFH\b|screening|at risk|\brisk of|suspected|rule out|家族史|\bno (?:evidence|history)",
    re.I,
)
_TOPICAL = re.compile(
    r"cream|ointment|topical|ophthalmic|\botic\b|nasal|\bgel\b|lotion|eye|乳膏|软膏|滴眼|滴耳|喷鼻|鼻喷|外用",
    re.I,
)
_PREGNANT = re.compile(r"pregnan|gravid|妊娠|怀孕|孕(?:期|妇|\d)", re.I)
_NOT_PREGNANT = re.compile(
    r"not pregnant|non-?pregnan|negative|history of|past pregnan|unwanted|miscarriage|ectopic|\btest\b|"
    r"prevention|planning|未孕|未妊娠|阴性",
    re.I,
)
_LACTATING = re.compile(r"breast-?\s?feeding|lactat(?:ing|ion)|nursing mother|哺乳", re.I)
_NOT_LACTATING = re.compile(
    r"\bnot?\b|never|stopped|history of|education|suppress|problem|未哺乳|停止哺乳|否|formula", re.I
)
_NURSING = 730  # days after which breastfeeding that nobody ended in the record is over
_TERM = 310  # days after which a pregnancy that nobody ended in the record is over


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement. name: a measure, or what the entry is called. value, limit (the reference range's upper end): in
    the measure's unit of `rag.records.measures`. names: the table names that it counts under, wider ones included."""

    name: str
    entry: Entry
    value: float | None = None
    limit: float | None = None
    names: frozenset[str] = frozenset()
    current: bool = True


@dataclass(frozen=True, slots=True)
class Facts:
    """age: years, to the completed month, at `today` or death; None without a birth date. measures: the last value of
    each test. conditions: past ones too, with `current` false; medications: the same. pregnancy, lactation: only one
    that goes on."""

    today: date
    age: float | None = None
    sex: str = ""
    pregnancy: Fact | None = None
    measures: Mapping[str, Fact] | None = None
    conditions: tuple[Fact, ...] = ()
    allergies: tuple[Fact, ...] = ()
    medications: tuple[Fact, ...] = ()
    lactation: Fact | None = None


@dataclass(frozen=True, slots=True)
class Concept:
    """A condition or drug that a text names at [start, end). kind: `condition`, `renal`, `hepatic` or `medication`."""

    kind: str
    name: str
    start: int
    end: int


def facts(person: Person, entries: Iterable[Entry], *, today: date | None = None) -> Facts:
    """The facts of one patient; today: the day on which ages and what is current are counted, else the clock's."""
    today = today or date.today()
    known = [e for e in entries if e.status.lower() not in _VOID and not ((d := day(e.time)) and d > today)]
    born, last = day(person.birth), day(person.death) or today
    age = _months(born, last) / 12 if born and born <= last else None
    return Facts(
        today,
        age,
        person.sex.lower(),
        None if person.sex.lower() == "male" else _pregnancy(known, today),
        _measures(known),
        tuple(_named(known, "condition", today)),
        tuple(_named(known, "allergy", today)),
        tuple(_named(known, "medication", today)),
        None if person.sex.lower() == "male" else _lactation(known, today),
    )


def _months(born: date, last: date) -> int:
    return (last.year - born.year) * 12 + last.month - born.month - (last.day < born.day)


def day(text: str) -> date | None:
    """The day of an ISO 8601 time; the first one of a month or year. None if it is none."""
    match = re.match(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", text)
    try:
        return date(int(match[1]), int(match[2] or 1), int(match[3] or 1)) if match else None
    except ValueError:
        return None


def _measures(entries: list[Entry]) -> dict[str, Fact]:
    found: dict[str, Fact] = {}
    for entry in entries:
        if entry.category not in ("laboratory", "vital", "imaging", "procedure", "survey", "report"):
            continue
        for key, value in _values(entry):
            exact = canonical(key, value, entry.unit)
            if exact is not None and (key not in found or found[key].entry.time <= entry.time):
                limit = canonical(key, entry.high, entry.unit) if entry.high is not None else None
                found[key] = Fact(key, entry, exact, limit)
    return found


def _values(entry: Entry) -> Iterator[tuple[str, float]]:
    if entry.value is not None:
        if key := measure_of(entry.name):
            yield key, entry.value
        return
    both = re.search(r"(\d{2,3})\s?/\s?(\d{2,3})", entry.text)
    if both and re.search(r"blood pressure|血压|\bBP\b", entry.name, re.I):
        yield "systolic", float(both[1])
        yield "diastolic", float(both[2])
    for name, text in entry.detail:
        if (key := measure_of(name)) in ("systolic", "diastolic") and (number := re.search(r"\d{2,3}(?:\.\d+)?", text)):
            yield key, float(number[0])


def _pregnancy(entries: list[Entry], today: date) -> Fact | None:
    for entry in sorted(entries, key=lambda e: e.time, reverse=True):
        said = f"{entry.name} {entry.text}"
        if entry.category not in ("condition", "survey", "laboratory", "vital") or not _PREGNANT.search(said):
            continue
        if entry.category != "condition" and not re.search(
            r"\bpregnant|positive|^yes|阳性|怀孕|妊娠", entry.text, re.I
        ):
            continue
        begun = day(entry.time)
        if not _NOT_PREGNANT.search(said) and _goes_on(entry, today) and begun and (today - begun).days <= _TERM:
            return Fact(entry.name, entry)
    return None


def _lactation(entries: list[Entry], today: date) -> Fact | None:
    for entry in sorted(entries, key=lambda e: e.time, reverse=True):
        begun = day(entry.time)
        if entry.category not in ("condition", "survey") or not _LACTATING.search(f"{entry.name} {entry.text}"):
            continue
        if _NOT_LACTATING.search(f"{entry.name} {entry.text}") or not _goes_on(entry, today) or not begun:
            continue
        if (today - begun).days <= _NURSING:
            return Fact(entry.name, entry)
    return None


def _goes_on(entry: Entry, today: date) -> bool:
    until = day(entry.until)
    return entry.status.lower() not in _ENDED and not (until and until < today)


def _named(entries: list[Entry], category: str, today: date) -> Iterator[Fact]:
    for entry in entries:
        if entry.category != category or _NOT_THEIRS.search(entry.name):
            continue
        said = brand_names(entry.name) if category != "condition" else entry.name
        mentions = [c for c in concepts(said) if (c.kind == "medication") == (category != "condition")]
        local = category == "medication" and _TOPICAL.search(entry.name)
        names = frozenset(n for c in mentions for n in ((c.name,) if local else wider(c.name)))
        yield Fact(entry.name, entry, names=names, current=_goes_on(entry, today))


def brand_names(text: str) -> str:
    """A drug's name as a record has it, followed by what its brand names stand for."""
    known = brands()
    added = [known[bare(word)][0] for word in re.findall(r"[A-Za-z][\w-]{2,30}", text) if bare(word) in known]
    return " ; ".join([text, *added])


# --- names of conditions and drugs -----------------------------------------------------------------------------------
_WORD = re.compile(r"[A-Za-zα-ωΑ-Ω0-9]+(?:['’]s)?|[\u3400-\u9fff]")
_JOINED = re.compile(r"[\s\-‐‑–/]{0,2}")
_NO_DRUGS = frozenset(
    "potassium calcium iron zinc magnesium sodium glucose alcohol oxygen water nicotine caffeine testosterone protein "
    "dextrose phosphate chloride copper albumin creatine urea".split()
)
_NOT_AFTER = re.compile(
    r"[\s-]{0,2}(?:dependen|abuse|addict|misuse|use disorder|mediat|induced|resist|sensitiv|receptor|level|secretion|"
    r"deficien|negative|positive|failure to|抵抗|水平|受体)",
    re.I,
)


def concepts(text: str) -> list[Concept]:
    """The conditions and drugs that a text names, in order; of overlapping names the longest from the left."""
    words, found, at = list(_WORD.finditer(text)), [], 0
    while at < len(words):
        size, (kind, name) = _longest(text, words, at)
        if size and not (kind == "medication" and _NOT_AFTER.match(text, words[at + size - 1].end())):
            found.append(Concept(kind, name, words[at].start(), words[at + size - 1].end()))
        at += max(size, 1)
    return found


def _longest(text: str, words: list[re.Match[str]], at: int) -> tuple[int, tuple[str, str]]:
    known, best, key = _vocabulary(), (0, ("", "")), ""
    for size in range(1, min(12, len(words) - at) + 1):
        word = words[at + size - 1]
        if size > 1 and not _JOINED.fullmatch(text, words[at + size - 2].end(), word.start()):
            break
        cjk = word[0] > "\u3400"
        key = key + ("" if cjk else " ") + (word[0] if cjk else _one(word[0]))
        hit = known.get(key.strip()) or (known.get("=" + word[0]) if size == 1 else None)
        if hit:
            best = size, hit
    return best


def _one(word: str) -> str:
    return singular(word.lower().replace("’", "'"))


def _key(name: str) -> str:
    """The form of a name that is looked up; a short form in capitals keeps them behind `=`."""
    if re.fullmatch(r"[A-Z][A-Z0-9]{1,5}s?", name):
        return "=" + name
    key = ""
    for word in _WORD.findall(name):
        key += word if word > "\u3400" else " " + _one(word)
    return key.strip()


@functools.cache
def _vocabulary() -> Mapping[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for key, names in table("conditions").items():
        kind, _, chain = key.partition(" / ")
        _add(found, names, (kind, chain.split(" < ")[0]))
    for key, members in table("drug-classes").items():
        names = key.split(" | ")
        _add(found, names, ("medication", names[0]))
        for member in members:
            _add(found, [member], ("medication", member))
    generics = {part for names, _ in brands().values() for part in names.split(" + ")}
    for name in sorted(generics - _NO_DRUGS):
        _add(found, [name], ("medication", name))
    for lay, technical in table("lay").items():
        if len(lay) > 4 and (meant := found.get(_key(technical[0]))):
            found.setdefault(_key(lay), meant)
    return found


def _add(found: dict[str, tuple[str, str]], names: list[str], meant: tuple[str, str]) -> None:
    for name in names:
        others = [n for n in english().get(name.lower(), ()) if len(n) > 4]
        for form in (name, *others, *chinese_of().get(name.lower(), ())):
            found.setdefault(_key(form), meant)


@functools.cache
def _wider() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for key in table("conditions"):
        name, *above = key.partition(" / ")[2].split(" < ")
        found.setdefault(name, set()).update(above)
    for key, members in table("drug-classes").items():
        for member in members:
            found.setdefault(member, set()).add(key.split(" | ")[0])
    return {name: frozenset(above) for name, above in found.items()}


def wider(name: str) -> frozenset[str]:
    """A table name with all that it is one of: type 2 diabetes and diabetes, warfarin and anticoagulants."""
    found, todo = {name}, [name]
    while todo:
        for above in _wider().get(todo.pop(), frozenset()) - found:
            found.add(above)
            todo.append(above)
    return frozenset(found)
