"""Puts a page into a file: which suffix means which format, and that a report of a record is for its owner alone.

Decides what may be written where. What the formats look like is theirs to decide.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Sequence
from pathlib import Path

from indexer.durable import failed, write_file
from indexer.errors import ConfigError
from rag.records.part import Cited
from rag.tasks.page import Page
from rag.tasks.report import docx, html, jsonpage, markdown

FORMATS = {".md": "Markdown", ".html": "HTML", ".docx": "Word", ".json": "JSON"}


def rendered(page: Page, suffix: str, *, cited: Sequence[Cited] = ()) -> bytes:
    """The bytes of a file with this suffix. cited: the places of a record, for JSON. Raises ConfigError for another
    suffix, naming the known ones."""
    kind = suffix.lower()
    if kind == ".md":
        return markdown.markdown(page).encode("utf-8", "replace")
    if kind == ".html":
        return html.html(page).encode("utf-8", "replace")
    if kind == ".docx":
        return docx.docx(page)
    if kind == ".json":
        text = json.dumps(jsonpage.page_json(page, cited=cited), ensure_ascii=False, indent=1)
        return (text + "\n").encode("utf-8", "replace")
    known = ", ".join(f"{s} ({name})" for s, name in FORMATS.items())
    raise ConfigError(f"{suffix or 'no suffix'}: expected one of {known}")


def checked(to: Path, *, known: Sequence[str] = tuple(FORMATS), replace: bool) -> None:
    """Raises ConfigError, before any work is done, when the file could not be written at the end."""
    if not any(to.name.lower().endswith(s) for s in known):
        raise ConfigError(f"--to {to}: its suffix says no format; expected one of {', '.join(known)}")
    if to.exists() and not replace:
        raise ConfigError(f"--to {to}: is there already; give another name, or add --replace")
    if not to.parent.is_dir():
        raise ConfigError(f"--to {to}: no such folder {to.parent}; make it first")


def save(data: bytes, to: Path, *, private: bool) -> Path:
    """Writes the file durably. private: readable by its owner alone, from its first byte on. Raises WriteFailed."""
    if not private:
        write_file(to, data)
        return to
    # write_file opens this name anew: made here first, with the rights it is to have, it keeps them.
    temporary = to.with_name(to.name + ".tmp")
    try:
        with contextlib.suppress(FileNotFoundError):
            temporary.unlink()
        os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        raise failed(to, len(data), error) from error
    write_file(to, data)
    return to
