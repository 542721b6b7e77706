"""Measures Chinese retrieval: a patient's question finds its own answer among all shared Chinese answers.

    python scripts/eval_chinese.py --data DIR [--json benchmarks/chinese.json]

Answers: huatuo, toyhom and MedicalGPT's samples. Questions: the half of huatuo that a hash holds out. The baseline is
BM25 over character bigrams of whole answers, in the same run.
"""

from __future__ import annotations

import argparse
import collections
import csv
import hashlib
import io
import json
import math
import re
import tempfile
from pathlib import Path

import numpy as np

import rag
from indexer.types import Filter
from rag.retrieve import asked, retrieve
from rag.settings import EFFORTS

Pair = tuple[str, str]
_RUN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]+")


def huatuo(data: Path) -> list[Pair]:
    """Questions with answers."""
    rows = json.loads((data / "zh_cmtmedqa_huatuo_test" / "data" / "huatuo26M_test.half0.json").read_text("utf-8"))
    return [(_flat(r["instruction"]), _flat(r["output"])) for r in rows]


def held_out(question: str) -> bool:
    """Whether a huatuo question is kept for reporting."""
    return hashlib.sha256(question.encode()).digest()[0] % 2 == 0


def _flat(value: object) -> str:
    while isinstance(value, list):
        value = value[0] if value else ""
    return str(value).strip()


def toyhom(data: Path) -> list[Pair]:
    """Questions with answers, GB18030: a table, and a text of question and answer lines."""
    folder = data / "toyhom_sample"
    pairs: list[Pair] = []
    for file in sorted(folder.rglob("*.csv")):
        for row in csv.DictReader(io.StringIO(file.read_bytes().decode("gb18030", "replace"))):
            pairs.append((f"{row['title']} {row['ask']}", row["answer"].strip()))
    for file in sorted(folder.rglob("*.txt")):
        blocks = file.read_bytes().decode("gb18030", "replace").replace("\r", "").split("\n\n")
        parts = [b.strip().split("\n", 1) for b in blocks if b.strip()]
        pairs += [(p[0].strip(), p[1].strip()) for p in parts if len(p) == 2]
    return pairs


def medicalgpt(data: Path) -> list[Pair]:
    """Questions with answers of MedicalGPT's samples."""
    folder = data / "zh_medicalgpt_samples" / "data"
    turns = [
        json.loads(x)["conversations"]
        for x in (folder / "sft" / "medical_sft_1K_format.jsonl").read_text("utf-8").splitlines()
    ]
    lines = (folder / "rag" / "medical_corpus.txt").read_text("utf-8").splitlines()
    records = [json.loads(x) for x in lines if x.strip()]
    return [(t[0]["value"], t[1]["value"].strip()) for t in turns] + [(r["问"], r["答"].strip()) for r in records]


def bigrams(text: str) -> list[str]:
    """Pairs of neighbouring Chinese characters."""
    return [run[i : i + 2] for run in _RUN.findall(text) for i in range(len(run) - 1)]


class BigramBM25:
    """BM25 (k1 1.2, b 0.75) over character bigrams."""

    def __init__(self, texts: list[str]) -> None:
        counts = [collections.Counter(bigrams(t)) for t in texts]
        lengths = np.array([sum(c.values()) for c in counts])
        norms = 1.2 * (0.25 + 0.75 * lengths / lengths.mean())
        places: dict[str, list[tuple[int, int]]] = collections.defaultdict(list)
        for i, count in enumerate(counts):
            for term, n in count.items():
                places[term].append((i, n))
        self.size = len(texts)
        self.postings = {}
        for term, found in places.items():
            rows, n = np.array(found).T
            idf = math.log(1 + (self.size - len(rows) + 0.5) / (len(rows) + 0.5))
            self.postings[term] = rows, idf * n * 2.2 / (n + norms[rows])

    def search(self, text: str, k: int) -> list[int]:
        """The `k` best, best first."""
        scores = np.zeros(self.size)
        for term in dict.fromkeys(bigrams(text)):
            if term in self.postings:
                rows, parts = self.postings[term]
                scores[rows] += parts
        return [int(i) for i in np.argsort(-scores, kind="stable")[:k] if scores[i] > 0]


def gain(found: list[str], right: str) -> float:
    """nDCG@10 with one right answer."""
    return 1 / math.log2(found.index(right) + 2) if right in found[:10] else 0.0


def main() -> None:
    """Prints both numbers and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--json", type=Path)
    o = parser.parse_args()
    asked_by = huatuo(o.data)
    answers = list(dict.fromkeys(a for _, a in [*asked_by, *toyhom(o.data), *medicalgpt(o.data)] if a))
    ids = {a: f"answer:{i}" for i, a in enumerate(answers)}
    held = [p for p in asked_by if p[1] and held_out(p[0])]
    baseline = BigramBM25(answers)
    ours = theirs = 0.0
    effort = EFFORTS["normal"]
    with tempfile.TemporaryDirectory() as work:
        file = Path(work) / "answers.jsonl"
        records = (json.dumps({"id": i, "text": a}, ensure_ascii=False) for a, i in ids.items())
        file.write_text("\n".join(records), encoding="utf-8")
        rag.build([file], into=Path(work) / "index", embedder="hashing:16")
        with rag.open(Path(work) / "index") as library:
            library.index.embedder.languages = ("en",)  # type: ignore[attr-defined]  # as the bundled one
            for question, answer in held:
                meant = asked(library.index, question, effort)
                hits = retrieve(library.index, meant, k=10, where=Filter(), effort=effort, reranker=library.reranker)
                ours += gain(list(dict.fromkeys(h.passage.source.id for h in hits)), ids[answer])
                theirs += gain([ids[answers[i]] for i in baseline.search(question, 10)], ids[answer])
    result = {
        "answers": len(answers), "questions": len(held), "nDCG@10": round(ours / len(held), 4),
        "bigram BM25": round(theirs / len(held), 4), "ratio": round(ours / theirs, 3),
    }  # fmt: skip
    print(json.dumps(result))
    if o.json:
        o.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
