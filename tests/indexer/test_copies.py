"""Documents that several files hold: one file may change, go or come without losing what another says."""

import json
import sqlite3

import pytest

import rag
from indexer.index import Index, verify


def jsonl(path, *records):
    path.write_text("\n".join(json.dumps(r) for r in records), encoding="utf-8")


def build(tmp_path, **more):
    report = rag.build([tmp_path / "docs"], into=tmp_path / "index", embedder="hashing", **more)
    assert list(verify(tmp_path / "index")) == []
    return report


def sources(tmp_path):
    with Index(tmp_path / "index") as index:
        return {i: index.catalogue.document(i).source for i in index.catalogue.ids()}


def texts(tmp_path):
    with Index(tmp_path / "index") as index:
        return {i: index.catalogue.document(i).text for i in index.catalogue.ids()}


@pytest.fixture
def docs(tmp_path):
    (tmp_path / "docs").mkdir()
    return tmp_path / "docs"


FULL = {"id": "pmid:1", "kind": "article", "text": "The whole article."}
ABSTRACT = {"id": "pmid:1", "kind": "abstract", "text": "The abstract."}
CITATION = (
    "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>{}</ArticleTitle>"
    "<Abstract><AbstractText>Aspirin was given.</AbstractText></Abstract></Article></MedlineCitation>"
    "</PubmedArticle></PubmedArticleSet>"
)
DELETED = "<PubmedArticleSet><DeleteCitation><PMID>1</PMID></DeleteCitation></PubmedArticleSet>"


@pytest.mark.parametrize("mark", ["retracted", "concern"])
def test_a_mark_of_one_file_outlives_a_change_of_the_other(tmp_path, docs, mark):
    jsonl(docs / "full.jsonl", FULL)
    jsonl(docs / "medline.jsonl", {**ABSTRACT, mark: True})
    build(tmp_path)
    jsonl(docs / "full.jsonl", {**FULL, "text": "The whole article, corrected."})
    build(tmp_path)
    assert texts(tmp_path) == {"pmid:1": "The whole article, corrected."}
    assert getattr(sources(tmp_path)["pmid:1"], mark)
    jsonl(docs / "medline.jsonl", ABSTRACT)
    assert build(tmp_path).embedded == 0
    assert not getattr(sources(tmp_path)["pmid:1"], mark), "the one file that said so says it no more"


def test_a_withdrawal_by_one_file_outlives_a_change_of_the_other(tmp_path, docs):
    (docs / "a.xml").write_text(CITATION.format("On aspirin."))
    (docs / "b.xml").write_text(DELETED)
    build(tmp_path)
    (docs / "a.xml").write_text(CITATION.format("On aspirin again."))
    assert build(tmp_path).documents == 0
    (docs / "b.xml").unlink()
    build(tmp_path, prune=True)
    assert sources(tmp_path)["pmid:1"].title == "On aspirin again"


def test_a_withdrawal_that_comes_first_is_kept(tmp_path, docs):
    (docs / "b.xml").write_text(DELETED)
    for _ in range(2):
        assert build(tmp_path).documents == 0
    (docs / "c.xml").write_text(CITATION.format("On aspirin."))
    assert build(tmp_path).documents == 0


@pytest.mark.parametrize("way", ["prune", "drop"])
@pytest.mark.parametrize("gone", ["full.jsonl", "medline.jsonl"])
def test_a_document_stays_while_any_file_holds_it(tmp_path, docs, gone, way):
    jsonl(docs / "full.jsonl", FULL, {"id": "t:9", "text": "Other."})
    jsonl(docs / "medline.jsonl", ABSTRACT, {"id": "t:9", "text": "Other."})
    build(tmp_path)
    if way == "prune":
        (docs / gone).unlink()
    else:
        jsonl(docs / gone, {"id": "t:9", "text": "Other."})
    report = build(tmp_path, prune=True)
    left = FULL if gone == "medline.jsonl" else ABSTRACT
    assert texts(tmp_path) == {"pmid:1": left["text"], "t:9": "Other."}
    assert report.documents == 2
    assert [f.documents for f in report.files if f.verdict == "removed"] == [0] * (way == "prune")
    (docs / "full.jsonl").unlink(missing_ok=True)
    (docs / "medline.jsonl").unlink(missing_ok=True)
    assert build(tmp_path, prune=True).documents == 0
    assert b"abstract." not in (tmp_path / "index" / "catalogue.sqlite").read_bytes()


def test_a_copy_that_came_back_is_not_embedded_again(tmp_path, docs):
    jsonl(docs / "full.jsonl", FULL)
    jsonl(docs / "medline.jsonl", ABSTRACT)
    build(tmp_path)
    with rag.open(tmp_path / "index") as library:
        (hit,) = library.search("whole article")
    jsonl(docs / "medline.jsonl", ABSTRACT, {"id": "t:2", "text": "More."})
    assert build(tmp_path).embedded == 1
    with rag.open(tmp_path / "index") as library:
        assert library.show(hit.passage.id).passage == hit.passage


def test_what_was_read_last_is_shown(tmp_path, docs):
    jsonl(docs / "a.jsonl", {"id": "t:1", "text": "One."})
    jsonl(docs / "b.jsonl", {"id": "t:1", "text": "Two."})
    build(tmp_path)
    assert texts(tmp_path) == {"t:1": "Two."}
    jsonl(docs / "a.jsonl", {"id": "t:1", "text": "Three."})
    build(tmp_path)
    assert texts(tmp_path) == {"t:1": "Three."}
    jsonl(docs / "b.jsonl", {"id": "t:1", "text": "Two."}, {"id": "t:2", "text": "Two."})
    build(tmp_path)
    assert texts(tmp_path) == {"t:1": "Three.", "t:2": "Two."}, "an unchanged copy is not news"


def test_a_catalogue_without_the_record_of_copies_gets_one(tmp_path, docs):
    jsonl(docs / "full.jsonl", FULL)
    jsonl(docs / "medline.jsonl", {**ABSTRACT, "retracted": True})
    build(tmp_path)
    db = sqlite3.connect(tmp_path / "index" / "catalogue.sqlite")
    db.execute("DROP TABLE copies")
    db.close()
    (tmp_path / "index" / "BUILDING").touch()
    assert build(tmp_path).embedded == 0
    (docs / "full.jsonl").unlink()
    build(tmp_path, prune=True)
    assert texts(tmp_path) == {"pmid:1": "The abstract."}
    assert sources(tmp_path)["pmid:1"].retracted
