"""How an answer about a patient looks: JSON, and the part of the text that stands before the literature's.

Decides layout only. Everything that comes from a record passes `safe`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.padding import Padding
from rich.text import Text

from rag.records.part import RecordPart
from rag.records.sparkline import chart
from rag.render import safe
from rag.words import say


def part_json(part: RecordPart) -> dict[str, Any]:
    """The value of `record` in what `ask --json` prints; citations are `R1`, `R2`, …."""
    return {
        "patient": part.patient, "view": part.view,
        "claims": [{"text": s.text, "citations": [f"R{n}" for n in s.citations]} for s in part.said],
        "citations": [
            {"number": f"R{c.number}", "resource": c.resource, "time": c.time, "document": c.document, "start": c.start,
             "end": c.end, "quote": c.quote}
            for c in part.citations
        ],
        "values": [{"time": p.time, "value": p.value, "unit": p.unit, "name": p.name} for p in part.points],
        "applicability": [
            {"source": f.source, "kind": f.kind, "text": f.text, "start": f.start, "end": f.end} for f in part.fits
        ],
    }  # fmt: skip


def part_text(part: RecordPart, question: str) -> Iterator[Any]:
    """What the record says with [R1], a chart of its values, where the evidence does not apply, and the lines cited."""
    heading = "record of" if part.view == "full" else "record of, masked"
    yield Text(say(heading, question, patient=safe(part.patient)), style="bold")
    for said in part.said or ():
        line = Text(safe(said.text))
        for number in said.citations:
            line.append(f" [R{number}]", style="magenta")
        yield Padding(line, (0, 0, 0, 2), expand=False)
    if not part.said:
        yield Padding(Text(say("not in the record", question), style="yellow"), (0, 0, 0, 2), expand=False)
    if len(part.points) > 1:
        yield Padding(Text(safe(chart(part.points)), style="cyan"), (0, 0, 0, 2), expand=False)
    if part.citations:
        yield Text(say("record sources", question), style="bold")
    for c in part.citations:
        line = Text(f"[R{c.number}] ", style="magenta").append(
            safe(c.quote if len(c.quote) < 300 else c.quote[:297] + "…")
        )
        yield Padding(line.append(f"  {safe(c.resource)}", style="dim"), (0, 0, 0, 4), expand=False)
    if part.fits:
        yield Text(say("fit", question), style="bold")
    for fit in part.fits:
        place = f":{fit.start}-{fit.end}" if fit.end else ""  # a limit that the title states has none
        line = Text(safe(fit.text)).append(f"  {safe(fit.source)}{place}", style="dim")
        yield Padding(line, (0, 0, 0, 2), expand=False)
    yield Text("")
