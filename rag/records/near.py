"""What is near a problem that a record does not have: a problem whose name holds its name (prediabetes, gestational
diabetes), and plans and goals that name it.

Decides that neither is the problem itself, and says so. Knows nothing of medicine beyond the names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.expand import chinese_terms
from rag.records.names import SAME, find
from rag.records.told import MOST, Asked, Told, dated, family, latest, missing, state
from rag.records.types import Entry

_SHORTEST = 6  # letters of a name that is looked for inside others


def near(asked: Asked) -> Told | None:
    """That a problem is not recorded, with the near ones and the plans; None where there are none."""
    name = asked.wanted.name
    problems = _current(e for e in _problems(asked))
    groups = find(name, asked.entries, every=("plan",))
    plans = latest(groups)[-MOST:] if groups else []
    if not problems and not plans:
        return None
    text = missing(asked, [name])
    if problems:
        items = "; ".join(state(e, asked) for e in problems)
        text += asked.say(f" Recorded with a name near it: {items}.", f"名称相近的记录：{items}。")
    if plans:
        items = "; ".join(dated(e, asked) for e in plans)
        text += asked.say(
            f" A plan or goal names it, which is not the problem itself: {items}.",
            f"计划或目标中提及（并非诊断本身）：{items}。",
        )
    return asked.told(text, [*problems, *plans], recorded=False)


def _problems(asked: Asked) -> Iterator[Entry]:
    forms = list(_forms(asked.wanted.name))
    for e in asked.entries:
        lower = e.name.lower()
        if e.category == "condition" and not family(e) and any(form in lower for form in forms):
            yield e


def _current(found: Iterator[Entry]) -> list[Entry]:
    """Of each name the last."""
    return list({e.name.lower(): e for e in found}.values())[-MOST:]


def _forms(name: str) -> Iterator[str]:
    """A name, and what a person or a state is called by it; words of a class are left to the whole name."""
    names = [name, SAME.get(name, "")]
    if re.search("[\u4e00-\u9fff]", name):
        core = re.sub(r"(?:病史|症|病)\Z", "", name)
        names += [core if len(core) > 1 else "", *chinese_terms().get(name, ()), *chinese_terms().get(core, ())]
    for form in names:
        bare = form.lower().removesuffix(" mellitus")
        if len(bare) >= _SHORTEST or (bare and bare[0] > "\u3400" and len(bare) > 1):
            yield bare
