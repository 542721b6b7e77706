"""Trains the Chinese half of the bundled embedder: one vector per character pair, character and medical word.

    python scripts/train_chinese.py --data DIR --out indexer/models/chinese.safetensors [--report]

A text's vector is the weighted mean of its terms' vectors (a static embedding, as in Arora, Liang and Ma, ICLR 2017),
trained so that a question is near its own answer and far from the others of its batch (InfoNCE). Data: toyhom,
MedicalGPT's samples, CSL titles and abstracts, and half of huatuo by hash; the other half is for the report. Needs
torch.
"""

from __future__ import annotations

import argparse
import collections
import csv
import hashlib
import io
import json
import random
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file
from torch import nn

from indexer.embedders.chinese import terms

DIM = 384
LEAST = 3  # texts that must hold a term
MOST = 24_000  # terms kept
Pair = tuple[str, str]


def huatuo(data: Path) -> list[Pair]:
    """Questions with answers."""
    rows = json.loads((data / "zh_cmtmedqa_huatuo_test" / "data" / "huatuo26M_test.half0.json").read_text("utf-8"))
    return [(_flat(r["instruction"]), _flat(r["output"])) for r in rows]


def _flat(value: object) -> str:
    while isinstance(value, list):
        value = value[0] if value else ""
    return str(value).strip()


def toyhom(data: Path) -> list[Pair]:
    """Questions (title and description) with answers, GB18030: a table, and a text of question and answer lines."""
    folder, pairs = data / "toyhom_sample", []
    for file in sorted(folder.rglob("*.csv")):
        for row in csv.DictReader(io.StringIO(file.read_bytes().decode("gb18030", "replace"))):
            pairs.append((f"{row['title']} {row['ask']}", row["answer"]))
    for file in sorted(folder.rglob("*.txt")):
        blocks = file.read_bytes().decode("gb18030", "replace").replace("\r", "").split("\n\n")
        parts = [b.strip().split("\n", 1) for b in blocks if b.strip()]
        pairs += [(p[0].strip(), p[1].strip()) for p in parts if len(p) == 2]
    return pairs


def medicalgpt(data: Path) -> list[Pair]:
    """Questions with answers of MedicalGPT's samples."""
    folder = data / "zh_medicalgpt_samples" / "data"
    pairs: list[Pair] = []
    for line in (folder / "sft" / "medical_sft_1K_format.jsonl").read_text("utf-8").splitlines():
        turns = json.loads(line)["conversations"]
        pairs.append((turns[0]["value"], turns[1]["value"]))
    for line in (folder / "rag" / "medical_corpus.txt").read_text("utf-8").splitlines():
        if line.strip():
            record = json.loads(line)
            pairs.append((record["问"], record["答"]))
    return pairs


def csl(data: Path) -> list[Pair]:
    """Titles with abstracts."""
    folder = data / "csl" / "derived_beir"
    rows = [json.loads(line) for line in (folder / "corpus.jsonl").read_text("utf-8").splitlines()]
    return [(r["title"], r["text"]) for r in rows if r.get("title")]


def held_out(pair: Pair) -> bool:
    """Whether a huatuo pair is for the report only."""
    return hashlib.sha256(pair[0].encode()).digest()[0] % 2 == 0


class Static(nn.Module):
    """The table, and one weight per term."""

    def __init__(self, weights: torch.Tensor) -> None:
        super().__init__()
        self.table = nn.EmbeddingBag(len(weights), DIM, mode="sum")
        nn.init.normal_(self.table.weight, std=DIM**-0.5)
        self.weight = nn.Parameter(weights.log())

    def forward(self, texts: list[list[int]]) -> torch.Tensor:
        ids = torch.tensor([i for t in texts for i in (t or [0])])
        starts = torch.tensor(np.cumsum([0, *(len(t or [0]) for t in texts[:-1])]))
        return nn.functional.normalize(self.table(ids, starts, per_sample_weights=self.weight.exp()[ids]))


def train(pairs: list[Pair], *, epochs: int, seed: int, rate: float) -> tuple[list[str], Static]:
    """The vocabulary and the trained table."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    counts: collections.Counter[str] = collections.Counter()
    for pair in pairs:
        for text in pair:
            counts.update(set(terms(text)))
    kept = [t for t, n in counts.most_common(MOST) if n >= LEAST]
    total = 2 * len(pairs)
    model = Static(torch.tensor([np.log(1 + total / counts[t]) for t in kept], dtype=torch.float32))
    known = {t: i for i, t in enumerate(kept)}
    coded = [tuple([known[t] for t in terms(text) if t in known][:600] for text in pair) for pair in pairs]
    optimizer = torch.optim.Adam(model.parameters(), lr=rate)
    for epoch in range(epochs):
        rng.shuffle(coded)
        shown = []
        for i in range(0, len(coded) - 255, 256):
            # Half of each text's terms at random: the table must not rest on single ones.
            batch = [tuple([t for t in text if rng.random() < 0.7] for text in pair) for pair in coded[i : i + 256]]
            questions, answers = model([b[0] for b in batch]), model([b[1] for b in batch])
            scores = 20 * questions @ answers.T
            target = torch.arange(len(batch))
            loss = nn.functional.cross_entropy(scores, target) + nn.functional.cross_entropy(scores.T, target)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            shown.append(loss.item())
        print(f"epoch {epoch + 1}/{epochs}  loss {np.mean(shown):.3f}", flush=True)
    return kept, model


def save(kept: list[str], model: Static, path: Path) -> None:
    """Terms as UTF-8 text, vectors with their weights as int8 and one scale per term."""
    table = (model.table.weight * model.weight.exp().unsqueeze(1)).detach().numpy()
    scale = np.abs(table).max(1) / 127
    path.parent.mkdir(parents=True, exist_ok=True)
    codes = np.round(table / scale[:, None]).astype(np.int8)
    words = np.frombuffer("\n".join(kept).encode(), np.uint8)
    save_file({"terms": words, "codes": codes, "scales": scale.astype(np.float32)}, path)
    print(f"{path}: {len(kept)} terms, {path.stat().st_size / 1e6:.1f} MB")


def main() -> None:
    """Trains and writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--rate", type=float, default=0.01)
    parser.add_argument("--seed", type=int, default=1)
    o = parser.parse_args()
    pairs = toyhom(o.data) + medicalgpt(o.data) + csl(o.data) + [p for p in huatuo(o.data) if not held_out(p)]
    pairs = sorted({(q, a) for q, a in pairs if q and a})
    print(f"{len(pairs)} pairs")
    kept, model = train(pairs, epochs=o.epochs, seed=o.seed, rate=o.rate)
    save(kept, model, o.out)


if __name__ == "__main__":
    main()
