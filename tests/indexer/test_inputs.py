"""What is opened and what is not (H5): nothing outside the given folder, no device, no pipe."""

import os
import socket
import time

import pytest

from indexer.errors import ConfigError
from indexer.inputs import find


def verdicts(root):
    return {i.path.name: i.refusal for i in find([root])}


def test_finds_what_it_can_read_in_order(tmp_path):
    for name in ("b.md", "a.pdf", "c/d.jsonl", "c/e.xml.gz", "x.nxml", "f.HTML", "g.png", "README.md", ".hidden.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert verdicts(tmp_path) == {
        "a.pdf": None, "b.md": None, "d.jsonl": None, "e.xml.gz": None, "f.HTML": None, "x.nxml": None,
        "g.png": "unsupported",
    }  # fmt: skip


def test_links_that_lead_out_are_refused(tmp_path):
    inside, outside = tmp_path / "in", tmp_path / "out"
    inside.mkdir()
    outside.mkdir()
    (outside / "secret.md").write_text("secret")
    (inside / "good.md").write_text("good")
    (inside / "leak.md").symlink_to(outside / "secret.md")
    (inside / "up.md").symlink_to("../out/secret.md")
    (inside / "folder").symlink_to(outside)
    (inside / "loop.md").symlink_to("loop.md")
    (inside / "within.md").symlink_to("good.md")
    (inside / "gone.md").symlink_to("nowhere.md")
    assert verdicts(inside) == {
        "good.md": None, "within.md": None, "leak.md": "link_outside", "up.md": "link_outside",
        "loop.md": "unreadable", "gone.md": "unreadable",
    }  # fmt: skip


def test_devices_pipes_and_sockets_are_refused_at_once(tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "zero.md").symlink_to("/dev/zero")
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as s:
        s.bind("sock.md")
        before = time.perf_counter()
        assert verdicts(tmp_path) == {"pipe.md": "not_a_file", "zero.md": "link_outside", "sock.md": "not_a_file"}
        assert [i.refusal for i in find([tmp_path / "pipe.md", "/dev/zero"])] == ["not_a_file", "not_a_file"]
    assert time.perf_counter() - before < 1


def test_strange_names(tmp_path):
    (tmp_path / "a\nb.md").write_text("x")
    (tmp_path / os.fsdecode(b"\xff\xfe.md")).write_text("x")
    assert len(list(find([tmp_path]))) == 2


def test_a_missing_path_is_an_error(tmp_path):
    with pytest.raises(ConfigError, match="no such file or folder"):
        list(find([tmp_path / "nowhere"]))


def test_a_file_given_twice_is_read_once(tmp_path):
    (tmp_path / "a.md").write_text("x")
    assert len(list(find([tmp_path, tmp_path / "a.md", str(tmp_path)]))) == 1
