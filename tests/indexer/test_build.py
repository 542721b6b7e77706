"""What a build does with files that change, repeat each other, or say that a document was withdrawn."""

import gzip
import json

import pytest

import rag
from indexer.index import Index, verify


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
