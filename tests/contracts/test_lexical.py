"""What the LexicalIndex must do: which words find which passage, within `allowed`, across generations."""

import numpy as np
import pytest

from indexer.errors import IndexCorrupt
from indexer.lexical import Entry, TantivyLexical, chinese_terms

ENTRIES = [
    Entry(0, "SPRINT", "Results", "Intensive blood-pressure lowering reduced cardiovascular events."),
    Entry(1, "糖尿病的药物治疗", "结果", "二甲双胍可降低空腹血糖。"),
    Entry(2, "Metformin", "Results", "The drug lowers fasting glucose in adults."),
    Entry(3, "Asthma", "", "Inhaled budesonide reduces exacerbations of asthma."),
]
ALL = np.ones(4, bool)


@pytest.fixture
def lexical(tmp_path):
    index = TantivyLexical.create(tmp_path / "lexical-1")
    index.write(ENTRIES)
    return index


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("Does lowering the blood pressure reduce events?", 0),
        ("event reduction", 0),  # stems
        ("metformin", 2),  # the title is searched
        ("二甲双胍", 1),
        ("血糖", 1),
        ("budesonide AND (asthma OR \"", 3),  # query syntax has no meaning
    ],
)  # fmt: skip
def test_finds(lexical, question, first):
    assert lexical.search(question, 4, ALL)[0].tolist()[0] == first


def test_scores_fall(lexical):
    rows, scores = lexical.search("glucose metformin asthma", 4, ALL)
    assert sorted(rows.tolist()) == [2, 3]
    assert scores.tolist() == sorted(scores.tolist(), reverse=True)


@pytest.mark.parametrize("question", ["", "?", "zzzz", "\x00"])
def test_nothing_to_find(lexical, question):
    assert lexical.search(question, 4, ALL)[0].tolist() == []


@pytest.mark.parametrize("allowed", [[1, 0, 0, 0], [0, 0, 0, 1], [1, 1, 0, 1], [0, 0, 0, 0], [1]])
def test_searches_only_within_allowed(lexical, allowed):
    allowed = np.array(allowed, bool)
    rows, _ = lexical.search("events glucose exacerbations 血糖", 4, allowed)
    assert set(rows.tolist()) == {r for r in range(4) if r < len(allowed) and allowed[r]}


def test_a_new_generation_leaves_the_old_one_alone(lexical, tmp_path):
    newer = TantivyLexical.create(tmp_path / "lexical-2", previous=tmp_path / "lexical-1")
    newer.write([Entry(4, "Gout", "", "Colchicine treats gout.")], removed=[3])
    assert len(newer) == 4
    assert newer.search("asthma", 4, np.ones(5, bool))[0].tolist() == []
    assert newer.search("gout", 4, np.ones(5, bool))[0].tolist() == [4]
    old = TantivyLexical.load(tmp_path / "lexical-1", count=4)
    assert old.search("asthma", 4, ALL)[0].tolist() == [3]


def test_refuses_what_the_manifest_does_not_describe(lexical, tmp_path):
    with pytest.raises(IndexCorrupt, match="holds 4 passages, the manifest says 5"):
        TantivyLexical.load(tmp_path / "lexical-1", count=5)
    (tmp_path / "lexical-1" / "meta.json").write_text("{")
    with pytest.raises(IndexCorrupt, match="tantivy cannot open it"):
        TantivyLexical.load(tmp_path / "lexical-1", count=4)


def test_chinese_terms():
    assert chinese_terms("用二甲双胍 500 mg") == [
        "用",
        "二",
        "甲",
        "双",
        "胍",
        "用二",
        "二甲",
        "甲双",
        "双胍",
    ]
    assert chinese_terms("none") == []


def test_question_words_are_left_out(lexical):
    assert [t for f, t in lexical.terms("What is the effect of metformin?") if f == "exact"] == [
        "effect",
        "metformin",
    ]
    assert [t for f, t in lexical.terms("二甲双胍是什么？") if f == "zh"] == chinese_terms("二甲双胍")


@pytest.mark.parametrize(("question", "first"), [("咳嗽，头痛，又咳嗽", 0), ("头痛，咳嗽，又头痛", 1)])
def test_what_a_chinese_question_repeats_counts_more(tmp_path, question, first):
    index = TantivyLexical.create(tmp_path / "lexical-1")
    index.write([Entry(0, "", "", "咳嗽宜多饮水。"), Entry(1, "", "", "头痛宜多休息。")])
    rows, scores = index.search(question, 2, np.ones(2, bool))
    assert rows.tolist()[0] == first
    assert scores[0] > scores[1]
