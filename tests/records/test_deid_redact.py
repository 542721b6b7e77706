"""Replacing identifiers, turning them back, and what is said about it."""

import datetime
import json

import pytest

from indexer.errors import ConfigError
from rag.records.deid import Finding, Measured, Surrogates, find, join, measured, redact, report, restore
from rag.records.deid.shift import shifted
from rag.records.deid.types import merge

KEY = b"0123456789abcdef0123456789abcdef"
NOTE = "Mr. John Abernathy (MRN: 4481-2290) was seen on 03/05/2021 and on 03/19/2021. Abernathy is 93 years old. Call 415-555-0182. A 61-year-old friend came."


def told(text, *values):
    """Findings of the values, given by hand."""
    return [Finding(text.index(v), text.index(v) + len(v), c, 0.9) for v, c in values]


def test_no_original_is_left_and_the_whole_text_is_restored():
    done = redact(NOTE, find(NOTE), surrogates=Surrogates(KEY, "p1"))
    for value in ("John", "Abernathy", "4481", "2290", "03/05/2021", "555-0182"):
        assert value not in done.text
    assert "90 or older" in done.text
    assert "61-year-old" in done.text
    assert restore(done.text, done.vault) == NOTE
    assert restore(done.text, json.loads(json.dumps(done.vault))) == NOTE


def test_one_person_keeps_one_invented_name_through_the_notes_of_a_patient():
    some = Surrogates(KEY, "p1")
    a = redact("John Abernathy came.", told("John Abernathy came.", ("John Abernathy", "name")), surrogates=some)
    b = redact("ABERNATHY left.", told("ABERNATHY left.", ("ABERNATHY", "name")), surrogates=some)
    assert a.text.split()[1].upper() == b.text.split()[0]
    other = Surrogates(KEY, "p2")
    c = redact("John Abernathy came.", told("John Abernathy came.", ("John Abernathy", "name")), surrogates=other)
    again = redact(
        "John Abernathy came.",
        told("John Abernathy came.", ("John Abernathy", "name")),
        surrogates=Surrogates(KEY, "p1"),
    )
    assert again.text == a.text
    assert other.days != some.days or c.text != a.text


def test_another_key_gives_other_surrogates():
    a, b = Surrogates(KEY, "p"), Surrogates(b"another key of sufficient length", "p")
    assert (a.days, a.of("448-1290", "record")) != (b.days, b.of("448-1290", "record"))
    with pytest.raises(ConfigError, match="at least 16"):
        Surrogates(b"short", "p")


def test_numbers_keep_their_shape_and_chinese_gets_chinese():
    some = Surrogates(KEY, "p")
    new = some.of("AB-4481-x9", "record")
    assert [c.isdigit() for c in new] == [c.isdigit() for c in "AB-4481-x9"]
    assert new[:2].isupper() and new[8].islower() and new[2] == new[7] == "-"
    name = some.of("王小明", "name")
    assert len(name) == 3 and name != "王小明" and all("\u4e00" <= c <= "\u9fff" for c in name)
    assert some.of("南京市第一医院", "place").endswith("医院")
    assert some.of("jl@x.org", "email").endswith("@example.org")
    assert some.of("九十二", "date") == "九十或以上"


def test_dates_of_a_patient_move_together_and_never_forward():
    some = Surrogates(KEY, "p9")
    assert -396 <= some.days <= -30
    a, b = (datetime.date.fromisoformat(some.of(d, "date")) for d in ("2021-03-05", "2021-03-19"))
    assert (b - a).days == 14
    assert a == datetime.date(2021, 3, 5) + datetime.timedelta(some.days)


@pytest.mark.parametrize(
    ("value", "days", "expected"),
    [
        ("2021-03-05", -5, "2021-02-28"), ("03/05/2021", -5, "02/28/2021"), ("3/5/21", -5, "2/28/21"), ("25.12.2020", 10, "04.01.2021"), ("March 5, 2021", -5, "February 28, 2021"),
        ("Mar 5th, 2021", 16, "Mar 21st, 2021"), ("5 March 2021", -5, "28 February 2021"), ("5-Mar-2021", -5, "28-Feb-2021"), ("March 2021", -30, "February 2021"), ("03/2021", -30, "2/2021"),
        ("Tuesday", -2, "Sunday"), ("Mondays", 1, "Tuesdays"), ("2021年3月5日", -5, "2021年2月28日"), ("3月5号", -5, "2月28号"), ("周五", 2, "周日"), ("20210305", -5, "20210228"),
        ("2/30/2021", -5, "2021"), ("Thanksgiving", -5, "[date]"), ("spring 2021", -5, "2021"), ("3/5", 1, "3/6"), ("MARCH 5, 2021", -5, "FEBRUARY 28, 2021"), ("2021-03-05T10:15:00", -5, "2021-02-28T10:15:00"),
        ("国庆节", 3, "某日"),
    ],
)  # fmt: skip
def test_a_date_moves_in_its_own_form(value, days, expected):
    assert shifted(value, days=days) == expected


def test_an_answer_written_from_a_redacted_note_is_turned_back_word_by_word():
    note = "John Abernathy, MRN 44812290."
    done = redact(note, told(note, ("John Abernathy", "name"), ("44812290", "record")), surrogates=Surrogates(KEY, "p"))
    name, number = done.text.split(", MRN ")
    answer = f"The record {number.rstrip('.')} belongs to {name}."
    assert restore(answer, done.vault) == "The record 44812290 belongs to John Abernathy."


def test_a_surrogate_never_occurs_in_the_text_itself():
    some = Surrogates(KEY, "p")
    first = some.of("Springfield", "place")
    fresh = Surrogates(KEY, "p")
    assert fresh.of("Springfield", "place", avoid=f"A road in {first}.") != first


def test_surrogates_of_two_notes_do_not_meet():
    some = Surrogates(KEY, "p")
    places = [some.of(f"Town{i}", "place") for i in range(60)]
    assert len(set(places)) == 60


def test_vaults_join():
    some = Surrogates(KEY, "p")
    notes = ["Seen by Ann Birch.", "Seen by Tom Quist."]
    done = [redact(n, told(n, (n[8:-1], "name")), surrogates=some) for n in notes]
    vault = join([d.vault for d in done])
    assert [restore(d.text, vault) for d in done] == notes


def test_a_finding_outside_the_text_is_refused():
    with pytest.raises(ValueError, match="the text has 3"):
        redact("abc", [Finding(0, 9, "name", 1)], surrogates=Surrogates(KEY, "p"))


def test_the_report_counts_without_the_identifiers_and_says_how_much_is_found():
    found = merge(find(NOTE))
    told_of = report(found, measured=Measured(0.9666, 5740))
    assert told_of["counts"]["date"] == 3
    assert "96.6 % of injected identifiers found on synthetic notes (n = 5,740)" in told_of["statement"]
    assert "de-identified" not in json.dumps(told_of).lower()
    assert "Abernathy" not in json.dumps(told_of)
    assert "was not measured" in report(found)["statement"]


def test_the_measure_comes_from_the_benchmark():
    assert measured({"results": {"notes_blind_unknown": {"recall": 0.5, "identifiers": 10}}}) == Measured(0.5, 10)
    with pytest.raises(ConfigError, match=r"scripts/eval_deid\.py"):
        measured({})
