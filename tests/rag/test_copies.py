"""One article and one text get few places among the hits, however many documents repeat them."""

import json
import random

import numpy as np
import pytest

import rag
from indexer.flood import are_copies, can_be_looked_up, word_pairs
from indexer.types import Filter, Source
from rag.copies import article

FILLER = (
    "in adults with chronic heart failure spironolactone reduced hospital admission over three years of follow up "
    "compared with placebo while serum potassium rose in a tenth of those who were treated and kidney function fell"
)


def changed(text, words, seed):
    rng, own = random.Random(seed), text.split()
    for i in rng.sample(range(len(own)), words):
        own[i] = f"w{seed}x{i}"
    return " ".join(own)


@pytest.fixture
def opened(tmp_path):
    made = []

    def build(records):
        file = tmp_path / "d.jsonl"
        file.write_text("".join(json.dumps(r) + "\n" for r in records))
        assert rag.build([file], into=tmp_path / "index", embedder="hashing:64").documents == len(records)
        made.append(rag.open(tmp_path / "index", reranker="none", effort="quick"))
        return made[-1]

    yield build
    for library in made:
        library.close()


def ids(hits):
    return [h.passage.source.id for h in hits]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (FILLER, FILLER, True),
        (FILLER, FILLER.upper() + "!", True),
        (FILLER, changed(FILLER, 2, 1), True),
        (changed(FILLER, 2, 1), changed(FILLER, 2, 2), True),
        (FILLER, changed(FILLER, 8, 1), False),
        (FILLER, f"{FILLER} and nobody was harmed", True),
        (FILLER, f"{FILLER} {FILLER[::-1]} and more {FILLER[::-1][5:]} words", False),
        ("aspirin helps", "aspirin helps", True),
        ("aspirin helps here", "aspirin helps there", False),
        ("二甲双胍可以降低血糖并减轻体重适用于成人患者", "二甲双胍可以降低血糖并减轻体重适用于成年患者", True),
        ("二甲双胍可以降低血糖并减轻体重适用于成人患者", "阿司匹林能够预防血栓但是会增加出血老年人慎用", False),
    ],
)
def test_copies_share_their_word_pairs(one, other, expected):
    assert are_copies(word_pairs(one), word_pairs(other)) is expected
    assert are_copies(word_pairs(other), word_pairs(one)) is expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (Source("a", links={"pmid": "1"}), True),
        (Source("a", links={"doi": "10.1/x"}), True),
        (Source("a", journal="Gut", year=2020), True),
        (Source("a", journal="Gut"), False),
        (Source("a", links={"url": "https://a.org", "path": "a.txt"}), False),
    ],
)
def test_who_can_be_looked_up(source, expected):
    assert can_be_looked_up(source) is expected


def test_names_of_an_article():
    assert article(Source("pmid:1", links={"pmid": "1", "doi": "10.1/AB"})) == {"pmid:1", "doi:10.1/ab"}


def test_abstract_and_full_text_of_one_article_have_one_sources_places(opened):
    sections = [
        {"heading": h, "text": f"{h} of spironolactone: {changed(FILLER, 20, i)}."}
        for i, h in enumerate(["Results", "Conclusions", "Safety"])
    ]
    abstract = {"id": "pmid:7", "kind": "abstract", "text": f"Spironolactone abstract. {changed(FILLER, 20, 9)}.",
                "links": {"pmid": "7", "doi": "10.5/Heart"}}  # fmt: skip
    library = opened(
        [
            abstract,
            {"doi": "10.5/heart", "sections": sections},
            {"id": "o:1", "text": f"Other. {changed(FILLER, 20, 5)}."},
        ]
    )
    found = ids(library.search("Does spironolactone reduce admission?", k=10))
    assert sorted(found.count(i) for i in ("pmid:7", "doi:10.5/heart")) in ([0, 3], [1, 2])
    assert found.count("o:1") == 1


def test_200_copies_get_one_place_and_the_known_source_another(opened):
    original = {"id": "pmid:1", "text": f"{FILLER}.", "links": {"pmid": "1"}}
    copies = [{"id": f"copy:{i}", "text": f"{changed(FILLER, 1, i)}."} for i in range(200)]
    others = [{"id": f"other:{i}", "text": f"spironolactone {changed(FILLER, 20, 1000 + i)}."} for i in range(12)]
    library = opened([*copies[:100], original, *copies[100:], *others])
    question = "Does spironolactone reduce hospital admission in adults with chronic heart failure?"
    found = ids(library.search(question, k=10))
    assert len(found) == 10
    assert "pmid:1" in found
    assert sum(i.startswith("copy:") for i in found) <= 1
    assert sum(i.startswith("other:") for i in found) >= 8


def test_a_crowd_is_searched_past_and_few_are_not(opened):
    copies = [{"id": f"copy:{i}", "text": f"{changed(FILLER, 1, i)}."} for i in range(60)]
    others = [{"id": f"other:{i}", "text": f"spironolactone {changed(FILLER, 20, 1000 + i)}."} for i in range(12)]
    index = opened([*copies, *others]).index
    allowed = index.allowed(Filter())
    vector = index.embedder.encode_questions([FILLER])[0]
    for rows, _ in (index.search_dense(vector, 20, allowed), index.search_lexical(FILLER, 20, allowed)):
        found = [index.passage(r).source.id for r in rows.tolist()]
        assert sum(i.startswith("copy:") for i in found) == 2
        assert sum(i.startswith("other:") for i in found) == 12
    few = np.zeros_like(allowed)
    few[:5] = True
    assert len(index.search_dense(vector, 20, few)[0]) == 5


def test_a_copy_outside_the_filter_takes_no_place(opened):
    copies = [{"id": f"copy:{i}", "text": f"{changed(FILLER, 1, i)}.", "year": 1990} for i in range(60)]
    library = opened([*copies, {"id": "new:1", "text": f"{changed(FILLER, 1, 99)}.", "year": 2020}])
    assert ids(library.search("spironolactone heart failure", k=10, where=Filter(year_from=2000))) == ["new:1"]
