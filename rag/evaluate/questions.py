"""Reads judged questions: JSONL, a BEIR folder, or a TREC run. Decides what a relevant id names; scores nothing.

JSONL: `{"id", "question", "relevant": ["pmid:1", …]}`; an id with offsets (`pmid:1:100-240`) names a span, and a
passage that overlaps it is relevant. BEIR: `queries.jsonl`, `qrels/*.tsv`, and `corpus.jsonl` for the documents.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.errors import ConfigError

_SPAN = re.compile(r"\A(.+):(\d{1,12})-(\d{1,12})\Z")


@dataclass(frozen=True, slots=True)
class Judged:
    """A question and what is relevant to it: document ids, or (document id, start, end) spans."""

    id: str
    question: str
    relevant: dict[str, int]

    @property
    def spans(self) -> list[tuple[str, int, int]]:
        """The relevant ids that carry offsets."""
        found = (_SPAN.fullmatch(r) for r in self.relevant)
        return [(m[1], int(m[2]), int(m[3])) for m in found if m]


def read(path: Path, *, split: str = "test") -> list[Judged]:
    """The judged questions of a JSONL file or BEIR folder. Raises ConfigError with the line that is wrong."""
    questions = _beir(path, split) if path.is_dir() else list(_jsonl(path))
    kept = [q for q in questions if q.relevant]
    if not kept:
        raise ConfigError(f'{path}: no question has relevant ids; expected {{"id", "question", "relevant": […]}}')
    return kept


def _jsonl(path: Path) -> Iterator[Judged]:
    for number, record in objects(path):
        try:
            relevant = record["relevant"]
            graded = relevant if isinstance(relevant, dict) else dict.fromkeys(relevant, 1)
            yield Judged(str(record["id"]), str(record["question"]), {str(k): int(v) for k, v in graded.items()})
        except (KeyError, TypeError, ValueError) as error:
            raise ConfigError(
                f"{path}, line {number}: {error} is missing or wrong; expected id, question, relevant"
            ) from error


def _beir(path: Path, split: str) -> list[Judged]:
    files = sorted((path / "qrels").glob("*.tsv"))
    chosen = next((f for f in files if f.stem == split), files[0] if files else None)
    if chosen is None:
        raise ConfigError(f"{path}: a BEIR folder needs qrels/*.tsv")
    grades: dict[str, dict[str, int]] = {}
    with chosen.open(encoding="utf-8") as file:
        for row in csv.reader(file, delimiter="\t"):
            if len(row) == 3 and row[2].strip().lstrip("-").isdigit():
                grades.setdefault(row[0], {})[row[1]] = int(row[2])
    return [
        Judged(str(q["_id"]), str(q["text"]), grades.get(str(q["_id"]), {})) for _, q in objects(path / "queries.jsonl")
    ]


def beir_documents(path: Path, out: Path) -> Path:
    """Writes a BEIR folder's corpus as JSONL documents for `rag index`."""
    with out.open("w", encoding="utf-8") as file:
        for _, d in objects(path / "corpus.jsonl"):
            record = {"id": str(d["_id"]), "title": d.get("title") or "", "text": d.get("text") or d.get("title") or ""}
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
    return out


def read_run(path: Path) -> dict[str, list[tuple[str, float]]]:
    """A TREC run (`question Q0 document rank score tag`): (document, score) by question. Raises ConfigError."""
    run: dict[str, list[tuple[str, float]]] = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        fields = line.split()
        if not fields:
            continue
        try:
            run.setdefault(fields[0], []).append((fields[2], float(fields[4])))
        except (IndexError, ValueError) as error:
            raise ConfigError(f"{path}, line {number}: expected `question Q0 document rank score tag`") from error
    return run


def objects(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a JSONL file with their line numbers. Raises ConfigError."""
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield number, json.loads(line)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise ConfigError(f"{path}: not JSON, one object a line ({error})") from error
