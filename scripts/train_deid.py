"""Trains the tagger of names, places and organisations (rag/records/deid/tagger.py); writes weights and card.

    python scripts/train_deid.py --data DIR [--out rag/models] [--seed 7]

Text: the `train` parts (by hash; scripts/deid_people.py) of aci_bench, mts_dialog, presidio_research's templates and
zh_cmtmedqa_huatuo_test, with invented identities of the train part put in by the TUNED wordings, and medical prose without
persons (bioasq, medquad, toyhom) so that eponyms and terms are learnt as none. Composed wordings (`drilled`) too, also
with names that nobody has (`crossed`). Deterministic for a seed on one thread. About three minutes of one core; the
weights in rag/models: --epochs 5.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import re
import xml.etree.ElementTree as ET
import zlib
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import save_file

from rag.records.deid.tagger import LABELS, SIDE
from rag.records.deid.tokens import ROWS, features, levels, tokens
from rag.records.types import Person
from scripts.deid_notes import Note, Planted, chinese_notes, english_notes, plant, plant_chinese
from scripts.deid_people import Pools, part_of, pools, somebody
from scripts.deid_presidio import generated
from scripts.deid_values import zh_name
from scripts.deid_wordings import TUNED, ZH_TUNED
from scripts.deid_wordings_dev import drilled

WIDTH, HIDDEN, BATCH = 24, 128, 4096
BITS = 1 << 21
# Names that the notes have themselves: they count as names, not as words.
_OWN = re.compile(r"(?m)^([A-Z][a-z]+ [A-Z][a-z]+) is an? \d|\b(?:Mr|Mrs|Ms|Miss|Dr)\.? ([A-Z]\w*)")
_SUBJECT = re.compile(
    r"\b(?:(?:[Tt]he|[Tt]his) (?:patient|child|woman|man|doctor)|[Hh]e|[Ss]he|[Hh]im|his|her|[Tt]he authors?|[Ww]e|home|hospital|the United States)\b|(?:(?<= with )|(?<= told )|(?<= that )|(?<= by )|(?<= for ))(?P<name>[a-z]{3,12})\b|(?:(?<= from )|(?<= near )|(?<= at )|(?<= in ))(?P<place>[a-z]{3,12})\b"
)
_LABEL = {"name": 1, "place": 2, "organisation": 3}


def main() -> None:
    """Trains and writes."""
    parser = argparse.ArgumentParser(description="Trains the tagger of names and places.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("rag/models"))
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--epochs", type=int, default=4)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    torch.set_num_threads(1)
    ordinary = common(options.data)
    words, labels, lengths = encode(notes(options.data, random.Random(options.seed)))
    print(f"{len(words)} tokens, {np.bincount(labels).tolist()} by label", flush=True)
    weights = train(words, labels, lengths, ordinary=ordinary, epochs=options.epochs, seed=options.seed)
    weights["ordinary"] = ordinary
    write(weights, options.out, {"seed": options.seed, "tokens": len(words)})


def notes(data: Path, rng: random.Random) -> list[Note]:
    """All training texts with their identifiers."""
    of = pools(data, "train")
    english = english_notes(data, "train")
    made = [
        lowered(plant(t, wordings=TUNED, of=of, rng=rng, count=rng.randrange(4, 16)), rng, share=0.15)
        for t in english
        for _ in range(2)
    ]
    composed, unheard = {"date": TUNED["date"], **drilled(rng, 12000)}, crossed(of, rng)
    for some in (of, unheard):
        planted = [plant(t, wordings=composed, of=some, rng=rng, count=rng.randrange(10, 30)) for t in english]
        made += [lowered(n, rng, share=0.4) for n in planted]
    made += generated(data, part="train", of=of, rng=rng, times=30)
    for _ in range(2):
        made += [swapped(t, of, rng) for t in english_notes(data, "train") + prose(data, rng)[:2500]]
    zh = chinese_notes(data, "train")
    made += [plant_chinese(t, wordings=ZH_TUNED, part="train", rng=rng, count=rng.randrange(2, 9)) for t in zh]
    made += [swapped_chinese(t, rng) for t in zh + prose(data, rng)[-1200:]]
    return made + [Note("", t, (), made[0].person) for t in prose(data, rng)]


def lowered(note: Note, rng: random.Random, *, share: float) -> Note:
    """The note, a share of them all in lower case."""
    low = note.text.lower()
    return replace(note, text=low) if rng.random() < share and len(low) == len(note.text) else note


def crossed(of: Pools, rng: random.Random) -> Pools:
    """The pools with names that nobody has, each of halves of two: only what stands around them tells what they are."""

    def cross(values: tuple[str, ...]) -> tuple[str, ...]:
        others = rng.sample(values, len(values))
        return tuple(a[: (len(a) + 1) // 2] + b[len(b) // 2 :].lower() for a, b in zip(values, others, strict=True))

    return replace(of, given=cross(of.given), surnames=cross(of.surnames), towns=cross(of.towns))


def swapped(text: str, of: Pools, rng: random.Random) -> Note:
    """The text with some of its subjects and places as names: contexts that no wording has."""
    out, planted, at = "", [], 0
    for m in _SUBJECT.finditer(text):
        if rng.random() < 0.5:
            continue
        who = somebody(of, rng)
        after = m["name"] or m["place"]
        if after and rng.random() < 0.8:
            continue
        kind = "place" if m["place"] or m[0] in ("home", "hospital", "the United States") else "name"
        value = (
            rng.choice([rng.choice(of.towns), rng.choice(of.towns), rng.choice(of.companies)])
            if kind == "place"
            else rng.choice([who.given, who.given, who.surname, f"{who.given} {who.surname}"])
        )
        if m[0].lower() in ("his", "her", "the patient's"):
            value += "'s"
        start = m.start("name") if m["name"] else m.start("place") if m["place"] else m.start()
        out += text[at:start]
        planted.append(Planted(len(out), len(out) + len(value), kind, "town" if kind == "place" else "full"))
        out, at = out + value, m.end()
    out += text[at:]
    low = out.lower()
    return Note("", low if rng.random() < 0.3 and len(low) == len(out) else out, tuple(planted), Person(""))


def swapped_chinese(text: str, rng: random.Random) -> Note:
    """As `swapped`, for Chinese: names where people are spoken of."""
    out, planted, at = "", [], 0
    for m in re.finditer("患者|病人|孩子|宝宝|妈妈|老公|朋友|医生|她|他|我(?!们)", text):
        if rng.random() < 0.7:
            continue
        value = zh_name(rng, "train")
        out += text[at : m.start()]
        planted.append(Planted(len(out), len(out) + len(value), "name", "name"))
        out, at = out + value, m.end()
    return Note("", out + text[at:], tuple(planted), Person(""))


def common(data: Path) -> NDArray[np.int32]:
    """Which words stand in lower case in medical prose: at least once, and at least twenty times (tokens.levels)."""
    seen: Counter[str] = Counter()
    texts = [json.loads(line)["text"] for line in (data / "bioasq/documents.jsonl").read_text("utf-8").splitlines()]
    texts += [path.read_text("utf-8") for path in sorted((data / "medquad").glob("*/*.xml"))] + english_notes(
        data, "train"
    )
    lines = (
        (data / "presidio_research/presidio_evaluator/data_generator/raw_data/templates.txt")
        .read_text("utf-8", errors="replace")
        .splitlines()
    )
    texts += [re.sub(r"\{\{.*?\}\}", "", t) for t in lines if part_of(t.strip()) == "train"]
    for text in texts:
        seen.update(re.findall(r"(?<![^\W_])[a-z]{2,25}(?![^\W_])", text))
    bits = np.zeros((2, BITS), np.uint8)
    for word, count in seen.items():
        at = zlib.crc32(word.encode()) % BITS
        bits[0, at] |= count >= 2
        bits[1, at] |= count >= 20
    return np.packbits(bits, axis=1, bitorder="little").view(np.int32)


def prose(data: Path, rng: random.Random) -> list[str]:
    """Medical text in which hardly any person is named."""
    lines = (data / "bioasq/documents.jsonl").read_text("utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in rng.sample(lines, 1500)]
    files = sorted((data / "medquad").glob("*/*.xml"))
    for path in rng.sample(files, 500):
        texts += [a.text[:1500] for a in ET.parse(path).iter("Answer") if a.text][:2]  # noqa: S314
    lines = (data / "toyhom_sample/样例_内科5000-6000.csv").read_bytes().decode("gb18030", "replace").splitlines()
    return texts + rng.sample(lines, 1200)


def encode(texts: list[Note]) -> tuple[list[str], NDArray[np.int64], list[int]]:
    """All tokens, their labels, and each text's number of tokens."""
    words, labels, lengths = [], [], []
    for note in texts:
        marks = np.zeros(len(note.text) + 1, np.int8)
        own = {w for m in _OWN.finditer(note.text) for w in (m[1] or m[2]).split()}
        for p in note.planted:
            marks[p.start : p.end] = 3 if p.kind in ("hospital", "company") else _LABEL.get(p.category, 0)
        found = tokens(note.text)
        words += [t.text for t in found]
        labels += [int(marks[t.start]) or int(t.text in own) for t in found]
        lengths.append(len(found))
    return words, np.array(labels), lengths


class Network(torch.nn.Module):
    """The tagger's arithmetic, for training."""

    def __init__(self) -> None:
        super().__init__()
        self.table = torch.nn.EmbeddingBag(ROWS, WIDTH, mode="sum", sparse=False)
        torch.nn.init.normal_(self.table.weight, std=0.1)
        self.first = torch.nn.Linear((2 * SIDE + 1) * WIDTH, HIDDEN)
        self.second = torch.nn.Linear(HIDDEN, len(LABELS))
        self.drop = torch.nn.Dropout(0.2)

    def forward(self, bags: torch.Tensor, offsets: torch.Tensor, windows: torch.Tensor) -> torch.Tensor:
        """windows: (batch, 9), rows of the bags; bag 0 is empty."""
        seen = self.table(bags, offsets)[windows].flatten(1)
        return self.second(self.drop(torch.relu(self.first(self.drop(seen)))))


def train(
    words: list[str],
    labels: NDArray[np.int64],
    lengths: list[int],
    *,
    ordinary: NDArray[np.int32],
    epochs: int,
    seed: int,
) -> dict[str, NDArray[Any]]:
    """The weights by name."""
    ids: dict[str, int] = {}
    index = np.array([ids.setdefault(w, len(ids)) for w in words])
    rows = [features(w, levels(ordinary, w)) for w in ids]
    counts = np.bincount(index)
    padded = np.full(sum(lengths) + SIDE * (len(lengths) + 1), -1)
    centre, at, begin = np.zeros(len(words), np.int64), SIDE, 0
    for length in lengths:
        padded[at : at + length] = index[begin : begin + length]
        centre[begin : begin + length] = np.arange(at, at + length)
        at, begin = at + length + SIDE, begin + length
    network, rng = Network(), np.random.default_rng(seed)
    optimiser = torch.optim.Adam(network.parameters(), lr=2e-3)
    steps = epochs * (len(words) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 4e-3, total_steps=steps + epochs + 1, pct_start=0.1)
    # A missed identifier costs more than a false one.
    loss_of = torch.nn.CrossEntropyLoss(weight=torch.tensor([1.0, 2.0, 2.0, 2.0]))
    for epoch in range(epochs):
        order, total = rng.permutation(len(words) // 64), 0.0
        # Runs of 64 tokens share their words, so that a batch has fewer to look up.
        for some in np.array_split(order, max(1, len(order) * 64 // BATCH)):
            chosen = (some[:, None] * 64 + np.arange(64)).ravel()
            window = padded[centre[chosen][:, None] + np.arange(-SIDE, SIDE + 1)]
            # Rare words lose their own feature half of the time, others a tenth: names that come are unknown ones.
            kinds, inverse = np.unique(window, return_inverse=True)
            lost = rng.random(len(kinds)) < np.where(counts[kinds] < 60, 0.5, 0.1)
            bags = [
                [] if k < 0 else rows[k][1:] if gone else rows[k] for k, gone in zip(kinds.tolist(), lost, strict=True)
            ]
            offsets = np.cumsum([0] + [len(b) for b in bags[:-1]])
            flat = torch.tensor([r for b in bags for r in b])
            loss = loss_of(
                network(flat, torch.from_numpy(offsets), torch.from_numpy(inverse.reshape(window.shape))),
                torch.from_numpy(labels[chosen]),
            )
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            total += float(loss.detach()) * len(some)
        print(f"epoch {epoch + 1}: loss {total / len(order):.4f}", flush=True)
    return {
        "table": half(network.table.weight), "first": half(network.first.weight.T), "first_bias": half(network.first.bias),
        "second": half(network.second.weight.T), "second_bias": half(network.second.bias),
    }  # fmt: skip


def half(tensor: torch.Tensor) -> NDArray[np.float16]:
    """float16, contiguous."""
    return np.ascontiguousarray(tensor.detach().numpy().astype(np.float16))


def write(weights: dict[str, NDArray[Any]], out: Path, facts: dict[str, int]) -> None:
    """The weights and their card."""
    path = out / "deid.safetensors"
    save_file(weights, path)
    card = {
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "labels": LABELS, "width": WIDTH, "hidden": HIDDEN, "rows": ROWS, **facts,
        "sets": "aci_bench, mts_dialog, presidio_research, zh_cmtmedqa_huatuo_test (train parts), bioasq, medquad, toyhom",
    }  # fmt: skip
    (out / "deid.json").write_text(json.dumps(card, indent=1) + "\n", "utf-8")
    print(f"{path}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
