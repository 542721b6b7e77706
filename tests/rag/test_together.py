"""A yes/no question joins two things; where no document names both, nothing is answered and both are named."""

import json

import pytest

import rag
from rag.relevance import Terms
from rag.retrieve import asked
from rag.settings import EFFORTS

TEXTS = {
    "a": "Tamoxifen for five years reduced breast cancer recurrence by 39% compared with placebo in women.",
    "b": "Dapagliflozin reduced death and worsening heart failure compared with placebo in adults (hazard ratio 0.74).",
    "c": "依那普利联合叶酸与单用依那普利相比，降低了高血压患者首次卒中的风险（风险比0.79）。",
}


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("together")
    file = folder / "d.jsonl"
    file.write_text("".join(json.dumps({"id": f"x:{k}", "text": t}) + "\n" for k, t in TEXTS.items()), "utf-8")
    rag.build([file], into=folder / "index")
    with rag.open(folder / "index") as opened:
        yield opened


def test_two_things_of_two_documents_are_not_joined(library):
    answer = library.ask("Does tamoxifen prevent heart failure?")
    assert (answer.status, answer.claims) == ("abstained", ())
    assert "names both of these: “tamoxifen”, “heart failure”" in answer.reason


@pytest.mark.parametrize(
    "question", ["Does tamoxifen prevent recurrence of breast cancer?", "Does dapagliflozin help in heart failure?"]
)
def test_two_things_of_one_document_are_answered(library, question):
    assert library.ask(question).status == "answered"


def test_a_chinese_text_need_not_hold_the_english_names(library):
    answer = library.ask("正在吃依那普利的高血压病人同时补充叶酸，能减少第一次中风吗？")
    assert [c.passage.source.id for c in answer.claims[0].citations] == ["x:c"]


def test_a_name_is_held_by_its_weight_not_by_words_of_kind(library):
    terms = Terms(asked(library.index, "Does tamoxifen treatment help?", EFFORTS["normal"]), library.index.lexical)
    assert terms.names("tamoxifen treatment", terms.present(TEXTS["a"]))
    assert not terms.names("tamoxifen treatment", terms.present(TEXTS["b"]))
    assert terms.unheard_short_form("MgSO4")
    assert not terms.unheard_short_form("coffee")
