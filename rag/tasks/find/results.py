"""The documents that a field query finds, newest first, and their list as a file for others: RIS, BibTeX, CSL, CSV.

Decides the order and the columns of CSV. Retracted documents are listed, marked: whoever looks for them must see it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from indexer.errors import ConfigError
from indexer.index import Index
from indexer.types import Source
from rag.export import written
from rag.references import bibtex, csl, doi, identifier, line, ris, url
from rag.tasks.find.query import Query

FORMATS = {".ris": ris, ".bib": bibtex, ".json": csl}
COLUMNS = (
    "id",
    "title",
    "authors",
    "journal",
    "year",
    "design",
    "publication_types",
    "retracted",
    "pmid",
    "doi",
    "url",
)
# What a spreadsheet would run as a formula is written with an apostrophe before it.
_FORMULA = re.compile(r"\A\s*[=+\-@]")


def find(query: Query, index: Index) -> list[Source]:
    """The sources of the documents that match, newest first, then by id. Raises IndexCorrupt."""
    return sorted(_matching(query, index), key=lambda s: (-(s.year or 0), s.id))


def _matching(query: Query, index: Index) -> Iterator[Source]:
    for id in index.catalogue.ids():
        document = index.catalogue.document(id)
        if document is not None and query.matches(document):
            yield document.source


def save(sources: Sequence[Source], to: str | Path, *, replace: bool = False) -> Path:
    """Writes the list; the ending says how: .ris, .bib, .json (CSL) or .csv. Raises ConfigError."""
    suffix = Path(to).suffix.lower()
    if suffix not in (*FORMATS, ".csv"):
        raise ConfigError(f"{to}: expected a file that ends in {', '.join([*FORMATS, '.csv'])}")
    return written(table(sources) if suffix == ".csv" else FORMATS[suffix](sources), to, replace=replace)


def table(sources: Sequence[Source]) -> str:
    """CSV with COLUMNS (RFC 4180)."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for s in sources:
        cells = (
            s.id, s.title, "; ".join(s.authors), s.journal, s.year or "", s.design, "; ".join(s.publication_types),
            "yes" if s.retracted else "no", identifier(s, "pmid"), doi(s), url(s),
        )  # fmt: skip
        writer.writerow([("'" if _FORMULA.match(str(c)) else "") + line(c) for c in cells])
    return out.getvalue()
