"""How sure an answer is, 0 to 1: a logistic function of what was found.

Decides the features and holds the numbers: for verdicts fitted on questions with known answers (scripts/calibrate.py;
benchmarks/calibration.json has the reliability table), for other answers chosen by hand. Knows nothing of wording.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from rag.relevance import Terms
from rag.stance import BORDER, balance
from rag.types import Claim, Hit, Kind, Position, Span

# By kind of question: the constant, and a weight for each feature of `features`.
WEIGHTS: dict[str, tuple[float, ...]] = {
    "yesno": (-0.712, 1.089, 0.042, 0.359),
    "other": (-3.0, 6.0, 0.0, 0.0),
    "effect": (-3.0, 0.0, 0.0, 5.0),
}


def features(
    kind: Kind,
    claims: Sequence[Claim],
    *,
    terms: Terms,
    hits: Sequence[Hit],
    told: Sequence[Position],
    spans: Sequence[Span],
) -> tuple[float, ...]:
    """(share of the question that the first claims' passages cover, the best passage's reranking logit, and how clear
    the verdict or the best short answer is: for a verdict, how far the share for yes is from the border)."""
    passages = [c.passage for claim in claims[:2] for c in claim.citations]
    covered = max((terms.coverage(f"{p.source.title}\n{p.text}") for p in passages), default=0.0)
    read = max((h.why.get("rerank", 0.0) for h in hits), default=0.0)
    yes, no = balance(told)
    sides = abs(yes / (yes + no + 1e-6) - BORDER) * min(1.0, yes + no)
    clear = _lead(told) if kind == "effect" else sides if told else spans[0].score if spans else 0.0
    return covered, read, clear


def confidence(
    kind: Kind,
    claims: Sequence[Claim],
    *,
    terms: Terms,
    hits: Sequence[Hit],
    told: Sequence[Position],
    spans: Sequence[Span],
) -> float:
    """0 to 1; 0 when nothing was answered."""
    if not claims:
        return 0.0
    constant, *weights = WEIGHTS[kind if kind in ("yesno", "effect") and told else "other"]
    given = features(kind, claims, terms=terms, hits=hits, told=told, spans=spans)
    z = constant + sum(w * x for w, x in zip(weights, given, strict=True))
    return round(1 / (1 + math.exp(-z)), 2)


def _lead(told: Sequence[Position]) -> float:
    """By how much the direction that weighs most is ahead of the next, as a share of all."""
    sums = sorted((sum(p.strength * p.weights[i] for p in told) for i in range(3)), reverse=True)
    return (sums[0] - sums[1]) / (sum(sums) + 0.2)
