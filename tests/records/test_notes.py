"""Notes as text with a header, as JSON lines, in a folder."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from indexer.errors import ReadError
from rag.records.notes import NoteReader, plain_date
from rag.records.types import Record


def read(path: Path) -> list[Record]:
    return list(NoteReader().read(path))


def written(folder: Path, text: str, name: str = "a.txt") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_an_english_note(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "Patient: 123\nName: Ann Lee\nSex: F\nBirth: 1958-03-14\nDate: 2019-04-02 10:15\nType: Discharge summary\n"
        "Ward: 5\nId: n7\n\nHPI: cough.\nPlan: rest.\n",
    )
    (record,) = read(path)
    assert (record.person.id, record.person.names, record.person.sex) == ("123", ("Ann Lee",), "female")
    assert record.person.birth == "1958-03-14"
    chart, note = record.documents
    assert chart.source.id == "record:123:chart"
    assert chart.text == "Person\nBirth date: 1958-03-14\nSex: female"
    assert note.source.id == "record:123:note:n7"
    assert note.source.title == "Discharge summary 2019-04-02"
    assert [(s.heading, note.text[s.start : s.end]) for s in note.sections] == [
        ("History of present illness", "cough."),
        ("Plan", "rest."),
    ]
    entry = record.entries[-1]
    assert (entry.resource, entry.category, entry.time) == ("note:n7", "note", "2019-04-02T10:15")
    assert entry.detail == (("Ward", "5"),)
    assert note.text[entry.begin : entry.end] == "HPI: cough.\nPlan: rest."


def test_a_chinese_note(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "患者：A-1\n姓名：李安\n性别：女\n年龄：58岁\n日期：2019年4月2日\n类型：门诊病历\n\n主诉：咳嗽3天。\n诊断：感冒\n",
        "a.md",
    )
    (record,) = read(path)
    chart, note = record.documents
    assert (record.person.id, record.person.names, record.person.sex) == ("A-1", ("李安",), "female")
    assert chart.text == "Person\n2019-04-02 Age: 58 years\nSex: female"
    assert (note.source.title, note.source.language) == ("门诊病历 2019-04-02", "zh")
    assert [s.heading for s in note.sections] == ["主诉", "诊断"]


@pytest.mark.parametrize("text", ["Cough since Monday.\n", "Name: Ann\n\nCough.\n", "Patient: 1\nno empty line\n"])
def test_a_note_without_a_patient_says_what_is_expected(tmp_path: Path, text: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ReadError) as caught:
        read(path)
    assert caught.value.reason == "no_patient"
    assert "a.txt" in str(caught.value)
    assert "for example: Patient: 123" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [("Patient: a b\n\nx", "patient: expected an id"), ("Patient: ../x:y\n\nx", "patient: expected an id"),
     ("Patient: 1\nId: n 7\n\nx", "id: expected"), ("Patient: 1\n\n \n", "the note is empty"),
     ("Patient: 1", "the note is empty")],
)  # fmt: skip
def test_a_header_that_cannot_be_used(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ReadError, match=said) as caught:
        read(written(tmp_path, text))
    assert caught.value.reason == "header"


def test_the_first_of_two_patient_lines_counts_and_an_unclear_date_is_kept_as_written(tmp_path: Path) -> None:
    (record,) = read(written(tmp_path, "Patient: 1\nMRN: 2\nDate: 03/05/2019\n\nWell."))
    assert record.person.id == "1"
    assert record.entries[0].time == ""
    assert record.entries[0].detail == (("date", "03/05/2019"),)


@pytest.mark.parametrize(
    ("written_as", "iso"),
    [("2019-04-02", "2019-04-02"), ("2019/4/2", "2019-04-02"), ("2019.4.2", "2019-04-02"), ("20190402", "2019-04-02"),
     ("2019年4月2日", "2019-04-02"), ("2019年4月", "2019-04"), ("2019年", "2019"), ("2019", "2019"),
     ("2019-04-02 9:05", "2019-04-02T09:05"), ("2019-04-02T10:15:00+01:00", "2019-04-02T10:15:00+01:00"),
     ("2019-02-30", ""), ("03/05/2019", ""), ("", ""), ("2019-04-02 25:00", ""), ("２０１９", ""), ("yesterday", "")],
)  # fmt: skip
def test_dates(written_as: str, iso: str) -> None:
    assert plain_date(written_as) == iso


def test_json_lines_give_good_notes_first_and_name_the_bad_ones(tmp_path: Path) -> None:
    good = {"patient": 7, "id": "x1", "date": "2020-01-02", "type": "Visit note", "text": "Plan: rest.", "sex": "male"}
    lines = [
        json.dumps(good),
        '{"patient": "8", "patient": "9", "text": "x"}',
        "[" * 100_000,
        '{"patient": "8", "text": ["x"]}',
        '{"patient": "8", "age": NaN, "text": "x"}',
        '{"text": "x"}',
        "",
        json.dumps({"patient": "p2", "text": "Well."}),
    ]
    path = written(tmp_path, "\n".join(lines), "a.jsonl")
    reader, records = NoteReader().read(path), []
    with pytest.raises(ReadError, match=r"bad_lines .5 of 7 notes; line 2: a key stands twice; line 3: "):
        while True:
            records.append(next(reader))
    assert [r.person.id for r in records] == ["7", "p2"]
    assert records[0].documents[-1].source.id == "record:7:note:x1"
    assert records[1].entries[-1].resource.startswith("note:")


def test_a_folder_reads_all_files_and_names_the_bad_ones_at_the_end(tmp_path: Path) -> None:
    written(tmp_path, "Patient: 1\n\nWell.", "b.txt")
    written(tmp_path, "no header", "a.txt")
    written(tmp_path, '{"patient": "2", "text": "Ill."}', "c.jsonl")
    reader, records = NoteReader().read(tmp_path), []
    with pytest.raises(ReadError, match=r"1 of 3 files; .*a\.txt: no_patient"):
        while True:
            records.append(next(reader))
    assert [r.person.id for r in records] == ["1", "2"]


def test_too_large_and_missing(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="too_large"):
        read(written(tmp_path, "Patient: 1\n\n" + "x" * (4 << 20)))
    with pytest.raises(ReadError, match="broken"):
        read(tmp_path / "none.txt")


@pytest.mark.data
@pytest.mark.skipif("ANAMNESIS_DATA" not in os.environ, reason="needs the shared data sets")
def test_the_four_public_sets_are_read(tmp_path: Path) -> None:
    from scripts.record_notes import SETS, write

    counts = {}
    for name, made in SETS.items():
        path = tmp_path / f"{name}.jsonl"
        total = write(made(Path(os.environ["ANAMNESIS_DATA"]) / name), path)
        counts[name] = (total, len(read(path)))
    assert counts == {
        "aci_bench": (87, 87),
        "primock57": (57, 57),
        "mts_dialog": (1301, 1301),
        "trialgpt_patients": (59, 59),
    }
