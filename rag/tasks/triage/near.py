"""What a question says in two words or in a number: "hand ... shakes", a child's age, a week of pregnancy.

Decides what near is: both words of a pair in one sentence, in any order, at most GAP characters between them; and which
ages are a child's. Knows nothing of departments: `table.py` says what a pair or a cue speaks for.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

GAP = {"zh": 8, "en": 24}
_END = re.compile(r"[.!?;。！？；\n]")
_SMALL = "一|两|二|三|四|五|六|七|八|九|十|十一|十二|十三"
_EN_SMALL = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
# Cue -> what it speaks for. Fourteen and more is seen by the departments of adults.
CUES = {
    "child": re.compile(
        rf"(?<![\d十百一二三四五六七八九])(?:1[0-3]|[1-9]|{_SMALL})(?:周?岁(?![前时以])|个?多?月(?:大|龄|的?宝))"
        rf"|(?<![\d-])(?:1[0-3]|[1-9]|{_EN_SMALL})[ -](?:years?|yrs?|yr)[ -]old"
        rf"|\b(?:\d\d?|{_EN_SMALL})[ -](?:months?|weeks?|days?)[ -]old"
    ),
    "pregnant": re.compile(
        rf"孕(?:\d{{1,2}}|[一二三四五六七八九十]{{1,3}})\+?多?(?:周|个?月)"
        rf"|\b(?:\d{{1,2}}|{_EN_SMALL}) (?:weeks?|months?) (?:along|gone|pregnant)\b"
        rf"|\b\d{{1,2}}(?:st|nd|rd|th) week of\b"
    ),
}


@dataclass(frozen=True, slots=True)
class Pair:
    """name as the table writes it; first and second: the words of either group, as they are compared."""

    name: str
    first: frozenset[str]
    second: frozenset[str]


@dataclass(frozen=True, slots=True)
class Found:
    """A pair in a text: the spans of its two words, in the text's order."""

    name: str
    spans: tuple[tuple[int, int], tuple[int, int]]


class Pairs:
    """Pairs of one language, indexed by their words."""

    def __init__(self, pairs: Iterable[Pair], language: str) -> None:
        self._gap = GAP[language]
        self._of: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for pair in pairs:
            for side, words in enumerate((pair.first, pair.second)):
                for word in words:
                    self._of[word].append((pair.name, side))
        self.words = frozenset(self._of)

    def found(self, spans: Iterable[tuple[str, int, int]], text: str) -> list[Found]:
        """Each pair of which `spans` (word, start, end) has both words near each other; its closest ones, once."""
        sides: dict[str, tuple[list[tuple[int, int]], list[tuple[int, int]]]] = defaultdict(lambda: ([], []))
        for word, start, end in sorted(spans, key=lambda s: s[1]):
            for name, side in self._of.get(word, ()):
                sides[name][side].append((start, end))
        told = []
        for name, (first, second) in sides.items():
            near = [n for n in (self._closest(first, second, text), self._closest(second, first, text)) if n]
            if near:
                told.append(Found(name, min(near, key=lambda n: (n[1][0] - n[0][1], n))))
        return told

    def _closest(
        self, before: list[tuple[int, int]], after: list[tuple[int, int]], text: str
    ) -> tuple[tuple[int, int], tuple[int, int]] | None:
        best = None
        starts = [s for s, _ in after]
        for start, end in before:
            at = bisect_left(starts, end)
            if at == len(after) or starts[at] - end > self._gap or _END.search(text, end, starts[at]):
                continue
            if best is None or starts[at] - end < best[1][0] - best[0][1]:
                best = ((start, end), after[at])
        return best


def cues(text: str) -> list[tuple[str, int, int]]:
    """(cue, start, end) of every number that says an age or a week of pregnancy; `text` in lower case."""
    return [(name, m.start(), m.end()) for name, pattern in CUES.items() for m in pattern.finditer(text)]
