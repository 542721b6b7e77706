"""A draft of a note from a dialogue: what was said, word for word, under the headings of a note.

Every line is a stretch of the dialogue and cites its turn and characters; nothing is rephrased, so nothing can be
said that was not. What is missing is named. Decides how a line looks. A draft quotes both speakers: what a patient
believes and what a clinician found stand side by side, each with who said it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from rag.records.part import Cited
from rag.tasks.page import Page, Paragraph, Points, Text
from rag.tasks.report import draft as drafts
from rag.tasks.report.draft import Draft, Part
from rag.tasks.report.kinds import SPOKEN
from rag.tasks.report.sorting import sorted_statements
from rag.tasks.report.template import Spec, Template
from rag.tasks.report.transcript import Role, Statement, statements, turns
from rag.tasks.report.wording import word

_SPEAKERS: dict[Role, str] = {"clinician": "clinician", "patient": "patient said", "other": "other said"}


@dataclass(frozen=True, slots=True)
class DialogueReport:
    """A finished draft of a dialogue: as a page, and as it was checked."""

    page: Page
    draft: Draft


def dialogue_report(text: str, *, name: str, template: Template, language: str) -> DialogueReport:
    """The draft from the text of a dialogue. name: what citations call it. Raises ReadError when there are no turns."""
    spoken = turns(text, name=name)
    cited: dict[str, Cited] = {}
    lines: dict[str, list[Text]] = {}
    for one, section in sorted_statements(text, statements(text, spoken)):
        number = len(cited) + 1
        turn = f"turn:{one.first}" if one.first == one.last else f"turn:{one.first}-{one.last}"
        cited[f"R{number}"] = Cited(number, turn, "", name, one.start, one.end, text[one.start : one.end])
        lines.setdefault(section, []).append(_line(text, one, label=f"R{number}", language=language))
    parts = tuple(_part(spec, lines.get(spec.kind, []), language) for spec in template.sections)
    # Of each line, who says it is the program's word.
    speakers = frozenset((t.text, t.text.partition(":")[0]) for said in lines.values() for t in said)
    whole = Draft(template.title, language, parts, tuple(cited.values()), (), speakers)
    kept, dropped = drafts.proved(whole)
    none = word("everything said", language)
    kept = replace(kept, parts=tuple(drafts.gaps(p, kept.parts, none=none, told=lambda g: g.gap) for p in kept.parts))
    kept = drafts.numbered(kept)
    notices = (word("dropped", language, n=dropped),) if dropped else ()
    joint = "，" if language == "zh" else ", "
    kept = replace(kept, title=f"{kept.title}{joint}{name}", notices=notices)
    said = {t.number: t.role for t in spoken}
    page = drafts.page(kept, where=lambda c: _where(c, said, language), prefix="D")
    return DialogueReport(page, kept)


def _line(text: str, one: Statement, *, label: str, language: str) -> Text:
    """A statement in quotation marks behind who says it; a question with its answer stands as in the dialogue."""
    shown = " ".join(text[one.start : one.end].split())
    role: Role = one.role if one.first == one.last else "clinician" if one.role == "patient" else "other"
    return Text(f"{word(_SPEAKERS[role], language)}: “{shown}”", (label,))


def _part(spec: Spec, said: list[Text], language: str) -> Part:
    if spec.kind == "gaps":
        return Part(spec.kind, spec.heading, spec.code)
    if not said or not spec.most:
        what = SPOKEN[spec.kind].what[language == "zh"]
        return Part(spec.kind, spec.heading, spec.code, (), word("not said", language, what=what))
    left = len(said) - spec.most
    more = (Paragraph((Text(word("more", language, n=left)),)),) if left > 0 else ()
    return Part(spec.kind, spec.heading, spec.code, (Points(tuple(said[: spec.most])), *more))


def _where(cited: Cited, said: dict[int, Role], language: str) -> str:
    """The place in words: turn, who speaks, characters."""
    first, _, last = cited.resource.removeprefix("turn:").partition("-")
    roles = dict.fromkeys(word(_SPEAKERS[said[int(n)]], language) for n in (first, last) if n)
    key = "turns" if last else "turn"
    turn = word(key, language, turn=first, last=last, speaker=", ".join(roles))
    return f"{turn}, {word('characters', language, start=cited.start, end=cited.end)}"
