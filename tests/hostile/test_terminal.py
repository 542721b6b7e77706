"""No byte of data drives a terminal (H12): escape sequences, C1 controls and bidirectional marks in documents, titles,
questions and file names never reach stdout or stderr."""

import json
import random
import re

import pytest

import rag
from rag.render import console, excerpt_text, hits_text, plain_json, report_text, safe
from rag.render_answer import answer_json, answer_text
from tests.indexes import run

UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\U000e0000-\U000e007f]"
)
ATTACKS = [
    "\x1b[31mred\x1b[0m", "\x1b]8;;http://evil.example\x07click\x1b]8;;\x07", "\x1b]52;c;ZXZpbA==\x07", "\x1bP1$r\x1b\\",
    "\x9b31m", "\x9d52;c;eA==\x9c", "\u202egnp.exe", "\u2066hidden\u2069", "\x07\x08\x08\x08", "\r\x1b[2K", "\x0e\x0f",
    "\U000e0041\U000e0042", "\ufeff", "\x1b[?1049h", "\x1bc", "\x7f", "\u200b\u200d", "\x1b[6n", "[red]markup[/red]",
]  # fmt: skip


def attacks(count, seed=0):
    dice = random.Random(seed)
    for i in range(count):
        yield "".join(dice.sample(ATTACKS, 2)) + f" case {i}"


def own_words(i):
    """Twelve words that no other case has, so that no case counts as a copy of another."""
    return " ".join(f"{chr(97 + i % 26)}{chr(97 + i // 26 % 26)}word{j}" for j in range(12)) + "."


@pytest.mark.parametrize("count", [100, pytest.param(500, marks=pytest.mark.slow)])
def test_no_attack_in_a_document_survives(tmp_path, capsys, count):
    records = [
        {
            "id": f"t:{i}{attack}", "title": f"Trial {attack}", "authors": [attack], "journal": attack,
            "sections": [{"heading": f"Results {attack}", "text": f"In case {i} aspirin {attack} lowered the risk of stroke. {own_words(i)}"}],
            "links": {"doi": f"10.1/{attack}"},
        }
        for i, attack in enumerate(attacks(count))
    ]  # fmt: skip
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    report = rag.build([tmp_path / "a.jsonl"], into=tmp_path / "index", embedder="hashing")
    assert report.documents == count
    with rag.open(tmp_path / "index") as library:
        hits = library.search("aspirin stroke risk", k=count)
        assert len(hits) == count
        answer = library.ask("Did aspirin lower the risk of stroke?")
        console().print(hits_text(hits))
        console().print(answer_text(answer))
        console().print(report_text(report))
        for hit in hits[:20]:
            console().print(excerpt_text(library.show(hit.passage.id)))
        assert json.loads(json.dumps(answer_json(answer)))
    out, err = capsys.readouterr()
    assert len(out) > 100 * count
    assert not UNSAFE.findall(out + err)


def test_file_names_questions_and_errors(tmp_path):
    docs = tmp_path / "docs"
    docs.mkdir()
    for i, attack in enumerate(a for a in ATTACKS if "/" not in a):
        (docs / f"{i}{attack}.md").write_text("" if i % 2 else f"Report {i} on aspirin in stroke.")
    index = tmp_path / "index"
    built = run("index", docs, "--into", index, "--embedder", "hashing", check=False)
    assert built.returncode == 3
    printed = [built]
    for attack in ATTACKS:
        if "\x00" not in attack:
            printed += [run("ask", f"aspirin {attack}", "-i", index), run("ask", "x", "-i", f"no{attack}", check=False)]
    printed.append(run("show", f"x{ATTACKS[0]}", "-i", index, check=False))
    for done in printed:
        assert not UNSAFE.findall(done.stdout + done.stderr)


def test_safe_keeps_what_people_write():
    assert safe("β-blocker ≥5 mg/日\n二甲双胍 — é") == "β-blocker ≥5 mg/日\n二甲双胍 — é"
    assert safe("a\x1b[31mb") == "a?[31mb"


def test_json_says_everything_and_drives_nothing():
    what = {"title": "".join(ATTACKS) + "\n中文 café \u2029 \ud800"}
    printed = plain_json(what)
    assert json.loads(printed) == what
    assert not UNSAFE.search(printed)
    assert "中文 café" in printed
