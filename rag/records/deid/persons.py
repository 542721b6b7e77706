"""What a note tells of a name: a given name or a surname, a woman's or a man's.

Decides by the words beside it ("Mr", "her daughter", "is a 45-year-old man") and, where they say nothing, by common
given names. Only the choice of a surrogate hangs on it: a wrong guess reveals nothing. Knows nothing of finding.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from rag.records.deid.fold import plain

_FEMALE = "mother|wife|daughter|sister|aunt|niece|girlfriend|grandmother|granddaughter|stepmother|stepdaughter|mom|mum|auntie|fiancée|widow|daughter-in-law|mother-in-law|sister-in-law"
_MALE = "father|husband|son|brother|uncle|nephew|boyfriend|grandfather|grandson|stepfather|stepson|dad|widower|son-in-law|father-in-law|brother-in-law"
_BEFORE = (
    ("surname", "female", re.compile(r"(?:mrs|ms|miss|madam|mme)\.?\s{1,2}\Z")), ("surname", "male", re.compile(r"(?:mr|sir|herr)\.?\s{1,2}\Z")),
    ("surname", "", re.compile(r"(?:dr|drs|prof|professor|doctor)\.?\s{1,2}\Z")), ("surname", "", re.compile(r"\b[a-z]\.\s?\Z")),
    ("given", "female", re.compile(rf"\b(?:{_FEMALE})(?:,| is| named| called)?[ (]{{1,2}}\Z")), ("given", "male", re.compile(rf"\b(?:{_MALE})(?:,| is| named| called)?[ (]{{1,2}}\Z")),
)  # fmt: skip
_AFTER = (
    ("female", re.compile(r"[^.\n]{0,30}?\b(?:woman|lady|girl|she|her)\b")),
    ("male", re.compile(r"[^.\n]{0,30}?\b(?:man|gentleman|boy|he|his)\b")),
)
WOMEN = frozenset("""mary maria anna ann anne elizabeth barbara susan jessica sarah karen lisa nancy betty margaret sandra ashley kimberly emily donna michelle carol amanda dorothy melissa deborah stephanie rebecca
sharon laura cynthia kathleen amy angela shirley brenda pamela emma nicole helen samantha katherine catherine christine debra rachel carolyn janet olivia maria heather diane julie joyce victoria ruth virginia lauren kelly
christina joan evelyn judith andrea hannah jacqueline martha gloria teresa sara janice julia grace judy theresa rose denise marilyn danielle beverly charlotte natalie diana sophia alice isabella fatima aisha priya mei ngozi""".split())  # fmt: skip
MEN = frozenset("""james robert john michael david william richard joseph thomas charles christopher daniel matthew anthony mark donald steven paul andrew joshua kenneth kevin brian george timothy ronald jason edward jeffrey
ryan jacob gary nicholas eric jonathan stephen larry justin scott brandon benjamin samuel gregory alexander patrick frank raymond jack dennis jerry tyler aaron jose adam nathan henry zachary douglas peter kyle noah ethan
jeremy walter christian keith roger terry austin sean gerald carl harold dylan arthur lawrence jordan jesse bryan billy bruce gabriel joe logan alan juan albert willie elijah wayne tom ahmed mohammed raj chidi carlos luis""".split())  # fmt: skip

# Those that are hardly ever anything else.
GIVEN_NAMES = (WOMEN | MEN) - frozenset(
    "mark rose grace frank jack joy victoria virginia charlotte georgia jordan christian logan gene dean ray may hope bill bob art will juan austin tyler chase dawn dylan kelly terry mei raj carol donna gloria sandra noah roger".split()
)


@dataclass(frozen=True, slots=True)
class Role:
    """kind: what the word is of its bearer's name. gender: "" where nothing tells it."""

    kind: Literal["given", "surname"]
    gender: Literal["female", "male", ""] = ""


def role(bare: str, text: str) -> Role:
    """Of a name's word in lower case without accents, as the note `text` uses it: the first place that says something
    counts. At most its first 20 places are looked at."""
    low = plain(text)
    known = "female" if bare in WOMEN else "male" if bare in MEN else ""
    at, gender = -1, ""
    for _ in range(20):
        at = low.find(bare, at + 1)
        if at < 0:
            break
        before, after = low[max(0, at - 40) : at], low[at + len(bare) : at + len(bare) + 45]
        for kind, told, pattern in _BEFORE:
            # "Mr. John Smith": the title is the given name's.
            if pattern.search(before):
                whole = kind == "surname" and re.match(r" [a-z'\-]{2,}", after) and text[at + len(bare) + 1].isupper()
                return Role("given" if whole or kind == "given" else "surname", told or known)  # type: ignore[arg-type]
        gender = gender or next((g for g, pattern in _AFTER if pattern.match(after)), "")
    return Role("given" if known or gender else "surname", known or gender)  # type: ignore[arg-type]
