"""The commands about records, as a person types them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from rag.records import commands

ROOT = Path(__file__).parent.parent.parent
NOTE = (
    "Patient: 17\nDate: 2021-03-02\nType: Clinic note\n\nCHIEF COMPLAINT: palpitations since the zebrafish holiday.\n"
)
BUNDLE = {
    "resourceType": "Bundle", "type": "collection",
    "entry": [
        {"resource": {"resourceType": "Patient", "id": "17", "gender": "female", "birthDate": "1958-03-14"}},
        *(
            {"resource": {
                "resourceType": "Observation", "id": f"o{n}", "status": "final", "subject": {"reference": "Patient/17"},
                "category": [{"coding": [{"code": "laboratory"}]}],
                "code": {"coding": [{"system": "http://loinc.org", "code": "2160-0", "display": "Creatinine"}]},
                "effectiveDateTime": f"2021-0{n}-02", "valueQuantity": {"value": value, "unit": "mg/dL"},
            }}
            for n, value in enumerate((1.1, 1.4, 1.9), start=1)
        ),
    ],
}  # fmt: skip


def rag(*words, folder, code=0, stdin=None):
    env = {**os.environ, "ANAMNESIS_RECORDS_KEY_FILE": str(folder / "key"), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "rag.cli", *words],
        check=False,
        capture_output=True,
        text=True,
        cwd=folder,
        env=env,
        input=stdin,
    )
    assert done.returncode == code, done.stderr
    return done.stdout if code == 0 else done.stderr


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("commands")
    (made / "key").write_bytes(bytes(range(32)))
    (made / "key").chmod(0o600)
    (made / "bundle.json").write_text(json.dumps(BUNDLE))
    (made / "note.txt").write_text(NOTE)
    rag("records", "init", "--embedder", "hashing", folder=made)
    assert "1 patients, " in rag("records", "add", "bundle.json", "note.txt", folder=made)
    return made


def test_a_question_about_a_patient(folder):
    assert rag("records", "list", folder=folder) == "17\n"
    text = rag("ask", "--patient", "17", "How did creatinine change since January 2021?", folder=folder)
    assert "[R1]" in text
    assert "1.9" in text
    assert "fhir:Observation/o3" in text
    found = json.loads(rag("ask", "--patient", "17", "What is the last creatinine?", "--json", folder=folder))
    assert found["status"] == "answered"
    assert found["record"]["claims"][0]["citations"] == ["R1"]
    assert found["record"]["citations"][0]["resource"] == "fhir:Observation/o3"


def test_what_goes_wrong_is_one_line_that_says_what_next(folder, tmp_path):
    assert "list them with: rag records list" in rag("ask", "--patient", "18", "last creatinine", folder=folder, code=1)
    assert "rag records init" in rag("ask", "--patient", "17", "x", "--records", "none", folder=folder, code=1)
    (folder / "key").chmod(0o644)
    assert "chmod 600" in rag("records", "list", folder=folder, code=1)
    (folder / "key").chmod(0o600)
    (folder / "bad.json").write_text("{")
    assert "bad.json" in rag("records", "add", "bad.json", folder=folder, code=3)
    assert "is a store already" in rag("records", "init", folder=folder, code=1)


def test_the_log(folder):
    assert "none changed" in rag("audit", "verify", folder=folder)
    shown = rag("audit", "show", "--patient", "17", folder=folder)
    assert "add" in shown
    assert "zebrafish" not in shown


def test_policy_and_verify(folder):
    (folder / "policy.toml").write_text('[people.x]\nroles = ["administrator"]\nroes = 1\n')
    assert "unknown key 'roes'" in rag("records", "policy", "policy.toml", folder=folder, code=1)
    assert "as it was written" in rag("records", "verify", folder=folder)


def test_deid(folder):
    text = "Seen by Dr. Quennell Dashwood on 03/02/2021, MRN 448812, phone 555-201-3344."
    out = rag("deid", "-", folder=folder, stdin=text)
    for secret in ("Dashwood", "03/02/2021", "448812", "555-201-3344"):
        assert secret not in out
    report = json.loads(rag("deid", "-", "--report", folder=folder, stdin=text))
    assert report["counts"]["record"] == 1
    assert "98.0 % of injected identifiers" in report["statement"]


def test_the_share_that_is_told_is_the_one_that_was_measured():
    results = json.loads((ROOT / "benchmarks" / "deid.json").read_text())["results"]
    told = {tuple(v) for v in commands._FOUND.values()}
    assert told <= {(round(r["recall"], 4), r["identifiers"]) for r in results.values() if "identifiers" in r}


def test_forget_comes_last(folder):
    assert "files of that name left: 0" in rag("forget", "17", folder=folder)
    assert "no record is open to you" in rag("records", "list", folder=folder)
