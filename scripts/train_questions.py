"""Forms of questions and claims about a trial's intervention, comparator and outcome, shared by the training data.

Decides wording only.
"""

from __future__ import annotations

import random
import re
from typing import Any

UP = (
    "Does {i} increase {o} compared with {c}?", "Is {o} higher with {i} than with {c}?",
    "Does {i} lead to more {o} than {c}?", "Compared with {c}, does {i} raise {o}?",
    "Do patients given {i} have greater {o} than those given {c}?",
)  # fmt: skip
DOWN = (
    "Does {i} reduce {o} compared with {c}?", "Is {o} lower with {i} than with {c}?",
    "Does {i} lead to less {o} than {c}?", "Compared with {c}, does {i} decrease {o}?",
    "Does {i} lower {o}?",
)  # fmt: skip
ANY = (
    "Is there a difference in {o} between {i} and {c}?", "Does {i} change {o}?", "Does {i} affect {o} compared with {c}?",
    "Is {i} associated with a difference in {o}?",
)  # fmt: skip
CLAIM_UP = (
    "{i} increased {o} compared with {c}.", "{o} was higher with {i} than with {c}.", "Compared with {c}, {i} led to greater {o}.",
    "{i} significantly raised {o}.", "Patients given {i} had more {o} than those given {c}.",
)  # fmt: skip
CLAIM_DOWN = (
    "{i} reduced {o} compared with {c}.", "{o} was lower with {i} than with {c}.", "Compared with {c}, {i} led to less {o}.",
    "{i} significantly decreased {o}.", "Patients given {i} had lower {o} than those given {c}.",
)  # fmt: skip
CLAIM_SAME = (
    "{o} did not differ between {i} and {c}.", "There was no significant difference in {o} between {i} and {c}.",
    "{i} had no effect on {o} compared with {c}.", "{i} and {c} were similar with respect to {o}.",
)  # fmt: skip


def filled(template: str, p: dict[str, Any], *, swap: bool = False) -> str:
    """A template with a prompt's names (i, c, o); the first letter as a sentence wants it."""
    i, c = (p["c"], p["i"]) if swap else (p["i"], p["c"])
    text = template.format(i=i.strip(), c=c.strip(), o=p["o"].strip())
    return text[0].upper() + text[1:]


def asked_as(metadata: dict[str, Any], rng: random.Random) -> list[str]:
    """Two more questions that the prompt of `metadata` answers."""
    p = {"i": metadata["intervention"], "c": metadata["comparator"], "o": metadata["outcome"]}
    return [filled(rng.choice(UP + DOWN), p), filled(rng.choice(ANY), p)]


def content(text: str) -> set[str]:
    """The first five letters of a text's longer words."""
    return {w[:5] for w in re.findall(r"[a-z]{4,}", text.lower())}
