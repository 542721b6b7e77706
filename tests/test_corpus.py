"""The sample library: every file is read, its questions are answered from the right source, and what it does not
hold is not answered."""

import json
import subprocess
import sys

import pytest

import rag
from indexer.index import verify
from scripts.eval_corpus import FILES, evaluate, load
from tests.indexes import ROOT


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    index = tmp_path_factory.mktemp("corpus") / "index"
    return index, rag.build([ROOT / "corpus"], into=index)


def test_every_file_is_indexed(built):
    index, report = built
    assert [f for f in report.files if f.verdict != "indexed"] == []
    assert report.documents >= 60
    assert list(verify(index)) == []
    with rag.open(index) as library:
        values = library.index.catalogue.values()
    assert values["language"]["zh"] * 3 >= report.documents
    assert len({f.path.rsplit(".")[-1] for f in report.files}) == 7


def test_answers_and_abstentions(built):
    with rag.open(built[0]) as library:
        scores, failures = evaluate(library)
    assert scores.questions == 60
    assert scores.right_source >= 0.95, failures
    assert scores.first_right >= 0.85, failures
    assert scores.exact_quotes == 1.0
    assert scores.unanswerable == 20
    assert scores.abstained >= 0.90, failures
    assert scores.apart == 40
    assert scores.abstained_apart >= 0.80, failures


def test_questions_name_files_that_exist():
    for q in [q for name in FILES for q in load(name)]:
        for source in q["sources"]:
            assert (ROOT / source.partition("#")[0]).is_file(), source


def test_a_retracted_article_is_left_out_and_named(built):
    with rag.open(built[0]) as library:
        answer = library.ask("Does hydroxychloroquine help in COVID-19?")
        assert all(not c.passage.source.retracted for claim in answer.claims for c in claim.citations)
        assert any("retracted" in n and "10.1016/s0140-6736(20)31180-6" in n for n in answer.notices)
        allowed = library.search("hydroxychloroquine COVID-19 registry", where=rag.Filter(allow_retracted=True))
        assert any(h.passage.source.retracted for h in allowed)


def test_no_reference_list_is_a_passage(built):
    with rag.open(built[0]) as library:
        rows = library.index.allowed(rag.Filter(allow_retracted=True)).nonzero()[0].tolist()
        passages = [library.index.passage(row) for row in rows]
    assert not [p.id for p in passages if "N Engl J Med 20" in p.text and "doi:10." in p.text]
    assert not [p.id for p in passages if p.section.lower() in ("references", "参考文献")]


def test_the_same_answer_twice(built):
    with rag.open(built[0]) as library:
        one, two = (library.ask("Do statins help people who never had a heart attack?") for _ in range(2))
    assert (one.claims, one.hits) == (two.claims, two.hits)


def test_the_pdfs_are_what_the_script_typesets():
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "typeset_corpus.py", "--check"], capture_output=True, text=True, check=False
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_json_of_an_abstention(built):
    from rag.render_answer import answer_json

    with rag.open(built[0]) as library:
        found = answer_json(library.ask("How long should bread dough rise before baking?"))
    assert found["status"] == "abstained"
    assert found["claims"] == found["citations"] == []
    assert "Searched 92 documents" in found["reason"] or "documents" in found["reason"]
    assert json.dumps(found)
