"""Who may do what with whose record, from one policy file. Decided before anything is decrypted.

A person is the account that runs the program, or whom a service names after its own login; nothing in a question, a
document or a flag changes it. Knows nothing of keys or of what a record says.
"""

from __future__ import annotations

import json
import os
import pwd
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from indexer.errors import ConfigError, RagError
from rag.settings import nearest

Role = Literal["clinician", "researcher", "auditor", "administrator"]
Action = Literal["read", "add", "forget", "audit", "manage"]
View = Literal["full", "de-identified"]

ROLES: dict[str, frozenset[str]] = {
    "clinician": frozenset({"read"}),
    "researcher": frozenset({"read"}),
    "auditor": frozenset({"audit"}),
    "administrator": frozenset({"add", "forget", "manage", "audit"}),
}
EVERYONE = "*"


class Refused(RagError):
    """The policy does not allow this; the message does not say whether such a record exists."""


@dataclass(frozen=True, slots=True)
class Rights:
    """One person's roles, and the patients whose record is open to them (`*` for all)."""

    roles: tuple[str, ...] = ()
    patients: frozenset[str] = frozenset()
    break_glass: bool = False

    @property
    def view(self) -> View:
        """What is seen of a record: identifiers only by who cares for the patient."""
        return "full" if "clinician" in self.roles else "de-identified"

    def may(self, action: str) -> bool:
        """Whether one of the roles allows the action at all."""
        return any(action in ROLES[role] for role in self.roles)


@dataclass(frozen=True, slots=True)
class Grant:
    """What was allowed: who, which view of the record, and the reason that was given to break the glass, or ""."""

    person: str
    view: View
    broken: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """The whole policy. hosts: `host:port` of the generators on other machines that may be given de-identified text."""

    people: Mapping[str, Rights] = field(default_factory=dict)
    hosts: frozenset[str] = frozenset()

    def read(self, person: str, patient: str, *, because: str = "") -> Grant:
        """Lets a person read one patient's record. because: the reason to break the glass. Raises Refused."""
        rights = self.people.get(person, Rights())
        if rights.may("read") and (patient in rights.patients or EVERYONE in rights.patients):
            return Grant(person, rights.view)
        if because.strip() and rights.break_glass and "clinician" in rights.roles:
            return Grant(person, "full", because.strip())
        hint = "; give a reason with --break-glass if this is an emergency" if rights.break_glass else ""
        raise Refused(f"{person}: no record with this id is open to you{hint}")

    def allow(self, person: str, action: Action) -> None:
        """Lets a person do something that is not reading. Raises Refused."""
        if not self.people.get(person, Rights()).may(action):
            roles = " or ".join(role for role, actions in ROLES.items() if action in actions)
            raise Refused(f"{person}: not allowed; this needs the role {roles}")

    def readable(self, person: str, patients: list[str]) -> list[str]:
        """Those of the patients whose record is open to the person."""
        rights = self.people.get(person, Rights())
        if not rights.may("read"):
            return []
        return patients if EVERYONE in rights.patients else [p for p in patients if p in rights.patients]


def account() -> str:
    """The account that runs this program, as the operating system has it."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return f"uid {os.geteuid()}"


def own(person: str) -> str:
    """The policy of a new store, as TOML: its maker manages and reads everything, nobody else anything."""
    return f'[people.{json.dumps(person)}]\nroles = ["administrator", "clinician"]\npatients = ["{EVERYONE}"]\n'


def parse(text: str, *, name: str) -> Policy:
    """The policy that a TOML text states (docs/records.md). Raises ConfigError naming the place."""
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{name}: not valid TOML ({error})") from error
    _known(found, ("people", "egress"), name)
    people = _table(found, "people", name)
    egress = _table(found, "egress", name)
    _known(egress, ("hosts",), f"{name}, egress")
    policy = Policy(
        {who: _rights(_table(people, who, name), f"{name}, people.{who}") for who in people},
        frozenset(_texts(egress, "hosts", f"{name}, egress")),
    )
    if not any("administrator" in r.roles for r in policy.people.values()):
        raise ConfigError(f"{name}: names no administrator, so nobody could ever change it again")
    return policy


def _rights(table: Mapping[str, Any], name: str) -> Rights:
    _known(table, ("roles", "patients", "break_glass"), name)
    roles = _texts(table, "roles", name)
    for role in roles:
        if role not in ROLES:
            raise ConfigError(f"{name}: unknown role {role!r}; {nearest(role, ROLES)}")
    if not isinstance(table.get("break_glass", False), bool):
        raise ConfigError(f"{name}: break_glass = {table['break_glass']!r}; expected true or false")
    return Rights(roles, frozenset(_texts(table, "patients", name)), bool(table.get("break_glass", False)))


def _known(table: Mapping[str, Any], names: tuple[str, ...], where: str) -> None:
    for key in table:
        if key not in names:
            raise ConfigError(f"{where}: unknown key {key!r}; {nearest(key, names)}")


def _table(table: Mapping[str, Any], key: str, where: str) -> Mapping[str, Any]:
    found = table.get(key, {})
    if not isinstance(found, dict):
        raise ConfigError(f"{where}: {key} = {found!r}; expected a table")
    return found


def _texts(table: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    found = table.get(key, [])
    if not isinstance(found, list) or not all(isinstance(x, str) and x for x in found):
        raise ConfigError(f"{where}: {key} = {found!r}; expected a list of texts")
    return tuple(found)
