"""Recognises a question for the direction of an effect, and asks it as two yes/no questions that can be read for.

"With respect to pain, what is the reported difference between ibuprofen and placebo?", "What is the effect of metformin
on weight compared with placebo?" Decides the forms and how they are asked. Knows nothing of passages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Effect:
    """intervention against comparator ("" where none is named), on outcome."""

    intervention: str
    comparator: str
    outcome: str

    @property
    def raises(self) -> str:
        """The yes/no question whether the intervention increases the outcome."""
        return f"Does {self.intervention} increase {self.outcome}{self._against}?"

    @property
    def lowers(self) -> str:
        """The yes/no question whether the intervention reduces the outcome."""
        return f"Does {self.intervention} reduce {self.outcome}{self._against}?"

    @property
    def _against(self) -> str:
        return f" compared with {self.comparator}" if self.comparator else ""


_VERSUS = r"(?:compared (?:with|to)|versus|vs\.?|against|relative to|rather than)"
_FORMS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        r"^with respect to (?P<o>.{2,200}?), what is the (?:reported )?difference between "
        r"(?P<i>.{2,300}) and (?P<c>.{2,300}?)\??$",
        r"^what is the (?:reported )?difference in (?P<o>.{2,200}?) between (?P<i>.{2,300}) and (?P<c>.{2,300}?)\??$",
        rf"^(?:what (?:is|are|was|were) the (?:effects?|impact|influence) of (?=.* on )|how does (?!.* on ))"
        rf"(?P<i>.{{2,300}}?) "
        rf"(?:on|affect|influence|change) (?P<o>.{{2,200}}?)(?:,? {_VERSUS} (?P<c>.{{2,300}}?))?\??$",
    )
)


def effect(question: str) -> Effect | None:
    """The parts of a question for an effect, None for any other question."""
    text = " ".join(question.split())
    for form in _FORMS:
        if m := form.match(text):
            return Effect(m["i"].strip(), (m["c"] or "").strip(), m["o"].strip())
    return None
