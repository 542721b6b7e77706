"""What sources say to a yes/no question, and the verdict, from fixed model outputs."""

from dataclasses import dataclass

import numpy as np

from indexer.types import Passage, Source
from rag.conclude import agreement, bottom_line, verdict
from rag.stance import balance, evidence_weight, positions, stances
from rag.types import Citation, Hit, Question

YES, NO, SAME, OTHER = np.eye(4, dtype=np.float32) * 8


@dataclass(frozen=True)
class Said:
    text: str
    hit: Hit
    start: int = 0
    score: float = 1.0


def said(id, text, design="not stated", year=2019):
    source = Source(id, title=id, design=design, year=year)
    return Said(text, Hit(Passage(source, "Results", None, 0, len(text), text), 1.0, {}))


def read(outputs):
    def run(texts):
        return stances(np.stack([np.concatenate([outputs[text], np.zeros(3, np.float32)]) for text in texts]))

    return run


def cite(sentence):
    return Citation(0, sentence.hit.passage, sentence.text, 0, len(sentence.text))


def told(rows, limit=20):
    outputs = {text: logits for _, text, logits, *_ in rows}
    sentences = [said(id, text, *rest) for id, text, _, *rest in rows]
    return positions(sentences, read=read(outputs), cite=cite, limit=limit)


def test_probabilities_sum_to_one():
    p = stances(np.stack([np.concatenate([YES, np.ones(3)])]))
    assert p.shape == (1, 4)
    assert abs(p.sum() - 1) < 1e-6
    assert p[0, 0] > 0.99


def test_each_source_takes_a_side_with_its_clearest_sentence():
    found = told(
        [("a", "It helps.", YES), ("a", "We enrolled 12.", OTHER), ("b", "No effect.", SAME), ("c", "Methods.", OTHER)]
    )
    assert [(p.source.id, p.stance) for p in found] == [("a", "yes"), ("b", "no difference"), ("c", "unclear")]
    assert found[0].citation.quote == "It helps."
    assert found[2].citation is None
    assert found[0].weights[0] > 0.9  # the sentence that says nothing hardly counts


def test_at_most_three_sentences_of_a_source_and_the_limit_are_read():
    rows = [("a", f"Sentence {i}.", YES) for i in range(5)] + [("b", "Other.", NO)]
    counted = []

    def counting(texts):
        counted.append(len(texts))
        return np.eye(4, dtype=np.float32)[[0] * len(texts)]

    sentences = [said(id, text) for id, text, _ in rows]
    positions(sentences, read=counting, cite=cite, limit=20)
    positions(sentences, read=counting, cite=cite, limit=2)
    assert counted == [4, 2]


def test_verdicts():
    assert verdict(told([("a", "It helps.", YES), ("b", "It helps too.", YES)])) == "yes"
    assert verdict(told([("a", "It harms.", NO), ("b", "No effect.", SAME)])) == "no"
    assert verdict(told([("a", "Methods.", OTHER)])) == "unclear"
    assert verdict([]) == "unclear"


def test_equal_sides_are_mixed_and_the_better_design_decides():
    even = [("a", "It helps.", YES, "cohort"), ("b", "It does not.", NO, "practice guideline")]
    yes, no = balance(told(even))
    assert no / (yes + no) < 0.56
    assert verdict(told(even)) == "mixed"
    retracted = Source("r", design="meta-analysis", retracted=True)
    assert evidence_weight(retracted) == 0.0


def test_the_bottom_line_counts_sides_by_design():
    found = told([
        ("a", "It helps.", YES, "randomized controlled trial", 2015), ("b", "Helps.", YES, "randomized controlled trial", 2019),
        ("c", "No effect.", SAME, "cohort", 2018),
    ])  # fmt: skip
    line = bottom_line(Question("Does it help?"), "yesno", claims=[], spans=[], told=found, said="yes")
    assert line.text == (
        "Yes. Sources that say yes: 2 (2 randomized controlled trials 2015–2019); no difference: 1 (1 cohort 2018)."
    )
    assert "随机对照试验" in agreement("有效吗？", found)
