"""What a question is understood to mean."""

import pytest

from rag.expand import english, normal, table, understand
from rag.variants import spellings


def added(question, **known):
    return {e.found: e.added for e in understand(question, **known).expansions}


def test_brand_everyday_word_and_abbreviation():
    meant = understand("Does Plavix prevent heart attacks in CKD?", long_forms={"CKD": ["chronic kidney disease"]}.get)
    assert {e.found: (e.added[0], e.by) for e in meant.expansions} == {
        "heart attacks": ("myocardial infarction", "everyday word"),
        "Plavix": ("clopidogrel", "brand name"),
        "CKD": ("chronic kidney disease", "abbreviation"),
    }
    assert meant.english == (
        "Does Plavix (clopidogrel) prevent heart attacks (myocardial infarction) in CKD (chronic kidney disease)?"
    )


def test_a_long_form_finds_the_short_one():
    found = added("chronic obstructive lung disease", short_forms={"chronic obstructive lung disease": ["COLD"]}.get)
    assert found["chronic obstructive lung disease"] == ("COLD",)


def test_negation_and_comparison_stay():
    text = "Is aspirin not better than Plavix without a statin?"
    assert understand(text).english == text.replace("Plavix", "Plavix (clopidogrel)")


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("haemorrhage", "hemorrhage"), ("anemia", "anaemia"), ("randomised", "randomized"), ("tumour", "tumor"),
        ("oestrogen", "estrogen"), ("TNF-α", "tnf-alpha"), ("diarrhea", "diarrhoea"), ("IL-6", None), ("exercise", None),
        ("disease", None), ("surgery", None),
    ],
)  # fmt: skip
def test_spellings(word, other):
    assert other in spellings(word) if other else not {w for w in spellings(word) if "-" in w or word != "IL-6"}


def test_chinese_questions_become_english():
    meant = understand("二甲双胍能降低2型糖尿病患者的心肌梗死风险吗？")
    assert meant.english.split()[:4] == ["metformin", "type", "2", "diabetes"]
    assert "myocardial infarction" in meant.english


def test_traditional_and_full_width_forms():
    assert normal("糖尿病腎病ＨｂＡ１ｃ") == "糖尿病肾病HbA1c"
    assert understand("糖尿病腎病").expansions[0].added[0] == "diabetic nephropathy"


def test_english_questions_find_chinese_documents():
    assert added("metformin and gout", chinese=True)["gout"] == ("痛风",)
    assert "gout" not in added("metformin and gout")


def test_the_tables():
    terms = table("english-chinese")
    assert len(terms) >= 3000
    assert len(table("brands")) > 500
    assert all(len(z) > 1 for zh in terms.values() for z in zh)
    assert len(english()) >= len(terms)
