"""Measures report drafts: from dialogues against their notes, from patient records against the record, pages in HTML.

    python -m scripts.eval_reports --data DIR [--half blind] [--json benchmarks/reports.json]

dialogues (ACI-Bench, MTS-Dialog, PriMock57): every line must be a verbatim stretch of the dialogue, at the characters
it cites (support); ROUGE-1, -2 and -L of the draft's sections against the note's, recall and F1, per division of the
note. Halves by the hash of the dialogue's id: rules were made on `tuned`; `blind` was run when they were done.
PriMock57 was not looked at. Beside it: the whole dialogue as the draft, and its beginning cut to the note's length.
records (Synthea): all templates and both languages through the store; each line's words and numbers must stand in what
it cites; names, numbers and whole dates of the record in a researcher's report. pages: 200 payloads in every place of
a page, what acts in the HTML; Word files opened part by part.
"""

from __future__ import annotations

import argparse
import collections
import csv
import hashlib
import json
import os
import re
import tempfile
import time
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from rag.evaluate.overlap import Units, bigrams, shared, words
from rag.records.fhir import FhirReader
from rag.records.headings import canonical, english, sections
from rag.records.keys import from_passphrase
from rag.records.policy import account
from rag.records.store import Store
from rag.records.types import Record
from rag.tasks.page import Heading, Page, Paragraph, Picture, Points, Reference, Table, Text
from rag.tasks.report import draft as drafts
from rag.tasks.report.dialogue import dialogue_report
from rag.tasks.report.docx import docx
from rag.tasks.report.html import html
from rag.tasks.report.patient import Asked, patient_report
from rag.tasks.report.template import names, template
from scripts.bench import machine
from scripts.report_payloads import active, payloads

TODAY = date(2020, 6, 1)
Dialogue = tuple[str, str, dict[str, str], str]  # id, text, the note by division, the whole note
# Divisions as ACI-Bench cuts its notes: Subjective, Exam, Results, Assessment and plan.
_KIND = {"subjective": "S", "history": "S", "social": "S", "medications": "S", "allergies": "S", "examination": "E",
         "results": "R", "assessment": "A", "plan": "A"}  # fmt: skip
# MTS-Dialog has one section a dialogue: S present illness, H history and social, M drugs, L allergies.
_FINE = {**_KIND, "history": "H", "social": "H", "medications": "M", "allergies": "L"}
_HEADINGS = {
    "S": "Chief complaint,History of present illness,Review of systems,Subjective,Past medical history,"
    "Past surgical history,Family history,Gynecologic history,Other history,Social history,"
    "Family and social history,Medications,Allergies,Immunizations,Ideas, concerns and expectations",
    "E": "Physical exam,Vital signs,Objective", "R": "Results,Laboratory,Imaging,Findings",
    "A": "Assessment,Impression,Diagnosis,Differential diagnosis,Assessment and plan,Plan,Instructions,Follow-up,"
    "Disposition,Orders,Safety netting",
}  # fmt: skip
_DIVISION = {h: d for d, hs in _HEADINGS.items() for h in hs.split(",")}
_MTS = {"GENHX": "S", "CC": "S", "ROS": "S", "PASTMEDICALHX": "H", "PASTSURGICAL": "H", "GYNHX": "H",
        "OTHER_HISTORY": "H", "IMMUNIZATIONS": "H", "FAM/SOCHX": "H", "MEDICATIONS": "M", "ALLERGY": "L", "EXAM": "E",
        "LABS": "R", "IMAGING": "R", "ASSESSMENT": "A", "DIAGNOSIS": "A", "PLAN": "A", "DISPOSITION": "A"}  # fmt: skip
_SPEAKER = re.compile(r"(?m)^[ \t]{0,4}(?:\[\w{1,30}\]|\w{1,30}:)")


def blind(id: str) -> bool:
    """Whether a dialogue belongs to the half on which nothing was tuned."""
    return int(hashlib.sha256(id.encode()).hexdigest(), 16) % 2 == 1


def divided(note: str, *, first: str) -> dict[str, str]:
    """The note by division. first: that of what stands before any heading."""
    found: dict[str, str] = collections.defaultdict(str)
    for s in sections(note):
        name = english(canonical(s.heading) or s.heading)
        if division := _DIVISION.get(name, "" if name else first):
            found[division] += " " + note[s.start : s.end]
    return dict(found)


def aci(data: Path) -> Iterator[Dialogue]:
    for part in ("train", "valid"):
        with (data / "aci_bench/data/challenge_data" / f"{part}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield f"aci:{row['encounter_id']}", row["dialogue"], divided(row["note"], first="S"), row["note"]


def mts(data: Path) -> Iterator[Dialogue]:
    for part in ("Training", "Validation"):
        path = data / "mts_dialog/Main-Dataset" / f"MTS-Dialog-{part}Set.csv"
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                division = _MTS.get(row["section_header"])
                note = row["section_text"]
                yield f"mts:{part}:{row['ID']}", row["dialogue"], {division: note} if division else {}, note


def primock(data: Path) -> Iterator[Dialogue]:
    for file in sorted((data / "primock57/notes").glob("day*.json")):
        note = json.loads(file.read_text("utf-8"))["note"]
        said: list[tuple[float, str, str]] = []
        for who in ("doctor", "patient"):
            grid = (data / "primock57/transcripts" / f"{file.stem}_{who}.TextGrid").read_text("utf-8")
            for at, text in re.findall(r'xmin = ([\d.]+)\s+xmax = [\d.]+\s+text = "([^"]+)"', grid):
                if spoken := re.sub(r"</?[A-Z]+/?>", "", text).strip():
                    said.append((float(at), who.capitalize(), spoken))
        text = "\n".join(f"{who}: {what}" for _, who, what in sorted(said))
        yield f"primock:{file.stem}", text, divided(note, first="S"), note


def measure(answer: str, reference: str) -> list[float]:
    """ROUGE-1, -2 and -L, recall and F1 each."""
    a, b = words(answer), words(reference)
    one, two = shared(Units((w,) for w in a), Units((w,) for w in b)), shared(bigrams(a), bigrams(b))
    longest = subsequence(a, b)
    recall, precision = longest / (len(b) or 1), longest / (len(a) or 1)
    both = recall + precision
    return [one.recall, one.f1, two.recall, two.f1, recall, 2 * recall * precision / both if both else 0.0]


def subsequence(a: list[str], b: list[str]) -> int:
    """The length of the longest common subsequence (dynamic programming, one row)."""
    row = [0] * (len(b) + 1)
    for x in a:
        new = [0]
        for j, y in enumerate(b):
            new.append(row[j] + 1 if x == y else max(row[j + 1], new[j]))
        row = new
    return row[-1]


def drafted(text: str, divisions: Mapping[str, str]) -> tuple[dict[str, str], int, int]:
    """(what a draft says by division, lines, lines that are verbatim where they say)."""
    made = dialogue_report(text, name="x", template=template("visit", language="en", spoken=True), language="en").draft
    places = {drafts.label(c): c for c in made.cited}
    found: dict[str, str] = collections.defaultdict(str)
    lines = right = 0
    for part in made.parts:
        for line in drafts.texts(drafts.Draft("", "en", (part,), ())):
            c = places[line.cites[0]]
            said = line.text.partition("“")[2].removesuffix("”")
            lines += 1
            right += text[c.start : c.end] == c.quote and said == " ".join(text[c.start : c.end].split())
            found[divisions[part.kind]] += " " + _SPEAKER.sub(" ", text[c.start : c.end])
    return dict(found), lines, right


def dialogues(found: Iterator[Dialogue], divisions: Mapping[str, str], *, half: str) -> dict[str, Any]:
    scores: dict[str, list[list[float]]] = collections.defaultdict(list)
    lines = right = unread = 0
    for id, text, note, whole in found:
        if half != "all" and blind(id) != (half == "blind"):
            continue
        try:
            said, count, good = drafted(text, divisions)
        except Exception as error:
            unread += 1
            print("not read:", id, error)
            continue
        lines, right = lines + count, right + good
        for division, reference in note.items():
            scores[division].append(measure(said.get(division, ""), reference))
        plain = _SPEAKER.sub(" ", text)
        scores["whole note"].append(measure(" ".join(said.values()), whole))
        scores["whole note, from the whole dialogue"].append(measure(plain, whole))
        lead = " ".join(words(plain)[: len(words(whole))])
        scores["whole note, from the dialogue's beginning"].append(measure(lead, whole))
    keys = ("ROUGE-1 recall", "ROUGE-1 F1", "ROUGE-2 recall", "ROUGE-2 F1", "ROUGE-L recall", "ROUGE-L F1")
    return {
        "dialogues": len(scores["whole note"]), "not read": unread, "lines": lines, "lines supported": right,
        "sections": {
            name: {"n": len(rows), **{k: round(sum(r[i] for r in rows) / len(rows), 4) for i, k in enumerate(keys)}}
            for name, rows in sorted(scores.items())
        },
    }  # fmt: skip


def records(data: Path) -> dict[str, Any]:
    files = sorted((data / "synthea_fhir_r4/R4/SYNTHEA").glob("*.json"))
    read = [r for f in files if "Information" not in f.name for r in FhirReader().read(f)]
    found: dict[str, Any] = {"patients": len(read), "reports": 0, "texts": 0, "texts supported": 0, "gaps named": 0}
    with tempfile.TemporaryDirectory() as at:
        key = from_passphrase("only for measuring")
        store = Store.create(Path(at) / "s", key, embedder="hashing")
        list(store.add(read))
        seconds = []
        for record in read:
            for name in names(spoken=False):
                for language in ("en", "zh"):
                    begun = time.perf_counter()
                    form = template(name, language=language, spoken=False)
                    made = patient_report(store, record.person.id, asked=Asked(form, language, TODAY))
                    seconds.append(time.perf_counter() - begun)
                    found["reports"] += 1
                    count, good = supported(made.draft, record)
                    found["texts"] += count
                    found["texts supported"] += good
                    found["gaps named"] += sum(bool(p.gap) for p in made.draft.parts)
        found["seconds a report, mean"] = round(sum(seconds) / len(seconds), 4)
        policy = f'[people.{json.dumps(account())}]\nroles = ["researcher", "administrator"]\npatients = ["*"]\n'
        store.set_policy(policy, name="p")
        found["masked"] = masked(store, read)
    return found


def supported(draft: drafts.Draft, record: Record) -> tuple[int, int]:
    """(texts: cells and points; those whose every number and word stands in the record where they cite)."""
    documents = {d.source.id: d.text for d in record.documents}
    places = {drafts.label(c): c for c in draft.cited}
    form = {"values", "from", "to", "至", "共", "次", str(TODAY)}
    allowed = drafts.words(" ".join(form))
    lines = right = 0
    for text in drafts.texts(draft):
        cited = [places[c] for c in text.cites]
        true = all(documents[c.document][c.start : c.end] == c.quote for c in cited)
        known = allowed.union(*(drafts.words(c.quote + " " + c.time[:10]) for c in cited))
        age = {str(TODAY.year - int(c.quote[-10:-6]) - d) for c in cited if c.quote.startswith("Birth") for d in (0, 1)}
        age |= {str(int(o.quote[-10:-6]) - int(c.quote[-10:-6]) - d) for c in cited for o in cited for d in (0, 1)
                if c.quote.startswith("Birth") and o.quote.startswith("Death")}  # fmt: skip
        counted = {str(len(cited))}
        lines += 1
        fine = true and drafts.words(text.text) <= known | age | counted
        right += fine
        if not fine:
            print("not supported:", text, [c.quote for c in cited])
    return lines, right


def masked(store: Store, read: list[Record]) -> dict[str, int]:
    """Names, numbers, addresses and whole dates of birth in researchers' reports, over all four templates."""
    leaks = reports = searched = 0
    for record in read:
        person = record.person
        secret = {*person.names, *person.phones, *person.emails, *person.addresses, person.id}
        secret |= {v for _, v in person.identifiers} | {person.birth, person.death}
        secret |= {v for e in record.entries for k, v in e.detail if k in ("with", "at", "ordered by")}
        secret = {s for s in secret if len(s) > 5}
        searched += len(secret)
        for name in names(spoken=False):
            form = template(name, language="en", spoken=False)
            made = patient_report(store, store.name_of(person.id), asked=Asked(form, "en", TODAY))
            shown = html(made.page)
            reports += 1
            for s in secret:
                if s in shown:
                    leaks += 1
                    print("leak:", s[:4], "…", name)
    return {"reports": reports, "strings searched": searched, "found": leaks}


def pages() -> dict[str, Any]:
    """200 payloads, each in every place of a page at once."""
    nodes, policies, remote, broken = 0, 0, 0, 0
    for p in payloads():
        made = html(poisoned(p))
        found = active(made, links=[f"https://x.example/{p}"])
        nodes += len(found)
        if found:
            print(found[:3], repr(p))
        policies += "default-src 'none'" in made
        remote += sum("src=" in f or "href=" in f for f in found)
        try:
            docx(poisoned(p))
        except ValueError:
            broken += 1
    n = len(payloads())
    return {"payloads": n, "active nodes": nodes, "pages with the policy": policies, "remote assets": remote,
            "Word files not made": broken}  # fmt: skip


def poisoned(p: str) -> Page:
    """A page that says a payload everywhere."""
    text = Text(p, (p, "1"))
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="{p}" onload="{p}"><text x="1">{p}</text>{p}</svg>'
    blocks = (
        Heading(p), Paragraph((text,)), Points((text,)), Table((p,), ((text,),), p), Picture(svg, p), Picture(p, p)
    )  # fmt: skip
    return Page(p, "en", blocks, (Reference("1", p, p, p), Reference(p, p, p, f"https://x.example/{p}")), (p,))


def main() -> None:
    """Prints and writes the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=os.environ.get("ANAMNESIS_DATA"), required=False)
    parser.add_argument("--half", choices=("tuned", "blind", "both"), default="both")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    result: dict[str, Any] = {"machine": machine(), "pages": pages()}
    if args.data:
        data = Path(args.data)
        for half in ("tuned", "blind"):
            if args.half in (half, "both"):
                result[f"ACI-Bench, {half}"] = dialogues(aci(data), _KIND, half=half)
                result[f"MTS-Dialog, {half}"] = dialogues(mts(data), _FINE, half=half)
        if args.half != "tuned":
            result["PriMock57, all blind"] = dialogues(primock(data), _KIND, half="all")
        result["records"] = records(data)
    print(json.dumps(result, indent=1, ensure_ascii=False))
    if args.json:
        args.json.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
