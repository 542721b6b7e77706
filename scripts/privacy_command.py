"""The command line run in this process, and a page as the terminal shows it. Knows nothing of what is asked."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console

from rag import cli


def plain_text(pieces: Any) -> str:
    """What rich prints of the pieces, without a terminal's width."""
    out = io.StringIO()
    Console(file=out, width=4000).print(pieces, soft_wrap=True)
    return out.getvalue()


def variables(folder: Path) -> dict[str, str]:
    """The environment in which the command line finds the store, its key and the library."""
    return {
        "ANAMNESIS_RECORDS": str(folder / "records"), "ANAMNESIS_INDEX": str(folder / "index"),
        "ANAMNESIS_RECORDS_KEY_FILE": str(folder / "key"), "ANAMNESIS_EFFORT": "quick", "ANAMNESIS_RERANKER": "none",
    }  # fmt: skip


def command(words: list[str], *, environment: Mapping[str, str]) -> tuple[int, str]:
    """Exit code and everything printed of `rag WORDS`, run in this process."""
    out, argv, before = io.StringIO(), sys.argv, dict(os.environ)
    os.environ |= environment
    sys.argv = ["rag", *words]
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            cli.main()
    except SystemExit as left:
        return int(left.code or 0), out.getvalue()
    finally:
        sys.argv = argv
        os.environ.clear()
        os.environ.update(before)
    return 0, out.getvalue()
