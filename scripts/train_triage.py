"""Trains a triage model: the small bundled one, or a classifier on any Hugging Face model.

    python scripts/train_triage.py --kind bundled --data DIR [--out rag/models] [--seed 7]
    python scripts/train_triage.py --kind hf --base FOLDER --data rows.jsonl --out my-triage [--lora 8]

Data of `hf`: a JSONL file of {"question": "...", "label": "..."}, or the folder of shared data. Both are cleaned and
split by hash of the question (scripts/triage_data.py). `hf` takes an encoder (BERT, a sentence-transformers folder), an
encoder-decoder (T5, flan-t5) or a decoder (LLaMA, Qwen), offline, from its folder; `rag triage --model my-triage` loads
what it writes. Bundled: about two minutes of one core.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from indexer.errors import ConfigError, RagError
from scripts.triage_data import Row, Split, rows, split

if TYPE_CHECKING:
    from scripts.triage_bundled import Settings


def main(arguments: list[str] | None = None) -> int:
    """Parses, trains, prints the test's numbers as JSON. Gives the exit code."""
    options = parser().parse_args(arguments)
    try:
        if options.kind == "bundled":
            print(json.dumps(bundled(options.data, options.out or Path("rag/models"), seed=options.seed), indent=1))
        else:
            print(json.dumps(fine(options)["test"], ensure_ascii=False, indent=1))
    except RagError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def parser() -> argparse.ArgumentParser:
    """The options."""
    made = argparse.ArgumentParser(description="Trains a triage model.", epilog=__doc__)
    made.add_argument("--kind", choices=("bundled", "hf"), default="hf")
    made.add_argument("--data", type=Path, required=True, help="rows.jsonl, or the folder of shared data")
    made.add_argument("--out", type=Path)
    made.add_argument("--base", help="hf: the folder of the model to start from")
    made.add_argument("--lora", type=int, default=0, metavar="RANK", help="hf: LoRA of this rank; 0 trains all weights")
    made.add_argument("--epochs", type=int, default=5)
    made.add_argument("--batch", type=int, default=16)
    made.add_argument("--accumulate", type=int, default=1, help="hf: batches to an optimizer step")
    made.add_argument("--rate", type=float, default=0.0, help="hf: learning rate; 0: 2e-5, LoRA 2e-4")
    made.add_argument("--length", type=int, default=256, help="hf: tokens of a question")
    made.add_argument("--patience", type=int, default=2, help="hf: epochs without a better macro-F1")
    made.add_argument("--balance", type=float, default=0.5, help="hf: 0 counts rows alike, 1 labels alike")
    made.add_argument("--steps", type=int, default=0, help="hf: optimizer steps at most")
    made.add_argument("--seed", type=int, default=7)
    return made


def fine(options: argparse.Namespace) -> dict[str, Any]:
    """Trains a Hugging Face classifier. Raises ConfigError."""
    from scripts.triage_hf import Fine, run

    if not options.base or not options.out:
        raise ConfigError("--kind hf needs --base FOLDER (the model to start from) and --out FOLDER")
    named = {f.name: getattr(options, f.name) for f in fields(Fine)}
    found = split(rows(options.data)) if options.data.is_dir() else split(jsonl(options.data))
    return run(found, options.out, Fine(**named))


def jsonl(path: Path) -> list[Row]:
    """The rows of a file of {"question", "label"}; a bad line is named on stderr and left out.

    Raises ConfigError when the file cannot be read or has no good line.
    """
    found = []
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read ({error})") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            question, label = " ".join(row["question"].split()), row["label"].strip()
            if not question or not label:
                raise ValueError("an empty question or label")
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            print(f"{path}:{number}: left out ({type(error).__name__}: {error})", file=sys.stderr)
            continue
        found.append(Row(question, label, (label,), "", path.name))
    if not found:
        raise ConfigError(f'{path}: has no row; expected lines of {{"question": "...", "label": "..."}}')
    return found


def bundled(data: Path, out: Path, *, seed: int = 7, settings: Settings | None = None) -> dict[str, Any]:
    """Trains the small model: temperatures on validation by a model of the training rows, then all but test again."""
    from rag.tasks.triage.table import core
    from scripts.triage_bundled import Settings, patients, read, taught, words, write

    s = replace(settings or Settings(), seed=seed)
    found = split(rows(data))
    told = taught(data, {r.key for r in found.test}, s)
    second = words(told.texts, told.labels, s)
    card: dict[str, Any] = {"settings": asdict(s), "temperature": 1.0, "words_temperature": s.words_temperature}
    seen = read([r.question for r in found.train], found=core())
    trial = write(out, patients(found.train, seen, told.others, s), second, card)
    card["temperature"] = _temperature(trial, found)
    both = found.train + found.validation
    again = read([r.question for r in both], found=core())
    write(out, patients(both, again, told.others, s), second, card)
    size = (out / "triage.safetensors").stat().st_size
    return {"bytes": size, "temperature": card["temperature"], "rows": len(both), "removed": found.removed}


def _temperature(model: Any, found: Split) -> float:
    from scripts.triage_bundled import grouped, temperature

    shown, labels = grouped(np.stack([model.probabilities(r.question) for r in found.validation]))
    return temperature(shown, np.array([labels.index(r.label) for r in found.validation]))


if __name__ == "__main__":
    raise SystemExit(main())
