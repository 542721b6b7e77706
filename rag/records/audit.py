"""The audit log: who did what with which record, in a file that only grows and shows every change made to it.

One JSON line an event: its number, the sealed event, and an HMAC over both and the line before (a hash chain: an
edited, inserted, removed or moved line breaks it). A second file holds the number and HMAC of the last line, so that
a cut end shows too; kept elsewhere it also shows a log that was replaced whole. A question is stored as its keyed
hash, never as text. Knows nothing of policies or of what was read.
"""

from __future__ import annotations

import datetime
import errno
import fcntl
import hashlib
import hmac
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from indexer.durable import failed, sync_directory, write_file
from indexer.errors import IndexCorrupt
from rag.records.keys import Key

_START = "0" * 64


@dataclass(frozen=True, slots=True)
class Event:
    """time: ISO 8601, UTC. patient: the keyed name of the record, not the patient's id. question: keyed hash.

    passages: document kind and offsets of what was shown, `chart:120-164`. reason: why the glass was broken, or why
    something was refused.
    """

    time: str
    person: str
    action: str
    patient: str = ""
    question: str = ""
    passages: tuple[str, ...] = ()
    reason: str = ""


class Audit:
    """The log of one store. head: where the last line's number and HMAC are kept (default: beside the log)."""

    def __init__(self, log: Path, key: Key, *, head: Path | None = None) -> None:
        self._log, self._head = log, head or log.with_suffix(".head")
        self._seal, self._chain = key.derive("audit seal"), key.derive("audit chain")

    def append(self, event: Event) -> None:
        """Adds an event; durable when this returns. Raises WriteFailed, IndexCorrupt when the log's end was cut."""
        try:
            handle = os.open(self._log, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise failed(self._log, 0, error) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            number, mac, end = self._last(handle)
            if not end:
                sync_directory(self._log.parent)
            line = self._line(number + 1, mac, event)
            os.ftruncate(handle, end)  # the torn line of a writer that was killed was never acknowledged
            if os.pwrite(handle, line, end) != len(line):
                os.ftruncate(handle, end)
                raise OSError(errno.ENOSPC, "the line was not written whole")
            os.fsync(handle)
            self._know(json.loads(line))
        except OSError as error:
            raise failed(self._log, 0, error) from error
        finally:
            os.close(handle)

    def _know(self, last: dict[str, Any]) -> None:
        write_file(self._head, json.dumps({"n": last["n"], "mac": last["mac"]}).encode())

    def begin(self) -> None:
        """Makes the head file of a new log. Raises WriteFailed."""
        write_file(self._head, json.dumps({"n": 0, "mac": _START}).encode())

    def _last(self, handle: int) -> tuple[int, str, int]:
        """(number, HMAC, end in bytes) of the last whole line."""
        size = os.fstat(handle).st_size
        tail, start = b"", size
        while start and tail.count(b"\n") < 3:
            step = min(start, 1 << 16)
            start -= step
            tail = os.pread(handle, step, start) + tail
        whole = tail[: tail.rfind(b"\n") + 1]
        end = start + len(whole)
        head = self._known_head()
        if not whole:
            if head[0]:
                raise self._broken("the log is empty, but its head file knows of lines")
            return 0, _START, 0
        found = _parsed(whole.splitlines()[-1])
        if found is None or not hmac.compare_digest(str(found.get("mac")), self._mac(found)):
            raise self._broken("the last line does not have its checksum")
        if head[0] not in (found["n"], found["n"] - 1) or head[1] not in (found["mac"], found["before"]):
            raise self._broken(f"the last line is {found['n']}, the head file knows of {head[0]}")
        if head[0] < found["n"]:
            # Its writer was killed or had no room. Without this a second failure would look like a cut head.
            self._know(found)
        return found["n"], found["mac"], end

    def _line(self, number: int, before: str, event: Event) -> bytes:
        data = json.dumps(asdict(event)).encode()
        line: dict[str, Any] = {"n": number, "before": before}
        line["box"] = self._seal.seal(data, about=f"audit {number}").hex()
        line["mac"] = self._mac(line)
        return json.dumps(line).encode() + b"\n"

    def _mac(self, line: dict[str, Any]) -> str:
        text = f"{line.get('n')}\0{line.get('before')}\0{line.get('box')}"
        return hmac.new(self._chain.secret, text.encode(), hashlib.sha256).hexdigest()

    def events(self) -> Iterator[Event]:
        """Every event up to now, oldest first. Raises IndexCorrupt at the first line that is not as it was written."""
        before, number = _START, 0
        end, head = self._now()
        for number, raw in enumerate(self._lines(end), start=1):
            line = _parsed(raw)
            if (
                line is None or line.get("n") != number or line.get("before") != before
                or not hmac.compare_digest(str(line.get("mac")), self._mac(line))
            ):  # fmt: skip
                raise self._broken(f"line {number} was changed, moved, added or removed")
            before = line["mac"]
            raw_event = json.loads(self._seal.open(bytes.fromhex(line["box"]), about=f"audit {number}"))
            yield Event(**{**raw_event, "passages": tuple(raw_event["passages"])})
        if number < head[0] or (number == head[0] and number and before != head[1]):
            raise self._broken(f"it ends at line {number}, the head file knows of {head[0]}")
        if number > head[0] + 1:
            raise self._broken(f"it has {number} lines, the head file knows only of {head[0]}")

    def verify(self) -> int:
        """Checks every line against the chain and the end against the head file; how many there are. Raises
        IndexCorrupt."""
        return sum(1 for _ in self.events())

    def _now(self) -> tuple[int, tuple[int, str]]:
        """The log's end in bytes and what the head file knows, between two writings: others may go on meanwhile."""
        try:
            with self._log.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_SH)
                return os.fstat(file.fileno()).st_size, self._known_head()
        except FileNotFoundError:
            return 0, self._known_head()
        except OSError as error:
            raise self._broken(f"cannot be read ({error.strerror})") from error

    def _lines(self, end: int) -> Iterator[bytes]:
        if not end:
            return
        with self._log.open("rb") as file:
            for line in file:
                end -= len(line)
                if end >= 0 and line.endswith(b"\n"):  # a torn last line was never acknowledged
                    yield line
                if end <= 0:
                    return

    def _known_head(self) -> tuple[int, str]:
        try:
            found = json.loads(self._head.read_bytes())
            return int(found["n"]), str(found["mac"])
        except FileNotFoundError:
            raise self._broken(f"its head file {self._head} is missing") from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise self._broken(f"its head file {self._head} is unreadable") from error

    def _broken(self, what: str) -> IndexCorrupt:
        return IndexCorrupt(f"{self._log}: {what}; keep the file for whoever investigates, and restore a copy")


def now() -> str:
    """The time of an event: UTC, to the millisecond."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds")


def _parsed(line: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
