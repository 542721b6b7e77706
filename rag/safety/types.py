"""What the safety rules say: an alert that goes before everything else, and a request that is declined."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["emergency", "poisoning", "crisis", "harm", "abuse"]


@dataclass(frozen=True, slots=True)
class Line:
    """A place to call. country: ISO code in lower case, "eu", or "" for anywhere. kinds: of alerts that it is for."""

    country: str
    kinds: tuple[str, ...]
    number: str
    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class Alert:
    """kind, group: what is feared (`crisis`, or the condition of the rule: "stroke"). level: "call" an ambulance or a
    help line now, or "go" to an emergency department now. severity: of a crisis, 1 hinted to 4 open with a method; else 0.

    spans: half-open offsets of the text as it was given; matched: what stands at the first. message: fixed words in the
    language of the text. stops: nothing else is to be answered (a crisis, a threat), because an answer could harm.
    """

    kind: Kind
    group: str
    level: Literal["call", "go"]
    severity: int
    spans: tuple[tuple[int, int], ...]
    matched: str
    message: str
    lines: tuple[Line, ...]
    language: Literal["en", "zh"]

    @property
    def stops(self) -> bool:
        """Whether nothing else may be said."""
        return self.kind in ("crisis", "harm")

    @property
    def text(self) -> str:
        """The message and the lines to call, as plain text."""
        named = [f"{line.number}  {line.zh if self.language == 'zh' else line.en}" for line in self.lines]
        return "\n".join([self.message, *named])

    def json(self) -> dict[str, Any]:
        """The alert as `--json` prints it."""
        return {
            "kind": self.kind, "group": self.group, "level": self.level, "severity": self.severity,
            "spans": [list(s) for s in self.spans], "matched": self.matched, "message": self.message,
            "lines": [{"country": x.country, "number": x.number, "name": x.zh if self.language == "zh" else x.en}
                      for x in self.lines],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decline:
    """A request that is not answered. kind: why. matched: `text[start:end]`. message: fixed words in its language."""

    kind: Literal["weapon", "drugs", "medicines", "forgery", "covert", "organs", "danger"]
    start: int
    end: int
    matched: str
    message: str

    def json(self) -> dict[str, Any]:
        """The decline as `--json` prints it."""
        return {"kind": self.kind, "matched": self.matched, "message": self.message}
