"""An error that quotes a record, raised at a chosen line of rag/records by the interpreter's trace, without a patch."""

from __future__ import annotations

import os
import sys
from types import FrameType
from typing import Any


class Fault:
    """Raises an error that quotes the record at the `at`th line that rag/records runs."""

    def __init__(self, at: int, secret: str) -> None:
        self._at, self._secret, self.lines = at, secret, 0

    def __enter__(self) -> None:
        sys.settrace(self._call)

    def __exit__(self, *_: object) -> None:
        sys.settrace(None)

    def _call(self, frame: FrameType, event: str, _: Any) -> Any:
        return self._line if f"{os.sep}records{os.sep}" in frame.f_code.co_filename else None

    def _line(self, frame: FrameType, event: str, _: Any) -> Any:
        if event == "line":
            self.lines += 1
            if self.lines == self._at:
                kind = (ValueError, KeyError, RuntimeError, OSError, TypeError)[self._at % 5]
                raise kind(f"cannot read {self._secret}")
        return self._line
