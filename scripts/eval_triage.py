"""Measures triage: the bundled model against two tuned baselines, and on questions as patients put them.

    python -m scripts.eval_triage --data DIR [--model DIR] [--skip-baselines] [--json benchmarks/triage.json]

Test: a fifth of toyhom_sample and zh_cmtmedqa_huatuo_test by hash (scripts/triage_data.py). The baselines are tuned on
validation, then fitted on training and validation, as the bundled model is: TF-IDF of characters (n-gram range, C,
class
weights) with logistic regression, and a vote of the k nearest questions by BM25 (n-grams, k, k1, b, power of the
score).
Questions: benchmarks/triage-questions.jsonl (written before the table of departments) and triage-questions-fresh.jsonl
(written after it; both are tuned sets now). The bootstrap resamples test questions. Times are of one core.
"""

from __future__ import annotations

import argparse
import itertools
import json
import platform
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from rag.tasks.triage.model import Triage, load
from scripts.triage_bundled import grouped
from scripts.triage_data import Row, Split, rows, split
from scripts.triage_metrics import measured, per_class

ROOT = Path(__file__).parents[1]
_SEED, _DRAWS = 7, 2000


def main() -> None:
    """Measures and prints; writes the JSON."""
    parser = argparse.ArgumentParser(description="Measures triage.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", type=Path, default=ROOT / "rag" / "models")
    parser.add_argument("--skip-baselines", action="store_true")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found, model = split(rows(options.data)), load(options.model)
    truth = [r.label for r in found.test]
    shown, labels = grouped(np.stack([model.probabilities(r.question) for r in found.test]))
    report: dict[str, Any] = {
        "n": {part: len(getattr(found, part)) for part in ("train", "validation", "test")}, "removed": found.removed,
        "seed": _SEED, "machine": f"{platform.machine()}, one core, Python {platform.python_version()}",
        "bytes": (options.model / "triage.safetensors").stat().st_size,
        "bundled": measured(truth, shown, labels),
        "by_set": by_set(found.test, shown, labels),
        "milliseconds": milliseconds(model, found.test),
        "questions": asked(model, ROOT / "benchmarks" / "triage-questions.jsonl"),
        "fresh": asked(model, ROOT / "benchmarks" / "triage-questions-fresh.jsonl"),
        "by another author": asked(model, ROOT / "benchmarks" / "triage-questions-other.jsonl"),
    }  # fmt: skip
    if not options.skip_baselines:
        said = [labels[i] for i in shown.argmax(1)]
        for name, baseline in (("tfidf_lr", tfidf), ("bm25_vote", bm25)):
            settings, predicted = baseline(found)
            report[name] = {"chosen": settings, **against(found.test, predicted, said)}
    print(json.dumps(report, ensure_ascii=False, indent=1))
    if options.json:
        options.json.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", "utf-8")


def by_set(test: list[Row], shown: NDArray[np.float32], labels: list[str]) -> dict[str, Any]:
    """The numbers of each set alone."""
    told = {}
    for name in ("toyhom", "cmtmedqa"):
        at = [i for i, r in enumerate(test) if r.origin == name]
        told[name] = measured([test[i].label for i in at], shown[at], labels)
        del told[name]["classes"]
    return told


def milliseconds(model: Triage, test: list[Row]) -> dict[str, float]:
    """p50 and p99 of one question."""
    times = []
    for row in test[:500]:
        began = time.perf_counter()
        model.probabilities(row.question)
        times.append((time.perf_counter() - began) * 1000)
    return {"p50": round(float(np.percentile(times, 50)), 2), "p99": round(float(np.percentile(times, 99)), 2)}


def asked(model: Triage, path: Path) -> dict[str, Any]:
    """top1, top3, ece over all, and by language; what was missed."""
    questions = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    shown = np.stack([model.probabilities(q["question"]) for q in questions])
    keys = model.table.keys
    truth = [q["label"] for q in questions]
    ranked = [[keys[j] for j in np.argsort(-row)[:3]] for row in shown]
    either = [{q["label"], *q.get("also", [])} for q in questions]
    whole = measured(truth, shown, keys)
    told: dict[str, Any] = {"n": whole["n"], "top1": whole["accuracy"], "top3": whole["top3"], "ece": whole["ece"]}
    for language in ("zh", "en"):
        at = [i for i, q in enumerate(questions) if q["language"] == language]
        part = measured([truth[i] for i in at], shown[at], keys)
        told[language] = {"n": part["n"], "top1": part["accuracy"], "top3": part["top3"]}
    if any("also" in q for q in questions):
        pairs = list(zip(ranked, either, strict=True))
        told["a second department accepted"] = {
            "top1": round(sum(r[0] in e for r, e in pairs) / len(pairs), 4),
            "top3": round(sum(bool(e & set(r)) for r, e in pairs) / len(pairs), 4),
        }  # fmt: skip
    seeds = [(i, q) for i, q in enumerate(questions) if q.get("seed")]
    if seeds:
        told["seeds"] = {q["question"]: keys[int(shown[i].argmax())] for i, q in seeds}
    told["missed"] = [
        {"question": q["question"], "label": q["label"], "said": [keys[j] for j in np.argsort(-row)[:3]]}
        for q, row in zip(questions, shown, strict=True) if keys[int(row.argmax())] != q["label"]
    ]  # fmt: skip
    return told


def f1_of(truth: list[str], predicted: list[str]) -> float:
    """macro-F1 over the labels that the truth has."""
    return float(np.mean([c["f1"] for c in per_class(truth, predicted).values()]))


def against(test: list[Row], predicted: list[str], ours: list[str]) -> dict[str, Any]:
    """A baseline's accuracy and macro-F1, and the bundled model's lead with its 95 % interval (bootstrap)."""
    truth = [r.label for r in test]
    right = np.array([[p == t for p, t in zip(said, truth, strict=True)] for said in (predicted, ours)], float)
    rng = np.random.default_rng(_SEED)
    draws = rng.integers(0, len(truth), (_DRAWS, len(truth)))
    leads = (right[1] - right[0])[draws].mean(1)
    told: dict[str, Any] = {
        "accuracy": round(float(right[0].mean()), 4), "macro_f1": round(f1_of(truth, predicted), 4),
        "lead_accuracy": round(float((right[1] - right[0]).mean()), 4),
        "lead_accuracy_95": [round(float(np.percentile(leads, p)), 4) for p in (2.5, 97.5)],
        "lead_macro_f1": round(f1_of(truth, ours) - f1_of(truth, predicted), 4),
    }  # fmt: skip
    for name in ("toyhom", "cmtmedqa"):
        at = [i for i, r in enumerate(test) if r.origin == name]
        some = [truth[i] for i in at]
        told[name] = {"accuracy": round(float(right[0][at].mean()), 4),
                      "macro_f1": round(f1_of(some, [predicted[i] for i in at]), 4)}  # fmt: skip
    return told


def tfidf(found: Split) -> tuple[dict[str, Any], list[str]]:
    """The best of TF-IDF and logistic regression on validation (mean of accuracy and macro-F1), and what it says."""
    both = found.train + found.validation
    best: tuple[float, dict[str, Any]] = (-1.0, {})
    train, validation = ([r.question for r in part] for part in (found.train, found.validation))
    truth = [r.label for r in found.validation]
    for grams in ((1, 2), (1, 3), (1, 4), (2, 3)):
        reader = TfidfVectorizer(analyzer="char", ngram_range=grams, sublinear_tf=True, min_df=2)
        data, other = reader.fit_transform(train), reader.transform(validation)
        for c, weight in itertools.product((10, 30, 100), (None, "balanced")):
            model = LogisticRegression(C=c, class_weight=weight, max_iter=150)
            said = model.fit(data, [r.label for r in found.train]).predict(other).tolist()
            score = (np.mean([s == t for s, t in zip(said, truth, strict=True)]) + f1_of(truth, said)) / 2
            if score > best[0]:
                best = (float(score), {"grams": grams, "c": c, "weight": weight})
    chosen = best[1]
    reader = TfidfVectorizer(analyzer="char", ngram_range=chosen["grams"], sublinear_tf=True, min_df=2)
    data = reader.fit_transform([r.question for r in both])
    model = LogisticRegression(C=chosen["c"], class_weight=chosen["weight"], max_iter=150)
    model.fit(data, [r.label for r in both])
    return chosen, model.predict(reader.transform([r.question for r in found.test])).tolist()


def bm25(found: Split) -> tuple[dict[str, Any], list[str]]:
    """The best vote of the nearest questions on validation, and what it says on test with validation in the library."""
    best: tuple[float, dict[str, Any]] = (-1.0, {})
    truth = [r.label for r in found.validation]
    for grams, k1, b in itertools.product(((1, 2), (2, 2), (2, 3)), (0.8, 1.5), (0.4, 0.75)):
        scores = _bm25(found.train, found.validation, grams, k1, b)
        for k, power in itertools.product((1, 3, 5, 10, 20), (1, 2, 4)):
            said = _vote(scores, [r.label for r in found.train], k, power)
            score = (np.mean([s == t for s, t in zip(said, truth, strict=True)]) + f1_of(truth, said)) / 2
            if score > best[0]:
                best = (float(score), {"grams": grams, "k1": k1, "b": b, "k": k, "power": power})
    c = best[1]
    both = found.train + found.validation
    scores = _bm25(both, found.test, c["grams"], c["k1"], c["b"])
    return c, _vote(scores, [r.label for r in both], c["k"], c["power"])


def _bm25(library: list[Row], questions: list[Row], grams: tuple[int, int], k1: float, b: float) -> NDArray[np.float64]:
    reader = CountVectorizer(analyzer="char", ngram_range=grams)
    counted = sparse.csr_matrix(reader.fit_transform([r.question for r in library]), dtype=float)
    wanted = sparse.csr_matrix(reader.transform([r.question for r in questions]) > 0, dtype=float)
    there = np.bincount(counted.indices, minlength=counted.shape[1])
    idf = np.log(1 + (len(library) - there + 0.5) / (there + 0.5))
    length = np.asarray(counted.sum(1)).ravel()
    norm = np.repeat(k1 * (1 - b + b * length / length.mean()), np.diff(counted.indptr))
    counted.data = counted.data * (k1 + 1) / (counted.data + norm) * idf[counted.indices]
    return np.asarray((wanted @ counted.T).todense())


def _vote(scores: NDArray[np.float64], labels: list[str], k: int, power: float) -> list[str]:
    nearest = np.argpartition(-scores, k, axis=1)[:, :k]
    said = []
    for row, near in zip(scores, nearest, strict=True):
        votes: Counter[str] = Counter()
        for i in near:
            votes[labels[i]] += row[i] ** power
        said.append(votes.most_common(1)[0][0])
    return said


if __name__ == "__main__":
    main()
