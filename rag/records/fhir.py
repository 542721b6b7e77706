"""Reads FHIR R4: a Bundle, a file or folder of Bulk Data (NDJSON, also .gz), Synthea's output.

Decides which file is what, which resource belongs to which patient, what is left out (entered in error, another
version of the same resource, types that say nothing of a patient's health) and counted. What a resource says is in
`fhir_resources`, its JSON in `fhir_json`. Bulk Data of any size is read in as many passes as keep a pass's patients
within memory; nothing is written to disk.
"""

from __future__ import annotations

import contextlib
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from indexer.errors import ReadError
from rag.records.chart import Note, chart, note, person_entries
from rag.records.fhir_json import Node, Row, is_bulk, rows
from rag.records.fhir_links import Links, human_names, identifier
from rag.records.fhir_notes import notes
from rag.records.fhir_resources import TYPES, entries
from rag.records.fhir_values import code, concept, node, nodes, string, strings, time
from rag.records.types import Entry, Person, Record

MOST_ENTRIES = 300_000
"""Entries that are held at once; they take about 1.2 kB each."""
_PASS = 256 << 20
_MOST_PASSES = 1 << 14
_PACKED = 15
_SEXES = ("female", "male", "other")
_NUMBERS = {"MR": "MRN", "SS": "SSN", "DL": "driver's licence", "PPN": "passport"}
_KIND = re.compile(r"[A-Z][A-Za-z]{1,40}")
# Synthea writes those who treat beside those who are treated.
_PROVIDERS = ("hospitalinformation", "practitionerinformation")
_SHARED = ("Practitioner", "Organization", "Location", "Medication", "PractitionerRole")


@dataclass(slots=True)
class _Pile:
    """What was found of one patient. found: (version, entries, notes) by resource."""

    person: Person
    found: dict[str, tuple[str, list[Entry], list[Note]]] = field(default_factory=dict)
    skipped: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class _Batch:
    """The patients of one reading. loose: counts of what belongs to no patient. bad: rows that cannot be read."""

    links: Links
    share: tuple[int, int] = (0, 1)
    piles: dict[str, _Pile] = field(default_factory=dict)
    loose: Counter[str] = field(default_factory=Counter)
    bad: list[str] = field(default_factory=list)
    total: int = 0
    held: int = 0


class _Full(ReadError):
    """More entries than are held at once."""


class FhirReader:
    """FHIR R4 files (`.json`, `.ndjson`, `.jsonl`, the latter also `.gz`) and folders of them."""

    def read(self, path: Path) -> Iterator[Record]:
        """Yields one record for each patient of each Bundle, and of all Bulk Data of a folder together.

        What belongs to no patient is counted in the first record. Raises ReadError, at the end where other files or
        rows are good: `too_large`, `broken`, `not_fhir`, `bad_rows`, `empty`; for a folder `bad_files`.
        """
        if not path.is_dir():
            yield from _file(path, Links())
            return
        yield from _folder(path)


def _folder(folder: Path) -> Iterator[Record]:
    files = sorted(f for f in folder.rglob("*") if f.is_file() and (is_bulk(f) or f.suffix.lower() == ".json"))
    if not files:
        raise ReadError(folder, "empty", "expected FHIR files: .json, .ndjson or .ndjson.gz")
    bad: list[ReadError] = []
    shared = Links()
    for file in files:
        if not is_bulk(file) and file.name.lower().startswith(_PROVIDERS):
            _learn(file, shared)
    singles = [f for f in files if not is_bulk(f)]
    for file in singles:
        yield from _guarded(bad, _file(file, shared))
    bulk = [f for f in files if is_bulk(f)]
    if bulk:
        yield from _bulk(bulk, shared, bad)
    if bad:
        shown = "; ".join(map(str, bad[:3]))
        raise ReadError(folder, "bad_files", f"{len(bad)} of {len(files)} files; {shown}")


def _guarded(bad: list[ReadError], records: Iterable[Record]) -> Iterator[Record]:
    """The records; an error goes to `bad`."""
    try:
        yield from records
    except ReadError as error:
        bad.append(error)


def _learn(file: Path, links: Links) -> None:
    """Takes the names of those who treat and of medicines. What is wrong with the file is said when it is read."""
    with contextlib.suppress(ReadError):
        for row in rows(file, only=_SHARED):
            if row.resource.get("resourceType") in _SHARED:
                links.add(row.resource, url=row.url)


def _file(path: Path, shared: Links) -> Iterator[Record]:
    if is_bulk(path):
        bad: list[ReadError] = []
        yield from _bulk([path], shared, bad)
        if bad:
            raise bad[0]
        return
    links = Links(dict(shared.patients), dict(shared.named), set(shared.others))
    for row in rows(path):
        links.add(row.resource, url=row.url)
    batch = _Batch(links)
    for row in rows(path):
        _sort(batch, row, path)
    yield from _records(batch)
    _complain(batch, path)


def _bulk(files: list[Path], links: Links, bad: list[ReadError]) -> Iterator[Record]:
    """Bulk Data, in passes: each holds the patients of its share, and one that is too full is cut in two."""
    for file in files:
        _learn(file, links)
    size = sum(f.stat().st_size * (_PACKED if f.suffix.lower() == ".gz" else 1) for f in files)
    passes = max(1, -(-size // _PASS))
    shares = [(turn, passes) for turn in reversed(range(passes))]
    loose: Counter[str] = Counter()
    while shares:
        turn, passes = share = shares.pop()
        batch = _Batch(links, share)
        try:
            errors = _pass(batch, files)
        except _Full as error:
            if passes < _MOST_PASSES:
                shares += [(turn + passes, 2 * passes), (turn, 2 * passes)]
            else:
                bad.append(error)
            continue
        # Every pass meets the same bad rows.
        bad += errors if turn == 0 else []
        batch.loose += loose
        yield from _records(batch)
        loose = batch.loose


def _pass(batch: _Batch, files: list[Path]) -> list[ReadError]:
    """Reads all files into one batch; what is wrong with them. Raises _Full."""
    errors: list[ReadError] = []
    for file in files:
        batch.bad.clear()
        batch.total = 0
        try:
            for row in rows(file):
                _sort(batch, row, file)
            _complain(batch, file)
        except _Full:
            raise
        except ReadError as error:
            errors.append(error)
    return errors


def _sort(batch: _Batch, row: Row, path: Path) -> None:
    """Puts one row's resource to its patient."""
    batch.total += 1
    turn, passes = batch.share
    if row.problem:
        batch.bad.append(f"{row.where}: {row.problem}")
        batch.loose["unreadable"] += turn == 0
        return
    kind = _kind(row.resource)
    patient = batch.links.patient(row.resource)
    if zlib.crc32(patient.encode()) % passes != turn:
        return
    if not patient:
        batch.loose[kind if kind not in TYPES and kind != "Patient" else f"{kind} without a patient"] += 1
        return
    if patient not in batch.piles:
        batch.held += 1
        batch.piles[patient] = _Pile(Person(patient))
    pile = batch.piles[patient]
    said = _said(batch.links, row, pile, kind=kind)
    if isinstance(said, str):
        pile.skipped[said] += 1
    else:
        batch.held += len(said[1]) + len(said[2])
    if batch.held > MOST_ENTRIES:
        raise _Full(path, "too_large", f"more than {MOST_ENTRIES:,} entries at once; give it in smaller files")


def _said(links: Links, row: Row, pile: _Pile, *, kind: str) -> str | tuple[str, list[Entry], list[Note]]:
    """Adds what a resource says to the pile and returns it, or the name under which it is counted as skipped."""
    resource = row.resource
    if kind not in TYPES and kind not in ("Patient", "DocumentReference"):
        return kind
    if resource.get("status") == "entered-in-error" or code(resource.get("verificationStatus")) == "entered-in-error":
        return f"{kind} entered in error"
    id = identifier(resource) or _made_id(row)
    resource = {**resource, "resourceType": kind, "id": id}
    if kind == "Patient":
        pile.person = _person(resource)
        found = _about(pile.person, resource)
    else:
        found = entries(resource, links) if kind in TYPES else []
    texts, elsewhere = notes(resource, links)
    pile.skipped.update({f"{kind} attachment": elsewhere} if elsewhere else {})
    documents = [n for n in (note(pile.person, text) for text in texts) if n]
    if not found and not documents and kind != "Patient":
        return f"{kind} without content"
    key, version = f"{kind}/{id}", string(node(resource.get("meta")).get("lastUpdated"))
    old = pile.found.get(key)
    if old and old[0] > version:
        return f"{kind} older version"
    pile.skipped[f"{kind} older version"] += old is not None
    pile.found[key] = version, found, documents
    return pile.found[key]


def _made_id(row: Row) -> str:
    """An id for a resource without one: its fullUrl's last part, else its place in the file."""
    return re.sub(r"[^A-Za-z0-9.\-]", "-", (row.url.rpartition(":")[2] or row.where))[-64:]


def _kind(resource: Node) -> str:
    kind = resource.get("resourceType")
    return kind if isinstance(kind, str) and _KIND.fullmatch(kind) else "unknown"


def _records(batch: _Batch) -> Iterator[Record]:
    for pile in batch.piles.values():
        counts = pile.skipped + batch.loose
        batch.loose = Counter()
        yield chart(
            pile.person,
            (e for _, found, _ in pile.found.values() for e in found),
            notes=[n for _, _, texts in pile.found.values() for n in texts],
            skipped=sorted(counts.items()),
        )


def _complain(batch: _Batch, path: Path) -> None:
    if batch.bad:
        shown = "; ".join(batch.bad[:3])
        raise ReadError(path, "bad_rows", f"{len(batch.bad)} of {batch.total} resources; {shown}")
    if not batch.total:
        raise ReadError(path, "empty", "no FHIR resource in it")


def _person(resource: Node) -> Person:
    sex = string(resource.get("gender"))
    telecom = [(string(t.get("system")), string(t.get("value"))) for t in nodes(resource.get("telecom"))]
    numbers = []
    for held in nodes(resource.get("identifier")):
        system = _NUMBERS.get(code(held.get("type")), string(held.get("system")))
        if value := string(held.get("value")):
            numbers.append((system, value))
    addresses = []
    for held in nodes(resource.get("address")):
        parts = [*strings(held.get("line")), *(string(held.get(k)) for k in ("city", "state", "postalCode", "country"))]
        addresses.append(", ".join(p for p in parts if p) or string(held.get("text")))
    return Person(
        identifier(resource),
        tuple(human_names(resource.get("name"))),
        sex if sex in _SEXES else "",
        time(resource.get("birthDate")),
        time(resource.get("deceasedDateTime")) or ("yes" if resource.get("deceasedBoolean") is True else ""),
        tuple(dict.fromkeys(numbers)),
        tuple(dict.fromkeys(v for s, v in telecom if v and s in ("phone", "fax", "sms", "pager"))),
        tuple(dict.fromkeys(v for s, v in telecom if v and s == "email")),
        tuple(dict.fromkeys(a for a in addresses if a)),
    )


def _about(person: Person, resource: Node) -> list[Entry]:
    """The person's lines: sex, birth, death, and what else is said that is no name and no number."""
    id = f"fhir:Patient/{person.id}"
    spoken = [concept(c.get("language")).name for c in nodes(resource.get("communication"))]
    facts = (
        ("Marital status", concept(resource.get("maritalStatus")).name),
        ("Language", ", ".join(s for s in spoken if s)),
    )
    return [
        *person_entries(person, resource=id),
        *(Entry(id, "person", "", 0, 0, name, text=value) for name, value in facts if value),
    ]
