"""What sources say to a yes/no question, and the verdict, from fixed model outputs."""

from dataclasses import dataclass

import numpy as np
import pytest

from indexer.types import Passage, Source
from rag.conclude import Found, agreement, both_sides, bottom_line, led_by, verdict
from rag.stance import balance, evidence_weight, outcomes, positions, readings, stances
from rag.types import Citation, Claim, Hit, Question

YES, NO, SAME, OTHER = np.eye(4, dtype=np.float32) * 8


@dataclass(frozen=True)
class Said:
    text: str
    hit: Hit
    start: int = 0
    score: float = 1.0


def said(id, text, design="not stated", year=2019, section="Results"):
    source = Source(id, title=id, design=design, year=year)
    return Said(text, Hit(Passage(source, section, None, 0, len(text), text), 1.0, {}))


def read(outputs):
    def run(texts):
        return stances(np.stack([np.concatenate([outputs[text], np.zeros(3, np.float32)]) for text in texts]))

    return run


def cite(sentence):
    return Citation(0, sentence.hit.passage, sentence.text, 0, len(sentence.text))


def told(rows, limit=20):
    outputs = {text: logits for _, text, logits, *_ in rows}
    sentences = [said(id, text, *rest) for id, text, _, *rest in rows]
    return positions(readings(sentences, read=read(outputs), limit=limit), cite=cite)


def test_probabilities_sum_to_one():
    p = stances(np.stack([np.concatenate([YES, np.ones(3)])]))
    assert p.shape == (1, 4)
    assert abs(p.sum() - 1) < 1e-6
    assert p[0, 0] > 0.99


def test_each_source_takes_the_side_of_its_best_sentence():
    found = told(
        [("a", "It helps.", YES), ("a", "We enrolled 12.", OTHER), ("b", "No effect.", SAME), ("c", "Methods.", OTHER)]
    )
    assert [(p.source.id, p.stance) for p in found] == [("a", "yes"), ("b", "no difference"), ("c", "unclear")]
    assert found[0].citation.quote == "It helps."
    assert found[0].strength > 0.99
    assert found[2].citation is None


def test_background_speaks_only_for_a_source_that_found_nothing():
    rows = [("a", "Others saw benefit.", YES, "not stated", 2009, "Background"), ("a", "Deaths rose.", NO)]
    assert [(p.source.id, p.stance) for p in told(rows)] == [("a", "no")]
    assert [(p.source.id, p.stance) for p in told(rows[:1])] == [("a", "yes")]


def test_sentences_that_fit_less_count_less_or_not_at_all():
    def scored(score, id):
        return Said("It helps.", said(id, "It helps.").hit, 0, score)

    sentences = [scored(1.0, "a"), scored(0.8, "b"), scored(0.6, "c")]
    found = positions(readings(sentences, read=read({"It helps.": YES}), limit=20), cite=cite)
    assert [p.source.id for p in found] == ["a", "b"]
    assert found[1].strength == pytest.approx(0.8**4 * found[0].strength, abs=1e-3)
    assert len(readings(sentences, read=read({"It helps.": YES}), limit=1)) == 1


def test_an_effect_is_quoted_from_the_sentences_that_say_most():
    outputs = {"Methods.": OTHER, "It helps.": YES, "No effect.": SAME, "Perhaps.": np.float32([0, 0, 0, 2])}
    sentences = [said("a", text) for text in outputs]
    found = readings(sentences, read=read(outputs), limit=20, widely=True)
    assert [c.quote for c in outcomes(found, cite=cite, limit=6)] == ["It helps.", "No effect."]
    assert [c.quote for c in outcomes(found, cite=cite, limit=1)] == ["It helps."]
    first = led_by([Claim("It helps.", ()), Claim("Other.", ())], outcomes(found, cite=cite, limit=1), limit=2)
    assert [(c.text, len(c.citations)) for c in first] == [("It helps.", 1), ("Other.", 0)]


def test_no_and_no_difference_together_outweigh_a_larger_yes():
    doubtful = np.log(np.array([0.45, 0.4, 0.14, 0.01], np.float32))
    (found,) = told([("a", "It may help.", doubtful)])
    assert found.stance == "no"
    assert verdict([found]) in ("mixed", "no")


def test_verdicts():
    assert verdict(told([("a", "It helps.", YES), ("b", "It helps too.", YES)])) == "yes"
    assert verdict(told([("a", "It harms.", NO), ("b", "No effect.", SAME)])) == "no"
    assert verdict(told([("a", "Methods.", OTHER)])) == "unclear"
    assert verdict([]) == "unclear"


def test_equal_sides_are_mixed_and_the_better_design_decides():
    even = [("a", "It helps.", YES), ("b", "It does not.", NO)]
    assert verdict(told(even)) == "mixed"
    better = [("a", "It helps.", YES, "practice guideline"), ("b", "It does not.", NO)]
    yes, no = balance(told(better))
    assert yes / (yes + no) == pytest.approx(1.5 / 2.5, abs=0.03)
    assert verdict(told(better)) == "yes"
    retracted = Source("r", design="meta-analysis", retracted=True)
    assert evidence_weight(retracted) == 0.0


def test_the_bottom_line_counts_sides_by_design():
    found = told([
        ("a", "It helps.", YES, "randomized controlled trial", 2015), ("b", "Helps.", YES, "randomized controlled trial", 2019),
        ("c", "No effect.", SAME, "cohort", 2018),
    ])  # fmt: skip
    rests_on = Found("yesno", [], found, [])
    line = bottom_line(Question("Does it help?"), rests_on, said="yes", sure=0.8)
    assert line.text == (
        "Yes. Sources that say yes: 2 (2 randomized controlled trials 2015–2019); no difference: 1 (1 cohort 2018)."
    )
    doubtful = bottom_line(Question("Does it help?"), rests_on, said="yes", sure=0.79)
    assert doubtful is None
    assert "随机对照试验" in agreement("有效吗？", found)


def test_the_other_side_is_shown_where_sources_take_two():
    found = told([("a", "It helps.", YES), ("b", "Deaths rose.", NO), ("c", "It is so.", YES)])
    claims = [
        Claim("It helps.", (found[0].citation,), "supported"),
        Claim("It is so.", (found[2].citation,), "supported"),
    ]
    assert [c.text for c in both_sides(claims, found, limit=3)] == ["It helps.", "Deaths rose.", "It is so."]
    assert [c.text for c in both_sides(claims, found, limit=2)] == ["It helps.", "Deaths rose."]
    assert both_sides(claims, found[::2], limit=3) == claims


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("Bleeding was 2.1% and 3.1% (hazard ratio 0.69, 95% CI 0.60 to 0.80).", "unclear"),
        ("Bleeding was 2.9% and 3.1% (hazard ratio 0.94, 95% CI 0.80 to 1.10).", "no difference"),
        ("Bleeding was 2.9% and 3.1%.", "no difference"),
    ],
)
def test_an_interval_on_one_side_of_one_is_no_lack_of_difference(text, stance):
    assert [p.stance for p in told([("a", text, SAME)])] == [stance]


def test_a_source_may_speak_by_its_second_sentence():
    rows = [("a", "Rates were 2 and 3.", OTHER), ("a", "It lowered bleeding.", YES), ("a", "It raised it.", NO)]
    assert [(p.stance, p.citation.quote) for p in told(rows)] == [("yes", "It lowered bleeding.")]
