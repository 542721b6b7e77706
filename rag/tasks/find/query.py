"""PubMed-style queries: terms with field tags, AND, OR, NOT from left to right, and brackets.

As in PubMed, operators are in capitals and of equal rank, neighbours without one are joined by AND, and a tag belongs
to all the words before it: `heart failure[ti] AND (sglt2 OR dapagliflozin*) NOT review[pt]`. Decides the grammar only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, cast

from indexer.errors import ConfigError
from indexer.types import Document
from rag.tasks.find.fields import Term

EXAMPLE = "heart failure[ti] AND (sglt2 OR dapagliflozin*) AND 2015:2024[dp] NOT review[pt]"
_TOKEN = re.compile(r'\s*(?:(?P<bracket>[()])|"(?P<phrase>[^"]*)"|(?P<tag>\[[^\]]*\])|(?P<word>[^\s()"\[\]]+))')
_OPERATORS = {"AND", "OR", "NOT"}
_BRACKETS = {"(": "open", ")": "close"}
Operator = Literal["AND", "OR", "NOT"]


@dataclass(frozen=True, slots=True)
class Joined:
    """Two queries and what joins them; NOT is "the left one without the right"."""

    operator: Operator
    left: Query
    right: Query

    def matches(self, document: Document) -> bool:
        """Whether the document is among what the query asks for."""
        if self.operator == "OR":
            return self.left.matches(document) or self.right.matches(document)
        return self.left.matches(document) and self.right.matches(document) == (self.operator == "AND")

    def __str__(self) -> str:
        return f"({self.left} {self.operator} {self.right})"


Query = Term | Joined


def parse(text: str) -> Query:
    """The query that `text` stands for. Raises ConfigError that names what is wrong and shows an example."""
    parser = _Parser(_tokens(text))
    found = parser.joined()
    if parser.next is not None:
        raise _error("a bracket is closed that was never opened")
    return found


def _error(what: str) -> ConfigError:
    return ConfigError(f"search: {what}; e.g. {EXAMPLE}")


@dataclass(frozen=True, slots=True)
class _Token:
    """kind: open, close, operator or term; tag: of a term."""

    kind: str
    text: str
    tag: str = ""


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    words: list[str] = []  # that a tag may still follow
    at = 0
    while at < len(text.rstrip()):
        m = _TOKEN.match(text, at)
        if m is None:
            what = "a quotation mark" if text[at:].lstrip()[:1] == '"' else "a bracket"
            raise _error(f"{what} is not closed after {text[:at].strip()!r}")
        at = m.end()
        word = m["phrase"] if m["phrase"] is not None else m["word"]
        if m["tag"]:
            if not words:
                raise _error(f"{m['tag']} follows nothing")
            found.append(_Token("term", " ".join(words), m["tag"][1:-1]))
            words = []
        elif word is not None and (m["phrase"] is not None or word not in _OPERATORS):
            words.append(word)
        else:
            found += [_Token("term", w) for w in words]
            words = []
            found.append(_Token("operator", word) if word else _Token(_BRACKETS[m["bracket"]], m["bracket"]))
    return [*found, *(_Token("term", w) for w in words)]


class _Parser:
    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens: Iterator[_Token] = iter(tokens)
        self.next = next(self._tokens, None)

    def _step(self) -> None:
        self.next = next(self._tokens, None)

    def joined(self) -> Query:
        """One or more operands, from left to right."""
        left = self._operand()
        while self.next is not None and self.next.kind != "close":
            operator: Operator = "AND"
            if self.next.kind == "operator":
                operator = cast("Operator", self.next.text)
                self._step()
                if operator == "AND" and self.next == _Token("operator", "NOT"):
                    operator = "NOT"
                    self._step()
            left = Joined(operator, left, self._operand())
        return left

    def _operand(self) -> Query:
        if self.next is None:
            raise _error("something is missing at the end")
        token = self.next
        if token.kind == "operator":
            raise _error(f"{token.text} joins nothing on its left")
        if token.kind == "close":
            raise _error("nothing stands between brackets")
        self._step()
        if token.kind == "term":
            if not token.text.strip(" *"):
                raise _error("a term is empty")
            return Term.of(token.text.strip(), token.tag)
        inside = self.joined()
        if self.next is None:
            raise _error("a bracket is not closed")
        self._step()
        return inside
