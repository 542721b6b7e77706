"""What the tests of the PDF reader share: an article to typeset, and short ways to draw and read a file."""

import re
from collections.abc import Callable
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from indexer.readers.pdf import PdfReader
from indexer.types import Document
from tests.typeset import Article

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
