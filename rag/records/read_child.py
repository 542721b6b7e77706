"""The other side of the sandbox for patient records: a small process that forks once for every file or folder.

Runs as `python -m rag.records.read_child`. Takes one JSON line a request on stdin (`kind`: fhir, mimic or notes;
`path`; `refused`: files that are not to be opened again, each with its reason) and answers with JSON lines: `{"pid"}`;
`{"file"}` whenever a file of the path is opened; for each record `{"person"}`, `{"document"}` and `{"entries"}` as
often as there are, and `{"step"}`, its counts of what was skipped; `{"error", "path"}`; and `{"exit": status}` last. A
record is sent in parts so that neither side holds it twice. Decides how
a reader of records is confined: it may open the files of its path (none outside it that a link leads to) and the
program's own, nothing else, and write nothing. An error says a type, never a text, which could be a patient's. Knows
nothing of formats.
"""

from __future__ import annotations

import errno
import json
import os
import resource
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from indexer.errors import ReadError
from indexer.sandbox import Limits
from indexer.sandbox_child import _REFUSED, _leave_network, _send
from rag.records.fhir import FhirReader
from rag.records.mimic import MimicReader
from rag.records.notes import NoteReader
from rag.records.rows import entry_row
from rag.records.types import Record, RecordReader

READERS: dict[str, type[RecordReader]] = {"fhir": FhirReader, "mimic": MimicReader, "notes": NoteReader}
_ENTRIES = 1000
"""Entries in one message; together about half a megabyte."""


def serve() -> None:
    """Answers requests until stdin ends."""
    _leave_network()
    for line in sys.stdin:
        request = json.loads(line)
        child = os.fork()
        if child == 0:
            status = 1
            try:
                _send({"pid": os.getpid()})
                _confine(Path(request["path"]), request)
                _read(Path(request["path"]), request["kind"])
                status = 0
            finally:
                os._exit(status)
        _, status = os.waitpid(child, 0)
        # The newline ends a line that the child may have left unfinished.
        os.write(1, b"\n")
        _send({"exit": status})


def _read(path: Path, kind: str) -> None:
    problem: list[str] = []
    try:
        for record in READERS[kind]().read(path):
            _send_record(record)
        return
    except ReadError as error:
        _send({"error": [error.reason, error.detail], "path": error.path})
    except MemoryError:
        problem = ["memory", "the file needs more memory than a reader may have"]
    except RecursionError:
        problem = ["too_deep", "the file nests deeper than a reader may go"]
    except Exception as error:
        problem = ["crashed", type(error).__name__]
    if problem:
        _send({"error": problem})


def _send_record(record: Record) -> None:
    _send({"person": asdict(record.person)})
    for document in record.documents:
        _send({"document": document.columns()})
    for at in range(0, len(record.entries), _ENTRIES):
        _send({"entries": [entry_row(e) for e in record.entries[at : at + _ENTRIES]]})
    _send({"step": record.skipped})


def _confine(path: Path, request: dict[str, Any]) -> None:
    """Sets the limits for good. A file that is opened gets its own time, as the other side gives it."""
    with open("/proc/self/statm") if os.path.exists("/proc/self/statm") else open(os.devnull) as file:
        pages = file.read().split()
    used = int(pages[0]) * resource.getpagesize() if pages else 0
    resource.setrlimit(resource.RLIMIT_AS, (used + request["memory"],) * 2)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _allow(request["seconds"])
    limits, refused = Limits(), {os.path.realpath(f): why for f, why in request["refused"].items()}
    own, outside = _inside(path)
    refused, code = outside | refused, _code()

    def refuse(event: str, args: tuple[Any, ...]) -> None:
        if event == "open":
            name, _, flags = args
            if isinstance(name, int):
                return
            real = os.path.realpath(os.fsdecode(name))
            if (flags or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND):
                raise PermissionError(f"a reader may not write {real}")
            if real in refused:
                raise OSError(errno.EIO, refused[real])
            if real in own:
                _allow(int(limits.time_for_files([Path(real)])) + 1)
                _send({"file": os.fsdecode(name)})
            elif not real.startswith(code):
                raise PermissionError(f"a reader may not open {real}")
        elif event.startswith(_REFUSED):
            raise PermissionError(f"a reader may not use {event}")

    sys.addaudithook(refuse)


def _inside(path: Path) -> tuple[set[str], dict[str, str]]:
    """The real paths that a reader may open, and those that links of a folder lead out to, each with its verdict."""
    root = os.path.realpath(path)
    if not path.is_dir():
        return {root}, {}
    found = {os.path.realpath(f): f for f in path.rglob("*")}
    within = {real for real in found if real.startswith(os.path.join(root, ""))}
    why = "link_outside: a link that leads out of the folder is not followed; give the file itself, or copy it here"
    return within, {real: why for real in found if real not in within and real != root}


def _code() -> tuple[str, ...]:
    """Where modules are; of the project's own folder, in which a key may lie, only the packages."""
    root = Path(__file__).resolve().parent.parent.parent
    found = {os.path.realpath(p) for p in (*sys.path, sys.prefix, sys.base_prefix) if p} - {str(root)}
    return tuple(f"{p}{os.sep}" for p in (*found, root / "indexer", root / "rag"))


def _allow(seconds: int) -> None:
    """CPU time from now on."""
    spent = resource.getrusage(resource.RUSAGE_SELF)
    resource.setrlimit(resource.RLIMIT_CPU, (int(spent.ru_utime + spent.ru_stime) + seconds, resource.RLIM_INFINITY))


if __name__ == "__main__":
    serve()
