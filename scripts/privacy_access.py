"""P2: random people ask for random patients on every surface; what comes back is held against a reference.

Decides the questions, the forged scopes (names in questions, filters, environment, forged ids) and what each surface
may show. One query is one act of one person; what is counted is queries with a forbidden word, with another outcome
than the reference's, or with an error that tells a record that is there from one that is not.
"""

from __future__ import annotations

import json
import random
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import rag
from indexer.errors import RagError
from indexer.index import Index
from rag import export, render, render_answer
from rag.records.keys import Unlock
from rag.records.policy import account
from rag.records.store import Store
from rag.saved import all_parsed
from rag.settings import Settings
from scripts import privacy_forged as forged
from scripts.privacy_command import command, plain_text, variables
from scripts.privacy_forged import PEOPLE
from scripts.privacy_world import Known, Policy, View, leaked, may_audit, may_read, patient, policy, toml

SECRET, KEEPER, NOBODY = bytes(range(1, 33)), "keeper", "pat-nobody"


@dataclass
class World:
    """A store of invented patients beside a small library, and how often the policy changes."""

    folder: Path
    patients: list[Known]
    rng: random.Random
    held: Policy = field(default_factory=dict)
    libraries: dict[str, rag.Library] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def change(self) -> None:
        """Another random policy; opened libraries stay open and must obey it."""
        self.held = policy([*PEOPLE, account()], [p.id for p in self.patients], self.rng)
        self.store(KEEPER).set_policy(toml(self.held, keeper=KEEPER), name="random")

    def store(self, person: str) -> Store:
        """The store as a person has it open."""
        return Store(self.folder / "records", Unlock("key file", SECRET), person=person)

    def library(self, person: str) -> rag.Library:
        """The library and the store as a person has them open."""
        if person not in self.libraries:
            settings = Settings(effort="quick", reranker="none", records=str(self.folder / "records"))
            self.libraries[person] = rag.Library(
                Index(self.folder / "index"), settings=settings, records=self.store(person)
            )
        return self.libraries[person]

    def close(self) -> None:
        """Closes what was opened."""
        for opened in self.libraries.values():
            opened.close()

    def fail(self, kind: str, text: str) -> None:
        """Counts a failure and keeps the first ones."""
        self.counts[f"failed: {kind}"] += 1
        if len(self.failures) < 20:
            self.failures.append(f"{kind}: {text[:300]}")


def world(folder: Path, *, patients: int, rng: random.Random) -> World:
    """Makes the store, the library and the key file."""
    (folder / "docs").mkdir(parents=True)
    for n, drug in enumerate(("sotalol", "metformin")):
        (folder / "docs" / f"{drug}.md").write_text(
            f"---\nid: test:{n}\ntitle: A trial of {drug}\nyear: 2015\n---\n## Results\n\nPatients older than 80 "
            f"years were excluded. In this trial {drug} lowered the risk of palpitations by {n + 11} percent.\n",
            encoding="utf-8",
        )
    rag.build([folder / "docs"], into=folder / "index", embedder="hashing")
    (folder / "key").write_bytes(SECRET)
    (folder / "key").chmod(0o600)
    store = Store.create(folder / "records", Unlock("key file", SECRET), embedder="hashing")
    made = World(folder, [patient(n, rng) for n in range(patients)], rng)
    list(store.add([p.record for p in made.patients]))
    store.set_policy(toml({}, keeper=KEEPER), name="first")
    made.change()
    return made


def run(made: World, *, queries: int) -> dict[str, Any]:
    """Asks; n and failures by kind and surface."""
    surfaces: list[tuple[Callable[[World, random.Random], None], int]] = [
        (_asked, 44), (_typed, 16), (_searched, 10), (_looked_up, 10), (_listed, 10), (_audited, 5), (_changed, 5)
    ]  # fmt: skip
    acts, weights = zip(*surfaces, strict=True)
    for n in range(queries):
        if n % 50 == 49:
            made.change()
        (act,) = made.rng.choices(acts, weights)
        with forged.environment(made.rng):
            act(made, made.rng)
        made.counts["queries"] += 1
    failed = {k.removeprefix("failed: "): v for k, v in made.counts.items() if k.startswith("failed")}
    counted = {k: v for k, v in sorted(made.counts.items()) if not k.startswith("failed")}
    return {"n": queries, "failures": sum(failed.values()), "by kind": failed, "counted": counted,
            "examples": made.failures}  # fmt: skip


def _asked(made: World, rng: random.Random) -> None:
    """A question through the Python interface, shown as JSON, text, receipt, and as saved and exported."""
    everyone, because = [*PEOPLE, "stranger", account()], forged.because(rng)
    readers = [who for who in everyone if any(may_read(made.held, who, p.id) for p in made.patients)]
    person = rng.choice(readers if readers and rng.random() < 0.6 else everyone)
    given, target = forged.target(made, rng, person)
    question = forged.question(made, rng)
    allowed = may_read(made.held, person, target, because=because)
    where = rng.choice((None, None, None, f"id:record:{rng.choice(made.patients).id}:chart"))
    try:
        answer = made.library(person).ask(question, patient=given, because=because, where=where)
    except Exception as error:
        shown = "".join(traceback.format_exception(error))
        _judged(made, shown, person=person, seen={}, given=f"{question} {given} {because}")
        if not isinstance(error, RagError):
            made.fail("uncaught", shown[-300:])
        elif "where" in str(error) or "filter" in str(error):
            made.counts["filters refused"] += 1
        elif allowed:
            made.fail("refused wrongly", f"{person} {given} {error}")
        else:
            made.counts["asks refused"] += 1
            _same_error(made, person, given, error=str(error), because=because)
        return
    part = answer.record
    if allowed is None or part is None or (part.view == "full") != (allowed == "full"):
        made.fail("answered wrongly", f"{person} {given}: {part.view if part else None}, allowed {allowed}")
    made.counts[f"asks answered, {allowed}"] += 1
    made.counts["of them with a claim of the record"] += bool(part and part.said)
    saved = render_answer.answer_json(answer)
    shown = json.dumps(saved, ensure_ascii=False) + plain_text(render_answer.answer_text(answer, told=0)) + repr(answer)
    if rng.random() < 0.3:
        for kind in ("md", "bib", "ris", "json"):
            file = export.save(all_parsed([saved]), str(made.folder / f"saved.{kind}"), replace=True)
            shown += file.read_text("utf-8")
    seen = {target: allowed} if target else {}
    _judged(made, shown, person=person, seen=seen, given=f"{question} {given} {because}")


def _same_error(made: World, person: str, given: str, *, error: str, because: str) -> None:
    """A record that is not the person's must look like one that is not there."""
    if "*" in made.held.get(person, {"patients": ()})["patients"] or not given:
        return  # whoever may read all learns what there is from the list
    try:
        made.library(person).ask("last creatinine", patient=NOBODY, because=because)
    except RagError as other:
        if str(other).replace(NOBODY, "_") != error.replace(given, "_"):
            made.fail("oracle", f"{error} / {other}")
    else:
        made.fail("answered wrongly", NOBODY)


def _typed(made: World, rng: random.Random) -> None:
    """The command line in this process, as the account that runs it: ask, list, show, search, audit."""
    (given, target), because, question = (
        forged.target(made, rng, account()),
        forged.because(rng),
        forged.question(made, rng),
    )
    allowed = may_read(made.held, account(), target, because=because)
    ask = ["ask", *(["--patient", given] if rng.random() < 0.5 else [f"--patient={given}"])]
    ask += [f"--break-glass={because}"] if because else []
    words = rng.choice((
        [*ask, "--", question], [*ask, "--json", "--", question], ["records", "list"], ["records", "list", "--json"],
        ["show", f"record:{given}:chart:0-80"], ["search", "--", question], ["audit", "show", "--json"],
        ["audit", "show", f"--patient={given}"],
    ))  # fmt: skip
    code, shown = command(words, environment=variables(made.folder))
    seen = {target: allowed} if target and words[0] == "ask" else {}
    if words[:2] == ["records", "list"]:
        seen = {p.id: v for p in made.patients if (v := may_read(made.held, account(), p.id)) == "full"}
    if words[0] == "ask" and (code == 0) != (allowed is not None):
        made.fail("command", f"{words} gave {code}, allowed {allowed}: {shown[-200:]}")
    if words[0] == "audit" and (code == 0) != may_audit(made.held, account()):
        made.fail("command", f"{words} gave {code}")
    made.counts[f"commands, exit {code}"] += 1
    _judged(made, shown, person=account(), seen=seen, given=" ".join(words))


def _searched(made: World, rng: random.Random) -> None:
    """A search of the library holds no passage of a record."""
    person, question = rng.choice(PEOPLE), forged.question(made, rng)
    hits = made.library(person).search(question, k=20)
    _judged(made, json.dumps(render.search_json(question, hits)), person=person, seen={}, given=question)
    made.counts["searches"] += 1


def _looked_up(made: World, rng: random.Random) -> None:
    """`show` with every form of a record's ids."""
    p, person = rng.choice(made.patients), rng.choice(PEOPLE)
    document = rng.choice(p.record.documents).source.id
    id = rng.choice(
        (
            document,
            f"{document}:0-40",
            p.id,
            rng.choice(p.record.entries).resource,
            made.store(KEEPER).name_of(p.id),
            f"../records/patients/{made.store(KEEPER).name_of(p.id)}.box",
        )
    )
    try:
        shown = repr(made.library(person).show(id))
    except RagError as error:
        shown = "".join(traceback.format_exception(error))
    _judged(made, shown, person=person, seen={}, given=id)
    made.counts["lookups"] += 1


def _listed(made: World, rng: random.Random) -> None:
    """The list of patients is exactly that of the reference, by id or by keyed name."""
    person = rng.choice([*PEOPLE, "stranger"])
    found = made.store(person).patients()
    views = {p.id: may_read(made.held, person, p.id) for p in made.patients}
    name = made.store(KEEPER).name_of
    expected = sorted(id if view == "full" else name(id) for id, view in views.items() if view)
    if sorted(found) != expected:
        made.fail("list", f"{person}: {len(found)} listed, {len(expected)} allowed")
    made.counts["lists"] += 1


def _audited(made: World, rng: random.Random) -> None:
    """The log names no patient and no question, whoever reads it."""
    events = list(made.store(KEEPER).audit.events())[-40:]
    _judged(made, repr(events), person=KEEPER, seen={}, given=" ".join(forged.REASONS))
    made.counts["logs"] += 1


def _changed(made: World, rng: random.Random) -> None:
    """Changing is an administrator's; of others it is refused and changes nothing."""
    person, p = rng.choice([*PEOPLE, "stranger"]), rng.choice(made.patients)
    store, manager = made.store(person), "administrator" in made.held.get(person, {"roles": ()})["roles"]
    acts: dict[str, Callable[[], object]] = {
        "policy": lambda: store.set_policy(toml({person: {"roles": ["administrator", "clinician"], "patients": ["*"],
                                                          "break_glass": True}}, keeper=KEEPER), name="x"),
        "rotate": lambda: store.rotate(Unlock("key file", SECRET)), "forget": lambda: store.forget(p.id),
        "add": lambda: list(store.add([p.record])),
    }  # fmt: skip
    if manager:
        return
    name = rng.choice(list(acts))
    try:
        acts[name]()
        made.fail("changed", f"{person}: {name}")
    except RagError as error:
        _judged(made, "".join(traceback.format_exception(error)), person=person, seen={}, given="")
    made.counts["changes refused"] += 1


def _judged(made: World, shown: str, *, person: str, seen: dict[str, View | None], given: str) -> None:
    found = leaked(shown, made.patients, seen=seen, given=given)
    if found:
        made.fail("leak", f"{person} saw {found[:4]} of {given[:120]!r}")
