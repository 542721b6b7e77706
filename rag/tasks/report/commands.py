"""The commands `rag report evidence`, `patient` and `dialogue`. Decides their words and exit codes."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.options import BreakGlass, EffortAt, IndexAt, Json, KeyFile, Question, RecordsAt, Where, safe, show_result

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.records.part import Cited
    from rag.tasks.page import Page

_HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
report = typer.Typer(
    no_args_is_help=True, context_settings=_HELP,
    help="Drafts in which every line is cited: of the evidence, a patient's record, a dialogue.",
)  # fmt: skip
To = Annotated[
    Path | None,
    typer.Option("--to", help="The file to write: .md, .html, .docx or .json. Default: Markdown to the terminal."),
]
Replace = Annotated[bool, typer.Option("--replace", help="Replace the file of --to if it is there.")]
InLanguage = Annotated[
    str | None, typer.Option("--language", help="en or zh: the words of the form; contents stay as they are.")
]
_FHIR = ".fhir.json"


@report.command("evidence")
def evidence(
    question: Question,
    index: IndexAt = None,
    effort: EffortAt = None,
    where: Where = None,
    limit: Annotated[int, typer.Option("--limit", help="How many studies at most, 1 to 60.")] = 20,
    to: To = None,
    replace: Replace = False,
    as_json: Json = False,
) -> None:
    """Write an evidence table, a summary of findings and, where effects compare, a forest plot.

    \b
    rag report evidence "Do statins reduce mortality in primary prevention?"
    rag report evidence "二甲双胍能否降低死亡率？" --to evidence.docx
    """
    from rag.options import open_library, question_from
    from rag.tasks.evidence.layout import page
    from rag.tasks.evidence.report import evidence_report
    from rag.tasks.report import writing

    if to:
        writing.checked(to, replace=replace)
    text = question_from(question)
    with open_library(index, effort) as library:
        found = evidence_report(library, text, where=where, limit=limit)
    _shown(page(found), to, as_json=as_json)


@report.command("patient")
def patient(
    id: Annotated[str, typer.Argument(metavar="ID", help="The patient's id, as rag records list gives it.")],
    template: Annotated[
        str, typer.Option("--template", "-t", help="discharge, referral, imaging, progress, or the path of your own.")
    ] = "progress",
    since: Annotated[str, typer.Option("--since", help="Only from this day on, e.g. 2021-03-02.")] = "",
    encounter: Annotated[str, typer.Option("--encounter", help="Only the time of the encounter with this id.")] = "",
    language: InLanguage = None,
    to: Annotated[
        Path | None,
        typer.Option("--to", help=f"The file to write: .md, .html, .docx, .json, or {_FHIR} (FHIR R4 document)."),
    ] = None,
    replace: Replace = False,
    records: RecordsAt = None,
    key_file: KeyFile = None,
    break_glass: BreakGlass = "",
    as_json: Json = False,
) -> None:
    """Draft a report from a patient's record; every line cites the record, and what is missing is named.

    Needs no model. Who may read it and how is up to the records' policy; each report is logged.

    \b
    rag report patient 17 --template discharge
    rag report patient 17 --template progress --since 2021-03-01 --to progress.docx
    rag report patient 17 --template referral --language zh --to 转诊.html
    rag report patient 17 --template mine.toml --to report.fhir.json
    """
    from rag.records.commands import opened
    from rag.tasks.report import writing
    from rag.tasks.report.patient import Asked, patient_report
    from rag.tasks.report.template import template as read

    if to:
        writing.checked(to, known=(*writing.FORMATS, _FHIR), replace=replace)
    spoken = _language(language, "")
    form = read(template, language=spoken, spoken=False)
    asked = Asked(form, spoken, date.today(), since, encounter, break_glass)
    made = patient_report(opened(records, key_file), id, asked=asked)
    if to and to.name.lower().endswith(_FHIR):
        from rag.tasks.report.composition import composition

        writing.save(composition(made, code=form.code, at=datetime.now(UTC)), to, private=True)
        typer.echo(f"{safe(to)}: written, readable by you alone", err=True)
        return
    _shown(made.page, to, as_json=as_json, cited=made.draft.cited, private=True)


@report.command("dialogue")
def dialogue(
    file: Annotated[str, typer.Argument(help="The dialogue, one speaker's turn a line; - for standard input.")],
    template: Annotated[str, typer.Option("--template", "-t", help="visit, or the path of your own.")] = "visit",
    language: InLanguage = None,
    to: To = None,
    replace: Replace = False,
    as_json: Json = False,
) -> None:
    """Sort what was said in a visit under the headings of a note; every line is quoted with its turn.

    Lines begin with who speaks: "Doctor: …", "[patient] …", "医生：…".

    \b
    rag report dialogue visit.txt
    rag report dialogue visit.txt --to note.docx
    """
    from indexer.errors import ConfigError
    from rag.tasks.report import writing
    from rag.tasks.report.dialogue import dialogue_report
    from rag.tasks.report.template import template as read

    if to:
        writing.checked(to, replace=replace)
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text("utf-8-sig")
    except FileNotFoundError as error:
        raise ConfigError(f"{file}: no such file; give the text of a dialogue, or - for standard input") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: cannot be read as text ({_why(error)})") from error
    spoken = _language(language, text)
    form = read(template, language=spoken, spoken=True)
    name = "-" if file == "-" else Path(file).name
    made = dialogue_report(text, name=name, template=form, language=spoken)
    _shown(made.page, to, as_json=as_json, cited=made.draft.cited, private=True)


def _shown(
    page: Page, to: Path | None, *, as_json: bool, cited: Sequence[Cited] = (), private: bool = False
) -> None:  # fmt: skip
    """The page in its file, or on the terminal."""
    from rag.tasks.report import writing
    from rag.tasks.report.patient import guarded

    if to:
        suffix = to.suffix
        data = guarded(lambda: writing.rendered(page, suffix, cited=cited))
        writing.save(data, to, private=private)
        typer.echo(f"{safe(to)}: written{', readable by you alone' if private else ''}", err=True)
    if as_json:
        from rag.tasks.report.jsonpage import page_json

        show_result(guarded(lambda: page_json(page, cited=cited)))
    elif not to:
        from rag.tasks.report.markdown import markdown

        typer.echo(guarded(lambda: safe(markdown(page))), nl=False)


def _why(error: Exception) -> str:
    """What went wrong, without the system's number."""
    return (error.strerror or type(error).__name__) if isinstance(error, OSError) else "it is not UTF-8"


def _language(given: str | None, text: str) -> str:
    """`en` or `zh`: as given, else as the text is written."""
    from indexer.errors import ConfigError
    from indexer.language import language_of

    if given not in (None, "en", "zh"):
        raise ConfigError(f"--language {given}: expected en or zh")
    return given or ("zh" if text and language_of(text) == "zh" else "en")
