"""What a question is understood to mean."""

import pytest

from rag.expand import brands, english, generic, normal, table, understand
from rag.variants import plain, spellings


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
        "Does clopidogrel prevent heart attacks (myocardial infarction) in CKD (chronic kidney disease)?"
    )
    assert generic(meant) == "Does clopidogrel prevent heart attacks in CKD?"


@pytest.mark.parametrize(
    ("question", "word", "name"),
    [
        ("Does Gilenya's effect last?", "Gilenya's", "fingolimod"),
        ("Is Xeljanz® safe?", "Xeljanz", "tofacitinib"),
        ("Lipitor-induced myopathy", "Lipitor", "atorvastatin"),
        ("Is Zetia/Lipitor better?", "Zetia", "ezetimibe"),
        ("heart-attack survivors", "heart-attack", "myocardial infarction"),
        ("lou gehrigs disease", "lou gehrigs disease", "amyotrophic lateral sclerosis"),
        ("Is a tube in the ear safe?", "tube in the ear", "tympanostomy tube"),
        ("Do water pills help?", "water pills", "diuretics"),
        ("what helps copd?", "copd", "chronic obstructive pulmonary disease"),
        ("Are DVTs common?", "DVTs", "deep vein thrombosis"),
        ("COPD-related deaths", "COPD", "chronic obstructive pulmonary disease"),
    ],
)
def test_forms_of_a_name(question, word, name):
    assert added(question)[word][0] == name


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("Can Emend help?", {"Emend"}), ("They emend the text", set()), ("Emend the text, please", set()),
        ("EMEND THE TEXT", set()), ("Effects of Emend", set()), ("Is Plan B safe?", {"Plan B"}),
        ("What is plan b after surgery?", set()),
    ],
)  # fmt: skip
def test_a_brand_that_is_a_word_needs_its_capital(question, found):
    assert {e.found for e in understand(question).expansions if e.by == "brand name"} == found


@pytest.mark.parametrize(
    "question",
    [
        "How does the model fit?",
        "Is 1 mole of glucose enough?",
        "Does it hit all of them?",
        "ALL OF THEM DO",
        "the cold",
    ],
)
def test_words_that_only_look_like_names(question):
    meant = understand(question)
    assert not [e for e in meant.expansions if e.by.startswith(("brand", "abbreviation", "everyday"))]
    assert meant.english == question


def test_an_abbreviation_with_several_meanings():
    meant = {e.found: e for e in understand("Is constipation common in PD?").expansions}["PD"]
    assert meant.added == ("Parkinson's disease", "peritoneal dialysis")
    assert meant.by == "abbreviation with several meanings"
    assert understand("Is constipation common in PD?").english == "Is constipation common in PD?"
    assert added("Which catheter for peritoneal access in PD?")["PD"] == ("peritoneal dialysis",)
    assert added("What is PD?", long_forms={"PD": ["pharmacodynamics"]}.get)["PD"] == ("pharmacodynamics",)


def test_names_beside_a_hyphen_are_not_taken_apart():
    assert "PD" not in added("Is PD-1 blocked?")
    assert "MS" not in added("Does MS-275 help?")


def test_a_long_form_finds_the_short_one():
    found = added("chronic obstructive lung disease", short_forms={"chronic obstructive lung disease": ["COLD"]}.get)
    assert found["chronic obstructive lung disease"] == ("COLD",)


def test_negation_and_comparison_stay():
    text = "Is aspirin not better than Plavix without a statin?"
    assert understand(text).english == text.replace("Plavix", "clopidogrel")


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


def test_chinese_everyday_words():
    assert understand("心梗").english == "myocardial infarction"
    assert understand("优甲乐").english == "levothyroxine"


def test_phrases_are_compared_in_one_form():
    assert plain("Lou Gehrig’s diseases") == plain("lou gehrig disease") == "lou gehrig disease"
    assert plain("mini-strokes") == "mini stroke"
    assert plain("biopsies") == "biopsy"
    assert plain("sepsis") == "sepsis"


def test_the_tables():
    terms, lay, short = table("english-chinese"), table("lay"), table("abbreviations")
    assert len(terms) >= 4500
    assert len(table("brands")) >= 1200
    assert len(lay) >= 900
    assert len(short) >= 500
    assert all(len(z) > 1 for zh in terms.values() for z in zh)
    assert len(english()) >= len(terms)
    assert max(map(len, short.values())) <= 3
    assert all(name == name.lower() for name in lay)
    assert not {name for name in brands() if name in lay}
    assert not {name for name, meant in lay.items() if name in meant}
    assert brands()["emend"] == ("aprepitant", False)
