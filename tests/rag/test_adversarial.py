"""The generator that lies writes down what it did, the same for the same seed; nothing that it invents gets through."""

from collections import Counter

import pytest

from indexer.types import Document, Passage, Section, Source
from rag.cite import Citer
from rag.draft import sentences
from rag.generators.adversarial import TRUE, Adversarial, corrupted, parsed
from rag.judge import judge_all, judge_from
from rag.types import Hit, Prompt, Question

TEXTS = [
    "Metformin 500 mg significantly reduced mortality by 12.5% in 1234 patients with type 2 diabetes over 12 weeks.",
    "In adults with asthma, inhaled budesonide improved lung function compared with placebo (P < 0.05).",
    "Warfarin was not effective in children, and bleeding was higher than with aspirin (hazard ratio 1.75).",
    "二甲双胍组死亡率显著低于安慰剂组，随访12个月。",
]


def made(i):
    source = Source(f"t:{i}", title=f"Trial {i}")
    return Document(source, TEXTS[i], (Section("", 0, len(TEXTS[i])),))


DOCUMENTS = {d.source.id: d for d in map(made, range(len(TEXTS)))}
HITS = [Hit(Passage(d.source, "", None, 0, len(d.text), d.text), 1.0, {}) for d in DOCUMENTS.values()]


class Plain:
    """Writes the passages as they are."""

    spec = "plain"

    def generate(self, prompt):
        yield from (f"{hit.passage.text} [{i}]\n" for i, hit in enumerate(prompt.hits, start=1))


def test_a_seed_gives_one_draft_and_the_record_tells_it():
    prompt = Prompt(Question("?"), tuple(HITS))
    one, same, other = (Adversarial(Plain(), seed=s) for s in (3, 3, 4))
    draft = "".join(one.generate(prompt))
    assert draft == "".join(same.generate(prompt)) != "".join(other.generate(prompt))
    assert one.spec == "adversarial:3"
    assert draft == "".join(w.line for w in one.written)
    assert [w.original for w in one.written] == TEXTS
    assert all((w.text == w.original) == (w.kind in ("verbatim",)) or w.kind == "swap" for w in one.written)


def test_every_kind_of_change_is_made():
    kinds = Counter(
        w.kind
        for seed in range(60)
        for w in corrupted(parsed(Plain().generate(Prompt(Question("?"), tuple(HITS)))), TEXTS, seed=seed)
    )
    assert set(kinds) == {"verbatim", "reworded", "mark", "link", "swap", "number", "direction"}
    assert min(kinds.values()) >= 3


def test_lines_without_a_mark_are_left_out():
    assert parsed(["One. [1]", "None.", "Two [3]. [2]"]) == [("One.", 1), ("Two [3].", 2)]
    assert corrupted([], [], seed=1) == []


@pytest.mark.parametrize("part", range(4))
def test_what_it_does_is_seen_by_the_guards(part):
    judge = judge_from("overlap")
    draft = [(text, i) for i, text in enumerate(TEXTS, start=1)]
    count = Counter()
    for seed in range(part * 50, part * 50 + 50):
        citer = Citer(HITS, document=DOCUMENTS.get)
        for w in corrupted(draft, TEXTS, seed=seed):
            claims = judge_all([c for c in map(citer.claim, sentences([w.line])) if c], support=judge)
            shown = [c for c in claims if c.support in ("supported", "partial")]
            assert not any(w.invented and w.invented in c.text for c in shown)
            assert not any("example." in c.text or "PMID" in c.text or "<img" in c.text for c in shown)
            if w.kind == "swap":
                assert not any(c.number == w.marked for claim in shown for c in claim.citations), w
            count[w.kind in TRUE or w.kind == "swap", bool(shown)] += 1
    assert count[False, True] <= 0.03 * (count[False, True] + count[False, False])
    assert count[True, False] <= 0.05 * (count[True, True] + count[True, False])
