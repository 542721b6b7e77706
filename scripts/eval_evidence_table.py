"""Measures evidence tables: cells of hand-labelled abstracts, and the direction of evidence_inference prompts.

    python -m scripts.eval_evidence_table --data DIR [--set blind] [--json benchmarks/evidence-table.json] [--wrong]

Cells: benchmarks/evidence-table-labels.jsonl names 82 abstracts and what their cells should hold (short values, no
text). `tune` was used to write the rules; `seen` was labelled before the rules were first run on it and used after;
`blind` was labelled before the rules were run on it; no rule was written on it,
one slip was mended after its totals had shown it. A text cell is right
when it holds one of the labelled phrases and is no longer than 20 words; a number when it is the labelled one, and all
numbers of an effect belong to the labelled result. A row is held against the labelled result whose outcome it names.
Directions: prompts of held-out articles, the document, intervention, comparator and outcome given; `report` articles
(every second, by hash) were not looked at while weights were chosen on `choose`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import platform
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from indexer.design import classify
from indexer.types import Document, Section, Source
from rag.effect import Effect
from rag.evaluate.exact import decided
from rag.tasks.evidence.choose import direction_of
from rag.tasks.evidence.results import rows
from rag.tasks.evidence.study import READ, study
from rag.tasks.evidence.types import Row, Study
from scripts.train_data import lines
from scripts.train_evidence_choice import article
from scripts.train_evidence_data import trials

LABELS = Path(__file__).resolve().parent.parent / "benchmarks" / "evidence-table-labels.jsonl"
STUDY = ("design", "n", "population", "intervention", "comparator")
NAMES = {1: "yes", -1: "no", 0: "no difference"}
SAID = {"increased": "yes", "decreased": "no", "no difference": "no difference", "unclear": None}
_LONGEST = 20
Label = dict[str, Any]


def documents(data: Path, wanted: set[str]) -> dict[str, Document]:
    """The labelled abstracts, by id: PubMedQA with conclusions, BioASQ's marked parts, abstracts of trials."""
    found = {}
    for id, title, text in _texts(data, wanted):
        design = classify(publication_types=(), title=title, abstract=text)
        source = Source(id, kind="abstract", title=title, design=design)
        found[id] = Document(source, text, (Section("", 0, len(text)),))
    return found


def _texts(data: Path, wanted: set[str]) -> Iterator[tuple[str, str, str]]:
    for d in lines(data / "pubmedqa" / "train.jsonl"):
        if d["id"] in wanted:
            parts = [f"{s['heading']}: {s['text']}" for s in d["sections"]]
            yield d["id"], d["question"], "\n".join([*parts, "CONCLUSION: " + d["conclusion"]])
    for d in lines(data / "bioasq" / "documents.jsonl"):
        if d["id"] in wanted:
            yield d["id"], d.get("title") or "", d.get("text") or "\n".join(s["text"] for s in d["sections"])
    folder = data / "evidence_inference_v2" / "annotations" / "txt_files"
    for id in sorted(i for i in wanted if i.startswith("PMC")):
        text = (folder / f"{id}.txt").read_text("utf-8").partition("\nBODY.")[0][:6_000]
        title = text.partition("TITLE:")[2].strip().partition("\n")[0]
        yield id, title, re.sub(r"TITLE:[^\n]*\n[^\n]*\n", "", text, count=1).strip()


class Count:
    """Right, shown and wanted, by cell; the wrong ones for reading."""

    def __init__(self) -> None:
        self.right: Counter[str] = Counter()
        self.shown: Counter[str] = Counter()
        self.wanted: Counter[str] = Counter()
        self.found: Counter[str] = Counter()
        self.wrong: list[tuple[str, str, str]] = []
        self.missed: list[tuple[str, str, str]] = []
        self.wrong_numbers = 0
        self.numbers = 0

    def cell(self, id: str, name: str, text: str, *, right: bool | None) -> None:
        """Counts one shown cell; None: not scored."""
        if text and right is not None:
            self.shown[name] += 1
            self.right[name] += right
            if not right:
                self.wrong.append((id, name, text))

    def summary(self) -> dict[str, Any]:
        """Precision and recall of each cell and of all."""
        names = (*STUDY, "outcome", "direction", "effect", "interval")
        result: dict[str, Any] = {n: self._of([n]) for n in names}
        return {
            "all": self._of(list(names)), **result,
            "numbers shown": self.numbers, "wrong numbers": self.wrong_numbers,
        }  # fmt: skip

    def _of(self, names: list[str]) -> dict[str, Any]:
        right, shown, wanted, found = (
            sum(c[n] for n in names) for c in (self.right, self.shown, self.wanted, self.found)
        )
        return {"shown": shown, "wanted": wanted, "precision": _ratio(right, shown), "recall": _ratio(found, wanted)}


def _ratio(a: int, b: int) -> float | None:
    return round(a / b, 4) if b else None


def numbers(text: str) -> set[float]:
    """The numbers of a cell, signs left out."""
    plain = re.sub(r"9\d\s?%\s?(?:CI|[Cc]onfidence)", "", text.replace("·", "."))
    return {
        float(n.replace(",", ""))
        for n in re.findall(r"(?<![A-Za-zη])(?:\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)|(?<![A-Za-z\d])\.\d+", plain)
    }


def holds(text: str, phrases: list[str]) -> bool:
    """Whether a text cell names one of the labelled things, and is a name and not half a sentence."""
    return len(text.split()) <= _LONGEST and any(p.lower() in text.lower() for p in phrases)


def of_study(count: Count, label: Label, made: Study) -> None:
    """Counts the five cells of a study."""
    for name in STUDY:
        text, wanted = getattr(made, name).text, label[name]
        count.wanted[name] += bool(wanted)
        if not text:
            continue
        if name == "design":
            right = made.source.design in wanted
        elif name == "n":
            right = all(p.quote.removeprefix("n").strip(" =").lower() in [w.lower() for w in wanted] for p in
                        getattr(made, name).pieces)  # fmt: skip
            count.numbers += 1
            count.wrong_numbers += not right
        else:
            right = holds(text, wanted)
        count.found[name] += right
        count.cell(label["id"], name, text, right=right)


def of_rows(count: Count, label: Label, made: list[Row]) -> None:
    """Counts the cells of the rows, each against the labelled result that fits best."""
    hit: dict[str, set[int]] = defaultdict(set)
    for row in made:
        fits = [
            (_agreement(row, want), i)
            for i, want in enumerate(label["rows"])
            if holds(row.outcome.text, want["outcome"])
        ]
        best = max(fits, default=(0, -1), key=lambda f: (f[0], -f[1]))[1]
        want = label["rows"][best] if best >= 0 else None
        count.cell(label["id"], "outcome", row.outcome.text, right=want is not None)
        hit["outcome"] |= {best}
        known = {*(want or {}).get("numbers", ()), *(want or {}).get("interval", ())}
        said = "" if row.direction == "unclear" else row.direction
        right = None if want and want["direction"] == "?" else bool(want and said == want["direction"])
        count.cell(label["id"], "direction", said and f"{row.outcome.text}: {said}", right=right)
        for name, text in (("effect", row.effect.text), ("interval", row.interval.text)):
            if text:
                right = bool(numbers(text)) and numbers(text) <= known
                count.cell(label["id"], name, text, right=right)
                count.numbers += len(numbers(text))
                count.wrong_numbers += len(numbers(text) - known)
                hit[name] |= {best} if right else set()
        hit["direction"] |= {best} if right and said else set()
    for i, want in enumerate(label["rows"]):
        for name, has in (("outcome", True), ("direction", want["direction"] != "?"), ("effect", want["numbers"]),
                          ("interval", want["interval"])):  # fmt: skip
            count.wanted[name] += bool(has)
            count.found[name] += bool(has) and i in hit[name]
            if has and i not in hit[name]:
                count.missed.append(
                    (
                        label["id"],
                        name,
                        f"{want['outcome'][0]} {want['direction']} {want[name] if name == 'interval' else ''}",
                    )
                )


def _agreement(row: Row, want: Label) -> int:
    own = numbers(row.effect.text) | numbers(row.interval.text)
    shared: set[float] = own & {*want["numbers"], *want["interval"]}
    return 3 * len(shared) + 2 * int(row.direction == want["direction"])


def tables(data: Path, part: str) -> Count:
    """Reads every labelled abstract of one set."""
    labels = [label for label in lines(LABELS) if label["set"] == part]
    found = documents(data, {label["id"] for label in labels})
    count = Count()
    for label in labels:
        document = found[label["id"]]
        made = study(document)
        of_study(count, label, made)
        of_rows(count, label, rows(document, made, read=READ))
    return count


def second(pmcid: str) -> bool:
    """Whether a held-out article is for the report: every second, by hash; the others are to choose weights on."""
    return hashlib.sha256(pmcid.encode()).digest()[0] % 2 == 1


def directions(data: Path) -> dict[str, Any]:
    """Directions that the table reads for the prompts of held-out articles, by majority label."""
    pairs: dict[str, list[tuple[str, str | None]]] = defaultdict(list)
    for p in trials(data, test=True):
        said = direction_of(article(p), Effect(p["i"], p["c"], p["o"])).direction
        pairs["report" if second(p["pmcid"]) else "choose"].append((NAMES[p["direction"]], SAID[said]))
    pairs["all"] = [*pairs["report"], *pairs["choose"]]
    return {
        part: {"n": len(own), **{k: round(v, 4) for k, v in decided(own).items()}}
        for part, own in sorted(pairs.items())
    }


def main() -> None:
    """Prints and writes the shares."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--set", choices=("tune", "seen", "blind"), action="append")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--wrong", action="store_true", help="print the wrong cells")
    parser.add_argument("--no-directions", action="store_true")
    o = parser.parse_args()
    result: dict[str, Any] = {
        "machine": platform.machine(), "python": platform.python_version(), "anamnesis": version("anamnesis"),
    }  # fmt: skip
    for part in o.set or ("tune", "seen", "blind"):
        count = tables(o.data, part)
        n = sum(label["set"] == part for label in lines(LABELS))
        result[part] = {"abstracts": n, **count.summary()}
        for name, values in result[part].items():
            print(part, name, values)
        if o.wrong:
            print(*(" | ".join(w) for w in count.wrong), "missed:", *(" | ".join(m) for m in count.missed), sep="\n")
    if not o.no_directions:
        result["directions"] = directions(o.data)
        print(json.dumps(result["directions"], indent=1))
    if o.json:
        o.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
