"""Typesets articles as PDF in the manners that publishers' tools have, for tests and `scripts/bench_pdf.py`.

`by_frames` lets reportlab's platypus set justified paragraphs in frames. `typeset_lines.by_hand` breaks lines itself and draws them as
asked: a line at a time, with word spacing, or word by word; column after column or row after row. Both hyphenate, write
running heads and page numbers, grid tables, ligatures and a reference list, and keep to characters of Windows-1252.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
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
BREAK = re.compile(r"(?<=[a-z]{2}[aeiouy][bcdfghjklmnpqrstvwxz])(?=[bcdfghjklmnpqrstvwxz][aeiouy][a-z]{2})")


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
        parts = [self.title, self.authors, *(("Abstract", *self.abstract) if self.abstract else ())]
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

    def around(canvas: Canvas, document: BaseDocTemplate) -> None:
        furniture(canvas, article, style, document.page)

    document = BaseDocTemplate(str(into), pagesize=A4, title=article.title, invariant=1)
    moment = "onPageEnd" if style.head_last else "onPage"
    for name, parts in (("first", first), ("later", frames(HEIGHT - 60))):
        document.addPageTemplates(PageTemplate(id=name, frames=parts, **{moment: around}))
    document.build([*head, NextPageTemplate("later"), FrameBreak(), *flow])


def _soft(text: str) -> str:
    return re.sub(r"[A-Za-z]{7,}", lambda m: BREAK.sub("\u00ad", m[0]), text)


def _grid(rows: tuple[tuple[str, ...], ...], width: float, style: Style) -> Table:
    cell = ParagraphStyle("c", fontName=style.family[0], fontSize=style.size - 2, leading=style.size - 0.5)
    cells = [[Paragraph(escape(text), cell) for text in row] for row in rows]
    table = Table(cells, colWidths=[width / len(rows[0])] * len(rows[0]), hAlign="LEFT", repeatRows=1)
    table.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.4, colors.black), ("VALIGN", (0, 0), (-1, -1), "TOP")]))
    return table


def furniture(canvas: Canvas, article: Article, style: Style, page: int) -> None:
    """Draws a page's running head and foot."""
    canvas.saveState()
    canvas.setFont(style.family[0], 8)
    head = article.head if not (style.odd_even and page % 2) else "Someone and others"
    if page > 1:
        canvas.drawString(56, HEIGHT - 36, head)
    canvas.drawRightString(WIDTH - 56, 30, f"Page {page}")
    canvas.drawString(56, 30, "Journal of Tests 2020, volume 7")
    canvas.restoreState()
