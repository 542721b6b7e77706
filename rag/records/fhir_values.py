"""Reads FHIR R4's data types (CodeableConcept, Quantity, Period, Timing, …) from JSON that may be anything.

Decides how each becomes words and numbers. A value of the wrong type is the same as none; nothing here raises. Knows
nothing of which resource it stands in.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.records.chart import one_line, plain_number
from rag.records.fhir_json import Node

SYSTEMS = {
    "http://loinc.org": "loinc", "http://snomed.info/sct": "snomed", "http://hl7.org/fhir/sid/cvx": "cvx",
    "http://www.nlm.nih.gov/research/umls/rxnorm": "rxnorm", "http://hl7.org/fhir/sid/icd-10": "icd10",
    "http://hl7.org/fhir/sid/icd-10-cm": "icd10", "http://hl7.org/fhir/sid/icd-9-cm": "icd9",
    "http://hl7.org/fhir/sid/ndc": "ndc", "urn:oid:2.16.840.1.113883.6.1": "loinc",
    "urn:oid:2.16.840.1.113883.6.96": "snomed", "urn:oid:2.16.840.1.113883.6.88": "rxnorm",
}  # fmt: skip
FLAGS = {
    "H": "high", "HU": "high", "HX": "high", ">": "high", "L": "low", "LU": "low", "LX": "low", "<": "low",
    "HH": "critical", "LL": "critical", "AA": "critical", "A": "abnormal",
}  # fmt: skip
_TIME = re.compile(
    r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01])"
    r"(?:T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-6]\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)?)?)?)?",
    re.ASCII,
)
_UNITS = {"s": "second", "min": "minute", "h": "hour", "d": "day", "wk": "week", "mo": "month", "a": "year"}
_TIMES = {1: "once", 2: "twice"}
_MOST = 1000


@dataclass(frozen=True, slots=True)
class Concept:
    """What a thing is called and its (system, code) pairs."""

    name: str = ""
    codes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Value:
    """A number, or the text of what is not one, and the unit."""

    value: float | None = None
    text: str = ""
    unit: str = ""


def nodes(found: object) -> Iterator[Node]:
    """The objects of an array, at most a thousand; an object alone counts as an array of it."""
    if isinstance(found, dict):
        yield found
    elif isinstance(found, list):
        yield from (item for item in found[:_MOST] if isinstance(item, dict))


def node(found: object) -> Node:
    """The object, or the array's first one, or an empty one."""
    return next(nodes(found), {})


def string(found: object, *, longest: int = 1000) -> str:
    """A string on one line, "" for anything else."""
    return one_line(found, longest=longest) if isinstance(found, str) else ""


def strings(found: object) -> list[str]:
    """The strings of an array, or the string alone."""
    many = found[:_MOST] if isinstance(found, list) else [found]
    return [s for s in map(string, many) if s]


def number(found: object) -> float | None:
    """A finite number; a Boolean is none."""
    if isinstance(found, bool) or not isinstance(found, int | float) or not math.isfinite(found):
        return None
    return float(found)


def concept(found: object) -> Concept:
    """A CodeableConcept, a Coding, or a plain string. The name: its text, else the first display, else a code."""
    if isinstance(found, str):
        return Concept(string(found))
    held = node(found)
    codings = list(nodes(held.get("coding"))) or ([held] if "code" in held or "display" in held else [])
    codes = []
    for coding in codings[:50]:
        code, system = string(coding.get("code"), longest=100), string(coding.get("system"), longest=200)
        if code:
            codes.append((SYSTEMS.get(system, system), code))
    names = (string(held.get("text")), *(string(c.get("display")) for c in codings), *(code for _, code in codes))
    return Concept(next((n for n in names if n), ""), tuple(dict.fromkeys(codes)))


def names(found: object) -> str:
    """The names of several concepts, each once, joined by commas."""
    many = found if isinstance(found, list) else [found]
    return ", ".join(dict.fromkeys(n for n in (concept(c).name for c in many[:_MOST]) if n))


def code(found: object) -> str:
    """The first code of a concept, "" without one."""
    codes = concept(found).codes
    return codes[0][1] if codes else ""


def quantity(found: object) -> Value:
    """A Quantity. One with a comparator ("<0.01") is text: it is not that number."""
    held = node(found)
    value, unit = number(held.get("value")), string(held.get("unit") or held.get("code"), longest=60)
    comparator = string(held.get("comparator"), longest=2)
    if value is not None and comparator:
        return Value(None, f"{comparator}{plain_number(value)}", unit)
    return Value(value, "", unit) if value is not None else Value()


def words(found: Value) -> str:
    """A value with its unit."""
    value = plain_number(found.value) if found.value is not None else found.text
    return f"{value} {found.unit}".strip() if value else ""


def interval(found: object) -> str:
    """A Range: "2-4 mg"; a Ratio: "1 / 128"."""
    held = node(found)
    if "numerator" in held or "denominator" in held:
        return " / ".join(
            p for p in (words(quantity(held.get("numerator"))), words(quantity(held.get("denominator")))) if p
        )
    low, high = quantity(held.get("low")), quantity(held.get("high"))
    if low.value is None or high.value is None:
        return words(low) or words(high)
    return f"{plain_number(low.value)}-{words(high)}"


def time(found: object) -> str:
    """A date, dateTime or instant as written, "" for what is not one."""
    return found if isinstance(found, str) and _TIME.fullmatch(found) else ""


def period(found: object) -> tuple[str, str]:
    """Start and end of a Period."""
    held = node(found)
    return time(held.get("start")), time(held.get("end"))


def when(resource: Node, *stems: str) -> tuple[str, str]:
    """Start and end by the first choice that is there: `effective` looks at effectiveDateTime, effectivePeriod and
    effectiveInstant, and at `effective` itself."""
    for stem in stems:
        for name in (f"{stem}DateTime", f"{stem}Date", f"{stem}Instant", stem):
            if found := time(resource.get(name)):
                return found, ""
        start, end = period(resource.get(f"{stem}Period") or resource.get(stem))
        if start or end:
            return start, end
    return "", ""


def reference(found: object) -> str:
    """What a Reference points at, as written."""
    target = node(found).get("reference")
    return target.strip() if isinstance(target, str) and len(target) < 2000 else ""


def timing(found: object) -> str:
    """A Timing in words: "twice a day", "every 8 hours", "3 times a week"; its code's text where it has one."""
    held = node(found)
    repeat = node(held.get("repeat"))
    times, span = number(repeat.get("frequency")), number(repeat.get("period"))
    unit = _UNITS.get(string(repeat.get("periodUnit")), "")
    meals = ", ".join(strings(repeat.get("when")))
    if not unit or span is None or span <= 0:
        return concept(held.get("code")).name or meals
    times = times or 1
    many = f"every {plain_number(span)} {unit}s" if span != 1 else f"{'an' if unit == 'hour' else 'a'} {unit}"
    if times == 1 and span == 1 and unit == "day":
        return "once a day"
    if span == 1 or times != 1:
        return f"{_TIMES.get(int(times), f'{plain_number(times)} times')} {many}"
    return many


def dosage(found: object) -> list[tuple[str, str]]:
    """A Dosage as details: dose, frequency, route, as needed, duration, and its own text where it says more."""
    held = node(found)
    rate = node(held.get("doseAndRate")) or held
    dose = words(quantity(rate.get("doseQuantity") or rate.get("dose"))) or interval(rate.get("doseRange"))
    speed = words(quantity(rate.get("rateQuantity"))) or interval(rate.get("rateRange") or rate.get("rateRatio"))
    repeat = node(node(held.get("timing")).get("repeat"))
    needed = concept(held.get("asNeededCodeableConcept")).name
    frequency = timing(held.get("timing"))
    text = string(held.get("text"), longest=300)
    found_pairs = [
        ("dose", dose),
        ("rate", speed),
        ("frequency", frequency),
        (
            "as needed",
            f"as needed for {needed}" if needed else "as needed" if held.get("asNeededBoolean") is True else "",
        ),
        ("route", concept(held.get("route")).name),
        ("duration", words(quantity(repeat.get("boundsDuration")))),
        ("instructions", ", ".join(p for p in (text, names(held.get("additionalInstruction"))) if p)),
    ]
    return [(label, said) for label, said in found_pairs if said]
