"""Examples for fine-tuning a generator: a question, numbered passages, and the answer with citations, or a refusal.

    python -m scripts.generator_data --data DIR --out examples.jsonl [--limit 500] [--refusals 5] [--seed 1]

From bioasq: the question, passages of its relevant documents mixed with the passages that BM25 finds nearest to it in
documents about other questions, and the expert's ideal answer, each sentence cited to the passage that shares most of
its words. A sentence that no passage covers, or with a number that its passage lacks, is left out; nothing is taught
that its source does not say. One example in five keeps only passages about something else, and its answer is the
refusal. Prints what was left out.

A line: {"id", "question", "passages": [{"id", "title", "text", "year", "design"}], "answer"}; `train_generator` reads
any file of this form. The split into train, validation and test is by a hash of the question.
"""

from __future__ import annotations

import argparse
import collections
import hashlib
import json
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from indexer.language import language_of
from indexer.lexical import Entry, TantivyLexical, chinese_terms
from indexer.sentences import split
from rag.prompt import DECLINES

Example = dict[str, Any]
# Share of a sentence's content words that its passage must hold to be cited for it.
_COVERED = 0.5
_SENTENCES, _PASSAGES, _CHARACTERS = 4, 5, 900
REFUSALS = 5  # one in so many
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_WORD = re.compile(r"[a-z0-9][a-z0-9-]{2,}")
_STOP = frozenset("the and for with are was were that this from has have been its can may not which than also".split())


def part_of(question: str) -> str:
    """train, validation or test: by SHA-256 of the question, 80, 10 and 10 in a hundred."""
    n = int(hashlib.sha256(question.strip().lower().encode()).hexdigest()[:8], 16) % 10
    return "test" if n == 0 else "validation" if n == 1 else "train"


def content(text: str) -> set[str]:
    """The words that carry meaning; of Chinese, bigrams."""
    if language_of(text) == "zh":
        return {t for t in chinese_terms(text) if len(t) > 1}
    return {w for w in _WORD.findall(text.lower()) if w not in _STOP}


def cited(answer: str, passages: Sequence[str], left_out: collections.Counter[str]) -> list[str]:
    """The sentences of an expert's answer, each with the number of the passage that covers it best."""
    lines = []
    words = [content(p) for p in passages]
    for start, end in list(split(answer))[: 2 * _SENTENCES]:
        sentence = " ".join(answer[start:end].split())
        own = content(sentence)
        if len(own) < 3:
            left_out["no content"] += 1
            continue
        shares = [len(own & w) / len(own) for w in words]
        best = max(range(len(passages)), key=lambda i: (shares[i], -i))
        if shares[best] < _COVERED:
            left_out["not covered"] += 1
        elif not set(_NUMBER.findall(sentence)) <= set(_NUMBER.findall(passages[best])):
            left_out["number not in the passage"] += 1
        else:
            lines.append(f"{sentence} [{best + 1}]")
    return lines[:_SENTENCES]


def examples(
    data: Path, *, seed: int, left_out: collections.Counter[str], refusals: int = REFUSALS
) -> Iterator[Example]:
    """One example a question of bioasq's training questions. refusals: one in so many is one; 0: none."""
    chosen = random.Random(seed)
    folder = data / "bioasq"
    documents = {d["id"]: d for d in map(json.loads, (folder / "documents.jsonl").open(encoding="utf-8"))}
    questions = [json.loads(line) for line in (folder / "questions-train.jsonl").open(encoding="utf-8")]
    near = _Near(documents)
    for n, q in enumerate(questions):
        gold = [i for i in q["relevant"] if i in documents]
        ideal = q.get("ideal_answer") or []
        answer = ideal[0] if isinstance(ideal, list) and ideal else str(ideal or "")
        if not gold or not answer:
            left_out["no answer or no document"] += 1
            continue
        refused = refusals > 0 and n % refusals == 0
        others = near.to(q["question"], without=set(q["relevant"]))
        kept = [] if refused else chosen.sample(gold, min(len(gold), 3))
        ids = [*kept, *others][:_PASSAGES]
        chosen.shuffle(ids)
        passages = [_passage(documents[i]) for i in ids]
        lines = [DECLINES["en"]] if refused else cited(answer, [p["text"] for p in passages], left_out)
        if lines:
            yield {"id": q["id"], "question": q["question"], "passages": passages, "answer": "\n".join(lines)}


class _Near:
    """Documents about other questions, nearest first by BM25."""

    def __init__(self, documents: dict[str, dict[str, Any]]) -> None:
        self._ids = list(documents)
        self._lexical = TantivyLexical.in_memory()
        self._lexical.write(Entry(n, d.get("title") or "", "", d["text"]) for n, d in enumerate(documents.values()))

    def to(self, question: str, *, without: set[str]) -> list[str]:
        """As many ids as an example has passages, none of them in `without`."""
        everywhere = np.ones(len(self._ids), bool)
        rows, _ = self._lexical.search(question, _PASSAGES + len(without), everywhere)
        return [i for i in (self._ids[r] for r in rows.tolist()) if i not in without][:_PASSAGES]


def _passage(document: dict[str, Any]) -> dict[str, Any]:
    text = document["text"]
    if len(text) > _CHARACTERS:
        ends = [end for _, end in split(text) if end <= _CHARACTERS]
        text = text[: ends[-1]] if ends else text[:_CHARACTERS]
    return {
        "id": document["id"], "title": document.get("title") or "", "text": text, "year": document.get("year"),
        "design": document.get("design") or "",
    }  # fmt: skip


def main() -> int:
    """Writes the examples; exit code 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder with bioasq/")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--limit", type=int, default=None)
    parser.add_argument("--refusals", type=int, default=REFUSALS, help="one example in so many; 0: none")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    left_out: collections.Counter[str] = collections.Counter()
    made = list(examples(options.data, seed=options.seed, left_out=left_out, refusals=options.refusals))[
        : options.limit
    ]
    with options.out.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(e, ensure_ascii=False) + "\n" for e in made)
    parts = collections.Counter(part_of(e["question"]) for e in made)
    refused = sum(e["answer"] in DECLINES.values() for e in made)
    print(f"{len(made)} examples ({dict(parts)}), {refused} refusals; sentences left out: {dict(left_out)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
