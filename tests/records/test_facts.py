"""What a record says of a patient."""

from datetime import date

import pytest

from rag.records.facts import concepts, facts, wider
from rag.records.measures import canonical, limits, measure_of
from rag.records.types import Entry, Person

TODAY = date(2021, 4, 1)


def entry(category, name, time="2021-03-02", **rest):
    return Entry("e:" + name, category, "d", 0, 0, name, time=time, **rest)


def read(*entries, sex="female", birth="1960-04-01", death=""):
    return facts(Person("p", sex=sex, birth=birth, death=death), entries, today=TODAY)


@pytest.mark.parametrize(
    ("birth", "death", "age"),
    [("1960-04-01", "", 61), ("1960-04-02", "", 60), ("1960-04-01", "2011-04-01", 51), ("2020", "", 1), ("", "", None)],
)
def test_the_age_is_counted_in_whole_years_to_today_or_to_death(birth, death, age):
    found = read(birth=birth, death=death).age
    assert (None if found is None else int(found)) == age


def test_the_last_value_counts_and_a_later_one_than_today_does_not():
    last = entry("laboratory", "eGFR", value=24.0, unit="mL/min/{1.73_m2}")
    older = entry("laboratory", "Glomerular filtration rate", "2019-01-01", value=60.0, unit="mL/min")
    future = entry("laboratory", "eGFR", "2022-01-01", value=90.0, unit="mL/min")
    wrong = entry("laboratory", "eGFR", "2021-03-30", value=5.0, status="entered-in-error")
    fact = read(last, older, future, wrong).measures["egfr"]
    assert (fact.value, fact.entry) == (24.0, last)


@pytest.mark.parametrize(
    ("name", "value", "unit", "measure", "expected"),
    [
        ("Creatinine [Mass/volume] in Serum or Plasma", 1.5, "mg/dL", "creatinine", 132.6),
        ("肌酐", 168, "μmol/L", "creatinine", 168),
        ("Platelets [#/volume] in Blood by Automated count", 212, "10*3/uL", "platelets", 212),
        ("PLT", 212000, "/uL", "platelets", 212),
        ("血红蛋白", 9.2, "g/dL", "hemoglobin", 92),
        ("Hemoglobin A1c/Hemoglobin.total in Blood", 53, "mmol/mol", "hba1c", 7.0),
        ("左室射血分数", 0.55, "", "ejection fraction", 55),
        ("Systolic Blood Pressure", 20, "kPa", "systolic", 150),
    ],
)
def test_tests_are_known_by_name_and_brought_to_one_unit(name, value, unit, measure, expected):
    assert measure_of(name) == measure
    assert canonical(measure, value, unit) == pytest.approx(expected, rel=0.002)


@pytest.mark.parametrize("name", ["Creatinine [Mass/volume] in Urine", "尿肌酐", "Platelet mean volume", "Glucose"])
def test_other_tests_are_not_taken_for_them(name):
    assert measure_of(name) == ""


def test_a_creatinine_without_a_unit_that_could_be_either_is_not_read():
    assert canonical("creatinine", 17, "") is None


def test_both_pressures_are_read_from_one_line():
    known = read(entry("vital", "Blood Pressure", text="152/91 mmHg")).measures
    assert (known["systolic"].value, known["diastolic"].value) == (152, 91)


def test_a_pregnancy_counts_only_while_it_goes_on():
    assert read(entry("condition", "Normal pregnancy", status="active")).pregnancy is not None
    assert read(entry("condition", "Normal pregnancy", status="resolved")).pregnancy is None
    assert read(entry("condition", "Normal pregnancy", "2019-01-01", status="active")).pregnancy is None
    assert read(entry("laboratory", "Pregnancy test", text="negative")).pregnancy is None
    assert read(entry("condition", "Normal pregnancy", status="active"), sex="male").pregnancy is None


def test_drugs_are_known_by_brand_ingredient_and_class_and_stopped_ones_are_not_current():
    brand, stopped = read(
        entry("medication", "Lipitor 20 MG Oral Tablet", status="active"),
        entry("medication", "Warfarin Sodium 5 MG Oral Tablet", "2017-01-01", until="2018-01-01"),
    ).medications
    assert {"atorvastatin", "statins"} <= brand.names and brand.current
    assert {"warfarin", "anticoagulants"} <= stopped.names and not stopped.current


def test_a_cream_is_no_systemic_corticosteroid():
    (cream,) = read(entry("medication", "Hydrocortisone 10 MG/ML Topical Cream")).medications
    assert cream.names == {"hydrocortisone"}


def test_conditions_count_under_their_wider_names_and_a_family_history_under_none():
    known = read(
        entry("condition", "Diabetes mellitus type 2 (disorder)"), entry("condition", "Family history of stroke")
    )
    assert [f.names for f in known.conditions] == [{"type 2 diabetes", "diabetes"}]
    assert {"inflammatory arthritis", "autoimmune disease"} <= wider("rheumatoid arthritis")


def test_names_are_found_in_both_languages_longest_first():
    text = "heart attack, 慢性阻塞性肺疾病, TIA and β-blockers; insulin resistance"
    found = [(c.name, text[c.start : c.end]) for c in concepts(text)]
    assert found == [
        ("myocardial infarction", "heart attack"), ("COPD", "慢性阻塞性肺疾病"),
        ("transient ischemic attack", "TIA"), ("beta-blockers", "β-blockers"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "low", "high", "low_in", "high_in"),
    [
        ("eGFR below 30 mL/min/1.73 m2", None, 30, True, False),
        ("HbA1c ≥ 7.0% and < 10%", 7, 10, True, False),
        ("BMI of 25 to 45", 25, 45, True, True),
        ("platelets ≥ 100,000/mm3", 100, None, True, True),
        ("血小板计数<50×10^9/L", None, 50, True, False),
        ("hemoglobin 7.0-10.5 g/dL", 70, 105, True, True),
        ("creatinine of more than 265 µmol/L", 265, None, False, True),
    ],
)
def test_limits_of_tests_are_read_with_their_ends(said, low, high, low_in, high_in):
    (limit,) = limits(said)
    assert (limit.low_in, limit.high_in) == (low_in, high_in)
    assert [limit.low, limit.high] == [n and pytest.approx(n, rel=0.001) for n in (low, high)]


def test_multiples_of_the_upper_limit_hold_for_both_tests_of_a_pair():
    assert [(n.measure, n.low, n.multiples) for n in limits("ALT or AST more than 5 x ULN")] == [
        ("alt", 5, True),
        ("ast", 5, True),
    ]
