"""Sentences of presidio_research with their identifiers, in two parts that share no template and no name.

Decides which part a template is in (the hash of its text) and what fills a slot: identities of the same part. Also reads
the publisher's labelled rows, those whose template is in the part. Slots and labels that are no identifier of HIPAA's
(countries, nationalities, titles, ages) carry none; organisations are `organisation`, counted apart.
"""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

from rag.records.types import Person
from scripts.deid_notes import Note, Planted
from scripts.deid_people import Part, Pools, address, part_of, somebody
from scripts.deid_values import english

_FOLDER = "presidio_research"
_SLOT = re.compile(r"\{\{(\w+)\}\}")
_NAMES = {"person": "full", "name": "full", "name_male": "full", "name_female": "full"}
_CATEGORY = {
    "PERSON": "name", "STREET_ADDRESS": "place", "ADDRESS": "place", "PHONE_NUMBER": "phone", "EMAIL_ADDRESS": "email", "CREDIT_CARD": "account",
    "DATE_TIME": "date", "ZIP_CODE": "place", "DOMAIN_NAME": "url", "IBAN_CODE": "account", "US_SSN": "ssn", "IP_ADDRESS": "ip",
    "US_DRIVER_LICENSE": "licence", "ORGANIZATION": "organisation", "GPE": "region", "LOCATION": "region", "TITLE": "neutral", "PREFIX": "neutral", "AGE": "neutral",
}  # fmt: skip
_KINDS = {"email": ("email", "email"), "url": ("url", "url"), "phone_number": ("phone", "phone"), "credit_card_number": ("card", "account"), "ssn": ("ssn", "ssn"),
          "date_of_birth": ("dob", "date"), "date_time": ("date", "date"), "ip_address": ("ip", "ip"), "us_driver_license": ("licence", "licence"),
          "zipcode": ("zip", "place"), "postcode": ("zip", "place"), "city": ("town", "place"), "organization": ("company", "organisation"), "day_of_week": ("weekday", "date")}  # fmt: skip
_PLAIN = {"country": ["Canada", "Norway", "Kenya", "Peru", "Japan", "Egypt"], "nationality": ["Canadian", "Kenyan", "Greek", "Thai"], "state_abbr": ["TX", "OH", "CA"],
          "nation_woman": ["Frenchwoman"], "nation_plural": ["Greeks"], "job": ["teacher", "nurse", "driver", "welder"]}  # fmt: skip


def generated(data: Path, *, part: Part, of: Pools, rng: random.Random, times: int) -> list[Note]:
    """Every template of the part, filled `times` times from the part's identities."""
    path = data / _FOLDER / "presidio_evaluator/data_generator/raw_data/templates.txt"
    lines = [t.strip().replace("\\n", "\n") for t in path.read_text("utf-8", errors="replace").splitlines()]
    return [_filled(t, of, rng) for t in lines if t and part_of(t) == part for _ in range(times)]


def _filled(template: str, of: Pools, rng: random.Random) -> Note:
    text, planted = "", []
    for i, piece in enumerate(_SLOT.split(template)):
        value, category = (piece, "") if i % 2 == 0 else _value(piece, of, rng)
        if category:
            planted.append(Planted(len(text), len(text) + len(value), category, piece))
        text += value
    return Note("", text, tuple(planted), Person(""))


def _value(slot: str, of: Pools, rng: random.Random) -> tuple[str, str]:
    who = somebody(of, rng)
    if slot in _NAMES:
        return english("full", of, who, rng), "name"
    if slot.startswith("first_name"):
        return who.given, "name"
    if slot.startswith("last_name"):
        return who.surname, "name"
    if slot in _KINDS:
        kind, category = _KINDS[slot]
        return english(kind, of, who, rng), category
    if slot in _PLAIN:
        return rng.choice(_PLAIN[slot]), ""
    if slot == "address":
        return address(of, rng), "place"
    if slot == "street_name":
        return rng.choice(of.streets).strip("0123456789 "), "place"
    if slot in ("building_number", "age", "secondary_address"):
        return str(rng.randrange(12, 89)), "place" if slot != "age" else ""
    if slot == "iban":
        return "GB" + str(rng.randrange(10, 99)) + "WEST" + str(rng.randrange(10**13, 10**14)), "account"
    if slot == "year":
        return str(rng.randrange(1950, 2024)), ""
    return {"prefix_male": "Mr.", "prefix_female": "Mrs."}.get(slot, "Dr."), ""


def labelled(data: Path, *, part: Part) -> list[Note]:
    """The publisher's 1,500 rows whose template is in the part; their identities may be of either part."""
    notes = []
    for row in json.loads((data / _FOLDER / "data/synth_dataset_v2.json").read_text("utf-8")):
        if part_of(row["masked"]) == part:
            spans = [
                Planted(
                    s["start_position"],
                    s["end_position"],
                    "neutral"
                    if re.fullmatch(r"\d{4}", s["entity_value"]) and s["entity_type"] == "DATE_TIME"
                    else _CATEGORY.get(s["entity_type"], "neutral"),
                    s["entity_type"],
                )
                for s in row["spans"]
            ]
            notes.append(Note("", row["full_text"], tuple(sorted(spans, key=lambda p: p.start)), Person("")))
    return notes
