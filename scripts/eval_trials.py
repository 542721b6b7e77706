"""Measures finding and reading trials: Evidence Inference prompts of held-out articles, asked of all articles.

    python -m scripts.eval_trials --data DIR [--index DIR] [--count 150] [--json benchmarks/trials.json]

For each prompt: whether a passage among the first ten overlaps an annotated span (searches alone, and reranked);
whether the direction that `ask` answers is the annotated one, by majority; and whether a quote of the answer overlaps
an annotated span. The articles are plain text, so that offsets are those of the annotations.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import rag
from rag.conclude import direction
from rag.evaluate.calibration import Floats
from rag.evaluate.exact import decided
from rag.evaluate.questions import Judged
from rag.evaluate.retrieval import run, score
from rag.settings import EFFORTS
from scripts.train_data import held_out, lines

LABELS = {
    "significantly increased": "yes",
    "significantly decreased": "no",
    "no significant difference": "no difference",
}


def build(data: Path, index: Path) -> None:
    """Indexes the plain text of every article."""
    file = index.with_name(index.name + ".jsonl")
    with file.open("w", encoding="utf-8") as out:
        for text in sorted((data / "evidence_inference_v2" / "annotations" / "txt_files").iterdir()):
            out.write(
                json.dumps({"id": f"trial:{text.stem.removeprefix('PMC')}", "text": text.read_text("utf-8")}) + "\n"
            )
    report = rag.build([file], into=index)
    print(f"{report.documents} articles, {report.passages} passages")


def prompts(data: Path) -> list[dict[str, Any]]:
    """Prompts of held-out articles with their spans (document, start, end) and majority direction."""
    found = []
    for p in lines(data / "evidence_inference_v2" / "derived" / "prompts_with_evidence_train.jsonl"):
        m = p["metadata"]
        votes = [LABELS[a["label"]] for a in m["annotations"] if a["label"] in LABELS]
        if held_out(m["pmcid"]) and votes:
            document = f"trial:{m['pmcid'].removeprefix('PMC')}"
            spans = [(document, a["start"], a["end"]) for a in m["annotations"] if a["end"] > a["start"]]
            label = max(sorted(set(votes)), key=votes.count)
            found.append({"id": p["_id"], "question": p["text"], "spans": spans, "label": label})
    return found


def read(library: rag.Library, asked: list[dict[str, Any]]) -> dict[str, float]:
    """Direction and citation of the answers."""
    pairs, cited = [], []
    for p in asked:
        answer = library.ask(p["question"])
        pairs.append((p["label"], direction(answer.positions) if answer.positions else None))
        quotes = [(c.passage.source.id, c.start, c.end) for claim in answer.claims for c in claim.citations]
        cited.append(any(d == e and a < f and s < b for d, a, b in quotes for e, s, f in p["spans"]))
    values = {f"direction {name}": round(value, 4) for name, value in decided(pairs).items()}
    return {**values, "a quote overlaps a span": round(_mean(cited), 4)}


def _mean(values: Floats) -> float:
    return sum(values) / len(values)


def main() -> None:
    """Prints and writes both results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--index", type=Path, default=Path(gettempdir(), "anamnesis-trials"))
    parser.add_argument("--count", type=int)
    parser.add_argument("--json", type=Path)
    o = parser.parse_args()
    if not (o.index / "manifest.json").exists():
        build(o.data, o.index)
    asked = prompts(o.data)[: o.count]
    judged = [Judged(p["id"], p["question"], {f"{d}:{a}-{b}": 1 for d, a, b in p["spans"]}) for p in asked]
    result: dict[str, Any] = {"prompts": len(asked)}
    with rag.open(o.index) as library:
        for effort in ("quick", "normal"):
            found, times = run(library.index, judged, effort=EFFORTS[effort], reranker=library.reranker)
            result[effort] = score(judged, found, times).summary()
            print(effort, result[effort], flush=True)
        result["answers"] = read(library, asked)
    print(json.dumps(result["answers"]))
    if o.json:
        o.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
