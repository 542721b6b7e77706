"""Answers from entries: the value, its day, its entry; nothing that no entry says."""

import itertools
import re
from datetime import date

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


def test_no_known_allergies_is_quoted_not_inferred():
    told = ask("Is she allergic to latex?", [entry("allergy", "No known allergies", "2020-01-01", status="active")])
    assert "The record says: No known allergies (2020-01-01)." in told.text
    assert not told.recorded


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
