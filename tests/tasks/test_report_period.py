"""What a report of a past stay calls current, what it draws from an open one, and what a masked reader is not told."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from rag.records.discreet import Unforeseen
from rag.records.fhir import FhirReader
from rag.records.part import Cited
from rag.records.policy import account
from rag.records.store import Store
from rag.records.types import Entry, Person, Record
from rag.tasks.page import Heading, Points, Table, Text
from rag.tasks.report import filling
from rag.tasks.report.case import case
from rag.tasks.report.composition import composition
from rag.tasks.report.draft import Draft, Part, proved, words
from rag.tasks.report.markdown import markdown
from rag.tasks.report.resources import made as resource
from tests.tasks.test_report_patient import KEY, TODAY, drug, made, observation

RECORD = Record(Person("17"), (), ())
SUBJECT = {"reference": "Patient/17"}


def statement(n, name, status, begin, end=""):
    period = {"start": begin} | ({"end": end} if end else {})
    return {
        "resourceType": "MedicationStatement", "id": f"s{n}", "status": status, "subject": SUBJECT,
        "medicationCodeableConcept": {"text": name}, "effectivePeriod": period,
    }  # fmt: skip


def condition(n, name, status, begin, end=""):
    return {
        "resourceType": "Condition", "id": f"c{n}", "subject": SUBJECT, "code": {"text": name}, "onsetDateTime": begin,
        "clinicalStatus": {"coding": [{"code": status}]}, **({"abatementDateTime": end} if end else {}),
    }  # fmt: skip


def stay(id, begin, end="", status="finished"):
    period = {"start": begin} | ({"end": end} if end else {})
    return {
        "resourceType": "Encounter", "id": id, "status": status, "class": {"code": "IMP"}, "subject": SUBJECT,
        "type": [{"text": "Inpatient stay"}], "period": period,
    }  # fmt: skip


def kept(tmp_path, *resources, born="1958-03-14"):
    person = {"resourceType": "Patient", "id": "17", "gender": "female", "birthDate": born}
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": r} for r in (person, *resources)]}
    (tmp_path / "b.json").write_text(json.dumps(bundle))
    store = Store.create(tmp_path / "s", KEY, embedder="hashing")
    list(store.add(FhirReader().read(tmp_path / "b.json")))
    return store


def masked(store):
    name = store.name_of("17")
    store.set_policy(
        f'[people.{json.dumps(account())}]\nroles = ["researcher", "administrator"]\npatients = ["*"]\n', name="p"
    )
    return name


def tables(report, heading):
    """Captions and rows of the tables under a heading."""
    found, on = {}, False
    for b in report.page.blocks:
        on = b.text == heading if isinstance(b, Heading) else on
        if on and isinstance(b, Table):
            found[b.caption] = [[t.text for t in row] for row in b.rows]
    return found


def test_what_is_current_is_judged_by_the_end_of_the_stay(tmp_path):
    store = kept(
        tmp_path, stay("e1", "2019-05-01", "2019-05-09"),
        statement(1, "Warfarin", "completed", "2018-01-01", "2020-03-01"),
        statement(2, "Heparin", "completed", "2019-04-30", "2019-05-02"),
        statement(3, "Codeine", "completed", "2016-01-01", "2016-02-01"),
        statement(4, "Apixaban", "active", "2020-03-02"),
        condition(1, "Anaemia", "resolved", "2019-01-01", "2020-01-01"),
    )  # fmt: skip
    report = made(store, encounter="e1")
    assert tables(report, "Medications") == {
        "Taken at the end of the period": [["Warfarin", "", "2018-01-01", "2020-03-01", "completed"]],
        "Stopped or ended": [["Heparin", "", "2019-04-30", "2019-05-02", "completed"]],
    }
    assert tables(report, "Problems")[""][0][0] == "Anaemia"
    assert "Anaemia" not in str(tables(report, "History"))
    now = tables(made(store), "Medications")
    assert [row[0] for row in now["Active"]] == ["Apixaban"]
    assert [row[0] for row in now["Stopped or ended"]] == ["Heparin", "Warfarin", "Codeine"]


def test_an_open_stay_lasts_until_today(tmp_path):
    store = kept(
        tmp_path, stay("e1", "2021-05-20", status="in-progress"), stay("e0", "2021-05-20"),
        observation(1, "2021-05-30", 1.4),
    )  # fmt: skip
    report = made(store, encounter="e1")
    assert "Entries are placed to the encounter by their time (2021-05-20 to 2021-06-01)." in report.page.notices
    assert tables(report, "Laboratory")[""][0][:3] == ["Creatinine", "1.4 mg/dL", "2021-05-30"]
    assert tables(made(store, encounter="e0"), "Laboratory") == {}


def test_the_last_day_of_a_period_is_never_later_than_today():
    def day(until):
        visit = Entry(
            "fhir:Encounter/e", "encounter", "d", 0, 1, "E", time="2019-02-01", until=until, status="finished"
        )
        return case(RECORD, language="en", today=TODAY, encounter=visit).day

    assert day("2019-02") == date(2019, 2, 28)
    assert day("2019-12") == date(2019, 12, 31)
    assert day("2020") == date(2020, 12, 31)
    assert day("2030-01-01") == TODAY


def test_an_age_over_89_is_no_quantity_in_a_masked_document(tmp_path):
    age = observation(1, "2021-05-30", 96) | {
        "code": {"text": "Age"}, "valueQuantity": {"value": 96, "unit": "a"}, "referenceRange": [],
    }  # fmt: skip
    store = kept(tmp_path, age, observation(2, "2021-05-30", 97), born="1925-01-01")
    full = made(store)
    at = datetime(2021, 6, 1, tzinfo=UTC)
    values = [
        e["resource"]["valueQuantity"]["value"]
        for e in json.loads(composition(full, code="", at=at))["entry"]
        if "valueQuantity" in e["resource"]
    ]
    assert sorted(values) == [96, 97]
    report = made(store, id=masked(store))
    assert "96" not in [w for t in markdown(report.page).split() for w in [t.strip(",.")]]
    values = [
        e["resource"]["valueQuantity"]["value"]
        for e in json.loads(composition(report, code="", at=at))["entry"]
        if "valueQuantity" in e["resource"]
    ]
    assert values == [97]
    assert "Values that are an age over 89 are left out in this view." in report.page.notices


@pytest.mark.parametrize(
    ("value", "unit", "hidden"),
    [(96, "a", True), (96, "years", True), (1100, "mo", True), (89, "a", False), (96, "mg/dL", False), (96, "", True)],
)
def test_which_values_are_an_age_over_89(value, unit, hidden):
    entry = Entry("fhir:Observation/o", "vital", "d", 0, 3, "Age", time="2021-01-02", value=value, unit=unit)
    place = Cited(1, "fhir:Observation/o", "2021-01-02", "d", 0, 5, "Age")
    assert ("valueQuantity" not in resource(entry, place, subject="s", masked=True)) == hidden
    assert "valueQuantity" in resource(entry, place, subject="s", masked=False)


def test_a_fault_quotes_nothing_of_the_record(tmp_path, monkeypatch):
    store = kept(tmp_path, drug(1, "Metoprolol", "active", "2021-01-01"))
    report = made(store)

    def broken(*words, **more):
        raise KeyError("Metoprolol of Mirabel")

    monkeypatch.setattr(filling, "part", broken)
    with pytest.raises(Unforeseen) as caught:
        made(store)
    assert "KeyError at" in str(caught.value)
    assert "Metoprolol" not in str(caught.value)
    assert caught.value.__context__ is None
    monkeypatch.setattr("rag.tasks.report.composition._section", broken)
    with pytest.raises(Unforeseen, match="KeyError at"):
        composition(report, code="", at=datetime(2021, 6, 1, tzinfo=UTC))


def test_a_sign_and_decimals_are_part_of_a_number():
    assert words("Base excess -4.1; range 0.5-1.2 on 2021-03-02, COVID-19, \u22122, 为-3") == {
        "base", "excess", "-4.1", "range", "0.5", "1.2", "on", "2021", "03", "02", "covid", "19", "-2", "为", "-3",
    }  # fmt: skip
    place = Cited(1, "r", "2021-01-02", "d", 0, 5, "Base excess: -4.1 mmol/L")
    texts = (Text("Base excess -4.1", ("R1",)), Text("Base excess 4.1", ("R1",)))
    found, dropped = proved(Draft("t", "en", (Part("x", "X", "", (Points(texts),)),), (place,)))
    assert found.parts[0].pieces == (Points(texts[:1]),)
    assert dropped == 1


def test_a_later_family_or_past_entry_hides_no_problem(tmp_path):
    store = kept(
        tmp_path,
        condition(1, "Asthma", "active", "2015-01-01"),
        condition(3, "History of asthma", "active", "2020-02-01"),
    )
    found = tables(made(store), "Problems")[""]
    assert ["Asthma", "2015-01-01", "active"] in [row[:3] for row in found]
    own = Entry("c1", "condition", "d", 0, 1, "Asthma", time="2015-01-01", status="active")
    kin = replace(own, resource="c2", time="2020-01-01", detail=(("family member", "mother"),))
    both = replace(case(RECORD, language="en", today=TODAY), entries=(own, kin))
    assert filling._own(both) == [own]


def test_notices_tell_what_was_not_applied_or_not_chosen(tmp_path):
    store = kept(tmp_path, stay("e1", "2020-01-01", "2020-01-05"), stay("e2", "2021-01-01", "2021-01-05"))
    said = "No stay was chosen: every visit of the record, or since --since, may be listed. Choose one with --encounter ID;"
    (notice,) = [n for n in made(store).page.notices if n.startswith("No stay")]
    assert notice == f"{said} the latest are e2, e1."
    assert not [n for n in made(store, encounter="e2").page.notices if n.startswith("No stay")]
    assert not [n for n in made(store, "progress", since="2021-01-01").page.notices if n.startswith("No stay")]
    assert "未选择某次就诊" in " ".join(made(store, language="zh").page.notices)
    name = masked(store)
    report = made(store, "progress", id=name, since="2021-01-01")
    assert any(n.startswith("--since 2021-01-01 was not applied") for n in report.page.notices)
    assert not any("not applied" in n for n in made(store, "progress", id=name).page.notices)
