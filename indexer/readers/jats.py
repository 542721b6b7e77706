"""Reads PMC JATS: one `<article>`, or many in a `<pmc-articleset>` or an OAI answer, as a stream.

Decides the order of a document's text: abstracts, body, appendices, floating tables. Knows nothing of PubMed citations.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path
from xml.etree.ElementTree import Element

from indexer.errors import ReadError
from indexer.readers.assemble import Block, assemble
from indexer.readers.jats_body import abstract_blocks, body_blocks
from indexer.readers.jats_meta import source_of
from indexer.readers.xml_guard import records
from indexer.types import Document

# The longest of 475 PMC articles yields 107,000 characters; short headers repeated on every row could fill a disk.
_LONGEST = 8 << 20


class JatsReader:
    """JATS and its forerunner NLM (`.nxml`, `.xml`, both with `.gz`)."""

    def read(self, path: Path) -> Iterator[Document]:
        """Yields a document per article in the file's order, kind `article` or `guideline`.

        An article without abstract and body has its title as text. Raises ReadError: `too_big`, `empty`, or what
        `xml_guard.records` raises, after the articles before it.
        """
        empty = total = 0
        for number, article in enumerate(records(path, tags=("article",)), start=1):
            total = number
            document = _document(article, path=path, number=number)
            if document is None:
                empty += 1
            else:
                yield document
        if total == empty:
            raise ReadError(path, "empty", "no article with text")


def _document(article: Element, *, path: Path, number: int) -> Document | None:
    """None when the article has neither text nor title."""
    meta = article.find("front/article-meta")
    abstract = [] if meta is None else list(_limited(abstract_blocks(meta), path))
    text, sections = assemble(_limited(chain(abstract, body_blocks(article)), path))
    source = source_of(article, abstract=" ".join(block.text for block in abstract))
    if not source.id:
        source = replace(source, id=f"file:{_digest(path, number)}")
    if not text:
        text, sections = assemble([Block(source.title)])
    return Document(source, text, sections) if text else None


def _limited(blocks: Iterable[Block], path: Path) -> Iterator[Block]:
    length = 0
    for block in blocks:
        length += len(block.text) + sum(map(len, block.path))
        if length > _LONGEST:
            raise ReadError(path, "too_big", f"one article of more than {_LONGEST >> 20} MiB of text")
        yield block


def _digest(path: Path, number: int) -> str:
    """16 hex digits that name the file, or the file and the place of a later article in it."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    if number > 1:
        digest.update(b"%d" % number)
    return digest.hexdigest()[:16]
