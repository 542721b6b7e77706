"""A judge without a model: the share of the claim's content words that the quote holds.

Decides by stems, numbers and Chinese bigrams. Reads no meaning, so it is a floor that any model has to beat, and a fast
stand-in where none can run.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.align import words
from rag.types import Support

# Shares of a light rewording and of a claim that says a part more than its quote; chosen, not fitted.
SUPPORTED, PARTIAL = 0.75, 0.5


class OverlapJudge:
    """Needs nothing and loads nothing."""

    spec = "overlap"

    def verdicts(self, pairs: Sequence[tuple[str, str]]) -> list[Support]:
        """`supported`, `partial` or `unsupported` for each (claim, quote)."""
        return [_verdict(claim, quote) for claim, quote in pairs]


def _verdict(claim: str, quote: str) -> Support:
    asked = words(claim)
    share = len(asked & words(quote)) / len(asked) if asked else 0.0
    return "supported" if share >= SUPPORTED else "partial" if share >= PARTIAL else "unsupported"
