"""How good a triage is: accuracy, macro-F1, each class, calibration, and the confusion matrix as an SVG that needs
nothing.

Decides the formulas and the drawing. ECE: fifteen bins of equal width (Guo et al., ICML 2017). macro-F1: over the
labels
that the true answers have, each alike. Knows nothing of models.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray

_BINS = 15
_CELL, _LEFT, _TOP = 34, 190, 150


def measured(truth: Sequence[str], probabilities: NDArray[Any], labels: Sequence[str]) -> dict[str, Any]:
    """n, accuracy, top3, macro_f1, ece, and of each label precision, recall, f1, n. probabilities: (n, labels)."""
    order = np.argsort(-probabilities, axis=1, kind="stable")
    predicted = [labels[i] for i in order[:, 0]]
    right = np.array([p == t for p, t in zip(predicted, truth, strict=True)], bool)
    third = [t in [labels[i] for i in row[:3]] for t, row in zip(truth, order, strict=True)]
    classes = per_class(truth, predicted)
    return {
        "n": len(truth),
        "accuracy": round(float(right.mean()), 4),
        "top3": round(float(np.mean(third)), 4),
        "macro_f1": round(float(np.mean([c["f1"] for c in classes.values()])), 4),
        "ece": round(calibration_error(probabilities.max(1), right), 4),
        "classes": classes,
    }


def per_class(truth: Sequence[str], predicted: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Precision, recall, f1 and n of each label that the truth has, most frequent first."""
    found = {}
    for label in sorted(set(truth), key=lambda x: (-list(truth).count(x), x)):
        hit = sum(t == p == label for t, p in zip(truth, predicted, strict=True))
        said, there = list(predicted).count(label), list(truth).count(label)
        found[label] = {
            "precision": round(hit / said, 4) if said else 0.0,
            "recall": round(hit / there, 4),
            "f1": round(2 * hit / (said + there), 4),
            "n": there,
        }
    return found


def calibration_error(confidence: NDArray[Any], right: NDArray[np.bool_]) -> float:
    """The mean distance of confidence and accuracy over the bins, weighted by their size; 0 is best."""
    place = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    total = 0.0
    for i in range(_BINS):
        inside = place == i
        if inside.any():
            total += inside.mean() * abs(float(right[inside].mean()) - float(confidence[inside].mean()))
    return total


def confusion_svg(truth: Sequence[str], predicted: Sequence[str], *, title: str = "") -> str:
    """Rows: true labels; columns: predicted ones; shade: share of the row; number: how many. A standalone SVG."""
    labels = sorted({*truth, *predicted}, key=lambda x: (-list(truth).count(x), x))
    place = {label: i for i, label in enumerate(labels)}
    number = np.zeros((len(labels), len(labels)), int)
    for t, p in zip(truth, predicted, strict=True):
        number[place[t], place[p]] += 1
    side = len(labels) * _CELL
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_LEFT + side + 20} {_TOP + side + 40}" '
        f'font-family="sans-serif" font-size="12" role="img"><title>{escape(title or "Confusion matrix")}</title>',
        '<rect width="100%" height="100%" fill="white"/>',
        f'<text x="10" y="20" font-size="14">{escape(title)}</text>',
        f'<text x="{_LEFT}" y="{_TOP + side + 25}">columns: predicted; rows: true; shade: share of the row</text>',
    ]
    for i, label in enumerate(labels):
        middle = i * _CELL + _CELL / 2
        parts.append(f'<text x="{_LEFT - 8}" y="{_TOP + middle + 4}" text-anchor="end">{escape(label)}</text>')
        x, y = _LEFT + middle + 4, _TOP - 8
        parts.append(f'<text x="{x}" y="{y}" transform="rotate(-60 {x} {y})">{escape(label)}</text>')
    for i, row in enumerate(number):
        parts += [_cell(i, j, int(n), n / max(1, row.sum())) for j, n in enumerate(row)]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _cell(row: int, column: int, number: int, share: float) -> str:
    # Right answers in blue, wrong ones in red: told apart by place too, for who does not see colours.
    tone = (30, 90, 180) if row == column else (190, 50, 40)
    colour = ",".join(str(round(255 - share * (255 - t))) for t in tone)
    x, y = _LEFT + column * _CELL, _TOP + row * _CELL
    shown = f'<rect x="{x}" y="{y}" width="{_CELL}" height="{_CELL}" fill="rgb({colour})" stroke="#ddd"/>'
    if not number:
        return shown
    ink = "white" if share > 0.55 else "black"
    return f'{shown}<text x="{x + _CELL / 2}" y="{y + _CELL / 2 + 4}" text-anchor="middle" fill="{ink}">{number}</text>'
