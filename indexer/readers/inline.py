"""Inline markup of PubMed and JATS as one line of plain text: decides what a superscript, a formula and a citation
mark become.

Exponents keep their meaning (`10<sup>9</sup>` → `10^9`), formulas become one line, numbered citation marks are taken
out with their brackets, while "Fig. 2", "Table 1" and names with years stay. Knows nothing of sections or tables.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from xml.etree.ElementTree import Element

from indexer.readers.clean import clean
from indexer.readers.formula import formula, tex

# Two private-use characters stand around a citation mark until the whole line is known; the text's own are removed.
_OPEN, _CLOSE = "\ue000", "\ue001"
# Longer than any list of citations; also keeps the patterns below off hostile megabytes.
_MARK_LENGTH = 200
_MARK = f"{_OPEN}[^{_OPEN}{_CLOSE}]{{0,40}}{_CLOSE}"
_NUMBER = re.compile(r"\A[\s\[\](){}]*[A-Za-z]?\d{1,4}[a-z]?(?:[\s,;–—‐‑−-]+[A-Za-z]?\d{1,4}[a-z]?)*[\s\[\](){}.,;]*")
_YEAR = re.compile(r"(?:1[89]|20)\d\d[a-z]?(?:\s*[,;]\s*(?:1[89]|20)\d\d[a-z]?)*")
_WORD_BEFORE = re.compile(r"(?:\brefs?\.?|\breferences?|\bcitations?|文献)\s*$", re.I)
_BETWEEN = r"(?:[\s,;:–—‐‑−&-]|\d{1,3}[a-z]?\b|and\b|see\b|also\b|e\.g\.|reviewed in\b|for review\b|ref\.?\b|refs\.?\b)"
_BRACKETED = re.compile(
    rf"(?<!\s)\s*[\[(]{_BETWEEN}{{0,40}}{_MARK}(?:{_BETWEEN}{{0,40}}{_MARK}){{0,200}}{_BETWEEN}{{0,40}}[\])]"
)
_BARE = re.compile(rf"(?<!\s)\s*{_MARK}(?:[\s,;–—‐‑−-]{{0,4}}{_MARK}){{0,200}}")
_SUPER_CITATION = re.compile(r"\d{1,3}(?:\s*[,–—‐‑−-]\s*\d{1,3})*")
_SUPER_LIST = re.compile(r"\d{1,3}(?:\s*[,–—‐‑−-]\s*\d{1,3})+")
# A letter raised after a whole word, a number or a bracket points to a note: `p value^a`.
_NOTED = re.compile(r"(?:[a-z]{3}|value|[A-Z]{2}|[\d)%\]])$")
_ORDINAL = re.compile(r"(?:st|nd|rd|th|er|e|o|a)\b", re.I)
_SPACES = re.compile(r"\s+")
_BEFORE_STOP = re.compile(r"(?<! ) +([.,])(?= |$)")

_NOTHING = {"graphic", "inline-graphic", "media", "object-id", "fn", "table-wrap", "fig", "fig-group", "annotation",
            "supplementary-material", "inline-supplementary-material", "private-char", "index-term"}  # fmt: skip
_SPACED = {"p", "break", "hr", "list-item", "def-item", "def", "term", "title", "td", "th", "list", "disp-quote",
           "sec", "disp-formula", "entry", "tr", "row", "DispFormula", "statement", "verse-line", "label"}  # fmt: skip


def plain(element: Element | None, *, without: Collection[str] = ()) -> str:
    """The element's text on one line, without its tail; elements named in `without` are left out. "" for None."""
    if element is None:
        return ""
    parts: list[str] = []
    _walk(element, parts, frozenset(without) | _NOTHING)
    return tidy("".join(parts))


def tidy(text: str) -> str:
    """One clean line: citation marks out, spaces single."""
    text = _SPACES.sub(" ", clean(text))
    if _OPEN in text:
        text = _BRACKETED.sub("", text)
        text = _BARE.sub(_bare, text)
        text = text.replace(_OPEN, "").replace(_CLOSE, "")
    return _BEFORE_STOP.sub(r"\1", text).strip()


def words(text: str | None) -> str:
    """Character data without the two characters that mark citations."""
    return (text or "").replace(_OPEN, "").replace(_CLOSE, "")


def _bare(match: re.Match[str]) -> str:
    """A mark outside brackets goes, unless the sentence speaks of it ("see ref. 12")."""
    before = match.string[max(0, match.start() - 20) : match.start()]
    if _WORD_BEFORE.search(before):
        return match[0]
    return ""


def _walk(element: Element, parts: list[str], without: frozenset[str]) -> None:
    parts.append(words(element.text))
    for child in element:
        if child.tag not in without:
            _child(child, parts, without)
        parts.append(words(child.tail))


def _child(child: Element, parts: list[str], without: frozenset[str]) -> None:
    tag = child.tag
    if tag == "sup":
        parts.append(superscript(_inside(child, without), "".join(p[-40:] for p in parts[-4:])))
    elif tag == "xref":
        parts.append(_reference(child, _inside(child, without)))
    elif tag == "math":
        parts.append(formula(child))
    elif tag == "tex-math":
        parts.append(tex(words(child.text)))
    elif tag == "alternatives":
        best = child.find("math")
        best = child.find("tex-math") if best is None else best
        if best is not None:
            _child(best, parts, without)
        else:
            _walk(child, parts, without)
    elif tag in _SPACED:
        parts.append(" ")
        # The number of a displayed formula says nothing in a sentence.
        _walk(child, parts, without | {"label"} if tag == "disp-formula" else without)
        parts.append(" ")
    else:
        _walk(child, parts, without)


def _inside(element: Element, without: frozenset[str]) -> str:
    parts: list[str] = []
    _walk(element, parts, without)
    return "".join(parts)


def superscript(text: str, before: str) -> str:
    """What a raised text becomes after `before`: `^9` after a digit; nothing for what can only be a citation
    ("trials.12", "trials12,13"); else the text itself. Used by every reader of markup."""
    inner = text.strip()
    if not inner or inner == "^" or len(inner) > _MARK_LENGTH:
        return text
    if _OPEN in inner:
        rest = re.sub(_MARK, "", inner)
        return f"{_OPEN}0{_CLOSE}" if re.fullmatch(r"[\s\d,;–—‐‑−()\[\]-]*", rest) else text
    last = before[-1:]
    if last.isdigit() and not _ORDINAL.fullmatch(inner) and inner[0].isalnum() | (inner[0] in "+-–−‐‑"):
        return f"^{inner}"
    if re.fullmatch(r"[a-z](?:\s*,\s*[a-z])*", inner) and (not before.strip() or _NOTED.search(before[-20:])):
        return f"^{inner}" if before.strip() else f"{inner} "
    if last and last in ".,;:" and _SUPER_CITATION.fullmatch(inner):
        return ""
    if before[-4:].isalpha() and len(before) >= 4 and _SUPER_LIST.fullmatch(inner):
        return ""
    return text


def _reference(element: Element, text: str) -> str:
    """A numbered citation as a mark, a footnote's sign as nothing, anything else ("Fig. 2") as its text."""
    kind = element.get("ref-type", "")
    if len(text) > _MARK_LENGTH or _OPEN in text:
        return text
    if kind in ("bibr", "ref") and _NUMBER.fullmatch(text) and not _YEAR.fullmatch(text.strip(" ()[]")):
        return f"{_OPEN}{text.strip()[:40]}{_CLOSE}"
    if kind in ("fn", "table-fn", "aff", "corresp", "author-notes") and len(text.strip(" ()[]")) <= 3:
        return ""
    return text
