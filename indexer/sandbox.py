"""Reads untrusted files in a limited child process: decides the limits and turns what breaks them into a ReadError.

The limits do not depend on the parser. What was read comes back as JSON lines over a pipe, never as pickles. Knows
nothing of formats; `indexer.sandbox_child` is the other side, `rag.records.read_child` that of patient records.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from indexer.errors import ReadError
from indexer.types import Document

_LARGEST_LINE = 512 << 20
# Gzip of texts and tables is 5 to 15 times smaller than they are.
_PACKED = 15
# What reads untrusted files needs none of the parent's keys and passwords.
_SECRET = ("KEY", "TOKEN", "SECRET", "PASS", "CREDENTIAL")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost. memory: bytes on top of the interpreter's; seconds: CPU and waiting time for a small
    file, and what each further megabyte adds (a baseline PubMed file of 200 MB parses at about 10 MB/s)."""

    memory: int = 900 << 20
    seconds: float = 15
    seconds_per_megabyte: float = 2

    def time_for(self, size: int) -> float:
        """Seconds for a file of `size` bytes."""
        return self.seconds + self.seconds_per_megabyte * size / (1 << 20)

    def time_for_files(self, files: Iterable[Path]) -> float:
        """Seconds for these files together; what is packed counts as what it unpacks to."""
        size = 0
        for file in files:
            with contextlib.suppress(OSError):
                size += file.stat().st_size * (_PACKED if file.suffix.lower() == ".gz" else 1)
        return self.time_for(size)


class Sandbox:
    """A context manager around the child process. Not for use by two threads at once.

    program: the module that reads, as `indexer.sandbox_child` does.
    """

    def __init__(self, limits: Limits | None = None, *, program: str = "indexer.sandbox_child") -> None:
        self._limits, self._program = limits or Limits(), program
        self._child: subprocess.Popen[bytes] | None = None
        self._buffer = bytearray()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()

    def close(self) -> None:
        """Ends the reading process; a `read` under way in another thread then raises ReadError."""
        self._stop()

    def read(self, path: Path) -> Iterator[Document]:
        """Yields the documents of one file. Raises ReadError with the reader's reason, or `time`, `memory`,
        `crashed` when a limit or the process itself broke; documents that came before were good."""
        limit = self._limits.time_for(path.stat().st_size)
        for message in self._answers(path, {}, limit):
            if "document" in message:
                yield Document.from_columns(*message["document"])

    def ask(self, path: Path, *, files: Iterable[Path], request: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Yields the messages of another program about a path, with `request` beside the path and the limits. files:
        what it will read, of which the time follows. Raises ReadError as `read` does.

        Two messages are for the clock as well: `{"file": path}`, from where on the time is that of this file, and one
        with `step`, from where on it is the whole again; a folder may take long, one file of it may not.
        """
        yield from self._answers(path, request, self._limits.time_for_files(files))

    def _answers(self, path: Path, request: dict[str, Any], limit: float) -> Iterator[dict[str, Any]]:
        self._ask({**request, "path": str(path), "memory": self._limits.memory, "seconds": int(limit) + 1})
        worker, refusal, finished = 0, None, False
        try:
            for message in self._messages(path, limit):
                if "pid" in message:
                    worker = message["pid"]
                elif "error" in message:
                    refusal = ReadError(message.get("path", path), *message["error"])
                elif "exit" in message:
                    finished = True
                    if refusal is None and message["exit"] != 0:
                        refusal = self._verdict(path, message["exit"])
                    break
                else:
                    yield message
        finally:
            if not finished:
                self._stop(worker)
        if refusal is not None:
            raise refusal

    def _verdict(self, path: Path, status: int) -> ReadError:
        number = os.waitstatus_to_exitcode(status)
        if number == -signal.SIGXCPU:
            return ReadError(path, "time", "reading took longer than a file of this size may take")
        if number == -signal.SIGKILL:
            return ReadError(path, "memory", "the system ended the reader, most likely for its memory")
        return ReadError(path, "crashed", f"the reader ended with status {number}")

    def _messages(self, path: Path, limit: float) -> Iterator[dict[str, Any]]:
        child = self._child
        if child is None or child.stdout is None:
            raise ReadError(path, "crashed", "the reading process was closed")
        pipe = child.stdout.fileno()
        left, allowed, seen = limit, limit, 0
        while True:
            cut = self._buffer.find(b"\n", seen)
            if cut >= 0:
                line, seen = bytes(self._buffer[:cut]), 0
                del self._buffer[: cut + 1]
                if (message := _parsed(line)) is not None:
                    if "step" in message:
                        left = allowed = limit
                    elif "file" in message:
                        left = allowed = self._limits.time_for_files([Path(message["file"])])
                    yield message
                continue
            seen = len(self._buffer)
            # Only time spent waiting for the reader counts: a slow consumer must not make a good file fail.
            before = os.times().elapsed
            ready, _, _ = select.select([pipe], [], [], max(left, 0))
            left -= os.times().elapsed - before
            if not ready:
                raise ReadError(path, "time", f"the reader did not get on for {allowed:.0f} s")
            data = os.read(pipe, 1 << 20)
            if not data:
                raise ReadError(path, "crashed", "the reading process ended")
            self._buffer += data
            if len(self._buffer) > _LARGEST_LINE:
                raise ReadError(path, "too_big", "one document of more than 512 MB")

    def _ask(self, request: dict[str, Any]) -> None:
        for attempt in (1, 2):
            child = self._child or self._start()
            assert child.stdin is not None
            try:
                child.stdin.write(json.dumps(request).encode() + b"\n")
                child.stdin.flush()
                return
            except OSError:
                self._stop()
                if attempt == 2:
                    raise

    def _start(self) -> subprocess.Popen[bytes]:
        root = str(Path(__file__).resolve().parent.parent)
        inherited = os.environ.get("PYTHONPATH")
        environment = {
            **{name: value for name, value in os.environ.items() if not any(s in name.upper() for s in _SECRET)},
            "PYTHONPATH": f"{root}{os.pathsep}{inherited}" if inherited else root,
            "OPENBLAS_NUM_THREADS": "1",
        }
        self._buffer.clear()
        self._child = subprocess.Popen(
            # -P: the current folder, which may hold downloads, is not where modules are looked for.
            [sys.executable, "-P", "-m", self._program],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, bufsize=0,
            start_new_session=True,
        )  # fmt: skip
        return self._child

    def _stop(self, worker: int = 0) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        if worker:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(worker, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        child.wait()


def _parsed(line: bytes) -> dict[str, Any] | None:
    """The message of a line; None for an empty one and for what a killed reader left unfinished."""
    try:
        message = json.loads(line)
    except ValueError:
        return None
    return message if isinstance(message, dict) else None
