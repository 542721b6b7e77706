"""Fits the weights by which an evidence table chooses sentences: evidence_inference's training articles.

    python -m scripts.train_evidence_choice --data DIR

Logistic regression with an L2 penalty (iteratively reweighted least squares) over `rag.tasks.evidence.choose.FEATURES`
of the sentences that the model would read; right is a sentence that overlaps an annotated span by more than half. Every
fifth article (by the digits of its id) is held out. Prints the weights to be put into `choose.WEIGHTS`.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import Any

import numpy as np

from indexer.types import Document, Section, Source, Vectors
from rag.effect import Effect
from rag.tasks.evidence.choose import FEATURES, READ, before_reading, features, relative, sentences
from scripts.train_evidence_data import trials

_HEADING = re.compile(r"^((?:ABSTRACT|BODY)\.[^\n:]{0,150}):|^((?:ABSTRACT|BODY)[^\n]{0,150}):?\s*$", re.M)
_PENALTY = 3.0


def article(p: dict[str, Any]) -> Document:
    """A trial's plain text with its sections; offsets are those of the annotations."""
    text = p["text"]
    marks = [(m.start(), m.end(), (m[1] or m[2]).strip()) for m in _HEADING.finditer(text)]
    ends = [m[0] for m in marks[1:]] + [len(text)]
    sections = tuple(Section(h, start, end) for (_, start, h), end in zip(marks, ends, strict=True))
    first = marks[0][0] if marks else len(text)
    return Document(Source(p["pmcid"], kind="article"), text, (Section("", 0, first), *sections))


def read(data: Path) -> tuple[Vectors, Vectors]:
    """Features of the sentences that would be read, and whether each is right."""
    rows, right = [], []
    for p in trials(data):
        document = article(p)
        told = sentences(document)
        facts = features(document, told, Effect(p["i"], p["c"], p["o"]))
        best = np.argsort(-before_reading(facts), kind="stable")[:READ]
        rows.append(relative(facts[best]))
        right += [
            any(
                min(told[i].end, b) - max(told[i].start, a) > (told[i].end - told[i].start) / 2
                for a, b, _ in p["places"]
            )
            for i in best
        ]
    return np.concatenate(rows), np.asarray(right, np.float32)


def fit(x: Vectors, y: Vectors) -> Vectors:
    """Weights and constant for the features as they are."""
    mean, scale = x.mean(axis=0), x.std(axis=0) + 1e-6
    z = np.concatenate([(x - mean) / scale, np.ones((len(x), 1))], axis=1).astype(np.float64)
    penalty = np.diag([_PENALTY] * x.shape[1] + [0.0])
    w = np.zeros(z.shape[1])
    for _ in range(30):
        p = 1 / (1 + np.exp(-z @ w))
        w += np.linalg.solve((z * (p * (1 - p))[:, None]).T @ z + penalty, z.T @ (y - p) - penalty @ w)
    raw = w[:-1] / scale
    return np.asarray([*raw, w[-1] - float(raw @ mean)], np.float32)


def main() -> None:
    """Fits and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    o = parser.parse_args()
    x, y = read(o.data)
    print(f"{len(y)} sentences, {int(y.sum())} right")
    weights = fit(x, y)
    for name, value in zip((*FEATURES, "constant"), weights, strict=True):
        print(f"{name:24} {value:8.3f}")
    print("WEIGHTS = (" + ", ".join(f"{w:.3f}" for w in weights) + ")")


if __name__ == "__main__":
    main()
