"""Which limits a study's text states."""

import os
from pathlib import Path

import pytest

from indexer.types import Document, Section, Source
from rag.records.criteria import criteria


def read(text, *sections):
    return criteria(Document(Source("s"), text, tuple(sections)))


def brief(text):
    return [(c.kind, c.what, c.rule) for c in read(text)]


def ages(text):
    return [(c.rule, c.low, c.high, c.low_in, c.high_in) for c in read(text) if c.kind == "age"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We enrolled adults aged 18 to 75 years.", ("required", 18, 75, True, True)),
        ("Patients ≥ 65 years of age were eligible.", ("required", 65, None, True, True)),
        ("Patients older than 50 years were included.", ("required", 50, None, False, True)),
        ("Children aged 6-12 years were recruited.", ("required", 6, 12, True, True)),
        ("Infants under 12 months were eligible.", ("required", None, 1, True, False)),
        ("Participants younger than 18 years were excluded.", ("excluded", None, 18, True, False)),
        ("纳入标准：年龄18岁以上。", ("required", 18, None, True, True)),
        ("纳入标准：60-80岁。", ("required", 60, 80, True, True)),
        ("Inclusion criteria were: over two years of age.", ("required", 2, None, False, True)),
    ],
)
def test_ages(text, expected):
    assert ages(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "Patients aged 65 years or older had higher mortality.",
        "RESULTS: We enrolled 30 patients aged 18 to 75 years.",
        "Women between 24 and 34 weeks of gestation were included.",
        "Patients were excluded from the analysis if they were older than 80 years.",
        "Children who vomited the medication were excluded from the study.",
    ],
)
def test_what_is_no_limit_of_age(text):
    assert ages(text) == []


def test_a_mean_age_is_described_and_never_a_limit():
    (c,) = read("The mean age was 63 years (SD 9). ")
    assert (c.rule, c.mean, c.sd) == ("described", 63, 9)
    (c,) = read("平均年龄(62.3±8.1)岁。")
    assert (c.rule, c.mean, c.sd) == ("described", 62.3, 8.1)


def test_the_quote_stands_at_its_offsets():
    text = "Title\n\nMethods\nWe excluded patients with an eGFR below 30 mL/min/1.73 m2 and cirrhosis."
    for c in read(text):
        assert text[c.start : c.end] == c.quote and c.sentence[0] <= c.start < c.end <= c.sentence[1]
    assert read(text)[0].quote == "eGFR below 30 mL/min/1.73 m2"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We enrolled patients with gout; those with asthma were excluded.", [("gout", "required"), ("asthma", "excluded")]),
        ("Patients with asthma were excluded, as were those with gout.", [("asthma", "excluded"), ("gout", "excluded")]),
        ("The exclusion criteria comprised epilepsy and dementia.", [("epilepsy", "excluded"), ("dementia", "excluded")]),
        ("Patients with gout without cirrhosis were included.", [("gout", "required"), ("cirrhosis", "excluded")]),
        ("Eligible patients had no history of stroke, heart failure or gout.", [("stroke", "excluded"), ("heart failure", "excluded"), ("gout", "excluded")]),
        ("After excluding patients with gout, 44 epilepsy patients were recruited.", [("gout", "excluded"), ("epilepsy", "required")]),
        ("Patients could not participate if they had glaucoma.", [("glaucoma", "excluded")]),
        ("排除哮喘及痛风患者。", [("asthma", "excluded"), ("gout", "excluded")]),
        ("Patients with a family history of stroke were excluded.", []),
        ("Patients with gout had more pain.", []),
    ],
)  # fmt: skip
def test_inclusion_and_exclusion_are_told_apart(text, expected):
    assert [(c.what, c.rule) for c in read(text)] == expected


def test_a_list_goes_on_under_its_heading():
    text = "Exclusion criteria:\n- asthma\n- gout\nThe dose was adapted to heart failure."
    assert brief(text) == [("condition", "asthma", "excluded"), ("condition", "gout", "excluded")]


def test_sections_of_results_and_references_limit_nothing():
    text = "Patients with gout were excluded. Patients with asthma were excluded. Patients with COPD were excluded."
    sections = (
        Section("Methods > Patients", 0, 33),
        Section("Results", 34, 67),
        Section("More", 68, 101, None, "references"),
    )
    assert [c.what for c in read(text, *sections)] == ["gout"]


def test_drugs_need_a_word_of_taking_to_be_required_and_arms_are_none():
    assert brief("We randomly assigned patients with gout to allopurinol or placebo.") == [
        ("condition", "gout", "required")
    ]
    assert ("medication", "metformin", "required") in brief("Eligible patients were receiving metformin.")
    assert brief("Eligible patients were not taking anticoagulants.") == [("medication", "anticoagulants", "excluded")]
    assert brief("Eligible patients reported no statin use.") == [("medication", "statins", "excluded")]


def test_allergies_are_told_from_use():
    found = brief("Exclusion criteria included allergy to macrolides and use of digoxin.")
    assert found == [("allergy", "macrolides", "excluded"), ("medication", "digoxin", "excluded")]
    assert brief("排除对青霉素过敏者。") == [("allergy", "penicillins", "excluded")]


def test_sex_only_where_one_is_taken():
    assert brief("We enrolled postmenopausal women with gout.")[0] == ("sex", "female", "required")
    assert brief("纳入男性痛风患者。")[0] == ("sex", "male", "required")
    assert brief("We enrolled men and women with gout.") == [("condition", "gout", "required")]
    assert brief("Women of childbearing potential with gout were included.") == [("condition", "gout", "required")]


def test_pregnancy_both_ways():
    assert brief("Pregnant women were excluded.") == [("pregnancy", "pregnancy", "excluded")]
    assert brief("Only pregnant women were included.") == [("pregnancy", "pregnancy", "required")]


def test_time_and_doubt_are_kept():
    stroke, hypertension = read("We excluded stroke within the previous six months, and uncontrolled hypertension.")
    assert (stroke.window, hypertension.vague) == (183, "uncontrolled")


def test_a_megabyte_without_an_end_is_read():
    assert len(read("Patients with gout were excluded, " + "no history of stroke or " * 45_000)) >= 1


@pytest.mark.data
@pytest.mark.skipif("ANAMNESIS_DATA" not in os.environ, reason="needs the shared data sets")
def test_limits_are_found_in_most_trials_and_quoted_exactly():
    folder = Path(os.environ["ANAMNESIS_DATA"]) / "evidence_inference_v2" / "annotations" / "txt_files"
    texts = [f.read_text("utf-8") for f in sorted(folder.glob("*.txt"))[:60]]
    found = [criteria(Document(Source("s"), t, ())) for t in texts]
    assert all(t[c.start : c.end] == c.quote for t, limits in zip(texts, found, strict=True) for c in limits)
    assert sum(bool(limits) for limits in found) >= 40
