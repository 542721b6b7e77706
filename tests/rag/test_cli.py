"""The commands as people and scripts use them: the printed contract, exit codes, errors of one line."""

import json

import pytest

import rag
from tests.indexes import run, write_documents


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    base = tmp_path_factory.mktemp("cli")
    docs = write_documents(base / "docs", 12)
    (docs / "d003.md").write_text(
        (docs / "d003.md").read_text().replace("year:", "language: en\npublication_types: [Meta-Analysis]\nyear:")
    )
    rag.build([docs], into=base / "index", embedder="hashing")
    return base / "index"


def test_ask_json_is_the_contract(index):
    found = json.loads(run("ask", "What did metformin lower in trial 8?", "-i", index, "--json").stdout)
    assert list(found) == [
        "question", "alert", "status", "reason", "verdict", "confidence", "bottom_line", "positions", "claims", "citations",
        "hits", "notices", "receipt",
    ]  # fmt: skip
    assert found["status"] == "answered"
    assert found["verdict"] is None
    assert set(found["claims"][0]) == {"text", "support", "citations"}
    assert found["claims"][0]["citations"] == [1]
    assert [c["number"] for c in found["citations"]] == list(range(1, len(found["citations"]) + 1))
    citation = found["citations"][0]
    assert {"number", "source", "section", "page", "start", "end", "quote"} == set(citation)
    assert {"id", "title", "authors", "journal", "year", "design", "retracted", "links"} <= set(citation["source"])
    assert {"id", "score", "why"} == set(found["hits"][0])
    assert {"generation", "embedder", "generator", "seconds"} <= set(found["receipt"])
    assert any("not medical advice" in n for n in found["notices"])


def test_search_and_show_json(index):
    found = json.loads(run("search", "metformin", "-i", index, "-k", "3", "--json").stdout)
    assert list(found) == ["question", "hits"]
    assert len(found["hits"]) == 3
    hit = found["hits"][0]
    assert set(hit) == {"id", "source", "section", "page", "start", "end", "text", "score", "why"}
    shown = json.loads(run("show", hit["id"], "-i", index, "--json").stdout)
    assert shown["text"] == hit["text"]
    assert "»" + hit["text"] + "«" in run("show", hit["id"], "-i", index).stdout


def test_index_json(tmp_path):
    docs = write_documents(tmp_path / "docs", 2)
    found = json.loads(run("index", docs, "--into", tmp_path / "i", "--embedder", "hashing", "--json").stdout)
    assert {"generation", "documents", "passages", "seconds", "files"} <= set(found)
    assert set(found["files"][0]) == {"path", "verdict", "reason", "documents"}


def test_stdin_and_environment(index):
    import subprocess

    from tests.indexes import command, environment

    done = subprocess.run(
        command("ask", "-"), input="What did metformin lower in trial 8?\n", capture_output=True, text=True,
        env=environment(ANAMNESIS_INDEX=str(index)), check=True,
    )  # fmt: skip
    assert "metformin lowered the risk" in done.stdout
    assert "\x1b" not in done.stdout
    assert max(map(len, done.stdout.splitlines())) < 2000  # no padding to a pretended width


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["ask", "x", "-i", "no-such-index"], 1, "error: no-such-index: no index here"),
        (["ask", " ", "-i", "{index}"], 1, "error: the question is empty"),
        (
            ["ask", "x", "-i", "{index}", "--effort", "fast"],
            1,
            "expected one of quick, normal, thorough",
        ),
        (
            ["search", "x", "-i", "{index}", "--design", "meta-analysys"],
            1,
            "did you mean 'meta-analysis'",
        ),
        (["search", "x", "-i", "{index}", "-k", "0"], 1, "expected 1 or more"),
        (["show", "test:99", "-i", "{index}"], 1, "test:99: not in"),
        (["show", "test:1:5-99999", "-i", "{index}"], 1, "the document has the characters 0-"),
        (["index", "nowhere", "--into", "{index}-new"], 1, "nowhere: no such file or folder"),
        (["index"], 2, "give files and folders to index"),
        (["ask"], 2, "Missing argument"),
        (["verify", "no-such-index"], 1, "no index here"),
    ],
)
def test_errors_are_one_line_with_the_right_code(index, arguments, code, words):
    done = run(*(a.replace("{index}", str(index)) for a in arguments), check=False)
    assert done.returncode == code
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    if code == 1:
        assert len(done.stderr.strip().splitlines()) == 1


def test_skipped_files_give_exit_code_3(tmp_path):
    docs = write_documents(tmp_path / "docs", 1)
    (docs / "picture.png").write_bytes(b"\x89PNG")
    assert run("index", docs, "--into", tmp_path / "i", "--embedder", "hashing").returncode == 0
    (docs / "empty.md").write_text("")
    done = run("index", docs, "--into", tmp_path / "i", "--embedder", "hashing", check=False)
    assert done.returncode == 3
    assert f"skipped: {docs}/empty.md: empty" in done.stdout


def test_filters(index):
    def found(*options):
        return {
            h["source"]["id"]
            for h in json.loads(run("search", "trial", "-i", index, "-k", "50", "--json", *options).stdout)["hits"]
        }

    assert len(found()) == 12
    assert found("--design", "meta-analysis") == {"test:3"}
    assert found("--year-from", "2000") == {"test:10", "test:11"}
    assert found("--year-to", "1991") == {"test:0", "test:1"}


def test_info_and_verify(index):
    assert json.loads(run("info", index, "--json").stdout)["documents"] == 12
    assert "all checksums hold" in run("verify", index).stdout
    assert "test:11" in run("info", index, "--ids").stdout
