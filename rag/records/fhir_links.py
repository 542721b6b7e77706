"""Who and what FHIR's references name: `Patient/1`, `urn:uuid:…`, `https://host/fhir/Patient/1`, `#contained`.

Decides which patient a resource belongs to and what a referenced resource is called. A reference is followed once,
never on, so a loop ends. Knows nothing of entries.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from rag.records.fhir_json import Node
from rag.records.fhir_values import Concept, concept, node, nodes, reference, string, strings

_ID = re.compile(r"[A-Za-z0-9.\-_]{1,64}")
_TARGET = re.compile(r"(?:\A|/)(?P<type>[A-Z][A-Za-z]{1,40})/(?P<id>[A-Za-z0-9.\-_]{1,64})(?:/_history/[^/]{1,64})?\Z")
_NAMED = ("Practitioner", "Organization", "Location", "Medication", "Condition", "PractitionerRole", "Device")
_MOST_NAMES = 500_000


def identifier(resource: Node) -> str:
    """A resource's id, "" when it has none that FHIR allows."""
    id = resource.get("id")
    return id if isinstance(id, str) and _ID.fullmatch(id) else ""


@dataclass(frozen=True, slots=True)
class Links:
    """What is known of the resources that others point at, by reference."""

    patients: dict[str, str] = field(default_factory=dict)
    named: dict[str, Concept] = field(default_factory=dict)
    others: set[str] = field(default_factory=set)

    def add(self, resource: Node, *, url: str) -> None:
        """Remembers a resource under its fullUrl and under `Type/id`."""
        kind, id = string(resource.get("resourceType"), longest=60), identifier(resource)
        if kind == "Patient":
            # A fullUrl that two patients claim names neither.
            if url and id:
                self.patients[url] = id if self.patients.get(url, id) == id else ""
            return
        if url:
            self.others.add(url)
        if kind in _NAMED and len(self.named) < _MOST_NAMES:
            found = _called(resource)
            for key in (url, f"{kind}/{id}" if id else ""):
                if key and found.name:
                    self.named[key] = found

    def patient(self, resource: Node) -> str:
        """The id of the patient whom the resource is about, "" when it names none, or two."""
        if resource.get("resourceType") == "Patient":
            return identifier(resource)
        targets = {reference(resource[k]) for k in ("subject", "patient", "beneficiary") if k in resource}
        found = {self._patient(target) for target in targets if target}
        return found.pop() if len(found) == 1 else ""

    def _patient(self, target: str) -> str:
        if target in self.patients:
            return self.patients[target]
        scheme, _, id = target.rpartition(":")
        if scheme in ("urn:uuid", "urn:oid"):
            return id if _ID.fullmatch(id) and target not in self.others else ""
        match = _TARGET.search(target)
        return match["id"] if match and match["type"] == "Patient" else ""

    def called(self, found: object, *, inside: Node) -> Concept:
        """What a Reference names: a resource contained in `inside`, a known one, or the reference's own display."""
        held = node(found)
        target = reference(held)
        if target.startswith("#"):
            for contained in nodes(inside.get("contained")):
                if contained.get("id") == target[1:]:
                    return _called(contained)
        match = _TARGET.search(target)
        known = self.named.get(target) or (self.named.get(f"{match['type']}/{match['id']}") if match else None)
        return known or Concept(string(held.get("display")))

    def names(self, found: object, *, inside: Node) -> str:
        """The names of several references, each once, joined by commas."""
        each = (self.called(r, inside=inside).name for r in nodes(found))
        return ", ".join(dict.fromkeys(n for n in each if n))


def human_names(found: object) -> list[str]:
    """HumanName: each as "Dr. Ned Pagac", without prefixes repeated."""
    names = []
    for held in nodes(found):
        parts = [*strings(held.get("prefix")), *strings(held.get("given")), string(held.get("family"))]
        names.append(string(held.get("text")) or " ".join(p for p in parts if p))
    return [n for n in dict.fromkeys(names) if n]


def _called(resource: Node) -> Concept:
    kind = resource.get("resourceType")
    if kind == "Practitioner":
        return Concept(next(iter(human_names(resource.get("name"))), ""))
    if kind in ("Organization", "Location"):
        return Concept(string(resource.get("name")))
    if kind == "PractitionerRole":
        return Concept(string(node(resource.get("practitioner")).get("display")))
    return concept(resource.get("code") or resource.get("type"))
