"""Reads plain clinical notes: a text file with a small header, JSON lines, or a folder of both.

Decides what a header is, which of its words mean what (English and Chinese), and which dates are plain. A date that two
countries read as two days (03/05/2019) is kept as written and is not a date. Knows nothing of what a note says.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from indexer.errors import ReadError
from indexer.readers.clean import clean, decode
from rag.records.chart import NoteText, chart, note, one_line, person_entries
from rag.records.types import Entry, Person, Record

LARGEST_NOTE = 4 << 20
EXAMPLE = "Patient: 123, Date: 2019-04-02, Type: Discharge summary, an empty line, then the text"
_KEYS = {
    "patient": "patient", "patient id": "patient", "mrn": "patient", "患者": "patient", "病人": "patient",
    "患者id": "patient", "病历号": "patient", "name": "name", "patient name": "name", "姓名": "name",
    "sex": "sex", "gender": "sex", "性别": "sex", "birth": "birth", "birth date": "birth", "date of birth": "birth",
    "dob": "birth", "born": "birth", "出生": "birth", "出生日期": "birth", "age": "age", "年龄": "age",
    "date": "date", "time": "date", "日期": "date", "type": "type", "类型": "type", "id": "id", "note": "id",
    "编号": "id",
}  # fmt: skip
_FIELDS = ("patient", "id", "date", "type", "name", "sex", "birth", "age")
_SEXES = {
    "f": "female", "female": "female", "woman": "female", "女": "female", "女性": "female", "m": "male", "male": "male",
    "man": "male", "男": "male", "男性": "male", "other": "other", "其他": "other",
}  # fmt: skip
_HEADER_LINE = re.compile(r"\A[ \t]*(?P<key>[^\s:：][^:：\n]{0,39})[:：][ \t]*(?P<value>[^\n]{0,500})")
_MOST_HEADER_LINES = 30
_ID = re.compile(r"[\w.\-@+]{1,64}")
_DATE = re.compile(
    r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?)?月?|年)?(?:[T ](\d{1,2}):(\d\d)(?::\d\d)?)?\Z", re.A
)
_AGE = re.compile(r"(\d{1,3})\s*(?:years?(?: old)?|yrs?|y/?o?|岁|周岁)?\.?\Z", re.I)


class NoteReader:
    """Notes as text (`.txt`, `.md`), as JSON lines (`.jsonl`, `.ndjson`), or a folder of such files."""

    def read(self, path: Path) -> Iterator[Record]:
        """Yields one record for each note. Raises ReadError: `no_patient`, `header`, `empty`, `too_large`, `broken`;
        `bad_lines` or `bad_files` behind the good ones."""
        if path.is_dir():
            yield from _folder(path)
        elif path.suffix.lower() in (".jsonl", ".ndjson"):
            yield from _lines(path)
        else:
            yield _file(path)


def _folder(folder: Path) -> Iterator[Record]:
    files = sorted(
        f for f in folder.rglob("*") if f.is_file() and f.suffix.lower() in (".txt", ".md", ".jsonl", ".ndjson")
    )
    if not files:
        raise ReadError(folder, "empty", "expected notes: .txt, .md or .jsonl")
    bad: list[str] = []
    for file in files:
        try:
            yield from NoteReader().read(file)
        except ReadError as error:
            bad.append(str(error))
    if bad:
        raise ReadError(folder, "bad_files", f"{len(bad)} of {len(files)} files; " + "; ".join(bad[:3]))


def _file(path: Path) -> Record:
    try:
        if path.stat().st_size > LARGEST_NOTE:
            raise ReadError(path, "too_large", f"a note of more than {LARGEST_NOTE >> 20} MB")
        data = path.read_bytes()
    except OSError as error:
        raise ReadError(path, "broken", str(error)[:200]) from error
    fields, other, body = _header(decode(data))
    if "patient" not in fields:
        raise ReadError(path, "no_patient", f"expected a header that names the patient, for example: {EXAMPLE}")
    try:
        return _record({**fields, "text": body}, other, data=data)
    except ValueError as error:
        raise ReadError(path, "header", str(error)) from error


def _header(text: str) -> tuple[dict[str, str], list[tuple[str, str]], str]:
    """The header's known fields, its other lines, and the text behind the empty line. A key that comes twice keeps its
    first value. Without an empty line behind `Key: value` lines there is no header."""
    fields: dict[str, str] = {}
    other: list[tuple[str, str]] = []
    at = len(text) - len(text.lstrip())
    for _ in range(_MOST_HEADER_LINES):
        end = text.find("\n", at)
        line = text[at : end if end >= 0 else len(text)]
        if not line.strip():
            return fields, other, text[at:]
        match = _HEADER_LINE.fullmatch(line)
        if not match:
            return {}, [], text
        key = " ".join(match["key"].split())
        if known := _KEYS.get(key.casefold()):
            fields.setdefault(known, match["value"].strip())
        else:
            other.append((key, match["value"].strip()))
        at = end + 1 if end >= 0 else len(text)
    return {}, [], text


def _lines(path: Path) -> Iterator[Record]:
    bad: list[str] = []
    total = 0
    try:
        with path.open("rb") as file:
            while line := file.readline(LARGEST_NOTE):
                if not line.strip():
                    continue
                total += 1
                long = len(line) == LARGEST_NOTE and not line.endswith(b"\n")
                while long and (rest := file.readline(LARGEST_NOTE)):
                    long, line = not rest.endswith(b"\n"), b""
                try:
                    yield _record(_parsed(line), [], data=line)
                except ValueError as error:
                    bad.append(f"line {total}: {str(error)[:200]}")
    except OSError as error:
        raise ReadError(path, "broken", str(error)[:200]) from error
    if bad:
        raise ReadError(path, "bad_lines", f"{len(bad)} of {total} notes; " + "; ".join(bad[:3]))
    if not total:
        raise ReadError(path, "empty")


def _parsed(line: bytes) -> dict[str, str]:
    """The fields of one line as texts. Raises ValueError."""
    if not line:
        raise ValueError(f"longer than {LARGEST_NOTE >> 20} MB")
    try:
        found = json.loads(line.decode("utf-8-sig"), object_pairs_hook=_object, parse_constant=_no_constant)
    except RecursionError as error:
        raise ValueError("nests too deep") from error
    if not isinstance(found, dict):
        raise ValueError('expected an object: {"patient": …, "id": …, "date": …, "type": …, "text": …}')
    for key in (*_FIELDS, "text"):
        if not isinstance(found.get(key, ""), str | int) or isinstance(found.get(key), bool):
            raise ValueError(f"{key}: expected a text, found {type(found[key]).__name__}")
    return {k: str(found[k]) for k in (*_FIELDS, "text") if k in found}


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _record(fields: dict[str, str], other: list[tuple[str, str]], *, data: bytes) -> Record:
    """The record of one note. Raises ValueError: what is wrong with which field."""
    patient = fields.get("patient", "").strip()
    if not _ID.fullmatch(patient):
        raise ValueError(f"patient: expected an id of letters, digits and . - _ @ +, found {patient[:40]!r}")
    id = fields.get("id", "").strip() or hashlib.sha256(data).hexdigest()[:16]
    if not _ID.fullmatch(id):
        raise ValueError(f"id: expected letters, digits and . - _ @ +, found {id[:40]!r}")
    name, age = one_line(clean(fields.get("name", ""))), fields.get("age", "").strip()
    sex = _SEXES.get(fields.get("sex", "").strip().casefold(), "")
    person = Person(patient, (name,) if name else (), sex, plain_date(fields.get("birth", "")))
    day = plain_date(fields.get("date", ""))
    kept = [*other, ("date", "" if day else fields.get("date", "")), ("age", age)]
    detail = tuple((one_line(k, longest=40), one_line(v, longest=500)) for k, v in kept if v)
    made = note(person, NoteText(id, f"note:{id}", fields.get("type", ""), day, fields.get("text", ""), detail))
    if not made:
        raise ValueError("text: the note is empty")
    # One resource for all notes of a patient: the next note's header replaces these lines, it does not repeat them.
    about = person_entries(person, resource=f"note-header:{patient}")
    return chart(person, [*about, *_age(age, day, resource=f"note:{id}")], notes=[made])


def _age(written: str, day: str, *, resource: str) -> list[Entry]:
    """An age belongs to the day of its note."""
    match = _AGE.fullmatch(written)
    if not match or int(match[1]) > 130:
        return []
    return [Entry(resource, "person", "", 0, 0, "Age", time=day, value=float(match[1]), unit="years")]


def plain_date(written: str) -> str:
    """ISO 8601 of 2019-04-02, 2019/4/2, 2019年4月2日, 20190402, each with or without a time; "" for anything else."""
    text = " ".join(written.split())
    if not text.replace("年", "").replace("月", "").replace("日", "").isascii():
        return ""
    if re.fullmatch(r"\d{8}", text):
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)", text):
        return text
    match = _DATE.match(text)
    if not match:
        return ""
    year, month, day, hour, minute = match.groups()
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return ""
    found = "-".join((year, *(p.zfill(2) for p in (month, day) if p)))
    if not hour:
        return found
    return f"{found}T{hour.zfill(2)}:{minute}" if day and int(hour) < 24 and int(minute) < 60 else ""
