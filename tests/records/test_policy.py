"""Who may do what: roles, care teams, broken glass; the file's errors name the place."""

import os
import pwd

import pytest

from indexer.errors import ConfigError
from rag.records.gate import host_of, way
from rag.records.policy import Grant, Policy, Refused, account, own, parse

TEXT = """
[people.anna]
roles = ["clinician"]
patients = ["p1"]
break_glass = true
[people.ben]
roles = ["clinician"]
patients = ["p2"]
[people.rita]
roles = ["researcher"]
patients = ["*"]
[people.olga]
roles = ["auditor"]
[people.adam]
roles = ["administrator"]
[egress]
hosts = ["llm.hospital.example:8443"]
"""


@pytest.fixture
def policy():
    return parse(TEXT, name="policy.toml")


@pytest.mark.parametrize(
    ("person", "patient", "because", "expected"),
    [
        ("anna", "p1", "", Grant("anna", "full")),
        ("anna", "p2", "", None),
        ("anna", "p2", "  ", None),
        ("anna", "p2", "unconscious in the emergency room", Grant("anna", "full", "unconscious in the emergency room")),
        ("ben", "p1", "I want to", None),  # may not break the glass
        ("rita", "p1", "", Grant("rita", "de-identified")),
        ("olga", "p1", "", None),
        ("adam", "p1", "", None),
        ("nobody", "p1", "please", None),
        ("anna", "*", "", None),  # an id is never a pattern
    ],
)
def test_reading(policy, person, patient, because, expected):
    if expected is None:
        with pytest.raises(Refused, match="no record with this id is open to you"):
            policy.read(person, patient, because=because)
    else:
        assert policy.read(person, patient, because=because) == expected


@pytest.mark.parametrize(
    ("person", "action", "allowed"),
    [("adam", "add", True), ("adam", "forget", True), ("adam", "audit", True), ("olga", "audit", True),
     ("olga", "add", False), ("anna", "add", False), ("anna", "audit", False), ("rita", "add", False), ("nobody", "manage", False)],
)  # fmt: skip
def test_actions(policy, person, action, allowed):
    if allowed:
        policy.allow(person, action)
    else:
        with pytest.raises(Refused, match="this needs the role"):
            policy.allow(person, action)


def test_who_sees_which_ids(policy):
    ids = ["p1", "p2", "p3"]
    assert policy.readable("anna", ids) == ["p1"]
    assert policy.readable("rita", ids) == ids
    assert policy.readable("olga", ids) == []
    assert policy.readable("nobody", ids) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[people.x", "policy.toml: not valid TOML"),
        ("[person.x]", "unknown key 'person'; known: people, egress"),
        ('[people.x]\nroles = ["clinican"]', "people.x: unknown role 'clinican'; did you mean 'clinician'"),
        ('[people.x]\nroles = "clinician"', "expected a list of texts"),
        ('[people.x]\nrole = ["clinician"]', "unknown key 'role'"),
        ('[people.x]\nroles = ["clinician"]', "names no administrator"),
        ("people = 3", "expected a table"),
        ('[people.x]\nroles = ["administrator"]\nbreak_glass = "yes"', "expected true or false"),
    ],
)
def test_errors_name_the_place(text, message):
    with pytest.raises(ConfigError, match=message.replace("[", r"\[")):
        parse(text, name="policy.toml")


def test_a_new_store_is_its_maker_s():
    policy = parse(own('o"dd name'), name="new")
    assert policy.read('o"dd name', "p9") == Grant('o"dd name', "full")
    policy.allow('o"dd name', "manage")
    assert list(policy.people) == ['o"dd name']


def test_the_account_is_the_operating_system_s(monkeypatch):
    for name in ("USER", "LOGNAME", "USERNAME", "SUDO_USER"):
        monkeypatch.setenv(name, "anna")
    assert account() == pwd.getpwuid(os.geteuid()).pw_name


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("extractive", "here"),
        ("hf:/models/llama", "here"),
        ("openai:m@http://127.0.0.1:8000/v1", "here"),
        ("openai:m@http://[::1]:8000/v1", "here"),
        ("openai:m@http://localhost:8000/v1", "here"),
        ("openai:m@https://llm.hospital.example:8443/v1", "de-identified"),
        ("openai:m@https://LLM.hospital.example:8443/v1", "de-identified"),
        ("openai:m@https://llm.hospital.example/v1", "refused"),  # another port
        ("openai:m@https://llm.hospital.example.evil.example:8443/v1", "refused"),
        ("openai:m@https://evil.example:8443/llm.hospital.example:8443", "refused"),
        ("openai:m@https://llm.hospital.example:8443@evil.example/v1", "refused"),
        ("openai:m@http://localhost.evil.example/v1", "refused"),
        ("openai:m@http://127.0.0.1.evil.example/v1", "refused"),
        ("openai:m@http://user@127.0.0.1:8000/v1", "refused"),
        ("openai:m@https://evil.example/v1@https://127.0.0.1/v1", "refused"),
        ("openai:m@ftp://127.0.0.1/v1", "refused"),
        ("openai:m@http://2130706433/v1", "refused"),  # 127.0.0.1 as a number, for some
        ("openai:m@http://0.0.0.0:8000/v1", "refused"),
        ("openai:m@http://10.0.0.5:8000/v1", "refused"),
        ("openai:m", "refused"),
        ("cloud:m", "refused"),
    ],
)
def test_the_gate(policy, spec, expected):
    assert way(spec, policy) == expected
    assert (way(spec, Policy()) == "here") == (expected == "here")


def test_host_of():
    assert host_of("openai:m@https://a.example/v1") == "a.example:443"
    assert host_of("openai:m@http://a.example:99999/v1") is None
