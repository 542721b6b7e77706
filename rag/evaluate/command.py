"""The commands `rag eval retrieval` and `rag eval answers`: options, progress and printing. Measures nothing itself."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from indexer.errors import ConfigError
from rag.options import IndexAt, Json
from rag.render import safe

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rag.evaluate.answers import AnswerFrom, Measured, Probes
    from rag.library import Library
    from rag.types import Answer, Hit

app = typer.Typer(no_args_is_help=True, help="Measure retrieval and answers on your own judged questions.")
Config = dict[str, str]


@app.command("retrieval")
def retrieval(
    questions: Annotated[Path, typer.Argument(help="JSONL with id, question, relevant; or a BEIR folder.")],
    index: IndexAt = None,
    config: Annotated[str, typer.Option(help="What is measured: effort=…,reranker=…,expand=on|off.")] = "",
    against: Annotated[str | None, typer.Option(help="A second configuration, compared by question.")] = None,
    run_file: Annotated[Path | None, typer.Option("--run", help="Score this TREC run instead of searching.")] = None,
    save_run: Annotated[Path | None, typer.Option(help="Write the run in TREC format.")] = None,
    per_question: Annotated[Path | None, typer.Option(help="Write each question's measures as JSONL.")] = None,
    limit: Annotated[int | None, typer.Option(help="Only the first N questions.")] = None,
    as_json: Json = False,
) -> None:
    """nDCG@10, R@100, MRR@10 and time, on questions whose relevant documents or spans are known.

    \b
    rag eval retrieval questions.jsonl -i index
    rag eval retrieval questions.jsonl -i index --config effort=normal --against effort=quick
    rag eval retrieval scifact/                      (a BEIR folder: its corpus is indexed first)
    rag eval retrieval questions.jsonl --run other-system.trec
    """
    from rag.evaluate import questions as reading
    from rag.evaluate import retrieval as measuring

    judged = reading.read(questions)[:limit]
    if run_file is not None:
        outcome = measuring.score(judged, reading.read_run(run_file))
        return _report({str(run_file): outcome.summary()}, None, len(judged), as_json)
    outcomes = {}
    for text in dict.fromkeys([config, *([against] if against is not None else [])]):
        found, times = _search(questions, index, text, judged, quiet=as_json)
        outcomes[text or "default"] = measuring.score(judged, found, times)
        if save_run is not None and text == config:
            save_run.write_text(_trec(found), encoding="utf-8")
    first, *rest = outcomes.values()
    if per_question is not None:
        rows = [{"id": q.id, **{m: v[q.id] for m, v in first.per_question.items()}} for q in judged]
        per_question.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    difference = measuring.compared(rest[0], first) if rest else None
    return _report({name: o.summary() for name, o in outcomes.items()}, difference, len(judged), as_json)


@app.command("answers")
def answers(
    questions: Annotated[Path, typer.Argument(help="JSONL with id, question and right answers (BioASQ, PubMedQA).")],
    index: IndexAt = None,
    config: Annotated[str, typer.Option(help="What is measured: generator=…,effort=…,reranker=…,judge=….")] = "",
    against: Annotated[str | None, typer.Option(help="A second configuration, compared by question.")] = None,
    judge: Annotated[str, typer.Option(help="Who says whether citations support claims (none: not asked).")] = "none",
    orders: Annotated[bool, typer.Option("--orders", help="Ask twice, the second time with hits reversed.")] = False,
    per_question: Annotated[
        Path | None, typer.Option(help="Write each question's answer and measures (JSONL).")
    ] = None,
    limit: Annotated[int | None, typer.Option(help="Only the first N questions.")] = None,
    as_json: Json = False,
) -> None:
    """Right answers, wording, citations, abstaining, confidence, time. Ctrl-C prints what was measured so far.

    \b
    rag eval answers questions.jsonl -i index
    rag eval answers questions.jsonl -i index --config effort=normal --against effort=quick --limit 60
    """
    from rag.evaluate import answer_questions
    from rag.evaluate import answers as measuring

    asked = answer_questions.read(questions)[:limit]
    measured: dict[str, Measured] = {}
    for text in dict.fromkeys([config, *([against] if against is not None else [])]):
        with opened(text, index) as library:
            found = measuring.run(
                asked,
                library.ask,
                probes=probes(library, judge=judge, orders=orders),
                progress=_ticker(len(asked), as_json),
            )
        measured[text or "default"] = found
        if not found.complete:
            break
    first, *rest = measured.values()
    if per_question is not None:
        lines = (json.dumps(r, ensure_ascii=False) + "\n" for r in measuring.records(first))
        per_question.write_text("".join(lines), encoding="utf-8")
    difference = measuring.difference(rest[0], first) if rest else {}
    summaries = {name: measuring.summary(m) for name, m in measured.items()}
    _report_answers(measured, summaries, difference, asked=len(asked), as_json=as_json)
    if any(m.failed or not m.complete for m in measured.values()):
        raise typer.Exit(3)


def opened(config: str, index: str | None) -> Library:
    """The library that a configuration text names. Raises ConfigError, IndexUnusable."""
    import rag

    given = _parsed(config, ("generator", "effort", "reranker", "judge"))
    return rag.open(
        *([index] if index else []), generator=given.get("generator"), effort=given.get("effort"),
        reranker=given.get("reranker"), judge=given.get("judge"),
    )  # fmt: skip


def probes(library: Library, *, judge: str, orders: bool) -> Probes:
    """What this library can be measured with. Raises ConfigError for an unknown judge."""
    from rag.evaluate.answers import Probes
    from rag.judge import judge_from
    from rag.numbers import untraced

    return Probes(judge_from(judge), untraced, _from_hits(library) if orders else None)


def _from_hits(library: Library) -> AnswerFrom:
    """Answers from given hits in their order."""
    from indexer.types import Filter
    from rag.answer import answer_from
    from rag.retrieve import asked
    from rag.settings import EFFORTS

    def answer(question: str, hits: Sequence[Hit]) -> Answer:
        meant = asked(library.index, question, EFFORTS[library.settings.effort])
        return answer_from(
            meant, hits, index=library.index, models=library.models, settings=library.settings, where=Filter()
        )

    return answer


def _search(questions: Path, index: str | None, config: str, judged: list[Any], *, quiet: bool) -> Any:
    from dataclasses import replace

    import rag
    from rag.evaluate import retrieval as measuring
    from rag.evaluate.questions import beir_documents
    from rag.settings import EFFORTS

    given = _parsed(config, ("effort", "reranker", "expand"))
    with tempfile.TemporaryDirectory() as work:
        folder = index
        if questions.is_dir() and index is None:
            folder = str(Path(work) / "index")
            rag.build([beir_documents(questions, Path(work) / "corpus.jsonl")], into=folder)
        with rag.open(*([folder] if folder else []), reranker=given.get("reranker"), effort=given.get("effort")) as lib:
            effort = replace(EFFORTS[lib.settings.effort], expand=given.get("expand", "on") == "on")
            return measuring.run(
                lib.index, judged, effort=effort, reranker=lib.reranker, progress=_ticker(len(judged), quiet)
            )


def _parsed(config: str, known: tuple[str, ...]) -> Config:
    found: Config = {}
    for part in filter(None, config.split(",")):
        name, _, value = part.partition("=")
        if name not in known or not value:
            raise ConfigError(f"--config {part!r}: expected {', '.join(f'{k}=…' for k in known)}")
        found[name] = value
    return found


def _ticker(total: int, quiet: bool) -> Callable[[int], None]:
    """Shows how many questions are done, how many a second, and the time left; on a terminal only."""
    if quiet or not sys.stderr.isatty():
        return lambda _: None
    started = time.monotonic()
    return lambda done: print(
        "\r" + pace(done, total, time.monotonic() - started), end="" if done < total else "\n", file=sys.stderr
    )


def pace(done: int, total: int, seconds: float) -> str:
    """`12/60 questions, 1.5/s, 0:32 left`."""
    left = round(seconds / done * (total - done))
    return f"{done}/{total} questions, {done / max(seconds, 1e-3):.2g}/s, {left // 60}:{left % 60:02} left "


def _trec(found: dict[str, list[tuple[str, float]]]) -> str:
    return "".join(
        f"{q} Q0 {unit} {rank} {score} anamnesis\n"
        for q, units in found.items()
        for rank, (unit, score) in enumerate(units, start=1)
    )


def _report(summaries: dict[str, dict[str, float]], difference: Any, count: int, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"questions": count, "configurations": summaries, "comparison": difference}, indent=1))
        return
    names = list(next(iter(summaries.values())))
    width = max(len(s) for s in summaries) + 2
    typer.echo(f"{count} questions\n{'':<{width}}" + "".join(f"{n:>12}" for n in names))
    for config, values in summaries.items():
        typer.echo(f"{config:<{width}}" + "".join(f"{values[n]:>12}" for n in names))
    for name, d in (difference or {}).items():
        typer.echo(f"{name}: {d['difference']:+.4f}, {d['better']} better, {d['worse']} worse, p = {d['p']}")


def _report_answers(
    measured: dict[str, Measured], summaries: dict[str, Any], difference: dict[str, Any], *, asked: int, as_json: bool
) -> None:
    counts = {
        name: {"measured": len(m.rows), "failed": len(m.failed), "complete": m.complete} for name, m in measured.items()
    }
    if as_json:
        found = {"questions": asked, "counts": counts, "configurations": summaries, "comparison": difference or None}
        typer.echo(json.dumps(found, indent=1, ensure_ascii=False))
        return
    for name, c in counts.items():
        stopped = "" if c["complete"] else "; stopped before the end"
        typer.echo(f"{name}: {c['measured']} of {asked} questions, {c['failed']} failed{stopped}")
        for id, error in list(measured[name].failed.items())[:3]:
            typer.echo(f"  {id}: {safe(error)}")
    typer.echo(table(summaries))
    if difference:
        typer.echo(" against ".join(measured) + " (measures in which a question differs)")
    for name, d in difference.items():
        if d["better"] or d["worse"]:
            typer.echo(f"{name}: {d['difference']:+.4f}, {d['better']} higher, {d['worse']} lower, p = {d['p']}")


def table(summaries: dict[str, dict[str, dict[str, Any]]]) -> str:
    """A line for every measure, a column for every configuration."""
    width = max(12, *(len(name) + 2 for name in summaries))
    lines = [" " * 36 + "".join(f"{name:>{width}}" for name in summaries)]
    for group in dict.fromkeys(g for s in summaries.values() for g in s):
        held = [s.get(group, {}) for s in summaries.values()]
        lines.append(f"{group}, n = " + " / ".join(dict.fromkeys(str(h.get("n", 0)) for h in held)))
        for name in dict.fromkeys(n for h in held for n, v in h.items() if n != "n" and isinstance(v, float | int)):
            lines.append(f"  {name:<34}" + "".join(f"{h.get(name, ''):>{width}}" for h in held))
    return "\n".join(lines)
