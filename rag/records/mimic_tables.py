"""Which file of a folder is which MIMIC table, and where in its rows the columns stand that are read.

Decides from file names and header lines alone, case ignored: MIMIC-III has `dob` among its patients, MIMIC-IV
`anchor_age`. Knows nothing of what is done with the rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import ReadError
from rag.records.mimic_csv import UNREADABLE, Broken, CsvFile, Row, cells

# Columns by table, in the order in which `Table.pick` gives them; `a|b` is a column of MIMIC-III | of MIMIC-IV.
# A star marks a column without which the table cannot be read.
COLUMNS = {
    "PATIENTS": "row_id|subject_id* subject_id* gender* dob anchor_age anchor_year dod",
    "ADMISSIONS": "hadm_id* subject_id* admittime* dischtime deathtime admission_type admission_location "
    "discharge_location diagnosis",
    "DIAGNOSES_ICD": "row_id subject_id* hadm_id* seq_num icd9_code|icd_code* icd_version",
    "PRESCRIPTIONS": "row_id|pharmacy_id* subject_id* hadm_id startdate|starttime* enddate|stoptime drug_type drug* "
    "ndc prod_strength dose_val_rx dose_unit_rx form_val_disp form_unit_disp route doses_per_24_hrs",
    "LABEVENTS": "row_id|labevent_id* subject_id* hadm_id itemid* charttime* value* valuenum valueuom "
    "ref_range_lower ref_range_upper flag comments",
    "NOTEEVENTS": "row_id* subject_id* hadm_id chartdate charttime category description iserror text*",
    "DISCHARGE": "note_id* subject_id* hadm_id charttime note_type text*",
    "RADIOLOGY": "note_id* subject_id* hadm_id charttime note_type text*",
    "D_LABITEMS": "itemid* label* fluid loinc_code",
    "D_ICD_DIAGNOSES": "icd9_code|icd_code* icd_version long_title*",
}
DICTIONARIES = ("D_LABITEMS", "D_ICD_DIAGNOSES")
_FOLDERS = ("hosp", "note", "notes")


@dataclass(slots=True)
class Table:
    """An open table. name: a key of COLUMNS. width: columns of its header. begin: offset of the first row."""

    name: str
    file: CsvFile
    width: int
    begin: int
    header: tuple[str, ...]
    positions: tuple[int, ...]
    subject: int

    def rows(self, begin: int, end: int | None = None) -> Iterator[tuple[int, Row]]:
        """(offset, row) from `begin` to `end`, as CsvFile.rows gives them."""
        return self.file.rows(begin=begin, end=end)

    def pick(self, row: list[str]) -> list[str]:
        """The columns of COLUMNS of a row of the right width, without spaces at the ends, "" for one it lacks."""
        return [row[i].strip() if i >= 0 else "" for i in self.positions]


def found(folder: Path) -> dict[str, Path]:
    """The tables of a folder, of its `hosp` and its `note` folder, by name. Raises ReadError `not_mimic`."""
    tables: dict[str, Path] = {}
    try:
        inside = sorted(folder.iterdir())
        for place in [folder, *(p for p in inside if p.name.lower() in _FOLDERS and p.is_dir())]:
            for path in sorted(place.iterdir()):  # `x.csv` comes before `x.csv.gz`
                name, _, ending = path.name.partition(".")
                if name.upper() in COLUMNS and ending.lower() in ("csv", "csv.gz") and path.is_file():
                    tables.setdefault(name.upper(), path)
    except OSError as error:
        raise ReadError(folder, "broken", str(error)[:200]) from error
    if "PATIENTS" not in tables:
        raise ReadError(
            folder, "not_mimic", "expected PATIENTS.csv or PATIENTS.csv.gz, here or in hosp/, and beside it any of "
            "ADMISSIONS, DIAGNOSES_ICD, PRESCRIPTIONS, LABEVENTS, NOTEEVENTS, D_LABITEMS, D_ICD_DIAGNOSES; "
            f"found {', '.join(sorted(tables)) or 'none of them'}"
        )  # fmt: skip
    return tables


def opened(name: str, path: Path) -> Table | str:
    """The table, or the reason why it cannot be read: `broken` or `header`."""
    try:
        file = CsvFile(path)
    except UNREADABLE:
        return "broken"
    try:
        rows = file.rows()
        _, row = next(rows, (0, b""))
        begin = next(rows, (None, b""))[0]
    except UNREADABLE:
        file.close()
        return "broken"
    names = [] if isinstance(row, Broken) else [c.strip().lower().removeprefix("\ufeff") for c in cells(row)]
    table = _placed(name, file, names, begin if begin is not None else 1 << 62)
    if table is None:
        file.close()
        return "header"
    return table


def _placed(name: str, file: CsvFile, header: list[str], begin: int) -> Table | None:
    """None if the header lacks a column that is needed."""
    positions = []
    for column in COLUMNS[name].split():
        place = next((header.index(c) for c in column.rstrip("*").split("|") if c in header), -1)
        if place < 0 and column.endswith("*"):
            return None
        positions.append(place)
    subject = header.index("subject_id") if name not in DICTIONARIES else -1
    return Table(name, file, len(header), begin, tuple(header[:100]), tuple(positions), subject)
