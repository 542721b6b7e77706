"""A patient's report as a FHIR R4 document: a Bundle whose first entry is a Composition, followed by what it cites.

Decides the sections' narratives (XHTML without drawings), their references, and that a draft is `preliminary` and its
author this program. A section in which nothing was found says so as FHIR does (`emptyReason`). Follows
https://hl7.org/fhir/R4/documents.html; not run through HL7's validator.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from html import escape
from typing import Any

from rag.render import safe
from rag.tasks.page import Paragraph, Points, Table, Text
from rag.tasks.report.draft import Draft, Part, Piece, label, texts
from rag.tasks.report.patient import Report, guarded
from rag.tasks.report.resources import Resource, address, made, moment, narrative

_AUTHOR = "anamnesis"
_EMPTY = "http://terminology.hl7.org/CodeSystem/list-empty-reason"


def composition(report: Report, *, code: str, at: datetime) -> bytes:
    """The Bundle as JSON. code: the document's LOINC code, or "". at: when it was made, with its zone. Raises
    Unforeseen."""
    return guarded(lambda: _bundle(report, code=code, at=at))


def _bundle(report: Report, *, code: str, at: datetime) -> bytes:
    draft, stamp = report.draft, at.isoformat(timespec="seconds")
    subject = address(f"Patient/{report.id}")
    held: dict[str, Resource] = {subject: _patient(report)}
    pairs = list(zip(draft.cited, report.sources, strict=True))
    where = {label(c): subject if e.category == "person" else address(c.resource) for c, e in pairs}
    for cited, entry in pairs:
        place = where[label(cited)]
        if place in held:
            _joined(held[place], safe(cited.quote), patient=place == subject)
        else:
            held[place] = made(entry, cited, subject=subject, masked=report.person is None)
    author = address(f"Device/{_AUTHOR}")
    held[author] = {
        "resourceType": "Device", "id": _AUTHOR, "deviceName": [{"name": "Anamnesis", "type": "model-name"}],
    }  # fmt: skip
    root = address(f"Composition/{report.id}/{draft.title}/{stamp}")
    first: Resource = {
        "resourceType": "Composition", "id": root.removeprefix("urn:uuid:"), "status": "preliminary",
        "language": "zh-CN" if draft.language == "zh" else "en",
        "text": narrative("".join(f"<p>{escape(safe(n))}</p>" for n in report.page.notices)),
        "type": _loinc(code, draft.title), "subject": {"reference": subject}, "date": stamp,
        "author": [{"reference": author, "display": "Anamnesis"}], "title": draft.title,
        "section": [_section(p, where) for p in draft.parts],
    }  # fmt: skip
    entries = [{"fullUrl": root, "resource": first}]
    entries += [{"fullUrl": place, "resource": resource} for place, resource in held.items()]
    bundle = {
        "resourceType": "Bundle", "type": "document",
        "identifier": {"system": "urn:ietf:rfc:3986", "value": root}, "timestamp": stamp, "entry": entries,
    }  # fmt: skip
    return (json.dumps(bundle, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")


def _patient(report: Report) -> Resource:
    """The patient: an id, and sex and birth as far as the reader may see them. No name: a draft has none."""
    found: Resource = {
        "resourceType": "Patient", "id": address(f"Patient/{report.id}").removeprefix("urn:uuid:"),
        "text": narrative("<p>Patient</p>"),
        "identifier": [{"system": "urn:anamnesis:patient", "value": report.id}],
    }  # fmt: skip
    if report.person is not None:
        if report.person.sex in ("female", "male", "other"):
            found["gender"] = report.person.sex
        if birth := moment(report.person.birth)[:10]:
            found["birthDate"] = birth
    return found


def _joined(resource: Resource, quote: str, *, patient: bool) -> None:
    """Adds another cited line to the narrative of a resource; a component of an observation becomes one there."""
    div = resource["text"]["div"].removesuffix("</div>")
    line = f"<p>{escape(quote)}</p>"
    if line not in div:
        start = div.replace("<p>Patient</p>", "") if patient else div
        resource["text"]["div"] = f"{start}{line}</div>"


def _section(part: Part, where: dict[str, str]) -> Resource:
    found: Resource = {"title": part.heading}
    if part.code:
        found["code"] = _loinc(part.code, part.heading)
    inner = (f"<p>{escape(part.gap)}</p>" if part.gap else "") + "".join(_xhtml(p) for p in part.pieces)
    found["text"] = narrative(inner or f"<p>{escape(part.heading)}</p>")
    cites = dict.fromkeys(where[c] for t in _cited(part) for c in t.cites)
    if cites:
        found["entry"] = [{"reference": place} for place in cites]
    else:
        found["emptyReason"] = {"coding": [{"system": _EMPTY, "code": "unavailable"}]}
    return found


def _cited(part: Part) -> Iterable[Text]:
    return texts(Draft("", "en", (part,), ()))


def _xhtml(piece: Piece) -> str:
    if isinstance(piece, Table):
        head = "".join(f"<th>{escape(h)}</th>" for h in piece.header)
        rows = "".join("<tr>" + "".join(f"<td>{_shown(t)}</td>" for t in row) + "</tr>" for row in piece.rows)
        caption = f"<caption>{escape(piece.caption)}</caption>" if piece.caption else ""
        return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    if isinstance(piece, Points):
        return "<ul>" + "".join(f"<li>{_shown(t)}</li>" for t in piece.items) + "</ul>"
    if isinstance(piece, Paragraph):
        return "<p>" + " ".join(_shown(t) for t in piece.texts) + "</p>"
    return f"<p>{_shown(piece.said)}</p>"


def _shown(text: Text) -> str:
    return escape(safe(text.text)) + "".join(f" [{c}]" for c in text.cites)


def _loinc(code: str, text: str) -> dict[str, Any]:
    coding = [{"system": "http://loinc.org", "code": code}] if code else []
    return {"coding": coding, "text": text} if coding else {"text": text}
