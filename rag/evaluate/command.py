"""The command `rag eval retrieval`: options, progress and printing. Measures nothing itself."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer

from indexer.errors import ConfigError
from rag.options import IndexAt, Json

app = typer.Typer(no_args_is_help=True, help="Measure retrieval on your own judged questions.")
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


def _search(questions: Path, index: str | None, config: str, judged: list[Any], *, quiet: bool) -> Any:
    from dataclasses import replace

    import rag
    from rag.evaluate import retrieval as measuring
    from rag.evaluate.questions import beir_documents
    from rag.settings import EFFORTS

    given = _parsed(config)
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


def _parsed(config: str) -> Config:
    known = ("effort", "reranker", "expand")
    found: Config = {}
    for part in filter(None, config.split(",")):
        name, _, value = part.partition("=")
        if name not in known or not value:
            raise ConfigError(f"--config {part!r}: expected {', '.join(f'{k}=…' for k in known)}")
        found[name] = value
    return found


def _ticker(total: int, quiet: bool) -> Any:
    if quiet or not sys.stderr.isatty():
        return lambda _: None
    return lambda done: print(f"\r{done}/{total} questions", end="" if done < total else "\n", file=sys.stderr)


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
