"""A damaged index (D5): whatever is flipped, cut, exchanged or removed, it is refused before any answer.

Each mutation is opened and asked in a process of its own, forked by a child that has everything imported, so that a
crash of a decoder would be seen and counted.
"""

import json
import random
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

import rag
from indexer.index import Index, verify
from tests.indexes import environment, run, write_documents

# Neither is evidence: LOCK holds a process number for people, stamps.json is a cache that is distrusted.
HARMLESS = {"LOCK", "stamps.json"}

CHILD = r"""
import os, sys, json
import rag, indexer.index, rag.answer, rag.generators.extractive, faiss, tantivy
for line in sys.stdin:
    index, question = json.loads(line)
    child = os.fork()
    if child == 0:
        try:
            with rag.open(index) as library:
                hits = library.search(question, k=50)
                answer = library.ask(question)
                text = repr([(h.passage.id, h.passage.text, round(h.score, 5)) for h in hits]) + repr(answer.claims)
            os.write(1, ("answered " + text).encode("unicode_escape") + b"\n")
        except rag.IndexUnusable as error:
            os.write(1, b"refused " + type(error).__name__.encode() + b"\n")
        except BaseException as error:
            os.write(1, ("escaped " + repr(error)).encode("unicode_escape") + b"\n")
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if status:
        os.write(1, f"crashed {status}\n".encode())
"""


@pytest.fixture(scope="module")
def asker():
    process = subprocess.Popen(
        [sys.executable, "-c", CHILD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment()
    )  # fmt: skip

    def ask(index: Path) -> str:
        process.stdin.write(json.dumps([str(index), "What did metformin lower in trial 8?"]) + "\n")
        process.stdin.flush()
        return process.stdout.readline().strip()

    with process:
        yield ask
        process.stdin.close()


@pytest.fixture(scope="module")
def pristine(tmp_path_factory):
    base = tmp_path_factory.mktemp("damage")
    run("index", write_documents(base / "a", 20), "--into", base / "index", "--embedder", "hashing")
    run(
        "index",
        write_documents(base / "b", 20, version=2),
        "--into",
        base / "other",
        "--embedder",
        "hashing",
    )
    return base / "index", base / "other"


def mutate(index: Path, other: Path, dice: random.Random) -> str:
    """Damages one file in one way; returns what was done."""
    files = sorted(p for p in index.rglob("*") if p.is_file() and p.name not in HARMLESS)
    file = dice.choice(files)
    data = bytearray(file.read_bytes())
    way = dice.choice(["flip", "flip", "flip", "cut", "swap", "remove", "grow", "zero"])
    twins = sorted(p for p in other.rglob("*") if p.is_file() and p.suffix == file.suffix)
    if way == "flip" and data:
        at = dice.randrange(len(data))
        data[at] ^= 1 << dice.randrange(8)
        file.write_bytes(data)
    elif way == "cut" and data:
        file.write_bytes(data[: dice.randrange(len(data))])
    elif way == "swap" and twins and twins[0].read_bytes() != bytes(data):
        shutil.copyfile(twins[0], file)
    elif way == "grow":
        file.write_bytes(bytes(data) + dice.randbytes(dice.randrange(1, 600)))
    elif way == "zero" and len(data) > 64 and any(data[: len(data) // 2]):
        file.write_bytes(bytes(len(data) // 2) + bytes(data[len(data) // 2 :]))
    else:
        way = "remove"
        file.unlink()
    return f"{way} {file.relative_to(index)}"


def damage(count, seed, asker, pristine, tmp_path):
    index, other = pristine
    assert asker(index).startswith("answered")
    dice, bad = random.Random(seed), []
    for i in range(count):
        copy = tmp_path / f"m{i}"
        shutil.copytree(index, copy)
        done = mutate(copy, other, dice)
        verdict = asker(copy)
        if not verdict.startswith("refused"):
            bad.append((done, verdict[:200]))
        shutil.rmtree(copy)
    assert not bad, f"{len(bad)} of {count}: {bad[:5]}"


def test_damage_is_refused(asker, pristine, tmp_path):
    damage(300, 5, asker, pristine, tmp_path)


@pytest.mark.slow
@pytest.mark.timeout(3000)
def test_damage_is_refused_2000(asker, pristine, tmp_path):
    damage(2000, 6, asker, pristine, tmp_path)


@pytest.mark.parametrize("name", sorted(HARMLESS))
def test_what_is_no_evidence_may_be_damaged(asker, pristine, tmp_path, name):
    expected = asker(pristine[0])
    copy = tmp_path / "copy"
    shutil.copytree(pristine[0], copy)
    (copy / name).write_bytes(b"\x00\xff{{{")
    assert asker(copy) == expected


def test_damage_while_a_killed_build_left_its_mark(asker, pristine, tmp_path):
    """With BUILDING present the catalogue's bytes cannot be compared as a whole: then every row's own checksum must
    catch what matters, and the answer may at most be the right one."""
    expected = asker(pristine[0])
    dice = random.Random(9)
    for i in range(60):
        copy = tmp_path / f"b{i}"
        shutil.copytree(pristine[0], copy)
        (copy / "BUILDING").touch()
        data = bytearray((copy / "catalogue.sqlite").read_bytes())
        data[dice.randrange(100, len(data))] ^= 1 << dice.randrange(8)
        (copy / "catalogue.sqlite").write_bytes(data)
        verdict = asker(copy)
        assert verdict.startswith("refused") or verdict == expected, verdict[:300]
        shutil.rmtree(copy)


def rot(index: Path, name: str) -> None:
    """Flips a bit as a disk does: no stamp tells of it."""
    file = index / name
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    stamps, status = json.loads((index / "stamps.json").read_text()), file.stat()
    stamps[name][1:] = [status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns]
    (index / "stamps.json").write_text(json.dumps(stamps))


def test_verify_hashes_every_file_whatever_its_stamp_says(pristine, tmp_path):
    shutil.copytree(pristine[0], tmp_path / "whole")
    run("search", "metformin", "-i", tmp_path / "whole")  # writes the stamps
    names = list(json.loads((tmp_path / "whole" / "manifest.json").read_text())["files"])
    names = [name for name in names if (tmp_path / "whole" / name).stat().st_size]
    assert len(names) > 5
    for number, name in enumerate(names):
        index = tmp_path / str(number)
        shutil.copytree(tmp_path / "whole", index)
        with Index(index):
            pass
        assert list(verify(index)) == []
        rot(index, name)
        (problem,) = verify(index)
        assert name in problem and "SHA-256" in problem
        with pytest.raises(rag.IndexCorrupt, match="SHA-256"):
            rag.open(index)  # the stamp that was wrong is forgotten


def rotten(pristine, tmp_path, name):
    """An index one of whose files has rotted, and its documents, which have grown by one since."""
    index, more = tmp_path / "index", tmp_path / "more.md"
    shutil.copytree(pristine[0], index)
    more.write_text("Sildenafil was given in a trial of its own.")
    with Index(index):
        pass
    rot(index, name)
    return index, [pristine[0].parent / "a", more]


def test_a_build_does_not_take_over_a_rotten_lexical_index(pristine, tmp_path):
    names = json.loads((pristine[0] / "manifest.json").read_text())["files"]
    lexical = sorted((n for n in names if n.startswith("lexical-")), key=lambda n: (pristine[0] / n).stat().st_size)
    for number, name in enumerate(lexical[-2:]):
        (tmp_path / str(number)).mkdir()
        index, docs = rotten(pristine, tmp_path / str(number), name)
        bad = (index / name).read_bytes()
        run("index", *docs, "--into", index, "--embedder", "hashing")
        assert bad not in [p.read_bytes() for p in (index / "lexical-2").iterdir()]
        assert list(verify(index)) == []
        with rag.open(index) as library:
            assert library.search("sildenafil")


@pytest.mark.parametrize("part", ["vectors", "lexical"])
def test_a_build_mends_derived_files(pristine, tmp_path, part):
    names = json.loads((pristine[0] / "manifest.json").read_text())["files"]
    index, (docs, _) = rotten(pristine, tmp_path, next(n for n in names if n.startswith(part)))
    assert len(list(verify(index))) == 1
    run("index", docs, "--into", index, "--embedder", "hashing")
    assert list(verify(index)) == []


def test_a_damaged_catalogue_is_not_given_checksums_that_fit(pristine, tmp_path):
    index, docs = rotten(pristine, tmp_path, "catalogue.sqlite")
    assert list(verify(index))
    done = run("index", *docs, "--into", index, "--embedder", "hashing", check=False)
    assert done.returncode == 1 and "SHA-256" in done.stderr


def test_a_damaged_text_is_not_written_anew(pristine, tmp_path):
    index = tmp_path / "index"
    shutil.copytree(pristine[0], index)
    db = sqlite3.connect(index / "catalogue.sqlite")
    db.execute("UPDATE documents SET text = replace(text, 'percent', 'permill') WHERE id = 'test:8'")
    db.commit()
    db.close()
    (index / "BUILDING").touch()
    (tmp_path / "list.json").write_text(json.dumps({"retractions": {"10.1000/x": "10.1000/y"}}))
    done = run("retractions", tmp_path / "list.json", "--into", index, check=False)
    assert done.returncode == 1 and "test:8 is damaged" in done.stderr
