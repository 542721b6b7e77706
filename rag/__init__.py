"""Anamnesis: answers medical questions from your own library and proves every sentence.

>>> import rag
>>> rag.build(["papers/"], into="index")
>>> with rag.open("index") as library:
...     answer = library.ask("Does intensive blood pressure control reduce mortality?")
"""

from indexer.errors import (
    ConfigError,
    GeneratorError,
    IndexBusy,
    IndexCorrupt,
    IndexMismatch,
    IndexNotFound,
    IndexUnusable,
    MissingExtra,
    RagError,
    ReadError,
)
from indexer.types import BuildReport, Document, FileVerdict, Filter, Passage, Source
from rag.library import Library, build, open
from rag.types import Answer, Citation, Claim, Excerpt, Hit, Receipt

__all__ = [
    "Answer",
    "BuildReport",
    "Citation",
    "Claim",
    "ConfigError",
    "Document",
    "Excerpt",
    "FileVerdict",
    "Filter",
    "GeneratorError",
    "Hit",
    "IndexBusy",
    "IndexCorrupt",
    "IndexMismatch",
    "IndexNotFound",
    "IndexUnusable",
    "Library",
    "MissingExtra",
    "Passage",
    "RagError",
    "ReadError",
    "Receipt",
    "Source",
    "build",
    "open",
]
