"""Vital signs and laboratory values of a report: the last of each, the one before, the flag and range, the trend.

Decides what is one series (the same name and unit), which come first (flagged ones) and which are drawn (three values
or more, flagged ones first). A flag is the record's own; nothing is judged here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from rag.records.chart import one_line, plain_number
from rag.records.part import Point
from rag.records.told import figure, unit_key
from rag.records.types import Entry
from rag.tasks.page import Paragraph, Table, Text
from rag.tasks.report.case import Case
from rag.tasks.report.draft import Piece, Series
from rag.tasks.report.template import Spec

_DRAWN = 3  # values from which there is a trend


def measured(case: Case, spec: Spec, category: Literal["vital", "laboratory"]) -> Iterable[Piece]:
    """A table with a row for each series, and drawings."""
    groups: dict[tuple[str, str], list[Entry]] = {}
    for e in case.of(category):
        if e.value is not None or e.text or e.flag:
            groups.setdefault((e.name.lower(), unit_key(e.unit)), []).append(e)
    series = sorted(groups.values(), key=lambda es: (not es[-1].flag, _reversed(es[-1].time), es[-1].name.lower()))
    if not series:
        return
    header = ("what", "last", "date", "range", "before")
    rows = tuple(_row(case, es) for es in series[: spec.most])
    if rows:
        yield Table(tuple(case.say(h) for h in header), rows)
    if len(series) > spec.most:
        yield Paragraph((Text(case.say("more", n=len(series) - spec.most)),))
    long = [es for es in series[: spec.most] if len([e for e in es if e.value is not None and e.time]) >= _DRAWN]
    for es in sorted(long, key=lambda es: (not es[-1].flag, -len(es)))[: spec.charts]:
        yield _drawn(case, [e for e in es if e.value is not None and e.time])


def _row(case: Case, es: list[Entry]) -> tuple[Text, ...]:
    last = es[-1]
    before = es[-2] if len(es) > 1 else None
    bounds = "; ".join(p for p in (last.flag, _range(last), _said(last)) if p)
    earlier = case.cell(f"{figure(before)} ({before.time[:10]})".replace(" ()", ""), before) if before else Text("")
    return (
        case.cell(one_line(last.name, longest=300), last), case.cell(figure(last), last),
        case.cell(last.time[:10], last), case.cell(bounds, last), earlier,
    )  # fmt: skip


def _range(e: Entry) -> str:
    if e.low is not None and e.high is not None:
        return f"{plain_number(e.low)}{'-' if e.low >= 0 else ' to '}{plain_number(e.high)}"
    if e.low is not None:
        return f"from {plain_number(e.low)}"
    return f"up to {plain_number(e.high)}" if e.high is not None else ""


def _said(e: Entry) -> str:
    return "; ".join(v for k, v in e.detail if k in ("reference", "interpretation"))


def _drawn(case: Case, es: list[Entry]) -> Series:
    points = tuple(Point(e.time, e.value, e.unit, e.name) for e in es if e.value is not None)
    said = case.say(
        "trend", name=one_line(es[0].name, longest=300), n=len(points), first=es[0].time[:10], last=es[-1].time[:10]
    )
    case.computed.add((said, case.say("trend", name="", n=len(points), first="", last="")))
    return Series(points, case.cell(said, *es))


def _reversed(time: str) -> tuple[int, ...]:
    """Sorts the newest first."""
    return tuple(-ord(c) for c in time[:19])
