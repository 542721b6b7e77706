"""Reads what a person types, line by line: with editing and a history in memory on a terminal, plainly from a pipe.

Decides nothing of what a line means. Ctrl-C clears the line, Ctrl-D or the end of a pipe ends the lines.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator


def questions(prompt: str = "? ") -> Iterator[str]:
    """The lines; on a terminal after a prompt."""
    if not sys.stdin.isatty():
        yield from _piped()
        return
    with contextlib.suppress(ImportError):
        import readline

        readline.set_auto_history(True)  # of this process; no file is read or written
    while True:
        try:
            yield input(prompt)
        except KeyboardInterrupt:
            print()
        except EOFError:
            print()
            return


def _piped() -> Iterator[str]:
    for line in sys.stdin:
        yield line.rstrip("\n")
