"""What the rows come to: findings by outcome, and which effects may stand in one forest plot.

Outcomes are the same when two thirds of their content words are; in a forest plot, when all are. Effects are comparable
when measure, outcome, intervention and comparator are the same (one's words are those of the other), each has a 95 %
interval, and there are two studies or more. Decides no direction and no number. Knows nothing of how things are drawn.
"""

from __future__ import annotations

from collections.abc import Sequence

from indexer.design import rank
from rag.align import words
from rag.tasks.evidence.estimates import RATIOS
from rag.tasks.evidence.pool import pooled
from rag.tasks.evidence.types import Forest, Line, Row

# Words that do not tell one outcome from another.
_WEAK = words(
    "rate rates risk incidence level levels mean median score scores overall total number proportion percentage "
    "frequency odds likelihood prevalence occurrence concentration concentrations value values adjusted "
    "day days week weeks month months year years"
)
_DIFFERENCES = frozenset(("MD", "SMD", "RD"))


def key(outcome: str) -> frozenset[str]:
    """The words that name an outcome."""
    own = words(outcome)
    return own - _WEAK or own


def alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two outcomes are the same: two thirds of all their words are shared."""
    return bool(one) and len(one & other) * 3 >= 2 * len(one | other)


def groups(rows: Sequence[Row]) -> list[list[Row]]:
    """Rows of the same outcome together, in the order of the first."""
    found: list[tuple[frozenset[str], list[Row]]] = []
    for row in rows:
        own = key(row.outcome.text)
        same = next((members for name, members in found if alike(name, own)), None)
        if same is None:
            found.append((own, [row]))
        else:
            same.append(row)
    return [members for _, members in found]


def summary(rows: Sequence[Row]) -> tuple[Line, ...]:
    """A line an outcome: which studies say what, best design first; outcomes with the most studies first. A study that
    says two different things of one outcome counts under each."""
    lines = []
    for members in groups(rows):
        ordered = sorted(members, key=lambda r: (rank(r.study.source.design), -(r.study.source.year or 0)))
        sides = {
            d: tuple(dict.fromkeys(r.study.source.id for r in ordered if r.direction == d))
            for d in ("increased", "decreased", "no difference", "unclear")
        }
        lines.append(
            Line(members[0].outcome.text, sides["increased"], sides["decreased"], sides["no difference"],
                 sides["unclear"],
                 ordered[0].study.source.design)
        )  # fmt: skip
    return tuple(sorted(lines, key=lambda line: (-_studies(line), rank(line.best_design))))


def _studies(line: Line) -> int:
    return len({*line.increased, *line.decreased, *line.same, *line.unclear})


def forests(rows: Sequence[Row]) -> tuple[tuple[Forest, ...], str]:
    """The forest plots that are allowed, and where there is none the word that says why (`words`)."""
    usable = [
        r
        for r in rows
        if r.interval and r.estimate and r.estimate.level == 95 and r.estimate.measure in RATIOS | _DIFFERENCES
    ]
    if not usable:
        return (), "no intervals"
    by: dict[tuple[frozenset[str], str], list[Row]] = {}
    for r in usable:
        by.setdefault((key(r.outcome.text), r.estimate.measure if r.estimate else ""), []).append(r)
    found = [f for same in by.values() for f in map(_forest, _by_arms(same)) if f]
    return tuple(found), "" if found else "not comparable"


def _by_arms(rows: Sequence[Row]) -> list[list[Row]]:
    """Rows of studies with the same named intervention and comparator; one row a study, its first. A meta-analysis is
    none of them: it may hold the others."""
    found: list[tuple[frozenset[str], frozenset[str], list[Row]]] = []
    for row in rows:
        given, against = words(row.study.intervention.text), words(row.study.comparator.text)
        if not given or not against or row.study.source.design in ("meta-analysis", "systematic review"):
            continue
        same = next((m for g, a, m in found if _within(g, given) and _within(a, against)), None)
        if same is None:
            found.append((given, against, [row]))
        elif all(r.study.source.id != row.study.source.id for r in same):
            same.append(row)
    return [members for *_, members in found]


def _within(one: frozenset[str], other: frozenset[str]) -> bool:
    return one <= other or other <= one


def _forest(rows: Sequence[Row]) -> Forest | None:
    effects = [(e.value, e.low, e.high) for r in rows if (e := r.estimate)]
    known = [(v, a, b) for v, a, b in effects if v is not None and a is not None and b is not None]
    if len(known) < 2 or len(known) != len(rows) or not rows[0].estimate:
        return None
    ratio = rows[0].estimate.measure in RATIOS
    if any(a >= b or (ratio and a <= 0) for _, a, b in known):
        return None
    fixed, random = pooled(known, ratio=ratio)
    return Forest(
        rows[0].outcome.text, rows[0].study.comparator.text, rows[0].estimate.measure, tuple(rows), fixed, random
    )
