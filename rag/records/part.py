"""What an answer about a patient's record consists of. All frozen; knows nothing of how it comes about."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cited:
    """One citation of a patient's record. number: `1` is shown as `[R1]`. quote: the characters `[start, end)` of the
    record's document. resource: `fhir:Observation/…`, or the note. time: when it was observed, ISO 8601."""

    number: int
    resource: str
    time: str
    document: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence about the patient, and the numbers of the citations on which it rests."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """One value of a series. time: ISO 8601. name: the series it belongs to."""

    time: str
    value: float
    unit: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Fit:
    """A limit of a cited study's population that the patient is outside of. source: the study's id; start, end: where
    its document states the limit."""

    source: str
    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class RecordPart:
    """What an answer says of the patient. view: `full` or `de-identified`. points: values for a chart."""

    patient: str
    view: str
    said: tuple[Said, ...]
    citations: tuple[Cited, ...]
    points: tuple[Point, ...] = ()
    fits: tuple[Fit, ...] = ()
