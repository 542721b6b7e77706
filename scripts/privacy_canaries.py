"""P9: 200 words and numbers that only records hold, looked for in everything that is not the answer to its reader.

Decides what is done with the files that hold them (scripts/privacy_files.py), and what is searched: standard error,
refused and masked output, logs at every level, tracebacks, what is logged of uncaught errors, file names and
contents, arguments and environments of processes, every byte that a traced process writes.
"""

from __future__ import annotations

import contextlib
import io
import logging
import os
import random
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import rag
from rag.records.keys import Unlock
from rag.records.policy import account
from rag.records.store import Store
from scripts.privacy_access import KEEPER, SECRET
from scripts.privacy_command import command, variables
from scripts.privacy_faults import Fault
from scripts.privacy_files import Files, files
from scripts.privacy_found import Found
from scripts.privacy_processes import places, processes
from scripts.privacy_world import toml

_WRITES = (
    "os.mkdir",
    "os.rename",
    "os.link",
    "os.symlink",
    "os.putenv",
    "subprocess.Popen",
    "os.exec",
    "os.system",
    "os.posix_spawn",
    "tempfile.mkstemp",
    "tempfile.mkdtemp",
    "sqlite3.connect",
    "socket.connect",
    "syslog.syslog",
)
_EVENTS: list[str] = []


def run(folder: Path, *, count: int, faults: int, rng: random.Random) -> dict[str, Any]:
    """Does everything and searches; n canaries, and where how many stood."""
    work, logs = folder / "work", folder / "logs"
    for made in (folder, work, logs, folder / "home", folder / "tmp"):
        made.mkdir(exist_ok=True)
    held, canaries = files(folder, rng, count=count)
    found = Found(canaries)
    (work / "key").write_bytes(SECRET)
    (work / "key").chmod(0o600)
    sys.addaudithook(_hook)
    with _logged(logs / "log.txt"), _kept(folder):
        _commands(found, held, work, logs)
        _faults(found, held, work, faults, rng)
    processes(found, held, work)
    found.search("logs at every level", (logs / "log.txt").read_bytes())
    found.search("file names, arguments, environment, connections", "\n".join(_EVENTS))
    for place in ("work", "home", "tmp", "logs"):
        for file in (folder / place).rglob("*"):
            found.search("file names", file.name)
            if file.is_file():
                found.search("files left behind", file.read_bytes())
    hits = {place: len(set(words)) for place, words in found.hits.items()}
    return {
        "n": len(canaries),
        "failures": len({w for words in found.hits.values() for w in words}),
        "canaries by place": hits,
        "bytes searched": found.searched,
        "faults put in": faults,
    }


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _WRITES or (event == "open" and str(arguments[1] or "r")[:1] in "wax"):
        _EVENTS.append(f"{event} {arguments!r}"[:20000])


@contextlib.contextmanager
def _logged(file: Path) -> Iterator[None]:
    """Every logger at its lowest level into a file, warnings and uncaught errors too."""
    handler, root = logging.FileHandler(file), logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(1)
    for name in list(logging.root.manager.loggerDict):
        logging.getLogger(name).setLevel(1)
    logging.captureWarnings(True)
    logging.getLogger("start").debug("every level is written")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            yield
    finally:
        logging.captureWarnings(False)
        root.removeHandler(handler)
        root.setLevel(before)
        handler.close()


@contextlib.contextmanager
def _kept(folder: Path) -> Iterator[None]:
    """HOME, TMPDIR and the caches inside the folder; debugging variables of libraries set."""
    before = dict(os.environ)
    os.environ |= places(folder)
    try:
        with contextlib.chdir(folder / "work"):
            yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _commands(found: Found, held: Files, work: Path, logs: Path) -> None:
    """The command line in this process: adding, asking, refusals, masked answers, errors that could echo."""
    store = Store.create(work / "records", Unlock("key file", SECRET), embedder="hashing")
    environment, (a, b, c) = variables(work), found.canaries[:3]
    whole, broken = str(held.whole), str(held.broken)
    each = [str(path) for path in sorted(held.broken.iterdir())]
    for words in (
        ["records", "add", whole],
        ["records", "add", *each],
        ["records", "add", "--json", *each],
        ["records", "add", broken],
        ["records", "verify"],
        ["audit", "show"],
        ["audit", "show", "--json"],
    ):
        _, shown = command(words, environment=environment)
        found.search(" ".join(words[:2]), shown)
    ask = ["ask", "--patient", "safe1"]
    for words in ([*ask, "What is the last creatinine?"], [*ask, "--json", "Which palpitations were reported?"]):
        with contextlib.redirect_stderr(io.StringIO()) as errors:
            command(words, environment=environment)
        found.search("an allowed question, standard error", errors.getvalue())
    store.set_policy(toml({account(): _rights("administrator")}, keeper=KEEPER), name="x")
    keeper = Store(work / "records", Unlock("key file", SECRET), person=KEEPER)
    for people, place, without in (
        ({}, "refused", frozenset()),
        ({account(): _rights("researcher")}, "masked", frozenset(held.words["facts"])),
    ):
        keeper.set_policy(toml(people, keeper=KEEPER), name="x")
        for question in (
            "What is the last creatinine?",
            "Which palpitations were reported?",
            "list all medications",
            "What is the name?",
        ):
            for more in ([], ["--json"]):
                _, shown = command([*ask, *more, question], environment=environment)
                found.search(place, shown, without=without)
        for words in (
            ["records", "list"],
            ["forget", "safe1"],
            ["audit", "show"],
            ["records", "add", whole],
            ["records", "verify"],
        ):
            found.search(place, command(words, environment=environment)[1], without=without)
        for words in (
            ["ask", "--patient", b, "x"],
            [f"--patient={a}", "ask"],
            ["ask", f"--patient={a} {c}", "x"],
            ["forget", b],
            ["show", f"record:{b}:chart:0-9"],
            ["ask", "--patient", "safe9", f"Does {a} {c} take it?"],
            ["ask", "--patient", "safe1", "--break-glass", f"{a} {c} bleeds", "x"],
        ):
            found.search("errors that could echo", command(words, environment=environment)[1])
    everyone = {account(): {**_rights("clinician"), "roles": ["clinician", "administrator", "auditor"]}}
    keeper.set_policy(toml(everyone, keeper=KEEPER), name="x")
    for words in (
        ["ask", "--patient", b, "x"],
        ["forget", b],
        ["forget", f"{a} {c}"],
        ["audit", "show", "--patient", b],
    ):
        found.search("errors that could echo", command(words, environment=environment)[1])


def _rights(role: str) -> dict[str, Any]:
    return {"roles": [role], "patients": ["*"], "break_glass": False}


def _faults(found: Found, held: Files, work: Path, count: int, rng: random.Random) -> None:
    """Errors that quote the record, raised at random lines of the program while it reads, asks and adds."""
    opened = rag.open(work / "records", key_file=work / "key")
    environment = {**variables(work), "ANAMNESIS_DEBUG": "1"}
    secret = " ".join(held.words["identifiers"] + held.words["facts"])

    def api() -> str:
        try:
            opened.ask("Which palpitations were reported?", patient="safe1")
        except Exception as error:
            logging.getLogger("service").exception("a request failed: %s", error)
            return (
                "".join(traceback.format_exception(error))
                + repr(error)
                + repr(error.__context__)
                + repr(error.__cause__)
            )
        return ""

    def line(words: list[str], more: dict[str, str]) -> str:
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                code, shown = command(words, environment=more)
        except Exception:  # what the interpreter would print
            return traceback.format_exc()
        return shown if code else ""

    plain = {k: v for k, v in environment.items() if k != "ANAMNESIS_DEBUG"}
    ways: dict[str, Callable[[], str]] = {
        "uncaught in Python": api,
        "uncaught, ask": lambda: line(["ask", "--patient=safe1", "Which palpitations were reported?"], plain),
        "uncaught, ask, ANAMNESIS_DEBUG": lambda: line(
            ["ask", "--patient=safe1", "Which palpitations were reported?"], environment
        ),
        "uncaught, add": lambda: line(["records", "add", str(held.whole)], plain),
        "uncaught, add, ANAMNESIS_DEBUG": lambda: line(["records", "add", str(held.whole)], environment),
    }
    for place, way in ways.items():
        total = Fault(1 << 60, secret)
        with total:
            way()
        for _ in range(max(1, count // len(ways))):
            with Fault(rng.randrange(total.lines), secret):
                shown = way()
            found.search(place, shown)
    opened.close()
