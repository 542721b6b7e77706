"""Finds where a passage says what a sentence says: one to three consecutive sentences, with their offsets.

Decides by the weighted share of the sentence's content words (stems, numbers, Chinese bigrams) that the stretch holds;
a word weighs as much as it is rare in these passages (idf). Knows nothing of negation, of what numbers mean, or of
synonyms beyond a short list: whether the quote supports the sentence is for the judges.
"""

from __future__ import annotations

import functools
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from indexer.chinese import simplified
from indexer.sentences import split
from rag.types import Hit

# Each sentence after the first has to bring in this share of the words to be worth a longer quote.
_LONGER = 0.06
_MOST_SENTENCES = 3
_WORD = re.compile(r"[a-z]{1,40}(?:['’][a-z]{1,3})?|\d[\d.,·]{0,20}|[\u3400-\u4dbf\u4e00-\u9fff]{1,200}|[α-ω]")
_ENDING = re.compile(
    r"(?:ations?|ities|ity|ments?|nesses|ness|ings?|ions?|ives?|ively|ally|ies|ied|eds|ed|ers?|es|ly|al|ic|s|e|y)\Z"
)
_LAST_T = re.compile(r"(?:at|t)\Z")
_STOP = frozenset(
    "a about after all also although an and any are as at be because been being both but by can could did do does "
    "during each either for from had has have having he her his how however i if in into is it its itself may might "
    "moreover must of on or other our over overall she should since so some such than that the their them then there "
    "thereby therefore these they this those through thus to under up upon us was we were what when where whereas "
    "which while who whose will with within would you your respectively according among between compared found "
    "showed shown show reported suggests suggest indicate indicates study studies trial trials".split()
)
# Words that say the same in a result, by stem.
_SAME = {
    word: group[0]
    for group in (
        "reduce reduction lower lowered decrease decline diminish fewer less fall fell drop decreased".split(),
        "increase raise higher elevated greater more rise rose raised".split(),
        "patient participant individual subject person people persons".split(),
        "therapy treatment treat treated".split(),
        "death mortality die died fatal".split(),
        "adult adults".split(),
        "child children pediatric paediatric".split(),
        "kidney renal".split(),
        "heart cardiac".split(),
        "cancer tumor tumour carcinoma".split(),
        "drug medication medicine".split(),
        "two 2".split(), "three 3".split(), "four 4".split(), "five 5".split(), "six 6".split(), "half 50".split(),
    )
    for word in group
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a passage. score: 0 to 1, share of the sentence's words in it. start, end: in the document."""

    score: float
    start: int
    end: int


class Aligner:
    """The sentences of some passages, ready to be compared with drafted ones."""

    def __init__(self, hits: Sequence[Hit]) -> None:
        self._hits = hits
        self._read: dict[int, list[tuple[int, int, frozenset[str]]]] = {}

    def best(self, text: str, number: int) -> Span:
        """The stretch of hit `number` (from 1) that covers most of `text`; score 0 if none of its words is there."""
        weights = self.weights(text)
        total = sum(weights.values())
        own = self._sentences(number)
        best = Span(0.0, 0, 0)
        if not total:
            return best
        rank = 0.0
        for first, (start, _, _) in enumerate(own):
            seen: set[str] = set()
            for count, (_, end, found) in enumerate(own[first : first + _MOST_SENTENCES]):
                seen |= found
                score = sum(w for word, w in weights.items() if word in seen) / total
                if score - _LONGER * count > rank + 1e-9:
                    rank, best = score - _LONGER * count, Span(score, start, end)
        return best

    def whole(self, number: int, start: int, end: int) -> bool:
        """Whether these offsets in the document are those of whole sentences of hit `number`, end mark or not."""
        own = self._sentences(number)
        return any(start == s for s, *_ in own) and any(e - 1 <= end <= e for _, e, _ in own)

    def weights(self, text: str) -> dict[str, float]:
        """The content words of a text and what each counts among these passages."""
        spread = self._spread
        count = max(sum(spread.values()), 1)
        return {w: _own(w) * (1 + math.log((1 + count) / (1 + spread[w]))) for w in words(text)}

    @functools.cached_property
    def _spread(self) -> Counter[str]:
        """In how many sentences each word stands."""
        found: Counter[str] = Counter()
        for number in range(1, len(self._hits) + 1):
            for _, _, own in self._sentences(number):
                found.update(own)
        return found

    def _sentences(self, number: int) -> list[tuple[int, int, frozenset[str]]]:
        if number not in self._read:
            p = self._hits[number - 1].passage
            self._read[number] = [
                (p.start + line.start() + a, p.start + line.start() + b, words(line[0][a:b]))
                for line in re.finditer(r"[^\n]+", p.text)
                for a, b in split(line[0])
            ]
        return self._read[number]


def _own(word: str) -> float:
    return 1.5 if word[0].isdigit() else 0.5 if "\u3400" <= word[0] <= "\u9fff" and len(word) == 1 else 1.0


def words(text: str) -> frozenset[str]:
    """The content words of a text: stems, numbers without separators, Chinese bigrams."""
    return frozenset(_words(simplified(text).lower()))


def _words(text: str) -> Iterable[str]:
    for word in _WORD.findall(text):
        if word[0].isdigit():
            yield _SAME.get(word, word.strip(".,·").replace(",", "").replace("·", "."))
        elif "\u3400" <= word[0] <= "\u9fff":
            yield from ([word[i : i + 2] for i in range(len(word) - 1)] or [word])
        elif word not in _STOP:
            yield _SAME.get(word) or stem(word)


@functools.lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """An English word without its ending: `reduced`, `reduces` and `reduction` are one. Rough on purpose."""
    word = re.sub(r"['’][a-z]{1,3}\Z", "", word)
    if len(word) <= 4:
        return _SAME.get(word.rstrip("s"), word if len(word) < 4 else word.rstrip("s"))
    short = _ENDING.sub("", word)
    short = short if len(short) >= 3 else word
    bare = _LAST_T.sub("", short) if len(short) > 5 else short
    return _SAME.get(short) or _SAME.get(word.rstrip("s")) or (bare if len(bare) >= 4 else short)
