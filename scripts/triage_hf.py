"""Fine-tunes a classifier on any Hugging Face encoder, encoder-decoder or decoder: all weights or LoRA.

Decides the training: AdamW with linear warm-up and decay, weights against rare labels, early stopping on validation
macro-F1, temperature on validation; what is written: model.safetensors (LoRA merged in), tokenizer, triage.json,
README.md
(the model card), metrics.json, confusion.svg. Which head stands on which base is `rag/tasks/triage/folder.py`'s
decision.
A GPU is used when there is one, with bfloat16 arithmetic where it has it.
"""

from __future__ import annotations

import copy
import json
import math
import random
import time
import warnings
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file
from torch import nn
from transformers import AutoTokenizer, PreTrainedTokenizerBase

from indexer.errors import ConfigError
from rag.tasks.triage.folder import CARD, WEIGHTS, classifier, logits, needs_pooling
from scripts.triage_bundled import temperature
from scripts.triage_data import Row, Split
from scripts.triage_metrics import confusion_svg, measured

HEADS = ("score", "classifier", "classification_head", "head", "pre_classifier", "pooler")


@dataclass(frozen=True, slots=True)
class Fine:
    """base: a folder; lora: its rank, 0 trains all weights; length in tokens; patience in epochs; steps: at most, 0 no
    limit; balance: 0 counts every row alike, 1 every label."""

    base: str
    lora: int = 0
    epochs: int = 5
    batch: int = 16
    accumulate: int = 1
    rate: float = 0.0
    length: int = 256
    patience: int = 2
    balance: float = 0.5
    steps: int = 0
    seed: int = 7


def run(split: Split, out: Path, s: Fine) -> dict[str, Any]:
    """Trains, chooses the epoch, measures on test, writes `out`. Gives the metrics."""
    torch.manual_seed(s.seed)
    labels = sorted({row.label for row in split.train})
    unknown = {r.label for r in [*split.validation, *split.test]} - set(labels)
    if unknown or len(labels) < 2 or not split.validation or not split.test:
        raise ConfigError(
            f"too few rows: {len(split.train)} to train on, {len(split.validation)} to validate, "
            f"{len(split.test)} to test, "
            f"labels without a training row: {sorted(unknown)[:5]}; give more rows, or rows of fewer labels"
        )
    tokenizer = tokens_of(s.base)
    pooled = needs_pooling(s.base)
    model = prepared(s, len(labels), tokenizer, pooled=pooled)
    machine = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    model.to(machine)
    history = fitted(model, tokenizer, split, labels, s)
    model.eval()
    validation = guesses(model, tokenizer, split.validation, s)
    warmth = temperature(softmax(validation, 1.0), at(split.validation, labels))
    test = softmax(guesses(model, tokenizer, split.test, s), warmth)
    metrics = measured([r.label for r in split.test], test, labels)
    report = {
        "base": s.base, "settings": asdict(s), "labels": labels, "temperature": warmth, "history": history, "test":
        metrics,
        "rows": {"train": len(split.train), "validation": len(split.validation), "test": len(split.test)},
        "removed": split.removed,
    }  # fmt: skip
    save(model, tokenizer, out, labels=labels, card={"pooled": pooled, "temperature": warmth, "length": s.length})
    written(out, report, [r.label for r in split.test], [labels[i] for i in test.argmax(1)])
    return report


def tokens_of(base: str) -> PreTrainedTokenizerBase:
    """The base's tokenizer, padding on the right with a padding token."""
    try:
        tokenizer = AutoTokenizer.from_pretrained(base, local_files_only=True)
    except (OSError, ValueError) as error:
        raise ConfigError(f"{base}: is not a model folder that transformers reads ({str(error)[:200]})") from error
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    tokenizer.padding_side = "right"
    return tokenizer


def prepared(s: Fine, labels: int, tokenizer: PreTrainedTokenizerBase, *, pooled: bool) -> Any:
    """The classifier, all of it or LoRA matrices and head to be trained."""
    model = classifier(s.base, labels, trained=False, pooled=pooled)
    # A decoder finds the last token by the padding token's id.
    model.config.pad_token_id = tokenizer.pad_token_id
    if not s.lora:
        return model
    from peft import LoraConfig, get_peft_model

    inner = [
        name for name, part in model.named_modules()
        if isinstance(part, nn.Linear) and not any(piece in HEADS for piece in name.split("."))
    ]  # fmt: skip
    heads = [name for name, _ in model.named_children() if name in HEADS]
    wanted = LoraConfig(r=s.lora, lora_alpha=2 * s.lora, lora_dropout=0.05, target_modules=inner, modules_to_save=heads)
    with warnings.catch_warnings():
        # peft asks transformers for a name that it renamed; nothing for a user to do.
        warnings.simplefilter("ignore", FutureWarning)
        return get_peft_model(model, wanted)


def fitted(
    model: Any, tokenizer: PreTrainedTokenizerBase, split: Split, labels: list[str], s: Fine
) -> list[dict[str, Any]]:
    """Trains in place; at the end the weights are those of the best epoch. Gives each epoch's loss and validation."""
    trained = [p for p in model.parameters() if p.requires_grad]
    rate = s.rate or (2e-4 if s.lora else 2e-5)
    optimizer = torch.optim.AdamW(trained, lr=rate, weight_decay=0.01)
    each = math.ceil(len(split.train) / (s.batch * s.accumulate))
    total = min(s.steps or each * s.epochs, each * s.epochs)
    warm = max(1, total // 10)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda n: min((n + 1) / warm, max(0.0, (total - n) / max(1, total - warm)))
    )
    loss_of = nn.CrossEntropyLoss(weight=weights(split.train, labels, s.balance).to(device(model)))
    order = random.Random(s.seed)
    history: list[dict[str, Any]] = []
    best, kept, step = -1.0, {}, 0
    for epoch in range(s.epochs):
        began, losses = time.time(), []
        rows = split.train.copy()
        order.shuffle(rows)
        model.train()
        for start in range(0, len(rows), s.batch * s.accumulate):
            optimizer.zero_grad()
            # A short last part still counts once: the parts' share is by rows.
            whole = rows[start : start + s.batch * s.accumulate]
            for first in range(0, len(whole), s.batch):
                part = whole[first : first + s.batch]
                with arithmetic(model):
                    found = logits(model, *batch(tokenizer, part, model, s))
                loss = loss_of(found.float(), torch.from_numpy(at(part, labels)).to(found.device))
                (loss * len(part) / len(whole)).backward()
                losses.append(loss.item())
            nn.utils.clip_grad_norm_(trained, 1.0)
            optimizer.step()
            schedule.step()
            step += 1
            if step >= total:
                break
        told = measured(
            [r.label for r in split.validation], softmax(guesses(model, tokenizer, split.validation, s), 1.0), labels
        )
        history.append(
            {"epoch": epoch + 1, "loss": round(float(np.mean(losses)), 4), "accuracy": told["accuracy"],
             "macro_f1": told["macro_f1"], "seconds": round(time.time() - began, 1)}
        )  # fmt: skip
        print(json.dumps(history[-1]), flush=True)
        if told["macro_f1"] > best:
            best = told["macro_f1"]
            kept = {n: p.detach().cpu().clone() for n, p in model.named_parameters() if p.requires_grad}
        since = len(history) - 1 - max(range(len(history)), key=lambda i: (history[i]["macro_f1"], -i))
        if since >= s.patience or step >= total:
            break
    model.load_state_dict(kept, strict=False)
    return history


def weights(rows: list[Row], labels: list[str], balance: float) -> torch.Tensor:
    """A label's weight in the loss: (rows / labels / its rows) ** balance."""
    number = Counter(r.label for r in rows)
    return torch.tensor([(len(rows) / len(labels) / number[label]) ** balance for label in labels])


def batch(tokenizer: PreTrainedTokenizerBase, rows: list[Row], model: Any, s: Fine) -> tuple[Any, Any]:
    """Token ids and mask on the model's device."""
    made = tokenizer(
        [r.question for r in rows], truncation=True, max_length=s.length, padding=True, return_tensors="pt"
    )
    return made["input_ids"].to(device(model)), made["attention_mask"].to(device(model))


def guesses(model: Any, tokenizer: PreTrainedTokenizerBase, rows: list[Row], s: Fine) -> NDArray[np.float32]:
    """float32 (rows, labels), before softmax."""
    model.eval()
    found = []
    with torch.inference_mode():
        for start in range(0, len(rows), s.batch):
            part = rows[start : start + s.batch]
            with arithmetic(model):
                found.append(logits(model, *batch(tokenizer, part, model, s)).float().cpu().numpy())
    return np.concatenate(found)


def softmax(numbers: NDArray[np.float32], warmth: float) -> NDArray[np.float32]:
    """Probabilities (rows, labels) at a temperature."""
    raised = np.exp((numbers - numbers.max(1, keepdims=True)) / warmth)
    return np.asarray(raised / raised.sum(1, keepdims=True), np.float32)


def at(rows: list[Row], labels: list[str]) -> NDArray[np.int64]:
    """The labels' places."""
    return np.array([labels.index(r.label) for r in rows], np.int64)


def device(model: Any) -> torch.device:
    """Where the model's weights are."""
    return next(model.parameters()).device


def arithmetic(model: Any) -> Any:
    """bfloat16 on a GPU that has it, else as the weights are."""
    on = device(model).type == "cuda" and torch.cuda.is_bf16_supported()
    return torch.autocast(device(model).type, torch.bfloat16, enabled=on)


def save(model: Any, tokenizer: PreTrainedTokenizerBase, out: Path, *, labels: list[str], card: dict[str, Any]) -> None:
    """The folder that `rag triage --model` loads. LoRA matrices are merged into the weights first."""
    whole = copy.deepcopy(model).cpu()
    whole = whole.merge_and_unload() if hasattr(whole, "merge_and_unload") else whole
    out.mkdir(parents=True, exist_ok=True)
    if card["pooled"]:
        whole.config.save_pretrained(out)
        # A weight that has several names (shared embeddings) is stored once.
        stored: dict[int, str] = {}
        tensors = {}
        for name, tensor in whole.state_dict().items():
            if stored.setdefault(tensor.data_ptr(), name) == name:
                tensors[name] = tensor.contiguous()
        save_file(tensors, out / WEIGHTS, metadata={"format": "pt"})
    else:
        whole.config.id2label = dict(enumerate(labels))
        whole.config.label2id = {label: i for i, label in enumerate(labels)}
        whole.save_pretrained(out)
    tokenizer.save_pretrained(out)
    (out / CARD).write_text(json.dumps({"labels": labels, **card}, ensure_ascii=False, indent=1) + "\n", "utf-8")


def written(out: Path, report: dict[str, Any], truth: list[str], predicted: list[str]) -> None:
    """metrics.json, confusion.svg and README.md."""
    (out / "metrics.json").write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", "utf-8")
    title = f"Test questions ({len(truth)})"
    (out / "confusion.svg").write_text(confusion_svg(truth, predicted, title=title), "utf-8")
    (out / "README.md").write_text(model_card(report), "utf-8")


def model_card(report: dict[str, Any]) -> str:
    """What the model is, what it was taught from, how well it does, what it must not be used for. Markdown."""
    test, rows, s = report["test"], report["rows"], report["settings"]
    method = f"LoRA of rank {s['lora']}, merged into the weights" if s["lora"] else "all weights"
    lines = [
        "---", "library_name: transformers", "pipeline_tag: text-classification", "tags: [triage]", "---", "",
        "# Department triage", "",
        f"Says which department a question belongs to. Base: `{report['base']}`; trained: {method}; "
        f"{len(report['history'])} epochs at most {s['epochs']}, stopped by macro-F1 on validation.", "",
        "It never says what somebody has, and it does not see emergencies: `rag triage` looks for red flags first.", "",
        f"Rows: {rows['train']} training, {rows['validation']} validation, {rows['test']} test "
        "(by hash of the question). "
        f"Cleaning took away: {json.dumps(report['removed'])}.", "",
        "| test | |", "|--|--|", f"| accuracy | {test['accuracy']} |", f"| in the first three | {test['top3']} |",
        f"| macro-F1 | {test['macro_f1']} |", f"| calibration error (ECE, 15 bins) | {test['ece']} |",
        f"| temperature | {report['temperature']} |", "",
        "| label | precision | recall | F1 | n |", "|--|--|--|--|--|",
        *(f"| {k} | {c['precision']} | {c['recall']} | {c['f1']} | {c['n']} |" for k, c in test["classes"].items()),
        "", "![Confusion matrix](confusion.svg)", "",
        "Use: `rag triage --model THIS_FOLDER \"...\"`. Its numbers hold for questions like those it was tested on; "
        "others should be measured first.", "",
    ]  # fmt: skip
    return "\n".join(lines)
