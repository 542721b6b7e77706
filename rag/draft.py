"""Turns a stream of text pieces into finished sentences, each with the passage numbers that were written after it.

Decides where a drafted sentence ends, what is a mark (`[1]`, `[1, 3]`, `[1-3]`, `【1】`, `(1)` at a sentence's end) and
what is markup (Markdown, HTML, bullets). The sentences are the same however the pieces are cut. Knows no passages, so
it keeps what was written (`raw`, `trailing`) for the reader who does: a source's own `[3]` looks like a mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from indexer.sentences import split

# A sentence is at most so long (characters); a draft without any end is cut there.
LIMIT = 4000
_MOST_RANGE = 20  # numbers of one `[1-9]`; a wider one is a range of values
# Stands for what is still to come: no rule for an end of text holds before it, and no word ends at it.
_MORE = "\ue000"
_NUMBERS = r"\d{1,6}(?:\s{0,2}[,，、;；\-–—~～]\s{0,2}\^?\d{1,6}){0,30}"
_REMOVED = re.compile(
    rf"[\[【［]\s{{0,2}}(?:\^|(?:passages?|sources?|refs?\.?|段落|来源|文献)\s{{0,2}})?(?P<square>{_NUMBERS})\s{{0,2}}[\]】］]"
    rf"|[(（](?P<round>\d{{1,2}}(?:\s{{0,2}}[,，、]\s{{0,2}}\d{{1,2}}){{0,9}})[)）]"
    rf"(?=[.!?;](?:\s|\Z)|[。！？；]|[^\S\n]{{0,20}}\Z)"
    r"|(?P<markup>\*{2,3}|__|~~|`{1,3}|</?[a-zA-Z][^<>]{0,300}>|<!--|-->"
    r"|(?<![\w*])\*(?=[^\s*])|(?<=[^\s*])\*(?![\w*])|(?<!\w)_(?=[^\W_])|(?<=[^\W_])_(?!\w))",
    re.I,
)
_LINE_START = re.compile(r"(?:\s{0,20}(?:[-*•‣▪·–—>]\s|\d{1,2}[.)、]\s|\(\d{1,2}\)\s|\|))?\s{0,20}")
_HEADING = re.compile(r"\s{0,3}#{1,6}\s+")
_REFERENCES = re.compile(
    r"\W{0,8}(?:references|reference list|sources|bibliography|citations|works cited|参考文献|参考资料|引用文献)"
    r"\W{0,8}",
    re.I,
)
_OPENERS = "[【［(（<*_`~"
_CLOSERS = "。！？…；\"'”’」』）)]】］.!?;"
_WORD_AND_SPACE = re.compile(r"[^\s\ue000]{30}|[^\s\ue000]{1,30}\s")
_PART = re.compile(r"(\d{1,6})(?:\s{0,2}[\-–—~～]\s{0,2}(\d{1,6}))?")


@dataclass(frozen=True, slots=True)
class Drafted:
    """A sentence of a draft. text: without marks and markup. numbers: all its marks, in order, each once.

    raw: as written, up to its end mark. trailing: each mark after that, as written with the space before it, and its
    numbers.
    """

    text: str
    numbers: tuple[int, ...]
    raw: str
    trailing: tuple[tuple[str, tuple[int, ...]], ...] = ()


@dataclass(slots=True)
class _Plain:
    """A stretch without marks and markup. origin: where each character was. marks: (place here, start, end, numbers),
    start and end being where the mark was."""

    text: str
    origin: list[int]
    marks: list[tuple[int, int, int, tuple[int, ...]]]


def sentences(pieces: Iterable[str]) -> Iterator[Drafted]:
    """The sentences of a draft, each as soon as it is complete."""
    draft = Draft()
    for piece in pieces:
        yield from draft.feed(piece)
    yield from draft.end()


class Draft:
    """A draft that grows. Headings, lead-ins and a list of references at the end give no sentence."""

    def __init__(self) -> None:
        self._rest, self._line_start, self._heading = "", True, False
        self._held: Drafted | None = None  # the last of its line: marks may stand on the next one
        self._over, self._thinking = False, True

    def feed(self, piece: str) -> list[Drafted]:
        """The sentences that `piece` completed."""
        self._rest += piece
        # Nothing can become complete without a white space, an end mark or the closing of what was open.
        if not re.search(r"\W", piece) and len(self._rest) <= LIMIT:
            return []
        return [] if self._thinks(final=False) else self._take(final=False)

    def _thinks(self, *, final: bool) -> bool:
        """Whether a model's `<think>…</think>`, with which a draft may begin, goes on; it is left out."""
        if not self._thinking:
            return False
        begun = self._rest.lstrip()[:6].lower()
        if not final and begun != "<think" and "<think".startswith(begun):
            return True
        if begun == "<think":
            _, closed, after = self._rest.partition("</think>")
            self._rest = after if closed or final else self._rest
            self._thinking = not closed
            return not closed
        self._thinking = False
        return False

    def end(self) -> list[Drafted]:
        """The sentences that were still open."""
        self._thinks(final=True)
        done = self._take(final=True)
        if self._held:
            done.append(self._held)
            self._held = None
        return done

    def _take(self, *, final: bool) -> list[Drafted]:
        done: list[Drafted] = []
        at = 0
        while at < len(self._rest):
            stop = self._rest.find("\n", at)
            whole = stop >= 0 or final
            line_end = stop if stop >= 0 else len(self._rest)
            step = self._step(self._rest[at : min(line_end, at + LIMIT + 1)], whole=whole and line_end - at <= LIMIT)
            if step is None:
                break
            used, sentence = step
            at += used
            ended = at >= line_end and whole
            if sentence:
                done += self._keep(sentence, last=ended)
            if ended:
                at, self._line_start, self._heading = line_end + 1, True, False
        self._rest = self._rest[at:]
        # A line that begins with a letter is not one of marks alone, which would join the sentence before it.
        if self._held and self._rest.lstrip()[:1].isalpha():
            done.append(self._held)
            self._held = None
        return done

    def _keep(self, sentence: Drafted, *, last: bool) -> list[Drafted]:
        """What may be given out now that `sentence` is complete; a line of marks joins the one before."""
        before, self._held = self._held, None
        if not sentence.text:
            if before:
                joined = before.trailing + sentence.trailing
                numbers = tuple(dict.fromkeys(before.numbers + sentence.numbers))
                self._held = replace(before, numbers=numbers, trailing=joined)
            return []
        given = [before] if before else []
        if last:
            self._held = sentence
            return given
        return [*given, sentence]

    def _step(self, rest: str, *, whole: bool) -> tuple[int, Drafted | None] | None:
        """The next sentence of a line's rest, and how many characters it took; None while it may still go on."""
        if self._line_start:
            if not whole and len(rest) < 48:
                return None
            self._line_start = False
            self._over = self._over or (whole and bool(_REFERENCES.fullmatch(rest[:80])))
            if heading := _HEADING.match(rest):
                self._heading = True
                return heading.end(), None
            if (start := _LINE_START.match(rest)) and start.end():
                return start.end(), None
        if self._over:
            return (len(rest), None) if whole or rest else None
        found = first_sentence(rest, whole=whole)
        if found is None:
            return None
        used, sentence = found
        return used, self._checked(sentence)

    def _checked(self, sentence: Drafted) -> Drafted | None:
        """The sentence, unless it is a heading or a lead-in, which say nothing."""
        if not sentence.numbers and (self._heading or sentence.text.endswith((":", "："))):
            return None
        if not any(c.isalpha() for c in sentence.text):
            return replace(sentence, text="") if sentence.numbers else None
        return sentence


def first_sentence(rest: str, *, whole: bool) -> tuple[int, Drafted] | None:
    """The first sentence of a line's rest, and how many characters it took with its marks. whole: nothing follows.

    None while more text could change the answer.
    """
    plain = _plain(rest if whole else rest[:LIMIT] + _MORE)
    spans = split(plain.text)
    if not spans:
        return len(rest), _drafted(rest, plain, 0, 0, len(rest))
    start, end = spans[0]
    following = spans[1][0] if len(spans) > 1 else len(plain.text)
    for place, *_ in plain.marks:
        if start < place < end - 1 and plain.text[place] in ";；" and plain.text[place + 1 : place + 2].strip() == "":
            end = place + 1
            following = end + len(plain.text[end:]) - len(plain.text[end:].lstrip())
            break
    if whole and following >= len(plain.text):
        return len(rest), _drafted(rest, plain, start, end, len(rest))
    if not whole and not _settled(plain.text, end, following):
        if len(rest) <= LIMIT:
            return None
        cut = max(rest.rfind(" ", LIMIT // 2, LIMIT), LIMIT // 2)
        return first_sentence(rest[:cut], whole=True)
    used = plain.origin[following]
    return used, _drafted(rest, plain, start, end, used)


def _settled(text: str, end: int, following: int) -> bool:
    """Whether what has come after a sentence's end is enough to know that it is one."""
    after = text[following:]
    opened = text.rfind("<", 0, following)
    if opened >= 0 and len(text) - opened < 310 and re.match(r"</?[a-zA-Z]", text[opened : opened + 3]):
        return False
    if after[:1] in _OPENERS and len(after) <= 160:
        return False
    if text[end - 1] in "。！？…；”’」』）;":
        return after[:1] not in ("", _MORE) and after[0] not in _CLOSERS
    return bool(_WORD_AND_SPACE.match(after))


def _drafted(rest: str, plain: _Plain, start: int, end: int, used: int) -> Drafted:
    marks = [m for m in plain.marks if m[1] < used]
    numbers = tuple(dict.fromkeys(n for *_, own in marks for n in own))
    if end <= start:
        return Drafted("", numbers, "", tuple((rest[m[1] : m[2]], m[3]) for m in marks))
    raw_end = plain.origin[end - 1] + 1
    trailing: list[tuple[str, tuple[int, ...]]] = []
    last = raw_end
    for _, at, stop, own in marks:
        if at >= raw_end:
            trailing.append((rest[last:stop], own))
            last = stop
    text = " ".join(plain.text[start:end].split())
    return Drafted(text, numbers, rest[plain.origin[start] : raw_end], tuple(trailing))


def _plain(text: str) -> _Plain:
    """Takes marks and markup out of `text` and remembers where everything was."""
    found = _Plain("", [], [])
    kept: list[str] = []
    at = 0
    for match in _REMOVED.finditer(text):
        numbers = () if match["markup"] else _numbers(match["square"] or match["round"])
        if not match["markup"] and not numbers:
            continue
        kept += text[at : match.start()]
        found.origin += range(at, match.start())
        at = match.end()
        if match["markup"]:
            continue
        following = text[at : at + 1]
        if not following.isalnum():
            while kept and kept[-1].isspace():
                kept.pop()
                found.origin.pop()
        found.marks.append((len(kept), match.start(), at, numbers))
        if following.isalnum() and kept and not kept[-1].isspace():
            kept.append(" ")
            found.origin.append(match.start())
    kept += text[at:]
    found.origin += range(at, len(text))
    found.text = "".join(kept)
    return found


def _numbers(written: str) -> tuple[int, ...]:
    """`1, 3-5` → 1, 3, 4, 5; nothing when it is a range that no list of passages has."""
    numbers: list[int] = []
    for low, high in _PART.findall(written):
        if high and not (int(low) < int(high) <= int(low) + _MOST_RANGE and int(high) <= 99):
            return ()
        numbers += range(int(low), int(high) + 1) if high else [int(low)]
    return tuple(dict.fromkeys(numbers))
