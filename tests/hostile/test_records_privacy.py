"""Samples of scripts/eval_privacy.py, and what it found, each once: whoever may not see a thing of a record does not."""

import json
import random
import traceback

import pytest

from indexer.errors import RagError, ReadError
from rag.records import commands, views
from rag.records.chart import NoteText, chart, note, person_entries
from rag.records.deid import Surrogates
from rag.records.discreet import Unforeseen, discreet
from rag.records.keys import from_passphrase
from rag.records.part import Cited, RecordPart, Said
from rag.records.policy import account
from rag.records.store import Store
from rag.records.types import Entry, Person
from rag.settings import Settings
from scripts import privacy_access, privacy_egress
from scripts.privacy_faults import Fault
from scripts.privacy_world import leaked, may_read, patient, stands

KEY = from_passphrase("correct horse battery")


def test_a_sample_of_queries_shows_nothing_forbidden(tmp_path):
    made = privacy_access.world(tmp_path / "w", patients=6, rng=random.Random(3))
    found = privacy_access.run(made, queries=90)
    made.close()
    assert found["failures"] == 0, found
    assert found["counted"]["asks answered, full"] > 2
    assert found["counted"]["asks answered, masked"] > 2
    assert found["counted"]["asks refused"] > 5


def test_the_reference_sees_a_leak_when_there_is_one():
    one, two = patient(3, random.Random(1)), patient(4, random.Random(2))
    name, mail = one.record.person.names[0], one.record.person.emails[0]
    assert leaked(f"seen: {name}", [one, two], seen={two.id: "full"})
    assert leaked(f"seen: {name}", [one, two], seen={one.id: "masked"})
    assert not leaked(f"seen: {name} {mail}", [one, two], seen={one.id: "full"})
    assert leaked(one.words[1].upper(), [one], seen={})
    assert not leaked(one.words[1], [one], seen={one.id: "masked"})
    assert not stands("Grace", "with grace")
    held = {"a": {"roles": ["researcher"], "patients": [one.id], "break_glass": True}}
    assert may_read(held, "a", one.id) == "masked"
    assert may_read(held, "a", two.id, because="reason") is None
    assert may_read(held, "b", one.id) is None


def test_a_sample_of_the_egress_matrix():
    found = privacy_egress.apart(60, seed=2)
    assert found["failures"] == 0, found
    assert found["counted"]["connects, look-ups away without allow"] == 0
    assert found["counted"]["refused"] > 10
    assert found["counted"]["allowed, of them in what was sent"] == 0


def test_an_unforeseen_error_says_where_and_not_what():
    def fails():
        raise KeyError("Quennell Dashwood")

    try:
        fails()
    except KeyError as error:
        told = discreet(error)
    assert isinstance(told, Unforeseen)
    assert "KeyError at" in str(told)
    assert "test_records_privacy.py" in str(told)
    assert "Dashwood" not in "".join(traceback.format_exception(told))
    assert told.__context__ is None
    ours = RagError("one of ours")
    assert discreet(ours) is ours


@pytest.mark.parametrize("at", [40, 150, 400])
def test_a_fault_while_a_record_is_asked_quotes_nothing(tmp_path, at):
    store = one_patient(tmp_path)
    from rag.records.answer import Patients

    with Fault(at, "Quennell Dashwood 88127766"), pytest.raises(RagError) as caught:
        Patients(store, Settings()).ask("Who reported palpitations?", "pat-4471")
    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value.__context__)
    assert "Dashwood" not in told
    assert "8812" not in told


def one_patient(folder):
    store = Store.create(folder / "records", KEY, embedder="hashing")
    person = Person("pat-4471", ("Grace Hill",), "female", "1929-04-01", phones=("555-201-3344",),
                    addresses=("12 Kelmoor Street, Oxmere",))  # fmt: skip
    lines = [
        *person_entries(person, resource="fhir:Patient/pat-4471"),
        Entry("fhir:Encounter/e1", "encounter", "", 0, 0, "Encounter for Grace Hill", time="2020-05-02"),
    ]
    text = "HISTORY\nGrace Hill, born 1929-04-01, reports palpitations at Kelmoor Street."
    made = note(person, NoteText("pat-4471-DS-21", "note:pat-4471-DS-21", "Clinic note", "2020-06-01", text))
    list(store.add([chart(person, lines, notes=[made])]))
    return store


def test_the_log_does_not_hold_a_notes_id(tmp_path):
    from rag.records.answer import Patients

    store = one_patient(tmp_path)
    answer = Patients(store, Settings()).ask("Who reported palpitations?", "pat-4471")
    assert any("palpitations" in s.text for s in answer.record.said)
    shown = [e for e in store.audit.events() if e.action == "shown"][-1]
    assert shown.passages
    assert all(p.startswith("note:") for p in shown.passages)
    assert "pat-4471" not in repr(list(store.audit.events()))


def test_masked_names_that_are_words_streets_and_the_birth_of_the_old(tmp_path):
    from rag.records.answer import Patients

    store = one_patient(tmp_path)
    policy = (
        f"[people.{account()}]\nroles = ['administrator']\n[people.rita]\nroles = ['researcher']\npatients = ['*']\n"
    )
    store.set_policy(policy, name="x")
    masked = Patients(Store(tmp_path / "records", KEY, person="rita"), Settings())
    shown = ""
    for question in (
        "How old is the patient?",
        "这个患者多大年纪？",
        "list all encounters",
        "Who reported palpitations?",
    ):
        part = masked.ask(question, "pat-4471").record
        assert part.said
        shown += json.dumps([[s.text for s in part.said], [c.quote for c in part.citations]], ensure_ascii=False)
    for secret in ("Grace", "Hill", "Kelmoor", "1929", "1928", "1927", "97", "96"):
        assert not stands(secret, shown), secret
    assert "90 or older" in shown
    assert "九十或以上" in shown


def test_an_age_up_to_89_stays_and_a_value_of_90_too():
    person = Person("pat-4471", ("Quennell Dashwood",), "male", "1960-04-01")
    part = RecordPart("pat-4471", "full", (Said("Born 1960-04-01: 66 years old (computed).", (1,)),),
                      (Cited(1, "fhir:Observation/1", "2020-01-01", "record:pat-4471:chart", 0, 9, "Pulse: 95 /min"),))  # fmt: skip
    shown = views.redacted(part, person, Surrogates(b"k" * 32, "pat-4471"))
    assert "66 years old" in shown.said[0].text
    assert shown.citations[0].quote == "Pulse: 95 /min"


def test_a_readers_error_does_not_quote_a_wrong_id():
    error = ReadError(
        "n.txt", "header", "patient: expected an id of letters, digits and . - _ @ +, found 'Ann O''Hara'"
    )
    assert "Hara" not in commands._unquoted("found 'Ann Hara'; line 2: a key stands twice")
    assert "Ann" not in commands._unquoted(str(error))
    assert commands._unquoted("a key stands twice") == "a key stands twice"
