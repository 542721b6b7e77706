"""Answers about drugs, problems and allergies: what is, what was, and what is not recorded."""

import pytest

from rag.records.types import Person
from tests.records.test_values import ask, entry

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


def test_the_dead_are_said_to_be_dead():
    person = Person("p", birth="1950-08-20", death="2020-12-01")
    death = entry("person", "Death", text="2020-12-01")
    assert ask("Is he on metformin?", [*DRUGS, death], person).text.endswith("The patient died on 2020-12-01.")
    assert ask("How old is he?", [*PROBLEMS, death], person).text == (
        "Born 1950-08-20: 70 years old (computed, at death on 2020-12-01)."
    )
