"""Which reader reads a path of patient records: FHIR, MIMIC's tables, or notes. Knows nothing of what they say.

A folder with a PATIENTS table is MIMIC's, files of JSON or NDJSON are FHIR, `.txt`, `.md` and `.jsonl` are notes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from indexer.errors import ReadError
from rag.records.fhir import FhirReader
from rag.records.mimic import MimicReader
from rag.records.notes import NoteReader
from rag.records.types import Record, RecordReader

_FHIR = (".json", ".ndjson", ".json.gz", ".ndjson.gz")
_NOTES = (".txt", ".md", ".jsonl")


def records(paths: Sequence[str | Path], *, failed: Callable[[ReadError], None]) -> Iterator[Record]:
    """The records of files and folders. failed: is told of each file that could not be read; the rest goes on."""
    for path in map(Path, paths):
        for reader, part in _readers(path, failed):
            try:
                yield from reader.read(part)
            except ReadError as error:
                failed(error)


def _readers(path: Path, failed: Callable[[ReadError], None]) -> Iterator[tuple[RecordReader, Path]]:
    if not path.exists():
        failed(ReadError(path, "missing", "there is no such file or folder"))
    elif path.is_file():
        if path.name.lower().endswith(_FHIR):
            yield FhirReader(), path
        elif path.name.lower().endswith(_NOTES):
            yield NoteReader(), path
        else:
            known = ", ".join((*_FHIR, *_NOTES))
            failed(ReadError(path, "unsupported", f"no reader of records for this file; expected {known}"))
    elif any(path.rglob("[Pp][Aa][Tt][Ii][Ee][Nn][Tt][Ss].[Cc][Ss][Vv]*")):
        yield MimicReader(), path
    else:
        names = [f.name.lower() for f in path.rglob("*") if f.is_file()]
        if any(n.endswith(_FHIR) for n in names):
            yield FhirReader(), path
        if any(n.endswith(_NOTES) for n in names):
            yield NoteReader(), path
        if not any(n.endswith((*_FHIR, *_NOTES)) for n in names):
            failed(ReadError(path, "empty", "expected FHIR JSON, MIMIC's tables, or notes"))
