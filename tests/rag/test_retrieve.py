"""What the fused order of searches must hold: an English vector says nothing about a Chinese passage."""

import json

import pytest

import rag
from indexer.types import Filter
from rag.retrieve import asked, retrieve
from rag.settings import EFFORTS

DOCUMENTS = {
    "zh1": "二甲双胍是2型糖尿病的一线药物，可降低空腹血糖。",
    "zh2": "高血压患者应限制钠盐摄入并规律服药。",
    "zh3": "哮喘患者吸入布地奈德可减少急性发作。",
    "en1": "Metformin is the first drug for type 2 diabetes and lowers fasting glucose.",
}


@pytest.fixture
def library(tmp_path):
    lines = (json.dumps({"id": i, "text": t}, ensure_ascii=False) for i, t in DOCUMENTS.items())
    (tmp_path / "documents.jsonl").write_text("\n".join(lines), encoding="utf-8")
    rag.build([tmp_path / "documents.jsonl"], into=tmp_path / "index", embedder="hashing:64")
    with rag.open(tmp_path / "index", reranker="none") as opened:
        yield opened


QUESTION = "二甲双胍能治疗糖尿病吗？"


def found(library, question, **where):
    index, effort = library.index, EFFORTS["normal"]
    return retrieve(index, asked(index, question, effort), k=4, where=Filter(**where), effort=effort)


def searched_by(hits, stage):
    return {hit.passage.source.id for hit in hits if stage in hit.why}


def test_a_vector_of_english_terms_is_not_compared_with_chinese_passages(library):
    library.index.embedder.languages = ("en",)
    hits = found(library, QUESTION)
    assert {hit.passage.source.id for hit in hits[:2]} == {"zh1", "en1"}
    assert searched_by(hits, "translated") == {"en1"}
    assert not searched_by(hits, "dense")


@pytest.mark.parametrize("languages", [(), ("en", "zh")])
def test_the_vector_of_the_chinese_question_is_compared_with_all(library, languages):
    library.index.embedder.languages = languages
    hits = found(library, QUESTION)
    assert hits[0].passage.source.id == "zh1"
    assert searched_by(hits, "dense") == set(DOCUMENTS)


def test_where_no_chinese_passage_is_found_the_vector_counts_in_full(library):
    library.index.embedder.languages = ("en",)
    hits = found(library, QUESTION, languages=("en",))
    assert searched_by(hits, "dense") == {"en1"}


def test_an_english_question_is_compared_with_all(library):
    library.index.embedder.languages = ("en",)
    hits = found(library, "Does metformin lower glucose?")
    assert hits[0].passage.source.id == "en1"
    assert searched_by(hits, "dense") == set(DOCUMENTS)
