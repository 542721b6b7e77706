"""Reads untrusted files in a limited child process: decides the limits and turns what breaks them into a ReadError.

The limits do not depend on the parser. Documents come back as JSON lines over a pipe, never as pickles. Knows nothing
of formats; `indexer.sandbox_child` is the other side.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from indexer.errors import ReadError
from indexer.types import Document

_LARGEST_LINE = 512 << 20


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


class Sandbox:
    """A context manager around the child process. Not for use by two threads at once."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
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
        self._ask({"path": str(path), "memory": self._limits.memory, "seconds": int(limit) + 1})
        worker, refusal, finished = 0, None, False
        try:
            for message in self._messages(path, limit):
                if "pid" in message:
                    worker = message["pid"]
                elif "document" in message:
                    yield Document.from_columns(*message["document"])
                elif "error" in message:
                    refusal = ReadError(path, *message["error"])
                else:
                    finished = True
                    if refusal is None and message["exit"] != 0:
                        refusal = self._verdict(path, message["exit"])
                    break
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
        left = limit
        while True:
            cut = self._buffer.find(b"\n")
            if cut >= 0:
                line = bytes(self._buffer[:cut])
                del self._buffer[: cut + 1]
                if (message := _parsed(line)) is not None:
                    yield message
                continue
            # Only time spent waiting for the reader counts: a slow consumer must not make a good file fail.
            before = os.times().elapsed
            ready, _, _ = select.select([pipe], [], [], max(left, 0))
            left -= os.times().elapsed - before
            if not ready:
                raise ReadError(path, "time", f"no answer from the reader within {limit:.0f} s")
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
            **os.environ,
            "PYTHONPATH": f"{root}{os.pathsep}{inherited}" if inherited else root,
            "OPENBLAS_NUM_THREADS": "1",
        }
        self._buffer.clear()
        self._child = subprocess.Popen(
            # -P: the current folder, which may hold downloads, is not where modules are looked for.
            [sys.executable, "-P", "-m", "indexer.sandbox_child"],
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
