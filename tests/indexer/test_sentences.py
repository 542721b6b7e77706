"""Sentence ends: the marks that end one, and those that do not."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.sentences import split

WHOLE = [
    "Patients received 1.5 mg b.i.d. for 12 weeks.", "Mortality fell (p < 0.05; Fig. 2).", "E. coli was cultured, e.g. in urine.",
    "Smith et al. showed this.", "J. R. Smith vs. J. Jones was cited.", "See Table 3.", "The dose was 5 mg/kg.", "Is it safe?",
    "The U.S. Preventive Services Task Force recommends it.", "No. 5 was removed.", "p53 was mutated in 12 of 40 tumours.",
    "S. aureus grew in 3.5% of cultures.", "Treatment A was better, i.e. cheaper.", "(The trial ended early.)", '"It worked."',
    "Results were similar (Smith et al., 2019).", "The ratio was 0.85 (95% CI 0.78 to 0.93).", "Bleeding was rare, cf. ref. 12.",
    "The drug was given at approx. 8 a.m. daily.", "Adults aged ca. 50 years took part.", "Eq. 3 gives the rate.",
    "Dr. Miller and Prof. Jones led it.", "Vol. 12 has the details.", "Stroke, MI, etc. were counted.", "Next one!",
    "二甲双胍可降低空腹血糖。", "这种药安全吗？", "结果：HR 0.75（95% CI 0.64~0.89），P<0.01。", "“很好。”", "收缩压下降了10.5 mmHg。",
    "Levels rose from 1.2 to 3.4 nmol/L.", "The guideline suggests against intravenous vitamin C.", "It is chronic hepatitis B.",
    "Visit www.example.org for more.", "The protocol is registered (NCT01234567).", "C. difficile was found in stool.",
]  # fmt: skip


def pieces(text):
    return [text[a:b] for a, b in split(text)]


@pytest.mark.parametrize("sentence", WHOLE)
def test_whole_sentences_stay_whole(sentence):
    assert pieces(sentence) == [sentence]


def test_boundaries_in_running_text():
    """Every pair of the sentences above, joined: F1 of the boundaries between them."""
    right = wrong = missed = 0
    for one in WHOLE:
        for other in WHOLE:
            joint = "" if ord(one[-1]) > 0x2E80 and ord(other[0]) > 0x2E80 else " "
            found = pieces(one + joint + other)
            right += one in found
            missed += one not in found
            wrong += max(0, len(found) - 2)
    assert right / (right + (wrong + missed) / 2) >= 0.97, (right, wrong, missed)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("In hepatitis B. The virus persists.", ["In hepatitis B.", "The virus persists."]),
        ("They lived in the U.S. The rest did not.", ["They lived in the U.S.", "The rest did not."]),
        ("Another one.[3] Then more.", ["Another one.[3]", "Then more."]),
        ("One paragraph\n\nAnother", ["One paragraph", "Another"]),
        ("A line\nthat goes on.", ["A line\nthat goes on."]),
        ("是的！“很好。”他说。", ["是的！", "“很好。”", "他说。"]),
        ("", []),
        ("   \n\n ", []),
    ],
)
def test_cases(text, expected):
    assert pieces(text) == expected


@given(st.text(alphabet='aB1 .!?。！？…\n("”)[]', max_size=80))
def test_spans_cover_all_but_white_space(text):
    spans = split(text)
    assert spans == sorted(spans)
    at = 0
    for start, end in spans:
        assert text[at:start].strip() == ""
        assert text[start:end] == text[start:end].strip() != ""
        at = end
    assert text[at:].strip() == ""


@pytest.mark.parametrize("unit", ["a. ", ".", "A", "1. ", " \n", "x", "(“", "。", "e.g. ", "A. ", "[1,", "et al. "])
def test_a_megabyte_of_anything_is_linear(unit):
    text = (unit * (1_000_000 // len(unit) + 1))[:1_000_000]
    before = time.perf_counter()
    split(text)
    assert time.perf_counter() - before < 3
