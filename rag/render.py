"""How hits, excerpts and reports look: JSON of the public contract, and text for people (answers: `render_answer`).

Everything that comes from data passes `safe`, so that no document, title or file name can drive a terminal. Decides
layout only; knows nothing of how an answer came about.
"""

from __future__ import annotations

import json
import re
from typing import Any

from rich.console import Console, Group
from rich.padding import Padding
from rich.text import Text

from indexer.types import BuildReport, Source
from rag.types import Excerpt, Hit

_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e01ef]"
)


def safe(text: object) -> str:
    """`text` without control, bidirectional, zero-width or tag characters; a line end stays, an ESC becomes `?`."""
    return _UNSAFE.sub("?", str(text))


# JSON


def plain_json(what: object) -> str:
    """`what` as JSON that says all of it but drives no terminal: what `safe` replaces stands as an escape."""
    return _UNSAFE.sub(_escaped, json.dumps(what, ensure_ascii=False, indent=1))


def _escaped(unsafe: re.Match[str]) -> str:
    units = unsafe[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{high:02x}{low:02x}" for high, low in zip(units[::2], units[1::2], strict=True))


def source_json(source: Source) -> dict[str, Any]:
    """The bibliographic part of a citation or hit."""
    return {
        "id": source.id, "kind": source.kind, "title": source.title, "authors": list(source.authors),
        "journal": source.journal, "year": source.year, "design": source.design, "retracted": source.retracted,
        "concern": source.concern, "language": source.language, "links": source.links,
    }  # fmt: skip


def search_json(question: str, hits: list[Hit]) -> dict[str, Any]:
    """The object that `search --json` prints."""
    return {
        "question": question,
        "hits": [
            {
                "id": h.passage.id, "source": source_json(h.passage.source), "section": h.passage.section,
                "page": h.passage.page, "start": h.passage.start, "end": h.passage.end, "text": h.passage.text,
                "score": h.score, "why": h.why,
            }
            for h in hits
        ],
    }  # fmt: skip


def excerpt_json(excerpt: Excerpt) -> dict[str, Any]:
    """The object that `show --json` prints."""
    p = excerpt.passage
    return {
        "id": p.id, "source": source_json(p.source), "section": p.section, "page": p.page, "start": p.start,
        "end": p.end, "before": excerpt.before, "text": p.text, "after": excerpt.after,
    }  # fmt: skip


def report_json(report: BuildReport) -> dict[str, Any]:
    """The object that `index --json` prints."""
    return {
        "generation": report.generation, "documents": report.documents, "passages": report.passages,
        "embedded": report.embedded, "seconds": {k: round(v, 3) for k, v in report.seconds.items()},
        "files": [
            {"path": f.path, "verdict": f.verdict, "reason": f.reason, "documents": f.documents} for f in report.files
        ],
    }  # fmt: skip


# Text


def console(*, stderr: bool = False) -> Console:
    """Colours and wrapping on a terminal, plain unwrapped lines into a pipe."""
    made = Console(stderr=stderr, highlight=False, emoji=False, markup=False)
    if not made.is_terminal:
        made = Console(stderr=stderr, highlight=False, emoji=False, markup=False, width=100_000, no_color=True)
    return made


def reference(source: Source) -> str:
    """One line that identifies a source: authors, title, journal, year, design, identifier."""
    authors = ", ".join(source.authors[:3]) + (" et al." if len(source.authors) > 3 else "")
    journal = " ".join(str(x) for x in (source.journal, source.year) if x)
    design = source.design if source.design != "not stated" else ""
    links = [f"{k}:{source.links[k]}" for k in ("doi", "pmid", "pmcid") if k in source.links]
    flag = "RETRACTED" if source.retracted else "EXPRESSION OF CONCERN" if source.concern else ""
    where = links[0] if links else source.links.get("path", source.id)
    title = source.title or source.id
    return safe(" · ".join(x for x in (flag, authors, title, journal, design, where) if x))


def hits_text(hits: list[Hit]) -> Group:
    """Search results for people."""
    parts: list[Any] = []
    for number, hit in enumerate(hits, start=1):
        why = ", ".join(f"{k} {v:.3g}" for k, v in hit.why.items())
        parts.append(Text(f"{number}. ", style="cyan").append(reference(hit.passage.source), style="bold"))
        parts.append(
            Padding(
                Text(safe(f"{hit.passage.id}  {hit.passage.section}  ({why})"), style="dim"),
                (0, 0, 0, 3),
                expand=False,
            )
        )
        parts += [Padding(Text(safe(hit.passage.text)), (0, 0, 0, 3), expand=False), Text("")]
    return Group(*parts) if parts else Group(Text("Nothing found."))


def excerpt_text(excerpt: Excerpt) -> Group:
    """A quote in its place, marked."""
    p = excerpt.passage
    place = " · ".join(x for x in (p.section, f"page {p.page}" if p.page else "", f"characters {p.start}-{p.end}") if x)
    body = Text(safe(excerpt.before)).append("»", style="cyan").append(safe(p.text), style="bold reverse")
    body.append("«", style="cyan").append(safe(excerpt.after))
    return Group(Text(reference(p.source), style="bold"), Text(safe(place), style="dim"), Text(""), body)


def report_text(report: BuildReport) -> Group:
    """What a build did, and every file that was not indexed, with its reason."""
    counts: dict[str, int] = {}
    for file in report.files:
        counts[file.verdict] = counts.get(file.verdict, 0) + 1
    total = ", ".join(f"{n} {verdict}" for verdict, n in sorted(counts.items())) or "no files"
    parts: list[Any] = [
        Text(f"  {safe(f.verdict)}: {safe(f.path)}: {safe(f.reason)}", style="yellow") for f in report.files if f.reason
    ]
    parts.append(
        Text(
            f"Generation {report.generation}: {report.documents:,} documents, {report.passages:,} passages "
            f"({report.embedded:,} newly embedded) in {report.seconds['total']:.1f} s. Files: {total}."
        )
    )
    return Group(*parts)


def explained_text(told: dict[str, Any]) -> Text:
    """What was understood, and each hit's stages and matched terms."""
    lines = ["Understood:"]
    lines += [f"  {e['found']} → {', '.join(e['added'])} ({e['by']})" for e in told["understood"]] or ["  as written"]
    if told["searched"]:
        lines.append(f"Meaning searched: {told['searched']}")
    for number, hit in enumerate(told["hits"], start=1):
        stages = ", ".join(f"{stage} {value}" for stage, value in hit["why"].items())
        lines.append(f"[{number}] {stages}; terms: {', '.join(hit['terms']) or 'none'}")
    return Text(safe("\n".join(lines)))
