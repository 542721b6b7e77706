"""A store without its key is noise, one patient's record is that patient's alone, and what is forgotten is gone."""

import json
import zlib

import pytest

import rag
from indexer.errors import ConfigError, IndexCorrupt, IndexNotFound
from rag.records.chart import NoteText, chart, note
from rag.records.keys import Unlock, WrongKey, from_passphrase
from rag.records.policy import Refused, account
from rag.records.store import Store
from rag.records.types import Entry, Person
from rag.records.views import Masked
from rag.types import Hit, Prompt, Question

KEY = Unlock("key file", b"correct horse battery staple 32b")
NOTE = (
    "HISTORY OF PRESENT ILLNESS\nThe patient reports palpitations after the zebrafish holiday and was given sotalol.\n"
    "PLAN\nStop sotalol if the corrected QT interval exceeds 500 ms."
)


def record(id, name, creatinine, *, drug="Metformin 500 MG Oral Tablet"):
    person = Person(id, (name,), "female", "1950-04-01", identifiers=(("MRN", f"88{id}77"),))
    entries = [
        Entry(f"fhir:Observation/{id}-{n}", "laboratory", "", 0, 0, "Creatinine", (("loinc", "2160-0"),), f"2020-0{n}-01",
              value=value, unit="mg/dL", low=0.6, high=1.2)
        for n, value in enumerate(creatinine, start=1)
    ]  # fmt: skip
    entries.append(
        Entry(f"fhir:MedicationRequest/{id}-m", "medication", "", 0, 0, drug, time="2019-05-05", status="active")
    )
    made = note(person, NoteText(f"{id}-n", f"note:{id}-n", "Clinic note", "2020-06-01", NOTE + f"\nSeen: {name}."))
    return chart(person, entries, notes=[made])


@pytest.fixture
def folder(tmp_path):
    store = Store.create(tmp_path / "records", KEY, embedder="hashing")
    records = [
        record("p1", "Quennell Dashwood", (1.0, 1.4)),
        record("p2", "Quennella Dashwoode", (2.0, 2.6), drug="Warfarin"),
    ]
    assert [p for p, _ in store.add(records)] == ["p1", "p2"]
    return tmp_path / "records"


def ask(folder, question, patient, *, person=None, because=""):
    with rag.Library(
        rag.library.nothing(s := Store(folder, KEY, person=person)),
        settings=rag.library.settings_module.load(),
        records=s,
    ) as library:
        return library.ask(question, patient=patient, because=because)


def files(folder):
    return {f: f.read_bytes() for f in sorted(folder.rglob("*")) if f.is_file()}


def test_values_and_notes_are_answered_and_cited(folder):
    answer = ask(folder, "What is the last creatinine?", "p1")
    assert answer.status == "answered"
    (said,) = answer.record.said
    assert "1.4" in said.text
    (cited,) = answer.record.citations
    assert cited.resource == "fhir:Observation/p1-2"
    assert cited.quote.startswith("2020-02-01 Creatinine: 1.4 mg/dL")
    answer = ask(folder, "Why was sotalol to be stopped at a corrected QT interval of 500 ms?", "p1")
    assert any("Stop sotalol if the corrected QT interval exceeds 500 ms." in s.text for s in answer.record.said)
    assert all(c.resource == "note:p1-n" for c in answer.record.citations)


@pytest.mark.parametrize("question", ["What is the last creatinine?", "Does the patient take warfarin?", "list all creatinine values",
                                      "current medications", "zebrafish holiday palpitations", "warfarin 2.6 mg/dL"])  # fmt: skip
def test_nothing_of_another_patient_is_ever_cited(folder, question):
    answer = ask(folder, question, "p1")
    shown = json.dumps([[s.text for s in answer.record.said], [c.quote for c in answer.record.citations]])
    assert "p2" not in shown
    assert "2.6" not in shown
    assert "Dashwoode" not in shown
    assert all("p1" in c.resource for c in answer.record.citations)


def test_nothing_on_disk_can_be_read(folder):
    ask(folder, "What about the zebrafish holiday?", "p1")
    canaries = [
        "Quennell",
        "zebrafish",
        "sotalol",
        "Creatinine",
        "Metformin",
        "88p177",
        "p1-n",
        "fhir:Observation",
        "palpitations",
    ]
    for file, data in files(folder).items():
        for canary in canaries:
            for form in (
                canary.encode(),
                canary.lower().encode(),
                canary.encode("utf-16-le"),
                zlib.compress(canary.encode())[2:-4],
            ):
                assert form not in data, (file, canary)
        assert "p1" not in file.name
        assert (
            file.stat().st_mode & 0o077 == 0
            or file.name in ("LOCK", "store.json", "policy.box", "audit.head")
            or file.suffix in (".box", ".key")
        )


def test_vectors_are_not_on_disk(folder):
    store = Store(folder, KEY)
    _, opened = store.enter("p1")
    with store.index(opened) as index:
        data = [index.vector(row).tobytes() for row in range(index.manifest.passages)]
    assert data
    assert not any(vector[:64] in held for vector in data for held in files(folder).values())


def test_a_wrong_key_opens_nothing(folder):
    with pytest.raises(WrongKey):
        Store(folder, from_passphrase("another passphrase"))
    with pytest.raises(WrongKey):
        Store(folder, Unlock("key file", bytes(32)))
    with pytest.raises(IndexNotFound, match="rag records init"):
        Store(folder.parent / "none", KEY)


def test_every_flipped_bit_is_refused(folder):
    for file, data in files(folder).items():
        if file.suffix not in (".box", ".key", ".log", ".head") and file.name != "store.json":
            continue
        for at in range(0, len(data) * 8, max(1, len(data) * 8 // 60)):
            changed = bytearray(data)
            changed[at // 8] ^= 1 << at % 8
            file.write_bytes(bytes(changed))
            try:
                store = Store(folder, KEY)
                wrong = list(store.verify())
                assert wrong or json.loads(bytes(changed)) == json.loads(data), (file.name, at)
            except (IndexCorrupt, ConfigError):
                pass
            file.write_bytes(data)


def test_a_record_under_another_name_is_refused(folder):
    one, two = sorted((folder / "patients").glob("*.box"))
    data = one.read_bytes()
    one.write_bytes(two.read_bytes())
    store = Store(folder, KEY)
    assert len(list(store.verify())) == 1
    with pytest.raises(IndexCorrupt):
        for patient in ("p1", "p2"):
            store.enter(patient)
    one.write_bytes(data)


def test_a_new_key_and_the_old_one(folder):
    Store(folder, KEY).rotate(from_passphrase("a new passphrase"))
    with pytest.raises(WrongKey):
        Store(folder, KEY)
    assert Store(folder, from_passphrase("a new passphrase")).patients() == ["p1", "p2"]


def policy(text):
    return f'[people.{json.dumps(account())}]\nroles = ["administrator"]\n{text}'


def test_the_policy_decides_who_reads(folder):
    store = Store(folder, KEY)
    store.set_policy(policy('[people.anna]\nroles = ["clinician"]\npatients = ["p1"]\nbreak_glass = true'), name="x")
    assert Store(folder, KEY, person="anna").patients() == ["p1"]
    assert "1.4" in ask(folder, "last creatinine", "p1", person="anna").record.said[0].text
    for person, patient in (("anna", "p2"), ("anna", "p9"), ("ben", "p1"), (None, "p1")):
        with pytest.raises(Refused, match="no record with this id is open to you"):
            ask(folder, "last creatinine", patient, person=person)
    assert "2.6" in ask(folder, "last creatinine", "p2", person="anna", because="emergency").record.said[0].text
    for act in (
        lambda s: list(s.add([])),
        lambda s: s.forget("p1"),
        lambda s: s.rotate(KEY),
        lambda s: list(s.verify()),
    ):
        with pytest.raises(Refused, match="this needs the role"):
            act(Store(folder, KEY, person="anna"))
    actions = [e.action for e in store.audit.events() if e.person == "anna"]
    assert actions.count("break glass") == 1
    assert actions.count("refused") >= 6
    assert store.audit.verify() > 12


def test_a_researcher_sees_no_identifier(folder):
    Store(folder, KEY).set_policy(policy('[people.rita]\nroles = ["researcher"]\npatients = ["*"]'), name="x")
    answer = ask(folder, "Who was seen after the zebrafish holiday with palpitations?", "p1", person="rita")
    part = answer.record
    assert part.view == "de-identified"
    shown = json.dumps(
        [part.patient, [s.text for s in part.said], [[c.quote, c.resource, c.document, c.time] for c in part.citations]]
    )
    assert "palpitations" in shown
    for secret in ("Quennell", "Dashwood", "p1", "2020-06-01"):
        assert secret not in shown


def test_what_is_read_is_logged_without_the_question(folder):
    ask(folder, "What is the last creatinine?", "p1")
    store = Store(folder, KEY)
    read, shown = list(store.audit.events())[-2:]
    assert (read.action, shown.action) == ("read", "shown")
    assert read.patient == shown.patient == store.name_of("p1")
    assert read.question
    assert "creatinine" not in json.dumps(read.question)
    assert len(shown.passages) == 1
    assert shown.passages[0].startswith("chart:")


def test_what_is_forgotten_is_gone(folder):
    store = Store(folder, KEY)
    name = store.name_of("p1")
    before = (folder / "patients" / f"{name}.box").read_bytes()
    key = (folder / "patients" / f"{name}.key").stat().st_size
    done = store.forget("p1")
    assert done.size == len(before) + key
    assert Store(folder, KEY).patients() == ["p2"]
    assert not any(name in f.name or before[100:164] in data for f, data in files(folder).items())
    with pytest.raises(ConfigError, match="no record with this id"):
        ask(folder, "last creatinine", "p1")
    with pytest.raises(ConfigError, match="no record with this id"):
        store.forget("p1")
    assert "2.6" in ask(folder, "last creatinine", "p2").record.said[0].text


def test_a_newer_record_replaces_what_it_names_and_keeps_the_rest(folder):
    store = Store(folder, KEY)
    list(store.add([record("p1", "Quennell Dashwood", (1.0, 1.4, 1.9))]))
    _, opened = store.enter("p1")
    values = [e.value for e in opened.record.entries if e.name == "Creatinine"]
    assert values == [1.0, 1.4, 1.9]
    assert len([d for d in opened.record.documents if d.source.kind == "note"]) == 1


def test_errors_and_logs_say_nothing_of_the_record(folder, capsys, caplog):
    caplog.set_level(0)
    for question, patient in (("What is the last creatinine?", "p1"), ("zebrafish", "p3")):
        try:
            ask(folder, question, patient)
        except ConfigError as error:
            assert "zebrafish" not in str(error)
    said = capsys.readouterr()
    for secret in ("zebrafish", "Quennell", "Creatinine: 1.4"):
        assert secret not in said.out + said.err + caplog.text


def test_a_generator_elsewhere_is_given_nothing(folder):
    s = Store(folder, KEY)
    settings = rag.library.settings_module.load(generator="openai:m@http://203.0.113.9:9/v1", judge="overlap")
    with rag.Library(rag.library.nothing(s), settings=settings, records=s) as library:
        answer = library.ask("Why was sotalol to be stopped at a corrected QT interval of 500 ms?", patient="p1")
    assert any("Stop sotalol" in x.text for x in answer.record.said)
    assert any("nothing of the record or the question was sent" in n for n in answer.notices)


def test_a_policy_holds_for_a_store_that_is_open(folder):
    store = Store(folder, KEY)
    store.set_policy(policy('[people.anna]\nroles = ["clinician"]\npatients = ["p1"]'), name="x")
    anna = Store(folder, KEY, person="anna")
    anna.enter("p1")
    store.set_policy(policy(""), name="x")
    with pytest.raises(Refused):
        anna.enter("p1")


def test_what_a_killed_writer_left_is_forgotten_too(folder):
    store = Store(folder, KEY)
    file = folder / "patients" / f"{store.name_of('p1')}.box"
    file.with_name(file.name + ".tmp").write_bytes(file.read_bytes())
    store.forget("p1")
    other = store.name_of("p2")
    assert {f.name for f in (folder / "patients").iterdir()} == {f"{other}.box", f"{other}.key"}


def test_the_store_s_plain_facts_cannot_be_changed(folder):
    plain = json.loads((folder / "store.json").read_text())
    for key, value in (("audit_head", "/elsewhere"), ("embedder", "bundled"), ("fingerprint", "x"), ("id", "y")):
        (folder / "store.json").write_text(json.dumps({**plain, key: value}))
        with pytest.raises(IndexCorrupt):
            Store(folder, KEY).patients()


def test_a_damaged_record_does_not_close_the_others(folder):
    store = Store(folder, KEY)
    file = folder / "patients" / f"{store.name_of('p1')}.box"
    file.write_bytes(bytes(100) + file.read_bytes()[100:])
    assert len(list(store.verify())) == 1
    with pytest.raises(IndexCorrupt, match="restore it from a copy"):
        store.enter("p1")
    key = file.with_suffix(".key")
    key.write_bytes(bytes(100) + key.read_bytes()[100:])
    assert store.patients() == ["p2"]
    assert len(list(store.verify())) == 1
    assert store.enter("p2")[1].record.person.id == "p2"


def test_a_researcher_asks_by_the_keyed_name_and_sees_true_values_at_shifted_dates(folder):
    Store(folder, KEY).set_policy(policy('[people.rita]\nroles = ["researcher"]\npatients = ["*"]'), name="x")
    store = Store(folder, KEY, person="rita")
    assert store.patients() == sorted(map(store.name_of, ("p1", "p2")))
    name = store.name_of("p1")
    first = ask(folder, "What was the creatinine on 2020-01-01?", name, person="rita").record
    other = ask(folder, "What was the creatinine on 1999-01-01?", name, person="rita").record
    assert [s.text for s in first.said] == [s.text for s in other.said]
    line = next(c.quote for c in first.citations)
    assert "mg/dL (high; reference 0.6-1.2)" in line or "mg/dL (reference 0.6-1.2)" in line or "mg/dL" in line
    assert "1.4" in line
    assert "2020-02-01" not in line
    listed = ask(folder, "What medications does the patient take?", name, person="rita").record
    assert any("Metformin 500 MG Oral Tablet" in s.text for s in listed.said)


def test_a_generator_on_an_allowed_host_gets_surrogates_and_is_turned_back(folder):
    class Echo:
        spec = "openai:m@https://llm.example/v1"

        def generate(self, prompt):
            self.seen = "\n".join(h.passage.text for h in prompt.hits)
            yield from (f"{line} [1]\n" for line in self.seen.splitlines() if "palpitations" in line or "Seen" in line)

    store = Store(folder, KEY)
    _, opened = store.enter("p1")
    with store.index(opened) as index:
        row = next(r for r in range(index.manifest.passages) if "Seen" in index.passage(r).text)
        hit = Hit(index.passage(row), 1.0, {})
    inner = Echo()
    masked = Masked(inner, opened.record.person, store.surrogates("p1"))
    draft = "".join(masked.generate(Prompt(Question("What about Quennell Dashwood?", (), ""), (hit,))))
    assert "Dashwood" not in inner.seen
    assert "Seen: Quennell Dashwood." in draft


def test_what_stands_only_in_a_note_is_quoted_beside_the_entries(folder):
    answer = ask(folder, "Is the patient on sotalol?", "p1")
    text = " ".join(s.text for s in answer.record.said)
    assert "In a note of 2020-06-01" in text
    assert "was given sotalol" in text
    assert "notes were not searched" not in text
    assert any(c.resource == "note:p1-n" for c in answer.record.citations)
