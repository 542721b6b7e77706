"""Hostile XML: nothing is expanded, loaded or followed, and nothing takes more than 5 s or 300 MB."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.hostile.xml_cases import CANARY, CASES, write

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory, listener: socket.socket) -> dict[str, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("xml")
    canary = folder / "canary.txt"
    canary.write_text(CANARY)
    paths = write(folder, canary=canary, port=listener.getsockname()[1])
    done = subprocess.run(
        [sys.executable, "-m", "tests.hostile.xml_cases", *map(str, paths.values())],
        capture_output=True,
        text=True,
        check=True,
        timeout=200,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    found = {(line := json.loads(text))["path"]: line for text in done.stdout.splitlines()}
    return {name: found[str(path)] for name, path in paths.items()}


@pytest.mark.parametrize("name", CASES)
def test_hostile_file_gets_its_verdict(name: str, outcomes: dict[str, dict[str, Any]]) -> None:
    outcome, reason = outcomes[name], CASES[name][1]
    assert outcome["reason"] == reason
    assert not outcome["canary"]
    assert outcome["seconds"] <= 5.0
    assert outcome["rss"] <= 300
    if reason is None:
        assert outcome["documents"] == 1
        assert outcome["head"].startswith("Read")


def test_nothing_connected(listener: socket.socket, outcomes: dict[str, dict[str, Any]]) -> None:
    assert len(outcomes) == len(CASES)
    with pytest.raises(BlockingIOError):
        listener.accept()


def test_undeclared_entities(outcomes: dict[str, dict[str, Any]]) -> None:
    assert outcomes["external subset, http"]["head"] == "Read α &x;."
    assert outcomes["external subset, file"]["head"] == "Read &x;."
    laughs = outcomes["laughs after an undeclared parameter entity"]
    assert laughs["head"] == "Read &l11;"
