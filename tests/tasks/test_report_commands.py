"""The commands of reports as a person types them."""

import io
import json
import zipfile

import pytest
from typer.testing import CliRunner

from indexer.errors import ConfigError, ReadError
from rag.records.discreet import Unforeseen
from rag.records.keys import from_file
from rag.records.notes import NoteReader
from rag.records.store import Store
from rag.tasks.report.commands import report

NOTE = "Patient: 17\nSex: female\nDate: 2021-03-02\nType: Clinic note\n\nALLERGIES: Penicillin.\n\nPLAN: Repeat the creatinine.\n"


@pytest.fixture
def at(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "key").write_bytes(bytes(range(32)))
    (tmp_path / "key").chmod(0o600)
    monkeypatch.setenv("ANAMNESIS_RECORDS_KEY_FILE", str(tmp_path / "key"))
    (tmp_path / "n.txt").write_text(NOTE)
    store = Store.create(tmp_path / "records", from_file(tmp_path / "key"), embedder="hashing")
    list(store.add(NoteReader().read(tmp_path / "n.txt")))
    return tmp_path


def run(*words, stdin=None, fails=None):
    done = CliRunner().invoke(report, list(words), input=stdin)
    if fails:
        assert isinstance(done.exception, fails), done.output
        return str(done.exception)
    assert done.exit_code == 0, done.output or done.exception
    return done.stdout


def test_a_patient_on_the_terminal_and_in_every_format(at):
    text = run("patient", "17", "--template", "discharge")
    assert text.startswith("# Discharge summary\n")
    assert "- 2021-03-02: “Penicillin.” [R" in text
    found = json.loads(run("patient", "17", "--json"))
    assert found["title"] == "Progress note"
    assert {c["quote"] for c in found["citations"]} == {"Sex: female", "Repeat the creatinine."}
    for name in ("r.md", "r.html", "r.docx", "r.json", "r.fhir.json"):
        assert run("patient", "17", "-t", "discharge", "--to", name) == ""
        assert (at / name).stat().st_mode & 0o777 == 0o600
    assert (at / "r.md").read_text("utf-8") == text
    assert "“Penicillin.”" in (at / "r.html").read_text("utf-8")
    assert b"Penicillin." in zipfile.ZipFile(io.BytesIO((at / "r.docx").read_bytes())).read("word/document.xml")
    assert json.loads((at / "r.json").read_text("utf-8"))["version"] == 1
    assert json.loads((at / "r.fhir.json").read_text("utf-8"))["type"] == "document"
    assert "# 转诊单\n" in run("patient", "17", "-t", "referral", "--language", "zh")


def test_what_goes_wrong_says_what_next(at):
    assert "list them with: rag records list" in run("patient", "18", fails=ConfigError)
    assert "the templates are" in run("patient", "17", "-t", "letter", fails=ConfigError)
    assert "visit" in run("dialogue", "n.txt", "-t", "letter", fails=ConfigError)
    assert "expected en or zh" in run("patient", "17", "--language", "fr", fails=ConfigError)
    (at / "r.md").write_text("mine")
    assert "--replace" in run("patient", "17", "--to", "r.md", fails=ConfigError)
    assert (at / "r.md").read_text() == "mine"
    run("patient", "17", "--to", "r.md", "--replace")
    assert (at / "r.md").read_text().startswith("# Progress note")
    assert run("dialogue", "none.txt", fails=ConfigError).startswith("none.txt: no such file; give the text")
    assert run("dialogue", ".", fails=ConfigError) == ".: cannot be read as text (Is a directory)"
    assert "only 'patient' speaks, so it is no dialogue" in run("dialogue", "n.txt", fails=ReadError)


def test_a_fault_while_a_page_is_written_quotes_nothing_of_the_record(at, monkeypatch):
    def broken(page):
        raise KeyError("Mirabel Quuxley")

    for module in ("markdown", "html"):
        monkeypatch.setattr(f"rag.tasks.report.{module}.{module}", broken)
    for more in ([], ["--to", "x.html"]):
        said = run("patient", "17", *more, fails=Unforeseen)
        assert "KeyError at" in said
        assert "Quuxley" not in said
    assert not (at / "x.html").exists()


def test_a_dialogue_from_a_file_and_from_standard_input(at):
    said = "Doctor: What brings you in?\nPatient: A cough for three days.\n"
    (at / "d.txt").write_text(said)
    text = run("dialogue", "d.txt")
    assert "- clinician: “What brings you in? Patient: A cough for three days.” [D1]" in text
    assert json.loads(run("dialogue", "-", "--json", stdin=said))["citations"][0]["resource"] == "turn:1-2"
    assert "就诊记录" in run("dialogue", "-", stdin="医生：哪里不舒服？\n患者：咳嗽三天了。\n")


@pytest.mark.parametrize("name", ["evidence", "patient", "dialogue"])
def test_help_has_examples(name):
    assert f"rag report {name} " in run(name, "--help")
