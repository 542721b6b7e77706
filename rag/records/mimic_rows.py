"""What one row of a MIMIC table says: an entry, a note or a person.

Decides which columns become which facts, and refuses a row (`BadRow` with a reason) whose numbers or times cannot be
read rather than guess. Entries come without their place in a document. Knows nothing of files and of other patients.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from rag.records.chart import NoteText
from rag.records.types import Category, Entry, Person

_TIME = re.compile(r"(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d)?)(?:\.\d{1,6})?)?")
_NUMBER = re.compile(r"[+-]?(?:\d{1,15}(?:\.\d{0,15})?|\.\d{1,15})(?:[eE][+-]?\d{1,3})?")
_LONGEST_NAME = 300
Detail = tuple[tuple[str, str], ...]


class BadRow(Exception):
    """A row that cannot be used; its text is the reason: `number`, `time`, `empty` or `error`."""


@dataclass(slots=True)
class Known:
    """What rows refer to. items: label, fluid and LOINC code by itemid. titles: by (icd9 or icd10, code without dot).
    admitted: when, by admission id, of the patient at hand; filled by `admission`."""

    items: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    titles: dict[tuple[str, str], str] = field(default_factory=dict)
    admitted: dict[str, str] = field(default_factory=dict)


def time_of(raw: str, *, unit: Literal["day", "second"] = "second") -> str:
    """`2150-03-02 10:15:00` as `2150-03-02T10:15:00`; "" stays. unit `day`: a midnight is no time of day, so only the
    date is given. Raises BadRow."""
    if not raw:
        return ""
    match = _TIME.fullmatch(raw)
    try:
        if match is None:
            raise BadRow("time")
        datetime.fromisoformat(match[0])
    except ValueError:
        raise BadRow("time") from None
    day, hour = match.groups()
    return day if hour is None or (unit == "day" and hour.startswith("00:00")) else f"{day}T{hour}"


def number(raw: str) -> float | None:
    """The number, None for "". Raises BadRow for anything else, infinity included."""
    if not raw:
        return None
    if not _NUMBER.fullmatch(raw) or not math.isfinite(value := float(raw)):
        raise BadRow("number")
    return value


def patient_row(cells: list[str]) -> str:
    """The resource of a row of PATIENTS."""
    return f"mimic:PATIENTS/{cells[0]}"


def person(cells: list[str]) -> Person:
    """The patient of a row of PATIENTS. Raises BadRow."""
    _, subject, gender, dob, age, year, dod = cells
    birth = time_of(dob, unit="day")
    if not birth and year:
        # The age is capped at 91 in MIMIC-IV: such a year of birth is the latest that is possible.
        birth = f"{int(number(year) or 0) - int(number(age) or 0):04}"
    sex = {"m": "male", "f": "female", "": ""}.get(gender.lower(), "other")
    return Person(id=str(int(subject)), sex=sex, birth=birth, death=time_of(dod, unit="day"))


def admission(cells: list[str], known: Known) -> Entry:
    """A stay in hospital, from admission to discharge."""
    hadm, _, begin, end, death, kind, origin, goal, diagnosis = cells
    begin = time_of(begin)
    entry = _entry(
        f"mimic:ADMISSIONS/{hadm}", "encounter", f"{kind.capitalize()} admission" if kind else "Admission",
        time=begin, until=time_of(end),
        detail=_detail(
            ("diagnosis", diagnosis), ("origin", origin), ("discharged to", goal), ("died", time_of(death)),
            ("admission", hadm),
        ),
    )  # fmt: skip
    known.admitted[hadm] = begin
    return entry


def diagnosis(cells: list[str], known: Known) -> Entry:
    """A discharge diagnosis; its time is that of the admission."""
    row, _, hadm, sequence, code, version = cells
    code = code.replace(".", "").upper()
    system = "icd10" if version == "10" else "icd9"
    if not code or version not in ("", "9", "10"):
        raise BadRow("empty" if not code else "number")
    dotted = _dotted(code, system)
    return _entry(
        f"mimic:DIAGNOSES_ICD/{row or f'{hadm}-{sequence}'}", "condition",
        known.titles.get((system, code), f"{system.upper()} {dotted}"), codes=((system, dotted),),
        time=known.admitted.get(hadm, ""), detail=_detail(("rank", sequence), ("admission", hadm)),
    )  # fmt: skip


def prescription(cells: list[str], known: Known) -> Entry:
    """One ordered drug."""
    (row, _, hadm, begin, end, kind, drug, ndc, strength, dose, unit, amount, form, route, per_day) = cells
    if not drug:
        raise BadRow("empty")
    return _entry(
        f"mimic:PRESCRIPTIONS/{row}", "medication", drug, codes=(("ndc", ndc),) if ndc.strip("0") else (),
        time=time_of(begin, unit="day"), until=time_of(end, unit="day"),
        detail=_detail(
            ("dose", f"{dose} {unit}".strip()), ("route", route), ("strength", strength),
            ("form", f"{amount} {form}".strip()), ("doses per day", per_day), ("kind", "" if kind == "MAIN" else kind),
            ("admission", hadm),
        ),
    )  # fmt: skip


def laboratory(cells: list[str], known: Known) -> Entry:
    """One measured value. A value with `<` or `>` is text, not a number."""
    row, _, _, item, when, shown, amount, unit, low, high, flag, comment = cells
    label, fluid, loinc = known.items.get(item, (f"Item {item}", "", ""))
    value, bounds = number(amount), (number(low), number(high))
    if value is None and _NUMBER.fullmatch(shown):
        value = number(shown)
    shown = comment if shown in ("", "___") else shown
    if shown[:1] in ("<", ">", "≤", "≥"):
        value = None
    if value is None and not shown:
        raise BadRow("empty")
    return _entry(
        f"mimic:LABEVENTS/{row}", "laboratory", _of_fluid(label, fluid),
        codes=(("itemid", item), ("loinc", loinc)) if loinc else (("itemid", item),), time=time_of(when),
        value=value, text="" if value is not None and _NUMBER.fullmatch(shown) else shown, unit=unit,
        low=bounds[0], high=bounds[1], flag=_flag(flag, value, bounds),
    )  # fmt: skip


def note_iii(cells: list[str], known: Known) -> NoteText:
    """A row of NOTEEVENTS. One that its author marked as a mistake is refused (`error`)."""
    row, _, hadm, day, when, category, description, wrong, text = cells
    if wrong in ("1", "1.0"):
        raise BadRow("error")
    plain = description.lower() in ("", "report")
    return _note(f"NOTEEVENTS/{row}", category if plain else f"{category}: {description}", when or day, text, hadm)


def note_iv(cells: list[str], known: Known) -> NoteText:
    """A row of the discharge or radiology notes of MIMIC-IV-Note."""
    row, _, hadm, when, kind, text = cells
    radiology = kind.upper() in ("RR", "AR")
    table, category = ("RADIOLOGY", "Radiology") if radiology else ("DISCHARGE", "Discharge summary")
    return _note(f"{table}/{row}", category, when, text, hadm)


ROWS: dict[str, Callable[[list[str], Known], Entry | NoteText]] = {
    "ADMISSIONS": admission,
    "DIAGNOSES_ICD": diagnosis,
    "PRESCRIPTIONS": prescription,
    "LABEVENTS": laboratory,
    "NOTEEVENTS": note_iii,
    "DISCHARGE": note_iv,
    "RADIOLOGY": note_iv,
}
"""Reads a row of each table that belongs to patients, in the order in which they must be read: admissions first."""


def title(cells: list[str]) -> tuple[tuple[str, str], str]:
    """Key and title of a row of D_ICD_DIAGNOSES."""
    code, version, text = cells
    return ("icd10" if version == "10" else "icd9", code.replace(".", "").upper()), text[:_LONGEST_NAME]


def item(cells: list[str]) -> tuple[str, tuple[str, str, str]]:
    """Key, and label, fluid and LOINC code, of a row of D_LABITEMS."""
    key, label, fluid, loinc = (c[:_LONGEST_NAME] for c in cells)
    return key, (label or f"Item {key}", fluid, loinc)


def _entry(
    resource: str, category: Category, name: str, *, codes: Detail = (), time: str = "", until: str = "",
    value: float | None = None, text: str = "", unit: str = "", low: float | None = None, high: float | None = None,
    flag: str = "", detail: Detail = (),
) -> Entry:  # fmt: skip
    return Entry(
        resource, category, "", 0, 0, _line(name), codes, time, until, value, _line(text), _line(unit), low, high, flag,
        "", detail,
    )  # fmt: skip


def _note(row: str, category: str, when: str, text: str, hadm: str) -> NoteText:
    id = row.partition("/")[2]
    return NoteText(id, f"mimic:{row}", _line(category), time_of(when, unit="day"), text, _detail(("admission", hadm)))


def _detail(*facts: tuple[str, str]) -> Detail:
    return tuple((name, _line(text)) for name, text in facts if text)


def _line(text: str) -> str:
    return text if text.isprintable() and "  " not in text else " ".join(text.split())


def _of_fluid(label: str, fluid: str) -> str:
    """A test's name with what was tested: creatinine of blood and of urine are two tests."""
    return label if not fluid or fluid.lower() in label.lower() else f"{label} ({fluid})"


def _flag(raw: str, value: float | None, bounds: tuple[float | None, float | None]) -> str:
    """`high` or `low` where the reference range says so, else `abnormal` where the laboratory does."""
    if raw.lower() != "abnormal":
        return ""
    low, high = bounds
    if value is not None and low is not None and value < low:
        return "low"
    if value is not None and high is not None and value > high:
        return "high"
    return "abnormal"


def _dotted(code: str, system: str) -> str:
    """The code as it is written outside MIMIC: 401.9, E849.0, I50.22."""
    at = 4 if system == "icd9" and code.startswith("E") else 3
    return f"{code[:at]}.{code[at:]}" if len(code) > at else code
