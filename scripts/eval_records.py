"""Measures the store of patient records on Synthea's bundles: what is reached, what is mixed, what can be read, what
it costs.

    python -m scripts.eval_records --data DIR [--questions 200] [--json benchmarks/records.json]

reached: questions that name a resource (its kind by its category, its name as recorded), one for each of
`--questions` entries drawn over all patients: the right resource is among those cited. mixed: questions about patient
A in a store that also holds a twin of A under another id with other values: a citation or a value of the twin is a
failure. canaries: names, words and numbers of every record searched in every file of the store as UTF-8, UTF-16,
compressed and as vectors. flips: single bits of every file. audit: lines edited, inserted, removed, exchanged, cut.
forget: the same search after patients were forgotten. overhead: the same records with and without encryption, seconds
of building and of opening one patient.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import tempfile
import time
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from indexer.embed import embedder
from indexer.errors import RagError
from indexer.memory import MemoryIndex, catalogue
from rag.records.answer import Patients
from rag.records.audit import Audit
from rag.records.chart import chart
from rag.records.fhir import FhirReader
from rag.records.keys import from_passphrase
from rag.records.store import Store
from rag.records.types import Record
from rag.settings import Settings

KEY = from_passphrase("only for measuring")
ASKS = {
    "condition": "When was {} diagnosed?", "medication": "Is the patient on {}?", "laboratory": "What is the last {}?",
    "vital": "What is the last {}?", "survey": "What is the last {}?", "procedure": "When was the last {}?",
    "immunization": "When was the last {} given?", "allergy": "Is the patient allergic to {}?",
    "encounter": "When was the last {}?", "report": "What does the report {} say?",
    "imaging": "When was the {} done?", "plan": "Is there a plan {}?",
    "device": "Which {} does the patient have?",
}  # fmt: skip


def reached(store: Store, records: list[Record], count: int, rng: random.Random) -> dict[str, Any]:
    """How often a question that names a resource cites it (or an entry of the same name, the newest one)."""
    pool = [(r, e) for r in records for e in r.entries if e.category in ASKS]
    by_kind: dict[str, list[int]] = {}
    for record, entry in rng.sample(pool, count):
        question = ASKS[entry.category].format(entry.name)
        part = Patients(store, Settings()).ask(question, record.person.id).record
        same = {e.resource for e in record.entries if e.name == entry.name and e.category == entry.category}
        right = part is not None and any(c.resource in same for c in part.citations)
        by_kind.setdefault(entry.category, []).append(right)
        if not right:
            print("missed:", question)
    flat = [x for found in by_kind.values() for x in found]
    shares = {kind: [sum(f), len(f)] for kind, f in sorted(by_kind.items())}
    return {"n": len(flat), "right": round(sum(flat) / len(flat), 4), "by kind": shares}


def twin(record: Record) -> Record:
    """The same patient under another id, with every value another."""
    person = replace(record.person, id=f"twin-{record.person.id}")
    entries = [
        replace(
            e, resource=f"{e.resource}-twin", value=None if e.value is None else round(e.value * 1.37 + 1000.003, 3)
        )
        for e in record.entries if e.category != "note"
    ]  # fmt: skip
    return chart(person, entries)


def mixed(store: Store, records: list[Record], count: int, rng: random.Random) -> dict[str, int]:
    """Questions about one patient that cite, or tell a value of, the twin."""
    wrong = 0
    for _ in range(count):
        record = rng.choice(records)
        entry = rng.choice([e for e in record.entries if e.category in ASKS])
        question = ASKS[entry.category].format(entry.name)
        part = Patients(store, Settings()).ask(question, record.person.id).record
        shown = (
            json.dumps([[s.text for s in part.said], [[c.resource, c.quote] for c in part.citations]]) if part else ""
        )
        wrong += "twin" in shown or ".003" in shown
    return {"n": count, "failures": wrong}


def canaries(records: list[Record], rng: random.Random, count: int) -> list[str]:
    """Words that only records hold: names, identifiers, resource ids and lines."""
    found: set[str] = set()
    for r in records:
        found |= {n for n in r.person.names if len(n) > 5} | {v for _, v in r.person.identifiers if len(v) > 5}
        found |= {r.person.id, *(e.resource.partition("/")[2] for e in rng.sample(r.entries, min(9, len(r.entries))))}
        found |= {e.name for e in rng.sample(r.entries, min(9, len(r.entries))) if len(e.name) > 9}
    return sorted(found)[:: max(1, len(found) // count)][:count]


def readable(folder: Path, words: list[str], vectors: list[bytes]) -> int:
    """How many of the words and vectors stand in the folder's files in any form."""
    data = b"\0".join(p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file())
    names = " ".join(p.name for p in folder.rglob("*"))
    forms = [
        [w.encode(), w.lower().encode(), w.encode("utf-16-le"), zlib.compress(w.encode())[2:-4]] for w in words
    ] + [[v] for v in vectors]
    return sum(any(f in data for f in form) or form[0].decode("latin-1") in names for form in forms)


_SEALED = (".box", ".key")


def flips(folder: Path, rng: random.Random, count: int) -> dict[str, Any]:
    """Single flipped bits over every file that is opened; those after which everything opened and verified."""
    files = [f for f in sorted(folder.rglob("*")) if f.suffix in (*_SEALED, ".log", ".head")]
    logged = {f: f.read_bytes() for f in files if f.suffix not in _SEALED}
    missed = 0
    for _ in range(count):
        file = rng.choice(files)
        data = bytearray(file.read_bytes())
        at = rng.randrange(len(data) * 8)
        data[at // 8] ^= 1 << at % 8
        kept = file.read_bytes()
        file.write_bytes(bytes(data))
        try:
            store = Store(folder, KEY)
            missed += not (list(store.verify()) if file.suffix not in _SEALED else _broken(store, file))
        except RagError:
            pass
        file.write_bytes(kept)
        for log, before in logged.items():  # checking is logged too
            log.write_bytes(before)
    return {"n": count, "undetected": missed}


def _broken(store: Store, file: Path) -> bool:
    """Whether the file is refused where it is used."""
    try:
        if file.name == "policy.box":
            store.patients()
        else:
            store._box.read(file.with_suffix(".box"))
    except RagError:
        return True
    return False


def audit(folder: Path, rng: random.Random, count: int) -> dict[str, Any]:
    """Changes of the log that its check does not see, by kind."""
    log = folder / "audit.log"
    kept, key = log.read_bytes(), Store(folder, KEY)._key
    lines, missed = kept.splitlines(keepends=True), {}
    for kind in ("edit", "insert", "remove", "exchange", "cut"):
        missed[kind] = 0
        for _ in range(count):
            new, at = list(lines), rng.randrange(len(lines) - 1)
            if kind == "edit":
                place = rng.randrange(len(new[at]) - 1)
                new[at] = new[at][:place] + bytes([new[at][place] ^ (1 << rng.randrange(7))]) + new[at][place + 1 :]
            elif kind == "insert":
                new.insert(at, new[rng.randrange(len(new))])
            elif kind == "remove":
                del new[at]
            elif kind == "exchange":
                new[at], new[at + 1] = new[at + 1], new[at]
            else:
                new = new[: at + 1]
            log.write_bytes(b"".join(new))
            try:
                Audit(log, key).verify()
                missed[kind] += 1
            except RagError:
                pass
    log.write_bytes(kept)
    return {"n of each": count, "undetected": missed}


def overhead(records: list[Record], folder: Path) -> dict[str, float]:
    """Seconds with encryption over seconds without, medians of five rounds in turn."""
    made, ways = embedder("bundled"), {"plain": [], "sealed": []}
    opens: dict[str, list[float]] = {"plain": [], "sealed": []}
    for round_ in range(5):
        began = time.perf_counter()
        images = [catalogue(r.documents, embedder=made) for r in records]
        (folder / "plain").write_bytes(b"".join(images))
        ways["plain"].append(time.perf_counter() - began)
        store = Store.create(folder / f"s{round_}", KEY)
        began = time.perf_counter()
        list(store.add(records))
        ways["sealed"].append(time.perf_counter() - began)
        for r, image in zip(records, images, strict=True):
            began = time.perf_counter()
            MemoryIndex(image, name="x", embedder=made).close()
            opens["plain"].append(time.perf_counter() - began)
            began = time.perf_counter()
            with store.index(store.enter(r.person.id)[1]):
                pass
            opens["sealed"].append(time.perf_counter() - began)
    middle = {k: statistics.median(v) for k, v in ways.items()}
    opened = {k: statistics.median(v) for k, v in opens.items()}
    return {
        "build, sealed / plain": round(middle["sealed"] / middle["plain"], 3),
        "ms more to open a patient": round(1000 * (opened["sealed"] - opened["plain"]), 2),
        "ms to open a patient": round(1000 * opened["sealed"], 2), "rounds": 5,
    }  # fmt: skip


def bundles(data: Path) -> Iterator[Record]:
    """The records of Synthea's bundles."""
    yield from FhirReader().read(data / "synthea_fhir_r4")


def main() -> None:
    """Measures, prints and writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--json", type=Path)
    o = parser.parse_args()
    rng, records = random.Random(5), list(bundles(o.data))
    result: dict[str, Any] = {"patients": len(records), "entries": sum(len(r.entries) for r in records)}
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "records"
        store = Store.create(folder, KEY)
        list(store.add([*records, *map(twin, records)]))
        result["reached"] = reached(store, records, o.questions, rng)
        result["mixed"] = mixed(store, records, 5 * o.questions, rng)
        words = canaries(records, rng, 200)
        with store.index(store.enter(records[0].person.id)[1]) as index:
            vectors = [index.vector(row)[:16].tobytes() for row in range(index.manifest.passages)]
        result["canaries"] = {"n": len(words) + len(vectors), "readable": readable(folder, words, vectors)}
        result["flips"] = flips(folder, rng, 10 * o.questions)
        result["audit"] = audit(folder, rng, 5 * o.questions)
        began, gone = time.perf_counter(), [r.person.id for r in records[: len(records) // 2]]
        kept = {g: (folder / "patients" / f"{store.name_of(g)}.box").read_bytes()[200:264] for g in gone}
        for id in gone:
            store.forget(id)
        data = b"\0".join(p.read_bytes() for p in folder.rglob("*") if p.is_file())
        left = sum(piece in data for piece in kept.values()) + sum(
            store.name_of(g) in os.listdir(folder / "patients") for g in gone
        )
        result["forget"] = {"n": len(gone), "left": left, "seconds": round(time.perf_counter() - began, 3)}
        result["overhead"] = overhead(records[:10], Path(made))
    print(json.dumps(result, indent=1))
    if o.json:
        o.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
