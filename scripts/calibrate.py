"""Fits how sure a verdict is, from what `scripts/eval_verdicts.py --counts` wrote, and says how far to believe it.

    python -m scripts.calibrate counts.json [--json benchmarks/calibration.json]

A logistic regression of "the verdict is right" on `rag.confidence.features`, on bioasq questions that were kept back
and PubMedQA. Reported: the expected calibration error on bioasq dev (fitted without it) and on PubMedQA in five folds,
with the reliability table. Prints the numbers that `rag/confidence.py` holds.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from rag.evaluate.calibration import ece, reliability

Rows = list[dict[str, Any]]


def data(rows: Rows) -> tuple[Any, Any]:
    """Features and whether the verdict was right, of the rows that have one."""
    told = [r for r in rows if r["verdict"] in ("yes", "no")]
    return np.array([r["features"] for r in told]), np.array([r["verdict"] == r["label"] for r in told])


def fitted(x: Any, y: Any) -> LogisticRegression:
    """The regression, lightly regularised."""
    return LogisticRegression(C=1.0, max_iter=2000).fit(x, y)


def main() -> None:
    """Prints the fit and its calibration."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("counts", type=Path)
    parser.add_argument("--json", type=Path)
    o = parser.parse_args()
    sets = json.loads(o.counts.read_text("utf-8"))
    (kx, ky), (gx, gy), (dx, dy) = (data(sets[name]) for name in ("kept", "given", "dev"))
    order = np.random.default_rng(1).permutation(len(gx))
    sure = np.zeros(len(gx))
    for fold in range(5):
        test = order[fold::5]
        train = np.setdiff1d(order, test)
        model = fitted(np.concatenate([kx, gx[train]]), np.concatenate([ky, gy[train]]))
        sure[test] = model.predict_proba(gx[test])[:, 1]
    model = fitted(np.concatenate([kx, gx]), np.concatenate([ky, gy]))
    all_sure = np.concatenate([model.predict_proba(dx)[:, 1], sure])
    right = np.concatenate([dy, gy]).astype(float)
    bins = [asdict(b) for b in reliability(all_sure.tolist(), right.tolist())]
    result = {"n": len(right), "ECE": round(ece(all_sure.tolist(), right.tolist()), 4), "bins": bins}
    print("weights:", tuple(round(float(w), 3) for w in (model.intercept_[0], *model.coef_[0])))
    print(json.dumps(result))
    if o.json:
        o.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
