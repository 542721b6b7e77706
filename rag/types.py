"""The nouns that travel from a hit to an answer. All are frozen; each one holds the former and adds one fact.

Offsets are those of `indexer.types`: code points of the document's text, half-open.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, runtime_checkable

from indexer.types import Document, Filter, Passage, Source
from rag.records.part import RecordPart

Support = Literal["supported", "partial", "contradicted", "unsupported", "unjudged"]


@dataclass(frozen=True, slots=True)
class Expansion:
    """found: the words of the question. added: what else they may be called. by: the rule. weight: what a passage with
    another name counts against one with the question's own word."""

    found: str
    added: tuple[str, ...]
    by: str
    weight: float = 0.3


@dataclass(frozen=True, slots=True)
class Question:
    """text: as asked, in normal form. expansions: what was understood. english: what an English model is given: the
    question with its technical names, or the English of a Chinese one; empty when nothing of it could be translated."""

    text: str
    expansions: tuple[Expansion, ...] = ()
    english: str = ""

    @property
    def also(self) -> tuple[tuple[str, float], ...]:
        """Everything that was added, with its weight, for the lexical search."""
        return tuple((name, e.weight) for e in self.expansions for name in e.added)


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that a search found. score: higher is better, comparable within one search only.

    why: what each stage gave it, e.g. `{"bm25": 12.1, "dense": 0.61}`; a stage that did not find it is absent.
    """

    passage: Passage
    score: float
    why: dict[str, float]


@dataclass(frozen=True, slots=True)
class Citation:
    """A verbatim quote: `quote == document.text[start:end]`, compared with the stored text before it is shown."""

    number: int
    passage: Passage
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of an answer, and what stands behind it."""

    text: str
    citations: tuple[Citation, ...]
    support: Support = "unjudged"


Stance = Literal["yes", "no", "no difference", "unclear"]
Kind = Literal["yesno", "effect", "factoid", "list", "other"]


@dataclass(frozen=True, slots=True)
class Position:
    """What one source says to a yes/no question; to a question for an effect, yes is an increase and no a decrease.

    weights: what speaks for yes, no, no difference and nothing, summing to 1. strength: 0 to 1, how much it counts:
    how clearly its sentences say anything, and how well they fit the question. citation: the sentence that says it most
    clearly, None where none does.
    """

    source: Source
    stance: Stance
    weights: tuple[float, float, float, float]
    strength: float
    citation: Citation | None


@dataclass(frozen=True, slots=True)
class Span:
    """A short answer: a name, number or phrase, as it stands in its quote. score: 0 to 1."""

    text: str
    score: float
    citation: Citation


@dataclass(frozen=True, slots=True)
class BottomLine:
    """What the answer comes to, first. kind: of the question. text: what a reader is told, in the question's language.

    spans: the short answers to a question for a name, number or list, best first, also those too doubtful for `text`.
    """

    kind: Kind
    text: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """How an answer came about. seconds: wall-clock seconds by stage. tokens: that the generator read and wrote.

    where: the filter's fields that differ from the default. version: of the program. models: the weights that took part
    (name to the first digits of their SHA-256).
    """

    generation: int
    embedder: str
    generator: str
    settings: dict[str, str | int | float]
    seconds: dict[str, float]
    tokens: tuple[int, int] | None = None
    where: dict[str, Any] = field(default_factory=dict)
    version: str = ""
    models: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What `ask` returns, also when it abstains (then `reason` says why).

    verdict: `yes`, `no`, `mixed`, `unclear`, or None where the question does not ask for one. confidence: 0 to 1.
    record: what a patient's record says, where one was asked; `claims` are then what the literature says.
    alert: what a red flag or a crisis in the question demands, with whom to call; it is shown before everything else.
    """

    question: str
    status: Literal["answered", "abstained"]
    reason: str | None
    verdict: str | None
    confidence: float
    claims: tuple[Claim, ...]
    hits: tuple[Hit, ...]
    notices: tuple[str, ...]
    receipt: Receipt
    bottom_line: BottomLine | None = None
    positions: tuple[Position, ...] = ()
    record: RecordPart | None = None
    alert: str = ""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A stretch of a document in its place. before, after: the rest of its section."""

    passage: Passage
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a generator is given: the question and the numbered passages that it may use (number = position + 1).

    draft: which of several drafts is wanted; those after the first (0) are to differ from it."""

    question: Question
    hits: tuple[Hit, ...] = field(default=())
    draft: int = 0


@dataclass(frozen=True, slots=True)
class Usage:
    """What one draft took: tokens read and written, and wall-clock seconds from the request to the last piece."""

    prompt_tokens: int
    completion_tokens: int
    seconds: float


class Reranker(Protocol):
    """Says how well each passage answers a question, by reading both together."""

    @property
    def spec(self) -> str:
        """The `kind:model` text that makes this reranker again."""
        ...

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        """One number per text, in order; higher is better, 0 is the border between answering and not."""
        ...


@runtime_checkable
class Metered(Protocol):
    """A generator that counts tokens."""

    @property
    def usage(self) -> Usage | None:
        """Of the last draft, also one that was stopped; None before the first, or when a server does not say."""
        ...


@runtime_checkable
class Preloadable(Protocol):
    """A model that can begin to load while something else still runs."""

    def preload(self) -> None:
        """Starts loading in the background; errors come with the first use."""
        ...


class Generator(Protocol):
    """Writes a draft: sentences, each followed by the `[n]` of the passages that it rests on."""

    @property
    def spec(self) -> str:
        """The `kind:model` text that makes this generator again."""
        ...

    def generate(self, prompt: Prompt) -> Iterator[str]:
        """Pieces of the draft in order; an empty draft means that the passages do not answer the question."""
        ...


class Judge(Protocol):
    """Says whether a quote supports a claim, by reading both. Numbers and directions are checked apart from it."""

    @property
    def spec(self) -> str:
        """The `kind:model` text that makes this judge again."""
        ...

    def verdicts(self, pairs: Sequence[tuple[str, str]]) -> list[Support]:
        """One verdict per (claim, quote), in order; never `unjudged`."""
        ...


__all__ = [
    "Answer", "BottomLine", "Citation", "Claim", "Document", "Excerpt", "Expansion", "Filter", "Generator", "Hit",
    "Judge", "Kind", "Metered", "Passage", "Position", "Preloadable", "Prompt", "Question", "Receipt", "RecordPart",
    "Reranker",
    "Source", "Span", "Stance", "Support", "Usage",
]  # fmt: skip
