"""Finds where a document says what an intervention does to an outcome, and which way it went, in one row.

Decides by a linear model over plain facts of each sentence (how much of outcome, intervention and comparator it names,
in which part it stands, whether it compares or tests), and by the bundled evidence model, which reads the best
sentences beside both questions, increase and reduce; the sentences vote, weighted by both. Weights and powers were
chosen on articles that are not reported on (docs/evidence-report.md). English. Knows nothing of other documents.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from indexer.sentences import split
from indexer.types import Document, Vectors
from rag.align import words
from rag.effect import Effect
from rag.pairs import PairModel, model
from rag.stance import stances
from rag.tasks.evidence.types import Direction

READ = 24  # sentences that the evidence model reads
# The least voice of a sentence that names nothing of the outcome: it may name it otherwise.
_SILENT = 0.2
_TESTED = re.compile(r"\bp\s{0,2}(?:-?\s?values?)?\s{0,2}[<>=≤≥]|signific|confidence interval|\bCI\b", re.I)
_CHANGED = re.compile(
    r"\b(?:increas|decreas|reduc|lower|higher|greater|improv|differ|similar|fewer|shorter|longer|less|more|better|worse|effect|"
    r"comparable|declin|rise|rose|unchanged|change)", re.I,
)  # fmt: skip
_LEADS_UP = re.compile("method|material|discus.{0,20}method|design|statist|intro|backgr|objective", re.I)
FEATURES = (
    "outcome", "outcome, two sentences", "intervention", "comparator", "arms, two sentences", "abstract", "results",
    "conclusions", "discussion", "leads up", "tested", "changed", "digits", "length", "place", "outcome in heading",
    "outcome, to best", "outcome, two, to best", "intervention, to best", "comparator, to best", "arms, to best",
    "outcome, tested",
)  # fmt: skip
# Fitted by scripts/train_evidence_choice.py: one weight a feature, then the constant.
WEIGHTS: tuple[float, ...] = (
    -0.324,
    0.857,
    0.499,
    0.483,
    -0.102,
    0.662,
    0.494,
    -1.029,
    -1.839,
    -1.739,
    0.921,
    0.734,
    0.350,
    -1.392,
    0.101,
    0.256,
    1.961,
    0.897,
    0.047,
    0.012,
    -0.075,
    1.223,
    -3.020,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """start, end: in the document's text. heading: of its section."""

    start: int
    end: int
    heading: str


@dataclass(frozen=True, slots=True)
class Choice:
    """direction: of the outcome. votes: for increased, decreased and no difference, summing to 1. sentence: the one
    that counted most, None where there is none. voice: how much was said at all, about 0.1 for one clear sentence; a
    document that does not speak of the outcome has little."""

    direction: Direction
    votes: tuple[float, float, float]
    sentence: Sentence | None
    voice: float = 0.0


def direction_of(document: Document, asked: Effect, *, evidence: PairModel | None = None) -> Choice:
    """Which way the outcome went in this document, by the vote of its sentences; `unclear` where none says anything."""
    told = sentences(document)
    if not told or not asked.outcome:
        return Choice("unclear", (0.0, 0.0, 0.0), None)
    facts = features(document, told, asked)
    best = np.argsort(-before_reading(facts), kind="stable")[:READ]
    fits = relevance(relative(facts[best]))
    says = _read([document.text[told[i].start : told[i].end] for i in best], asked, evidence or model("evidence"))
    # A sentence that, with the one before, names nothing of the outcome has little voice, however short the document.
    named = np.maximum(facts[best, 1] / max(float(facts[best, 1].max()), 1e-9), _SILENT)
    weight = fits * named * (1 - says[:, 3])
    voices = weight[:, None] * says[:, :3]
    total = voices.sum(axis=0)
    winner = int(np.argmax(total))
    names: tuple[Direction, ...] = ("increased", "decreased", "no difference")
    votes = total / max(float(total.sum()), 1e-9)
    most = told[int(best[np.argmax(voices[:, winner])])]
    return Choice(names[winner], (float(votes[0]), float(votes[1]), float(votes[2])), most, float(total.sum()))


def sentences(document: Document) -> list[Sentence]:
    """The sentences of a document's sections that may say something: 20 to 1,500 characters, no references."""
    found = []
    for s in document.sections:
        if s.kind in ("body", "caption"):
            spans = split(document.text[s.start : s.end])
            found += [Sentence(s.start + a, s.start + b, s.heading) for a, b in spans if 20 < b - a < 1500]
    return found


def features(document: Document, told: Sequence[Sentence], asked: Effect) -> Vectors:
    """float32 (sentences, 16): the facts of each sentence by FEATURES, without those that compare it to the best."""
    own = [words(document.text[s.start : s.end]) for s in told]
    weigh = _idf(own)
    outcome, given, against = words(asked.outcome), words(asked.intervention), words(asked.comparator)
    rows = []
    for i, (s, mine) in enumerate(zip(told, own, strict=True)):
        text, heading = document.text[s.start : s.end], s.heading.lower()
        two = mine | (own[i - 1] if i and told[i - 1].heading == s.heading else set())
        rows.append([
            _share(outcome, mine, weigh), _share(outcome, two, weigh), _share(given, mine, weigh),
            _share(against, mine, weigh), _share(given | against, two, weigh),
            float("abstract" in heading), float("result" in heading or "finding" in heading),
            float("conclu" in heading),
            float("discus" in heading), float(bool(_LEADS_UP.search(heading))), float(bool(_TESTED.search(text))),
            float(bool(_CHANGED.search(text))), min(3.0, sum(c.isdigit() for c in text) / 10), len(text) / 200,
            i / len(told), _share(outcome, words(s.heading), weigh),
        ])  # fmt: skip
    return np.asarray(rows, np.float32)


def before_reading(facts: Vectors) -> Vectors:
    """What decides which sentences the model reads: float32 (sentences,)."""
    by = (2.0, 0.6, 0.5, 0.4, 0.0, 0.28, 0.4, 0.0, 0.0, -0.8, 0.8, 0.5, 0.0, 0.0, 0.0, 0.0)
    return facts @ np.asarray(by, np.float32)


def relative(facts: Vectors) -> Vectors:
    """float32 (sentences, 22): with how far each stands under the best of those that are read."""
    to_best = facts[:, :5] - facts[:, :5].max(axis=0)
    return np.concatenate([facts, to_best, facts[:, :1] * facts[:, 10:11]], axis=1)


def relevance(facts: Vectors) -> Vectors:
    """The probability that a sentence is the one that states the result."""
    z = facts @ np.asarray(WEIGHTS[:-1], np.float32) + WEIGHTS[-1]
    return np.asarray(1 / (1 + np.exp(-z)), np.float32)


def _read(texts: Sequence[str], asked: Effect, evidence: PairModel) -> Vectors:
    """Probabilities (n, 4) of increased, decreased, no difference and nothing, over both questions."""
    up, down = (stances(evidence.run([(form, t) for t in texts])) for form in (asked.raises, asked.lowers))
    return np.asarray((up + down[:, [1, 0, 2, 3]]) / 2, np.float32)


def _idf(own: Sequence[frozenset[str]]) -> dict[str, float]:
    counts = Counter(w for mine in own for w in mine)
    # "": of a word that the document does not hold.
    return {
        "": math.log(2 + 2 * len(own)),
        **{w: math.log(1 + (len(own) - n + 0.5) / (n + 0.5)) for w, n in counts.items()},
    }


def _share(asked: frozenset[str], there: frozenset[str], weigh: dict[str, float]) -> float:
    rare = weigh[""]
    total = sum(weigh.get(w, rare) for w in asked)
    return sum(weigh.get(w, rare) for w in asked if w in there) / total if total else 0.0
