"""Trains the span model: where in a sentence the short answer to a question stands.

    python -m scripts.train_spans --data DIR --out rag/models/spans.safetensors

A BERT over "question [SEP] sentences" with two numbers for every token: whether an answer starts there, and whether one
ends there (each its own yes or no, so that a list has several). Data: bioasq's factoid and list training questions,
whose exact answers are looked up in the texts of their documents, and short spans of covid_qa; documents without the
answer teach silence. Also questions written for this project (claims.jsonl). Needs torch; see `training`.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import nn

from indexer.sentences import split
from scripts.train_data import lines
from scripts.train_evidence_data import WRITTEN, kept_back, written_about
from scripts.training import CrossEncoder, fit, load, save, seeded, tokenizer

BATCH, LENGTH = 32, 160
Example = tuple[str, str, list[tuple[int, int]]]
PROBES = [
    ("Which gene is mutated in cystic fibrosis?", "Cystic fibrosis is caused by mutations in the CFTR gene on chromosome 7."),
    ("How many patients were enrolled?", "The trial enrolled 412 patients in 12 hospitals between 2001 and 2004."),
    ("Which drugs inhibit PCSK9?", "Alirocumab and evolocumab are antibodies against PCSK9 that lower LDL cholesterol."),
]  # fmt: skip


class SpanModel(CrossEncoder):
    """Two numbers for every token: starts here, ends here."""

    def __init__(self, layers: int, outputs: int = 2) -> None:
        super().__init__(layers, outputs)
        self.head = nn.Linear(self.bert.config.hidden_size, outputs)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Token ids and mask (batch, length) to (batch, length, 2), float32."""
        return self.head(self.bert(input_ids=ids, attention_mask=mask).last_hidden_state).float()


def names(exact: Any) -> list[str]:
    """All synonyms of all exact answers, flat."""
    if isinstance(exact, str):
        return [exact]
    return [n for e in exact for n in names(e)]


def occurrences(text: str, wanted: list[str]) -> list[tuple[int, int]]:
    """Where any of the names stands, whole words, longest first, without overlap."""
    found: list[tuple[int, int]] = []
    for name in sorted({n.strip().rstrip(".") for n in wanted if n.strip()}, key=len, reverse=True):
        for m in re.finditer(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])", text, re.I):
            if not any(m.start() < e and s < m.end() for s, e in found):
                found.append(m.span())
    return sorted(found)


def windows(text: str) -> Iterator[str]:
    """One to three consecutive sentences, up to 500 characters."""
    spans, at = split(text), 0
    while at < len(spans):
        last = at
        while last + 1 < len(spans) and last < at + 2 and spans[last + 1][1] - spans[at][0] <= 500:
            last += 1
        yield text[spans[at][0] : spans[last][1]][:700]
        at = last + 1


def of_bioasq(data: Path, rng: random.Random) -> Iterator[Example]:
    """Factoid and list questions; at most a third as many windows without an answer as with one."""
    documents = {d["id"]: d["text"] for d in lines(data / "bioasq" / "documents.jsonl")}
    for q in lines(data / "bioasq" / "questions-train.jsonl"):
        if q["type"] not in ("factoid", "list") or kept_back(q["id"]):
            continue
        wanted = [n for n in names(q["exact_answer"]) if len(n) <= 90]
        with_answer, without = [], []
        for d in q["relevant"]:
            for part in windows(documents.get(d, "")):
                (with_answer if occurrences(part, wanted) else without).append(part)
        rng.shuffle(with_answer)
        rng.shuffle(without)
        for part in with_answer[:8] + without[: max(1, len(with_answer[:8]) // 3)]:
            yield q["question"], part, occurrences(part, wanted)


def of_covid(data: Path) -> Iterator[Example]:
    """Spans of at most eight words, in their sentence and its neighbours."""
    file = data / "covid_qa_deepset" / "data" / "question-answering" / "200423_covidQA.json"
    for article in json.loads(file.read_text("utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            text = paragraph["context"]
            for qa in paragraph["qas"]:
                start, answer = qa["answers"][0]["answer_start"], qa["answers"][0]["text"]
                if len(answer.split()) <= 8:
                    low = max(0, text.rfind(". ", 0, max(0, start - 120)) + 2)
                    part = text[low : start + len(answer) + 120]
                    yield qa["question"].strip(), part, [(start - low, start - low + len(answer))]


def of_written(medquad: Path, data: Path) -> Iterator[Example]:
    """Questions written for this project about single sentences, each with the phrase that answers it; and beside the
    sentence of another, silence."""
    texts = written_about(data, medquad)
    before = ""
    for row in lines(WRITTEN):
        sentence = " ".join(texts[row["source"]][row["start"] : row["end"]].split())
        for question, answer in row["qa"]:
            yield question, sentence, occurrences(sentence, [answer])
        if before and row["qa"]:
            yield row["qa"][0][0], before, []
        before = sentence


def labelled(
    tokens: Tokenizer, examples: list[Example]
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """ids, mask, which tokens are of the text (batch, length), and the targets (batch, length, 2)."""
    encodings = tokens.encode_batch([(q[:400], t) for q, t, _ in examples])
    ids = torch.tensor([e.ids for e in encodings])
    mask = torch.tensor([e.attention_mask for e in encodings])
    own = torch.tensor([[s == 1 for s in e.sequence_ids] for e in encodings])
    target = torch.zeros(*ids.shape, 2)
    for row, (encoding, (_, _, spans)) in enumerate(zip(encodings, examples, strict=True)):
        for start, end in spans:
            inside = [i for i, (a, b) in enumerate(encoding.offsets)
                      if encoding.sequence_ids[i] == 1 and a < end and start < b]  # fmt: skip
            if inside:
                target[row, inside[0], 0] = target[row, inside[-1], 1] = 1.0
    return ids, mask, own, target


def batches(examples: list[Example], rng: random.Random) -> Iterator[list[Example]]:
    """Endless batches of like length."""
    while True:
        order = rng.sample(examples, len(examples))
        blocks = [
            sorted(order[i : i + 20 * BATCH], key=lambda e: len(e[0]) + len(e[1]))
            for i in range(0, len(order), 20 * BATCH)
        ]
        cut = [b[i : i + BATCH] for b in blocks for i in range(0, len(b) - BATCH + 1, BATCH)]
        rng.shuffle(cut)
        yield from cut


def main() -> None:
    """Makes the examples, trains, writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--medquad", type=Path, help="MedQuAD as JSONL (docs/medquad.md)")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--start", type=Path, help="weights of a pair model to start from: its layers are taken")
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--steps", type=int, default=900)
    parser.add_argument("--rate", type=float, default=1.5e-4)
    parser.add_argument("--seed", type=int, default=1)
    o = parser.parse_args()
    rng, tokens, model = seeded(o.seed), tokenizer(LENGTH), SpanModel(o.layers)
    if o.start:
        model.bert.load_state_dict(load(o.start).bert.state_dict())
    examples = [*of_bioasq(o.data, rng), *of_covid(o.data)]
    if o.medquad:
        examples += [*of_written(o.medquad, o.data)] * 2
    print(f"{len(examples)} examples, {sum(bool(e[2]) for e in examples)} with an answer")

    def loss_of(batch: Any) -> torch.Tensor:
        ids, mask, own, target = labelled(tokens, batch)
        each = nn.functional.binary_cross_entropy_with_logits(
            model(ids, mask), target, reduction="none", pos_weight=torch.tensor(4.0)
        )
        return (each * own.unsqueeze(-1)).sum() / own.sum() * 10

    fit(model, batches(examples, rng), loss_of, steps=o.steps, rate=o.rate)
    save(
        model,
        o.out,
        probes=PROBES,
        facts={"steps": str(o.steps), "seed": str(o.seed), "sets": "bioasq,covid_qa,written"},
    )


if __name__ == "__main__":
    main()
