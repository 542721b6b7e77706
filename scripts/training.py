"""What the training scripts share: a cross-encoder over the bundled encoder's layers, its optimizer, and its files.

Word and position embeddings stay those of the bundled encoder: they are not trained and not written. Runs on two CPU
cores in bfloat16. Decides nothing about data or losses.
"""

from __future__ import annotations

import hashlib
import json
import random
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import nn
from transformers import BertConfig, BertModel

from indexer.embedders.bundled import model_folder


class CrossEncoder(nn.Module):
    """A BERT over "first [SEP] second", and `outputs` numbers, linear in its first hidden state and the mean."""

    def __init__(self, layers: int, outputs: int) -> None:
        super().__init__()
        folder = model_folder()
        # No dropout: it took a third of each step's time. Eager attention is 1.3 times as fast here as the fused one,
        # which has no bfloat16 backward on this CPU.
        config = BertConfig.from_pretrained(
            folder, num_hidden_layers=layers, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
            attn_implementation="eager",
        )  # fmt: skip
        self.bert = BertModel.from_pretrained(folder, config=config, add_pooling_layer=False, use_safetensors=True)
        self.bert.embeddings.requires_grad_(False)
        self.head = nn.Linear(2 * config.hidden_size, outputs)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Token ids and mask (batch, length) to (batch, outputs), float32."""
        hidden = self.bert(input_ids=ids, attention_mask=mask).last_hidden_state
        weight = mask.unsqueeze(-1).to(hidden.dtype)
        mean = (hidden * weight).sum(1) / weight.sum(1)
        return self.head(torch.cat([hidden[:, 0], mean], 1)).float()


def tokenizer(length: int) -> Tokenizer:
    """Cuts the longer text, as the program does; pads to the longest pair."""
    made = Tokenizer.from_file(str(model_folder() / "tokenizer.json"))
    made.enable_truncation(length, strategy="longest_first")
    made.enable_padding(pad_id=0, pad_token="[PAD]")
    return made


def encoded(tokens: Tokenizer, pairs: list[tuple[str, str]]) -> tuple[torch.Tensor, torch.Tensor]:
    """Ids and mask of text pairs; the first text is cut at 400 characters."""
    found = tokens.encode_batch([(a[:400], b) for a, b in pairs])
    return torch.tensor([e.ids for e in found]), torch.tensor([e.attention_mask for e in found])


def fit(
    model: nn.Module, batches: Iterable[object], loss_of: Callable[[object], torch.Tensor], *, steps: int, rate: float
) -> None:
    """AdamW with a linear warm-up and decay; prints the running loss and the time left. Stops after `steps`."""
    optimizer = torch.optim.AdamW(
        [p for p in model.parameters() if p.requires_grad], lr=rate, weight_decay=0.01, fused=True
    )
    warm = max(1, steps // 15)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min((s + 1) / warm, max(0.0, (steps - s) / (steps - warm)))
    )
    model.train()
    began, shown = time.time(), 0.0
    for step, batch in enumerate(batches, start=1):
        with torch.autocast("cpu", torch.bfloat16):
            loss = loss_of(batch)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        shown = loss.item() if step == 1 else 0.98 * shown + 0.02 * loss.item()
        if step % 50 == 0 or step == steps:
            left = (time.time() - began) / step * (steps - step)
            print(f"step {step}/{steps}  loss {shown:.4f}  {left / 60:.1f} min left", flush=True)
        if step == steps:
            break
    model.eval()


def seeded(seed: int) -> random.Random:
    """Seeds torch, and gives a generator for the data."""
    torch.manual_seed(seed)
    return random.Random(seed)


def save(model: CrossEncoder, path: Path, *, probes: list[tuple[str, str]], facts: dict[str, str]) -> None:
    """Writes layers and head as float16 safetensors, and beside them what the program checks them by: SHA-256, and the
    float32 outputs on `probes`."""
    tensors = {
        name.removeprefix("bert."): tensor.detach().to(torch.float16).contiguous()
        for name, tensor in model.state_dict().items()
        if "embeddings" not in name
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, path, metadata=facts)
    stored = load(path, type(model))
    with torch.inference_mode():
        outputs = stored(*encoded(tokenizer(256), probes)).flatten(1)
    record = {
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "layers": stored.bert.config.num_hidden_layers, **facts,
        "probes": probes, "outputs": [[round(float(x), 4) for x in row] for row in outputs],
    }  # fmt: skip
    path.with_suffix(".json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    print(f"{path}: {path.stat().st_size / 1e6:.1f} MB")


def load(path: Path, kind: type[CrossEncoder] = CrossEncoder) -> CrossEncoder:
    """A model of class `kind` that `save` wrote."""
    stored = {name: tensor.float() for name, tensor in load_file(path).items()}
    layers = 1 + max(int(name.split(".")[2]) for name in stored if name.startswith("encoder.layer."))
    model = kind(layers, stored["head.weight"].shape[0])
    model.load_state_dict({n if n.startswith("head.") else f"bert.{n}": t for n, t in stored.items()}, strict=False)
    return model.eval()
