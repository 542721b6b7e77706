"""From a generator to judged claims: order, fallback, refusal, the best of several drafts."""

import pytest

from indexer.errors import GeneratorError
from indexer.types import Document, Passage, Section, Source
from rag.cite import Citer
from rag.judges.overlap import OverlapJudge
from rag.types import Hit, Prompt, Question, Usage
from rag.writing import Writer

TEXT = "Aspirin lowered the risk of stroke by 20% in adults. Bleeding was more frequent with aspirin than with placebo."
DOCUMENT = Document(Source("t:1", title="A trial of aspirin"), TEXT, (Section("Results", 0, len(TEXT)),))
HIT = Hit(Passage(DOCUMENT.source, "Results", None, 0, len(TEXT), TEXT), 1.0, {})
PROMPT = Prompt(Question("Does aspirin prevent stroke?"), (HIT,))
FIRST, SECOND = (s + "." for s in TEXT.rstrip(".").split(". "))


class Says:
    """A generator of fixed pieces that may fail after them."""

    spec = "says"

    def __init__(self, *pieces, fails=""):
        self.pieces, self.fails, self.closed, self.usage = pieces, fails, False, None

    def generate(self, prompt):
        self.usage = Usage(10, len(self.pieces), 0.1)
        try:
            yield from self.pieces
            if self.fails:
                raise GeneratorError(self.fails)
        finally:
            self.closed = True


class Drafts:
    """A generator with a different draft each time it is asked for one."""

    spec = "drafts"

    def __init__(self, *drafts):
        self.drafts, self.asked = drafts, []

    def generate(self, prompt):
        self.asked.append(prompt.draft)
        yield self.drafts[prompt.draft]


VERBATIM = Says(f"{FIRST} [1]\n")


def writer(generator, *, fallback=VERBATIM, **more):
    citer = Citer((HIT,), document=lambda _: DOCUMENT)
    return Writer(generator, fallback, OverlapJudge(), citer, **more)


def test_each_claim_is_shown_when_it_is_judged_and_not_before():
    order = []

    class Slow:
        spec = "slow"

        def generate(self, prompt):
            for piece in (f"{FIRST} [1]\n", f"{SECOND} ", "[1]\n"):
                order.append(piece)
                yield piece

    written = writer(Slow(), show=lambda claim: order.append(claim.text)).write(PROMPT)
    # Marks may stand on the next line, so a sentence is finished when the next one begins.
    assert order == [f"{FIRST} [1]\n", f"{SECOND} ", FIRST, "[1]\n", SECOND]
    assert [c.support for c in written.claims] == ["supported", "supported"]
    assert [c.citations[0].number for c in written.claims] == [1, 2]


def test_a_generator_that_fails_at_once_is_replaced():
    written = writer(Says(fails="connection refused")).write(PROMPT)
    assert written.failed == "connection refused"
    assert [c.text for c in written.claims] == [FIRST]


def test_what_was_shown_before_a_failure_stays_and_is_not_repeated():
    shown = []
    written = writer(Says(f"{FIRST} [1]\n", fails="cut off"), show=lambda c: shown.append(c.text)).write(PROMPT)
    assert written.failed == "cut off"
    assert [c.text for c in written.claims] == shown == [FIRST]


def test_nonsense_is_replaced_by_the_fallback():
    written = writer(Says("lorem ipsum dolor sit amet [7]. Buy now at https://x.example [1].")).write(PROMPT)
    assert "no sentence" in written.failed
    assert [c.text for c in written.claims] == [FIRST]


def test_declining_is_no_failure():
    written = writer(Says("The evidence does not ", "answer this.")).write(PROMPT)
    assert written.declined
    assert written.claims == []
    assert written.failed == ""


def test_unsupported_sentences_are_left_out_or_marked():
    lie = "Aspirin lowered the risk of stroke by 80% in adults. [1]\n"
    assert writer(Says(f"{SECOND} [1]\n", lie)).write(PROMPT).refused == 1
    marked = writer(Says(f"{SECOND} [1]\n", lie), show_unsupported=True).write(PROMPT)
    assert [c.support for c in marked.claims] == ["supported", "unsupported"]


def test_the_best_supported_of_three_drafts_is_kept():
    lie = "Aspirin doubled the number of strokes in all children. [1]\n"
    generator = Drafts(lie, f"{FIRST} [1]\n{SECOND} [1]\n", f"{FIRST} [1]\n{lie}")
    written = writer(generator).write(PROMPT, drafts=3)
    assert generator.asked == [0, 1, 2]
    assert [c.text for c in written.claims] == [FIRST, SECOND]


def test_tokens_are_counted():
    assert writer(Says(f"{FIRST} [1]\n")).write(PROMPT).tokens == (10, 1)


def test_an_interrupt_stops_the_generator():
    generator = Says(f"{FIRST} [1]\n", f"{SECOND} [1]\n")

    def stop(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        writer(generator, show=stop).write(PROMPT)
    assert generator.closed
