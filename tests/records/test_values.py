"""Answers from entries: the value, its day, its entry; nothing that no entry says."""

import itertools
import os
import re
from datetime import date
from pathlib import Path

import pytest

from rag.records.chart import chart, line
from rag.records.types import Entry, Person
from rag.records.values import answer, converted

TODAY = date(2021, 6, 15)
PERSON = Person("p", sex="female", birth="1950-08-20")
_IDS = itertools.count(1)


def entry(category, name, time="", **more):
    return Entry(f"fhir:X/{next(_IDS)}", category, "d", 0, 1, name, time=time, **more)


def lab(value, time, *, name="Creatinine [Mass/volume] in Serum or Plasma", unit="mg/dL", **more):
    return entry("laboratory", name, time, value=value, unit=unit, **more)


CREATININE = [
    lab(1.0, "2019-01-10"), lab(1.4, "2020-02-11"), lab(0.9, "2020-09-12"), lab(1.3, "2021-04-13T08:00:00Z"),
]  # fmt: skip


def ask(question, entries, person=PERSON):
    told = answer(question, entries, person, today=TODAY)
    if told and told.recorded:
        _proved(told)
    return told


def _proved(told):
    """Every number and day of the text stands in the line of a cited entry or is said to be counted or computed."""
    said = re.sub(
        r"n = \d+|共\d+[次项]|由\d+个值|difference \S+|差值 \S+|Mean [^:]+: [\d.]+|平均：[\d.]+|= [\d.]+ \S+, computed|换算为 [\d.]+|"
        r"\d+ years old|\d+岁", " ", told.text,
    )  # fmt: skip
    lines = " ".join(map(line, told.entries))
    for number in re.findall(r"\d{4}-\d\d-\d\d|\d+(?:\.\d+)?", said):
        assert number in lines, (number, told.text)


@pytest.mark.parametrize(
    ("question", "text", "cited"),
    [
        ("What was the last creatinine?", "Last Creatinine: 1.3 mg/dL (2021-04-13).", [3]),
        ("What was the first creatinine?", "First Creatinine: 1 mg/dL (2019-01-10).", [0]),
        ("highest creatinine", "Highest Creatinine: 1.4 mg/dL (2020-02-11); n = 4, counted.", [1]),
        ("lowest creatinine in 2020", "Lowest Creatinine: 0.9 mg/dL (2020-09-12); n = 2, counted.", [2]),
        (
            "How did creatinine change?",
            "Creatinine, n = 4 (counted): first 1 mg/dL (2019-01-10), last 1.3 mg/dL (2021-04-13); higher, difference "
            "+0.3 mg/dL (computed). Highest 1.4 mg/dL (2020-02-11), lowest 0.9 mg/dL (2020-09-12).",
            [0, 3, 1, 2],
        ),
        (
            "How did creatinine change since March?",
            "Only one value of Creatinine: 1.3 mg/dL (2021-04-13); no trend.",
            [3],
        ),
        (
            "average creatinine in 2020",
            "Mean Creatinine: 1.15 mg/dL (computed from n = 2: 1.4 mg/dL (2020-02-11); 0.9 mg/dL (2020-09-12)).",
            [1, 2],
        ),
        ("What was the creatinine on 2020-02-11?", "Creatinine, n = 1 (counted): 1.4 mg/dL (2020-02-11).", [1]),
        (
            "How many times was creatinine measured?",
            "Creatinine: n = 4 (counted); first 1 mg/dL (2019-01-10), last 1.3 mg/dL (2021-04-13).",
            [0, 3],
        ),
        ("最近一次肌酐是多少", "最近一次肌酐（Creatinine）：1.3 mg/dL（2021-04-13）。", [3]),
        ("肌酐最高是多少", "肌酐（Creatinine）最高：1.4 mg/dL（2020-02-11）；共4次（计数）。", [1]),
    ],
)  # fmt: skip
def test_values(question, text, cited):
    told = ask(question, CREATININE)
    assert told.text == text
    assert [e.resource for e in told.entries] == [CREATININE[i].resource for i in cited]
    assert told.recorded


def test_order_of_the_entries_does_not_matter_and_zones_do():
    late = lab(2.0, "2021-04-13T09:00:00+02:00")  # 07:00 UTC: before the one of 08:00Z
    told = ask("last creatinine?", [late, *reversed(CREATININE)])
    assert told.entries[0].value == 1.3


def test_a_value_entered_twice_counts_once():
    assert "n = 4, counted" in ask("highest creatinine?", [*CREATININE, lab(1.4, "2020-02-11")]).text


def test_an_entry_made_in_error_does_not_count():
    wrong = lab(9.9, "2021-05-01", status="entered-in-error")
    assert ask("highest creatinine?", [*CREATININE, wrong]).entries[0].value == 1.4


def test_points_are_those_of_the_period_oldest_first():
    told = ask("creatinine trend in 2020", CREATININE)
    assert [(p.time, p.value, p.unit) for p in told.points] == [
        ("2020-02-11", 1.4, "mg/dL"), ("2020-09-12", 0.9, "mg/dL"),
    ]  # fmt: skip


@pytest.mark.parametrize(("last", "way"), [(1.1, "no change beyond rounding"), (1.2, "higher"), (0.8, "lower")])
def test_direction_is_said_only_beyond_rounding(last, way):
    assert f"; {way}, difference" in ask("creatinine trend", [lab(1.0, "2019-01-10"), lab(last, "2021-01-10")]).text


def test_nothing_in_the_period_gives_the_nearest_but_says_so():
    told = ask("What was the creatinine in July 2020?", CREATININE)
    assert told.text == (
        "No Creatinine is recorded in that time. Nearest: 1.4 mg/dL (2020-02-11); 0.9 mg/dL (2020-09-12)."
    )
    assert not told.recorded
    near = ask("What was the creatinine around 2020-09-01?", CREATININE)
    assert near.text.endswith("Nearest: 0.9 mg/dL (2020-09-12).")
    assert near.recorded


def test_units_are_converted_where_the_factor_is_known():
    si = lab(176.8, "2021-05-01", unit="umol/L")
    told = ask("highest creatinine?", [si, *CREATININE[:1]])
    assert told.text == "Highest Creatinine: 176.8 umol/L (2021-05-01); n = 2, counted."
    told = ask("lowest creatinine?", [si, *CREATININE[:1]])
    assert told.text == "Lowest Creatinine: 1 mg/dL (2019-01-10) = 88.4 umol/L, computed; n = 2, counted."
    assert converted(lab(5.0, "", name="Glucose", unit="mmol/L"), "mg/dL") == pytest.approx(90.08)
    assert converted(lab(13.0, "", name="Hemoglobin", unit="g/dL"), "g/L") == pytest.approx(130)
    assert converted(lab(5.0, "", name="Unknown substance", unit="mmol/L"), "mg/dL") is None


def test_units_that_cannot_be_converted_are_told_apart():
    weights = [
        entry("vital", "Body Weight", "2019-01-01", value=180.0, unit="lb"),
        entry("vital", "Body Weight", "2020-01-01", value=80.0, unit="kg"),
    ]
    told = ask("highest weight?", weights)
    assert "80 kg (2020-01-01); n = 1" in told.text
    assert "180 lb (2019-01-01); n = 1" in told.text


def test_the_sources_flag_is_repeated():
    told = ask("last potassium?", [lab(6.1, "2021-01-01", name="Potassium", unit="mmol/L", flag="high")])
    assert told.text == "Last Potassium: 6.1 mmol/L (2021-01-01, flagged high)."


def test_two_names_and_one_that_is_not_recorded():
    told = ask("last creatinine and ferritin?", CREATININE)
    assert told.text.startswith("Last Creatinine: 1.3 mg/dL (2021-04-13). Not recorded: ferritin")
    assert told.recorded


@pytest.mark.parametrize(
    "question", ["last ferritin?", "highest urine creatinine?", "last creatinine clearance", "铁蛋白最高是多少"]
)
def test_what_is_not_recorded_is_never_another_test(question):
    told = ask(question, CREATININE)
    assert told is None or (not told.recorded and not told.entries)


def test_a_weak_question_of_something_unknown_is_left_to_the_search():
    assert ask("What is his plan?", CREATININE) is None


DRUGS = [
    entry("medication", "Metformin 500 MG Oral Tablet", "2015-03-01", status="active"),
    entry("medication", "lisinopril 10 MG Oral Tablet", "2016-01-01", until="2019-06-30", status="stopped"),
    entry("medication", "Naproxen 220 MG Oral Tablet", "2018-01-01", status="stopped"),
    entry("medication", "Amlodipine 5 MG Oral Tablet", "2018-02-01", until="2020-02-01"),
    entry("medication", "Warfarin 5 MG Oral Tablet", "2012-01-01", status="stopped"),
    entry("medication", "Warfarin 5 MG Oral Tablet", "2020-01-01", status="active"),
]


@pytest.mark.parametrize(
    ("question", "begins", "cited"),
    [
        ("Is the patient on metformin?", "Yes, active: Metformin 500 MG Oral Tablet (active, since 2015-03-01)", [0]),
        ("Is she on Glucophage?", "Yes, active: Metformin", [0]),
        ("现在还在用二甲双胍吗", "是，在用：Metformin", [0]),
        ("Does she take lisinopril?", "No longer active: lisinopril 10 MG Oral Tablet (stopped, 2016-01-01 to 2019-06-30)", [1]),
        ("Was lisinopril stopped?", "Stopped: lisinopril", [1]),
        ("When was lisinopril stopped?", "Recorded: lisinopril 10 MG Oral Tablet (stopped, 2016-01-01 to 2019-06-30)", [1]),
        ("When was naproxen stopped?", "Recorded: Naproxen 220 MG Oral Tablet (stopped, begun 2018-01-01, no end date recorded)", [2]),
        ("Is the patient still taking amlodipine?", "No longer active: Amlodipine", [3]),
        ("Is he on warfarin?", "Yes, active: Warfarin 5 MG Oral Tablet (active, since 2020-01-01)", [5]),
        ("Was she on lisinopril in 2017?", "Recorded in that time: lisinopril", [1]),
        ("When did she start metformin?", "Begun: Metformin 500 MG Oral Tablet 2015-03-01", [0]),
    ],
)  # fmt: skip
def test_drugs(question, begins, cited):
    told = ask(question, DRUGS)
    assert told.text.startswith(begins)
    assert told.recorded
    assert [e.resource for e in told.entries] == [DRUGS[i].resource for i in cited]


def test_a_drug_outside_the_period_or_the_record():
    told = ask("Was she on lisinopril in 2020?", DRUGS)
    assert told.text.startswith("Not recorded as taken in that time")
    assert not told.recorded
    told = ask("Is she on insulin?", DRUGS)
    assert (told.recorded, told.entries) == (False, ())


PROBLEMS = [
    entry("condition", "Hypertension", "2009-08-01", status="active"),
    entry("condition", "Viral sinusitis (disorder)", "2012-01-01", until="2012-01-20", status="resolved"),
    entry("condition", "Viral sinusitis (disorder)", "2015-01-01", until="2015-01-20", status="resolved"),
    entry("condition", "Family history of diabetes", "2010-01-01", status="active"),
    entry("allergy", "Allergy to peanuts", "2001-01-01", status="active", detail=(("reaction", "hives"),)),
    entry("immunization", "Influenza, seasonal, injectable", "2019-10-01", status="completed"),
    entry("immunization", "Influenza, seasonal, injectable", "2020-10-02", status="completed"),
    entry("procedure", "Colonoscopy", "2018-05-05", status="completed"),
    entry("encounter", "Encounter for check up (procedure)", "2020-10-02", status="finished"),
    entry("survey", "Tobacco smoking status NHIS", "2020-10-02", text="Never smoker"),
    entry("person", "Birth date", text="1950-08-20"),
    entry("person", "Sex", text="female"),
]


@pytest.mark.parametrize(
    ("question", "begins", "recorded"),
    [
        ("Does she have hypertension?", "Yes, active: Hypertension (active, since 2009-08-01)", True),
        ("Does she have high blood pressure?", "Yes, active: Hypertension", True),
        ("有没有高血压", "有，进行中：Hypertension", True),
        (
            "Does she have sinusitis?",
            "Recorded, not active: Viral sinusitis (resolved, 2015-01-01 to 2015-01-20)",
            True,
        ),
        ("Does she have diabetes?", "Only in the family history: Family history of diabetes (2010-01-01)", False),
        ("Does she have asthma?", "Not recorded: asthma", False),
        ("When was hypertension diagnosed?", "Recorded since: Hypertension 2009-08-01", True),
        (
            "When was sinusitis diagnosed?",
            "Recorded since: Viral sinusitis 2012-01-01 (again, last 2015-01-01; n = 2, counted)",
            True,
        ),
        ("Is she allergic to peanuts?", "Yes, recorded: Allergy to peanuts (active, since 2001-01-01, hives)", True),
        ("有没有花生过敏", "有记录：Allergy to peanuts", True),
        ("Is she allergic to penicillin?", "Not recorded: penicillin", False),
        ("When was the last flu shot?", "Last: Influenza, seasonal, injectable (2020-10-02); n = 2, counted.", True),
        ("Has she had a colonoscopy?", "Last: Colonoscopy (2018-05-05).", True),
        ("When was her last visit?", "Last: Encounter for check up (2020-10-02).", True),
        ("How many visits in 2020?", "n = 1 (counted): Encounter for check up (2020-10-02).", True),
        ("How many visits in 2017?", "None is recorded in that time", False),
        ("Does the patient smoke?", "Last Tobacco smoking status NHIS: Never smoker (2020-10-02).", True),
        (
            "List the active problems",
            "Active problems, n = 1 (counted): Hypertension (active, since 2009-08-01).",
            True,
        ),
        ("What allergies does she have?", "Active allergies, n = 1 (counted): Allergy to peanuts", True),
        ("What medications does she take?", "No active medications are recorded.", False),
        ("How old is the patient?", "Born 1950-08-20: 70 years old (computed).", True),
        ("患者多大年纪", "出生日期1950-08-20：70岁（计算）。", True),
        ("Is the patient male or female?", "Sex: female.", True),
        ("性别", "性别：女（female）。", True),
    ],
)
def test_states(question, begins, recorded):
    told = ask(question, PROBLEMS)
    assert told.text.startswith(begins)
    assert told.recorded == recorded


def test_no_known_allergies_is_quoted_not_inferred():
    told = ask("Is she allergic to latex?", [entry("allergy", "No known allergies", "2020-01-01", status="active")])
    assert "The record says: No known allergies (2020-01-01)." in told.text
    assert not told.recorded


def test_the_dead_are_said_to_be_dead():
    person = Person("p", birth="1950-08-20", death="2020-12-01")
    death = entry("person", "Death", text="2020-12-01")
    assert ask("Is he on metformin?", [*DRUGS, death], person).text.endswith("The patient died on 2020-12-01.")
    assert ask("How old is he?", [*PROBLEMS, death], person).text == (
        "Born 1950-08-20: 70 years old (computed, at death on 2020-12-01)."
    )


def test_abnormal_values_by_range_and_flag_only():
    pool = [
        lab(6.1, "2020-01-01", name="Potassium", unit="mmol/L", low=3.5, high=5.1),
        lab(4.0, "2021-01-01", name="Potassium", unit="mmol/L", low=3.5, high=5.1),
        lab(120.0, "2021-01-01", name="Sodium", unit="mmol/L", low=135.0, high=145.0),
        lab(9.0, "2021-01-01", name="Glucose", unit="mmol/L", flag="high"),
        lab(99.0, "2021-01-01", name="Ferritin", unit="ng/mL"),
    ]
    told = ask("Which labs are abnormal?", pool)
    assert (
        told.text == "n = 2 (counted): Sodium 120 mmol/L (2021-01-01) [low, 135]; Glucose 9 mmol/L (2021-01-01) [high]."
    )
    assert [e.name for e in ask("Which tests are high?", pool).entries] == ["Glucose"]
    assert [e.value for e in ask("Which labs were abnormal in 2020?", pool).entries] == [6.1]
    assert not ask("Which labs are abnormal?", pool[-1:]).recorded


def test_blood_pressure_gives_both():
    pool = [
        entry("vital", "Systolic Blood Pressure", "2020-01-01", value=120.0, unit="mm[Hg]"),
        entry("vital", "Diastolic Blood Pressure", "2020-01-01", value=80.0, unit="mm[Hg]"),
    ]
    told = ask("last blood pressure?", pool)
    assert told.text == (
        "Last Systolic Blood Pressure: 120 mm[Hg] (2020-01-01). Last Diastolic Blood Pressure: 80 mm[Hg] (2020-01-01)."
    )
    assert len(ask("最近一次血压", pool).entries) == 2


def test_no_entries_and_no_dates():
    assert not ask("last creatinine?", []).recorded
    told = ask("last creatinine?", [lab(1.0, "")])
    assert told.text == "Last Creatinine: 1 mg/dL (no date recorded)."
    assert not ask("creatinine in 2020?", [lab(1.0, "")]).recorded


def test_a_year_alone_is_in_every_period_that_it_touches():
    assert ask("highest creatinine since March 2019?", [lab(1.0, "2019")]).text.startswith(
        "Highest Creatinine: 1 mg/dL (2019)"
    )


def test_texts_slice_the_chart():
    record = chart(PERSON, CREATININE)
    told = ask("last creatinine?", record.entries)
    cited = told.entries[0]
    assert record.documents[0].text[cited.begin : cited.end].startswith("2021-04-13 Creatinine")


@pytest.mark.data
@pytest.mark.skipif("ANAMNESIS_DATA" not in os.environ, reason="needs ANAMNESIS_DATA")
def test_synthea_questions():
    from rag.records.fhir import FhirReader
    from scripts.eval_record_values import load, questions, right

    files = sorted((Path(os.environ["ANAMNESIS_DATA"]) / "synthea_fhir_r4").rglob("*.json"))[:10]
    bundles = [b for f in files if (b := load(f))]
    records = {b.path: next(iter(FhirReader().read(b.path))) for b in bundles}
    scores = [
        right(q, answer(q.text, records[q.bundle].entries, records[q.bundle].person, today=TODAY))
        for q in questions(bundles, each=20)
    ]
    assert len(scores) >= 150
    assert sum(value and cited for value, cited, _ in scores) >= 0.93 * len(scores)
