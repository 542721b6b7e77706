"""The log shows every change made to it; a killed writer leaves no trace and no hole."""

import json
import os
import signal
import subprocess
import sys
import textwrap

import pytest

from indexer.durable import WriteFailed
from indexer.errors import IndexCorrupt
from rag.records.audit import Audit, Event
from rag.records.keys import Key

KEY = Key(bytes(32))


def event(n):
    return Event(f"2026-01-01T00:00:{n:02d}", "anna", "read", "ab12", "cd34", (f"chart:{n}-{n + 5}",))


@pytest.fixture
def log(tmp_path):
    audit = Audit(tmp_path / "audit.log", KEY)
    audit.begin()
    for n in range(8):
        audit.append(event(n))
    return tmp_path / "audit.log"


def broken(log):
    with pytest.raises(IndexCorrupt, match=str(log)):
        Audit(log, KEY).verify()


def test_it_is_read_back(log):
    audit = Audit(log, KEY)
    assert audit.verify() == 8
    assert list(audit.events()) == [event(n) for n in range(8)]
    assert b"anna" not in log.read_bytes()
    assert log.stat().st_mode & 0o077 == 0


def test_every_flipped_bit_shows(log):
    data = log.read_bytes()
    for at in range(0, len(data) * 8, 37):
        changed = bytearray(data)
        changed[at // 8] ^= 1 << at % 8
        log.write_bytes(bytes(changed))
        broken(log)


@pytest.mark.parametrize("at", range(8))
def test_a_removed_inserted_or_moved_line_shows(log, at):
    lines = log.read_bytes().splitlines(keepends=True)
    for changed in (
        lines[:at] + lines[at + 1 :],
        [*lines[:at], lines[at], *lines[at:]],
        [*lines[:at], lines[(at + 1) % 8], *lines[at + 1 :]],
        lines[:at],
    ):
        log.write_bytes(b"".join(changed))
        broken(log)


def test_a_cut_end_stops_the_next_writer_too(log):
    log.write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[:6]))
    with pytest.raises(IndexCorrupt, match="the head file knows of 8"):
        Audit(log, KEY).append(event(9))


def test_a_log_written_by_another_key_shows(log):
    other = Audit(log, Key.new())
    with pytest.raises(IndexCorrupt):
        other.append(event(9))
    with pytest.raises(IndexCorrupt):
        other.verify()


def test_a_missing_head_shows(log):
    log.with_suffix(".head").unlink()
    broken(log)


def test_a_log_replaced_whole_shows_by_a_head_kept_elsewhere(tmp_path):
    head = tmp_path / "elsewhere"
    audit = Audit(tmp_path / "audit.log", KEY, head=head)
    audit.begin()
    for n in range(5):
        audit.append(event(n))
    (tmp_path / "audit.log").unlink()
    forged = Audit(tmp_path / "audit.log", KEY, head=tmp_path / "new")
    forged.begin()
    for n in range(5):
        forged.append(event(n + 1))
    broken_by = Audit(tmp_path / "audit.log", KEY, head=head)
    with pytest.raises(IndexCorrupt, match="it ends at line 5"):
        broken_by.verify()


def test_a_torn_line_is_dropped(log):
    whole = log.read_bytes()
    with log.open("ab") as file:
        file.write(b'{"n": 9, "before": "ab')
    assert Audit(log, KEY).verify() == 8
    Audit(log, KEY).append(event(8))
    assert log.read_bytes().startswith(whole)
    assert Audit(log, KEY).verify() == 9


def test_kills_lose_nothing_that_was_acknowledged(tmp_path):
    script = textwrap.dedent(
        """
        import sys
        from pathlib import Path
        from rag.records.audit import Audit, Event
        from rag.records.keys import Key
        audit = Audit(Path(sys.argv[1]), Key(bytes(32)))
        for n in range(10_000):
            audit.append(Event(str(n), "anna", "read"))
            print(n, flush=True)
        """
    )
    log, acknowledged = tmp_path / "audit.log", 0
    Audit(log, KEY).begin()
    for after in (3, 11, 25):
        child = subprocess.Popen(
            [sys.executable, "-c", script, str(log)], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": "."}
        )
        for _ in range(after):
            child.stdout.readline()
        child.send_signal(signal.SIGKILL)
        acknowledged += after
        child.stdout.close()
        child.wait()
        assert Audit(log, KEY).verify() >= acknowledged
    assert json.loads(log.read_bytes().splitlines()[-1])["n"] >= acknowledged


def test_a_line_that_is_not_written_whole_is_taken_back(log, monkeypatch):
    real = os.pwrite
    monkeypatch.setattr(os, "pwrite", lambda handle, data, at: real(handle, data[:20], at))
    with pytest.raises(WriteFailed):
        Audit(log, KEY).append(event(8))
    monkeypatch.undo()
    assert Audit(log, KEY).verify() == 8
    Audit(log, KEY).append(event(8))
    assert Audit(log, KEY).verify() == 9


def test_a_head_that_cannot_be_written_twice_does_not_close_the_log(log):
    """A line that fits a disk without room for the head's new file: twice in a row the log once refused for good."""
    head = log.with_suffix(".head")
    (head.with_name(head.name + ".tmp")).mkdir()
    for _ in range(3):
        with pytest.raises(WriteFailed, match=r"audit\.head"):
            Audit(log, KEY).append(event(8))
    assert Audit(log, KEY).verify() == 9
    (head.with_name(head.name + ".tmp")).rmdir()
    Audit(log, KEY).append(event(9))
    assert Audit(log, KEY).verify() == 10
    assert json.loads(head.read_bytes())["n"] == 10


def test_lines_that_others_add_meanwhile_do_not_disturb_a_check(log):
    audit = Audit(log, KEY)
    events = audit.events()
    assert next(events) == event(0)
    for n in (8, 9):
        Audit(log, KEY).append(event(n))
    assert len(list(events)) == 7
    assert audit.verify() == 10
