"""LoRA fine-tuning of a generator, on real tiny checkpoints: packing changes no loss, a killed run goes on bit by bit,
the loss falls, and the adapter that comes out loads as a generator."""

import json
import subprocess
import sys

import pytest
import torch

from indexer.errors import GeneratorError
from rag.generate import generator
from rag.prompt import DECLINES, Limits
from rag.settings import EFFORTS
from scripts import train_generator
from scripts.generator_data import cited, part_of
from scripts.generator_training import IGNORED, Coder, batch, form, packed, prompt_of
from tests import tiny_models
from tests.generator_examples import EXAMPLES

BASE = ["--accumulate", "2", "--length", "1400", "--rank", "4", "--every", "3", "--drafts", "1", "--tokens", "8"]


@pytest.fixture(scope="module")
def llama(tmp_path_factory):
    return tiny_models.llama(tmp_path_factory.mktemp("base") / "llama")


@pytest.fixture(scope="module")
def examples(tmp_path_factory):
    path = tmp_path_factory.mktemp("examples") / "e.jsonl"
    path.write_text("".join(json.dumps(e) + "\n" for e in EXAMPLES), "utf-8")
    return path


def train(*words, code=0):
    done = subprocess.run(
        [sys.executable, "-m", "scripts.train_generator", *map(str, words)], capture_output=True, text=True, timeout=120,
        check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stderr[-2000:]
    return done


def test_packed_rows_have_the_loss_of_single_rows(llama):
    from transformers import AutoModelForCausalLM, AutoTokenizer

    model = AutoModelForCausalLM.from_pretrained(llama).eval()
    coder = Coder(AutoTokenizer.from_pretrained(llama), False, 1400)
    rows = [coder.row(e) for e in EXAMPLES[:3]]
    (together,) = packed(rows, length=9000)
    assert len(together) == 3

    def loss(pack):
        with torch.inference_mode():
            inputs = batch(pack, seq2seq=False, device="cpu")
            return float(model(**inputs).loss), int((inputs["labels"] != IGNORED).sum())

    apart = [loss([r]) for r in rows]
    mean = sum(value * n for value, n in apart) / sum(n for _, n in apart)
    assert loss(together)[0] == pytest.approx(mean, abs=2e-4)
    assert [len(p) for p in packed(rows, length=1)] == [1, 1, 1]


def test_a_stopped_run_goes_on_bit_by_bit_and_its_adapter_answers(llama, examples, tmp_path):
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    train(examples, "--base", llama, "--out", whole, *BASE, "--rate", "5e-3", "--epochs", "2")
    train(examples, "--base", llama, "--out", parts, *BASE, "--rate", "5e-3", "--epochs", "2", "--stop", "4")
    train(examples, "--base", llama, "--out", parts, *BASE, "--rate", "5e-3", "--epochs", "2")
    assert (whole / "losses.json").read_bytes() == (parts / "losses.json").read_bytes()
    weights = "adapter_model.safetensors"
    assert (whole / weights).read_bytes() == (parts / weights).read_bytes()
    report = json.loads((whole / "report.json").read_text("utf-8"))
    assert report["steps"] >= 6
    assert report["after"]["held-out loss"] < report["before"]["held-out loss"]
    made = generator(f"hf:{llama}+{whole}", index=None, effort=EFFORTS["normal"], deadline=30)
    assert isinstance("".join(made.generate(prompt_of(EXAMPLES[0]))), str)
    assert made.usage.completion_tokens > 0
    other = train(examples, "--base", llama, "--out", parts, *BASE, "--rate", "1e-3", "--epochs", "2", code=1)
    assert "other settings (rate)" in other.stderr


def test_a_resumed_run_measures_no_before_and_other_examples_are_other_settings(llama, examples, tmp_path):
    out = tmp_path / "out"
    train(examples, "--base", llama, "--out", out, *BASE, "--stop", "1")
    (out / "before.json").unlink()
    train(examples, "--base", llama, "--out", out, *BASE, "--stop", "1")
    report = json.loads((out / "report.json").read_text("utf-8"))
    assert report["before"] is None
    assert report["after"]["held-out loss"] > 0
    assert not (out / "before.json").exists()
    changed = [*EXAMPLES[:-1], {**EXAMPLES[-1], "answer": "Another answer. [1]"}]
    (tmp_path / "e.jsonl").write_text("".join(json.dumps(e) + "\n" for e in changed), "utf-8")
    other = train(tmp_path / "e.jsonl", "--base", llama, "--out", out, *BASE, "--stop", "1", code=1)
    assert "other settings (examples)" in other.stderr


def test_a_question_that_does_not_fit_is_skipped(monkeypatch):
    def written(model, coder, examples, *, device, tokens):
        for e in examples:
            if e["question"] == "long":
                raise GeneratorError("does not fit")
            yield "It helps. [1]"

    monkeypatch.setattr(train_generator, "written", written)
    short = {"question": "short"}
    found = train_generator.drafted(None, None, [{"question": "long"}, short], device="cpu", tokens=8)
    assert found == [("It helps. [1]", short)]


def test_an_encoder_decoder_is_trained_too(examples, tmp_path):
    base = tiny_models.t5(tmp_path / "t5")
    train(examples, "--base", base, "--out", tmp_path / "out", *BASE, "--rate", "1e-2")
    report = json.loads((tmp_path / "out" / "report.json").read_text("utf-8"))
    assert report["after"]["held-out loss"] < report["before"]["held-out loss"]


def test_wrong_examples_are_named(llama, tmp_path):
    (tmp_path / "bad.jsonl").write_text('{"question": "a"}\n', "utf-8")
    done = train(tmp_path / "bad.jsonl", "--base", llama, "--out", tmp_path / "out", code=1)
    assert "line 1: no example" in done.stderr


def test_only_what_a_passage_says_is_taught():
    import collections

    left = collections.Counter()
    passages = ["Aspirin lowered stroke by 20 percent in adults.", "Statins lowered cholesterol in all patients."]
    answer = (
        "Statins lowered cholesterol in patients. Aspirin lowered stroke by 30 percent. Nothing matters here today."
    )
    assert cited(answer, passages, left) == ["Statins lowered cholesterol in patients. [2]"]
    assert left == {"number not in the passage": 1, "not covered": 1}
    assert {part_of(f"question {n}") for n in range(60)} == {"train", "validation", "test"}


def test_the_form_of_drafts():
    e = {"answer": "It helps. [1]", "passages": [{}, {}]}
    refusal = {"answer": DECLINES["en"], "passages": [{}]}
    found = form([("It helps. [1]\nIt is safe.", e), ("Odd. [7]", e), (DECLINES["en"], refusal)])
    assert found == {"drafts": 3, "lines": 3, "lines cited": 1 / 3, "refused or answered as the expert": 1.0}
    assert Limits().tokens == 512
