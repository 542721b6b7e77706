"""Retraction lists: read, applied to an index, and to what is indexed later."""

import json
import subprocess
import sys

import pytest

import rag
from indexer.build import flag
from indexer.errors import ConfigError
from indexer.index import verify
from indexer.retractions import read
from tests.indexes import environment

CSV = (
    "Record ID,OriginalPaperDOI,OriginalPaperPubMedID,RetractionNature,RetractionDate\n"
    "1,10.1000/Bad.1,0,Retraction,3/14/2021 0:00\n"
    "2,https://doi.org/10.1000/worry,77,Expression of concern,5/1/2024 0:00\n"
    "3,10.1000/fine,0,Correction,1/1/2025 0:00\n"
    "4,10.1000/back,0,Reinstatement,2/1/2025 0:00\n"
)


@pytest.fixture
def lists(tmp_path):
    (tmp_path / "rw.csv").write_text(CSV)
    (tmp_path / "rw.json").write_text(
        json.dumps({"retractions": {"10.1000/bad.1": "10.1/n"}, "concerns": {"10.1000/worry": "x"}})
    )
    return tmp_path


def test_read(lists):
    found = read(lists / "rw.csv")
    assert found.entries == {"doi:10.1000/bad.1": "retracted", "doi:10.1000/worry": "concern", "pmid:77": "concern"}
    assert found.as_of == "2025-02-01"
    assert read(lists / "rw.json", as_of="2026-08-01").as_of == "2026-08-01"
    assert set(read(lists / "rw.json").entries) == {"doi:10.1000/bad.1", "doi:10.1000/worry"}


@pytest.mark.parametrize("content", ["a,b\n1,2\n", "{}", "[1]", '{"retractions": {}}'])
def test_wrong_lists_are_refused(tmp_path, content):
    file = tmp_path / ("x.csv" if content.startswith("a") else "x.json")
    file.write_text(content)
    with pytest.raises(ConfigError, match=str(file)):
        read(file)


def document(number, doi):
    text = f"Zorvatin halved mortality in trial number {number} of adults with sepsis."
    return json.dumps({"id": f"t:{number}", "title": f"Trial {number}", "text": text, "links": {"doi": doi}}) + "\n"


def test_flag(lists):
    papers, index = lists / "papers", lists / "index"
    papers.mkdir()
    (papers / "a.jsonl").write_text(
        document(1, "10.1000/BAD.1") + document(2, "10.1000/worry") + document(3, "10.1000/ok")
    )
    rag.build([papers], into=index, embedder="hashing")
    done = flag(lists / "rw.csv", into=index)
    assert (len(done.loaded.entries), done.marked, done.cleared) == (3, ["t:1", "t:2"], [])
    with rag.open(index) as library:
        hits = {h.passage.source.id for h in library.search("zorvatin mortality sepsis")}
        assert hits == {"t:2", "t:3"}
        assert library.index.catalogue.document("t:2").source.concern
        assert library.index.catalogue.retraction_list() == ("rw.csv", "2025-02-01", 3)
        answer = library.ask("Does zorvatin halve mortality in sepsis?")
        assert any("Trial 1" in notice for notice in answer.notices)
        assert any("2025-02-01" in notice for notice in answer.notices), "a list of more than 30 days is named"
    # What comes later is marked as it comes; the unchanged is not embedded again.
    (papers / "b.jsonl").write_text(document(4, "10.1000/bad.1"))
    report = rag.build([papers], into=index, embedder="hashing")
    assert report.embedded == 1
    with rag.open(index) as library:
        assert library.index.catalogue.document("t:4").source.retracted


def rows(*entries):
    head = CSV.splitlines()[0]
    return "\n".join([head, *(f"{i},{','.join(entry)}" for i, entry in enumerate(entries))]) + "\n"


RETRACTED = ("10.1000/a", "7", "Retraction", "3/14/2021 0:00")
BACK = ("10.1000/a", "0", "Reinstatement", "2/1/2025 0:00")


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([RETRACTED], {"doi:10.1000/a": "retracted", "pmid:7": "retracted"}),
        ([RETRACTED, BACK], {}),
        ([BACK, RETRACTED], {}),
        ([RETRACTED, ("10.1000/b", "0", "Reinstatement", "2/1/2025 0:00")], "as before"),
        ([RETRACTED, ("10.1000/a", "7", "Reinstatement", "1/1/2020 0:00")], "as before"),
        ([RETRACTED, ("10.1000/a", "7", "Reinstatement", "")], "as before"),
        ([("10.1000/a", "7", "Retraction", ""), BACK], "as before"),
        ([RETRACTED, BACK, ("10.1000/a", "7", "Expression of concern", "3/1/2025 0:00")], "concern"),
    ],
)
def test_a_reinstatement_takes_back_what_came_before_it(tmp_path, entries, expected):
    other = ("10.1000/other", "0", "Retraction", "1/1/2020 0:00")
    (tmp_path / "rw.csv").write_text(rows(*entries, other))
    found = read(tmp_path / "rw.csv").entries
    assert found.pop("doi:10.1000/other") == "retracted"
    if isinstance(expected, str):
        expected = dict.fromkeys(("doi:10.1000/a", "pmid:7"), "concern" if expected == "concern" else "retracted")
    assert found == expected


def test_a_reinstated_article_is_no_longer_marked(tmp_path):
    papers, index = tmp_path / "papers", tmp_path / "index"
    papers.mkdir()
    own = json.loads(document(2, "10.1000/own")) | {"retracted": True}
    (papers / "a.jsonl").write_text(document(1, "10.1000/a") + json.dumps(own) + "\n")
    rag.build([papers], into=index, embedder="hashing")
    still = ("10.1000/other", "0", "Retraction", "1/1/2020 0:00")
    (tmp_path / "old.csv").write_text(rows(RETRACTED, ("10.1000/own", "0", "Retraction", "1/1/2020 0:00"), still))
    assert flag(tmp_path / "old.csv", into=index).marked == ["t:1"]
    (tmp_path / "new.csv").write_text(
        rows(RETRACTED, BACK, ("10.1000/own", "0", "Reinstatement", "1/1/2025 0:00"), still)
    )
    done = flag(tmp_path / "new.csv", into=index)
    assert (done.marked, done.cleared) == ([], ["t:1"])
    with rag.open(index) as library:
        assert not library.index.catalogue.document("t:1").source.retracted
        assert library.index.catalogue.document("t:2").source.retracted, "its own file says so"
        assert library.index.catalogue.retraction_list()[2] == 1
    assert list(verify(index)) == []
    assert rag.build([papers], into=index, embedder="hashing").embedded == 0


def test_a_list_that_was_not_loaded_to_the_end_is_not_in_force(tmp_path):
    papers, index = tmp_path / "papers", tmp_path / "index"
    papers.mkdir()
    (papers / "a.jsonl").write_text(document(1, "10.1000/bad.1"))
    rag.build([papers], into=index, embedder="hashing")
    (tmp_path / "rw.csv").write_text(CSV)
    code = (
        "import os, sys, indexer.build as b\n"
        "def stop(event, args):\n"
        "    if event == 'os.rename' and str(args[1]).endswith('manifest.json'): os._exit(9)\n"
        "sys.addaudithook(stop)\n"
        "b.flag(sys.argv[1], into=sys.argv[2])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "rw.csv"), str(index)], env=environment(), check=False
    )
    assert done.returncode == 9
    rag.build([papers], into=index, embedder="hashing")
    with rag.open(index) as library:
        marked = library.index.catalogue.document("t:1").source.retracted
        assert (library.index.catalogue.retraction_list() is not None) == marked
