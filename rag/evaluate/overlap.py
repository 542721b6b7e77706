"""How much an answer's wording shares with answers by people: ROUGE-2 and ROUGE-SU4, recall and F1.

C.-Y. Lin, "ROUGE: A Package for Automatic Evaluation of Summaries", 2004; BioASQ reports these four for its ideal
answers. Knows nothing of meaning: a paraphrase scores low, and long answers gain recall.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

Units = Counter[tuple[str, ...]]
# ROUGE's words: runs of letters a-z and digits, all else parts them. A Chinese character is a word of its own, which
# ROUGE does not provide for.
_WORD = re.compile("[a-z0-9]+|[\u3400-\u4dbf\u4e00-\u9fff]")
_GAP = 4


@dataclass(frozen=True, slots=True)
class Overlap:
    """Shares of 1: of the reference's units found (recall), of the answer's units that are there (precision)."""

    recall: float
    precision: float

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        both = self.recall + self.precision
        return 2 * self.recall * self.precision / both if both else 0.0


def words(text: str, *, stem: Callable[[str], str] | None = None) -> list[str]:
    """ROUGE's words of a text, in small letters. `stem` is applied to words of more than three letters, as ROUGE does
    with Porter's; without it words are compared as they stand."""
    found = _WORD.findall(text.lower())
    return [stem(w) if len(w) > 3 else w for w in found] if stem else found


def bigrams(words: Sequence[str]) -> Units:
    """The units of ROUGE-2: neighbouring words."""
    return Counter(pairwise(words))


def skip_units(words: Sequence[str]) -> Units:
    """The units of ROUGE-SU4: ordered pairs with at most four words between them, and single words."""
    units = Units((w,) for w in words)
    units.update((w, other) for i, w in enumerate(words) for other in words[i + 1 : i + _GAP + 2])
    return units


def shared(answer: Units, reference: Units) -> Overlap:
    """What two bags of units share, each counted as often as both have it."""
    common = (answer & reference).total()
    return Overlap(common / (reference.total() or 1), common / (answer.total() or 1))


def rouge(answer: Sequence[str], references: Iterable[Sequence[str]]) -> dict[str, float]:
    """The four measures of an answer's words. With several references the best value of each measure counts."""
    many = list(references)
    found: dict[str, float] = {}
    for name, units in (("ROUGE-2", bigrams), ("ROUGE-SU4", skip_units)):
        own = units(answer)
        scores = [shared(own, units(reference)) for reference in many]
        found[f"{name} recall"] = max((s.recall for s in scores), default=0.0)
        found[f"{name} F1"] = max((s.f1 for s in scores), default=0.0)
    return found


def opening(passages: Iterable[str], length: int) -> list[str]:
    """The baseline «first passage, whole»: the words of the best passages, in their order, cut to `length` words."""
    found: list[str] = []
    for passage in passages:
        if len(found) >= length:
            break
        found += words(passage)
    return found[:length]
