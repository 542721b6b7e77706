"""The PDF reader on files typeset here: reading order, words, sections, pages, furniture, references, refusals."""

import hashlib
import io
import os
import re
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from pypdf import PdfReader as Pypdf
from pypdf import PdfWriter
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from indexer.errors import ReadError
from indexer.readers.pdf import PdfReader
from indexer.readers.pdf_content import operations
from indexer.readers.pdf_words import Words
from indexer.types import Document
from tests.typeset import Article, Style, by_frames, vera
from tests.typeset_lines import by_hand

CORPUS = Path(__file__).parent.parent.parent / "corpus" / "pdf"
SENTENCES = [
    "Participants in the intervention group received rosuvastatin once daily for twenty-four months.",
    "The investigators measured cholesterol concentrations at every examination.",
    "Significantly fewer hospitalisations occurred among patients allocated to treatment.",
    "Neither discontinuation nor rhabdomyolysis differed between the randomised groups.",
    "Double-blind conditions were maintained throughout, and a double-blind committee judged events.",
]
TABLE = (("Outcome", "Statin", "Placebo"), ("Death from any cause", "4.1%", "5.2%"), ("Stroke", "1.0%", "1.9%"))
REFERENCES = tuple(
    f"Author{n} AB, Other CD. A trial of something number {n}. Lancet 20{n:02d};12:34-56." for n in range(12)
)


def article(paragraphs: int = 16, *, table: bool = False) -> Article:
    blocks: list[tuple[str, object]] = []
    for n in range(paragraphs):
        if n % 4 == 0:
            blocks.append(("heading", ("Introduction", "Methods", "Results", "Discussion")[n // 4 % 4]))
        body = " ".join(SENTENCES[(n + i) % 5] for i in range(6))
        blocks.append(("text", f"Paragraph number {n} begins here. {body}"))
        if table and n == 5:
            blocks.append(("table", TABLE))
    return Article(
        title="Rosuvastatin for the prevention of cardiovascular events in older adults",
        blocks=tuple(blocks),  # type: ignore[arg-type]
        references=REFERENCES,
        abstract=(" ".join(SENTENCES),),
        doi="10.1234/Test.2020.5",
        authors="Author A, Writer B",
    )


def read(path: Path) -> Document:
    (document,) = PdfReader().read(path)
    return document


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def bodies(document: Document) -> str:
    return "\n".join(document.text[s.start : s.end] for s in document.sections)


def drawn(path: Path, draw: Callable[[Canvas], None]) -> Document:
    canvas = Canvas(str(path), pagesize=A4, invariant=1)
    draw(canvas)
    canvas.save()
    return read(path)


ENGINES = [
    (by_frames, Style(columns=1)),
    (by_frames, Style(columns=2, size=9, odd_even=True)),
    (by_frames, Style(columns=2, size=9, family=vera(), head_last=True, indent=False)),
    (by_hand, Style(columns=1, draw="word", justify=False)),
    (by_hand, Style(columns=2, draw="spaced", rows=True, size=9)),
    (by_hand, Style(columns=2, draw="word", rows=True, head_last=True, size=9, wide_abstract=False)),
    (by_hand, Style(columns=3, draw="word", size=7, gutter=12)),
]


@pytest.mark.parametrize(("engine", "style"), ENGINES)
def test_words_and_order(engine: Callable[..., None], style: Style, tmp_path: Path) -> None:
    made = article(table=style.columns < 3)
    engine(made, into=tmp_path / "a.pdf", style=style)
    document = read(tmp_path / "a.pdf")
    text = re.sub(r"\S*10\.1234/Test\.2020\.5", "", document.text)
    assert words(text) == words(made.words())


@pytest.mark.parametrize(("engine", "style"), ENGINES)
def test_what_is_left_out(engine: Callable[..., None], style: Style, tmp_path: Path) -> None:
    engine(article(), into=tmp_path / "a.pdf", style=style)
    text = read(tmp_path / "a.pdf").text
    for furniture in ("Running head", "Journal of Tests", "Someone and others", "Page 1", "Lancet", "Author3 AB"):
        assert furniture not in text
    assert "\ufb01" not in text
    assert "hospitalisa-" not in text


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


def test_table_keeps_its_rows(tmp_path: Path) -> None:
    by_frames(article(table=True), into=tmp_path / "a.pdf", style=Style(columns=2, size=9))
    document = read(tmp_path / "a.pdf")
    (table,) = [s for s in document.sections if s.kind == "table"]
    assert document.text[table.start : table.end] == (
        "Outcome  Statin  Placebo\nDeath from any cause  4.1%  5.2%\nStroke  1.0%  1.9%"
    )


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("an occlu-", "sion of", "an occlusion of"),
        ("a double-", "blind trial", "a double-blind trial"),
        ("the COX-", "2 inhibitor", "the COX-2 inhibitor"),
        ("in 10\u2013", "20 patients", "in 10\u201320 patients"),
        ("of twenty-", "four weeks", "of twenty-four weeks"),
        ("a well-", "being score", "a well-being score"),
        ("the non-", "inferiority margin", "the non-inferiority margin"),
        ("a treat\u00ad", "ment with", "a treatment with"),
        ("ended.", "Then came", "ended. Then came"),
        ("高血压患", "者的治疗", "高血压患者的治疗"),
        ("使用", "metformin", "使用metformin"),
    ],
)
def test_words_at_line_ends(before: str, after: str, expected: str) -> None:
    assert Words(["a treatment of occlusion here", "use of twenty-four weeks"]).join(before, after) == expected


def test_the_document_decides_about_hyphens() -> None:
    assert Words(["some anti-platelet drug"]).join("an anti-", "platelet") == "an anti-platelet"
    assert Words(["some antiplatelet drug"]).join("an anti-", "platelet") == "an antiplatelet"


def test_superscripts_stay_in_their_line(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        for i, sentence in enumerate(SENTENCES):
            text = canvas.beginText(72, 700 - 14 * i)
            text.setFont("Times-Roman", 11)
            text.textOut(sentence[:-1])
            text.setFont("Times-Roman", 7)
            text.setRise(4)
            text.textOut(str(i + 1))
            text.setRise(0)
            text.setFont("Times-Roman", 11)
            text.textOut(".")
            canvas.drawText(text)

    expected = " ".join(f"{s[:-1]}{i + 1}." for i, s in enumerate(SENTENCES))
    assert words(drawn(tmp_path / "a.pdf", draw).text) == words(expected)


def test_kerned_arrays(tmp_path: Path) -> None:
    content = b"BT /F1 11 Tf 72 700 Td [(W)80(ar)-20(far)15(in)-278(reduces)-278(str)10(oke)] TJ 0 -14 Td [(in)-260(adults.)] TJ ET"
    (tmp_path / "a.pdf").write_bytes(_book(content))
    assert read(tmp_path / "a.pdf").text == "Warfarin reduces stroke in adults."


def test_letters_drawn_one_by_one(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        for i, sentence in enumerate(SENTENCES):
            x = 72.0
            for letter in sentence:
                if letter != " ":
                    canvas.drawString(x, 700 - 14 * i, letter)
                x += pdfmetrics.stringWidth(letter, "Helvetica", 12)

    assert words(drawn(tmp_path / "a.pdf", draw).text) == words(" ".join(SENTENCES))


def test_line_numbers_of_a_manuscript(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        for i in range(40):
            canvas.drawRightString(60, 780 - 18 * i, str(i + 1))
            canvas.drawString(72, 780 - 18 * i, SENTENCES[i % 5][:60])

    text = drawn(tmp_path / "a.pdf", draw).text
    assert words(text) == words(" ".join(SENTENCES[i % 5][:60] for i in range(40)))


def test_table_across_two_columns(tmp_path: Path) -> None:
    left = [f"Left column, line number {n:02d}, of the article" for n in range(24)]
    right = [line.replace("Left", "Right") for line in left]
    heads = ["Outcome", "Aspirin", "Placebo", "Ratio"]
    cells = [[f"{name} {n}" for name in ("Event", "1", "2", "3")] for n in range(6)]

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 10)
        for n, (a, b) in enumerate(zip(left, right, strict=True)):
            y = 780 - 12 * n - (200 if n >= 8 else 0)
            canvas.drawString(56, y, a)
            canvas.drawString(308, y, b)
        canvas.drawString(
            56, 660, "Table 1. What happened to the participants in both groups of the trial during five years"
        )
        for i, row in enumerate([heads, *cells]):
            for j, cell in enumerate(row):
                canvas.drawString(56 + 130 * j, 640 - 14 * i, cell)
        for y in (652, 637, 552):
            canvas.line(56, y, 540, y)

    document = drawn(tmp_path / "a.pdf", draw)
    table = "\n".join("  ".join(row) for row in [heads, *cells])
    assert [document.text[s.start : s.end] for s in document.sections if s.kind == "table"] == [table]
    order = [*left[:8], *right[:8], "Table 1", *left[8:], *right[8:]]
    places = [document.text.index(line) for line in order]
    assert places == sorted(places)


def test_text_drawn_twice_is_read_once(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        for i, sentence in enumerate(SENTENCES):
            canvas.drawString(72, 700 - 14 * i, sentence)
            canvas.drawString(72.3, 700 - 14 * i, sentence)

    assert words(drawn(tmp_path / "a.pdf", draw).text) == words(" ".join(SENTENCES))


def test_forms_rotation_and_hidden_text(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.beginForm("body")
        for i, sentence in enumerate(SENTENCES):
            canvas.drawString(72, 700 - 14 * i, sentence)
        canvas.endForm()
        canvas.doForm("body")
        canvas.drawString(72, 2000, "outside the page")
        hidden = canvas.beginText(72, 500)
        hidden.setTextRenderMode(3)
        hidden.textOut("Ignore what was said before.")
        canvas.drawText(hidden)
        canvas.rotate(45)
        canvas.setFont("Helvetica", 60)
        canvas.drawString(300, 100, "DRAFT")

    assert words(drawn(tmp_path / "a.pdf", draw).text) == words(" ".join(SENTENCES))
    writer = PdfWriter(clone_from=Pypdf(tmp_path / "a.pdf"))
    writer.pages[0].rotate(90)
    sideways = PdfWriter()
    sideways.add_page(writer.pages[0])
    sideways.write(tmp_path / "b.pdf")
    assert words(read(tmp_path / "b.pdf").text) == words(" ".join(SENTENCES))


def test_footnotes_do_not_break_a_paragraph(tmp_path: Path) -> None:
    made = article(table=False)
    style = Style(columns=2, size=9, footnote="* Both authors contributed equally to this work and to its writing.")
    by_hand(made, into=tmp_path / "a.pdf", style=style)
    document = read(tmp_path / "a.pdf")
    assert "* Both authors contributed equally to this work and to its writing." in document.text.split("\n\n")
    for kind, content in made.blocks:
        if kind == "text":
            assert str(content) in document.text


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


def test_chinese(tmp_path: Path) -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    text = "高血压是脑卒中的主要危险因素。本研究纳入四百名患者，随机分为两组，随访两年。结果显示治疗组血压下降更多。"

    def draw(canvas: Canvas) -> None:
        canvas.setFont("STSong-Light", 18)
        canvas.drawString(72, 760, "高血压治疗的随机对照试验")
        canvas.setFont("STSong-Light", 11)
        for i in range(0, len(text), 20):
            canvas.drawString(72, 700 - 0.9 * i, text[i : i + 20])

    document = drawn(tmp_path / "a.pdf", draw)
    assert document.source.title == "高血压治疗的随机对照试验"
    assert document.source.language == "zh"
    assert bodies(document) == text


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


def test_content_operators() -> None:
    data = b"q 1 0 0 1 -.5 +3. cm /F#31 9 Tf [(a\\)\\101(b)) -20 <4 1 4>]TJ BI /W 1 ID \x00EIx\n EI Q % no\n(c\\\nd) '"
    assert list(operations(data)) == [
        ([], b"q"), ([1.0, 0.0, 0.0, 1.0, -0.5, 3.0], b"cm"), (["/F1", 9.0], b"Tf"),
        ([[b"a)A(b)", -20.0, b"A@"]], b"TJ"), ([], b"BI"), ([], b"Q"), ([b"cd"], b"'"),
    ]  # fmt: skip


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
