"""An answer can be had again: the same bytes but for times on the same index, and what changed since otherwise."""

import json
from dataclasses import replace as changed

import pytest

import rag
from indexer.errors import ConfigError
from indexer.types import Filter
from rag.receipts import filter_from, plain
from rag.render_answer import answer_json
from rag.replay import compare, replay, timeless
from rag.settings import Settings
from tests.indexes import ROOT, run, write_documents

FILES = ("corpus_questions_en", "corpus_questions_zh", "corpus_unanswerable")


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    into = tmp_path_factory.mktemp("replay") / "index"
    rag.build([ROOT / "corpus"], into=into)
    return into


def questions():
    for name in FILES:
        for line in (ROOT / "tests" / f"{name}.jsonl").read_text("utf-8").splitlines():
            yield json.loads(line)["question"]


def asked(index, wanted):
    """(question, effort, filter) asked in this process, as `ask --json` would print the answers."""
    for effort in ("quick", "normal", "thorough"):
        with rag.open(index, effort=effort) as library:
            for question, own, where in wanted:
                if own == effort:
                    yield json.loads(json.dumps(answer_json(library.ask(question, where=where))))


def replayed(tmp_path, index, answers):
    """What `rag replay` says of them in another process."""
    saved = tmp_path / "answers.json"
    saved.write_text(json.dumps(answers), encoding="utf-8")
    done = run("replay", saved, "-i", index, check=False)
    return done.returncode, done.stdout


def test_a_few_of_every_kind_come_again_in_another_process(index, tmp_path):
    every = list(questions())
    wanted = [(q, "normal", None) for q in every[::20]] + [(every[1], "quick", "year<=2010")]
    code, said = replayed(tmp_path, index, list(asked(index, wanted)))
    assert (code, said.count("byte for byte") + said.count("逐字节一致")) == (0, len(wanted)), said


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_two_hundred_come_again_in_another_process(index, tmp_path):
    every = list(questions())
    wanted = [(q, effort, None) for effort in ("normal", "quick") for q in every]
    wanted += [(q, "thorough", "year>=1995") for q in every[::2]]
    assert len(wanted) == 200
    code, said = replayed(tmp_path, index, list(asked(index, wanted)))
    assert (code, said.count("byte for byte") + said.count("逐字节一致")) == (0, 200), said[:4000]


def test_what_changed_since_is_named(tmp_path):
    docs = write_documents(tmp_path / "docs", 6)
    rag.build([docs], into=tmp_path / "index", embedder="hashing")
    question = "How did metformin act in trial 0?"
    with rag.open(tmp_path / "index", effort="quick") as library:
        before = answer_json(library.ask(question, where="year>=1990"))
    assert before["receipt"]["where"] == {"year_from": 1990}
    assert before["receipt"]["models"].keys() == {"embedder"}
    assert replay(before, index=str(tmp_path / "index")).identical
    (docs / "d000.md").write_text((docs / "d000.md").read_text().replace("1 percent", "2 percent"), encoding="utf-8")
    rag.build([docs], into=tmp_path / "index", embedder="hashing")
    found = replay(before, index=str(tmp_path / "index"))
    assert not found.identical
    assert found.changed == (("generation", 1, 2),)
    assert "claims" in found.differs
    assert any("1 percent" in text for text in found.gone["sentence"])
    assert any("2 percent" in text for text in found.new["sentence"])
    (tmp_path / "a.json").write_text(json.dumps(before))
    done = run("replay", tmp_path / "a.json", "-i", tmp_path / "index", check=False)
    assert done.returncode == 1
    assert "generation: was 1, is 2" in done.stdout
    assert "sentence gone: In trial 0" in done.stdout


def test_an_answer_that_was_altered_is_found_out(index):
    ((before),) = asked(index, [("How does dapagliflozin act in heart failure?", "normal", None)])
    altered = json.loads(json.dumps(before))
    altered["claims"][0]["text"] += " Always."
    found = compare(altered, before)
    assert (found.identical, found.changed, found.differs) == (False, (), ("claims",))
    assert found.new["sentence"] == (before["claims"][0]["text"],)
    moved = json.loads(json.dumps(before))
    moved["hits"].reverse()
    assert compare(moved, before).differs == ("hits",)
    slower = json.loads(json.dumps(before))
    slower["receipt"]["seconds"] = {"retrieve": 9.0}
    assert compare(slower, before).identical
    other = json.loads(json.dumps(before))
    other["receipt"] |= {"version": "0.0.9", "models": before["receipt"]["models"] | {"reranker": "0" * 16}}
    assert [what for what, _, _ in compare(other, before).changed] == ["version", "models.reranker"]


def test_the_age_of_the_retraction_list_is_a_time():
    answer = {"notices": ["The retraction list is 45 days old (as of 2024-01-01); load a newer one."], "receipt": {}}
    assert timeless(answer) == timeless({**answer, "notices": [answer["notices"][0].replace("45", "46")]})
    assert timeless(answer) != timeless({**answer, "notices": [answer["notices"][0].replace("01-01", "01-02")]})


@pytest.mark.parametrize(
    ("name", "spec"),
    [("generator", "openai:x@http://127.0.0.1:9/v1"), ("judge", "nli:somebody/else"), ("reranker", "ce:x/y")],
)
def test_a_file_alone_calls_no_model(index, name, spec):
    ((before),) = asked(index, [("How does dapagliflozin act in heart failure?", "quick", None)])
    before["receipt"]["settings"][name] = spec
    with pytest.raises(ConfigError, match=f"ANAMNESIS_{name.upper()}={spec}"):
        replay(before, index=str(index))


def test_a_server_that_the_user_named_is_asked_again(index):
    ((before),) = asked(index, [("How does dapagliflozin act in heart failure?", "quick", None)])
    spec = "openai:x@http://127.0.0.1:9/v1"
    before["receipt"]["settings"]["generator"] = before["receipt"]["generator"] = spec
    found = replay(before, own=Settings(index=str(index), generator=spec))
    assert not found.identical
    assert any("127.0.0.1" in notice for notice in found.answer["notices"])


def test_filters_go_to_plain_values_and_back():
    where = Filter(year_from=2001, designs=("cohort", "meta-analysis"), journals=("Lancet",), allow_retracted=True)
    assert plain(where) == {
        "year_from": 2001,
        "designs": ["cohort", "meta-analysis"],
        "journals": ["Lancet"],
        "allow_retracted": True,
    }
    assert filter_from(json.loads(json.dumps(plain(where)))) == where
    assert plain(Filter()) == {}
    for wrong in (
        {"year_from": "2001"},
        {"designs": "cohort"},
        {"designs": [1]},
        {"allow_retracted": 1},
        {"no_such": 1},
    ):
        with pytest.raises(ConfigError, match=next(iter(wrong))):
            filter_from(wrong)
    assert plain(changed(where, year_from=None)).keys() == {"designs", "journals", "allow_retracted"}
