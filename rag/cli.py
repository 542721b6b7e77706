"""The commands `rag` and `ask`: parse, call one library function, print. Decides words, exit codes and progress bars.

Exit codes: 0 done, 1 our error (one line on stderr), 2 usage, 3 some inputs skipped. Nothing heavy is imported before
a command needs it: `ask --help` must be instant.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from indexer.errors import RagError
from rag.evaluate.command import app as evaluation
from rag.options import (
    Design,
    EffortAt,
    Explain,
    IndexAt,
    Json,
    Kind,
    Language,
    Question,
    Retracted,
    Where,
    YearFrom,
    YearTo,
    open_library,
    question_from,
    where_from,
)  # fmt: skip

_INTERRUPTED = 130
# typer exports only one of its usage errors by name; this is what they share.
UsageError: Any = typer.BadParameter.__base__

app = typer.Typer(
    name="rag",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help="Answers medical questions from your own library and proves every sentence.\n\n"
    'Start with: rag index papers/ --into index, then: ask "Does metformin reduce mortality?"',
)


@app.command("ask")
def ask_command(
    question: Question,
    index: IndexAt = None,
    effort: EffortAt = None,
    year_from: YearFrom = None,
    year_to: YearTo = None,
    design: Design = None,
    kind: Kind = None,
    language: Language = None,
    allow_retracted: Retracted = False,
    where: Where = None,
    as_json: Json = False,
) -> None:
    """Answer a question; every sentence carries a quote that was checked against its source.

    \b
    ask "Does intensive blood pressure control reduce mortality?"
    ask "二甲双胍有什么副作用？" --year-from 2015
    echo "statins in primary prevention" | ask - --json
    """
    from rag import render

    with open_library(index, effort) as library:
        only = where_from(library, year_from, year_to, (design, kind, language), allow_retracted, where)
        answer = library.ask(question_from(question), where=only)
    _show(render.answer_json(answer) if as_json else render.answer_text(answer))


@app.command()
def search(
    question: Question,
    index: IndexAt = None,
    k: Annotated[int, typer.Option("-k", help="How many passages.")] = 10,
    effort: EffortAt = None,
    year_from: YearFrom = None,
    year_to: YearTo = None,
    design: Design = None,
    kind: Kind = None,
    language: Language = None,
    allow_retracted: Retracted = False,
    where: Where = None,
    explain: Explain = False,
    as_json: Json = False,
) -> None:
    """Find passages, with what each search gave them.

    \b
    rag search "thrombolysis within three hours" -k 5
    rag search "metformin" --where "design:rct year>=2010"
    rag search "Does Plavix help in COPD?" --explain
    """
    from rag import render
    from rag.explain import explained

    text = question_from(question)
    with open_library(index, effort) as library:
        only = where_from(library, year_from, year_to, (design, kind, language), allow_retracted, where)
        hits = library.search(text, k=k, where=only)
        told = explained(library, text, hits) if explain else None
    if as_json:
        _show({**render.search_json(text, hits), **({"explain": told} if told else {})})
    else:
        _show(render.hits_text(hits))
        if told:
            _show(render.explained_text(told))


@app.command()
def show(
    id: Annotated[str, typer.Argument(help="A passage, quote or source id, as printed under an answer.")],
    index: IndexAt = None,
    as_json: Json = False,
) -> None:
    """Print a passage in its place, with the quote marked.

    \b
    rag show doi:10.1056/nejmoa1511939:812-1003
    """
    from rag import render

    with open_library(index, None) as library:
        excerpt = library.show(id)
    _show(render.excerpt_json(excerpt) if as_json else render.excerpt_text(excerpt))


@app.command()
def index(
    paths: Annotated[list[str] | None, typer.Argument(help="Files and folders to index.")] = None,
    into: Annotated[str, typer.Option("--into", help="The index folder; made if it is not there.")] = "index",
    embedder: Annotated[str, typer.Option("--embedder", help="bundled, st:<name or path>, or hashing.")] = "bundled",
    prune: Annotated[bool, typer.Option("--prune", help="Remove documents whose files have gone.")] = False,
    remove: Annotated[
        list[str] | None, typer.Option("--remove", help="Remove this source id; may be repeated.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Build an index, or bring one up to date: only what changed is read and embedded.

    Reads PDF, PubMed XML, PMC JATS, Markdown, text, HTML and JSONL. Exit code 3: some files were skipped, each with
    its reason.

    \b
    rag index papers/ guidelines/ --into index
    rag index --remove pmid:32450107 --into index
    """
    from indexer import build as building
    from rag import render

    if bool(paths) == bool(remove):
        raise typer.BadParameter("give files and folders to index, or --remove with source ids")
    if remove:
        report = building.remove(remove, into=into)
    else:
        with _bar(quiet=as_json) as progress:
            report = building.build(paths or [], into=into, embedder=embedder, prune=prune, progress=progress)
    _show(render.report_json(report) if as_json else render.report_text(report))
    if any(f.verdict == "skipped" and f.reason != "unsupported" for f in report.files):
        raise typer.Exit(3)


@app.command()
def retractions(
    file: Annotated[str, typer.Argument(help="Retraction Watch's CSV, or JSON with retractions and concerns by DOI.")],
    into: Annotated[str, typer.Option("--into", help="The index folder.")] = "index",
    as_of: Annotated[str | None, typer.Option(help="The list's date, YYYY-MM-DD; else the newest in the file.")] = None,
    as_json: Json = False,
) -> None:
    """Load a list of retracted articles; documents that it names are left out of answers and shown as retracted.

    Documents that are indexed later are marked as they come. Load a new list every month.

    \b
    rag retractions retraction_watch.csv --into index
    """
    from indexer import build as building

    found, marked = building.flag(file, into=into, as_of=as_of)
    if as_json:
        _show({"entries": len(found.entries), "as_of": found.as_of, "marked": marked})
        return
    typer.echo(f"{len(found.entries):,} entries as of {found.as_of}; {len(marked)} document(s) of {_safe(into)} marked")
    for id in marked:
        typer.echo(f"  {_safe(id)}")


@app.command()
def verify(
    index: Annotated[str, typer.Argument(help="The index folder.")] = "index",
    as_json: Json = False,
) -> None:
    """Read everything in an index and check it against its checksums.

    \b
    rag verify index
    """
    from indexer.index import verify as check

    problems = list(check(index))
    if as_json:
        _show({"index": index, "problems": problems})
    else:
        for problem in problems:
            typer.echo(_safe(problem))
        typer.echo(f"{_safe(index)}: " + (f"{len(problems)} problem(s)" if problems else "all checksums hold"))
    if problems:
        raise typer.Exit(1)


@app.command()
def info(
    index: Annotated[str | None, typer.Argument(help="The index folder. Default as for ask.")] = None,
    ids: Annotated[bool, typer.Option("--ids", help="List the source ids.")] = False,
    as_json: Json = False,
) -> None:
    """Say what an index holds, which embedder made it, and what runs that embedder here and why.

    \b
    rag info index
    rag info index --ids
    """
    with open_library(index, None) as library:
        found, manifest = library.index.catalogue, library.index.manifest
        facts: dict[str, Any] = {
            "index": str(library.index.folder), "generation": manifest.generation, "created": manifest.created,
            "documents": manifest.documents, "passages": manifest.passages, "embedder": manifest.embedder,
            "dimension": manifest.dim, "fingerprint": manifest.fingerprint, "passages recipe": manifest.passages_recipe,
            "engine": library.index.embedder.engine, "retraction list": _list(found.retraction_list()),
            **found.values(),
        }  # fmt: skip
        listed = found.ids() if ids else []
    if as_json:
        _show({**facts, "ids": listed} if ids else facts)
        return
    for name, value in facts.items():
        counted = ", ".join(f"{k or 'unknown'} {n}" for k, n in value.items()) if isinstance(value, dict) else value
        typer.echo(f"{name:<16} {_safe(counted)}")
    for id in listed:
        typer.echo(_safe(id))


app.add_typer(evaluation, name="eval")


def _list(loaded: tuple[str, str, int] | None) -> str:
    return (
        f"{loaded[0]}, {loaded[2]:,} entries as of {loaded[1]}"
        if loaded
        else "none; load one with: rag retractions FILE"
    )


def _safe(text: object) -> str:
    from rag.render import safe

    return safe(text)


def _show(what: Any) -> None:
    from rag.render import console

    if isinstance(what, dict):
        typer.echo(json.dumps(what, ensure_ascii=False, indent=1))
    else:
        console().print(what, soft_wrap=not sys.stdout.isatty())


@contextlib.contextmanager
def _bar(*, quiet: bool) -> Iterator[Any]:
    from indexer.progress import Silent

    if quiet or not sys.stderr.isatty():
        yield Silent()
        return
    from rag.progress import Bar

    with Bar() as bar:
        yield bar


def main() -> None:
    """The `rag` command: our errors become one line and exit code 1, Ctrl-C 130, a closed pipe silence."""
    try:
        code = app(standalone_mode=False) or 0
        if code == _INTERRUPTED:  # typer has turned Ctrl-C into this exit code
            raise KeyboardInterrupt
        sys.exit(code)
    except UsageError as error:
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        typer.echo("stopped; the index is as it was published last, and the same command goes on from here", err=True)
        sys.exit(_INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(1)
    except RagError as error:
        typer.echo(f"error: {_safe(error)}", err=True)
        sys.exit(1)
    except Exception as error:
        if os.environ.get("ANAMNESIS_DEBUG"):
            raise
        text = f"internal error: {type(error).__name__}: {error}; set ANAMNESIS_DEBUG=1 to see where, and report it"
        typer.echo(_safe(text), err=True)
        sys.exit(1)


def ask_main() -> None:
    """The `ask` command: `rag ask`."""
    sys.argv = ["rag", "ask", *sys.argv[1:]]
    main()


if __name__ == "__main__":
    main()
