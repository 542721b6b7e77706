"""Draws the agreement map and the forest plot as SVG that needs nothing from outside, with the same in words.

Decides only where things stand. Knows nothing of how rows were found. All text is escaped.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from xml.sax.saxutils import escape

from rag.tasks.evidence.estimates import RATIOS
from rag.tasks.evidence.types import DIRECTIONS, Forest, Row
from rag.tasks.evidence.wording import say
from rag.tasks.page import Picture

_LINE, _LEFT, _COLUMN = 24, 420, 110
_COLOURS = {"increased": "#b2182b", "decreased": "#2166ac", "no difference": "#666666", "unclear": "#bbbbbb"}


def agreement(rows: Sequence[Row], names: Sequence[str], *, language: str) -> Picture:
    """Studies by direction. names: what each row is called, in the order of `rows`."""
    height = _LINE * (len(rows) + 2)
    parts = [
        _text(_LEFT + _COLUMN * k + _COLUMN / 2, _LINE, say(d, language), anchor="middle")
        for k, d in enumerate(DIRECTIONS)
    ]
    said = []
    for i, (row, name) in enumerate(zip(rows, names, strict=True)):
        y = _LINE * (i + 2)
        parts.append(_text(8, y, _short(f"{name}: {row.outcome.text}", 62)))
        x = _LEFT + _COLUMN * DIRECTIONS.index(row.direction) + _COLUMN / 2
        parts.append(f'<circle cx="{x:.0f}" cy="{y - 5}" r="7" fill="{_COLOURS[row.direction]}"/>')
        parts.append(f'<line x1="8" y1="{y + 6}" x2="{_LEFT + 4 * _COLUMN}" y2="{y + 6}" stroke="#eeeeee"/>')
        said.append(say("says", language, study=name, outcome=row.outcome.text, direction=say(row.direction, language)))
    alt = "; ".join(said)
    return Picture(_svg(_LEFT + 4 * _COLUMN + 8, height, parts, alt), alt)


def forest(plot: Forest, names: Sequence[str], *, language: str) -> Picture:
    """Values with their intervals, and both pooled estimates; ratios on a logarithmic scale. names: of the studies."""
    ratio = plot.measure in RATIOS
    known = [
        (n, f"{r.effect.text} ({r.interval.text})", e.value, e.low, e.high)
        for n, r in zip(names, plot.rows, strict=True)
        if (e := r.estimate) and e.value is not None and e.low is not None and e.high is not None
    ]
    for p in (plot.fixed, plot.random):
        known.append(
            (
                say(p.model, language),
                f"{plot.measure} {p.value:.2f} ({p.low:.2f}, {p.high:.2f})",
                p.value,
                p.low,
                p.high,
            )
        )
    border = 1.0 if ratio else 0.0
    ends = [_scaled(x, ratio=ratio) for *_, a, b in known for x in (a, b)] + [_scaled(border, ratio=ratio)]
    low, high = min(ends), max(ends)

    def place(x: float) -> float:
        return 260 + 380 * (_scaled(x, ratio=ratio) - low) / ((high - low) or 1.0)

    height = _LINE * (len(known) + 3)
    parts = [
        f'<line x1="{place(border):.1f}" y1="8" x2="{place(border):.1f}" y2="{height - 2 * _LINE}" '
        'stroke="#999999" stroke-dasharray="3 3"/>'
    ]
    said = []
    for i, (name, whole, value, a, b) in enumerate(known):
        y = _LINE * (i + 1)
        parts += [_text(8, y, _short(name, 36)), _text(660, y, whole)]
        parts.append(f'<line x1="{place(a):.1f}" y1="{y - 5}" x2="{place(b):.1f}" y2="{y - 5}" stroke="#222222"/>')
        parts.append(_mark(place(value), y - 5, study=i < len(plot.rows)))
        said.append(f"{name}: {whole}")
    for x in {math.exp(low) if ratio else low, border, math.exp(high) if ratio else high}:
        parts.append(_text(place(x), height - _LINE, f"{x:.3g}", anchor="middle"))
    alt = "; ".join(said)
    return Picture(_svg(880, height, parts, alt), alt)


def _scaled(x: float, *, ratio: bool) -> float:
    return math.log(x) if ratio else x


def _mark(x: float, y: float, *, study: bool) -> str:
    if study:
        return f'<rect x="{x - 4:.1f}" y="{y - 4}" width="8" height="8" fill="#222222"/>'
    return f'<polygon points="{x - 7:.1f},{y} {x:.1f},{y - 6} {x + 7:.1f},{y} {x:.1f},{y + 6}" fill="#2166ac"/>'


def _text(x: float, y: float, text: str, *, anchor: str = "start") -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" font-size="13" text-anchor="{anchor}">{escape(text)}</text>'


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _svg(width: int, height: int, parts: Sequence[str], alt: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'font-family="sans-serif" role="img"><title>{escape(_short(alt, 400))}</title>{"".join(parts)}</svg>'
    )
