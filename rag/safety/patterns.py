"""How the patterns of the safety rules are made. Decides what "near each other" means; knows no disease.

English patterns are matched on lower-case text. Every gap is bounded, so that each pattern is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

# What may stand between two words that belong together: no end of a sentence, no negation.
_GAP = r"(?:(?! no | not | never | without |n't )[^.!?;\n])"
_ZH_GAP = "[^。！？；\n没不无]"


def near(one: str, other: str, gap: int = 25) -> str:
    """One beside the other, in either order, at most `gap` characters apart."""
    return f"(?:{one})\\b{_GAP}{{0,{gap}}}\\b(?:{other})|(?:{other})\\b{_GAP}{{0,{gap}}}\\b(?:{one})"


def then(one: str, other: str, gap: int = 25) -> str:
    """One and after it the other, at most `gap` characters apart."""
    return f"(?:{one})\\b{_GAP}{{0,{gap}}}\\b(?:{other})"


def zh_near(one: str, other: str, gap: int = 8) -> str:
    """The Chinese `near`: no word boundaries."""
    return f"(?:{one}){_ZH_GAP}{{0,{gap}}}(?:{other})|(?:{other}){_ZH_GAP}{{0,{gap}}}(?:{one})"


def english(table: Mapping[str, str]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The compiled features of a table, each from a word's start."""
    return tuple((name, re.compile(rf"\b(?:{pattern})")) for name, pattern in table.items())


def chinese(table: Mapping[str, str]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The compiled features of a table."""
    return tuple((name, re.compile(pattern)) for name, pattern in table.items())
