"""Writes folders shaped like MIMIC-III and MIMIC-IV, of invented patients, for tests and measurements.

    python scripts/make_mimic.py OUT [--patients 20] [--labs 30] [--seed 1] [--shape iii|iv|both] [--gzip] [--shuffle]

Names of tables and columns are the real ones; every value is drawn from a seeded generator and means nothing. --labs:
laboratory rows for each patient. --shuffle: rows in no order (those of MIMIC-IV are in order of patients). `truth.json`
beside the tables says, for each patient, how many rows each table has and the last value of each test.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

ITEMS = (
    (50912, "Creatinine", "Blood", "mg/dL", 0.4, 1.1), (50971, "Potassium", "Blood", "mEq/L", 3.3, 5.1),
    (50983, "Sodium", "Blood", "mEq/L", 133, 145), (51222, "Hemoglobin", "Blood", "g/dL", 12, 16),
    (51301, "White Blood Cells", "Blood", "K/uL", 4, 11), (51265, "Platelet Count", "Blood", "K/uL", 150, 440),
    (50931, "Glucose", "Blood", "mg/dL", 70, 105), (51082, "Creatinine, Urine", "Urine", "mg/dL", 20, 300),
)  # fmt: skip
ICD = (
    ("4019", "9", "Unspecified essential hypertension"),
    ("25000", "9", "Diabetes mellitus without mention of complication"),
    ("42731", "9", "Atrial fibrillation"), ("I509", "10", "Heart failure, unspecified"),
    ("N179", "10", "Acute kidney failure, unspecified"), ("J189", "10", "Pneumonia, unspecified organism"),
)  # fmt: skip
DRUGS = (
    ("Metoprolol Tartrate", "25", "mg", "PO/NG"), ("Furosemide", "40", "mg", "IV"), ("Heparin", "5000", "UNIT", "SC"),
    ("Vancomycin", "1000", "mg", "IV"), ("Insulin", "2-10", "UNIT", "SC"), ("Aspirin", "81", "mg", "PO/NG"),
)  # fmt: skip
HEADERS = {
    "iii": {
        "PATIENTS": "ROW_ID SUBJECT_ID GENDER DOB DOD DOD_HOSP DOD_SSN EXPIRE_FLAG",
        "ADMISSIONS": "ROW_ID SUBJECT_ID HADM_ID ADMITTIME DISCHTIME DEATHTIME ADMISSION_TYPE ADMISSION_LOCATION "
        "DISCHARGE_LOCATION INSURANCE LANGUAGE RELIGION MARITAL_STATUS ETHNICITY EDREGTIME EDOUTTIME DIAGNOSIS "
        "HOSPITAL_EXPIRE_FLAG HAS_CHARTEVENTS_DATA",
        "DIAGNOSES_ICD": "ROW_ID SUBJECT_ID HADM_ID SEQ_NUM ICD9_CODE",
        "PRESCRIPTIONS": "ROW_ID SUBJECT_ID HADM_ID ICUSTAY_ID STARTDATE ENDDATE DRUG_TYPE DRUG DRUG_NAME_POE "
        "DRUG_NAME_GENERIC FORMULARY_DRUG_CD GSN NDC PROD_STRENGTH DOSE_VAL_RX DOSE_UNIT_RX FORM_VAL_DISP "
        "FORM_UNIT_DISP ROUTE",
        "LABEVENTS": "ROW_ID SUBJECT_ID HADM_ID ITEMID CHARTTIME VALUE VALUENUM VALUEUOM FLAG",
        "NOTEEVENTS": "ROW_ID SUBJECT_ID HADM_ID CHARTDATE CHARTTIME STORETIME CATEGORY DESCRIPTION CGID ISERROR TEXT",
        "D_LABITEMS": "ROW_ID ITEMID LABEL FLUID CATEGORY LOINC_CODE",
        "D_ICD_DIAGNOSES": "ROW_ID ICD9_CODE SHORT_TITLE LONG_TITLE",
    },
    "iv": {
        "patients": "subject_id gender anchor_age anchor_year anchor_year_group dod",
        "admissions": "subject_id hadm_id admittime dischtime deathtime admission_type admit_provider_id "
        "admission_location discharge_location insurance language marital_status race edregtime edouttime "
        "hospital_expire_flag",
        "diagnoses_icd": "subject_id hadm_id seq_num icd_code icd_version",
        "prescriptions": "subject_id hadm_id pharmacy_id poe_id poe_seq order_provider_id starttime stoptime drug_type "
        "drug formulary_drug_cd gsn ndc prod_strength form_rx dose_val_rx dose_unit_rx form_val_disp form_unit_disp "
        "doses_per_24_hrs route",
        "labevents": "labevent_id subject_id hadm_id specimen_id itemid order_provider_id charttime storetime value "
        "valuenum valueuom ref_range_lower ref_range_upper flag priority comments",
        "discharge": "note_id subject_id hadm_id note_type note_seq charttime storetime text",
        "radiology": "note_id subject_id hadm_id note_type note_seq charttime storetime text",
        "d_labitems": "itemid label fluid category",
        "d_icd_diagnoses": "icd_code icd_version long_title",
    },
}
Row = dict[str, Any]


def patient(subject: int, rng: random.Random, labs: int) -> Iterator[tuple[str, Row]]:
    """(table, row) of one invented patient, with the columns of both shapes under lower-case names."""
    born = datetime(2060, 1, 1) + timedelta(rng.randrange(20000))
    came = born + timedelta(rng.randrange(20 * 365, 80 * 365), rng.randrange(86400))
    left, hadm = came + timedelta(rng.randrange(1, 20)), 100000 + subject
    one = {"subject_id": subject, "hadm_id": hadm}
    yield "patients", {
        "subject_id": subject, "gender": rng.choice("MF"), "dob": f"{born:%Y-%m-%d} 00:00:00", "expire_flag": 0,
        "anchor_year": came.year, "anchor_age": came.year - born.year,
    }  # fmt: skip
    yield "admissions", one | {
        "admittime": came, "dischtime": left, "admission_type": rng.choice(("EMERGENCY", "ELECTIVE", "URGENT")),
        "admission_location": "EMERGENCY ROOM ADMIT", "discharge_location": rng.choice(("HOME", "SNF", "REHAB")),
        "diagnosis": "PNEUMONIA", "hospital_expire_flag": 0,
    }  # fmt: skip
    for rank, (code, version, _) in enumerate(rng.sample(ICD, 2), start=1):
        yield "diagnoses_icd", one | {"seq_num": rank, "icd_code": code, "icd9_code": code, "icd_version": version}
    for drug, dose, unit, route in rng.sample(DRUGS, 3):
        day = came + timedelta(rng.randrange(3))
        yield "prescriptions", one | {
            "startdate": f"{day:%Y-%m-%d} 00:00:00", "enddate": f"{left:%Y-%m-%d} 00:00:00", "starttime": day,
            "stoptime": left, "drug_type": "MAIN", "drug": drug, "prod_strength": f"{dose} {unit} vial", "ndc": "0",
            "dose_val_rx": dose, "dose_unit_rx": unit, "form_val_disp": 1, "form_unit_disp": "TAB", "route": route,
            "doses_per_24_hrs": 2,
        }  # fmt: skip
    for _ in range(labs):
        item, _, _, unit, low, high = rng.choice(ITEMS)
        value = round(rng.uniform(low * 0.6, high * 1.4), 1)
        yield "labevents", one | {
            "itemid": item, "charttime": came + timedelta(minutes=rng.randrange(20000)), "value": value,
            "valuenum": value, "valueuom": unit, "ref_range_lower": low, "ref_range_upper": high,
            "flag": "" if low <= value <= high else "abnormal", "comments": "___", "priority": "ROUTINE",
        }  # fmt: skip
    yield from _notes(one, came, rng)


def _notes(one: Row, came: datetime, rng: random.Random) -> Iterator[tuple[str, Row]]:
    dose = rng.choice((25, 50, 100))
    text = (
        f'Admission Date:  [**{came:%Y-%m-%d}**]\n\nHistory of Present Illness:\nThe patient said "short of breath", '
        f"for {rng.randrange(2, 9)} days.\n\nDischarge Medications:\n1. Metoprolol {dose} mg PO BID\n"
    )
    film = "CHEST, PA AND LATERAL\n\nIMPRESSION: No pneumonia, no effusion.\n"
    shared = one | {"chartdate": f"{came:%Y-%m-%d}", "charttime": came, "cgid": ""}
    yield (
        "discharge",
        shared | {"category": "Discharge summary", "description": "Report", "note_type": "DS", "text": text},
    )
    yield "radiology", shared | {
        "category": "Radiology", "description": "CHEST (PA & LAT)", "note_type": "RR", "text": film,
    }  # fmt: skip


class _Writer:
    """The tables of one shape, open for writing. In shape `iii` both kinds of notes go to NOTEEVENTS."""

    def __init__(self, folder: Path, shape: str, *, packed: bool) -> None:
        self._files: list[Any] = []
        self._tables: dict[str, tuple[list[str], Any]] = {}
        self._counts: dict[str, int] = {}
        self._shape = shape
        for name, columns in HEADERS[shape].items():
            inner = "" if shape == "iii" else "note" if name in ("discharge", "radiology") else "hosp"
            path = folder / inner / f"{name}.csv{'.gz' if packed else ''}"
            path.parent.mkdir(parents=True, exist_ok=True)
            raw: Any = gzip.open(path, "wb", compresslevel=1) if packed else path.open("wb")  # noqa: SIM115
            file = io.TextIOWrapper(raw, encoding="utf-8", newline="")
            self._files.append(file)
            writer = csv.writer(
                file, quoting=csv.QUOTE_NONNUMERIC if shape == "iii" else csv.QUOTE_MINIMAL, lineterminator="\n"
            )
            writer.writerow(columns.split())
            self._tables[name.lower()] = (columns.lower().split(), writer)

    def add(self, table: str, row: Row) -> None:
        """Writes a row, with the next row id of its table."""
        if self._shape == "iii" and table in ("discharge", "radiology"):
            table = "noteevents"
        number = self._counts[table] = self._counts.get(table, 0) + 1
        ids: Row = {"row_id": number, "labevent_id": number, "pharmacy_id": number, "note_seq": number}
        ids["note_id"] = f"{row.get('subject_id')}-{row.get('note_type')}-{number}"
        columns, writer = self._tables[table]
        writer.writerow([row[c] if c in row else ids.get(c, "") for c in columns])

    def close(self) -> None:
        """Closes every file."""
        for file in self._files:
            file.close()


def write(
    folder: Path, shape: str, *, patients: int, labs: int = 30, seed: int = 1, order: str = "", packed: bool = False
) -> None:
    """Writes one folder. order: `shuffled`, else by patient. packed: as `.csv.gz`."""
    rng = random.Random(seed)
    writer = _Writer(folder, shape, packed=packed)
    for item, label, fluid, *_ in ITEMS:
        writer.add("d_labitems", {"itemid": item, "label": label, "fluid": fluid, "category": "Chemistry"})
    for code, version, name in ICD:
        titles = {
            "icd_code": code,
            "icd9_code": code,
            "icd_version": version,
            "long_title": name,
            "short_title": name[:20],
        }
        writer.add("d_icd_diagnoses", titles)
    rows: Iterator[tuple[str, Row]] = (
        row for subject in range(10001, 10001 + patients) for row in patient(subject, rng, labs)
    )
    if order == "shuffled":
        rows = iter(rng.sample(held := list(rows), len(held)))
    truth: dict[int, dict[str, Any]] = {}
    for table, row in rows:
        writer.add(table, row)
        known = truth.setdefault(row["subject_id"], {"rows": {}, "last": {}})
        known["rows"][table] = known["rows"].get(table, 0) + 1
        if table == "labevents":
            known["last"][row["itemid"]] = max(
                known["last"].get(row["itemid"], ("", 0)), (str(row["charttime"]), row["value"])
            )
    writer.close()
    (folder / "truth.json").write_text(json.dumps(truth), encoding="utf-8")


def main() -> None:
    """Writes OUT/mimic-iii and OUT/mimic-iv."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--patients", type=int, default=20)
    parser.add_argument("--labs", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shape", choices=("iii", "iv", "both"), default="both")
    parser.add_argument("--gzip", action="store_true")
    parser.add_argument("--shuffle", action="store_true")
    given = parser.parse_args()
    for shape in ("iii", "iv") if given.shape == "both" else (given.shape,):
        write(
            given.out / f"mimic-{shape}", shape, patients=given.patients, labs=given.labs, seed=given.seed,
            order="shuffled" if given.shuffle else "", packed=given.gzip,
        )  # fmt: skip


if __name__ == "__main__":
    main()
