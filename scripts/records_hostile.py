"""Hostile files of patient records (RELIABILITY H3): made, read between good ones, and judged by verdict and memory."""

from __future__ import annotations

import base64
import gzip
import json
import resource
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from indexer.errors import ReadError
from rag.records.read import records


def hostile_files(folder: Path, megabytes: int) -> Iterator[tuple[str, set[str]]]:
    """Writes files of RELIABILITY H3; their names, and what the verdict may be ("" where the good part is read)."""
    folder.mkdir(parents=True)
    big, deep = "x" * (megabytes << 20), 100_000
    patient = {"resourceType": "Patient", "id": "h1", "gender": "female"}
    seen = {"resourceType": "Observation", "id": "o", "subject": {"reference": "Patient/h1"}}

    def put(name: str, text: str) -> str:
        data = text.encode()
        (folder / name).write_bytes(gzip.compress(data, 1) if name.endswith(".gz") else data)
        return name

    yield put("field.json", json.dumps({**patient, "gender": big})), {"broken", "too_large"}
    yield put("field.ndjson", json.dumps(patient) + "\n" + json.dumps({**seen, "note": big})), {"bad_rows"}
    yield put("field.txt", "Patient: h2\n\n" + big), {"too_large"}
    yield put("field.jsonl.txt", "Patient: h2\n\n" + "\0" * 1000), {"no_patient"}
    yield put("deep.json", '{"resourceType": "Bundle", "entry": ' + "[" * deep + "]" * deep + "}"), {"broken", "empty"}
    yield put("deep.ndjson", json.dumps(patient) + '\n{"a":' * 1 + "[" * deep + "]" * deep + "}\n"), {"bad_rows"}
    twice = '{"resourceType": "Observation", "id": "a", "id": "b", "subject": {"reference": "Patient/h1"}}'
    yield put("twice.ndjson", json.dumps(patient) + "\n" + twice + "\n"), {"bad_rows"}
    nan = json.dumps({**seen, "code": {"text": "Glucose"}, "valueQuantity": {"value": float("nan"), "unit": "mg"}})
    yield put("nan.ndjson", json.dumps(patient) + "\n" + nan.replace('"o"', '"nan"') + "\n"), {""}
    loop = {**seen, "hasMember": [{"reference": "Observation/o"}], "contained": [{**seen, "id": "c"}]}
    entries = [{"fullUrl": "urn:uuid:1", "resource": r} for r in (patient, loop, {"resourceType": "Bundle", "id": "b"})]
    yield put("loop.json", json.dumps({"resourceType": "Bundle", "entry": entries})), {""}
    pdf = base64.b64encode(secrets.token_bytes(1 << 20)).decode() * (megabytes * 3 // 4)
    letter = {**seen, "resourceType": "DocumentReference", "id": "d", "status": "current",
              "content": [{"attachment": {"contentType": "application/pdf", "data": pdf}}]}  # fmt: skip
    yield (
        put(
            "attachment.json",
            json.dumps({"resourceType": "Bundle", "entry": [{"resource": patient}, {"resource": letter}]}),
        ),
        {"bad_rows"},
    )
    yield put("bomb.ndjson.gz", json.dumps(patient) + "\n" + " " * (2 * megabytes << 20)), {"too_large", "bad_rows"}
    yield (
        put("many.json", '{"resourceType": "Bundle", "entry": [' + "{}," * (megabytes << 15) + "{}]}"),
        {"broken", "bad_rows"},
    )


def hostile(folder: Path, *, megabytes: int) -> dict[str, Any]:
    """Reads each hostile file between two good ones, in a process of its own for the sake of the memory."""
    allowed = dict(hostile_files(folder, megabytes))
    (folder / "good.txt").write_text("Patient: good\nDate: 2020-01-01\n\nThe patient is well.", encoding="utf-8")
    table = folder / "mimic"
    table.mkdir()
    (table / "PATIENTS.csv").write_text("row_id,subject_id,gender,dob\n1,7,F,1950-01-01\n", encoding="utf-8")
    with (table / "NOTEEVENTS.csv").open("w", encoding="utf-8") as out:
        out.write("row_id,subject_id,hadm_id,chartdate,category,description,iserror,text\n")
        out.write('1,7,1,2101-01-01,Nursing,x,,"' + "x" * (megabytes << 20) + '"\n')
        out.write("2,7,1,2101-01-02,Nursing,x,,Well.\n" + "," * 1_000_000 + "\n3,7,\0\n")
    command = [sys.executable, "-m", "scripts.records_hostile", str(folder), *allowed]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    failures = sum(found["verdicts"][name] not in may for name, may in allowed.items())
    failures += found["good"] != len(allowed) or "NOTEEVENTS: length 1" not in found["verdicts"]["mimic"]
    return {"n": len(allowed) + 1, "megabytes": megabytes, **found, "failures": failures}


def _read_hostile(folder: Path, names: list[str]) -> dict[str, Any]:
    failed: list[ReadError] = []
    paths = [folder / name for each in names for name in (each, "good.txt")]
    found = list(records([*paths, folder / "mimic"], failed=failed.append))
    verdicts = {name: ", ".join(e.reason for e in failed if Path(e.path).name == name) for name in names}
    verdicts["mimic"] = ", ".join(f"{what} {n}" for what, n in found[-1].skipped)
    # Not ru_maxrss of this process: it counts what the process was before it became this program.
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    peak = [int(status["VmHWM"].split()[0]) >> 10, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10]
    good = [r.person.id for r in found].count("good")
    return {"verdicts": verdicts, "good": good, "MB of memory, parent and largest child": peak}


if __name__ == "__main__":
    print(json.dumps(_read_hostile(Path(sys.argv[1]), sys.argv[2:])))
