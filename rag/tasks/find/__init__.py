"""Finding documents as people do it in PubMed: field queries, lists of references, saved searches that report news."""

from rag.tasks.find.query import Query, parse

__all__ = ["Query", "parse"]
