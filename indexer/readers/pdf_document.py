"""From blocks to a document's text, sections and pages.

Decides what is left out: the block of authors and addresses above the text stays in the text but outside every section;
the list of references is dropped as a whole, by its heading or by the look of its entries. Knows nothing of layout.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from indexer.readers.assemble import is_references
from indexer.readers.pdf_blocks import Block, is_known_heading
from indexer.types import Section

# Headings after the references under which the text is read again.
_AFTER = re.compile(
    r"(?:appendix|appendices|annex|supplement|figure legends?|tables?\b|acknowledge?ments?|funding|abbreviations|"
    r"competing interests?|conflicts? of interests?|author|contributor|disclosure|ethic|pre-publication|附录|致谢)",
    re.I,
)
_ENTRY = re.compile(r"\s{0,20}(?:\[\d{1,3}\]|\d{1,3}[.)]?)\s+\S")
_CITED = re.compile(r"(?:19|20)\d\d\s?[a-z]?\s?[;:.,)]|doi[:.]|et al|\d\s?\(\d{1,6}\)\s?:|PMID|PubMed|\[[JMCD]\]", re.I)
_FEWEST_ENTRIES = 4
_PROSE_WORDS = 40
_SENTENCE = re.compile(r"[.。!?！？][\"”’)\]]*\d{0,3}$")


@dataclass(slots=True)
class Assembly:
    """The parts of a text as they come. starts: offset of each page's first character, None for one without text;
    cited: the references on the first page, which are not part of the text."""

    pages: int
    parts: list[str] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    starts: list[int | None] = field(default_factory=list)
    length: int = 0
    cited: str = ""
    _path: tuple[str, ...] = ()
    _before: tuple[tuple[str, ...], str] | None = None

    def __post_init__(self) -> None:
        self.starts = [None] * self.pages

    def put(self, text: str, *, page: int, gap: str = "\n\n") -> int:
        """Appends text and returns its offset."""
        if self.parts:
            self.parts.append(gap)
            self.length += len(gap)
        start = self.length
        self.parts.append(text)
        self.length += len(text)
        self.begins(page, start)
        return start

    def begins(self, page: int, offset: int) -> None:
        """Notes that `page` begins at `offset` or earlier."""
        if self.starts[page] is None:
            self.starts[page] = offset

    def heading(self, block: Block) -> None:
        """Text outside every section; what follows stands under it."""
        self._path = (*self._path[: block.level - 1], block.text.strip().rstrip(":： "))
        self._before = None
        self.put(block.text, page=block.page)

    def content(self, block: Block) -> None:
        """A paragraph, a caption or a table's row."""
        key = (self._path, block.kind)
        same = key == self._before
        start = self.put(block.text, page=block.page, gap="\n" if same and block.kind == "table" else "\n\n")
        for offset, page in block.starts:
            self.begins(page, start + offset)
        if same:
            last = self.sections[-1]
            self.sections[-1] = Section(last.heading, last.start, self.length, last.page, last.kind)
        else:
            heading = " > ".join(self._path)
            self.sections.append(Section(heading, start, self.length, block.page + 1, block.kind))
        self._before = key

    def page_starts(self) -> tuple[int, ...]:
        """One ascending offset a page; an empty page begins where the next one does."""
        filled, after = [], self.length
        for start in reversed(self.starts):
            after = min(start, after) if start is not None else after
            filled.append(after)
        return tuple(reversed(filled))


def assembled(title: str, content: Sequence[Block], *, pages: int) -> Assembly:
    """Text, sections and pages of a document."""
    assembly = Assembly(pages)
    if title:
        assembly.put(title, page=0)
    front = _front(content)
    for block in content[:front]:
        assembly.put(block.text, page=block.page)
    kept = _without_references(content[front:])
    for block in kept:
        (assembly.heading if block.kind == "heading" else assembly.content)(block)
    read = {id(block) for block in kept}
    assembly.cited = "\n".join(block.text for block in content[front:] if id(block) not in read and not block.page)
    return assembly


def _front(content: Sequence[Block]) -> int:
    """How many blocks stand before the text proper: authors, addresses, dates, identifiers."""
    for i, block in enumerate(content[:40]):
        if block.kind == "heading" and is_known_heading(block.text):
            return i
        if block.kind == "body" and len(block.text.split()) >= _PROSE_WORDS and _SENTENCE.search(block.text):
            return i - 1 if i and content[i - 1].kind == "heading" else i
        if block.kind == "body" and len(block.text) >= 80 and ord(block.text[0]) > 0x2E80 and "。" in block.text:
            return i - 1 if i and content[i - 1].kind == "heading" else i
    return 0


def head_of(content: Sequence[Block]) -> str:
    """The text of the blocks before the text proper."""
    return " ".join(block.text for block in content[: _front(content)])


def _without_references(content: Sequence[Block]) -> list[Block]:
    kept: list[Block] = []
    opening: Block | None = None
    floating = False
    for block in content:
        if block.kind == "heading" and is_references(block.text):
            opening, floating = block, False
        elif opening is not None and block.kind == "heading" and _ends(block, opening):
            opening = None
        elif opening is not None and block.kind == "caption":
            floating = True
        elif opening is not None and block.kind != "table":
            floating = False
        if opening is None or floating:
            kept.append(block)
    return _without_unheaded(kept)


def _ends(block: Block, opening: Block) -> bool:
    """Whether a heading ends the list of references: known to follow it, or of the same type as its heading."""
    if _CITED.search(block.text) or _ENTRY.match(block.text):
        return False
    same = abs(block.size - opening.size) < 0.4 and block.marked == opening.marked
    return (
        bool(_AFTER.match(block.text)) or is_known_heading(block.text) or (same and (opening.marked or block.size > 11))
    )


def _without_unheaded(content: list[Block]) -> list[Block]:
    """Without a list of numbered references that has no heading of its own: it ends the text."""
    looks = [b.kind in ("body", "table") and bool(_ENTRY.match(b.text) and _CITED.search(b.text)) for b in content]
    first = next((i for i in range(len(content)) if looks[i] and all(looks[i : i + _FEWEST_ENTRIES])), -1)
    if first < len(content) // 3 or len(content) - first < _FEWEST_ENTRIES:
        return content
    last = first
    while last < len(content) and (looks[last] or any(looks[last + 1 : last + 3])):
        last += 1
    return content[:first] + content[last:]
