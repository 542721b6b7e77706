"""The texts that FHIR R4 resources carry: a report's conclusion or form, a document's attachment.

Decides which attachments are text (plain, Markdown, HTML), what they decode to, and their type and date. Attachments
that are elsewhere (`url`) or are no text are counted, not fetched. Knows nothing of sections.
"""

from __future__ import annotations

import base64
import binascii
import re
from html import unescape

from indexer.readers.clean import decode
from rag.records.chart import NoteText
from rag.records.fhir_json import Node
from rag.records.fhir_links import Links
from rag.records.fhir_resources import LONGEST_CONCLUSION
from rag.records.fhir_values import concept, node, nodes, string, time, when

LONGEST_TEXT = 2 << 20
"""Bytes of one attachment, decoded; a longer one is no note."""
_PLAIN = ("", "text/plain", "text/markdown", "text/x-markdown")
_MARKUP = ("text/html", "application/xhtml+xml")
_BREAK = re.compile(r"<(?:br|/p|/div|/li|/tr|/h[1-6])\b[^<>]{0,200}>", re.I)
_HIDDEN = re.compile(r"<(?P<tag>script|style|head)\b[^<>]{0,500}>[^<]{0,100000}</(?P=tag)>", re.I)
_TAG = re.compile(r"<[/!a-zA-Z][^<>]{0,2000}>")


def notes(resource: Node, links: Links) -> tuple[list[NoteText], int]:
    """The texts of a DiagnosticReport or DocumentReference, and how many attachments could not be read."""
    kind, id = resource["resourceType"], resource["id"]
    if kind == "DiagnosticReport":
        attachments = list(nodes(resource.get("presentedForm")))
        name = concept(resource.get("code")).name or "Report"
        day = when(resource, "effective")[0] or time(resource.get("issued"))
    elif kind == "DocumentReference":
        attachments = [node(c.get("attachment")) for c in nodes(resource.get("content"))]
        name = concept(resource.get("type")).name or string(resource.get("description")) or "Document"
        held = node(resource.get("context")).get("period")
        day = time(resource.get("date")) or time(node(held).get("start"))
    else:
        return [], 0
    texts = [t for t in map(_text, attachments) if t]
    unread = len(attachments) - len(texts)
    said = resource.get("conclusion")
    if kind == "DiagnosticReport" and isinstance(said, str) and LONGEST_CONCLUSION < len(said) <= LONGEST_TEXT:
        texts.append(said)
    author = links.names(resource.get("author") or resource.get("performer"), inside=resource)
    detail = (("author", author),) if author else ()
    return [
        NoteText(id if n == 1 else f"{id}-{n}", f"fhir:{kind}/{id}", name, day, text, detail)
        for n, text in enumerate(dict.fromkeys(texts), start=1)
    ], unread


def _text(attachment: Node) -> str:
    """An attachment's text, "" for one that is elsewhere, too long, or no text."""
    data = attachment.get("data")
    media = string(attachment.get("contentType")).lower().partition(";")[0].strip()
    if not isinstance(data, str) or media not in (*_PLAIN, *_MARKUP) or len(data) > LONGEST_TEXT * 4 // 3 + 4:
        return ""
    try:
        raw = base64.b64decode(data.encode("ascii"), validate=False)
    except (binascii.Error, ValueError):
        return ""
    # What is not said to be text has to look like it.
    if raw.startswith(b"%PDF") or (b"\0" in raw[:4096] and not raw.startswith((b"\xff\xfe", b"\xfe\xff"))):
        return ""
    text = decode(raw)
    return plain(text) if media in _MARKUP else text


def plain(markup: str) -> str:
    """HTML's text, a line for each block."""
    text = _TAG.sub("", _BREAK.sub("\n", _HIDDEN.sub("", markup)))
    return re.sub(r"\n[ \t]*(?:\n[ \t]*){2,}", "\n\n", unescape(text))
