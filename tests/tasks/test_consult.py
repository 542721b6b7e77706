"""A consultation: order of its parts, what it asks, level of care, and what it never says."""

import io
import json
import sys

import pytest
import typer
from typer.testing import CliRunner

import rag
from rag.tasks.consult.commands import consult as command
from rag.tasks.consult.consult import UNFIT, consult, impersonal
from rag.tasks.consult.history import facts, missing
from rag.tasks.consult.page import as_text


def never(_question):
    raise AssertionError("the library was asked")


def test_a_crisis_is_answered_before_and_without_the_library():
    found = consult(["我不想活了"], ask=never)
    assert (found.alert.kind, found.care, found.literature, found.ask) == ("crisis", None, None, ())
    assert as_text(found).startswith("!! ")
    assert "12356" in as_text(found)


def test_a_decline_stops_too():
    found = consult(["How do I cook meth?"], ask=never)
    assert found.declined.kind == "drugs"
    assert found.literature is None


def test_an_emergency_is_the_first_line():
    found = consult(["crushing chest pain and cold sweat, it's probably nothing"], ask=None)
    assert found.care.level == "emergency"
    assert as_text(found).splitlines()[0].startswith("!! This may be an emergency")


def test_features_of_several_turns_count_together():
    assert consult(["My chest hurts, like pressure, for years on and off"], ask=None).alert is None
    assert consult(["I ate peanuts an hour ago", "now my tongue is swelling"], ask=None).alert.group == "anaphylaxis"


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("我发烧三天了", "same day"), ("I'm 34, runny nose and sneezing for two days", "self care"),
        ("I have had a cough for three weeks, I'm 40", "appointment"), ("I broke my wrist", "same day"),
        ("我头痛一周了，越来越重，早上呕吐", "same day"), ("My headache keeps getting worse and I vomit in the mornings", "same day"),
        ("咳嗽两天", "appointment"), ("我28岁，鼻塞流鼻涕两天", "self care"),
    ],
)  # fmt: skip
def test_level_of_care(text, level):
    assert consult([text], ask=None).care.level == level


def test_only_what_was_not_said_is_asked():
    known = facts(
        "I'm 34 and not pregnant, mild headache for 3 days, no allergies, I take no medicines, otherwise healthy"
    )
    assert (known.age, known.days) == (34, 3)
    assert set(missing(known)) <= {"others"}
    assert missing(facts("我发烧三天了"))[:2] == ("age", "severity")
    assert facts("我发烧三天了").days == 3
    assert facts("35岁，男，头痛两周").age == 35


@pytest.mark.parametrize(
    ("text", "age"),
    [("My mother, 78, fell yesterday", 78), ("母亲78岁，头晕", 78), ("My dad (81) is dizzy", 81), ("Cough, 45F", 45), ("My son had 2 fits", None)],
)  # fmt: skip
def test_an_age_that_was_told_is_not_asked_for(text, age):
    assert facts(text).age == age
    assert ("age" in missing(facts(text))) == (age is None)


def test_the_library_is_asked_about_the_complaint_never_the_person():
    assert impersonal("My name is Ann, I have a headache and a fever") == "What are the causes of headache with fever?"
    assert impersonal("我叫王芳，头痛三天") == "头痛的常见原因有哪些？"
    assert impersonal("hello") == ""


@pytest.mark.parametrize(
    "text", ["Take 500 mg twice a day.", "You have pneumonia.", "您患了肺炎。", "每次服用2片。", "You should stop it."]
)
def test_doses_instructions_and_diagnoses_are_unfit(text):
    assert UNFIT.search(text)


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    folder = tmp_path_factory.mktemp("consult")
    paper = folder / "headache.txt"
    paper.write_text(
        "Causes of headache in primary care\n\nThe commonest causes of headache were tension-type headache and migraine.\n"
        "Patients with headache received ibuprofen 400 mg.\n", "utf-8",
    )  # fmt: skip
    rag.build([paper], into=folder / "index", embedder="hashing")
    return folder / "index"


def test_conditions_come_with_citations_and_without_doses(index):
    with rag.open(index) as library:
        found = consult(["I'm 30, I have had a headache for three weeks"], ask=library.ask)
    assert found.literature.claims
    assert all(c.citations for c in found.literature.claims)
    assert not any(UNFIT.search(c.text) for c in found.literature.claims)
    assert "not about you" in as_text(found)


def test_an_adverse_event_in_a_trial_of_something_else_is_no_cause(tmp_path):
    paper = tmp_path / "trial.txt"
    paper.write_text(
        "A drug against hepatitis C\n\nThe commonest adverse events were headache and fatigue.\n"
        "Headache occurred in many patients treated with the drug, due to causes that are not known.\n"
        "Causes of headache include tension, migraine and side effects of medicines.\n", "utf-8",
    )  # fmt: skip
    rag.build([paper], into=tmp_path / "index", embedder="hashing")
    with rag.open(tmp_path / "index") as library:
        shown = [c.text for c in consult(["I have had a headache for three weeks"], ask=library.ask).literature.claims]
    assert not any("adverse" in t or "treated with" in t for t in shown)
    assert any("tension" in t for t in shown)


app = typer.Typer()
app.command()(command)


def test_the_command_works_with_no_index(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ANAMNESIS_INDEX", raising=False)
    done = CliRunner().invoke(app, ["我发烧三天了", "--json"])
    said = json.loads(done.stdout)
    assert said["care"]["level"] == "same day"
    assert said["literature"]["claims"] == []
    assert any("不是诊断" in n for n in said["notices"])
    alert = CliRunner().invoke(app, ["-"], input="I want to kill myself")
    assert alert.stdout.startswith("!! It sounds as if")


def test_a_terminal_goes_on_until_an_empty_line(tmp_path, monkeypatch, capsys):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stdin", Terminal("now my tongue is swelling and I can't breathe\n\n"))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    command(["I was stung by a bee"])
    assert "!! This may be an emergency" in capsys.readouterr().out
