"""A conversation as it is had: through a pipe, on a terminal, with commands, interrupted, and against hostile titles."""

import json
import os
import pty
import re
import select
import signal
import subprocess
import time

import pytest

import rag
from rag.chat import Chat
from rag.render import console
from rag.types import Claim
from tests.indexes import ROOT, command, environment, run


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    base = tmp_path_factory.mktemp("chat")
    (base / "evil.md").write_text(
        "---\nid: test:evil\ntitle: \"Zinc \\e]0;owned\\a \\e[31mred [bold]x[/bold]\"\nauthors: [\"Evil \\e[2J\"]\nyear: 2001\n---\n"
        "## Re\x1b[31msults\n\nZinc lozenges eased hiccup \x1b]0;owned\x07 in every patient of the quixotic trial.\n",
        encoding="utf-8",
    )  # fmt: skip
    rag.build(
        [ROOT / "corpus" / "en", ROOT / "corpus" / "zh", base / "evil.md"], into=base / "index", embedder="hashing"
    )
    return base / "index"


class Screen:
    """What was shown, as text of a terminal that is none."""

    def __init__(self):
        self.text = ""

    def __call__(self, what):
        made = console()
        with made.capture() as capture:
            made.print(what, soft_wrap=True)
        self.text += capture.get()

    def said(self):
        """What came since the last call."""
        text, self.text = self.text, ""
        return text


@pytest.fixture
def talk(index):
    with rag.open(index, effort="quick") as library:
        screen = Screen()
        yield Chat(library, show=screen), screen


def test_a_follow_up_is_understood_and_said_to_be(talk):
    chat, screen = talk
    assert chat.say("How does dapagliflozin act in heart failure?")
    first = screen.said()
    assert "understood as" not in first
    assert "DAPA-HF" in first
    assert chat.say("describe its side effects")
    assert "understood as: describe the side effects of dapagliflozin" in screen.said()
    assert [s.answer.question for s in chat.said] == [
        "How does dapagliflozin act in heart failure?", "describe the side effects of dapagliflozin",
    ]  # fmt: skip
    chat.say("二甲双胍如何降低死亡率？")
    screen.said()
    chat.say("阿司匹林呢？")
    assert "理解为：阿司匹林如何降低死亡率？" in screen.said()


def test_why_and_source_show_the_quote_in_its_place(talk):
    chat, screen = talk
    chat.say("How does dapagliflozin act in heart failure?")
    screen.said()
    claim = chat.said[0].answer.claims[1]
    chat.say("/why 2")
    why = screen.said()
    assert why.startswith(f"“{claim.text}”\nVerdict: supported (bundled)")
    assert f"»{claim.citations[0].quote}«" in why
    assert re.search(r"hit \d+: bm25 [\d.]+.*; terms: .*dapagliflozin", why)
    chat.say("/source 1")
    source = screen.said()
    assert "McMurray JJV, Solomon SD, Inzucchi SE, Køber L\n" in source
    assert "doi: 10." in source
    assert "»" in source
    for wrong, words in (
        ("/why 99", "1–"),
        ("/source 99", "expected one of 1"),
        ("/source", "expected one of 1"),
        ("/why x", "1–"),
    ):
        assert chat.say(wrong)
        assert words in screen.said()


def test_filter_and_effort(talk):
    chat, screen = talk
    chat.say("/filter year>=2200")
    assert "0 passages are left" in screen.said()
    chat.say("How does dapagliflozin act in heart failure?")
    assert "the filters leave nothing to search" in screen.said()
    assert chat.said[-1].answer.receipt.where == {"year_from": 2200}
    chat.say("/filter off")
    assert "No filter" in screen.said()
    chat.say("/filter yaer>1")
    assert "error: filter field 'yaer': did you mean 'year'?" in screen.said()
    chat.say("/effort thorough")
    chat.say("How does dapagliflozin act in heart failure?")
    assert chat.said[-1].answer.receipt.settings["effort"] == "thorough"
    assert chat.said[-1].answer.status == "answered"
    chat.say("/effort fast")
    assert "known: quick, normal, thorough" in screen.said()


def test_saving_writes_the_conversation_and_never_over_another_file(talk, tmp_path):
    chat, screen = talk
    chat.say("/save early.md")
    assert "nothing has been asked yet" in screen.said()
    chat.say("How does dapagliflozin act in heart failure?")
    chat.say("and aspirin?")
    for suffix in (".md", ".bib", ".ris", ".json"):
        chat.say(f"/save {tmp_path}/talk{suffix}")
        chat.say(f"/save {tmp_path}/talk{suffix}")  # its own file
    assert screen.said().count("2 answer(s) saved") == 8
    markdown = (tmp_path / "talk.md").read_text("utf-8")
    assert "## and aspirin?\n\n*understood as: How does aspirin act in heart failure?*" in markdown
    assert json.loads((tmp_path / "talk.json").read_text("utf-8"))[0]["type"] == "article-journal"
    (tmp_path / "other.md").write_text("mine")
    chat.say(f"/save {tmp_path}/other.md")
    assert "is there already" in screen.said()
    assert (tmp_path / "other.md").read_text() == "mine"


def test_nothing_from_data_drives_the_terminal(talk):
    chat, screen = talk
    for line in (
        "How did zinc lozenges ease hiccup in the quixotic trial?",
        "/why",
        "/source 1",
        "\x1b[31mHow did zinc?",
        "/\x1b[2J",
        "/filter \x1b[2J",
    ):
        assert chat.say(line)
    said = screen.said()
    assert "quixotic trial" in said
    assert "[bold]x[/bold]" in said
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", said)


class Endless:
    """A generator that is interrupted while it writes its second sentence."""

    spec = "endless"

    def generate(self, prompt):
        yield f"{prompt.hits[0].passage.text.split('. ')[0]}. [1]\n"
        raise KeyboardInterrupt


def test_ctrl_c_stops_an_answer_and_keeps_the_conversation(index):
    from dataclasses import replace

    with rag.open(index, effort="quick") as library:
        own = library.models
        screen = Screen()
        chat = Chat(library, show=screen)
        chat.say("How does dapagliflozin act in heart failure?")
        library.__dict__["models"] = replace(own, generator=Endless(), judge=None)
        assert chat.say("and aspirin?")
        assert "Stopped; the conversation goes on." in screen.said()
        library.__dict__["models"] = own
        assert chat.say("and its side effects?")
        assert [s.asked for s in chat.said] == ["How does dapagliflozin act in heart failure?", "and its side effects?"]
        assert all(isinstance(c, Claim) for s in chat.said for c in s.answer.claims)


def test_through_a_pipe(index):
    lines = "How does dapagliflozin act in heart failure?\n\n/help\n/quit\nHow does aspirin act?\n"
    done = subprocess.run(
        command("chat", "-i", index, "--effort", "quick", "--where", "year>=2000"), input=lines, capture_output=True, text=True,
        env=environment(), check=True,
    )  # fmt: skip
    assert "Filter set" in done.stdout
    assert "DAPA-HF" in done.stdout
    assert "/source n" in done.stdout
    assert "aspirin act" not in done.stdout
    assert done.stderr == ""


class Terminal:
    """The other end of a terminal that a program runs on."""

    def __init__(self, end):
        self._end, self._seen = end, b""

    def until(self, wanted, *, meanwhile=lambda: None):
        """Reads past `wanted`; does something every two seconds that it does not come."""
        end = time.monotonic() + 120
        while wanted not in self._seen:
            assert time.monotonic() < end, self._seen
            if select.select([self._end], [], [], 2)[0]:
                self._seen += os.read(self._end, 4096)
            else:
                meanwhile()
        self._seen = self._seen.partition(wanted)[2]

    def type(self, keys):
        os.write(self._end, keys)


def test_on_a_terminal_ctrl_c_and_ctrl_d(index, tmp_path):
    master, slave = pty.openpty()
    child = subprocess.Popen(
        command("chat", "-i", index, "--effort", "quick"), stdin=slave, stdout=slave, stderr=slave, close_fds=True,
        cwd=tmp_path, start_new_session=True, env=environment(HOME=str(tmp_path), TERM="xterm", COLUMNS="100"),
    )  # fmt: skip
    os.close(slave)
    terminal = Terminal(master)
    try:
        terminal.until(b"? ")
        terminal.type(b"half a ques")
        terminal.until(b"ques")
        # Python notices a signal that comes between two keys only with the next one.
        child.send_signal(signal.SIGINT)
        terminal.until(b"? ", meanwhile=lambda: child.send_signal(signal.SIGINT))
        terminal.type(b"/help\n")
        terminal.until(b"Ctrl-C stops an answer.")
        terminal.until(b"? ")
        terminal.type(b"\x04")
        assert child.wait(60) == 0
    finally:
        child.kill()
        child.wait()
        os.close(master)
    assert list(tmp_path.iterdir()) == []  # no history, no file


def test_an_unknown_index_is_one_line(tmp_path):
    done = run("chat", "-i", tmp_path / "none", check=False)
    assert done.returncode == 1
    assert done.stderr.startswith(f"error: {tmp_path}/none: no index here")
