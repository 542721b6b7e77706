"""Pools comparable effects by inverse variance, fixed and random, and says how much they differ among themselves.

Fixed: weights 1/SE² (Cochrane Handbook 6.4, section 10.3; Borenstein et al. 2009, chapters 11-13). Random: the
between-study variance τ² of DerSimonian and Laird (Controlled Clinical Trials 1986;7:177-188). I² = (Q - df) / Q
(Higgins and Thompson, Statistics in Medicine 2002;21:1539-1558). Ratios are pooled as logarithms. The standard error is
read from a 95 % interval, (high - low) / 3.92 on the pooled scale. Decides nothing of which effects may be pooled.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

from rag.tasks.evidence.types import Pooled

_Z = 1.959964


def pooled(effects: Sequence[tuple[float, float, float]], *, ratio: bool) -> tuple[Pooled, Pooled]:
    """Fixed and random estimate of two or more effects, each (value, low, high) with a 95 % interval.

    ratio: whether they are ratios. Raises ValueError for fewer than two, an interval without width, or a ratio <= 0.
    """
    if len(effects) < 2:
        raise ValueError(f"{len(effects)} effect(s): pooling needs two or more")
    scaled = [tuple(math.log(v) if ratio else v for v in e) for e in effects]
    values = [v for v, _, _ in scaled]
    errors = [(high - low) / (2 * _Z) for _, low, high in scaled]
    if min(errors) <= 0:
        raise ValueError("an interval has no width: its standard error is not known")
    weights = [1 / e**2 for e in errors]
    fixed = _mean(values, weights)
    q = sum(w * (v - fixed) ** 2 for v, w in zip(values, weights, strict=True))
    df = len(values) - 1
    spread = sum(weights) - sum(w**2 for w in weights) / sum(weights)
    tau2 = max(0.0, (q - df) / spread)
    i2 = max(0.0, (q - df) / q) * 100 if q > 0 else 0.0
    wider = [1 / (e**2 + tau2) for e in errors]

    def made(model: Literal["fixed", "random"], center: float, total: float) -> Pooled:
        reach = _Z / math.sqrt(total)
        value, low, high = (math.exp(x) if ratio else x for x in (center, center - reach, center + reach))
        return Pooled(model, value, low, high, i2=i2, q=q, tau2=tau2, k=len(values))

    return made("fixed", fixed, sum(weights)), made("random", _mean(values, wider), sum(wider))


def _mean(values: Sequence[float], weights: Sequence[float]) -> float:
    return sum(v * w for v, w in zip(values, weights, strict=True)) / sum(weights)
