"""Reads Markdown and plain text: front matter, headings, paragraphs, tables. Decides what is a heading and what is
one paragraph; markup is taken out, so that quotes read cleanly."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from indexer.errors import ReadError
from indexer.readers.assemble import Block, assemble, rows
from indexer.readers.clean import decode
from indexer.readers.front_matter import source, split_front_matter
from indexer.readers.inline import superscript, words
from indexer.types import Document

_HEADING = re.compile(r"(#{1,6})\s+(\S.*?)\s*#*$")
_UNDERLINE = re.compile(r"\A(=|-){3,}\s*$")
_TABLE_RULE = re.compile(r"\A\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$")
_ITEM = re.compile(r"\A\s*(?:[-*+•]|\d{1,2}[.)])\s+")
_TAGS = (
    (re.compile(r"<!--[^\n]{0,2000}?-->"), ""),
    (re.compile(r"<(?:/?(?:br|p|div)\b[^<>\n]{0,200})>", re.I), " "),
    (re.compile(r"<(?:/?(?:b|i|em|strong|sub|u|small|span)\b[^<>\n]{0,200})>", re.I), ""),
)
# `<sup>9</sup>`, and `^9^` as Pandoc writes it.
_RAISED = re.compile(
    r"<sup\b[^<>\n]{0,99}>(?P<tagged>[^<>\n]{0,200})</sup>|(?<=[\w).,;:])\^(?P<careted>[\w,−–+-]{1,20})\^", re.I
)
_LEFT_OVER = re.compile(r"</?sup\b[^<>\n]{0,99}>", re.I)
_CITED = re.compile(r"(?:\[{1,2}\d[\d,;\s–-]{0,40}\]{1,2}\([^()\n]{0,300}\)[\s,;–-]{0,3}){1,20}")
_MARKUP = (
    (re.compile(r"!\[([^\]\n]{0,300})\]\([^)\n]{0,500}\)"), r"\1"),
    (re.compile(r"\[([^\[\]\n]{1,300})\]\([^)\n]{0,500}\)"), r"\1"),
    (re.compile(r"(\*\*|__)(?=\S)([^*_\n]{1,500}?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![\w*])\*(?=\S)([^*\n]{1,500}?)(?<=\S)\*(?![\w*])"), r"\1"),
    (re.compile(r"(?<!\w)_(?=\S)([^_\n]{1,500}?)(?<=\S)_(?!\w)"), r"\1"),
    (re.compile(r"`([^`\n]{1,300})`"), r"\1"),
    (re.compile(r"\\([*_`\[\]()#+\-.!~>])"), r"\1"),
)
_CJK_JOIN = re.compile("(?<=[\u3000-\u9fff\uff00-\uffef]) (?=[\u3000-\u9fff\uff00-\uffef])")
_BINARY_SHARE = 0.02


class TextReader:
    """Markdown (`.md`, `.markdown`) and plain text (`.txt`)."""

    def read(self, path: Path) -> Iterator[Document]:
        """Yields the file's one document. Raises ReadError: `empty`, `binary`, `front_matter`."""
        data = path.read_bytes()
        text = decode(data)
        if not text.strip():
            raise ReadError(path, "empty")
        # Windows-1252 decodes anything: what it makes of a picture is full of controls, which `clean` has removed.
        if text.count("\ufffd") > _BINARY_SHARE * len(text) or _controls(data) > _BINARY_SHARE * len(data):
            raise ReadError(path, "binary", "not a text file")
        fields, body = split_front_matter(text, path)
        markdown = path.suffix.lower() != ".txt"
        title, blocks = _markdown(body) if markdown else _plain(body, titled="title" in fields)
        if "title" not in fields and title:
            fields["title"] = title
        canonical, sections = assemble(blocks)
        if not canonical.strip():
            raise ReadError(path, "empty", "no text below the title")
        try:
            found = source(fields, path=path, data=data, text=canonical)
        except ValueError as error:
            raise ReadError(path, "front_matter", str(error)) from error
        yield Document(found, canonical, sections)


def _controls(data: bytes) -> int:
    if data.count(0) > len(data) // 4:
        return 0  # UTF-16, judged by `decode`
    return sum(data.count(bytes([b])) for b in (*range(9), *range(14, 32)))


def strip_markup(text: str) -> str:
    """A line of Markdown as a reader sees it; an exponent keeps its meaning: `10<sup>9</sup>` → `10^9`."""
    for pattern, replacement in _TAGS:
        text = pattern.sub(replacement, text)
    text = _LEFT_OVER.sub("", _RAISED.sub(_raised, words(text)))
    for pattern, replacement in _MARKUP:
        text = pattern.sub(replacement, text)
    return " ".join(text.split())


def _raised(match: re.Match[str]) -> str:
    inner = match["careted"] if match["tagged"] is None else match["tagged"]
    if _CITED.fullmatch(inner):
        return ""
    inner = inner.strip("*_`") or inner
    return superscript(inner, match.string[max(0, match.start() - 40) : match.start()].rstrip("*_`"))


def join_lines(lines: list[str]) -> str:
    """Hard-wrapped lines as one paragraph; no space between Chinese characters."""
    return _CJK_JOIN.sub("", " ".join(line.strip() for line in lines))


def _markdown(text: str) -> tuple[str, list[Block]]:
    """The first level-one heading, and the blocks under their headings."""
    title = ""
    path: list[str] = []
    blocks: list[Block] = []
    lines = text.split("\n")
    levels: list[int] = []
    paragraph: list[str] = []

    def flush() -> None:
        if paragraph:
            blocks.append(Block(strip_markup(join_lines(paragraph)), tuple(path)))
            paragraph.clear()

    i = 0
    while i < len(lines):
        line = lines[i]
        heading = _HEADING.match(line)
        if heading is None and paragraph and len(paragraph) == 1 and _UNDERLINE.match(line):
            heading = _HEADING.match(("# " if line[0] == "=" else "## ") + paragraph.pop())
        if heading:
            flush()
            level, words = len(heading[1]), strip_markup(heading[2])
            if level == 1 and not title and not levels:
                title = words
            else:
                while levels and levels[-1] >= level:
                    levels.pop()
                    path.pop()
                levels.append(level)
                path.append(words)
        elif "|" in line and i + 1 < len(lines) and _TABLE_RULE.match(lines[i + 1]) and "-" in lines[i + 1]:
            flush()
            table = [line]
            i += 2
            while i < len(lines) and "|" in lines[i] and lines[i].strip():
                table.append(lines[i])
                i += 1
            cells = [[strip_markup(c) for c in row.strip().strip("|").split("|")] for row in table]
            blocks += [Block(row, tuple(path), "table") for row in rows(cells)]
            continue
        elif not line.strip() or _UNDERLINE.match(line) or line.startswith("```"):
            flush()
        else:
            if _ITEM.match(line):
                flush()
                line = _ITEM.sub("", line, count=1)
            paragraph.append(line.lstrip("> "))
        i += 1
    flush()
    return title, blocks


_KNOWN_HEADING = re.compile(
    r"(?:abstract|background|introduction|objectives?|aims?|methods?|materials and methods|population|results?|"
    r"findings|discussion|conclusions?|recommendations?|limitations|adverse (?:effects|events)|safety|harms|"
    r"summary|references|bibliography|"
    r"摘要|背景|目的|引言|前言|方法|对象与方法|资料与方法|结果|讨论|结论|不良反应|安全性|建议|推荐意见|局限性|参考文献)\s*[:：]?\s*$",
    re.I,
)


def _plain(text: str, *, titled: bool) -> tuple[str, list[Block]]:
    """The first short line as title (unless it is `titled`), known or all-capital short lines as headings, the rest
    as paragraphs."""
    groups = [g.split("\n") for g in re.split(r"\n[ \t]*\n", text) if g.strip()]
    title = ""
    path: tuple[str, ...] = ()
    blocks: list[Block] = []
    for number, group in enumerate(groups):
        lines = [line for line in group if line.strip()]
        first = lines[0].strip()
        if number == 0 and not titled and len(first) <= 200 and first[-1:] not in ".。;；":
            title, lines = first, lines[1:]
        elif _is_heading(first) and (len(lines) == 1 or _KNOWN_HEADING.match(first)):
            path, lines = (first.rstrip(":： "),), lines[1:]
        while lines and _KNOWN_HEADING.match(lines[0].strip()):
            path, lines = (lines[0].strip().rstrip(":： "),), lines[1:]
        blocks += [Block(" ".join(p.split()), path) for p in _paragraphs(lines)]
    return title, blocks


def _is_heading(line: str) -> bool:
    return bool(_KNOWN_HEADING.match(line)) or (
        3 < len(line) <= 70
        and line.isascii()
        and line.upper() == line
        and line.lower() != line
        and line[-1] not in ".;,"
    )


def _paragraphs(lines: list[str]) -> Iterator[str]:
    """One paragraph, or one for every list item."""
    current: list[str] = []
    for line in lines:
        if _ITEM.match(line) and current:
            yield join_lines(current)
            current = []
        current.append(_ITEM.sub("", line, count=1) if line.lstrip()[:1] in "-*+•" else line)
    if current:
        yield join_lines(current)
