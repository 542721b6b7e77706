"""Draws a patient's values over time: a line of blocks for a terminal, a small SVG for a page.

Decides the scale (lowest to highest of each series, time in proportion), what is said beside it, and which values share
a column (the last of a column shows). Points of several names or units are drawn one under the other. Knows nothing of
what the values mean.
"""

from __future__ import annotations

import html
import math
import re
from collections.abc import Iterable
from datetime import date

from rag.records.chart import moment, plain_number
from rag.records.part import Point

_BLOCKS = "▁▂▃▄▅▆▇█"
_ASCII = "_.-=+*#@"
_WIDTH, _HEIGHT, _EDGE = 320, 64, 6
_DAY = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?:T(\d\d):(\d\d))?")


def chart(points: Iterable[Point], *, width: int = 40, ascii_only: bool = False) -> str:
    """One line a series: blocks between its first and last day, then its lowest and highest value; "" without points.

    width: the most columns of blocks; a gap in time is a gap in the line. Points without a date are left out.
    ascii_only: other characters of names and units become `?`, micro `u`.
    """
    text = "\n".join(_line(series, max(width, 1), _ASCII if ascii_only else _BLOCKS) for series in _series(points))
    if not ascii_only:
        return text
    return text.replace("µ", "u").replace("μ", "u").encode("ascii", "replace").decode("ascii")


def svg(points: Iterable[Point]) -> str:
    """A self-contained `<svg>` element, one polyline a series; "" without points. No scripts, styles or links."""
    series = _series(points)
    if not series:
        return ""
    rows = "".join(_drawn(each, at * (_HEIGHT + 30)) for at, each in enumerate(series))
    height = len(series) * (_HEIGHT + 30)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{_WIDTH}" height="{height}" '
        f'viewBox="0 0 {_WIDTH} {height}">{rows}</svg>'
    )


Placed = list[tuple[float, Point]]


def _series(points: Iterable[Point]) -> list[Placed]:
    """The points of each name and unit with their days, oldest first."""
    found: dict[tuple[str, str], Placed] = {}
    for point in points:
        at = _at(point.time)
        if at is not None and math.isfinite(point.value):
            found.setdefault((point.name, point.unit), []).append((at, point))
    return [sorted(each, key=lambda placed: placed[0]) for each in found.values()]


def _at(time: str) -> float | None:
    """Days since the year 1; None where the time is no date. A month or a year counts from its first day."""
    match = _DAY.match(moment(time))
    if not match:
        return None
    year, month, day, hour, minute = (int(part) if part else 0 for part in match.groups())
    try:
        return date(year, month or 1, day or 1).toordinal() + (hour * 60 + minute) / 1440
    except ValueError:
        return None


def _line(series: Placed, width: int, marks: str) -> str:
    first, last = series[0][0], series[-1][0]
    low, high = _range(series)
    columns = min(width, max(len(series) * 3 - 2, 1)) if last > first else 1
    cells = [" "] * columns
    for at, point in series:
        column = round((at - first) / (last - first) * (columns - 1)) if last > first else 0
        level = (point.value - low) / (high - low) if high > low else 0.5
        cells[column] = marks[min(int(level * len(marks)), len(marks) - 1)]
    head = f"{series[0][1].name}  " if series[0][1].name else ""
    days = series[0][1].time[:10], series[-1][1].time[:10]
    if last == first:
        return f"{head}{days[0]} {''.join(cells)}  {_span(series)}"
    return f"{head}{days[0]} {''.join(cells)} {days[1]}  {_span(series)}"


def _range(series: Placed) -> tuple[float, float]:
    values = [point.value for _, point in series]
    return min(values), max(values)


def _span(series: Placed) -> str:
    low, high = _range(series)
    unit = f" {series[0][1].unit}" if series[0][1].unit else ""
    if low == high:
        return f"{plain_number(low)}{unit}"
    return f"min {plain_number(low)}, max {plain_number(high)}{unit}"


def _drawn(series: Placed, top: int) -> str:
    first, last = series[0][0], series[-1][0]
    low, high = _range(series)
    wide, tall = _WIDTH - 2 * _EDGE, _HEIGHT - 2 * _EDGE
    places = [
        (
            _EDGE + ((at - first) / (last - first) if last > first else 0.5) * wide,
            top + 14 + _EDGE + (1 - ((p.value - low) / (high - low) if high > low else 0.5)) * tall,
        )
        for at, p in series
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    dots = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5"><title>{_text(p)}</title></circle>'
        for (x, y), (_, p) in zip(places, series, strict=True)
    )
    head = html.escape(" ".join(part for part in (series[0][1].name, _span(series)) if part))
    days = [html.escape(p.time[:10]) for _, p in (series[0], series[-1])]
    foot = f'<text x="{_EDGE}" y="{top + _HEIGHT + 24}" font-size="11">{days[0]}</text>'
    if last > first:
        foot += f'<text x="{_WIDTH - _EDGE}" y="{top + _HEIGHT + 24}" font-size="11" text-anchor="end">{days[1]}</text>'
    return (
        f'<text x="{_EDGE}" y="{top + 12}" font-size="12">{head}</text>'
        f'<polyline points="{line}" fill="none" stroke="currentColor" stroke-width="1.5"/>{dots}{foot}'
    )


def _text(point: Point) -> str:
    return html.escape(f"{point.time[:10]}: {plain_number(point.value)} {point.unit}".strip())
