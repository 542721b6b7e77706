"""A draft before it is a page: sections of texts that each name their places, and the guard that every text is proved.

Decides when a text is proved: every word and number of it stands in the places it cites (or in their time), or was
computed and is said to be; anything else is taken out and counted. Knows nothing of records or dialogues.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from rag.records.part import Cited, Point
from rag.records.sparkline import svg
from rag.tasks.page import Block, Heading, Page, Paragraph, Picture, Points, Reference, Table, Text
from rag.tasks.report.wording import word


@dataclass(frozen=True, slots=True)
class Series:
    """Values over time, drawn when the page is made. said: what the drawing shows, with its places."""

    points: tuple[Point, ...]
    said: Text


Piece = Paragraph | Points | Table | Series


@dataclass(frozen=True, slots=True)
class Part:
    """One section. code: LOINC or "". gap: that nothing was found, said by program; "" where something was."""

    kind: str
    heading: str
    code: str
    pieces: tuple[Piece, ...] = ()
    gap: str = ""


def gaps(part: Part, parts: Iterable[Part], *, none: str, told: Callable[[Part], str]) -> Part:
    """The section of gaps, filled with what the other sections could not tell; any other part as it is.

    none: said where nothing is missing. told: a part's gap in words.
    """
    if part.kind != "gaps":
        return part
    missing = tuple(Text(told(p)) for p in parts if p.gap and p.kind != "gaps")
    return replace(part, gap="", pieces=(Points(missing),)) if missing else replace(part, gap=none)


@dataclass(frozen=True, slots=True)
class Draft:
    """A whole draft. cited: the place of each label, in the order of their numbers. computed: texts, each
    with what it, and no other, may say beyond its places."""

    title: str
    language: str
    parts: tuple[Part, ...]
    cited: tuple[Cited, ...]
    notices: tuple[str, ...] = ()
    computed: frozenset[tuple[str, str]] = frozenset()


# A minus is a sign where no letter or digit stands before it (a Chinese character may): 0.5-1.2 and 2021-03 have none.
_WORD = re.compile(r"(?:(?:(?<![^\W_])|(?<=[\u3400-\u9fff]))-)?(?:\d+(?:\.\d+)?|(?<![^\W_])\.\d+)|[^\W\d_]+")
_CJK = re.compile("[\u3400-\u9fff]")


def words(text: str) -> set[str]:
    """Words in small letters, numbers as written with sign and decimals, Chinese characters one by one."""
    found: set[str] = set()
    for token in _WORD.findall(text.lower().replace("\u2212", "-")):
        found.update(token) if _CJK.search(token) else found.add(token)
    return found


def proved(draft: Draft) -> tuple[Draft, int]:
    """The draft without the texts that their places do not prove, and how many were taken out.

    A row of a table goes whole; a list, table or drawing without anything left goes too.
    """
    places = {label(c): words(f"{c.quote} {c.time[:10]}") for c in draft.cited}
    free: dict[str, set[str]] = {}
    for said, more in draft.computed:
        free.setdefault(said, set()).update(words(more))
    dropped = 0

    def stands(text: Text) -> bool:
        if not text.cites:
            return False
        known = free.get(text.text, set()).union(*(places.get(c, set()) for c in text.cites))
        return words(text.text) <= known

    parts = []
    for part in draft.parts:
        pieces = []
        for piece in part.pieces:
            kept, lost = _kept(piece, stands)
            dropped += lost
            pieces += [kept] if kept is not None else []
        parts.append(replace(part, pieces=tuple(pieces)))
    return replace(draft, parts=tuple(parts)), dropped


def _kept(piece: Piece, stands: Callable[[Text], bool]) -> tuple[Piece | None, int]:
    if isinstance(piece, Table):
        rows = tuple(row for row in piece.rows if _row_stands(row, stands))
        return (replace(piece, rows=rows) if rows else None), len(piece.rows) - len(rows)
    if isinstance(piece, Points):
        items = tuple(t for t in piece.items if stands(t))
        return (Points(items) if items else None), len(piece.items) - len(items)
    if isinstance(piece, Series):
        return (piece, 0) if stands(piece.said) else (None, 1)
    # A paragraph is said by program: a label that leads over to what is quoted.
    return piece, 0


def _row_stands(row: tuple[Text, ...], stands: Callable[[Text], bool]) -> bool:
    """Every filled cell is proved; the first may be a label of the program's, if another one cites."""
    filled = [t for t in row if t.text]
    cited = [t for t in filled if t.cites]
    return bool(cited) and all(stands(t) for t in cited) and all(t.cites or t is row[0] for t in filled)


def texts(draft: Draft) -> Iterable[Text]:
    """Every text that cites, in order."""
    for part in draft.parts:
        for piece in part.pieces:
            yield from (t for t in _inside(piece) if t.cites)


def _inside(piece: Piece) -> Iterable[Text]:
    if isinstance(piece, Table):
        return [t for row in piece.rows for t in row]
    if isinstance(piece, Points):
        return piece.items
    return [piece.said] if isinstance(piece, Series) else piece.texts


def mapped(draft: Draft, text: Callable[[Text], Text], points: Callable[[Point], Point]) -> Draft:
    """The draft with every text that cites, and every point, replaced; in the order of `texts`."""

    def one(t: Text) -> Text:
        return text(t) if t.cites else t

    def piece(p: Piece) -> Piece:
        if isinstance(p, Table):
            return replace(p, rows=tuple(tuple(one(t) for t in row) for row in p.rows))
        if isinstance(p, Points):
            return Points(tuple(one(t) for t in p.items))
        if isinstance(p, Series):
            return Series(tuple(points(x) for x in p.points), one(p.said))
        return Paragraph(tuple(one(t) for t in p.texts))

    parts = tuple(replace(part, pieces=tuple(piece(p) for p in part.pieces)) for part in draft.parts)
    return replace(draft, parts=parts)


def label(cited: Cited) -> str:
    """`R3`."""
    return f"R{cited.number}"


def numbered(draft: Draft) -> Draft:
    """The draft with its places numbered in the order in which they are read, without those that nothing cites."""
    order: dict[str, str] = {}
    for text in texts(draft):
        for cite in text.cites:
            order.setdefault(cite, f"R{len(order) + 1}")
    places = {label(c): c for c in draft.cited}
    cited = tuple(replace(places[old], number=n) for n, old in enumerate(order, start=1))
    return replace(
        mapped(draft, lambda t: replace(t, cites=tuple(order[c] for c in t.cites)), lambda p: p), cited=cited
    )


def page(draft: Draft, *, where: Callable[[Cited], str], prefix: str = "R") -> Page:
    """The page of a draft. where: a reference's words for its place. prefix: what its labels begin with."""

    def named(old: str) -> str:
        return prefix + old[1:]

    blocks: list[Block] = []
    for part in draft.parts:
        blocks.append(Heading(part.heading))
        if part.gap:
            blocks.append(Paragraph((Text(part.gap),)))
        blocks += [_block(p, named) for p in part.pieces]
    references = tuple(Reference(named(label(c)), where(c), " ".join(c.quote.split())) for c in draft.cited)
    notices = (word("draft", draft.language), word("disclaimer", draft.language), *draft.notices)
    return Page(draft.title, draft.language, tuple(blocks), references, notices)


def _once(row: tuple[Text, ...]) -> list[Text]:
    """A row in which a label stands behind the last of the cells that share it: the row, not the cell, is a line."""
    filled = [t for t in row if t.text]
    return [
        Text(t.text) if any(t.cites == later.cites for later in filled[n:]) else t
        for t, n in zip(row, _counted(row), strict=True)
    ]


def _counted(row: tuple[Text, ...]) -> Iterable[int]:
    """For each cell, how many filled ones stand before and in it."""
    count = 0
    for t in row:
        count += bool(t.text)
        yield count


def _block(piece: Piece, named: Callable[[str], str]) -> Block:
    def one(t: Text) -> Text:
        return Text(t.text, tuple(named(c) for c in t.cites))

    if isinstance(piece, Table):
        return replace(piece, rows=tuple(tuple(map(one, _once(row))) for row in piece.rows))
    if isinstance(piece, Points):
        return Points(tuple(one(t) for t in piece.items))
    if isinstance(piece, Series):
        cites = "".join(f" [{named(c)}]" for c in piece.said.cites)
        return Picture(svg(piece.points), piece.said.text + cites)
    return piece
