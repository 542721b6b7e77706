"""Rejoins words that a PDF breaks at line ends. Decides which hyphens belong to the word, by the document's own use of
it elsewhere. Knows nothing of layout.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

_CJK = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
_MIXED = re.compile("[\u4e00-\u9fff][A-Za-z0-9]|[A-Za-z0-9][\u4e00-\u9fff]")
_MIXED_SPACED = re.compile("[\u4e00-\u9fff] [A-Za-z0-9]|[A-Za-z0-9] [\u4e00-\u9fff]")
_PART = r"[^\W\d_]+"
_WORD = re.compile(rf"{_PART}(?:[-\u2010\u2011]{_PART})*")
_HYPHEN = re.compile(rf"(?<![^\W\d_])({_PART}(?:[-\u2010\u2011]{_PART}){{0,8}})[-\u2010\u2011\u00ad]$")
# A paragraph grows line by line: only its last characters are looked at.
_TAIL = 60
_FIRST = re.compile(_PART)
# First parts after which a hyphen is usual and dividing a word would be odd.
_KEEPS = frozenset(
    "non self well long short high low double single triple placebo follow cross evidence population community "
    "hospital patient health age sex dose time risk cost gold first second third fourth two three four five six one "
    "intention per open case year month week day half full large small quasi ex all near late early newly based "
    "related free life weight body blood head end set beta alpha gamma drug group treatment quality state task"
    " side".split()
)
_SUFFIXES = frozenset(
    "up based related free blind blinded controlled like term specific treated dependent associated effective year "
    "old week day month fold point label centre center arm line reported administered matched adjusted group"
    " type".split()
)


class Words:
    """Which words the document uses inside its lines."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._plain: Counter[str] = Counter()
        self._hyphened: Counter[str] = Counter()
        mixed = [0, 0]
        for line in lines:
            mixed[0] += len(_MIXED.findall(line))
            mixed[1] += len(_MIXED_SPACED.findall(line))
            found = [w.lower() for w in _WORD.findall(line)]
            # The first and the last word of a line may be halves.
            for word in found[1:-1]:
                if "-" in word or "\u2010" in word or "\u2011" in word:
                    self._hyphened[word.replace("\u2010", "-").replace("\u2011", "-")] += 1
                else:
                    self._plain[word] += 1

        # Whether the document sets a space between Chinese characters and Latin words or numbers.
        self._spaced = mixed[1] > mixed[0]

    def join(self, before: str, after: str) -> str:
        """Two lines of one paragraph as one: a word divided between them is whole again."""
        if not before or not after:
            return before + after
        if _CJK.match(before[-1]) or _CJK.match(after):
            both = _CJK.match(before[-1]) and _CJK.match(after)
            return before + after if both or not self._spaced else f"{before} {after}"
        if (match := _HYPHEN.search(before[-_TAIL:])) and (rest := _FIRST.match(after)):
            kept = before[:-1] + "-" if before[-1] == "\u00ad" else before
            return (before[:-1] if self._divides(match[1], rest[0], soft=before[-1] == "\u00ad") else kept) + after
        if before[-1] == "\u00ad":
            return before[:-1] + after
        # COX-|2, 10-|20, mg/|day: nothing was put in at the break, so no space is either.
        if re.search(r"[\w)][-\u2010\u2011\u2013/]$", before[-2:]) and re.match(r"\w", after):
            return before + after
        return f"{before} {after}"

    def _divides(self, before: str, after: str, *, soft: bool) -> bool:
        """Whether the hyphen only breaks a word: `occlu-|sion`, not `double-|blind` or `COX-|inhibitor`."""
        if soft:
            return True
        if after[0].isupper() or (before.isupper() and len(before) > 1):
            return False
        left = before.lower().replace("\u2010", "-").replace("\u2011", "-")
        right = after.lower()
        plain, hyphened = self._plain[left.rsplit("-", 1)[-1] + right], self._hyphened[f"{left}-{right}"]
        if plain or hyphened:
            return plain >= hyphened
        last = left.rsplit("-", 1)[-1]
        if last in _KEEPS or right in _SUFFIXES or len(last) == 1:
            return False
        # Both halves are words of this document (`risk-|benefit`): rare among the syllables of a divided word.
        return not (min(len(last), len(right)) > 3 and self._plain[last] > 1 and self._plain[right] > 1)
