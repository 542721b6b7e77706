"""What a build does with files that change, repeat each other, or say that a document was withdrawn."""

import gzip
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import rag
from indexer.index import Index, verify
from indexer.progress import Silent
from tests.indexes import environment, run


def jsonl(path, *records):
    path.write_text("\n".join(json.dumps(r) for r in records), encoding="utf-8")


def build(tmp_path, **more):
    return rag.build([tmp_path / "docs"], into=tmp_path / "index", embedder="hashing", **more)


def texts(tmp_path):
    with Index(tmp_path / "index") as index:
        return {i: index.catalogue.document(i).text for i in index.catalogue.ids()}


@pytest.fixture
def docs(tmp_path):
    (tmp_path / "docs").mkdir()
    return tmp_path / "docs"


def test_added_changed_and_unchanged_files(tmp_path, docs):
    jsonl(docs / "a.jsonl", {"id": "t:1", "text": "One."}, {"id": "t:2", "text": "Two."})
    jsonl(docs / "b.jsonl", {"id": "t:3", "text": "Three."})
    first = build(tmp_path)
    assert (first.generation, first.documents, first.embedded) == (1, 3, 3)
    jsonl(docs / "a.jsonl", {"id": "t:1", "text": "One."}, {"id": "t:4", "text": "Four."})
    second = build(tmp_path)
    assert {f.path.rsplit("/")[-1]: f.verdict for f in second.files} == {"a.jsonl": "indexed", "b.jsonl": "unchanged"}
    assert (second.generation, second.documents, second.embedded) == (2, 3, 1)
    assert texts(tmp_path) == {"t:3": "Three.", "t:1": "One.", "t:4": "Four."}
    assert build(tmp_path).generation == 2
    assert list(verify(tmp_path / "index")) == []


def test_a_file_that_has_gone_stays_until_pruned(tmp_path, docs):
    jsonl(docs / "a.jsonl", {"id": "t:1", "text": "One."})
    jsonl(docs / "b.jsonl", {"id": "t:2", "text": "Two."})
    build(tmp_path)
    (docs / "b.jsonl").unlink()
    assert build(tmp_path).documents == 2
    pruned = build(tmp_path, prune=True)
    assert [(f.verdict, f.documents) for f in pruned.files] == [("unchanged", 0), ("removed", 1)]
    assert texts(tmp_path) == {"t:1": "One."}


def test_removed_by_id_and_not_brought_back_by_an_unchanged_file(tmp_path, docs):
    from indexer.build import remove

    jsonl(docs / "a.jsonl", {"id": "t:1", "text": "One."}, {"id": "t:2", "text": "Two."})
    build(tmp_path)
    report = remove(["t:1"], into=tmp_path / "index")
    assert (report.generation, report.documents) == (2, 1)
    assert build(tmp_path).documents == 1
    with pytest.raises(rag.ConfigError, match="t:9: not in the index"):
        remove(["t:9"], into=tmp_path / "index")
    assert b"One." not in (tmp_path / "index" / "catalogue.sqlite").read_bytes()


def test_one_bad_file_does_not_stop_the_rest(tmp_path, docs):
    (docs / "empty.md").write_text("")
    (docs / "bad.md").write_text("---\nyear: soon\n---\nText.")
    (docs / "mixed.jsonl").write_text('{"id": "t:1", "text": "Good."}\n{"id": "t:2"}\n')
    (docs / "good.md").write_text("A good file.")
    report = build(tmp_path)
    found = {f.path.rsplit("/")[-1]: (f.verdict, f.reason) for f in report.files}
    assert found["good.md"] == ("indexed", None)
    assert found["empty.md"] == ("skipped", "empty")
    assert found["bad.md"] == ("skipped", "front_matter: year: expected four digits, found 'soon'")
    assert found["mixed.jsonl"][0] == "indexed"
    assert found["mixed.jsonl"][1].startswith("bad_lines: 1 of 2 lines; line 2: neither")
    again = build(tmp_path)
    assert {f.path.rsplit("/")[-1]: f.verdict for f in again.files}["empty.md"] == "skipped"


def test_full_text_wins_over_an_abstract_and_a_retraction_stays(tmp_path, docs):
    jsonl(docs / "full.jsonl", {"id": "pmid:1", "kind": "article", "text": "The whole article."})
    jsonl(docs / "medline.jsonl", {"id": "pmid:1", "kind": "abstract", "text": "The abstract.", "retracted": True})
    build(tmp_path)
    assert texts(tmp_path) == {"pmid:1": "The whole article."}
    with rag.open(tmp_path / "index") as library:
        assert library.index.catalogue.document("pmid:1").source.retracted
        assert library.search("whole article") == []
        assert len(library.search("whole article", where=rag.Filter(allow_retracted=True))) == 1


def test_identical_text_is_embedded_once(tmp_path, docs):
    jsonl(docs / "a.jsonl", *({"id": f"t:{i}", "text": "The same words."} for i in range(5)))
    report = build(tmp_path)
    assert (report.documents, report.passages, report.embedded) == (5, 5, 1)


def test_an_empty_folder_makes_an_index_that_answers_nothing(tmp_path, docs):
    assert build(tmp_path).documents == 0
    with rag.open(tmp_path / "index") as library:
        answer = library.ask("Does metformin reduce mortality?")
        assert answer.status == "abstained"
        assert "0 documents" in answer.reason


def test_a_withdrawn_document_is_removed(tmp_path, docs):
    (docs / "a.xml").write_text(
        "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>7</PMID><Article><ArticleTitle>On aspirin.</ArticleTitle>"
        "<Abstract><AbstractText>Aspirin was given.</AbstractText></Abstract></Article></MedlineCitation></PubmedArticle>"
        "</PubmedArticleSet>"
    )
    build(tmp_path)
    assert list(texts(tmp_path)) == ["pmid:7"]
    (docs / "b.xml").write_text("<PubmedArticleSet><DeleteCitation><PMID>7</PMID></DeleteCitation></PubmedArticleSet>")
    build(tmp_path)
    assert texts(tmp_path) == {}


def test_a_file_that_came_and_went_without_documents_leaves_an_index_that_opens(tmp_path):
    papers, index = tmp_path / "papers", tmp_path / "index"
    papers.mkdir()
    (papers / "a.txt").write_text("Metformin lowered glucose in adults with diabetes.")
    rag.build([papers], into=index, embedder="hashing")
    (papers / "empty.txt").write_text("")
    rag.build([papers], into=index, embedder="hashing")
    (papers / "empty.txt").unlink()
    for _ in range(2):
        rag.build([papers], into=index, embedder="hashing")
        with rag.open(index) as library:
            assert len(library.search("metformin")) == 1


WHOLE = [{"id": f"t:{i}", "text": f"Text {i} on aspirin."} for i in range(6)]


def cut(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 3 // 5])


def citations(count):
    records = "".join(
        f"<PubmedArticle><MedlineCitation><PMID>{i}</PMID><Article><ArticleTitle>Aspirin {i}.</ArticleTitle></Article>"
        "</MedlineCitation></PubmedArticle>"
        for i in range(1, count + 1)
    )
    return f"<PubmedArticleSet>{records}</PubmedArticleSet>".encode()


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.xml", "a.xml.gz"])
@pytest.mark.parametrize("damage", [cut, lambda path: path.write_bytes(b"")])
def test_a_file_that_was_good_and_is_cut_keeps_its_documents(tmp_path, docs, name, damage):
    data = citations(6) if "xml" in name else "\n".join(map(json.dumps, WHOLE)).encode()
    path = docs / name
    path.write_bytes(gzip.compress(data) if name.endswith("gz") else data)
    build(tmp_path)
    whole = texts(tmp_path)
    assert len(whole) == 6
    damage(path)
    for _ in range(2):
        report = build(tmp_path)
        assert texts(tmp_path) == whole
        assert report.files[0].verdict == "skipped"
        assert report.files[0].reason.endswith("document(s) that it held before stay")
    data = citations(2) if "xml" in name else "\n".join(map(json.dumps, WHOLE[:2])).encode()
    path.write_bytes(gzip.compress(data) if name.endswith("gz") else data)
    assert build(tmp_path).documents == 2, "a file that was read without fault says what it holds"


def test_the_good_part_of_a_damaged_file_is_taken(tmp_path, docs):
    jsonl(docs / "a.jsonl", *WHOLE)
    build(tmp_path)
    changed = json.dumps({"id": "t:0", "text": "New text."})
    (docs / "a.jsonl").write_text(changed + "\n" + json.dumps(WHOLE[1])[:-9])
    build(tmp_path)
    assert texts(tmp_path) == {d["id"]: d["text"] for d in WHOLE} | {"t:0": "New text."}


class Rewrites(Silent):
    """Changes a file at the moment in which its first document has been read."""

    def __init__(self, path):
        self.path = path

    def document(self, characters):
        jsonl(self.path, {"id": "t:1", "text": "Two."})


def test_a_file_that_changes_while_it_is_read_is_read_again(tmp_path, docs):
    jsonl(docs / "a.jsonl", {"id": "t:1", "text": "One."})
    build(tmp_path, progress=Rewrites(docs / "a.jsonl"))
    assert texts(tmp_path) == {"t:1": "One."}
    build(tmp_path)
    assert texts(tmp_path) == {"t:1": "Two."}
    assert build(tmp_path).files[0].verdict == "unchanged"


class Kills(Silent):
    """Ends the reading process, as a system without memory does, when the first document has been read."""

    def __init__(self):
        self.killed = 0

    def document(self, characters):
        for stat in Path("/proc").glob("[0-9]*/stat") if not self.killed else ():
            try:
                parent = int(stat.read_text().rpartition(")")[2].split()[1])
                words = (stat.parent / "cmdline").read_bytes()
            except OSError:
                continue  # ended meanwhile
            if parent == os.getpid() and b"sandbox_child" in words:
                os.killpg(int(stat.parent.name), signal.SIGKILL)
                self.killed += 1


def test_a_file_whose_reader_was_ended_is_tried_again(tmp_path, docs):
    jsonl(docs / "a.jsonl", *({"id": f"t:{i}", "text": f"Text {i} on aspirin. " * 40} for i in range(3000)))
    progress = Kills()
    report = build(tmp_path, progress=progress)
    assert progress.killed == 1
    assert report.files[0].verdict == "skipped", "a part of it is in the index, but the next build goes on"
    assert report.files[0].reason.startswith("crashed: ")
    assert 0 < report.documents < 3000
    assert build(tmp_path).documents == 3000


def test_a_file_name_that_is_not_utf8_gets_its_verdict(tmp_path, docs):
    jsonl(docs / "good.jsonl", {"id": "t:1", "text": "One."})
    odd = docs / os.fsdecode(b"caf\xe9 \xff.jsonl")
    jsonl(odd, {"id": "t:2", "text": "Two."})
    (docs / os.fsdecode(b"\xfe.md")).write_text("")
    report = build(tmp_path)
    assert {f.path.rsplit("/")[-1]: (f.verdict, f.reason) for f in report.files} == {
        "good.jsonl": ("indexed", None), "caf\\xe9 \\xff.jsonl": ("indexed", None), "\\xfe.md": ("skipped", "empty"),
    }  # fmt: skip
    assert texts(tmp_path) == {"t:1": "One.", "t:2": "Two."}
    with Index(tmp_path / "index") as index:
        assert index.catalogue.document("t:2").source.links["path"].endswith("/caf\\xe9 \\xff.jsonl")
    assert {f.verdict for f in build(tmp_path, prune=True).files} == {"unchanged", "skipped"}
    odd.unlink()
    assert build(tmp_path, prune=True).documents == 1
    printed = run("index", docs, odd.parent / os.fsdecode(b"\xfe.md"), "--into", tmp_path / "index",
                  "--embedder", "hashing", check=False)  # fmt: skip
    assert printed.returncode == 3, printed.stderr
    assert "\\xfe.md: empty" in printed.stdout
    assert run("index", odd, "--into", tmp_path / "index", check=False).stderr.startswith("error: ")


WITHOUT_RIGHTS = """
import ctypes, pathlib, sys
import rag
# Root may list any folder by two capabilities, which this process gives up.
head, sets = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
libc = ctypes.CDLL(None)
assert libc.capget(head, sets) == 0
sets[0] &= ~0b110
assert libc.capset(head, sets) == 0
docs, index = pathlib.Path(sys.argv[1]), sys.argv[2]
(docs / "sub").chmod(0)
report = rag.build([docs], into=index, embedder="hashing", prune=True)
(docs / "sub").chmod(0o700)
print(report.documents, [(f.path[-4:], f.verdict, f.reason) for f in report.files])
"""


def test_a_folder_that_cannot_be_listed_loses_nothing(tmp_path, docs):
    (docs / "sub").mkdir()
    jsonl(docs / "sub" / "a.jsonl", {"id": "t:1", "text": "One."})
    build(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_RIGHTS, str(docs), str(tmp_path / "index")],
        env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout == "1 [('/sub', 'skipped', 'unreadable')]\n", done.stderr


def test_files_that_a_person_put_into_the_index_stop_nothing(tmp_path, docs):
    jsonl(docs / "a.jsonl", {"id": "t:1", "text": "One."})
    build(tmp_path)
    strangers = ["vectors-1 copy.faiss", "vectors-old.faiss", "lexical-backup"]
    for name in strangers:
        (tmp_path / "index" / name).write_bytes(b"mine")
    (tmp_path / "index" / "notes.tmp").mkdir()
    jsonl(docs / "a.jsonl", {"id": "t:1", "text": "Two."})
    build(tmp_path)
    assert texts(tmp_path) == {"t:1": "Two."}
    assert list(verify(tmp_path / "index")) == []
    assert all((tmp_path / "index" / name).read_bytes() == b"mine" for name in strangers)


def test_removing_by_id_is_all_or_nothing(tmp_path, docs):
    from indexer.build import remove

    jsonl(docs / "a.jsonl", {"id": "t:1", "text": "One."})
    build(tmp_path)
    with pytest.raises(rag.ConfigError, match="t:9: not in the index"):
        remove(["t:1", "t:9"], into=tmp_path / "index")
    assert not (tmp_path / "index" / "BUILDING").exists()
    assert remove(["t:1", "t:1"], into=tmp_path / "index").documents == 0


def test_a_folder_that_cannot_be_made_is_an_error_of_one_line(tmp_path, docs):
    jsonl(docs / "a.jsonl", {"id": "t:1", "text": "One."})
    (tmp_path / "taken").write_text("a file")
    for into in ("taken", "taken/below"):
        with pytest.raises(rag.ConfigError, match="cannot be made"):
            rag.build([docs], into=tmp_path / into, embedder="hashing")
