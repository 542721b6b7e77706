"""Searches a text for what is known of its patient: names, numbers, addresses and birth, in every usual spelling.

Decides which spellings count: any case, no accents, reordered, initials, a surname alone, one letter wrong in a long
name, telephone and record numbers with any punctuation, an address's street alone, the birth date in every order. It
is the surest layer: what a record says of its patient must not be in its notes. Knows nothing of other people.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator

from rag.records.deid.fold import plain
from rag.records.deid.types import Category, Finding
from rag.records.deid.vocabulary import DOTTED, STOP
from rag.records.types import Person

_HAN = re.compile("[\u4e00-\u9fff]")
# Names that are words too: only with their capital.
_WORDS = frozenset("may will grace mark rose hope faith joy art bill frank grant guy ray rich rob sue dawn iris ivy lily pat chip don drew gene hunter page price young long short king white black brown green gray wood woods stone rice bush lane ford fields park parks banks hill love best bright sharp small day christian dean earl an do so in on to he ho ma pa my man le la sun".split())  # fmt: skip
_STREETS = {
    "street": "st",
    "avenue": "ave",
    "road": "rd",
    "lane": "ln",
    "drive": "dr",
    "boulevard": "blvd",
    "court": "ct",
    "place": "pl",
    "apartment": "apt",
    "suite": "ste",
}
_CATEGORY: dict[str, Category] = {
    "ssn": "ssn", "ss": "ssn", "身份证": "ssn", "dl": "licence", "driver": "licence", "licen": "licence", "npi": "licence", "ppn": "other", "passport": "other", "护照": "other",
    "member": "plan", "insur": "plan", "policy": "plan", "医保": "plan", "account": "account", "device": "device", "plate": "vehicle", "vin": "vehicle",
}  # fmt: skip


def find_known(folded: str, *, person: Person) -> Iterator[Finding]:
    """Findings in a folded text, in no order; some overlap."""
    low = plain(folded)
    for name in person.names:
        yield from _name(folded, low, name)
    for system, number in person.identifiers:
        yield from _spelled(low, number, _kind(system), 0.99)
    if person.id:
        yield from _spelled(low, person.id, "record", 0.97)
    for phone in person.phones:
        yield from _phone(low, phone)
    for email in person.emails:
        for m in _literal(low, email):
            yield Finding(*m, "email", 1.0)
    for address in person.addresses:
        yield from _address(low, address)
    for date in (person.birth, person.death):
        yield from _date(low, date)


def _kind(system: str) -> Category:
    low = system.lower()
    return next((category for key, category in _CATEGORY.items() if key in low), "record")


def _literal(low: str, value: str) -> Iterator[tuple[int, int]]:
    """Where the value stands, white space in any amount, not inside a word."""
    parts = plain(value).split()
    if parts:
        pattern = r"\s{1,3}".join(map(re.escape, parts))
        edge = "" if _HAN.search(value) else r"(?<![^\W_])", "" if _HAN.search(value) else r"(?![^\W_])"
        for m in re.finditer(edge[0] + pattern + edge[1], low):
            yield m.span()


def _name(folded: str, low: str, name: str) -> Iterator[Finding]:
    if _HAN.search(name):
        bare = re.sub(r"\s", "", name)
        for m in re.finditer(r"\s?".join(map(re.escape, bare)), low):
            yield Finding(m.start(), m.end(), "name", 1.0)
        if len(bare) == 3:
            # The given name alone, and the surname before a title.
            for m in re.finditer(re.escape(bare[1:]) + f"|{re.escape(bare[0])}(?=先生|女士|某|老师|小姐)", low):
                yield Finding(m.start(), m.end(), "name", 0.9)
        return
    # Synthetic records put digits behind a name ("Alberto639"); notes may or may not.
    words = [
        w
        for w in re.split(r"[\s,.]+", re.sub(r"\d+", "", name))
        if w and plain(w) not in ("mr", "mrs", "ms", "dr", "miss", "jr", "sr", "ii", "iii", "md")
    ]
    for word in words:
        bare = plain(word)
        if len(bare) < 2:
            continue
        for m in re.finditer(rf"(?<![^\W\d_]){re.escape(bare)}\d{{0,4}}(?![^\W_])", low):
            capital = folded[m.start()].isupper()
            if (
                capital
                or (len(bare) > 3 and bare not in _WORDS | STOP)
                or (folded.islower() and bare not in _WORDS | STOP)
            ):
                yield Finding(m.start(), m.end(), "name", 0.98)
        if len(bare) >= 5:
            yield from _nearly(folded, low, bare)
    yield from _initials(folded, [w for w in words if w[0].isalpha()])


def _nearly(folded: str, low: str, bare: str) -> Iterator[Finding]:
    for m in re.finditer(r"[^\W_]{4,30}", low):
        word = m.group()
        if (
            abs(len(word) - len(bare)) <= 1
            and word != bare
            and (word[0] == bare[0] or word[1:] == bare[1:])
            and _one_apart(word, bare)
        ):
            odd = any(c.isdigit() for c in word)
            if (folded[m.start()].isupper() or odd or folded.islower()) and (len(bare) >= 6 or odd):
                yield Finding(m.start(), m.end(), "name", 0.75)


def _one_apart(a: str, b: str) -> bool:
    """Whether one change, one letter more or less, or "rn" for "m" makes `a` of `b`."""
    if "rn" in a and a.replace("rn", "m", 1) == b:
        return True
    start = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return a[start + 1 :] == b[start + 1 :] or a[start:] == b[start + 1 :] or a[start + 1 :] == b[start:]


def _initials(folded: str, words: list[str]) -> Iterator[Finding]:
    if len(words) < 2:
        return
    first, last = words[0][0].upper(), words[-1][0].upper()
    middle = "".join(w[0].upper() for w in words[1:-1])
    for letters in {first + last, first + middle + last, last + first}:
        dotted = r"\.[ ]?".join(letters) + r"\."
        for m in re.finditer(rf"(?<![\w.]){dotted}(?![^\W\d_])", folded):
            yield Finding(m.start(), m.end(), "name", 0.9)
    bare = first + last
    if bare.lower() not in DOTTED:
        # Two capitals alone are mostly an abbreviation: only where a person is meant.
        for m in re.finditer(
            rf"(?:(?:patient|pt|Mr\.?|Ms\.?|Mrs\.?|initials)[ :]{{1,3}})(?P<v>{bare})(?![\w])", folded
        ):
            yield Finding(m.start("v"), m.end("v"), "name", 0.8)


def _spelled(low: str, number: str, category: Category, score: float) -> Iterator[Finding]:
    characters = re.sub(r"[\W_]", "", plain(number))
    if len(characters) >= 4:
        pattern = r"[\s./_-]{0,2}".join(map(re.escape, characters))
        for m in re.finditer(rf"(?<![^\W_]){pattern}(?![^\W_])", low):
            yield Finding(m.start(), m.end(), category, score)


def _phone(low: str, phone: str) -> Iterator[Finding]:
    digits = re.sub(r"\D", "", phone)
    # Without the country's code, and without the area's.
    for tail in {digits, digits[-10:], digits[-7:] if len(digits) == 10 else digits}:
        if len(tail) >= 6:
            pattern = r"[\s().+/-]{0,3}".join(tail)
            for m in re.finditer(rf"(?<!\d)[(+]?{pattern}(?!\d)", low):
                yield Finding(m.start(), m.end(), "phone", 0.99)


def _address(low: str, address: str) -> Iterator[Finding]:
    parts = [p.strip() for p in re.split(r"[,，;\n]", address) if p.strip()]
    for part in [address, *parts]:
        if (len(part) < 4 and not _HAN.search(part)) or len(part) < 3:
            continue
        short = " ".join(_STREETS.get(w.strip("."), w) for w in plain(part).split())
        full = " ".join({v: k for k, v in _STREETS.items()}.get(w.strip("."), w) for w in plain(part).split())
        for spelled in {part, short, full}:
            for m in _literal(low, spelled):
                yield Finding(*m, "place", 0.97)


def _date(low: str, date: str) -> Iterator[Finding]:
    try:
        day = datetime.date.fromisoformat(date[:10])
    except ValueError:
        return
    for spelled in spellings(day):
        for m in re.finditer(rf"(?<![^\W_]){re.escape(spelled)}(?![^\W_])", low):
            yield Finding(m.start(), m.end(), "date", 1.0)


def spellings(day: datetime.date) -> Iterable[str]:
    """A day as people write it, in lower case."""
    y, m, d, month = day.year, day.month, day.day, day.strftime("%B").lower()
    found = {
        day.isoformat(),
        f"{y}{m:02}{d:02}",
        f"{m:02}{d:02}{y}",
        f"{d:02}{m:02}{y}",
        f"{m:02}{d:02}{y % 100:02}",
        f"{d:02}{m:02}{y % 100:02}",
        f"{y}年{m}月{d}日",
        f"{y}年{m:02}月{d:02}日",
        f"{y}.{m}.{d}",
        f"{y}/{m}/{d}",
    }
    for a, b in ((m, d), (d, m)):
        for sign in "/-. ":
            found |= {
                f"{x}{sign}{z}{sign}{year}"
                for x, z in ((a, b), (f"{a:02}", f"{b:02}"))
                for year in (y, f"{y % 100:02}")
            }
    for name in (month, month[:3]):
        found |= {f"{name} {d}, {y}", f"{name} {d} {y}", f"{d} {name} {y}", f"{d}-{name}-{y}", f"{name} {d:02}, {y}"}
    return sorted(found)
