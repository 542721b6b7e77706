"""What `rag export` writes is what another program reads: parsed back with strict parsers, hostile titles included."""

import json
import re

import pytest
from markdown_it import MarkdownIt

from indexer.errors import ConfigError
from indexer.types import Source
from rag.export import escaped, export, save
from rag.references import key, name
from rag.saved import load, parsed
from tests.indexes import run

HOSTILE = [
    "A {B} and }{ }}, author = {Evil}} @article{x, title={y}",
    "Back\\slash \\input{/etc/passwd} \\textbf{x} $x^2$ ~tilde",
    "Line one\nER  - \r\nTY  - BOOK\nTI  - forged",
    "50% & 3 # of _all_ *bold* **strong** `code`",
    "[click](javascript:alert(1)) ![i](http://evil.example/x.png) <https://evil.example> https://evil.example www.evil.example",
    "<script>alert(1)</script> <b onclick=x>b</b> &lt;i&gt; <!-- c --> ]] [1]: http://evil.example",
    "# Heading\n\n- list\n> quote\n\n---\n\n1. one | two | three",
    "1. starts as a list", "- so does this", "+ and this", "===", "    code", "``` fence", "~~~ fence", "> quoted",
    "\x1b[31mred\x07 \u202eesrever\u202c \u200bzero", "\\", "{", "}", "\\}", "%", "\\%", "ends with \\",
    "二甲双胍与{死亡率}的关系", "quote \" and ' and ``tex''", "a\ttab", "emoji \U0001f600",
]  # fmt: skip
AUTHORS = [
    "Smith J", "van der Berg JA", "O'Brien, Mary-Kate", "UK Prospective Diabetes Study Group", "王晓明", "Heart and Lung AB",
    "Evil} and {Other, X", "García-López M.", "Doe, John, Jr.", "Trial\nER  - X",
]  # fmt: skip


def answer(titles, **more):
    citations = [
        {"number": i, "source": {
            "id": f"doi:10.1000/{i}", "kind": "article", "title": t, "authors": AUTHORS, "journal": "J & {Co} %", "year": 2019,
            "design": "cohort", "retracted": i == 1, "concern": False, "language": "en",
            "links": {"doi": f"10.1000/a_({i})<{{%>", "pmid": "123", "url": "https://a.example/x_{y}(z)%20", "path": "/home/me/secret.pdf"},
         }, "section": t, "page": 3, "start": 10 * i, "end": 10 * i + 5, "quote": t}
        for i, t in enumerate(titles, start=1)
    ]  # fmt: skip
    claims = [{"text": t, "support": "supported", "citations": [i]} for i, t in enumerate(titles, start=1)]
    return parsed({
        "question": titles[0], "status": "answered", "reason": None, "verdict": None, "confidence": 0.5, "claims": claims,
        "citations": citations, "hits": [], "notices": [titles[-1]],
        "receipt": {"generation": 1, "embedder": "bundled", "generator": "extractive", "version": "0.1.0"}, **more,
    })  # fmt: skip


def plain(text):
    """What is left of a title once white space and characters that may not be shown are."""
    return " ".join(
        re.sub("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\U000e0000-\U000e01ef]", "?", text).split()
    )


# BibTeX: braces alone delimit, whatever stands before them.

COMMANDS = {
    r"\textbackslash{}": "\\", r"\textbraceleft{}": "{", r"\textbraceright{}": "}", r"\textasciitilde{}": "~",
    r"\textasciicircum{}": "^", r"\%": "%", r"\&": "&", r"\#": "#", r"\$": "$", r"\_": "_",
}  # fmt: skip


def untex(text):
    return re.sub(
        r"\\text\w+\{\}|\\[%&#$_]|[\\{}]", lambda m: COMMANDS[m[0]] if m[0] in COMMANDS else f"<{m[0]}>", text
    )


def parse_bibtex(text):
    entries, at = [], 0
    while at < len(text):
        match = re.compile(r"\s*@(\w+)\{([^,\s{}]+),\s*").match(text, at)
        assert match, text[at : at + 80]
        fields, at = {}, match.end()
        while text[at] != "}":
            field = re.compile(r"(\w+) = \{").match(text, at)
            assert field, text[at : at + 80]
            depth, end = 1, field.end()
            while depth:
                depth += {"{": 1, "}": -1}.get(text[end], 0)
                end += 1
            assert field[1] not in fields
            fields[field[1]] = text[field.end() : end - 1]
            at = re.compile(r",?\s*").match(text, end).end()
        entries.append((match[1], match[2], fields))
        at = re.compile(r"\}\s*").match(text, at).end()
    return entries


def test_bibtex_gives_back_every_title():
    entries = parse_bibtex(export([answer(HOSTILE)], ".bib"))
    assert [kind for kind, _, _ in entries] == ["article"] * len(HOSTILE)
    titles = [f["title"] for _, _, f in entries]
    assert all(t.startswith("{") and t.endswith("}") for t in titles)
    assert [untex(t[1:-1]) for t in titles] == [plain(t) for t in HOSTILE]
    assert len({k for _, k, _ in entries}) == len(HOSTILE)
    for _, _, fields in entries:
        assert set(fields) <= {"author", "title", "journal", "year", "doi", "pmid", "url", "language", "note"}
        assert untex(fields["journal"]) == "J & {Co} %"
        names = re.split(r" and (?![^{]*\}(?!\}*,))", fields["author"])
        assert names[0] == "Smith, J"
        assert "{UK Prospective Diabetes Study Group}" in names
    assert entries[0][2]["note"].startswith("RETRACTED")


def test_ris_has_one_record_for_each_source():
    text = export([answer(HOSTILE)], ".ris")
    records = [r for r in text.split("ER  - \r\n") if r.strip()]
    assert len(records) == len(HOSTILE)
    for record, title in zip(records, HOSTILE, strict=True):
        lines = record.strip("\r\n").split("\r\n")
        assert all(re.match(r"[A-Z][A-Z0-9]  - \S", x) for x in lines), lines
        assert "\n" not in "".join(lines)
        assert lines[0] == "TY  - JOUR"
        assert [x[6:] for x in lines if x.startswith("TI")] == [plain(title)]
        assert sum(x.startswith("AU") for x in lines) == len(AUTHORS)


def test_csl_json_has_the_standards_fields():
    items = json.loads(export([answer(HOSTILE)], ".json"))
    assert [i["title"] for i in items] == [plain(t) for t in HOSTILE]
    assert {i["type"] for i in items} == {"article-journal"}
    assert items[0]["issued"] == {"date-parts": [[2019]]}
    assert items[0]["PMID"] == "123"
    assert items[0]["author"][:5] == [
        {"family": "Smith", "given": "J"}, {"family": "van der Berg", "given": "JA"},
        {"family": "O'Brien", "given": "Mary-Kate"}, {"literal": "UK Prospective Diabetes Study Group"}, {"literal": "王晓明"},
    ]  # fmt: skip


# Markdown, as a CommonMark parser with HTML and tables sees it.

READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def inline(tokens):
    for token in tokens:
        yield from inline(token.children) if token.children else [token]


def test_markdown_shows_every_text_and_nothing_of_it_is_markup():
    text = export([answer(HOSTILE)], ".md")
    tokens = READER.parse(text)
    kinds = {t.type for t in inline(tokens)}
    assert not kinds & {
        "html_inline",
        "html_block",
        "image",
        "code_inline",
        "code_block",
        "fence",
        "table_open",
        "s_open",
    }
    links = [t.attrs["href"] for t in inline(tokens) if t.type == "link_open"]
    assert len(links) == 2 * len(HOSTILE)
    assert all(re.match(r"https://(doi\.org/10\.1000/|pubmed\.ncbi\.nlm\.nih\.gov/123/)", href) for href in links)
    assert [t.tag for t in tokens if t.type == "heading_open"] == ["h1", "h2"]
    shown = ["".join(c.content for c in t.children if c.type == "text") for t in tokens if t.type == "inline"]
    for number, title in enumerate(HOSTILE, start=1):
        assert f"{plain(title)} [{number}]" in shown
        assert f"“{plain(title)}”" in shown
    assert "/home/me" not in text
    assert "http://evil" not in text.replace("\\", "\0")  # an address that a reader's program could make a link
    assert not re.search(r"(?<!\()https?://(?!doi|pubmed)", text)


@pytest.mark.parametrize("title", HOSTILE)
def test_one_text_alone_is_one_paragraph_of_text(title):
    tokens = READER.parse(escaped(title))
    assert [t.type for t in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert {c.type for c in tokens[1].children} <= {"text", "text_special"}
    assert READER.render(escaped(title)).count("<") == 2


def test_a_conversation_numbers_its_quotes_once():
    first = answer(["Alpha finding", "Beta finding"])
    second = answer(["Beta finding"], asked="and beta?")
    object.__setattr__(second.citations[0], "start", 20)
    object.__setattr__(second.citations[0], "end", 25)
    object.__setattr__(second.citations[0], "source", first.citations[1].source)
    text = export([first, second], ".md")
    assert text.startswith("# Conversation\n\n## Alpha finding")
    assert "* Beta finding \\[2\\]" in text.split("## and beta?")[1]
    assert "*understood as: Beta finding*" in text
    assert text.count("\n> “Beta finding”") == 1


def test_keys_depend_on_the_source_alone():
    one = Source("doi:10.1/x", title="T", authors=("Müller-Lüdenscheidt K",), year=2001)
    assert key(one) == key(Source("doi:10.1/x", title="Other", authors=("Müller-Lüdenscheidt K",), year=2001))
    assert re.fullmatch(r"muller2001-[0-9a-f]{6}", key(one))
    assert key(one) != key(Source("doi:10.1/y", title="T", authors=("Müller-Lüdenscheidt K",), year=2001))
    assert re.fullmatch(r"source-[0-9a-f]{6}", key(Source("x", title="{}", authors=("{}",))))


@pytest.mark.parametrize(
    ("author", "parts"),
    [
        ("Smith J", {"family": "Smith", "given": "J"}),
        ("Smith J-P", {"family": "Smith", "given": "J-P"}),
        ("de la Cruz M.A.", {"family": "de la Cruz", "given": "M.A."}),
        ("Smith, John Q.", {"family": "Smith", "given": "John Q."}),
        ("SPRINT Research Group", {"literal": "SPRINT Research Group"}),
        ("John Smith", {"literal": "John Smith"}),
        ("WHO", {"literal": "WHO"}),
        ("x " + "A " * 50_000 + "!", {"literal": "x " + "A " * 50_000 + "!"}),
    ],
)
def test_names(author, parts):
    assert name(author) == parts


def test_files_are_never_replaced_unasked(tmp_path):
    target = tmp_path / "a.bib"
    save([answer(["T"])], target)
    with pytest.raises(ConfigError, match="is there already"):
        save([answer(["T"])], target)
    assert save([answer(["U"])], target, replace=True).read_text("utf-8").count("{U}") == 1
    with pytest.raises(ConfigError, match=r"expected one of \.md"):
        save([answer(["T"])], tmp_path / "a.docx")
    with pytest.raises(ConfigError, match="cannot be written"):
        save([answer(["T"])], tmp_path / "no" / "a.md")


@pytest.mark.parametrize(
    ("text", "words"),
    [("{", "not JSON"), ("[]", "no answer"), ('{"question": 3}', "question is int"), ("[1]", "found int"), ("null", "found NoneType")],
)  # fmt: skip
def test_what_is_no_answer_is_named(tmp_path, text, words):
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(ConfigError, match=words):
        load(str(tmp_path / "a.json"))


def test_the_command_says_in_one_line_what_is_wrong(tmp_path):
    (tmp_path / "a.json").write_text('{"question": "\\u001b[31m"}')
    done = run("export", tmp_path / "a.json", "--to", tmp_path / "a.md", check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"error: {tmp_path}/a.json: status is NoneType, expected str\n"
    assert not (tmp_path / "a.md").exists()
