"""Answers a question about a patient's values from the record's entries: the last, the highest, a trend, a count.

Decides which values are compared (those of one unit; others are converted where the units say how, else named apart),
and what is said: values and days as their lines have them, counts and differences as counted and computed. Never what a
value means for the patient. States (drugs, problems, allergies, the person) are told by rag.records.states.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from rag.records import states
from rag.records.anchor import Anchored, anchored, several
from rag.records.chart import plain_number
from rag.records.names import Match, concept_of, concepts
from rag.records.part import Point
from rag.records.told import Asked, Told, day, died, figure, matches, missing, named, unclear, unit_key, usable, within
from rag.records.types import Entry, Person
from rag.records.wanted import Kind, Read, Wanted, by_cues, read
from rag.units import MOLAR, VOLUMES, unit_at

__all__ = ["Told", "answer"]
_MOST = 12  # values that one answer names


@dataclass(frozen=True, slots=True)
class Value:
    """A value in the unit of its series. entry: where it is from; own: whether in the entry's own unit."""

    entry: Entry
    value: float
    own: bool = True


def answer(question: str, entries: Iterable[Entry], person: Person, *, today: date) -> Told | None:
    """What the entries of one patient say to a question; None where it asks for what no entry can tell, or names
    nothing that is known. A thing that could be recorded and is not gives a Told with `recorded=False`."""
    text = read(question, today=today)
    if text is None:
        return None
    usable_ = usable(entries)
    other = anchored(text, usable_)
    first = _tell(by_cues(text), usable_, person, text, today)
    if other and (first is None or _rather(first, other)):
        return _tell(other.wanted, usable_, person, text, today) or first
    return first


def _tell(want: Wanted | None, entries: tuple[Entry, ...], person: Person, text: Read, today: date) -> Told | None:
    if want is None:
        return None
    asked = Asked(want, entries, person, today, text.zh)
    told = states.unjudged(asked, states.tell(asked) if want.kind in states.KINDS else _measured(asked))
    if told and not told.recorded and not told.entries and want.name and (unclear(asked) or several(want.name)):
        return None
    return told


def _rather(told: Told, other: Anchored) -> bool:
    """Whether the reading from the named thing counts more than that of the cues, which left more than the name."""
    if told.wanted.name in ("", other.wanted.name):
        return False
    return not told.recorded or other.explicit


def _measured(asked: Asked) -> Told | None:
    want = asked.wanted
    if want.kind == "count" and not concepts(want.name) and (counted := states.problems(asked)):
        return counted
    groups, lost = matches(asked, want.name)
    groups = [g for g in groups if any(_says(e) for e in g.entries)]
    if not groups:
        found = states.events(asked) if want.kind in ("last", "first", "all", "count", "at") and want.sure else None
        if found and found.entries:
            return found
        return asked.told(missing(asked, [want.name]), recorded=False) if want.sure or concepts(want.name) else None
    texts: list[str] = []
    cited: list[Entry] = []
    points: list[Point] = []
    there = False
    for group in groups[:_MOST]:
        for values in _series(group, asked):
            text, named_ = _told(group, values, asked)
            texts.append(text)
            cited += named_
            inside = [v for v in values if v.entry in within([v.entry], want)]
            there |= bool(inside) or want.near
            points += [Point(v.entry.time, v.value, values[-1].entry.unit, group.label) for v in inside]
    if lost:
        texts.append(missing(asked, lost))
    return asked.told(asked.say(" ", "").join(texts), cited, points=points, recorded=there)


def _says(entry: Entry) -> bool:
    return entry.value is not None or (bool(entry.text) and entry.category in ("laboratory", "vital", "survey"))


def _series(group: Match, asked: Asked) -> list[list[Value]]:
    """The values of a group by unit, oldest first; in the unit of the latest value all that can be converted to it.

    A group of words alone gives one series of entries without numbers.
    """
    entries = [e for e in group.entries if _says(e)]
    numbers = [e for e in entries if e.value is not None]
    if not numbers or (entries[-1].value is None and asked.wanted.kind in ("last", "all", "first", "at")):
        return [[Value(e, 0.0) for e in entries]]
    rows: dict[str, list[Value]] = {unit_key(numbers[-1].unit): []}
    main = numbers[-1].unit
    for e in numbers:
        own = unit_key(e.unit) == unit_key(main)
        value = e.value if own else converted(e, main)
        if value is None:
            rows.setdefault(unit_key(e.unit), []).append(Value(e, e.value or 0.0))
        else:
            rows[unit_key(main)].append(Value(e, value, own))
    if asked.wanted.kind in ("last", "first", "count"):
        return [sorted((v for row in rows.values() for v in row), key=lambda v: numbers.index(v.entry))]
    return list(rows.values())


def converted(entry: Entry, unit: str) -> float | None:
    """An entry's value in another unit of the same dimension, or between mass and amount of a known analyte."""
    own, other = _parsed(entry.unit), _parsed(unit)
    if entry.value is None or not own or not other or bool(own[2]) != bool(other[2]):
        return None
    value = Fraction(str(entry.value)) * own[1] / (own[2] or 1) * (other[2] or 1)
    if {own[0], other[0]} == {"mass", "amount"} and own[2]:
        name = f"{entry.name} {concept_of(entry)}"
        molar = next((m for pattern, m in MOLAR if pattern.search(name)), None)
        if molar is None:
            return None
        value = value / molar if own[0] == "mass" else value * molar
    elif own[0] != other[0]:
        return None
    return float(value / other[1])


def _parsed(unit: str) -> tuple[str, Fraction, Fraction | None] | None:
    """Dimension and factor of a unit's numerator, and the liters of its denominator, None without one."""
    above, _, below = unit.replace("µ", "u").replace("μ", "u").partition("/")
    dimension, factor, end = unit_at(above, 0)
    if not dimension or end != len(above):
        return None
    volumes = {"l": VOLUMES["liter"], "dl": VOLUMES["dl"], "ml": VOLUMES["ml"]}
    if below and below.lower() not in volumes:
        return None
    return dimension, factor, volumes[below.lower()] if below else None


def _told(group: Match, values: list[Value], asked: Asked) -> tuple[str, list[Entry]]:
    """The sentence on one series, and the entries that it names in their order."""
    want, name = asked.wanted, named(group, asked)
    inside = [v for v in values if within([v.entry], want)]
    if not inside:
        return _outside(name, values, asked)
    return _TELL[want.kind](name, inside, asked)


def _outside(name: str, values: list[Value], asked: Asked) -> tuple[str, list[Entry]]:
    """Nothing in the period: the nearest values before and after it, or the nearest one where that was asked."""
    want = asked.wanted
    before = [v.entry for v in values if v.entry.time and want.since and v.entry.time[:10] < want.since]
    after = [v.entry for v in values if want.until and v.entry.time[:10] > want.until]
    near = before[-1:] + after[:1]
    if want.near and len(near) == 2:
        gaps = [abs(_ordinal(e.time) - _ordinal(d)) for e, d in zip(near, (want.since, want.until), strict=True)]
        near = [near[gaps.index(min(gaps))]]
    listed = "; ".join(_item(e, asked) for e in near)
    text = asked.say(f"No {name} is recorded in that time.", f"该时间段内没有{name}的记录。")
    return text + (asked.say(f" Nearest: {listed}.", f"最近的记录：{listed}。") if near else ""), near


def _ordinal(time: str) -> int:
    year, month, day_ = (int(part) if part else 1 for part in (time[:4], time[5:7], time[8:10]))
    return date(year, month, day_).toordinal()


def _item(entry: Entry, asked: Asked) -> str:
    words = {"high": "偏高", "low": "偏低", "abnormal": "异常", "critical": "危急"}
    flag = asked.say(f", flagged {entry.flag}", f"，标记{words.get(entry.flag, entry.flag)}") if entry.flag else ""
    return asked.say(f"{figure(entry)} ({day(entry, asked)}{flag})", f"{figure(entry)}（{day(entry, asked)}{flag}）")


def _shown(v: Value, asked: Asked, unit: str) -> str:
    """A value; where it was converted, also in the unit of its series."""
    if v.own:
        return _item(v.entry, asked)
    other = f"{plain_number(v.value)} {unit}"
    return _item(v.entry, asked) + asked.say(f" = {other}, computed", f"，换算为 {other}")


def _last(name: str, values: list[Value], asked: Asked) -> tuple[str, list[Entry]]:
    entry = values[-1].entry
    same = [v.entry for v in values if v.entry.time == entry.time and figure(v.entry) != figure(entry)]
    items = "; ".join(_item(e, asked) for e in (entry, *same))
    more, dead = ("", []) if asked.wanted.since else died(asked)
    return asked.say(f"Last {name}: {items}.{more}", f"最近一次{name}：{items}。{more}"), [entry, *same, *dead]


def _first(name: str, values: list[Value], asked: Asked) -> tuple[str, list[Entry]]:
    item = _item(values[0].entry, asked)
    return asked.say(f"First {name}: {item}.", f"首次{name}：{item}。"), [values[0].entry]


def _extreme(words: tuple[str, str], pick: Callable[[list[float]], float]) -> Callable[..., tuple[str, list[Entry]]]:
    def told(name: str, values: list[Value], asked: Asked) -> tuple[str, list[Entry]]:
        best = pick([v.value for v in values])
        found = [v for v in values if v.value == best]
        item = _shown(found[-1], asked, values[-1].entry.unit)
        since = day(found[0].entry, asked)
        first = asked.say(f"; first so on {since}", f"，首次见于{since}") if len(found) > 1 else ""
        count = asked.say(f"; n = {len(values)}, counted", f"；共{len(values)}次（计数）")
        cited = [found[-1].entry, *([found[0].entry] if len(found) > 1 else [])]
        return asked.say(
            f"{words[0]} {name}: {item}{first}{count}.", f"{name}{words[1]}：{item}{first}{count}。"
        ), cited

    return told


def _mean(name: str, values: list[Value], asked: Asked) -> tuple[str, list[Entry]]:
    unit, n = values[-1].entry.unit, len(values)
    mean = f"{plain_number(_rounded(sum(v.value for v in values) / n, values))} {unit}".strip()
    chosen = values if n <= _MOST else [values[0], values[-1]]
    items = "; ".join(_shown(v, asked, unit) for v in chosen)
    dots = "" if n <= _MOST else asked.say("first and last: ", "首末值：")
    text = asked.say(
        f"Mean {name}: {mean} (computed from n = {n}: {dots}{items}).",
        f"{name}平均：{mean}（由{n}个值计算：{dots}{items}）。",
    )
    return text, [v.entry for v in chosen]


def _rounded(number: float, values: Iterable[Value]) -> float:
    """With one more decimal place than the most in which the lines write the values."""
    places = max(len(plain_number(v.value).partition(".")[2]) for v in values)
    return round(number, min(places + 1, 6))


def _trend(name: str, values: list[Value], asked: Asked) -> tuple[str, list[Entry]]:
    unit = values[-1].entry.unit
    first, last = values[0], values[-1]
    if len(values) == 1:
        item = _item(first.entry, asked)
        return asked.say(f"Only one value of {name}: {item}; no trend.", f"{name}仅有一个值：{item}，无法看变化。"), [
            first.entry
        ]
    low, high = min(values, key=lambda v: v.value), max(values, key=lambda v: v.value)
    items = [_shown(v, asked, unit) for v in (first, last, high, low)]
    change, way = _change(first, last, asked)
    text = asked.say(
        f"{name}, n = {len(values)} (counted): first {items[0]}, last {items[1]}; {way}, difference {change} {unit} "
        f"(computed). Highest {items[2]}, lowest {items[3]}.",
        f"{name}共{len(values)}次（计数）：首次 {items[0]}，末次 {items[1]}；{way}，差值 {change} {unit}（计算）。"
        f"最高 {items[2]}，最低 {items[3]}。",
    )
    return text.replace(" )", ")").replace("  ", " "), [v.entry for v in (first, last, high, low)]


def _change(first: Value, last: Value, asked: Asked) -> tuple[str, str]:
    """The difference of the values as they are shown, with its sign, and its direction where it is more than one step
    of the coarser of the two: what rounding alone can make."""
    shown = [Fraction(plain_number(v.value)) for v in (first, last)]
    places = [len(plain_number(v.value).partition(".")[2]) for v in (first, last)]
    by = shown[1] - shown[0]
    written = plain_number(round(float(by), max(places)))
    signed = f"+{written}" if by > 0 else written.replace("-", "−")
    if abs(by) <= Fraction(1, 10 ** max(places)):
        return signed, asked.say("no change beyond rounding", "变化未超出舍入误差")
    return signed, asked.say("higher", "升高") if by > 0 else asked.say("lower", "降低")


def _all(name: str, values: list[Value], asked: Asked) -> tuple[str, list[Entry]]:
    if asked.wanted.kind == "at" and len(values) > _MOST:
        return _trend(name, values, asked)
    chosen = values[-_MOST:]
    items = "; ".join(_item(v.entry, asked) for v in chosen)
    count = asked.say(f", n = {len(values)} (counted)", f"共{len(values)}次（计数）")
    more = asked.say(", the latest", "，最近的") if len(chosen) < len(values) else ""
    return asked.say(f"{name}{count}{more}: {items}.", f"{name}{count}{more}：{items}。"), [v.entry for v in chosen]


def _count(name: str, values: list[Value], asked: Asked) -> tuple[str, list[Entry]]:
    first, last = _item(values[0].entry, asked), _item(values[-1].entry, asked)
    n, ends = len(values), [values[0].entry, values[-1].entry]
    text = asked.say(f"{name}: n = {n} (counted); first {first}", f"{name}共{n}次（计数）；首次 {first}")
    if n == 1:
        return text + asked.say(".", "。"), ends[:1]
    return text + asked.say(f", last {last}.", f"，末次 {last}。"), ends


_TELL: dict[Kind, Callable[[str, list[Value], Asked], tuple[str, list[Entry]]]] = {
    "last": _last, "first": _first, "highest": _extreme(("Highest", "最高"), max),
    "lowest": _extreme(("Lowest", "最低"), min), "mean": _mean, "trend": _trend, "all": _all, "at": _all,
    "count": _count,
}  # fmt: skip
