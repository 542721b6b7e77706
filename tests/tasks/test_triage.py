"""Triage as a person meets it: the table, the bundled model, alerts first, cases, damage, and the command."""

import json
import os
import shutil
import subprocess
import sys
import time

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from indexer.errors import ConfigError, ReadError
from rag.tasks.triage import cases, commands, triage
from rag.tasks.triage.model import load, model, pack
from rag.tasks.triage.near import cues
from rag.tasks.triage.table import LIMIT, table
from tests.indexes import ROOT

app = typer.Typer()
app.command("triage")(commands.triage)


def run(*arguments, stdin=None):
    return CliRunner().invoke(app, list(arguments), input=stdin)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("头痛", "neurology"),
        ("肚子疼", "gastroenterology"),
        ("咳嗽", "respiratory"),
        ("我最近总是咳嗽，是什么原因？", "respiratory"),
        ("My back tooth hurts", "dentistry"),
        ("My vision is blurry and I see floaters", "ophthalmology"),
        ("耳鳴怎麼辦", "ent"),  # traditional characters
    ],
)
def test_a_question_goes_to_its_department(question, wanted):
    found = triage(question)
    assert found.departments[0].department == wanted
    assert found.sure
    assert not found.ask
    assert found.alert is None


def test_probabilities_are_a_distribution_over_the_table():
    shown = model().probabilities("皮肤上起了红疹，很痒")
    assert shown.shape == (26,)
    assert shown.dtype == np.float32
    assert float(shown.sum()) == pytest.approx(1, abs=1e-5)
    assert table().keys[int(shown.argmax())] == "dermatology"


def test_what_matched_is_quoted_with_its_place():
    question = "Lately I have HEADACHES and 头晕"
    found = triage(question, top=26)
    neurology = next(d for d in found.departments if d.department == "neurology")
    assert [t for _, _, t in neurology.matched] == ["HEADACHES", "头晕"]
    assert all(question[s:e] == t for d in found.departments for s, e, t in d.matched)


def test_the_longer_term_wins_and_words_are_whole():
    found = table().matches("糖尿病肾病; earnest")
    assert [(m.term, [k for k, _ in m.departments]) for m in found] == [("糖尿病肾病", ["nephrology"])]


def test_an_uncertain_question_asks_and_names_general_practice():
    done = run("not well")
    assert done.exit_code == 0
    assert "general practice first" in done.output
    assert "Since when?" in done.output
    assert "no diagnosis" in done.output


def test_a_crisis_gets_no_departments():
    found = triage("我不想活了")
    assert found.alert is not None
    assert found.alert.stops
    assert found.departments == ()
    assert run("我不想活了").output.startswith(found.alert.message)


def test_a_red_flag_stands_before_the_departments():
    question = "crushing chest pain spreading to my left arm and sweating, happening right now"
    found = triage(question)
    assert found.alert is not None
    assert not found.alert.stops
    printed = run(question).output
    assert printed.index(found.alert.message) < printed.index("cardiology")


def test_own_cases_are_shown_by_likeness_and_bad_lines_left_out(tmp_path):
    path = tmp_path / "cases.jsonl"
    lines = ['{"question": "总是咳嗽有痰", "label": "呼吸科"}', "{broken", '{"question": "脚踝扭伤", "label": "骨科"}']
    path.write_text("\n".join(lines), "utf-8")
    library = cases.read(path)
    assert library.skipped == 1
    (case,) = triage("我总是咳嗽", cases=library).cases
    assert (case.question, case.label, case.line) == ("总是咳嗽有痰", "呼吸科", 1)
    assert library.like("总是咳嗽有痰")[0].score == pytest.approx(1, abs=1e-3)
    (tmp_path / "empty.jsonl").write_text("{}\n", "utf-8")
    with pytest.raises(ReadError, match="no case"):
        cases.read(tmp_path / "empty.jsonl")


def test_json_from_standard_input():
    done = run("-", "--json", "--top", "2", stdin="头痛")
    told = json.loads(done.output)
    assert told["departments"][0]["department"] == "neurology"
    assert len(told["departments"]) == 2
    assert told["departments"][0]["matched"] == [{"start": 0, "end": 2, "text": "头痛"}]
    assert told["model"] == "bundled"
    assert told["notices"][0].endswith("请及时就医。")


def test_an_empty_question_and_a_wrong_top_are_named():
    with pytest.raises(ConfigError, match="question is empty"):
        triage("  ")
    with pytest.raises(ConfigError, match="--top 0"):
        triage("头痛", top=0)


def test_damaged_weights_are_refused(tmp_path):
    for name in ("triage.json", "triage.safetensors"):
        shutil.copy(ROOT / "rag" / "models" / name, tmp_path)
    data = bytearray((tmp_path / "triage.safetensors").read_bytes())
    data[5000] ^= 1
    (tmp_path / "triage.safetensors").write_bytes(data)
    with pytest.raises(ConfigError, match="SHA-256"):
        load(tmp_path)


def test_packing_four_bits_keeps_every_number():
    rows = np.arange(-7, 8, dtype=np.int8).reshape(3, 5)
    packed = pack(rows, 4).view(np.uint8)
    back = np.stack([packed & 15, packed >> 4], 1).reshape(-1)[:15].astype(np.int8) - 8
    assert back.tolist() == rows.reshape(-1).tolist()


def test_weights_are_within_the_budget_and_a_question_is_quick():
    assert (ROOT / "rag" / "models" / "triage.safetensors").stat().st_size <= 1_000_000
    model().probabilities("头痛")
    began = time.perf_counter()
    for _ in range(20):
        model().probabilities("我最近总是咳嗽，是什么原因？" * 8)
    assert (time.perf_counter() - began) / 20 < 0.03
    assert len(table().matches("头痛" * LIMIT)) == LIMIT // 2


def test_the_warm_path_imports_no_torch():
    code = "import sys\nfrom rag.tasks.triage import triage\ntriage('头痛')\nprint('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "False"


@pytest.mark.skipif("ANAMNESIS_DATA" not in os.environ, reason="needs the shared data")
def test_the_card_tells_the_test_accuracy():
    from pathlib import Path

    from scripts.triage_bundled import grouped
    from scripts.triage_data import rows, split

    test = split(rows(Path(os.environ["ANAMNESIS_DATA"]))).test
    shown, labels = grouped(np.stack([model().probabilities(r.question) for r in test]))
    assert np.mean([labels[i] == r.label for i, r in zip(shown.argmax(1), test, strict=True)]) >= 0.96


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("手总是一直抖", ("手总是一直抖", "neurology")),
        ("My left hand always shakes", ("hand always shakes", "neurology")),
        ("shakes, my hand", ("shakes, my hand", "neurology")),
    ],
)
def test_two_words_near_each_other_say_what_neither_says_alone(question, said):
    found = [(question[m.start : m.end], key) for m in table().matches(question) for key, _ in m.departments]
    assert said in found


def test_two_words_of_different_sentences_or_far_apart_are_no_pair():
    for question in ("我的手。抖", "手" + "，今天天气真的非常好啊" + "抖"):
        assert not [m for m in table().matches(question) if " zh " in m.term]


@pytest.mark.parametrize(
    ("question", "cue"),
    [
        ("3岁发烧", ["child"]),
        ("63岁发烧", []),
        ("六十三岁发烧", []),
        ("14岁", []),
        ("my 8 year old", ["child"]),
        ("a 38 year old man", []),
        ("9 months old", ["child"]),
        ("孕十二周", ["pregnant"]),
        ("12 weeks along", ["pregnant"]),
        ("12 weeks ago", []),
    ],
)
def test_an_age_or_a_week_of_pregnancy_is_a_cue(question, cue):
    assert [name for name, _, _ in cues(question)] == cue


def test_every_department_has_pairs_in_both_languages():
    for key in table().keys:
        assert {language for language, _, _ in table().sides[key]} == {"zh", "en"}
