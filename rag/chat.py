"""A conversation: questions, follow-up questions, and commands about the answers.

Decides what a line means and what is kept, in memory alone. Knows nothing of terminals: `show` prints what it is given,
and whoever calls `say` reads the lines. Everything that comes from data passes `safe`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from indexer.errors import ConfigError, RagError
from rag.answer import met
from rag.explain import explained
from rag.export import save
from rag.filters import parse
from rag.follow_up import resolve
from rag.library import Library
from rag.options import Told, streams
from rag.references import line
from rag.render import excerpt_text, safe
from rag.render_answer import answer_json, answer_text, citations_of
from rag.saved import parsed
from rag.settings import EFFORTS, nearest
from rag.turns import Resolved, Turn
from rag.types import Answer, Citation, Filter, Source
from rag.words import say

COMMANDS = ("/why", "/source", "/filter", "/effort", "/save", "/help", "/quit")


@dataclass(frozen=True, slots=True)
class Said:
    """One turn. asked: as it was typed. meant: the question as it was understood."""

    asked: str
    meant: Resolved
    answer: Answer


class Chat:
    """A conversation with one library, which the caller closes. Nothing is written to disk but by `/save`."""

    def __init__(self, library: Library, *, show: Callable[[Any], None]) -> None:
        self._library, self._show = library, show
        self._where: Filter | None = None
        self._own: set[str] = set()
        self.said: list[Said] = []

    def say(self, text: str) -> bool:
        """Answers a question or obeys a command; False when the conversation is to end. An error of ours is shown, and
        Ctrl-C stops what is being done; the conversation goes on after both."""
        text = text.strip()
        try:
            if text.startswith("/"):
                return self._obey(text)
            if text:
                self._ask(text)
        except RagError as error:
            self._show(safe(f"{self._word('error')} {error}"))
        except KeyboardInterrupt:
            self._show(self._word("stopped"))
        return True

    def _word(self, key: str, **values: object) -> str:
        """Words of the program in the language of the last question."""
        return say(key, self.said[-1].asked if self.said else "", **values)

    def _ask(self, text: str) -> None:
        if stopped := met(text):
            self._show(answer_text(stopped))
            return
        meant = resolve(text, [_turn(s) for s in self.said])
        if meant.carried:
            self._show(safe(say("understood as", text, text=meant.text)))
        told = Told(meant.text, silent=False)
        show = told.claim if streams(self._library) else None
        answer = self._library.ask(meant.text, where=self._where, show=show)
        self._show(answer_text(answer, told=told.count))
        self.said.append(Said(text, meant, answer))

    def _obey(self, text: str) -> bool:
        command, _, argument = text.partition(" ")
        argument = argument.strip()
        if command not in COMMANDS:
            raise ConfigError(f"{command}: {nearest(command, COMMANDS)}")
        if command == "/help":
            self._show(self._word("chat help"))
        elif command == "/filter":
            self._filter(argument)
        elif command == "/effort":
            self._effort(argument)
        elif command != "/quit":
            {"/why": self._why, "/source": self._source, "/save": self._save}[command](argument)
        return command != "/quit"

    def _last(self) -> Said:
        if not self.said:
            raise ConfigError(self._word("nothing asked"))
        return self.said[-1]

    def _why(self, argument: str) -> None:
        """Why a sentence stands there: its verdict, what was understood, its quotes in place, how they were found."""
        said = self._last()
        claims = said.answer.claims
        if not claims:
            raise ConfigError(self._word("no sentences"))
        claim = claims[_number(argument or "1", len(claims), "/why") - 1]
        told = explained(self._library, said.answer.question, said.answer.hits)
        verdict = say("why verdict", said.asked, support=say(f"support {claim.support}", said.asked))
        lines = [f"“{claim.text}”", f"{verdict} ({said.answer.receipt.settings['judge']})"]
        if said.meant.carried:
            lines.append(say("carried", said.asked, text="; ".join(said.meant.carried)))
        lines += [f"{e['found']} → {', '.join(e['added'])} ({e['by']})" for e in told["understood"]]
        self._show(safe("\n".join(lines)))
        for citation in claim.citations:
            self._show(safe(f"\n[{citation.number}] {_found(said.answer, citation, told['hits'], said.asked)}"))
            self._show(excerpt_text(self._library.show(_place(citation))))

    def _source(self, argument: str) -> None:
        """The whole reference, and the quote in its section."""
        cited = {c.number: c for c in citations_of(self._last().answer)}
        if not re.fullmatch(r"[0-9]{1,6}", argument) or int(argument) not in cited:
            known = ", ".join(map(str, cited)) or "–"
            raise ConfigError(f"/source {argument}: {self._word('one of', numbers=known)}")
        citation = cited[int(argument)]
        self._show(safe(_reference(citation.passage.source)))
        self._show(excerpt_text(self._library.show(_place(citation))))

    def _filter(self, argument: str) -> None:
        default = Filter(allow_retracted=self._library.settings.allow_retracted)
        if argument == "off":
            self._where = None
        elif argument:
            self._where = parse(argument, default)
        count = int(self._library.index.allowed(self._where or default).sum())
        self._show(self._word("filter on" if self._where else "filter off", count=count))

    def _effort(self, argument: str) -> None:
        if argument not in EFFORTS:
            raise ConfigError(f"/effort {argument}: {nearest(argument, EFFORTS)}")
        settings = replace(self._library.settings, effort=argument)
        self._library.__dict__.pop("models", None)  # a language model of the old one is not kept beside the new one's
        self._library = Library(self._library.index, settings=settings)
        self._show(f"effort = {argument}")

    def _save(self, argument: str) -> None:
        """Writes the conversation; a file that it has written before is replaced, another one never."""
        self._last()
        if not argument:
            raise ConfigError(self._word("save where"))
        answers = [parsed({**answer_json(s.answer), "asked": s.asked if s.meant.carried else ""}) for s in self.said]
        path = save(answers, argument, replace=argument in self._own)
        self._own.add(argument)
        self._show(safe(self._word("saved", path=path, count=len(answers))))


def _turn(said: Said) -> Turn:
    titles = dict.fromkeys(c.passage.source.title for c in citations_of(said.answer) if c.passage.source.title)
    return Turn(said.meant.text, tuple(titles), said.meant.frame)


def _number(text: str, most: int, command: str) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", text) or not 1 <= int(text) <= most:
        raise ConfigError(f"{command} {text}: 1–{most}")
    return int(text)


def _place(citation: Citation) -> str:
    return f"{citation.passage.source.id}:{citation.start}-{citation.end}"


def _found(answer: Answer, citation: Citation, told: list[dict[str, Any]], question: str) -> str:
    """The rank of the hit that holds the quote, what each stage gave it, and which terms it shares."""
    for rank, (hit, why) in enumerate(zip(answer.hits, told, strict=True), start=1):
        p = hit.passage
        if p.source.id == citation.passage.source.id and p.start <= citation.start < p.end:
            stages = ", ".join(f"{stage} {value}" for stage, value in hit.why.items())
            return say("hit", question, rank=rank, stages=stages, terms=", ".join(why["terms"]) or "–")
    return ""


def _reference(source: Source) -> str:
    """Everything that is known of a source, a line for each."""
    flag = "RETRACTED" if source.retracted else "EXPRESSION OF CONCERN" if source.concern else ""
    known = [
        flag, source.title, ", ".join(source.authors), " ".join(str(x) for x in (source.journal, source.year) if x),
        source.design if source.design != "not stated" else "", source.id,
        *(f"{name}: {value}" for name, value in source.links.items()),
    ]  # fmt: skip
    return "\n".join(line(x) for x in known if x)
