"""What part of an article a heading announces: its conclusions, its results, or what leads up to them.

One table, used to choose among a source's passages and among their sentences. Knows nothing of scores.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """order: place when reading for an answer, 0 first. bonus: what a sentence of this part gains when it competes.

    weight: what a passage of this part counts among those of its own source.
    """

    order: int
    bonus: float
    weight: float


# The order of what leads up to a source's findings: its background and its methods.
LEADS_UP = 3
_PARTS = (
    (r"conclu|recommend|key point|bottom line|结论|推荐|建议|总结|小结", Part(0, 0.07, 1.0)),
    (r"result|finding|outcome|efficacy|safety|adverse|harm|结果|疗效|不良反应|安全", Part(1, 0.06, 1.0)),
    (r"background|introduc|objective|aim|purpose|question|why |背景|目的|引言|前言", Part(LEADS_UP, -0.06, 0.7)),
    (r"method|design|setting|participants|population|statistic|方法|设计|对象", Part(LEADS_UP, -0.07, 0.7)),
    (r"limitation|strength|局限", Part(2, -0.06, 0.7)),
)
_COMPILED = tuple((re.compile(pattern, re.I), part) for pattern, part in _PARTS)
_OTHER = Part(2, 0.0, 0.9)


def part_of(heading: str) -> Part:
    """The part that a heading (or path of headings) announces; the first pattern that matches decides."""
    return next((part for pattern, part in _COMPILED if pattern.search(heading)), _OTHER)
