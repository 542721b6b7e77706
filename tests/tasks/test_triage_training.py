"""Training a classifier from a JSONL file on tiny random models, and what becomes of dirty rows."""

import json

import numpy as np
import pytest

from rag.tasks.triage import triage
from rag.tasks.triage.folder import FolderTriage
from scripts.train_triage import jsonl, main
from scripts.triage_data import Row, part_of, split
from scripts.triage_metrics import calibration_error, confusion_svg, measured
from tests import tiny_models


def rows(count=60):
    words = {"dentistry": "my tooth hurts number", "ophthalmology": "my eye is red day"}
    return [{"question": f"{text} {i}", "label": label} for i in range(count) for label, text in words.items()]


def encoder(folder):
    from transformers import BertConfig, BertModel, set_seed

    words = tiny_models.tokenizer(template="")
    set_seed(7)
    config = BertConfig(
        vocab_size=len(words), hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=2
    )
    BertModel(config).save_pretrained(folder)
    words.save_pretrained(folder)
    return folder


@pytest.mark.parametrize(
    ("make", "lora", "pooled"),
    [(encoder, 0, False), (tiny_models.t5, 0, True), (tiny_models.llama, 4, False), (tiny_models.t5, 4, True)],
    ids=["encoder", "t5", "llama-lora", "t5-lora"],
)
def test_a_model_of_each_kind_is_trained_saved_and_asked(tmp_path, make, lora, pooled):
    base, out = make(tmp_path / "base"), tmp_path / "out"
    data = tmp_path / "rows.jsonl"
    # Near copies across the parts are dropped; these differ in a number only, so most are spelled apart.
    pads = ["left side", "since monday", "after lunch with friends", "in the cold wind outside", "while running uphill"]
    lines = [
        {
            "question": f"{pads[i % 5]} {i * 7919} {r['question']} {pads[(i * 3 + 1) % 5]} {chr(97 + i % 26) * 9}",
            "label": r["label"],
        }
        for i, r in enumerate(rows())
    ]
    data.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    code = main(
        ["--base", str(base), "--data", str(data), "--out", str(out), "--lora", str(lora), "--epochs", "2", "--steps", "8",
         "--batch", "8", "--rate", "0.003", "--length", "48"]
    )  # fmt: skip
    assert code == 0
    report = json.loads((out / "metrics.json").read_text("utf-8"))
    assert set(report["test"]["classes"]) == {"dentistry", "ophthalmology"}
    assert 0 < report["history"][-1]["loss"] < 5
    assert (out / "confusion.svg").read_text("utf-8").endswith("</svg>\n")
    assert "macro-F1" in (out / "README.md").read_text("utf-8")
    assert not list(out.glob("*.bin"))
    card = json.loads((out / "triage.json").read_text("utf-8"))
    assert card["pooled"] is pooled
    model = FolderTriage(out)
    assert model.labels == ("dentistry", "ophthalmology")
    # The saved folder says what training measured: its accuracy on test again.
    test = split(jsonl(data)).test
    shown = np.stack([model.probabilities(r.question) for r in test])
    again = measured([r.label for r in test], shown, model.labels)
    assert again["accuracy"] == report["test"]["accuracy"]
    assert again["ece"] == pytest.approx(report["test"]["ece"], abs=0.02)
    found = triage("my tooth hurts", model=model)
    assert {d.department for d in found.departments} == set(model.labels)
    assert sum(d.probability for d in found.departments) == pytest.approx(1, abs=1e-4)


def test_dirty_lines_are_named_and_left_out(tmp_path, capsys):
    path = tmp_path / "rows.jsonl"
    path.write_text('{"question": " a  b ", "label": "x"}\nnot json\n{"question": "", "label": "x"}\n\n', "utf-8")
    assert [(r.question, r.label) for r in jsonl(path)] == [("a b", "x")]
    told = capsys.readouterr().err
    assert "rows.jsonl:2: left out" in told
    assert "rows.jsonl:3: left out" in told


def test_copies_go_conflicts_go_and_near_copies_of_test_go():
    def row(question, label="x"):
        return Row(question, label, (label,), "", "file")

    first = "why does my left knee hurt so much when I walk down the stairs"
    test = next(f"{first} {w}" for w in "abcdefghijklmnopqrstuvwxyz" if part_of(row(f"{first} {w}").key) == "test")
    near = next(f"{first} {w}" for w in "abcdefghijklmnopqrstuvwxyz" if part_of(row(f"{first} {w}").key) == "train")
    found = split([row(test), row(test.upper()), row(near), row("same text"), row("same text!", "y")])
    assert [r.question for r in found.test] == [test]
    assert found.train == []
    assert (found.removed["copies"], found.removed["conflicting"], found.removed["near_test_in_train"]) == (2, 1, 1)


def test_a_folder_that_is_no_model_and_too_few_rows_are_named(tmp_path, capsys):
    data = tmp_path / "rows.jsonl"
    data.write_text('{"question": "a", "label": "x"}\n', "utf-8")
    assert main(["--base", str(tmp_path), "--data", str(data), "--out", str(tmp_path / "o")]) == 1
    assert "too few rows" in capsys.readouterr().err
    assert main(["--data", str(data)]) == 1
    assert "--base" in capsys.readouterr().err


def test_measures_are_the_textbook_ones():
    shown = np.array([[0.9, 0.1], [0.6, 0.4], [0.2, 0.8], [0.7, 0.3]])
    told = measured(["a", "a", "b", "b"], shown, ["a", "b"])
    assert told["accuracy"] == 0.75
    assert told["classes"]["a"] == {"precision": 0.6667, "recall": 1.0, "f1": 0.8, "n": 2}
    assert told["macro_f1"] == pytest.approx((0.8 + 2 / 3) / 2, abs=1e-4)
    assert calibration_error(np.array([0.95, 0.95]), np.array([True, False])) == pytest.approx(0.45)
    drawing = confusion_svg(["a", "a", "<b>"], ["a", "<b>", "<b>"], title="x & y")
    assert drawing.count(">1</text>") == 3
    assert "x &amp; y" in drawing
    assert "&lt;b&gt;" in drawing
    assert "<b>" not in drawing
