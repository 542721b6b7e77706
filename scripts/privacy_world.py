"""Invented patients whose every word can be told apart, random policies over them, and what a policy allows.

Decides what counts as a leak: a word, number or date that only one patient's record holds. The reference that says who
may see what is written here from docs/records.md alone; nothing of it is the program's. Knows nothing of how the
program is asked.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from rag.records.chart import NoteText, chart, note, person_entries
from rag.records.types import Entry, Person, Record

View = Literal["full", "masked"]
Policy = Mapping[str, Mapping[str, Any]]

# Names that are words too: what de-identification finds hardest of what it knows.
_WORDS = ("Grace May", "Faith Young", "Frank Woods", "Joy Price", "Dawn King", "Hope Fields", "Iris Bush", "Art Sharp")
_SYLLABLES = "zu qua vex bri kro plo gwe nyx tho dru jab wim fyo hax pse vlo zed kwi".split()


@dataclass(frozen=True, slots=True)
class Known:
    """A patient and what gives it away. identifiers: who it is; facts: what only its record says."""

    record: Record
    identifiers: frozenset[str]
    facts: frozenset[str]
    words: tuple[str, str, str]

    @property
    def id(self) -> str:
        """The patient's id."""
        return self.record.person.id


def word(rng: random.Random) -> str:
    """A word of no language, the same again with a chance of one in a million."""
    return "".join(rng.choice(_SYLLABLES) for _ in range(4)).capitalize()


def patient(number: int, rng: random.Random) -> Known:
    """One patient. Every fifth is over 89, every fourth has a name of ordinary words."""
    first, last, street, drug, a, b = (word(rng) for _ in range(6))
    if number % 4 == 3:
        first, last = _WORDS[number // 4 % len(_WORDS)].split()
    old = number % 5 == 4
    year = 1930 - number if old else rng.randrange(1940, 1998)
    birth = f"{year}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}"
    numbers = {"MRN": str(rng.randrange(10**7, 10**8)), "SSN": f"9{rng.randrange(10**8):08}"}
    phone, mail = f"202-555-{rng.randrange(10**4):04}", f"{first}.{last}@example.org".lower()
    id, tag = f"pat-{rng.randrange(1000, 10000)}{number:02}", f"{rng.getrandbits(40):010x}"
    person = Person(
        id, (f"{first} {last}",), rng.choice(("female", "male")), birth, "", tuple(numbers.items()), (phone,), (mail,),
        (f"{rng.randrange(10, 99)} {street} Street, {street} City",),
    )  # fmt: skip
    # One month of an even year of its own: a day shifted by 30 to 395 days is no true one of any patient.
    year = 2000 + 2 * number
    days = [f"{year}-05-{n:02}" for n in sorted(rng.sample(range(1, 29), 5))]
    values = [round(rng.randrange(1, 9) + (number * 7 + n) / 1000 + 0.1001, 4) for n in range(3)]
    lines = [
        *person_entries(person, resource=f"fhir:Patient/{id}"),
        *(
            Entry(f"fhir:Observation/{tag}{n}", "laboratory", "", 0, 0, "Creatinine", (("loinc", "2160-0"),), day,
                  value=value, unit="mg/dL")
            for n, (day, value) in enumerate(zip(days, values, strict=False))
        ),
        Entry(f"fhir:MedicationRequest/{tag}m", "medication", "", 0, 0, f"{drug}mab 10 MG Oral Tablet", time=days[3],
              status="active"),
        Entry(f"fhir:Encounter/{tag}e", "encounter", "", 0, 0, f"Encounter for {first} {last}", time=days[4],
              text=f"call {phone}, {numbers['MRN']}"),
    ]  # fmt: skip
    age = f"a {2026 - int(birth[:4])}-year-old" if old else "an adult"
    text = (
        f"HISTORY OF PRESENT ILLNESS\n{first} {last}, {age}, reports {a} palpitations after the {b} holiday.\n"
        f"Seen on {days[4]} at {street} Street. MRN {numbers['MRN']}, phone {phone}, {mail}.\n"
        f"PLAN\nStop sotalol if {a} palpitations return. {first} agrees."
    )
    made = note(person, NoteText(f"{tag}n", f"note:{tag}n", "Clinic note", days[4], text))
    identifiers = {id, first, last, street, phone, mail, birth, tag, *numbers.values(), *days}
    if old:
        ages = (2025 - int(birth[:4]), 2026 - int(birth[:4]))
        identifiers |= {birth[:4], f"{ages[1]}-year", *(f"{age} year" for age in ages)}
    facts = {f"{drug}mab", a, b, *(f"{v:g}" for v in values)}
    return Known(
        chart(person, lines, notes=[made] if made else []), frozenset(identifiers), frozenset(facts), (drug, a, b)
    )


def policy(people: Iterable[str], patients: list[str], rng: random.Random) -> Policy:
    """A random policy: roles, care teams that share compartments of patients, glass that some may break."""
    teams = [rng.sample(patients, rng.randrange(len(patients) // 2 + 1)) for _ in range(4)]
    kinds = (
        ("clinician",), ("clinician",), ("researcher",), ("researcher",), ("auditor",), ("administrator",), (),
        ("clinician", "auditor"), ("researcher", "administrator"), ("clinician", "researcher"),
        ("auditor", "administrator"),
    )  # fmt: skip
    return {
        person: {
            "roles": list(rng.choice(kinds)),
            "break_glass": rng.random() < 0.4,
            "patients": ["*"]
            if rng.random() < 0.2
            else rng.choice(teams) + rng.sample(patients, rng.randrange(2) if patients else 0),
        }
        for person in people
        if rng.random() < 0.9
    }


def toml(held: Policy, *, keeper: str) -> str:
    """The policy as its file. keeper: an administrator beside them, who changes it."""
    return f"[people.{json.dumps(keeper)}]\nroles = ['administrator']\n" + "".join(
        f"[people.{json.dumps(who)}]\nroles = {json.dumps(r['roles'])}\npatients = {json.dumps(r['patients'])}\n"
        f"break_glass = {json.dumps(r['break_glass'])}\n"
        for who, r in held.items()
    )  # fmt: skip


def may_read(held: Policy, person: str, patient: str | None, *, because: str = "") -> View | None:
    """The reference: what a person sees of a patient (None: of no patient at all), or None for nothing."""
    rights = held.get(person)
    if rights is None or patient is None:
        return None
    clinician = "clinician" in rights["roles"]
    if not clinician and "researcher" not in rights["roles"]:
        return None
    if patient in rights["patients"] or "*" in rights["patients"]:
        return "full" if clinician else "masked"
    return "full" if clinician and rights["break_glass"] and because.strip() else None


def may_audit(held: Policy, person: str) -> bool:
    """The reference: who reads the log."""
    return person in held and bool({"auditor", "administrator"} & set(held[person]["roles"]))


def leaked(shown: str, patients: Iterable[Known], *, seen: Mapping[str, View | None], given: str = "") -> list[str]:
    """What stands in `shown` and may not. seen: the view that is allowed of each patient; given: what the person wrote,
    which may come back."""
    found = []
    for p in patients:
        view = seen.get(p.id)
        closed = frozenset() if view == "full" else p.identifiers if view == "masked" else p.identifiers | p.facts
        found += [f"{p.id}: {w}" for w in sorted(closed) if stands(w, shown) and not stands(w, given)]
    return found


def stands(word: str, text: str) -> bool:
    """Whether a word or number stands in the text; words of letters in any case, ordinary ones only with their
    capital."""
    ordinary = any(word in names.split() for names in _WORDS)
    if (word if ordinary else word.lower()) not in (text if ordinary else text.lower()):
        return False
    return bool(re.search(rf"(?<![^\W_]){re.escape(word)}", text, 0 if ordinary else re.I))
