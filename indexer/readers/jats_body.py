"""The text of a JATS article as blocks: decides what is evidence (paragraphs, lists, boxes, captions, tables) and
what is not (references, acknowledgements, funding, competing interests, contributions, supplementary files).

Knows nothing of metadata or offsets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from indexer.readers.assemble import Block
from indexer.readers.bibliography import language
from indexer.readers.inline import plain
from indexer.readers.jats_tables import table_lines

Path = tuple[str, ...]

# Headings of at most 80 characters; the first group anywhere in them, the second only as the whole heading.
_LEFT_OUT = re.compile(
    r"(?:acknowledge?ments?"
    r"|(?:competing|conflicts? of|conflicting|declarations? of|disclosures? of)[\w ]{0,30} interests?"
    r"|authors?['’]?s?['’]? (?:contributions?|disclosures?|details|roles)|authorship contribution|\bfunding|"
    r"supporting information|supplementa(?:ry|l) (?:materials?|information|data|files?)|additional files?\b|"
    r"(?:data|materials?)[\w ]{0,20} availability|availability of (?:data|supporting)|data sharing"
    r"|original submitted files|pre-?publication history|consent (?:for|to) publication"
    r"|致谢|利益冲突|基金项目|作者贡献)|"
    r"^[\d.\W]*(?:contributors?(?:ship)?(?: statement)?|disclosures?(?: statement)?|declarations?|grant support|"
    r"sources? of support|financial (?:support|disclosures?)|authors?['’]?s?['’]? (?:information|statement)|"
    r"supplementa(?:ry|l) (?:figures?|tables?|appendix|digital content)|associated data|interests?|"
    r"references?(?: and notes| cited)?|literature cited|bibliography|publisher['’]?s note|"
    r"provenance and peer review|参考文献|基金(?:资助)?)\W*$",
    re.I,
)
_LEFT_OUT_TYPES = {"supplementary-material", "ref-list", "coi-statement", "conflict", "conflict-interest", "con",
                   "display-objects-none", "data-availability", "author-contributions", "funding"}  # fmt: skip
_NOT_TEXT = {"title", "label", "sec-meta", "object-id", "ref-list", "ack", "fn-group", "fn", "notes", "bio", "graphic",
             "media", "supplementary-material", "inline-supplementary-material", "attrib", "permissions", "subtitle",
             "alt-text", "long-desc", "caption", "related-article", "related-object", "glossary"}  # fmt: skip
_FLOW = {
    "p",
    "list",
    "def-list",
    "disp-quote",
    "statement",
    "verse-group",
    "speech",
    "preformat",
    "disp-formula-group",
}
_FLOATS = {
    "table-wrap",
    "table-wrap-group",
    "fig",
    "fig-group",
    "boxed-text",
    "table-wrap-foot",
    "supplementary-material",
}
_HEADING = 300
_UNUSED_ABSTRACTS = {"graphical", "toc", "teaser", "precis", "web-summary", "video"}


def abstract_blocks(meta: Element) -> Iterator[Block]:
    """The abstracts in order; translated ones under a heading that names their language."""
    for abstract in meta:
        if abstract.tag not in ("abstract", "trans-abstract"):
            continue
        kind = abstract.get("abstract-type", "")
        if kind in _UNUSED_ABSTRACTS:
            continue
        named = kind.replace("-", " ").title() if kind.endswith("summary") or "key" in kind else ""
        heading = plain(abstract.find("title")) or named or "Abstract"
        if abstract.tag == "trans-abstract":
            code = language(abstract.get("xml:lang", ""))
            heading += f" ({code})" if code else ""
        for child in abstract:
            yield from _flow(child, (heading[:_HEADING].rstrip(" :"),))


def body_blocks(article: Element) -> Iterator[Block]:
    """Body, appendices and other sections after it, then the figures and tables that float."""
    for name in (
        "body",
        "back/sec",
        "back/app-group/app",
        "back/app",
        "floats-group",
        "floats-wrap",
    ):
        for part in article.iterfind(name):
            if name == "body" or name.startswith("floats"):
                for child in part:
                    yield from _flow(child, ())
            else:
                yield from _section(part, ())


def _section(section: Element, path: Path) -> Iterator[Block]:
    heading = plain(section.find("title")) or plain(section.find("caption/title"))
    if not heading and section.tag in ("app", "boxed-text"):
        heading = plain(section.find("label"))
    heading = heading[:_HEADING].rstrip(" :.")
    kind = section.get("sec-type", "").lower()
    if kind in _LEFT_OUT_TYPES or (len(heading) <= 80 and _LEFT_OUT.search(heading)):
        return
    below = (*path, heading) if heading else path
    if section.tag == "boxed-text":
        for paragraph in section.iterfind("caption/p"):
            yield from _paragraph(paragraph, below)
    for child in section:
        yield from _flow(child, below)


def _flow(element: Element, path: Path) -> Iterator[Block]:
    """The blocks of one element that stands among paragraphs."""
    tag = element.tag
    if tag in ("sec", "boxed-text", "app"):
        yield from _section(element, path)
    elif tag == "p" or (tag == "preformat" and len(element) == 0):
        yield from _paragraph(element, path)
    elif tag == "list":
        yield from _list(element, path)
    elif tag == "def-list":
        for item in element.iterfind("def-item"):
            term, meaning = plain(item.find("term")), plain(item.find("def"))
            yield Block(f"{term}: {meaning}" if term and meaning else term or meaning, path)
    elif tag in ("table-wrap", "table-wrap-group"):
        yield from _table(element, path)
    elif tag in ("fig", "fig-group"):
        yield from _caption(element, path)
        for child in element.iterfind("fig"):
            yield from _caption(child, path)
    elif tag in ("disp-formula", "chem-struct-wrap", "verse-line", "tex-math", "math"):
        yield Block(plain(element), path)
    elif tag not in _NOT_TEXT:
        yield from _paragraph(element, path)


def _paragraph(element: Element, path: Path) -> Iterator[Block]:
    """The text between the lists and quotes that stand in it; figures and tables come after the paragraph."""
    line, floats = Element("p"), []
    line.text = element.text
    for child in element:
        if child.tag in _FLOATS:
            floats.append(child)
        if child.tag in _FLOATS or child.tag in _NOT_TEXT:
            _append(line, child.tail)
        elif child.tag in _FLOW:
            yield Block(plain(line), path)
            yield from _flow(child, path)
            line = Element("p")
            line.text = child.tail
        else:
            line.append(child)
    yield Block(plain(line), path)
    for child in floats:
        yield from _flow(child, path)


def _append(line: Element, text: str | None) -> None:
    if text and len(line):
        line[-1].tail = f"{line[-1].tail or ''} {text}"
    elif text:
        line.text = f"{line.text or ''} {text}"


def _list(element: Element, path: Path) -> Iterator[Block]:
    """One line for each item, its label before it; a nested list's items follow their own."""
    for item in element.iterfind("list-item"):
        label = plain(item.find("label"))
        for child in item:
            for block in _flow(child, path):
                text = f"{label} {block.text}" if label and block.text else block.text
                label = "" if block.text else label
                yield Block(text, block.path, block.kind)


def _caption(element: Element, path: Path) -> Iterator[Block]:
    label, caption = plain(element.find("label")), plain(element.find("caption"))
    if caption:
        stop = "" if not label or label[-1] in ".:" else "."
        yield Block(f"{label}{stop} {caption}".strip(), path, "caption")


def _table(element: Element, path: Path) -> Iterator[Block]:
    """Caption, rows, notes; a group's tables one after the other."""
    yield from _caption(element, path)
    for child in element.iterfind("table-wrap"):
        yield from _table(child, path)
    holders = (element, *element.iterfind("alternatives"))
    for table in (t for h in holders for name in ("table", "tgroup") for t in h.iterfind(name)):
        for line in table_lines(table):
            yield Block(line, path, "table")
    for foot in element.iterfind("table-wrap-foot"):
        for note in foot.iter("fn") if foot.find(".//fn") is not None else foot:
            if note.tag not in ("title", "label", "attrib"):
                yield Block(plain(note), path, "caption")
