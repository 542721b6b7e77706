"""Reads HTML pages: main text only, under its headings, tables as rows; metadata from `citation_*`, `dc.*` and `og:*`.

Decides what is the page's frame (navigation, banners, footers, lists of links) and leaves it out. Scripts are never
run, nothing is fetched. Knows nothing of what a site looks like beyond its tags, classes and roles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from indexer.errors import ReadError
from indexer.readers.assemble import Block, assemble, rows
from indexer.readers.clean import clean, decode
from indexer.readers.front_matter import source
from indexer.readers.inline import superscript, words
from indexer.types import Document

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s{0,5}=\s{0,5}["']?([\w-]{3,20})""", re.I)
_DROPPED = frozenset(
    "nav header footer aside script style form noscript template svg button select iframe dialog menu".split()
)  # fmt: skip
_FRAME = re.compile(
    r"\b(?:nav|navbar|navigation|menu|sidebar|breadcrumbs?|cookies?|banner|consent|footer|masthead|share|social|advert|"
    r"ads?|promo|related|newsletter|subscribe|popup|modal|skip-?link|toolbar|pagination)\b|cookie",
    re.I,
)
_FRAME_ROLES = frozenset("navigation banner contentinfo complementary search dialog alertdialog menu menubar".split())
_BLOCKS = frozenset(
    "p div section article main li dd dt blockquote pre ul ol dl table tr td th h1 h2 h3 h4 h5 h6 br hr figcaption "
    "caption body html address details summary".split()
)
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_DEEPEST = 400
# Private-use characters stand around a raised text and in front of a link in it until its block is known; the page's
# own are removed.
_UP, _DOWN, _LINK = "\ue000", "\ue001", "\ue002"
_RAISED = re.compile(f"{_UP}([^{_UP}{_DOWN}]{{0,200}}){_DOWN}")
_CITED = re.compile(r"[\s\d,;–\[\]()-]+")


class HtmlReader:
    """HTML pages (`.html`, `.htm`)."""

    def read(self, path: Path) -> Iterator[Document]:
        """Yields the page's one document. Raises ReadError: `empty`."""
        data = path.read_bytes()
        page = _Page()
        page.feed(_decoded(data))
        page.close()
        page.flush()
        blocks = page.main if sum(len(b.text) for b in page.main) > 200 else page.blocks
        text, sections = assemble(_without_link_lists(blocks, page.linked))
        if not text.strip():
            raise ReadError(path, "empty", "no main text found")
        fields = _fields(page)
        try:
            found = source(fields, path=path, data=data, text=text, kind="web")
        except ValueError:
            found = source({"title": fields.get("title", "")}, path=path, data=data, text=text, kind="web")
        yield Document(found, text, sections)


def _decoded(data: bytes) -> str:
    match = _CHARSET.search(data[:4096])
    if match and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        name = match[1].decode("ascii").lower()
        try:
            return clean(data.decode("gb18030" if name in ("gb2312", "gbk") else name))
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(data)


def _without_link_lists(blocks: list[Block], linked: dict[int, int]) -> Iterator[Block]:
    """Leaves out blocks that are nothing but links: tables of contents, "see also" lists."""
    for block in blocks:
        if linked.get(id(block), 0) < 0.8 * len(block.text) or block.kind == "table":
            yield block


@dataclass
class _Element:
    tag: str
    dropped: bool
    main: bool


@dataclass
class _Table:
    rows: list[list[str]] = field(default_factory=list)


class _Page(HTMLParser):
    """Collects blocks, metadata and which characters of a block are link text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self.main: list[Block] = []
        self.linked: dict[int, int] = {}
        self.meta: dict[str, list[str]] = {}
        self.title = ""
        self._stack: list[_Element] = []
        self._path: list[tuple[int, str]] = []
        self._text: list[str] = []
        self._link_characters = 0
        self._tables: list[_Table] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {k: v or "" for k, v in attrs}
        if tag == "meta":
            name = (given.get("name") or given.get("property") or "").lower()
            if name and given.get("content"):
                self.meta.setdefault(name, []).append(clean(given["content"]).strip())
        if tag in _BLOCKS:
            self.flush()
        if tag in _VOID or len(self._stack) >= _DEEPEST:
            return
        if tag in ("p", "li", "tr", "td", "th", "dt", "dd"):
            self._close_open(tag)
        parent = self._stack[-1] if self._stack else _Element("", False, False)
        frame = tag not in ("body", "html", "main", "article") and (
            tag in _DROPPED
            or given.get("role", "").lower() in _FRAME_ROLES
            or "hidden" in given
            or bool(_FRAME.search(f"{given.get('class', '')} {given.get('id', '')}"))
        )
        main = parent.main or tag in ("main", "article") or given.get("role") == "main"
        self._stack.append(_Element(tag, parent.dropped or frame, main))
        if tag == "table":
            self._tables.append(_Table())
        elif tag == "tr" and self._tables:
            self._tables[-1].rows.append([])
        elif tag == "sup":
            self._text.append(_UP)

    def handle_endtag(self, tag: str) -> None:
        open_tags = [e.tag for e in self._stack]
        if tag not in open_tags:
            return
        if tag in _BLOCKS:
            self.flush()
        while self._stack:
            closed = self._stack.pop().tag
            if closed == "sup":
                self._text.append(_DOWN)
            if closed == tag:
                break
        if tag == "table" and self._tables:
            table = self._tables.pop()
            for row in rows([r for r in table.rows if any(r)]):
                self._add(row, "table")

    def handle_data(self, data: str) -> None:
        element = self._stack[-1] if self._stack else None
        if element and element.tag == "title" and not self.title:
            self.title = clean(data).strip()
        elif element is None or not (element.dropped or element.tag in ("head", "title")):
            linked = any(e.tag == "a" for e in self._stack)
            self._text.append((_LINK if linked else "") + words(data).replace(_LINK, ""))
            if linked:
                self._link_characters += len(data.strip())

    def flush(self) -> None:
        """Ends the block that is being collected: a paragraph, a heading or a table's cell."""
        text = " ".join(_superscripts(clean("".join(self._text))).split())
        links, self._link_characters = self._link_characters, 0
        self._text.clear()
        tag = next((e.tag for e in reversed(self._stack) if e.tag in _BLOCKS), "")
        if self._tables and tag in ("td", "th", "p", "div", "li", "tr"):
            if text and self._tables[-1].rows:
                self._tables[-1].rows[-1].append(text)
        elif text and re.fullmatch(r"h[1-6]", tag):
            level = int(tag[1])
            self._path = [p for p in self._path if p[0] < level]
            if level == 1:
                self.meta.setdefault("h1", []).append(text)
            else:
                self._path.append((level, text))
        elif text:
            self._add(text, "caption" if tag in ("caption", "figcaption") else "body", links)

    def _add(self, text: str, kind: str, links: int = 0) -> None:
        block = Block(text, tuple(p[1] for p in self._path), kind)
        self.linked[id(block)] = links
        self.blocks.append(block)
        if self._stack and self._stack[-1].main:
            self.main.append(block)

    def _close_open(self, tag: str) -> None:
        """An unclosed <p>, <li> or cell ends where the next one begins."""
        for element in reversed(self._stack):
            if element.tag == tag:
                self.handle_endtag(tag)
                return
            if element.tag in (
                "table",
                "ul",
                "ol",
                "dl",
                "div",
                "section",
                "article",
                "main",
                "body",
            ):
                return


def _superscripts(text: str) -> str:
    """`10<sup>9</sup>` as `10^9`; a raised number that is a link points to a reference and goes."""
    text = _RAISED.sub(_raised, text)
    return text.replace(_UP, "").replace(_DOWN, "").replace(_LINK, "")


def _raised(match: re.Match[str]) -> str:
    inner, before = match[1].replace(_LINK, ""), match.string[max(0, match.start() - 40) : match.start()]
    if _LINK in match[1] and _CITED.fullmatch(inner) and ("[" in inner or not before[-1:].isdigit()):
        return ""
    return superscript(inner, before)


def _fields(page: _Page) -> dict[str, Any]:
    """Front-matter fields from the page's metadata."""

    def first(*names: str) -> str:
        return next((page.meta[n][0] for n in names if page.meta.get(n)), "")

    doi = first("citation_doi", "dc.identifier", "prism.doi")
    year = re.search(
        r"(?:19|20)\d\d",
        first("citation_publication_date", "citation_date", "dc.date", "article:published_time"),
    )
    return {
        "title": first("citation_title", "dc.title", "h1", "og:title") or page.title,
        "authors": page.meta.get("citation_author") or page.meta.get("dc.creator") or [],
        "journal": first("citation_journal_title", "og:site_name"),
        "year": year[0] if year else None,
        "doi": doi if doi.lower().removeprefix("doi:").startswith("10.") else None,
        "pmid": first("citation_pmid") or None,
        "language": first("citation_language", "dc.language")[:2].lower() or None,
        "publication_types": page.meta.get("citation_article_type") or [],
        "url": first("og:url", "citation_public_url") or None,
    }
