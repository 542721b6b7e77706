"""The commands that keep an index: where they look for it."""

import json

import pytest

from tests.indexes import run, write_documents

DEFAULTS = {"ANAMNESIS_EMBEDDER": "hashing"}


@pytest.mark.parametrize("command", ["index", "retractions", "verify"])
def test_the_default_index_is_the_one_of_ask(tmp_path, monkeypatch, command):
    docs = write_documents(tmp_path / "docs", 3)
    elsewhere = tmp_path / "elsewhere"
    monkeypatch.chdir(tmp_path)
    where = {**DEFAULTS, "ANAMNESIS_INDEX": str(elsewhere)}
    made = json.loads(run("index", docs, "--json", **where).stdout)
    assert made["documents"] == 3
    (tmp_path / "list.json").write_text(json.dumps({"retractions": {"10.1000/x": "10.1000/y"}}))
    given = {"index": [docs], "retractions": ["list.json"], "verify": []}[command]
    assert run(command, *given, "--json", **where).returncode == 0
    assert (elsewhere / "manifest.json").exists()
    assert not (tmp_path / "index").exists()
    assert json.loads((elsewhere / "manifest.json").read_text())["embedder"].startswith("hashing")


def test_a_flag_goes_before_the_environment(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    docs = write_documents(tmp_path / "docs", 2)
    run("index", docs, "--into", "given", ANAMNESIS_INDEX="other", **DEFAULTS)
    assert (tmp_path / "given" / "manifest.json").exists()
    assert not (tmp_path / "other").exists()
    run("index", docs, **DEFAULTS)
    assert (tmp_path / "index" / "manifest.json").exists()
