"""An index in memory answers as one on disk does, and is made again from its bytes."""

import os

import pytest

from indexer.embed import embedder
from indexer.errors import IndexCorrupt
from indexer.memory import MemoryIndex, catalogue
from indexer.types import Document, Filter, Section, Source

TEXTS = {
    "a": "Metformin lowers fasting glucose in adults with type 2 diabetes.",
    "b": "Colchicine treats acute gout within 24 hours.",
    "c": "Inhaled budesonide reduces exacerbations of asthma.",
}


def documents():
    return [Document(Source(f"x:{k}", "note", k), t, (Section("", 0, len(t)),)) for k, t in TEXTS.items()]


def test_it_finds_and_touches_no_disk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = embedder("hashing")
    image = catalogue(documents(), embedder=made)
    index = MemoryIndex(image, name="records", embedder=made)
    rows, _ = index.search_lexical("gout colchicine", 3, index.allowed(Filter()))
    assert index.passage(int(rows[0])).source.id == "x:b"
    rows, _ = index.search_dense(made.encode_questions(["budesonide asthma"])[0], 1, index.allowed(Filter()))
    assert index.passage(int(rows[0])).source.id == "x:c"
    assert index.catalogue.document("x:a").text == TEXTS["a"]
    index.close()
    assert os.listdir(tmp_path) == []


def test_what_is_known_is_not_embedded_again():
    class Counted:
        def __init__(self):
            self.inner, self.texts = embedder("hashing"), 0
            self.spec, self.dim, self.fingerprint = self.inner.spec, self.inner.dim, self.inner.fingerprint

        def encode_passages(self, texts):
            self.texts += len(texts)
            return self.inner.encode_passages(texts)

    counted = Counted()
    image = catalogue(documents(), embedder=counted)
    again = catalogue(documents()[1:], embedder=counted, known=image)
    assert counted.texts == 3
    assert MemoryIndex(again, name="records", embedder=counted.inner).manifest.documents == 2


def test_bytes_that_are_no_catalogue_are_refused():
    with pytest.raises(IndexCorrupt, match="records: SQLite cannot read it"):
        MemoryIndex(b"no database" * 1000, name="records", embedder=embedder("hashing"))
