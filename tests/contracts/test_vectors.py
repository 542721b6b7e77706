"""What every VectorIndex must do, asserted against values computed by hand or by the exact numpy twin."""

import numpy as np
import pytest

from indexer.errors import IndexCorrupt
from indexer.vectors import FaissVectors, NumpyVectors


def unit(array):
    array = np.asarray(array, np.float32)
    return array / np.linalg.norm(array, axis=-1, keepdims=True)


def random_set(count, dim=32, seed=0):
    return np.arange(count, dtype=np.int64) * 3 + 5, unit(np.random.default_rng(seed).normal(size=(count, dim)))


@pytest.fixture(params=["faiss", "numpy"])
def make(request):
    return FaissVectors.build if request.param == "faiss" else NumpyVectors


def test_finds_the_nearest_first(make):
    index = make(np.array([4, 9, 2]), unit([[1, 0], [0, 1], [1, 1]]))
    rows, scores = index.search(unit([1, 0]), 3, np.ones(10, bool))
    assert rows.tolist() == [4, 2, 9]
    assert scores == pytest.approx([1.0, 0.70710678, 0.0], abs=1e-6)


def test_searches_only_within_allowed(make):
    index = make(np.array([4, 9, 2]), unit([[1, 0], [0, 1], [1, 1]]))
    allowed = np.zeros(10, bool)
    allowed[9] = True
    assert index.search(unit([1, 0]), 3, allowed)[0].tolist() == [9]
    assert index.search(unit([1, 0]), 3, np.zeros(10, bool))[0].tolist() == []


def test_a_row_beyond_the_bitmap_is_not_allowed(make):
    index = make(np.array([1, 9]), unit([[0, 1], [1, 0]]))
    assert index.search(unit([1, 0]), 2, np.ones(3, bool))[0].tolist() == [1]


def test_empty(make):
    index = make(np.empty(0, np.int64), np.empty((0, 8), np.float32))
    assert len(index) == 0
    assert index.search(unit(np.ones(8)), 5, np.ones(3, bool))[0].tolist() == []


@pytest.mark.parametrize("share", [1.0, 0.5, 0.1, 0.01])
def test_flat_agrees_with_the_exact_twin(share):
    rows, vectors = random_set(2000)
    faiss_index, exact = FaissVectors.build(rows, vectors), NumpyVectors(rows, vectors)
    random = np.random.default_rng(1)
    for _ in range(20):
        question, allowed = unit(random.normal(size=32)), random.random(rows.max() + 1) < share
        found, expected = (i.search(question, 10, allowed) for i in (faiss_index, exact))
        assert found[0].tolist() == expected[0].tolist()
        assert found[1] == pytest.approx(expected[1], abs=1e-5)


@pytest.mark.parametrize("share", [1.0, 0.5, 0.1, 0.01])
def test_ivf_recall_and_filter(share):
    random = np.random.default_rng(2)
    centres = unit(random.normal(size=(200, 32)))
    vectors = unit(centres[random.integers(200, size=20_000)] + 0.15 * random.normal(size=(20_000, 32)))
    rows = np.arange(20_000, dtype=np.int64)
    index, exact = FaissVectors.build(rows, vectors, flat_limit=10_000), NumpyVectors(rows, vectors)
    shared = total = 0
    for i in range(20):
        allowed = random.random(20_000) < share
        found, expected = (x.search(vectors[i], 10, allowed)[0] for x in (index, exact))
        assert allowed[found].all()
        shared, total = shared + len(set(found) & set(expected)), total + len(expected)
    assert shared / total >= 0.99


@pytest.mark.parametrize(("flat_limit", "exactly"), [(100, 0), (0, 1e-3)])
def test_gives_back_the_vectors_of_rows(flat_limit, exactly):
    rows, vectors = random_set(100)
    index = FaissVectors.build(rows, vectors, flat_limit=flat_limit)
    assert index.of(rows[[7, 3, 7]]) == pytest.approx(vectors[[7, 3, 7]], abs=exactly)
    assert index.of(np.empty(0, np.int64)).shape == (0, 32)


def test_saved_and_loaded_is_the_same(tmp_path):
    rows, vectors = random_set(50)
    index = FaissVectors.build(rows, vectors)
    digest, size = index.save(tmp_path / "v")
    assert (tmp_path / "v").stat().st_size == size
    assert len(digest) == 64
    loaded = FaissVectors.load(tmp_path / "v", dim=32, count=50)
    question = unit(np.ones(32))
    assert (
        loaded.search(question, 5, np.ones(200, bool))[0].tolist()
        == index.search(question, 5, np.ones(200, bool))[0].tolist()
    )


def test_refuses_what_the_manifest_does_not_describe(tmp_path):
    FaissVectors.build(*random_set(50)).save(tmp_path / "v")
    with pytest.raises(IndexCorrupt, match="holds 50 × 32, the manifest says 51 × 32"):
        FaissVectors.load(tmp_path / "v", dim=32, count=51)
    (tmp_path / "v").write_bytes(b"not an index")
    with pytest.raises(IndexCorrupt, match="FAISS cannot read it"):
        FaissVectors.load(tmp_path / "v", dim=32, count=50)
