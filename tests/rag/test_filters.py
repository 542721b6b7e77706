"""The filter language, and P2: whatever is asked, no search gives a row outside what the filter admits."""

import json
import random

import pytest

import rag
from indexer.errors import ConfigError
from indexer.types import Filter
from rag.filters import parse
from rag.retrieve import asked, retrieve
from rag.settings import EFFORTS

DESIGNS = ("randomized controlled trial", "cohort", "case report", "not stated")
WORDS = "aspirin statin stroke asthma insulin cancer vaccine fever child heart kidney trial dose risk".split()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("year>=2015", Filter(year_from=2015)),
        ("year>2015 year<=2019", Filter(year_from=2016, year_to=2019)),
        ("year:2015..2019", Filter(year_from=2015, year_to=2019)),
        ("year=2015", Filter(year_from=2015, year_to=2015)),
        ("design:rct,meta-analysis", Filter(designs=("randomized controlled trial", "meta-analysis"))),
        ('journal:"The Lancet",BMJ', Filter(journals=("The Lancet", "BMJ"))),
        ("language:en kind:article source:pmid:1", Filter(languages=("en",), kinds=("article",), sources=("pmid:1",))),
        ("retracted:yes", Filter(allow_retracted=True)),
        ("  ", Filter()),
    ],
)
def test_parse(text, expected):
    assert parse(text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("yaer>=2015", "did you mean 'year'"),
        ("year>=15", "expected one year"),
        ("design:rtc", "did you mean 'rct'"),
        ("design>=rct", "only year is compared"),
        ("metformin", "expected field:value"),
        ("retracted:maybe", "expected yes or no"),
        ('journal:"Lancet', "expected field:value"),
    ],
)
def test_wrong_filters_are_explained(text, message):
    with pytest.raises(ConfigError, match=message):
        parse(text)


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder, rng = tmp_path_factory.mktemp("filters"), random.Random(3)
    with (folder / "d.jsonl").open("w") as file:
        for i in range(300):
            record = {
                "id": f"t:{i}", "title": " ".join(rng.sample(WORDS, 3)), "text": " ".join(rng.choices(WORDS, k=40)) + ".",
                "year": rng.choice([None, *range(1995, 2026)]), "design": rng.choice(DESIGNS),
                "language": rng.choice(["en", "zh"]), "journal": rng.choice(["The Lancet", "BMJ", "Gut"]),
                "kind": rng.choice(["article", "abstract"]),
            }  # fmt: skip
            file.write(json.dumps({k: v for k, v in record.items() if v is not None}) + "\n")
    rag.build([folder / "d.jsonl"], into=folder / "index", embedder="hashing:64")
    with rag.open(folder / "index", reranker="none") as opened:
        yield opened


def random_filter(rng):
    def some(values):
        return tuple(rng.sample(values, rng.randint(1, 2))) if rng.random() < 0.4 else ()

    low = rng.choice([None, rng.randint(1990, 2026)])
    return Filter(
        year_from=low, year_to=rng.choice([None, rng.randint(1995, 2030)]), designs=some(DESIGNS),
        languages=some(["en", "zh"]), journals=some(["lancet", "BMJ", "Gut"]), kinds=some(["article", "abstract"]),
        sources=tuple(f"t:{rng.randrange(320)}" for _ in range(rng.choice([0, 0, 0, 1, 5]))),
    )  # fmt: skip


def admitted(source, f):
    """The filter's meaning, written a second time."""
    return (
        (f.year_from is None or (source.year or 0) >= f.year_from)
        and (f.year_to is None or (source.year is not None and source.year <= f.year_to))
        and (not f.designs or source.design in f.designs)
        and (not f.languages or source.language in f.languages)
        and (not f.kinds or source.kind in f.kinds)
        and (not f.sources or source.id in f.sources)
        and (not f.journals or any(j.lower() in source.journal.lower() for j in f.journals))
    )


def check(library, count, seed):
    rng, effort = random.Random(seed), EFFORTS["quick"]
    for _ in range(count):
        f, question = random_filter(rng), " ".join(rng.sample(WORDS, 2))
        hits = retrieve(library.index, asked(library.index, question, effort), k=10, where=f, effort=effort)
        assert all(admitted(h.passage.source, f) for h in hits), f


def test_no_row_outside_the_filter(library):
    check(library, 200, seed=1)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_no_row_outside_10000_filters(library):
    check(library, 10_000, seed=2)
