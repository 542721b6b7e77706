"""The README tells the truth: the answer that it prints is the answer, its Python runs, its file tree exists."""

import re
import shlex
import subprocess
import sys

import pytest

import rag
from tests.indexes import ROOT, environment, run

README = (ROOT / "README.md").read_text("utf-8")
CHINESE = (ROOT / "README.zh.md").read_text("utf-8")


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    into = tmp_path_factory.mktemp("story") / "index"
    rag.build(["corpus"], into=into)
    return into


def without_time(text):
    return [line.rstrip() for line in text.strip().splitlines() if not re.match(r"[\d.]+ s · ", line)]


@pytest.mark.parametrize("readme", [README, CHINESE], ids=["README.md", "README.zh.md"])
def test_the_printed_answer_is_the_answer(index, readme):
    command, printed = re.search(r"\$ (ask \".*?\")\n(.*?)```", readme, re.S).groups()
    done = run("ask", shlex.split(command)[1], "-i", index)
    assert without_time(done.stdout) == without_time(printed)


@pytest.mark.parametrize("readme", [README, CHINESE], ids=["README.md", "README.zh.md"])
def test_the_python_runs(tmp_path, readme):
    code = re.search(r"```python\n(.*?)```", readme, re.S)[1]
    assert len(code.strip().splitlines()) <= 12
    (tmp_path / "corpus").symlink_to(ROOT / "corpus")
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, env=environment(), check=False
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "answered None" in done.stdout
    assert "documents, []" in done.stdout


@pytest.mark.parametrize("readme", [README, CHINESE], ids=["README.md", "README.zh.md"])
def test_the_tree_names_what_is_there(readme):
    tree = re.search(r"```\n(pyproject.*?)```", readme, re.S)[1]
    folder = ""
    named = set()
    for line in tree.splitlines():
        words = re.split(r"\s{2,}", line.strip())[0].split()
        if not line.startswith(" ") and words[0].endswith("/"):
            folder = words[0]
        for word in words:
            path = folder + word if line.startswith(" ") else word
            named.add(path)
            assert (ROOT / path).exists(), path
    code = {p.relative_to(ROOT).as_posix() for d in ("indexer", "rag") for p in (ROOT / d).glob("*.py")}
    missing = {c for c in code if c not in named and not c.endswith("__init__.py")}
    assert not missing, missing


def test_both_readmes_tell_the_same_numbers():
    def numbers(text):
        table = re.search(r"\n\|--\|--\|--\|\n(.*?)\n\n", text, re.S)[1]
        return [re.findall(r"[\d.]+", row.split("|")[2]) for row in table.splitlines()]

    assert numbers(README) == numbers(CHINESE)


@pytest.mark.parametrize("verb", ["index", "ask", "search", "show", "verify", "info"])
def test_every_command_explains_itself_with_an_example(verb):
    printed = run(verb, "--help").stdout
    assert "--json" in printed
    assert re.search(r"^\s+(rag|ask|echo) .+$", printed, re.M), printed
