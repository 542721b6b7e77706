"""The filter language; and whatever is asked, nothing outside what the filter admits comes out, anywhere."""

import pytest

from indexer.errors import ConfigError
from indexer.types import Filter
from rag.filters import parse
from rag.render import search_json
from scripts.eval_filters import Checker, made_up, recall


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
def checker(tmp_path_factory):
    made = Checker(tmp_path_factory.mktemp("filters"), 300, seed=3)
    yield made
    made.close()


def test_nothing_outside_the_filter_comes_out(checker):
    checker.run(100, seed=1)
    assert checker.failures == []
    assert checker.asked == {"exact": 50, "IVF": 40, "IVF, reranker none": 10}


def test_the_check_notices_what_it_should(checker):
    library = checker.libraries[0]
    hits = library.search("Does aspirin reduce stroke?", where=Filter(years := 2010, 2012))
    assert hits
    assert all(years <= h.passage.source.year <= 2012 for h in hits)
    checker._check("search", search_json("", hits), Filter(year_from=2013), set())
    assert checker.failures.pop().startswith("search: ['t:")


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_nothing_outside_10000_filters(checker):
    checker.run(10_000, seed=2)
    assert checker.failures == []


@pytest.mark.parametrize("flat_limit", [10_000, 0])
def test_recall_under_filters(flat_limit):
    rows, vectors, questions = made_up(4_000, 32, seed=5)
    measured = recall(rows, vectors, questions[:40], flat_limit, seed=5)
    assert set(measured) == {"100.0%", "50.0%", "10.0%", "1.0%", "0.1%", "far half"}
    assert all(value >= 0.99 for value in measured.values()), measured
