"""Which department a complaint belongs to, from `rag.tasks.triage`. Decides only that an unsure model says nothing."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.errors import ConfigError

# Less likely departments are not named.
_SHOWN = 0.05


@dataclass(frozen=True, slots=True)
class Seen:
    """A department, its name in the language of the complaint, and its probability, 0 to 1."""

    key: str
    name: str
    probability: float


def departments(text: str) -> tuple[Seen, ...]:
    """The departments of a complaint, the likeliest first; none where triage has no weights or is not sure."""
    try:
        from rag.tasks.triage import triage

        found = triage(text)
    except (ConfigError, ImportError):  # a consultation goes on without it
        return ()
    return (
        tuple(Seen(d.department, d.name, d.probability) for d in found.departments if d.probability >= _SHOWN)
        if found.sure
        else ()
    )
