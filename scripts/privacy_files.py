"""Files of records in which canaries stand: whole ones, and ones that are broken at the very place of a canary.

Decides the kinds of damage: FHIR of other shapes, cut and nested JSON, notes with wrong headers, JSON lines, MIMIC's
tables. Knows nothing of how they are read.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.privacy_world import word


@dataclass(frozen=True, slots=True)
class Files:
    """Folders of records. words: the canaries that stand in whole records, by kind."""

    whole: Path
    broken: Path
    words: dict[str, list[str]]


def files(folder: Path, rng: random.Random, *, count: int) -> tuple[Files, list[str]]:
    """Writes whole and broken files in which every canary stands; both."""
    made: list[str] = []

    def new(*, number: bool = False) -> str:
        made.append(f"7{rng.randrange(10**9):09}" if number else word(rng))
        return made[-1]

    whole, broken = folder / "whole", folder / "broken"
    words: dict[str, list[str]] = {"identifiers": [], "facts": []}
    whole.mkdir()
    broken.mkdir()
    for n in range(4):
        first, last, street, fact, drug = (new() for _ in range(5))
        record, phone, id = (new(number=True) for _ in range(3))
        words["identifiers"] += [first, last, street, record, phone, id]
        words["facts"] += [fact, drug]
        _bundle(whole / f"b{n}.json", f"safe{n}", (first, last, street, drug, record, phone, id))
        header = f"Patient: safe{n}\nName: {first} {last}\nDate: 2021-03-0{n + 1}\nType: Clinic note\n\n"
        text = f"HPI: {first} {last} has {fact} palpitations, MRN {record}, phone {phone}.\nPLAN: stop {drug}.\n"
        (whole / f"n{n}.txt").write_text(header + text)
    while len(made) < count:
        _break(broken / str(len(made)), new, rng)
    return Files(whole, broken, words), made[: max(count, len(made))]


def _bundle(path: Path, patient: str, words: tuple[str, ...]) -> None:
    first, last, street, drug, record, phone, id = words
    subject = {"reference": f"Patient/{patient}"}
    held = [
        {"resourceType": "Patient", "id": patient, "birthDate": "1950-04-01", "gender": "female",
         "name": [{"family": last, "given": [first]}], "telecom": [{"system": "phone", "value": phone}],
         "address": [{"line": [f"12 {street} Street"], "city": f"{street} City"}],
         "identifier": [{"type": {"text": "MRN"}, "value": record}]},
        {"resourceType": "MedicationRequest", "id": id, "status": "active", "subject": subject,
         "medicationCodeableConcept": {"text": f"{drug} 10 MG"}, "authoredOn": "2021-01-01"},
        {"resourceType": "Observation", "id": f"o{id}", "status": "final", "subject": subject,
         "category": [{"coding": [{"code": "laboratory"}]}], "code": {"text": "Creatinine"},
         "effectiveDateTime": "2021-02-02", "valueQuantity": {"value": 1.4, "unit": "mg/dL"}},
    ]  # fmt: skip
    path.write_text(json.dumps({"resourceType": "Bundle", "entry": [{"resource": r} for r in held]}))


def _break(stem: Path, new: Callable[..., str], rng: random.Random) -> None:
    """One file that is broken where a canary stands."""
    a, b, c = new(), new(number=True), new()
    patient: dict[str, Any] = {
        "resourceType": "Patient",
        "id": "x1",
        "name": [{"family": a}],
        "birthDate": "1950-01-01",
    }
    observation: dict[str, Any] = {
        "resourceType": "Observation", "id": "o1", "subject": {"reference": "Patient/x1"}, "status": "final",
        "code": {"text": c}, "effectiveDateTime": "2021-02-02", "valueQuantity": {"value": 1.5, "unit": "mg/dL"},
    }  # fmt: skip
    wrong: list[tuple[dict[str, Any], str, Any]] = [
        (patient, "birthDate", b),
        (patient, "name", a),
        (patient, "name", [{"family": {a: b}, "given": c}]),
        (patient, "id", f"{a} {c}"),
        (patient, "id", [a]),
        (patient, "gender", {a: b}),
        (patient, "resourceType", a),
        (patient, "identifier", b),
        (patient, "telecom", [a, {"value": [b]}]),
        (observation, "effectiveDateTime", f"{b}-{a}"),
        (observation, "valueQuantity", {"value": a, "unit": [c]}),
        (observation, "valueQuantity", a),
        (observation, "code", a),
        (observation, "subject", {"reference": f"Patient/{b}"}),
        (observation, "subject", a),
        (observation, "component", [a, {"code": b}]),
        (observation, "referenceRange", [{"low": {"value": a}}]),
        (observation, "id", {a: 1}),
    ]
    kind = rng.randrange(8)
    if kind < 4:
        held, key, value = wrong[rng.randrange(len(wrong))]
        held[key] = value
        entries = [{"resource": patient}, {"resource": observation}]
        stem.with_suffix(".json").write_text(json.dumps({"resourceType": "Bundle", "entry": entries}))
    elif kind == 4:
        whole = json.dumps({"resourceType": "Bundle", "entry": [{"resource": patient}, {"resource": observation}]})
        texts = (
            whole[: whole.index(a) + 3],
            whole.replace(a, f"{a}\\x"),
            whole.replace(f'"{a}"', f'"{a}" {c} {b}'),
            f'{{"{a}": {{' * 3000,
        )
        stem.with_suffix(rng.choice((".json", ".ndjson"))).write_text(rng.choice(texts))
    elif kind == 5:
        heads = (
            f"Patient: {a} {c}\n\nhas {b}",
            f"Patient: 9\nId: {a} {b}\n\n{c}",
            f"{a} {b}\n\n{c}",
            f"Patient: {b}/{a}\nDate: {c}\n\n ",
        )
        stem.with_suffix(".txt").write_text(rng.choice(heads))
    elif kind == 6:
        lines = (
            {"patient": f"{a} {c}", "text": b},
            {"patient": "9", "id": f"{a} {b}", "text": c},
            {"patient": [a], "text": b},
            {"patient": "9", "date": {a: b}, "text": c},
            {"patient": "9", "text": [a, b]},
            [a, b, c],
        )
        raw = json.dumps(rng.choice(lines)) + "\n" + f'{{"patient": "{a}", "patient": "{b}"}}\n{{"{c}": NaN, \n{a}\n'
        stem.with_suffix(".jsonl").write_text(raw)
    else:
        stem.mkdir()
        rows = (
            f"{a},M,{b},{c}\n",
            f"1,{a},{b},{c}\n",
            f'1,"M,{a},{b}\n{c}',
            f"1,M,2100-01-01,,{a},{b},{c}\n",
            f"\0{a},{b}\n",
        )
        tables = ("SUBJECT_ID,GENDER,DOB,DOD\n", f"{c},GENDER,{a}\n", "SUBJECT_ID,GENDER,DOB,DOD\n")
        (stem / "PATIENTS.csv").write_text(rng.choice(tables) + rng.choice(rows))
        notes = "ROW_ID,SUBJECT_ID,HADM_ID,CHARTDATE,CATEGORY,DESCRIPTION,TEXT\n"
        (stem / "NOTEEVENTS.csv").write_text(notes + f'{a},{b},{c},{a},{b},{c},"{a}\n{b},1,,x,Note,,{c}\n')
