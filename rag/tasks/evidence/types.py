"""The nouns of an evidence table: pieces of text, cells, rows, studies, and the report that holds them.

Decides what a cell may show: pieces of the document, word by word, and nothing else. Knows nothing of how pieces are
found. Offsets are those of `indexer.types`: code points of the document's text (or of the title), half-open.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any, Literal

from indexer.types import Document, Source

# Before and behind a slice: the rest of a number that it would cut.
_BEFORE, _AFTER = re.compile(r"\d\Z|\d[.,·]\Z"), re.compile(r"\d|[.,·]\d")

Place = Literal["text", "title", "record"]
Direction = Literal["increased", "decreased", "no difference", "unclear"]
DIRECTIONS: tuple[Direction, ...] = ("increased", "decreased", "no difference", "unclear")


@dataclass(frozen=True, slots=True)
class Piece:
    """A verbatim stretch. where: of the document's `text` or `title`, or a publication type of its `record` (then the
    offsets are 0 and the length)."""

    quote: str
    start: int
    end: int
    where: Place = "text"


@dataclass(frozen=True, slots=True)
class Cell:
    """What one cell shows: its pieces in order. An empty cell has none."""

    pieces: tuple[Piece, ...] = ()

    @property
    def text(self) -> str:
        """The pieces as they stand, with " … " where something lies between them."""
        return " … ".join(" ".join(p.quote.split()) for p in self.pieces)

    def __bool__(self) -> bool:
        return bool(self.pieces)


EMPTY = Cell()


@dataclass(frozen=True, slots=True)
class Estimate:
    """A comparable effect. measure: RR, OR, HR, IRR, MD, SMD, RD, or "" for a value whose measure is not named.

    value, low, high: as numbers; low and high are the ends of the interval, None without one. p: as a number, None
    without one; p_sign: "<", ">" or "=". level: of the interval, percent.
    """

    measure: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    p_sign: str = "="
    level: int = 95


@dataclass(frozen=True, slots=True)
class Study:
    """What a source says of itself. cells: design, n, population, intervention, comparator."""

    source: Source
    design: Cell
    n: Cell
    population: Cell
    intervention: Cell
    comparator: Cell


@dataclass(frozen=True, slots=True)
class Row:
    """One study and one outcome. sentence: where the result stands. direction: of the outcome under the intervention,
    against the comparator. effect, interval: as they stand; estimate: the same as numbers, None where there are none.
    sentence_start: offset of the sentence in the document's text."""

    study: Study
    outcome: Cell
    direction: Direction
    effect: Cell
    interval: Cell
    estimate: Estimate | None
    sentence: Piece


@dataclass(frozen=True, slots=True)
class Line:
    """One outcome of the summary: the studies that say each direction (source ids, best design first)."""

    outcome: str
    increased: tuple[str, ...]
    decreased: tuple[str, ...]
    same: tuple[str, ...]
    unclear: tuple[str, ...]
    best_design: str


@dataclass(frozen=True, slots=True)
class Pooled:
    """An inverse-variance estimate. model: fixed or random. i2: percent. k: how many studies."""

    model: Literal["fixed", "random"]
    value: float
    low: float
    high: float
    i2: float
    q: float
    tau2: float
    k: int


@dataclass(frozen=True, slots=True)
class Forest:
    """Comparable effects: rows of one outcome, comparator and measure, each with an interval; both pooled."""

    outcome: str
    comparator: str
    measure: str
    rows: tuple[Row, ...]
    fixed: Pooled
    random: Pooled


@dataclass(frozen=True, slots=True)
class EvidenceReport:
    """All that `rag report evidence` says. why_no_forest: a word of `words` that says what is missing.

    searched: documents that were searched; left_out: retracted sources that would have been among the first;
    off_topic: found sources that name neither intervention nor condition of the question."""

    question: str
    language: str
    rows: tuple[Row, ...]
    studies: tuple[Study, ...]
    summary: tuple[Line, ...]
    forests: tuple[Forest, ...]
    why_no_forest: str
    limits: tuple[str, ...]
    searched: int
    left_out: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    off_topic: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The report as plain lists and dictionaries; each cell with its text and pieces."""
        return {
            "question": self.question, "language": self.language, "searched": self.searched,
            "studies": [_study(s) for s in self.studies],
            "rows": [_row(r) for r in self.rows],
            "summary": [asdict(line) for line in self.summary],
            "forests": [
                {"outcome": f.outcome, "comparator": f.comparator, "measure": f.measure,
                 "sources": [r.study.source.id for r in f.rows], "fixed": asdict(f.fixed), "random": asdict(f.random)}
                for f in self.forests
            ],
            "why_no_forest": self.why_no_forest or None, "limits": list(self.limits), "left_out": list(self.left_out),
            "notices": list(self.notices), "off_topic": list(self.off_topic),
        }  # fmt: skip


def _cell(cell: Cell) -> dict[str, Any] | None:
    return {"text": cell.text, "pieces": [asdict(p) for p in cell.pieces]} if cell else None


def _study(s: Study) -> dict[str, Any]:
    source = {"id": s.source.id, "title": s.source.title, "year": s.source.year, "design": s.source.design,
              "retracted": s.source.retracted, "kind": s.source.kind}  # fmt: skip
    named = ("design", "n", "population", "intervention", "comparator")
    return {"source": source, **{name: _cell(getattr(s, name)) for name in named}}


def _row(r: Row) -> dict[str, Any]:
    return {
        "source": r.study.source.id, "outcome": _cell(r.outcome), "direction": r.direction, "effect": _cell(r.effect),
        "interval": _cell(r.interval), "estimate": asdict(r.estimate) if r.estimate else None,
        "sentence": asdict(r.sentence),
    }  # fmt: skip


def stands(cell: Cell, document: Document) -> bool:
    """Whether every piece is found by slicing its source and cuts no number: the last check before a cell is shown."""
    texts = {"text": document.text, "title": document.source.title}
    return all(
        p.quote in document.source.publication_types
        if p.where == "record"
        else texts[p.where][p.start : p.end] == p.quote and not _cuts(texts[p.where], p.start, p.end)
        for p in cell.pieces
    )


def _cuts(text: str, start: int, end: int) -> bool:
    """Whether a slice begins or ends within a number: the 345 of 12,345."""
    return bool(_BEFORE.search(text[max(0, start - 2) : start]) and text[start : start + 1].isdigit()) or bool(
        text[end - 1 : end].isdigit() and _AFTER.match(text[end : end + 2])
    )
