"""Turns four public sets of clinical notes into JSON lines that `rag.records.notes` reads, and says what was read.

    python scripts/record_notes.py --data DIR --out DIR

DIR holds aci_bench, primock57, mts_dialog and trialgpt_patients. Each note becomes the note of one invented patient.
The headings of mts_dialog are columns, not text: they are put back in front of the section. Prints, for each set, notes
written, notes read, headings recognised, and the lines that look like headings and were not. Nothing of the notes goes
into the project. Knows nothing of what becomes of them.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from rag.records.headings import canonical, sections
from rag.records.notes import NoteReader

Fields = dict[str, str]
_ALONE = re.compile(r"[ \t]*(?P<name>[A-Za-z][A-Za-z /&'-]{1,48}?)[ \t]*:?[ \t]*")
_OPENING = re.compile(r"[ \t]*(?P<name>[A-Z][A-Za-z/&]{1,20}(?: [A-Za-z/&]{1,14}){0,4})[ \t]*(?::|[-–](?=[ \t]))")


def rows(path: Path) -> Iterator[Fields]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def aci_bench(folder: Path) -> Iterator[Fields]:
    """Visits, with sex and age of the patient."""
    for part in ("train", "valid"):
        data = folder / "data" / "challenge_data"
        known = {row["encounter_id"]: row for row in rows(data / f"{part}_metadata.csv")}
        for row in rows(data / f"{part}.csv"):
            id, about = row["encounter_id"], known.get(row["encounter_id"], {})
            yield {
                "patient": f"aci-{id}", "id": f"aci-{id}-note", "type": "Visit note", "text": row["note"],
                "sex": about.get("patient_gender", ""), "age": about.get("patient_age", ""),
            }  # fmt: skip


def primock57(folder: Path) -> Iterator[Fields]:
    """Consultations in primary care."""
    for file in sorted((folder / "notes").glob("*.json")):
        held = json.loads(file.read_text("utf-8"))
        id = f"{held['day']}-{held['consultation']:02}"
        text = f"Presenting complaint: {held['presenting_complaint']}\n\n{held['note']}"
        yield {"patient": f"primock-{id}", "id": f"primock-{id}-note", "type": "Consultation note", "text": text}


def mts_dialog(folder: Path) -> Iterator[Fields]:
    """Sections of notes, under their codes."""
    for part in ("Training", "Validation"):
        for row in rows(folder / "Main-Dataset" / f"MTS-Dialog-{part}Set.csv"):
            id = f"mts-{part.lower()}-{row['ID']}"
            text = f"{row['section_header']}:\n{row['section_text']}"
            yield {"patient": id, "id": f"{id}-note", "type": "Section of a note", "text": text}


def trialgpt_patients(folder: Path) -> Iterator[Fields]:
    """Patients as one paragraph."""
    with (folder / "dataset" / "sigir" / "queries.jsonl").open(encoding="utf-8") as file:
        for held in map(json.loads, file):
            id = held["_id"]
            yield {"patient": f"trialgpt-{id}", "id": f"{id}-note", "type": "Admission note", "text": held["text"]}


SETS: dict[str, Callable[[Path], Iterator[Fields]]] = {
    "aci_bench": aci_bench, "primock57": primock57, "mts_dialog": mts_dialog, "trialgpt_patients": trialgpt_patients,
}  # fmt: skip


def write(notes: Iterator[Fields], path: Path) -> int:
    """Writes notes as JSON lines and returns how many."""
    written = 0
    with path.open("w", encoding="utf-8") as file:
        for fields in notes:
            file.write(json.dumps({k: v for k, v in fields.items() if v}, ensure_ascii=False) + "\n")
            written += 1
    return written


def missed(text: str) -> tuple[int, list[str]]:
    """Headings recognised, and lines that look like a heading and lie within a section: alone between empty lines or in
    capitals, or words and a colon at a line's begin."""
    found, lost = sections(text), []
    inside = [(s.start, s.end) for s in found]
    at = 0
    lines = text.split("\n")
    for number, line in enumerate(lines):
        bare = _ALONE.fullmatch(line)
        apart = (number == 0 or not lines[number - 1].strip()) and len(lines) > number + 1
        looks = bare if bare and line.strip() and (line.isupper() or line.rstrip().endswith(":")) and apart else None
        looks = looks or (_OPENING.match(line) if apart else None)
        if (
            looks
            and not canonical(looks["name"])
            and any(start <= at + looks.start("name") < end for start, end in inside)
        ):
            lost.append(looks["name"].strip().lower())
        at += len(line) + 1
    return sum(bool(s.heading) for s in found), lost


def main() -> None:
    """Writes, reads and reports every set that is there."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    for name, made in SETS.items():
        path = asked.out / f"{name}.jsonl"
        written = write(made(asked.data / name), path)
        headings, read, kinds, lost = 0, 0, Counter[str](), Counter[str]()
        for record in NoteReader().read(path):
            read += 1
            text = next(d.text for d in record.documents if d.source.kind == "note")
            kinds.update(s.heading for s in sections(text))
            more, names = missed(text)
            headings += more
            lost.update(names)
        missing = sum(lost.values())
        share = headings / max(headings + missing, 1)
        print(f"{name}: {written} notes, {read} read; {headings} headings recognised, {missing} more look like one")
        print(f"  recognised {share:.3f}; kinds {len(kinds)}: {kinds.most_common(12)}; not: {lost.most_common(40)}")


if __name__ == "__main__":
    main()
