"""The nouns of a patient's record. All are frozen.

An entry is one line of a record: what one resource (a FHIR resource, a row of a table) says. Its offsets are counted
in Unicode code points of its document's text, half-open `[begin, end)`, and `document.text[begin:end]` is the line.
Times are ISO 8601 as the source gives them (`2021`, `2021-03`, `2021-03-02`, `2021-03-02T10:15:00+01:00`), or "".
Knows nothing of files, keys or questions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from indexer.types import Document

Category = Literal[
    "person", "condition", "allergy", "medication", "laboratory", "vital", "survey", "procedure", "immunization",
    "imaging", "report", "encounter", "plan", "device", "note",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """Who a record is of. id: the patient's id in its source. sex: `female`, `male`, `other` or "". birth, death:
    dates.

    names, identifiers (numbers by system: `MRN`, `SSN`, …), phones, emails, addresses: as the source writes them; they
    are what de-identification looks for in the patient's notes.
    """

    id: str
    names: tuple[str, ...] = ()
    sex: str = ""
    birth: str = ""
    death: str = ""
    identifiers: tuple[tuple[str, str], ...] = ()
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a record.

    resource: `fhir:Observation/<id>`, `mimic:LABEVENTS/<row id>`, `note:<id>`. document: the id of its document's
    source. name: what is recorded, as its source displays it ("Creatinine [Mass/volume] in Serum or Plasma"). codes:
    (system, code) pairs, system one of `loinc`, `snomed`, `rxnorm`, `icd9`, `icd10`, `cvx`, `ndc`, `itemid`, or a
    URL. time: when it was observed, given or begun; until: when it ended, "" while it goes on or where nothing is
    said. value: the number, None where it is not one; text: what was found where it is not a number ("Never smoker").
    unit: UCUM or as written. low, high: the reference range. flag: `high`, `low`, `abnormal`, `critical` or "".
    status: the source's word for the state (`active`, `stopped`, `completed`, `resolved`, …). detail: further facts
    in reading order, such as ("dose", "20 mg"), ("frequency", "daily"), ("reaction", "hives").
    """

    resource: str
    category: Category
    document: str
    begin: int
    end: int
    name: str
    codes: tuple[tuple[str, str], ...] = ()
    time: str = ""
    until: str = ""
    value: float | None = None
    text: str = ""
    unit: str = ""
    low: float | None = None
    high: float | None = None
    flag: str = ""
    status: str = ""
    detail: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """All that one source file says of one patient. documents: the chart (one document, a section per category and per
    laboratory test) and one document for each note. skipped: resources that were not read, counted by type."""

    person: Person
    documents: tuple[Document, ...]
    entries: tuple[Entry, ...]
    skipped: tuple[tuple[str, int], ...] = ()


class RecordReader(Protocol):
    """Reads one file or folder of records."""

    def read(self, path: Path) -> Iterator[Record]:
        """Records in the file's order; a patient may come in several. Raises ReadError."""
        ...
