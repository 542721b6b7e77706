"""Recognises near-copies of one text, and keeps a search from being filled with them.

Two texts are copies when they share most of their pairs of neighbouring words (Broder's shingles, 1997, of length 2; of
Chinese, characters). A search that is crowded with copies is made again without all but the first of them, so that what
they hid comes up. Nothing is done on vectors alone: an embedder that cannot read a language finds all its texts alike.
Does not know which copy is the original; those whose source can be looked up (PMID, PMCID, DOI) are kept before others.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

import numpy as np

from indexer.types import Passage, Source, Vectors
from indexer.vectors import Allowed, Rows

Search = Callable[[Allowed], tuple[Rows, Vectors]]
Pairs = frozenset[tuple[str, str]]

# Of the larger text's pairs, the share that both must hold; or, for a copy with something added, of the smaller one's,
# and how much smaller it may be; and how many pairs make a text that can be judged so: shorter ones are copies only
# when they are equal. Two copies of one text, each with one word in twenty changed, share .71 to .85 of their pairs.
_BOTH, _SMALLER, _INSIDE, _FEWEST = 0.65, 0.5, 0.85, 12
# Copies have at least this cosine; only such passages' texts are compared.
CLOSE = 0.8
# A search is crowded from this many copies among its results on; so many with, and without, a source that can be looked
# up stay. A crowd that is not among the first results does no harm.
_CROWD, _STAY, _FIRST = 8, 2, 16
_ROUNDS, _WIDEST, _SAMPLE = 4, 2_000, 6
_WORD = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]|[^\\W_\u3400-\u4dbf\u4e00-\u9fff]+")


class Readable(Protocol):
    """What is needed of an index: the text of a row, the vectors of rows, and the nearest rows of a vector."""

    def passage(self, row: int) -> Passage:
        """The passage of a row."""
        ...

    def vectors_of(self, rows: Rows) -> Vectors:
        """Their vectors, float32 (n, dim)."""
        ...

    def nearest(self, vector: Vectors, k: int, allowed: Allowed) -> tuple[Rows, Vectors]:
        """Rows and cosines, best first."""
        ...


def words(text: str) -> list[str]:
    """The words of a text in lower case; of Chinese, its characters."""
    return _WORD.findall(text.lower())


def word_pairs(text: str) -> Pairs:
    """The pairs of neighbouring words of a text, case ignored."""
    return frozenset(itertools.pairwise(words(text)))


def are_copies(one: Pairs, other: Pairs) -> bool:
    """Whether two texts, given as their pairs, are the same but for a few words."""
    small, large = (one, other) if len(one) <= len(other) else (other, one)
    if len(small) < _FEWEST:
        return small == large
    shared = len(small & large)
    added = len(small) >= _SMALLER * len(large) and shared >= _INSIDE * len(small)
    return added or shared >= _BOTH * len(large)


def can_be_looked_up(source: Source) -> bool:
    """Whether a source names where it was published: a PMID, PMCID or DOI, or a journal with its year."""
    return bool(source.links.keys() & {"pmid", "pmcid", "doi"}) or bool(source.journal and source.year)


def unflooded(index: Readable, search: Search, allowed: Allowed) -> tuple[Rows, Vectors]:
    """What `search` finds within `allowed`, with only the first of any crowd of copies."""
    rows, scores = search(allowed)
    for _ in range(_ROUNDS):
        surplus = _surplus(index, rows, allowed)
        if not surplus:
            break
        allowed = allowed.copy()
        allowed[surplus] = False
        rows, scores = search(allowed)
    return rows, scores


def _surplus(index: Readable, rows: Rows, allowed: Allowed) -> list[int]:
    """Rows of a crowd that should not be searched again, also those that this search did not reach; [] if none."""
    if len(rows) < _CROWD:
        return []
    vectors = index.vectors_of(rows)
    near = vectors[:_FIRST] @ vectors.T >= CLOSE
    for centre in np.argsort(-near.sum(1), kind="stable")[:3].tolist():
        members = rows[near[centre]].tolist()
        if len(members) < _CROWD:
            break
        text = word_pairs(index.passage(int(rows[centre])).text)
        if len(_copies(index, text, members[:_SAMPLE])) < min(3, _SAMPLE):
            continue
        wide = index.nearest(vectors[centre], _WIDEST, allowed)
        everyone = list(dict.fromkeys([*members, *wide[0][wide[1] >= CLOSE].tolist()]))
        found = _copies(index, text, everyone)
        if len(found) >= _CROWD:
            return _beyond(index, found)
    return []


def _copies(index: Readable, text: Pairs, rows: Iterable[int]) -> list[int]:
    return [row for row in rows if are_copies(text, word_pairs(index.passage(row).text))]


def _beyond(index: Readable, rows: Sequence[int]) -> list[int]:
    """All but the first few of each sort."""
    room = {True: _STAY, False: _STAY}
    surplus: list[int] = []
    for row in rows:
        sort = can_be_looked_up(index.passage(row).source)
        if room[sort]:
            room[sort] -= 1
        else:
            surplus.append(row)
    return surplus
