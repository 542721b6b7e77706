"""From lines in reading order to blocks: headings, paragraphs with their words rejoined, captions, tables' rows.

Decides where a paragraph goes on (across columns, pages and what floats between them) and which short bold,
italic, larger, numbered or well-known line is a heading. Knows nothing of pages' geometry beyond a line's own place.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from indexer.readers.assemble import is_references
from indexer.readers.pdf_layout import Line
from indexer.readers.pdf_words import Words

_CJK = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
_ENDS = re.compile(r"[.!?:。！？：…][\"'”’)\]）」』]*(?:\d{1,3}(?:[,–-]\d{1,3})*)?$")
_KNOWN = re.compile(
    r"(?:\d{1,2}(?:\.\d{1,2}){0,5}\.?\s+)?(?:abstract|summary|background|introduction|objectives?|aims?|purpose|"
    r"(?:materials? and |patients and |subjects and )?methods?|study design|participants|statistical analysis|results?|"
    r"findings|discussion|conclusions?|limitations|interpretation|recommendations?|adverse (?:events|effects)|"
    r"references?(?: list| cited)?|bibliography|literature cited|acknowledge?ments?|funding|competing interests|"
    r"conflicts? of interests?|supplementary (?:material|data)|appendix(?: [a-z0-9])?|key ?words?|"
    r"摘要|背景|引言|前言|目的|方法|对象与方法|资料与方法|结果|讨论|结论|局限性|不良反应|参考文献|致谢|附录)\s*[:：.]?$",
    re.I,
)
_NUMBERED = re.compile(r"(?:\d{1,2}(?:\.\d{1,2}){0,3}\.?|[IVX]{1,4}\.)\s+[A-Z\u4e00-\u9fff]")
_ITEM = re.compile(r"(?:\[?\d{1,3}[.\])]|[•▪●–-])\s+\S")
_BULLET = re.compile(r"[•▪●■◦‣]\s*\S")
_CAPTION = re.compile(r"(?:(?:Supplementary )?(?:Table|TABLE|Fig(?:ure)?\.?|FIG(?:URE)?\.?|Box)\s*[SA]?\d|[表图]\s*\d)")
_LONGEST_HEADING, _MOST_HEADING_WORDS = 120, 16


@dataclass(slots=True)
class Block:
    """kind: `heading`, `body`, `caption` or `table`. page: 0-based page of its first line. level: 1 for a section, 2
    below; size, marked: its type's; starts: (offset in `text`, page) wherever a new page begins inside."""

    kind: str
    text: str
    page: int
    size: float
    marked: bool = False
    level: int = 0
    starts: list[tuple[int, int]] = field(default_factory=list)


def body_size(lines: Sequence[Line]) -> float:
    """The type size in which most characters are set, in points."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size * 2) / 2] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 10.0


def blocks(lines: Sequence[Line], *, body: float) -> list[Block]:
    """The blocks of a document in reading order."""
    maker = _Maker(lines, body)
    for number, line in enumerate(lines):
        maker.add(line, lines[number + 1] if number + 1 < len(lines) else None)
    return maker.found


def _leading(lines: Sequence[Line], body: float) -> float:
    """The usual distance between baselines of body text, in points."""
    steps = Counter(
        round(2 * (a.y - b.y)) / 2
        for a, b in pairwise(lines)
        if a.page == b.page and a.column == b.column and 0.8 * body < a.y - b.y < 2.5 * body and a.kind == "text"
    )
    return steps.most_common(1)[0][0] if steps else 1.2 * body


class _Maker:
    """Builds blocks line by line."""

    def __init__(self, lines: Sequence[Line], body: float) -> None:
        self.found: list[Block] = []
        self._body, self._leading = body, _leading(lines, body)
        self._words = Words(line.text for line in lines)
        self._previous: Line | None = None

    def add(self, line: Line, following: Line | None) -> None:
        """Takes the next line; `following` is the one after it."""
        if line.kind == "table":
            cells = line.text.split("\t")
            self._begin("table", "  ".join(self._rejoined(cell.split("\n")) for cell in cells), line)
        elif level := self._heading_level(line, following):
            if self._continues_heading(line):
                self.found[-1].text = self._words.join(self.found[-1].text, line.text)
            else:
                self._begin("heading", line.text, line)
                self.found[-1].level = level
        elif (target := self._continued(line)) is not None:
            if line.page != (target.starts[-1][1] if target.starts else target.page):
                target.starts.append((len(target.text), line.page))
            target.text = self._words.join(target.text, line.text)
        else:
            self._begin("caption" if _CAPTION.match(line.text) else "body", line.text, line)
        self._previous = line

    def _begin(self, kind: str, text: str, line: Line) -> None:
        self.found.append(Block(kind, text, line.page, line.size, line.marked))

    def _rejoined(self, parts: Sequence[str]) -> str:
        text = ""
        for part in parts:
            text = self._words.join(text, part)
        return text

    def _heading_level(self, line: Line, following: Line | None) -> int:
        """1 or 2 for a heading, 0 for anything else."""
        text, previous = line.text, self._previous
        if len(text) > _LONGEST_HEADING or len(text.split()) > _MOST_HEADING_WORDS:
            return 0
        if not re.search(r"[A-Za-z\u4e00-\u9fff]", text) or _CAPTION.match(text):
            return 0
        larger = line.size > 1.08 * self._body
        apart = previous is None or previous.column != line.column or previous.page != line.page
        apart = apart or _ended(previous.text) or previous.kind == "table"  # type: ignore[union-attr]
        apart = apart or previous.y - line.y > 1.2 * self._leading  # type: ignore[union-attr]
        if _KNOWN.fullmatch(text) and (
            larger or line.marked or (apart and (text[0].isupper() or text[0].isdigit() or _CJK.match(text)))
        ):
            return 2 if _sub(text) else 1
        if text.endswith((".", ",", ";", "。", "，", "；")) and not (larger and line.marked):
            return 0
        if following is None or (_ITEM.match(text) and not _NUMBERED.match(text)) or not (apart or larger):
            return 0
        if larger:
            return 2 if _sub(text) else 1
        return 2 if line.marked and (not following.marked or self._continues_style(line)) else 0

    def _continues_style(self, line: Line) -> bool:
        """Whether a bold line stands in a text that is not bold as a whole."""
        last = self.found[-1] if self.found else None
        return last is not None and not last.marked and line.text[:1].isupper()

    def _continues_heading(self, line: Line) -> bool:
        """Whether a heading runs on over a second line of the same type."""
        last, previous = self.found[-1] if self.found else None, self._previous
        if last is None or last.kind != "heading" or previous is None or len(last.text) > _LONGEST_HEADING:
            return False
        if _KNOWN.fullmatch(last.text) or _KNOWN.fullmatch(line.text) or is_references(last.text):
            return False
        same = abs(previous.size - line.size) < 0.3 and previous.marked == line.marked and previous.page == line.page
        close = 0 < previous.y - line.y < 1.5 * max(self._leading, line.size)
        return same and close and not _NUMBERED.match(line.text)

    def _continued(self, line: Line) -> Block | None:
        """The paragraph that a line goes on with, None when it begins one."""
        previous = self._previous
        if previous is None or not self.found:
            return None
        last = self.found[-1]
        if previous.page == line.page and previous.column == line.column and last.kind in ("body", "caption"):
            return last if self._runs_on(previous, line, last.text) else None
        return self._resumed(line)

    def _runs_on(self, previous: Line, line: Line, text: str) -> bool:
        """Whether a line below another in one column belongs to the same paragraph."""
        size = line.size
        step = previous.y - line.y
        if abs(previous.size - size) > 0.12 * size or not 0 < step <= 1.35 * self._leading * max(
            size / self._body, 0.8
        ):
            return False
        ended = _ended(text)
        if _BULLET.match(line.text) or (ended and _ITEM.match(line.text)):
            return False
        indented = 0.7 * size < line.x0 - previous.x0 < 6 * size
        if indented and (ended or previous.x0 - line.left < 0.3 * size) and not line.text[:1].islower():
            return not (ended or line.text[:1].isupper())
        short = previous.x1 < line.right - 5 * size
        return not (short and ended and not line.text[:1].islower())

    def _resumed(self, line: Line) -> Block | None:
        """The unfinished paragraph that a line at the top of a column, or below a float, goes on with."""
        for block in self.found[:-9:-1]:
            if block.kind == "heading":
                return None
            if block.kind != "body" or abs(block.size - line.size) > 0.06 * line.size:
                continue  # a table, a caption, a footnote
            if _ended(block.text) and not line.text[:1].islower():
                return None
            begins = _ITEM.match(line.text) or (line.marked and not block.marked)
            near = block is self.found[-1] or line.text[:1].islower() or block.text[-1:] in "-\u00ad,"
            return block if near and not begins else None
        return None


def _ended(text: str) -> bool:
    """Whether a text ends as a sentence does; a reference's number may follow the full stop."""
    return bool(_ENDS.search(text[-40:]))


def is_known_heading(text: str) -> bool:
    """Whether a heading is one that articles usually have."""
    return bool(_KNOWN.fullmatch(text))


def _sub(text: str) -> bool:
    return bool(re.match(r"\d{1,2}\.\d", text))
