"""What may be said of a text after `find`: spans, scores, counts, and how well the finding was measured.

Decides the wording. A text is never called "de-identified" here: the report names the share of planted identifiers
that was found on synthetic notes of the text's language (benchmarks/deid.json), or says that none is known. Never
holds the identifiers themselves.
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
    """recall: share of the planted identifiers that were found, 0 to 1. identifiers: how many were planted. language:
    of the notes, `en` or `zh`."""

    recall: float
    identifiers: int
    language: str = "en"


def measured(benchmark: dict[str, Any], *, language: str = "en", sort: str = "blind2") -> Measured:
    """From what scripts/eval_deid.py wrote: of the notes of a language, in the wordings of a sort. Raises ConfigError
    when that run is not in it."""
    run = f"{'chinese' if language == 'zh' else 'notes'}_{sort}_unknown"
    try:
        row = benchmark["results"][run]
        return Measured(float(row["recall"]), int(row["identifiers"]), language)
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
    notes = "Chinese" if measured.language == "zh" else "English"
    share = int(measured.recall * 1000) / 10
    return f"{what} {share:.1f} % of injected identifiers found on synthetic {notes} notes (n = {measured.identifiers:,}); real notes were not measured."
