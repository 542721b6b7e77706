"""Answers questions about what is, was or happened: drugs taken, problems, allergies, visits, vaccines, the person.

Decides what counts as now (by status and end), that a family history or a resolved problem is no active one, and that a
thing with no entry is "not recorded", never "no". Says what is written, with its day; draws no conclusion from it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from rag.records import drugs, listing, near
from rag.records.names import Match, concepts, find, label
from rag.records.told import (
    MOST,
    Asked,
    Told,
    current,
    dated,
    day,
    died,
    family,
    latest,
    matches,
    missing,
    past,
    state,
    within,
)  # fmt: skip
from rag.records.types import Category, Entry
from rag.records.wanted import Kind

_EVENTS: tuple[Category, ...] = (
    "procedure", "immunization", "imaging", "report", "encounter", "plan", "device", "laboratory", "vital", "survey",
    "condition", "medication", "allergy",
)  # fmt: skip
_KINDS_OF: dict[str, Category] = {
    "visit": "encounter", "visits": "encounter", "encounter": "encounter", "encounters": "encounter",
    "就诊": "encounter",
    "appointment": "encounter", "appointments": "encounter", "consultation": "encounter", "consultations": "encounter",
    "就医": "encounter", "看病": "encounter", "门诊": "encounter", "vaccine": "immunization", "疫苗": "immunization",
    "vaccination": "immunization", "vaccinations": "immunization", "immunization": "immunization",
    "接种": "immunization",
    "procedure": "procedure", "procedures": "procedure", "surgery": "procedure", "operation": "procedure",
    "surgeries": "procedure", "手术": "procedure", "vaccines": "immunization", "immunizations": "immunization",
    "doctor": "encounter", "medications": "medication", "drugs": "medication", "allergies": "allergy",
    "problems": "condition", "conditions": "condition", "diagnoses": "condition",
}  # fmt: skip


def tell(asked: Asked) -> Told | None:
    """The answer to one of `KINDS`."""
    return _TELL[asked.wanted.kind](asked)


def unjudged(asked: Asked, told: Told | None) -> Told | None:
    """An answer to whether something is controlled: what is recorded, and that this is not judged."""
    if asked.wanted.detail == "judged" and not concepts(asked.wanted.name):
        told = tell(replace(asked, wanted=replace(asked.wanted, kind="has", detail="")))
    if told is None or not told.recorded or asked.wanted.detail != "judged":
        return told
    more = asked.say(" Whether that is controlled is not judged here.", "是否控制良好不在此判断。")
    return replace(told, text=told.text + more)


def events(asked: Asked, *, every: Sequence[Category] = _EVENTS) -> Told | None:
    """When something was done, how often, or that it was: the last, first or each of the entries of that name."""
    want = asked.wanted
    found, lost = _events_of(asked, every)
    inside = within(found, want)
    if not inside:
        return _none(asked, found, lost)
    if want.kind == "count":
        return _counted(asked, inside)
    if want.kind == "all":
        items = "; ".join(dated(e, asked) for e in inside[-MOST:])
        n = len(inside)
        return asked.told(asked.say(f"n = {n} (counted): {items}.", f"共{n}次（计数）：{items}。"), inside[-MOST:])
    first = want.detail == "first" or want.kind in ("first", "diagnosed", "begun")
    chosen = inside[0] if first else inside[-1]
    word = asked.say("First", "首次") if first else asked.say("Last", "最近一次")
    count = asked.say(f"; n = {len(inside)}, counted", f"；共{len(inside)}次（计数）") if len(inside) > 1 else ""
    return asked.told(
        asked.say(f"{word}: {dated(chosen, asked)}{count}.", f"{word}：{dated(chosen, asked)}{count}。"), [chosen]
    )


def _events_of(asked: Asked, every: Sequence[Category]) -> tuple[list[Entry], list[str]]:
    name = asked.wanted.name
    if category := _KINDS_OF.get(name):
        return [e for e in asked.entries if e.category == category], []
    groups, lost = matches(asked, name)
    best = [g for g in groups if g.exact] or groups
    found = {id(e) for g in best for e in g.entries if e.category in every}
    return [e for e in asked.entries if id(e) in found], lost


def _counted(asked: Asked, inside: list[Entry]) -> Told:
    n, ends = len(inside), [inside[0], inside[-1]]
    items = [dated(e, asked) for e in ends]
    if n == 1:
        return asked.told(asked.say(f"n = 1 (counted): {items[0]}.", f"共1次（计数）：{items[0]}。"), ends[:1])
    text = asked.say(
        f"n = {n} (counted); first {items[0]}, last {items[1]}.", f"共{n}次（计数）；首次 {items[0]}，末次 {items[1]}。"
    )
    return asked.told(text, ends)


def problems(asked: Asked) -> Told | None:
    """How often a problem is recorded: the problems are counted, never the tests for it; None where the name is none's.
    A problem that was entered twice counts twice, and the answer says what it counted."""
    name = asked.wanted.name
    groups = [g for g in find(name, asked.entries, every=("condition",)) if not all(map(family, g.entries))]
    found = [e for g in groups for e in g.entries if not family(e)]
    inside = within(sorted(found, key=lambda e: e.time), asked.wanted)
    if not inside:
        return None
    told = _counted(asked, inside)
    return replace(told, text=asked.say("Entries among the problems: ", "问题列表中的条目：") + told.text)


def _none(asked: Asked, found: list[Entry], lost: list[str]) -> Told:
    """Nothing of the name, or nothing of it in the period: then the last outside."""
    if not found:
        return asked.told(missing(asked, lost or [asked.wanted.name]), recorded=False)
    item = dated(found[-1], asked)
    text = asked.say(
        f"None is recorded in that time; the last one in the record: {item}.",
        f"该时间段内无记录；记录中最近一次：{item}。",
    )
    return asked.told(text, found[-1:], recorded=False)


def _taking(asked: Asked) -> Told | None:
    want = asked.wanted
    groups, lost = matches(asked, want.name, every=("medication",))
    if not groups:
        return drugs.none(asked, lost) or _taken_other(asked, lost)
    if want.since or want.until:
        return _taken_then(asked, [e for g in groups for e in g.entries])
    ends = latest(groups)
    on = [e for e in ends if current(e, asked.today)]
    off = [e for e in ends if e not in on]
    parts = [state(e, asked) for e in (on or off)]
    listed, dead = "; ".join(parts), died(asked)
    if want.detail == "stopped":
        head = asked.say("Not stopped", "未停") if on else asked.say("Stopped", "已停")
        if on and off:
            head = asked.say("Still active", "仍在用")
    else:
        head = asked.say("Yes, active", "是，在用") if on else asked.say("No longer active", "目前不在用")
    text = asked.say(f"{head}: {listed}.", f"{head}：{listed}。")
    if on and off:
        ended = "; ".join(state(e, asked) for e in off)
        text += asked.say(f" Ended: {ended}.", f"已结束：{ended}。")
    if lost:
        text += asked.say(" ", "") + missing(asked, lost)
    return asked.told(text + drugs.why(asked, [*on, *off]) + dead[0], [*on, *off, *dead[1]])


def _taken_other(asked: Asked, lost: list[str]) -> Told:
    other = _has_other(asked)
    return other if other.recorded else asked.told(drugs.unknown(asked, lost), recorded=False)


def _taken_then(asked: Asked, entries: list[Entry]) -> Told:
    """Whether a drug was taken in a period: begun before its end, and not ended before its begin."""
    want = asked.wanted
    sure: list[Entry] = []
    open_: list[Entry] = []
    for e in entries:
        if want.until and e.time[:10] > want.until:
            continue
        touches = bool(within([e], want)) or (e.until[:10] >= want.since if e.until else current(e, asked.today))
        (sure if touches else open_ if not e.until else []).append(e)
    if sure:
        items = "; ".join(state(e, asked) for e in sure)
        return asked.told(asked.say(f"Recorded in that time: {items}.", f"该时间段内有记录：{items}。"), sure)
    chosen = open_ or entries
    items = "; ".join(state(e, asked) for e in chosen)
    head = asked.say("Not recorded as taken in that time", "该时间段内没有使用的记录")
    return asked.told(asked.say(f"{head}: {items}.", f"{head}：{items}。"), chosen, recorded=False)


def _begun(asked: Asked) -> Told | None:
    groups, _ = matches(asked, asked.wanted.name, every=("medication",))
    if not groups:
        return _diagnosed(asked) if asked.wanted.kind == "begun" else _ended(asked)
    if asked.wanted.kind == "stopped":
        return _ended(asked)
    return _each(asked, groups, asked.say("Begun", "开始"))


def _ended(asked: Asked) -> Told | None:
    groups, lost = matches(asked, asked.wanted.name, every=("medication", "condition", "allergy"))
    if not groups:
        return _none(asked, [], lost)
    chosen = [g for g in groups if g.exact] or groups
    ends = latest(chosen)
    listed = "; ".join(state(e, asked) for e in ends)
    on = all(current(e, asked.today) for e in ends)
    head = asked.say("Not ended", "尚未结束") if on else asked.say("Recorded", "记录")
    return asked.told(asked.say(f"{head}: {listed}.", f"{head}：{listed}。"), ends)


def _diagnosed(asked: Asked) -> Told | None:
    groups, _ = matches(asked, asked.wanted.name, every=("condition", "allergy"))
    if not groups:
        return events(asked)
    own = [Match(g.label, kept, g.exact) for g in groups if (kept := tuple(e for e in g.entries if not family(e)))]
    exact = [g for g in own if g.exact] or own
    if not exact:
        return _relatives(asked, [e for g in groups for e in g.entries])
    return _each(asked, exact, asked.say("Recorded since", "最早记录"))


def _each(asked: Asked, groups: list[Match], head: str) -> Told:
    """The first entry of each group, and the last where there are several."""
    items, cited = [], []
    for group in groups:
        first, last = group.entries[0], group.entries[-1]
        text = f"{label(first)} {day(first, asked)}"
        cited.append(first)
        if len(group.entries) > 1:
            text += asked.say(
                f" (again, last {day(last, asked)}; n = {len(group.entries)}, counted)",
                f"（末次{day(last, asked)}；共{len(group.entries)}次，计数）",
            )
            cited.append(last)
        items.append(text)
    listed = "; ".join(items)
    return asked.told(asked.say(f"{head}: {listed}.", f"{head}：{listed}。"), cited)


def _relatives(asked: Asked, entries: list[Entry]) -> Told:
    listed = "; ".join(dated(e, asked) for e in entries)
    text = asked.say(f"Only in the family history: {listed}.", f"仅见于家族史：{listed}。")
    return asked.told(text, entries, recorded=False)


def _has(asked: Asked) -> Told | None:
    groups, lost = matches(asked, asked.wanted.name, every=("condition",))
    every = [e for g in groups for e in g.entries]
    if not every:
        other = _has_other(asked)
        if other.recorded or other.entries:
            return other
        return asked.told(missing(asked, lost), recorded=False) if asked.wanted.sure else None
    own = within([e for e in every if not family(e)], asked.wanted)
    if not own:
        return _relatives(asked, every) if all(map(family, every)) else _none(asked, every, lost)
    on = [e for e in own if current(e, asked.today) and not past(e)]
    off = [e for e in latest([g for g in groups if not all(map(family, g.entries))]) if e in own and e not in on]
    listed = "; ".join(state(e, asked) for e in on or off)
    head = asked.say("Yes, active", "有，进行中") if on else asked.say("Recorded, not active", "有记录，非现症")
    text = asked.say(f"{head}: {listed}.", f"{head}：{listed}。")
    if on and off:
        text += asked.say(" Not active: ", "非现症：") + "; ".join(state(e, asked) for e in off) + asked.say(".", "。")
    return asked.told(text, [*on, *off])


def _has_other(asked: Asked) -> Told:
    """Something that is no problem: a vaccine, a procedure, a drug. A plan for diabetes is no diabetes, and is
    told as what it is; so is a problem whose name is near."""
    found = events(asked)
    if found and {e.category for e in found.entries} & {"procedure", "immunization", "medication"}:
        return found
    return near.near(asked) or asked.told(missing(asked, [asked.wanted.name]), recorded=False)


def _allergic(asked: Asked) -> Told | None:
    groups, lost = matches(asked, asked.wanted.name, every=("allergy",))
    own = [e for g in groups for e in g.entries if not _denied(e)]
    if not own:
        denied = [e for e in asked.entries if e.category in ("allergy", "condition") and _denied(e)]
        said = "; ".join(dated(e, asked) for e in denied)
        text = missing(asked, lost or [asked.wanted.name])
        return asked.told(
            text + (asked.say(f" The record says: {said}.", f"记录写明：{said}。") if said else ""),
            denied,
            recorded=False,
        )
    ends = latest(groups)
    on = [e for e in ends if current(e, asked.today)]
    listed = "; ".join(state(e, asked) for e in on or ends)
    head = asked.say("Yes, recorded", "有记录") if on else asked.say("Recorded, not active", "有记录，已非活动")
    return asked.told(asked.say(f"{head}: {listed}.", f"{head}：{listed}。"), on or ends)


def _denied(entry: Entry) -> bool:
    name = entry.name.lower()
    denied = "allerg" in name and (name.startswith("no ") or "no known" in name)
    return denied or "无过敏" in name or name == "nkda"


_TELL: dict[Kind, Callable[[Asked], Told | None]] = {
    "taking": _taking, "begun": _begun, "stopped": _begun, "diagnosed": _diagnosed, "done": events, "has": _has,
    "allergic": _allergic, "list": listing.listed, "person": listing.person, "abnormal": listing.abnormal,
}  # fmt: skip
KINDS = frozenset(_TELL)
