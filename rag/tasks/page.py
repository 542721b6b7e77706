"""A written page, before it is Markdown, HTML, DOCX or JSON: what a report is made of. Decides no words, no look."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """A run of text and the labels of what it rests on: `("1", "3")` in the literature, `("R2",)` in a record."""

    text: str
    cites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the page's own title's next."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences in order, joined by the writer."""

    texts: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Points:
    """A list, one text a point."""

    items: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a header; each row as long as the header."""

    header: tuple[str, ...]
    rows: tuple[tuple[Text, ...], ...]
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """An SVG drawing that needs nothing from outside, and what it shows in words for who cannot see it."""

    svg: str
    alt: str


Block = Heading | Paragraph | Points | Table | Picture


@dataclass(frozen=True, slots=True)
class Reference:
    """What a label stands for: its line in the list of references, and the quote that was checked."""

    label: str
    text: str
    quote: str = ""
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A whole report; `language` is "en" or "zh"; notices are printed by program, whatever the blocks say."""

    title: str
    language: str
    blocks: tuple[Block, ...]
    references: tuple[Reference, ...] = ()
    notices: tuple[str, ...] = ()
