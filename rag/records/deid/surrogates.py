"""Invented values for one patient's identifiers: the same original gives the same surrogate in all of the patient's
notes.

Decides each surrogate from an HMAC (RFC 2104, SHA-256) of the caller's key, the patient and the original, so that
there is no state but the vault and no order of notes matters, save where two originals would meet: then the later one
takes the next draw, and the vault remembers. A name is replaced word by word, given names by one of the same gender
where the note tells it (`persons.py`); places and numbers keep their form (`shapes.py`). Dates move back by one number
of days per patient (30 to 395), so that intervals stay and none is in the future. Knows nothing of finding.
"""

from __future__ import annotations

import functools
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from indexer.errors import ConfigError
from rag.records.deid import shapes
from rag.records.deid.fold import fold, plain
from rag.records.deid.persons import Role, role
from rag.records.deid.shift import shifted
from rag.records.deid.types import Category

_HAN = re.compile("[\u4e00-\u9fff]")
_AGE = re.compile(
    r"(?i)^(?:9\d|1[0-2]\d|ninety.*|(?:a|one) hundred.*|九十.?|一?百.*|.*nagenarian|.*centenarian|(?:early |mid[ -]?|late )?(?:90|100|nine).*)$"
)
_PARTICLES = frozenset(
    "van von de del della di da dos la le el al bin ibn ter der den mr mrs ms miss dr prof nurse sir and md rn".split()
)
_NAME = re.compile(r"((?<!\w['’])[^\W\d_]+(?:['\-](?!s\b)[^\W\d_]+)*\d*)")
OLD, ZH_OLD, PHOTO, HOLIDAY = "90 or older", "九十或以上", "[photo]", "[date]"


@dataclass
class Surrogates:
    """The surrogates of one patient. key: secret bytes, at least 16. patient: the patient's id.

    vault: surrogate by original, as `category\\0original`; give the same dict for all of a patient's notes and
    encrypt it where it is stored, for it turns the surrogates back.
    """

    key: bytes
    patient: str
    vault: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.key) < 16:
            raise ConfigError(f"the key of surrogates has {len(self.key)} bytes; give at least 16 random ones")

    @property
    def days(self) -> int:
        """By how many days this patient's dates move; negative."""
        return -(30 + int.from_bytes(self._draw("days", "", 0)[:4]) % 366)

    def of(self, original: str, category: Category, *, avoid: str = "") -> str:
        """What stands for the original. avoid: the note, in which no new surrogate may occur (else it could not be told
        from what the note had itself); it also tells whether a name is a man's, a woman's or a family's."""
        if category == "photo":
            return PHOTO
        if category == "date":
            return self._date(original)
        if category == "name" and not _HAN.search(original):
            return self._name(original, avoid)
        if category == "place":
            return self._kept(category, original, lambda: self._place(original, avoid))
        if category == "email" and "@" in original:
            return self._kept(category, original, lambda: self._email(original))
        return self._once(original, category, avoid)

    def _email(self, original: str) -> str:
        """Of the surrogates of the names that it is made of, as far as the notes had these."""

        def word(m: re.Match[str]) -> str:
            known = self.vault.get(f"part\0{plain(m.group())}")
            return known.lower() if known else shapes.same_shape(m.group(), self._draw("email", m.group(), 0))

        return re.sub(r"[^\W_\d]+|\d+", word, original.partition("@")[0]) + "@example.org"

    def _draw(self, kind: str, original: str, turn: int) -> bytes:
        message = "\0".join((self.patient, kind, original, str(turn))).encode()
        return hmac.digest(self.key, message, "sha256")

    def _kept(self, category: str, original: str, make: Callable[[], str]) -> str:
        named = f"{category}\0{original}"
        if named not in self.vault:
            self.vault[named] = make()
        return self.vault[named]

    def _date(self, original: str) -> str:
        value = fold(original)
        if _AGE.match(value):
            return ZH_OLD if _HAN.search(value) else OLD
        new = shifted(value, days=self.days)
        self.vault.setdefault(f"date\0{original}", new)
        return new

    def _name(self, original: str, avoid: str) -> str:
        """Word by word, so that "John Smith" and "Mr. Smith" stay one person; initials become other initials."""
        words = _NAME.split(original)
        parts = [i for i in range(1, len(words), 2) if words[i].lower() not in _PARTICLES]
        long = [i for i in parts if len(words[i]) > 1]
        # "Smith, John" is the other way round.
        turned = len(long) > 1 and words[long[0] + 1].lstrip().startswith(",")
        last = (long[0] if turned else parts[-1]) if len(parts) > 1 else None
        for i in parts:
            known = None if last is None else Role("surname" if i == last else "given")
            words[i] = self._part(words[i], avoid, known=known)
        new = "".join(words)
        self.vault.setdefault(f"name\0{original}", new)
        return new

    def _part(self, word: str, avoid: str, *, known: Role | None) -> str:
        bare = plain(word)
        if len(bare) == 1:
            return self._letter(bare).upper() if word.isupper() else self._letter(bare)
        new = self.vault.get(f"part\0{bare}")
        if new is None:
            told = role(bare, avoid)
            kind = known.kind if known else told.kind
            pool = (
                shapes.SURNAMES
                if kind == "surname"
                else {"female": shapes.FEMALE, "male": shapes.MALE}.get(told.gender)
                or (shapes.FEMALE if self._draw("gender", bare, 0)[0] % 2 else shapes.MALE)
            )
            letter = self._letter(bare[0]).upper()
            new = self._free("part", bare, avoid, functools.partial(_alike, pool, letter, len(bare)))
            self.vault[f"part\0{bare}"] = new
        return _cased(new, word)

    def _letter(self, letter: str) -> str:
        """What stands for an initial: one letter for each, so that "J.S." stays the initials of John Smith."""
        letters = "abcdefghiklmnoprstuvw"
        return letters[self._draw("initial", letter, 0)[0] % len(letters)]

    def _place(self, original: str, avoid: str) -> str:
        """Its proper words replaced, each always by the same; kinds, states and the form of its numbers stay."""

        def proper(words: str, pool: list[str]) -> str:
            bare = " ".join(plain(words).split())
            new = self.vault.get(f"place-part\0{bare}")
            if new is None:
                fits = functools.partial(_alike, pool, "", len(bare))
                new = self.vault[f"place-part\0{bare}"] = self._free("place-part", bare, avoid, fits)
            return new if _HAN.search(words) else _cased(new, words)

        taken, new = set(self.vault.values()), ""
        for turn in range(50):

            def number(digits: str, turn: int = turn) -> str:
                # Where all numbers of this length are taken, one digit more.
                longer = digits if turn < 40 else digits + "5"
                return shapes.same_shape(longer, self._draw("place-number", digits, turn))

            new = shapes.place(original, proper=proper, number=number)
            # Without a number there is nothing to draw again: its words are taken by nothing else.
            if not any(c.isdigit() for c in new) or (new not in taken and new not in avoid):
                break
        return new

    def _once(self, original: str, category: Category, avoid: str) -> str:
        same = plain(original) if category in ("name", "url") else re.sub(r"[\s().,-]+", "", plain(original))
        make = functools.partial(shapes.number, original, category, self.days)
        return self._kept(category, original, lambda: self._free(category, same, avoid, make))

    def _free(self, kind: str, original: str, avoid: str, make: Callable[[bytes], str]) -> str:
        taken = set(self.vault.values())
        there = _words_of(avoid)
        new = ""
        for turn in range(200):
            new = make(self._draw(kind, original, turn))
            if new not in taken and new not in avoid and plain(new) not in there:
                return new
        # More people than names: a number tells them apart.
        return f"{new} {len(taken)}"


@functools.lru_cache(maxsize=2)
def _words_of(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W\d_]+", plain(text)))


def _alike(pool: list[str], letter: str, length: int, draw: bytes) -> str:
    """Of the pool's values that begin with the letter, one of the four of the draw that is nearest in length."""
    fit = [v for v in pool if v.startswith(letter)] or pool
    drawn = [fit[int.from_bytes(draw[i : i + 4]) % len(fit)] for i in (0, 4, 8, 12)]
    # Now and then any of them: a letter may have too few.
    return min(drawn, key=lambda v: abs(len(v) - length)) if draw[31] < 240 else pool[draw[30] * 5 % len(pool)]


def _cased(new: str, model: str) -> str:
    return new.upper() if model.isupper() else new.lower() if model.islower() else new
