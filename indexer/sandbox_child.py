"""The other side of the sandbox: a small process that forks once for every file and reads it under limits.

Runs as `python -m indexer.sandbox_child`. Takes one JSON line a file on stdin and answers on stdout with JSON lines:
`{"pid"}`, then `{"document": [source, text, layout]}` for each document, `{"error": [reason, detail]}` for the
reader's refusal, and `{"exit": status}` last, whatever happened. Decides how a reader is confined; knows nothing of
indexes.
"""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import resource
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from indexer.errors import ReadError
from indexer.inputs import name_of
from indexer.readers import kind_of, reader_for

_NEW_USER_AND_NETWORK = 0x10000000 | 0x40000000
_REFUSED = (
    "socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.remove",
    "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.chown",
    "shutil.", "ftplib.", "urllib.", "http.", "smtplib.",
)  # fmt: skip
# What the readers of a kind import, and every fork would have to import anew.
_PRELOAD = {
    "pdf": ("pypdf", "indexer.readers.pdf"), "xml": ("indexer.readers.jats", "indexer.readers.pubmed"),
    "text": ("indexer.readers.text",), "html": ("indexer.readers.html",), "jsonl": ("indexer.readers.jsonl",),
}  # fmt: skip


def serve() -> None:
    """Answers requests until stdin ends."""
    _leave_network()
    for line in sys.stdin:
        request = json.loads(line)
        path = Path(request["path"])
        for module in _PRELOAD.get(kind_of(path) or "", ()):
            importlib.import_module(module)
        child = os.fork()
        if child == 0:
            status = 1
            try:
                _send({"pid": os.getpid()})
                _confine(path, memory=request["memory"], seconds=request["seconds"])
                _read(path)
                status = 0
            finally:
                os._exit(status)
        _, status = os.waitpid(child, 0)
        # The newline ends a line that the child may have left unfinished.
        os.write(1, b"\n")
        _send({"exit": status})


def _read(path: Path) -> None:
    try:
        for document in reader_for(path).read(path):
            # Where a document came from is the same fact for every format, so it is added here and not by the readers.
            source = replace(document.source, links={**document.source.links, "path": name_of(path)})
            _send({"document": replace(document, source=source).columns()})
    except ReadError as error:
        _send({"error": [error.reason, error.detail]})
    except MemoryError:
        _send({"error": ["memory", "the file needs more memory than a reader may have"]})
    except RecursionError:
        _send({"error": ["too_deep", "the file nests deeper than a reader may go"]})
    except Exception as error:
        _send({"error": ["broken", f"{type(error).__name__}: {str(error)[:200]}"]})


def _send(message: dict[str, Any]) -> None:
    data = memoryview(json.dumps(message, separators=(",", ":")).encode("ascii") + b"\n")
    while data:
        data = data[os.write(1, data) :]


def _leave_network() -> None:
    """Moves to an empty network namespace where the kernel allows it; the audit hook refuses sockets everywhere."""
    libc = ctypes.CDLL(None, use_errno=True)
    if hasattr(libc, "unshare"):
        libc.unshare(_NEW_USER_AND_NETWORK)


def _confine(path: Path, *, memory: int, seconds: int) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    with open("/proc/self/statm") if os.path.exists("/proc/self/statm") else open(os.devnull) as file:
        pages = file.read().split()
    if pages:
        used = int(pages[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + memory, used + memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    own = os.path.realpath(path)
    code = tuple({os.path.realpath(p) for p in (*sys.path, sys.prefix, sys.base_prefix) if p})

    def refuse(event: str, args: tuple[Any, ...]) -> None:
        if event == "open":
            name, _, flags = args
            if isinstance(name, int):
                return
            real = os.path.realpath(os.fsdecode(name))
            writes = bool((flags or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND))
            if writes or (real != own and not real.startswith(code)):
                raise PermissionError(f"a reader may not open {real}")
        elif event.startswith(_REFUSED):
            raise PermissionError(f"a reader may not use {event}")

    sys.addaudithook(refuse)


if __name__ == "__main__":
    serve()
