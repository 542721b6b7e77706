"""Markdown, text, HTML and JSONL: what becomes text, what becomes metadata, what is refused and why."""

import gzip
import json

import pytest

from indexer.errors import ReadError
from indexer.readers.html import HtmlReader
from indexer.readers.jsonl import JsonlReader
from indexer.readers.text import TextReader

MARKDOWN = """---
title: "Drug X in asthma"
authors: [Smith J, Jones K]
journal: Lancet
year: 2015
doi: 10.1000/ABC
publication_types:
- Randomized Controlled Trial
kind: summary
---
# Ignored heading

Before *any* [heading](http://x.example).

## Results

Drug **X** lowered `HbA1c`
by 1%.

- First item
- Second item

| Outcome | X | Placebo |
|---|---|---|
| Death | 2% | 4% |

### Harms

None.

## References

1. Somebody. Lancet 2015;1:2-3.
"""


def read(tmp_path, name, content, reader):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(reader().read(path))


def test_markdown(tmp_path):
    (d,) = read(tmp_path, "a.md", MARKDOWN, TextReader)
    assert (d.source.id, d.source.kind, d.source.title) == ("doi:10.1000/abc", "summary", "Drug X in asthma")
    assert (d.source.authors, d.source.journal, d.source.year) == (("Smith J", "Jones K"), "Lancet", 2015)
    assert (d.source.design, d.source.language) == ("randomized controlled trial", "en")
    found = [(s.heading, s.kind, d.text[s.start : s.end]) for s in d.sections]
    assert found == [
        ("", "body", "Before any heading."),
        ("Results", "body", "Drug X lowered HbA1c by 1%.\n\nFirst item\n\nSecond item"),
        ("Results", "table", "Outcome: Death; X: 2%; Placebo: 4%"),
        ("Results > Harms", "body", "None."),
        ("References", "references", "Somebody. Lancet 2015;1:2-3."),
    ]


def test_plain_text(tmp_path):
    text = "A short title\n\nBACKGROUND\n\nThis line is wrapped\nhard in the middle.\n\nResults\n\n结果是\n这样的。\n"
    (d,) = read(tmp_path, "a.txt", text, TextReader)
    assert d.source.title == "A short title"
    assert d.source.id.startswith("file:")
    assert [(s.heading, d.text[s.start : s.end]) for s in d.sections] == [
        ("BACKGROUND", "This line is wrapped hard in the middle."),
        ("Results", "结果是这样的。"),
    ]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.md", b"", "empty"),
        ("a.md", b"   \n\n", "empty"),
        ("a.txt", bytes(range(256)) * 40, "binary"),
        ("a.md", b"---\nnonsense\n---\nText.", "front_matter"),
        ("a.md", b"---\nyear: soon\n---\nText.", "front_matter"),
        ("a.md", b"---\ndesign: rct\n---\nText.", "front_matter"),
        ("a.md", b"---\nretracted: perhaps\n---\nText.", "front_matter"),
    ],
)
def test_refused(tmp_path, name, content, reason):
    with pytest.raises(ReadError) as caught:
        read(tmp_path, name, content, TextReader)
    assert caught.value.reason == reason


HTML = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>Site | Drug X</title>
<meta name="citation_title" content="Drug X in asthma"><meta name="citation_doi" content="10.1000/xyz">
<meta name="citation_author" content="Smith J"><meta name="citation_publication_date" content="2015/03/01">
<style>p{color:red}</style><script>alert("no")</script></head><body>
<nav><a href="/">Home</a><a href="/all">All articles</a></nav><div class="cookie-banner">We use cookies.</div>
<main><h1>Drug X in asthma</h1><p>HbA<sub>1c</sub> fell; platelets were 10<sup>9</sup>/L &amp; stable &lt; 5%.</p>
<h2>Results</h2><p>Unclosed paragraph<p>Next one.<ul><li>One<li>Two</ul>
<table><tr><th>Outcome</th><th>X</th></tr><tr><td>Death</td><td>2%</td></tr></table>
<aside>Related articles</aside></main><footer>Imprint</footer></body></html>"""


def test_html(tmp_path):
    (d,) = read(tmp_path, "a.html", HTML, HtmlReader)
    assert (d.source.id, d.source.title, d.source.year) == ("doi:10.1000/xyz", "Drug X in asthma", 2015)
    assert d.text == (
        "HbA1c fell; platelets were 10^9/L & stable < 5%.\n\nResults\n\nUnclosed paragraph\n\nNext one.\n\nOne\n\nTwo"
        "\n\nOutcome: Death; X: 2%"
    )
    assert [s.kind for s in d.sections] == ["body", "body", "table"]
    for word in ("cookies", "Home", "Imprint", "Related", "alert", "color"):
        assert word not in d.text


def test_html_in_a_chinese_encoding(tmp_path):
    page = '<html><head><meta charset="gb2312"></head><body><p>二甲双胍可降低血糖。</p></body></html>'
    (d,) = read(tmp_path, "a.html", page.encode("gb18030"), HtmlReader)
    assert d.text == "二甲双胍可降低血糖。"
    assert d.source.language == "zh"


def test_html_without_text_is_refused(tmp_path):
    with pytest.raises(ReadError, match="empty"):
        read(tmp_path, "a.html", "<html><nav>Only a menu</nav></html>", HtmlReader)


RECORDS = [
    {"id": "x:1", "text": "One.\n\nTwo.", "title": "T", "year": 1999, "authors": ["A B"], "links": {"pmid": "5"}},
    {"id": "x:2", "sections": [{"heading": "Results", "text": "Three."}, {"heading": "References", "text": "[1] R."}]},
    {"title": "Only a title", "links": {"pmid": "7"}},
]


@pytest.mark.parametrize("name", ["a.jsonl", "a.ndjson", "a.jsonl.gz"])
def test_jsonl(tmp_path, name):
    data = "\n".join(map(json.dumps, RECORDS)).encode()
    one, two, three = read(tmp_path, name, gzip.compress(data) if name.endswith("gz") else data, JsonlReader)
    assert (one.source.id, one.source.year, one.source.authors, one.text) == ("x:1", 1999, ("A B",), "One.\n\nTwo.")
    assert [(s.heading, s.kind) for s in two.sections] == [("Results", "body"), ("References", "references")]
    assert (three.source.id, three.text) == ("pmid:7", "Only a title")


@pytest.mark.parametrize(
    "line",
    ["{", "[]", "3", '{"id": "a"}', '{"id": "a", "text": NaN}', '{"text": "x", "year": "soon"}', '{"sections": 3}',
     '{"text": "x", "links": [1]}', "[" * 100_000, '{"text": "x", "authors": 3}', "\x00\xff"],
)  # fmt: skip
def test_a_bad_line_stops_nothing(tmp_path, line):
    path = tmp_path / "a.jsonl"
    path.write_text(
        f'{{"id": "a:1", "text": "Good."}}\n{line}\n{{"id": "a:2", "text": "Good too."}}\n', encoding="utf-8"
    )
    found = []
    with pytest.raises(ReadError, match=r"bad_lines.*1 of 3 lines; line 2: "):
        for document in JsonlReader().read(path):
            found.append(document.source.id)
    assert found == ["a:1", "a:2"]


RAISED = [
    ("Platelets were 150 × 10<sup>9</sup>/L.", "Platelets were 150 × 10^9/L."),
    ("About 5 × 10<SUP>-3</SUP> mol or 10<sup>−6</sup> mol.", "About 5 × 10^-3 mol or 10^−6 mol."),
    ("A BMI of 30 kg/m<sup>2</sup> on the 2<sup>nd</sup> day.", "A BMI of 30 kg/m2 on the 2nd day."),
    ("Na<sup>+</sup> and H<sub>2</sub>O.", "Na+ and H2O."),
    ("It helped in trials.<sup>12</sup>", "It helped in trials."),
    ("It helped in trials<sup>12,13</sup> of adults.", "It helped in trials of adults."),
    ("An open <sup>9 and no end.", "An open 9 and no end."),
    ("10<sup></sup> of them.", "10 of them."),
]


@pytest.mark.parametrize(("markup", "text"), RAISED)
def test_superscripts_keep_their_meaning(tmp_path, markup, text):
    for name, content, reader in (
        ("a.md", f"# T\n\n{markup}\n", TextReader),
        ("a.html", f"<html><body><p>{markup}</p></body></html>", HtmlReader),
    ):
        (d,) = read(tmp_path, name, content, reader)
        assert d.text == text, name


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("About **10**<sup>9</sup> cells.", "About 10^9 cells."),
        ("About 10^9^ cells and 30 kg/m^2^.", "About 10^9 cells and 30 kg/m2."),
        ("It helped.<sup>[12](#r12)</sup> And more<sup>[12](#r12), [13](#r13)</sup>.", "It helped. And more."),
        ("One<br>two<br/>three.", "One two three."),
        ("<sup>a</sup> *p* < 0.05 for 10<sup>*n*</sup>.", "a p < 0.05 for 10^n."),
        ("| Count |\n|---|\n| 4 × 10<sup>9</sup> |", "Count: 4 × 10^9"),
    ],
)
def test_superscripts_of_markdown(tmp_path, markdown, text):
    (d,) = read(tmp_path, "a.md", f"# T\n\n{markdown}\n", TextReader)
    assert d.text == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("It helped<sup><a href='#r12'>12</a></sup> in 10<sup>9</sup> cells.", "It helped in 10^9 cells."),
        ("In 2010<sup><a href='#r1'>[1]</a><a href='#r2'>[2]</a></sup> it did.", "In 2010 it did."),
        ("About 10<sup><a href='/x'>9</a></sup> <a href='/y'>cells</a>.", "About 10^9 cells."),
        ("About 10<sup><b>9</b></sup> cells.", "About 10^9 cells."),
        ("A \ue00012\ue001 \ue002of private letters, 7 of 9.", "A 12 of private letters, 7 of 9."),
    ],
)
def test_superscripts_of_html(tmp_path, html, text):
    (d,) = read(tmp_path, "a.html", f"<html><body><p>{html}</p></body></html>", HtmlReader)
    assert d.text == text


@pytest.mark.parametrize(
    ("fields", "retracted"),
    [
        ({"publication_types": ["Journal Article", "Retracted Publication"]}, True),
        ({"title": "RETRACTED: a trial of hope"}, True),
        ({"retracted": True}, True),
        ({"title": "Retraction: a trial of hope", "publication_types": ["Retraction of Publication"]}, False),
    ],
)
def test_a_retracted_article_is_known_by_type_title_or_flag(tmp_path, fields, retracted):
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"id": "x:1", "text": "Hope helped in many."} | fields) + "\n", "utf-8")
    assert [d.source.retracted for d in JsonlReader().read(path)] == [retracted]
