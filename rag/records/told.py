"""What is told from a patient's entries, and what all kinds of telling share: which entries a name means, which of them
lie in the period, how a day, a value and a state are said in English and Chinese.

Decides what is void (entered in error), what counts once (the same value at the same time), and what is current (by
status, end and the day of the question). Knows nothing of single kinds of questions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from rag.records.anchor import is_drug, known_term
from rag.records.chart import moment, plain_number
from rag.records.ingredients import meant, same
from rag.records.names import GIVEN, Match, concepts, find, label, parts, spot, vaccines, words_of
from rag.records.part import Point
from rag.records.types import Category, Entry, Person
from rag.records.wanted import Wanted


@dataclass(frozen=True, slots=True)
class Told:
    """An answer from entries. text: a few sentences. entries: those it rests on, as the text names them; each number
    and date of the text stands in the line of one, or is said to be counted or computed. points: for a chart. recorded:
    whether what was asked is in the record; where not, the text says so."""

    text: str
    entries: tuple[Entry, ...]
    points: tuple[Point, ...]
    wanted: Wanted
    recorded: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what it is asked of. entries: without void ones and doubles, oldest first."""

    wanted: Wanted
    entries: tuple[Entry, ...]
    person: Person
    today: date
    zh: bool

    def say(self, english: str, chinese: str) -> str:
        """The sentence in the question's language."""
        return chinese if self.zh else english

    def told(
        self, text: str, entries: Iterable[Entry] = (), *, points: Iterable[Point] = (), recorded: bool = True
    ) -> Told:
        """An answer; entries that are named twice are cited once."""
        unique = {id(e): e for e in entries}
        return Told(text, tuple(unique.values()), tuple(points), self.wanted, recorded)


_PLAIN = frozenset({"sex", "birth date", "出生日期", "visit", "visits"})
MOST = 40  # entries that one list names
VOID = frozenset("entered-in-error refuted cancelled not-done not-taken draft".split())
_ON = frozenset("active recurrence relapse intended in-progress current completed-active".split())
_FAMILY = re.compile(r"family history|\bFH\b|\bfamilial history|家族史", re.I)
_PAST = re.compile(r"^(?:past |personal )?history of|\bhistory of\b.*\((?:situation|finding)\)|既往", re.I)


def usable(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries that count, oldest first; the same value of the same thing at the same time once."""
    seen: set[tuple[object, ...]] = set()
    found = []
    for e in sorted(entries, key=lambda e: moment(e.time)):
        key = (e.category, e.name, e.codes, moment(e.time), e.value, unit_key(e.unit), e.text, e.status, e.until)
        void = e.status in VOID and not (e.category == "medication" and e.status == "cancelled")
        if not void and (key not in seen or e.value is None) and e.category != "note":
            seen.add(key)
            found.append(e)
    return tuple(found)


def unit_key(unit: str) -> str:
    """A unit in one spelling: `10*3/uL` and `K/uL` are the same, annotations in braces say nothing."""
    key = re.sub(r"\{[^}]*\}|\s", "", unit.lower().replace("µ", "u").replace("μ", "u")).replace("mcg", "ug")
    key = re.sub(r"^(?:10\*3|10\^3|10e3|x10\*3|x10e3|thou|thousand|k)/(?:ul|mcl|mm3|cumm)$", "k/ul", key)
    key = re.sub(r"^(?:x?10\*9|x?10\^9|x?10e9)/l$", "k/ul", key)
    return {"mm[hg]": "mmhg", "mmhg": "mmhg", "degc": "cel", "°c": "cel", "lbs": "lb", "[lb_av]": "lb", "": ""}.get(
        key, key
    )


def matches(asked: Asked, name: str, *, every: Sequence[Category] = ()) -> tuple[list[Match], list[str]]:
    """The groups that a name means, or that the names it joins mean; and the names of which nothing is recorded."""
    if found := _found(name, asked.entries, every):
        return list(found), []
    several = parts(name) if not meant(name).kind else []
    each = {part: _found(part, asked.entries, every) for part in several if len(several) > 1}
    if any(each.values()):
        return [m for found in each.values() for m in found], [part for part, found in each.items() if not found]
    if "medication" in every and meant(name).kind:
        return [], [name]
    part, alone = spot(name, asked.entries, every=every)
    return (list(part), []) if part and alone else ([], [name])


def _found(name: str, entries: Sequence[Entry], every: Sequence[Category]) -> list[Match]:
    """What a name means; of drugs also what has the same ingredient or is of the class, by whatever name."""
    found = list(find(name, entries, every=every))
    if "medication" not in every or not (meaning := meant(name)).kind:
        return found
    whole, _ = same(meaning, entries)
    if len(meaning.parts) > 1:  # a part of a product, or a word in a class's name, is not what was asked for
        found = [m for m in found if m.entries[0].category != "medication" or words_of(name) <= words_of(m.label)]
    kept = {id(e) for e in whole} - {id(e) for m in found for e in m.entries}
    groups: dict[str, list[Entry]] = {}
    for entry in whole:
        if id(entry) in kept:
            groups.setdefault(entry.name.lower(), []).append(entry)
    return found + [Match(label(g[-1]), tuple(g)) for g in groups.values()]


def unclear(asked: Asked) -> bool:
    """Whether a name that means nothing here has a part that does: what was asked is not understood, rather than not
    recorded."""
    want = asked.wanted
    return bool(spot(want.name, asked.entries)[0]) and not find(want.name, asked.entries)


def within(entries: Iterable[Entry], wanted: Wanted) -> list[Entry]:
    """The entries of the period; a time that is only a year or a month counts where the period touches it."""
    return [e for e in entries if _touches(e.time[:10], wanted)]


def _touches(day: str, wanted: Wanted) -> bool:
    if not wanted.since and not wanted.until:
        return True
    size = len(day)
    return bool(day) and day >= wanted.since[:size] and (not wanted.until or day <= wanted.until[:size])


def day(entry: Entry, asked: Asked) -> str:
    """The day of an entry as it is said."""
    return entry.time[:10] or asked.say("no date recorded", "未记录日期")


def figure(entry: Entry) -> str:
    """Value and unit as the entry's line writes them."""
    found = plain_number(entry.value) if entry.value is not None else entry.text
    return f"{found} {entry.unit}".strip()


def current(entry: Entry, today: date) -> bool:
    """Whether a drug is taken or a problem goes on: active, or no word of its state, and no end before today."""
    ended = bool(entry.until) and entry.until[:10] < today.isoformat()[: len(entry.until[:10])]
    return not ended and (entry.status.lower() in _ON or (not entry.status and not entry.until) or _open(entry))


def _open(entry: Entry) -> bool:
    """An end that is still to come, of an order whose state is not said."""
    return not entry.status and bool(entry.until)


def family(entry: Entry) -> bool:
    """Whether an entry is about the family, not the patient."""
    return bool(_FAMILY.search(entry.name)) or any("family" in k.lower() for k, _ in entry.detail)


def past(entry: Entry) -> bool:
    """Whether an entry's name says that it was, not that it is."""
    return bool(_PAST.search(entry.name))


def missing(asked: Asked, names: Iterable[str]) -> str:
    """That nothing of a name is recorded; of notes nothing is said, since they are prose."""
    known = [name for name in names if understood(name)]
    other = [name for name in names if name not in known]
    listed, odd, said = ", ".join(known), ", ".join(other), []
    if known:
        said.append(
            asked.say(
                f"Not recorded: {listed} (among the structured entries).", f"未见记录：{listed}（仅指结构化记录）。"
            )
        )
    if other:
        said.append(
            asked.say(
                f"Not understood: {odd}. No table has this name and no entry is found by it; it may be recorded "
                "under another one.",
                f"未能理解：{odd}。词表中没有此名称，结构化记录中也未找到；可能以其他名称记录。",
            )
        )
    return asked.say(" ", "").join(said)


def understood(name: str) -> bool:
    """Whether a table knows a name as a test, a drug, a class of drugs, a vaccine or another term of medicine, so that
    not to find it says something."""
    bare = GIVEN.sub("", name).strip()
    return bool(
        name in _PLAIN or concepts(name) or meant(name).kind or known_term(name) or bare in vaccines()
        or known_term(bare) or is_drug(name)
    )  # fmt: skip


def died(asked: Asked) -> tuple[str, list[Entry]]:
    """A sentence that the patient has died, where an entry says so."""
    entry = next((e for e in asked.entries if e.category == "person" and e.name == "Death"), None)
    if not entry:
        return "", []
    return asked.say(f" The patient died on {entry.text[:10]}.", f"患者已于{entry.text[:10]}去世。"), [entry]


def named(match: Match, asked: Asked) -> str:
    """A group's label, in a Chinese answer with the question's word before it."""
    if asked.zh and asked.wanted.name != match.label and not re.search(r"[、和与及]", asked.wanted.name):
        return f"{asked.wanted.name}（{match.label}）"
    return match.label


def dated(entry: Entry, asked: Asked) -> str:
    value = f" {figure(entry)}" if entry.value is not None or (entry.text and entry.category != "person") else ""
    return asked.say(f"{label(entry)}{value} ({day(entry, asked)})", f"{label(entry)}{value}（{day(entry, asked)}）")


def state(entry: Entry, asked: Asked) -> str:
    """A drug, problem or allergy with its state and days."""
    on = current(entry, asked.today)
    word = entry.status or asked.say("recorded", "有记录")
    if asked.zh:
        word = "进行中" if on else {"stopped": "已停", "resolved": "已缓解", "completed": "已完成"}.get(word, word)
    since = asked.say(f"since {day(entry, asked)}", f"自{day(entry, asked)}起") if entry.time else day(entry, asked)
    if not on and entry.until:
        since = asked.say(f"{entry.time[:10]} to {entry.until[:10]}".strip(), f"{entry.time[:10]}至{entry.until[:10]}")
    elif not on:
        since = asked.say(
            f"begun {day(entry, asked)}, no end date recorded", f"始于{day(entry, asked)}，未记录结束日期"
        )
    reaction = "; ".join(v for k, v in entry.detail if k in ("reaction", "dose", "severity"))
    more = f", {reaction}" if reaction else ""
    return asked.say(f"{label(entry)} ({word}, {since}{more})", f"{label(entry)}（{word}，{since}{more}）")


def latest(groups: Iterable[Match]) -> list[Entry]:
    """The latest entry of each group; of entries at one time an active one, so that nothing current is overlooked."""
    return [max(enumerate(g.entries), key=lambda p: (p[1].time, p[1].status == "active", p[0]))[1] for g in groups]
