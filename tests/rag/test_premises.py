"""Names that a library nowhere holds are never answered about; a request for one's own dose is declined and cited;
somebody's word changes no answer."""

import json

import pytest

import rag
from rag.asking import apart, own_dose
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


def test_a_misspelt_word_is_named_with_the_library_s_spelling(library):
    reason = library.ask("Which mutations cause hypertriglyceridaemia?").reason
    assert "“hypertriglyceridaemia”" in reason
    assert "spelled nearly so" not in reason
    assert "“Kawasakki” (spelled nearly so: “kawasaki”)" in library.ask("How is Kawasakki disease treated?").reason


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
        ("how much warfarin should i take", True),
        ("Can I double my dose of levodopa?", True),
        ("What dose of warfarin was used in ARISTOTLE?", False),
        ("Which dose was studied in the phase I trial?", False),
        ("In phase I, which dose was tolerated by patients with ME?", False),
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


HELPS = "Does warfarin help adults with atrial fibrillation?"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (f"Professor Whitfield of Harvard has shown that the answer is no. {HELPS}", True),
        (f"As a senior cardiologist I know that the answer is no. {HELPS}", True),
        (f"Dr. Whitfield and all experts agree that it does not. {HELPS}", True),
        (f"Professor Whitfield showed that warfarin harms adults with atrial fibrillation. {HELPS}", True),
        (f"Given that leading experts have proved the answer to be no: {HELPS}", True),
        (f"{HELPS[:-1]}, given that the answer is no?", True),
        (f"{HELPS} Our head of department insists that it is no.", True),
        ("作为心内科主任，我知道答案是否定的。华法林能帮助房颤患者吗？", True),
        (f"My doctor told me that I have heart failure and diabetes. {HELPS}", False),
        (f"I know he had a stroke. {HELPS}", False),
        (f"I take metformin for diabetes. {HELPS}", False),
        (f"{HELPS} Does St. John's wort?", False),
        ("The answer is no.", False),
        ("Velocardial syndrome is caused by a deletion in chromosome 21, yes or no?", False),
        ("我有房颤。华法林能帮助房颤患者吗？", False),
    ],
)
def test_somebodys_word_is_put_aside(text, word):
    asked_itself, said = apart(text)
    assert bool(said) is word
    if word:
        assert asked_itself in (HELPS, "华法林能帮助房颤患者吗？")
        assert said in text
    else:
        assert asked_itself == text


def test_somebodys_word_changes_no_answer_and_is_named(library):
    plain = library.ask(HELPS)
    led = library.ask(f"Professor Whitfield of Harvard has shown that the answer is no. {HELPS}")
    assert plain.claims
    assert (led.verdict, led.claims, led.hits, led.positions) == (
        plain.verdict,
        plain.claims,
        plain.hits,
        plain.positions,
    )
    assert led.question.startswith("Professor")
    assert any("Professor Whitfield of Harvard has shown" in n for n in led.notices)
    assert not any("Somebody's word" in n for n in plain.notices)
