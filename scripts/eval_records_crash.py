"""Measures what kills, full disks, readers beside a writer and hostile files do to a store of patient records.

    python -m scripts.eval_records_crash [--sample] [--seed 5] [--json benchmarks/records-crash.json]

random: SIGKILL at a random moment of each action (init, add, forget, rotate, policy, append). calls: SIGKILL at every
system call that writes, by strace attached to the process. full: a small tmpfs filled to every few kilobytes, and a
limit on the size of files. beside: three readers and one writer that adds, forgets and adds again. forgotten: patients
forgotten, their old files and canaries searched. hostile: files of RELIABILITY H3, with the memory of both processes.
`failures` counts cases with anything wrong (records_crash.judge). --sample: the few of each that the tests run.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import platform
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from indexer.errors import RagError
from scripts import records_strain as strain
from scripts.records_crash import ACTIONS, Case, base, judge, unlocked
from scripts.records_hostile import hostile

CALLS = ("write", "pwrite64", "fsync", "ftruncate", "rename", "link", "unlink", "mkdir")
_ANY_TRACER = 0x59616D61


class Victims:
    """Stores to be damaged: copies of one that is made once."""

    def __init__(self, work: Path) -> None:
        self._work, self._count = work, 0
        base(work / "base")
        self.lines = unlocked(work / "base").audit.verify()

    def fresh(self, action: str) -> Path:
        """A folder in the state before the action."""
        self._count += 1
        folder = self._work / f"victim{self._count}"
        if action != "init":
            shutil.copytree(self._work / "base", folder)
        return folder


def start(action: str, folder: Path) -> tuple[int, int, int]:
    """Forks a process that runs the action when a byte comes; its id, the pipe for that, the pipe with a byte for
    every call that has returned."""
    go, told = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.close(go[1])
            ctypes.CDLL(None).prctl(_ANY_TRACER, ctypes.c_ulong(-1), 0, 0, 0)
            os.read(go[0], 1)
            ACTIONS[action](folder, lambda: os.write(told[1], b"x") and None)
            status = 0
        finally:
            os._exit(status)
    os.close(go[0])
    os.close(told[1])
    return child, go[1], told[0]


def ended(child: int, go: int, told: int) -> tuple[int, int]:
    """(wait status, calls that had returned)."""
    _, status = os.waitpid(child, 0)
    count = 0
    while data := os.read(told, 4096):
        count += len(data)
    os.close(go)
    os.close(told)
    return status, count


def judged(case: Case) -> list[str]:
    """What is wrong, an unexpected error included; the folder is removed."""
    try:
        wrong = judge(case)
    except RagError as error:
        wrong = [f"{type(error).__name__}: {error}"]
    for line in wrong:
        print(f"{case.action}: {line}", file=sys.stderr)
    shutil.rmtree(case.folder, ignore_errors=True)
    return wrong


def random_kills(victims: Victims, dice: random.Random, *, count: int, timings: int) -> dict[str, Any]:
    """`count` kills of each action, at moments drawn over one and a tenth of its undisturbed time (median of
    `timings`)."""
    found: dict[str, Any] = {}
    for action in ACTIONS:
        times = []
        for _ in range(timings):
            child, go, told = start(action, victims.fresh(action))
            began = time.perf_counter()
            os.write(go, b"x")
            assert ended(child, go, told)[0] == 0, action
            times.append(time.perf_counter() - began)
        killed = failures = 0
        for _ in range(count):
            folder = victims.fresh(action)
            child, go, told = start(action, folder)
            os.write(go, b"x")
            time.sleep(dice.uniform(0, 1.1 * sorted(times)[timings // 2]))
            os.kill(child, signal.SIGKILL)
            status, acknowledged = ended(child, go, told)
            killed += status != 0
            failures += bool(judged(Case(action, folder, victims.lines * (action != "init"), acknowledged)))
        found[action] = {"n": count, "killed before the end": killed, "failures": failures}
    return found


def can_trace() -> bool:
    """Whether strace may attach here."""
    if shutil.which("strace") is None:
        return False
    sleeper = subprocess.Popen(["sleep", "5"])
    with subprocess.Popen(["strace", "-p", str(sleeper.pid), "-o", "/dev/null"], stderr=subprocess.PIPE) as tracer:
        line = tracer.stderr.readline() if tracer.stderr else b""
        sleeper.kill()
        sleeper.wait()
    return b"attached" in line


def killed_at(victims: Victims, action: str, call: str, number: int) -> tuple[bool, list[str]]:
    """Kills the action at its `number`-th `call`: whether it came to that, and what is wrong."""
    folder = victims.fresh(action)
    child, go, told = start(action, folder)
    inject = ["-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={number}"]
    with subprocess.Popen(["strace", "-f", "-o", "/dev/null", *inject, "-p", str(child)], stderr=subprocess.PIPE) as s:
        assert s.stderr is not None
        s.stderr.readline()
        os.write(go, b"x")
        status, acknowledged = ended(child, go, told)
    wrong = judged(Case(action, folder, victims.lines * (action != "init"), acknowledged))
    return status != 0, wrong


def some_calls(victims: Victims) -> dict[str, Any]:
    """Kills at a few calls, one for each danger."""
    points = [
        ("init", "rename", 2), ("add", "rename", 4), ("add", "write", 3), ("forget", "pwrite64", 3),
        ("forget", "unlink", 1), ("rotate", "link", 1), ("rotate", "pwrite64", 3), ("append", "rename", 2),
    ]  # fmt: skip
    if not can_trace():
        return {"n": 0, "why": "strace may not attach here"}
    found = [killed_at(victims, *point) for point in points]
    return {"n": sum(killed for killed, _ in found), "failures": sum(bool(wrong) for _, wrong in found)}


def every_call(victims: Victims) -> dict[str, Any]:
    """Kills at every call of each kind that each action makes."""
    if not can_trace():
        return {"n": 0, "why": "strace may not attach here"}
    found: dict[str, Any] = {}
    for action in ACTIONS:
        points = failures = 0
        for call in CALLS:
            number = 1
            while True:
                killed, wrong = killed_at(victims, action, call, number)
                failures += bool(wrong)
                if not killed:
                    break
                points, number = points + 1, number + 1
        found[action] = {"n": points, "failures": failures}
    return found


def main() -> None:
    """Measures, prints and writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", action="store_true")
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--data", help="not used: the records are made here")
    parser.add_argument("--json", type=Path)
    o = parser.parse_args()
    few, dice = o.sample, random.Random(o.seed)
    result: dict[str, Any] = {
        "seed": o.seed,
        "sample": few,
        "machine": platform.platform(),
        "python": sys.version.split()[0],
    }
    memory = "/dev/shm" if os.path.isdir("/dev/shm") else None  # a sync there takes no time
    with tempfile.TemporaryDirectory(dir=memory) as made, tempfile.TemporaryDirectory() as disk:
        work, kept = Path(made), Path(disk)
        victims = Victims(work)
        parts = {
            "random": lambda: random_kills(victims, dice, count=1 if few else 100, timings=1 if few else 3),
            "random, on the disk": lambda: random_kills(Victims(kept), dice, count=40, timings=3),
            "calls": lambda: some_calls(victims) if few else every_call(victims),
            "full": lambda: strain.full_disk(work / "full", every=320 if few else 8),
            "beside": lambda: strain.beside(work / "beside", seconds=1.5 if few else 40),
            "forgotten": lambda: strain.forgotten(work / "forgotten", 8 if few else 200),
            "hostile": lambda: hostile(kept / "hostile", megabytes=200),
        }
        if few:
            del parts["random, on the disk"], parts["hostile"]  # tests/records/test_store_read.py has small ones
        for name, measure in parts.items():
            began = time.perf_counter()
            result[name] = {**measure(), "seconds": round(time.perf_counter() - began, 1)}
            print(name, json.dumps(result[name]), file=sys.stderr, flush=True)
    print(json.dumps(result, indent=1))
    if o.json:
        o.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
