"""Trains the evidence model: what a sentence says to a yes/no question (stance), and whether it supports a claim.

    python scripts/train_evidence_data.py --data DIR --out pairs.jsonl
    python scripts/train_evidence.py pairs.jsonl --out rag/models/evidence.safetensors

One encoder of six layers with seven outputs: four classes of stance (yes, no, no difference, something else) and
three of support (supported, contradicted, neutral). Where the data leaves several classes open, the loss is that of
their sum. Needs torch; see `training` for the rest.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch

from scripts.training import CrossEncoder, encoded, fit, load, save, seeded, tokenizer

STANCES, SUPPORTS = 4, 3
BATCH, LENGTH = 64, 128
# How often a set's pairs are seen in one epoch, by task and set.
SHARE = {
    ("support", "written"): 3.0,
    ("stance", "written"): 2.5,
    ("stance", "contrasts"): 12.0,
    ("support", "contrasts"): 3.0,
    ("support", "written trials"): 2.0,
    ("stance", "written trials"): 4.0,
    ("support", "evidence_inference"): 1.0,
    ("stance", "evidence_inference"): 1.5,
    ("support", "swapped"): 0.4,
    ("stance", "swapped"): 0.4,
    ("stance", "bioasq"): 4.0,
    ("support", "spans"): 3.0,
    ("support", "medquad"): 0.25,
    ("support", "documents"): 0.25,
}
Pair = dict[str, Any]
PROBES = [
    (
        "Does metformin reduce cardiovascular deaths?",
        "Cardiovascular deaths were fewer with metformin than with placebo.",
    ),
    ("Does metformin reduce cardiovascular deaths?", "Metformin did not change the number of cardiovascular deaths."),
    (
        "Does metformin reduce cardiovascular deaths?",
        "Participants were recruited in 12 hospitals between 2001 and 2004.",
    ),
    ("Is pain higher with drug A than with placebo?", "Pain scores were significantly lower in the drug A group."),
    ("Statins lowered the risk of stroke.", "The risk of stroke was reduced by 20% in the statin group."),
    ("Statins raised the risk of stroke.", "The risk of stroke was reduced by 20% in the statin group."),
    ("Statins raised the risk of diabetes.", "The risk of stroke was reduced by 20% in the statin group."),
    ("Scurvy is caused by a lack of vitamin C.", "Lack of vitamin C leads to scurvy."),
]


def batches(pairs: list[Pair], rng: random.Random) -> Iterator[list[Pair]]:
    """Endless batches of like length, so that little is padded."""
    while True:
        taken = [p for p in pairs for _ in range(_times(SHARE.get((p["task"], p["set"]), 1.0), rng))]
        rng.shuffle(taken)
        blocks = [sorted(taken[i : i + 40 * BATCH], key=lambda p: len(p["a"]) + len(p["b"]))
                  for i in range(0, len(taken), 40 * BATCH)]  # fmt: skip
        cut = [b[i : i + BATCH] for b in blocks for i in range(0, len(b) - BATCH + 1, BATCH)]
        rng.shuffle(cut)
        yield from cut


def _times(share: float, rng: random.Random) -> int:
    return int(share) + (rng.random() < share % 1)


def loss(outputs: torch.Tensor, batch: list[Pair]) -> torch.Tensor:
    """Mean of -log of what the right classes of each pair's task get together."""
    allowed = torch.full_like(outputs, float("-inf"))
    task = torch.full_like(outputs, float("-inf"))
    for row, pair in enumerate(batch):
        first, count = (0, STANCES) if pair["task"] == "stance" else (STANCES, SUPPORTS)
        task[row, first : first + count] = 0.0
        for label in pair["labels"]:
            allowed[row, first + label] = 0.0
    return (torch.logsumexp(outputs + task, 1) - torch.logsumexp(outputs + allowed, 1)).mean()


def train(pairs: list[Pair], *, layers: int, steps: int, rate: float, seed: int, start: Path | None) -> CrossEncoder:
    """The trained model."""
    rng, tokens = seeded(seed), tokenizer(LENGTH)
    model = load(start) if start else CrossEncoder(layers, STANCES + SUPPORTS)
    model.bert.embeddings.requires_grad_(False)

    def loss_of(batch: Any) -> torch.Tensor:
        return loss(model(*encoded(tokens, [(p["a"], p["b"]) for p in batch])), batch)

    fit(model, batches(pairs, rng), loss_of, steps=steps, rate=rate)
    return model


def main() -> None:
    """Reads the pairs, trains, writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--start", type=Path, help="go on from these weights")
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--seed", type=int, default=1)
    o = parser.parse_args()
    with o.pairs.open(encoding="utf-8") as file:
        pairs = list(map(json.loads, file))
    model = train(pairs, layers=o.layers, steps=o.steps, rate=o.rate, seed=o.seed, start=o.start)
    sets = ",".join(sorted({str(p["set"]) for p in pairs}))
    save(model, o.out, probes=PROBES, facts={"steps": str(o.steps), "seed": str(o.seed), "sets": sets})


if __name__ == "__main__":
    main()
