"""Measures what stands between a draft and the reader, with drafts that lie on purpose (rag/generators/adversarial.py).

    python scripts/eval_adversary.py --index DIR [--data DIR] [--judge bundled] [--json benchmarks/adversary.json]

Questions: bioasq's (train or dev) from DIR (docs/data.md), or those about corpus/ without it. Every question is
searched once (effort quick, no reranker); each seed changes the extractive draft anew. A changed sentence is caught
when it is not shown: dropped, or judged unsupported or contradicted. A swapped citation is caught when the wrong
passage is not shown behind the sentence. A true sentence is lost when it is not shown.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import rag
from indexer.types import Filter
from rag.cite import Citer
from rag.draft import sentences
from rag.generators.adversarial import TRUE, Written, corrupted, parsed
from rag.generators.extractive import Extractive
from rag.judge import judge_all, judge_from
from rag.retrieve import asked, retrieve
from rag.settings import EFFORTS
from rag.types import Claim, Judge, Prompt

ROOT = Path(__file__).resolve().parent.parent
SHOWN = ("supported", "partial")


@dataclass(slots=True)
class Tally:
    """Counts by kind of change. good: caught, or shown if true."""

    sentences: Counter[str] = field(default_factory=Counter)
    good: Counter[str] = field(default_factory=Counter)
    drafts: int = 0
    invented: int = 0
    failures: list[dict[str, str]] = field(default_factory=list)


def questions(data: Path | None, split: str) -> Iterator[str]:
    """The questions, in the file's order."""
    files = (
        [data / "bioasq" / f"questions-{split}.jsonl"]
        if data
        else sorted((ROOT / "tests").glob("corpus_questions_*.jsonl"))
    )
    for file in files:
        for line in file.read_text("utf-8").splitlines():
            yield json.loads(line)["question"]


def count(tally: Tally, written: Sequence[Written], citer: Citer, judge: Judge | None) -> None:
    """Runs one draft through all guards and counts what comes out."""
    made = [[citer.claim(s) for s in sentences([w.line])] for w in written]
    claims = judge_all([c for found in made for c in found if c], support=judge)
    left = iter(claims)
    tally.drafts += 1
    for w, found in zip(written, made, strict=True):
        shown = [claim for claim in (next(left) for c in found if c) if claim.support in SHOWN]
        tally.sentences[w.kind] += 1
        invented = bool(w.invented) and any(_names(claim, w.invented) for claim in shown)
        good = _good(w, shown) and not invented
        tally.invented += invented
        tally.good[w.kind] += good
        if not good:
            quotes = " / ".join(c.quote for claim in claims for c in claim.citations if claim.text[:30] == w.text[:30])
            tally.failures.append({"kind": w.kind, "before": w.original, "after": w.text, "quote": quotes})


def _names(claim: Claim, invented: str) -> bool:
    """Whether the invention, or the target of an invented link, is still in the text."""
    parts = re.split(r"\]\(|src=|\s", invented)
    return any(part.strip("()[]<>!") in claim.text for part in parts if any(c.isdigit() for c in part))


def _good(w: Written, shown: Sequence[Claim]) -> bool:
    if w.kind in TRUE:
        return bool(shown)
    if w.kind == "swap":
        return not any(c.number == w.marked for claim in shown for c in claim.citations)
    return not shown


def summary(tally: Tally) -> dict[str, Any]:
    """The shares, each with its count."""
    true = sum(tally.sentences[k] for k in TRUE)
    rows: dict[str, Any] = {"drafts": tally.drafts, "invented shown": tally.invented}
    for kind in ("number", "direction", "swap"):
        rows[f"{kind}s caught"] = _row(tally.sentences[kind], tally.good[kind], of=tally.good[kind])
    shown = sum(tally.good[k] for k in TRUE)
    rows["true sentences lost"] = _row(true, shown, of=true - shown)
    for kind in TRUE:
        n, good = tally.sentences[kind], tally.good[kind]
        rows[f"of these {kind}"] = _row(n, good, of=n - good)
    return rows


def _row(n: int, good: int, *, of: int) -> dict[str, float]:
    return {"n": n, "share": round(of / max(n, 1), 4), "failures": n - good}


def main() -> None:
    """Prints the shares; --failures FILE keeps every sentence that went wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", default="index")
    parser.add_argument("--data", type=Path, default=os.environ.get("ANAMNESIS_DATA"))
    parser.add_argument("--split", default="dev", choices=["dev", "train"])
    parser.add_argument("--judge", default="overlap")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--failures", type=Path)
    o = parser.parse_args()
    judge, tally, begun = judge_from(o.judge), Tally(), time.perf_counter()
    effort = EFFORTS["quick"]
    with rag.open(o.index, effort="quick", reranker="none") as library:
        extractive = Extractive(library.index, effort=effort)
        for i, text in enumerate(list(questions(Path(o.data) if o.data else None, o.split))[: o.limit]):
            question = asked(library.index, text, effort)
            hits = retrieve(library.index, question, k=effort.hits, where=Filter(), effort=effort)
            draft = parsed("".join(extractive.generate(Prompt(question, tuple(hits)))).splitlines())
            for seed in range(o.seeds if draft else 0):
                written = corrupted(draft, [h.passage.text for h in hits], seed=1000 * i + seed)
                count(tally, written, Citer(hits, document=library.index.catalogue.document), judge)
    result = {"judge": o.judge, "split": o.split if o.data else "corpus", "seeds": o.seeds, **summary(tally)}
    print(json.dumps(result, indent=1))
    print(f"{time.perf_counter() - begun:.0f} s")
    if o.json:
        o.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    if o.failures:
        o.failures.write_text(
            "".join(json.dumps(f, ensure_ascii=False) + "\n" for f in tally.failures), encoding="utf-8"
        )


if __name__ == "__main__":
    main()
