"""Identifiers and links in a drafted sentence: PMID, PMCID, DOI, trial registration, URL, e-mail, Markdown, HTML.

Decides which of them stand in the sources' metadata (trial registrations: also in the text, where they are evidence);
all others are taken out and counted, whatever the draft or a document says. Not pluggable. Knows nothing of whether a
sentence is true.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from rag.types import Passage

_DOMAINS = "com|org|net|gov|edu|int|info|biz|xyz|app|dev|link|site"
# Of these, many a lost space after a full stop makes one ("IL-6.In patients"): they count with a path only.
_COUNTRIES = "io|ai|co|cn|uk|de|fr|jp|ru|eu|us|ca|au|ch|nl|in|br|me|it|es|se|no|be|at"
# `![alt](target)` and `[text](target)`; the text of a link stays, an image goes.
_MARKDOWN = re.compile(r"(!?)\[([^\[\]\n]{0,300})\]\(([^()\n]{0,500}(?:\([^()\n]{0,100}\)[^()\n]{0,100})?)\)")
_HTML = re.compile(r"</?[a-zA-Z][^<>]{0,300}>")
_LINKS = re.compile(
    r"(?:https?|hxxps?|ftp|file|mailto|javascript|data|vbscript)\s?:(?:/{1,2}|(?=\w))[^\s<>，。；、（）]{1,500}"
    r"|(?<![\w.])(?:doi|DOI)\s{0,2}[:：.]?\s{0,2}(?:org/)?10\.\d{2,9}/[^\s<>，。；（）]{1,200}"
    r"|(?<![\w.])10\.\d{4,9}/[^\s<>，。；（）]{1,200}"
    r"|\bPMIDs?\b[\s:：#]{0,3}\d{1,9}(?:(?:\s{0,2}[,，;、]\s{0,2}(?:and\s)?|\s{1,2}and\s{1,2})\d{4,9}){0,20}"
    r"|\bPub\s?Med(?:\s?IDs?)?[\s:：#]{1,3}\d{4,9}"
    r"|\bPMC\s?(?:ID)?[\s:：#]{0,3}\d{4,9}\b"
    r"|\b(?:NCT|ISRCTN|ChiCTR|EudraCT|ACTRN|UMIN|DRKS|CRD|JPRN)[\s:：#\-]{0,2}[A-Z\-]{0,8}\d{4,14}(?:-\d{2,8}){0,2}\b"
    r"|(?<![\w.+\-@])[A-Za-z0-9][\w.+\-]{0,63}@[A-Za-z0-9][\w\-]{0,62}(?:\.[\w\-]{1,30}){1,4}"
    r"|(?<![\w.@/\-])(?:www\.[\w\-]{1,60}|[A-Za-z0-9][\w\-]{1,60})(?:\.[\w\-]{1,60}){0,3}"
    r"\.(?:(?:" + _DOMAINS + r")\b(?:/[^\s<>，。；（）]{0,300})?|(?:" + _COUNTRIES + r")/[^\s<>，。；（）]{0,300})",
    re.I,
)  # fmt: skip
_REGISTERED = re.compile(
    r"\b(?:NCT|ISRCTN|ChiCTR|EudraCT|ACTRN|UMIN|DRKS|CRD|JPRN)[\s:：#\-]{0,2}[A-Z\-]{0,8}\d{4,14}(?:-\d{2,8}){0,2}\b",
    re.I,
)
# Where trials are registered: their names alone lead nowhere.
_REGISTRIES = "clinicaltrials.gov\nchictr.org.cn\nchictr.org\nisrctn.com\nisrctn.org\nanzctr.org\ncontrolled-trials.com"
_ID = re.compile(r"\d{4,14}|10\.\d{2,9}/\S{1,200}")
_PREFIXED = re.compile(r"(?<![a-z])(?!pmid|pubmed|pub med|doi)[a-z]{2,10}[\s:：#\-]{0,3}[a-z\-]{0,8}\d")
_IS_LINK = re.compile(r"[a-z]{3,10}\s?:/|www\.|[^\s/]{1,80}@")
_TAIL = ".,;:!?)]}'\""
_EMPTY = re.compile(
    r"[(（\[【]\s{0,5}(?:(?:see|from|via|at|available|source|and|in|doi|PMID|见|来源)?[\s:：,;，；]{0,3}){0,3}[)）\]】]",
    re.I,
)
_BEFORE_MARK = re.compile(r"(?<=\S)\s{1,5}(?=[.,;:!?，。；：！？)）])")
_FULL_WIDTH = "".join(chr(c) for c in range(0xFF10, 0xFF5B) if chr(c).isalnum()) + "．／＠"
_WIDE = {ord(c): ord(c) - 0xFEE0 for c in _FULL_WIDTH}


def known(passages: Iterable[Passage]) -> str:
    """What may be named: the sources' ids and links, and the registrations of trials in the passages; lower case."""
    parts: list[str] = [_REGISTRIES]
    for p in passages:
        parts += [p.source.id, *_REGISTERED.findall(f"{p.source.title}\n{p.text}")]
        parts += [f"{kind}:{value}" for kind, value in p.source.links.items() if kind != "path"]
    return "\n".join(parts).lower()


def clean(text: str, allowed: str) -> tuple[str, int]:
    """The sentence without links and identifiers that are not in `allowed` (as `known` gives it), and their number.

    Control and invisible characters go too. Markdown links become their text.
    """
    text = visible(text)
    removed = 0

    def markdown(match: re.Match[str]) -> str:
        nonlocal removed
        removed += bool(match[1]) or not _stands(match[3], allowed)
        return "" if match[1] else match[2]

    def foreign(match: re.Match[str]) -> str:
        nonlocal removed
        found = match[0]
        tail = found[len(found.rstrip(_TAIL)) :] if not found.endswith(")") or "(" not in found else ""
        if _stands(found, allowed):
            return found
        removed += 1
        return tail

    def html(_: re.Match[str]) -> str:
        nonlocal removed
        removed += 1
        return ""

    before = None
    while before != text:  # what is taken out may have held two halves apart
        before = text
        text = _LINKS.sub(foreign, _HTML.sub(html, _MARKDOWN.sub(markdown, text)))
    if removed:
        text = _BEFORE_MARK.sub("", " ".join(_EMPTY.sub("", text).split()))
    return text, removed


def foreign(text: str, allowed: str) -> bool:
    """Whether a text still names a link or identifier that is not in `allowed`."""
    return clean(text, allowed)[1] > 0


def visible(text: str) -> str:
    """Without control, format and unassigned characters; full-width letters and digits in their plain form."""
    kept = (c for c in text.translate(_WIDE) if c in "\t " or unicodedata.category(c) not in _HIDDEN)
    return "".join(kept)


_HIDDEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn"))


def _stands(link: str, allowed: str) -> bool:
    """Whether an id or link is one of the sources' own, bounded on both sides, not a part of a longer one."""
    link = link.lower().strip().rstrip(_TAIL)
    if _PREFIXED.match(link) and not _IS_LINK.match(link):
        return _bounded(re.sub(r"(?<=[a-z])[\s:：#]{1,3}|id(?=\W)", "", link), allowed)
    ids = [] if _IS_LINK.match(link) else _ID.findall(link)
    return all(_bounded(i.rstrip(_TAIL), allowed) for i in ids) if ids else _bounded(link, allowed)


def _bounded(part: str, allowed: str) -> bool:
    at = allowed.find(part)
    while at >= 0:
        before, after = allowed[at - 1 : at], allowed[at + len(part) : at + len(part) + 2]
        if not before.isalnum() and not (after[:1].isalnum() or (after[:1] in "/-_" and after[1:].isalnum())):
            return True
        at = allowed.find(part, at + 1)
    return False
