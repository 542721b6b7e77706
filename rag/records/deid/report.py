"""What may be said of a text after `find`: spans, scores, counts, and how well the finding was measured.

Decides the wording. A text is never called "de-identified" here: the report names the share of planted identifiers
that was found on synthetic notes (benchmarks/deid.json), or says that none is known. Never holds the identifiers
themselves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from indexer.errors import ConfigError
from rag.records.deid.types import CATEGORIES, Finding


@dataclass(frozen=True, slots=True)
class Measured:
    """recall: share of the planted identifiers that were found, 0 to 1. identifiers: how many were planted."""

    recall: float
    identifiers: int


def measured(benchmark: dict[str, Any], *, run: str = "notes_blind_unknown") -> Measured:
    """From what scripts/eval_deid.py wrote. Raises ConfigError when the run is not in it."""
    try:
        row = benchmark["results"][run]
        return Measured(float(row["recall"]), int(row["identifiers"]))
    except (KeyError, TypeError, ValueError) as error:
        raise ConfigError(
            f"the benchmark has no run {run!r} ({error}); write it with scripts/eval_deid.py --json"
        ) from error


def report(findings: Sequence[Finding], *, measured: Measured | None = None) -> dict[str, Any]:
    """JSON-ready: `statement`, `counts` by category (only those found), `findings` with start, end, category, score."""
    counts = Counter(f.category for f in findings)
    return {
        "statement": statement(len(findings), measured=measured),
        "counts": {c: counts[c] for c in CATEGORIES if counts[c]},
        "findings": [
            {"start": f.start, "end": f.end, "category": f.category, "score": round(f.score, 3)} for f in findings
        ],
    }


def statement(found: int, *, measured: Measured | None) -> str:
    """One sentence for a person: what was done and how much it can miss."""
    what = f"{found} likely identifiers were marked; others may remain."
    if measured is None or measured.identifiers == 0:
        return f"{what} How many identifiers are found was not measured for this version."
    # Rounded down: 99.96 % is not 100.0 %.
    share = int(measured.recall * 1000) / 10
    return f"{what} {share:.1f} % of injected identifiers found on synthetic notes (n = {measured.identifiers:,}); real notes were not measured."
