"""How sure an answer is, 0 to 1: a logistic function of what was found, fitted on questions with known answers.

Decides the features and holds the fitted numbers (scripts/calibrate.py makes them; benchmarks/calibration.json has the
reliability diagram). Knows nothing of wording.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from rag.relevance import Terms
from rag.stance import BORDER, balance
from rag.types import Claim, Hit, Kind, Position, Span

# By kind of question: the constant, and a weight for each feature of `features`.
WEIGHTS: dict[str, tuple[float, ...]] = {
    "yesno": (-0.931, 1.395, 0.026, 0.1),
    "other": (-3.0, 6.0, 0.0, 0.0),
}


def features(
    claims: Sequence[Claim], *, terms: Terms, hits: Sequence[Hit], told: Sequence[Position], spans: Sequence[Span]
) -> tuple[float, ...]:
    """(share of the question that the first claims' passages cover, the best passage's reranking logit, and how clear
    the verdict or the best short answer is: for a verdict, how far the share for yes is from the border)."""
    passages = [c.passage for claim in claims[:2] for c in claim.citations]
    covered = max((terms.coverage(f"{p.source.title}\n{p.text}") for p in passages), default=0.0)
    read = max((h.why.get("rerank", 0.0) for h in hits), default=0.0)
    yes, no = balance(told)
    sides = abs(yes / (yes + no + 1e-6) - BORDER) * min(1.0, yes + no)
    clear = sides if told else spans[0].score if spans else 0.0
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
    constant, *weights = WEIGHTS["yesno" if kind == "yesno" and told else "other"]
    given = features(claims, terms=terms, hits=hits, told=told, spans=spans)
    z = constant + sum(w * x for w, x in zip(weights, given, strict=True))
    return round(1 / (1 + math.exp(-z)), 2)
