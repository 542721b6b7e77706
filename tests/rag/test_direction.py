"""A turned direction is seen, a true rewording is left alone."""

import pytest

from rag.direction import compare

METFORMIN = "Metformin significantly reduced mortality compared with placebo in adults with diabetes."
NONE = "There was no significant difference in mortality between the groups."


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Metformin significantly increased mortality compared with placebo in adults with diabetes.", METFORMIN),
        ("Metformin did not significantly reduce mortality compared with placebo in adults.", METFORMIN),
        ("Placebo significantly reduced mortality compared with metformin in adults with diabetes.", METFORMIN),
        ("Metformin raised mortality in adults with diabetes.", METFORMIN),
        ("There was a significant difference in mortality between the groups.", NONE),
        ("Aspirin is recommended for older adults.", "Aspirin is not recommended for older adults."),
        ("The drug was ineffective in severe asthma.", "The drug was effective in severe asthma."),
        ("Codeine was superior to ibuprofen for pain.", "Ibuprofen was superior to codeine for pain."),
        ("The drug raised LDL and raised HDL.", "The drug lowered LDL and raised HDL."),
        ("Events occurred in 15% with A and 12% with B.", "Events occurred in 12% with A and 15% with B."),
        ("It was caused by gram-negative bacteria.", "It was caused by gram-positive bacteria."),
        ("The drug led to more effective treatment of asthma.", "The drug led to less effective treatment of asthma."),
        ("Hypertension was common after the drug.", "Hypotension was common after the drug."),
        ("二甲双胍增加死亡率。", "二甲双胍降低死亡率。"),
        ("两组死亡率差异显著。", "两组死亡率差异不显著。"),
        ("该药有效。", "该药无效。"),
    ],
)
def test_contradictions(claim, quote):
    assert compare(claim, quote) == "contradicted"
    assert compare(quote, quote) != "contradicted"


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("In adults with diabetes, mortality was lower with metformin than with placebo.", METFORMIN),
        ("Metformin lowered mortality in adults with diabetes.", METFORMIN),
        ("Mortality did not differ between the groups.", NONE),
        ("Mortality was similar in the groups.", NONE),
        ("Codeine was inferior to ibuprofen for pain.", "Ibuprofen was superior to codeine for pain."),
        ("Statins failed to lower mortality.", "Statins did not lower mortality."),
        ("The drug not only lowered LDL but also raised HDL.", "The drug lowered LDL and raised HDL."),
        ("Aspirin is not recommended.", "Aspirin is not recommended for older adults, although it lowers risk."),
        ("RBC did not change significantly.", "There were significant changes in all values except RBC."),
        ("二甲双胍可降低成人的死亡率。", "二甲双胍降低死亡率。"),
        ("Bananas increased yield.", "Apples decreased cost."),
        ("", ""),
    ],
)
def test_true_rewordings_are_left_alone(claim, quote):
    assert compare(claim, quote) != "contradicted"


def test_agreement_is_said():
    assert compare("Metformin lowered mortality in adults with diabetes.", METFORMIN) == "agrees"
    assert compare("Bananas are yellow.", METFORMIN) == "unclear"
