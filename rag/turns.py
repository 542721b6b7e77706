"""What a conversation has been about: its turns, and the topic that a follow-up question refers to.

Decides which of several things is meant when one is. Knows nothing of how a question refers to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.topic import Kind, Term, named, terms

# Turns that are looked through for a topic, and characters of a title that a question takes.
_TURNS_BACK, _TITLE = 4, 120


@dataclass(frozen=True, slots=True)
class Turn:
    """question: as it was understood. titles: of the sources of its answer. frame: the question whose form a later one
    takes, if it is another: after "why?" that is the one before."""

    question: str
    titles: tuple[str, ...] = ()
    frame: str = ""


@dataclass(frozen=True, slots=True)
class Resolved:
    """text: the question as it stands alone. carried: what it took from earlier turns; empty when it took nothing.
    frame: as in Turn."""

    text: str
    carried: tuple[str, ...] = ()
    frame: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """question: the last one. found: all that it names. things: what it is about (drugs, diseases, others), at least
    one. title: of its answer's first source, or ""."""

    question: str
    found: tuple[Term, ...]
    things: tuple[Term, ...]
    title: str = ""

    @property
    def texts(self) -> tuple[str, ...]:
        """The words of all things."""
        return tuple(dict.fromkeys(t.text for t in self.things))

    def about(self, *, disease: bool = False, last: bool = False, unlike: Term | None = None) -> Term:
        """The one thing that is meant: a disease where one is asked for; else what acts, which is mostly a drug and
        named first. unlike: for a comparison, something of the same kind but other words."""
        own = list(self.things)
        if unlike is not None:
            own = [t for t in own if t.text.lower() != unlike.text.lower()] or own
            own = [t for t in own if t.kind == unlike.kind] or own
        wanted = [t for t in own if t.kind == "disease"] if disease else [t for t in own if t.kind == "drug"]
        chosen = wanted or own
        return chosen[-1] if last else chosen[0]

    def joined(self) -> str:
        """The things as one phrase: what acts, in what."""
        first = self.about()
        inside = [t.text for t in self.things if t.kind == "disease" and t.text != first.text]
        return f"{first.text} in {inside[0]}" if inside else first.text

    def others(self, text: str) -> tuple[str, ...]:
        """The things that are left in `text`."""
        return tuple(t for t in self.texts if t in text)

    def says(self, text: str, *carried: str) -> Resolved:
        """The resolved question; where none of its things is left, what it took is the form of the last question."""
        return Resolved(text, tuple(dict.fromkeys(carried)) or (self.question,))


def topic_of(turns: Sequence[Turn]) -> Topic | None:
    """The topic of the last turn that has one; a title stands in for a question that names nothing."""
    for turn in list(turns)[: -_TURNS_BACK - 1 : -1]:
        question = turn.frame or turn.question
        found = terms(question)
        title = turn.titles[0][:_TITLE] if turn.titles else ""
        things = _in_titles(named(found), turn.titles) or [Term(title, 0, 0, "other") for _ in range(bool(title))]
        if things:
            return Topic(question, tuple(found), tuple(things), title)
    return None


def _in_titles(things: list[Term], titles: Sequence[str]) -> list[Term]:
    """Drugs and diseases, then what the titles of the answer repeat, then other things, in the question's order."""
    told = " ".join(titles).lower()
    known = any(t.kind in ("drug", "disease") for t in things)
    if known or not told:
        return things
    return sorted(things, key=lambda t: t.text.lower() not in told)


def replaced(question: str, found: Sequence[Term], by: str, kind: Kind) -> str:
    """The question with its first term of this kind replaced; "" if it has none."""
    for term in found:
        if term.kind == kind:
            return question[: term.start] + by + question[term.end :]
    return ""
