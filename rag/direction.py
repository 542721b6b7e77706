"""Compares what a claim and its quote say of direction: more or less, better or worse, difference or none, not.

Decides by rules: each direction word of the claim is matched with the one of the quote that stands among the same
words, then poles, negations and the two sides of a comparison are compared. Only a confident contradiction is one;
anything else is `agrees` or `unclear`. Knows nothing of medicine: whether less of something is good is not asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from rag.align import words as content
from rag.directions import AXES, BREAKS, EXCEPT, NEGATORS, THAN, TOKEN, Cue, cue_of, turned

Verdict = Literal["contradicted", "agrees", "unclear"]

# How alike claim and quote must be, token by token, for a changed word to be a changed meaning; and how alike the words
# around two direction words must be to speak of the same.
_COPY, _SAME = 0.75, 0.55
_REACH = 8  # tokens around a direction word
_NO_ARM = content("group arm patients treatment subjects rate risk levels significantly significant respectively years")
_SCOPE = 5  # tokens before a direction word in which a negation holds


@dataclass(frozen=True, slots=True)
class _Read:
    tokens: list[str]
    cues: dict[int, Cue]
    negated: frozenset[int]  # places of cues under a negation
    negators: frozenset[int]


def compare(claim: str, quote: str) -> Verdict:
    """Whether the claim says the opposite of the quote about the same thing."""
    mine, theirs = _read(claim), _read(quote)
    if EXCEPT & {*mine.tokens, *theirs.tokens}:
        return "unclear"
    verdicts = [*_copied(mine, theirs), *_around(mine, theirs)]
    if "contradicted" in verdicts or _swapped(mine, theirs):
        return "contradicted"
    return "agrees" if "agrees" in verdicts else "unclear"


def _read(text: str) -> _Read:
    tokens = [t.lower() for t in TOKEN.findall(text)]
    cues = {i: cue for i, t in enumerate(tokens) if (cue := cue_of(tokens, i, t))}
    negators = frozenset(i for i, t in enumerate(tokens) if t in NEGATORS and not _is_only(tokens, i))
    negated = frozenset(i for i in cues if _under(tokens, i, negators))
    return _Read(tokens, cues, negated, negators)


def _is_only(tokens: Sequence[str], i: int) -> bool:
    """`not only`, `whether or not`, `no later than`: nothing is denied."""
    after = tokens[i + 1] if i + 1 < len(tokens) else ""
    return after in ("only", "just", "merely") or (i > 0 and tokens[i] == "not" and tokens[i - 1] == "or")


def _under(tokens: Sequence[str], i: int, negators: frozenset[int]) -> bool:
    """Whether an odd number of negations holds at `i`."""
    count = 0
    for j in range(i - 1, max(-1, i - 1 - _SCOPE), -1):
        if tokens[j] in BREAKS:
            break
        count += j in negators
    return count % 2 == 1


def _copied(mine: _Read, theirs: _Read) -> list[Verdict]:
    """Where the claim repeats the quote nearly word by word: what the changed words change."""
    a, b = theirs.tokens, mine.tokens
    if len(a) * len(b) > 160_000:
        return []
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    same = sum(size for *_, size in matcher.get_matching_blocks())
    if same < _COPY * len(b):
        return []
    found: list[Verdict] = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            continue
        before = [i for i in range(i1, i2) if i in theirs.cues]
        now = [j for j in range(j1, j2) if j in mine.cues]
        old, new = [theirs.cues[i] for i in before], [mine.cues[j] for j in now]
        if any(_sides_turned(mine, j, theirs, i) for i, j in zip(before, now, strict=False)):
            continue  # "A is worse than B" for "B is better than A"
        denied = sum(i in theirs.negators for i in range(i1, i2)) + sum(j in mine.negators for j in range(j1, j2))
        opposite = any(o.axis == n.axis and o.pole == -n.pole for o, n in zip(old, new, strict=False))
        opposite = opposite or any(map(turned, a[i1:i2], b[j1:j2]))
        whole = i1 > 0 and i2 < len(a)  # words cut at an end of the quote are only left out
        kept_close = max(i2 - i1, j2 - j1) <= 6
        if kept_close and (denied % 2 == 1) != opposite and (whole or opposite) and _lone(old, new, opposite):
            found.append("contradicted")
    return found


def _lone(old: list[Cue], new: list[Cue], opposite: bool) -> bool:
    """A lost or new negation counts where it is all that changed: "did not lower" may become "failed to lower"."""
    return opposite or (not old and not new) or [c.axis for c in old] == [c.axis for c in new]


def _around(mine: _Read, theirs: _Read) -> list[Verdict]:
    """Each direction word of the claim against the one of the quote that stands among the same words."""
    found: list[Verdict] = []
    for i, cue in mine.cues.items():
        scored = sorted(((_alike(mine, i, theirs, j), j) for j in theirs.cues), reverse=True)
        comparable = [(s, j) for s, j in scored if theirs.cues[j].axis == cue.axis]
        if not comparable or comparable[0][0] < _SAME:
            continue
        score, j = comparable[0]
        rivals = [k for s, k in comparable[1:] if s > score - 0.15]
        said = {_said(theirs, k) for k in (j, *rivals)}
        if len(said) > 1 or None in said or (own := _said(mine, i)) is None:
            continue
        found.append("agrees" if own in said else "unclear" if _sides_turned(mine, i, theirs, j) else "contradicted")
    return found


def _said(read: _Read, i: int) -> tuple[str, int] | None:
    """Axis and pole; a denied pole of an axis with a middle ("not increased") says nothing certain."""
    cue = read.cues[i]
    if i not in read.negated:
        return cue.axis, cue.pole
    return (cue.axis, -cue.pole) if AXES[cue.axis] else None


def _alike(mine: _Read, i: int, theirs: _Read, j: int) -> float:
    """How far the words around two direction words are the same; the nearer, the more they count."""
    a, b = _near(mine.tokens, i), _near(theirs.tokens, j)
    total = sum(a.values())
    return sum(min(w, b.get(word, 0.0) * 1.5) for word, w in a.items()) / total if total else 0.0


def _near(tokens: Sequence[str], i: int) -> dict[str, float]:
    near: dict[str, float] = {}
    for j in range(max(0, i - _REACH), min(len(tokens), i + _REACH + 1)):
        if j != i and not tokens[j].isdigit():
            for word in content(tokens[j]):
                near[word] = max(near.get(word, 0.0), 1 / (1 + abs(i - j) / 3))
    return near


def _sides(read: _Read, i: int) -> tuple[frozenset[str], frozenset[str]] | None:
    """What stands on one side only of a comparison, `A higher than B`; None if `i` compares nothing."""
    tokens = read.tokens
    ends = [k for k in range(i + 1, min(len(tokens), i + 1 + _REACH)) if tokens[k] in THAN]
    if not ends and tokens[i] in ("superior", "inferior") and tokens[i + 1 : i + 2] == ["to"]:
        ends = [i + 1]
    if not ends:
        return None
    k = next((k for k in ends if tokens[k] == "than"), ends[0])
    left, right = (content(" ".join(part)) - _NO_ARM for part in (_clause(tokens, k, -1), _clause(tokens, k, 1)))
    return left - right, right - left


def _clause(tokens: Sequence[str], i: int, step: int) -> list[str]:
    found: list[str] = []
    i += step
    while (
        0 <= i < len(tokens)
        and len(found) < 2 * _REACH
        and tokens[i] not in (";", "；", "。", "whereas", "while", "but")
    ):
        found.append(tokens[i])
        i += step
    return found


def _sides_turned(mine: _Read, i: int, theirs: _Read, j: int) -> bool:
    """Whether what stood left of the comparison stands right of it now."""
    a, b = _sides(mine, i), _sides(theirs, j)
    if not a or not b:
        return False
    return bool(a[0] & b[1]) and bool(a[1] & b[0])


def _swapped(mine: _Read, theirs: _Read) -> bool:
    """`A better than B` for `B better than A`; or the same words in the same order, with their numbers in another."""
    for i, cue in mine.cues.items():
        for j, other in theirs.cues.items():
            same = cue.axis == other.axis and cue.pole == other.pole and (i in mine.negated) == (j in theirs.negated)
            if same and _sides_turned(mine, i, theirs, j):
                return True
    numbers = [[t for t in read.tokens if t[0].isdigit()] for read in (mine, theirs)]
    rest = [[t for t in read.tokens if not t[0].isdigit()] for read in (mine, theirs)]
    return rest[0] == rest[1] and numbers[0] != numbers[1] and sorted(numbers[0]) == sorted(numbers[1])
