"""One CSV file of a MIMIC folder, read row by row in bounded memory, from the start or from a place in it.

Decides what a row is: a line, or several when a quoted field holds line breaks (RFC 4180). A quote that is never closed
costs its own line, not the rest of the file; a row longer than 4 MB is left out. Nothing is written anywhere. Knows
nothing of what the columns mean.
"""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

LONGEST = 4 << 20
"""Bytes of the longest row that is read; the longest note of MIMIC has some 60,000."""
_BUFFER = 1 << 20
# The csv module's own limit, 131,072 characters a field, is for the whole process; a field is never longer than a row.
csv.field_size_limit(max(csv.field_size_limit(), LONGEST))

UNREADABLE = (OSError, EOFError, zlib.error)
"""What a damaged or vanished file raises while it is read."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A row that cannot be read. reason: `quote`, `length` or `NUL`."""

    reason: str


Row = bytes | Broken


class CsvFile:
    """A `.csv` or `.csv.gz` file, open until `close`. Moving forward in it is cheap, backward costs a fresh start."""

    def __init__(self, path: Path) -> None:
        raw = gzip.GzipFile(path, "rb") if path.suffix.lower() == ".gz" else path.open("rb", buffering=0)
        self.path = path
        self._file = io.BufferedReader(cast("io.RawIOBase", raw), _BUFFER)
        self._at = 0

    def close(self) -> None:
        """Closes the file."""
        self._file.close()

    def rows(self, *, begin: int = 0, end: int | None = None) -> Iterator[tuple[int, Row]]:
        """(offset, row) of every row that begins at `begin` or after and before `end`.

        Offsets are bytes of the decompressed file; `begin` must be where a row begins. Raises one of UNREADABLE.
        """
        self._file.seek(begin)
        back: deque[bytes] = deque()  # lines that an open quote had swallowed
        at = begin
        while end is None or at < end:
            start, line = at, self._line(back)
            if not line:
                return
            at += len(line)
            if len(line) >= LONGEST:
                at += self._skip(line)
                yield start, Broken("length")
            elif line.count(b'"') % 2 == 0:
                yield start, _checked(line)
            else:
                row, lines = self._quoted(line, back)
                at = start + (len(line) if row is None else sum(map(len, lines)))
                if row is None:
                    back.extendleft(reversed(lines[1:]))
                yield start, Broken("quote") if row is None else _checked(row)

    def _line(self, back: deque[bytes]) -> bytes:
        return back.popleft() if back else self._file.readline(LONGEST)

    def _skip(self, line: bytes) -> int:
        """Reads up to the end of an overlong line; the number of bytes."""
        count = 0
        while len(line) == LONGEST and not line.endswith(b"\n"):
            line = self._file.readline(LONGEST)
            count += len(line)
        return count

    def _quoted(self, line: bytes, back: deque[bytes]) -> tuple[bytes | None, list[bytes]]:
        """The row whose first line leaves a quote open, None if nothing closes it in LONGEST bytes; and its lines."""
        lines, size = [line], len(line)
        while size < LONGEST and (line := self._line(back)):
            lines.append(line)
            size += len(line)
            if line.count(b'"') % 2:
                return b"".join(lines), lines
        return None, lines


def _checked(row: bytes) -> Row:
    return Broken("NUL") if b"\0" in row else row


def cells(row: bytes) -> list[str]:
    """The fields of a row; none for an empty line, and none where the quoting makes no sense."""
    text = row.decode("utf-8", "replace").rstrip("\r\n")
    if '"' not in text:
        return text.split(",") if text else []
    try:
        return next(csv.reader([text]))
    except (csv.Error, StopIteration):
        return []
