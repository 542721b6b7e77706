"""The command triage. Decides its words and the order of what is printed: alert, departments, cases, notice."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.options import Json, Question, question_from, safe, show_result

if TYPE_CHECKING:
    from rag.tasks.triage.answer import Triaged

_WORDS = {
    "zh": {"first": "建议先到", "unsure": "还不能确定科室，可先到全科医学科（普通内科）就诊。可能相关：",
           "rests": "依据：问题中提到", "like": "您的病例库中相似的问题：", "ask": "请补充："},
    "en": {"first": "Where to ask first",
    "unsure": "Too uncertain to name a department: general practice first. Possible:",
           "rests": "because the question says", "like": "Similar cases of your library:", "ask": "To be asked:"},
}  # fmt: skip


def triage(
    question: Question,
    top: Annotated[int, typer.Option("--top", help="How many departments.", min=1)] = 3,
    cases: Annotated[
        Path | None,
        typer.Option("--cases", help='Your own cases, JSONL of {"question", "label"}: similar ones are shown.'),
    ] = None,
    model: Annotated[
        Path | None,
        typer.Option("--model", help="A folder that scripts/train_triage.py wrote. Default: the bundled one."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Say which hospital department a question belongs to, in Chinese or English; red flags first, never a diagnosis.

    \b
    rag triage "我最近总是咳嗽，是什么原因？"
    rag triage "My knee clicks and hurts on the stairs" --top 5
    rag triage - --json < question.txt
    rag triage "头痛" --cases our-cases.jsonl --model my-triage
    """
    from rag.tasks.triage import answer
    from rag.tasks.triage.cases import read

    chosen: answer.Model | None = None
    if model is not None:
        from rag.tasks.triage.folder import FolderTriage

        chosen = FolderTriage(model)
    library = read(cases) if cases else None
    if library and library.skipped:
        typer.echo(f"{safe(cases)}: {library.skipped} lines are no case and were left out", err=True)
    found = answer.triage(question_from(question), top=top, model=chosen, cases=library)
    if as_json:
        show_result(found.json())
    else:
        typer.echo(text(found))


def text(found: Triaged) -> str:
    """What a person reads."""
    words = _WORDS[found.language]
    lines = [found.alert.text, ""] if found.alert else []
    if found.departments:
        lines.append(words["first"] + ":" if found.sure else words["unsure"])
    for one in found.departments:
        said = ", ".join(dict.fromkeys(f"“{safe(t)}”" for _, _, t in one.matched))
        because = f"  ({words['rests']} {said})" if said else ""
        lines.append(f"  {one.probability:4.0%}  {safe(one.name)}{because}")
    if found.ask:
        lines += [words["ask"], *(f"  - {q}" for q in found.ask)]
    if found.cases:
        lines += [words["like"], *(f"  {c.score:.2f}  {safe(c.label)}: {safe(c.question[:120])}" for c in found.cases)]
    return "\n".join([*lines, "", found.notice])
