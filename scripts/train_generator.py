"""Fine-tunes a local language model with LoRA to answer from passages with citations; the adapter loads as hf:BASE+OUT.

    python -m scripts.train_generator --shared DIR --base MODEL --out adapter
    python -m scripts.train_generator examples.jsonl --base MODEL --out adapter --epochs 2 --length 4096
    python -m scripts.train_generator … --index index --questions questions.jsonl    (rag eval answers, before and after)

BASE: a folder, or a hub name in the local cache, of a causal or an encoder-decoder model; its kind is read from its
configuration. Examples: JSONL as scripts/generator_data.py writes them, or built from --shared. LoRA (Hu et al. 2021,
arXiv:2106.09685) on every linear layer, with --train-also embed_tokens,lm_head if a model must learn new words. Packing
for decoders, gradient accumulation, linear warm-up and cosine decay, on CUDA in bfloat16 where there is one. Stopped
(Ctrl-C, kill), the same command goes on where the last state was written, and repeats the loss curve bit by bit on the
same machine. Writes the adapter as safetensors, losses.json and report.json. Needs: pip install 'anamnesis[lora]'.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import hashlib
import json
import math
import sys
import time
import warnings
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch

from indexer import privacy
from indexer.errors import GeneratorError, RagError
from scripts.generator_data import examples as from_shared
from scripts.generator_data import part_of
from scripts.generator_training import Coder, Row, State, batch, form, labelled, order, packed, written

_CLIP, _DECAY, _WARM = 1.0, 0.01, 0.05


@dataclass(frozen=True, slots=True)
class Plan:
    """What is trained and how; a run is only resumed with the same. examples: their SHA-256."""

    base: str
    examples: str
    rank: int
    alpha: int
    dropout: float
    rate: float
    epochs: int
    accumulate: int
    length: int
    pack: bool
    train_also: str
    seed: int


def loaded(base: str, plan: Plan) -> tuple[Any, Coder, str]:
    """The model with its LoRA layers, the coder, and the device. Raises ConfigError for what is no checkpoint."""
    from peft import LoraConfig, get_peft_model

    from rag.generators.hf_load import checkpoint

    model, tokenizer, seq2seq, device = checkpoint(f"hf:{base}")
    torch.manual_seed(plan.seed)
    wanted = LoraConfig(
        r=plan.rank, lora_alpha=plan.alpha, lora_dropout=plan.dropout, target_modules="all-linear",
        modules_to_save=[m for m in plan.train_also.split(",") if m] or None,
        task_type="SEQ_2_SEQ_LM" if seq2seq else "CAUSAL_LM",
    )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # as in rag/generators/hf_load.py
        return get_peft_model(model, wanted), Coder(tokenizer, seq2seq, plan.length), device


def rows_of(examples: Sequence[dict[str, Any]], coder: Coder) -> list[Row]:
    """The examples that fit; says how many do not."""
    rows = []
    for example in examples:
        with contextlib.suppress(GeneratorError):
            rows.append(coder.row(example))
    if left := len(examples) - len(rows):
        print(f"{left} of {len(examples)} examples do not fit into {coder.length} tokens", file=sys.stderr)
    return rows


def held_out(model: Any, packs: Sequence[Sequence[Row]], *, seq2seq: bool, device: str) -> float:
    """Loss a label, over packs that are not trained on."""
    model.eval()
    total = count = 0.0
    with torch.inference_mode():
        for pack in packs:
            n = labelled(pack)
            total += float(model(**batch(pack, seq2seq=seq2seq, device=device)).loss) * n
            count += n
    return total / max(count, 1)


def rate_at(step: int, steps: int, peak: float) -> float:
    """Linear warm-up over the first twentieth, then a cosine to a tenth."""
    warm = max(1, int(_WARM * steps))
    if step < warm:
        return peak * (step + 1) / warm
    return peak * (0.1 + 0.9 * 0.5 * (1 + math.cos(math.pi * (step - warm) / max(1, steps - warm))))


class Training:
    """One run over the packs, step by step; a step is `plan.accumulate` packs."""

    def __init__(self, model: Any, plan: Plan, *, seq2seq: bool, device: str, state: State) -> None:
        self._model, self._plan, self._seq2seq, self._device, self._state = model, plan, seq2seq, device, state
        trained = [p for p in model.parameters() if p.requires_grad]
        self._optimizer = torch.optim.AdamW(trained, lr=plan.rate, weight_decay=_DECAY)
        self.losses = state.load(model, self._optimizer, settings=asdict(plan))

    def run(self, packs: Sequence[Sequence[Row]], *, every: int, stop: int | None = None) -> None:
        """Trains to the end (or `stop` steps), writing the state after each `every` steps and at the end."""
        per_epoch = math.ceil(len(packs) / self._plan.accumulate)
        steps = per_epoch * self._plan.epochs
        began, first = time.monotonic(), len(self.losses)
        try:
            while len(self.losses) < min(steps, stop or steps):
                step = len(self.losses)
                chosen = order(len(packs), epoch=step // per_epoch, seed=self._plan.seed)
                at = (step % per_epoch) * self._plan.accumulate
                self.losses.append(self._step([packs[i] for i in chosen[at : at + self._plan.accumulate]], step, steps))
                _tell(len(self.losses), steps, self.losses[-1], (time.monotonic() - began) / (len(self.losses) - first))
                if len(self.losses) % every == 0:
                    self._save()
        finally:
            if len(self.losses) > first:
                self._save()

    def _save(self) -> None:
        self._state.save(self._model, self._optimizer, self.losses, settings=asdict(self._plan))

    def _step(self, packs: Sequence[Sequence[Row]], step: int, steps: int) -> float:
        self._model.train()
        torch.manual_seed(self._plan.seed * 1_000_003 + step)  # dropout is the step's own: nothing of it is to be saved
        for group in self._optimizer.param_groups:
            group["lr"] = rate_at(step, steps, self._plan.rate)
        labels = sum(map(labelled, packs))
        total = 0.0
        for pack in packs:
            with torch.autocast(self._device, torch.bfloat16, enabled=self._device == "cuda"):
                loss = self._model(**batch(pack, seq2seq=self._seq2seq, device=self._device)).loss
            share = loss * (labelled(pack) / labels)
            share.backward()
            total += float(share.detach())
        torch.nn.utils.clip_grad_norm_([p for p in self._model.parameters() if p.requires_grad], _CLIP)
        self._optimizer.step()
        self._optimizer.zero_grad(set_to_none=True)
        return total


def _tell(done: int, steps: int, loss: float, each: float) -> None:
    if sys.stderr.isatty() or done % 20 == 0 or done == steps:
        left = int(each * (steps - done))
        print(
            f"step {done}/{steps}  loss {loss:.4f}  {1 / max(each, 1e-9):.2f}/s  {left // 60}:{left % 60:02d} left",
            file=sys.stderr,
        )


def drafted(
    model: Any, coder: Coder, probe: Sequence[dict[str, Any]], *, device: str, tokens: int
) -> list[tuple[str, dict[str, Any]]]:  # fmt: skip
    """The drafts of the examples that fit, each with its example."""
    found = []
    for e in probe:
        with contextlib.suppress(GeneratorError):
            found += [(draft, e) for draft in written(model, coder, [e], device=device, tokens=tokens)]
    return found


def answers(spec: str, index: str, questions: Path, *, limit: int) -> dict[str, Any]:
    """What `rag eval answers` measures with this generator."""
    import rag
    from rag.evaluate import answers as measuring
    from rag.evaluate.answer_questions import read
    from rag.evaluate.command import probes

    with rag.open(index, generator=spec) as library:
        found = measuring.run(
            read(questions)[:limit], library.ask, probes=probes(library, judge="bundled", orders=False)
        )
    return measuring.summary(found)


def main() -> int:
    """Trains and writes; exit code 0, 1 with one line for what is wrong."""
    options = _options()
    privacy.silence()
    try:
        return _main(options)
    except KeyboardInterrupt:
        print(f"stopped; the same command goes on from the state in {options.out}", file=sys.stderr)
        return 130
    except (RagError, ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


def _main(options: argparse.Namespace) -> int:
    examples = _examples(options)
    parts: dict[str, list[dict[str, Any]]] = collections.defaultdict(list)
    for e in examples:
        parts[part_of(e["question"])].append(e)
    digest = hashlib.sha256(json.dumps(examples, sort_keys=True).encode()).hexdigest()
    plan = Plan(
        str(options.base), digest, options.rank, options.alpha or 2 * options.rank, options.dropout, options.rate,
        options.epochs, options.accumulate, options.length, not options.no_packing, options.train_also, options.seed,
    )  # fmt: skip
    model, coder, device = loaded(options.base, plan)
    fit = plan.length if plan.pack and not coder.seq2seq else 0
    packs = {name: packed(rows_of(parts[name], coder), length=fit) for name in ("train", "validation")}
    if not packs["train"]:
        raise ValueError("no example to train on; give more, or a larger --length")
    report: dict[str, Any] = {"plan": asdict(plan), "parts": {k: len(v) for k, v in parts.items()}, "device": device}
    probe = parts["test"][: options.drafts]
    training = Training(model, plan, seq2seq=coder.seq2seq, device=device, state=State(options.out / "state"))

    def measure(spec: str) -> dict[str, Any]:
        found: dict[str, Any] = {
            "held-out loss": held_out(model, packs["validation"], seq2seq=coder.seq2seq, device=device)
        }
        found["form"] = form(drafted(model, coder, probe, device=device, tokens=options.tokens))
        if options.index and options.questions:
            found["rag eval answers"] = answers(spec, options.index, options.questions, limit=options.limit)
        return found

    before = options.out / "before.json"
    if not training.losses:
        options.out.mkdir(parents=True, exist_ok=True)
        before.write_text(json.dumps(measure(f"hf:{options.base}")), encoding="utf-8")
    training.run(packs["train"], every=options.every, stop=options.stop)
    (options.out / "losses.json").write_text(json.dumps(training.losses) + "\n", encoding="utf-8")
    model.save_pretrained(options.out, safe_serialization=True)
    # Once trained on, the weights cannot be measured as they were: what is gone stays out.
    report |= {"before": json.loads(before.read_text("utf-8")) if before.exists() else None}
    report |= {"after": measure(f"hf:{options.base}+{options.out}")}
    report |= {"steps": len(training.losses), "first loss": training.losses[0], "last loss": training.losses[-1]}
    (options.out / "report.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(
        json.dumps({k: report[k] for k in ("parts", "steps", "first loss", "last loss", "before", "after")}, indent=1)
    )
    print(f"Adapter: {options.out}. Next: ask --generator 'hf:{options.base}+{options.out}' \"…\"")
    return 0


def _examples(options: argparse.Namespace) -> list[dict[str, Any]]:
    if options.examples is None and options.shared is None:
        raise ValueError("give a file of examples, or --shared with the folder to build them from")
    if options.examples is None:
        return list(from_shared(options.shared, seed=options.seed, left_out=collections.Counter()))[
            : options.limit_examples
        ]
    found = []
    for n, line in enumerate(options.examples.open(encoding="utf-8"), start=1):
        try:
            e = json.loads(line)
            found.append({"question": str(e["question"]), "answer": str(e["answer"]), "passages": list(e["passages"])})
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(
                f"{options.examples}, line {n}: no example ({error!r}); see scripts/generator_data.py"
            ) from error
    return found[: options.limit_examples]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("examples", type=Path, nargs="?", help="JSONL of examples")
    parser.add_argument("--shared", type=Path, help="build the examples from bioasq/ in this folder")
    parser.add_argument("--base", required=True, help="the model to fine-tune: a folder or a cached hub name")
    parser.add_argument("--out", type=Path, required=True, help="the folder of the adapter")
    parser.add_argument("--rank", type=int, default=16)
    parser.add_argument("--alpha", type=int, default=None, help="default: twice the rank")
    parser.add_argument("--dropout", type=float, default=0.05)
    parser.add_argument("--rate", type=float, default=2e-4, help="peak learning rate")
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--accumulate", type=int, default=8, help="packs in a step")
    parser.add_argument("--length", type=int, default=2048, help="tokens of a pack, at most")
    parser.add_argument("--no-packing", action="store_true")
    parser.add_argument("--train-also", default="", help="modules trained whole, e.g. embed_tokens,lm_head")
    parser.add_argument("--every", type=int, default=50, help="steps between states")
    parser.add_argument("--stop", type=int, default=None, help="stop after so many steps in all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--drafts", type=int, default=20, help="held-out questions that are drafted before and after")
    parser.add_argument("--tokens", type=int, default=128, help="tokens of such a draft")
    parser.add_argument("--limit-examples", type=int, default=None)
    parser.add_argument("--index", help="for rag eval answers before and after")
    parser.add_argument("--questions", type=Path, help="its questions")
    parser.add_argument("--limit", type=int, default=20, help="how many of them")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
