"""What is sealed opens only with its key, at its place, whole; keys never show themselves."""

import os

import pytest

from indexer.errors import ConfigError, IndexCorrupt
from rag.records import keys
from rag.records.keys import KEY_FILE, PASSPHRASE, Key, Unlock, WrongKey, from_file, from_passphrase, unlock


def test_seals_and_opens():
    key = Key.new()
    box = key.seal(b"creatinine 1.4", about="body")
    assert key.open(box, about="body") == b"creatinine 1.4"
    assert b"creatinine" not in box
    assert key.seal(b"creatinine 1.4", about="body") != box


def test_every_flipped_bit_is_refused():
    key = Key.new()
    box = key.seal(b"creatinine 1.4", about="body")
    for at in range(len(box) * 8):
        flipped = bytearray(box)
        flipped[at // 8] ^= 1 << at % 8
        with pytest.raises(IndexCorrupt):
            key.open(bytes(flipped), about="body")


@pytest.mark.parametrize("cut", [0, 5, 12, 20])
def test_a_cut_box_is_refused(cut):
    key = Key.new()
    with pytest.raises(IndexCorrupt):
        key.open(key.seal(b"x" * 9, about="body")[:cut], about="body")


def test_another_place_or_key_is_refused():
    key = Key.new()
    box = key.seal(b"x", about="a")
    for opener, about in ((key, "b"), (Key.new(), "a"), (key.derive("other"), "a")):
        with pytest.raises(IndexCorrupt):
            opener.open(box, about=about)


def test_names_are_stable_and_say_nothing():
    key = Key.new()
    assert key.name("p1") == key.name("p1")
    assert key.name("p1") != key.name("p2")
    assert Key.new().name("p1") != key.name("p1")


@pytest.mark.parametrize("way", [Unlock("passphrase", b"correct horse battery"), Unlock("key file", b"k" * 32)])
def test_the_store_s_key_is_wrapped(way, tmp_path):
    key = Key.new()
    wrapped = way.wrap(key)
    assert way.unwrap(wrapped, store=tmp_path) == key
    assert key.secret.hex() not in str(wrapped)
    with pytest.raises(WrongKey, match="does not open it"):
        Unlock(way.kind, b"another secret of some length").unwrap(wrapped, store=tmp_path)
    with pytest.raises(WrongKey, match="was locked with a"):
        Unlock("card", b"x").unwrap(wrapped, store=tmp_path)


@pytest.mark.parametrize("n", [1, 1 << 30, -5, "x"])
def test_a_cost_out_of_bounds_is_refused_at_once(n, tmp_path):
    way = Unlock("passphrase", b"correct horse battery")
    with pytest.raises(WrongKey):
        way.unwrap({**way.wrap(Key.new()), "n": n}, store=tmp_path)


def test_secrets_do_not_show():
    assert "k" * 8 not in repr(Unlock("key file", b"k" * 32))
    assert repr(Key(b"k" * 32)) == "Key(…)"


def test_a_passphrase_is_taken_out_of_the_environment(monkeypatch):
    monkeypatch.delenv(KEY_FILE, raising=False)
    monkeypatch.setattr(keys, "_taken", [])
    monkeypatch.setenv(PASSPHRASE, "correct horse battery")
    assert unlock() == Unlock("passphrase", b"correct horse battery")
    assert PASSPHRASE not in os.environ
    assert unlock() == Unlock("passphrase", b"correct horse battery")  # again in the same process
    monkeypatch.setattr(keys, "_taken", [])
    with pytest.raises(ConfigError, match="no key was given"):
        unlock()


def test_a_key_file(tmp_path, monkeypatch):
    file = tmp_path / "k"
    file.write_bytes(b"k" * 32)
    file.chmod(0o644)
    with pytest.raises(ConfigError, match="chmod 600"):
        from_file(file)
    file.chmod(0o600)
    monkeypatch.setenv(KEY_FILE, str(file))
    assert unlock() == Unlock("key file", b"k" * 32)
    file.write_bytes(b"short")
    with pytest.raises(ConfigError, match="5 bytes are too few"):
        from_file(file)
    with pytest.raises(ConfigError, match="cannot be read"):
        from_file(tmp_path / "none")
    with pytest.raises(ConfigError, match="8 characters"):
        from_passphrase("password")
