"""Scores confidence and abstaining: calibration error, Brier score, risk against coverage, refusals.

Confidences are numbers from 0 to 1, each with whether the answer was right (0 or 1). Knows nothing of what made an
answer right. All arrays have the same length; an empty one gives 0 or nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

BINS = 10
Floats = Sequence[float]


@dataclass(frozen=True, slots=True)
class Bin:
    """One row of a reliability table: confidences from low to high (the first bin holds its low end too), their mean,
    and the share that was right."""

    low: float
    high: float
    count: int
    confidence: float
    right: float


def reliability(confidence: Floats, right: Floats, *, mass: bool = False, bins: int = BINS) -> list[Bin]:
    """The bins that hold something: of equal width, or (`mass`) of equal count.

    Equal confidences may fall into two bins of equal count; they are parted in the order given.
    """
    c, r = np.asarray(confidence, float), np.asarray(right, float)
    if mass:
        groups = np.array_split(np.argsort(c, kind="stable"), bins)
        edges = [(float(c[g].min()), float(c[g].max())) for g in groups if len(g)]
    else:
        place = np.clip(np.ceil(c * bins - 1e-9).astype(int) - 1, 0, bins - 1)
        groups = [np.flatnonzero(place == b) for b in range(bins)]
        edges = [(b / bins, (b + 1) / bins) for b, g in enumerate(groups) if len(g)]
    filled = [g for g in groups if len(g)]
    return [
        Bin(low, high, len(g), float(c[g].mean()), float(r[g].mean()))
        for (low, high), g in zip(edges, filled, strict=True)
    ]


def ece(confidence: Floats, right: Floats, *, mass: bool = False, bins: int = BINS) -> float:
    """Expected calibration error: the mean over answers of their bin's |share right − mean confidence|.

    Ten bins of equal width (Guo et al., ICML 2017), or of equal count (`mass`; Nixon et al., CVPR workshops 2019).
    """
    table = reliability(confidence, right, mass=mass, bins=bins)
    return sum(b.count * abs(b.right - b.confidence) for b in table) / (len(confidence) or 1)


def brier(confidence: Floats, right: Floats) -> float:
    """The mean squared difference of confidence and outcome (Brier, Monthly Weather Review 1950)."""
    if not len(confidence):
        return 0.0
    return float(np.mean((np.asarray(confidence, float) - np.asarray(right, float)) ** 2))


def risk_coverage(confidence: Floats, right: Floats) -> list[tuple[float, float]]:
    """(coverage, risk) when only the k most confident answers are given, for k = 1 … n: the share of questions
    answered, and the share of wrong ones among those (El-Yaniv and Wiener, JMLR 2010).

    Among equal confidences the order is not known, so the risk is the one expected of a random order.
    """
    c, loss = np.asarray(confidence, float), 1 - np.asarray(right, float)
    order = np.argsort(-c, kind="stable")
    c, loss = c[order], loss[order]
    for value in np.unique(c):
        tied = c == value
        loss[tied] = loss[tied].mean()
    k = np.arange(1, len(c) + 1)
    return [(float(i / len(c)), float(x)) for i, x in zip(k, np.cumsum(loss) / k, strict=True)]


def aurc(confidence: Floats, right: Floats) -> float:
    """Area under the risk–coverage curve: the mean risk over all k; lower is better (Geifman, Uziel and El-Yaniv, ICLR
    2019). A confidence that says nothing gives the share of wrong answers."""
    curve = risk_coverage(confidence, right)
    return sum(risk for _, risk in curve) / (len(curve) or 1)


def refusals(answerable: Sequence[bool], abstained: Sequence[bool]) -> dict[str, float]:
    """Over-refusal: the share of answerable questions that were not answered. Where there are unanswerable ones also
    abstain recall (their share that was not answered) and abstain precision (the share of refusals that were due).

    B. Wen et al., "Know Your Limits: A Survey of Abstention in Large Language Models", TACL 2025.
    """
    pairs = list(zip(answerable, abstained, strict=True))
    can, cannot = [a for yes, a in pairs if yes], [a for yes, a in pairs if not yes]
    found = {"over-refusal": sum(can) / len(can)} if can else {}
    if cannot:
        refused = sum(abstained)
        found["abstain recall"] = sum(cannot) / len(cannot)
        found["abstain precision"] = sum(cannot) / refused if refused else 0.0
    return found
