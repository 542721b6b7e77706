"""One question's triage: red flags first, then departments with probability and what each rests on.

Decides when an answer is too uncertain to name a department first (then it is general practice, with what to ask), and
that a crisis gets no departments at all. Never says what somebody has: a department is where to ask. Prints nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.errors import ConfigError
from indexer.language import language_of
from rag.safety import Alert, first
from rag.tasks.triage.cases import Case, Cases
from rag.tasks.triage.model import model as bundled
from rag.tasks.triage.table import table

# Below this the first department is named as a possibility only. Chosen by eye, not tuned: docs/triage.md.
SURE = 0.4
GENERAL = "general"
NOTICE = {
    "zh": "分诊建议由程序给出，只说明可以先到哪个科室咨询，不是诊断，也不能代替医生。"
    "症状加重或出现新的症状，请及时就医。",
    "en": "A program suggests where to ask first. This is no diagnosis and does not replace a doctor. If it gets worse "
    "or something new appears, see a doctor promptly.",
}
ASK = {
    "zh": ("哪里不舒服？是什么样的感觉？", "从什么时候开始？越来越重吗？", "有没有发热、体重下降或其他症状？",
           "多大年纪？是否怀孕？", "有什么病史？在用什么药？"),
    "en": ("Where is it, and what does it feel like?", "Since when? Is it getting worse?",
           "Is there fever, weight loss or anything else?", "How old is the person? Pregnant?",
           "Which illnesses are known, which medicines are taken?"),
}  # fmt: skip


class Model(Protocol):
    """What says probabilities: the bundled model, or a folder's (`labels` beside it)."""

    spec: str

    def probabilities(self, text: str) -> NDArray[np.float32]:
        """float32 (labels,); sums to 1."""
        ...


@dataclass(frozen=True, slots=True)
class Suggestion:
    """department: its key (or the folder's label); name in the question's language; matched: what the question says
    that
    the table lists there, as (start, end, text) of the question."""

    department: str
    name: str
    probability: float
    matched: tuple[tuple[int, int, str], ...]


@dataclass(frozen=True, slots=True)
class Triaged:
    """alert goes first; sure: whether the first suggestion is more than a possibility; ask: what to find out if not."""

    question: str
    language: str
    alert: Alert | None
    sure: bool
    departments: tuple[Suggestion, ...]
    cases: tuple[Case, ...]
    ask: tuple[str, ...]
    notice: str
    model: str

    def json(self) -> dict[str, Any]:
        """The object that `--json` prints."""
        return {
            "question": self.question, "alert": self.alert.json() if self.alert else None, "sure": self.sure,
            "departments": [
                {"department": d.department, "name": d.name, "probability": round(d.probability, 4),
                 "matched": [{"start": s, "end": e, "text": t} for s, e, t in d.matched]}
                for d in self.departments
            ],
            "cases": [{"question": c.question, "label": c.label, "line": c.line, "score": c.score} for c in self.cases],
            "ask": list(self.ask), "notices": [self.notice], "model": self.model,
        }  # fmt: skip


def triage(question: str, *, top: int = 3, model: Model | None = None, cases: Cases | None = None) -> Triaged:
    """The `top` departments for a question. Raises ConfigError for an empty question or top below 1."""
    if not question.strip():
        raise ConfigError('the question is empty; write one, for example: rag triage "I keep coughing"')
    if top < 1:
        raise ConfigError(f"--top {top}: expected 1 or more")
    language = "zh" if language_of(question) == "zh" else "en"
    alert = first(question)
    notice = NOTICE[language]
    chosen = model or bundled()
    if alert is not None and alert.stops:
        return Triaged(question, language, alert, False, (), (), (), notice, chosen.spec)
    labels = getattr(chosen, "labels", None) or table().keys
    probabilities = chosen.probabilities(question)
    order = np.argsort(-probabilities, kind="stable")[:top]
    found = tuple(
        Suggestion(labels[i], _name(labels[i], language), float(probabilities[i]), _matched(question, labels[i]))
        for i in order
    )
    sure = found[0].probability >= SURE and found[0].department != GENERAL
    like = tuple(cases.like(question)) if cases else ()
    return Triaged(question, language, alert, sure, found, like, () if sure else ASK[language], notice, chosen.spec)


def _name(label: str, language: str) -> str:
    return table().name(label, language) if label in table().keys else label


def _matched(question: str, label: str) -> tuple[tuple[int, int, str], ...]:
    return tuple(
        (m.start, m.end, question[m.start : m.end])
        for m in table().matches(question)
        if any(key == label for key, _ in m.departments)
    )
