"""A page as Markdown (GitHub's tables). Decides the layout; data is escaped, so that it is shown as it stands and can
be neither markup, HTML nor a link. Pictures are told in words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.references import line
from rag.tasks.page import Block, Heading, Page, Paragraph, Picture, Points, Reference, Table, Text
from rag.tasks.report.links import web
from rag.tasks.report.wording import word

_MARKUP = re.compile(r"[\\`*|$]|(?<![^\W_])_|_(?![^\W_])|<(?=[A-Za-z/!?])|&(?=[#A-Za-z])|~(?=~)|\](?=[(\[:])")
_LEADING = re.compile(r"\A(?:(\d{1,9})([.)])(?=\s|\Z)|([-+=#>:])(?=[-+=#>:\s]|\Z))")
_ADDRESS = re.compile(r"(?i)\b(https?|ftp|mailto|javascript|data|www)([:.])")


def escaped(text: str) -> str:
    """Data as Markdown shows it: on one line, no markup, no HTML, no address that becomes a link. What is harmless
    stays as it is, so that a page reads well in a terminal too."""
    found = _ADDRESS.sub(r"\1\\\2", _MARKUP.sub(r"\\\g<0>", line(text)))
    return _LEADING.sub(lambda m: f"{m[1]}\\{m[2]}" if m[1] else f"\\{m[3]}", found)


def markdown(page: Page) -> str:
    """The whole page; ends with one line end."""
    parts = [f"# {escaped(page.title)}"]
    parts += ["\n>\n".join(f"> {escaped(n)}" for n in page.notices)] if page.notices else []
    parts += [_block(b, page.language) for b in page.blocks]
    if page.references:
        parts.append(f"## {word('references', page.language)}")
        parts.append("\n".join(_reference(r) for r in page.references))
    return "\n\n".join(p for p in parts if p) + "\n"


def _block(block: Block, language: str) -> str:
    if isinstance(block, Heading):
        return f"{'#' * min(block.level + 1, 6)} {escaped(block.text)}"
    if isinstance(block, Paragraph):
        return _joined([_text(t) for t in block.texts], language)
    if isinstance(block, Points):
        return "\n".join(f"- {_text(t)}" for t in block.items)
    if isinstance(block, Picture):
        return f"*{escaped(block.alt)}*" if block.alt.strip() else ""
    return "\n".join(_table(block))


def _joined(texts: Sequence[str], language: str) -> str:
    """Chinese sentences stand without a space, unless what follows would make a link of a label."""
    if language != "zh":
        return " ".join(texts)
    return "".join((" " if n and t[:1].isascii() else "") + t for n, t in enumerate(texts))


def _table(table: Table) -> Iterator[str]:
    if table.caption:
        yield f"**{escaped(table.caption)}**\n"
    yield _row([escaped(h) for h in table.header])
    yield _row(["---"] * len(table.header))
    for row in table.rows:
        yield _row([_text(t) for t in row])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _text(text: Text) -> str:
    labels = "".join(f" [{escaped(c)}]" for c in text.cites)
    return (escaped(text.text) + labels).strip()


def _reference(reference: Reference) -> str:
    quote = f" “{escaped(reference.quote)}”" if reference.quote else ""
    link = f" <{address}>" if (address := web(reference.link)) else ""
    return f"- [{escaped(reference.label)}] {escaped(reference.text)}{quote}{link}"
