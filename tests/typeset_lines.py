"""Typesets an article line by line with our own line breaking: the part of `tests.typeset` that does not use platypus."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from reportlab import rl_config
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from tests.typeset import BREAK, HEIGHT, WIDTH, Article, Style, furniture, ligatures


@dataclass
class _Set:
    """One line ready to draw. words: with the x of each from the column's left edge."""

    words: list[tuple[float, str]]
    font: str
    size: float
    leading: float
    spacing: float = 0.0
    rule: float = field(default=0.0)


def by_hand(article: Article, *, into: Path, style: Style) -> None:
    """Typesets line by line with our own line breaking, columns filled one after the other."""
    rl_config.invariant = 1
    plain, bold = style.family
    full, size = WIDTH - 112, style.size
    column = (full - style.gutter * (style.columns - 1)) / style.columns
    top = [
        *_broken(article.title, full, bold, 17, style, plain=True),
        *_broken(article.authors, full, plain, size, style),
    ]
    if article.doi:
        top += _broken(f"https://doi.org/{article.doi}", full, plain, size - 2, style, plain=True)
    abstract_width = full if style.wide_abstract else column
    abstract = _broken("Abstract", abstract_width, bold, size + 1, style, plain=True) if article.abstract else []
    for text in article.abstract:
        abstract += _broken(text, abstract_width, plain, size, style)
    lines = [] if style.wide_abstract else abstract
    top += abstract if style.wide_abstract else []
    for kind, content in article.blocks:
        if kind == "table":
            lines += _cells(content, column, style)  # type: ignore[arg-type]
        elif kind == "heading":
            lines += [_gap(6), *_broken(str(content), column, bold, size + 1.5, style, plain=True)]
        else:
            lines += _broken(str(content), column, plain, size, style, indent=12 if style.indent else 0)
            lines += [] if style.indent else [_gap(5)]
    if article.references:
        lines += [_gap(6), *_broken(style.reference_heading, column, bold, size + 1.5, style, plain=True)]
        for number, text in enumerate(article.references, 1):
            lines += _broken(f"{number}. {text}", column, plain, size - 1.5, style)
    _draw_pages(top, lines, article, column, style, into)


def _gap(height: float) -> _Set:
    return _Set([], "Times-Roman", 1, height)


def _broken(
    text: str, width: float, font: str, size: float, style: Style, *, indent: float = 0, plain: bool = False
) -> list[_Set]:
    """`text` in lines; words are divided where a line would stay three ems short. plain: never divided or justified."""
    lines, words = [], ligatures(text, font).split()
    space = pdfmetrics.stringWidth(" ", font, size)
    while words:
        taken, used, room = [], 0.0, width - indent
        while words:
            wide = pdfmetrics.stringWidth(words[0], font, size)
            if used + wide + (space if taken else 0) > room:
                break
            used += wide + (space if taken else 0)
            taken.append(words.pop(0))
        if words and not plain and room - used > 2.5 * size:
            for part, rest in _divided(words[0]):
                wide = pdfmetrics.stringWidth(part, font, size)
                if used + wide + space <= room:
                    taken.append(part)
                    words[0] = rest
                    used += wide + space
                    break
        if not taken:
            taken.append(words.pop(0))
            used = room
        stretch = (room - used) / (len(taken) - 1) if style.justify and not plain and words and len(taken) > 1 else 0.0
        x, placed = indent, []
        for word in taken:
            placed.append((x, word))
            x += pdfmetrics.stringWidth(word, font, size) + space + stretch
        lines.append(_Set(placed, font, size, size * 1.22, stretch))
        indent = 0
    return lines


def _divided(word: str) -> Iterator[tuple[str, str]]:
    """Ways to divide a word at a line's end, longest first part first; a hyphen that it has is used."""
    for found in sorted(re.finditer("-", word), key=lambda m: -m.end()):
        if 1 < found.end() < len(word):
            yield word[: found.end()], word[found.end() :]
    if re.fullmatch(r"[A-Za-z\ufb01\ufb02]{7,}[.,;)]?", word):
        for found in sorted(BREAK.finditer(word), key=lambda m: -m.start()):
            yield f"{word[: found.start()]}-", word[found.start() :]


def _cells(rows: tuple[tuple[str, ...], ...], width: float, style: Style) -> list[_Set]:
    """A table with rules, its cells' text broken within them."""
    wide, small = width / len(rows[0]), style.size - 2
    plain = Style(justify=False)
    lines = [_Set([], style.family[0], 1, 6, rule=width)]
    for row in rows:
        cells = [_broken(text, wide - 6, style.family[0], small, plain, plain=True) for text in row]
        for level in range(max(map(len, cells))):
            words = [(x + i * wide, w) for i, c in enumerate(cells) if level < len(c) for x, w in c[level].words]
            lines.append(_Set(words, style.family[0], small, small * 1.15, -1))
        lines.append(_Set([], style.family[0], 1, 4, rule=width))
    return [*lines, _gap(8)]


def _draw_pages(top: list[_Set], lines: list[_Set], article: Article, column: float, style: Style, into: Path) -> None:
    canvas = Canvas(str(into), pagesize=A4, invariant=1)
    canvas.setTitle(article.title)
    page, waiting = 1, list(lines)
    while waiting or top:
        if not style.head_last:
            furniture(canvas, article, style, page)
        drawn: list[tuple[float, float, _Set]] = []
        y = HEIGHT - 60
        for line in top:
            y -= line.leading
            drawn.append((y, 56, line))
        start, top = y - (10 if top else 0), []
        drawn.sort(key=lambda d: -d[0])
        body: list[tuple[float, float, _Set]] = []
        for number in range(style.columns):
            y, left = start, 56 + number * (column + style.gutter)
            bottom = 60 + (24 if style.footnote and page == 1 and number == 0 else 0)
            while waiting and y - waiting[0].leading > bottom:
                line = waiting.pop(0)
                y -= line.leading
                body.append((y, left, line))
            if bottom > 60:
                note = _broken(style.footnote, column, style.family[0], 7, Style(justify=False))
                body += [(76 - 8 * i, left, line) for i, line in enumerate(note[:2])]
        if style.rows:
            body.sort(key=lambda d: (-round(d[0]), d[1]))
        for height, left, line in drawn + body:
            _draw(canvas, line, left, height, style)
        if style.head_last:
            furniture(canvas, article, style, page)
        canvas.showPage()
        page += 1
    canvas.save()


def _draw(canvas: Canvas, line: _Set, left: float, y: float, style: Style) -> None:
    if line.rule:
        canvas.line(left, y, left + line.rule, y)
    if not line.words:
        return
    canvas.setFont(line.font, line.size)
    if style.draw == "word" or line.spacing < 0 or (style.draw == "line" and line.spacing):
        for x, word in line.words:
            canvas.drawString(left + x, y, word)
        return
    text = canvas.beginText(left + line.words[0][0], y)
    text.setWordSpace(line.spacing)
    text.textOut(" ".join(word for _, word in line.words))
    text.setWordSpace(0)
    canvas.drawText(text)
