"""Department triage (科室分诊): which department a question belongs to, how sure that is, and what it rests on."""

from __future__ import annotations

from rag.tasks.triage.answer import Suggestion, Triaged, triage
from rag.tasks.triage.cases import Case

__all__ = ["Case", "Suggestion", "Triaged", "triage"]
