"""Names that a library nowhere holds are never answered about; a request for one's own dose is declined and cited."""

import json

import pytest

import rag
from rag.asking import own_dose
from rag.relevance import Terms
from rag.retrieve import asked
from rag.settings import EFFORTS
from rag.words import say

TEXTS = {
    "a": "Warfarin was given as 5 mg daily, adjusted to the international normalised ratio, in adults with atrial fibrillation.",
    "b": "Mutations of PCSK9 lower LDL cholesterol. GLP-1 lowers glucose in adults with type 2 diabetes.",
    "c": "Kawasaki disease is treated with aspirin in children with fever of five days or more.",
}


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("premises")
    file = folder / "d.jsonl"
    file.write_text(
        "".join(json.dumps({"id": f"x:{k}", "title": f"Report {k}", "text": t}) + "\n" for k, t in TEXTS.items())
    )
    rag.build([file], into=folder / "index")
    with rag.open(folder / "index") as opened:
        yield opened


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Which disease is caused by mutations of PCSK9?", []),
        ("Which disease is caused by mutations of the gene ZRDLQXV2?", ["ZRDLQXV2"]),
        ("Is zolvexirmab effective in atrial fibrillation?", ["zolvexirmab"]),
        ("How is Wimkrin disease treated in children?", ["Wimkrin"]),
        ("How is Kawasaki disease treated in children?", []),
        ("Does GLP1 lower glucose?", []),
        ("Do mutations of PCSK9s lower cholesterol?", []),
        ("Does AZT lower glucose?", []),
        ("Professor Whitfield of Harvard has shown that the answer is no. Does warfarin help?", []),
        ("Dr. Whitfield says so. Is Zolvexir better than warfarin?", ["Zolvexir"]),
        ("Zolvex is new. Does warfarin help?", []),
        ("IS ZOLVEXEN BETTER THAN WARFARIN?", []),
        ("IgA肾病患者能否使用华法林？", []),
    ],
)
def test_names_that_the_library_nowhere_holds(library, question, names):
    meant = asked(library.index, question, EFFORTS["normal"])
    assert Terms(meant, library.index.lexical).foreign() == names


def test_an_invented_name_is_not_answered_about(library):
    answer = library.ask("Which cholesterol is lowered by mutations of the gene ZRDLQXV2?")
    assert answer.status == "abstained"
    assert answer.claims == ()
    assert answer.bottom_line is None
    assert "It nowhere holds “ZRDLQXV2”" in answer.reason
    assert library.ask("Which cholesterol is lowered by mutations of the gene PCSK9?").status == "answered"


def test_a_short_form_that_a_small_library_may_write_out_is_named(library):
    answer = library.ask("Which LDL cholesterol is lowered by mutations of PCSK9 or AZT?")
    assert answer.status == "answered"
    assert any("nowhere holds “AZT”" in n for n in answer.notices)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How much warfarin should I take?", True),
        ("My child weighs 14 kg. How much amoxicillin should I give her?", True),
        ("Is 40 mg of esomeprazole enough for me?", True),
        ("Should I take 10 mg or 20 mg of rosuvastatin?", True),
        ("华法林我该吃多少？", True),
        ("瑞舒伐他汀我吃10毫克还是20毫克？", True),
        ("What dose of warfarin was used in ARISTOTLE?", False),
        ("How much will my blood pressure fall if I take lisinopril?", False),
        ("I take 20 mg of rosuvastatin. Does it reduce mortality?", False),
        ("噻托溴铵每天吸入多少微克？", False),
        ("我在吃他汀，能降低多少死亡风险？", False),
    ],
)
def test_own_dose(question, expected):
    assert own_dose(question) is expected


@pytest.mark.parametrize(
    "question", ["How much warfarin should I take daily in atrial fibrillation?", "房颤用warfarin，我该吃多少？"]
)
def test_a_dose_for_a_person_is_declined_and_what_sources_report_is_cited(library, question):
    answer = library.ask(question)
    assert answer.status == "abstained"
    assert answer.reason.startswith(say("no dose", question))
    assert answer.bottom_line is None
    if question.isascii():
        assert [c.citations[0].quote for c in answer.claims][:1] == [TEXTS["a"]]
