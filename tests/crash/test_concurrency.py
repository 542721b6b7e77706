"""Readers beside a writer (D6) and two writers (D7): one generation an answer, one writer at a time."""

import json
import subprocess
import sys
import time

import pytest

from tests.indexes import command, digest, environment, run, write_documents

READER = r"""
import sys, time, re
import rag
from indexer.types import Filter
index, queries = sys.argv[1], int(sys.argv[2])
asked = errors = mixed = 0
seen = set()
while asked < queries:
    with rag.open(index) as library:
        editions = set()
        for _ in range(10):
            hits = library.search("edition report adults", k=6)
            editions |= {re.search(r"Edition (\d+)", h.passage.text)[1] for h in hits if "Edition" in h.passage.text}
            asked += 1
        mixed += len(editions) != 1
        seen |= editions
print(asked, mixed, len(seen))
"""

WRITER = r"""
import sys, pathlib
import rag
from tests.indexes import write_documents
docs, index, commits = pathlib.Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
for version in range(2, commits + 2):
    write_documents(docs, 6, version=version)
    report = rag.build([docs], into=index, embedder="hashing")
    assert report.documents == 6, report
print("done")
"""


def together(tmp_path, *, commits, queries):
    docs, index = write_documents(tmp_path / "docs", 6), tmp_path / "index"
    run("index", docs, "--into", index, "--embedder", "hashing")
    spawn = {
        "env": environment(),
        "stdout": subprocess.PIPE,
        "stderr": subprocess.PIPE,
        "text": True,
    }
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(docs), str(index), str(commits)], **spawn)
    readers = [subprocess.Popen([sys.executable, "-c", READER, str(index), str(queries)], **spawn) for _ in range(3)]
    for process in [*readers, writer]:
        out, err = process.communicate()
        assert process.returncode == 0, err
        if process is writer:
            assert out.strip() == "done"
        else:
            asked, mixed, _ = map(int, out.split())
            assert asked >= queries
            assert mixed == 0
    assert run("verify", index).returncode == 0
    # Nobody reads any more: the next publication leaves one generation.
    write_documents(docs, 6, version=1)
    run("index", docs, "--into", index, "--embedder", "hashing")
    assert len(list(index.glob("vectors-*.faiss"))) == len(list(index.glob("lexical-*"))) == 1


def test_readers_beside_a_writer(tmp_path):
    together(tmp_path, commits=12, queries=150)


@pytest.mark.slow
@pytest.mark.timeout(3000)
def test_readers_beside_a_writer_full(tmp_path):
    together(tmp_path, commits=200, queries=3400)


def test_an_open_library_keeps_its_generation(tmp_path):
    import rag

    docs, index = write_documents(tmp_path / "docs", 6), tmp_path / "index"
    rag.build([docs], into=index, embedder="hashing")
    with rag.open(index) as library:
        before = library.search("edition report adults", k=6)
        write_documents(docs, 6, version=2)
        rag.build([docs], into=index, embedder="hashing")
        assert library.search("edition report adults", k=6) == before
        with rag.open(index) as newer:
            assert newer.index.manifest.generation == 2
            assert newer.search("edition report adults", k=6) != before
    assert len(list(index.glob("vectors-*.faiss"))) == 2  # the old one goes with the next publication


HOLDER = (
    "import sys, time\nfrom pathlib import Path\nfrom indexer.publish import writer_lock\n"
    "with writer_lock(Path(sys.argv[1])):\n    print('held', flush=True)\n    time.sleep(60)\n"
)


def test_the_second_writer_is_refused_at_once_and_takes_over_from_a_killed_one(tmp_path):
    docs, index = write_documents(tmp_path / "docs", 6), tmp_path / "index"
    run("index", docs, "--into", index, "--embedder", "hashing")
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(index)],
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout.readline() == "held\n"
        before = time.perf_counter()
        second = run("index", docs, "--into", index, "--embedder", "hashing", check=False)
        assert time.perf_counter() - before < 2
        assert second.returncode == 1
        assert second.stderr.startswith("error: ")
        assert f"another process is writing this index (process {holder.pid})" in second.stderr
        holder.kill()
    before = time.perf_counter()
    run("index", docs, "--into", index, "--embedder", "hashing")
    assert time.perf_counter() - before < 5


def race(tmp_path, rounds):
    docs = write_documents(tmp_path / "docs", 6)
    for i in range(rounds):
        index = tmp_path / f"index{i}"
        pair = [
            subprocess.Popen(
                command("index", docs, "--into", index, "--embedder", "hashing", "--json"),
                env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            )
            for _ in range(2)
        ]  # fmt: skip
        outcomes = [(*p.communicate(), p.returncode) for p in pair]
        done = [json.loads(out) for out, _, code in outcomes if code == 0]
        assert done, outcomes
        for _, err, code in outcomes:
            assert code == 0 or "another process is writing" in err, err
        assert all(d["generation"] == 1 and d["documents"] == 6 for d in done)
        assert digest(index) != ""


def test_races(tmp_path):
    race(tmp_path, 4)


@pytest.mark.slow
@pytest.mark.timeout(3000)
def test_500_races(tmp_path):
    race(tmp_path, 500)
