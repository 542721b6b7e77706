"""The chart: wording of lines, order, offsets, and what a newer record replaces."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.records.chart import NoteText, chart, line, merge, moment, note, one_line, person_entries, plain_number
from rag.records.types import Entry, Person, Record

PERSON = Person("p1", sex="female", birth="1958-03-14")


def entry(name: str, category: str = "laboratory", **more: object) -> Entry:
    resource = str(more.pop("resource", f"fhir:Observation/{name}-{more.get('time', '')}"))
    return replace(Entry(resource, category, "", 0, 0, name), **more)  # type: ignore[arg-type]


def shown(record: Record) -> list[str]:
    texts = {d.source.id: d.text for d in record.documents}
    return [texts[e.document][e.begin : e.end] for e in record.entries]


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (
            entry("Creatinine", time="2019-04-02", value=1.4, unit="mg/dL", low=0.6, high=1.2, flag="high", status="final"),
            "2019-04-02 Creatinine: 1.4 mg/dL (high; reference 0.6-1.2)",
        ),
        (
            entry("Metformin 500 MG Oral Tablet", "medication", time="2015-03-01", status="active",
                  detail=(("dose", "1 tablet"), ("frequency", "twice a day"))),
            "2015-03-01 Metformin 500 MG Oral Tablet: active; dose 1 tablet; twice a day",
        ),
        (
            entry("Acute bronchitis", "condition", time="2001-05-03T10:00:00Z", until="2001-05-17", status="resolved"),
            "2001-05-03 to 2001-05-17 Acute bronchitis: resolved",
        ),
        (entry("Colonoscopy", "procedure", time="2019-04-02T10:00:00Z", until="2019-04-02T10:30:00Z"), "2019-04-02 Colonoscopy"),
        (entry("Troponin", text="<0.01", unit="ng/mL", high=0.04), "Troponin: <0.01 ng/mL (reference up to 0.04)"),
        (entry("eGFR", value=24, low=60.0, flag="low"), "eGFR: 24 (low; reference from 60)"),
        (entry("Base excess", value=-3.5, low=-2.0, high=2.0), "Base excess: -3.5 (reference -2 to 2)"),
        (entry("HIV", text="Negative", status="preliminary"), "HIV: Negative; preliminary"),
        (entry("Flu\nshot", "immunization", until="2020-01-01", status="not-done"), "until 2020-01-01 Flu shot: not-done"),
        (entry("", "device"), "not named"),
    ],
)  # fmt: skip
def test_a_line_is_read_alone(made: Entry, expected: str) -> None:
    assert line(made) == expected


@pytest.mark.parametrize(
    ("value", "written"),
    [(1.4, "1.4"), (108.01055787450566, "108"), (7.3512, "7.3512"), (254321.0, "254321"), (1234567.8912, "1234568"),
     (0.00034567891, "0.0003457"), (-2.0, "-2"), (0.0, "0"), (1e300, "1e+300"), (5.848391112, "5.848")],
)  # fmt: skip
def test_numbers_keep_their_digits_unless_a_machine_made_them(value: float, written: str) -> None:
    assert plain_number(value) == written


def test_sections_stand_in_order_with_one_for_each_test_and_entries_oldest_first() -> None:
    record = chart(
        PERSON,
        [
            entry("Sodium", time="2020-01-02", value=140.0),
            entry("Penicillin", "allergy", status="active"),
            entry("Creatinine", time="2020-05-01", value=1.1),
            entry("Creatinine", time="2019-05-01", value=0.9),
            entry("Creatinine", value=2.0),
            *person_entries(PERSON, resource="fhir:Patient/p1"),
        ],
        skipped=[("Claim", 3)],
    )
    (document,) = record.documents
    assert document.source.id == "record:p1:chart"
    assert (document.source.kind, document.source.title, document.source.language) == ("record", "Record of p1", "en")
    assert [s.heading for s in document.sections] == [
        "Person",
        "Allergies",
        "Laboratory > Creatinine",
        "Laboratory > Sodium",
    ]
    found = {s.heading: document.text[s.start : s.end] for s in document.sections}
    assert found["Person"] == "Birth date: 1958-03-14\nSex: female"
    assert found["Laboratory > Creatinine"] == "2019-05-01 Creatinine: 0.9\n2020-05-01 Creatinine: 1.1\nCreatinine: 2"
    assert document.text.startswith("Person\nBirth date: 1958-03-14\nSex: female\n\nAllergies\nPenicillin: active\n\n")
    assert shown(record)[2] == "Penicillin: active"
    assert record.skipped == (("Claim", 3),)


def test_two_values_of_one_day_show_the_time_of_day_and_are_in_the_order_of_time() -> None:
    record = chart(
        PERSON,
        [
            entry("Potassium", time="2020-01-02T23:30:00-05:00", value=5.1),
            entry("Potassium", time="2020-01-02T06:10:00+00:00", value=4.1),
            entry("Potassium", time="2020-02-02T06:10:00+00:00", value=4.4),
        ],
    )
    assert shown(record) == [
        "2020-01-02 06:10 Potassium: 4.1",
        "2020-01-02 23:30 Potassium: 5.1",
        "2020-02-02 Potassium: 4.4",
    ]


def test_moment_is_utc_where_an_offset_is_given() -> None:
    assert moment("2020-01-02T23:30:00-05:00") == "2020-01-03T04:30:00"
    assert moment("2020-01") == "2020-01"
    assert moment("0001-01-01T00:00:00+14:00") == "0001-01-01T00:00:00+14:00"


def test_a_test_name_cannot_make_a_heading_of_its_own() -> None:
    record = chart(PERSON, [entry("A > B\nPlans", value=1.0)])
    assert [s.heading for s in record.documents[0].sections] == ["Laboratory > A B Plans"]
    assert shown(record) == ["A > B Plans: 1"]


def test_a_note_is_a_document_with_sections_and_an_entry() -> None:
    made = note(
        PERSON, NoteText("n1", "note:n1", "Discharge summary", "2019-04-02", "HPI:\r\nCough.\n\nPLAN\n\nRest.\n")
    )
    assert made is not None
    document, found = made
    assert document.source.id == "record:p1:note:n1"
    assert (document.source.kind, document.source.title) == ("note", "Discharge summary 2019-04-02")
    assert (document.source.year, document.source.language) == (2019, "en")
    bodies = [(s.heading, document.text[s.start : s.end]) for s in document.sections]
    assert bodies == [("History of present illness", "Cough."), ("Plan", "Rest.")]
    assert document.text[found.begin : found.end] == "HPI:\nCough.\n\nPLAN\n\nRest."
    assert (found.category, found.resource, found.time) == ("note", "note:n1", "2019-04-02")
    assert note(PERSON, NoteText("n2", "note:n2", "", "", " \n\u200b")) is None


def test_without_entries_there_is_no_chart() -> None:
    made = note(PERSON, NoteText("n1", "note:n1", "", "", "Well."))
    assert made is not None
    record = chart(PERSON, [], notes=[made, made])
    assert [d.source.id for d in record.documents] == ["record:p1:note:n1"]
    assert len(record.entries) == 1
    assert chart(PERSON, []).documents == ()


def test_merging_replaces_a_resource_by_its_newer_form_and_keeps_the_rest() -> None:
    first = note(PERSON, NoteText("n1", "note:n1", "", "", "Old text."))
    again = note(PERSON, NoteText("n1", "note:n1", "", "", "New text."))
    other = note(PERSON, NoteText("n2", "note:n2", "", "", "Other."))
    assert first is not None
    assert again is not None
    assert other is not None
    old = chart(
        replace(PERSON, names=("Ann",)),
        [entry("Asthma", "condition", resource="c1", status="active"), entry("Gout", "condition", resource="c2")],
        notes=[first, other],
        skipped=[("Claim", 2)],
    )
    new = chart(
        Person("p1", names=("Anna",)),
        [entry("Asthma", "condition", resource="c1", status="resolved"), entry("Flu", "condition", resource="c3")],
        notes=[again],
        skipped=[("Claim", 5), ("Group", 1)],
    )
    merged = merge(old, new)
    assert shown(merged) == ["Asthma: resolved", "Flu", "Gout", "Other.", "New text."]
    assert merged.person == replace(PERSON, names=("Ann", "Anna"))
    assert merged.skipped == (("Claim", 5), ("Group", 1))
    assert [d.source.id for d in merged.documents] == ["record:p1:chart", "record:p1:note:n2", "record:p1:note:n1"]
    assert merge(merged, new).documents[0] == merged.documents[0]


@given(
    st.lists(
        st.builds(
            lambda name, category, time, value, text: entry(name, category, time=time, value=value, text=text),
            st.text(max_size=20),
            st.sampled_from(["person", "laboratory", "vital", "plan", "condition"]),
            st.sampled_from(["", "2019", "2019-04-02", "2019-04-02T10:00:00Z"]),
            st.none() | st.floats(allow_nan=False, allow_infinity=False),
            st.text(max_size=40),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_every_entry_is_one_line_inside_one_section(drafts: list[Entry]) -> None:
    record = chart(PERSON, drafts)
    (document,) = record.documents
    assert len(record.entries) == len(drafts)
    lines = document.text.split("\n")
    for placed, text in zip(record.entries, shown(record), strict=True):
        assert text
        assert text in lines
        assert sum(s.start <= placed.begin and placed.end <= s.end for s in document.sections) == 1
    assert sorted({(e.begin, e.end) for e in record.entries}) == [(e.begin, e.end) for e in record.entries]


def test_one_line_is_short_and_holds_nothing_unseen() -> None:
    assert one_line("a\u202e b\n\tc\x00") == "a b c"
    assert one_line("x" * 50, longest=10) == "x" * 9 + "…"
