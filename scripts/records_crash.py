"""What the crash measurements do to a store of records, and how they judge what is left.

An action is one call that changes a store (init, add, forget, rotate, policy, append). `judge` opens what a killed or
failed action left and returns what is wrong with it: every patient must be as before or as after, the log must verify
and hold what was acknowledged, nothing may be readable, and the same action again must end where an undisturbed one
would, with no leftovers. Each action runs in a forked process; records are made here, with canary words.
"""

from __future__ import annotations

import contextlib
import os
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import ConfigError, IndexNotFound, RagError
from rag.records.audit import Event, now
from rag.records.chart import NoteText, chart, note
from rag.records.keys import Unlock, WrongKey
from rag.records.policy import account, own
from rag.records.store import Store
from rag.records.types import Entry, Person, Record

KEY, NEXT = (
    Unlock("key file", b"a key only for measuring crashes"),
    Unlock("key file", b"another key for the same purposes"),
)
OLD, FRESH = [f"pat{i}" for i in range(4)], [f"pat{i}" for i in range(2, 7)]
FORGOTTEN = "pat1"
CANARIES = ("zanzibarite", "Quixotina", "Creatinine", "mendelevium")


def record(id: str, version: int) -> Record:
    """A patient's record; every value of it is the version."""
    person = Person(id, (f"Quixotina of {id}",), "female", "1950-04-01", identifiers=(("MRN", f"77{id}"),))
    entries = [
        Entry(f"fhir:Observation/{id}-{n}", "laboratory", "", 0, 0, "Creatinine", time=f"2020-0{n}-01",
              value=float(version), unit="mg/dL")
        for n in range(1, 6)
    ]  # fmt: skip
    text = f"PLAN\nThe zanzibarite of {id} is of version {version}. Give mendelevium."
    made = note(person, NoteText("n", f"note:{id}-n", "Clinic note", "2020-06-01", text))
    return chart(person, entries, notes=[made] if made else [])


def versions(found: Record) -> set[int]:
    """The versions that a record shows: one, unless states are mixed."""
    seen = {int(e.value) for e in found.entries if e.value is not None}
    return seen | {int(d.text.split("version ")[1].split(".")[0]) for d in found.documents if "version " in d.text}


def base(folder: Path) -> None:
    """A store with four patients of version 1."""
    store = Store.create(folder, KEY, embedder="hashing")
    list(store.add(record(id, 1) for id in OLD))


def _init(folder: Path, _: Callable[[], None]) -> None:
    Store.create(folder, KEY, embedder="hashing")


def _add(folder: Path, done: Callable[[], None]) -> None:
    for _ in Store(folder, KEY).add(record(id, 2) for id in FRESH):
        done()


def _forget(folder: Path, done: Callable[[], None]) -> None:
    Store(folder, KEY).forget(FORGOTTEN)
    done()


def _rotate(folder: Path, done: Callable[[], None]) -> None:
    unlocked(folder).rotate(NEXT)
    done()


def _policy(folder: Path, done: Callable[[], None]) -> None:
    Store(folder, KEY).set_policy(own(account()) + "\n# another\n", name="x")
    done()


def _append(folder: Path, done: Callable[[], None]) -> None:
    log = Store(folder, KEY).audit
    for n in range(4):
        log.append(Event(now(), "anna", "read", f"{n:032x}"))
        done()


ACTIONS: dict[str, Callable[[Path, Callable[[], None]], None]] = {
    "init": _init, "add": _add, "forget": _forget, "rotate": _rotate, "policy": _policy, "append": _append,
}  # fmt: skip


def unlocked(folder: Path) -> Store:
    """The store with whichever of the two keys opens it; both, or none, is a fault (WrongKey)."""
    found = []
    for key in (KEY, NEXT):
        with contextlib.suppress(WrongKey):
            found.append(Store(folder, key))
    if len(found) != 1:
        raise WrongKey(f"{len(found)} of two keys open {folder}")
    return found[0]


@dataclass(frozen=True, slots=True)
class Case:
    """One action on one store. lines: of the log before. acknowledged: calls that had returned before the kill."""

    action: str
    folder: Path
    lines: int = 0
    acknowledged: int = 0


def state(store: Store) -> dict[str, set[int]]:
    """The versions of each patient's record, read without a line of the log for each."""
    return {id: versions(store._box.read(store._file(store.name_of(id))).record) for id in store.patients()}


def judge(case: Case) -> list[str]:
    """What is wrong after the action was cut short, or after it is run again; empty when all is well."""
    wrong = readable(case.folder)
    try:
        store = unlocked(case.folder)
    except IndexNotFound:
        if case.action != "init":
            return [*wrong, "no store"]
    else:
        with_reads = store.audit.verify()
        wrong += _fits(case, state(store))
        if with_reads < case.lines + (case.acknowledged if case.action == "append" else 0):
            wrong.append("an acknowledged line of the log is lost")
    try:
        ACTIONS[case.action](case.folder, lambda: None)
    except ConfigError as error:
        told = {"init": "already", "forget": "no record"}.get(case.action)
        if told is None or told not in str(error):
            wrong.append(str(error))
    # Any later change finishes what was left; append makes none.
    unlocked(case.folder).set_policy(own(account()), name="x")
    store = unlocked(case.folder)
    if state(store) != expected(case.action):
        wrong.append(f"ends as {state(store)}")
    left = [n for n in os.listdir(case.folder / "patients") if not n.endswith((".box", ".key"))]
    left += [f.name for f in case.folder.iterdir() if f.suffix in (".tmp", ".old")]
    if left or 2 * len(expected(case.action)) != len(os.listdir(case.folder / "patients")):
        wrong.append(f"left behind: {left}")
    return wrong + list(store.verify()) + readable(case.folder)


def expected(action: str) -> dict[str, set[int]]:
    """The state after the action."""
    before = {id: {1} for id in OLD}
    if action == "init":
        return {}
    if action == "add":
        return {**before, **{id: {2} for id in FRESH}}
    return {id: v for id, v in before.items() if action != "forget" or id != FORGOTTEN}


def _fits(case: Case, found: dict[str, set[int]]) -> list[str]:
    """Whether a state is one between before and after, and not before what was acknowledged."""
    before = {} if case.action == "init" else {id: {1} for id in OLD}
    if case.action == "add":
        steps = [{**before, **{id: {2} for id in FRESH[:n]}} for n in range(case.acknowledged, len(FRESH) + 1)]
    elif case.action == "forget":
        steps = ([] if case.acknowledged else [before]) + [expected("forget")]
    else:
        steps = [before]
    return [] if found in steps else [f"neither old nor new: {found}"]


def readable(folder: Path, words: tuple[str, ...] = CANARIES) -> list[str]:
    """Canaries, and ids, in any file or file name below a folder, as UTF-8, UTF-16 or compressed."""
    data = b"\0".join(f.read_bytes() for f in folder.rglob("*") if f.is_file()) if folder.exists() else b""
    names = " ".join(f.name for f in folder.rglob("*"))
    wrong = []
    for word in (*words, *OLD, *FRESH):
        forms = (word.encode(), word.lower().encode(), word.encode("utf-16-le"), zlib.compress(word.encode())[2:-4])
        if any(form in data for form in forms) or word in names:
            wrong.append(f"{word} can be read")
    return wrong


def refused(error: RagError, folder: Path) -> bool:
    """Whether an error of a full disk says where, in one line."""
    return str(folder) in str(error) and "\n" not in str(error)
