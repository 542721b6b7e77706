"""Reads a folder of MIMIC-III or MIMIC-IV tables, patient by patient, in memory that does not grow with the files.

The tables are not sorted by patient, and nothing readable may be written to disk, so they are not sorted there either.
A first pass counts the bytes of each patient's rows and notes, for every megabyte of a file, the lowest and the highest
patient in it. Then each pass holds the rows of one range of patients that fits the budget, and reads only the
megabytes in which such a patient can stand: a file that is sorted by patient is read twice, whatever its size.
Knows nothing of what the columns mean (mimic_rows.py) and of how a chart is laid out (chart.py).
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from indexer.errors import ReadError
from rag.records.chart import NoteText, chart, note, person_entries
from rag.records.mimic_csv import UNREADABLE, Broken, cells
from rag.records.mimic_rows import ROWS, BadRow, Known, item, patient_row, person, title
from rag.records.mimic_tables import DICTIONARIES, Table, found, opened
from rag.records.types import Entry, Person, Record

_BLOCK = 1 << 20
_HELD = 100  # bytes that a held row costs beside its text
_RANGE, _ONE = 4, 16  # parts of the budget: the rows of a range, the rows of one patient (their entries are larger)
_MOST_WORDS = 500_000  # rows of a dictionary; the longest of MIMIC-IV has 112,000
Counts = Counter[str]
Held = dict[int, list[tuple[Table, bytes]]]


@dataclass(slots=True)
class _Block:
    """Where a stretch of a table begins and ends, and the lowest and highest patient in it."""

    begin: int
    end: int
    low: int
    high: int


@dataclass(slots=True)
class _Survey:
    """What the first pass found. sizes: bytes by patient. blocks: by table. skipped: rows that no pass will hold."""

    sizes: dict[int, int] = field(default_factory=dict)
    blocks: dict[str, list[_Block]] = field(default_factory=dict)
    skipped: Counts = field(default_factory=Counter)


class MimicReader:
    """A folder with the tables of MIMIC-III, or of MIMIC-IV (in `hosp/` and `note/`, or all in one place), `.csv` or
    `.csv.gz`. budget: bytes of memory that the rows may take, with all that is made of them; the ids of all patients
    (100 bytes each) and the dictionaries come on top."""

    def __init__(self, *, budget: int = 200 << 20) -> None:
        self._budget = budget

    def read(self, path: Path) -> Iterator[Record]:
        """Yields a record for each patient, lowest id first.

        `skipped` counts rows as `LABEVENTS: number`. Reasons: `columns` (a wrong number of them), `quote`, `length`
        (over 4 MB), `NUL`, `subject` (none, or none of PATIENTS), `number`, `time`, `empty`, `error` (marked so by the
        author), `repeated`, `memory` (more rows of one patient than are held); `header` and `broken` are whole files.
        The first record also has the counts of rows that belong to nobody. Raises ReadError: `not_mimic`, `broken`,
        `empty`.
        """
        survey = _Survey()
        with contextlib.ExitStack() as stack:
            tables = _tables(path, survey.skipped)
            for table in tables.values():
                stack.callback(table.file.close)
            known = _dictionaries(tables, survey.skipped)
            own = {name: tables[name] for name in ("PATIENTS", *ROWS) if name in tables}
            for table in own.values():
                _look_over(table, survey)
            if not survey.sizes:
                raise ReadError(path, "empty", f"no patient in PATIENTS; rows left out: {dict(survey.skipped)}")
            left = survey.skipped
            for low, high in _ranges(survey.sizes, self._budget // _RANGE):
                held, over = self._held(own, survey, low, high)
                for subject in sorted(held):
                    yield _patient(subject, held.pop(subject), known, left + over.pop(subject, Counter()))
                    left = Counter()

    def _held(self, tables: dict[str, Table], survey: _Survey, low: int, high: int) -> tuple[Held, dict[int, Counts]]:
        """The rows of the patients from `low` to `high`; of one with too many, the first, and how many were left."""
        held: Held = {}
        room = {s: self._budget // _ONE for s in survey.sizes if low <= s <= high}
        over: dict[int, Counts] = {}
        for name, table in tables.items():
            for subject, row in _rows_of(table, survey.blocks[name], low, high):
                if (left := room.get(subject)) is None:
                    continue
                if left < 0:
                    over.setdefault(subject, Counter())[f"{name}: memory"] += 1
                    continue
                room[subject] = left - len(row) - _HELD
                held.setdefault(subject, []).append((table, row))
        return held, over


def _tables(path: Path, skipped: Counts) -> dict[str, Table]:
    """The tables that can be read. Raises ReadError if PATIENTS cannot."""
    tables: dict[str, Table] = {}
    for name, file in found(path).items():
        table = opened(name, file)
        if isinstance(table, Table):
            tables[name] = table
        elif name == "PATIENTS":
            for other in tables.values():
                other.file.close()
            raise ReadError(file, "broken" if table == "broken" else "not_mimic", _PATIENTS)
        else:
            skipped[f"{name}: {table}"] += 1
    header = tables["PATIENTS"].header
    if "dob" not in header and "anchor_year" not in header:
        for other in tables.values():
            other.file.close()
        raise ReadError(tables["PATIENTS"].file.path, "not_mimic", _PATIENTS)
    return tables


_PATIENTS = "expected a header with subject_id, gender, and dob (MIMIC-III) or anchor_age and anchor_year (MIMIC-IV)"


def _good(table: Table, begin: int, skipped: Counts, end: int | None = None) -> Iterator[tuple[int, bytes, list[str]]]:
    """(offset, row, fields) of every row with the right number of columns; the others are counted."""
    try:
        for at, row in table.rows(begin, end):
            if isinstance(row, Broken):
                skipped[f"{table.name}: {row.reason}"] += 1
                continue
            fields = cells(row)
            if len(fields) == table.width:
                yield at, row, fields
            elif fields or row.strip():
                skipped[f"{table.name}: {'columns' if fields else 'quote'}"] += 1
    except UNREADABLE:
        skipped[f"{table.name}: broken"] += 1


def _dictionaries(tables: dict[str, Table], skipped: Counts) -> Known:
    known = Known()
    for name in DICTIONARIES:
        if name not in tables:
            continue
        for count, (_, _, fields) in enumerate(_good(tables[name], tables[name].begin, skipped)):
            if count >= _MOST_WORDS:
                skipped[f"{name}: length"] += 1
                break
            if name == "D_LABITEMS":
                key, value = item(tables[name].pick(fields))
                known.items[key] = value
            else:
                code, text = title(tables[name].pick(fields))
                known.titles[code] = text
    return known


def _subject(raw: str) -> int | None:
    raw = raw.strip()
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) <= 12 else None


def _look_over(table: Table, survey: _Survey) -> None:
    """The first pass over one table; PATIENTS comes first and says who exists."""
    sizes, blocks, first = survey.sizes, list[_Block](), table.name == "PATIENTS"
    for at, row, fields in _good(table, table.begin, survey.skipped):
        subject = _subject(fields[table.subject])
        if subject is None or (subject not in sizes and not first):
            survey.skipped[f"{table.name}: subject"] += 1
            continue
        sizes[subject] = sizes.get(subject, 0) + len(row) + _HELD
        if not blocks or at - blocks[-1].begin >= _BLOCK:
            blocks.append(_Block(at, at + len(row), subject, subject))
            continue
        block = blocks[-1]
        block.end = at + len(row)
        if subject < block.low:
            block.low = subject
        elif subject > block.high:
            block.high = subject
    survey.blocks[table.name] = blocks


def _ranges(sizes: dict[int, int], room: int) -> Iterator[tuple[int, int]]:
    """(lowest, highest id) of runs of patients whose rows fit `room` bytes together, or of one that does not."""
    ids = sorted(sizes)
    low, used = ids[0], 0
    for before, subject in zip([ids[0], *ids], ids, strict=False):
        if used and used + sizes[subject] > room:
            yield low, before
            low, used = subject, 0
        used += sizes[subject]
    yield low, ids[-1]


def _rows_of(table: Table, blocks: list[_Block], low: int, high: int) -> Iterator[tuple[int, bytes]]:
    """(patient, row) of the rows of patients from `low` to `high`, from the blocks in which they can be."""
    ignored = Counter[str]()  # counted by the first pass
    runs: list[tuple[int, int]] = []
    for block in blocks:
        if block.high < low or block.low > high:
            continue
        if runs and block.begin - runs[-1][1] < _BLOCK:
            runs[-1] = (runs[-1][0], block.end)
        else:
            runs.append((block.begin, block.end))
    for begin, end in runs:
        for _, row, fields in _good(table, begin, ignored, end):
            subject = _subject(fields[table.subject])
            if subject is not None and low <= subject <= high:
                yield subject, row


def _patient(subject: int, rows: list[tuple[Table, bytes]], known: Known, skipped: Counts) -> Record:
    """What the rows of one patient say, in the order of the tables: PATIENTS, then that of ROWS."""
    who = Person(str(subject))
    drafts: list[Entry] = []
    notes: list[NoteText] = []
    seen: Counts = Counter()
    known.admitted.clear()
    for table, row in rows:
        fields = table.pick(cells(row))
        try:
            if table.name == "PATIENTS":
                if seen["PATIENTS"]:
                    raise BadRow("repeated")
                seen["PATIENTS"] += 1
                who = person(fields)  # with a date that cannot be read, only the id stays
                drafts += person_entries(who, resource=patient_row(fields))
                continue
            made = ROWS[table.name](fields, known)
        except BadRow as reason:
            skipped[f"{table.name}: {reason}"] += 1
            continue
        seen[made.resource] += 1
        if (count := seen[made.resource]) > 1:  # orders of MIMIC-IV have one id for several drugs
            made = replace(made, resource=f"{made.resource}.{count}")
        if isinstance(made, Entry):
            drafts.append(made)
        else:
            notes.append(replace(made, id=f"{made.id}.{count}") if count > 1 else made)
    placed = [note(who, text) for text in notes]
    skipped["notes: empty"] += placed.count(None)
    counts = sorted((what, n) for what, n in skipped.items() if n)
    return chart(who, drafts, notes=[p for p in placed if p is not None], skipped=counts)
