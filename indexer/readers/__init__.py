"""Which reader reads which file: by the file's name, and for XML by its root element."""

from __future__ import annotations

from pathlib import Path

from indexer.errors import ReadError
from indexer.types import Reader

# A reader's version goes into the catalogue: raise it when its output changes, and its files are read again.
VERSIONS = {"pdf": 1, "xml": 2, "text": 3, "html": 2, "jsonl": 2}
_SUFFIXES = {
    ".pdf": "pdf", ".xml": "xml", ".nxml": "xml", ".md": "text", ".markdown": "text", ".txt": "text",
    ".html": "html", ".htm": "html", ".jsonl": "jsonl", ".ndjson": "jsonl",
}  # fmt: skip


def kind_of(path: Path) -> str | None:
    """`pdf`, `xml`, `text`, `html` or `jsonl` by the file's name (`.gz` of XML and JSONL included), else None."""
    name = path.name.lower()
    if name.endswith(".gz"):
        kind = _SUFFIXES.get(Path(name[:-3]).suffix)
        return kind if kind in ("xml", "jsonl") else None
    return _SUFFIXES.get(Path(name).suffix)


def reader_for(path: Path) -> Reader:
    """The reader of a file. Raises ReadError (`unsupported`) when its name or root element is not known."""
    kind = kind_of(path)
    if kind == "pdf":
        from indexer.readers.pdf import PdfReader

        return PdfReader()
    if kind == "xml":
        return _xml_reader(path)
    if kind == "text":
        from indexer.readers.text import TextReader

        return TextReader()
    if kind == "html":
        from indexer.readers.html import HtmlReader

        return HtmlReader()
    if kind == "jsonl":
        from indexer.readers.jsonl import JsonlReader

        return JsonlReader()
    raise ReadError(path, "unsupported", f"no reader for {path.suffix or 'a name without suffix'}")


def _xml_reader(path: Path) -> Reader:
    from indexer.readers.jats import JatsReader
    from indexer.readers.pubmed import PubmedReader
    from indexer.readers.xml_guard import root_of

    root = root_of(path)
    if root in ("PubmedArticleSet", "PubmedBookArticleSet", "PubmedArticle"):
        return PubmedReader()
    if root in ("article", "pmc-articleset", "OAI-PMH"):
        return JatsReader()
    raise ReadError(path, "unsupported", f"XML with root element <{root}> is neither PubMed nor JATS")
