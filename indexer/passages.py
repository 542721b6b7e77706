"""Cuts a document into passages: whole sentences of one section, about 200 tokens, as even in size as possible.

Sizes are estimated without a tokenizer, so that passages do not depend on the embedder. The title and the heading go
into the embedded text, never into the passage. Knows nothing of files, vectors or indexes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence

from indexer.sentences import split
from indexer.types import Document, Passage, Section

# Goes into the manifest: changes whenever the same document would be cut otherwise.
RECIPE = "sentences-200-v1"
# A section up to the cap stays one passage: with title and heading it still fits 256 WordPieces.
CAP = 225
TITLE_WORDS = 24

Span = tuple[int, int]
_CJK = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
_WORD = re.compile(r"[A-Za-z]+|\d+|[^\sA-Za-z\d]")
_CLAUSE = re.compile(r"[;；，,:：、]\s*|\s+")


def estimate_tokens(text: str) -> int:
    """About how many WordPieces `text` has: one for every 5.6 letters of a word (at least one a word), one for every
    2.6 digits, one for every mark and Chinese character.

    Against the bundled tokenizer on 2,000 stretches of medical text: see docs/decisions.md for the error.
    """
    total = 0.0
    for match in _WORD.finditer(text):
        piece = match[0]
        if piece[0].isdigit():
            total += math.ceil(len(piece) / 2.6)
        elif piece.isascii() and piece.isalpha():
            total += 1 if len(piece) <= 6 else len(piece) / 5.6
        else:
            total += 1
    return round(total)


def passages(document: Document, *, target: int = 200) -> Iterator[Passage]:
    """The passages of a document in order; `text == document.text[start:end]`, never across sections."""
    for section in document.sections:
        if section.kind != "references":
            for start, end in _pack(_units(document.text, section), target):
                page = document.page_at(start) or section.page
                text = document.text[start:end]
                yield Passage(document.source, section.heading, page, start, end, text)


def embedded_text(passage: Passage) -> str:
    """What an embedder is given for a passage: title and last heading before the text."""
    title = " ".join(passage.source.title.split()[:TITLE_WORDS])[:200].rstrip(". ")
    heading = passage.section.rsplit(" > ", maxsplit=1)[-1]
    before = ". ".join(x for x in (title, heading) if x)
    return f"{before}. {passage.text}" if before else passage.text


def _units(text: str, section: Section) -> list[tuple[Span, int]]:
    """The smallest pieces that a passage is packed from, with their sizes: sentences, or a table's rows."""
    inside = text[section.start : section.end]
    if section.kind == "table":
        spans = [(m.start(), m.end()) for m in re.finditer(r"\S(?:[^\n]*\S)?", inside)]
    else:
        spans = split(inside)
    units: list[tuple[Span, int]] = []
    for a, b in spans:
        start, end = section.start + a, section.start + b
        size = estimate_tokens(text[start:end])
        if size <= CAP:
            units.append(((start, end), size))
        else:
            pieces = _broken(text, (start, end), math.ceil(size / CAP) + 1)
            units += [((x, y), estimate_tokens(text[x:y])) for x, y in pieces]
    return units


def _broken(text: str, span: Span, parts: int) -> list[Span]:
    """A piece that is too long for a passage, cut near even places: at clause marks, else spaces, else anywhere."""
    start, end = span
    size = math.ceil((end - start) / parts)
    pieces: list[Span] = []
    while end - start > size:
        window = text[start + size // 2 : start + size]
        marks = [m.end() for m in _CLAUSE.finditer(window)]
        cut = start + (size // 2 + marks[-1] if marks else size)
        pieces += _trimmed(text, start, cut)
        start = cut
    pieces += _trimmed(text, start, end)
    # Dense text (digits, Chinese) can still be too long: halve until it fits.
    return [
        q for p in pieces
        for q in (_broken(text, p, 2) if estimate_tokens(text[p[0] : p[1]]) > CAP and p[1] - p[0] > 8 else [p])
    ]  # fmt: skip


def _trimmed(text: str, start: int, end: int) -> list[Span]:
    piece = text[start:end]
    if not piece.strip():
        return []
    return [(start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip()))]


def _pack(units: Sequence[tuple[Span, int]], target: int) -> Iterator[Span]:
    """Consecutive units joined into the fewest passages of nearly equal size: 300 tokens become 150 + 150."""
    total = sum(size for _, size in units)
    if not units:
        return
    count = 1 if total <= CAP else max(2, math.ceil(total / target))
    goal = total / count
    start, end, size = units[0][0][0], units[0][0][1], units[0][1]
    for (a, b), more in units[1:]:
        # A unit joins while that brings the passage nearer to its goal, and never over the cap.
        if size + more > CAP or (count > 1 and size + more / 2 > goal):
            yield start, end
            start, size = a, 0
        end, size = b, size + more
    yield start, end
