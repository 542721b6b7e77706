"""Which reader reads a path of patient records, in a confined process: FHIR, MIMIC's tables, or notes.

A folder with a PATIENTS table is MIMIC's, files of JSON or NDJSON are FHIR, `.txt`, `.md` and `.jsonl` are notes.
Nothing is parsed here and nothing is written to disk: the reader runs under limits (`indexer.sandbox`,
`rag.records.read_child`), its records come over a pipe, and one is held at a time. Decides what becomes of a file that
breaks the limits: it gets a verdict, and the rest of its folder is read again without it, from where the records stop
that came before. Of MIMIC's tables, which are read side by side, no single one can be blamed: the folder gets the
verdict. Knows nothing of what the files say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.errors import ReadError
from indexer.sandbox import Sandbox
from indexer.types import Document
from rag.records.fhir_json import is_bulk
from rag.records.rows import entry_from, person_from
from rag.records.types import Entry, Record

_FHIR = (".json", ".ndjson", ".json.gz", ".ndjson.gz")
_NOTES = (".txt", ".md", ".jsonl")
# The verdicts of the process itself: the reader did not come to an end and could not go on with other files.
_ENDED = ("memory", "time", "crashed", "too_deep", "too_big")


@dataclass(slots=True)
class _Run:
    """One reading of a path. count: records so far; file: the one opened last; at: `count` then; bulk: `count` when
    Bulk Data were opened first, whose records come only after all their files."""

    count: int = 0
    file: Path | None = None
    at: int = 0
    bulk: int | None = None

    def opened(self, file: Path) -> None:
        self.file, self.at = file, self.count
        if self.bulk is None and is_bulk(file):
            self.bulk = self.count


def records(paths: Sequence[str | Path], *, failed: Callable[[ReadError], None]) -> Iterator[Record]:
    """The records of files and folders. failed: is told of each file that could not be read; the rest goes on."""
    with Sandbox(program="rag.records.read_child") as sandbox:
        for path in map(Path, paths):
            for kind in _kinds(path, failed):
                yield from _read(sandbox, path, kind, failed)


def _read(sandbox: Sandbox, path: Path, kind: str, failed: Callable[[ReadError], None]) -> Iterator[Record]:
    refused: dict[str, str] = {}
    known = 0
    while True:
        run = _Run()
        try:
            for record in _asked(sandbox, path, {"kind": kind, "refused": refused}, run):
                run.count += 1
                if run.count > known:
                    yield record
            return
        except ReadError as error:
            culprit = run.file
            again = path.is_dir() and kind != "mimic" and error.reason in _ENDED
            if not again or culprit is None or str(culprit) in refused:
                failed(error)
                return
            failed(ReadError(culprit, error.reason, error.detail))
            refused[str(culprit)] = f"{error.reason}: {error.detail}"
            known = run.bulk if kind == "fhir" and is_bulk(culprit) and run.bulk is not None else run.at


def _asked(sandbox: Sandbox, path: Path, request: dict[str, Any], run: _Run) -> Iterator[Record]:
    """The records of one reading, put together from their parts. Raises ReadError."""
    files = path.rglob("*") if path.is_dir() else [path]
    person, documents, entries = None, list[Document](), list[Entry]()
    try:
        for message in sandbox.ask(path, files=files, request=request):
            if "file" in message:
                run.opened(Path(message["file"]))
            elif "person" in message:
                person, documents, entries = person_from(message["person"]), [], []
            elif "document" in message:
                documents.append(Document.from_columns(*message["document"]))
            elif "entries" in message:
                entries += map(entry_from, message["entries"])
            elif person is not None:
                skipped = tuple((str(what), int(count)) for what, count in message["step"])
                yield Record(person, tuple(documents), tuple(entries), skipped)
    except (KeyError, TypeError, ValueError) as error:
        raise ReadError(path, "crashed", "the reader's answer cannot be understood") from error


def _kinds(path: Path, failed: Callable[[ReadError], None]) -> Iterator[str]:
    """The readers of a path: `fhir`, `mimic`, `notes`."""
    if not path.exists():
        failed(ReadError(path, "missing", "there is no such file or folder"))
    elif path.is_file():
        if path.name.lower().endswith(_FHIR):
            yield "fhir"
        elif path.name.lower().endswith(_NOTES):
            yield "notes"
        else:
            known = ", ".join((*_FHIR, *_NOTES))
            failed(ReadError(path, "unsupported", f"no reader of records for this file; expected {known}"))
    elif any(path.rglob("[Pp][Aa][Tt][Ii][Ee][Nn][Tt][Ss].[Cc][Ss][Vv]*")):
        yield "mimic"
    else:
        names = [f.name.lower() for f in path.rglob("*") if f.is_file()]
        if any(n.endswith(_FHIR) for n in names):
            yield "fhir"
        if any(n.endswith(_NOTES) for n in names):
            yield "notes"
        if not any(n.endswith((*_FHIR, *_NOTES)) for n in names):
            failed(ReadError(path, "empty", "expected FHIR JSON, MIMIC's tables, or notes"))
