"""How sure an answer is, 0 to 1: a logistic function of what was found.

Decides the features and holds the numbers: for verdicts fitted on questions with known answers (scripts/calibrate.py;
benchmarks/calibration.json has the reliability table), for other answers chosen by hand. Knows nothing of wording.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from rag.conclude import Found
from rag.relevance import Terms
from rag.stance import BORDER, balance
from rag.types import Hit, Position

# By kind of question: the constant, and a weight for each feature of `features`.
WEIGHTS: dict[str, tuple[float, ...]] = {
    "yesno": (-1.023, 0.681, 0.037, 0.53, 0.881),
    "other": (-3.0, 6.0, 0.0, 0.0, 0.0),
    "effect": (-3.0, 0.0, 0.0, 5.0, 0.0),
}


def features(found: Found, terms: Terms, hits: Sequence[Hit]) -> tuple[float, ...]:
    """(share of the question that the first claims' passages cover, the best passage's reranking logit, how clear the
    verdict or the best short answer is, log(1 + how much speaks for yes and no)). Clear is for a verdict how far the
    share for yes is from the border."""
    passages = [c.passage for claim in found.claims[:2] for c in claim.citations]
    covered = max((terms.coverage(f"{p.source.title}\n{p.text}") for p in passages), default=0.0)
    read = max((h.why.get("rerank", 0.0) for h in hits), default=0.0)
    yes, no = balance(found.told)
    if found.kind == "effect":
        clear = _lead(found.told)
    elif found.told:
        clear = abs(yes / (yes + no + 1e-6) - BORDER)
    else:
        clear = found.spans[0].score if found.spans else 0.0
    return covered, read, clear, math.log1p(yes + no)


def confidence(found: Found, terms: Terms, hits: Sequence[Hit]) -> float:
    """0 to 1; 0 when nothing was answered."""
    if not found.claims:
        return 0.0
    constant, *weights = WEIGHTS[found.kind if found.kind in ("yesno", "effect") and found.told else "other"]
    z = constant + sum(w * x for w, x in zip(weights, features(found, terms, hits), strict=True))
    return round(1 / (1 + math.exp(-z)), 2)


def _lead(told: Sequence[Position]) -> float:
    """By how much the direction that weighs most is ahead of the next, as a share of all."""
    sums = sorted((sum(p.strength * p.weights[i] for p in told) for i in range(3)), reverse=True)
    return (sums[0] - sums[1]) / (sum(sums) + 0.2)
