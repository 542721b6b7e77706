"""Sentences of a patient's notes as they stand, by the headings they stand under.

Decides which headings belong to which section of a report. A denial or a family history is quoted as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from rag.records.headings import canonical, english
from rag.tasks.page import Paragraph, Points, Text
from rag.tasks.report.case import Case
from rag.tasks.report.draft import Piece
from rag.tasks.report.template import Spec

HEADINGS: dict[str, frozenset[str]] = {
    "reason": frozenset({"Chief complaint", "Indication", "Admission condition"}),
    "problems": frozenset({"Problem list", "Diagnosis", "Discharge diagnosis"}),
    "history": frozenset(
        {"History of present illness", "Past medical history", "Past surgical history", "Social history",
         "Family history", "Family and social history", "Other history", "Gynecologic history", "Risk factors",
         "Subjective"}
    ),
    "allergies": frozenset({"Allergies"}),
    "medications": frozenset({"Medications", "Discharge medications"}),
    "procedures": frozenset({"Procedures", "Anesthesia"}),
    "imaging": frozenset({"Imaging", "Findings", "Comparison"}),
    "course": frozenset({"Hospital course", "Emergency department course", "Discharge summary", "Summary"}),
    "examination": frozenset({"Physical exam", "Vital signs", "Objective"}),
    "assessment": frozenset(
        {"Assessment", "Assessment and plan", "Differential diagnosis", "Plan", "Orders"}
    ),
    "follow-up": frozenset(
        {"Follow-up", "Disposition", "Discharge instructions", "Instructions", "Safety netting"}
    ),
}  # fmt: skip
_RADIOLOGY = re.compile(r"radiolog|imaging|x-?ray|\bCT\b|\bMRI?\b|ultraso|echocardio|影像|放射|超声|磁共振", re.I)


def quoted(case: Case, spec: Spec, headings: frozenset[str]) -> Iterable[Piece]:
    """The sentences under these headings, the newest note first, with what leads over to them; none gives nothing."""
    wanted = {english(canonical(h) or h) for h in headings}
    # An impression is the reading of a study in a radiology report, and the assessment in any other note.
    imaging, assessing = "Findings" in wanted, "Assessment" in wanted
    found = list(
        case.sentences(
            lambda note, heading: (
                heading in wanted
                or (heading == "Impression" and (imaging if _RADIOLOGY.search(note.name) else assessing))
            )
        )
    )
    if not found:
        return
    yield Paragraph((Text(case.say("said in notes")),))
    yield Points(tuple(case.quote(s) for s in found[: spec.most]))
    if len(found) > spec.most:
        yield Paragraph((Text(case.say("more", n=len(found) - spec.most)),))
