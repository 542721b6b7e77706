"""Questions read from the thing that they name, whatever stands around it; and those that must be left alone."""

import os
from pathlib import Path

import pytest

from rag.records.anchor import anchored, several
from rag.records.told import usable
from rag.records.values import answer
from rag.records.wanted import read
from tests.records.test_values import CREATININE, TODAY, ask, entry, lab

ENTRIES = [
    *CREATININE,
    lab(4.1, "2020-02-11", name="Potassium", unit="mmol/L"),
    entry("vital", "Body Weight", "2020-02-11", value=70.0, unit="kg"),
    entry("medication", "Ibuprofen 200 MG Oral Tablet", "2019-01-01", status="stopped"),
    entry("medication", "NuvaRing 21 Day Vaginal Ring", "2020-01-09", status="active"),
    entry("condition", "Chronic sinusitis (disorder)", "2018-05-01", status="active"),
    entry("immunization", "Influenza, seasonal, injectable", "2020-10-02", status="completed"),
]


def reading(question):
    text = read(question, today=TODAY)
    found = anchored(text, usable(ENTRIES)) if text else None
    return found and (found.wanted.kind, found.wanted.name, found.wanted.detail)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Before I start the drip, what's her creatinine sitting at?", ("last?", "creatinine", "")),
        ("Tell me the worst high we've recorded for potassium.", ("highest", "potassium", "")),
        ("Would you kindly tell me the greatest weight he has had?", ("highest", "weight", "")),
        ("Is creatinine creeping up or flat?", ("trend", "creatinine", "")),
        ("Compare the first creatinine with the newest one", ("trend", "creatinine", "")),
        ("She was seen 2020-02-11 - what was creatinine that day?", ("at", "creatinine", "")),
        ("Did anybody take her off nuvaring?", ("taking", "nuvaring", "stopped")),
        ("Has ibuprofen been d/c'd?", ("taking", "ibuprofen", "stopped")),
        ("How far back does her chronic sinusitis go?", ("diagnosed", "chronic sinusitis", "")),
        ("chronic sinusitis y/n", ("has", "chronic sinusitis", "")),
        ("When did the nurse last give him a flu vaccine?", ("done", "flu vaccine", "last")),
        ("肌酐飙到过多少？", ("highest", "肌酐", "")),
        ("麻烦看一眼他最后那回肌酐的数。", ("last", "肌酐", "")),
        ("流感疫苗上一针是哪天打的？", ("done", "流感疫苗", "last")),
    ],
)
def test_reading(question, expected):
    found = reading(question)
    assert found == (expected[0].rstrip("?"), *expected[1:])


@pytest.mark.parametrize(
    "question",
    [
        "What is chronic sinusitis?", "How is chronic sinusitis diagnosed?", "What does creatinine measure?",
        "Which drugs raise potassium?", "urine creatinine?", "Her potassium chloride dose", "creatinine clearance?",
        "Does ibuprofen raise creatinine?", "How many people have chronic sinusitis?", "Does his mother have sinusitis?",
        "血钾和肌酐哪个高", "布洛芬怎么吃", "尿肌酐多少", "When was the wife vaccinated for flu", "weather today", "?",
    ],
)  # fmt: skip
def test_what_is_not_of_one_thing_of_this_patient_is_none(question):
    assert reading(question) is None


def test_a_name_that_was_not_understood_is_not_called_unrecorded():
    told = ask("Did anybody take her off nuvaring?", ENTRIES)
    assert told.recorded
    assert told.text.startswith("Not stopped")
    assert several("zyx ibuprofen")
    assert not several("ibuprofen")
    assert not several("unheard thing")


def test_direction_words_win_over_the_form_of_a_state():
    told = ask("Has there been any drift in his creatinine?", ENTRIES)
    assert told.wanted.kind == "trend"
    assert told.entries[0].value == 1.0


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
