"""Finds a person in crisis: thoughts of suicide or self-harm, said openly or not, of oneself or of somebody near.

Decides a severity, a sum: what is said (1 hinted at, 2 openly) and what a method, means or plan adds (2). Patterns only
ever add, and nothing that follows a match takes it back, so a stated method never scores below none. Questions about
suicide as a subject of study match nothing: each pattern names who is meant. Where no pattern matches, a text that
reads like a crisis (`learned`) is a hint, as a whole, behind every other alert. Knows no wording of the answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType

from rag.safety import crisis_chinese, crisis_english
from rag.safety.context import languages, literature, plain
from rag.safety.learned import HINTS, likelihood, windows

OPENLY, HINT, WITH_METHOD = 2, 1, 2
# What is looked at before a match for a denial of it.
_BEFORE = 24


@dataclass(frozen=True, slots=True)
class Crisis:
    """severity: 1 hinted, 2 openly said, plus 2 where a method, means or plan is named. start, end: what says it."""

    severity: int
    start: int
    end: int


def hinted(text: str) -> Crisis | None:
    """A crisis that no pattern has words for, as the learned layer sees it: a hint, more if a method is named."""
    low = plain(text)
    if _denied(low) or not any(likelihood(w) >= HINTS for w in windows(text) if not literature(plain(w))):
        return None
    return Crisis(HINT + (WITH_METHOD if _method(low) else 0), 0, len(text))


def crisis(text: str) -> Crisis | None:
    """What of a crisis the text says in words that a pattern has, its clearest sign; None for none."""
    low = plain(text)
    latin, chinese = languages(low)
    spans: list[tuple[int, int, int]] = []
    studied = literature(low)
    for used, words in ((latin, crisis_english), (chinese, crisis_chinese)):
        if used:
            for severity, pattern, aside in _looked_for(words, studied=studied):
                spans += [(severity, *m.span()) for m in pattern.finditer(low) if _counts(m, words.DENIED, aside)]
    if not spans:
        return None
    severity, start, end = max(spans, key=lambda s: (s[0], -s[1]))
    return Crisis(severity + (WITH_METHOD if _method(low) else 0), start, end)


def _denied(low: str) -> bool:
    """Whether the text has words of a crisis only to deny them or to talk of something else."""
    return any(
        p.search(low) for words in (crisis_english, crisis_chinese) for _, p, _ in _looked_for(words, studied=False)
    )


def _method(low: str) -> bool:
    return any(p.search(low) for p in (*crisis_english.METHOD, *crisis_chinese.METHOD))


def _looked_for(words: ModuleType, *, studied: bool) -> Iterator[tuple[int, re.Pattern[str], re.Pattern[str] | None]]:
    """The patterns of a language, with what each adds and what must not stand in its sentence.

    studied: the text asks the literature, so that bare words ("suicide") say nothing of a person.
    """
    for severity, sure, broad, bare in (
        (OPENLY, words.OPEN, words.BROAD_OPEN, words.BARE_OPEN),
        (HINT, words.HINTED, words.BROAD_HINTED, words.BARE_HINTED),
    ):
        yield from ((severity, p, None) for p in sure)
        yield from ((severity, p, words.ASIDE) for p in broad)
        yield from ((severity, p, words.BARE_ASIDE) for p in bare if not studied)


def _counts(match: re.Match[str], denied: re.Pattern[str], aside: re.Pattern[str] | None) -> bool:
    """Whether a match is not denied, and its sentence, for a broad pattern, is about a person's own life."""
    text, start = match.string, match.start()
    if denied.search(text[max(0, start - _BEFORE) : start]):
        return False
    if aside is None:
        return True
    low = max((text.rfind(c, 0, start) for c in ".!?;。！？；"), default=-1) + 1
    ends = [i for c in ".!?;。！？；" if (i := text.find(c, match.end())) >= 0]
    return not aside.search(text[low : min(ends, default=len(text))])
