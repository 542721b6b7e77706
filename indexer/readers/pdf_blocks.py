"""From lines in reading order to blocks: headings, paragraphs with their words rejoined, tables' rows.

Decides where a paragraph goes on (across columns and pages too), which hyphens at a line's end belong to the word, and
which short bold, larger, numbered or well-known line is a heading. Knows nothing of pages' geometry.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from indexer.readers.assemble import is_references
from indexer.readers.pdf_layout import Line

_CJK = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
_ENDS = re.compile(r"[.!?:。！？：…][\"'”’)\]）」』]*(?:\d{1,3}(?:[,–-]\d{1,3})*)?$")
_HYPHEN = re.compile(r"([A-Za-z]+(?:-[A-Za-z]+)*)[-\u2010\u2011]$")
_KNOWN = re.compile(
    r"(?:\d{1,2}(?:\.\d{1,2})*\.?\s+)?(?:abstract|summary|background|introduction|objectives?|aims?|purpose|"
    r"(?:materials? and |patients and |subjects and )?methods?|study design|participants|statistical analysis|results?|"
    r"findings|discussion|conclusions?|limitations|interpretation|recommendations?|adverse (?:events|effects)|"
    r"references?(?: list)?|bibliography|literature cited|acknowledge?ments?|funding|competing interests|"
    r"conflicts? of interests?|supplementary (?:material|data)|appendix(?: [a-z0-9])?|key ?words?|"
    r"摘要|背景|引言|前言|目的|方法|对象与方法|资料与方法|结果|讨论|结论|局限性|不良反应|参考文献|致谢|附录)\s*[:：.]?$",
    re.I,
)
_NUMBERED = re.compile(r"(?:\d{1,2}(?:\.\d{1,2}){0,3}\.?|[IVX]{1,4}\.)\s+[A-Z\u4e00-\u9fff]")
_ITEM = re.compile(r"(?:\[?\d{1,3}[.\])]|[•▪●–-])\s+\S")


@dataclass(slots=True)
class Block:
    """kind: `heading`, `body` or `table`. page: 0-based page of its first line. level: 1 for a section, 2 below."""

    kind: str
    text: str
    page: int
    level: int = 0
    starts: list[tuple[int, int]] = field(default_factory=list)
    """(offset in `text`, page) wherever a new page begins inside."""


def body_size(lines: Sequence[Line]) -> float:
    """The type size in which most characters are set, in points."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size * 2) / 2] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 10.0


def blocks(lines: Sequence[Line], *, body: float) -> list[Block]:
    """The blocks of a document in reading order."""
    leading = _leading(lines, body)
    words = _Words(lines)
    found: list[Block] = []
    previous: Line | None = None
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else None
        level = _heading_level(line, previous, following, body=body)
        if level:
            if found and found[-1].kind == "heading" and _continues_heading(found[-1], previous, line, leading):
                found[-1].text = f"{found[-1].text} {line.text}"
            else:
                found.append(Block("heading", line.text, line.page, level))
        elif _is_table_row(line, previous, following):
            found.append(Block("table", "; ".join(line.cells), line.page))
        elif (target := _continued(found, previous, line, leading)) is not None:
            _join(target, line, words)
        else:
            found.append(Block("body", line.text, line.page))
        previous = line
    return found


def _leading(lines: Sequence[Line], body: float) -> float:
    """The usual distance between baselines of body text, in points."""
    steps = Counter(
        round(a.y - b.y, 0)
        for a, b in pairwise(lines)
        if a.page == b.page and a.column == b.column and 0.8 * body < a.y - b.y < 2.5 * body
    )
    return float(steps.most_common(1)[0][0]) if steps else 1.2 * body


def _heading_level(line: Line, previous: Line | None, following: Line | None, *, body: float) -> int:
    """1 or 2 for a heading, 0 for anything else."""
    text = line.text
    if (
        len(text) > 120
        or len(text.split()) > 16
        or len(line.cells) > 1
        or not re.search(r"[A-Za-z\u4e00-\u9fff]", text)
    ):
        return 0
    apart = previous is None or previous.column != line.column or previous.page != line.page
    apart = apart or previous.y - line.y > 1.05 * body or _ENDS.search(previous.text) is not None  # type: ignore[union-attr]
    known = bool(_KNOWN.fullmatch(text))
    larger, bold = line.size > 1.08 * body, line.bold
    if known and (larger or bold or (apart and text[:1].isupper()) or _CJK.match(text)):
        return 1 if larger or not _sub(text) else 2
    if text.endswith((".", ",", ";", "。", "，", "；")) and not (larger and bold):
        return 0
    if not apart or following is None or (_ITEM.match(text) and not _NUMBERED.match(text)):
        return 0
    if (bold and not following.bold) or larger:
        return 2 if _sub(text) or (bold and line.size < 1.05 * body) else 1
    if larger and bold:
        return 1
    return 0


def _sub(text: str) -> bool:
    return bool(re.match(r"\d{1,2}\.\d", text))


def _continues_heading(block: Block, previous: Line | None, line: Line, leading: float) -> bool:
    """Whether a heading runs on over a second line of the same type."""
    if previous is None or _KNOWN.fullmatch(block.text) or _KNOWN.fullmatch(line.text) or is_references(block.text):
        return False
    same = abs(previous.size - line.size) < 0.3 and previous.bold == line.bold and previous.page == line.page
    return same and 0 < previous.y - line.y < 1.5 * max(leading, line.size) and not _NUMBERED.match(line.text)


def _is_table_row(line: Line, previous: Line | None, following: Line | None) -> bool:
    """Rows of several cells that stand together; a single line with a wide gap is prose."""
    if len(line.cells) < 2:
        return False
    near = [
        n for n in (previous, following) if n is not None and n.page == line.page and abs(n.y - line.y) < 4 * line.size
    ]
    return any(len(n.cells) > 1 for n in near) or len(line.cells) > 2


def _continued(found: list[Block], previous: Line | None, line: Line, leading: float) -> Block | None:
    """The paragraph that a line goes on with, None when it begins one."""
    if previous is None or not found:
        return None
    last = next((b for b in reversed(found[-12:]) if b.kind == "body"), None)
    if last is None:
        return None
    moved = previous.page != line.page or previous.column != line.column
    open_end = not _ENDS.search(last.text)
    if found[-1] is not last:
        # A table or a float stood in between: only an unfinished sentence goes on beyond it.
        between = found[found.index(last) + 1 :]
        return last if open_end and line.text[:1].islower() and all(b.kind == "table" for b in between) else None
    if moved:
        return last if open_end and not _ITEM.match(line.text) and abs(previous.size - line.size) < 1 else None
    if previous.y - line.y > 1.45 * leading or previous.y < line.y or abs(previous.size - line.size) > 0.12 * line.size:
        return None
    indented = line.x0 - previous.x0 > 0.8 * line.size and line.x0 - previous.x0 < 6 * line.size
    if indented and not open_end:
        return None
    if _ITEM.match(line.text) and not open_end:
        return None
    short = previous.x1 < line.x1 - 6 * line.size
    return None if short and not open_end and not line.text[:1].islower() else last


def _join(block: Block, line: Line, words: _Words) -> None:
    text = block.text
    if line.page != (block.starts[-1][1] if block.starts else block.page):
        block.starts.append((len(text), line.page))
    if text.endswith("\u00ad"):
        block.text = text[:-1] + line.text
    elif (match := _HYPHEN.search(text)) and line.text[:1].isalpha():
        block.text = text[: match.end(1)] + ("" if words.breaks(match[1], line.text) else "-") + line.text
    elif (re.search(r"[\w)]-$", text) and line.text[:1].isdigit()) or (_CJK.match(text[-1:]) and _CJK.match(line.text)):
        block.text = text + line.text
    else:
        block.text = f"{text} {line.text}"


class _Words:
    """Which words the document uses inside its lines: they decide whether a hyphen at a line's end stays."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._plain: Counter[str] = Counter()
        self._hyphened: Counter[str] = Counter()
        for line in lines:
            for word in re.findall(r"[A-Za-z]+(?:-[A-Za-z]+)+|[A-Za-z]+", line.text):
                (self._hyphened if "-" in word else self._plain)[word.lower()] += 1

    def breaks(self, before: str, after: str) -> bool:
        """Whether the hyphen only breaks a word: `occlu-` + `sion`, not `double-` + `blind` or `COX-` + `inhibitor`."""
        rest = re.match(r"[A-Za-z]+", after)
        if rest is None or after[:1].isupper() or before.isupper():
            return False
        joined, kept = (before + rest[0]).lower(), f"{before}-{rest[0]}".lower()
        if self._hyphened[kept] or self._plain[joined]:
            return self._plain[joined] >= self._hyphened[kept]
        return before.lower().rsplit("-")[-1] not in _KEEPS


_KEEPS = frozenset(
    "non self well long short high low double single placebo follow cross post pre anti meta evidence population "
    "community hospital patient health age sex dose time risk cost gold first second third two three four five six one "
    "intention per open case year month week day half full large small multi semi quasi co ex all near late early "
    "newly based related free half-life weight body blood".split()
)
