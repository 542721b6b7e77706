"""Finds red flags: reads the features of a text and applies the rules. Decides which rule holds; knows no wording."""

from __future__ import annotations

from dataclasses import dataclass

from rag.safety import chinese, chinese_more, english, english_more
from rag.safety.context import denied, languages, literature, past, plain, snoring
from rag.safety.rules import BACKGROUND, BREATH, CHRONIC, ENOUGH, OWN_NEGATION, RULES, SEVERAL, WEIGHTS, Rule

Span = tuple[int, int]
_ENGLISH = dict((*english.FEATURES, *english_more.FEATURES))
_CHINESE = dict((*chinese.FEATURES, *chinese_more.FEATURES))
# Matches of one feature that are looked at; more say nothing new.
_MATCHES = 6


class Features:
    """The features of one text, each looked for once, when a rule asks for it."""

    def __init__(self, text: str) -> None:
        self.plain = plain(text)
        latin, chinese_too = languages(self.plain)
        self._tables = [t for t, used in ((_ENGLISH, latin), (_CHINESE, chinese_too)) if used]
        self._found: dict[str, tuple[Span, ...]] = {}

    def spans(self, name: str) -> tuple[Span, ...]:
        """Where the feature stands as so and now: half-open offsets of the text as typed."""
        if name not in self._found:
            self._found[name] = tuple(
                s for table in self._tables for s in self._look(name, table[name].finditer(self.plain))
            )
        return self._found[name]

    def _look(self, name: str, matches: object) -> list[Span]:
        kept: list[Span] = []
        for match in matches:  # type: ignore[attr-defined]
            start, end = match.span()
            if name not in OWN_NEGATION and denied(self.plain, start, end):
                continue
            if name not in BACKGROUND and past(self.plain, start, end):
                continue
            if name in BREATH and snoring(self.plain, start, end):
                continue
            kept.append((start, end))
            if len(kept) == _MATCHES:
                break
        return kept

    def has(self, *names: str) -> bool:
        """Whether one of them stands in the text."""
        return any(self.spans(name) for name in names)


@dataclass(frozen=True, slots=True)
class Flag:
    """A rule that holds, and where its features stand, one span a group: one word is not two complaints."""

    rule: Rule
    spans: tuple[Span, ...]


def flags(text: str) -> list[Flag]:
    """Every red flag of a text, the most urgent first; none where the text asks the literature about people at large."""
    features = Features(text)
    if literature(features.plain):
        return []
    found = [f for f in (_applied(rule, features) for rule in RULES) if f is not None]
    return found or [f for f in (_weighed(features),) if f is not None]


def flag(text: str) -> Flag | None:
    """The first red flag of a text."""
    features = Features(text)
    if literature(features.plain):
        return None
    return next((f for f in (_applied(rule, features) for rule in RULES) if f is not None), None) or _weighed(features)


def _applied(rule: Rule, features: Features) -> Flag | None:
    used: list[Span] = []
    for group in rule.groups:
        span = next((s for name in group for s in features.spans(name) if s not in used), None)
        if span is None:
            return None
        used.append(span)
    return None if features.has(*rule.without) else Flag(rule, tuple(used))


def _weighed(features: Features) -> Flag | None:
    """Complaints that weigh enough together, each word counted once, for the heaviest that it says."""
    used: list[Span] = []
    weight = -CHRONIC if features.has("chronic") else 0
    for name, counts in WEIGHTS.items():
        span = next((s for s in features.spans(name) if all(s[1] <= a or b <= s[0] for a, b in used)), None)
        if span is not None:
            used.append(span)
            weight += counts
    return Flag(SEVERAL, tuple(sorted(used))) if weight >= ENOUGH else None
