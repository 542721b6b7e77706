"""Field queries find what PubMed's would, lists are written for others, and saved searches tell what is new, once."""

import csv
import io
import json
import subprocess
import sys
from dataclasses import replace

import pytest

import rag
from indexer.errors import ConfigError
from indexer.types import Document, Source
from rag.tasks.find import commands, parse, watch
from rag.tasks.find.results import find, save, table
from rag.tasks.find.watch import Search, added, load, news, removed
from rag.tasks.find.watch import save as save_searches

PAPERS = [
    {"id": "pmid:1", "title": "Dapagliflozin in heart failure", "text": "SGLT2 inhibition lowered deaths.", "year": 2019,
     "journal": "N Engl J Med", "authors": ["McMurray JJV", "Solomon SD"], "publication_types": ["Randomized Controlled Trial"],
     "links": {"pmid": "1", "doi": "10.1056/a1"}},
    {"id": "pmid:2", "title": "Heart failure: a review", "text": "Dapagliflozine and others.", "year": 2021,
     "authors": ["Smith AJ"], "publication_types": ["Review"]},
    {"id": "x:3", "title": "低钠盐与脑卒中", "text": "低钠盐降低了脑卒中。", "year": 2021, "authors": ["王小明"]},
    {"id": "x:4", "title": "=cmd|' /C calc'!A0", "text": "Sodium in Café patients.", "authors": ["Smith JA"]},
]  # fmt: skip


def written(folder, papers, name="a.jsonl"):
    (folder / name).write_text("".join(json.dumps(p, ensure_ascii=False) + "\n" for p in papers), "utf-8")


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("find")
    written(folder, PAPERS)
    rag.build([folder / "a.jsonl"], into=folder / "index", embedder="hashing")
    with rag.open(folder / "index") as opened:
        yield opened


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("heart failure[ti]", ["pmid:2", "pmid:1"]),
        ("heart failure[ti] NOT review[pt]", ["pmid:1"]),
        ("heart failure[ti] AND dapagliflozin", ["pmid:1"]),
        ("heart failure[ti] AND dapagliflozin*", ["pmid:2", "pmid:1"]),
        ("dapagliflozin* sglt2", ["pmid:1"]),
        ("failure heart[ti]", []),
        ('"lowered deaths"', ["pmid:1"]),
        ("mcmurray[au]", ["pmid:1"]),
        ("smith j[au]", ["x:4"]),
        ("smith[1au] OR solomon[1au]", ["pmid:2", "x:4"]),
        ("solomon[au]", ["pmid:1"]),
        ("2020:[dp]", ["pmid:2", "x:3"]),
        (":2019[dp]", ["pmid:1"]),
        ("2019:2021[dp] AND rct[design]", ["pmid:1"]),
        ("脑卒中[ti]", ["x:3"]),
        ("王小明[au]", ["x:3"]),
        ("chinese[la]", ["x:3"]),
        ("cafe", ["x:4"]),
        ("10.1056/a1[doi]", ["pmid:1"]),
        ("1[pmid]", ["pmid:1"]),
        ("n engl*[ta]", ["pmid:1"]),
        ("sodium OR sglt2 NOT smith[au]", ["pmid:1"]),
        ("sodium OR (sglt2 NOT smith[au])", ["pmid:1", "x:4"]),
    ],
)
def test_a_query_finds_its_documents(library, query, ids):
    assert [s.id for s in find(parse(query), library.index)] == ids


@pytest.mark.parametrize(
    ("query", "what"),
    [
        ("a[ti", "a bracket is not closed"),
        ("(a", "a bracket is not closed"),
        ("a)", "never opened"),
        ('"a', "a quotation mark is not closed"),
        ("a AND", "missing at the end"),
        ("OR a", "OR joins nothing"),
        ("a[titl]", "did you mean"),
        ("soon[dp]", "a year or a range"),
        (":[dp]", "a year or a range"),
        ("2015/03:2016/05[dp]", "months and days are not searched; give years"),
        ("2020:2015[dp]", "the range ends before it begins; write 2015:2020"),
        ("ab*", "at least 3 letters"),
        ("[ti]", "follows nothing"),
        ("()", "nothing stands between brackets"),
        ("", "missing"),
    ],
)
def test_a_wrong_query_is_explained(query, what):
    with pytest.raises(ConfigError, match="search") as error:
        parse(query)
    assert what in str(error.value)


def test_not_after_and_is_not():
    document = Document(Source("a", title="heart"), "rat", ())
    assert not parse("heart AND NOT rat").matches(document)
    assert str(parse("heart AND NOT rat")) == "(heart in all NOT rat in all)"


def test_lists_are_written_and_a_formula_is_none(library, tmp_path):
    sources = find(parse("sodium OR 1[pmid]"), library.index)
    rows = list(csv.DictReader(io.StringIO(table(sources))))
    assert [r["id"] for r in rows] == ["pmid:1", "x:4"]
    assert rows[1]["title"].startswith("'=cmd")
    assert rows[0]["authors"] == "McMurray JJV; Solomon SD"
    ris = save(sources, tmp_path / "a.ris").read_text("utf-8")
    assert ris.count("TY  - ") == 2
    assert "DO  - 10.1056/a1" in ris
    with pytest.raises(ConfigError, match="there already"):
        save(sources, tmp_path / "a.ris")
    with pytest.raises(ConfigError, match="ends in"):
        save(sources, tmp_path / "a.doc")


def test_a_saved_search_tells_what_is_new_once_and_what_is_retracted(tmp_path):
    into, folder, state = tmp_path / "index", tmp_path / "papers", tmp_path / "s.json"
    folder.mkdir()
    written(folder, PAPERS[:1])
    rag.build([folder], into=into, embedder="hashing")
    with rag.open(into) as library:
        searches = added(Search("hf", "heart failure[ti]"), [], library)
        searches = added(Search("q", "Does dapagliflozin help?", "question"), searches, library)
        with pytest.raises(ConfigError, match="of that name"):
            added(Search("hf", "x"), searches, library)
    save_searches(searches, state)
    written(folder, PAPERS[1:], "b.jsonl")
    rag.build([folder], into=into, embedder="hashing")
    with rag.open(into) as library:
        told = [news(s, library) for s in load(state)]
    assert [(n.what, n.source.id) for n in told[0][0]] == [("new", "pmid:2")]
    assert "pmid:2" in {n.source.id for n in told[1][0]}
    with rag.open(into) as library:
        assert news(told[0][1], library)[0] == []
    retracted = [PAPERS[0] | {"publication_types": ["Retracted Publication"]}]
    written(folder, retracted)
    rag.build([folder], into=into, embedder="hashing")
    with rag.open(into) as library:
        items, after = news(told[0][1], library)
        assert [(n.what, n.source.id) for n in items] == [("retracted", "pmid:1")]
        assert news(after, library)[0] == []
    assert [s.name for s in removed("hf", searches)] == ["q"]
    with pytest.raises(ConfigError, match="did you mean"):
        removed("hff", searches)


def test_watch_from_the_command_line(tmp_path):
    def run(*words):
        done = subprocess.run(
            [sys.executable, "-m", "rag.cli", *words],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr

    papers = tmp_path / "papers"
    papers.mkdir()
    written(papers, PAPERS[:1])
    assert run("index", "papers", "--into", "index", "--embedder", "hashing")[0] == 0
    assert run("watch", "add", "hf", "heart failure[ti]")[0] == 0
    written(papers, PAPERS[1:], "b.jsonl")
    (tmp_path / "anamnesis.toml").write_text('embedder = "hashing"\n')
    code, out, err = run("watch", "run", "papers", "--json", "--to", "news.jsonl")
    assert (code, [json.loads(line)["source"]["id"] for line in out.splitlines()]) == (0, ["pmid:2"]), err
    assert json.loads((tmp_path / "news.jsonl").read_text("utf-8"))["what"] == "new"
    assert run("watch", "run", "papers")[1] == ""
    assert json.loads(run("watch", "list", "--json")[1])["searches"][0]["known"] == 2
    assert run("watch", "run", "--every", "soon")[0] == 2
    (tmp_path / "index.searches.json").write_text("{}")
    code, _, err = run("watch", "list")
    assert code == 1
    assert "not a file of saved searches" in err


def test_a_running_watch_keeps_what_was_saved_beside_it(tmp_path):
    path = tmp_path / "s.json"
    first, other = watch.Search("a", "x[ti]", seen=("1",)), watch.Search("b", "y[ti]")
    watch.save([first, other], path)
    watch.kept(replace(first, seen=("1", "2")), path)
    assert [(s.name, s.seen) for s in watch.load(path)] == [("a", ("1", "2")), ("b", ())]
    watch.save([other], path)
    watch.kept(replace(first, seen=("1", "3")), path)
    assert [s.name for s in watch.load(path)] == ["b"]


def test_news_that_cannot_be_written_say_so(tmp_path):
    with pytest.raises(ConfigError, match=r"--to .*: cannot be written \(No such file or directory\); give another"):
        commands._appended(tmp_path / "none" / "x.jsonl", "{}\n")
    commands._appended(tmp_path / "x.jsonl", "{}\n")
    assert (tmp_path / "x.jsonl").read_text() == "{}\n"
