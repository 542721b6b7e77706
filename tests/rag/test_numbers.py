"""Every number of a claim is the quote's: the same, converted exactly or rounded honestly."""

import time
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rag.numbers import untraced
from rag.quantities import quantities

QUOTE = (
    "Metformin 500 mg twice daily lowered HbA1c by 1.24% (HR 0.75, 95% CI 0.60 to 0.90; p<0.001) in 1,234 adults with "
    "type 2 diabetes over 12 weeks; half of 300 women and 30.4% of men took 10 mg/kg per day."
)


@pytest.mark.parametrize(
    "claim",
    [
        "Metformin 0.5 g lowered HbA1c by 1.2% in adults.",
        "500000 mcg were given for 84 days.",
        "It held in 1234 adults, p < 0.05.",
        "It held in about 1,200 adults.",
        "Half of 300 women took it; 50% of women.",
        "30% of men, that is about three in ten men, took it.",
        "The hazard ratio was 0·75 (0.60–0.90).",
        "HR 0.75 (95% CI, 0.60-0.90)",
        "Adults with type 2 diabetes took 10 mg/kg daily.",
        "Two drugs were not compared.",
        "No number at all.",
    ],
)
def test_honest_numbers_are_traced(claim):
    assert untraced(claim, QUOTE) == []


@pytest.mark.parametrize(
    ("claim", "number"),
    [
        ("Metformin 50 mg lowered it.", "50"),
        ("Metformin 5000 mg lowered it.", "5000"),
        ("Metformin 500 mcg lowered it.", "500"),
        ("Metformin 500 g lowered it.", "500"),
        ("It fell by 1.42%.", "1.42"),
        ("It fell by 12.4%.", "12.4"),
        ("It fell by 1.24 mg.", "1.24"),
        ("HR 0.57 was found.", "0.57"),
        ("The odds ratio was 0.75.", "0.75"),
        ("HR 0.90 was found.", "0.90"),
        ("HR 0.75 (95% CI 0.60 to 0.99)", "0.60"),
        ("HR 0.75 (95% CI 0.06 to 0.90)", "0.06"),
        ("HR 0.75 (90% CI 0.60 to 0.90)", "90"),
        ("It fell (p > 0.05).", "0.05"),
        ("It fell (p = 0.001).", "0.001"),
        ("It lasted 12 months.", "12"),
        ("It lasted 12 days.", "12"),
        ("Adults with type 1 diabetes took it.", "1"),
        ("They took 10 mg/kg per dose.", "10"),
        ("They took 10 mg/m2 per day.", "10"),
        ("There were 1.234 adults.", "1.234"),
        ("There were 124 adults.", "124"),
        ("Three-quarters of women took it.", "Three-quarters"),
        ("One in five women took it.", "One in five"),
    ],
)
def test_changed_numbers_are_named(claim, number):
    assert number in untraced(claim, QUOTE)


def test_rounding_does_not_cross_a_border():
    assert untraced("HR 1.0", "HR 0.96") == ["1.0"]
    assert untraced("p = 0.05", "p = 0.049") == ["0.05"]
    assert untraced("p = 0.03", "p = 0.032") == []
    assert untraced("HR 0.9", "HR 0.92") == []
    assert untraced("7%", "7.2%") == []
    assert untraced("more than 10,000 cases", "10,566 cases") == []
    assert untraced("10,000 cases", "10,566 cases") == ["10,000"]
    assert untraced("a 1 in 38 chance (2.9%)", "a 1 in 38 chance (2.7%)") == ["2.9"]
    assert untraced("7.2%", "7%") == ["7.2"]


def test_chinese_numerals_and_words():
    quote = "300例患者中33.3%有效，每日10毫克，随访12个月，2组比较。"
    assert untraced("三百例患者中三分之一有效。", quote) == []
    assert untraced("三十例患者有效。", quote) == ["三十"]
    assert untraced("百分之二十有效。", quote) == ["百分之二十"]
    assert untraced("每次10毫克。", "每次10毫克。") == []
    assert untraced("随访十二个月。", quote) == []
    assert untraced("随访十二周。", quote) == ["十二"]
    assert untraced("10克", quote) == ["10"]


def test_listed_analytes_convert():
    assert untraced("Glucose was 7.0 mmol/L.", "Glucose was 126 mg/dL.") == []
    assert untraced("Glucose was 126 mmol/L.", "Glucose was 126 mg/dL.") == ["126"]
    assert untraced("Sodium was 7.0 mmol/L.", "Sodium was 126 mg/dL.") == ["7.0"]


def test_years_may_come_from_the_source():
    assert untraced("In 2019 it fell.", "It fell.", year=2019) == []
    assert untraced("In 2019 it fell.", "It fell.", context="Trial of 2019") == []
    assert untraced("In 2018 it fell.", "It fell.", year=2019) == ["2018"]


def test_a_number_does_not_take_the_place_of_another():
    assert untraced(
        "It was 12% with the drug and 12% with placebo.", "It was 12% with the drug and 15% with placebo."
    ) == ["12"]
    assert untraced("IL-8 rose.", "IL-6 rose.") == ["8"]
    assert untraced("Protein 2 fell.", "Protein 1 fell in a phase 1-2 trial.") == ["2"]
    assert untraced("HR 0.75 (95 percent CI 0.6 to 0.9)", "HR 0.75 (95% CI 0.6 to 0.9)") == []
    assert untraced("In 30 women it fell.", "In 12 women and 30 men it fell.") == ["30"]


def test_lists_and_ranges_share_their_unit():
    quote = "Doses of 2.5, 5, and 10 mg and ranges from 3 to 8 weeks were used."
    assert untraced("A dose of 5 mg for 3-8 weeks was used.", quote) == []
    assert untraced("A dose of 5 g for 3-8 weeks was used.", quote) == ["5"]
    assert untraced("A dose of 5 mg for 3-9 weeks was used.", quote) == ["3", "9"]


def test_what_is_read():
    (dose, level, low, high, p) = quantities("at least 1.5 mg/day (95% CI −0.6 to 0.9; P = .03)")
    assert (dose.value, dose.unit, dose.per, dose.sign) == (Fraction(3, 2), "mass", {"day"}, ">")
    assert (level.role, low.role, low.minus, low.pair, high.pair) == (
        "level",
        "ci",
        True,
        Fraction(9, 10),
        Fraction(3, 5),
    )
    assert (p.role, p.value) == ("p", Fraction(3, 100))
    assert [q.value for q in quantities("1,234 and 1.234 and 1.2 million")] == [1234, Fraction("1.234"), 1_200_000]


@settings(deadline=None)
@given(st.integers(1, 99_999), st.sampled_from(["mg", "%", "weeks", "patients", "mm Hg"]))
def test_ten_times_a_number_is_never_traced(value, unit):
    assert untraced(f"It was {value} {unit}.", f"It was {value} {unit}.") == []
    assert untraced(f"It was {value}0 {unit}.", f"It was {value} {unit}.") == [f"{value}0"]


@settings(deadline=None)
@given(st.text(max_size=80), st.text(max_size=80))
@example("·0", "")
def test_any_text_is_read(claim, quote):
    assert len(untraced(claim, claim)) <= len(quantities(claim))
    assert all(number in claim for number in untraced(claim, quote))


@pytest.mark.parametrize("shape", ["1", "1,", "1.", "1 ", "one ", "十", "1%", "half ", "a-", "1-", "p<0."])
def test_reading_is_linear(shape):
    before = time.process_time()
    quantities(shape * (20_000 // len(shape)))
    assert time.process_time() - before < 5
