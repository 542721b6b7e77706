"""Typesets the PDF files of the demonstration library from the Markdown sources in `scripts/corpus_pdf/`.

Decides fonts, columns, running heads and where words may break. The same source gives the same bytes on every
machine: reportlab's `invariant` mode, fonts that reportlab carries, no date. It knows only the Markdown that the
sources use: front matter, `##` and `###` headings, paragraphs, pipe tables and numbered references.

    python scripts/typeset_corpus.py [--into corpus/pdf] [--check]
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from reportlab import rl_config
from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_LEFT
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
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

HERE = Path(__file__).resolve().parent
SOURCES = HERE / "corpus_pdf"
NOTE = {
    "en": "A summary prepared for the Anamnesis demonstration library",
    "zh": "为 Anamnesis 演示文献库编写的摘要",
}
SUMMARY_OF = {"en": "Summary of: doi ", "zh": "原文：doi "}
# ISO B5: a summary of 400 words then fills two pages, as a journal article does.
PAGE = (176 * mm, 250 * mm)
MARGIN = 19 * mm
GUTTER = 7 * mm
LIGATURES = (("fi", "\ufb01"), ("fl", "\ufb02"))  # all that Vera has
# Endings before which an English word may be divided (a small part of the usual printers' rules).
_ENDINGS = "tion|sion|ment|ness|tive|sive|able|ally|ated|ates|ating|tory|logy|pathy|graphy|ular"
_BREAKS = re.compile(rf"(?<=[a-z]{{3}})(?=(?:{_ENDINGS})(?:s|al|ally|ed|ing)?\b)")
_PREFIXES = re.compile(
    r"\b((?:[Ii]nter|[Hh]yper|[Cc]ardio|[Tt]hrombo|[Rr]adio|[Pp]rosta|[Cc]olono|[Vv]acci|[Cc]erebro))(?=[a-z]{4})"
)
_CELLS = [
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 3),
]
_WORD = re.compile(r"[A-Za-z]{8,}")


@dataclass(frozen=True, slots=True)
class Source:
    """One Markdown source. blocks: (`heading` | `subheading` | `text` | `table` | `reference`, its lines)."""

    meta: dict[str, str]
    blocks: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def language(self) -> str:
        """ISO 639-1 code, `en` unless the front matter says otherwise."""
        return self.meta.get("language", "en")

    @property
    def two_columns(self) -> bool:
        """Whether the text runs in two columns."""
        return self.meta.get("columns") == "2"


@dataclass(frozen=True, slots=True)
class Fonts:
    """Names of registered fonts for text, headings and emphasis."""

    text: str
    bold: str
    italic: str


def read_source(path: Path) -> Source:
    """The source at `path`. Raises ValueError when the front matter is missing."""
    _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
    meta = dict(line.split(": ", 1) for line in front.strip().splitlines())
    blocks = []
    for block in re.split(r"\n{2,}|(?<=\n)(?=#)|(?<=[a-zA-Z\u4e00-\u9fff])\n(?!\|)", body.strip()):
        lines = tuple(line for line in block.strip().splitlines() if line)
        if lines:
            blocks.append((_kind(lines[0]), lines))
    return Source(meta, tuple(blocks))


def _kind(line: str) -> str:
    if line.startswith("### "):
        return "subheading"
    if line.startswith("## "):
        return "heading"
    if line.startswith("|"):
        return "table"
    return "reference" if re.match(r"\d+\. ", line) else "text"


def fonts_of(source: Source) -> Fonts:
    """Registers and names the fonts: Song for Chinese, Vera (embedded) on request, else Times."""
    if source.language == "zh":
        pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
        return Fonts("STSong-Light", "STSong-Light", "STSong-Light")
    if source.meta.get("font") == "Vera":
        for name in ("Vera", "VeraBd", "VeraIt"):
            pdfmetrics.registerFont(TTFont(name, f"{name}.ttf"))
        return Fonts("Vera", "VeraBd", "VeraIt")
    return Fonts("Times-Roman", "Times-Bold", "Times-Italic")


def divisible(text: str) -> str:
    """`text` with soft hyphens where long English words may be divided at the end of a line."""

    def mark(match: re.Match[str]) -> str:
        word = _PREFIXES.sub("\\1\u00ad", match[0])
        return _BREAKS.sub("\u00ad", word)

    return _WORD.sub(mark, text)


class Typesetter:
    """Builds the flowables of one source."""

    def __init__(self, source: Source) -> None:
        self.source, self.fonts = source, fonts_of(source)
        self.chinese = source.language == "zh"
        size = 9.5 if source.two_columns or self.fonts.text == "Vera" else 10.5
        cjk = {"wordWrap": "CJK"} if self.chinese else {}
        base = ParagraphStyle(
            "text",
            fontName=self.fonts.text,
            fontSize=size,
            leading=size * (1.7 if self.chinese else 1.3),
            **cjk,
        )
        base.alignment, base.spaceAfter = (TA_LEFT if self.chinese else TA_JUSTIFY), size * 0.5
        self.text = base
        self.heading = ParagraphStyle(
            "heading", base, fontName=self.fonts.bold, fontSize=size + 1.5, alignment=TA_LEFT,
            spaceBefore=size * 0.7, spaceAfter=size * 0.3, keepWithNext=1,
        )  # fmt: skip
        self.subheading = ParagraphStyle("sub", self.heading, fontName=self.fonts.italic, fontSize=size + 0.5)
        self.small = ParagraphStyle("small", base, fontSize=size - 1.5, leading=(size - 1.5) * 1.25)
        self.cell = ParagraphStyle("cell", self.small, fontSize=size - 2, alignment=TA_LEFT, spaceAfter=0)
        self.title = ParagraphStyle(
            "title",
            base,
            fontName=self.fonts.bold,
            fontSize=16,
            leading=20,
            alignment=TA_CENTER,
            spaceAfter=7,
        )
        self.byline = ParagraphStyle("byline", base, alignment=TA_CENTER, spaceAfter=3)

    def _prepare(self, text: str) -> str:
        if self.chinese:
            return escape(text)
        if self.fonts.text == "Vera":
            for plain, ligature in LIGATURES:
                text = text.replace(plain, ligature)
        return escape(divisible(text))

    def head(self) -> list[Flowable]:
        """Title, authors, note and the article that is summarised: the block across the top of page 1."""
        meta, language = self.source.meta, self.source.language
        return [
            Paragraph(escape(meta["title"]), self.title),
            Paragraph(escape(meta["authors"]), self.byline),
            Paragraph(escape(f"{meta['journal']}, {meta['year']}"), self.byline),
            Paragraph(escape(NOTE[language]), self.byline),
            Paragraph(escape(SUMMARY_OF[language] + meta["doi"]), self.byline),
            Spacer(1, 4 * mm),
        ]

    def body(self, width: float) -> list[Flowable]:
        """Everything after the head, for columns of `width` points."""
        flowables: list[Flowable] = []
        for kind, lines in self.source.blocks:
            text = " ".join(lines)
            if kind == "table":
                flowables += [self._table(lines, width=width), Spacer(1, 3 * mm)]
            elif kind == "reference":
                flowables.append(Paragraph(self._prepare(f"{text} doi:{self.source.meta['doi']}"), self.small))
            elif kind == "text":
                flowables.append(Paragraph(self._prepare(text), self.text))
            else:
                flowables.append(Paragraph(escape(text.lstrip("# ")), getattr(self, kind)))
        return flowables

    def _table(self, lines: tuple[str, ...], *, width: float) -> Table:
        rows = [line.strip("|").split("|") for line in lines if "--" not in line]
        cells = [[Paragraph(escape(cell.strip()), self.cell) for cell in row] for row in rows]
        rest = len(rows[0]) - 1
        first = 0.3 if rest > 2 else 0.46
        widths = [width * first] + [width * (1 - first) / rest] * rest
        table = Table(cells, colWidths=widths, hAlign="LEFT")
        rule = ("LINEBELOW", (0, 0), (-1, 0), 0.6, colors.black)
        frame = [
            ("LINEABOVE", (0, 0), (-1, 0), 0.9, colors.black),
            ("LINEBELOW", (0, -1), (-1, -1), 0.9, colors.black),
        ]
        table.setStyle(TableStyle([rule, *frame, *_CELLS]))
        return table


def typeset(source: Source, *, into: Path) -> None:
    """Writes the PDF of `source` to the file `into`."""
    rl_config.invariant = 1
    setter = Typesetter(source)
    width = PAGE[0] - 2 * MARGIN
    height = PAGE[1] - 2 * MARGIN
    head = setter.head()
    # A frame keeps 6 points of padding on every side; the head needs its own height and both paddings.
    top = sum(f.wrap(width - 12, height)[1] + f.getSpaceAfter() for f in head) + 14
    columns = 2 if source.two_columns else 1
    column = (width - GUTTER * (columns - 1)) / columns

    def frames(tall: float) -> list[Frame]:
        return [Frame(MARGIN + i * (column + GUTTER), MARGIN, column, tall, id=f"c{i}") for i in range(columns)]

    first = [Frame(MARGIN, PAGE[1] - MARGIN - top, width, top, id="head"), *frames(height - top)]

    def running_head(canvas: Canvas, document: BaseDocTemplate) -> None:
        if document.page > 1:
            canvas.setFont(setter.fonts.text, 8)
            canvas.drawString(MARGIN, PAGE[1] - MARGIN * 0.7, source.meta["head"])
            canvas.drawRightString(PAGE[0] - MARGIN, PAGE[1] - MARGIN * 0.7, "Anamnesis")

    def page_number(canvas: Canvas, document: BaseDocTemplate) -> None:
        canvas.setFont(setter.fonts.text, 8)
        canvas.drawCentredString(PAGE[0] / 2, MARGIN * 0.55, str(document.page))

    document = BaseDocTemplate(
        str(into), pagesize=PAGE, title=source.meta["title"], author=source.meta["authors"],
        subject=f"doi:{source.meta['doi']}", lang=source.language, invariant=1,
    )  # fmt: skip
    for name, parts in (("first", first), ("later", frames(height))):
        document.addPageTemplates(PageTemplate(id=name, frames=parts, onPage=running_head, onPageEnd=page_number))
    document.build([*head, NextPageTemplate("later"), FrameBreak(), *setter.body(column - 12)])


def main() -> int:
    """Typesets every source; with --check, only says which files in the folder differ from their source."""
    parser = argparse.ArgumentParser(description="Typeset the PDF files of the demonstration library.")
    parser.add_argument("--into", type=Path, default=HERE.parent / "corpus" / "pdf")
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    arguments = parser.parse_args()
    stale = []
    with tempfile.TemporaryDirectory() as folder:
        for path in sorted(SOURCES.glob("*.md")):
            target = arguments.into / f"{path.stem}.pdf"
            made = (Path(folder) if arguments.check else arguments.into) / target.name
            typeset(read_source(path), into=made)
            if arguments.check and not (target.exists() and target.read_bytes() == made.read_bytes()):
                stale.append(target.name)
    for name in stale:
        print(
            f"{name}: differs from its source; run: python scripts/typeset_corpus.py",
            file=sys.stderr,
        )
    return 1 if stale else 0


if __name__ == "__main__":
    raise SystemExit(main())
