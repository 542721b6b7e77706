"""A consultation as plain text and as JSON. Decides the order of its parts; the alert always stands first."""

from __future__ import annotations

from typing import Any

from rag.render import safe
from rag.render_answer import answer_json
from rag.tasks.consult.consult import Consultation, Literature
from rag.tasks.consult.words import say
from rag.words import say as say_rag

# In how many days a complaint under self care should be better.
_BETTER_IN = 3


def as_text(found: Consultation) -> str:
    """Everything that is said, `safe` for a terminal."""
    told = found.turns[-1]
    parts: list[str] = []
    if found.alert:
        parts.append(_boxed(found.alert.text))
    if found.declined:
        parts.append(found.declined.message)
    if found.care:
        parts.append(_care(found, told))
    if found.ask:
        parts.append("\n".join([f"{say('ask', told)}:", *(f"  - {say(key, told)}" for key in found.ask)]))
    if found.departments:
        names = ", ".join(f"{d.name} {d.probability:.0%}" for d in found.departments)
        parts.append(f"{say('department', told)}: {names}")
    if found.literature:
        parts.append(_literature(found.literature, told))
    parts.append("\n".join([*found.notices, say_rag("disclaimer", told)]))
    return safe("\n\n".join(parts))


def _boxed(text: str) -> str:
    return "\n".join(f"!! {line}" for line in text.split("\n"))


def _care(found: Consultation, told: str) -> str:
    assert found.care is not None
    head = f"{say('care', told)}: {say('level ' + found.care.level, told)}"
    if found.care.level == "emergency":
        return head
    lines = [f"{head} ({say('why ' + found.care.why, told, matched=found.care.matched)})", say("net", told)]
    if found.care.level == "self care":
        lines.append(say("net time", told, days=_BETTER_IN))
    return "\n".join(lines)


def _literature(part: Literature, told: str) -> str:
    lines = [say("library", told) + ":"]
    if part.question and part.answer:
        lines.append("  " + say("asked", told, question=part.question))
    for claim in part.claims:
        marks = "".join(f"[{c.number}]" for c in claim.citations)
        lines.append(f"  - {claim.text} {marks}")
    sources = {c.number: c.passage.source for claim in part.claims for c in claim.citations}
    for number, source in sorted(sources.items()):
        year = f" ({source.year})" if source.year else ""
        lines.append(f"    [{number}] {source.title or source.id}{year} {source.id}")
    if part.reason:
        lines.append("  " + part.reason)
    if part.left_out:
        lines.append("  " + say("left out", told, count=part.left_out))
    return "\n".join(lines)


def as_json(found: Consultation) -> dict[str, Any]:
    """The object that `consult --json` prints; spans are offsets of the text that raised the alert."""
    told = found.turns[-1]
    care = found.care
    return {
        "turns": list(found.turns),
        "alert": found.alert.json() if found.alert else None,
        "declined": found.declined.json() if found.declined else None,
        "care": {"level": care.level, "why": care.why, "matched": care.matched, "text": say(f"level {care.level}", told)}
        if care else None,
        "said": sorted(found.facts.said), "days": found.facts.days, "age": found.facts.age,
        "ask": [{"about": key, "question": say(key, told)} for key in found.ask],
        "departments": [{"department": d.key, "name": d.name, "probability": d.probability} for d in found.departments],
        "literature": _literature_json(found.literature) if found.literature else None,
        "notices": [*found.notices, say_rag("disclaimer", told)],
    }  # fmt: skip


def _literature_json(part: Literature) -> dict[str, Any]:
    whole = answer_json(part.answer) if part.answer else {"claims": [], "citations": []}
    return {
        "question": part.question, "reason": part.reason, "left_out": part.left_out,
        "claims": whole["claims"], "citations": whole["citations"],
    }  # fmt: skip
