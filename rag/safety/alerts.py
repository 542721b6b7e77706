"""From a text to its alert or its decline: which of what the rules find goes first, and in which words.

Order: a crisis, a threat to others, a red flag, violence suffered, what only reads like a crisis. Nothing in a text
lowers what another part of it raised: reassurances ("probably nothing", 应该没事) are not read at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from indexer.language import language_of
from rag.safety import harm
from rag.safety.crisis import crisis, hinted
from rag.safety.flags import Flag, flag
from rag.safety.lines import lines
from rag.safety.types import Alert, Decline, Kind
from rag.safety.words import DECLINES, group_name, message

# Characters that are read at once, and how many of them the next window reads again: no sign is cut in two.
LIMIT, OVERLAP = 8000, 400
_URGENCY: tuple[Kind, ...] = ("crisis", "harm", "emergency", "poisoning", "abuse")


def first(text: str) -> Alert | None:
    """What must be said before anything else is done with a question or a whole turn, the most urgent of what it holds;
    None for nothing. All of the text is read; spans are offsets of it."""
    parts = list(_windows(text))
    found = [alert for at, part in parts if (alert := _first(part, at, text))]
    if found:
        return min(found, key=lambda a: (_URGENCY.index(a.kind), -a.severity))
    for at, part in parts:
        if (likely := hinted(part)) and harm.request(part) is None:
            return _alert("crisis", text, at, ((likely.start, likely.end),), severity=likely.severity)
    return None


def _windows(text: str) -> Iterator[tuple[int, str]]:
    for at in range(0, max(len(text) - OVERLAP, 1), LIMIT - OVERLAP):
        yield at, text[at : at + LIMIT]


def _first(part: str, at: int, text: str) -> Alert | None:
    if found := crisis(part):
        return _alert("crisis", text, at, ((found.start, found.end),), severity=found.severity)
    if threatened := harm.threat(part):
        return _alert("harm", text, at, (threatened,))
    if red := flag(part):
        return _alert("poisoning" if red.rule.group == "poisoning" else "emergency", text, at, red.spans, red=red)
    if told := harm.suffered(part):
        return _alert("abuse", text, at, (told,))
    return None


def _alert(
    kind: Kind, text: str, at: int, spans: tuple[tuple[int, int], ...], *, severity: int = 0, red: Flag | None = None
) -> Alert:
    language: Literal["en", "zh"] = "zh" if language_of(text) == "zh" else "en"
    spans = tuple((start + at, end + at) for start, end in spans)
    level = red.rule.level if red else "call"
    words = level if kind == "emergency" else kind
    group = red.rule.group if red else kind
    said = message(words, language, group=group_name(group, language) if kind == "emergency" else "")
    start, end = spans[0]
    return Alert(
        kind, group, level, severity, spans, text[start:end], said, lines(kind, language=language), language
    )  # fmt: skip


def decline(text: str) -> Decline | None:
    """The request that is not answered, with its fixed words; None where there is none. An alert goes before it."""
    for at, part in _windows(text):
        if found := harm.request(part):
            kind, (start, end) = found
            said = DECLINES[kind][language_of(text) == "zh"]
            return Decline(kind, start + at, end + at, text[start + at : end + at], said)  # type: ignore[arg-type]
    return None
