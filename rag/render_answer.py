"""How an answer looks: JSON of the public contract, and text for people with the bottom line first.

Decides layout only; knows nothing of how an answer came about.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from indexer.types import Source
from rag.conclude import SURE_SPAN
from rag.records.render import part_json, part_text
from rag.render import reference, safe, source_json
from rag.types import Answer, Citation, Claim
from rag.words import design_name, say

_MARKS = {"partial": "≈", "unjudged": "?", "contradicted": "✗", "unsupported": "✗"}


def citations_of(answer: Answer) -> list[Citation]:
    """Every citation of the answer by its number: of claims, short answers, and what sources say."""
    found = {c.number: c for claim in answer.claims for c in claim.citations}
    spans = answer.bottom_line.spans if answer.bottom_line else ()
    for citation in (*(s.citation for s in spans), *(p.citation for p in answer.positions if p.citation)):
        found.setdefault(citation.number, citation)
    return [found[n] for n in sorted(found)]


def answer_json(answer: Answer) -> dict[str, Any]:
    """The object that `ask --json` prints."""
    return {
        "question": answer.question,
        "alert": answer.alert or None,
        "status": answer.status,
        "reason": answer.reason,
        "verdict": answer.verdict,
        "confidence": answer.confidence,
        "bottom_line": _bottom_line_json(answer),
        "positions": [
            {"source": p.source.id, "stance": p.stance, "weights": list(p.weights), "strength": p.strength,
             "citation": p.citation.number if p.citation else None}
            for p in answer.positions
        ],
        **({"record": part_json(answer.record)} if answer.record else {}),
        "claims": [
            {"text": c.text, "support": c.support, "citations": [x.number for x in c.citations]}
            for c in answer.claims
        ],
        "citations": [_citation_json(c) for c in citations_of(answer)],
        "hits": [{"id": h.passage.id, "score": h.score, "why": h.why} for h in answer.hits],
        "notices": [*answer.notices, say("disclaimer", answer.question)],
        "receipt": {
            "generation": answer.receipt.generation, "embedder": answer.receipt.embedder,
            "generator": answer.receipt.generator, "settings": answer.receipt.settings,
            "seconds": answer.receipt.seconds,
            "tokens": list(answer.receipt.tokens) if answer.receipt.tokens else None, "where": answer.receipt.where,
            "version": answer.receipt.version, "models": answer.receipt.models,
        },
    }  # fmt: skip


def _bottom_line_json(answer: Answer) -> dict[str, Any] | None:
    line = answer.bottom_line
    if line is None:
        return None
    spans = [{"text": s.text, "score": s.score, "citation": s.citation.number} for s in line.spans]
    return {"kind": line.kind, "text": line.text, "spans": spans}


def _citation_json(c: Citation) -> dict[str, Any]:
    return {
        "number": c.number, "source": source_json(c.passage.source), "section": c.passage.section,
        "page": c.passage.page, "start": c.start, "end": c.end, "quote": c.quote,
    }  # fmt: skip


def answer_text(answer: Answer, *, told: int = 0) -> Group:
    """An answer for people: the bottom line, claims with [n], then the sources, notices, and how it came about.

    told: so many claims were shown before, as they were written.
    """
    parts: list[Any] = [] if told else [question_text(answer.question)]
    if answer.alert and not told:
        parts += [alert_text(answer.alert), Text("")]
    if answer.record:
        parts += part_text(answer.record, answer.question)
        if answer.claims:
            parts.append(Text(say("library", answer.question), style="bold"))
    if answer.status == "abstained" and answer.reason != answer.alert:
        parts += [
            Text(say("no answer", answer.question) + " ", style="yellow").append(safe(answer.reason), style="default"),
            Text(""),
        ]
    parts += _bottom_line(answer)
    for claim in answer.claims[told:]:
        parts += [claim_text(claim, answer.question), Text("")]
    if answer.claims:
        verbatim = all(c.text == x.quote for c in answer.claims for x in c.citations)
        parts.append(Text(say("sources" if verbatim else "checked sources", answer.question), style="bold"))
        parts += _sources(answer)
        parts.append(Text(""))
    parts += [Text(f"! {safe(n)}", style="yellow") for n in answer.notices]
    seconds = sum(answer.receipt.seconds.values())
    parts.append(
        Text(
            f"{say('disclaimer', answer.question)}\n{seconds:.2f} s · {safe(answer.receipt.generator)} · "
            f"{safe(answer.receipt.embedder)} · generation {answer.receipt.generation}",
            style="dim",
        )
    )
    return Group(*parts)


def alert_text(alert: str) -> Text:
    """What goes before everything else."""
    return Text(safe(alert), style="bold red")


def question_text(question: str) -> Text:
    """The question as a heading, with an empty line after it."""
    return Text(safe(question) + "\n", style="bold")


def _bottom_line(answer: Answer) -> list[Any]:
    """The verdict or the short answers; nothing where the first claim is the bottom line itself."""
    line = answer.bottom_line
    if line is None or (answer.claims and line.text == answer.claims[0].text):
        return []
    text = Text(style="bold")
    if sure := [s for s in line.spans if s.score >= SURE_SPAN]:
        for place, span in enumerate(sure):
            text.append("; " if place else "").append(safe(span.text))
            text.append(f" [{span.citation.number}]", style="cyan not bold")
    else:
        text.append(safe(line.text))
        if answer.status == "answered":
            text.append(
                " " + say("confidence", answer.question, percent=round(100 * answer.confidence)), style="not bold dim"
            )
    return [Padding(text, (0, 0, 0, 2), expand=False), Text("")]


def claim_text(claim: Claim, question: str) -> Padding:
    """One claim as it is shown: where it comes from, the sentence, its marks."""
    line = Text()
    source = claim.citations[0].passage.source if claim.citations else None
    if source is not None and (lead := _lead(source, question)):
        line.append(lead, style="dim")
    if mark := _MARKS.get(claim.support):
        line.append(f"{mark} ", style="yellow")
    line.append(safe(claim.text))
    for number in dict.fromkeys(c.number for c in claim.citations):
        line.append(f" [{number}]", style="cyan")
    return Padding(line, (0, 0, 0, 2), expand=False)


def _lead(source: Source, question: str) -> str:
    """ "Randomized controlled trial, 2019: ", outside of every quote; "" where the design is not known."""
    if source.design == "not stated":
        return ""
    name = design_name(source.design, question)
    return say("lead", question, design=name[:1].upper() + name[1:], year=f" {source.year}" if source.year else "")


def _sources(answer: Answer) -> Iterator[Any]:
    """Each source once, and under it where each of its quotes stands; what only counts for a stance is left out."""
    shown = {c.number for claim in answer.claims for c in claim.citations}
    spans = answer.bottom_line.spans if answer.bottom_line else ()
    shown |= {s.citation.number for s in spans if s.score >= SURE_SPAN}
    by_source: dict[str, list[Citation]] = {}
    for citation in citations_of(answer):
        if citation.number in shown:
            by_source.setdefault(citation.passage.source.id, []).append(citation)
    for citations in by_source.values():
        yield Padding(Text(reference(citations[0].passage.source)), (0, 0, 0, 2), expand=False)
        for c in citations:
            page = f"p. {c.passage.page}" if c.passage.page else ""
            place = " · ".join(safe(x) for x in (c.passage.section, page) if x)
            show = f"rag show {safe(c.passage.source.id)}:{c.start}-{c.end}"
            line = Text(f"[{c.number}] ", style="cyan").append(f"{place}  {show}".strip(), style="dim")
            yield Padding(line, (0, 0, 0, 4), expand=False)
