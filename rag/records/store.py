"""The store of patient records: a folder in which nothing can be read without the key.

Two files a patient (boxes.py), named by a keyed hash of the patient's id: a small one with the id and the key of the
record, sealed by the store, and the sealed record (person, entries, and the catalogue of the passages with their
vectors). What is searched is made in memory from one patient's record alone, so an answer cannot mix patients. Every
action is allowed by the policy and written to the audit log before anything is decrypted. Knows nothing of answers.

Forgetting: a patient's data key is made once and stands only in the patient's `.key` file. `forget` overwrites that
file where it stands, then the record, and removes both; everything the disk may still keep of the patient (records
that a later `add` replaced, temporary files of killed writers) was sealed by that key and is noise from then on, and a
`.box` put back from a copy does not open. `rotate` destroys the former `store.json` likewise. What stays: the keyed
name in the audit log, the id where the policy names it, and whatever lies below the file system (erase.py).

Writing: each step is old or new (durable.py); a killed writer's leftovers are no records, and the next `add`,
`forget`, `rotate` or `set_policy` removes them. Readers take no lock.
"""

from __future__ import annotations

import contextlib
import functools
import re
import resource
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from indexer.durable import write_file
from indexer.embed import embedder as make_embedder
from indexer.errors import ConfigError, IndexCorrupt, IndexMismatch
from indexer.memory import MemoryIndex
from indexer.publish import writer_lock
from indexer.types import Embedder
from rag.records import erase, manifest
from rag.records import policy as policies
from rag.records.audit import Audit, Event, now
from rag.records.boxes import Chart, RecordBox
from rag.records.chart import merge
from rag.records.deid import Surrogates
from rag.records.keys import Key, Unlock
from rag.records.policy import Action, Grant, Policy
from rag.records.types import Record

_POLICY = "policy.box"


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What forgetting did. file: the keyed name of what was destroyed; size: bytes overwritten and removed."""

    file: str
    size: int


class Store:
    """An unlocked store. person: who acts (default: the account that runs the program)."""

    def __init__(self, folder: str | Path, unlock: Unlock, *, person: str | None = None) -> None:
        self.folder, self.person = Path(folder), person or policies.account()
        found = manifest.read(self.folder)
        self._key = unlock.unwrap(found["key"], store=self.folder)
        self.id, self._made_by = found["id"], found
        self._names, self._box = self._key.derive("names"), RecordBox(self._key.derive("headers"), store=found["id"])
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a crash must not leave a record or the key on disk
        head = found["audit_head"]
        self.audit = Audit(self.folder / "audit.log", self._key, head=Path(head) if head else None)

    @staticmethod
    def create(
        folder: str | Path, unlock: Unlock, *, embedder: str = "bundled", audit_head: Path | None = None
    ) -> Store:
        """A new, empty store; whoever makes it may do everything (`own`). Raises ConfigError when there is one
        already."""
        path = Path(folder)
        if (path / manifest.NAME).exists():
            raise ConfigError(f"{path}: is a store already; add to it, or give another folder")
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        (path / "patients").mkdir(exist_ok=True, mode=0o700)
        key, made, id = Key.new(), make_embedder(embedder), secrets.token_hex(8)
        text = policies.own(policies.account())
        head = str(audit_head.resolve()) if audit_head else None
        facts = {
            "format": manifest.FORMAT, "version": manifest.VERSION, "id": id, "embedder": made.spec,
            "fingerprint": made.fingerprint, "audit_head": head, "key": unlock.wrap(key),
        }  # fmt: skip
        Audit(path / "audit.log", key, head=Path(head) if head else None).begin()
        write_file(path / _POLICY, key.derive("policy").seal(text.encode(), about=manifest.about_policy(facts)))
        write_file(path / manifest.NAME, manifest.written(facts))
        store = Store(path, unlock)
        store._log("created")
        return store

    # Reading

    def patients(self) -> list[str]:
        """The ids of the patients whose record is open to the person, sorted; for who may not see identifiers the
        keyed names, which `enter` takes as well."""
        self._log("list")
        ids = {id: name for name, id in self._ids().items()}
        readable = self.policy.readable(self.person, sorted(ids))
        rights = self.policy.people.get(self.person, policies.Rights())
        return readable if rights.view == "full" else sorted(ids[id] for id in readable)

    def enter(self, patient: str, *, because: str = "", question: str = "") -> tuple[Grant, Chart]:
        """One patient's record. because: the reason to break the glass. Raises Refused, IndexCorrupt.

        Who may not read learns nothing of whether there is such a record.
        """
        name = self._named(patient)
        hashed = self._names.name(f"question\0{question}") if question else ""
        try:
            grant = self.policy.read(self.person, self._ids().get(name, patient), because=because)
        except policies.Refused as refused:
            self._log("refused", patient=name, question=hashed, reason=str(refused))
            raise
        missing = ConfigError(f"{patient}: no record with this id in {self.folder}; list them with: rag records list")
        if not self._held(name):
            self._log("not found", patient=name, question=hashed, reason=grant.broken)
            raise missing
        self._log("break glass" if grant.broken else "read", patient=name, question=hashed, reason=grant.broken)
        try:
            return grant, self._box.read(self._file(name))
        except IndexCorrupt:
            if not self._held(name):  # forgotten meanwhile
                raise missing from None
            raise

    @property
    def embedder(self) -> str:
        """The spec of the embedder of the records."""
        return str(self._made_by["embedder"])

    def surrogates(self, patient: str) -> Surrogates:
        """What stands for this patient's identifiers, always the same; made from the store's key, kept nowhere."""
        return Surrogates(self._key.derive("surrogates").secret, patient)

    def shown(self, patient: str, passages: Iterable[str]) -> None:
        """Logs which passages of a record were shown."""
        self._log("shown", patient=self._named(patient), passages=tuple(passages))

    def index(self, chart: Chart) -> MemoryIndex:
        """The index over one patient's passages, in memory. Raises IndexMismatch when the embedder is another."""
        return MemoryIndex(chart.image, name=f"{self.folder}: a record", embedder=self._embedder)

    # Changing

    def add(self, records: Iterable[Record]) -> Iterator[tuple[str, int]]:
        """Adds records and yields (patient id, entries) for each, when it is durable. A resource or note that is there
        already is replaced by its newer form. Raises Refused, IndexBusy, WriteFailed."""
        self.allow("add")
        with self._writing():
            for record in records:
                name = self._names.name(record.person.id)
                self._log("add", patient=name)
                old = self._box.read(self._file(name)) if self._held(name) else None
                merged = merge(old.record, record) if old else record
                self._box.write(self._file(name), merged, embedder=self._embedder, known=old.image if old else None)
                yield record.person.id, len(merged.entries)

    def forget(self, patient: str) -> Forgotten:
        """Destroys one patient's record and the key of all that was ever written of it. Raises Refused, ConfigError,
        WriteFailed; then the same call again goes on."""
        self.allow("forget")
        name = self._names.name(patient)
        with writer_lock(self.folder):
            self._log("forget", patient=name)
            if not any((self.folder / "patients").glob(f"{name}.*")):
                raise ConfigError(f"{patient}: no record with this id in {self.folder}")
            size = self._box.destroy(self._file(name))
            self._finish()
        return Forgotten(name, size)

    def rotate(self, unlock: Unlock) -> None:
        """Locks the store with another passphrase or key file; the former one opens it no more. Raises Refused."""
        self.allow("manage")
        with self._writing():
            self._log("rotate")
            found = manifest.read(self.folder)
            erase.replace(self.folder / manifest.NAME, manifest.written({**found, "key": unlock.wrap(self._key)}))

    def set_policy(self, text: str, *, name: str) -> None:
        """Puts another policy in force. Raises Refused, ConfigError."""
        self.allow("manage")
        policies.parse(text, name=name)
        box = self._key.derive("policy").seal(text.encode(), about=manifest.about_policy(self._made_by))
        with self._writing():
            self._log("policy")
            write_file(self.folder / _POLICY, box)

    def verify(self) -> Iterator[str]:
        """Decrypts everything and yields a line for each file that is not as it was written. Raises Refused."""
        self.allow("manage")
        self._log("verify")
        for file in sorted((self.folder / "patients").glob("*.box")):
            try:
                self._box.read(file)
            except IndexCorrupt as error:
                yield str(error)
        try:
            self.audit.verify()
        except IndexCorrupt as error:
            yield str(error)

    def name_of(self, patient: str) -> str:
        """The keyed name under which a patient stands in the folder and in the log."""
        return self._names.name(patient)

    # Inside

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        """The right to write, after what a killed writer left is gone. Raises IndexBusy, WriteFailed."""
        with writer_lock(self.folder):
            self._finish()
            yield

    def _finish(self) -> None:
        erase.finish(self.folder / manifest.NAME)
        erase.finish(self.folder / _POLICY)
        self._box.finish(self.folder / "patients")

    @functools.cached_property
    def _embedder(self) -> Embedder:
        made = make_embedder(self._made_by["embedder"])
        if made.fingerprint != self._made_by["fingerprint"]:
            raise IndexMismatch(f"{self.folder}: its records were embedded by other weights; make it again")
        return made

    def allow(self, action: Action) -> None:
        """Lets the person do something that is not reading; a refusal is logged. Raises Refused."""
        try:
            self.policy.allow(self.person, action)
        except policies.Refused as refused:
            self._log("refused", reason=str(refused))
            raise

    def _log(
        self, action: str, *, patient: str = "", question: str = "", passages: tuple[str, ...] = (), reason: str = ""
    ) -> None:
        self.audit.append(Event(now(), self.person, action, patient, question, passages, reason))

    @property
    def policy(self) -> Policy:
        """The policy in force now. Raises IndexCorrupt."""
        file = self.folder / _POLICY
        try:
            box = file.read_bytes()
        except OSError as error:
            raise IndexCorrupt(f"{file}: cannot be read ({error.strerror}); restore it from a copy") from error
        text = self._key.derive("policy").open(box, about=manifest.about_policy(self._made_by))
        return policies.parse(text.decode(), name=str(file))

    def _named(self, patient: str) -> str:
        """The keyed name of a patient's id; a keyed name that is in use stands for itself."""
        if re.fullmatch(r"[0-9a-f]{32}", patient) and self._held(patient):
            return patient
        return self._names.name(patient)

    def _file(self, name: str) -> Path:
        return self.folder / "patients" / f"{name}.box"

    def _held(self, name: str) -> bool:
        """Whether there is a record: both its files; one alone is what a killed writer left."""
        file = self._file(name)
        return file.exists() and file.with_suffix(".key").exists()

    def _ids(self) -> dict[str, str]:
        """Patient ids by file name; only the small key files are decrypted."""
        found = {}
        for file in (self.folder / "patients").glob("*.box"):
            with contextlib.suppress(IndexCorrupt):  # `verify` reports it; the others stay open
                found[file.stem] = str(self._box.header(file)["patient"])
        return found
