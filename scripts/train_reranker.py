"""Trains the bundled reranker: a cross-encoder that starts as the first layers of the bundled encoder.

    python -m scripts.train_data --data DIR --index INDEX --out groups.jsonl
    python -m scripts.train_reranker groups.jsonl --out rag/models/reranker.safetensors [--without bioasq]

Each step takes groups of one right and five wrong passages; the loss is the softmax over the group (Nogueira and Cho
2019; Gao, Dai and Callan, ECIR 2021) plus a binary cross-entropy that keeps scores comparable between questions. Needs
torch; see `training` for the rest.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from torch import nn

from scripts.training import CrossEncoder, encoded, fit, save, seeded, tokenizer

SIZE = 6  # one right passage and five wrong ones
BATCH = 8  # groups in a step
LENGTH = 160
BCE = 0.3
# How often a set's groups are seen in one epoch: few and hard ones more, MedQuAD's easy ones less.
SHARE = {"bioasq": 2.0, "medquad": 0.4, "sentences": 0.7}
Group = dict[str, object]
# Pairs by which an engine is checked: right, near and far passages.
PROBES = [
    (question, text)
    for question in ("Does metformin lower cardiovascular mortality in type 2 diabetes?", "What causes scurvy?")
    for text in (
        "Metformin was associated with fewer cardiovascular deaths than sulfonylureas in adults with type 2 diabetes.",
        "Metformin lowers hepatic glucose production and improves insulin sensitivity.",
        "Scurvy is caused by a lack of vitamin C, which is needed to make collagen.",
        "Bleeding gums, bruises and poorly healing wounds are signs of scurvy.",
        "Vitamin C supplements did not shorten the common cold in the general population.",
        "The trial compared two surgical techniques for inguinal hernia.",
    )
]


def batches(groups: list[Group], rng: random.Random) -> Iterator[list[tuple[str, list[str]]]]:
    """Endless steps of (question, [right, wrong, …]); groups of like length together, so that little is padded."""
    while True:
        order = [g for g in groups for _ in range(_times(SHARE.get(str(g["set"]), 1.0), rng))]
        rng.shuffle(order)
        taken = [(str(g["question"]), _draw(g, rng)) for g in order]
        blocks = [sorted(taken[i : i + 32 * BATCH], key=_length) for i in range(0, len(taken), 32 * BATCH)]
        cut = [b[i : i + BATCH] for b in blocks for i in range(0, len(b) - BATCH + 1, BATCH)]
        rng.shuffle(cut)
        yield from cut


def _times(share: float, rng: random.Random) -> int:
    return int(share) + (rng.random() < share % 1)


def _draw(group: Group, rng: random.Random) -> list[str]:
    right, wrong = list(group["positives"]), list(group["negatives"])  # type: ignore[call-overload]
    chosen = rng.sample(wrong, min(len(wrong), SIZE - 1))
    while len(chosen) < SIZE - 1:
        chosen.append(rng.choice(wrong))
    return [rng.choice(right), *chosen]


def _length(item: tuple[str, list[str]]) -> int:
    return sum(map(len, item[1]))


def train(groups: list[Group], *, layers: int, steps: int, rate: float, seed: int) -> CrossEncoder:
    """The trained model. Prints the running loss and the time left."""
    rng, tokens, model = seeded(seed), tokenizer(LENGTH), CrossEncoder(layers, 1)
    target = torch.zeros(BATCH, dtype=torch.long)
    labels = torch.zeros(BATCH, SIZE)
    labels[:, 0] = 1
    weight = torch.tensor(float(SIZE - 1))

    def loss_of(batch: Any) -> torch.Tensor:
        pairs = [(question, text) for question, texts in batch for text in texts]
        scores = model(*encoded(tokens, pairs)).view(BATCH, SIZE)
        loss = nn.functional.cross_entropy(scores, target)
        return loss + BCE * nn.functional.binary_cross_entropy_with_logits(scores, labels, pos_weight=weight)

    fit(model, batches(groups, rng), loss_of, steps=steps, rate=rate)
    return model


def main() -> None:
    """Reads the groups, trains, writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("groups", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--without", nargs="*", default=[], help="sets to leave out")
    parser.add_argument("--layers", type=int, default=4)
    parser.add_argument("--steps", type=int, default=1100)
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--seed", type=int, default=1)
    o = parser.parse_args()
    with o.groups.open(encoding="utf-8") as file:
        groups = [g for g in map(json.loads, file) if g["set"] not in o.without]
    model = train(groups, layers=o.layers, steps=o.steps, rate=o.rate, seed=o.seed)
    sets = ",".join(sorted({str(g["set"]) for g in groups}))
    save(model, o.out, probes=PROBES, facts={"steps": str(o.steps), "seed": str(o.seed), "sets": sets})


if __name__ == "__main__":
    main()
