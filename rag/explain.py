"""Says how a search came to its hits: what was understood, and for each hit what every stage gave and which terms
match.

Decides nothing; it reads what retrieval kept. Knows nothing of terminals.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rag.library import Library
from rag.retrieve import asked
from rag.settings import EFFORTS
from rag.types import Hit


def explained(library: Library, question: str, hits: Sequence[Hit]) -> dict[str, Any]:
    """`understood` (found, added, by), `searched` (what the English models were given) and, per hit, `terms`."""
    meant = asked(library.index, question, EFFORTS[library.settings.effort])
    lexical = library.index.lexical
    wanted = dict.fromkeys(t for text in (meant.text, *(n for n, _ in meant.also)) for t in lexical.terms(text))
    return {
        "understood": [{"found": e.found, "added": list(e.added), "by": e.by} for e in meant.expansions],
        "searched": meant.english,
        "hits": [{"id": h.passage.id, "why": h.why, "terms": _matched(lexical, wanted, h)} for h in hits],
    }


def _matched(lexical: Any, wanted: dict[tuple[str, str], None], hit: Hit) -> list[str]:
    p = hit.passage
    present = set(lexical.terms(f"{p.source.title}\n{p.section}\n{p.text}"))
    return list(dict.fromkeys(term for field, term in wanted if field in ("text", "zh") and (field, term) in present))
