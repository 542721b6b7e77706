"""What an evidence report does not know, in words: what was searched, what was only read in part, what was not found.

Decides only what is told. Knows nothing of pages.
"""

from __future__ import annotations

from indexer.language import language_of
from rag.tasks.evidence.types import EvidenceReport
from rag.tasks.evidence.wording import say

CELLS = ("design", "n", "population", "intervention", "comparator")


def limits(report: EvidenceReport, *, read: int) -> tuple[str, ...]:
    """The limits as sentences in the report's language. read: characters of a text that were read for its cells."""
    language, total = report.language, len(report.studies)
    sep = "；" if language == "zh" else "; "
    told = [say("searched", language, documents=report.searched, read=total)]
    if short := sum(s.source.kind == "abstract" for s in report.studies):
        told.append(say("abstract only", language, count=short, total=total))
    if total > short:
        told.append(say("read limit", language, count=read))
    if report.left_out:
        told.append(say("retracted left out", language, ids=", ".join(report.left_out)))
    for mark, key in (("retracted", "retracted shown"), ("concern", "concern")):
        if ids := [s.source.id for s in report.studies if getattr(s.source, mark)]:
            told.append(say(key, language, ids=", ".join(ids)))
    if other := sum((s.source.language or language_of(s.source.title)) not in ("en", "") for s in report.studies):
        told.append(say("not english", language, count=other))
    if gaps := _gaps(report):
        told.append(say("missing", language, cells=gaps))
    if empty := [r for r in report.rows if r.direction == "unclear"]:
        named = sep.join(dict.fromkeys(f"{r.study.source.id} ({r.outcome.text})" for r in empty))
        told.append(say("no direction", language, count=len(empty), total=len(report.rows), rows=named))
    if report.off_topic:
        told.append(say("off topic", language, ids=sep.join(report.off_topic)))
    return (*told, say("rules", language))


def _gaps(report: EvidenceReport) -> str:
    """Which cells were not found, and of how many."""
    language, total = report.language, len(report.studies)
    named = [
        say("missing cell", language, name=say(name, language), count=count, total=total)
        for name in CELLS
        if (count := sum(not getattr(s, name) for s in report.studies))
    ]
    if bare := sum(not r.effect for r in report.rows):
        named.append(say("missing effect", language, count=bare, total=len(report.rows)))
    return ("；" if language == "zh" else "; ").join(named)
