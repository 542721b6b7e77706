"""The commands for finding documents: find, and watch add|list|remove|run. Decides their words and exit codes."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rag import settings
from rag.options import IndexAt, Json, open_library, safe, show_result

if TYPE_CHECKING:
    from indexer.types import Source
    from rag.tasks.find.watch import News

_HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
watch = typer.Typer(no_args_is_help=True, help="Saved searches that report new documents.", context_settings=_HELP)
_DURATION = re.compile(r"\A(\d{1,6})([smh]?)\Z")
_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600}
SearchesAt = Annotated[
    Path | None, typer.Option("--searches", help="The file of saved searches. Default: <index>.searches.json.")
]


def find(
    query: Annotated[str, typer.Argument(help="A field query, or a text of words.")],
    index: IndexAt = None,
    to: Annotated[Path | None, typer.Option("--to", help="Also write a .ris, .bib, .csv or .json (CSL) file.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Replace that file if it is there.")] = False,
    limit: Annotated[int, typer.Option("--limit", help="How many to print; the file gets all.")] = 50,
    as_json: Json = False,
) -> None:
    """List the documents that a PubMed-style query finds, newest first.

    Fields: ti, tiab, au, 1au, ta, dp, pt, mh, la, pmid, doi, design; AND, OR, NOT in capitals, from left to right.

    \b
    rag find "heart failure[ti] AND (sglt2 OR dapagliflozin*) AND 2015:2024[dp]"
    rag find "mcmurray jj[au] NOT review[pt]" --to heart-failure.ris
    rag find "卒中[ti] AND rct[design]" --json
    """
    from rag.tasks.find.query import parse
    from rag.tasks.find.results import find as found_by
    from rag.tasks.find.results import save

    parsed = parse(query)
    with open_library(index, None) as library:
        sources = found_by(parsed, library.index)
        if to is not None:
            save(sources, to, replace=replace)
    if as_json:
        show_result({"query": str(parsed), "count": len(sources), "sources": [asdict(s) for s in sources]})
        return
    typer.echo(f"{len(sources):,} documents: {safe(parsed)}")
    for source in sources[: max(limit, 0)]:
        typer.echo(_line(source))
    if len(sources) > limit:
        typer.echo(f"… and {len(sources) - limit:,} more; --limit {len(sources)} prints all")
    if to is not None:
        typer.echo(f"Written: {safe(to)}")


def _line(source: Source) -> str:
    flag = "RETRACTED · " if source.retracted else ""
    design = "" if source.design == "not stated" else source.design
    parts = [source.title or "no title", source.journal, str(source.year or ""), design, source.id]
    return safe(flag + " · ".join(p for p in parts if p))


def _file(searches: Path | None, index: str | None) -> Path:
    return searches or Path(settings.load(index=index).index.rstrip("/") + ".searches.json")


@watch.command("add")
def add(
    name: Annotated[str, typer.Argument(help="What to call it.")],
    text: Annotated[str, typer.Argument(help="A field query as for rag find, or a question with --question.")],
    index: IndexAt = None,
    question: Annotated[
        bool, typer.Option("--question", help="A question: documents among its best passages are reported.")
    ] = False,
    searches: SearchesAt = None,
    as_json: Json = False,
) -> None:
    """Save a search. What it finds now counts as known; only what comes later is reported.

    \b
    rag watch add hf "heart failure[ti] AND sglt2"
    rag watch add sepsis "Do early antibiotics save lives in sepsis?" --question
    """
    from rag.tasks.find.watch import Search, added, load, save

    path = _file(searches, index)
    with open_library(index, None) as library:
        now = added(Search(name, text, "question" if question else "query"), load(path), library)
    save(now, path)
    known = len(now[-1].seen)
    if as_json:
        show_result({"name": name, "known": known, "searches": str(path)})
    else:
        typer.echo(f"{safe(name)}: saved; {known} documents match now. Next: rag watch run FOLDER")


@watch.command("list")
def show(index: IndexAt = None, searches: SearchesAt = None, as_json: Json = False) -> None:
    """List the saved searches."""
    from rag.tasks.find.watch import load

    found = load(_file(searches, index))
    if as_json:
        show_result(
            {"searches": [{"name": s.name, "kind": s.kind, "text": s.text, "known": len(s.seen)} for s in found]}
        )
        return
    for s in found:
        typer.echo(safe(f"{s.name} · {s.kind} · {s.text} · {len(s.seen)} known"))
    if not found:
        typer.echo('none; add one: rag watch add NAME "query"')


@watch.command("remove")
def remove(
    name: Annotated[str, typer.Argument(help="Its name.")],
    index: IndexAt = None,
    searches: SearchesAt = None,
    as_json: Json = False,
) -> None:
    """Forget a saved search."""
    from rag.tasks.find.watch import load, removed, save

    path = _file(searches, index)
    save(removed(name, load(path)), path)
    show_result({"removed": name}) if as_json else typer.echo(f"{safe(name)}: removed")


@watch.command("run")
def run(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Folders and files to index first; none: only look.")
    ] = None,
    index: IndexAt = None,
    every: Annotated[
        str | None, typer.Option("--every", help="Look again after this time (30s, 10m, 2h), until Ctrl-C.")
    ] = None,
    to: Annotated[Path | None, typer.Option("--to", help="Also append each item to this file as a JSON line.")] = None,
    searches: SearchesAt = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON line for each item.")] = False,
) -> None:
    """Index what changed in folders, and report what the saved searches find that is new or was retracted.

    \b
    rag watch run papers/ --every 10m
    rag watch run papers/ --to news.jsonl        # once, for cron
    """
    wait = None if every is None else _duration(every)
    path, chosen = _file(searches, index), settings.load(index=index)
    before: dict[str, tuple[int, int]] | None = None
    skipped = False
    while True:
        before, skipped = _indexed(paths or [], chosen, before, as_json=as_json)
        for item in _news(index, path, to):
            typer.echo(
                json.dumps(_told(item), ensure_ascii=False) if as_json else f"[{safe(item.search)}] {_head(item)}"
            )
        sys.stdout.flush()
        if wait is None:
            break
        time.sleep(wait)
    if skipped:
        raise typer.Exit(3)


def _duration(text: str) -> int:
    m = _DURATION.match(text)
    if m is None or int(m[1]) == 0:
        raise typer.BadParameter(f"--every {text}: expected a time such as 30s, 10m or 2h")
    return int(m[1]) * _SECONDS[m[2]]


def _indexed(
    paths: Sequence[Path], chosen: settings.Settings, before: dict[str, tuple[int, int]] | None, *, as_json: bool
) -> tuple[dict[str, tuple[int, int]] | None, bool]:
    """Brings the index up to date if the folders changed; their new state, and whether a file was skipped."""
    from indexer.build import build
    from rag.tasks.find.watch import settled, snapshot

    if not paths or snapshot(paths) == before:
        return before, False
    state = settled(paths)
    report = build([str(p) for p in paths], into=chosen.index, embedder=chosen.embedder)
    bad = [f for f in report.files if f.verdict == "skipped" and f.reason != "unsupported"]
    read = sum(f.verdict == "indexed" for f in report.files)
    if not as_json and (read or bad):
        typer.echo(f"{read} files read; the index has {report.documents:,} documents", err=True)
    for f in bad:
        typer.echo(safe(f"skipped: {f.path}: {f.reason}"), err=True)
    return state, bool(bad)


def _news(index: str | None, path: Path, to: Path | None) -> Iterator[News]:
    """Each item, after it was written to the file; a search is saved once all its items were taken."""
    from rag.tasks.find.watch import kept, load, news

    searches = load(path)
    if not searches:
        typer.echo('no search is saved; add one: rag watch add NAME "query"', err=True)
        return
    with open_library(index, None) as library:
        for search in searches:
            items, after = news(search, library)
            for item in items:
                if to is not None:
                    _appended(to, json.dumps(_told(item), ensure_ascii=False) + "\n")
                yield item
            if after != search:
                kept(after, path)


def _appended(to: Path, line: str) -> None:
    """Raises ConfigError."""
    from indexer.errors import ConfigError

    try:
        with to.open("a", encoding="utf-8") as file:
            file.write(line)
    except OSError as error:
        raise ConfigError(f"--to {to}: cannot be written ({error.strerror}); give another file") from error


def _told(item: News) -> dict[str, Any]:
    return {"search": item.search, "what": item.what, "source": asdict(item.source)}


def _head(item: News) -> str:
    return f"{item.what}: {_line(item.source)}"
