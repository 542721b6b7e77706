"""Specs, the choice of engine, its cache, and that batching and precision change nothing that matters."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from indexer.embed import embedder
from indexer.embedders import batches, bundled, cache, engine_blob
from indexer.embedders.engine_weights import check, read_safetensors
from indexer.errors import ConfigError

ROOT = Path(__file__).parents[2]
QUESTION = "Does aspirin prevent myocardial infarction?"


@pytest.fixture
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("ANAMNESIS_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("bundeld", "did you mean bundled"),
        ("bundled:x", "did you mean bundled"),
        ("sts:model", "did you mean st:<name or path>"),
        ("st:", "did you mean st:<name or path>"),
        ("hash", "did you mean hashing"),
        ("", "The kinds are"),
        ("hashing:", "whole number from 16 to 65536"),
        ("hashing:12", "whole number from 16 to 65536"),
        ("hashing:9999999999", "whole number from 16 to 65536"),
        ("hashing:²", "whole number from 16 to 65536"),
    ],
)
def test_a_wrong_spec_names_the_right_one(spec, message):
    with pytest.raises(ConfigError, match=message):
        embedder(spec)


def test_st_says_what_is_missing(tmp_path):
    with pytest.raises(ConfigError, match="HF_HUB_OFFLINE=0"):
        _ = embedder("st:nobody/no-such-model").fingerprint
    (tmp_path / "pytorch_model.bin").write_bytes(b"not loaded")
    with pytest.raises(ConfigError, match=r"no \.safetensors weights"):
        embedder(f"st:{tmp_path}").encode_questions(["x"])
    (tmp_path / "2_Dense").mkdir()
    (tmp_path / "2_Dense" / "model.safetensors").write_bytes(b"")
    with pytest.raises(ConfigError, match=r"pytorch_model\.bin is a pickle"):
        embedder(f"st:{tmp_path}").encode_questions(["x"])


def test_batches_pad_to_8_and_keep_order():
    seen = []

    def run(ids, mask):
        seen.append(ids.shape)
        assert (ids > 0).sum() == mask.sum()
        return np.stack([ids.sum(1), mask.sum(1)], axis=1).astype(np.float32)

    texts = ["x" * n for n in (3, 40, 16, 17, 1, 250, 33)] * 30
    out = batches.encode(texts, tokens=lambda ts: [[2] * len(t) for t in ts], run=run, dim=2, workers=3)
    assert out[:, 1].tolist() == [len(t) for t in texts]
    assert out[:, 0].tolist() == [2 * len(t) for t in texts]
    assert all(length % 8 == 0 and count * length <= 1024 for count, length in seen)
    assert sum(count for count, _ in seen) == len(texts)


def test_an_error_in_a_worker_reaches_the_caller():
    def run(ids, mask):
        raise RuntimeError("out of memory")

    with pytest.raises(RuntimeError, match="out of memory"):
        batches.encode(["a", "b"], tokens=lambda t: [[1]] * len(t), run=run, dim=2, workers=2)


def test_weights_are_checked_before_they_are_read(tmp_path):
    path = tmp_path / "w.safetensors"
    header = json.dumps({"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}).encode()
    header += b" " * (-len(header) % 8)
    data = len(header).to_bytes(8, "little") + header + np.array([1.5, -2], np.float32).tobytes()
    path.write_bytes(data)
    check(path, hashlib.sha256(data).hexdigest())
    assert read_safetensors(path)["a"].tolist() == [1.5, -2]
    path.write_bytes(data[:-1])
    with pytest.raises(ConfigError, match="SHA-256"):
        check(path, hashlib.sha256(data).hexdigest())
    with pytest.raises(ConfigError, match="beyond the file"):
        read_safetensors(path)
    path.write_bytes(b"\xff" * 40)
    with pytest.raises(ConfigError, match="not a valid safetensors"):
        read_safetensors(path)


def test_every_engine_gives_the_same_vectors(own_cache, monkeypatch):
    texts, reference = bundled._probes()
    found = {}
    for name in ("openvino-f32", "openvino-bf16", "torch"):
        monkeypatch.setenv("ANAMNESIS_ENGINE", name)
        made = bundled.BundledEmbedder()
        try:
            assert made.engine.startswith(name)
        except ConfigError as error:
            assert "neither avx512_bf16 nor amx_bf16" in str(error)
            continue
        found[name] = made.encode_passages(texts)
        alone = np.vstack([made.encode_passages([t]) for t in texts])
        # Batching: bit-identical on OpenVINO where measured; the bounds leave room for other CPUs.
        assert np.abs(alone - found[name]).max() <= (1e-2 if name.endswith("bf16") else 1e-5)
    for name, vectors in found.items():
        least = float((vectors * reference).sum(axis=1).min())
        assert least >= (0.9995 if name.endswith("bf16") else 0.999999), name


def test_an_unknown_engine_is_an_error(monkeypatch):
    monkeypatch.setenv("ANAMNESIS_ENGINE", "openvino-fp32")
    with pytest.raises(ConfigError, match="did you mean openvino-f32"):
        embedder("bundled").encode_questions([QUESTION])


@pytest.mark.parametrize("damage", ["flip", "cut", "empty", "garbage"])
def test_a_damaged_cache_changes_nothing(own_cache, damage):
    expected = embedder("bundled").encode_questions([QUESTION])
    kept = sorted(own_cache.iterdir())
    assert [p.suffix for p in kept] == [".json", ".blob"]
    for path in kept:
        data = bytearray(path.read_bytes())
        if damage == "flip":
            data[len(data) // 2] ^= 4
        changed = {"flip": data, "cut": data[: len(data) // 3], "empty": b"", "garbage": b"{}" * 99}
        path.write_bytes(bytes(changed[damage]))
    assert engine_blob.read(kept[1].stem) is None
    assert cache.recall(kept[0].stem) is None
    again = embedder("bundled").encode_questions([QUESTION])
    assert np.array_equal(again, expected)
    assert engine_blob.read(kept[1].stem) is not None
    assert np.array_equal(embedder("bundled").encode_questions([QUESTION]), expected)


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("ANAMNESIS_CACHE", str(tmp_path / "file" / "cache"))
    assert embedder("bundled").encode_questions([QUESTION]).shape == (1, 384)


def test_the_cache_is_where_it_is_declared(monkeypatch, tmp_path):
    monkeypatch.setenv("ANAMNESIS_CACHE", str(tmp_path / "a"))
    assert cache.cache_dir() == tmp_path / "a"
    monkeypatch.delenv("ANAMNESIS_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "b"))
    assert cache.cache_dir() == tmp_path / "b" / "anamnesis"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache.cache_dir() == tmp_path / ".cache" / "anamnesis"


def test_a_question_imports_no_torch():
    code = (
        "import sys\nfrom indexer.embed import embedder\n"
        f"embedder('bundled').encode_questions([{QUESTION!r}])\n"
        "print(sorted({'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"
    assert done.stderr == ""
