"""Scores how an answer cites: recall and precision by a judge, and numbers that no quote holds.

T. Gao et al., "Enabling Large Language Models to Generate Text with Citations" (ALCE), EMNLP 2023, section 4. The judge
is a parameter: the figures are as good as it is. A claim that is its own quote is supported without it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from rag.types import Citation, Claim, Support


class Untraced(Protocol):
    """Finds numbers without a source, as `rag.numbers.untraced` does."""

    def __call__(self, claim: str, quote: str, *, context: str = "") -> Sequence[str]:
        """The numbers of the claim that the quote does not hold; years and parts of names may stand in its context."""
        ...


class Judges(Protocol):
    """Says whether a text supports a claim."""

    def verdicts(self, pairs: Sequence[tuple[str, str]]) -> Sequence[Support]:
        """One verdict for each (claim, text), in order."""
        ...


def quote(citation: Citation) -> str:
    """The words that are shown to the reader."""
    return citation.quote


def passage(citation: Citation) -> str:
    """The cited passage with its title: what ALCE gives to its judge."""
    return f"Title: {citation.passage.source.title}\n{citation.passage.text}"


def cited_well(
    claims: Sequence[Claim], judge: Judges, *, text: Callable[[Citation], str] = quote
) -> dict[str, float]:  # fmt: skip
    """ALCE's citation recall and precision of one answer; {} for one without claims, which ALCE leaves out.

    Recall: the share of claims that their citations, joined, fully support (`partial` is not support). Precision: the
    share of citations that are needed: those of a supported claim, except one that does not support it alone while the
    others do without it. `text` chooses what the judge reads of a citation.
    """
    if not claims:
        return {}
    texts = [[text(c) for c in claim.citations] for claim in claims]
    joint = _supported(judge, [(c.text, "\n".join(t)) for c, t in zip(claims, texts, strict=True)])
    good = sum(joint)
    several = [i for i, t in enumerate(texts) if joint[i] and len(t) > 1]
    cited = [(i, j) for i in several for j in range(len(texts[i]))]
    alone = _supported(judge, [(claims[i].text, texts[i][j]) for i, j in cited])
    doubtful = [place for place, holds in zip(cited, alone, strict=True) if not holds]
    others = ["\n".join(texts[i][:j] + texts[i][j + 1 :]) for i, j in doubtful]
    spare = _supported(judge, [(claims[i].text, rest) for (i, _), rest in zip(doubtful, others, strict=True)])
    needed = good - len(several) + len(cited) - sum(spare)
    total = sum(map(len, texts))
    return {"recall": good / len(claims), "precision": needed / total if total else 0.0}


def _supported(judge: Judges, pairs: Sequence[tuple[str, str]]) -> list[bool]:
    """Whether each claim is supported. One without any text is not, one that is a whole quote is; of the others the
    judge is asked."""
    known = [False if not text.strip() else True if claim in text.split("\n") else None for claim, text in pairs]
    open_pairs = [pair for pair, settled in zip(pairs, known, strict=True) if settled is None]
    verdicts: Iterator[Support] = iter(judge.verdicts(open_pairs) if open_pairs else [])
    return [next(verdicts) == "supported" if settled is None else settled for settled in known]


def untraced_numbers(claims: Sequence[Claim], untraced: Untraced) -> int:
    """How many numbers of the claims stand in none of the quotes of their own citations."""
    return sum(
        len(untraced(c.text, "\n".join(x.quote for x in c.citations), context="\n".join(map(_context, c.citations))))
        for c in claims
    )


def _context(citation: Citation) -> str:
    source = citation.passage.source
    return f"{source.title}\n{citation.passage.section}\n{source.year or ''}"
