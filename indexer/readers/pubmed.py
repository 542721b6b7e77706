"""Reads PubMed XML (`PubmedArticleSet`, plain or gzip) as a stream, one citation at a time.

Decides what of a citation is text (title or abstract, labelled sections) and what is identity. A citation that cannot
be used never stops the others; the error at the end names it. Knows nothing of full texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

from indexer.errors import ReadError
from indexer.readers import bibliography as bib
from indexer.readers.inline import plain
from indexer.readers.xml_guard import records
from indexer.types import Document, Section, Source

_TAGS = ("PubmedArticle", "PubmedBookArticle", "DeleteCitation", "DeleteDocument")
_TRANSLATED = re.compile(r"\A\[(.+)\]\s*(?:\(author's transl\))?\.?", re.S)
_NO_TITLE = {"", "not available", "in process citation", "no title available"}
_STUB = re.compile(r"(?:an )?abstract (?:is )?available from the publisher\.?", re.I)
_PID = re.compile(r"\d{1,9}")


class PubmedReader:
    """PubMed citations and book chapters, as E-utilities and the baseline files give them."""

    def read(self, path: Path) -> Iterator[Document]:
        """Yields a document per citation in the file's order, kind `abstract` or, for a withdrawn id, `deleted`.

        Raises ReadError after the good ones: `bad_records`, `empty`, or what `xml_guard.records` raises.
        """
        bad: list[str] = []
        total = 0
        for number, element in enumerate(records(path, tags=_TAGS), start=1):
            total = number
            if element.tag.startswith("Delete"):
                yield from _deleted(element)
                continue
            try:
                document = _document(element)
            except ValueError as error:
                bad.append(f"record {number}: {error}")
                continue
            yield document
        if bad:
            raise ReadError(path, "bad_records", f"{len(bad)} of {total} records; " + "; ".join(bad[:3]))
        if not total:
            raise ReadError(path, "empty", "no citation")


def _deleted(element: Element) -> Iterator[Document]:
    for child in element.iter("PMID"):
        if _PID.fullmatch(pmid := plain(child)):
            yield Document(Source(id=f"pmid:{pmid}", kind="deleted"), text="", sections=())


def _document(element: Element) -> Document:
    """The document of one citation. Raises ValueError saying what is missing."""
    citation = element.find("MedlineCitation")
    citation = element.find("BookDocument") if citation is None else citation
    if citation is None:
        raise ValueError("neither MedlineCitation nor BookDocument")
    pmid = plain(citation.find("PMID"))
    if not _PID.fullmatch(pmid):
        raise ValueError("no PMID")
    found = citation.find("Article")
    article = citation if found is None else found
    title = _title(article)
    parts = _abstract(article.find("Abstract"))
    abstract = "\n\n".join(text for _, text in parts)
    parts += [p for other in citation.iterfind("OtherAbstract") for p in _other(other)]
    if not parts and title:
        parts = [("", title)]
    if not parts:
        raise ValueError(f"pmid {pmid} has neither title nor abstract")
    text, sections = _joined(parts)
    source = _source(element, citation, pmid=pmid, title=title, abstract=abstract)
    return Document(source, text, sections)


def _joined(parts: list[tuple[str, str]]) -> tuple[str, tuple[Section, ...]]:
    """Paragraphs joined by a blank line; neighbours under one heading share a section. Headings are not in the text."""
    sections: list[Section] = []
    length = 0
    for heading, text in parts:
        start = length + 2 if sections else 0
        length = start + len(text)
        if sections and sections[-1].heading == heading:
            start = sections.pop().start
        sections.append(Section(heading, start, length))
    return "\n\n".join(text for _, text in parts), tuple(sections)


def _title(article: Element) -> str:
    """The title without its final stop; a translated one without its brackets, else the vernacular one."""
    for name in ("ArticleTitle", "VernacularTitle", "Book/BookTitle"):
        title = plain(article.find(name))
        translated = _TRANSLATED.fullmatch(title)
        title = translated[1] if translated else title
        if title.endswith(".") and not title.endswith(".."):
            title = title[:-1]
        if title.strip().lower() not in _NO_TITLE:
            return title.strip()
    return ""


def _abstract(abstract: Element | None, under: str = "") -> list[tuple[str, str]]:
    """(heading, text) of each labelled part. under: the heading of parts without a label."""
    parts = []
    for child in abstract.iterfind("AbstractText") if abstract is not None else ():
        text = plain(child)
        label = " ".join(child.get("Label", "").split()).strip(" :")
        heading = "" if label.upper() == "UNLABELLED" else bib.title_case(label)
        if text and not _STUB.fullmatch(text):
            parts.append((" > ".join(h for h in (under, heading) if h), text))
    return parts


def _other(abstract: Element) -> list[tuple[str, str]]:
    kind = abstract.get("Type", "")
    language = bib.language(abstract.get("Language", ""))
    heading = "Plain Language Summary" if kind == "plain-language-summary" else "Other Abstract"
    if language not in ("", "en"):
        heading += f" ({language})"
    return _abstract(abstract, heading)


def _source(element: Element, citation: Element, *, pmid: str, title: str, abstract: str) -> Source:
    from indexer.design import classify

    found = citation.find("Article")
    article = citation if found is None else found
    types = _texts(article, "PublicationTypeList/PublicationType", "PublicationType")
    corrections = {c.get("RefType", "") for c in citation.iterfind("CommentsCorrectionsList/CommentsCorrections")}
    return Source(
        id=f"pmid:{pmid}",
        kind="abstract",
        title=title,
        authors=_authors(article),
        journal=plain(article.find("Journal/Title")) or plain(article.find("Book/BookTitle")),
        year=_year(element, article),
        publication_types=types,
        mesh=_texts(citation, "MeshHeadingList/MeshHeading/DescriptorName"),
        design=classify(publication_types=types, title=title, abstract=abstract),
        retracted="RetractionIn" in corrections or bib.RETRACTED in types or bib.is_retracted(title),
        concern=bool({"ExpressionOfConcernIn", "PartialRetractionIn"} & corrections),
        language=bib.language(plain(article.find("Language"))),
        links=_links(element, article, pmid=pmid),
    )


def _texts(element: Element, *paths: str) -> tuple[str, ...]:
    """The different texts at `paths`, in order."""
    found = (plain(e) for path in paths for e in element.iterfind(path))
    return tuple(dict.fromkeys(text for text in found if text))


def _authors(article: Element) -> tuple[str, ...]:
    names = []
    for group in article.iterfind("AuthorList"):
        if group.get("Type", "authors") != "authors":
            continue
        for person in group.iterfind("Author"):
            last, initials = plain(person.find("LastName")), plain(person.find("Initials"))
            name = bib.author(last, initials or plain(person.find("ForeName")), plain(person.find("Suffix")))
            names.append(name if last else plain(person.find("CollectiveName")) or name)
    return tuple(name for name in names if name)


def _year(element: Element, article: Element) -> int | None:
    """The issue's year, else the electronic one, else the one in which PubMed took it in."""
    for path in ("Journal/JournalIssue/PubDate", "Book/PubDate", "ContributionDate", "ArticleDate"):
        if found := _year_of(article.find(path)):
            return found
    return _year_of(element.find("PubmedData/History/PubMedPubDate"))


def _year_of(date: Element | None) -> int | None:
    """A date's year; without spaces between its elements their digits run together (2019, 3, 12 as 2019312)."""
    if date is None:
        return None
    return bib.year(plain(date.find("Year"))) or bib.year(plain(date.find("MedlineDate"))) or bib.year(plain(date))


def _links(element: Element, article: Element, *, pmid: str) -> dict[str, str]:
    """pmid, doi and pmcid. The reference list has ArticleIds too, so only the citation's own list is read."""
    links = {"pmid": pmid}
    own = [
        *element.iterfind("PubmedData/ArticleIdList/ArticleId"),
        *element.iterfind("PubmedBookData/ArticleIdList/ArticleId"),
        *article.iterfind("ArticleIdList/ArticleId"),
    ]
    for child in (*own, *article.iterfind("ELocationID[@ValidYN='Y']")):
        kind = child.get("IdType") or child.get("EIdType")
        if kind == "doi" and (value := bib.doi(plain(child))):
            links.setdefault("doi", value)
        elif kind == "pmc" and (value := bib.pmcid(plain(child))):
            links.setdefault("pmcid", value)
    return links
