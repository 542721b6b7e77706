"""Measures whole answers on bioasq's dev questions and PubMedQA's, over an index of both (scripts/eval_retrieval.py).

    python scripts/eval_answers.py --data DIR --index DIR [--config generator=…] [--json benchmarks/answers.json]

DIR is described in docs/data.md. PubMedQA's conclusions are not in the index, its titles (which are its questions) are.
Results are merged into the JSON by set and configuration, so that slow generators can be measured one at a time.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from rag.evaluate import answers
from rag.evaluate.answer_questions import Gold, read
from rag.evaluate.command import opened, pace, probes, table
from scripts.bench import machine
from scripts.eval_retrieval import build

SETS = {"bioasq dev": "bioasq/questions-dev.jsonl", "pubmedqa": "pubmedqa/train.jsonl"}


def measure(questions: list[Gold], config: str, index: Path, *, judge: str, orders: bool) -> answers.Measured:
    """One configuration on one set; a line of progress for every tenth of it."""
    started, step = time.monotonic(), max(len(questions) // 10, 1)

    def progress(done: int) -> None:
        if done % step == 0:
            print(pace(done, len(questions), time.monotonic() - started), flush=True)

    with opened(config, str(index)) as library:
        return answers.run(
            questions, library.ask, probes=probes(library, judge=judge, orders=orders), progress=progress
        )


def merge(path: Path, name: str, config: str, result: dict[str, Any]) -> None:
    """Puts a result beside those that the file has."""
    held: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    held.setdefault(name, {})[config] = result
    path.write_text(json.dumps(held, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> None:
    """Prints a table for every set and configuration."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=os.environ.get("ANAMNESIS_DATA"))
    parser.add_argument("--index", type=Path, default=Path(gettempdir(), "anamnesis-bioasq"))
    parser.add_argument("--sets", nargs="*", default=list(SETS), choices=list(SETS))
    parser.add_argument("--config", action="append", help="as in rag eval answers; may be repeated")
    parser.add_argument("--judge", default="none", help="who says whether citations support claims")
    parser.add_argument("--orders", action="store_true", help="ask twice, the second time with hits reversed")
    parser.add_argument("--limit", type=int, help="only the first N questions of each set")
    parser.add_argument("--json", type=Path)
    o = parser.parse_args()
    if o.data is None:
        parser.error("give --data DIR or set ANAMNESIS_DATA")
    if not (o.index / "manifest.json").exists():
        build(Path(o.data), o.index)
    for name in o.sets:
        questions = read(Path(o.data) / SETS[name])[: o.limit]
        for config in o.config or [""]:
            measured = measure(questions, config, o.index, judge=o.judge, orders=o.orders)
            summary = answers.summary(measured)
            print(f"{name}: {len(measured.rows)} of {len(questions)} questions, {len(measured.failed)} failed")
            print(table({config or "default": summary}), flush=True)
            counts = {"questions": len(questions), "measured": len(measured.rows), "failed": len(measured.failed)}
            if o.json and measured.rows:
                merge(o.json, name, config or "default", {**counts, "machine": machine(), "measures": summary})
            if not measured.complete:
                return


if __name__ == "__main__":
    main()
