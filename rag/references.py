"""Sources in the forms that reference managers read: BibTeX, RIS, CSL-JSON.

Decides types, keys and escaping, so that no title or name can end its field or begin another. Keys depend on the source
alone: the same source has the same key in every file. Knows nothing of answers.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from indexer.types import Source
from rag.render import safe

# Family, Given; or Family GI, as PubMed and most journals abbreviate it.
_COMMA = re.compile(r"\A([^,]{1,100}), {0,5}([^,]{1,100}(?:, {0,5}(?:Jr|Sr|II|III|IV)\.?)?)")
_INITIALS = re.compile(r"\A([^,]{1,100}?) ((?:[A-Z]\.?[- ]?){1,4})")
_LONGEST_NAME = 100  # no name is longer
_GROUP = re.compile(
    r"\b(?:group|collaborat\w*|committee|consortium|society|association|investigators|network|trial|study|organi[sz]ation|"
    r"institute|university|department|task force|council|agency|team)\b", re.I
)  # fmt: skip
_TEX = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}", "%": r"\%", "&": r"\&", "#": r"\#", "$": r"\$", "_": r"\_",
}  # fmt: skip
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_CSL_TYPES = {"article": "article-journal", "abstract": "article-journal", "guideline": "report", "web": "webpage"}
_RIS_TYPES = {"article-journal": "JOUR", "report": "RPRT", "webpage": "ELEC", "document": "GEN"}
_BIB_TYPES = {"article-journal": "article", "report": "techreport", "webpage": "misc", "document": "misc"}


def line(text: object) -> str:
    """Data on one line: no control characters, runs of white space as one space."""
    return " ".join(safe(text).split())


def unique(sources: Iterable[Source]) -> list[Source]:
    """Each source once, in order."""
    return list({s.id: s for s in reversed(list(sources))}.values())[::-1]


def name(author: str) -> dict[str, str]:
    """An author as CSL has it: family and given where the form tells them apart, else literal."""
    author = line(author)
    if len(author) <= _LONGEST_NAME and not _GROUP.search(author):
        for form in (_COMMA, _INITIALS):
            if (match := form.fullmatch(author)) and any(c.isalpha() for c in match[1]):
                return {"family": match[1].strip(), "given": match[2].strip()}
    return {"literal": author}


def key(source: Source) -> str:
    """`family` + `year` + four or more hexadecimal digits of the id's SHA-256, in ASCII."""
    first = name(source.authors[0]) if source.authors else {}
    word = first.get("family") or first.get("literal") or source.title or "source"
    ascii_word = unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode().lower()
    letters = re.findall("[a-z]+", ascii_word)
    return f"{(letters[0] if letters else 'source')[:20]}{source.year or ''}-{_digest(source)[:6]}"


def _digest(source: Source) -> str:
    return hashlib.sha256(source.id.encode("utf-8", "replace")).hexdigest()


def doi(source: Source) -> str:
    """Its DOI, "" if it has none of the right form."""
    found = line(source.links.get("doi", ""))
    return found if _DOI.fullmatch(found) else ""


def identifier(source: Source, kind: str) -> str:
    """Its `pmid` (digits) or `pmcid` (PMC and digits), "" if it has none of the right form."""
    found = line(source.links.get(kind, ""))
    return found if re.fullmatch(r"\d{1,9}" if kind == "pmid" else r"PMC\d{1,9}", found) else ""


def url(source: Source) -> str:
    """Its web address with every character that is special elsewhere percent-encoded; "" if it is no http address."""
    found = line(source.links.get("url", ""))
    return encoded(found) if re.match(r"https?://[\w.-]+", found) else ""


def encoded(address: str) -> str:
    """An address in plain ASCII without angle brackets, braces, quotes or backslashes."""
    kept = re.compile(r"[A-Za-z0-9._~:/?#@!$&*+,;=%()-]")
    return "".join(c if kept.match(c) else "".join(f"%{b:02X}" for b in c.encode("utf-8")) for c in address)


def remark(source: Source) -> str:
    """What a reader must know of it, and its evidence level."""
    flag = "RETRACTED" if source.retracted else "EXPRESSION OF CONCERN" if source.concern else ""
    return "; ".join(x for x in (flag, source.design if source.design not in ("", "not stated") else "") if x)


def csl(sources: Sequence[Source]) -> str:
    """CSL-JSON (citationstyles.org, schema 1.0): a list of items."""
    return json.dumps([_csl_item(s) for s in unique(sources)], ensure_ascii=False, indent=1) + "\n"


def _csl_type(source: Source) -> str:
    if source.journal and source.kind in ("", "article", "abstract", "summary"):
        return "article-journal"
    return _CSL_TYPES.get(source.kind, "document")


def _csl_item(source: Source) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": key(source), "type": _csl_type(source), "title": line(source.title) or line(source.id),
        "author": [name(a) for a in source.authors if line(a)], "container-title": line(source.journal),
        "issued": {"date-parts": [[source.year]]} if source.year else None, "DOI": doi(source),
        "PMID": identifier(source, "pmid"), "PMCID": identifier(source, "pmcid"), "URL": url(source),
        "language": line(source.language), "note": line(remark(source)),
    }  # fmt: skip
    return {k: v for k, v in item.items() if v}


def bibtex(sources: Sequence[Source]) -> str:
    """BibTeX. A brace that a title holds becomes a command: BibTeX counts braces even after a backslash."""
    return "\n".join(_bibtex_entry(s) for s in unique(sources))


def _bibtex_entry(source: Source) -> str:
    item = _csl_item(source)
    fields = {
        "author": " and ".join(map(_bibtex_name, item.get("author", []))), "title": f"{{{tex(item['title'])}}}",
        "journal": tex(item.get("container-title", "")), "year": str(source.year or ""),
        "doi": _tex_address(item.get("DOI", "")),
        "pmid": item.get("PMID", ""), "pmcid": item.get("PMCID", ""), "url": _tex_address(item.get("URL", "")),
        "language": tex(item.get("language", "")), "note": tex(item.get("note", "")),
    }  # fmt: skip
    lines = [f"  {k} = {{{v}}}" for k, v in fields.items() if v]
    return f"@{_BIB_TYPES[item['type']]}{{{item['id']},\n" + ",\n".join(lines) + "\n}\n"


def tex(text: str) -> str:
    """Text as LaTeX prints it."""
    return "".join(_TEX.get(c, c) for c in line(text))


def _tex_address(text: str) -> str:
    """A DOI or address: braces and backslashes encoded, comment signs escaped, the rest as it is."""
    return re.sub(r"(?<!\\)([%#&])", r"\\\1", encoded(text).replace("$", "%24").replace("~", "%7E"))


def _bibtex_name(author: dict[str, str]) -> str:
    if "literal" in author:
        return f"{{{tex(author['literal'])}}}"
    family, given = tex(author["family"]), tex(author["given"])
    return f"{{{family}}}, {{{given}}}" if re.search(r"\band\b|,", f"{family} {given}", re.I) else f"{family}, {given}"


def ris(sources: Sequence[Source]) -> str:
    """RIS (Reference Manager), lines ended by CR LF."""
    lines: list[str] = []
    for source in unique(sources):
        item = _csl_item(source)
        names = [a.get("literal") or f"{a['family']}, {a['given']}" for a in item.get("author", [])]
        tags = [
            ("TY", _RIS_TYPES[item["type"]]), ("ID", item["id"]), *(("AU", n) for n in names), ("TI", item["title"]),
            ("JO", item.get("container-title", "")), ("PY", str(source.year or "")), ("DO", item.get("DOI", "")),
            ("AN", item.get("PMID", "")), ("C2", item.get("PMCID", "")), ("UR", item.get("URL", "")),
            ("LA", item.get("language", "")), ("N1", item.get("note", "")),
        ]  # fmt: skip
        lines += [f"{tag}  - {value}" for tag, value in tags if value] + ["ER  - ", ""]
    return "\r\n".join(lines)
