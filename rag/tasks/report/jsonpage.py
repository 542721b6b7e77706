"""A page as JSON, for programs: every block with its type, every text with its labels.

The schema is in docs/reports.md. Decides the names of the fields; additions may come, none is renamed while
`version` stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rag.records.part import Cited
from rag.tasks.page import Block, Heading, Page, Paragraph, Picture, Points, Text

FORMAT, VERSION = "anamnesis report", 1


def page_json(page: Page, *, cited: Sequence[Cited] = ()) -> dict[str, Any]:
    """The whole page. cited: the places of a record or dialogue behind the labels, under `citations`."""
    found: dict[str, Any] = {
        "format": FORMAT, "version": VERSION, "title": page.title, "language": page.language,
        "notices": list(page.notices), "blocks": [_block(b) for b in page.blocks],
        "references": [
            {"label": r.label, "text": r.text, "quote": r.quote, "link": r.link} for r in page.references
        ],
    }  # fmt: skip
    if cited:
        found["citations"] = [
            {"label": label.label, "resource": c.resource, "time": c.time, "document": c.document, "start": c.start,
             "end": c.end, "quote": c.quote}
            for label, c in zip(page.references, cited, strict=True)
        ]  # fmt: skip
    return found


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Heading):
        return {"type": "heading", "text": block.text, "level": block.level}
    if isinstance(block, Paragraph):
        return {"type": "paragraph", "texts": _texts(block.texts)}
    if isinstance(block, Points):
        return {"type": "points", "items": _texts(block.items)}
    if isinstance(block, Picture):
        return {"type": "picture", "svg": block.svg, "alt": block.alt}
    rows = [_texts(row) for row in block.rows]
    return {"type": "table", "caption": block.caption, "header": list(block.header), "rows": rows}


def _texts(texts: Sequence[Text]) -> list[dict[str, Any]]:
    return [{"text": t.text, "cites": list(t.cites)} for t in texts]
