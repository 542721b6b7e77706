"""Measures whole answers: asks every question once (or also with its hits in reverse), and scores what comes back.

Decides which measure applies to which question and which notions of a right answer confidence is held against. Knows
nothing of files, models or terminals: judge, tracer of numbers and answering from given hits are parameters. Measures
themselves are in `exact`, `overlap`, `citations` and `calibration`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, get_args

import numpy as np

from indexer.errors import RagError
from rag.evaluate import calibration, citations, exact, overlap
from rag.evaluate.answer_questions import Gold
from rag.evaluate.retrieval import Outcome, compared
from rag.types import Answer, Hit, Support

Ask = Callable[[str], Answer]
AnswerFrom = Callable[[str, Sequence[Hit]], Answer]
Values = dict[str, float]
SUPPORTS: tuple[Support, ...] = get_args(Support)
# Measures that cannot be had without an answer of their kind are absent, not 0. A baseline's name begins with this.
BASELINE = "baseline "
_ENOUGH_FAILURES = 3
# When is an answer right, so that its confidence can be held against that: a measure of one question that is 0 or 1.
RIGHT = {
    "verdict": "yes/no: accuracy",
    "short answer": "factoid: strict accuracy",
    "right name in the text": "factoid: in the text",
    "relevant source first": "sources: first is relevant",
}


@dataclass(frozen=True, slots=True)
class Probes:
    """What is measured beyond the answer itself, each where it is given. from_hits: answers a question from these hits
    in this order; the answer must not depend on it."""

    judge: citations.Judges | None = None
    untraced: citations.Untraced | None = None
    from_hits: AnswerFrom | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One question's answer and measures (`group: measure` → value)."""

    question: Gold
    answer: Answer
    values: Values


@dataclass(slots=True)
class Measured:
    """All that was measured of one configuration. failed: question id → error. complete: every question was asked."""

    rows: dict[str, Row] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    complete: bool = False


def run(
    questions: Sequence[Gold], ask: Ask, *, probes: Probes | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Measured:  # fmt: skip
    """Asks and measures. Ctrl-C ends it, and what was measured is returned with `complete` False.

    A question that raises RagError counts as failed and is in no measure; three of them at the beginning are raised.
    """
    measured, probes = Measured(), probes or Probes()
    try:
        for done, q in enumerate(questions, start=1):
            try:
                before = time.perf_counter()
                answer = ask(q.question)
                cost = _cost(time.perf_counter() - before, answer.receipt.tokens)
                measured.rows[q.id] = Row(q, answer, {**examine(q, answer, probes), **cost})
            except RagError as error:
                measured.failed[q.id] = str(error)
                if not measured.rows and len(measured.failed) == min(_ENOUGH_FAILURES, len(questions)):
                    raise
            progress(done)
    except KeyboardInterrupt:
        return measured
    measured.complete = True
    return measured


def examine(question: Gold, answer: Answer, probes: Probes) -> Values:
    """The measures of one answer that apply to its question."""
    values = {"abstention: abstained": float(answer.status == "abstained")}
    if question.answerable:
        values |= _short(question, answer) | _prose(question, answer) | _sources(question, answer)
    if answer.claims:
        values["length: claims"] = len(answer.claims)
        values["length: words"] = len(text_of(answer).split())
        values |= {f"support: {s}": sum(c.support == s for c in answer.claims) / len(answer.claims) for s in SUPPORTS}
        if probes.judge is not None:
            values |= _named("citations", citations.cited_well(answer.claims, probes.judge))
        if probes.untraced is not None:
            count = citations.untraced_numbers(answer.claims, probes.untraced)
            values |= {"numbers: untraced": float(count), "numbers: answers with one": float(count > 0)}
    if probes.from_hits is not None and len(answer.hits) > 1:
        turned = probes.from_hits(answer.question, answer.hits[::-1])
        values |= _named("order", flipped(answer, turned))
    return values


def _cost(seconds: float, tokens: tuple[int, int] | None) -> Values:
    return {"cost: seconds": seconds, **({"cost: tokens": float(sum(tokens))} if tokens else {})}


def _short(question: Gold, answer: Answer) -> Values:
    if question.type == "yesno" and question.label is not None:
        label = exact.label(answer.verdict, question.labels)
        said = answer.verdict is not None and label is not None
        return {"yes/no: accuracy": float(label == question.label), "yes/no: coverage": float(said)}
    if question.type not in ("factoid", "list") or not question.names:
        return {}
    given, best = candidates(answer), answer.claims[0].text if answer.claims else ""
    simple = exact.phrases(best, question.question)
    if question.type == "factoid":
        synonyms = question.names[0]
        values = _named("factoid", exact.factoid(given, synonyms), exact.factoid(simple, synonyms))
    else:
        values = _named("list", exact.listed(given, question.names), exact.listed(simple, question.names))
    values[f"{question.type}: coverage"] = float(bool(given))
    return {**values, f"{question.type}: in the text": exact.named(text_of(answer), question.names)}


def _prose(question: Gold, answer: Answer) -> Values:
    if not question.ideal:
        return {}
    own, references = overlap.words(text_of(answer)), [overlap.words(i) for i in question.ideal]
    simple = overlap.opening((h.passage.text for h in answer.hits), len(own))
    return _named("overlap", overlap.rouge(own, references), overlap.rouge(simple, references))


def _sources(question: Gold, answer: Answer) -> Values:
    """Whether the answer cites a relevant document at all, and whether its first citation does."""
    cited = [c.passage.source.id in question.relevant for claim in answer.claims for c in claim.citations]
    if not question.relevant:
        return {}
    return {"sources: any is relevant": float(any(cited)), "sources: first is relevant": float(cited[:1] == [True])}


def _named(group: str, values: Values, baseline: Values | None = None) -> Values:
    simple = {f"{group}: {BASELINE}{name}": v for name, v in (baseline or {}).items()}
    return {**{f"{group}: {name}": v for name, v in values.items()}, **simple}


def text_of(answer: Answer) -> str:
    """The answer's sentences as one text."""
    return " ".join(claim.text for claim in answer.claims)


def candidates(answer: Answer) -> list[str]:
    """The short answers, best first; [] where the answer has none."""
    return [span.text for span in answer.bottom_line.spans] if answer.bottom_line else []


def flipped(first: Answer, second: Answer) -> Values:
    """What differs between two answers to one question: the verdict (or whether it was answered), the best short
    answer, the wording. L. Zheng et al., "Judging LLM-as-a-Judge", NeurIPS 2023, measure position bias in this way."""
    verdict = (first.status, first.verdict) != (second.status, second.verdict)
    short = exact.normal("".join(candidates(first)[:1])) != exact.normal("".join(candidates(second)[:1]))
    return {
        "verdict flips": float(verdict), "short answer flips": float(short),
        "text changes": float(text_of(first) != text_of(second)),
    }  # fmt: skip


# Whole sets


def summary(measured: Measured) -> dict[str, dict[str, Any]]:
    """Group → measure → value: means over the questions that have the measure (`n`: how many), and what only a whole
    set has: macro-F1, refusals, calibration, percentiles of time and tokens."""
    rows = list(measured.rows.values())
    found: dict[str, dict[str, Any]] = {}
    for key in dict.fromkeys(k for row in rows for k in row.values):
        group, name = key.split(": ", 1)
        values = [row.values[key] for row in rows if key in row.values]
        held = found.setdefault(group, {"n": len(values)})
        if group == "cost":
            held |= {f"{name} median": _round(np.median(values)), f"{name} p95": _round(np.percentile(values, 95))}
        else:
            held[name] = _round(np.mean(values))
    judged = [r for r in rows if "yes/no: accuracy" in r.values]
    if judged:
        pairs = [(str(r.question.label), exact.label(r.answer.verdict, r.question.labels)) for r in judged]
        found["yes/no"] |= {k: _round(v) for k, v in exact.decided(pairs).items()}
    if rows:
        refused = calibration.refusals(
            [r.question.answerable for r in rows], [r.answer.status == "abstained" for r in rows]
        )
        found["abstention"] |= {k: _round(v) for k, v in refused.items()}
    for name, key in RIGHT.items():
        own = [r for r in rows if key in r.values]
        if any(_says(r.answer, name) for r in own):
            found[f"confidence: {name}"] = _confidence(own, name, key)
    return found


def _confidence(rows: Sequence[Row], name: str, key: str) -> dict[str, Any]:
    """Calibration of the answers that say something of that kind; risk and coverage over all questions, where one
    without such an answer comes last and counts as wrong."""
    says = [r for r in rows if _says(r.answer, name)]
    c, right = [r.answer.confidence for r in says], [r.values[key] for r in says]
    silent = len(rows) - len(says)
    ranked, hits = [*c, *[-1.0] * silent], [*right, *[0.0] * silent]
    curve = calibration.risk_coverage(ranked, hits)

    def risk_at(coverage: float) -> float:
        return curve[max(round(coverage * len(curve)), 1) - 1][1]

    return {
        "n": len(says), "right": _round(np.mean(right)), "ECE": _round(calibration.ece(c, right)),
        "ECE equal mass": _round(calibration.ece(c, right, mass=True)), "Brier": _round(calibration.brier(c, right)),
        "AURC": _round(calibration.aurc(ranked, hits)),
        "reliability": [asdict(b) for b in calibration.reliability(c, right)],
        "risk at coverage": {f"{share:.0%}": _round(risk_at(share)) for share in (0.25, 0.5, 0.75, 1)},
    }  # fmt: skip


def _says(answer: Answer, name: str) -> bool:
    if name == "verdict":
        return answer.verdict is not None
    return bool(candidates(answer)) if name == "short answer" else bool(answer.claims)


def _round(value: Any) -> float:
    return round(float(value), 4)


def difference(first: Measured, second: Measured) -> dict[str, dict[str, Any]]:
    """Per measure the paired comparison of `retrieval.compared` (second − first), on the questions that both have."""
    common = [i for i in first.rows if i in second.rows]
    keys = dict.fromkeys(k for i in common for k in first.rows[i].values if BASELINE not in k)
    pairs = {k: [i for i in common if k in first.rows[i].values and k in second.rows[i].values] for k in keys}
    outcomes = [
        Outcome({k: {i: m.rows[i].values[k] for i in ids} for k, ids in pairs.items() if ids}) for m in (first, second)
    ]
    return compared(outcomes[0], outcomes[1])


def records(measured: Measured) -> Iterable[dict[str, Any]]:
    """One plain object a question, for a JSONL file."""
    for id, row in measured.rows.items():
        a = row.answer
        yield {
            "id": id, "question": row.question.question, "type": row.question.type, "status": a.status,
            "verdict": a.verdict, "confidence": a.confidence, "short": candidates(a), "text": text_of(a),
            "values": {k: _round(v) for k, v in row.values.items()},
        }  # fmt: skip
    for id, error in measured.failed.items():
        yield {"id": id, "error": error}
