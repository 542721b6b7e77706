"""Asks under random filters and counts what comes out that the filter does not admit; and recall under filters.

    python scripts/eval_filters.py [filters] [recall] [--count 10000] [--index DIR] [--json benchmarks/filters.json]

Every document of the made-up library holds a word of its own (`zq00017`) in its title and text. A filter that does not
admit the document must not let that word out: not in a hit, an answer, a claim, a notice, a reason, an explanation or
an error. Every filter is searched with, in turn over the exact and the IVF index, every tenth with the reranker; with
every fourth a question is answered, and every fifth search is explained. --index: an index whose vectors are searched
for recall@10 against the exact search, at five shares of allowed rows; else made-up vectors are.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

import rag
from indexer.errors import ConfigError
from indexer.index import Index
from indexer.types import Vectors
from indexer.vectors import FaissVectors, NumpyVectors, Rows
from rag.explain import explained
from rag.render import excerpt_json, search_json
from rag.render_answer import answer_json
from scripts.bench import machine

DESIGNS = ("randomized controlled trial", "cohort", "case report", "not stated")
WORDS = "aspirin statin stroke asthma insulin cancer vaccine fever child heart kidney trial dose risk".split()
KINDS, LANGUAGES, JOURNALS = ["article", "abstract", "guideline"], ["en", "zh"], ["The Lancet", "BMJ", "Gut"]
SHARES = (1.0, 0.5, 0.1, 0.01, 0.001)
_OWN = re.compile(r"zq(\d{5})")


def records(count: int, seed: int) -> Iterator[dict[str, Any]]:
    """Made-up documents with every property that a filter reads."""
    rng = random.Random(seed)
    for i in range(count):
        own, year = f"zq{i:05}", rng.choice([None, *range(1995, 2026)])
        body = ". ".join(" ".join(rng.choices(WORDS, k=9)).capitalize() + f" {own}" for _ in range(4))
        yield {
            "id": f"t:{i}", "title": f"{' '.join(rng.sample(WORDS, 3))} {own}", "text": f"{body}.",
            "design": rng.choice(DESIGNS), "language": rng.choice(LANGUAGES), "journal": rng.choice(JOURNALS),
            "kind": rng.choice(KINDS), "retracted": rng.random() < 0.1, **({"year": year} if year else {}),
        }  # fmt: skip


def build(folder: Path, count: int, seed: int) -> set[str]:
    """An index of `count` documents of which every tenth was then deleted; returns the ids of the deleted ones."""
    made = list(records(count, seed))
    file = folder / "documents.jsonl"
    for kept in (made, [r for i, r in enumerate(made) if i % 10]):
        file.write_text("".join(json.dumps(r) + "\n" for r in kept), encoding="utf-8")
        rag.build([file], into=folder / "index", embedder="hashing:64")
    return {f"t:{i}" for i in range(0, count, 10)}


def random_filter(rng: random.Random, documents: int) -> rag.Filter:
    """Any mixture of conditions, from none to one that nothing meets."""

    def some(values: Any) -> tuple[str, ...]:
        return tuple(rng.sample(list(values), rng.randint(1, 2))) if rng.random() < 0.3 else ()

    return rag.Filter(
        year_from=rng.choice([None, None, rng.randint(1990, 2026)]),
        year_to=rng.choice([None, None, rng.randint(1995, 2030)]),
        designs=some(DESIGNS), languages=some(LANGUAGES), kinds=some(KINDS), journals=some(["lancet", "BMJ", "Gut"]),
        sources=tuple(f"t:{rng.randrange(documents)}" for _ in range(rng.choice([0, 0, 0, 0, 1, 5, 50]))),
        allow_retracted=rng.random() < 0.3,
    )  # fmt: skip


def admitted(record: dict[str, Any], f: rag.Filter) -> bool:
    """The filter's meaning, written a second time."""
    year = record.get("year")
    return (
        (f.year_from is None or (year or 0) >= f.year_from)
        and (f.year_to is None or (year is not None and year <= f.year_to))
        and (not f.designs or record["design"] in f.designs)
        and (not f.languages or record["language"] in f.languages)
        and (not f.kinds or record["kind"] in f.kinds)
        and (not f.sources or record["id"] in f.sources)
        and (not f.journals or any(j.lower() in record["journal"].lower() for j in f.journals))
        and (f.allow_retracted or not record["retracted"])
    )


def vectors_of(index: Index) -> tuple[Rows, Vectors]:
    """Every live vector of an index, exact, from its catalogue."""
    live = np.flatnonzero(index.allowed(rag.Filter(allow_retracted=True)))
    pairs = [(row, np.frombuffer(v, np.float32)) for row, v in index.catalogue.vectors(0, int(live.max()) + 1)]
    kept = set(live.tolist())
    return live, np.array([v for row, v in pairs if row in kept], np.float32)


class Checker:
    """Asks one library under many filters; `failures` names each surface that let something out."""

    def __init__(self, folder: Path, documents: int, seed: int, *, reranker: str = "none") -> None:
        self.deleted = build(folder, documents, seed)
        self.records = {r["id"]: r for r in records(documents, seed)}
        self.libraries = [rag.open(folder / "index", reranker=r, effort="quick") for r in ("none", "none")]
        self.libraries.append(rag.open(folder / "index", reranker=reranker, effort="normal"))
        for library in self.libraries[1:]:
            library.index.vectors = FaissVectors.build(*vectors_of(library.index), flat_limit=0)
        self.asked: dict[str, int] = {}
        self.surfaces: dict[str, int] = {}
        self.failures: list[str] = []

    def close(self) -> None:
        """Releases the libraries."""
        for library in self.libraries:
            library.close()

    def run(self, count: int, seed: int) -> None:
        """`count` filters: exact and IVF in turn, and every tenth with the third library (IVF and its reranker)."""
        rng = random.Random(seed)
        for i in range(count):
            library = self.libraries[2 if i % 10 == 9 else i % 2]
            name = ("exact", "IVF", f"IVF, reranker {library.settings.reranker}")[self.libraries.index(library)]
            self.asked[name] = self.asked.get(name, 0) + 1
            self._one(library, random_filter(rng, len(self.records)), rng)

    def _one(self, library: rag.Library, f: rag.Filter, rng: random.Random) -> None:
        if rng.random() < 0.5:
            # Naming a document must not bring it in either.
            question = f"Does {rng.choice(WORDS)} {rng.choice(WORDS)} help? zq{rng.randrange(len(self.records)):05}"
        else:
            question = f"Does {rng.choice(WORDS)} reduce {rng.choice(WORDS)} in {rng.choice(WORDS)}?"
        typed = set(_OWN.findall(question))
        hits = library.search(question, k=10, where=f)
        self._check("search", search_json(question, hits), f, typed)
        if rng.random() < 0.2:
            self._check("explain", explained(library, question, hits), f, typed)
        if rng.random() < 0.25:
            answer = answer_json(library.ask(question, where=f))
            # The receipt repeats what was asked: the filter itself.
            answer["receipt"].pop("where", None)
            # Retracted articles within the filter are named, as left out.
            self._check("notices", answer.pop("notices"), replace(f, allow_retracted=True), typed)
            self._check("ask", answer, f, typed)
        self._show(library, f"t:{rng.randrange(len(self.records))}", rng)

    def _show(self, library: rag.Library, id: str, rng: random.Random) -> None:
        """A deleted document cannot be shown, and the error gives nothing of it."""
        self.surfaces["show"] = self.surfaces.get("show", 0) + 1
        try:
            shown = json.dumps(excerpt_json(library.show(rng.choice([id, f"{id}:0-20"]))))
            if id in self.deleted:
                self.failures.append(f"show: {id} is deleted: {shown[:200]}")
        except ConfigError as error:
            if id not in self.deleted or _OWN.search(str(error)):
                self.failures.append(f"show: {id}: {error}")

    def _check(self, surface: str, told: Any, f: rag.Filter, typed: set[str]) -> None:
        self.surfaces[surface] = self.surfaces.get(surface, 0) + 1
        text = json.dumps(told, ensure_ascii=False)
        ids = set(re.findall(r"\bt:\d+", text)) | {f"t:{int(n)}" for n in set(_OWN.findall(text)) - typed}
        wrong = [i for i in ids if i in self.deleted or not admitted(self.records[i], f)]
        if wrong:
            self.failures.append(f"{surface}: {sorted(wrong)[:3]} under {f}")


def recall(rows: Rows, vectors: Vectors, questions: Vectors, flat_limit: int, seed: int) -> dict[str, Any]:
    """Mean recall@10 against the exact search, by share of allowed rows; rows are drawn anew for every question.

    `far half`: only the half of the rows that is farther from the question is allowed, which is hardest for an IVF
    index. The best of them are near-ties, so there a row within 0.0005 of the tenth cosine counts as found.
    """
    index, exact = FaissVectors.build(rows, vectors, flat_limit=flat_limit), NumpyVectors(rows, vectors)
    rng = np.random.default_rng(seed)
    measured: dict[str, Any] = {}
    size = int(rows.max()) + 1

    def mean(choose: Callable[[Vectors], Any], tie: float = 0.0) -> float:
        shares = []
        for question in questions:
            allowed = choose(question)
            found = index.search(question, 10, allowed)[0]
            expected, cosines = exact.search(question, 10, allowed)
            assert allowed[found].all()
            right = np.isin(found, expected)
            if tie:
                right |= vectors[np.searchsorted(rows, found)] @ question >= cosines[-1] - tie
            shares.append(right.sum() / max(1, len(expected)))
        return round(float(np.mean(shares)), 4)

    def far(question: Vectors) -> Any:
        allowed, cosines = np.zeros(size, bool), vectors @ question
        allowed[rows[cosines < np.median(cosines)]] = True
        return allowed

    for share in SHARES:
        measured[f"{share:.1%}"] = mean(lambda _, s=share: rng.random(size) < s)  # type: ignore[misc]
    return {**measured, "far half": mean(far, tie=0.0005)}


def made_up(count: int, dim: int, seed: int) -> tuple[Rows, Vectors, Vectors]:
    """Rows, clustered unit vectors, and questions near some of them."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(max(1, count // 100), dim))
    vectors = centres[rng.integers(len(centres), size=count)] + 0.7 * rng.normal(size=(count, dim))
    questions = vectors[rng.integers(count, size=100)] + 0.7 * rng.normal(size=(100, dim))
    unit = [np.asarray(v / np.linalg.norm(v, axis=1, keepdims=True), np.float32) for v in (vectors, questions)]
    return np.arange(count, dtype=np.int64), unit[0], unit[1]


def of_index(path: Path, file: Path | None, limit: int) -> tuple[Rows, Vectors, Vectors]:
    """Rows and vectors of an index, and questions from a JSONL file (else every n-th passage stands for one)."""
    with Index(path) as index:
        rows, vectors = vectors_of(index)
        if file is None:
            return rows, vectors, vectors[:: max(1, len(rows) // limit)][:limit]
        texts = [json.loads(line)["question"] for line in file.read_text("utf-8").splitlines()][:limit]
        return rows, vectors, index.embedder.encode_questions(texts)


def main() -> None:
    """Prints both measures and writes them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", default=["filters", "recall"], help="filters, recall or both")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--documents", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--index", type=Path, help="measure recall on this index's vectors")
    parser.add_argument("--questions", type=Path, help="JSONL with `question`, for --index")
    parser.add_argument("--json", type=Path)
    o = parser.parse_args()
    result: dict[str, Any] = json.loads(o.json.read_text("utf-8")) if o.json and o.json.exists() else {}
    if "filters" in o.parts:
        with tempfile.TemporaryDirectory() as folder:
            checker = Checker(Path(folder), o.documents, o.seed, reranker="bundled")
            checker.run(o.count, o.seed)
            checker.close()
        result["filters"] = {
            "n": o.count, "failures": len(checker.failures), "seed": o.seed, "documents": o.documents,
            "by index": checker.asked, "by surface": checker.surfaces,
            "first failures": checker.failures[:10], "machine": machine(),
        }  # fmt: skip
    if "recall" in o.parts:
        rows, vectors, questions = of_index(o.index, o.questions, 200) if o.index else made_up(120_000, 384, o.seed)
        result["recall@10"] = {
            kind: {"n": len(questions), "vectors": len(rows), **recall(rows, vectors, questions, limit, o.seed)}
            for kind, limit in (("exact", len(rows)), ("IVF", 0))
        }
        result["recall@10"] |= {"of": "the index's vectors" if o.index else "made-up vectors", "machine": machine()}
    print(json.dumps(result, indent=1))
    if o.json:
        o.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
