"""Nothing leaves the machine: `rag index` and `ask`, traced as processes with CI unset, connect to nothing but local
sockets, and write no file outside the index and the declared cache."""

import os
import re
import shutil
import subprocess

import pytest

from tests.indexes import ROOT, command, environment


def can_trace() -> bool:
    if shutil.which("strace") is None:
        return False
    return not subprocess.run(["strace", "-o", "/dev/null", "true"], check=False, capture_output=True).returncode


@pytest.mark.skipif(not can_trace(), reason="strace is not usable here")
def test_index_and_ask_touch_no_network_and_no_other_file(tmp_path):
    home, cache, index = tmp_path / "home", tmp_path / "cache", tmp_path / "index"
    home.mkdir()
    env = environment(HOME=str(home), ANAMNESIS_CACHE=str(cache), PYTHONDONTWRITEBYTECODE="1")
    env.pop("CI", None)
    docs = tmp_path / "docs"
    for name in ("en/sprint.md", "pdf/mr-clean.pdf", "html/uspstf-statins.html", "jats/woman.nxml"):
        (docs / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "corpus" / name, docs / name)
    log = tmp_path / "trace"
    for arguments in (
        ["index", str(docs), "--into", str(index)],
        ["ask", "Does intensive blood pressure lowering reduce deaths?", "-i", str(index)],
    ):
        traced = ["strace", "-f", "-qq", "-e", "trace=connect,sendto,openat,open,creat,mkdir,rename", "-o", str(log)]
        done = subprocess.run([*traced, *command(*arguments)], env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        calls = log.read_text(errors="replace").splitlines()
        assert len(calls) > 100
        connects = [c for c in calls if "connect(" in c or "sendto(" in c]
        assert not [c for c in connects if "AF_INET" in c and not re.search(r"127\.0\.0\.1|::1", c)], connects
        written = [
            match[1]
            for c in calls
            if re.search(r"O_WRONLY|O_RDWR|O_CREAT|creat\(|mkdir\(", c)
            and " = -1 " not in c
            and (match := re.search(r'"([^"]+)"', c))
        ]
        allowed = (str(index), str(cache), "/dev/", "/proc/", "index")
        assert not [w for w in written if not w.startswith(allowed)], written
    assert os.listdir(home) == []
