"""Asks the questions about corpus/ and counts: right source cited, first citation right, quotes exact, abstentions.

python scripts/eval_corpus.py --index index [--json FILE] [--failures]
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import rag

ROOT = Path(__file__).resolve().parent.parent
FILES = ("corpus_questions_en.jsonl", "corpus_questions_zh.jsonl")


@dataclass(frozen=True, slots=True)
class Scores:
    """Shares of 1. questions: how many have an answer in the corpus; unanswerable: how many have not.
    apart: questions that join two things of which the corpus holds each, but never both in one document."""

    questions: int
    right_source: float
    first_right: float
    exact_quotes: float
    unanswerable: int
    abstained: float
    apart: int
    abstained_apart: float


def load(name: str) -> list[dict[str, Any]]:
    """The questions of one file in tests/."""
    path = ROOT / "tests" / name
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def is_right(source: rag.Source, wanted: list[str]) -> bool:
    """Whether a source is one of `path` or `path#record id`."""
    path = Path(source.links.get("path", "")).resolve()
    for want in wanted:
        file, _, record = want.partition("#")
        if path == (ROOT / file).resolve() and record in ("", source.id):
            return True
    return False


def evaluate(library: rag.Library) -> tuple[Scores, list[str]]:
    """The scores, and one line for each question that went wrong."""
    right = first = exact = quotes = 0
    failures: list[str] = []
    questions = [q for name in FILES for q in load(name)]
    for q in questions:
        answer = library.ask(q["question"])
        cited = [c for claim in answer.claims for c in claim.citations]
        found = [is_right(c.passage.source, q["sources"]) for c in cited]
        right += any(found)
        first += bool(found and found[0])
        for c in cited:
            document = library.index.catalogue.document(c.passage.source.id)
            quotes += 1
            exact += document is not None and document.text[c.start : c.end] == c.quote
        if not (found and found[0]):
            got = cited[0].passage.source.title[:60] if cited else answer.reason
            failures.append(f"{q['id']} {'late' if any(found) else 'missed'}: {q['question']} -> {got}")
    shares = []
    for name in ("corpus_unanswerable.jsonl", "corpus_apart.jsonl"):
        nothing = load(name)
        abstained = 0
        for q in nothing:
            answer = library.ask(q["question"])
            abstained += answer.status == "abstained"
            if answer.status != "abstained":
                failures.append(f"{q['id']} answered: {q['question']} -> {answer.claims[0].text[:80]}")
        shares += [len(nothing), abstained / max(len(nothing), 1)]
    total = max(len(questions), 1)
    scores = Scores(len(questions), right / total, first / total, exact / max(quotes, 1), *shares)
    return scores, failures


def main() -> int:
    """Prints the scores; exit code 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", default="index")
    parser.add_argument("--json", type=Path, help="also write the scores to this file")
    parser.add_argument("--failures", action="store_true", help="list what went wrong")
    options = parser.parse_args()
    with rag.open(options.index) as library:
        scores, failures = evaluate(library)
    for name, value in asdict(scores).items():
        print(f"{name:<14} {value if isinstance(value, int) else f'{value:.3f}'}")
    if options.failures:
        print("\n".join(failures))
    if options.json:
        options.json.write_text(json.dumps(asdict(scores), indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
