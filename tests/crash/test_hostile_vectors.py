"""A vectors file made by an enemy who also made the checksums fit (D11): it is refused or it answers, within a memory
limit, and never ends the process."""

import hashlib
import json
import random
import shutil
import struct
import subprocess
import sys

import pytest

from indexer import manifest as manifests
from tests.crash.test_damage import CHILD
from tests.indexes import environment, run, write_documents

LIMITED = "import resource\nresource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))\n" + CHILD
EXTREME = (0, 1, 2, 255, 1 << 16, (1 << 31) - 1, 1 << 31, (1 << 32) - 1)


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    base = tmp_path_factory.mktemp("hostile")
    run("index", write_documents(base / "docs", 12), "--into", base / "index", "--embedder", "hashing")
    return base / "index"


def forge(index, data):
    """Puts `data` in the place of the vectors, with checksums that fit."""
    manifest = json.loads((index / "manifest.json").read_text())
    manifest.pop("check")
    name = f"vectors-{manifest['generation']}.faiss"
    (index / name).write_bytes(data)
    manifest["files"][name] = hashlib.sha256(data).hexdigest()
    (index / "manifest.json").write_text(json.dumps({**manifest, "check": manifests._check(manifest)}))


def mutated(data, dice):
    """The file with one to three numbers of its headers changed: those of the index, of the vectors, of the row list."""
    found = bytearray(data)
    rows = len(data) - 8 * struct.unpack_from("<q", data, 8)[0] - 8
    for _ in range(dice.randint(1, 3)):
        at = dice.choice([dice.randrange(0, 100), dice.randrange(rows, rows + 24)])
        wide = dice.choice([1, 4, 8])
        value = dice.choice([*EXTREME, 1 << 40, (1 << 63) - 1, dice.getrandbits(64)]) % (1 << 8 * wide)
        found[at : at + wide] = value.to_bytes(wide, "little")
    return bytes(found[: dice.choice([len(found)] * 4 + [dice.randrange(len(found))])])


def check(index, tmp_path, count, seed):
    data, dice = (index / "vectors-1.faiss").read_bytes(), random.Random(seed)
    question = "What did metformin lower in trial 8?"
    process = subprocess.Popen(
        [sys.executable, "-c", LIMITED], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment()
    )  # fmt: skip
    found = []
    with process:
        for number in range(count):
            copy = tmp_path / str(number)
            shutil.copytree(index, copy)
            forge(copy, mutated(data, dice))
            process.stdin.write(json.dumps([str(copy), question]) + "\n")
            process.stdin.flush()
            found.append(process.stdout.readline()[:200])
            shutil.rmtree(copy)
        process.stdin.close()
    bad = [f for f in found if not f.startswith(("refused ", "answered "))]
    assert not bad, f"{len(bad)} of {count}: {bad[:5]}"
    assert sum(f.startswith("refused ") for f in found) > count / 4


def test_hostile_vectors(index, tmp_path):
    check(index, tmp_path, 60, 11)


@pytest.mark.slow
@pytest.mark.timeout(3000)
def test_hostile_vectors_1000(index, tmp_path):
    check(index, tmp_path, 1000, 12)
