"""Keeps one article, or one text in many copies, from filling the hits.

Documents are one article when they share a PMID, PMCID or DOI, as PubMed's abstract and the journal's full text do:
they have one source's places together. Of passages that are copies two stay at most, the second only if its source can
be looked up; a copy adds no evidence. Decides by identity and wording, not by relevance; does not know which copy is
right.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from indexer.flood import CLOSE, Pairs, are_copies, can_be_looked_up, word_pairs
from indexer.index import Index
from indexer.types import Passage, Source

_T = TypeVar("_T")
_COPIES = 2


def article(source: Source) -> frozenset[str]:
    """Every name under which the article of a source is known."""
    links = source.links
    return frozenset({source.id, *(f"{n}:{links[n].lower()}" for n in ("pmid", "pmcid", "doi") if links.get(n))})


@dataclass(slots=True)
class _Group:
    """Passages that were kept for one reason: one article (names), or one text (pairs: of the first)."""

    names: frozenset[str] = frozenset()
    pairs: Pairs = frozenset()
    place: int = 0
    count: int = 1


def distinct(index: Index, ranked: Iterable[tuple[int, _T]], *, per_source: int) -> Iterator[tuple[Passage, _T]]:
    """Of (row, anything), those that are not too many of one article or of one text, with their passages."""
    candidates = list(ranked)
    vectors = index.vectors_of(np.array([row for row, _ in candidates], np.int64))
    close = vectors @ vectors.T >= CLOSE
    articles: list[_Group] = []
    texts: list[_Group] = []
    for place, (row, rest) in enumerate(candidates):
        passage = index.passage(row)
        names = article(passage.source)
        same = next((a for a in articles if a.names & names), None)
        if same is not None and same.count >= per_source:
            continue
        near = [t for t in texts if close[t.place, place]]
        # Its word pairs are only needed when it is near another; then they are those of a text of that other's length.
        pairs = word_pairs(passage.text) if near else frozenset()
        copied = next((t for t in near if are_copies(_pairs(index, candidates, t), pairs)), None)
        if copied is not None and (copied.count >= _COPIES or not can_be_looked_up(passage.source)):
            continue
        if same is None:
            articles.append(_Group(names))
        else:
            same.names, same.count = same.names | names, same.count + 1
        if copied is None:
            texts.append(_Group(pairs=pairs, place=place))
        else:
            copied.count += 1
        yield passage, rest


def _pairs(index: Index, candidates: list[tuple[int, _T]], text: _Group) -> Pairs:
    """The word pairs of a text that was kept, computed once and only when it is compared."""
    if not text.pairs:
        text.pairs = word_pairs(index.passage(candidates[text.place][0]).text)
    return text.pairs
