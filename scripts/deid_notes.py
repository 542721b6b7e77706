"""Notes and dialogues with identifiers put into them: the text, where each identifier stands, and who the patient is.

Decides which notes are in which part (by the hash of their text), where sentences go, and the noise: all lower case,
all capitals in a few, letters as a scanner misreads them inside identifiers. Knows nothing of how identifiers are found.
"""

from __future__ import annotations

import csv
import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.records.types import Person
from scripts.deid_people import Part, Pools, part_of, somebody
from scripts.deid_values import chinese, email, english, zh_name

Wordings = Mapping[str, Sequence[str]]
_SLOT = re.compile(r"\[([a-z]+)\]")
_CUT = re.compile(r"(?<=[.!?])\s+(?=[A-Z•])|\n+")
_ZH_CUT = re.compile(r"(?<=[。！？])")
_NO_CATEGORY = {"title", "state"}
_OCR = {"0": "O", "1": "l", "5": "S", "8": "B", "o": "0", "l": "1", "i": "1", "e": "c", "m": "rn"}
# Kinds of which the category is not the wording's.
_OWN = {
    "town": "place", "address": "place", "hospital": "place", "company": "place", "age": "date", "holiday": "date", "first": "name", "last": "name", "full": "name",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Planted:
    """An identifier that was put in: code points `[start, end)`. noisy: misread as a scanner would."""

    start: int
    end: int
    category: str
    kind: str
    noisy: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A note with its identifiers in order, and what is known of the patient."""

    id: str
    text: str
    planted: tuple[Planted, ...]
    person: Person


def english_notes(data: Path, part: Part) -> list[str]:
    """The notes of aci_bench and the sections and dialogues of mts_dialog that are of the part."""
    texts = []
    for path in sorted((data / "aci_bench/data/challenge_data").glob("*.csv")):
        if "metadata" not in path.name:
            texts += [row["note"] for row in _rows(path)]
    for path in sorted((data / "mts_dialog/Main-Dataset").glob("*.csv")):
        texts += [row[key] for row in _rows(path) for key in ("section_text", "dialogue")]
    return [t for t in dict.fromkeys(texts) if len(t) > 200 and part_of(t) == part]


def chinese_notes(data: Path, part: Part) -> list[str]:
    """The dialogues and long answers of zh_cmtmedqa_huatuo_test that are of the part."""
    folder = data / "zh_cmtmedqa_huatuo_test/data"
    texts = []
    for row in json.loads((folder / "CMtMedQA_test.half0.json").read_text("utf-8")):
        if "history" in row:
            texts.append(
                "\n".join(f"患者：{q}\n医生：{a}" for q, a in [*row["history"], (row["instruction"], row["output"])])
            )
    for row in json.loads((folder / "huatuo26M_test.half0.json").read_text("utf-8")):
        texts.append(row["instruction"][0] + "\n" + row["output"][0])
    return [t for t in dict.fromkeys(texts) if len(t) > 60 and part_of(t) == part]


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def plant(text: str, *, wordings: Wordings, of: Pools, rng: random.Random, count: int) -> Note:
    """An English note with `count` sentences that carry identifiers, about one patient among others."""
    patient = somebody(of, rng)
    make = lambda kind: english(kind, of, patient, rng)  # noqa: E731
    mode = rng.random()
    pieces = _mix([*_CUT.split(text)], _sentences(wordings, make, rng, count), rng)
    note, planted = _join(pieces, rng, ocr=0.5 if mode > 0.8 else 0.0, gap=rng.choice([" ", "\n"]))
    if mode < 0.2 and len(note.lower()) == len(note):
        note = note.lower()
    elif mode < 0.25 and len(note.upper()) == len(note):
        note = note.upper()
    person = Person("P-1", names=(f"{patient.given} {patient.surname}",), emails=(email(patient, rng),))
    return Note("", note, tuple(planted), person)


def plant_chinese(text: str, *, wordings: Wordings, part: Part, rng: random.Random, count: int) -> Note:
    """A Chinese text with `count` sentences that carry identifiers."""
    patient = zh_name(rng, part)
    make = lambda kind: chinese(kind, part, patient, rng)  # noqa: E731
    pieces = _mix(_ZH_CUT.split(text), _sentences(wordings, make, rng, count), rng)
    note, planted = _join(pieces, rng, ocr=0.0, gap="")
    return Note("", note, tuple(planted), Person("P-1", names=(patient,)))


def _sentences(wordings: Wordings, make, rng: random.Random, count: int) -> list[list[tuple[str, str, str]]]:  # type: ignore[no-untyped-def]
    """Each a list of (text, category or "", kind)."""
    # Names and places are what notes are full of; each of the others comes about as often as each other.
    categories = [*wordings, "name", "name", "name", "place", "date", "date"]
    made = []
    for _ in range(count):
        category = rng.choice(categories)
        parts = _SLOT.split(rng.choice(wordings[category]))
        sentence = []
        for i, piece in enumerate(parts):
            if i % 2 == 0:
                sentence.append((piece, "", ""))
            else:
                sentence.append((make(piece), "" if piece in _NO_CATEGORY else _OWN.get(piece, category), piece))
        made.append(sentence)
    return made


def _mix(pieces: list[str], sentences, rng: random.Random):  # type: ignore[no-untyped-def]
    mixed = [[(p, "", "")] for p in pieces if p]
    for sentence in sentences:
        mixed.insert(rng.randrange(len(mixed) + 1), sentence)
    return mixed


def _join(pieces, rng: random.Random, *, ocr: float, gap: str) -> tuple[str, list[Planted]]:  # type: ignore[no-untyped-def]
    text, planted = "", []
    for piece in pieces:
        for value, category, kind in piece:
            noisy = bool(category) and kind not in ("email", "url", "photo", "age") and rng.random() < ocr
            shown = misread(value, rng) if noisy else value
            if category:
                planted.append(Planted(len(text), len(text) + len(shown), category, kind, shown != value))
            text += shown
        text += gap if gap or text[-1:] in "。？！\n" else "\n"
    return text, planted


def misread(value: str, rng: random.Random) -> str:
    """One character of it as a scanner might give it."""
    spots = [i for i, c in enumerate(value) if c in _OCR]
    if not spots:
        return value
    i = rng.choice(spots)
    return value[:i] + _OCR[value[i]] + value[i + 1 :]
