"""Why nothing was answered, and what a reader must know about the sources. Decides what is said, not the answer."""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from indexer.index import Index
from indexer.retractions import STALE_DAYS
from indexer.types import Filter, Source
from indexer.vectors import Allowed
from rag.relevance import Terms
from rag.suspicion import REPEATS
from rag.types import Claim, Hit, Position, Question, Span
from rag.words import say
from rag.writing import SHOWN, Written

# A retracted article is named in a notice when it covers this share of the question.
_NAMED_RETRACTION = 0.6
# Passages with a word spelled nearly like one of the question that are read for its spelling.
_READ_FOR_SPELLING = 10


def reason(meant: Question, index: Index, where: Filter, hits: Sequence[Hit], *, apart: Sequence[str] = ()) -> str:
    """Why nothing was answered, what was searched, and what might close the gap. apart: what no document joins."""
    question, terms = meant.text, Terms(meant, index.lexical)
    allowed = index.allowed(where)
    counts = {"documents": index.manifest.documents, "passages": int(allowed.sum())}
    searched = say("filtered" if where != Filter() else "searched", question, **counts)
    if not allowed.any():
        return say("nothing left", question, searched=searched)
    closest = "; ".join(dict.fromkeys(h.passage.source.title or h.passage.source.id for h in hits[:3]))
    if apart:
        names = ", ".join(f"“{name}”" for name in apart)
        return say("apart", question, searched=searched, names=names, closest=closest)
    if unknown := terms.foreign() or terms.unknown():
        return say("unknown", question, searched=searched, words=_listed(unknown, index, allowed))
    if hits:
        return say("related", question, searched=searched, closest=closest)
    return say("nothing", question, searched=searched)


def _listed(words: Sequence[str], index: Index, allowed: Allowed) -> str:
    """The first words, each with the library's word that is spelled most like it, if any."""
    named = []
    for word in words[:4]:
        texts = [index.passage(row).text for row in index.lexical.near(word, _READ_FOR_SPELLING, allowed).tolist()]
        known = sorted({w for text in texts for w in re.findall(r"[a-z]{4,60}", text.lower())})
        near = difflib.get_close_matches(word.lower(), known, n=1, cutoff=0.8)
        named.append(say("nearly", word, word=word, near=near[0]) if near else f"“{word}”")
    return ", ".join(named)


def left_out(question: str, index: Index, where: Filter, terms: Terms) -> Iterable[str]:
    """Names retracted articles about the question, which are not used unless the user allows them."""
    if where.allow_retracted:
        return
    allowed = index.allowed(where)
    retracted = index.allowed(replace(where, allow_retracted=True))
    retracted[: len(allowed)] &= ~allowed
    named: set[str] = set()
    rows, _ = index.search_lexical(question, 5, retracted)
    for row in rows.tolist():
        passage = index.passage(row)
        about = terms.coverage(f"{passage.source.title}\n{passage.text}")
        if about >= _NAMED_RETRACTION and passage.source.id not in named:
            named.add(passage.source.id)
            yield say("left out", question, title=passage.source.title, id=passage.source.id)


def cautions(question: str, claims: Sequence[Claim], told: Sequence[Position], spans: Sequence[Span]) -> Iterable[str]:
    """Names what is used although it is retracted, or under an expression of concern."""
    sources = {c.passage.source.id: c.passage.source for claim in claims for c in claim.citations}
    sources |= {p.source.id: p.source for p in told if p.stance != "unclear"}
    sources |= {s.citation.passage.source.id: s.citation.passage.source for s in spans}
    for source in sources.values():
        if source.retracted or source.concern:
            yield say("retracted" if source.retracted else "concern", question, title=source.title, id=source.id)
    if sources and all(s.retracted or s.concern for s in sources.values()):
        yield say("only doubtful", question)


def made_for(question: str, claims: Sequence[Claim], hits: Sequence[Hit]) -> Iterable[str]:
    """Names what is cited although it looks as if it was written for the question."""
    cited = {c.passage.source.id for claim in claims for c in claim.citations}
    named = {h.passage.source.id: h.passage.source for h in hits if REPEATS in h.why}
    for source in (s for id, s in named.items() if id in cited):
        yield say("repeats", question, title=source.title or source.id, id=source.id)


def unheard(question: str, index: Index, where: Filter, claims: Sequence[Claim], terms: Terms) -> Iterable[str]:
    """Names words of the question that the library nowhere holds, where something is quoted all the same."""
    if claims and (words := terms.unheard()):
        yield say("unheard", question, words=_listed(words, index, index.allowed(where)))


def put_aside(question: str, word: str) -> Iterable[str]:
    """Quotes what somebody takes the answer to be, which decides nothing."""
    if word:
        yield say("put aside", question, word=word)


def old_list(question: str, index: Index) -> Iterable[str]:
    """Says so when the retraction list that was loaded is too old to rely on."""
    if loaded := index.catalogue.retraction_list():
        days = (datetime.date.today() - datetime.date.fromisoformat(loaded[1])).days
        if days > STALE_DAYS:
            yield say("old list", question, days=days, as_of=loaded[1])


def of_draft(question: str, written: Written, numbers: int, links: int) -> Iterable[str]:
    """What happened to the draft: who failed, and what of it is not shown."""
    if written.failed:
        yield say("generator failed", question, why=written.failed)
    if numbers:
        yield say("dropped", question, count=numbers)
    if links:
        yield say("links", question, count=links)
    if written.refused and not any(c.support not in SHOWN for c in written.claims):
        yield say("refused", question, count=written.refused)


def conflict(question: str, told: Sequence[Position]) -> str:
    """Names what speaks for each side."""
    return say("conflict", question, yes=_named(told, ("yes",)), no=_named(told, ("no", "no difference")))


def no_dose(question: str, reason: str | None) -> str:
    """Says that no dose is given for a person; what was quoted, or why nothing was, follows."""
    return " ".join([say("no dose", question), *([reason] if reason else [])])


def _named(told: Sequence[Position], stances: tuple[str, ...]) -> str:
    own = [p.source for p in told if p.stance in stances]
    return "; ".join(map(brief, own[:3])) + (" …" if len(own) > 3 else "")


def brief(source: Source) -> str:
    """A source in a few words: first author or title, year, design."""
    who = source.authors[0].split(",")[0] if source.authors else (source.title or source.id)[:60]
    design = "" if source.design == "not stated" else source.design
    return " ".join(x for x in (who, str(source.year or ""), f"({design})" if design else "") if x)
