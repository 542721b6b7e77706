"""Effects as they are read, pooled by hand, grouped and drawn; and that no pattern makes a long text slow."""

import math
import random
import time
import xml.etree.ElementTree as ET

import pytest

from indexer.types import Document, Source
from rag.tasks.evidence import types
from rag.tasks.evidence.cues import cues
from rag.tasks.evidence.estimates import decided, different, effects, p_value
from rag.tasks.evidence.phrases import after, before, hidden
from rag.tasks.evidence.pictures import agreement, forest
from rag.tasks.evidence.pool import pooled
from rag.tasks.evidence.results import rows
from rag.tasks.evidence.study import study
from rag.tasks.evidence.summary import alike, forests, key, summary
from rag.tasks.evidence.types import EMPTY, Cell, Estimate, Piece, Row, Study
from tests.tasks.test_evidence import document


@pytest.mark.parametrize(
    ("text", "measure", "value", "low", "high"),
    [
        ("(hazard ratio 0.75; 95% CI 0.60 to 0.93)", "HR", 0.75, 0.60, 0.93),
        ("(HR: 3.01; 95%CI: 1.49, 6.07)", "HR", 3.01, 1.49, 6.07),
        ("(Hazard Ratio[95%CI] = 2.171 [1.545–3.051], p<0.0001)", "HR", 2.171, 1.545, 3.051),
        ("hazard ratio 0·98 [95% CI 0·88-1·09], p=0·73", "HR", 0.98, 0.88, 1.09),
        ("odds ratio (OR) = 3.65; 95% confidence interval (CI), 1.54-8.68", "OR", 3.65, 1.54, 8.68),
        ("mean difference -1.2 (95% CI -2.0 to -0.4)", "MD", -1.2, -2.0, -0.4),
        ("relative risk [RR]: 1.08; 95% confidence interval [95% CI]: 0.96-1.23", "RR", 1.08, 0.96, 1.23),
    ],
)
def test_effects_with_intervals(text, measure, value, low, high):
    (found,) = effects(text)
    e = found.estimate
    assert (e.measure, e.value, e.low, e.high) == (measure, value, low, high)
    assert all(part in text for part in (text[slice(*found.whole)], text[slice(*found.interval)]))


def test_an_interval_that_does_not_hold_its_value_is_none():
    (found,) = effects("(OR = 1.65; 95% CI, 1.84-3.25)")
    assert found.interval is None
    assert effects("The group (n = 36) had HR monitors.") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("p = 0.03", (0.03, "=")),
        ("P<.001", (0.001, "<")),
        ("p value was 0.4", (0.4, "=")),
        ("group 4", None),
        ("P = 1.00", (1.0, "=")),
    ],
)
def test_p_values(text, expected):
    assert p_value(text) == expected


def test_what_numbers_decide():
    assert decided(Estimate("HR", 0.75, 0.60, 0.93)) is True
    assert decided(Estimate("HR", 0.98, 0.88, 1.09)) is False
    assert decided(Estimate("MD", 0.4, -0.1, 0.9)) is False
    assert (different(0.049, "="), different(0.2, "="), different(0.05, "<"), different(0.05, ">"), different(0.1, "<")) == (
        True, False, True, False, None,
    )  # fmt: skip


def test_pooling_by_hand():
    # Two studies on the plain scale: 10 with SE 1, 14 with SE 1: weights 1 and 1, mean 12, SE 1/sqrt(2);
    # Q = 1*(10-12)^2 + 1*(14-12)^2 = 8, df = 1, I2 = 7/8; C = 2 - 2/2 = 1, tau2 = 7; random weights 1/8, SE sqrt(4) = 2.
    z = 1.959964
    fixed, random_one = pooled([(10, 10 - z, 10 + z), (14, 14 - z, 14 + z)], ratio=False)
    assert fixed.value == pytest.approx(12)
    assert fixed.high - fixed.value == pytest.approx(z / math.sqrt(2))
    assert (fixed.q, fixed.i2, fixed.tau2, fixed.k) == (pytest.approx(8), pytest.approx(87.5), pytest.approx(7), 2)
    assert random_one.value == pytest.approx(12)
    assert random_one.high - random_one.value == pytest.approx(z * 2)
    # Unequal: 0 with SE 1 (weight 1), 3 with SE 0.5 (weight 4): mean 12/5.
    unequal, _ = pooled([(0, -z, z), (3, 3 - z / 2, 3 + z / 2)], ratio=False)
    assert unequal.value == pytest.approx(2.4)


def test_ratios_are_pooled_as_logarithms_and_equal_studies_give_themselves():
    fixed, random_one = pooled([(0.5, 0.25, 1.0), (0.5, 0.25, 1.0)], ratio=True)
    assert (fixed.value, fixed.i2, random_one.value) == (pytest.approx(0.5), 0.0, pytest.approx(0.5))
    assert fixed.low == pytest.approx(0.5 * 2 ** (-1 / math.sqrt(2)))


@pytest.mark.parametrize("effects_of", [[(1.0, 0.5, 2.0)], [(1.0, 1.0, 1.0), (1.0, 0.5, 2.0)]])
def test_what_cannot_be_pooled_is_an_error(effects_of):
    with pytest.raises(ValueError):
        pooled(effects_of, ratio=True)


def row(
    id, outcome, direction, estimate=None, *, given="zolpaxine", against="placebo", design="randomized controlled trial"
):
    def cell(text):
        return Cell((Piece(text, 0, len(text)),)) if text else EMPTY

    s = Study(Source(id, design=design), EMPTY, EMPTY, EMPTY, cell(given), cell(against))
    interval = cell(f"{estimate.low} to {estimate.high}") if estimate and estimate.low is not None else EMPTY
    shown = cell(f"{estimate.measure} {estimate.value}") if estimate else EMPTY
    return Row(s, cell(outcome), direction, shown, interval, estimate, Piece("x", 0, 1))


HR1, HR2 = Estimate("HR", 0.7, 0.5, 0.9), Estimate("HR", 0.9, 0.7, 1.2)


@pytest.mark.parametrize(
    ("second", "why"),
    [
        (row("b", "stroke", "no difference", HR2), ""),
        (row("b", "stroke", "no difference", HR2, given="rivomide"), "not comparable"),  # another drug
        (row("b", "stroke", "no difference", HR2, against="usual care"), "not comparable"),
        (row("b", "stroke", "no difference", HR2, against=""), "not comparable"),
        (row("b", "bleeding", "no difference", HR2), "not comparable"),
        (row("b", "stroke", "no difference", Estimate("OR", 0.9, 0.7, 1.2)), "not comparable"),
        (row("b", "stroke", "no difference", Estimate("HR", 0.9, 0.7, 1.2, level=99)), "not comparable"),
        (row("b", "stroke", "no difference", Estimate("HR", 0.9)), "not comparable"),
        (row("a", "stroke", "no difference", HR2), "not comparable"),  # the same study twice
        (row("b", "stroke", "no difference", HR2, design="meta-analysis"), "not comparable"),  # may hold the other
    ],
)
def test_a_forest_plot_only_of_comparable_effects(second, why):
    plots, told = forests([row("a", "stroke", "decreased", HR1), second])
    assert told == why
    assert len(plots) == (not why)


def test_outcomes_are_one_when_their_words_are():
    assert alike(key("Incidence of stroke"), key("risk of stroke"))
    assert not alike(key("cardiovascular death"), key("cardiovascular events"))
    assert not alike(key("death"), key("death from pneumonia in hospital"))


def test_the_summary_puts_the_best_design_first():
    lines = summary([
        row("c", "stroke", "increased", design="cohort"), row("t", "stroke", "decreased"),
        row("t", "falls", "no difference"),
    ])  # fmt: skip
    assert (lines[0].best_design, lines[0].increased, lines[0].decreased) == (
        "randomized controlled trial",
        ("c",),
        ("t",),
    )
    assert lines[1].same == ("t",)


def test_pictures_are_escaped_and_hold_the_rows_own_numbers():
    made = [row("a", "stroke <b>", "decreased", HR1), row("b", "stroke <b>", "no difference", HR2)]
    (plot,), _ = forests(made)
    for picture in (forest(plot, ["A & B", "C"], language="en"), agreement(made, ["A & B", "C"], language="zh")):
        ET.fromstring(picture.svg)  # noqa: S314
        assert "<b>" not in picture.svg
    assert "HR 0.7 (0.5 to 0.9)" in forest(plot, ["A", "B"], language="en").alt


def test_names_are_cut_where_they_end():
    text = hidden("There was no difference in blood pressure (mmHg, mean 3) between the groups.")
    found = after(text, text.index(" in ") + 3, len(text))
    assert text[slice(*found)] == "blood pressure"
    text = "At 12 weeks, the mean pain score was lower"
    found = before(text, 0, text.index(" was"))
    assert text[slice(*found)] == "mean pain score"


def test_no_random_text_breaks_reading_or_gives_a_cell_that_is_not_there():
    chance = random.Random(5)
    pieces = "was were lower higher than placebo (p = 0.03) (HR 0.5, 95% CI 0.2-0.9) no difference in , . ; and ( ) [ ] 12 % patients RESULTS: 随机 “ \n".split(
        " "
    )
    for _ in range(150):
        text = " ".join(chance.choices(pieces, k=60))
        d = document(text)
        s = study(d)
        for r in rows(d, s, read=6000):
            for p in (*r.outcome.pieces, *r.effect.pieces, *r.interval.pieces, r.sentence):
                assert text[p.start : p.end] == p.quote


def test_a_long_text_is_read_in_little_time():
    started = time.perf_counter()
    for shape in (
        "patients with ",
        "was lower than ",
        "(p = 0.0",
        "a, ",
        "no difference between ",
        "HR 0.5 (",
        "effect of ",
    ):
        d = document(shape * 2_000)
        rows(d, study(d), read=6_000)
        cues(shape * 400)
        effects(shape * 400)
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize(("quote", "stands_so"), [("-1", False), ("-1,200", True), ("345", False), ("12,345", True)])
def test_a_slice_that_cuts_a_number_does_not_stand(quote, stands_so):
    text = "The mean difference was -1,200 kcal in 12,345 adults."
    start = text.index(quote)
    cell = types.Cell((types.Piece(quote, start, start + len(quote)),))
    assert types.stands(cell, Document(Source("x:1"), text, ())) == stands_so
