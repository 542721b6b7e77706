"""A page as a Word file (Office Open XML, ECMA-376), written by hand: the same page gives the same bytes.

Decides which parts the file has and how blocks become paragraphs, lists and tables. Fixed parts (styles, numbering,
footer) are in `docx_parts`. Drawings stand as SVG beside a blank picture for programs that cannot show SVG, with their
words under them. No macro, no field that loads anything; links only to http and https.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from rag.render import safe
from rag.tasks.page import Block, Heading, Page, Paragraph, Picture, Points, Reference, Table, Text
from rag.tasks.report import docx_parts as parts
from rag.tasks.report.drawing import clean_svg
from rag.tasks.report.links import web
from rag.tasks.report.wording import word

_DAY = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can say: no time of writing in the bytes
_MISSING = "\ufffe\uffff"  # what XML 1.0 does not allow and `safe` leaves


def docx(page: Page) -> bytes:
    """The bytes of the file."""
    body = _Body(page)
    document = body.document()
    files: list[tuple[str, bytes]] = [
        ("[Content_Types].xml", parts.content_types(bool(body.drawings)).encode()),
        ("_rels/.rels", parts.ROOT_RELATIONS.encode()),
        ("docProps/core.xml", parts.core(_data(page.title), page.language).encode()),
        ("docProps/app.xml", parts.APP.encode()),
        ("word/document.xml", document.encode("utf-8", "replace")),
        ("word/_rels/document.xml.rels", parts.relations(body.links, len(body.drawings)).encode()),
        ("word/styles.xml", parts.styles(page.language).encode()),
        ("word/numbering.xml", parts.NUMBERING.encode()),
        ("word/settings.xml", parts.SETTINGS.encode()),
        ("word/footer1.xml", parts.footer(_data(word("disclaimer", page.language)), page.language).encode()),
    ]
    if body.drawings:
        files.append(("word/media/blank.png", parts.blank_png()))
        files += [(f"word/media/drawing{n}.svg", s.encode()) for n, s in enumerate(body.drawings, start=1)]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            info = zipfile.ZipInfo(name, _DAY)
            info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 0
            archive.writestr(info, data)
    return out.getvalue()


def _data(text: str) -> str:
    """Data as XML shows it, without what XML forbids."""
    return escape("".join("?" if c in _MISSING else c for c in safe(text)))


@dataclass(slots=True)
class _Body:
    """The main part as it grows, with the links and drawings that it needs. links: addresses, in the order of their
    relationships; drawings: SVG."""

    page: Page
    links: list[str] = field(default_factory=list)
    drawings: list[str] = field(default_factory=list)

    def document(self) -> str:
        anchors = {r.label: f"ref{n}" for n, r in enumerate(self.page.references, start=1)}
        written = [_paragraph(_run(self.page.title), style="Title")]
        written += [_paragraph(_run(n), style="Notice") for n in self.page.notices]
        for block in self.page.blocks:
            written += self._block(block, anchors)
        if self.page.references:
            written.append(_paragraph(_run(word("references", self.page.language)), style="Heading1"))
            written += [self._reference(r, n) for n, r in enumerate(self.page.references, start=1)]
        return parts.document("".join(written))

    def _block(self, block: Block, anchors: dict[str, str]) -> Iterator[str]:
        if isinstance(block, Heading):
            yield _paragraph(_run(block.text), style=f"Heading{min(max(block.level, 1), 4)}")
        elif isinstance(block, Paragraph):
            space = "" if self.page.language == "zh" else _run(" ")
            yield _paragraph(space.join(_text(t, anchors) for t in block.texts))
        elif isinstance(block, Points):
            for item in block.items:
                yield _paragraph(_text(item, anchors), style="ListBullet")
        elif isinstance(block, Picture):
            yield from self._picture(block)
        else:
            yield from _table(block, anchors)

    def _picture(self, picture: Picture) -> Iterator[str]:
        drawing = clean_svg(_plain(picture.svg))
        if drawing:
            self.drawings.append(drawing)
            yield parts.picture(len(self.drawings), alt=quoteattr(_plain(picture.alt)), svg=drawing)
        if picture.alt.strip():
            yield _paragraph(_run(picture.alt), style="Caption")

    def _reference(self, reference: Reference, number: int) -> str:
        mark = f'<w:bookmarkStart w:id="{number}" w:name="ref{number}"/>'
        inner = f'{mark}{_run(f"[{reference.label}] ")}<w:bookmarkEnd w:id="{number}"/>{_run(reference.text)}'
        if reference.quote:
            inner += _run(f" “{reference.quote}”", italic="<w:i/>")
        if address := web(reference.link):
            self.links.append(address)
            inner += _run(" ") + (
                f'<w:hyperlink r:id="rLink{len(self.links)}" w:history="1">'
                f"{_run(address, italic=_LINKED)}</w:hyperlink>"
            )
        return _paragraph(inner, style="Reference")


_LINKED = '<w:rStyle w:val="Hyperlink"/>'
_LABEL = '<w:rStyle w:val="Label"/>'


def _plain(text: str) -> str:
    return "".join("?" if c in _MISSING else c for c in safe(text)).replace("\n", " ")


def _paragraph(inner: str, *, style: str = "") -> str:
    chosen = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{chosen}{inner}</w:p>"


def _run(text: str, *, italic: str = "") -> str:
    """A run of data; line ends become breaks. italic: the run's properties, as XML."""
    look = f"<w:rPr>{italic}</w:rPr>" if italic else ""
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{_data(line)}</w:t>' for line in text.split("\n"))
    return f"<w:r>{look}{lines}</w:r>"


def _text(text: Text, anchors: dict[str, str]) -> str:
    """A text and its labels, each a link to its reference."""
    made = _run(text.text) if text.text else ""
    for label in text.cites:
        run = _run(f" [{label}]", italic=_LABEL)
        anchor = anchors.get(label)
        made += f'<w:hyperlink w:anchor="{anchor}" w:history="1">{run}</w:hyperlink>' if anchor else run
    return made


def _table(table: Table, anchors: dict[str, str]) -> Iterator[str]:
    if table.caption:
        yield _paragraph(_run(table.caption), style="Caption")
    count = max(len(table.header), 1)
    width = parts.TEXT_WIDTH // count
    column = f'<w:gridCol w:w="{width}"/>'
    grid = f"<w:tblGrid>{column * count}</w:tblGrid>"
    head = _row([_run(h, italic="<w:b/>") for h in table.header], width, kind="<w:cantSplit/><w:tblHeader/>")
    rows = "".join(_row([_text(t, anchors) for t in row], width, kind="<w:cantSplit/>") for row in table.rows)
    yield f"<w:tbl>{parts.TABLE_LOOK}{grid}{head}{rows}</w:tbl>"
    yield "<w:p/>"  # two tables without a paragraph between them would become one


def _row(cells: Sequence[str], width: int, *, kind: str) -> str:
    made = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{_paragraph(c, style="TableText")}</w:tc>'
        for c in cells
    )
    return f"<w:tr><w:trPr>{kind}</w:trPr>{made}</w:tr>"
