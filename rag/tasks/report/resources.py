"""The resources behind a FHIR document, made anew from what the store holds of them: what was cited, and no more.

Decides which resource type stands for an entry, and which elements it gets; those that R4 requires are always there.
Times that R4 would not take (a time of day without zone) are cut to the day. Masked entries give their codes, values
and masked line alone. Knows nothing of sections.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from html import escape
from typing import Any

from rag.records.part import Cited
from rag.records.types import Entry
from rag.render import safe
from rag.tasks.report.case import old_age

Resource = dict[str, Any]
_SYSTEMS = {
    "loinc": "http://loinc.org", "snomed": "http://snomed.info/sct",
    "rxnorm": "http://www.nlm.nih.gov/research/umls/rxnorm", "icd9": "http://hl7.org/fhir/sid/icd-9-cm",
    "icd10": "http://hl7.org/fhir/sid/icd-10-cm", "cvx": "http://hl7.org/fhir/sid/cvx",
    "ndc": "http://hl7.org/fhir/sid/ndc",
}  # fmt: skip
_BY_CATEGORY = {
    "condition": "Condition", "allergy": "AllergyIntolerance", "medication": "MedicationStatement",
    "laboratory": "Observation", "vital": "Observation", "survey": "Observation", "procedure": "Procedure",
    "immunization": "Immunization", "imaging": "ImagingStudy", "report": "DiagnosticReport", "encounter": "Encounter",
    "plan": "CarePlan", "device": "Device", "note": "DocumentReference", "person": "Patient",
}  # fmt: skip
_KNOWN = {*_BY_CATEGORY.values(), "MedicationRequest", "MedicationAdministration", "Goal"}
_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}\Z")
_TIME = re.compile(r"\d{4}(?:-\d\d(?:-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d))?)?)?\Z")
_DAY = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
_UNIVERSE = uuid.UUID("6f0c1a52-6f5e-5c2b-9d57-3a1f0d5b7c11")
_UNKNOWN_STATES = {
    "Observation": "unknown", "DiagnosticReport": "unknown", "MedicationRequest": "unknown",
    "MedicationStatement": "unknown", "MedicationAdministration": "unknown", "Procedure": "unknown",
    "Immunization": "completed", "ImagingStudy": "unknown", "Encounter": "unknown", "CarePlan": "unknown",
    "DocumentReference": "current", "Goal": "active",
}  # fmt: skip
_STATES = {
    "Observation": "registered preliminary final amended corrected cancelled entered-in-error unknown",
    "DiagnosticReport": "registered partial preliminary final amended corrected appended cancelled unknown",
    "MedicationRequest": "active on-hold cancelled completed entered-in-error stopped draft unknown",
    "MedicationStatement": "active completed entered-in-error intended stopped on-hold unknown not-taken",
    "MedicationAdministration": "in-progress not-done on-hold completed entered-in-error stopped unknown",
    "Procedure": "preparation in-progress not-done on-hold stopped completed entered-in-error unknown",
    "Immunization": "completed entered-in-error not-done",
    "ImagingStudy": "registered available cancelled entered-in-error unknown",
    "Encounter": "planned arrived triaged in-progress onleave finished cancelled entered-in-error unknown",
    "CarePlan": "draft active on-hold revoked completed entered-in-error unknown",
    "Goal": "proposed planned accepted active on-hold completed cancelled entered-in-error rejected",
    "DocumentReference": "current superseded entered-in-error",
    "Condition": "active recurrence relapse inactive remission resolved",
    "AllergyIntolerance": "active inactive resolved",
}  # fmt: skip
_CLINICAL = {
    "Condition": "http://terminology.hl7.org/CodeSystem/condition-clinical",
    "AllergyIntolerance": "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical",
}


def address(resource: str) -> str:
    """The `urn:uuid:` by which a document's bundle names a resource; the same for the same id."""
    return f"urn:uuid:{uuid.uuid5(_UNIVERSE, resource)}"


def narrative(inner: str) -> Resource:
    """A Narrative around XHTML that is escaped already."""
    return {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{inner}</div>'}


def moment(time: str) -> str:
    """A time as FHIR's dateTime takes it, or ""."""
    if _TIME.match(time):
        return time
    day = _DAY.match(time)
    return day[0] if day else ""


def made(entry: Entry, cited: Cited, *, subject: str, masked: bool) -> Resource:
    """The resource of a cited entry. subject: the patient's address."""
    kind = type_of(entry)
    found: Resource = {"resourceType": kind, "id": _id(cited.resource)}
    found["text"] = narrative(f"<p>{escape(safe(cited.quote))}</p>")
    found["identifier"] = [{"system": "urn:anamnesis:resource", "value": cited.resource}]
    if kind == "Device":
        found["type"] = _concept(entry, cited, masked=masked)
    else:
        found["patient" if kind in ("AllergyIntolerance", "Immunization") else "subject"] = {"reference": subject}
    _stated(found, kind, entry.status.rpartition(", ")[2].lower())
    _said(found, kind, entry, cited=cited, masked=masked)
    return {k: v for k, v in found.items() if v not in ("", None, [], {})}


def type_of(entry: Entry) -> str:
    """`Observation`, …: the resource's own type where it is a FHIR one that is read, else its category's."""
    own = entry.resource.removeprefix("fhir:").partition("/")[0]
    return own if entry.resource.startswith("fhir:") and own in _KNOWN else _BY_CATEGORY[entry.category]


def _id(resource: str) -> str:
    own = resource.rpartition("/")[2]
    return own if _ID.match(own) else hashlib.sha256(resource.encode("utf-8", "replace")).hexdigest()[:40]


def _stated(found: Resource, kind: str, status: str) -> None:
    known = _STATES.get(kind, "").split()
    if kind in _CLINICAL:
        if status in known:
            found["clinicalStatus"] = {"coding": [{"system": _CLINICAL[kind], "code": status}]}
    elif kind != "Device":
        key = "lifecycleStatus" if kind == "Goal" else "status"
        found[key] = status if status in known else _UNKNOWN_STATES[kind]


def _said(found: Resource, kind: str, entry: Entry, *, cited: Cited, masked: bool) -> None:
    """What the entry says, under the names of its type."""
    concept, begun, ended = (
        _concept(entry, cited, masked=masked),
        moment(cited.time),
        moment("" if masked else entry.until),
    )
    period = {k: v for k, v in (("start", begun), ("end", ended)) if v}
    if kind == "Observation":
        found["code"], found["effectiveDateTime"] = concept, begun
        if entry.value is not None and not (masked and old_age(entry)):
            found["valueQuantity"] = {"value": entry.value, **({"unit": entry.unit} if entry.unit else {})}
        elif entry.text and not masked:
            found["valueString"] = entry.text
    elif kind == "Condition":
        found["code"], found["onsetDateTime"], found["abatementDateTime"] = concept, begun, ended
    elif kind == "AllergyIntolerance":
        found["code"], found["onsetDateTime"] = concept, begun
    elif kind.startswith("Medication"):
        found["medicationCodeableConcept"] = concept
        found["authoredOn" if kind == "MedicationRequest" else "effectiveDateTime"] = begun or (
            "" if kind != "MedicationAdministration" else None
        )
        if kind == "MedicationRequest":
            found["intent"] = "order"
        if kind == "MedicationAdministration" and not begun:
            found["effectiveDateTime"], found["_effectiveDateTime"] = None, _absent()
    elif kind == "Procedure":
        found["code"], found["performedPeriod"] = concept, period
    elif kind == "Immunization":
        found["vaccineCode"] = concept
        found["occurrenceDateTime" if begun else "occurrenceString"] = begun or "not recorded"
    elif kind == "ImagingStudy":
        found["procedureCode"], found["started"] = [concept], begun
    elif kind == "DiagnosticReport":
        found["code"], found["effectiveDateTime"] = concept, begun
    elif kind == "Encounter":
        found["class"] = {"system": "http://terminology.hl7.org/CodeSystem/v3-NullFlavor", "code": "UNK"}
        found["type"], found["period"] = [concept], period
    elif kind == "CarePlan":
        found["intent"], found["title"], found["period"] = "plan", None if masked else entry.name, period
    elif kind == "Goal":
        found["description"], found["startDate"] = concept, begun[:10]
    elif kind == "DocumentReference":
        found["type"], found["date"] = concept, begun if "T" in begun else ""
        found["content"] = [{"attachment": {"contentType": "text/plain", "title": concept["text"]}}]


def _absent() -> Resource:
    url = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
    return {"extension": [{"url": url, "valueCode": "unknown"}]}


def _concept(entry: Entry, cited: Cited, *, masked: bool) -> Resource:
    coding = [
        {"system": _SYSTEMS.get(system, system), "code": code}
        for system, code in entry.codes
        if _SYSTEMS.get(system, system).startswith(("http://", "https://", "urn:"))
    ]
    text = " ".join(safe(cited.quote if masked else entry.name).split())[:300]
    return {"coding": coding, "text": text} if coding else {"text": text}
