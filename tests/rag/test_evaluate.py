"""Measuring retrieval: judged questions are read, hits become units, and the arithmetic is right."""

import json

import pytest

import rag
from indexer.errors import ConfigError
from rag.evaluate.questions import read, read_run
from rag.evaluate.retrieval import compared, run, score
from rag.settings import EFFORTS
from tests.indexes import run as command

ABOUT = {
    "t:1": "aspirin and stroke",
    "t:2": "statins and liver",
    "t:3": "insulin and weight",
    "t:4": "aspirin and ulcers",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("evaluate")
    lines = [json.dumps({"id": i, "text": f"This report is about {t} in adults."}) for i, t in ABOUT.items()]
    (folder / "d.jsonl").write_text("\n".join(lines))
    questions = [
        {"id": "a", "question": "aspirin stroke", "relevant": ["t:1"]},
        {"id": "b", "question": "statins liver", "relevant": {"t:2": 1, "t:9": 1}},
        {"id": "c", "question": "insulin weight", "relevant": ["t:3:0-20"]},
    ]
    (folder / "q.jsonl").write_text("\n".join(map(json.dumps, questions)))
    rag.build([folder / "d.jsonl"], into=folder / "index", embedder="hashing")
    return folder


def test_scores(folder):
    judged = read(folder / "q.jsonl")
    with rag.open(folder / "index", reranker="none") as library:
        found, times = run(library.index, judged, effort=EFFORTS["quick"], reranker=None)
    outcome = score(judged, found, times)
    assert outcome.per_question["MRR@10"] == {"a": 1.0, "b": 1.0, "c": 1.0}
    assert outcome.per_question["R@100"] == {"a": 1.0, "b": 0.5, "c": 1.0}
    assert outcome.per_question["Success@10"]["c"] == 1.0
    assert outcome.summary()["R@100"] == pytest.approx(0.8333, abs=1e-4)
    assert compared(outcome, outcome)["nDCG@10"] == {"difference": 0.0, "better": 0, "worse": 0, "p": 1.0}


def test_a_run_of_another_system(folder):
    (folder / "other.trec").write_text("a Q0 t:4 1 2.0 x\na Q0 t:1 2 1.0 x\nb Q0 t:2 1 1.0 x\n")
    outcome = score(read(folder / "q.jsonl"), read_run(folder / "other.trec"))
    assert outcome.per_question["MRR@10"] == {"a": 0.5, "b": 1.0, "c": 0.0}
    (folder / "bad.trec").write_text("a Q0\n")
    with pytest.raises(ConfigError, match=r"bad\.trec, line 1"):
        read_run(folder / "bad.trec")


def test_beir(folder):
    beir = folder / "beir"
    (beir / "qrels").mkdir(parents=True)
    (beir / "corpus.jsonl").write_text(
        "\n".join(json.dumps({"_id": i, "title": t, "text": f"About {t}."}) for i, t in ABOUT.items())
    )
    (beir / "queries.jsonl").write_text(json.dumps({"_id": "a", "text": "aspirin stroke"}) + "\n")
    (beir / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\na\tt:1\t1\n")
    done = command("eval", "retrieval", str(beir), "--config", "effort=quick", "--against", "expand=off", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["configurations"]["effort=quick"]["nDCG@10"] == 1.0
    assert found["comparison"]["nDCG@10"]["p"] == 1.0


@pytest.mark.parametrize("line", ["[1]", '{"id": 1}', "x", '{"id": 1, "question": "q", "relevant": []}'])
def test_wrong_questions(tmp_path, line):
    (tmp_path / "q.jsonl").write_text(line)
    with pytest.raises(ConfigError, match=r"q\.jsonl"):
        read(tmp_path / "q.jsonl")
