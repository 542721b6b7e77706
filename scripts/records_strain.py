"""What eval_records_crash.py does beside killing: full disks, readers beside a writer, forgetting."""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import random
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from indexer.durable import WriteFailed
from indexer.errors import ConfigError, RagError
from rag.records.store import Store
from scripts.records_crash import FRESH, KEY, OLD, base, expected, readable, record, refused, state, versions

# A full disk


def full_disk(work: Path, *, every: int) -> dict[str, Any]:
    """Runs `_on_a_small_disk` where a tmpfs can be mounted without being root; else only the limit on file sizes."""
    work.mkdir()
    mounted = ["unshare", "-rm", sys.executable, "-m", "scripts.records_strain", str(work), str(every)]
    done = subprocess.run(mounted, capture_output=True, text=True, check=False)
    if done.returncode and "mount" not in done.stderr:
        raise RuntimeError(done.stderr[-500:])
    found = json.loads(done.stdout) if not done.returncode else {"adding": {"n": 0}, "reading": {"n": 0}}
    return {**found, "file sizes": file_sizes(work / "sizes")}


def _on_a_small_disk(disk: Path, every: int) -> dict[str, Any]:
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "none", disk], check=True)
    folder, ballast = disk / "records", disk / "ballast"
    base(folder)
    found = {what: {"n": 0, "refused": 0, "failures": 0} for what in ("adding", "reading")}
    for kilobytes in range(0, 640, every):
        for what, run in (("adding", _add_on_it), ("reading", _read_on_it)):
            _fill(ballast, kilobytes << 10)
            wrong, failed = run(folder, ballast)
            ballast.unlink(missing_ok=True)
            for line in wrong:
                print(f"{what}, {kilobytes} kB free: {line}", file=sys.stderr)
            found[what]["n"] += 1
            found[what]["refused"] += failed
            found[what]["failures"] += bool(wrong)
    return found


def _fill(ballast: Path, free: int) -> None:
    """Fills the disk up to `free` bytes."""
    with ballast.open("wb", buffering=0) as out:
        for block in (1 << 16, 1 << 12):
            with contextlib.suppress(OSError):
                while out.write(bytes(block)):
                    pass
    size = ballast.stat().st_size
    os.truncate(ballast, max(0, size - free))


def _add_on_it(folder: Path, ballast: Path) -> tuple[list[str], bool]:
    """Adds until there is no room, reads meanwhile, makes room, adds again and forgets what was added."""
    wrong, failed, done = [], False, 0
    try:
        for _ in Store(folder, KEY).add(record(id, 2) for id in FRESH):
            done += 1
    except WriteFailed as error:
        failed = True
        wrong += [] if refused(error, folder) else [str(error)]
    ballast.unlink()
    found, before = state(Store(folder, KEY)), {id: {1} for id in OLD}
    if found != {**before, **{id: {2} for id in FRESH[:done]}}:
        wrong.append(f"{done} were added, found {found}")
    list(Store(folder, KEY).add(record(id, 2) for id in FRESH))
    wrong += [] if state(Store(folder, KEY)) == expected("add") else ["the second adding ends elsewhere"]
    wrong += [*Store(folder, KEY).verify(), *readable(folder)]
    wrong += [f.name for f in folder.rglob("*.tmp")]
    for id in FRESH:
        Store(folder, KEY).forget(id)
    list(Store(folder, KEY).add(record(id, 1) for id in OLD))
    return wrong, failed


def _read_on_it(folder: Path, ballast: Path) -> tuple[list[str], bool]:
    """Reads records until the log has no room; what was read must stand in the log."""
    store = Store(folder, KEY)
    before, read, failed, wrong = store.audit.verify(), 0, False, []
    for n in range(120):
        try:
            store.enter(OLD[n % 4])
            read += 1
        except WriteFailed as error:
            failed = True
            wrong += [] if refused(error, folder) else [str(error)]
            if n > read + 3:  # and again: the log must not break
                break
    logged = [e.action for e in store.audit.events()][before:].count("read")
    wrong += [] if read <= logged <= read + 4 else [f"{read} read, {logged} logged"]
    ballast.unlink()
    store.enter(OLD[0])
    wrong += store.verify()
    return wrong, failed


def file_sizes(folder: Path) -> dict[str, int]:
    """Adds, and appends to the log, where no file may grow beyond a size."""
    base(folder)
    failures = refusals = 0
    sizes = [0, 50, 150, 400, 2_000, 20_000, 60_000, 4_000_000]
    for size in sizes:
        child = os.fork()
        if child == 0:
            store, status = Store(folder, KEY), 0
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
            for act in (lambda: list(store.add([record("pat9", 2)])), lambda: store.enter("pat0")):  # noqa: B023
                try:
                    act()
                except WriteFailed as error:
                    status |= 1 if refused(error, folder) else 2
            os._exit(status)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        refusals += status == 1
        store = Store(folder, KEY)
        kept = {id: v for id, v in state(store).items() if id != "pat9"} == {id: {1} for id in OLD}
        failures += status not in (0, 1) or not kept or bool(list(store.verify()))
    return {"n": len(sizes), "refused": refusals, "failures": failures}


# Readers beside a writer


def _reads(folder: Path, until: float, seed: int, told: Any) -> None:
    dice, reads, wrong = random.Random(seed), 0, []
    while time.time() < until:
        try:
            store = Store(folder, KEY)
            missing = set(OLD) - {"pat3"} - set(store.patients())
            wrong += [f"not listed: {missing}"] if missing else []
            for id in dice.sample(OLD, 3):
                try:
                    seen = versions(store.enter(id)[1].record)
                except ConfigError as error:
                    if id != "pat3" or "no record" not in str(error):
                        raise
                    continue
                wrong += [f"mixed: {id} {seen}"] if len(seen) != 1 else []
                reads += 1
            if not reads % 30:
                store.audit.verify()
        except RagError as error:
            wrong.append(f"{type(error).__name__}: {error}")
    told.put((reads, wrong))


def beside(folder: Path, *, seconds: float) -> dict[str, Any]:
    """Three processes that list, read and verify the log while this one adds, forgets one patient and adds it again."""
    base(folder)
    told: Any = multiprocessing.get_context("fork").Queue()
    until = time.time() + seconds
    readers = [
        multiprocessing.get_context("fork").Process(target=_reads, args=(folder, until, n, told)) for n in range(3)
    ]
    for reader in readers:
        reader.start()
    version = 1
    while time.time() < until:
        version += 1
        list(Store(folder, KEY).add(record(id, version) for id in OLD))
        Store(folder, KEY).forget("pat3")
    answers = [told.get() for _ in readers]
    for reader in readers:
        reader.join()
    wrong = [w for _, each in answers for w in each]
    for line in wrong[:10]:
        print(f"beside: {line}", file=sys.stderr)
    return {"readers": 3, "reads": sum(n for n, _ in answers), "rounds of writing": version - 1, "failures": len(wrong)}


# Forgetting


def forgotten(folder: Path, count: int) -> dict[str, Any]:
    """Patients added twice and forgotten: their old files, held open, their former copies put back, and a search of
    everything for what stood in them."""
    Store.create(folder, KEY, embedder="hashing")
    ids = [f"canary{n:04}" for n in range(count)]
    for version in (1, 2):
        list(Store(folder, KEY).add(record(id, version) for id in [*ids, *OLD]))
    store, place = Store(folder, KEY), folder / "patients"
    names = {id: store.name_of(id) for id in ids}
    copies = {f: f.read_bytes() for id in ids for f in place.glob(f"{names[id]}.*")}
    (place / f"{names[ids[0]]}.box.tmp").write_bytes(b"what a killed writer left")
    began, hits = time.perf_counter(), 0
    for id in ids:
        held = os.open(place / f"{names[id]}.key", os.O_RDONLY)
        before = os.pread(held, 1 << 16, 0)
        store.forget(id)
        after = os.pread(held, 1 << 16, 0)  # the same place on the disk
        hits += any(before[at : at + 16] in after for at in range(0, len(before) - 16, 16))
        os.close(held)
    seconds = time.perf_counter() - began
    data = b"\0".join(f.read_bytes() for f in folder.rglob("*") if f.is_file())
    hits += sum(
        content[at : at + 32] in data for content in copies.values() for at in range(8, min(len(content), 200) - 32, 32)
    )
    hits += sum(name in f.name for name in names.values() for f in folder.rglob("*"))
    hits += len(readable(folder, tuple(ids)))
    for file, content in copies.items():  # a backup of the records without one of the keys opens nothing
        if file.suffix == ".box":
            file.write_bytes(content)
    opened = set(store.patients()) & set(ids)
    list(store.add([record(ids[0], 3)]))
    left = sum(f.name.split(".")[0] in list(names.values())[1:] for f in place.iterdir())
    kept = state(store) == {**{id: {2} for id in OLD}, ids[0]: {3}}
    return {"n": count, "hits": hits, "opened from a copy of the .box": len(opened) + left,
            "failures": hits + len(opened) + left + (not kept), "seconds of forgetting": round(seconds, 2)}  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(_on_a_small_disk(Path(sys.argv[1]), int(sys.argv[2]))))
