"""Evidence tables: what each study of a library found on a question, every cell quoted from its source."""

from rag.tasks.evidence.layout import page
from rag.tasks.evidence.report import evidence_report
from rag.tasks.evidence.types import EvidenceReport

__all__ = ["EvidenceReport", "evidence_report", "page"]
