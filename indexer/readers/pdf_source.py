"""What identifies a PDF's article: title, DOI, year, authors. Decides which statements are trusted: what the first page
shows, then plausible metadata. Knows nothing of sections.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from indexer.readers.clean import clean
from indexer.readers.pdf_layout import Line
from indexer.readers.pdf_words import Words

_DOI = re.compile(r"\b10\.\d{4,9}/[-._;()/:<>A-Za-z0-9]{2,100}")
# A DOI goes on in the next line after a point or a stroke.
_BROKEN_DOI = re.compile(r"(\b10\.\d{4,9}/[-._;()/:A-Za-z0-9]{0,80}[./_-])\n(?=[a-z0-9])")
_YEAR = re.compile(r"(?<!\d)(?:19[5-9]\d|20[0-4]\d)(?!\d)")
_FILE_NAME = re.compile(r"\.(?:docx?|indd|tex|pdf|qxd|rtf)\b|microsoft word|untitled|^\W*\d+\W*$", re.I)
_LABEL = re.compile(
    r"(?:original |research |review )?(?:article|paper|research|communication|report)s?|open access|review|editorial|"
    r"abstract|研究论文|论著|原著",
    re.I,
)
_LATIN = re.compile("[A-Za-z]")
_MOST_TITLE_LINES = 6


def title_lines(lines: Sequence[Line], *, body: float) -> list[Line]:
    """The lines of the title on the first page: the largest type of its upper part that reads like one."""
    first = [line for line in lines if line.page == 0 and line.kind == "text"][:25]
    sizes = sorted({round(line.size, 1) for line in first if line.size > 1.12 * body}, reverse=True)
    for size in sizes:
        found = [line for line in first if abs(line.size - size) < 0.06 * size]
        # One run of lines; the same type may be used again further down.
        start = first.index(found[0])
        run = [line for i, line in enumerate(first[start : start + _MOST_TITLE_LINES]) if line in found[: i + 1]]
        text = " ".join(line.text for line in run)
        if (
            len(text) > 12
            and not _LABEL.fullmatch(text)
            and len(text) < 400
            and (" " in text or not _LATIN.search(text))
        ):
            return run
        if not _LATIN.search(text) and len(text) > 5:
            return run
    return []


def title_of(found: Sequence[Line], metadata: Mapping[str, str]) -> str:
    """The title that the page shows, else a plausible one from the metadata, else ""."""
    words, shown = Words(line.text for line in found), ""
    for line in found:
        shown = words.join(shown, line.text)
    stated = " ".join(clean(metadata.get("/Title", "")).split())
    if not shown and not _FILE_NAME.search(stated) and (len(stated.split()) >= 3 or not stated.isascii()):
        return stated
    return shown


def doi_of(places: Sequence[str], metadata: Mapping[str, str], *, cited: str) -> str:
    """The DOI of the article itself: from the metadata, else the first in `places` that is not only `cited`; else "".

    places: texts of the first page, the most telling one first, with its line ends; cited: the references on it.
    """
    fields = [metadata.get(k, "") for k in ("/doi", "/DOI", "/WPS-ARTICLEDOI", "/Subject", "/Keywords", "/Title")]
    cited = _BROKEN_DOI.sub(r"\1", cited)
    for text in (_BROKEN_DOI.sub(r"\1", place) for place in (*fields, *places)):
        for match in _DOI.finditer(text):
            found = match[0].rstrip(".,;:>")
            found = found.rstrip(")") if found.count(")") > found.count("(") else found
            if text.count(found) > cited.count(found):
                return found
    return ""


def authors_of(metadata: Mapping[str, str]) -> tuple[str, ...]:
    """The names in the metadata, unless they look like an account's."""
    stated = " ".join(clean(metadata.get("/Author", "")).split())
    if not stated or re.search(r"anonymous|\buser\b|admin|unknown|owner|unspecified|\d|@", stated, re.I):
        return ()
    return tuple(name.strip() for name in re.split(r"[;,，、]| and ", stated) if name.strip())[:50]


def year_of(head: str) -> int | None:
    """The year of publication when the lines above the text name just one year."""
    years = set(_YEAR.findall(_DOI.sub(" ", head)))
    return int(years.pop()) if len(years) == 1 else None
