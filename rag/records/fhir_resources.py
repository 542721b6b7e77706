"""What each type of FHIR R4 resource says, as entries whose place in the chart is not set yet.

Decides which elements of a type become name, time, value, status and details. Measurements are in
`fhir_observations`. Knows nothing of files and of patients.
"""

from __future__ import annotations

from collections.abc import Callable

from rag.records.fhir_json import Node
from rag.records.fhir_links import Links
from rag.records.fhir_observations import observation
from rag.records.fhir_values import (
    Concept,
    code,
    concept,
    dosage,
    interval,
    names,
    node,
    nodes,
    number,
    quantity,
    string,
    strings,
    time,
    when,
    words,
)
from rag.records.types import Category, Entry

_Details = list[tuple[str, str]]
_CLASSES = {
    "AMB": "ambulatory", "EMER": "emergency", "IMP": "inpatient", "ACUTE": "inpatient", "NONAC": "inpatient",
    "HH": "home health", "OBSENC": "observation", "SS": "short stay", "VR": "virtual", "PRENC": "pre-admission",
    "FLD": "field",
}  # fmt: skip
# Longer ones are documents of their own, and are not repeated in the line.
LONGEST_CONCLUSION = 500


def entries(resource: Node, links: Links) -> list[Entry]:
    """The entries of a resource of a supported type; empty when it does not say what it is about."""
    id = f"fhir:{resource['resourceType']}/{resource['id']}"
    return TYPES[resource["resourceType"]](resource, id, links)


def _made(
    id: str, category: Category, called: Concept, times: tuple[str, str], *, said: tuple[str, _Details]
) -> list[Entry]:
    """One entry. said: status and details; details without a text are left out."""
    if not called.name:
        return []
    status, detail = said
    kept = tuple((label, text) for label, text in detail if text)
    return [Entry(id, category, "", 0, 0, called.name, called.codes, times[0], times[1], status=status, detail=kept)]


def _condition(held: Node, id: str, links: Links) -> list[Entry]:
    begun, abated = when(held, "onset")[0], when(held, "abatement")
    verified, state = code(held.get("verificationStatus")), code(held.get("clinicalStatus"))
    doubt = verified if verified not in ("", "confirmed") else ""
    detail = [
        ("severity", concept(held.get("severity")).name),
        ("site", names(held.get("bodySite"))),
        ("stage", names([s.get("summary") for s in nodes(held.get("stage"))])),
        ("onset", string(held.get("onsetString")) or words(quantity(held.get("onsetAge"))) or _range(held, "onset")),
        ("note", _notes(held)),
    ]
    # "refuted" must be read before "active": the patient does not have it.
    status = ", ".join(p for p in (doubt, state) if p)
    begun = begun or when(held, "recorded")[0]
    return _made(id, "condition", concept(held.get("code")), (begun, abated[1] or abated[0]), said=(status, detail))


def _allergy(held: Node, id: str, links: Links) -> list[Entry]:
    verified, state = code(held.get("verificationStatus")), code(held.get("clinicalStatus"))
    doubt = verified if verified not in ("", "confirmed") else ""
    reactions = []
    for reaction in nodes(held.get("reaction")):
        severity = string(reaction.get("severity"))
        found = names(reaction.get("manifestation")) or string(reaction.get("description"))
        reactions.append(f"{found} ({severity})" if severity and found else found or severity)
    kinds = [string(held.get("type")), *strings(held.get("category"))]
    detail = [
        ("type", ", ".join(k for k in kinds if k)),
        ("criticality", string(held.get("criticality"))),
        ("reaction", ", ".join(r for r in reactions if r)),
        ("note", _notes(held)),
    ]
    begun = when(held, "onset")[0] or when(held, "recorded")[0]
    detail.append(("last reaction", when(held, "lastOccurrence")[0][:10]))
    called = concept(held.get("code"))
    if not called.name:
        called = concept(node(node(held.get("reaction")).get("substance")))
    status = ", ".join(p for p in (doubt, state) if p)
    return _made(id, "allergy", called, (begun, ""), said=(status, detail))


def _medicine(held: Node, links: Links) -> Concept:
    direct = concept(held.get("medicationCodeableConcept"))
    return direct if direct.name else links.called(held.get("medicationReference"), inside=held)


def _reason(held: Node, links: Links) -> tuple[str, str]:
    coded = names(held.get("reasonCode"))
    return "reason", coded or links.names(held.get("reasonReference"), inside=held)


def _request(held: Node, id: str, links: Links) -> list[Entry]:
    first = node(held.get("dosageInstruction"))
    bounds = node(node(node(first.get("timing")).get("repeat")).get("boundsPeriod"))
    intent = string(held.get("intent"))
    detail = [
        *(pair for one in list(nodes(held.get("dosageInstruction")))[:10] for pair in dosage(one)),
        ("intent", intent if intent not in ("", "order") else ""),
        _reason(held, links),
        ("ordered by", links.called(held.get("requester"), inside=held).name),
        ("note", _notes(held)),
    ]
    status = string(held.get("status"))
    if held.get("doNotPerform") is True:
        status = f"not to be given, {status}".rstrip(", ")
    times = time(held.get("authoredOn")) or time(bounds.get("start")), time(bounds.get("end"))
    return _made(id, "medication", _medicine(held, links), times, said=(status, detail))


def _statement(held: Node, id: str, links: Links) -> list[Entry]:
    begun, ended = when(held, "effective")
    detail = [
        *(pair for one in list(nodes(held.get("dosage")))[:10] for pair in dosage(one)),
        _reason(held, links),
        ("status reason", names(held.get("statusReason"))),
        ("note", _notes(held)),
    ]
    begun = begun or time(held.get("dateAsserted"))
    status = string(held.get("status"))
    return _made(id, "medication", _medicine(held, links), (begun, ended), said=(status, detail))


def _administration(held: Node, id: str, links: Links) -> list[Entry]:
    status = string(held.get("status"))
    given = f"given, {status}" if status == "completed" else status
    detail = [*dosage(held.get("dosage")), ("status reason", names(held.get("statusReason"))), _reason(held, links)]
    return _made(id, "medication", _medicine(held, links), when(held, "effective"), said=(given, detail))


def _report(held: Node, id: str, links: Links) -> list[Entry]:
    conclusion = string(held.get("conclusion"), longest=LONGEST_CONCLUSION + 1)
    detail = [
        ("conclusion", conclusion if len(conclusion) <= LONGEST_CONCLUSION else ""),
        ("conclusion code", names(held.get("conclusionCode"))),
        ("results", ", ".join(dict.fromkeys(string(r.get("display")) for r in nodes(held.get("result"))))),
    ]
    begun, ended = when(held, "effective")
    begun = begun or time(held.get("issued"))
    status = string(held.get("status"))
    return _made(id, "report", concept(held.get("code")), (begun, ended), said=(status, detail))


def _procedure(held: Node, id: str, links: Links) -> list[Entry]:
    detail = [
        ("status reason", names(held.get("statusReason"))),
        _reason(held, links),
        ("site", names(held.get("bodySite"))),
        ("outcome", names(held.get("outcome"))),
        ("complication", names(held.get("complication"))),
        ("note", _notes(held)),
    ]
    status = string(held.get("status"))
    return _made(id, "procedure", concept(held.get("code")), when(held, "performed"), said=(status, detail))


def _immunization(held: Node, id: str, links: Links) -> list[Entry]:
    protocol = node(held.get("protocolApplied"))
    dose = number(protocol.get("doseNumberPositiveInt"))
    detail = [
        ("status reason", names(held.get("statusReason"))),
        ("dose number", str(int(dose)) if dose is not None else string(protocol.get("doseNumberString"))),
        ("site", names(held.get("site"))),
        ("lot", string(held.get("lotNumber"))),
        ("reaction", links.names([r.get("detail") for r in nodes(held.get("reaction"))], inside=held)),
        ("note", _notes(held)),
    ]
    times = when(held, "occurrence")
    if not times[0]:
        detail.append(("when", string(held.get("occurrenceString"))))
    status = string(held.get("status"))
    return _made(id, "immunization", concept(held.get("vaccineCode")), times, said=(status, detail))


def _imaging(held: Node, id: str, links: Links) -> list[Entry]:
    series = list(nodes(held.get("series")))
    methods = names([s.get("modality") for s in series]) or names(held.get("modality"))
    sites = names([s.get("bodySite") for s in series])
    coded = names(held.get("procedureCode"))
    name = coded or string(held.get("description")) or " of ".join(p for p in (methods, sites.lower()) if p)
    codes = concept(held.get("procedureCode")).codes or concept(node(series).get("modality")).codes
    count = number(held.get("numberOfInstances"))
    detail = [
        ("modality", methods),
        ("site", sites),
        ("images", str(int(count)) if count is not None else ""),
        ("description", string(held.get("description")) if coded else ""),
        _reason(held, links),
    ]
    status = string(held.get("status"))
    return _made(id, "imaging", Concept(name or "Imaging study", codes), when(held, "started"), said=(status, detail))


def _encounter(held: Node, id: str, links: Links) -> list[Entry]:
    kind = held.get("class")
    short = code(kind)
    types = concept(held.get("type"))
    stay = node(held.get("hospitalization"))
    name = types.name or concept(held.get("serviceType")).name or "Encounter"
    people = [p.get("individual") for p in nodes(held.get("participant"))]
    detail = [
        ("class", _CLASSES.get(short, concept(kind).name)),
        _reason(held, links),
        ("discharged to", concept(stay.get("dischargeDisposition")).name),
        ("with", links.names(people, inside=held)),
        ("at", links.called(held.get("serviceProvider"), inside=held).name),
    ]
    status = string(held.get("status"))
    return _made(id, "encounter", Concept(name, types.codes), when(held, "period"), said=(status, detail))


def _plan(held: Node, id: str, links: Links) -> list[Entry]:
    activities = []
    for activity in nodes(held.get("activity")):
        planned = node(activity.get("detail"))
        found, state = concept(planned.get("code")).name or string(planned.get("description")), planned.get("status")
        activities.append(f"{found} ({string(state)})" if found and string(state) else found)
    category = concept(held.get("category"))
    detail = [
        ("type", "care plan"),
        ("for", links.names(held.get("addresses"), inside=held)),
        ("activities", ", ".join(a for a in dict.fromkeys(activities) if a)),
        ("description", string(held.get("description"))),
    ]
    called = Concept(string(held.get("title")) or category.name or "Care plan", category.codes)
    times = when(held, "period")
    return _made(
        id, "plan", called, times if any(times) else when(held, "created"), said=(string(held.get("status")), detail)
    )


def _goal(held: Node, id: str, links: Links) -> list[Entry]:
    targets = []
    for target in nodes(held.get("target")):
        value = words(quantity(target.get("detailQuantity"))) or interval(target.get("detailRange"))
        measure = concept(target.get("measure")).name
        targets.append(" ".join(p for p in (measure, value or string(target.get("detailString"))) if p))
    detail = [
        ("type", "goal"),
        ("achievement", code(held.get("achievementStatus"))),
        ("priority", concept(held.get("priority")).name),
        ("target", ", ".join(t for t in targets if t)),
        ("for", links.names(held.get("addresses"), inside=held)),
    ]
    status, begun = string(held.get("lifecycleStatus")), when(held, "start")[0]
    return _made(id, "plan", concept(held.get("description")), (begun, ""), said=(status, detail))


def _device(held: Node, id: str, links: Links) -> list[Entry]:
    called = concept(held.get("type"))
    name = called.name or string(node(held.get("deviceName")).get("name"))
    detail = [
        ("maker", string(held.get("manufacturer"))),
        ("model", string(held.get("modelNumber"))),
        ("device", string(node(held.get("deviceName")).get("name")) if called.name else ""),
        ("expires", time(held.get("expirationDate"))),
        ("note", _notes(held)),
    ]
    made = time(held.get("manufactureDate"))
    return _made(id, "device", Concept(name, called.codes), (made, ""), said=(string(held.get("status")), detail))


def _notes(held: Node) -> str:
    return " ".join(string(n.get("text"), longest=500) for n in list(nodes(held.get("note")))[:5])


def _range(held: Node, stem: str) -> str:
    return interval(held.get(f"{stem}Range"))


TYPES: dict[str, Callable[[Node, str, Links], list[Entry]]] = {
    "Condition": _condition, "AllergyIntolerance": _allergy, "MedicationRequest": _request,
    "MedicationStatement": _statement, "MedicationAdministration": _administration,
    "Observation": lambda held, id, _: observation(held, id), "DiagnosticReport": _report, "Procedure": _procedure,
    "Immunization": _immunization, "ImagingStudy": _imaging, "Encounter": _encounter, "CarePlan": _plan,
    "Goal": _goal, "Device": _device,
}  # fmt: skip
