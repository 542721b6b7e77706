"""The identity of a JATS article: decides its id, kind and publication types. Knows nothing of its text."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from indexer.readers import bibliography as bib
from indexer.readers.inline import plain
from indexer.types import Source

# Only what is clear: "research-article" says nothing about the design, "brief-report" nothing about anything.
_TYPES = {
    "review-article": "Review",
    "review": "Review",
    "systematic-review": "Systematic Review",
    "systematic review": "Systematic Review",
    "meta-analysis": "Meta-Analysis",
    "systematic review and meta-analysis": "Meta-Analysis",
    "case-report": "Case Reports",
    "case report": "Case Reports",
    "case reports": "Case Reports",
    "guideline": "Practice Guideline",
    "practice-guideline": "Practice Guideline",
    "practice guideline": "Practice Guideline",
    "guidelines": "Practice Guideline",
    "clinical guideline": "Practice Guideline",
    "clinical-trial": "Clinical Trial",
    "clinical trial": "Clinical Trial",
    "randomized controlled trial": "Randomized Controlled Trial",
    "randomised controlled trial": "Randomized Controlled Trial",
    "randomized clinical trial": "Randomized Controlled Trial",
    "editorial": "Editorial",
    "letter": "Letter",
    "news": "News",
    "retraction": "Retraction of Publication",
    "correction": "Published Erratum",
    "retracted-article": bib.RETRACTED,
}
_RETRACTED_BY = {"retraction-forward", "retracted-by", "retraction-of-article", "is-retracted-by"}
_CONCERN_BY = {"concern-forward", "expression-of-concern", "object-of-concern-forward", "concern"}
_ID_TYPES = {"pmid": "pmid", "pmc": "pmcid", "pmcid": "pmcid", "doi": "doi"}
_YEARS = ("ppub", "collection", "epub", "pub", "epub-ppub", "pub-date", "ecorrected")


def source_of(article: Element, *, abstract: str) -> Source:
    """The Source of an `<article>`; its id is "" when it states none. abstract: plain text, for the design."""
    from indexer.design import classify

    meta = _meta(article)
    title, types, links = _title(meta), _types(article, meta), _links(meta)
    related = {r.get("related-article-type", "").lower() for r in meta.iterfind("related-article")}
    return Source(
        id=next((f"{k}:{links[k]}" for k in ("pmid", "pmcid", "doi") if k in links), ""),
        kind="guideline" if "Practice Guideline" in types else "article",
        title=title,
        authors=_authors(meta),
        journal=_journal(article),
        year=_year(meta),
        publication_types=types,
        design=classify(publication_types=types, title=title, abstract=abstract),
        retracted=bib.RETRACTED in types
        or bool(_RETRACTED_BY & related and "Retraction of Publication" not in types)
        or bib.is_retracted(title),
        concern=bool(_CONCERN_BY & related),
        language=_language(article, title),
        links=links,
    )


def _meta(article: Element) -> Element:
    for name in ("front/article-meta", "front-stub"):
        if (found := article.find(name)) is not None:
            return found
    return Element("article-meta")


def _title(meta: Element) -> str:
    """Title and subtitle, without footnote marks."""
    group = meta.find("title-group")
    if group is None:
        return ""
    marks = ("xref", "fn")
    title = plain(group.find("article-title"), without=marks)
    subtitle = plain(group.find("subtitle"), without=marks)
    if title and subtitle:
        title += subtitle if title[-1] in ":?!" else f": {subtitle}"
    return title


def _types(article: Element, meta: Element) -> tuple[str, ...]:
    stated = [article.get("article-type", "")]
    stated += [plain(s) for s in meta.iterfind("article-categories//subject")]
    found = (_TYPES.get(s.strip().lower()) for s in stated)
    return tuple(dict.fromkeys(t for t in found if t))


def _links(meta: Element) -> dict[str, str]:
    links: dict[str, str] = {}
    for element in meta.iterfind("article-id"):
        kind, text = _ID_TYPES.get(element.get("pub-id-type", "")), plain(element)
        value = {"pmcid": bib.pmcid, "doi": bib.doi}.get(kind or "", str.strip)(text)
        if kind and value and (kind != "pmid" or value.isdecimal()):
            links.setdefault(kind, value)
    return {k: links[k] for k in ("pmid", "pmcid", "doi") if k in links}


def _authors(meta: Element) -> tuple[str, ...]:
    """Authors and collaborations; the members that a collaboration lists are not repeated."""
    names: list[str] = []
    for person in meta.iterfind("contrib-group/contrib"):
        if person.get("contrib-type", "author") != "author":
            continue
        name = person.find("name")
        name = person.find("name-alternatives/name") if name is None else name
        collab = person.find("collab")
        collab = person.find("collab-alternatives/collab") if collab is None else collab
        if name is not None:
            last, given = plain(name.find("surname")), plain(name.find("given-names"))
            names.append(bib.author(last, given, plain(name.find("suffix"))))
        elif collab is not None:
            names.append(plain(collab, without=("contrib-group", "xref", "fn")))
        else:
            names.append(plain(person.find("string-name")))
    names += [plain(c) for c in meta.iterfind("contrib-group/collab")]
    return tuple(dict.fromkeys(name for name in names if name))


def _journal(article: Element) -> str:
    meta = article.find("front/journal-meta")
    if meta is None:
        return ""
    found = meta.find(".//journal-title")
    return plain(found) or next(
        (plain(i) for i in meta.iterfind("journal-id") if i.get("journal-id-type") == "nlm-ta"), ""
    )


def _year(meta: Element) -> int | None:
    """The printed issue's year if there is one, as PubMed cites it, else the collection's, else the electronic one."""
    years: dict[str, int] = {}
    for date in meta.iterfind("pub-date"):
        kind = date.get("pub-type") or date.get("date-type") or "pub"
        if date.get("publication-format") == "print":
            kind = "ppub"
        if found := bib.year(plain(date.find("year"))):
            years.setdefault(kind, found)
    return next((years[k] for k in _YEARS if k in years), next(iter(years.values()), None))


def _language(article: Element, title: str) -> str:
    """As stated; the DTD's default is English, which a title in Chinese overrules."""
    from indexer.language import language_of

    stated = article.get("xml:lang", "")
    return bib.language(stated) if stated else language_of(title) or "en"
