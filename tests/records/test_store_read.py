"""Files of records are read in a confined process: a hostile one gets a verdict, the rest goes on, and nothing of it
reaches the disk."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from indexer.errors import ReadError
from indexer.sandbox import Limits, Sandbox
from rag.records import read as reading
from rag.records.fhir import FhirReader
from rag.records.keys import Unlock
from rag.records.mimic import MimicReader
from rag.records.notes import NoteReader
from rag.records.read import records
from rag.records.store import Store
from tests.indexes import command, environment
from tests.records.fhir_samples import __file__ as SAMPLES

NOTE = "Patient: {}\nDate: 2020-01-0{}\nType: Clinic note\n\nPLAN\nThe amethystine drug of {} is continued."
PATIENT = {"resourceType": "Patient", "id": "h1", "gender": "female", "birthDate": "1950-01-01"}


def observation(id, value=1.5, **more):
    return {
        "resourceType": "Observation", "id": id, "status": "final", "subject": {"reference": "Patient/h1"},
        "code": {"text": "Glucose"}, "valueQuantity": {"value": value, "unit": "mmol/L"}, **more,
    }  # fmt: skip


def read(*paths):
    failed = []
    return list(records(paths, failed=failed.append)), failed


@pytest.fixture
def folder(tmp_path):
    """FHIR, notes and MIMIC's tables, each in a folder."""
    for name in ("fhir", "notes", "mimic"):
        (tmp_path / name).mkdir()
    entries = [{"resource": PATIENT}, *({"resource": observation(f"o{n}", n)} for n in range(2500))]
    (tmp_path / "fhir/a.json").write_text(json.dumps({"resourceType": "Bundle", "entry": entries}))
    (tmp_path / "fhir/b.ndjson").write_text("\n".join(json.dumps(r) for r in (PATIENT, observation("n"))))
    for n in range(1, 4):
        (tmp_path / f"notes/{n}.txt").write_text(
            NOTE.format(f"p{n}", n, f"p{n} \ud83e\udd84"), encoding="utf-8", errors="surrogatepass"
        )
    (tmp_path / "mimic/PATIENTS.csv").write_text("row_id,subject_id,gender,dob\n1,7,F,1950-01-01\n2,8,M,1960-01-01\n")
    return tmp_path


def test_what_comes_over_the_pipe_is_what_the_reader_says(folder):
    for reader, name in ((FhirReader(), "fhir"), (NoteReader(), "notes"), (MimicReader(), "mimic")):
        found, failed = read(folder / name)
        assert found == list(reader.read(folder / name))
        assert not failed
    assert len(found) == 2


def test_every_hostile_file_has_a_verdict_and_the_good_ones_are_read(folder):
    deep = "[" * 100_000 + "]" * 100_000
    hostile = {
        "deep.json": ('{"resourceType": "Bundle", "entry": ' + deep + "}", "empty"),
        "deep.ndjson": (json.dumps(PATIENT) + '\n{"a": ' + deep + "}", "bad_rows"),
        "twice.ndjson": (json.dumps(PATIENT) + '\n{"resourceType": "Observation", "resourceType": "Patient"}', "bad_rows"),
        "cut.json": ('{"resourceType": "Bundle", "entry": [{"resource"', "broken"),
        "field.txt": ("Patient: p9\n\n" + "x" * (5 << 20), "too_large"),
        "nul.json": ("\0" * 1000, "broken"),
        "what.exe": ("MZ", "unsupported"),
    }  # fmt: skip
    good, paths = folder / "notes/1.txt", []
    for name, (text, _) in hostile.items():
        (folder / name).write_text(text)
        paths += [folder / name, good]
    found, failed = read(*paths)
    assert [r.person.id for r in found].count("p1") == len(hostile)
    assert {Path(e.path).name: e.reason for e in failed} == {name: why for name, (_, why) in hostile.items()}


def test_nan_a_loop_and_a_large_attachment_cost_only_themselves(folder):
    loop = observation("l", hasMember=[{"reference": "Observation/l"}], contained=[observation("l")])
    letter = {"resourceType": "DocumentReference", "id": "d", "status": "current", "subject": {"reference": "Patient/h1"},
              "content": [{"attachment": {"contentType": "application/pdf", "data": "QUJD" * (1 << 20)}}]}  # fmt: skip
    entries = [{"resource": r} for r in (PATIENT, observation("nan", float("nan")), loop, letter)]
    (folder / "x.json").write_text(json.dumps({"resourceType": "Bundle", "entry": entries}))
    (record,), failed = read(folder / "x.json")
    values = {e.resource: e.value for e in record.entries if e.category == "laboratory"}
    assert values["fhir:Observation/l"] == 1.5
    assert values.get("fhir:Observation/nan") is None
    assert not failed
    assert dict(record.skipped)["DocumentReference attachment"] == 1


def limited(monkeypatch, limits):
    """`records` under other limits."""
    monkeypatch.setattr(reading, "Sandbox", lambda *, program: Sandbox(limits, program=program))


def test_a_file_that_takes_too_much_memory_is_named_and_the_rest_of_its_folder_is_read(folder, monkeypatch):
    (folder / "notes/2.txt").write_text("Patient: p2\n\n" + "Words of a note. " * 200_000)
    limited(monkeypatch, Limits(memory=12 << 20))
    found, failed = read(folder / "notes", folder / "notes/3.txt")
    assert [r.person.id for r in found] == ["p1", "p3", "p3"]
    assert (Path(failed[0].path).name, failed[0].reason) == ("2.txt", "memory")


class Hasty(Limits):
    """Hardly any time for a file named a2.json, enough for the rest."""

    def time_for_files(self, files):
        return 0.05 if [f.name for f in files] == ["a2.json"] else 60


def test_a_file_that_takes_too_long_is_named_and_the_rest_of_its_folder_is_read(folder, monkeypatch):
    lines = [json.dumps(observation(f"t{n}")) for n in range(20_000)]
    (folder / "fhir/a2.json").write_text(
        '{"resourceType": "Bundle", "entry": [' + ",".join(f'{{"resource": {x}}}' for x in lines) + "]}"
    )
    limited(monkeypatch, Hasty())
    found, failed = read(folder / "fhir")
    assert (Path(failed[0].path).name, failed[0].reason) == ("a2.json", "time")
    assert [len([e for e in r.entries if e.name == "Glucose"]) for r in found] == [2500, 1]


def test_an_error_of_the_reader_shows_no_text_of_the_record(monkeypatch, capfd):
    from rag.records import read_child

    class Broken:
        def read(self, path):
            raise RuntimeError("Quixotina Dashwood")
            yield

    monkeypatch.setitem(read_child.READERS, "notes", Broken)
    read_child._read(Path("x.txt"), "notes")
    assert json.loads(capfd.readouterr().out) == {"error": ["crashed", "RuntimeError"]}


CONFINED = r"""
import os, socket, subprocess, sys
from pathlib import Path
from indexer.sandbox_child import _leave_network
from rag.records.read_child import _confine
folder, refused = Path(sys.argv[1]), sys.argv[2]
_leave_network()
_confine(folder, {"memory": 500 << 20, "seconds": 5, "refused": {refused: "time: too slow"}})
open(folder / "1.txt", "rb").read()
os.environ["COLUMNS"]
results = []
for attempt in (
    lambda: open("/etc/passwd").read(), lambda: open(folder / "1.txt", "a"), lambda: open(folder / "new", "w"),
    lambda: os.remove(folder / "1.txt"), lambda: socket.socket(), lambda: subprocess.run(["true"]),
    lambda: open(folder.parent / "records.key").read(), lambda: os.rename(folder / "1.txt", "/tmp/x"),
    lambda: open(Path(sys.argv[3]) / "pyproject.toml").read(), lambda: open(refused),
):
    try:
        attempt()
        results.append("done")
    except OSError as error:
        results.append(type(error).__name__)
print(results, os.environ.get("ANAMNESIS_RECORDS_KEY_FILE"))
"""


def test_a_reader_opens_the_files_of_its_folder_and_nothing_else(folder):
    (folder / "records.key").write_bytes(b"k" * 32)
    root = Path(SAMPLES).parent.parent.parent
    done = subprocess.run(
        [sys.executable, "-c", CONFINED, str(folder / "notes"), str(folder / "notes/2.txt"), str(root)],
        capture_output=True, text=True, env=environment(COLUMNS="80"), check=True,
    )  # fmt: skip
    opened, result = done.stdout.splitlines()
    assert json.loads(opened) == {"file": str(folder / "notes/1.txt")}
    assert result == str(["PermissionError"] * 9 + ["OSError"]) + " None"


def test_the_reading_process_gets_no_secret_of_the_environment(folder, monkeypatch):
    monkeypatch.setenv("ANAMNESIS_RECORDS_PASSPHRASE", "a passphrase of mine")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-1")
    with Sandbox(program="rag.records.read_child") as sandbox:
        child = sandbox._start()
        names = Path(f"/proc/{child.pid}/environ").read_bytes()
    assert b"PATH=" in names
    assert b"PASSPHRASE" not in names
    assert b"API_KEY" not in names


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not here")
def test_adding_opens_nothing_for_writing_outside_the_store(folder):
    key = folder / "records.key"
    key.write_bytes(os.urandom(32))
    key.chmod(0o600)
    Store.create(folder / "store", Unlock("key file", key.read_bytes()), embedder="hashing")
    rag = command("records", "add", folder / "notes", folder / "fhir", folder / "mimic", "--records", folder / "store")
    traced = [
        "strace",
        "-f",
        "--seccomp-bpf",
        "-qq",
        "-e",
        "trace=open,openat,creat,memfd_create,mkdir,rename",
        "-o",
        folder / "trace",
    ]
    done = subprocess.run([*traced, *rag, "--key-file", key, "--json"], capture_output=True, text=True, check=False,
                          env=environment(PYTHONDONTWRITEBYTECODE="1"))  # fmt: skip
    if "Operation not permitted" in done.stderr:
        pytest.skip("strace may not trace here")
    assert json.loads(done.stdout)["patients"] == 6
    trace = (folder / "trace").read_text()
    written = [line for line in trace.splitlines() if re.search(r"O_CREAT|O_WRONLY|O_RDWR|memfd|mkdir|rename", line)]
    assert len(written) > 20
    named = [line for line in written if '"' in line and "/dev/" not in line]  # the rest are ends of interrupted lines
    outside = [line for line in named if f'"{folder}/store/' not in line]
    assert not outside
    for file in (folder / "store").rglob("*"):
        assert not file.is_file() or b"amethystine" not in file.read_bytes()


def test_a_killed_reader_is_a_verdict(folder, monkeypatch):
    class Killed(Sandbox):
        def ask(self, path, *, files, request):
            for message in super().ask(path, files=files, request=request):
                yield message
                if "file" in message and message["file"].endswith("2.txt"):
                    raise ReadError(path, "crashed", "the reader ended with status -9")

    monkeypatch.setattr(reading, "Sandbox", Killed)
    found, failed = read(folder / "notes")
    assert [r.person.id for r in found] == ["p1", "p3"]
    assert (Path(failed[0].path).name, failed[0].reason) == ("2.txt", "crashed")


def test_a_link_that_leads_out_of_the_folder_is_not_followed_and_has_a_verdict(folder):
    (folder / "secret.txt").write_text(NOTE.format("p9", 9, "p9"))
    (folder / "notes/9.txt").symlink_to(folder / "secret.txt")
    (folder / "notes/8.txt").symlink_to(folder / "notes/1.txt")
    (folder / "linked").symlink_to(folder / "notes")
    for path in (folder / "notes", folder / "linked"):
        found, (failed,) = read(path)
        assert sorted(r.person.id for r in found) == ["p1", "p1", "p2", "p3"]
        assert failed.reason == "bad_files"
        assert "1 of 5 files" in failed.detail
        assert "9.txt" in failed.detail
        assert "link_outside" in failed.detail
    (folder / "fhir/c.json").symlink_to(folder / "mimic/PATIENTS.csv")
    found, (failed,) = read(folder / "fhir")
    assert len(found) == 2
    assert "link_outside" in failed.detail
