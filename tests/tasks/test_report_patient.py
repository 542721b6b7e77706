"""Reports of a patient's record: every line cites it, gaps are named, and who may not see identifiers sees none."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from xml.etree import ElementTree

import pytest

from indexer.errors import ConfigError
from rag.records.fhir import FhirReader
from rag.records.keys import from_passphrase
from rag.records.notes import NoteReader
from rag.records.part import Cited
from rag.records.policy import Refused, account
from rag.records.store import Store
from rag.tasks.page import Heading, Picture, Points, Table, Text
from rag.tasks.report import draft as drafts
from rag.tasks.report.composition import composition
from rag.tasks.report.draft import Draft, Part, proved
from rag.tasks.report.markdown import markdown
from rag.tasks.report.patient import Asked, patient_report
from rag.tasks.report.template import names, template

KEY = from_passphrase("a passphrase for tests")
TODAY = date(2021, 6, 1)
NOTE = """Patient: 17
Date: 2021-03-03
Type: Discharge summary

CHIEF COMPLAINT: Palpitations since the zebrafish holiday.

HOSPITAL COURSE: Seen by Dr. Zelda Quux. Rate controlled with metoprolol.

ASSESSMENT AND PLAN:
1. Atrial fibrillation, rate controlled.
2. Repeat the ECG in two weeks.

FOLLOW-UP: Call 555-123-4567 for cardiology on 2021-03-17.
"""
CODE = "http://loinc.org"


def observation(n, day, value, flag=""):
    found = {
        "resourceType": "Observation", "id": f"o{n}", "status": "final", "subject": {"reference": "Patient/17"},
        "category": [{"coding": [{"code": "laboratory"}]}],
        "code": {"coding": [{"system": CODE, "code": "2160-0", "display": "Creatinine"}]},
        "effectiveDateTime": day, "valueQuantity": {"value": value, "unit": "mg/dL"},
        "referenceRange": [{"low": {"value": 0.5, "unit": "mg/dL"}, "high": {"value": 1.2, "unit": "mg/dL"}}],
    }  # fmt: skip
    return found | ({"interpretation": [{"coding": [{"code": flag}]}]} if flag else {})


def drug(n, name, status, day):
    return {
        "resourceType": "MedicationRequest", "id": f"m{n}", "status": status, "intent": "order", "authoredOn": day,
        "subject": {"reference": "Patient/17"}, "medicationCodeableConcept": {"text": name},
        "dosageInstruction": [{"text": "one tablet twice a day"}],
    }  # fmt: skip


BUNDLE = {
    "resourceType": "Bundle", "type": "collection",
    "entry": [{"resource": r} for r in (
        {"resourceType": "Patient", "id": "17", "gender": "female", "birthDate": "1958-03-14",
         "name": [{"family": "Quuxley", "given": ["Mirabel"]}]},
        observation(1, "2021-01-02", 1.1), observation(2, "2021-02-02", 1.4, "H"), observation(3, "2021-03-02", 1.9, "H"),
        {"resourceType": "Condition", "id": "c1", "subject": {"reference": "Patient/17"}, "onsetDateTime": "2019-05-01",
         "clinicalStatus": {"coding": [{"code": "active"}]}, "code": {"text": "Atrial fibrillation"}},
        {"resourceType": "Condition", "id": "c2", "subject": {"reference": "Patient/17"}, "onsetDateTime": "2010-01-01",
         "abatementDateTime": "2010-02-01", "clinicalStatus": {"coding": [{"code": "resolved"}]}, "code": {"text": "Pneumonia"}},
        drug(1, "Metoprolol 50 mg", "active", "2021-03-02"), drug(2, "Warfarin 5 mg", "stopped", "2020-01-01"),
        {"resourceType": "Encounter", "id": "e1", "status": "finished", "class": {"code": "IMP"}, "subject": {"reference": "Patient/17"},
         "type": [{"text": "Inpatient stay"}], "period": {"start": "2021-03-01", "end": "2021-03-04"},
         "reasonCode": [{"text": "Palpitations"}]},
        {"resourceType": "Encounter", "id": "e0", "status": "finished", "class": {"code": "AMB"}, "subject": {"reference": "Patient/17"},
         "type": [{"text": "Check-up"}], "period": {"start": "2020-01-01", "end": "2020-01-01"}},
    )],
}  # fmt: skip


@pytest.fixture
def store(tmp_path):
    (tmp_path / "b.json").write_text(json.dumps(BUNDLE))
    (tmp_path / "n.txt").write_text(NOTE)
    made = Store.create(tmp_path / "s", KEY, embedder="hashing")
    list(made.add([*FhirReader().read(tmp_path / "b.json"), *NoteReader().read(tmp_path / "n.txt")]))
    return made


def made(store, name="discharge", language="en", **more):
    form = template(name, language=language, spoken=False)
    return patient_report(store, more.pop("id", "17"), asked=Asked(form, language, TODAY, **more))


def blocks(report, heading):
    """The blocks under a heading."""
    found, on = [], False
    for b in report.page.blocks:
        if isinstance(b, Heading):
            on = b.text == heading
        elif on:
            found.append(b)
    return found


def test_every_text_of_every_template_cites_a_place_that_proves_it(store):
    for name in names(spoken=False):
        for language in ("en", "zh"):
            report = made(store, name, language)
            places = {drafts.label(c): c for c in report.draft.cited}
            checked = replace(report.draft, parts=tuple(p for p in report.draft.parts if p.kind != "gaps"))
            again, dropped = proved(checked)
            assert dropped == 0
            assert [p.kind for p in again.parts] == [p.kind for p in checked.parts]
            cited = [c for t in drafts.texts(report.draft) for c in t.cites]
            assert set(cited) == set(places)
            labels = {r.label for r in report.page.references}
            for b in report.page.blocks:
                if isinstance(b, Table):
                    for row in b.rows:
                        found = {c for t in row for c in t.cites}
                        assert found
                        assert found <= labels


def test_sections_say_what_the_record_says(store):
    report = made(store)
    assert report.page.title == "Discharge summary"
    (problems,) = [b for b in blocks(report, "Problems") if isinstance(b, Table)]
    assert [t.text for t in problems.rows[0]] == ["Atrial fibrillation", "2019-05-01", "active", ""]
    assert problems.rows[0][2].cites == ("R5",)
    active, over = [b for b in blocks(report, "Medications") if isinstance(b, Table)]
    assert (active.caption, over.caption) == ("Active", "Stopped or ended")
    assert [t.text for t in active.rows[0]] == ["Metoprolol 50 mg", "one tablet twice a day", "2021-03-02", "active"]
    assert over.rows[0][0].text == "Warfarin 5 mg"
    history = next(b for b in blocks(report, "History") if isinstance(b, Table))
    assert [t.text for t in history.rows[0]] == ["Pneumonia", "2010-01-01", "2010-02-01", "resolved"]
    assert (
        blocks(report, "Allergies")[0].texts[0].text
        == "No allergy entry in the record. This does not mean that there is none."
    )
    text = markdown(report.page)
    assert "- 2021-03-01 Inpatient stay: Palpitations [R3]" in text
    assert "- 2021-03-01 to 2021-03-04 Inpatient stay: finished; inpatient; reason Palpitations [R" in text
    assert "| Age (computed) | 63 (2021-06-01) [R2] |" in text
    assert "2021-03-03: “Repeat the ECG in two weeks.”" in text
    assert "2021-03-03: “Palpitations since the zebrafish holiday.”" in text
    assert "Quuxley" not in text
    reference = next(r for r in report.page.references if r.quote == "Repeat the ECG in two weeks.")
    start = NOTE.partition("\n\n")[2].index("Repeat the ECG")
    assert reference.text.endswith(f"2021-03-03, characters {start}-{start + 28}")


def test_values_have_a_flag_a_range_and_a_trend(store):
    report = made(store)
    table, picture = [b for b in blocks(report, "Laboratory") if isinstance(b, Table | Picture)]
    assert [t.text for t in table.rows[0]] == [
        "Creatinine",
        "1.9 mg/dL",
        "2021-03-02",
        "high; 0.5-1.2",
        "1.4 mg/dL (2021-02-02)",
    ]
    assert picture.alt.startswith("Creatinine: 3 values from 2021-01-02 to 2021-03-02 [R")
    assert picture.svg.count("<circle") == 3


def test_a_period_leaves_out_what_lies_outside(store):
    report = made(store, since="2021-03-01")
    table = next(b for b in blocks(report, "Laboratory") if isinstance(b, Table))
    assert [t.text for t in table.rows[0]] == ["Creatinine", "1.9 mg/dL", "2021-03-02", "high; 0.5-1.2", ""]
    assert "Check-up" not in markdown(report.page)
    assert "Warfarin" not in markdown(report.page)
    assert "Atrial fibrillation" in markdown(report.page)
    with pytest.raises(ConfigError, match="expected a day such as"):
        made(store, since="March")


def test_an_encounter_is_its_time(store):
    report = made(store, encounter="e1")
    assert "Entries are placed to the encounter by their time (2021-03-01 to 2021-03-04)." in report.page.notices
    assert "Check-up" not in markdown(report.page)
    first = made(store, encounter="e0")
    assert blocks(first, "Laboratory")[0].texts[0].text == "No laboratory value in the period of this draft."
    assert "Metoprolol" not in markdown(first.page)
    with pytest.raises(ConfigError, match="no such encounter in the record; the latest are e1, e0"):
        made(store, encounter="e9")


def test_gaps_are_named(store):
    (points,) = blocks(made(store), "Gaps")
    assert [t.text for t in points.items] == [
        "Allergies: No allergy entry in the record. This does not mean that there is none.",
        "Procedures: No procedure in the record.",
        "Examination: No examination in a note in the record.",
        "Imaging: No imaging study or report in the record.",
    ]
    (points,) = blocks(made(store, language="zh"), "缺项")
    assert points.items[0].text == "过敏史：病历中无过敏记录。这不代表患者没有。"


def test_the_guard_takes_out_what_is_not_there():
    place = Cited(1, "fhir:Observation/o", "2021-01-02", "d", 0, 5, "2021-01-02 Creatinine: 1.1 mg/dL")
    true, false = Text("Creatinine 1.1", ("R1",)), Text("Creatinine 1.2", ("R1",))
    draft = Draft(
        "t",
        "en",
        (Part("x", "X", "", (Points((true, false, Text("no place"))), Table(("a",), ((false,),)))),),
        (place,),
    )
    kept, dropped = proved(draft)
    assert kept.parts[0].pieces == (Points((true,)),)
    assert dropped == 3
    assert proved(replace(draft, computed=frozenset({("Creatinine 1.2", "1.2")})))[1] == 1
    assert proved(replace(draft, computed=frozenset({("another text", "1.2")})))[1] == 3


def test_reading_is_asked_for_and_logged(store):
    made(store)
    events = [e for e in store.audit.events() if e.action in ("read", "shown")]
    assert [e.action for e in events] == ["read", "shown"]
    assert all(p.partition(":")[0] in ("chart", "note") for p in events[1].passages)
    store.set_policy(f'[people.{json.dumps(account())}]\nroles = ["administrator"]\n', name="p")
    with pytest.raises(Refused):
        made(store)
    assert [e.action for e in store.audit.events()][-1] == "refused"


def test_a_researcher_sees_no_identifiers(store):
    full = made(store)
    name = store.name_of("17")
    store.set_policy(
        f'[people.{json.dumps(account())}]\nroles = ["researcher", "administrator"]\npatients = ["*"]\n', name="p"
    )
    report = made(store, id=name, since="2021-03-01")
    text = markdown(report.page) + json.dumps([b.svg for b in report.page.blocks if isinstance(b, Picture)])
    for secret in (
        "Quux",
        "555-123-4567",
        "1958-03-14",
        "2021-03-02",
        "2019-05-01",
        "fhir:Observation/o3",
        "patient 17",
    ):
        assert secret not in text
    assert len(report.draft.cited) == len(full.draft.cited)  # --since would tell by how much dates were shifted
    assert any("dates shifted" in n for n in report.page.notices)
    assert "Creatinine" in text
    assert "1.9 mg/dL" in text
    bundle = composition(report, code="18842-5", at=datetime(2021, 6, 1, tzinfo=UTC)).decode()
    for secret in ("Quux", "555-123-4567", "1958-03-14", "2021-03-02", "Observation/o3", '"o3"'):
        assert secret not in bundle


def test_old_age_is_not_told_to_a_researcher(store, tmp_path):
    old = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"resource": {"resourceType": "Patient", "id": "9", "gender": "male", "birthDate": "1925-03-14"}}],
    }
    (tmp_path / "o.json").write_text(json.dumps(old))
    list(store.add(FhirReader().read(tmp_path / "o.json")))
    store.set_policy(
        f'[people.{json.dumps(account())}]\nroles = ["researcher"]\npatients = ["*"]\n[people.x]\nroles = ["administrator"]\n',
        name="p",
    )
    report = made(store, "progress", id=store.name_of("9"))
    text = markdown(report.page)
    assert "90 or older" in text
    assert "| Birth date" not in text
    assert "192" not in text.partition("## References")[2]


def test_the_fhir_document_holds_what_it_cites(store):
    report = made(store)
    at = datetime(2021, 6, 1, 12, tzinfo=UTC)
    data = composition(report, code="18842-5", at=at)
    assert data == composition(report, code="18842-5", at=at)
    bundle = json.loads(data)
    assert (bundle["resourceType"], bundle["type"], bundle["timestamp"]) == (
        "Bundle",
        "document",
        "2021-06-01T12:00:00+00:00",
    )
    first = bundle["entry"][0]["resource"]
    assert (first["resourceType"], first["status"], first["type"]["coding"][0]["code"]) == (
        "Composition",
        "preliminary",
        "18842-5",
    )
    held = {e["fullUrl"]: e["resource"] for e in bundle["entry"]}
    assert len(held) == len(bundle["entry"])
    cited = [e["reference"] for s in first["section"] for e in s.get("entry", ())]
    assert set(cited) <= set(held)
    assert first["subject"]["reference"] in held
    assert first["author"][0]["reference"] in held
    lab = next(s for s in first["section"] if s["title"] == "Laboratory")
    assert lab["code"]["coding"][0]["code"] == "30954-2"
    found = [held[e["reference"]] for e in lab["entry"]]
    assert {r["id"] for r in found} == {"o1", "o2", "o3"}
    newest = next(r for r in found if r["id"] == "o3")
    assert newest["valueQuantity"] == {"value": 1.9, "unit": "mg/dL"}
    assert newest["code"]["coding"] == [{"system": CODE, "code": "2160-0"}]
    assert (
        next(s for s in first["section"] if s["title"] == "Allergies")["emptyReason"]["coding"][0]["code"]
        == "unavailable"
    )
    for s in first["section"]:
        assert ("entry" in s) != ("emptyReason" in s)
        ElementTree.fromstring(s["text"]["div"])  # noqa: S314 - made by us
    kinds = {r["resourceType"] for r in held.values()}
    assert {
        "Patient",
        "Observation",
        "Condition",
        "MedicationRequest",
        "Encounter",
        "DocumentReference",
        "Device",
    } <= kinds
    assert '""' not in data.decode()


def test_templates_are_files(tmp_path):
    assert names(spoken=False) == ["discharge", "imaging", "progress", "referral"]
    assert names(spoken=True) == ["visit"]
    own = tmp_path / "mine.toml"
    own.write_text(
        'title = "Mine"\n[[sections]]\nkind = "problems"\nheading = { en = "What there is", zh = "问题" }\nmost = 1\n'
    )
    found = template(str(own), language="zh", spoken=False)
    assert (found.title, found.sections[0].heading, found.sections[0].most) == ("Mine", "问题", 1)
    for text, said in (
        ('[[sections]]\nkind = "problem"', "unknown kind 'problem'; the kinds are demographics, reason, problems"),
        ('[[sections]]\nkind = "problems"\nmany = 3', "unknown key 'many'"),
        ('[[sections]]\nkind = "problems"\nmost = -1', "from 0 to 1000"),
        ('[[sections]]\nkind = "notes"', "that kind needs them"),
        ('title = 3\n[[sections]]\nkind = "problems"', "title"),
        ("title = 'x'", "has no sections"),
        ("[[", "not valid TOML"),
        ('of = "dialogue"\n[[sections]]\nkind = "plan"', "is for a dialogue"),
    ):
        own.write_text(text)
        with pytest.raises(ConfigError, match=said):
            template(str(own), language="en", spoken=False)
    with pytest.raises(ConfigError, match="the templates are discharge, imaging, progress, referral"):
        template("nothing", language="en", spoken=False)


def test_an_own_template_quotes_the_headings_it_names(store, tmp_path):
    own = tmp_path / "mine.toml"
    own.write_text('[[sections]]\nkind = "notes"\nheadings = ["Hospital course"]\nmost = 1\n')
    report = made(store, str(own))
    assert report.page.title == "mine"
    points = next(b for b in report.page.blocks if isinstance(b, Points))
    assert [t.text for t in points.items] == ["2021-03-03: “Seen by Dr. Zelda Quux.”"]
    assert "1 more in the record are not listed." in markdown(report.page)
