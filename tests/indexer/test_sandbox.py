"""What a reader may cost and do: memory, time and files are limited whatever the parser does."""

import json
import threading
import time

import pytest

from indexer.errors import ReadError
from indexer.sandbox import Limits, Sandbox
from indexer.sandbox_child import _REFUSED


def reason(sandbox, path):
    with pytest.raises(ReadError) as caught:
        list(sandbox.read(path))
    return caught.value.reason


def test_reads_and_goes_on(tmp_path):
    (tmp_path / "a.md").write_text("# Title\n\nMetformin lowers glucose in adults.\n", encoding="utf-8")
    (tmp_path / "b.md").write_text("", encoding="utf-8")
    with Sandbox() as sandbox:
        for _ in range(3):
            (document,) = sandbox.read(tmp_path / "a.md")
            assert document.source.title == "Title"
            assert document.source.links["path"] == str(tmp_path / "a.md")
            assert document.text == "Metformin lowers glucose in adults."
            assert reason(sandbox, tmp_path / "b.md") == "empty"


def test_memory_is_limited(tmp_path):
    (tmp_path / "big.txt").write_text("word " * 12_000_000, encoding="utf-8")
    (tmp_path / "small.txt").write_text("A small file after the big one.", encoding="utf-8")
    with Sandbox(Limits(memory=100 << 20)) as sandbox:
        assert reason(sandbox, tmp_path / "big.txt") == "memory"
        assert len(list(sandbox.read(tmp_path / "small.txt"))) == 1


def test_time_is_limited(tmp_path):
    lines = [json.dumps({"id": str(i), "text": "Some words about a drug. " * 400}) for i in range(4000)]
    (tmp_path / "long.jsonl").write_text("\n".join(lines), encoding="utf-8")
    before = time.perf_counter()
    with Sandbox(Limits(seconds=0.5, seconds_per_megabyte=0)) as sandbox:
        assert reason(sandbox, tmp_path / "long.jsonl") == "time"
    assert time.perf_counter() - before < 8


def test_a_slow_consumer_is_not_the_readers_fault(tmp_path):
    lines = [json.dumps({"id": str(i), "text": "Some words about a drug. " * 40}) for i in range(300)]
    (tmp_path / "many.jsonl").write_text("\n".join(lines), encoding="utf-8")
    with Sandbox(Limits(seconds=1.5, seconds_per_megabyte=0)) as sandbox:
        count = 0
        for _ in sandbox.read(tmp_path / "many.jsonl"):
            count += 1
            if count in (10, 20):
                time.sleep(1)
        assert count == 300


def test_documents_before_an_error_are_good(tmp_path):
    (tmp_path / "mixed.jsonl").write_text('{"id": "a:1", "text": "Good."}\n{bad\n', encoding="utf-8")
    found = []
    with Sandbox() as sandbox, pytest.raises(ReadError, match="bad_lines"):
        found.extend(sandbox.read(tmp_path / "mixed.jsonl"))
    assert [d.source.id for d in found] == ["a:1"]


def test_an_abandoned_read_leaves_no_process(tmp_path):
    lines = [json.dumps({"id": str(i), "text": "Words."}) for i in range(50_000)]
    (tmp_path / "many.jsonl").write_text("\n".join(lines), encoding="utf-8")
    with Sandbox() as sandbox:
        stream = sandbox.read(tmp_path / "many.jsonl")
        next(stream)
        stream.close()
        assert len(list(sandbox.read(tmp_path / "many.jsonl"))) == 50_000


def test_close_from_another_thread_ends_a_read(tmp_path):
    lines = [json.dumps({"id": str(i), "text": "Words. " * 50}) for i in range(100_000)]
    (tmp_path / "many.jsonl").write_text("\n".join(lines), encoding="utf-8")
    sandbox = Sandbox()
    stream = sandbox.read(tmp_path / "many.jsonl")
    next(stream)
    threading.Timer(0.2, sandbox.close).start()
    with pytest.raises((ReadError, OSError, ValueError)):
        for _ in stream:
            time.sleep(0.001)


CONFINED = r"""
import os, socket, subprocess, sys
from pathlib import Path
from indexer.sandbox_child import _confine, _leave_network
own = Path(sys.argv[1])
_leave_network()
_confine(own, memory=500 << 20, seconds=5)
own.read_bytes()
results = []
for attempt in (
    lambda: open("/etc/passwd").read(), lambda: open(own, "a"), lambda: open(str(own) + ".new", "w"),
    lambda: os.remove(own), lambda: socket.socket(), lambda: subprocess.run(["true"]), lambda: os.system("true"),
    lambda: os.rename(own, "/tmp/x"), lambda: open(os.path.dirname(own) + "/other.md").read(),
):
    try:
        attempt()
        results.append("done")
    except PermissionError:
        results.append("refused")
print(results)
"""


def test_a_reader_can_open_its_own_file_and_nothing_else(tmp_path):
    import subprocess
    import sys

    from tests.indexes import environment

    (tmp_path / "own.md").write_text("mine")
    (tmp_path / "other.md").write_text("not mine")
    done = subprocess.run(
        [sys.executable, "-c", CONFINED, str(tmp_path / "own.md")], capture_output=True, text=True, env=environment(),
        check=True,
    )  # fmt: skip
    assert done.stdout.strip() == str(["refused"] * 9)
    assert "socket." in _REFUSED
