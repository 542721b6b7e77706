"""A generator that lies on purpose and writes down how: to test what stands between a draft and the reader.

Takes another generator's draft (`adversarial:<seed>`: the extractive one's) and changes its sentences with a seeded
random choice: invented marks, identifiers and links, swapped citations, changed numbers, turned directions, and true
rewordings that have to survive. Its rules are its own, so that they do not share the guards' blind spots.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rag.generators.changes import DIRECTIONS, NUMBER, REWORDINGS, UNITS, changed_number, invented
from rag.types import Generator, Prompt

Kind = Literal["verbatim", "reworded", "mark", "link", "swap", "number", "direction"]
TRUE: tuple[Kind, ...] = ("verbatim", "reworded", "mark", "link")
_WEIGHTS: dict[Kind, int] = {
    "verbatim": 2,
    "reworded": 3,
    "mark": 1,
    "link": 2,
    "swap": 3,
    "number": 12,
    "direction": 8,
}
_MARK = re.compile(r"(?<!\s)\s*\[(\d{1,4})\]\s*\Z")


@dataclass(frozen=True, slots=True)
class Written:
    """One sentence as it was written. original, number: before. marked: the number behind it now. invented: what does
    not exist and must never be shown."""

    kind: Kind
    text: str
    marked: int
    original: str
    number: int
    invented: str = ""

    @property
    def line(self) -> str:
        """The sentence as a line of the draft."""
        return f"{self.text} [{self.marked}]\n"


class Adversarial:
    """Changes the draft of `inner`. written: what it did to the last draft, in order."""

    def __init__(self, inner: Generator, *, seed: int) -> None:
        self.spec, self._inner, self._seed = f"adversarial:{seed}", inner, seed
        self.written: list[Written] = []

    def generate(self, prompt: Prompt) -> Iterator[str]:
        """One line a sentence. Raises what the inner generator raises."""
        lines = "".join(self._inner.generate(prompt)).splitlines()
        texts = [hit.passage.text for hit in prompt.hits]
        self.written = corrupted(parsed(lines), texts, seed=self._seed)
        for written in self.written:
            yield written.line


def parsed(lines: Sequence[str]) -> list[tuple[str, int]]:
    """Sentences and the passage number behind each; lines without one are left out."""
    found = ((line, _MARK.search(line)) for line in lines)
    return [(line[: m.start()], int(m[1])) for line, m in found if m and m.start()]


def corrupted(sentences: Sequence[tuple[str, int]], passages: Sequence[str], *, seed: int) -> list[Written]:
    """Each sentence changed in one way, chosen at random among those that it allows.

    passages: the texts that the numbers (from 1) stand for.
    """
    rng = random.Random(seed)
    return [_written(text, number, passages, rng) for text, number in sentences]


def _written(text: str, number: int, passages: Sequence[str], rng: random.Random) -> Written:
    kinds = list(_WEIGHTS)
    while True:
        kind = rng.choices(kinds, [_WEIGHTS[k] for k in kinds])[0]
        if kind == "verbatim":
            return Written("verbatim", text, number, text, number)
        if done := _change(kind, text, number, passages, rng):
            return done
        kinds.remove(kind)


def _change(kind: Kind, text: str, number: int, passages: Sequence[str], rng: random.Random) -> Written | None:
    if kind == "mark":
        return Written(kind, f"{text} [{rng.randint(len(passages) + 1, len(passages) + 90)}]", number, text, number)
    if kind == "link":
        before, made, after = invented(text, rng)
        return Written(kind, f"{before}{made}{after}", number, text, number, made.strip(" ()[]"))
    if kind == "swap":
        others = [i for i, p in enumerate(passages, start=1) if i != number and text not in p]
        said = reworded(text, rng) if rng.random() < 0.5 else text
        return Written(kind, said or text, rng.choice(others), text, number) if others else None
    if kind == "reworded":
        said = reworded(text, rng)
        return Written(kind, said, number, text, number) if said else None
    base = (rng.random() < 0.3 and reworded(text, rng)) or text
    made_false = _number(base, rng) if kind == "number" else _direction(base, rng)
    return Written(kind, made_false, number, text, number) if made_false else None


def reworded(text: str, rng: random.Random) -> str | None:
    """The sentence in slightly other words that say the same, None if no rule fits it."""
    fits = [(pattern, new) for pattern, new in REWORDINGS if pattern.search(text)]
    if not fits:
        return None
    said = text
    for pattern, new in rng.sample(fits, min(len(fits), rng.choice((1, 2)))):
        said = pattern.sub(new, said, count=1)
    said = said[0].upper() + said[1:]
    return said if said != text else None


def _number(text: str, rng: random.Random) -> str | None:
    """The sentence with one number, unit or sign changed."""
    units = [(pattern, new) for pattern, new in UNITS if pattern.search(text)]
    numbers = list(NUMBER.finditer(text))
    if units and (not numbers or rng.random() < 0.35):
        pattern, new = rng.choice(units)
        return pattern.sub(new, text, count=1)
    if not numbers:
        return None
    match = rng.choice(numbers)
    return text[: match.start()] + changed_number(match[0], rng) + text[match.end() :]


def _direction(text: str, rng: random.Random) -> str | None:
    """The sentence with one direction turned or one denial put in or taken out."""
    places = [(match, new) for pattern, new in DIRECTIONS for match in pattern.finditer(text)]
    if not places:
        return None
    match, new = rng.choice(places)
    turned = match.expand(new)
    if match[0][0].isupper():
        turned = turned[0].upper() + turned[1:]
    return text[: match.start()] + turned + text[match.end() :]
