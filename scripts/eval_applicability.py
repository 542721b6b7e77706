"""Measures applicability: mismatches between patients and studies that are flagged, false alarms, and limits found.

    python -m scripts.eval_applicability [--pairs FILE ...] [--half blind] [--data DIR] [--show] [--json FILE]

The pairs of `applicability-pairs.jsonl` were written before the first rules; those marked `blind` were not run until
these were finished. `applicability-blind.jsonl` was written before populations were read, and
`applicability-blind-2.jsonl` after what the first one showed was mended; each was run once before anything was mended
on it (`applicability-history.json` keeps those runs), so what this prints of them now is tuned. All were written by the
author of the rules. A mismatch is flagged if a limit of its kind is `outside`; a false alarm is a kind that is
`outside` and no mismatch, and its share is among all kinds flagged. Notes on a described population are counted apart.
With --data also how many limits are found in 200 articles of Evidence Inference, evenly over the sorted names;
--sample N prints N of them to read.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from indexer.types import Document, Source
from rag.records.applicability import Match, compare
from rag.records.criteria import Criterion, criteria
from rag.records.facts import facts
from rag.records.types import Entry, Person


def matches(pair: dict[str, Any]) -> list[Match]:
    """All limits of a pair's study against its patient."""
    person, entries = Person(**pair["patient"]["person"]), []
    for i, raw in enumerate(pair["patient"]["entries"]):
        detail = tuple(tuple(d) for d in raw.get("detail", ()))
        entries.append(Entry(f"pair:{i}", document="pair", begin=0, end=0, **{**raw, "detail": detail}))
    known = facts(person, entries, today=date.fromisoformat(pair["today"]))
    study = Document(Source(f"pair:{pair['id']}", title=pair.get("title", "")), pair["study"], ())
    at = pair["study"].find(pair["cited"]) if pair.get("cited") else -1
    cited = [(at, at + len(pair["cited"]))] if at >= 0 else []
    return compare(known, criteria(study, cited=cited), language=pair["language"])


def score(pairs: list[dict[str, Any]], *, show: bool) -> dict[str, float]:
    """Shares and counts over these pairs."""
    flagged = missed = false = clean = notes = fits = expected = 0
    for pair in pairs:
        found = matches(pair)
        notes += sum(m.criterion.rule == "described" for m in found)
        out = {m.kind for m in found if m.verdict == "outside" and m.criterion.rule != "described"}
        true = set(pair["mismatches"])
        flagged, missed, false = flagged + len(out & true), missed + len(true - out), false + len(out - true)
        clean += not out - true
        fits += sum(any(m.kind == k and m.verdict == "fits" for m in found) for k in pair["fits"])
        expected += len(pair["fits"])
        if show and out != true:
            print(pair["id"], "missed", sorted(true - out), "false", sorted(out - true), pair["study"])
            for m in found:
                print("   ", m.kind, m.verdict, m.text)
    return {
        "pairs": len(pairs), "mismatches": flagged + missed, "flagged": round(flagged / (flagged + missed), 4),
        "false alarms": false, "share of alarms that are false": round(false / max(flagged + false, 1), 4),
        "pairs with a false alarm": round(1 - clean / len(pairs), 4), "notes on described populations": notes,
        "expected fits": expected, "fits found": round(fits / max(expected, 1), 4),
    }  # fmt: skip


def articles(data: Path) -> list[tuple[str, list[Criterion], str]]:
    """Limits of 200 articles: name, limits, text."""
    files = sorted((data / "evidence_inference_v2" / "annotations" / "txt_files").glob("*.txt"))
    chosen = [files[i * len(files) // 200] for i in range(200)]
    texts = [(f.stem, f.read_text("utf-8")) for f in chosen]
    return [(name, criteria(Document(Source(name), text, ())), text) for name, text in texts]


def main() -> None:
    """Prints and writes the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--pairs", type=Path, nargs="+", default=sorted(Path("benchmarks").glob("applicability-*.jsonl"))
    )
    parser.add_argument("--data", type=Path, default=os.environ.get("ANAMNESIS_DATA"))
    parser.add_argument("--half", choices=("tuned", "blind", "both"), default="both")
    parser.add_argument("--sample", type=int, default=0, help="print this many of the limits, evenly spread")
    parser.add_argument("--show", action="store_true", help="print the pairs that differ")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    report: dict[str, Any] = {
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
    }
    for file in args.pairs:
        pairs = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        halves = {half: [p for p in pairs if p["blind"] == (half == "blind")] for half in ("tuned", "blind")}
        now = {h: score(p, show=args.show) for h, p in halves.items() if p and args.half in (h, "both")}
        report[file.stem] = now
    if args.data:
        found = articles(Path(args.data))
        stated = [(name, c, text) for name, limits, text in found for c in limits]
        report["articles"] = {
            "texts": len(found),
            "with a limit": sum(any(c.rule != "described" for c in limits) for _, limits, _ in found),
            "limits": sum(c.rule != "described" for _, c, _ in stated),
            "described": sum(c.rule == "described" for _, c, _ in stated),
            "kinds": dict(Counter(c.kind for _, c, _ in stated if c.rule != "described").most_common()),
        }  # fmt: skip
        limits = [s for s in stated if s[1].rule != "described"]
        count = min(args.sample, len(limits))
        for i in range(count):
            name, c, text = limits[i * len(limits) // count]
            a, b = c.sentence
            print(i + 1, name, c.kind, "|", c.what, "|", c.rule, "|", c.low, c.high, c.vague, "|", repr(c.quote))
            print("    ", text[a:b][:600])
    print(json.dumps(report, indent=1, ensure_ascii=False))
    if args.json:
        args.json.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
