"""Measures verdicts on yes/no questions, and whether their confidence can be believed.

    python -m scripts.eval_verdicts --data DIR --index DIR [--json benchmarks/verdicts.json] [--counts FILE]

INDEX holds bioasq's documents and PubMedQA's abstracts without their titles, which are the questions
(`scripts/eval_retrieval.py --own-abstract` builds it). Three sets: bioasq dev, documents found by us; PubMedQA, the
abstract given; PubMedQA, question only. The border between yes and no and the share that is "maybe" are chosen on
four fifths of PubMedQA and used on the last, five times; for bioasq they are the program's own. Macro-F1 is over the
set's classes. Prints the expected calibration error (ten bins of equal width) of `confidence`.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import rag
from rag.asking import kind_of
from rag.conclude import Found
from rag.confidence import features
from rag.evaluate.calibration import ece, reliability
from rag.evaluate.exact import decided as scored
from rag.relevance import Terms
from rag.retrieve import asked as asked_as
from rag.settings import EFFORTS
from rag.stance import balance
from scripts.train_data import lines
from scripts.train_evidence_data import kept_back


@dataclass(frozen=True, slots=True)
class Told:
    """One question: what speaks for and against, the program's verdict and confidence, and what is right."""

    yes: float
    no: float
    verdict: str
    confidence: float
    label: str
    features: tuple[float, ...]


def asked(library: rag.Library, questions: Sequence[tuple[str, str, rag.Filter | None]]) -> list[Told]:
    """Asks (question, label, filter)."""
    found = []
    for n, (question, label, where) in enumerate(questions, start=1):
        answer = library.ask(question, where=where)
        yes, no = balance(answer.positions)
        terms = Terms(asked_as(library.index, question, EFFORTS[library.settings.effort]), library.index.lexical)
        spans = answer.bottom_line.spans if answer.bottom_line else ()
        given = features(Found(kind_of(question), answer.claims, answer.positions, spans), terms, answer.hits)
        found.append(Told(yes, no, answer.verdict or "unclear", answer.confidence, label, given))
        if n % 100 == 0:
            print(f"{n}/{len(questions)}", flush=True)
    return found


def of_bioasq(data: Path, split: str) -> list[tuple[str, str, rag.Filter | None]]:
    """Yes/no questions; of the training split, those that were kept back from training."""
    return [
        (q["question"], str(q["exact_answer"]).lower(), None)
        for q in lines(data / "bioasq" / f"questions-{split}.jsonl")
        if q["type"] == "yesno" and (split == "dev" or kept_back(q["id"]))
    ]


def of_pubmedqa(data: Path, *, given: bool) -> list[tuple[str, str, rag.Filter | None]]:
    """All questions, with or without their abstract's id."""
    return [
        (q["question"], q["label"], rag.Filter(sources=(f"pubmedqa:{q['id']}",)) if given else None)
        for q in lines(data / "pubmedqa" / "train.jsonl")
    ]


def decided(t: Told, border: float, maybe: float) -> str:
    """yes, no or maybe: the share for yes against `border`; maybe where the share is within `maybe` of it."""
    share = (t.yes + 0.05) / (t.yes + t.no + 0.1)
    return "maybe" if abs(share - border) < maybe else "yes" if share >= border else "no"


def folds(found: list[Told], *, seed: int = 1) -> list[str]:
    """The verdicts of five-fold cross-validation."""
    order = list(range(len(found)))
    random.Random(seed).shuffle(order)
    verdicts = [""] * len(found)
    grid = [(b / 50, m / 100) for b in range(5, 46) for m in range(11)]
    for fold in range(5):
        test = order[fold::5]
        train = [found[i] for i in order if i not in set(test)]
        chosen = max(grid, key=lambda g: _quality(train, *g))
        for i in test:
            verdicts[i] = decided(found[i], *chosen)
    return verdicts


def _quality(found: list[Told], border: float, maybe: float) -> float:
    values = scored([(t.label, decided(t, border, maybe)) for t in found])
    return values["accuracy"] + 0.5 * values["macro F1"]


def measured(said: Sequence[str], found: Sequence[Told]) -> dict[str, float]:
    """Accuracy and macro-F1."""
    values = scored([(t.label, s) for s, t in zip(said, found, strict=True)])
    return {"n": len(found), **{name: round(value, 4) for name, value in values.items()}}


def main() -> None:
    """Prints a line a set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--counts", type=Path, help="write what every verdict was made from, for calibration")
    o = parser.parse_args()
    result: dict[str, Any] = {}
    with rag.open(o.index) as library:
        dev = asked(library, of_bioasq(o.data, "dev"))
        kept = asked(library, of_bioasq(o.data, "train"))
        given = asked(library, of_pubmedqa(o.data, given=True))
        alone = asked(library, of_pubmedqa(o.data, given=False))
    result["bioasq dev"] = measured([t.verdict for t in dev], dev)
    result["pubmedqa, abstract given, 5 folds"] = measured(folds(given), given)
    result["pubmedqa, question only, 5 folds"] = measured(folds(alone), alone)
    told = [t for t in (*dev, *given) if t.verdict in ("yes", "no")]
    sure, right = [t.confidence for t in told], [float(t.verdict == t.label) for t in told]
    bins = [asdict(b) for b in reliability(sure, right)]
    result["calibration"] = {"n": len(told), "ECE": round(ece(sure, right), 4), "bins": bins}
    print(json.dumps(result, indent=1))
    if o.json:
        o.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    if o.counts:
        sets = {"dev": dev, "kept": kept, "given": given, "alone": alone}
        o.counts.write_text(json.dumps({k: [asdict(t) for t in v] for k, v in sets.items()}))


if __name__ == "__main__":
    main()
