"""A store of records under kills, full disks, readers beside a writer, and forgetting: the few of each that run
everywhere; scripts/eval_records_crash.py does the large counts (benchmarks/records-crash.json)."""

import json
import os
import subprocess
import sys

import pytest

from indexer.durable import WriteFailed
from indexer.errors import ConfigError, IndexCorrupt
from rag.records import erase
from rag.records.keys import WrongKey
from rag.records.store import Store
from scripts.records_crash import KEY, NEXT, OLD, Case, base, judge, record, state, unlocked
from tests.crash.test_disk import can_mount
from tests.indexes import ROOT, environment


def measured(*options):
    done = subprocess.run(
        [sys.executable, "-m", "scripts.eval_records_crash", *options],
        capture_output=True, text=True, env=environment(OMP_NUM_THREADS="1"), cwd=ROOT, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout), done.stderr


@pytest.fixture(scope="module")
def sample():
    return measured("--sample")


def test_killed_at_a_random_moment(sample):
    found, told = sample
    kills = {k: v for k, v in found["random"].items() if k != "seconds"}
    assert set(kills) == {"init", "add", "forget", "rotate", "policy", "append"}
    assert all(v["failures"] == 0 and v["n"] == 1 for v in kills.values()), told


def test_killed_at_a_system_call(sample):
    found, told = sample
    if "why" in found["calls"]:
        pytest.skip(found["calls"]["why"])
    assert found["calls"]["n"] == 8
    assert found["calls"]["failures"] == 0, told


def test_a_full_disk(sample):
    found, told = sample
    assert found["full"]["file sizes"]["failures"] == 0, told
    assert 0 < found["full"]["file sizes"]["refused"] < found["full"]["file sizes"]["n"]
    if can_mount():
        for what in ("adding", "reading"):
            assert found["full"][what]["failures"] == 0, told
            assert found["full"][what]["refused"] >= 1


def test_readers_beside_a_writer(sample):
    found, told = sample
    assert found["beside"]["failures"] == 0, told
    assert found["beside"]["reads"] > 3
    assert found["beside"]["rounds of writing"] >= 1


def test_forgotten_patients_stay_forgotten(sample):
    found, told = sample
    assert found["forgotten"]["failures"] == 0, told
    assert found["forgotten"]["n"] == 8


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_the_large_counts():
    found, told = measured()
    for part in ("random", "calls"):
        assert sum(v["failures"] for v in found[part].values() if isinstance(v, dict)) == 0, told
    assert [found[p]["failures"] for p in ("beside", "forgotten", "hostile")] == [0, 0, 0], told
    assert max(found["hostile"]["MB of memory, parent and largest child"]) <= 1024


@pytest.fixture
def folder(tmp_path):
    base(tmp_path / "records")
    return tmp_path / "records"


def test_the_judge_sees_a_lost_record_a_mixed_one_and_a_readable_word(folder):
    """The measurements would say so if something were wrong."""
    case = Case("policy", folder, unlocked(folder).audit.verify())
    assert judge(case) == []
    Store(folder, KEY).forget("pat1")
    assert any("neither old nor new" in line for line in judge(case))
    (folder / "patients" / "note").write_text("zanzibarite")
    assert "zanzibarite can be read" in judge(case)


def test_a_patients_later_records_are_sealed_by_the_one_key_that_forgetting_destroys(folder):
    store, place = Store(folder, KEY), folder / "patients"
    key, box = place / f"{store.name_of('pat0')}.key", place / f"{store.name_of('pat0')}.box"
    first, sealed = key.read_bytes(), box.read_bytes()
    list(store.add([record("pat0", 2)]))
    assert key.read_bytes() == first
    assert box.read_bytes() != sealed
    store.forget("pat0")
    assert not key.exists()
    list(store.add([record("pat0", 3)]))
    assert key.read_bytes() != first
    box.write_bytes(sealed)  # put back from a copy
    with pytest.raises(IndexCorrupt):
        store.enter("pat0")


def test_a_key_or_a_record_alone_is_no_record_and_the_next_writer_removes_it(folder):
    store, place = Store(folder, KEY), folder / "patients"
    names = [store.name_of(id) for id in OLD]
    (place / f"{names[0]}.key").unlink()
    (place / f"{names[1]}.box").unlink()
    (place / f"{names[2]}.box.tmp").write_bytes(b"x")
    (place / "README").write_text("a person's own file")
    assert store.patients() == ["pat2", "pat3"]
    for id in OLD[:2]:
        with pytest.raises(ConfigError, match="no record with this id"):
            store.enter(id)
    list(store.add([record("pat1", 2)]))
    assert state(store) == {"pat1": {2}, "pat2": {1}, "pat3": {1}}
    assert {f.name.partition(".")[0] for f in place.iterdir()} == {*names[1:], "README"}
    assert not list(place.glob("*.tmp"))


def test_forgetting_that_was_cut_short_is_ended_by_the_same_call(folder):
    store, place = Store(folder, KEY), folder / "patients"
    name = store.name_of("pat1")
    (place / f"{name}.key").rename(place / f"{name}.gone")
    assert "pat1" not in store.patients()
    assert store.forget("pat1").size > 1000
    assert not list(place.glob(f"{name}.*"))


def test_a_rotation_cut_short_leaves_one_key_and_what_it_left_is_destroyed(folder):
    plain, old = folder / "store.json", folder / "store.json.old"
    os.link(plain, old)  # killed before the rename: both names are the file in force
    Store(folder, KEY).rotate(NEXT)
    assert not old.exists()
    former = plain.read_bytes()
    os.link(plain, old)
    list(Store(folder, NEXT).add([]))
    assert plain.read_bytes() == former
    assert not old.exists()
    old.write_bytes(former)  # killed behind the rename: another file
    list(Store(folder, NEXT).add([]))
    assert not old.exists()
    with pytest.raises(WrongKey):
        Store(folder, KEY)


def test_what_a_rotation_replaces_is_overwritten_where_it_stood(folder):
    held = os.open(folder / "store.json", os.O_RDONLY)
    before = os.pread(held, 1 << 16, 0)
    Store(folder, KEY).rotate(NEXT)
    after = os.pread(held, 1 << 16, 0)
    os.close(held)
    assert b'"box"' in before
    assert len(after) == len(before)
    assert b'"box"' not in after


def test_what_cannot_be_destroyed_is_named(tmp_path):
    with pytest.raises(WriteFailed, match="could not be destroyed"):
        erase.destroy(tmp_path / "none")
