"""The PDF reader on whole files: what identifies them, sections, pages, references, refusals."""

import hashlib
import io
import os
import warnings
from pathlib import Path

import pytest
from pypdf import PdfReader as Pypdf
from pypdf import PdfWriter
from reportlab.pdfgen.canvas import Canvas

from indexer.errors import ReadError
from indexer.readers.pdf import PdfReader
from indexer.readers.pdf_source import doi_of
from tests.indexer.pdf_samples import REFERENCES, SENTENCES, article, bodies, read
from tests.typeset import Article, Style, by_frames
from tests.typeset_lines import by_hand

CORPUS = Path(__file__).parent.parent.parent / "corpus" / "pdf"


def test_source(tmp_path: Path) -> None:
    by_frames(article(), into=tmp_path / "a.pdf", style=Style(columns=2))
    source = read(tmp_path / "a.pdf").source
    assert source.id == "doi:10.1234/test.2020.5"
    assert source.title == "Rosuvastatin for the prevention of cardiovascular events in older adults"
    assert source.kind == "article"
    assert source.language == "en"
    assert source.links == {"doi": "10.1234/Test.2020.5", "path": str(tmp_path / "a.pdf")}


def test_source_without_doi(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    by_frames(Article("A title of several words", (("text", " ".join(SENTENCES)),)), into=path, style=Style())
    assert read(path).source.id == f"file:{hashlib.sha256(path.read_bytes()).hexdigest()[:16]}"


def test_doi_of_a_reference_is_not_the_articles(tmp_path: Path) -> None:
    made = Article(
        "A letter about several things",
        (("text", " ".join(SENTENCES)),),
        references=("Other AB. A trial. Lancet 2011;1:2-3. doi:10.1016/other.1", *REFERENCES[:4]),
        head="Running head of the journal",
    )
    by_frames(made, into=tmp_path / "a.pdf", style=Style())
    assert read(tmp_path / "a.pdf").source.id.startswith("file:")
    assert doi_of(("see 10.1016/x.\n2019.3 here",), {}, cited="") == "10.1016/x.2019.3"
    assert doi_of(("doi:10.1016/x(2). In",), {}, cited="") == "10.1016/x(2)"


def test_sections_and_pages(tmp_path: Path) -> None:
    by_hand(article(), into=tmp_path / "a.pdf", style=Style(columns=1, draw="spaced", size=11))
    document = read(tmp_path / "a.pdf")
    assert [s.heading for s in document.sections] == ["Abstract", "Introduction", "Methods", "Results", "Discussion"]
    assert len(document.pages) == len(Pypdf(tmp_path / "a.pdf").pages)
    assert document.pages[0] == 0
    assert list(document.pages) == sorted(document.pages)
    for section in document.sections:
        assert section.page == document.page_at(section.start)
    shown = [page.extract_text() for page in Pypdf(tmp_path / "a.pdf").pages]
    for n in range(16):
        at = document.text.index(f"Paragraph number {n} begins")
        assert f"Paragraph number {n} begins" in shown[document.page_at(at) - 1].replace("\n", " ")  # type: ignore[operator]


def test_paragraphs_are_one_line_each(tmp_path: Path) -> None:
    by_frames(article(), into=tmp_path / "a.pdf", style=Style(columns=2))
    document = read(tmp_path / "a.pdf")
    paragraphs = document.text.split("\n\n")
    assert sum(p.startswith("Paragraph number") for p in paragraphs) == 16
    assert "\n" not in "".join(paragraphs)


@pytest.mark.parametrize("heading", ["References", "REFERENCES", "Bibliography", "Literature Cited", "5. References"])
def test_reference_headings(heading: str, tmp_path: Path) -> None:
    by_frames(article(), into=tmp_path / "a.pdf", style=Style(reference_heading=heading))
    document = read(tmp_path / "a.pdf")
    assert "Lancet" not in document.text
    assert document.sections[-1].heading == "Discussion"


def test_references_without_a_heading(tmp_path: Path) -> None:
    by_frames(article(), into=tmp_path / "a.pdf", style=Style(reference_heading=" "))
    assert "Lancet" not in read(tmp_path / "a.pdf").text


def test_text_after_the_references_is_read(tmp_path: Path) -> None:
    made = article()
    entries = [("text", f"{n}. {text}") for n, text in enumerate(REFERENCES, 1)]
    blocks = (*made.blocks, ("heading", "References"), *entries, ("heading", "Appendix"), ("text", " ".join(SENTENCES)))
    by_frames(Article(made.title, blocks), into=tmp_path / "a.pdf", style=Style(columns=2))
    document = read(tmp_path / "a.pdf")
    assert "Lancet" not in document.text
    assert document.sections[-1].heading == "Appendix"
    assert document.text.endswith(" ".join(SENTENCES))


def _book(content: bytes, font: bytes = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>") -> bytes:
    from tests.hostile.pdf_cases import book, stream

    return book(stream(content), font=font)


def _picture(canvas: Canvas) -> None:
    from PIL import Image

    canvas.drawInlineImage(Image.new("RGB", (60, 80), "white"), 0, 0, 595, 842)


def refusal(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    with warnings.catch_warnings(), pytest.raises(ReadError) as raised:
        warnings.simplefilter("error")
        list(PdfReader().read(path))
    return raised.value.reason


def _locked(tmp_path: Path, password: str, algorithm: str = "AES-256") -> bytes:
    by_frames(article(), into=tmp_path / "plain.pdf", style=Style())
    writer = PdfWriter(clone_from=Pypdf(tmp_path / "plain.pdf"))
    writer.encrypt(password, "owner", algorithm=algorithm)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_refusals(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    assert refusal(path, _locked(tmp_path, "secret")) == "encrypted"
    assert refusal(path, b"") == "broken"
    assert refusal(path, b"%PDF-1.4 and nothing else") == "broken"
    assert refusal(path, _book(b"0 0 9 9 re f")) == "empty"
    scan = Canvas(str(path))
    _picture(scan)
    scan.save()
    assert refusal(path, path.read_bytes()) == "scanned"
    unmapped = b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [] >>"
    assert refusal(path, _book(b"BT /F1 9 Tf 72 700 Td <0024004500460047> Tj ET", unmapped)) == "garbled"
    shifted = bytes((c - 97 + 10) % 26 + 97 for c in b"participantsintheinterventiongroup" * 9)
    assert (
        refusal(
            path,
            _book(b"BT /F1 9 Tf 72 700 Td (" + shifted.translate(bytes.maketrans(b"aeiouy", b"bcdfgh")) + b") Tj ET"),
        )
        == "garbled"
    )


@pytest.mark.parametrize("algorithm", ["AES-256", "AES-128", "RC4-128"])
def test_empty_password_is_read(algorithm: str, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(_locked(tmp_path, "", algorithm))
    assert read(tmp_path / "a.pdf").sections[-1].heading == "Discussion"


EXPECTED = {
    "hpv-sweden": ("10.1056/nejmoa1917338", "cohort", 2020),
    "mr-clean": ("10.1056/nejmoa1411587", "randomized controlled trial", 2015),
    "myopia-zh": ("10.1001/jama.2015.10803", "randomized controlled trial", 2015),
    "oral-surveillance": ("10.1056/nejmoa2109927", "randomized controlled trial", 2022),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_corpus(name: str) -> None:
    document = read(CORPUS / f"{name}.pdf")
    doi, design, year = EXPECTED[name]
    assert (document.source.id, document.source.design, document.source.year) == (f"doi:{doi}", design, year)
    assert document.source.authors[0][-1].isupper()
    text = bodies(document)
    assert "Anamnesis" not in text
    assert "et al" not in text
    assert document.source.language == ("zh" if name.endswith("zh") else "en")


@pytest.mark.data
@pytest.mark.skipif("ANAMNESIS_DATA" not in os.environ, reason="needs the shared data sets")
def test_typeset_articles(tmp_path: Path) -> None:
    from scripts.bench_pdf import article_of, measure, styles

    folder = Path(os.environ["ANAMNESIS_DATA"]) / "evidence_inference_v2" / "annotations" / "xml_files"
    for number, path in enumerate(sorted(folder.glob("*.nxml"))[5::60][:4]):
        _, engine, style = styles()[number]
        made = article_of(path)
        engine(made, into=tmp_path / "a.pdf", style=style)
        result = measure(made, tmp_path / "a.pdf")
        assert result["f1"] >= 0.97
        assert result["order"] >= 0.95
        assert (result["references"], result["heads"]) == (0, 0)
