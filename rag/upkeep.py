"""The commands that keep an index: index, retractions, verify, info. Decides their words and exit codes."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from rag import settings
from rag.options import Json, open_library, safe, show_result


def index(
    paths: Annotated[list[str] | None, typer.Argument(help="Files and folders to index.")] = None,
    into: Annotated[
        str | None, typer.Option("--into", help="The index folder; made if it is not there. Default as for ask.")
    ] = None,
    embedder: Annotated[
        str | None, typer.Option("--embedder", help="bundled (the default), st:<name or path>, or hashing.")
    ] = None,
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
    chosen = settings.load(index=into, embedder=embedder)
    if remove:
        report = building.remove(remove, into=chosen.index)
    else:
        with _bar(quiet=as_json) as progress:
            report = building.build(
                paths or [], into=chosen.index, embedder=chosen.embedder, prune=prune, progress=progress
            )
    show_result(render.report_json(report) if as_json else render.report_text(report))
    if any(f.verdict == "skipped" and f.reason != "unsupported" for f in report.files):
        raise typer.Exit(3)


def retractions(
    file: Annotated[str, typer.Argument(help="Retraction Watch's CSV, or JSON with retractions and concerns by DOI.")],
    into: Annotated[str | None, typer.Option("--into", help="The index folder. Default as for ask.")] = None,
    as_of: Annotated[str | None, typer.Option(help="The list's date, YYYY-MM-DD; else the newest in the file.")] = None,
    as_json: Json = False,
) -> None:
    """Load a list of retracted articles; documents that it names are left out of answers and shown as retracted.

    Documents that are indexed later are marked as they come. Load a new list every month.

    \b
    rag retractions retraction_watch.csv --into index
    """
    from indexer import build as building

    folder = settings.load(index=into).index
    done = building.flag(file, into=folder, as_of=as_of)
    entries, as_of = len(done.loaded.entries), done.loaded.as_of
    if as_json:
        show_result({"entries": entries, "as_of": as_of, "marked": done.marked, "cleared": done.cleared})
        return
    typer.echo(
        f"{entries:,} entries as of {as_of}; {len(done.marked)} document(s) of {safe(folder)} marked, "
        f"{len(done.cleared)} cleared"
    )
    for id in done.marked:
        typer.echo(f"  {safe(id)}")
    for id in done.cleared:
        typer.echo(f"  {safe(id)} (no longer on the list)")


def verify(
    index: Annotated[str | None, typer.Argument(help="The index folder. Default as for ask.")] = None,
    as_json: Json = False,
) -> None:
    """Read everything in an index and check it against its checksums.

    \b
    rag verify index
    """
    from indexer.index import verify as check

    folder = settings.load(index=index).index
    problems = list(check(folder))
    if as_json:
        show_result({"index": folder, "problems": problems})
    else:
        for problem in problems:
            typer.echo(safe(problem))
        typer.echo(f"{safe(folder)}: " + (f"{len(problems)} problem(s)" if problems else "all checksums hold"))
    if problems:
        raise typer.Exit(1)


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
        show_result({**facts, "ids": listed} if ids else facts)
        return
    for name, value in facts.items():
        counted = ", ".join(f"{k or 'unknown'} {n}" for k, n in value.items()) if isinstance(value, dict) else value
        typer.echo(f"{name:<16} {safe(counted)}")
    for id in listed:
        typer.echo(safe(id))


def _list(loaded: tuple[str, str, int] | None) -> str:
    return (
        f"{loaded[0]}, {loaded[2]:,} entries as of {loaded[1]}"
        if loaded
        else "none; load one with: rag retractions FILE"
    )


@contextlib.contextmanager
def _bar(*, quiet: bool) -> Iterator[Any]:
    from indexer.progress import Silent

    if quiet or not sys.stderr.isatty():
        yield Silent()
        return
    from rag.progress import Bar

    with Bar() as bar:
        yield bar
