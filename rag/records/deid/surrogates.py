"""Invented values for one patient's identifiers: the same original gives the same surrogate in all of the patient's
notes.

Decides each surrogate from an HMAC (RFC 2104, SHA-256) of the caller's key, the patient and the original, so that
there is no state but the vault and no order of notes matters, save where two originals would meet: then the later one
takes the next draw, and the vault remembers. Dates move back by one number of days per patient (30 to 395), so that
intervals stay and none is in the future. Knows nothing of finding.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass, field

from indexer.errors import ConfigError
from rag.records.deid import invented
from rag.records.deid.fold import fold, plain
from rag.records.deid.shift import shifted
from rag.records.deid.types import Category

_HAN = re.compile("[\u4e00-\u9fff]")
_AGE = re.compile(
    r"(?i)^(?:9\d|1[0-2]\d|ninety.*|(?:a|one) hundred.*|九十.?|一?百.*|.*nagenarian|.*centenarian|(?:early |mid[ -]?|late )?(?:90|100|nine).*)$"
)
_PARTICLES = frozenset(
    "van von de del della di da dos la le el al bin ibn ter der den mr mrs ms miss dr prof nurse sir".split()
)
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
        """What stands for the original. avoid: a text in which no new surrogate may occur (else it could not be told
        from what the text had itself)."""
        if category == "photo":
            return PHOTO
        if category == "date":
            return self._date(original)
        if category == "name" and not _HAN.search(original):
            return self._name(original, avoid)
        return self._once(original, category, avoid)

    def _draw(self, kind: str, original: str, turn: int) -> bytes:
        message = "\0".join((self.patient, kind, original, str(turn))).encode()
        return hmac.digest(self.key, message, "sha256")

    def _date(self, original: str) -> str:
        value = fold(original)
        if _AGE.match(value):
            return ZH_OLD if _HAN.search(value) else OLD
        new = shifted(value, days=self.days)
        self.vault.setdefault(f"date\0{original}", new)
        return new

    def _name(self, original: str, avoid: str) -> str:
        """Word by word, so that "John Smith" and "Mr. Smith" stay one person; initials become other initials."""
        words = re.split(r"([^\W\d_]+(?:['\-][^\W\d_]+)*\d*)", original)
        whole = len([w for w in words[1::2] if len(w) > 1]) > 1
        new = "".join(
            self._part(w, avoid, last=whole and i == len(words) - 2) if i % 2 and w.lower() not in _PARTICLES else w
            for i, w in enumerate(words)
        )
        self.vault.setdefault(f"name\0{original}", new)
        return new

    def _part(self, word: str, avoid: str, *, last: bool) -> str:
        bare = plain(word)
        known = self.vault.get(f"part\0{bare}")
        if known is None:
            if len(word) == 1:
                known = chr(97 + self._draw("initial", bare, 0)[0] % 26)
            else:
                # A word alone is as often a surname ("Mr. Smith"); it keeps what it got first.
                pool = invented.SURNAMES if last or self._draw("pool", bare, 0)[0] % 2 else invented.GIVEN
                known = self._free("part", bare, avoid, lambda d: pool[int.from_bytes(d[:4]) % len(pool)])
            self.vault[f"part\0{bare}"] = known
        return known.upper() if word.isupper() else known.lower() if word.islower() else known.title()

    def _once(self, original: str, category: Category, avoid: str) -> str:
        same = (
            re.sub(r"[\s().,-]+", "", plain(original)) if category not in ("place", "name", "url") else plain(original)
        )
        named = f"{category}\0{original}"
        if named not in self.vault:
            self.vault[named] = self._free(category, same, avoid, lambda d: _made(original, category, d))
        return self.vault[named]

    def _free(self, kind: str, original: str, avoid: str, make) -> str:  # type: ignore[no-untyped-def]
        taken = set(self.vault.values())
        for turn in range(200):
            new: str = make(self._draw(kind, original, turn))
            if new not in taken and new not in avoid:
                return new
        # More people than names: a number tells them apart.
        return f"{new} {len(taken)}"


def _made(original: str, category: Category, draw: bytes) -> str:
    numbers = list(draw) * (1 + len(original) // 16)
    if category == "name":
        return (
            _pick(invented.ZH_SURNAMES, draw[0])
            + "".join(_pick(invented.ZH_GIVEN, n) for n in draw[1 : max(2, len(original))])
            if len(original) > 1
            else _pick(invented.ZH_SURNAMES, draw[0])
        )
    if category == "place":
        return _place(original, draw)
    if category == "email":
        return f"p{draw.hex()[:10]}@example.org"
    if category == "url":
        return f"https://example.org/{draw.hex()[:12]}"
    if category == "ip":
        return f"10.{draw[0]}.{draw[1]}.{draw[2]}"
    return "".join(_same_kind(c, n + 7 * i) for i, (c, n) in enumerate(zip(original, numbers, strict=False)))


def _same_kind(char: str, number: int) -> str:
    if char.isdigit():
        return str(number % 10)
    if char.isascii() and char.isalpha():
        return chr((65 if char.isupper() else 97) + number % 26)
    return char


def _place(original: str, draw: bytes) -> str:
    if _HAN.search(original):
        town = _pick(invented.ZH_TOWNS, draw[0])
        if re.search("医院|卫生院|诊所", original):
            return f"{town}医院"
        if re.search("[路街道巷弄号]", original):
            return f"{town}市{_pick(invented.ZH_ROADS, draw[1])}{1 + draw[2]}号"
        return f"{town}公司" if re.search("公司|厂|集团|学|局|行", original) else f"{town}市"
    town = _pick(invented.TOWNS, draw[0])
    house = re.search(r"(?i)hospital|medical|clinic|health|infirmary", original)
    if house:
        return f"{town} {_pick(invented.HOUSES, draw[1])}"
    if re.fullmatch(r"[\d -]{3,10}", original):
        return "".join(_same_kind(c, n) for c, n in zip(original, draw, strict=False))
    if any(c.isdigit() for c in original):
        return f"{1 + draw[1] * 7} {_pick(invented.STREETS, draw[2])} {_pick(invented.KINDS, draw[3])}, {town}"
    return town


def _pick(pool, number: int) -> str:  # type: ignore[no-untyped-def]
    return str(pool[number % len(pool)])
