"""Real processes that read records: every byte that a traced one writes, a terminal, a crash, a library's trace."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from scripts.privacy_command import variables
from scripts.privacy_files import Files
from scripts.privacy_found import Found

_TRACED = "openat,open,creat,mkdir,rename,unlink,execve,memfd_create,write,pwrite64,writev,sendto,sendmsg,symlink"


def places(folder: Path) -> dict[str, str]:
    """HOME, TMPDIR and the caches inside a folder, and what makes libraries talk."""
    return {
        "HOME": str(folder / "home"), "TMPDIR": str(folder / "tmp"), "SQLITE_TMPDIR": str(folder / "tmp"),
        "XDG_CACHE_HOME": str(folder / "home"), "ANAMNESIS_CACHE": str(folder / "home"), "RUST_LOG": "trace",
        "TRANSFORMERS_VERBOSITY": "debug", "RUST_BACKTRACE": "full",
    }  # fmt: skip


def processes(found: Found, held: Files, work: Path) -> None:
    """Real processes: every byte written by one that is traced, a terminal with a progress bar, a crash."""
    environment = {
        **os.environ,
        **places(work.parent),
        **variables(work),
        "PYTHONPATH": str(Path(__file__).parent.parent),
        "PYTHONDEVMODE": "1",
    }
    rag_ = [sys.executable, "-W", "ignore", "-m", "rag.cli"]
    if shutil.which("strace"):
        log = work.parent / "trace"
        for words in (["records", "add", str(held.whole), str(held.broken)], ["ask", "--patient", "safe1", "-"]):
            traced = ["strace", "-f", "-qq", "-s", "100000", "-e", f"trace={_TRACED}", "-o", str(log), *rag_, *words]
            subprocess.run(
                traced,
                input=b"Which palpitations were reported?",
                capture_output=True,
                env=environment,
                cwd=work,
                check=False,
            )
            lines = [x for x in log.read_bytes().splitlines() if b" write(1," not in x]
            found.search(f"every byte written by rag {words[0]}", b"\n".join(lines))
        log.unlink()
    ask = subprocess.run(
        [*rag_, "ask", "--patient", "safe1", "Which palpitations were reported?"],
        capture_output=True,
        env={**environment, "TOKENIZERS_LOG": "trace"},
        cwd=work,
        check=False,
    )
    found.search("an allowed question, standard error of its process", ask.stderr)
    # The tokenizer's library tells a text character by character.
    spelled = b"".join(re.findall(rb"### '(.)' with size", ask.stderr))
    found.search("the same, put together from single characters", spelled)
    main, side = pty.openpty()
    with subprocess.Popen(
        [*rag_, "records", "add", str(held.whole), str(held.broken)],
        stdin=side,
        stdout=side,
        stderr=side,
        env=environment,
        cwd=work,
    ):
        os.close(side)
        shown = b""
        with contextlib.suppress(OSError):
            while more := os.read(main, 65536):
                shown += more
    os.close(main)
    found.search("a terminal with a progress bar", shown)
    crash = "rag.open('records', key_file='key').ask('Which palpitations were reported?', patient='safe1'); os.abort()"
    code = f"import os, rag, resource as r\nr.setrlimit(r.RLIMIT_CORE, (r.getrlimit(r.RLIMIT_CORE)[1],) * 2)\n{crash}"
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", code], capture_output=True, env=environment, cwd=work, check=False
    )
    if done.returncode != -signal.SIGABRT:
        raise RuntimeError(f"the crash did not come: {done.stderr[-500:]!r}")
    found.search("a crash", done.stdout + done.stderr)
    if "ANAMNESIS_RECORDS_PASSPHRASE" in os.environ:
        raise RuntimeError("a passphrase is in the environment")
