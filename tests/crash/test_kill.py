"""A build that is killed (D1), at a random moment or at a chosen system call (D2): the old or the new generation
answers, with no help, and the next run ends where an undisturbed one would."""

import json
import random
import shutil
import signal
import subprocess
import time

import pytest

from indexer.index import Index
from tests.indexes import command, digest, environment, run, write_documents


def start(*arguments):
    return subprocess.Popen(
        command(*arguments), env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )  # fmt: skip


@pytest.fixture(scope="module")
def two_states(tmp_path_factory):
    """A folder of 50 documents, an index of its first edition, the second edition, and both digests."""
    base = tmp_path_factory.mktemp("kill")
    one, two = write_documents(base / "one", 50), write_documents(base / "two", 50, version=2)
    for i in range(0, 50, 5):
        (two / f"d{i:03}.md").unlink()  # an update that also deletes
    work = base / "docs"
    shutil.copytree(one, work)
    run("index", work, "--into", base / "old", "--embedder", "hashing")
    shutil.copytree(base / "old", base / "new")
    shutil.rmtree(work)
    shutil.copytree(two, work)
    before = time.perf_counter()
    run("index", work, "--into", base / "new", "--embedder", "hashing", "--prune")
    return base, work, digest(base / "old"), digest(base / "new"), time.perf_counter() - before


def kill_once(two_states, tmp_path, delay):
    base, work, old, new, _ = two_states
    index = tmp_path / "index"
    shutil.copytree(base / "old", index)
    process = start("index", work, "--into", index, "--embedder", "hashing", "--prune")
    try:
        process.wait(delay)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
    check_and_finish(index, work, old, new)


def check_and_finish(index, work, old, new):
    before = time.perf_counter()
    with Index(index) as opened:
        assert opened.manifest.documents in (50, 40)
    assert time.perf_counter() - before < 5
    assert digest(index) in (old, new)
    run("index", work, "--into", index, "--embedder", "hashing", "--prune")
    assert digest(index) == new
    assert run("verify", index).returncode == 0
    left = {p.name for p in index.iterdir()}
    assert not [n for n in left if n.endswith(".tmp") or n == "BUILDING"], left
    shutil.rmtree(index)


@pytest.mark.parametrize("seed", range(6))
def test_killed_at_a_random_moment(two_states, tmp_path, seed):
    kill_once(two_states, tmp_path, random.Random(seed).uniform(0.15, two_states[4]))


@pytest.mark.slow
@pytest.mark.timeout(3000)
def test_killed_at_300_random_moments(two_states, tmp_path):
    dice = random.Random(300)
    for _ in range(300):
        kill_once(two_states, tmp_path, dice.uniform(0.1, two_states[4] * 1.1))


def test_the_first_build_killed(tmp_path):
    work = write_documents(tmp_path / "docs", 50)
    run("index", work, "--into", tmp_path / "whole", "--embedder", "hashing")
    dice = random.Random(1)
    for _ in range(4):
        index = tmp_path / "index"
        process = start("index", work, "--into", index, "--embedder", "hashing")
        time.sleep(dice.uniform(0.3, 1.0))
        process.kill()
        process.wait()
        assert digest(index) in ("", digest(tmp_path / "whole"))
        run("index", work, "--into", index, "--embedder", "hashing")
        assert digest(index) == digest(tmp_path / "whole")
        shutil.rmtree(index)


CALLS = ["rename", "fsync", "fdatasync", "unlink", "pwrite64", "openat"]


def can_trace() -> bool:
    if shutil.which("strace") is None:
        return False
    return subprocess.run(["strace", "-o", "/dev/null", "true"], check=False, capture_output=True).returncode == 0


def killed_at(two_states, tmp_path, call, number):
    """Kills the build at its `number`-th `call`; False when it makes fewer."""
    base, work, old, new, _ = two_states
    index = tmp_path / "index"
    shutil.copytree(base / "old", index)
    traced = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}"]
    traced += ["-e", f"inject={call}:signal=KILL:when={number}", "-P", str(index)]
    # -P watches paths below the index only for the calls that name one; fsync and pwrite are counted everywhere.
    if call in ("fsync", "fdatasync", "pwrite64"):
        traced = traced[:-2]
    whole = [*traced, *command("index", work, "--into", index, "--embedder", "hashing", "--prune")]
    done = subprocess.run(whole, env=environment(), capture_output=True, check=False)
    check_and_finish(index, work, old, new)
    return done.returncode != 0


@pytest.mark.skipif(not can_trace(), reason="strace is not usable here")
@pytest.mark.parametrize(("call", "number"), [("rename", 1), ("fsync", 2), ("fsync", 7), ("pwrite64", 20)])
def test_killed_at_a_system_call(two_states, tmp_path, call, number):
    killed_at(two_states, tmp_path, call, number)


@pytest.mark.slow
@pytest.mark.timeout(3000)
@pytest.mark.skipif(not can_trace(), reason="strace is not usable here")
@pytest.mark.parametrize("call", CALLS)
def test_killed_at_every_system_call(two_states, tmp_path, call):
    number = 1
    while killed_at(two_states, tmp_path, call, number):
        number += 1 if number < 40 else 7
    assert number > 1


def test_nothing_is_embedded_twice(tmp_path):
    work = write_documents(tmp_path / "docs", 30)
    first = json.loads(run("index", work, "--into", tmp_path / "i", "--embedder", "hashing", "--json").stdout)
    again = json.loads(run("index", work, "--into", tmp_path / "i", "--embedder", "hashing", "--json").stdout)
    assert first["embedded"] == first["passages"] > 30
    assert again["embedded"] == 0
    assert again["generation"] == first["generation"] == 1
    assert {f["verdict"] for f in again["files"]} == {"unchanged"}


def test_ctrl_c_says_where_things_stand_and_the_next_run_goes_on(tmp_path):
    work = tmp_path / "docs.jsonl"
    work.write_text("\n".join(json.dumps({"id": f"t:{i}", "text": f"Text {i} on aspirin. " * 12}) for i in range(5000)))
    process = subprocess.Popen(
        command("index", work, "--into", tmp_path / "i", "--embedder", "hashing"),
        env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    time.sleep(2.5)
    process.send_signal(signal.SIGINT)
    before = time.perf_counter()
    _, error = process.communicate()
    assert time.perf_counter() - before < 10
    if process.returncode == 0:
        pytest.skip("the build was faster than the signal")
    assert process.returncode == 130
    assert error.strip() == "stopped; the index is as it was published last, and the same command goes on from here"
    again = json.loads(run("index", work, "--into", tmp_path / "i", "--embedder", "hashing", "--json").stdout)
    assert again["documents"] == 5000
    assert again["embedded"] < 5000
