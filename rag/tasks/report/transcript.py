"""Reads a dialogue of a visit: turns with who speaks, and the statements in them, all as places in the text.

Decides what a speaker's mark is (`Doctor: …`, `[patient] …`, `医生：…`), who is a clinician and who a patient, where a
spoken sentence ends, and that a short answer belongs to its question. Knows nothing of what is said.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from indexer.errors import ReadError

Role = Literal["clinician", "patient", "other"]
_NAMED: dict[str, Role] = {
    **dict.fromkeys(
        "doctor dr doc d clinician physician provider gp nurse np pa surgeon consultant therapist guest_clinician "
        "medical assistant 医生 大夫 医师 护士 主任".split(), "clinician",
    ),
    **dict.fromkeys(
        "patient pt p guest_family family mother father mom dad wife husband daughter son parent caregiver 患者 病人 "
        "家属 家长 母亲 父亲".split(), "patient",
    ),
}  # fmt: skip
_MARK = re.compile(
    r"^[ \t]{0,8}(?:\[(?P<closed>[^\W\d_][\w .'-]{0,39})\][ \t]*[:：]?|"
    r"(?P<plain>[^\W\d_][\w.'-]{0,29}(?: [\w.'-]{1,20}){0,2})[ \t]?[:：])[ \t]*",
    re.M,
)
_END = re.compile(r"[.?!]{1,10}[\"'”’)]{0,3}(?=\s|\Z)|[。？！；…]{1,10}[”’」）]{0,3}|\n")
_TITLE = re.compile(r"(?:^|[\s(])(?:dr|mr|mrs|ms|st|vs|prof|e\.g|i\.e|a\.m|p\.m)\Z", re.I)
_TAG = re.compile(r"(?:,|-|\bso|，)\s?(?:okay|ok|all right|alright|right|you know|好吗|好吧|可以吗)\s?[?？]\Z", re.I)
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_CJK = re.compile("[\u3400-\u9fff]")
_SHORT = 6  # words up to which an answer says little without its question
_LARGEST = 4 << 20
EXAMPLE = "Doctor: What brings you in? — and on the next line — Patient: A cough."


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker says at a time: `text[start:end]`, without the mark. number: from 1."""

    number: int
    role: Role
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Statement:
    """Characters `[start, end)` of the dialogue: a sentence, or a question with its short answer. first, last: the
    numbers of its turns. asked: the clinician's question it answers, for telling what it is about; "" for none."""

    role: Role
    first: int
    last: int
    start: int
    end: int
    asked: str = ""


def turns(text: str, *, name: str = "the dialogue") -> tuple[Turn, ...]:
    """The turns in order; a line without a mark goes on. Raises ReadError: `no_turns`, `too_large`."""
    if len(text) > _LARGEST:
        raise ReadError("too_large", f"{name}: {len(text):,} characters; a dialogue has at most {_LARGEST:,}")
    marks = list(_MARK.finditer(text))
    known = [m for m in marks if _role(m) is not None]
    if not known:
        raise ReadError("no_turns", f"{name}: no turns of speakers found; expected lines such as {EXAMPLE}")
    # A name that is not known is a speaker only where it is marked in brackets or comes again and again.
    often = {name for name, times in Counter(map(_speaker, marks)).items() if times >= 3}
    used = [m for m in marks if _role(m) is not None or m["closed"] or _speaker(m) in often]
    if len(set(map(_speaker, used))) < 2:
        alone = f"only {_speaker(known[0])!r} speaks, so it is no dialogue"
        raise ReadError("no_turns", f"{name}: {alone}; expected lines such as {EXAMPLE}")
    found: list[Turn] = []
    for m, following in zip(used, [*used[1:], None], strict=True):
        end = following.start() if following else len(text)
        end = m.end() + len(text[m.end() : end].rstrip())
        if end > m.end():
            found.append(Turn(len(found) + 1, _role(m) or "other", m.end(), end))
    return tuple(found)


def statements(text: str, spoken: tuple[Turn, ...]) -> Iterator[Statement]:
    """The statements of a dialogue in order; questions appear only with their answers."""
    asked: tuple[int, int, Turn] | None = None
    for turn in spoken:
        spans = list(_sentences(text, turn.start, turn.end))
        if not spans:
            continue
        question = " ".join(text[asked[0] : asked[1]].split()) if asked and asked[2].role != turn.role else ""
        for n, (start, end) in enumerate(spans):
            if _asks(text, start, end):
                continue
            short = count(text[start:end]) <= _SHORT
            if n == 0 and short and question and asked:
                yield Statement(turn.role, asked[2].number, turn.number, asked[0], end, question)
            elif not (short and count(text[start:end]) < 2):
                yield Statement(turn.role, turn.number, turn.number, start, end, question)
        last = spans[-1]
        if turn.role == "clinician":
            asked = (last[0], last[1], turn) if _asks(text, *last) else None


def count(text: str) -> int:
    """How many words; each Chinese character is half of one."""
    chinese = len(_CJK.findall(text))
    return len(_WORD.findall(_CJK.sub(" ", text))) + (chinese + 1) // 2


def _asks(text: str, start: int, end: int) -> bool:
    """Whether a sentence asks; "we will repeat it, okay?" tells."""
    said = text[start:end].rstrip("\"'”’)）」 ")
    return said.endswith(("?", "？")) and not _TAG.search(said[-24:])


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    begin = start
    for m in _END.finditer(text, start, end):
        if m[0] == "." and _TITLE.search(text[max(begin, m.start() - 8) : m.start()]):
            continue
        yield from _trimmed(text, begin, m.end())
        begin = m.end()
    yield from _trimmed(text, begin, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    inner = piece.strip()
    if any(c.isalnum() for c in inner):
        begin = start + len(piece) - len(piece.lstrip())
        yield begin, begin + len(inner)


def _speaker(mark: re.Match[str]) -> str:
    return str(mark["closed"] or mark["plain"]).strip().lower()


def _role(mark: re.Match[str]) -> Role | None:
    """The role of a known speaker; a number behind the name (`patient_2`) says nothing."""
    name = re.sub(r"[\s_]?\d+\Z", "", _speaker(mark)).rstrip(".")
    return (
        _NAMED.get(name) or _NAMED.get(name.partition(" ")[0]) if len(name) > 1 or mark["plain"] else _NAMED.get(name)
    )
