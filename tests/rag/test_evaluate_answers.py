"""Measuring answers: each measure against values worked out by hand, both formats of questions, and the command."""

import json
import re

import pytest

import rag
from indexer.errors import ConfigError, RagError
from indexer.types import Passage, Source
from rag.evaluate import answers, calibration, citations, exact, overlap
from rag.evaluate.answer_questions import Gold, read
from rag.evaluate.command import pace
from rag.types import Answer, BottomLine, Citation, Claim, Hit, Receipt, Span
from tests.indexes import run as command

# Wording


def test_rouge_words():
    assert overlap.words("IL-6 (TNF-α), 阿司匹林!") == ["il", "6", "tnf", "阿", "司", "匹", "林"]
    assert overlap.words("gas trials", stem=lambda w: w.rstrip("s")) == ["gas", "trial"]


def test_rouge_2():
    # 5 bigrams each; "the cat", "on the" and "the mat" are shared.
    found = overlap.rouge("the cat sat on the mat".split(), ["the cat was on the mat".split()])
    assert found["ROUGE-2 recall"] == pytest.approx(0.6)
    assert found["ROUGE-2 F1"] == pytest.approx(0.6)
    # A shorter answer: 1 of 5 bigrams found, 1 of its 2 right.
    found = overlap.rouge("the cat sat".split(), ["the cat was on the mat".split()])
    assert found["ROUGE-2 recall"] == pytest.approx(0.2)
    assert found["ROUGE-2 F1"] == pytest.approx(2 * 0.2 * 0.5 / 0.7)


def test_rouge_su4():
    # Lin's example: 3 of 6 skip-bigrams and 3 of 4 words are shared.
    found = overlap.rouge("police kill the gunman".split(), ["police killed the gunman".split()])
    assert found["ROUGE-SU4 recall"] == pytest.approx(0.6)
    # Seven words: 7, and 6 + 5 + 4 + 3 + 2 pairs with at most four words between them.
    units = overlap.skip_units("a b c d e f g".split())
    assert units.total() == 27
    assert ("a", "f") in units
    assert ("a", "g") not in units


def test_rouge_takes_the_best_reference_of_several():
    found = overlap.rouge("a b c".split(), ["x y".split(), "a b".split(), "a b c d e".split()])
    assert found["ROUGE-2 recall"] == 1.0  # the second: 1 of 1
    assert found["ROUGE-2 F1"] == pytest.approx(2 / 3)  # the second: 1 of 1, 1 of 2; the third: 2 of 4, 2 of 2
    assert overlap.rouge([], ["a b".split()])["ROUGE-2 F1"] == 0.0


def test_opening_is_as_long_as_the_answer():
    assert overlap.opening(["One two.", "Three four five."], 4) == ["one", "two", "three", "four"]
    assert overlap.opening(["One two."], 0) == []


# Short answers


def test_factoid_counts_the_rank_of_the_first_right_name():
    synonyms = ["Factor XIa", "FXIa"]
    assert exact.factoid(["the factor XIa"], synonyms) == {"strict accuracy": 1, "lenient accuracy": 1, "MRR": 1}
    assert exact.factoid(["thrombin", "FXIa"], synonyms) == {"strict accuracy": 0, "lenient accuracy": 1, "MRR": 0.5}
    assert exact.factoid([*list("abcde"), "FXIa"], synonyms)["lenient accuracy"] == 0
    assert exact.factoid([], synonyms)["MRR"] == 0
    assert exact.factoid(["-"], ["?"])["strict accuracy"] == 0


def test_names_are_compared_by_letters_and_digits():
    assert exact.same("IL 6", ["IL-6"])
    assert exact.same("The β-catenin", ["β catenin"])
    assert not exact.same("IL-6", ["IL-16"])


def test_list_counts_each_thing_once():
    names = [["casirivimab", "REGN10933"], ["imdevimab", "REGN10987"]]
    found = exact.listed(["casirivimab", "REGN10987", "remdesivir"], names)
    assert found == {"precision": pytest.approx(2 / 3), "recall": 1.0, "F1": pytest.approx(0.8)}
    assert exact.listed(["casirivimab", "REGN10933"], names) == {"precision": 0.5, "recall": 0.5, "F1": 0.5}
    assert exact.listed(["Imdevimab", "imdevimab"], names)["precision"] == 1.0
    assert exact.listed([], names) == {"precision": 0.0, "recall": 0.0, "F1": 0.0}


def test_names_in_a_text():
    names = [["factor XIa", "FXIa"], ["IL6"], ["阿司匹林"]]
    assert exact.named("It blocks factor XIa and IL-6.", names) == pytest.approx(2 / 3)
    assert exact.named("服用阿司匹林。", names) == pytest.approx(1 / 3)
    assert exact.named("It blocks FXIab and IL-60.", names) == 0


def test_yes_no():
    pairs = [("yes", "yes"), ("yes", "yes"), ("yes", None), ("no", "yes"), ("no", "no")]
    found = exact.decided(pairs)
    assert found["accuracy"] == pytest.approx(0.6)
    assert found["F1 yes"] == pytest.approx(2 * 2 / (3 + 3))
    assert found["F1 no"] == pytest.approx(2 * 1 / (1 + 2))
    assert exact.decided([("yes", "yes"), ("no", "yes")])["macro F1"] == pytest.approx((2 / 3 + 0) / 2)
    three = ("yes", "no", "maybe")
    assert [exact.label(v, three) for v in ("yes", "no", "mixed", "unclear", None)] == ["yes", "no", *["maybe"] * 3]
    assert [exact.label(v, three[:2]) for v in ("no", "mixed", None)] == ["no", None, None]


def test_first_noun_phrases():
    sentence = "Milvexian is a small molecule, active-site inhibitor of factor XIa."
    found = exact.phrases(sentence, "Which factor is inhibited by Milvexian?")
    assert found == ["small molecule", "active-site inhibitor", "factor XIa"]
    assert exact.phrases("", "Why?") == []


# Confidence


CONFIDENCE, OUTCOME = [0.95, 0.85, 0.85, 0.25], [1.0, 1.0, 0.0, 0.0]


def test_calibration_error():
    # Widths: |1 − .95| + 2 × |.5 − .85| + |0 − .25| = 1.0 over 4. Halves: 2 × |.5 − .55| + 2 × |.5 − .9| over 4.
    assert calibration.ece(CONFIDENCE, OUTCOME) == pytest.approx(0.25)
    assert calibration.ece(CONFIDENCE, OUTCOME, mass=True, bins=2) == pytest.approx(0.225)
    assert calibration.brier(CONFIDENCE, OUTCOME) == pytest.approx((0.0025 + 0.0225 + 0.7225 + 0.0625) / 4)
    table = calibration.reliability(CONFIDENCE, OUTCOME)
    assert [(b.low, b.high, b.count, b.right) for b in table] == [
        (0.2, 0.3, 1, 0),
        (0.8, 0.9, 2, 0.5),
        (0.9, 1.0, 1, 1),
    ]
    assert [b.count for b in calibration.reliability([0.0, 0.1, 0.11, 1.0], [0, 0, 0, 0])] == [2, 1, 1]
    assert calibration.ece([], []) == calibration.brier([], []) == calibration.aurc([], []) == 0


def test_risk_and_coverage():
    # The two at .85 are a tie: each stands for half a mistake, in whatever order they come.
    curve = calibration.risk_coverage(CONFIDENCE, OUTCOME)
    assert [c for c, _ in curve] == [0.25, 0.5, 0.75, 1.0]
    assert [r for _, r in curve] == pytest.approx([0, 0.25, 1 / 3, 0.5])
    assert calibration.aurc(CONFIDENCE, OUTCOME) == pytest.approx((0.25 + 1 / 3 + 0.5) / 4)
    assert calibration.aurc([0.5] * 4, OUTCOME) == pytest.approx(0.5)


def test_refusals():
    found = calibration.refusals([True, True, True, False, False], [True, False, False, True, False])
    assert found == {"over-refusal": pytest.approx(1 / 3), "abstain recall": 0.5, "abstain precision": 0.5}
    assert calibration.refusals([True, True], [False, False]) == {"over-refusal": 0.0}


# Citations


class AllWords:
    """Supports a claim when the text has all its words."""

    def verdicts(self, pairs):
        return ["supported" if set(c.split()) <= set(t.split()) else "partial" for c, t in pairs]


class NoWords:
    """Supports nothing."""

    def verdicts(self, pairs):
        return ["unsupported" for _ in pairs]


def claim(text, *quotes):
    source = Source("t:1", title="Title")
    cited = [Citation(i, Passage(source, "", None, 0, len(q), q), q, 0, len(q)) for i, q in enumerate(quotes, 1)]
    return Claim(text, tuple(cited), "supported")


def test_citation_recall_and_precision():
    claims = [claim("a b", "a b"), claim("c d", "c", "d"), claim("e", "e", "x"), claim("z", "q"), claim("y")]
    # Supported: three of five claims. Needed: "a b", "c", "d" and "e" of six citations; "x" is to spare, "q" is wrong.
    assert citations.cited_well(claims, AllWords()) == {"recall": 0.6, "precision": pytest.approx(4 / 6)}
    assert citations.cited_well([], AllWords()) == {}
    assert citations.cited_well([claim("a b", "a b")], NoWords())["recall"] == 1  # its own quote: nobody is asked
    titled = [claim("Title a", "a")]
    assert citations.cited_well(titled, AllWords())["recall"] == 0
    assert citations.cited_well(titled, AllWords(), text=citations.passage)["recall"] == 1


def numbers_missing(claim, quote, *, context=""):
    return sorted(set(re.findall(r"\d+", claim)) - set(re.findall(r"\d+", f"{quote} {context}")))


def test_untraced_numbers():
    claims = [claim("5 of 20", "5 in 20"), claim("7 of 30", "7", "31"), claim("1 and 2", "none")]
    assert citations.untraced_numbers(claims, numbers_missing) == 3  # 30, 1 and 2
    dated = Passage(Source("t:1", title="Type 2", year=2019), "Part 3", None, 0, 1, "x")
    about = Claim("2019: type 2, part 3, 4 men", (Citation(1, dated, "x", 0, 1),))
    assert citations.untraced_numbers([about], numbers_missing) == 1


# Whole answers


def answered(text, *, verdict=None, confidence=0.5, short=(), source="t:1"):
    passage = Passage(Source(source), "", None, 0, len(text), text)
    citation = Citation(1, passage, text, 0, len(text))
    claims = (Claim(text, (citation,), "supported"),) if text else ()
    hits = (Hit(passage, 1.0, {}), Hit(passage, 0.5, {}))
    line = BottomLine("factoid", "", tuple(Span(name, 1.0, citation) for name in short)) if short else None
    return Answer(
        "Why?", "answered" if text else "abstained", None, verdict, confidence, claims, hits, (),
        Receipt(1, "", "", {}, {}, (90, 10)), bottom_line=line,
    )  # fmt: skip


QUESTIONS = [
    Gold("y", "y?", "yesno", label="yes", labels=("yes", "no"), relevant=frozenset({"t:1"})),
    Gold("n", "n?", "yesno", label="no", labels=("yes", "no")),
    Gold("f", "f?", "factoid", names=(("factor XIa",),), ideal=("It blocks factor XIa.",)),
    Gold("l", "l?", "list", names=(("a",), ("b",))),
    Gold("u", "u?", "summary", answerable=False),
]
GIVEN = {
    "y?": answered("Yes it does.", verdict="yes", confidence=0.9),
    "n?": answered("It does 5.", verdict="mixed", confidence=0.6),
    "f?": answered("Milvexian blocks factor XIa.", short=["thrombin", "Factor XIa"]),
    "l?": answered(""),
    "u?": answered("", confidence=0.0),
}


def test_a_set_of_answers():
    probes = answers.Probes(AllWords(), numbers_missing)
    seen = []
    measured = answers.run(QUESTIONS, GIVEN.__getitem__, probes=probes, progress=seen.append)
    assert measured.complete
    assert seen == [1, 2, 3, 4, 5]
    found = answers.summary(measured)
    assert found["yes/no"]["n"] == 2
    assert found["yes/no"]["accuracy"] == 0.5
    assert found["yes/no"]["coverage"] == 0.5
    assert found["yes/no"]["macro F1"] == 0.5
    assert found["factoid"]["MRR"] == 0.5
    assert found["factoid"]["in the text"] == 1.0
    assert found["factoid"]["baseline strict accuracy"] == 0.0
    assert found["factoid"]["baseline lenient accuracy"] == 0.0
    assert found["list"] == {
        "n": 1, "precision": 0, "recall": 0, "F1": 0, "baseline precision": 0, "baseline recall": 0, "baseline F1": 0,
        "coverage": 0, "in the text": 0,
    }  # fmt: skip
    assert found["overlap"]["ROUGE-2 recall"] == pytest.approx(2 / 3, abs=1e-4)
    assert found["sources"] == {"n": 1, "any is relevant": 1.0, "first is relevant": 1.0}
    assert found["citations"] == {"n": 3, "recall": 1.0, "precision": 1.0}
    assert found["numbers"] == {"n": 3, "untraced": 0.0, "answers with one": 0.0}
    assert found["abstention"]["over-refusal"] == 0.25
    assert found["abstention"]["abstain recall"] == 1.0
    assert found["abstention"]["abstain precision"] == 0.5
    assert found["confidence: verdict"]["n"] == 2
    assert found["confidence: verdict"]["Brier"] == pytest.approx((0.1**2 + 0.6**2) / 2, abs=1e-4)
    assert found["confidence: verdict"]["AURC"] == pytest.approx((0 + 0.5) / 2)
    assert found["confidence: verdict"]["risk at coverage"] == {"25%": 0.0, "50%": 0.0, "75%": 0.5, "100%": 0.5}
    assert found["cost"]["n"] == 5
    assert found["cost"]["tokens median"] == found["cost"]["tokens p95"] == 100
    assert 0 <= found["cost"]["seconds median"] <= found["cost"]["seconds p95"]


def test_flips():
    first, other = answered("A.", verdict="yes", short=["x"]), answered("B.", verdict="no", short=["X", "y"])
    assert answers.flipped(first, other) == {"verdict flips": 1, "short answer flips": 0, "text changes": 1}
    assert answers.flipped(first, first) == {"verdict flips": 0, "short answer flips": 0, "text changes": 0}
    orders = []

    def from_hits(question, hits):
        orders.append([h.score for h in hits])
        return other

    values = answers.examine(QUESTIONS[0], first, answers.Probes(from_hits=from_hits))
    assert orders == [[0.5, 1.0]]
    assert values["order: verdict flips"] == 1


def test_stopping_keeps_what_was_measured():
    def ask(question):
        if question == "f?":
            raise KeyboardInterrupt
        return GIVEN[question]

    measured = answers.run(QUESTIONS, ask)
    assert not measured.complete
    assert list(measured.rows) == ["y", "n"]
    assert answers.summary(measured)["yes/no"]["n"] == 2


def test_failures_are_counted_and_left_out():
    def ask(question):
        if question == "n?":
            raise RagError("no server")
        return GIVEN[question]

    measured = answers.run(QUESTIONS, ask)
    assert measured.complete
    assert measured.failed == {"n": "no server"}
    assert answers.summary(measured)["yes/no"]["accuracy"] == 1.0
    assert [r["error"] for r in answers.records(measured) if "error" in r] == ["no server"]

    def down(question):
        raise RagError(f"{question} no server")

    with pytest.raises(RagError, match=r"f\? no server"):
        answers.run(QUESTIONS, down)


def test_two_configurations_are_compared_on_common_questions():
    first = answers.run(QUESTIONS, GIVEN.__getitem__)
    better = GIVEN | {"f?": answered("Factor XIa.", short=["factor XIa"])}
    second = answers.run(QUESTIONS[2:], better.__getitem__)
    found = answers.difference(first, second)
    assert found["factoid: strict accuracy"] == {"difference": 1.0, "better": 1, "worse": 0, "p": 1.0}
    assert "yes/no: accuracy" not in found
    assert not [name for name in found if "baseline" in name]


def test_progress_says_rate_and_time_left():
    assert pace(12, 60, 8.0) == "12/60 questions, 1.5/s, 0:32 left "
    assert pace(1, 100, 40.0) == "1/100 questions, 0.025/s, 66:00 left "


# Questions and the command


def write(path, *objects):
    path.write_text("\n".join(map(json.dumps, objects)))
    return path


def test_bioasq_format(tmp_path):
    found = read(
        write(
            tmp_path / "q.jsonl",
            {"id": 1, "question": "a?", "type": "yesno", "exact_answer": "Yes", "relevant": ["pmid:1"]},
            {"id": 2, "question": "b?", "type": "factoid", "exact_answer": [["x"], ["y", "z"]], "ideal_answer": ["X."]},
            {"id": 3, "question": "c?", "type": "list", "exact_answer": [["x"], ["y", "z"]]},
            {
                "id": 4,
                "question": "d?",
                "type": "summary",
                "exact_answer": None,
                "ideal_answer": "D.",
                "answerable": False,
            },
        )
    )
    assert [q.label for q in found] == ["yes", None, None, None]
    assert {q.labels for q in found} == {("yes",)}
    assert found[0].relevant == {"pmid:1"}
    assert found[1].names == (("x", "y", "z"),)
    assert found[2].names == (("x",), ("y", "z"))
    assert [q.ideal for q in found] == [(), ("X.",), (), ("D.",)]
    assert [q.answerable for q in found] == [True, True, True, False]


def test_pubmedqa_format(tmp_path):
    found = read(
        write(
            tmp_path / "q.jsonl",
            {"id": "p:1", "question": "a?", "label": "maybe", "conclusion": "Perhaps."},
            {"id": "p:2", "question": "b?", "final_decision": "no", "long_answer": "No."},
        )
    )
    assert [(q.type, q.label, q.ideal) for q in found] == [("yesno", "maybe", ("Perhaps.",)), ("yesno", "no", ("No.",))]
    assert found[0].labels == ("no", "maybe")


@pytest.mark.parametrize(
    "line",
    [
        "[1]",
        '{"id": 1}',
        "",
        '{"id": 1, "question": "q", "type": "poem"}',
        '{"id": 1, "question": "q", "type": "yesno", "exact_answer": "perhaps"}',
        '{"id": 1, "question": "q", "type": "list", "exact_answer": 5}',
        '{"id": 1, "question": "q"}\n{"id": "1", "question": "r"}',
    ],
)
def test_wrong_questions(tmp_path, line):
    (tmp_path / "q.jsonl").write_text(line)
    with pytest.raises(ConfigError, match=r"q\.jsonl"):
        read(tmp_path / "q.jsonl")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("answers")
    texts = {
        "t:1": "Aspirin lowered the risk of stroke by 20 percent in adults.",
        "t:2": "Statins did not harm the liver in adults over five years.",
    }
    (folder / "d.jsonl").write_text("\n".join(json.dumps({"id": i, "text": t}) for i, t in texts.items()))
    write(
        folder / "q.jsonl",
        {"id": "a", "question": "What did aspirin lower the risk of?", "type": "factoid", "exact_answer": ["stroke"],
         "ideal_answer": [texts["t:1"]], "relevant": ["t:1"]},
        {"id": "b", "question": "Do statins harm the liver?", "type": "yesno", "exact_answer": "no", "relevant": ["t:2"]},
        {"id": "c", "question": "Does zorblaxin cure quuxitis?", "type": "yesno", "answerable": False},
    )  # fmt: skip
    rag.build([folder / "d.jsonl"], into=folder / "index", embedder="hashing")
    return folder


def test_command_json(folder):
    done = command(
        "eval", "answers", folder / "q.jsonl", "-i", folder / "index", "--config", "reranker=none", "--against",
        "effort=quick,reranker=none", "--orders", "--per-question", folder / "rows.jsonl", "--json",
    )  # fmt: skip
    found = json.loads(done.stdout)
    assert found["counts"]["reranker=none"] == {"measured": 3, "failed": 0, "complete": True}
    first = found["configurations"]["reranker=none"]
    assert first["sources"] == {"n": 2, "any is relevant": 1.0, "first is relevant": 1.0}
    assert first["factoid"]["in the text"] == 1.0
    assert first["overlap"]["ROUGE-2 recall"] == 1.0
    assert first["abstention"]["over-refusal"] == 0.0
    assert first["abstention"]["abstain recall"] == 1.0
    assert first["order"]["verdict flips"] == 0.0
    assert found["comparison"]["overlap: ROUGE-2 recall"]["difference"] == 0.0
    rows = [json.loads(line) for line in (folder / "rows.jsonl").read_text().splitlines()]
    assert [r["id"] for r in rows] == ["a", "b", "c"]
    assert rows[2]["status"] == "abstained"


def test_command_table(folder):
    done = command(
        "eval", "answers", folder / "q.jsonl", "-i", folder / "index", "--config", "effort=quick", "--limit", "1"
    )
    lines = [line.split() for line in done.stdout.splitlines()]
    assert lines[0] == ["effort=quick:", "1", "of", "1", "questions,", "0", "failed"]
    assert ["ROUGE-2", "recall", "1.0"] in lines
    wrong = command("eval", "answers", folder / "q.jsonl", "-i", folder / "index", "--config", "depth=3", check=False)
    assert wrong.returncode == 1
    assert "expected generator=…, effort=…, reranker=…, judge=…" in wrong.stderr
