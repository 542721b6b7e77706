"""Answers for patients: the measure is the published one, plain words change no number and no "not", claims keep their
citations, and a crisis is met before anything is looked up."""

import json

import pytest
from typer.testing import CliRunner

import rag
from rag.cli import app
from rag.tasks.education import leaflet, page
from rag.tasks.education.plain import plain
from rag.tasks.education.reading import chinese, grade, level, syllables
from rag.tasks.page import Heading, Points

TEXTS = {
    "a": "Compared with placebo, enalapril reduced mortality in patients with congestive heart failure "
    "(hazard ratio 0.74, 95% CI 0.60 to 0.91). Adverse events were not more frequent with enalapril than with placebo.",
    "b": "在高血压患者中，低钠盐降低了卒中发生率（率比0.86，95%置信区间0.77至0.96）；不良事件没有增加。",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    folder = tmp_path_factory.mktemp("education")
    file = folder / "d.jsonl"
    file.write_text("".join(json.dumps({"id": f"x:{k}", "text": t}) + "\n" for k, t in TEXTS.items()), "utf-8")
    rag.build([file], into=folder / "index")
    return folder / "index"


@pytest.mark.parametrize(
    ("word", "count"),
    [("people", 2), ("medicine", 3), ("diabetes", 4), ("lowered", 2), ("caused", 1), ("pneumonia", 4), ("infection", 3),
     ("idea", 3), ("table", 2), ("5", 1), ("safely", 2), ("cardiovascular", 6)],
)  # fmt: skip
def test_syllables(word, count):
    assert syllables(word) == count


def test_the_grade_is_flesch_and_kincaids():
    # 12 words, 2 sentences, 12 syllables: 0.39 * 6 + 11.8 * 1 - 15.59
    assert grade("The cat sat on the mat. The dog ran to the house.") == pytest.approx(-1.4, abs=0.06)
    assert grade("") == 0.0
    assert chinese("多喝水，好好休息。").clause == 3.5
    assert level("要多喝水。").easy


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("Mortality fell by 36% (95% CI 9 to 55).", "Death rate fell by 36%."),
        ("It caused hypertension in 3 adults, and it led to renal failure in 2.",
         "It caused high blood pressure in 3 adults. It led to kidney failure in 2."),
        ("Adverse events were not more frequent.", "Unwanted effects were not more frequent."),
        ("低钠盐降低了卒中（率比0.86，95%置信区间0.77至0.96）。", "低钠盐降低了中风。"),
        ("Aspirin (75 mg) was given daily.", "Aspirin (75 mg) was given daily."),
    ],
)  # fmt: skip
def test_plain_words(sentence, wanted):
    assert plain(sentence).text == wanted


def test_a_claim_keeps_its_numbers_and_citations(index):
    with rag.open(index) as library:
        answer = library.ask("Does enalapril reduce deaths in heart failure?")
    made = leaflet(answer)
    assert made.told[0].text.startswith("Compared with dummy treatment, enalapril reduced death rate")
    assert made.told[0].source in {c.text for c in answer.claims}
    assert made.citations[0].quote in TEXTS["a"]
    assert made.level <= 8
    assert ("heart failure", "the heart does not pump as well as it should") in made.words
    blocks = page(made).blocks
    assert [b.text for b in blocks if isinstance(b, Heading)] == [
        "What the studies say",
        "Words to know",
        "What you can do",
    ]
    assert next(b for b in blocks if isinstance(b, Points)).items[0].cites == ("1",)


def test_nothing_found_is_said_kindly(index):
    with rag.open(index) as library:
        made = leaflet(library.ask("I am scared: does propofol cure leprosy?"))
    assert (made.told, made.citations) == ((), ())
    assert made.opening.startswith("This library has no answer")


def test_the_command_meets_a_crisis_first(index, tmp_path):
    run = CliRunner().invoke(app, ["educate", "--index", str(tmp_path / "none"), "I want to kill myself", "--json"])
    told = json.loads(run.stdout)
    assert (run.exit_code, told["alert"]["kind"]) == (0, "crisis")
    to = tmp_path / "a.html"
    run = CliRunner().invoke(app, ["educate", "-i", str(index), "低钠盐能减少卒中吗？", "--to", str(to)])
    assert run.exit_code == 0, run.output
    assert "中风" in run.stdout
    assert "研究怎么说" in to.read_text("utf-8")


@pytest.mark.parametrize(
    "sentence",
    [
        "The drug lowered deaths (12% versus 15%, ratio 0.8; not significant after adjustment for age).",
        "If potassium is high, and the patient was given an ACE inhibitor, the drug should be stopped.",
        "It worked (in men only; RR 0.8, 95% CI 0.7 to 0.9).",
    ],
)
def test_what_limits_a_sentence_stays(sentence):
    assert plain(sentence).text == sentence


def test_nobody_is_told_a_dose(index):
    with rag.open(index) as library:
        made = leaflet(library.ask("How much enalapril should I take?"))
    assert made.told == ()
    assert made.opening.startswith("This program does not tell you how much")
