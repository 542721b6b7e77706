"""Turns drafted sentences into claims with citations: which passage a sentence rests on, and the exact quote.

A sentence that stands verbatim in a passage is its own quote; for any other the best stretch of the passage is taken. A
quote is sliced from the stored document and compared with the passage byte for byte. Passage numbers that no hit has,
citations that nothing in the passage stands for, and foreign links are dropped and counted. Knows nothing of whether
the quote supports the claim (`judge`), nor of how the draft was made.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from rag import links
from rag.align import Aligner, Span
from rag.draft import Drafted, sentences
from rag.types import Citation, Claim, Document, Hit

# The share of a sentence's words that a passage must hold to stay its citation, and to become it unasked; and by how
# much another passage must be better to take its place. Chosen by hand, not fitted.
KEEPS, BECOMES, BETTER = 0.35, 0.6, 0.25


@dataclass(slots=True)
class Dropped:
    """What was left out. numbers: marks of passages that are none or say nothing of it. links: foreign identifiers and
    links. sentences: those with nothing behind them."""

    numbers: int = 0
    links: int = 0
    sentences: int = 0


@dataclass(frozen=True, slots=True)
class Cited:
    """Claims in the draft's order, and how many citations were dropped because nothing stands behind them."""

    claims: tuple[Claim, ...]
    dropped: int
    links: int = 0
    sentences: int = 0


class Citer:
    """Makes claims of one draft's sentences, one by one. Citations keep the hit's number until `numbered`."""

    def __init__(
        self, hits: Sequence[Hit], *, document: Callable[[str], Document | None], read: Sequence[Hit] | None = None
    ) -> None:
        """document: the stored document of a source id; a quote that it does not hold verbatim is never returned.

        read: the hits with the orders to machines in them blanked; what is blanked is never quoted.
        """
        self._hits, self._document = hits, document
        self._read = hits if read is None else read
        self._align = Aligner(self._read)
        self._known = links.known(h.passage for h in self._read)
        self._numbers: dict[tuple[str, int, int], int] = {}
        self.dropped = Dropped()

    def claim(self, sentence: Drafted) -> Claim | None:
        """The sentence with its citations, None when no passage stands behind it.

        Verbatim ones are `supported`, all others `unjudged`.
        """
        verbatim = self._verbatim(sentence)
        if verbatim and not links.foreign(verbatim.text, self._known):
            return verbatim
        text, removed = links.clean(sentence.text, self._known)
        self.dropped.links += removed
        if not any(c.isalnum() for c in text):
            self.dropped.sentences += bool(sentence.text.strip())
            self.dropped.numbers += len(sentence.numbers)
            return None
        citations = self._aligned(text, sentence.numbers)
        if not citations:
            self.dropped.sentences += 1
            return None
        return Claim(text, tuple(citations))

    def numbered(self, claim: Claim) -> Claim:
        """The claim with its citations numbered anew: one number a quote, in the order in which claims are given."""
        return replace(claim, citations=tuple(map(self.number, claim.citations)))

    def number(self, citation: Citation) -> Citation:
        """The citation with its quote's number; a new quote gets the next one."""
        key = (citation.passage.source.id, citation.start, citation.end)
        return replace(citation, number=self._numbers.setdefault(key, len(self._numbers) + 1))

    def quote(self, number: int, start: int, end: int) -> Citation | None:
        """The stretch of a hit's passage (offsets in its document) as a citation, None where the store disagrees."""
        return self._sliced(number, start, end)

    def _verbatim(self, sentence: Drafted) -> Claim | None:
        """The claim, if the sentence stands in a passage as it was written, with the marks that stand there too."""
        for own in range(len(sentence.trailing), -1, -1):
            written = (sentence.raw + "".join(mark for mark, _ in sentence.trailing[:own])).strip()
            numbers = dict.fromkeys(n for _, marks in sentence.trailing[own:] for n in marks)
            if claim := self._stands(written, numbers):
                return claim
        named = dict.fromkeys(sentence.numbers)
        if claim := self._stands(sentence.text, named):
            return claim
        for number in range(1, len(self._hits) + 1):
            if claim := self._stands(sentence.text, {number: None}):
                self.dropped.numbers += len(named)
                return claim
        return None

    def _stands(self, text: str, numbers: dict[int, None]) -> Claim | None:
        """The claim, if the text stands in one of these passages; the others stay if they say the same."""
        found = {n: c for n in numbers if (c := self._quote(text, n))}
        if not found:
            return None
        found |= {c.number: c for c in self._kept(text, [n for n in numbers if n not in found], BECOMES)}
        self.dropped.numbers += len(numbers) - len(found)
        return Claim(text, tuple(found[n] for n in numbers if n in found), "supported")

    def _quote(self, text: str, number: int) -> Citation | None:
        """Where `text` stands as whole sentences, in the passage and in the stored document; None if in neither."""
        if not text or not 1 <= number <= len(self._hits):
            return None
        passage = self._hits[number - 1].passage
        at = passage.text.find(text)
        while at >= 0:
            start = passage.start + at
            # A part of a sentence may say the opposite of the whole: "it is not true that …".
            if self._align.whole(number, start, start + len(text)):
                return self._sliced(number, start, start + len(text))
            at = passage.text.find(text, at + 1)
        return None

    def _sliced(self, number: int, start: int, end: int) -> Citation | None:
        """The quote from the stored document, if passage and document agree on every character of it."""
        passage = self._hits[number - 1].passage
        stored = self._document(passage.source.id)
        quote = passage.text[start - passage.start : end - passage.start]
        if stored is None or not quote or stored.text[start:end] != quote:
            return None
        read = self._read[number - 1].passage.text[start - passage.start : end - passage.start]
        if read != quote or links.foreign(quote, self._known):
            return None
        return Citation(number, passage, quote, start, end)

    def _aligned(self, text: str, numbers: Sequence[int]) -> list[Citation]:
        """Citations of the passages that were named, if they say it; else of the one that says it best."""
        spans = {n: self._align.best(text, n) for n in range(1, len(self._hits) + 1)}
        best = max(spans, key=lambda n: (spans[n].score, -n), default=0)
        top = spans[best].score if best else 0.0
        kept = self._kept(text, numbers, max(KEEPS, top - BETTER), spans)
        self.dropped.numbers += len(numbers) - len(kept)
        if not kept and top >= BECOMES:
            kept = self._kept(text, [best], BECOMES, spans)
        return kept

    def _kept(
        self, text: str, numbers: Sequence[int], least: float, spans: dict[int, Span] | None = None
    ) -> list[Citation]:
        found: list[Citation] = []
        for n in numbers:
            if not 1 <= n <= len(self._hits):
                continue
            span = spans[n] if spans else self._align.best(text, n)
            citation = self._sliced(n, span.start, span.end) if span.score >= least else None
            if citation:
                found.append(citation)
        return found


def cite(draft: str, hits: Sequence[Hit], *, document: Callable[[str], Document | None]) -> Cited:
    """The claims of a whole draft, unjudged where not verbatim; citations numbered in order of first use."""
    citer = Citer(hits, document=document)
    claims = [citer.numbered(c) for c in map(citer.claim, sentences([draft])) if c]
    return Cited(tuple(claims), citer.dropped.numbers, citer.dropped.links, citer.dropped.sentences)
