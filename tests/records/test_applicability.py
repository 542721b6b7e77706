"""Whether a study's limits take in a patient."""

from datetime import date

import pytest

from indexer.errors import ConfigError
from indexer.types import Document, Source
from rag.records.applicability import compare
from rag.records.criteria import criteria
from rag.records.facts import facts
from rag.records.types import Entry, Person

TODAY = date(2021, 4, 1)


def entry(category, name, time="2021-03-02", **rest):
    return Entry("e:" + name, category, "d", 0, 0, name, time=time, **rest)


def match(text, *entries, sex="female", birth="1960-01-01", language="en"):
    known = facts(Person("p", sex=sex, birth=birth), entries, today=TODAY)
    return compare(known, criteria(Document(Source("s"), text, ())), language=language)


def verdicts(text, *entries, **rest):
    return [m.verdict for m in match(text, *entries, **rest)]


EGFR = entry("laboratory", "eGFR", value=24.0, unit="mL/min/1.73 m2")
RENAL = "Patients with an eGFR below 30 mL/min/1.73 m2 were excluded."


def test_a_mismatch_names_both_sides_and_their_places():
    (m,) = match(RENAL, EGFR)
    assert (m.kind, m.verdict, m.entry) == ("renal", "outside", EGFR)
    assert m.text == (
        "The cited study excluded “eGFR below 30 mL/min/1.73 m2”; this patient's last eGFR is 24 mL/min/1.73 m2 (2021-03-02)."
    )
    assert RENAL[m.criterion.start : m.criterion.end] == "eGFR below 30 mL/min/1.73 m2"


def test_the_same_in_chinese():
    (m,) = match("排除eGFR<30 mL/min者。", EGFR, language="zh")
    assert m.text == "所引研究排除了“eGFR<30 mL/min”；该患者最近一次eGFR为 24 mL/min/1.73 m2（2021-03-02）。"


def test_another_language_is_refused():
    with pytest.raises(ConfigError, match="'fr' found, 'en' or 'zh' expected"):
        match(RENAL, EGFR, language="fr")


def test_what_the_record_does_not_hold_is_unknown_and_what_the_study_does_not_state_is_nothing():
    assert verdicts(RENAL) == ["unknown"]
    assert verdicts("Patients received care.", EGFR) == []
    assert verdicts("Patients with gout were excluded.") == ["unknown"]
    assert verdicts("Patients aged 18 to 60 years were included.", birth="") == ["unknown"]
    assert verdicts("We enrolled men with gout.", sex="")[0] == "unknown"


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Patients aged 18 to 61 years were included.", "fits"),
        ("Patients aged 18 to 60 years were included.", "outside"),
        ("Patients older than 61 years were included.", "outside"),
        ("Patients aged 61 years or older were included.", "fits"),
        ("Patients younger than 61 years were excluded.", "fits"),
        ("We enrolled men with gout.", "outside"),
    ],
)
def test_ages_and_sex(text, verdict):
    assert verdicts(text)[0] == verdict


def test_units_are_converted_and_both_are_shown():
    (m,) = match("We excluded a creatinine above 1.5 mg/dL.", entry("laboratory", "肌酐", value=168.0, unit="μmol/L"))
    assert m.verdict == "outside"
    (m,) = match(
        "We excluded a creatinine above 133 µmol/L.", entry("laboratory", "Creatinine", value=1.9, unit="mg/dL")
    )
    assert m.verdict == "outside" and "1.9 mg/dL (168 µmol/L)" in m.text


def test_multiples_need_the_reference_range():
    text = "We excluded an ALT greater than 3 times the upper limit of normal."
    assert verdicts(text, entry("laboratory", "ALT", value=190.0, unit="U/L", high=56.0)) == ["outside"]
    assert verdicts(text, entry("laboratory", "ALT", value=88.0, unit="U/L", high=56.0)) == ["fits"]
    assert verdicts(text, entry("laboratory", "ALT", value=190.0, unit="U/L")) == ["unknown"]


def test_an_egfr_answers_for_a_clearance_and_says_so():
    (m,) = match("We excluded a creatinine clearance below 30 mL/min.", EGFR)
    assert m.verdict == "outside" and "its limit is a creatinine clearance; this patient's last eGFR is 24" in m.text


def test_conditions_now_and_then():
    past = entry("condition", "Acute pancreatitis", "2012-01-01", until="2012-02-01", status="resolved")
    assert verdicts("Patients with pancreatitis were excluded.", past) == ["unknown"]
    assert verdicts("Patients with a history of pancreatitis were excluded.", past) == ["outside"]
    stroke = "We excluded stroke within the previous six months."
    assert verdicts(stroke, entry("condition", "Stroke", "2021-01-05")) == ["outside"]
    assert verdicts(stroke, entry("condition", "Stroke", "2015-01-05")) == ["unknown"]


def test_a_word_that_the_record_does_not_answer_leaves_it_open():
    (m,) = match("We excluded uncontrolled hypertension.", entry("condition", "Hypertension"))
    assert m.verdict == "unknown" and "does not say whether it is “uncontrolled”" in m.text


def test_the_disease_of_the_study_is_not_among_its_excluded_ones():
    text = "We enrolled women with breast cancer. Exclusion criteria were other cancer and dementia."
    found = match(text, entry("condition", "Malignant neoplasm of breast"))
    assert [(m.criterion.what, m.verdict) for m in found if m.kind == "condition"] == [
        ("breast cancer", "fits"), ("cancer", "unknown"), ("dementia", "unknown"),
    ]  # fmt: skip


def test_drugs_by_class_and_only_current_ones():
    text = "Patients taking oral anticoagulants were excluded."
    assert verdicts(text, entry("medication", "Warfarin Sodium 5 MG Oral Tablet", status="active")) == ["outside"]
    assert verdicts(text, entry("medication", "Warfarin Sodium 5 MG Oral Tablet", status="stopped")) == ["unknown"]
    assert verdicts(text, entry("medication", "Ibuprofen 200 MG Oral Tablet")) == ["unknown"]


def test_allergies_by_class():
    text = "Patients with allergy to cephalosporins were excluded."
    assert verdicts(text, entry("allergy", "Cefaclor")) == ["outside"]
    assert verdicts(text, entry("allergy", "Latex allergy")) == ["unknown"]


def test_pregnancy():
    out, only = "Pregnant women were excluded.", "Only pregnant women were included."
    now = entry("condition", "Normal pregnancy", status="active")
    assert verdicts(out, now, birth="1990-01-01") == ["outside"]
    assert verdicts(only, now, birth="1990-01-01") == ["fits"]
    assert verdicts(out, birth="1990-01-01") == ["unknown"]
    assert verdicts(only, sex="male") == ["outside"]
    assert verdicts(only, birth="1950-01-01") == ["outside"]


def test_breastfeeding_and_the_menopause():
    fed = entry("condition", "Breastfeeding (mother)", "2021-01-02", status="active")
    assert verdicts("Breastfeeding women were excluded.", fed, birth="1990-01-01") == ["outside"]
    assert verdicts("Breastfeeding women were excluded.", birth="1990-01-01") == ["unknown"]
    assert verdicts("Breastfeeding women were excluded.", fed, sex="male") == ["fits"]
    women = "We enrolled postmenopausal women."
    assert [m.verdict for m in match(women, birth="1990-01-01") if m.kind == "menopause"] == ["outside"]
    assert [m.verdict for m in match(women, birth="1965-01-01") if m.kind == "menopause"] == ["unknown"]


def test_advice_is_called_advice():
    (m,) = match("A statin is recommended for adults aged 40 to 75 years.", birth="1935-01-01")
    assert m.text == "The cited advice is for “aged 40 to 75 years”; this patient is 86 years old."
    (m,) = match("推荐65岁及以上老年人接种疫苗。", birth="1990-01-01", language="zh")
    assert (m.verdict, m.text) == ("outside", "所引建议针对“65岁及以上”；该患者 31 岁。")


def test_a_disease_that_the_record_does_not_name_is_a_note_and_no_alarm():
    (m,) = match("We enrolled patients with gout.")
    assert (m.verdict, m.text) == (
        "note", "The cited study took only “gout”; this patient's record does not name it.",
    )  # fmt: skip
    assert verdicts("We enrolled patients with gout.", entry("condition", "Gout")) == ["fits"]


def test_ages_of_several_parts_are_alternatives():
    text = "We enrolled children aged 6 to 11 years. We also enrolled adults aged 18 to 65 years."
    assert verdicts(text, birth="1980-01-01") == ["fits"]
    assert verdicts(text, birth="1940-01-01") == ["outside", "outside"]
    both = "It enrolled men aged 50 years or older and women aged 60 years or older."
    assert [m.verdict for m in match(both, sex="male", birth="1966-01-01") if m.kind == "age"] == ["fits"]


def test_a_described_population_is_a_note_and_only_for_one_far_from_it():
    text = "The mean age was 84 years (SD 7)."
    (m,) = match(text)
    assert m.text.startswith("Worth a note: ") and m.criterion.rule == "described"
    assert match(text, birth="1945-01-01") == []
    assert len(match("The median age was 34 years (range 16 to 59).")) == 1
