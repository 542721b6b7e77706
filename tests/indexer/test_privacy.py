"""No library that embeds calls home: traced at the kernel's border, with CI unset and a home of its own."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ENCODE = (
    "from indexer.embed import embedder\n"
    "e = embedder('bundled')\n"
    "assert e.encode_passages(['Aspirin prevents stroke.', 'Metformin lowers glucose.']).shape == (2, 384)\n"
    "import sys\n"
    "assert sys.modules['openvino_telemetry'] is None\n"
)


def environment(home):
    kept = {k: v for k, v in os.environ.items() if k in ("PATH", "LANG", "LD_LIBRARY_PATH")}
    return {**kept, "HOME": str(home), "ANAMNESIS_CACHE": str(home / "declared")}


def test_only_the_declared_cache_is_written(tmp_path):
    subprocess.run([sys.executable, "-B", "-c", ENCODE], check=True, cwd=ROOT, env=environment(tmp_path))
    assert [p.name for p in tmp_path.iterdir()] == ["declared"]
    assert {p.suffix for p in (tmp_path / "declared").iterdir()} == {".json", ".blob"}


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_no_connection_is_tried(tmp_path):
    log = tmp_path / "trace"
    home = tmp_path / "home"
    home.mkdir()
    command = ["strace", "-f", "-qq", "-o", str(log), "-e", "trace=connect,sendto,sendmsg"]
    traced = subprocess.run(
        [*command, sys.executable, "-B", "-c", ENCODE],
        check=False, capture_output=True, text=True, cwd=ROOT, env=environment(home),
    )  # fmt: skip
    if "ptrace" in traced.stderr:
        pytest.skip("tracing is not permitted here")
    assert traced.returncode == 0, traced.stderr
    assert re.findall(r".*AF_INET6?.*", log.read_text()) == []


def test_what_the_user_set_is_left_alone(tmp_path):
    code = "import os, indexer.privacy; print(os.environ['HF_HUB_OFFLINE'], os.environ['DO_NOT_TRACK'])"
    env = {**environment(tmp_path), "HF_HUB_OFFLINE": "0"}
    done = subprocess.run(
        [sys.executable, "-B", "-c", code],
        capture_output=True, text=True, check=True, cwd=ROOT, env=env,
    )  # fmt: skip
    assert done.stdout.split() == ["0", "1"]
