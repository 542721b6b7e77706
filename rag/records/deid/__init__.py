"""De-identification: finds identifiers of the 18 HIPAA categories in English and Chinese, and replaces them
consistently."""

from rag.records.deid.detect import find
from rag.records.deid.redact import Redacted, Vault, join, redact, restore
from rag.records.deid.report import Measured, measured, report, statement
from rag.records.deid.surrogates import Surrogates
from rag.records.deid.types import CATEGORIES, Category, Finding

__all__ = [
    "CATEGORIES", "Category", "Finding", "Measured", "Redacted", "Surrogates", "Vault", "find", "join", "measured",
    "redact", "report", "restore", "statement",
]  # fmt: skip
