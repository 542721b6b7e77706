"""A draft from a dialogue: every line is what was said, where it says."""

import pytest

from indexer.errors import ReadError
from rag.tasks.report import draft as drafts
from rag.tasks.report.dialogue import dialogue_report
from rag.tasks.report.markdown import markdown
from rag.tasks.report.sorting import sorted_statements
from rag.tasks.report.template import template
from rag.tasks.report.transcript import statements, turns

VISIT = """Doctor: Hi, how are you? What brings you in today?
Patient: I've had a cough and a fever for three days.
Doctor: Okay. Are you allergic to any medications?
Patient: Penicillin.
Doctor: Do you smoke?
Patient: A pack a day, since Dr. Jones left.
It was 1.5 packs before.
Doctor: Have you had any surgeries?
Patient: No.
Doctor: On exam, your lungs have crackles on the right. Your chest x-ray showed a small infiltrate.
Doctor: I think you have pneumonia. I'm going to start you on doxycycline, 100 milligrams twice a day, okay?
Patient: Okay. Thank you, doctor.
"""
CHINESE = """医生：您好，哪里不舒服？
患者：我咳嗽三天了，还有点发烧。
医生：有没有药物过敏？
患者：青霉素过敏。
医生：体温38.2度，双肺听诊有啰音。考虑是支气管炎。
医生：建议拍个胸片，三天后复查。
"""


def sorted_of(text):
    return [
        (s, " ".join(text[x.start : x.end].split())) for x, s in sorted_statements(text, statements(text, turns(text)))
    ]


def test_turns_are_places_with_a_speaker():
    found = turns(VISIT)
    assert [t.role[0] for t in found] == list("cpcpcpcpccp")
    assert VISIT[found[3].start : found[3].end] == "Penicillin."
    assert VISIT[found[5].start : found[5].end] == "A pack a day, since Dr. Jones left.\nIt was 1.5 packs before."
    for text in (
        "[doctor] hi\n[patient] hello there",
        "Dr: hi\nPt: hello",
        "医生: 好\n患者：好",
        "DOCTOR : a\nGuest_family: b",
    ):
        assert [t.role for t in turns(text)] == ["clinician", "patient"]
    # a word with a colon is no speaker unless it comes again and again
    assert len(turns("Doctor: Listen\nNote: this is one turn\nPatient: Yes")) == 2
    assert [t.role for t in turns("Anna: a\nDoctor: b\nAnna: c\nDoctor: d\nAnna: e")] == [
        "other",
        "clinician",
        "other",
        "clinician",
        "other",
    ]


@pytest.mark.parametrize("text", ["", "no speaker at all", "Cough: three days"])
def test_a_text_without_speakers_is_refused(text):
    with pytest.raises(ReadError, match="no turns of speakers found; expected lines such as Doctor"):
        turns(text)


def test_short_answers_belong_to_their_question():
    found = [VISIT[s.start : s.end] for s in statements(VISIT, turns(VISIT))]
    assert "Are you allergic to any medications?\nPatient: Penicillin." in found
    assert "A pack a day, since Dr. Jones left." in found
    assert "It was 1.5 packs before." in found
    assert not any(f.startswith("Hi, how are you") for f in found)
    assert "I'm going to start you on doxycycline, 100 milligrams twice a day, okay?" in found


def test_statements_are_sorted_and_chatter_is_left_out():
    assert sorted_of(VISIT) == [
        ("subjective", "I've had a cough and a fever for three days."),
        ("allergies", "Are you allergic to any medications? Patient: Penicillin."),
        ("social", "A pack a day, since Dr. Jones left."),
        ("social", "It was 1.5 packs before."),
        ("history", "Have you had any surgeries? Patient: No."),
        ("examination", "On exam, your lungs have crackles on the right."),
        ("results", "Your chest x-ray showed a small infiltrate."),
        ("assessment", "I think you have pneumonia."),
        ("plan", "I'm going to start you on doxycycline, 100 milligrams twice a day, okay?"),
    ]
    assert [s for s, _ in sorted_of(CHINESE)] == ["subjective", "allergies", "examination", "assessment", "plan"]


def test_every_line_is_verbatim_at_its_place():
    form = template("visit", language="en", spoken=True)
    report = dialogue_report(VISIT, name="visit.txt", template=form, language="en")
    places = {drafts.label(c): c for c in report.draft.cited}
    lines = list(drafts.texts(report.draft))
    assert len(lines) == len(places) == 9
    for line in lines:
        (c,) = (places[x] for x in line.cites)
        assert VISIT[c.start : c.end] == c.quote
        assert line.text.partition("“")[2] == " ".join(c.quote.split()) + "”"
    text = markdown(report.page)
    assert text.startswith("# Visit note, visit.txt\n")
    assert "- clinician: “I think you have pneumonia.” [D" in text
    assert "- Not found in the dialogue: medication.\n" in text
    assert (
        f"turn 10 (clinician), characters {VISIT.index('I think')}-{VISIT.index('I think') + 27} “I think you have pneumonia.”"
        in text
    )
    assert "turns 3-4 (clinician, patient)" in text


def test_chinese_labels():
    form = template("visit", language="zh", spoken=True)
    text = markdown(dialogue_report(CHINESE, name="问诊.txt", template=form, language="zh").page)
    assert text.startswith("# 就诊记录，问诊.txt\n")
    assert "- 医生: “考虑是支气管炎。” [D4]" in text
    assert "对话中未找到：用药。" in text
