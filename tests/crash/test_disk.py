"""A disk that is full or refuses to write (D4): the published index still answers, the message names the path, and
the next run with space leaves nothing behind."""

import resource
import shutil
import subprocess
import sys

import pytest

from tests.indexes import command, digest, environment, run, write_documents


def limited(size, *arguments):
    """`rag` under a file-size limit of `size` bytes."""
    return subprocess.run(
        command(*arguments), capture_output=True, text=True, env=environment(), check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
    )  # fmt: skip


@pytest.fixture
def grown(tmp_path):
    """An index of 10 documents and a folder that has grown to 60 since."""
    docs, index = write_documents(tmp_path / "docs", 10), tmp_path / "index"
    run("index", docs, "--into", index, "--embedder", "hashing")
    write_documents(docs, 60)
    run("index", docs, "--into", tmp_path / "whole", "--embedder", "hashing")
    return docs, index, digest(tmp_path / "whole")


@pytest.mark.parametrize("size", [0, 1000, 5_000, 20_000, 40_000, 90_000])
def test_file_size_limit(grown, size):
    docs, index, whole = grown
    before = digest(index)
    done = limited(size, "index", docs, "--into", index, "--embedder", "hashing")
    assert done.returncode == 1, done.stdout
    assert done.stderr.startswith("error: ") and str(index) in done.stderr, done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert digest(index) == before
    assert "trial 3" in run("search", "trial 3 event", "-i", index).stdout
    run("index", docs, "--into", index, "--embedder", "hashing")
    assert digest(index) == whole
    assert not [p for p in index.rglob("*") if p.suffix == ".tmp" or p.name == "BUILDING"]


def can_mount() -> bool:
    probe = ["unshare", "-rm", "sh", "-c", "mount -t tmpfs -o size=64k none /mnt"]
    return (
        shutil.which("unshare") is not None and not subprocess.run(probe, capture_output=True, check=False).returncode
    )


ON_A_SMALL_DISK = r"""
import json, os, subprocess, sys
disk, size, small, big = sys.argv[1:5]
def rag(*a):
    return subprocess.run([sys.executable, "-m", "rag.cli", *a], capture_output=True, text=True)
subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", disk], check=True)
index = disk + "/index"
first = rag("index", small, "--into", index, "--embedder", "hashing")
assert first.returncode == 0, first.stderr
second = rag("index", big, "--into", index, "--embedder", "hashing")
asked = rag("search", "trial 3 event", "-i", index)
left = os.statvfs(disk)
print(json.dumps([second.returncode, second.stderr, asked.returncode, asked.stdout + asked.stderr]))
subprocess.run(["mount", "-o", "remount,size=64m", disk], check=True)
third = rag("index", big, "--into", index, "--embedder", "hashing")
assert third.returncode == 0, third.stderr
check = rag("verify", index)
assert check.returncode == 0, check.stdout
assert not [n for n in os.listdir(index) if n.endswith(".tmp") or n == "BUILDING"], os.listdir(index)
"""


def full_disk(tmp_path, size):
    import json

    small, big, disk = (
        write_documents(tmp_path / "s", 10),
        write_documents(tmp_path / "b", 60),
        tmp_path / "disk",
    )
    disk.mkdir(exist_ok=True)
    done = subprocess.run(
        ["unshare", "-rm", sys.executable, "-c", ON_A_SMALL_DISK, str(disk), str(size), str(small), str(big)],
        capture_output=True, text=True, env=environment(), check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    code, error, asked, printed = json.loads(done.stdout)
    assert asked == 0, printed
    assert "trial 3" in printed
    if code:
        assert code == 1, error
        assert error.startswith("error: ") and "index" in error, error
    return code


@pytest.mark.skipif(not can_mount(), reason="a small disk cannot be mounted here")
@pytest.mark.parametrize("size", ["600k", "700k", "800k"])
def test_full_disk(tmp_path, size):
    full_disk(tmp_path, size)


@pytest.mark.slow
@pytest.mark.timeout(3000)
@pytest.mark.skipif(not can_mount(), reason="a small disk cannot be mounted here")
def test_full_disk_at_40_sizes(tmp_path):
    codes = [full_disk(tmp_path / str(i), f"{560 + 16 * i}k") for i in range(44) if not (tmp_path / str(i)).mkdir()]
    assert 1 in codes
    assert codes[-1] == 0


def test_a_disk_that_is_full_in_the_middle_of_a_transaction(tmp_path):
    """A document larger than SQLite's cache is written before the commit."""
    docs = write_documents(tmp_path / "docs", 2)
    run("index", docs, "--into", tmp_path / "index", "--embedder", "hashing")
    before = digest(tmp_path / "index")
    words = "\n\n".join(f"Patient {i} of the trial took aspirin for {i % 90} days." for i in range(200_000))
    (docs / "big.md").write_text(words)
    done = limited(4_000_000, "index", docs, "--into", tmp_path / "index", "--embedder", "hashing")
    assert done.returncode == 1
    assert done.stderr.startswith("error: ") and "could not be written" in done.stderr, done.stderr
    assert digest(tmp_path / "index") == before
