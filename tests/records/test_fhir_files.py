"""FHIR R4: whose a resource is, what is left out, files and folders, and what hostile ones come to."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.records import fhir
from rag.records.fhir_json import decode, rows
from rag.records.fhir_resources import TYPES
from tests.records.fhir_samples import CASES, ME, PATIENT, bundle, coded, lines, made, one, read, saved


def test_whose_a_resource_is(tmp_path: Path) -> None:
    uuid = "urn:uuid:11111111-2222-3333-4444-555555555555"

    def refers(to: object, name: str) -> dict[str, Any]:
        return {"resource": made("Condition", id=name, subject=to, code=coded(name))}

    content = {
        "resourceType": "Bundle", "type": "transaction",
        "entry": [
            {"fullUrl": uuid, "resource": PATIENT},
            {"fullUrl": "urn:uuid:g", "resource": {"resourceType": "Group", "id": "g"}},
            refers({"reference": uuid}, "by-uuid"),
            refers({"reference": "https://host/fhir/Patient/p1/_history/2"}, "by-url"),
            refers({"reference": "Patient/p2"}, "other"),
            refers({"reference": "urn:uuid:p3"}, "absent"),
            refers({"reference": "Group/g"}, "group"), refers({"reference": "urn:uuid:g"}, "group-uuid"),
            refers({"reference": "#c"}, "contained"), refers({"reference": 5}, "number"), refers("Patient/p1", "text"),
            refers({"reference": "Patient/../p1 x"}, "path"), refers(None, "none"),
            {"resource": {**made("Condition", id="two", code=coded("two")), "patient": {"reference": "Patient/p9"}}},
        ],
    }  # fmt: skip
    records, error = read(saved(tmp_path, content))
    assert not error
    assert {r.person.id: [e.name for e in r.entries if e.category == "condition"] for r in records} == {
        "p1": ["by-url", "by-uuid"], "p2": ["other"], "p3": ["absent"],
    }  # fmt: skip
    assert records[0].skipped == (("Condition without a patient", 8), ("Group", 1))


def test_what_is_left_out_is_counted(tmp_path: Path) -> None:
    record = one(
        tmp_path,
        PATIENT,
        {"resourceType": "Claim", "patient": ME}, {"resourceType": "Organization", "id": "o"},
        made("Observation", id="a", status="entered-in-error", code=coded("X"), valueString="x"),
        made("Condition", id="b", verificationStatus=coded("", "entered-in-error"), code=coded("Y")),
        made("Condition", id="c"), {"resourceType": ["x"]}, {"resourceType": "a b", "subject": ME},
        made("Condition", id="d", code=coded("Old"), meta={"lastUpdated": "2020"}),
        made("Condition", id="d", code=coded("New"), meta={"lastUpdated": "2021"}),
        made("Condition", id="d", code=coded("Older"), meta={"lastUpdated": "2019"}),
    )  # fmt: skip
    assert [e.name for e in record.entries if e.category == "condition"] == ["New"]
    assert dict(record.skipped) == {
        "Claim": 1, "Organization": 1, "Observation entered in error": 1, "Condition entered in error": 1,
        "Condition without content": 1, "unknown": 2, "Condition older version": 2,
    }  # fmt: skip


def test_names_of_those_who_treat_come_from_the_files_beside_a_bundle(tmp_path: Path) -> None:
    doctor = {
        "resourceType": "Practitioner",
        "id": "d",
        "name": [{"prefix": ["Dr."], "given": ["Ned"], "family": "Pagac"}],
    }
    house = {"resourceType": "Organization", "id": "h", "name": "Mercy"}
    saved(
        tmp_path,
        {"resourceType": "Bundle", "entry": [{"fullUrl": "urn:uuid:d", "resource": doctor}]},
        "practitionerInformation1.json",
    )
    saved(tmp_path, bundle(house), "hospitalInformation1.json")
    visit = made("Encounter", status="finished", type=[coded("Visit")], participant=[{"individual": {"reference": "urn:uuid:d"}}],
                 serviceProvider={"reference": "Organization/h"})  # fmt: skip
    saved(tmp_path, bundle(PATIENT, visit), "z.json")
    (record,), error = read(tmp_path)
    assert not error
    assert lines(record)[-1] == "Visit: finished; with Dr. Ned Pagac; at Mercy"
    assert read(tmp_path / "hospitalInformation1.json") == ([], "")


def test_bulk_data_is_put_together_by_patient_over_files(tmp_path: Path) -> None:
    other = {**PATIENT, "id": "p2"}
    saved(tmp_path, f"{json.dumps(PATIENT)}\n\n{json.dumps(other)}\n", "Patient.ndjson")
    condition = [
        made("Condition", id=f"c{n}", code=coded(f"C{n}"), subject={"reference": f"Patient/p{n}"}) for n in (1, 2)
    ]
    with gzip.open(tmp_path / "Condition.ndjson.gz", "wt") as file:
        file.write("\n".join(map(json.dumps, condition)))
    saved(
        tmp_path, json.dumps({"resourceType": "Medication", "id": "m", "code": coded("Warfarin")}), "Medication.ndjson"
    )
    saved(
        tmp_path,
        json.dumps(made("MedicationRequest", medicationReference={"reference": "Medication/m"}, status="active")),
        "A.ndjson",
    )
    records, error = read(tmp_path)
    assert not error
    found = {r.person.id: [e.name for e in r.entries if e.category != "person"] for r in records}
    assert found == {"p1": ["C1", "Warfarin"], "p2": ["C2"]}
    assert [r.person.sex for r in records] == ["female", "female"]
    assert sum(dict(r.skipped).get("Medication", 0) for r in records) == 1


def test_bulk_data_that_is_too_much_at_once_is_read_in_more_passes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = [
        made("Condition", id=f"c{n}", code=coded(f"C{n}"), subject={"reference": f"Patient/p{n % 40}"})
        for n in range(200)
    ]
    path = saved(tmp_path, "\n".join([*map(json.dumps, content), '{"resourceType": "Group"}', "{"]), "a.ndjson")
    whole, error = read(path)
    assert "bad_rows (1 of 202 resources; line 202: " in error
    monkeypatch.setattr(fhir, "MOST_ENTRIES", 60)
    parts, again = read(path)
    assert again == error
    assert {r.person.id: lines(r) for r in parts} == {r.person.id: lines(r) for r in whole}
    assert [len(r.entries) for r in parts] == [5] * 40
    for records in (whole, parts):
        assert sum(dict(r.skipped).get("Group", 0) for r in records) == 1
        assert sum(dict(r.skipped).get("unreadable", 0) for r in records) == 1


def test_one_bad_file_does_not_stop_a_folder(tmp_path: Path) -> None:
    saved(tmp_path, "{", "a.json")
    saved(tmp_path, bundle(PATIENT), "b.json")
    (record,), error = read(tmp_path)
    assert record.person.id == "p1"
    assert "bad_files (1 of 2 files; " in error
    assert "a.json: broken" in error


DEEP = "[" * 100_000 + "]" * 100_000
GOOD = json.dumps(made("Condition", id="ok", code=coded("Asthma")))


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (
            '{"resourceType":"Condition","id":"b","subject":{"reference":"Patient/p1"},"code":' + DEEP + "}",
            "nests too deep",
        ),
        ('{"resourceType":"Condition","resourceType":"Patient","id":"b"}', "expected a resource"),
        ("[1,2]", "expected a resource"),
        ('{"resourceType":"Condition","x":' + "[0" + ",0" * 2_000_001 + "]}", "more than 2,000,000 values"),
    ],
)
def test_a_hostile_resource_is_skipped_alone(tmp_path: Path, row: str, why: str) -> None:
    bulk = saved(tmp_path, f"{row}\n{GOOD}\n", "a.ndjson")
    whole = saved(tmp_path, f'{{"resourceType":"Bundle","entry":[{{"resource":{row}}},{{"resource":{GOOD}}}]}}')
    for path, where in ((bulk, "line 1"), (whole, "entry 1")):
        (record,), error = read(path)
        assert lines(record) == ["Asthma"]
        assert f"bad_rows (1 of 2 resources; {where}: {why}" in error
        assert dict(record.skipped) == {"unreadable": 1}


def test_numbers_that_are_none_and_doubled_keys_say_nothing(tmp_path: Path) -> None:
    texts = ["NaN", "Infinity", "1e999", "-1e999", "9" * 5000, '1,"value":2', "true", '"7"']
    rows_ = [
        json.dumps(made("Observation", id=f"o{n}", code=coded(f"N{n}"), valueQuantity={"value": "@"})).replace(
            '"@"', text
        )
        for n, text in enumerate(texts)
    ]
    (record,), error = read(saved(tmp_path, "\n".join(rows_), "a.ndjson"))
    assert not error
    assert [e.value for e in record.entries] == [None] * 8
    assert lines(record) == [f"N{n}: no value stated" for n in range(8)]


@pytest.mark.parametrize(
    ("content", "reason"),
    [("", "broken"), ("{", "broken"), ("[" * 100_000, "broken"), ('{"entry":[{"resource":', "broken"), ('{"a":"', "broken"),
     ("[]", "not_fhir"), ("{}", "not_fhir"), ('{"resourceType":7}', "not_fhir"), ('{"resourceType":"Bundle"}', "empty"),
     ('{"resourceType":"Bundle","entry":[],"entry":[]}', "not_fhir"), ("}{", "broken"), ("\xff\xfe", "broken"),
     ('{"resourceType":"Bundle","entry":{"a":1}}', "empty"), ("[" * 5_000_001, "broken")],
)  # fmt: skip
def test_files_that_are_no_fhir(tmp_path: Path, content: str, reason: str) -> None:
    records, error = read(saved(tmp_path, content))
    assert records == []
    assert error.startswith(f"{tmp_path / 'a.json'}: {reason}")


def test_sizes_are_checked_before_reading(tmp_path: Path) -> None:
    large = tmp_path / "a.json"
    with large.open("wb") as file:
        file.truncate((256 << 20) + 1)
    assert "too_large (256 MB, at most 256; export it as Bulk Data" in read(large)[1]
    with pytest.raises(ValueError, match="larger than 32 MB"):
        decode(b" " * ((32 << 20) + 1))
    bomb = tmp_path / "b.ndjson.gz"
    with gzip.open(bomb, "wb", compresslevel=9) as packed:
        for _ in range(80):
            packed.write(b" " * (1 << 20))
    assert "unpacks to more than 250 times its size" in read(bomb)[1]
    cut = tmp_path / "c.ndjson.gz"
    cut.write_bytes(gzip.compress(GOOD.encode())[:-9])
    assert ": broken" in read(cut)[1]


def test_references_that_run_in_a_circle_end(tmp_path: Path) -> None:
    record = one(
        tmp_path,
        made("MedicationRequest", id="a", status="active", contained=[{"id": "m", "medicationReference": {"reference": "#m"}}],
             medicationReference={"reference": "#m", "display": "Iron"}),
        made("CarePlan", id="c", title="Care", addresses=[{"reference": "CarePlan/c"}, {"reference": "Condition/d"}]),
        made("Condition", id="d", code=coded("Asthma"), evidence=[{"detail": [{"reference": "Condition/d"}]}]),
    )  # fmt: skip
    assert "Care: care plan; for Asthma" in lines(record)


def test_strings_keep_brackets_and_quotes_where_they_are(tmp_path: Path) -> None:
    nasty = 'a"entry": [ {"resource": \\ ]} "'
    content = {"resourceType": "Bundle", "link": [{"url": nasty}], **bundle(made("Condition", code=coded(nasty)))}
    found = list(rows(saved(tmp_path, content)))
    assert [r.resource["code"]["text"] for r in found] == [nasty]
    assert lines(one(tmp_path, made("Condition", code=coded(nasty)))) == [nasty]


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.floats(allow_nan=False) | st.sampled_from(["", "x", "2020-01-02", "#m", "Patient/p1"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["coding", "code", "text", "value", "unit", "reference", "start", "repeat", "detail", "data"]), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
KEYS = sorted(
    {k for case in CASES for k in case[0]}
    | {"presentedForm", "content", "contained", "note", "meta", "extension", "date"}
)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(sorted([*TYPES, "Patient", "DocumentReference"])),
    st.dictionaries(st.sampled_from(KEYS), JUNK, max_size=8),
    st.booleans(),
)
def test_wrong_types_anywhere_never_crash(
    tmp_path_factory: pytest.TempPathFactory, kind: str, fields: dict[str, Any], named: bool
) -> None:
    folder = tmp_path_factory.getbasetemp()
    whole = next((c[0] for c in CASES if c[0]["resourceType"] == kind), PATIENT)
    base: dict[str, Any] = (
        whole if named else {"code": coded("X"), "vaccineCode": coded("X"), "medicationCodeableConcept": coded("X")}
    )
    resource = {**base, "subject": ME, **fields, "resourceType": kind}
    records, _ = read(saved(folder, bundle(resource, PATIENT), "junk.json"))
    for record in records:
        for text, entry in zip(lines(record), record.entries, strict=True):
            assert text.strip()
            assert entry.category == "note" or "\n" not in text


@pytest.mark.data
@pytest.mark.skipif("ANAMNESIS_DATA" not in os.environ, reason="needs the shared data sets")
def test_the_thirty_synthea_bundles() -> None:
    folder = Path(os.environ["ANAMNESIS_DATA"]) / "synthea_fhir_r4" / "R4" / "SYNTHEA"
    records, error = read(folder)
    assert not error
    assert len(records) == 30
    assert sum(len(r.entries) for r in records) == 3742
    known = {"Claim", "ExplanationOfBenefit", "Organization", "Practitioner"}
    assert {name for r in records for name, _ in r.skipped} == known
    for record in records:
        (document,) = record.documents
        for text, entry in zip(lines(record), record.entries, strict=True):
            assert entry.name in text
            assert text in document.text.split("\n")
