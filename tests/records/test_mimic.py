"""MIMIC folders: every row becomes an entry in its patient's record, whatever else is in the files."""

from __future__ import annotations

import gzip
import json
import os
import random
import tracemalloc
from pathlib import Path

import pytest

from indexer.errors import ReadError
from rag.records.mimic import MimicReader
from rag.records.mimic_csv import LONGEST, Broken, CsvFile
from rag.records.types import Entry, Record
from scripts.make_mimic import HEADERS, write

TABLES = {
    "PATIENTS": "ROW_ID,SUBJECT_ID,GENDER,DOB,DOD\n1,7,F,2075-03-13 00:00:00,2150-05-01 00:00:00\n2,3,M,2060-01-02 00:00:00,\n",
    "ADMISSIONS": "ROW_ID,SUBJECT_ID,HADM_ID,ADMITTIME,DISCHTIME,DEATHTIME,ADMISSION_TYPE,ADMISSION_LOCATION,"
    "DISCHARGE_LOCATION,DIAGNOSIS\n1,7,70,2150-03-02 10:15:00,2150-03-09 12:00:00,,EMERGENCY,CLINIC,HOME,SEPSIS\n",
    "DIAGNOSES_ICD": "ROW_ID,SUBJECT_ID,HADM_ID,SEQ_NUM,ICD9_CODE\n5,7,70,1,4019\n6,7,70,2,E8490\n",
    "D_ICD_DIAGNOSES": "ROW_ID,ICD9_CODE,SHORT_TITLE,LONG_TITLE\n1,4019,HTN,Unspecified essential hypertension\n",
    "D_LABITEMS": "ROW_ID,ITEMID,LABEL,FLUID,CATEGORY,LOINC_CODE\n1,50912,Creatinine,Blood,Chemistry,2160-0\n",
    "LABEVENTS": "ROW_ID,SUBJECT_ID,HADM_ID,ITEMID,CHARTTIME,VALUE,VALUENUM,VALUEUOM,FLAG\n"
    "11,7,70,50912,2150-03-02 11:00:00,1.9,1.9,mg/dL,abnormal\n12,7,70,50912,2150-03-03 06:00:00,<0.2,0.2,mg/dL,\n"
    "13,3,,99999,2149-01-01 06:00:00,NEG,,,\n",
    "PRESCRIPTIONS": "ROW_ID,SUBJECT_ID,HADM_ID,STARTDATE,ENDDATE,DRUG_TYPE,DRUG,NDC,PROD_STRENGTH,DOSE_VAL_RX,"
    "DOSE_UNIT_RX,FORM_VAL_DISP,FORM_UNIT_DISP,ROUTE\n"
    '21,7,70,2150-03-02 00:00:00,2150-03-05 00:00:00,MAIN,Metoprolol,0093,"25mg tab, scored",12.5,mg,0.5,TAB,PO\n',
    "NOTEEVENTS": "ROW_ID,SUBJECT_ID,HADM_ID,CHARTDATE,CHARTTIME,CATEGORY,DESCRIPTION,ISERROR,TEXT\n"
    '31,7,70,2150-03-09,,Discharge summary,Report,,"Seen by [**Name 12**], ""tired"".\n\nPMH:\nasthma, COPD\n"\n'
    "32,7,70,2150-03-04,2150-03-04 09:30:00,Radiology,CHEST (PORTABLE AP),,No effusion.\n"
    "33,7,70,2150-03-04,,Nursing,Report,1,Wrong patient\n",
}


def folder(tmp_path: Path, **changed: str | bytes) -> Path:
    for name, text in (TABLES | changed).items():
        data = text if isinstance(text, bytes) else text.encode()
        (tmp_path / f"{name}.csv").write_bytes(data)
    return tmp_path


def records(path: Path, *, budget: int = 200 << 20) -> dict[str, Record]:
    return {r.person.id: r for r in MimicReader(budget=budget).read(path)}


def entry(record: Record, resource: str) -> Entry:
    return next(e for e in record.entries if e.resource == resource)


def shown(record: Record, found: Entry) -> str:
    text = next(d.text for d in record.documents if d.source.id == found.document)
    return text[found.begin : found.end]


def test_every_table_of_mimic_iii(tmp_path: Path) -> None:
    found = records(folder(tmp_path))
    assert list(found) == ["3", "7"]
    one = found["7"]
    assert (one.person.sex, one.person.birth, one.person.death) == ("female", "2075-03-13", "2150-05-01")
    assert one.skipped == (("NOTEEVENTS: error", 1),)
    lab = entry(one, "mimic:LABEVENTS/11")
    assert (lab.name, lab.value, lab.unit, lab.flag) == ("Creatinine (Blood)", 1.9, "mg/dL", "abnormal")
    assert lab.codes == (("itemid", "50912"), ("loinc", "2160-0")) and lab.time == "2150-03-02T11:00:00"
    assert shown(one, lab) == "2150-03-02 Creatinine (Blood): 1.9 mg/dL (abnormal)"
    below = entry(one, "mimic:LABEVENTS/12")
    assert (below.value, below.text) == (None, "<0.2")
    first, second = entry(one, "mimic:DIAGNOSES_ICD/5"), entry(one, "mimic:DIAGNOSES_ICD/6")
    assert (first.name, first.codes, first.time) == (
        "Unspecified essential hypertension", (("icd9", "401.9"),), "2150-03-02T10:15:00",
    )  # fmt: skip
    assert (second.name, second.codes) == ("ICD9 E849.0", (("icd9", "E849.0"),))
    stay = entry(one, "mimic:ADMISSIONS/70")
    assert (stay.category, stay.until) == ("encounter", "2150-03-09T12:00:00")
    assert dict(stay.detail)["discharged to"] == "HOME"
    drug = entry(one, "mimic:PRESCRIPTIONS/21")
    assert (drug.name, drug.time, drug.until) == ("Metoprolol", "2150-03-02", "2150-03-05")
    assert dict(drug.detail) == {
        "dose": "12.5 mg", "route": "PO", "strength": "25mg tab, scored", "form": "0.5 TAB", "admission": "70",
    }  # fmt: skip
    assert entry(found["3"], "mimic:LABEVENTS/13").text == "NEG"


def test_notes_keep_their_brackets_and_sections(tmp_path: Path) -> None:
    one = records(folder(tmp_path))["7"]
    summary = entry(one, "mimic:NOTEEVENTS/31")
    assert (summary.category, summary.name, summary.time) == ("note", "Discharge summary", "2150-03-09")
    assert shown(one, summary) == 'Seen by [**Name 12**], "tired".\n\nPMH:\nasthma, COPD'
    document = next(d for d in one.documents if d.source.id == summary.document)
    assert [s.heading for s in document.sections] == ["", "Past medical history"]
    film = entry(one, "mimic:NOTEEVENTS/32")
    assert (film.name, film.time) == ("Radiology: CHEST (PORTABLE AP)", "2150-03-04T09:30:00")


def test_mimic_iv_with_gzip(tmp_path: Path) -> None:
    write(tmp_path, "iv", patients=4, labs=20, packed=True)
    found = records(tmp_path)
    truth = json.loads((tmp_path / "truth.json").read_text())
    assert list(found) == sorted(truth)
    for subject, known in truth.items():
        labs = [e for e in found[subject].entries if e.category == "laboratory"]
        assert len(labs) == known["rows"]["labevents"] == 20
        for item, (when, value) in known["last"].items():
            last = max((e for e in labs if e.codes[0] == ("itemid", item)), key=lambda e: e.time)
            assert (last.time, last.value) == (when.replace(" ", "T"), value)
            assert last.flag == ("high" if value > (last.high or 0) else "low" if value < (last.low or 0) else "")
        names = [e.name for e in found[subject].entries if e.category == "note"]
        assert names == ["Discharge summary", "Radiology"]
    assert len(found["10001"].person.birth) == 4


@pytest.mark.parametrize("shape", ["iii", "iv"])
def test_any_budget_and_any_order_give_the_same_records(tmp_path: Path, shape: str) -> None:
    write(tmp_path / "a", shape, patients=30, labs=25, seed=5)
    write(tmp_path / "b", shape, patients=30, labs=25, seed=5, order="shuffled")
    whole = records(tmp_path / "a")
    assert len(whole) == 30
    assert sum(len(r.entries) for r in whole.values()) == 30 * (2 + 1 + 2 + 3 + 25 + 2)
    assert records(tmp_path / "a", budget=100_000) == whole
    mixed = records(tmp_path / "b", budget=150_000)
    assert list(mixed) == list(whole)
    for subject, record in mixed.items():
        assert len(record.entries) == len(whole[subject].entries) and record.person == whole[subject].person


def test_every_resource_is_named_once(tmp_path: Path) -> None:
    header = HEADERS["iv"]["prescriptions"].split()
    row = dict.fromkeys(header, "") | {"subject_id": "7", "pharmacy_id": "9", "drug": "Heparin"}
    lines = [",".join(header), *(",".join((row | {"drug": d}).values()) for d in ("Heparin", "D5W"))]
    one = records(folder(tmp_path, PRESCRIPTIONS="\n".join(lines)))["7"]
    assert {e.resource: e.name for e in one.entries if e.category == "medication"} == {
        "mimic:PRESCRIPTIONS/9": "Heparin", "mimic:PRESCRIPTIONS/9.2": "D5W",
    }  # fmt: skip


HEAD = TABLES["LABEVENTS"].partition("\n")[0] + "\n"
GOOD = "99,7,70,50912,2150-03-05 06:00:00,1.5,1.5,mg/dL,\n"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("1,7,70,50912\n", "columns"),
        ("1,7,70,50912,2150-03-05 06:00:00,1,1,mg/dL,,more\n", "columns"),
        ("1," + "," * 1_000_000 + "\n", "columns"),
        ("1,8,70,50912,2150-03-05 06:00:00,1,1,mg/dL,\n", "subject"),
        ("1,seven,70,50912,2150-03-05 06:00:00,1,1,mg/dL,\n", "subject"),
        ("1," + "7" * 5000 + ",70,50912,2150-03-05 06:00:00,1,1,mg/dL,\n", "subject"),
        ("1,7,70,50912,2150-13-45 06:00:00,1,1,mg/dL,\n", "time"),
        ("1,7,70,50912,yesterday,1,1,mg/dL,\n", "time"),
        ("1,7,70,50912,2150-03-05 06:00:00,x,12..3,mg/dL,\n", "number"),
        ("1,7,70,50912,2150-03-05 06:00:00,x,1e999,mg/dL,\n", "number"),
        ("1,7,70,50912,2150-03-05 06:00:00,,,mg/dL,\n", "empty"),
        ("1,7,70,50912,2150-03-05\0,1,1,mg/dL,\n", "NUL"),
        ('1,7,70,50912,"2150-03-05 06:00:00,1,1,mg/dL,\n', "quote"),
        ('1,7,70,5"09"12,2150-03-05 06:00:00,x,"1"x,mg/dL,\n', "number"),
        ("1,7,70,50912,2150-03-05 06:00:00," + "9" * (LONGEST + 9) + ",1,mg/dL,\n", "length"),
    ],
)
def test_a_bad_row_is_counted_and_the_next_one_read(tmp_path: Path, row: str, reason: str) -> None:
    found = records(folder(tmp_path, LABEVENTS=HEAD + row + GOOD))
    counts = {what: n for r in found.values() for what, n in r.skipped if what.startswith("LABEVENTS")}
    assert counts == {f"LABEVENTS: {reason}": 1}
    assert entry(found["7"], "mimic:LABEVENTS/99").value == 1.5
    assert sum(e.category == "laboratory" for r in found.values() for e in r.entries) == 1


def test_a_200_megabyte_field_takes_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "LABEVENTS.csv.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(HEAD.encode() + b"1,7,70,50912,2150-03-05 06:00:00,")
        for _ in range(200):
            file.write(b"9" * (1 << 20))
        file.write(b",1,mg/dL,\n" + GOOD.encode())
    folder(tmp_path)
    (tmp_path / "LABEVENTS.csv").unlink()
    tracemalloc.start()
    found = records(tmp_path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert dict(found["3"].skipped)["LABEVENTS: length"] == 1
    assert entry(found["7"], "mimic:LABEVENTS/99").value == 1.5
    assert peak < 40 << 20


def test_an_open_quote_costs_its_own_line(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    lines = [b'a,"b\n', *(b"%d,c\n" % i for i in range(1000)), b'"d\n', b'"e","f\ng"\n']
    path.write_bytes(b"".join(lines))
    file = CsvFile(path)
    # The second quote closes the first: one row of 1002 lines. Without it every line is a row again.
    assert [r for _, r in file.rows()] == [b"".join(lines[:1002]), lines[1002]]
    file.close()
    path.write_bytes(b"".join(lines[:1001]))
    file = CsvFile(path)
    found = list(file.rows())
    assert found[0] == (0, Broken("quote"))
    assert [r for _, r in found[1:]] == lines[1:1001]
    assert [r for _, r in file.rows(begin=found[5][0], end=found[9][0])] == lines[5:9]
    file.close()


def test_damaged_and_missing_tables(tmp_path: Path) -> None:
    folder(tmp_path, DIAGNOSES_ICD="ROW_ID,SUBJECT\n1,7\n", PRESCRIPTIONS="")
    (tmp_path / "NOTEEVENTS.csv").unlink()
    whole = gzip.compress((HEAD + GOOD * 20000).encode())
    (tmp_path / "LABEVENTS.csv").unlink()
    (tmp_path / "LABEVENTS.csv.gz").write_bytes(whole[: len(whole) // 2])
    found = records(tmp_path)
    counts = dict(found["3"].skipped)
    assert counts == {"DIAGNOSES_ICD: header": 1, "PRESCRIPTIONS: header": 1, "LABEVENTS: broken": 1}
    assert entry(found["7"], "mimic:ADMISSIONS/70").time == "2150-03-02T10:15:00"


def test_patients_alone_and_with_bad_dates(tmp_path: Path) -> None:
    (tmp_path / "patients.CSV").write_text("﻿subject_id,gender,dob,dod\n5,F,born,\n5,F,,\n6,,1900-01-01,\n\n", "utf-8")
    found = records(tmp_path)
    assert dict(found["5"].skipped) == {"PATIENTS: time": 1, "PATIENTS: repeated": 1}
    assert found["5"].person.birth == "" and found["6"].person.birth == "1900-01-01"


def test_one_patient_with_more_rows_than_the_budget(tmp_path: Path) -> None:
    found = records(folder(tmp_path, LABEVENTS=HEAD + GOOD * 3000), budget=1 << 20)
    left = dict(found["7"].skipped)["LABEVENTS: memory"]
    assert 2000 < left < 3000
    assert sum(e.category == "laboratory" for e in found["7"].entries) == 3000 - left


def test_a_folder_that_is_not_mimic_says_what_was_expected(tmp_path: Path) -> None:
    (tmp_path / "LABEVENTS.csv").write_text(HEAD)
    with pytest.raises(ReadError, match=r"expected PATIENTS\.csv .*found LABEVENTS"):
        records(tmp_path)
    (tmp_path / "PATIENTS.csv").write_text("name,age\nx,1\n")
    with pytest.raises(ReadError, match="expected a header with subject_id, gender"):
        records(tmp_path)
    (tmp_path / "PATIENTS.csv").write_text("subject_id,gender,dob\n")
    with pytest.raises(ReadError, match="no patient in PATIENTS"):
        records(tmp_path)
    with pytest.raises(ReadError, match="broken"):
        records(tmp_path / "absent")


def test_random_damage_never_stops_the_reader(tmp_path: Path) -> None:
    rng = random.Random(3)
    good = {name: text.encode() for name, text in TABLES.items()}
    for _ in range(150):
        name = rng.choice(sorted(good))
        data = bytearray(good[name])
        for _ in range(rng.randrange(1, 6)):
            at = rng.randrange(len(data))
            data[at : at + rng.randrange(3)] = rng.choice((b'"', b",", b"\0", b"\n", b"\xff", b"\r", b'""'))
        folder(tmp_path, **{name: bytes(data)})
        try:
            for record in MimicReader(budget=1 << 16).read(tmp_path):
                for found in record.entries:
                    assert shown(record, found)
        except ReadError as error:
            assert name == "PATIENTS", error


def test_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "in", "iv", patients=3)
    before = sorted(p.name for p in (tmp_path / "in").rglob("*"))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    assert len(records(tmp_path / "in", budget=30_000)) == 3
    assert os.listdir(tmp_path / "tmp") == []
    assert sorted(p.name for p in (tmp_path / "in").rglob("*")) == before
