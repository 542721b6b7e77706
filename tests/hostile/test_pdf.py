"""Hostile PDF files, each read in the sandbox: documents or a ReadError within 20 s and 1 GB, and good files between
them are always read."""

import resource
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from indexer.errors import ReadError
from indexer.sandbox import Limits, Sandbox
from indexer.types import Document
from tests.hostile.pdf_cases import good, hostile_pdfs

SECONDS, MEMORY = 20, 1 << 30
REASONS = {"encrypted", "scanned", "empty", "broken", "garbled", "time", "memory", "crashed", "too_deep"}


def outcome(sandbox: Sandbox, path: Path) -> tuple[str, float]:
    """`read` or the reason of the refusal, and the seconds that it took."""
    started = time.monotonic()
    try:
        documents = list(sandbox.read(path))
    except ReadError as error:
        return error.reason, time.monotonic() - started
    assert all(isinstance(d, Document) and d.text and d.sections for d in documents)
    return "read", time.monotonic() - started


def run(folder: Path, *, seed: int, count: int, every: int) -> dict[str, str]:
    """The outcome of each hostile file, read from a process of its own: the memory of children is counted per process,
    so that of other tests must not count."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        found, largest = pool.submit(read_all, folder, seed, count, every).result()
    assert largest <= MEMORY
    return found


def read_all(folder: Path, seed: int, count: int, every: int) -> tuple[dict[str, str], int]:
    """Outcomes by name and the bytes of the largest child; a good file is read after every `every` hostile ones."""
    sound = folder / "good.pdf"
    sound.write_bytes(good())
    found: dict[str, str] = {}
    limits = Limits(memory=600 << 20, seconds=10, seconds_per_megabyte=0.3)
    with Sandbox(limits) as sandbox:
        for number, (name, data) in enumerate(hostile_pdfs(seed, count)):
            path = folder / "hostile.pdf"
            path.write_bytes(data)
            found[name], seconds = outcome(sandbox, path)
            assert found[name] == "read" or found[name] in REASONS, (name, found[name])
            assert seconds <= SECONDS, (name, seconds)
            if number % every == 0:
                assert outcome(sandbox, sound)[0] == "read", name
    return found, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024


def test_hundred_hostile_files(tmp_path: Path) -> None:
    found = run(tmp_path, seed=1, count=100, every=10)
    assert len(found) == 100
    expected = {
        "encrypted": "encrypted",
        "encrypted for its owner only": "read",
        "no pages": "empty",
        "empty file": "broken",
        "not a pdf": "broken",
        "flate bomb": "broken",
        "flate bomb in layers": "broken",
        "run length bomb": "broken",
        "forms in a cycle": "read",
        "huge Count": "read",
        "huge Size": "read",
        "operators without operands": "empty",
        "inline image without end": "scanned",
        "cmap of huge ranges": "garbled",
    }
    assert {name: found[name] for name in expected} == expected
    assert not {name for name, reason in found.items() if reason in ("crashed", "time", "memory")}


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_two_thousand_hostile_files(tmp_path: Path) -> None:
    assert len(run(tmp_path, seed=2, count=2_000, every=50)) == 2_000
