"""Finds the short answers to a question for a name, a number or a list, in sentences that were found for it.

The bundled span model marks where an answer may start and end (Devlin et al., NAACL 2019, with a yes or no for every
token, so that a sentence may hold several). The same answer in several sentences counts once, with more weight. Decides
which spans are answers; knows nothing of how the sentences were found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from indexer.types import Vectors
from rag.types import Kind

Marks = list[tuple[list[tuple[int, int]], Vectors]]
Mark = Callable[[Sequence[tuple[str, str]]], Marks]
_LONGEST = 24  # tokens of one answer
_PER_SENTENCE = 6
# Under this probability a span is no answer; a list takes what has this share of its best.
FLOOR, LIST_SHARE = 0.12, 0.5
TOP = 5
_EDGES = re.compile(
    r"^(?:the|a|an|its|their|his|her|this|these)\s+|[\s,;:.()\[\]\"'“”‘’]+$|^[\s,;:.()\[\]\"'“”‘’]+", re.I
)
_COUNT = re.compile(
    r"^how (?:many|much|often|long|large|old)\b|\b(?:percentage|proportion|prevalence|incidence|number|dose|dosage)\b",
    re.I,
)
_TIME = re.compile(r"^when\b|\b(?:what|which) year\b", re.I)
_DIGIT = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|half|third|quarter|once|twice)\b", re.I
)
_DATE = re.compile(
    r"\b(?:1[5-9]|20)\d\d\b|\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
)


@dataclass(frozen=True, slots=True)
class Found:
    """An answer: where it stands (which sentence, offsets in it), its text there, and its probability over all."""

    sentence: int
    start: int
    end: int
    text: str
    score: float


def answers(
    question: str, kind: Kind, sentences: Sequence[str], weights: Sequence[float], *, mark: Mark
) -> list[Found]:
    """The answers, best first: at most five for a factoid, all of a list. weights: trust in each sentence, 0 to 1."""
    told = mark([(question, s) for s in sentences])
    by_name: dict[str, list[Found]] = {}
    for at, (text, (offsets, logits)) in enumerate(zip(sentences, told, strict=True)):
        for start, end, p in _spans(offsets, logits):
            a, b = _trimmed(text, start, end)
            if a < b and _fits(question, text[a:b]):
                by_name.setdefault(key(text[a:b]), []).append(Found(at, a, b, text[a:b], p * weights[at]))
    merged = _joined([_together(same) for name, same in by_name.items() if name and not _asked(question, name)])
    best = merged[0].score if merged else 0.0
    if kind == "list":
        return [f for f in merged if f.score >= max(FLOOR, LIST_SHARE * best)][:20]
    return [f for f in merged if f.score >= FLOOR / 2][:TOP] if best >= FLOOR else []


def _spans(offsets: list[tuple[int, int]], logits: Vectors) -> list[tuple[int, int, float]]:
    """The likeliest spans of one sentence without overlap: (start, end, probability)."""
    if not offsets:
        return []
    p = 1 / (1 + np.exp(-logits))
    found = []
    for i in np.argsort(-p[:, 0])[: 2 * _PER_SENTENCE].tolist():
        last = min(len(offsets), i + _LONGEST)
        j = i + int(np.argmax(p[i:last, 1]))
        found.append((float(np.sqrt(p[i, 0] * p[j, 1])), i, j))
    taken: list[tuple[int, int, float]] = []
    for score, i, j in sorted(found, reverse=True):
        start, end = offsets[i][0], offsets[j][1]
        if score > 0.05 and not any(start < b and a < end for a, b, _ in taken):
            taken.append((start, end, score))
    return taken[:_PER_SENTENCE]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without articles and marks at its edges; brackets that it opens are closed or left out."""
    while (m := _EDGES.search(text[start:end])) and m[0]:
        start, end = (start + m.end(), end) if m.start() == 0 else (start, start + m.start())
    part = text[start:end]
    if part.count("(") > part.count(")"):
        close = text.find(")", end, end + 2)
        end = close + 1 if close >= 0 else start + part.rindex("(")
        end = start + len(text[start:end].rstrip())
    return start, end


def key(text: str) -> str:
    """What two writings of one answer have in common."""
    words = re.findall(r"[^\W_]+", text.lower())
    return " ".join(w[:-1] if len(w) > 4 and w.endswith("s") and not w.endswith("ss") else w for w in words)


def _asked(question: str, name: str) -> bool:
    """Whether the span only repeats words of the question."""
    return set(name.split()) <= set(key(question).split())


def _fits(question: str, text: str) -> bool:
    if _TIME.search(question):
        return bool(_DATE.search(text) or _DIGIT.search(text))
    return not _COUNT.search(question) or bool(_DIGIT.search(text))


def _together(same: list[Found]) -> Found:
    """One answer from its places: the best of them, with the probability that not all are wrong (damped)."""
    ranked = sorted(same, key=lambda f: -f.score)
    wrong = 1.0
    for place, f in enumerate(ranked[:6]):
        wrong *= 1 - f.score * (1.0 if place == 0 else 0.4)
    best = ranked[0]
    return Found(best.sentence, best.start, best.end, best.text, 1 - wrong)


def _joined(found: list[Found]) -> list[Found]:
    """Best first; an answer that is part of a better one, or the reverse, is not told twice."""
    kept: list[Found] = []
    for f in sorted(found, key=lambda f: -f.score):
        words = set(key(f.text).split())
        if not any(words <= set(key(k.text).split()) or set(key(k.text).split()) <= words for k in kept):
            kept.append(f)
    return kept
