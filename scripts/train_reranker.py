"""Trains the bundled reranker: a cross-encoder that starts as the first layers of the bundled encoder.

    python scripts/train_data.py --data DIR --index INDEX --out groups.jsonl
    python scripts/train_reranker.py groups.jsonl --out rag/models/reranker.safetensors [--without bioasq]

Each step takes groups of one right and five wrong passages; the loss is the softmax over the group (Nogueira and Cho
2019; Gao, Dai and Callan, ECIR 2021) plus a binary cross-entropy that keeps scores comparable between questions. Word
embeddings stay those of the bundled encoder and are not written. Needs torch; runs on two CPU cores in bfloat16.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import time
from collections.abc import Iterator
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import nn
from transformers import BertConfig, BertModel

from indexer.embedders.bundled import model_folder

SIZE = 6  # one right passage and five wrong ones
BATCH = 8  # groups in a step
LENGTH = 200
BCE = 0.3
# How often a set's groups are seen in one epoch: few and hard ones more, MedQuAD's easy ones less.
SHARE = {"bioasq": 2.0, "evidence_inference": 2.0, "medquad": 0.5}
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


class CrossEncoder(nn.Module):
    """A BERT over "question [SEP] passage", and one number from its first token and its mean."""

    def __init__(self, layers: int) -> None:
        super().__init__()
        folder = model_folder()
        # No dropout: it took a third of each step's time, and one epoch does not overfit. Eager attention is 1.3 times
        # as fast here as the fused one, which has no bfloat16 backward on this CPU.
        config = BertConfig.from_pretrained(
            folder, num_hidden_layers=layers, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
            attn_implementation="eager",
        )  # fmt: skip
        self.bert = BertModel.from_pretrained(folder, config=config, add_pooling_layer=False, use_safetensors=True)
        self.bert.embeddings.requires_grad_(False)
        self.head = nn.Linear(2 * config.hidden_size, 1)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        hidden = self.bert(input_ids=ids, attention_mask=mask).last_hidden_state
        weight = mask.unsqueeze(-1).to(hidden.dtype)
        mean = (hidden * weight).sum(1) / weight.sum(1)
        return self.head(torch.cat([hidden[:, 0], mean], 1)).squeeze(1).float()


def tokenizer(length: int) -> Tokenizer:
    """Cuts the passage, never the question; pads to the longest."""
    made = Tokenizer.from_file(str(model_folder() / "tokenizer.json"))
    made.enable_truncation(length, strategy="only_second")
    made.enable_padding(pad_id=0, pad_token="[PAD]")
    return made


def batches(groups: list[Group], steps: int, rng: random.Random) -> Iterator[list[tuple[str, list[str]]]]:
    """Steps of (question, [right, wrong, …]); groups of like length together, so that little is padded."""
    queue: list[tuple[str, list[str]]] = []
    for _ in range(steps):
        if len(queue) < BATCH:
            order = [g for g in groups for _ in range(_times(SHARE.get(str(g["set"]), 1.0), rng))]
            rng.shuffle(order)
            taken = [(str(g["question"]), _draw(g, rng)) for g in order]
            blocks = [sorted(taken[i : i + 32 * BATCH], key=_length) for i in range(0, len(taken), 32 * BATCH)]
            cut = [b[i : i + BATCH] for b in blocks for i in range(0, len(b) - BATCH + 1, BATCH)]
            rng.shuffle(cut)
            queue = [item for part in cut for item in part]
        yield queue[:BATCH]
        del queue[:BATCH]


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
    torch.manual_seed(seed)
    rng, tokens, model = random.Random(seed), tokenizer(LENGTH), CrossEncoder(layers)
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=rate, weight_decay=0.01)
    warm = max(1, steps // 15)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min((s + 1) / warm, max(0.0, (steps - s) / (steps - warm)))
    )
    model.train()
    began, shown = time.time(), 0.0
    target = torch.zeros(BATCH, dtype=torch.long)
    labels = torch.zeros(BATCH, SIZE)
    labels[:, 0] = 1
    weight = torch.tensor(float(SIZE - 1))
    for step, batch in enumerate(batches(groups, steps, rng), start=1):
        encoded = tokens.encode_batch([(question[:400], text) for question, texts in batch for text in texts])
        ids, mask = (torch.tensor([getattr(e, name) for e in encoded]) for name in ("ids", "attention_mask"))
        with torch.autocast("cpu", torch.bfloat16):
            scores = model(ids, mask).view(BATCH, SIZE)
        loss = nn.functional.cross_entropy(scores, target)
        loss = loss + BCE * nn.functional.binary_cross_entropy_with_logits(scores, labels, pos_weight=weight)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        shown = loss.item() if step == 1 else 0.98 * shown + 0.02 * loss.item()
        if step % 50 == 0 or step == steps:
            left = (time.time() - began) / step * (steps - step)
            print(f"step {step}/{steps}  loss {shown:.4f}  {left / 60:.1f} min left", flush=True)
    return model.eval()


def save(model: CrossEncoder, path: Path, facts: dict[str, str]) -> None:
    """Layers, token types and head as float16 safetensors; word and position embeddings are the bundled ones."""
    tensors = {
        name.removeprefix("bert."): tensor.detach().to(torch.float16).contiguous()
        for name, tensor in model.state_dict().items()
        if "embeddings" not in name
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, path, metadata=facts)
    print(f"{path}: {path.stat().st_size / 1e6:.1f} MB")


def card(layers: int, path: Path, facts: dict[str, str]) -> None:
    """Writes what the program checks the weights by: their SHA-256, and float32 scores of PROBES."""
    model = CrossEncoder(layers).eval()
    stored = {name: tensor.float() for name, tensor in load_file(path).items()}
    head = {name: tensor for name, tensor in stored.items() if name.startswith("head.")}
    body = {f"bert.{name}": tensor for name, tensor in stored.items() if not name.startswith("head.")}
    model.load_state_dict({**head, **body}, strict=False)
    encoded = tokenizer(256).encode_batch(PROBES)
    ids, mask = (torch.tensor([getattr(e, name) for e in encoded]) for name in ("ids", "attention_mask"))
    with torch.inference_mode():
        scores = [round(float(s), 4) for s in model(ids, mask)]
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    record = {"sha256": digest, "layers": layers, **facts, "probes": PROBES, "scores": scores}
    path.with_suffix(".json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Reads the groups, trains, writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("groups", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--without", nargs="*", default=[], help="sets to leave out")
    parser.add_argument("--layers", type=int, default=4)
    parser.add_argument("--steps", type=int, default=700)
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--seed", type=int, default=1)
    o = parser.parse_args()
    with o.groups.open(encoding="utf-8") as file:
        groups = [g for g in map(json.loads, file) if g["set"] not in o.without]
    model = train(groups, layers=o.layers, steps=o.steps, rate=o.rate, seed=o.seed)
    sets = ",".join(sorted({str(g["set"]) for g in groups}))
    facts = {"steps": str(o.steps), "seed": str(o.seed), "sets": sets}
    save(model, o.out, facts)
    card(o.layers, o.out, facts)


if __name__ == "__main__":
    main()
