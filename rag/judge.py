"""Judges claims: plain-code guards first (numbers, direction, links), then a model that reads claim and quote.

Decides how the verdicts of several quotes become one, and which citations stay. The guards always run and have the last
word: no model can make a claim supported whose number, direction or link is not the quote's. Knows nothing of drafts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from indexer.errors import ConfigError
from rag import links
from rag.direction import compare
from rag.numbers import untraced
from rag.settings import nearest
from rag.types import Citation, Claim, Judge, Support

SPECS = ("bundled", "nli:<name or path>", "overlap", "none")


def judge(claim: Claim, *, support: Judge | None) -> Claim:
    """The claim with its verdict; without a model `unjudged`, unless it is verbatim or a guard objects."""
    return judge_all([claim], support=support)[0]


def judge_all(claims: Sequence[Claim], *, support: Judge | None) -> list[Claim]:
    """The same for many claims, with one call of the model."""
    guarded = [_guarded(claim) for claim in claims]
    open_pairs = [
        (claim.text, citation.quote)
        for claim, verdicts in zip(claims, guarded, strict=True)
        for citation, verdict in zip(claim.citations, verdicts, strict=True)
        if verdict == "unjudged"
    ]
    unjudged: list[Support] = ["unjudged"] * len(open_pairs)
    said = iter(support.verdicts(open_pairs) if support and open_pairs else unjudged)
    return [
        _settled(claim, [next(said) if v == "unjudged" else v for v in verdicts])
        for claim, verdicts in zip(claims, guarded, strict=True)
    ]


def faults(claim: Claim) -> list[str]:
    """What the guards object to in the claim as a whole: numbers that no quote has, links that no source has."""
    if any(_verbatim(claim, c) for c in claim.citations):
        return []
    found = ["link"] if links.foreign(claim.text, links.known(c.passage for c in claim.citations)) else []
    if not claim.citations:
        return found
    first, *others = [_untraced(claim, c) for c in claim.citations]
    return found + [number for number in first if all(number in other for other in others)]


def _guarded(claim: Claim) -> list[Support]:
    """What the guards say of each citation; `unjudged` is left to the model."""
    if faults(claim):
        return ["unsupported"] * len(claim.citations)
    return [_guard(claim, c) for c in claim.citations]


def _guard(claim: Claim, citation: Citation) -> Support:
    if _verbatim(claim, citation):
        return "supported"
    return "contradicted" if compare(claim.text, citation.quote) == "contradicted" else "unjudged"


def _verbatim(claim: Claim, citation: Citation) -> bool:
    # `cite` alone says so: a sentence that is a part of the quote may say the opposite of it.
    return claim.support == "supported" and claim.text == citation.quote


def _untraced(claim: Claim, citation: Citation) -> list[str]:
    p = citation.passage
    return untraced(claim.text, citation.quote, context=f"{p.source.title}\n{p.section}", year=p.source.year)


def _settled(claim: Claim, verdicts: Iterable[Support]) -> Claim:
    """One verdict of several; citations that do not support stay only where none does."""
    found = list(verdicts)
    if not found:
        return replace(claim, support="unsupported")
    for best in ("supported", "partial", "unjudged", "contradicted"):
        if best in found:
            keeps = ("supported", "partial") if best in ("supported", "partial") else (best,)
            kept = tuple(c for c, v in zip(claim.citations, found, strict=True) if v in keeps)
            # A number may have had its only quote in a citation that did not stay.
            if best != "contradicted" and faults(replace(claim, citations=kept)):
                return Claim(claim.text, kept, "unsupported")
            return Claim(claim.text, kept, best)
    return replace(claim, support="unsupported")


def judge_from(spec: str) -> Judge | None:
    """The judge that `spec` names, None for `none`: the guards alone. Raises ConfigError for an unknown spec."""
    kind, _, name = spec.partition(":")
    if spec == "none":
        return None
    if spec == "bundled":
        from rag.judges.bundled import BundledJudge

        return BundledJudge()
    if spec == "overlap":
        from rag.judges.overlap import OverlapJudge

        return OverlapJudge()
    if kind == "nli" and name:
        from rag.judges.nli import NliJudge

        return NliJudge(name)
    raise ConfigError(f"judge {spec!r}: {nearest(spec, SPECS)}")
