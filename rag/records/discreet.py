"""An error that nobody foresaw, told without what it quotes: a KeyError names a drug, a ValueError a line of a note.

Decides what of it may be shown: its kind and the places in the program. The error itself is dropped, so that no log,
traceback or debugger finds it behind the one that is raised. Knows nothing of what was done.
"""

from __future__ import annotations

import traceback
from pathlib import Path

from indexer.errors import RagError

_PLACES = 4


class Unforeseen(RagError):
    """A fault of the program while it read a record; says where, never what was read."""


def discreet(error: Exception) -> Exception:
    """What to raise in its stead, outside the `except` block: errors of ours as they are, any other without its
    text."""
    if isinstance(error, RagError):
        return error
    frames = traceback.extract_tb(error.__traceback__)[-_PLACES:]
    places = ", ".join(f"{Path(f.filename).name}:{f.lineno}" for f in frames)
    return Unforeseen(
        f"internal error: {type(error).__name__} at {places}; what it says may quote a record and is left out; "
        "report it with these places"
    )
