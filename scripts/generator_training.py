"""What `train_generator` is made of: examples as token ids, packing, an exact state on disk, and a held-out measure.

Packing puts several examples into one row; each keeps its own positions, from which transformers builds attention that
never crosses from one to the next (a test compares the loss with that of single rows). The state is safetensors and
JSON, no pickle, and each step seeds itself from its number, so that a resumed run repeats the loss curve bit by bit.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file

from indexer.durable import write_file
from indexer.types import Passage, Source
from rag.prompt import Limits, boundary, declines, flat, messages, shortened
from rag.types import Hit, Prompt, Question

IGNORED = -100
_CITED = re.compile(r"\[(\d{1,3})\]\s*$")


@dataclass(frozen=True, slots=True)
class Row:
    """One example. ids: of the prompt and, for a decoder, of the answer behind it. labels: the answer's ids, IGNORED
    before them; for an encoder-decoder only the answer's."""

    ids: list[int]
    labels: list[int]


@dataclass(frozen=True, slots=True)
class Coder:
    """Turns examples into rows as `rag.generators.hf` will ask the model. length: tokens of a row at most."""

    tokenizer: Any
    seq2seq: bool
    length: int

    def row(self, example: dict[str, Any]) -> Row:
        """Passages are left out from the end until it fits. Raises GeneratorError if not even one does."""
        answer = self.tokenizer(example["answer"], add_special_tokens=False)["input_ids"]
        answer = [*answer[: self.length // 3], self.tokenizer.eos_token_id]
        room = self.length - (0 if self.seq2seq else len(answer))
        prompt = prompt_of(example)
        ids = self.ids(shortened(prompt, limit=room, size=lambda p: len(self.ids(p))))
        if self.seq2seq:
            return Row(ids, answer)
        return Row([*ids, *answer], [*([IGNORED] * len(ids)), *answer])

    def ids(self, prompt: Prompt) -> list[int]:
        """Token ids of a prompt."""
        said = messages(prompt, delimiter=boundary(prompt, seed=0), limits=Limits())
        if not self.tokenizer.chat_template:
            return list(self.tokenizer(flat(said))["input_ids"])
        found = self.tokenizer.apply_chat_template(said, add_generation_prompt=True, return_dict=True)
        return list(found["input_ids"])


def prompt_of(example: dict[str, Any]) -> Prompt:
    """The prompt that `rag ask` would make of the example's question and passages."""
    hits = []
    for p in example["passages"]:
        source = Source(p["id"], title=p.get("title") or "", year=p.get("year"), design=p.get("design") or "not stated")
        hits.append(Hit(Passage(source, "", None, 0, len(p["text"]), p["text"]), 1.0, {}))
    return Prompt(Question(example["question"]), tuple(hits))


def packed(rows: Sequence[Row], *, length: int) -> list[list[Row]]:
    """Rows put together in order, first fit, so that each pack has at most `length` tokens."""
    packs: list[list[Row]] = []
    sizes: list[int] = []
    for row in rows:
        for n, size in enumerate(sizes):
            if size + len(row.ids) <= length:
                packs[n].append(row)
                sizes[n] += len(row.ids)
                break
        else:
            packs.append([row])
            sizes.append(len(row.ids))
    return packs


def batch(pack: Sequence[Row], *, seq2seq: bool, device: str) -> dict[str, Any]:
    """Tensors of one forward pass. A decoder's pack is one row (1, n) whose positions begin again with each example;
    the first token of an example is never a label. An encoder-decoder's rows are single. Without `use_cache=False`
    transformers 5.23 does not look at positions, and examples read each other (loss 8.51 instead of 8.54)."""
    if seq2seq:
        (row,) = pack
        return {
            "input_ids": torch.tensor([row.ids], device=device), "labels": torch.tensor([row.labels], device=device),
            "attention_mask": torch.ones(1, len(row.ids), dtype=torch.long, device=device),
        }  # fmt: skip
    ids = [i for row in pack for i in row.ids]
    labels = [label for row in pack for label in (IGNORED, *row.labels[1:])]
    positions = [i for row in pack for i in range(len(row.ids))]
    return {
        "input_ids": torch.tensor([ids], device=device), "labels": torch.tensor([labels], device=device),
        "position_ids": torch.tensor([positions], device=device), "use_cache": False,
    }  # fmt: skip


def order(count: int, *, epoch: int, seed: int) -> list[int]:
    """The order of an epoch's packs; the same for the same seed and epoch."""
    found = list(range(count))
    random.Random(f"{seed}:{epoch}").shuffle(found)
    return found


def labelled(pack: Sequence[Row]) -> int:
    """Tokens of a pack that the loss counts."""
    return sum(label != IGNORED for row in pack for label in row.labels)


class State:
    """The trained weights, the optimizer's moments and the losses so far, in a folder that is replaced in one step."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def save(
        self, model: Any, optimizer: torch.optim.Optimizer, losses: Sequence[float], *, settings: dict[str, Any]
    ) -> None:
        """Writes the files; the JSON last, so that it never tells of weights that are not there."""
        names = {id(p): n for n, p in model.named_parameters() if p.requires_grad}
        tensors = {f"weight.{n}": p.detach().cpu().contiguous() for n, p in model.named_parameters() if p.requires_grad}
        for parameter, held in optimizer.state.items():
            for kind, value in held.items():
                tensors[f"{kind}.{names[id(parameter)]}"] = torch.as_tensor(value).cpu().contiguous()
        name = f"state-{len(losses)}.safetensors"
        self.folder.mkdir(parents=True, exist_ok=True)
        save_file(tensors, self.folder / (name + ".part"))
        (self.folder / (name + ".part")).replace(self.folder / name)
        write_file(
            self.folder / "state.json", json.dumps({"file": name, "losses": losses, "settings": settings}).encode()
        )
        for old in self.folder.glob("state-*.safetensors*"):
            if old.name != name:
                old.unlink()

    def load(self, model: Any, optimizer: torch.optim.Optimizer, *, settings: dict[str, Any]) -> list[float]:
        """Puts the state back; the losses so far, [] where there is none. Raises ValueError for other settings."""
        if not (self.folder / "state.json").exists():
            return []
        told = json.loads((self.folder / "state.json").read_text("utf-8"))
        if told["settings"] != settings:
            changed = sorted(k for k in {*settings, *told["settings"]} if settings.get(k) != told["settings"].get(k))
            raise ValueError(
                f"{self.folder}: was begun with other settings ({', '.join(changed)}); use those, or another --out"
            )
        tensors = load_file(self.folder / told["file"])
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                if not parameter.requires_grad:
                    continue
                parameter.copy_(tensors[f"weight.{name}"])
                kinds = [k for k in ("step", "exp_avg", "exp_avg_sq") if f"{k}.{name}" in tensors]
                optimizer.state[parameter] = {
                    k: tensors[f"{k}.{name}"] if k == "step" else tensors[f"{k}.{name}"].to(parameter.device)
                    for k in kinds
                }
        return list(told["losses"])


def form(drafts: Sequence[tuple[str, dict[str, Any]]]) -> dict[str, float]:
    """How far drafts keep to the form: lines that end with a passage's number, and refusals where they are due."""
    lines = [(line, e) for draft, e in drafts if not declines(draft) for line in draft.splitlines() if line.strip()]
    cited = [m is not None and 1 <= int(m[1]) <= len(e["passages"]) for line, e in lines for m in [_CITED.search(line)]]
    right = [declines(draft) == declines(e["answer"]) for draft, e in drafts]
    return {
        "drafts": len(drafts), "lines": len(lines), "lines cited": sum(cited) / max(len(cited), 1),
        "refused or answered as the expert": sum(right) / max(len(right), 1),
    }  # fmt: skip


def written(model: Any, coder: Coder, examples: Sequence[dict[str, Any]], *, device: str, tokens: int) -> Iterator[str]:
    """Greedy drafts for the examples."""
    model.eval()
    for example in examples:
        prompt = prompt_of(example)
        room = coder.length - (0 if coder.seq2seq else tokens)
        ids = coder.ids(shortened(prompt, limit=room, size=lambda p: len(coder.ids(p))))
        given = torch.tensor([ids], device=device)
        with torch.inference_mode():
            out = model.generate(
                input_ids=given, attention_mask=torch.ones_like(given), max_new_tokens=tokens, do_sample=False,
                pad_token_id=coder.tokenizer.pad_token_id or coder.tokenizer.eos_token_id,
            )  # fmt: skip
        yield coder.tokenizer.decode(out[0] if coder.seq2seq else out[0][len(ids) :], skip_special_tokens=True)
