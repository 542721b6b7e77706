"""What a FHIR R4 Observation says: a value, or one for each component of a panel (blood pressure).

Decides the category, the value's form, the reference range and the flag. A flag that the source does not give is
"high" or "low" only where one plain range in the value's own unit shows it. Knows nothing of other resources.
"""

from __future__ import annotations

from rag.records.fhir_json import Node
from rag.records.fhir_values import (
    FLAGS,
    Concept,
    Value,
    code,
    concept,
    interval,
    names,
    node,
    nodes,
    number,
    period,
    quantity,
    string,
    time,
    when,
)
from rag.records.types import Category, Entry

_CATEGORIES: dict[str, Category] = {
    "laboratory": "laboratory", "vital-signs": "vital", "survey": "survey", "social-history": "survey",
    "sdoh": "survey", "functional-status": "survey", "activity": "survey", "exam": "survey", "imaging": "imaging",
    "procedure": "procedure", "therapy": "procedure",
}  # fmt: skip


def observation(held: Node, id: str) -> list[Entry]:
    """The entries of an Observation, all with its id: one for its own value, one for each component that is named."""
    called, category = concept(held.get("code")), _category(held)
    components = list(nodes(held.get("component")))
    found = []
    if not components or any(k.startswith("value") for k in held):
        found.append(_entry(held, held, called, id=id, category=category))
    for component in components:
        part = concept(component.get("code"))
        if part.name and called.name and called.name.casefold() not in part.name.casefold():
            entry = _entry(component, held, part, id=id, category=category, panel=called.name)
        else:
            entry = _entry(component, held, part, id=id, category=category)
        found.append(entry)
    return [entry for entry in found if entry.name]


def _category(held: Node) -> Category:
    for category in nodes(held.get("category")):
        for _, found in concept(category).codes:
            if found.lower() in _CATEGORIES:
                return _CATEGORIES[found.lower()]
    measured = "valueQuantity" in held or "referenceRange" in held or "specimen" in held
    return "laboratory" if measured else "survey"


def _entry(part: Node, whole: Node, called: Concept, *, id: str, category: Category, panel: str = "") -> Entry:
    value = _value(part)
    low, high, other = _range(part, value.unit)
    begun, ended = when(whole, "effective")
    detail = [
        ("part of", panel),
        ("reference", other),
        ("interpretation", "" if _flag(part) else names(part.get("interpretation"))),
        ("specimen", string(node(whole.get("specimen")).get("display"))),
        ("method", concept(whole.get("method")).name),
        ("site", concept(whole.get("bodySite")).name),
        ("note", " ".join(string(n.get("text"), longest=500) for n in list(nodes(whole.get("note")))[:5])),
    ]
    return Entry(
        id, category, "", 0, 0, called.name, called.codes, begun or time(whole.get("issued")), ended,
        value=value.value, text=value.text, unit=value.unit, low=low, high=high,
        flag=_flag(part) or _derived(value.value, low, high),
        status=string(whole.get("status")), detail=tuple((k, v) for k, v in detail if v),
    )  # fmt: skip


def _value(held: Node) -> Value:
    if "valueQuantity" in held:
        found = quantity(held["valueQuantity"])
        if found != Value():
            return found
    whole = number(held.get("valueInteger"))
    if whole is not None:
        return Value(whole)
    if isinstance(held.get("valueBoolean"), bool):
        return Value(text="yes" if held["valueBoolean"] else "no")
    start, end = period(held.get("valuePeriod"))
    said = (
        names(held.get("valueCodeableConcept"))
        or string(held.get("valueString"))
        or interval(held.get("valueRange") or held.get("valueRatio"))
        or string(held.get("valueDateTime") or held.get("valueTime"))
        or " to ".join(p for p in (start, end) if p)
    )
    if said:
        return Value(text=said)
    absent = names(held.get("dataAbsentReason"))
    return Value(text=f"no value ({absent})" if absent else "no value stated")


def _range(held: Node, unit: str) -> tuple[float | None, float | None, str]:
    """Low and high of the one range that holds for anybody and is in the value's unit; else all ranges as text."""
    ranges = list(nodes(held.get("referenceRange")))
    plain = [r for r in ranges if not r.get("appliesTo") and not r.get("age") and code(r.get("type")) in ("", "normal")]
    if len(plain) == 1:
        low, high = quantity(plain[0].get("low")), quantity(plain[0].get("high"))
        one_unit = all(q.unit in ("", unit) for q in (low, high))
        if one_unit and (low.value is not None or high.value is not None):
            return low.value, high.value, ""
    texts = [
        " ".join(p for p in (names(r.get("appliesTo")), string(r.get("text")) or interval(r)) if p) for r in ranges[:20]
    ]
    return None, None, ", ".join(t for t in texts if t)


def _flag(held: Node) -> str:
    found = [FLAGS[c] for i in nodes(held.get("interpretation")) for _, c in concept(i).codes if c in FLAGS]
    order = ("critical", "high", "low", "abnormal")
    return min(found, key=order.index) if found else ""


def _derived(value: float | None, low: float | None, high: float | None) -> str:
    if value is None:
        return ""
    if high is not None and value > high:
        return "high"
    return "low" if low is not None and value < low else ""
