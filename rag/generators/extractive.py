"""The generator that needs no language model: composes a draft from verbatim sentences of the passages.

Decides which sentences answer the question, that they do not repeat each other, in which order they read well, and
when none is good enough (the draft is then empty). Knows nothing of files, citations' offsets or terminals.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from indexer.design import DESIGNS, rank
from indexer.index import Index
from indexer.language import language_of
from indexer.sentences import split
from indexer.types import Vectors
from rag.relevance import LARGE, Terms
from rag.sections import part_of
from rag.settings import Effort
from rag.types import Hit, Prompt, Question

# Weights of a sentence's relevance (docs/decisions.md has the numbers behind them).
COSINE, SENTENCE, PASSAGE, RANK = 0.55, 0.20, 0.25, 0.10
# What a source loses for each technical word of the question that it nowhere holds.
ABSENT = 0.3
# Under this relevance the best sentence does not answer. In a large library, where something near stands beside every
# question, its relevance with what the best passage's reranking logit adds must reach the second floor: bioasq's
# questions without their documents are refused in .72 by the first, in .84 by both (docs/decisions.md).
FLOOR, FLOOR_LARGE, READ = 0.545, 0.69, 0.04
# What a sentence that the embedder does not read gets instead of a cosine.
UNREAD = 0.59

# What the terms of a Chinese question's English, which says only what a table translates, count of its own.
TRANSLATED = 0.9

# Sentences that lean on the one before, and sentences that say what was asked, not what was found.
_DANGLING = re.compile(
    r"(it|its|they|their|this|these|those|such|he|she|however|moreover|furthermore|in contrast|therefore|thus|"
    r"in addition|by contrast)\b|其|该研究|此外|然而|因此|这",
    re.I,
)
_ASKS = re.compile(
    r"\b(?:asked|tested|investigated|examined|evaluated|assessed|studied|determined?|explored?) "
    r"(?:whether|if|the effects?)\b|\b(?:aim(?:ed)?|objective|purpose|sought|designed) (?:was |of |is )?(?:to|this)\b|"
    r"旨在|目的是|探讨|是否",
    re.I,
)
# Sentences that give a measured result.
_MEASURED = re.compile(r"\d ?%|\b(?:hazard|odds|risk|rate) ratio\b|\brelative risk\b|\bCI\b|置信区间", re.I)
# A sentence ends with a mark; a table's row or a caption's piece does not.
_CLOSED = re.compile(r"[.!。！…;；][\"'”’)\]）」』]*$")
_NOT_PROSE = re.compile(r"\bdoi\b|https?://|\bwww\.|©|all rights reserved|\?$|？$", re.I)
_NEAR_DUPLICATE = 0.92
_DESIGN_SHARE = 0.03


@dataclass(frozen=True, slots=True)
class Sentence:
    """A candidate. relevance: how well it answers, alone; score: relevance with what its place in the article adds."""

    text: str
    number: int
    hit: Hit
    start: int
    order: int
    relevance: float
    score: float
    vector: Vectors | None


class _Covered:
    """The question's terms, and for a Chinese one those of its English, which English passages are compared with."""

    def __init__(self, question: Question, index: Index) -> None:
        self._terms = Terms(question, index.lexical)
        self._english = None
        if question.english and language_of(question.text) == "zh":
            self._english = Terms(Question(question.english, (), question.english), index.lexical)

    def coverage(self, text: str) -> float:
        """Share of the question's weight that stands in the text, 0 to 1."""
        own = self._terms.coverage(text)
        return max(own, TRANSLATED * self._english.coverage(text)) if self._english else own

    def missing(self, text: str) -> list[str]:
        """Technical words of the question that the text does not hold; the English ones only where it is English."""
        english = self._english.missing(text) if self._english and language_of(text) != "zh" else []
        return self._terms.missing(text) + english


class Extractive:
    """Composes from verbatim sentences of the hits; the embedder of the index compares them with the question."""

    spec = "extractive"

    def __init__(self, index: Index, *, effort: Effort) -> None:
        self._index, self._effort = index, effort
        self._last: tuple[Prompt, list[Sentence]] | None = None

    def generate(self, prompt: Prompt) -> Iterator[str]:
        """One line a sentence, `text [n]`; nothing when no sentence answers the question."""
        for sentence in self.compose(prompt):
            yield f"{sentence.text} [{sentence.number}]\n"

    def compose(self, prompt: Prompt) -> list[Sentence]:
        """The chosen sentences in reading order."""
        ranked = self.rank(prompt)
        if not ranked or self._falls_short(prompt, max(s.relevance for s in ranked)):
            return []
        # Without the embedder's view what follows the best sentences often only shares a word or two with the question.
        held = [s for s in ranked if s.vector is not None or s.relevance >= FLOOR]
        return _in_reading_order(_choose(held, self._effort.claims))

    def rank(self, prompt: Prompt) -> list[Sentence]:
        """Every candidate sentence, best score first. The last prompt's are kept: stances and spans want them too."""
        if self._last is None or self._last[0] is not prompt:
            self._last = prompt, self._ranked(prompt)
        return self._last[1]

    def _ranked(self, prompt: Prompt) -> list[Sentence]:
        found = [
            (number, start, hit.passage.text[start:end])
            for number, hit in enumerate(prompt.hits, start=1)
            for start, end in _sentences(hit.passage.text)
            if _is_prose(hit.passage.text[start:end])
        ]
        if not found:
            return []
        terms = _Covered(prompt.question, self._index)
        asked, vectors = self._vectors(prompt.question, [text for *_, text in found])
        best = max(hit.score for hit in prompt.hits)
        about = [self._about(hit, terms) + RANK * hit.score / best for hit in prompt.hits]
        ranked: list[Sentence] = []
        for (number, start, text), vector in zip(found, vectors, strict=True):
            hit = prompt.hits[number - 1]
            relevance = about[number - 1] + SENTENCE * terms.coverage(f"{text}\n{hit.passage.source.title}")
            relevance += COSINE * (float(vector @ asked) if vector is not None else UNREAD)
            part = part_of(hit.passage.section)
            bonus = part.bonus - 0.05 * bool(_DANGLING.match(text)) - 0.08 * bool(_ASKS.search(text))
            bonus += 0.04 * bool(_MEASURED.search(text)) - 0.08 * (not _CLOSED.search(text))
            ranked.append(Sentence(text, number, hit, start, part.order, relevance, relevance + bonus, vector))
        return sorted(ranked, key=lambda s: (-s.score, s.number, s.start))

    def _falls_short(self, prompt: Prompt, relevance: float) -> bool:
        """Whether the best sentence answers too little of the question."""
        read = [hit.why["rerank"] for hit in prompt.hits if "rerank" in hit.why]
        large = read and len(self._index.lexical) >= LARGE
        return relevance < FLOOR or bool(large and relevance + READ * max(read) < FLOOR_LARGE)

    def _about(self, hit: Hit, terms: _Covered) -> float:
        """What a passage gives to all its sentences: the question's terms in it, less what its source lacks."""
        p = hit.passage
        document = self._index.catalogue.document(p.source.id)
        absent = terms.missing(f"{p.source.title}\n{document.text if document else ''}")
        return PASSAGE * terms.coverage(f"{p.source.title}\n{p.section}\n{p.text}") - ABSENT * len(absent)

    def _vectors(self, question: Question, sentences: Sequence[str]) -> tuple[Vectors, list[Vectors | None]]:
        """The vector of the question, of a Chinese one's English where the embedder reads only that, and those of the
        sentences; None for a sentence that it does not read."""
        reads = [_readable(self._index, text) for text in sentences]
        text = question.text if _readable(self._index, question.text) else question.english
        if not text or not any(reads):
            return np.empty(0, np.float32), [None] * len(sentences)
        read = iter(self._index.embedder.encode_passages([t for t, r in zip(sentences, reads, strict=True) if r]))
        return self._index.embedder.encode_questions([text])[0], [next(read) if r else None for r in reads]


def _readable(index: Index, text: str) -> bool:
    reads = getattr(index.embedder, "languages", ())
    return not reads or language_of(text) in reads


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """Offsets of the sentences of a passage; a table's row is one of its own, since a draft is written line by line."""
    for line in re.finditer(r"[^\n]+", text):
        for start, end in split(line[0]):
            yield line.start() + start, line.start() + end


def _is_prose(text: str) -> bool:
    words = len(text.split()) if text.isascii() else max(len(text.split()), len(text) // 2)
    return 5 <= words <= 90 and not _NOT_PROSE.search(text)


def _choose(ranked: Sequence[Sentence], limit: int) -> list[Sentence]:
    """The best sentences that do not repeat one already taken and are not far behind the best."""
    chosen: list[Sentence] = []
    for sentence in ranked:
        if len(chosen) == limit or (len(chosen) >= 2 and sentence.score < 0.8 * ranked[0].score):
            break
        if sentence.score < 0.65 * ranked[0].score:
            break
        if not any(_repeats(sentence, other) for other in chosen):
            chosen.append(sentence)
    return chosen


def _repeats(one: Sentence, other: Sentence) -> bool:
    if one.vector is not None and other.vector is not None and float(one.vector @ other.vector) > _NEAR_DUPLICATE:
        return True
    a, b = set(_units(one.text)), set(_units(other.text))
    return len(a & b) > 0.75 * min(len(a), len(b))


def _units(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.lower()) if text.isascii() else [text[i : i + 2] for i in range(len(text) - 1)]


def _in_reading_order(chosen: Sequence[Sentence]) -> list[Sentence]:
    """The best sentence first, the rest of its source next, then the other sources; within a source conclusions and
    results before background; between sources of nearly equal score the better design first."""

    def strength(source: str) -> float:
        own = [s for s in chosen if s.hit.passage.source.id == source]
        design = rank(own[0].hit.passage.source.design) / len(DESIGNS)
        return max(s.score for s in own) - _DESIGN_SHARE * design

    first = chosen[0]
    sources = sorted({s.hit.passage.source.id for s in chosen}, key=lambda s: (-strength(s), s))
    sources.sort(key=lambda s: s != first.hit.passage.source.id)
    position = {source: i for i, source in enumerate(sources)}
    rest = sorted(
        (s for s in chosen if s is not first),
        key=lambda s: (position[s.hit.passage.source.id], s.order, s.number, s.start),
    )
    return [first, *rest]
