"""Words and numbers for ages, sexes and states."""

import pytest

from rag.records.measures import limits
from rag.records.population_ages import stated, worded
from rag.records.population_people import expecting, nursing, sex, states


@pytest.mark.parametrize(
    ("said", "low", "high"),
    [
        ("older adults", 60, None), ("elderly patients", 60, None), ("老年患者", 60, None), ("adults", 18, None),
        ("children", None, 18), ("children and adolescents", None, 25), ("preterm infants", None, 1),
        ("school-aged children", None, 18), ("young people", 10, 25), ("新生儿", None, 1),
    ],
)  # fmt: skip
def test_words_of_age(said, low, high):
    found = worded(said, 0, len(said))
    assert (found.low, found.high) == (low, high)


@pytest.mark.parametrize(
    "said", ["children and adults", "parents of children", "infants and their mothers", "childhood", "patients"]
)
def test_words_that_leave_no_limit(said):
    assert worded(said, 0, len(said)) is None


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("aged 40 to 75 years", [(40, 75)]), ("men and women, 18-65 years of age", [(18, 65)]),
        ("over the age of 18", [(18, None)]), ("年龄2~12岁", [(2, 12)]), ("infants aged under 6 months", [(None, 0.5)]),
        ("mean age 61 to 63 years", []), ("diagnosed before 18 years of age", []), ("18 years of follow-up", []),
        ("apparently healthy people: men aged 50 years or older", [(50, None)]),
    ],
)  # fmt: skip
def test_numbers_of_age(said, expected):
    assert [(n.low, n.high) for n in stated(said)] == expected


def test_a_quote_of_ages_leaves_out_one_of_two_sexes():
    said = "Patients were men and women, 18-65 years of age"
    (found,) = stated(said)
    assert said[found.start : found.end] == "18-65 years"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("postmenopausal women with gout", "female"), ("adult men", "male"), ("男性痛风患者", "male"),
        ("women and men", None), ("children of women with HIV", None), ("patients (12 males) with gout", None),
        ("women of childbearing potential", None), ("infants whose mothers agreed", None),
        ("the clinic of Shi Men Er Road was asked", None),
    ],
)  # fmt: skip
def test_sex(said, expected):
    found = sex(said, 0, len(said))
    assert (found.what if found else None) == expected


def test_states():
    assert [s.what for s in states("pregnant or breastfeeding women")] == ["pregnancy", "lactation"]
    assert [s.what for s in states("premenopausal women")] == ["premenopausal"]
    assert states("pre- and postmenopausal women with a pre-pregnancy weight and a previous pregnancy") == []
    assert states("drugs that affect breastfeeding") == []


def test_a_pregnancy_as_a_subject_is_nobody():
    assert expecting("pregnant women", 0, 8) and expecting("vaccination in pregnancy", 15, 24)
    assert not expecting("pregnancy wishes", 0, 9)
    assert nursing("breastfeeding women", 13) and not nursing("breastfeeding classes", 13)


def test_a_pressure_may_stand_before_its_name_and_a_change_is_no_limit():
    assert [(n.measure, n.low) for n in limits("≥140 mmHg systolic and/or ≥90 mmHg diastolic")] == [
        ("systolic", 140), ("diastolic", 90),
    ]  # fmt: skip
    assert list(limits("a change in HbA1c level by <1.0%")) == []
