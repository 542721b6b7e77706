"""From a generator to judged claims, sentence by sentence: nothing is shown before it is cited and judged.

Decides what happens when a generator fails (the extractive one goes on, what was shown stays), which verdicts are
shown, and which of several drafts is kept. Knows nothing of retrieval or layout.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from collections.abc import Generator as GeneratorType
from dataclasses import dataclass, field, replace

from indexer.errors import GeneratorError
from rag.cite import Citer, Dropped
from rag.draft import sentences
from rag.judge import judge
from rag.judges.overlap import OverlapJudge
from rag.prompt import declines, repeats_rules
from rag.types import Claim, Generator, Judge, Metered, Prompt, Support

SHOWN: tuple[Support, ...] = ("supported", "partial", "unjudged")
Show = Callable[[Claim], None]


@dataclass(slots=True)
class Written:
    """What came of a draft. refused: sentences that their sources do not support. failed: why the generator was given
    up, "" if it was not. declined: it said that the passages do not answer. tokens: read and written."""

    claims: list[Claim] = field(default_factory=list)
    refused: int = 0
    failed: str = ""
    declined: bool = False
    tokens: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes one answer. fallback: writes when `generator` fails. support: the judge, None for the guards alone."""

    generator: Generator
    fallback: Generator
    support: Judge | None
    citer: Citer
    show: Show = lambda _: None
    show_unsupported: bool = False

    def write(self, prompt: Prompt, *, drafts: int = 1) -> Written:
        """The claims of the best of `drafts` drafts, by the fallback where the generator gives none."""
        if self.generator is self.fallback:
            return self._from(self.fallback, prompt, Written())
        written = self._best(prompt, drafts) if drafts > 1 else self._tried(prompt)
        held = any(c.support in SHOWN for c in written.claims)
        if not held and not written.declined and not written.failed:
            written.failed = "no sentence of its draft is supported by the passages"
        if written.failed:
            self._from(self.fallback, prompt, written)
        return written

    def _tried(self, prompt: Prompt) -> Written:
        written = Written()
        try:
            self._from(self.generator, prompt, written)
        except GeneratorError as error:
            written.failed = str(error)
        written.tokens = tokens(self.generator)
        return written

    def _from(self, generator: Generator, prompt: Prompt, written: Written) -> Written:
        said: list[str] = []
        told = {c.text for c in written.claims}
        with contextlib.closing(_pieces(generator, prompt, said)) as pieces:
            for sentence in sentences(pieces):
                if repeats_rules(sentence.raw):
                    written.refused += 1
                    continue
                claim = self.citer.claim(sentence)
                if claim is not None and claim.text not in told:
                    told.add(claim.text)
                    self._judged(claim, written)
        written.declined = generator is self.generator and not written.claims and declines("".join(said))
        return written

    def _judged(self, claim: Claim, written: Written) -> None:
        judged = judge(claim, support=self.support)
        if judged.support not in SHOWN:
            written.refused += 1
            if not self.show_unsupported:
                return
        judged = self.citer.numbered(judged)
        written.claims.append(judged)
        self.show(judged)

    def _best(self, prompt: Prompt, drafts: int) -> Written:
        """Writes all drafts, keeps the best supported by word overlap, and has only that one judged by `support`."""
        found: list[tuple[float, str]] = []
        failed, spent = "", (0, 0)
        for number in range(drafts):
            try:
                text = "".join(self.generator.generate(replace(prompt, draft=number)))
            except GeneratorError as error:
                failed = str(error)
                break
            used = tokens(self.generator) or (0, 0)
            spent = spent[0] + used[0], spent[1] + used[1]
            found.append((self._supported(text), text))
        if not found:
            return Written(failed=failed)
        best = max(found, key=lambda f: f[0])[1]
        self.citer.dropped = Dropped()  # counted anew for the draft that is kept
        kept = replace(self, generator=_Kept(self.generator.spec, best))
        written = kept._from(kept.generator, prompt, Written())
        written.tokens = spent
        return written

    def _supported(self, draft: str) -> float:
        """How well a draft stands, by word overlap with the passages: supported sentences, less the others."""
        overlap, score = OverlapJudge(), 0.0
        for sentence in sentences([draft]):
            claim = self.citer.claim(sentence)
            held = claim is not None and judge(claim, support=overlap).support in SHOWN
            score += 1.0 if held else -0.5
        return score


@dataclass(frozen=True, slots=True)
class _Kept:
    """A draft that was written before, as a generator."""

    spec: str
    text: str

    def generate(self, prompt: Prompt) -> Iterator[str]:
        yield self.text


def _pieces(generator: Generator, prompt: Prompt, said: list[str]) -> GeneratorType[str, None, None]:
    """The generator's pieces, kept in `said`; closing it stops the generator."""
    pieces = generator.generate(prompt)
    try:
        for piece in pieces:
            said.append(piece)
            yield piece
    finally:
        close = getattr(pieces, "close", None)
        if close is not None:
            close()


def tokens(generator: Generator) -> tuple[int, int] | None:
    """Tokens read and written for the last draft, where the generator counts them."""
    used = generator.usage if isinstance(generator, Metered) else None
    return (used.prompt_tokens, used.completion_tokens) if used else None
