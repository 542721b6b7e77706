"""Fits the bundled triage model (rag/tasks/triage/model.py): two linear experts, a gate, temperatures, few bits.

Decides the settings (chosen by cross-validation on training and validation questions, never on test; docs/triage.md),
how
rows are chosen when the budget is small, and how numbers are rounded. The same seed gives the same file on one thread.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from scipy import sparse
from scipy.optimize import minimize_scalar
from sklearn.linear_model import LogisticRegression

from rag.tasks.triage.features import counts
from rag.tasks.triage.model import Triage, load, pack, squashed
from rag.tasks.triage.table import Table, core, table
from scripts.triage_data import GROUPS, Row
from scripts.triage_synthetic import questions, unlabelled, weak

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Settings:
    """Table's worth, inverse penalty C and balance of the experts; the gate's output is slope * (output + shift);
    floor:
    the least share of the second expert; rows kept; bits a number."""

    patients_table: float = 0.2
    patients_c: float = 30.0
    balance: float = 0.6
    words_table: float = 1.0
    words_c: float = 10.0
    table_dropped: float = 0.5
    gate_c: float = 1.0
    gate_slope: float = 2.0
    gate_shift: float = 2.0
    floor: float = 0.17
    words_temperature: float = 1.3
    patients_rows: int = 22_000
    words_rows: int = 20_000
    bits: int = 4
    seed: int = 7


@dataclass(frozen=True, slots=True)
class Read:
    """Texts as the model reads them: n-grams of each, and the table's scores (texts, departments)."""

    seen: list[dict[int, int]]
    scores: Floats

    def part(self, at: Sequence[int]) -> Read:
        """The texts at these places."""
        return Read([self.seen[i] for i in at], self.scores[list(at)])


def read(texts: Sequence[str], *, found: Table) -> Read:
    """Reads texts with a table: `core()` for the expert of patients' questions, `table()` for the other."""
    return Read([counts(t) for t in texts], np.stack([found.scores(found.matches(t)) for t in texts]))


def joined(*parts: Read) -> Read:
    """Several one after the other."""
    return Read([s for p in parts for s in p.seen], np.concatenate([p.scores for p in parts]))


def department(row: Row, scores: Floats) -> int:
    """The department that a row is taught as: of a group the one that the table's words speak for."""
    keys = table().keys
    places = [keys.index(d) for d in row.departments]
    return max(places, key=lambda p: (scores[p], -p))


def vocabulary(seen: list[dict[int, int]]) -> tuple[NDArray[np.uint32], Floats]:
    """Hashes of n-grams of at least two texts, sorted, and log((1 + n) / (1 + texts with it)) + 1."""
    number = Counter(h for text in seen for h in text)
    hashes = np.array(sorted(h for h, n in number.items() if n > 1), np.uint32)
    idf = np.array([np.log((1 + len(seen)) / (1 + number[int(h)])) + 1 for h in hashes], np.float32)
    return hashes, idf


def matrix(texts: Read, hashes: NDArray[np.uint32], idf: Floats, *, worth: float) -> sparse.csr_matrix:
    """(texts, n-grams + departments): what Expert.outputs multiplies."""
    place = {int(h): i for i, h in enumerate(hashes)}
    columns: list[int] = []
    values: list[float] = []
    starts = [0]
    for text in texts.seen:
        known = [(place[h], n) for h, n in text.items() if h in place]
        numbers = np.array([idf[i] * (1 + np.log(n)) for i, n in known], np.float64)
        values += (numbers / max(1e-9, float(np.sqrt((numbers**2).sum())))).tolist()
        columns += [i for i, _ in known]
        starts.append(len(columns))
    left = sparse.csr_matrix((values, columns, starts), shape=(len(texts.seen), len(hashes)))
    return sparse.hstack([left, sparse.csr_matrix(worth * squashed(texts.scores))]).tocsr()


def fit(texts: Read, labels: NDArray[np.int64], weight: Floats, *, c: float, worth: float, rows: int) -> Fitted:
    """A multinomial logistic regression on at most `rows` n-grams: those whose weights did most in a first fit."""
    hashes, idf = vocabulary(texts.seen)
    for _ in range(2):
        data = matrix(texts, hashes, idf, worth=worth)
        found = LogisticRegression(C=c, max_iter=100, tol=1e-3).fit(data, labels, sample_weight=weight)
        if len(hashes) <= rows:
            break
        use = (
            np.abs(found.coef_[:, : len(hashes)]).max(0) * np.asarray(abs(data[:, : len(hashes)]).sum(0)).ravel() ** 0.5
        )
        kept = np.sort(np.argsort(-use)[:rows])
        hashes, idf = hashes[kept], idf[kept]
    return Fitted(hashes, idf, found.coef_.T, found.intercept_, found.classes_)


@dataclass(frozen=True, slots=True)
class Fitted:
    """coefficients (n-grams + departments, outputs), bias (outputs,), classes: the departments' places."""

    hashes: NDArray[np.uint32]
    idf: Floats
    coefficients: NDArray[np.float64]
    bias: NDArray[np.float64]
    classes: NDArray[np.int64]

    def tensors(self, name: str, *, worth: float, bits: int) -> dict[str, NDArray[Any]]:
        """The expert as the file has it."""
        top = 7 if bits == 4 else 127
        inner = self.coefficients[: len(self.hashes)]
        scale = np.maximum(np.abs(inner).max(1) / top, 1e-8).astype(np.float16)
        whole = np.clip(np.round(inner / np.maximum(scale.astype(np.float32), 1e-7)[:, None]), -top, top).astype(
            np.int8
        )
        head = np.vstack([self.coefficients[len(self.hashes) :] * worth, self.bias]).astype(np.float32)
        return {
            f"{name}.hashes": self.hashes.view(np.int32), f"{name}.idf": self.idf.astype(np.float16),
            f"{name}.scale": scale, f"{name}.rows": pack(whole, bits), f"{name}.head": head,
        }  # fmt: skip


def patients(rows: list[Row], seen: Read, others: Read, s: Settings) -> Fitted:
    """The expert of patients' questions; its last output is the gate, taught by the questions of `others`."""
    labels = np.array([department(row, seen.scores[i]) for i, row in enumerate(rows)])
    number = Counter(row.label for row in rows)
    weight = np.array([(len(rows) / len(number) / number[row.label]) ** s.balance for row in rows], np.float32)
    found = fit(seen, labels, weight, c=s.patients_c, worth=s.patients_table, rows=s.patients_rows)
    both = matrix(joined(seen, others), found.hashes, found.idf, worth=s.patients_table)
    own = np.concatenate([np.ones(len(rows)), np.zeros(len(others.seen))])
    gate = LogisticRegression(C=s.gate_c, max_iter=100, tol=1e-3, class_weight="balanced").fit(both, own)
    return Fitted(
        found.hashes, found.idf, np.hstack([found.coefficients, s.gate_slope * gate.coef_.T]),
        np.append(found.bias, s.gate_slope * (gate.intercept_ + s.gate_shift)), found.classes,
    )  # fmt: skip


def words(texts: Read, labels: NDArray[np.int64], s: Settings) -> Fitted:
    """The expert of the table's words. Each text is shown three times; the table's scores are hidden at random, so that
    the n-grams learn too."""
    rng = np.random.default_rng(s.seed)
    thrice = joined(texts, texts, texts)
    kept = Read(thrice.seen, thrice.scores * (rng.random(len(thrice.seen)) >= s.table_dropped)[:, None])
    weight = np.full(len(kept.seen), 1 / 3, np.float32)
    return fit(kept, np.tile(labels, 3), weight, c=s.words_c, worth=s.words_table, rows=s.words_rows)


@dataclass(frozen=True, slots=True)
class Taught:
    """What the experts are taught from beside the labelled rows."""

    texts: Read
    labels: NDArray[np.int64]
    others: Read


def taught(data: Path, held_out: set[str], s: Settings) -> Taught:
    """Made and weakly labelled questions, and all unlabelled ones; none whose key is in `held_out`."""
    found = table()
    made = questions(found, rng=random.Random(s.seed))
    pairs = [p for p in unlabelled(data) if Row(p[0], "", (), "", "").key not in held_out]
    believed = weak(pairs, found)
    texts = [q for q, _ in made + believed]
    labels = np.array([found.keys.index(k) for _, k in made + believed])
    chinese = [q for q, _ in made if any("\u4e00" <= c <= "\u9fff" for c in q)]
    return Taught(read(texts, found=found), labels, read([q for q, _ in pairs] + chinese, found=core()))


def write(folder: Path, first: Fitted, second: Fitted, card: dict[str, Any]) -> Triage:
    """Writes triage.safetensors and triage.json; gives the model as it is read back."""
    s = Settings(**card["settings"])
    tensors = first.tensors("patients", worth=s.patients_table, bits=s.bits)
    tensors |= second.tensors("words", worth=s.words_table, bits=s.bits)
    tensors["patients.classes"] = first.classes.astype(np.int32)
    folder.mkdir(parents=True, exist_ok=True)
    save_file(tensors, folder / "triage.safetensors")
    digest = hashlib.sha256((folder / "triage.safetensors").read_bytes()).hexdigest()
    full = {"sha256": digest, "departments": list(table().keys), "bits": s.bits, "floor": s.floor, **card}
    (folder / "triage.json").write_text(json.dumps(full, indent=1) + "\n", "utf-8")
    return load(folder)


def temperature(probabilities: Floats, at: NDArray[np.int64]) -> float:
    """The power 1 / t that makes the probabilities (texts, labels) fit the true labels best (log loss)."""
    logs = np.log(np.maximum(probabilities, 1e-9))

    def loss(t: float) -> float:
        cooled = logs / t
        total = np.log(np.exp(cooled - cooled.max(1, keepdims=True)).sum(1)) + cooled.max(1)
        return float((total - cooled[np.arange(len(at)), at]).mean())

    return round(float(minimize_scalar(loss, bounds=(0.3, 3.0), method="bounded").x), 3)


def grouped(probabilities: Floats) -> tuple[Floats, list[str]]:
    """Probabilities of what is measured: departments of one group are summed."""
    keys = table().keys
    group = {key: name for name, members in GROUPS.items() for key in members}
    labels = sorted({group.get(key, key) for key in keys})
    sums = np.zeros((len(probabilities), len(labels)), np.float32)
    for i, key in enumerate(keys):
        sums[:, labels.index(group.get(key, key))] += probabilities[:, i]
    return sums, labels
