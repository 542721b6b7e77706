"""An index that was made otherwise (D9) is refused, and opening one never runs code from its files (D10)."""

import json
import shutil
import subprocess
import sys

import pytest

import rag
from indexer import manifest as manifests
from tests.indexes import environment, write_documents


@pytest.fixture(scope="module")
def pristine(tmp_path_factory):
    base = tmp_path_factory.mktemp("mismatch")
    rag.build([write_documents(base / "docs", 10)], into=base / "index", embedder="hashing")
    return base / "index"


def changed(pristine, tmp_path, **facts):
    """A copy whose manifest states other facts, with a checksum that fits."""
    index = tmp_path / "index"
    shutil.copytree(pristine, index)
    body = json.loads((index / "manifest.json").read_text())
    body.pop("check")
    body.update(facts)
    (index / "manifest.json").write_text(json.dumps({**body, "check": manifests._check(body)}))
    return index


@pytest.mark.parametrize(
    ("facts", "error", "words"),
    [
        ({"format": 0}, rag.IndexMismatch, "format 0, this program reads 1"),
        ({"format": 2}, rag.IndexMismatch, "format 2, this program reads 1"),
        ({"fingerprint": "0" * 64}, rag.IndexMismatch, "install the same weights"),
        ({"embedder": "hashing:64"}, rag.IndexMismatch, "was embedded by hashing:64"),
        ({"embedder": "no-such"}, rag.ConfigError, "no-such"),
        ({"dim": 128}, rag.IndexCorrupt, "the manifest says"),
        ({"passages_recipe": "other-1"}, rag.IndexMismatch, "passages were cut by recipe other-1"),
        ({"documents": 11}, rag.IndexCorrupt, "not those of the manifest"),
        ({"passages": 11}, rag.IndexCorrupt, "not those of the manifest"),
        ({"digest": "0" * 64}, rag.IndexCorrupt, "not those of the manifest"),
        ({"generation": 2}, rag.IndexCorrupt, "missing"),
        ({"surprise": 1}, rag.IndexCorrupt, "surprise"),
    ],
)
def test_refused(pristine, tmp_path, facts, error, words):
    index = changed(pristine, tmp_path, **facts)
    with pytest.raises(error, match=words), rag.open(index) as library:
        library.ask("What did metformin lower?")


def test_a_build_with_another_embedder_is_refused(pristine, tmp_path):
    index = tmp_path / "index"
    shutil.copytree(pristine, index)
    with pytest.raises(rag.ConfigError, match="give another folder with --into"):
        rag.build([write_documents(tmp_path / "docs", 2)], into=index, embedder="hashing:64")
    with rag.open(index) as library:
        assert library.index.manifest.generation == 1


def test_a_catalogue_of_another_version_is_refused(pristine, tmp_path):
    import sqlite3

    index = tmp_path / "index"
    shutil.copytree(pristine, index)
    db = sqlite3.connect(index / "catalogue.sqlite")
    db.execute("PRAGMA user_version = 99")
    db.close()
    (index / "BUILDING").touch()
    with pytest.raises(rag.IndexCorrupt, match="catalogue version 99"):
        rag.open(index)


WATCHED = r"""
import sys
events = []
def watch(event, args):
    if event == "pickle.find_class" or (event == "open" and str(args[0]).endswith((".pkl", ".npy", ".pt"))):
        events.append((event, str(args[0])))
sys.addaudithook(watch)
import rag
with rag.open(sys.argv[1]) as library:
    assert library.ask("What did metformin lower in trial 8?").hits
from indexer.index import verify
assert not list(verify(sys.argv[1]))
print([e for e in events if e[0] == "pickle.find_class" or sys.argv[1] in e[1]])
"""


def test_no_pickle_is_ever_opened(pristine, tmp_path):
    index = tmp_path / "index"
    shutil.copytree(pristine, index)
    for name in ("evil.pkl", "vectors-1.npy", "model.pt", "catalogue.pkl"):
        (index / name).write_bytes(b"cos\nsystem\n(S'touch " + str(tmp_path / "canary").encode() + b"'\ntR.")
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, str(index)], capture_output=True, text=True, env=environment(), check=False
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"
    assert not (tmp_path / "canary").exists()


def test_a_lost_manifest_does_not_make_a_build_forget_the_catalogue(pristine, tmp_path):
    index = tmp_path / "index"
    shutil.copytree(pristine, index)
    kept = (index / "manifest.json").read_bytes()
    (index / "manifest.json").unlink()
    with pytest.raises(rag.IndexCorrupt, match="missing beside a catalogue"):
        rag.build([write_documents(tmp_path / "docs", 2)], into=index, embedder="hashing")
    (index / "manifest.json").write_bytes(kept)
    with rag.open(index) as library:
        assert library.index.manifest.documents == 10
