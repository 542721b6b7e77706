"""The commands `rag` and `ask`: parse, call one library function, print. Decides words, exit codes and progress bars.

Exit codes: 0 done, 1 our error (one line on stderr), 2 usage, 3 some inputs skipped. Nothing heavy is imported before
a command needs it: `ask --help` must be instant.
"""

from __future__ import annotations

import os
import sys
from typing import Annotated, Any

import typer

from indexer.errors import RagError
from rag import conversation, upkeep
from rag.evaluate.command import app as evaluation
from rag.options import (
    BreakGlass,
    Deadline,
    Design,
    EffortAt,
    Explain,
    GeneratorAt,
    IndexAt,
    Json,
    JudgeAt,
    KeyFile,
    Kind,
    Language,
    Patient,
    Question,
    RecordsAt,
    Retracted,
    ShowUnsupported,
    Told,
    Where,
    YearFrom,
    YearTo,
    open_library,
    question_from,
    safe,
    show_result,
    streams,
    where_from,
)  # fmt: skip
from rag.records import commands
from rag.tasks.consult.commands import consult
from rag.tasks.education import commands as educating
from rag.tasks.find import commands as finding
from rag.tasks.report.commands import report
from rag.tasks.triage.commands import triage

_INTERRUPTED = 130
# typer exports only one of its usage errors by name; this is what they share.
UsageError: Any = typer.BadParameter.__base__

# Words of command lines whose internal errors may hold something of a patient.
_PRIVATE = {"--patient", "records", "forget", "audit", "deid", "report", "consult", "triage"}

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
    generator: GeneratorAt = None,
    judge: JudgeAt = None,
    deadline: Deadline = None,
    show_unsupported: ShowUnsupported = None,
    patient: Patient = None,
    records: RecordsAt = None,
    key_file: KeyFile = None,
    break_glass: BreakGlass = "",
    as_json: Json = False,
) -> None:
    """Answer a question; every sentence carries a quote that was checked against its source.

    \b
    ask "Does intensive blood pressure control reduce mortality?"
    ask "二甲双胍有什么副作用？" --year-from 2015
    echo "statins in primary prevention" | ask - --json
    ask "What causes scurvy?" --generator openai:qwen3@http://127.0.0.1:8000/v1
    ask --patient 17 "How did creatinine change since March?"
    """
    from rag import render_answer
    from rag.answer import met

    text = question_from(question)
    if patient is None and (stopped := met(text)):
        show_result(render_answer.answer_json(stopped) if as_json else render_answer.answer_text(stopped))
        return
    told = Told(text, silent=as_json)
    with open_library(
        index, effort, generator=generator, judge=judge, deadline=deadline, show_unsupported=show_unsupported,
        records=(records, key_file) if patient is not None else None,
    ) as library:  # fmt: skip
        only = where_from(library, year_from, year_to, (design, kind, language), allow_retracted, where)
        streamed = told.claim if patient is None and streams(library) else None
        answer = library.ask(text, where=only, show=streamed, patient=patient, because=break_glass)
    show_result(render_answer.answer_json(answer) if as_json else render_answer.answer_text(answer, told=told.count))


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
        show_result({**render.search_json(text, hits), **({"explain": told} if told else {})})
    else:
        show_result(render.hits_text(hits))
        if told:
            show_result(render.explained_text(told))


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
    show_result(render.excerpt_json(excerpt) if as_json else render.excerpt_text(excerpt))


for command in (
    upkeep.index, upkeep.retractions, upkeep.verify, upkeep.info, conversation.chat, conversation.export,
    conversation.replay,
):  # fmt: skip
    app.command()(command)
app.command()(consult)
app.command()(triage)
app.command()(educating.educate)
app.command()(finding.find)
app.add_typer(finding.watch, name="watch")
app.add_typer(report, name="report")
app.add_typer(evaluation, name="eval")
app.add_typer(commands.records, name="records")
app.add_typer(commands.audit, name="audit")
app.command()(commands.deid)
app.command()(commands.forget)


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
        typer.echo(f"error: {safe(error)}", err=True)
        sys.exit(1)
    except Exception as error:
        # What an error says may quote a record; then its kind and places are all that is told.
        private = any(word.partition("=")[0] in _PRIVATE for word in sys.argv)
        if os.environ.get("ANAMNESIS_DEBUG"):
            if not private:
                raise
            from rag.records.discreet import discreet

            typer.echo(safe(discreet(error)), err=True)
            sys.exit(1)
        what = "" if private else f": {error}"
        text = f"internal error: {type(error).__name__}{what}; set ANAMNESIS_DEBUG=1 to see where, and report it"
        typer.echo(safe(text), err=True)
        sys.exit(1)


def ask_main() -> None:
    """The `ask` command: `rag ask`."""
    sys.argv = ["rag", "ask", *sys.argv[1:]]
    main()


if __name__ == "__main__":
    main()
