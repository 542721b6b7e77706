"""FHIR R4: what each type of resource says."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest

from rag.records.fhir_resources import TYPES
from rag.records.fhir_values import timing
from tests.records.fhir_samples import CASES, PATIENT, coded, lines, made, one


def test_a_patient(tmp_path: Path) -> None:
    record = one(tmp_path, PATIENT)
    person = record.person
    assert (person.id, person.names, person.sex, person.birth) == ("p1", ("Ms. Ann B Lee",), "female", "1958-03-14")
    assert person.identifiers == (("MRN", "778"), ("urn:x", "9"))
    assert (person.phones, person.emails, person.addresses) == (("555-1",), ("a@b.org",), ("1 Elm, Ely, 02138",))
    assert lines(record) == ["Birth date: 1958-03-14", "Language: English", "Sex: female"]
    assert {e.resource for e in record.entries} == {"fhir:Patient/p1"}
    assert "Lee" not in record.documents[0].text


@pytest.mark.parametrize(("resource", "heading", "expected"), CASES)
def test_what_a_resource_says(tmp_path: Path, resource: dict[str, Any], heading: str, expected: str) -> None:
    record = one(tmp_path, resource)
    assert lines(record) == [expected]
    assert [s.heading for s in record.documents[0].sections] == [heading]
    assert record.entries[0].resource == f"fhir:{resource['resourceType']}/x1"
    assert record.person.id == "p1"
    assert record.skipped == ()


def test_every_supported_type_is_tested() -> None:
    assert {case[0]["resourceType"] for case in CASES} == set(TYPES)


def test_values_keep_what_the_line_rounds_and_codes_keep_their_system(tmp_path: Path) -> None:
    record = one(
        tmp_path,
        made(
            "Observation",
            code=coded("MCV", "787-2", "http://loinc.org"),
            valueQuantity={"value": 90.123456789, "unit": "fL"},
        ),
    )
    assert lines(record) == ["MCV: 90.12 fL"]
    assert record.entries[0].value == 90.123456789
    assert record.entries[0].codes == (("loinc", "787-2"),)


def test_a_panel_gives_an_entry_for_each_component(tmp_path: Path) -> None:
    parts = [
        {"code": coded("Diastolic Blood Pressure"), "valueQuantity": {"value": 70, "unit": "mm[Hg]"}},
        {"code": coded("Cuff size"), "valueString": "adult"},
    ]
    record = one(
        tmp_path,
        made(
            "Observation",
            category=[coded("", "vital-signs")],
            code=coded("Blood Pressure"),
            effectiveDateTime="2012-04-01",
            component=parts,
        ),
    )
    assert lines(record) == [
        "2012-04-01 Cuff size: adult; part of Blood Pressure",
        "2012-04-01 Diastolic Blood Pressure: 70 mm[Hg]",
    ]
    assert {e.resource for e in record.entries} == {"fhir:Observation/x1"}


@pytest.mark.parametrize(
    ("frequency", "period", "unit", "words"),
    [(1, 1, "d", "once a day"), (2, 1, "d", "twice a day"), (3, 1, "wk", "3 times a week"), (1, 8, "h", "every 8 hours"),
     (1, 1, "h", "once an hour"), (2, 3, "d", "twice every 3 days"), (None, 0, "d", ""), (1, 1, "parsec", "")],
)  # fmt: skip
def test_timing_in_words(frequency: int | None, period: int, unit: str, words: str) -> None:
    assert timing({"repeat": {"frequency": frequency, "period": period, "periodUnit": unit}}) == words


def test_texts_of_reports_and_documents_are_notes(tmp_path: Path) -> None:
    def attachment(text: bytes, media: str) -> dict[str, str]:
        return {"contentType": media, "data": base64.b64encode(text).decode()}

    record = one(
        tmp_path,
        made("DiagnosticReport", id="r1", status="final", code=coded("Chest CT"), effectiveDateTime="2020-01-02",
             presentedForm=[attachment("FINDINGS:\nClear.\nIMPRESSION:\nNormal. 正常".encode(), "text/plain; charset=utf-8")]),
        made("DocumentReference", id="d1", date="2020-01-03T10:00:00Z", type=coded("Discharge summary"), status="current",
             content=[{"attachment": attachment(b"<p>HPI: cough</p><script>x()</script><p>Plan: rest &amp; fluids</p>", "text/html")},
                      {"attachment": attachment(b"%PDF-1.4", "text/plain")}, {"attachment": {"url": "Binary/1"}}]),
        made("DiagnosticReport", id="r2", status="final", code=coded("Pathology"), conclusion="Benign. " * 100),
    )  # fmt: skip
    notes = {d.source.id: d for d in record.documents if d.source.kind == "note"}
    assert list(notes) == ["record:p1:note:r1", "record:p1:note:d1", "record:p1:note:r2"]
    report = notes["record:p1:note:r1"]
    assert report.source.title == "Chest CT 2020-01-02"
    assert [(s.heading, report.text[s.start : s.end]) for s in report.sections] == [
        ("Findings", "Clear."),
        ("Impression", "Normal. 正常"),
    ]
    letter = notes["record:p1:note:d1"]
    assert letter.text == "HPI: cough\nPlan: rest & fluids"
    assert [e.resource for e in record.entries if e.category == "note"] == [
        "fhir:DiagnosticReport/r1", "fhir:DocumentReference/d1", "fhir:DiagnosticReport/r2",
    ]  # fmt: skip
    assert lines(record)[:2] == ["2020-01-02 Chest CT: final", "Pathology: final"]
    assert record.skipped == (("DocumentReference attachment", 2),)
