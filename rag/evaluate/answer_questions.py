"""Reads questions with right answers: JSONL in BioASQ's golden format or PubMedQA's. Decides what counts as a right
answer of each; scores nothing.

`{"id", "question", "type": yesno | factoid | list | summary, "exact_answer", "ideal_answer", "relevant"}` (BioASQ), or
`{"id", "question", "label" or "final_decision", "conclusion" or "long_answer"}` (PubMedQA: the type is yesno). All but
id and question may be absent. `"answerable": false` marks a question that the library cannot answer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from indexer.errors import ConfigError
from rag.evaluate.questions import objects

Type = Literal["yesno", "factoid", "list", "summary"]
TYPES: tuple[Type, ...] = ("yesno", "factoid", "list", "summary")
LABELS = ("yes", "no", "maybe")


@dataclass(frozen=True, slots=True)
class Gold:
    """A question and its right answers.

    label: of a yes/no question. labels: all that its set uses. names: one tuple of synonyms for each thing to name.
    ideal: answers in prose by people. relevant: ids of documents that answer it.
    """

    id: str
    question: str
    type: Type
    label: str | None = None
    labels: tuple[str, ...] = ()
    names: tuple[tuple[str, ...], ...] = ()
    ideal: tuple[str, ...] = ()
    relevant: frozenset[str] = frozenset()
    answerable: bool = True


def read(path: Path) -> list[Gold]:
    """The questions of a JSONL file. Raises ConfigError with the line that is wrong."""
    found: list[Gold] = []
    for number, record in objects(path):
        try:
            found.append(gold(record))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ConfigError(f"{path}, line {number}: {error}; expected id, question, type, exact_answer") from error
    if not found:
        raise ConfigError(f"{path}: no questions")
    if len({q.id for q in found}) < len(found):
        raise ConfigError(f"{path}: two questions have the same id")
    labels = tuple(x for x in LABELS if any(q.label == x for q in found))
    return [replace(q, labels=labels) for q in found]


def gold(record: dict[str, Any]) -> Gold:
    """One question of either format. Raises KeyError, TypeError or ValueError for what it is not."""
    exact = next((record[k] for k in ("exact_answer", "final_decision", "label") if record.get(k) is not None), None)
    ideal: Any = next((record[k] for k in ("ideal_answer", "long_answer", "conclusion") if record.get(k)), [])
    decided = isinstance(exact, str) and exact.strip().lower() in LABELS
    type = record.get("type") or ("yesno" if decided else "summary")
    if type not in TYPES:
        raise ValueError(f"type {type!r} is none of {', '.join(TYPES)}")
    if type == "yesno" and exact is not None and not decided:
        raise ValueError(f"{exact!r} is none of {', '.join(LABELS)}")
    relevant = record.get("relevant") or []
    return Gold(
        id=str(record["id"]), question=str(record["question"]), type=type,
        label=str(exact).strip().lower() if type == "yesno" and decided else None,
        names=_names(exact, type) if type in ("factoid", "list") else (),
        ideal=(ideal,) if isinstance(ideal, str) else tuple(map(str, ideal)),
        relevant=frozenset(map(str, relevant)), answerable=record.get("answerable", True) is not False,
    )  # fmt: skip


def _names(exact: Any, type: Type) -> tuple[tuple[str, ...], ...]:
    """One tuple of synonyms a thing. In a factoid every name is a synonym of the one answer, as BioASQ counts it."""
    items = [exact] if isinstance(exact, str) else list(exact or ())
    synonyms = [(i,) if isinstance(i, str) else tuple(map(str, i)) for i in items]
    if type == "factoid":
        flat = tuple(name for group in synonyms for name in group)
        return (flat,) if flat else ()
    return tuple(group for group in synonyms if group)
