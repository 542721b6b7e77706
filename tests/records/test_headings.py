"""Headings of clinical notes, English and Chinese: what is one, what is none, and where its section lies."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.records.headings import canonical, english, sections

CODES = {
    "FAM/SOCHX": "Family and social history", "GENHX": "History of present illness", "CC": "Chief complaint",
    "PASTMEDICALHX": "Past medical history", "ROS": "Review of systems", "PASTSURGICAL": "Past surgical history",
    "ALLERGY": "Allergies", "MEDICATIONS": "Medications", "ASSESSMENT": "Assessment", "EXAM": "Physical exam",
    "DIAGNOSIS": "Diagnosis", "DISPOSITION": "Disposition", "PLAN": "Plan", "EDCOURSE": "Emergency department course",
    "IMMUNIZATIONS": "Immunizations", "IMAGING": "Imaging", "GYNHX": "Gynecologic history", "PROCEDURES": "Procedures",
    "LABS": "Laboratory", "OTHER_HISTORY": "Other history",
}  # fmt: skip


def parts(text: str) -> list[tuple[str, str]]:
    return [(s.heading, text[s.start : s.end]) for s in sections(text)]


@pytest.mark.parametrize(("code", "name"), CODES.items())
def test_the_twenty_codes_of_mts_dialog(code: str, name: str) -> None:
    assert parts(f"{code}\nNothing new.") == [(name, "Nothing new.")]


@pytest.mark.parametrize(
    ("wording", "name"),
    [("PMH:", "Past medical history"), ("P.M.H.:", "Past medical history"), ("Past Medical Hx -", "Past medical history"),
     ("## History of Present Illness", "History of present illness"), ("**HPI:**", "History of present illness"),
     ("3. Assessment & Plan:", "Assessment and plan"), ("A/P:", "Assessment and plan"), ("O/E:", "Physical exam"),
     ("SOCIAL HISTORY (from her son):", "Social history"), ("Discharge Instructions", "Discharge instructions"),
     ("- Allergies:", "Allergies"), ("Imp -", "Impression"), ("DDx:", "Differential diagnosis"), ("Ix:", "Results"),
     ("主诉：", "主诉"), ("【既往病史】", "既往史"), ("一、体格检查", "体格检查"), ("处理/医嘱：", "医嘱"), ("查体:", "体格检查"),
     ("出院医嘱", "出院医嘱"), ("入院诊断：", "诊断"), ("药物过敏史：", "过敏史"), ("个 人 史：", "个人史")],
)  # fmt: skip
def test_wordings_have_one_name(wording: str, name: str) -> None:
    assert parts(f"{wording} Nothing new.") == [(name, "Nothing new.")] or parts(f"{wording}\nNothing new.") == [
        (name, "Nothing new.")
    ]


def test_a_note_is_cut_at_its_headings_and_the_headings_are_outside() -> None:
    text = "Seen with her son.\n\nCHIEF COMPLAINT\n\nCough.\n\nPMH: asthma\nDH: inhalers\n\nImp - flu\nPlan:\n1. rest\n2. fluids\n"
    assert parts(text) == [
        ("", "Seen with her son."),
        ("Chief complaint", "Cough."),
        ("Past medical history", "asthma"),
        ("Medications", "inhalers"),
        ("Impression", "flu"),
        ("Plan", "1. rest\n2. fluids"),
    ]


def test_chinese_headings_within_one_paragraph() -> None:
    text = (
        "主诉：咳嗽3天。现病史：3天前受凉后咳嗽。既往史：体健。过敏史：青霉素过敏。\n诊断：急性支气管炎；处理：多饮水。"
    )
    assert parts(text) == [
        ("主诉", "咳嗽3天。"),
        ("现病史", "3天前受凉后咳嗽。"),
        ("既往史", "体健。"),
        ("过敏史", "青霉素过敏。"),
        ("诊断", "急性支气管炎；"),
        ("处理", "多饮水。"),
    ]


def test_capital_headings_within_a_line() -> None:
    assert parts("MEDICATIONS: atenolol. ALLERGIES: none known.") == [
        ("Medications", "atenolol."),
        ("Allergies", "none known."),
    ]


@pytest.mark.parametrize(
    "text",
    ["History of asthma since childhood.", "The plan is to rest.", "Her allergies: dust and cats.", "Plan to review in May",
     "exam went well", "过去有哮喘病史。", "NECK\nSupple.", "Skin: warm.", "患者既往史不详。", "pe\n"],
)  # fmt: skip
def test_sentences_and_parts_of_the_body_are_no_headings(text: str) -> None:
    assert parts(text) == [("", text.strip())]


def test_an_unknown_capital_heading_counts_where_the_note_has_such_headings() -> None:
    text = "CHIEF COMPLAINT\n\nPain.\n\nTRAVEL DETAILS\n\nPeru.\n\nPLAN\n\nRest."
    assert parts(text)[1] == ("Travel details", "Peru.")
    assert parts("Well.\n\nPAIN STILL PRESENT\n\nRest.") == [("", "Well.\n\nPAIN STILL PRESENT\n\nRest.")]


def test_a_heading_of_the_same_kind_within_a_section_stays_in_its_text() -> None:
    text = "PHYSICAL EXAM\n\nNeck\n- Examination: no bruits.\n\nPLAN\nRest."
    assert parts(text) == [("Physical exam", "Neck\n- Examination: no bruits."), ("Plan", "Rest.")]


def test_names_across_languages() -> None:
    assert canonical("Pmhx") == "Past medical history"
    assert canonical("药物过敏史：") == "过敏史"
    assert canonical("Weather") == ""
    assert english("过敏史") == "Allergies"
    assert english("Allergies") == "Allergies"


def test_empty_texts_have_no_sections() -> None:
    assert sections("") == ()
    assert sections(" \n\n ") == ()
    assert sections("PLAN\n") == ()


@pytest.mark.parametrize("piece", ["P.", "\n", ". ", "# - 1. ", "PLAN\n", "A ", "诊断：", "past ", "A. PLAN: ", "【"])
def test_linear_on_long_texts(piece: str) -> None:
    begun = time.perf_counter()
    sections(piece * (50_000 // len(piece)))
    assert time.perf_counter() - begun < 4


@given(
    st.lists(st.sampled_from(["PLAN", "HPI:", "\n", "\n\n", "text. ", "主诉：", "咳嗽。", " ", "X Y Z"]), max_size=20)
)
def test_sections_are_in_order_and_hold_no_white_space_at_their_ends(pieces: list[str]) -> None:
    text, at = "".join(pieces), 0
    for section in sections(text):
        assert at <= section.start < section.end <= len(text)
        body = text[section.start : section.end]
        assert body == body.strip()
        at = section.end
