"""Typesets articles as PDF in the manners that publishers' tools have, for tests and `scripts/bench_pdf.py`.

`by_frames` lets reportlab's platypus set justified paragraphs in frames. `by_hand` breaks lines itself and draws them as
asked: a line at a time, with word spacing, or word by word; column after column or row after row. Both hyphenate, write
running heads and page numbers, grid tables, ligatures and a reference list, and keep to characters of Windows-1252.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

from reportlab import rl_config
from reportlab.lib import colors
from reportlab.lib.enums import TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    FrameBreak,
    NextPageTemplate,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

WIDTH, HEIGHT = A4
_BREAK = re.compile(r"(?<=[a-z]{2}[aeiouy][bcdfghjklmnpqrstvwxz])(?=[bcdfghjklmnpqrstvwxz][aeiouy][a-z]{2})")


@dataclass(frozen=True)
class Article:
    """What is set. blocks: (`heading`, text), (`text`, text) or (`table`, rows) in reading order."""

    title: str
    blocks: tuple[tuple[str, str | tuple[tuple[str, ...], ...]], ...]
    references: tuple[str, ...] = ()
    abstract: tuple[str, ...] = ()
    doi: str = ""
    authors: str = ""
    head: str = "Running head of the Journal of Tests"

    def words(self) -> str:
        """The text that a reader should give back, references and running heads left out."""
        parts = [self.title, self.authors, *self.abstract]
        for kind, content in self.blocks:
            parts.append(" ".join(" ".join(row) for row in content) if kind == "table" else str(content))
        return "\n".join(parts)


@dataclass(frozen=True)
class Style:
    """How it is set. draw: `line`, `spaced` (one string a line with Tw) or `word`. rows: left and right column's lines
    are emitted row after row. head_last: running heads come after the text in the stream. odd_even: heads alternate."""

    columns: int = 1
    draw: str = "line"
    size: float = 10
    gutter: float = 18
    family: tuple[str, str] = ("Times-Roman", "Times-Bold")
    justify: bool = True
    rows: bool = False
    head_last: bool = False
    odd_even: bool = False
    indent: bool = True
    wide_abstract: bool = True
    footnote: str = ""
    reference_heading: str = "References"


def encodable(text: str) -> str:
    """`text` in one line, without what the standard fonts cannot show."""
    text = text.translate({0x2010: "-", 0x2011: "-", 0x2212: "-", 0x2009: " ", 0xAD: None, 0x200B: None})
    return " ".join(text.encode("cp1252", "ignore").decode("cp1252").split())


def vera() -> tuple[str, str]:
    """Registers reportlab's own TrueType fonts: subsets with a ToUnicode map, as most publishers embed."""
    for name in ("Vera", "VeraBd"):
        pdfmetrics.registerFont(TTFont(name, f"{name}.ttf"))
    return "Vera", "VeraBd"


def ligatures(text: str, font: str) -> str:
    """`text` with the ligature characters that a font has."""
    return text.replace("fi", "\ufb01").replace("fl", "\ufb02") if font.startswith("Vera") else text


def by_frames(article: Article, *, into: Path, style: Style) -> None:
    """Typesets with platypus: title across the page, then text in one or more frames a page."""
    rl_config.invariant = 1
    plain, bold = style.family
    base = ParagraphStyle("b", fontName=plain, fontSize=style.size, leading=style.size * 1.2, alignment=TA_JUSTIFY,
                          firstLineIndent=12 if style.indent else 0, spaceAfter=0 if style.indent else 5)  # fmt: skip
    heading = ParagraphStyle("h", fontName=bold, fontSize=style.size + 2, leading=style.size * 1.4, spaceBefore=8,
                             spaceAfter=3, keepWithNext=1)  # fmt: skip
    title = ParagraphStyle("t", fontName=bold, fontSize=18, leading=21, spaceAfter=8)
    flat = ParagraphStyle("f", base, firstLineIndent=0)

    def set_(text: str, how: ParagraphStyle) -> Paragraph:
        return Paragraph(escape(_soft(ligatures(text, how.fontName))), how)

    head: list[Flowable] = [set_(article.title, title), set_(article.authors, flat)]
    if article.doi:
        head.append(set_(f"doi:{article.doi}", flat))
    abstract = [set_("Abstract", heading), *(set_(p, flat) for p in article.abstract)] if article.abstract else []
    flow: list[Flowable] = [] if style.wide_abstract else list(abstract)
    head += abstract if style.wide_abstract else []
    margin, frame_width = 56, (WIDTH - 112 - style.gutter * (style.columns - 1)) / style.columns
    for kind, content in article.blocks:
        if kind == "table":
            flow += [Spacer(1, 6), _grid(content, frame_width, style), Spacer(1, 6)]  # type: ignore[arg-type]
        else:
            flow.append(set_(str(content), heading if kind == "heading" else base))
    small = ParagraphStyle("r", flat, fontSize=style.size - 1.5, leading=style.size * 1.05)
    if article.references:
        flow.append(set_(style.reference_heading, heading))
        flow += [set_(f"{n}. {text}", small) for n, text in enumerate(article.references, 1)]
    tall = sum(f.wrap(WIDTH - 112 - 12, HEIGHT)[1] + f.getSpaceAfter() + f.getSpaceBefore() for f in head) + 24

    def frames(top: float) -> list[Frame]:
        return [Frame(margin + i * (frame_width + style.gutter), 60, frame_width, top - 60, id=str(i), leftPadding=0,
                      rightPadding=0) for i in range(style.columns)]  # fmt: skip

    first = [Frame(margin, HEIGHT - 60 - tall, WIDTH - 112, tall, id="h"), *frames(HEIGHT - 60 - tall)]

    def furniture(canvas: Canvas, document: BaseDocTemplate) -> None:
        _furniture(canvas, article, style, document.page)

    document = BaseDocTemplate(str(into), pagesize=A4, title=article.title, invariant=1)
    moment = "onPageEnd" if style.head_last else "onPage"
    for name, parts in (("first", first), ("later", frames(HEIGHT - 60))):
        document.addPageTemplates(PageTemplate(id=name, frames=parts, **{moment: furniture}))
    document.build([*head, NextPageTemplate("later"), FrameBreak(), *flow])


def _soft(text: str) -> str:
    return re.sub(r"[A-Za-z]{7,}", lambda m: _BREAK.sub("\u00ad", m[0]), text)


def _grid(rows: tuple[tuple[str, ...], ...], width: float, style: Style) -> Table:
    cell = ParagraphStyle("c", fontName=style.family[0], fontSize=style.size - 2, leading=style.size - 0.5)
    cells = [[Paragraph(escape(text), cell) for text in row] for row in rows]
    table = Table(cells, colWidths=[width / len(rows[0])] * len(rows[0]), hAlign="LEFT", repeatRows=1)
    table.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.4, colors.black), ("VALIGN", (0, 0), (-1, -1), "TOP")]))
    return table


def _furniture(canvas: Canvas, article: Article, style: Style, page: int) -> None:
    canvas.saveState()
    canvas.setFont(style.family[0], 8)
    head = article.head if not (style.odd_even and page % 2) else "Someone and others"
    if page > 1:
        canvas.drawString(56, HEIGHT - 36, head)
    canvas.drawRightString(WIDTH - 56, 30, f"Page {page}")
    canvas.drawString(56, 30, "Journal of Tests 2020, volume 7")
    canvas.restoreState()


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
        for found in sorted(_BREAK.finditer(word), key=lambda m: -m.start()):
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
            _furniture(canvas, article, style, page)
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
            _furniture(canvas, article, style, page)
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
