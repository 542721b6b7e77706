"""The command `rag educate`: an answer for a patient. Decides its words and exit codes."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rag.options import IndexAt, Json, Question, open_library, question_from, safe, show_result

if TYPE_CHECKING:
    from rag.tasks.education import Leaflet


def educate(
    question: Question,
    index: IndexAt = None,
    reading_grade: Annotated[float, typer.Option("--grade", help="School years that reading it may need.")] = 8.0,
    to: Annotated[Path | None, typer.Option("--to", help="Also write a .md, .html, .docx or .json file.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Replace that file if it is there.")] = False,
    as_json: Json = False,
) -> None:
    """Answer for a patient: plain words, the same numbers and citations, hard words explained.

    \b
    rag educate "Should my blood pressure be below 120?"
    rag educate "我很担心，孩子近视怎么预防？" --to page.html
    """
    from rag.safety import decline, first
    from rag.tasks.education import leaflet, page
    from rag.tasks.report.writing import checked, rendered, save

    text = question_from(question)
    if to is not None:
        checked(to, replace=replace)
    alert, declined = first(text), decline(text)
    if declined or (alert and alert.stops):
        _stopped(
            alert.text if alert else declined.message if declined else "", alert.json() if alert else None, as_json
        )
        return
    with open_library(index, None) as library:
        made = leaflet(library.ask(text), reading_grade=reading_grade)
    if to is not None:
        save(rendered(page(made), to.suffix), to, private=False)
    if as_json:
        show_result({"alert": alert.json() if alert else None, **_json(made)})
        return
    if alert:
        typer.echo(safe(alert.text) + "\n")
    typer.echo(_text(made))


def _stopped(message: str, alert: dict[str, Any] | None, as_json: bool) -> None:
    """What is said instead of an answer."""
    show_result({"alert": alert, "message": message}) if as_json else typer.echo(safe(message))


def _json(made: Leaflet) -> dict[str, Any]:
    level = made.level if isinstance(made.level, float) else asdict(made.level)
    return {
        "question": made.question, "language": made.language, "opening": made.opening,
        "told": [asdict(t) for t in made.told], "words": dict(made.words), "steps": list(made.steps), "level": level,
        "notices": list(made.notices),
        "citations": [
            {"number": c.number, "id": c.passage.source.id, "title": c.passage.source.title, "start": c.start,
             "end": c.end, "quote": c.quote}
            for c in made.citations
        ],
    }  # fmt: skip


def _text(made: Leaflet) -> str:
    from rag.tasks.education import page
    from rag.tasks.page import Heading, Paragraph, Points

    lines: list[str] = []
    told = page(made)
    for block in told.blocks:
        if isinstance(block, Heading):
            lines += ["", block.text]
        elif isinstance(block, Paragraph):
            lines.append(" ".join(t.text for t in block.texts))
        elif isinstance(block, Points):
            marks = ["".join(f" [{n}]" for n in t.cites) for t in block.items]
            lines += [f"- {t.text}{mark}" for t, mark in zip(block.items, marks, strict=True)]
    lines += ["", *(f"[{r.label}] {r.text}" for r in told.references), "", *told.notices]
    measured = f"grade {made.level}" if isinstance(made.level, float) else f"{made.level.clause} 字/分句"
    return "\n".join([*map(safe, lines), f"({measured})"])
