"""The options that several commands share: their names and help, and what they mean."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from indexer.errors import ConfigError

if TYPE_CHECKING:
    from indexer.types import Filter
    from rag.library import Library
    from rag.types import Claim

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]
IndexAt = Annotated[
    str | None,
    typer.Option("--index", "-i", help="The index folder. Default: $ANAMNESIS_INDEX, else ./index."),
]
Question = Annotated[list[str], typer.Argument(help="The question; - reads it from standard input.")]
EffortAt = Annotated[str | None, typer.Option("--effort", help="quick, normal or thorough.")]
YearFrom = Annotated[int | None, typer.Option("--year-from", help="Only sources of this year or later.")]
YearTo = Annotated[int | None, typer.Option("--year-to", help="Only sources of this year or earlier.")]
Design = Annotated[list[str] | None, typer.Option("--design", help="Only this evidence level; may be repeated.")]
Kind = Annotated[list[str] | None, typer.Option("--kind", help="Only this kind (article, abstract, …).")]
Language = Annotated[list[str] | None, typer.Option("--language", help="Only sources in this language (en, zh).")]
Where = Annotated[
    str | None, typer.Option("--where", help='A filter, e.g. "year>=2015 design:rct,meta-analysis language:en".')
]
Explain = Annotated[bool, typer.Option("--explain", help="Show what was understood and what each stage gave.")]
GeneratorAt = Annotated[
    str | None,
    typer.Option(
        "--generator", help="Who writes: extractive, hf:<name or path>, hf:<base>+<adapter>, openai:<model>@<url>."
    ),
]
JudgeAt = Annotated[str | None, typer.Option("--judge", help="Who judges: bundled, nli:<name or path>, overlap, none.")]
Deadline = Annotated[
    float | None, typer.Option("--deadline", help="Seconds that one draft of a language model may take.")
]
ShowUnsupported = Annotated[
    bool | None, typer.Option("--show-unsupported", help="Show sentences that their sources do not support, marked.")
]
Patient = Annotated[str | None, typer.Option("--patient", help="Ask this patient's record too.")]
RecordsAt = Annotated[
    str | None,
    typer.Option("--records", help="The store of records. Default: $ANAMNESIS_RECORDS, else ./records."),
]
KeyFile = Annotated[
    str | None,
    typer.Option("--key-file", help="The records' key file. Default: $ANAMNESIS_RECORDS_KEY_FILE, or a passphrase."),
]
BreakGlass = Annotated[
    str, typer.Option("--break-glass", help="The reason for reading a record that is not yours to read; it is logged.")
]
Retracted = Annotated[bool, typer.Option("--allow-retracted", help="Use retracted articles too, marked as such.")]


def question_from(words: list[str]) -> str:
    """The question of the command line, or of standard input when it is `-`."""
    return sys.stdin.read() if words == ["-"] else " ".join(words)


def open_library(
    index: str | None, effort: str | None, *, generator: str | None = None, judge: str | None = None,
    deadline: float | None = None, show_unsupported: bool | None = None,
    records: tuple[str | None, str | None] | None = None,
) -> Library:  # fmt: skip
    """The library that the options and settings name. Raises IndexUnusable, ConfigError.

    records: (folder, key file) of the patient records, None where no patient is asked about. Without an index at the
    default place the records are opened alone.
    """
    from indexer.errors import IndexNotFound
    from indexer.index import Index
    from rag import library
    from rag import settings as settings_module

    settings = settings_module.load(
        index=index, effort=effort, generator=generator, judge=judge, deadline=deadline,
        show_unsupported=show_unsupported, records=records[0] if records else None,
    )  # fmt: skip
    if records is None:
        return library.Library(Index(settings.index), settings=settings)
    store = library.store(settings.records, key_file=records[1], prompt=True)
    try:
        found = Index(settings.index)
    except IndexNotFound:
        if index is not None:
            raise
        found = library.nothing(store)
    return library.Library(found, settings=settings, records=store)


def streams(library: Library) -> bool:
    """Whether its generator writes slowly enough that sentences are worth showing one by one."""
    return library.models.generator is not library.models.extractive


class Told:
    """Shows the claims of one answer as they are judged. count: how many were shown."""

    def __init__(self, question: str, *, silent: bool) -> None:
        self._question, self._silent, self.count = " ".join(question.split()), silent, 0

    def claim(self, claim: Claim) -> None:
        """Prints one claim, after the question and what a red flag in it demands."""
        if self._silent:
            return
        from rag.render_answer import alert_text, claim_text, question_text
        from rag.safety import first

        if self.count == 0:
            show_result(question_text(self._question))
            if alert := first(self._question):
                show_result(alert_text(alert.text))
        self.count += 1
        show_result(claim_text(claim, self._question))


def where_from(
    library: Library,
    year_from: int | None,
    year_to: int | None,
    lists: tuple[list[str] | None, list[str] | None, list[str] | None],
    allow_retracted: bool,
    text: str | None,
) -> Filter:
    """The filter that the options ask for. Raises ConfigError for a value that no document of the index has."""
    from indexer.types import Filter
    from rag.filters import parse
    from rag.settings import nearest

    known = library.index.catalogue.values()
    for name, given in zip(("design", "kind", "language"), lists, strict=True):
        for value in given or ():
            if value not in known[name]:
                raise ConfigError(f"--{name} {value}: no document of this index has it; {nearest(value, known[name])}")
    design, kind, language = (tuple(given or ()) for given in lists)
    options = Filter(
        year_from=year_from, year_to=year_to, designs=design, kinds=kind, languages=language,
        allow_retracted=allow_retracted or library.settings.allow_retracted,
    )  # fmt: skip
    return parse(text, options) if text else options


def safe(text: object) -> str:
    """Data as it may stand in a terminal."""
    from rag.render import safe

    return safe(text)


def show_result(what: Any) -> None:
    """Prints a dictionary as JSON, anything else as text."""
    from rag.render import console, plain_json

    if isinstance(what, dict):
        typer.echo(plain_json(what))
    else:
        console().print(what, soft_wrap=not sys.stdout.isatty())
