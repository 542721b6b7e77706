"""The command consult. Decides its words and exit codes, and when a conversation ends."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from rag.options import EffortAt, GeneratorAt, IndexAt, Json, JudgeAt, question_from, show_result

if TYPE_CHECKING:
    from collections.abc import Callable

    from rag.library import Library
    from rag.types import Answer

Complaint = Annotated[list[str], typer.Argument(help="What is wrong, in your words; - reads it from standard input.")]


def consult(
    complaint: Complaint,
    index: IndexAt = None,
    effort: EffortAt = None,
    generator: GeneratorAt = None,
    judge: JudgeAt = None,
    as_json: Json = False,
) -> None:
    """Say how soon a complaint should be seen, what to tell a doctor, and what your library cites. No diagnosis, no dose.

    Emergencies and crises are found by rule and come first, also with no index and no model. On a terminal the
    conversation goes on until an empty line.

    \b
    rag consult "I have had a cough and a fever for three days"
    rag consult "我发烧三天了"
    echo "chest pain since this morning" | rag consult - --json
    """
    from rag.tasks.consult.consult import consult as run
    from rag.tasks.consult.page import as_json as to_json
    from rag.tasks.consult.page import as_text
    from rag.tasks.consult.words import say

    turns = [question_from(complaint)]
    with _Asking(index, effort, generator=generator, judge=judge) as asking:
        talks = sys.stdin.isatty() and sys.stdout.isatty() and not as_json
        while True:
            found = run(turns, ask=None)
            if found.alert and not as_json:
                show_result(as_text(found).split("\n\n")[0])  # before a library is opened, which may fail or be slow
            if found.care is not None:
                found = run(turns, ask=asking.ask)
            text = as_text(found)
            show_result(to_json(found) if as_json else text.partition("\n\n")[2] if found.alert else text)
            if not talks or not (more := _more(say("prompt", turns[-1]))):
                return
            turns.append(more)


def _more(prompt: str) -> str:
    """The next line of the person; "" at the end of the input."""
    try:
        return input(f"\n{prompt}> ").strip()
    except EOFError:
        return ""


class _Asking:
    """Opens the library when it is first asked. ask: None once it is known that there is no index."""

    def __init__(self, index: str | None, effort: str | None, *, generator: str | None, judge: str | None) -> None:
        self._index, self._effort, self._generator, self._judge = index, effort, generator, judge
        self._library: Library | None = None
        self._tried = False

    @property
    def ask(self) -> Callable[[str], Answer] | None:
        """What asks the library. Raises IndexUnusable for an index that was named but cannot be used."""
        from indexer.errors import IndexNotFound
        from rag.options import open_library

        if not self._tried:
            self._tried = True
            try:
                self._library = open_library(self._index, self._effort, generator=self._generator, judge=self._judge)
            except IndexNotFound:
                if self._index is not None:
                    raise
        return self._library.ask if self._library is not None else None

    def __enter__(self) -> _Asking:
        return self

    def __exit__(self, *_: object) -> None:
        if self._library is not None:
            self._library.close()
