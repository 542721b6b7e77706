"""Reads claims written one by one about sentences of MedQuAD and COVID-QA; checks and counts them.

    python scripts/support_pairs.py --data DIR

benchmarks/support-pairs.jsonl holds, for each pair, where the sentence lies (`start`, `end`: half-open, in characters
of the stripped MedQuAD answer or of the COVID-QA `context`), a claim about it and a label. The sentences themselves
stay in DIR, which has the folders `medquad` and `covid_qa_deepset`. supported: the sentence entails the claim;
contradicted: it entails that the claim is false; neutral: neither, whatever is true in the world. A language
model read each sentence and wrote claim and label; no person has checked them, so how often one would agree is unknown.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import xml.etree.ElementTree as ET  # the data set is ours to trust
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from indexer.sentences import split

FILE = Path(__file__).resolve().parent.parent / "benchmarks" / "support-pairs.jsonl"
LABELS = ("supported", "contradicted", "neutral")
COVID_QA = Path("covid_qa_deepset") / "data" / "question-answering" / "200423_covidQA.json"


def rows() -> list[dict[str, Any]]:
    """The objects of the file: source, start, end, claim, label."""
    return [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]


def medquad(folder: Path) -> Iterator[tuple[str, str]]:
    """Ids, as in docs/medquad.md, with answers. Eight ids name several answers."""
    for file in sorted(folder.glob("*/*.xml")):
        root = ET.parse(file).getroot()  # noqa: S314
        for pair in root.iter("QAPair"):
            if answer := (pair.findtext("Answer") or "").strip():
                yield f"medquad:{root.get('source')}:{root.get('id')}-{pair.get('pid')}", answer


def covid_qa(file: Path) -> Iterator[tuple[str, str]]:
    """Ids with contexts."""
    for article in json.loads(file.read_text("utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            yield f"covid_qa:{paragraph['document_id']}", paragraph["context"]


def texts(data: Path, wanted: set[str]) -> dict[str, str]:
    """The texts of the sources `wanted`. Raises ValueError when one is missing or its id names two texts."""
    found: dict[str, str] = {}
    for source, text in (*medquad(data / "medquad"), *covid_qa(data / COVID_QA)):
        if source in wanted and found.setdefault(source, text) != text:
            raise ValueError(f"{source} names two texts")
    if missing := wanted - found.keys():
        raise ValueError(f"{len(missing)} sources are not in {data}, such as {min(missing)}")
    return found


def pairs(data: Path) -> Iterator[tuple[str, str, str]]:
    """(claim, sentence, label), in the file's order. Raises ValueError as `texts`."""
    every = rows()
    by_source = texts(data, {row["source"] for row in every})
    for row in every:
        yield row["claim"], by_source[row["source"]][row["start"] : row["end"]], row["label"]


def sentences(text: str) -> set[tuple[int, int]]:
    """Offsets of all sentences; one never runs over a line's end."""
    lines = re.finditer(r"[^\n]+", text)
    return {(line.start() + start, line.start() + end) for line in lines for start, end in split(line[0])}


def faults(every: list[dict[str, Any]], by_source: dict[str, str]) -> Iterator[str]:
    """One line for each pair that breaks a rule of the file."""
    uses = Counter((row["source"], row["start"], row["end"]) for row in every)
    claims = Counter(row["claim"] for row in every)
    whole = {source: sentences(text) for source, text in by_source.items()}
    for number, row in enumerate(every, 1):
        place = (row["source"], row["start"], row["end"])
        if place[1:] not in whole[row["source"]]:
            yield f"line {number}: {place} is not a whole sentence"
        if row["label"] not in LABELS:
            yield f"line {number}: the label {row['label']} is none of {', '.join(LABELS)}"
        if not 8 <= len(row["claim"].split()) <= 30:
            yield f"line {number}: a claim has 8 to 30 words, this one {len(row['claim'].split())}"
        if uses[place] > 3 or claims[row["claim"]] > 1:
            yield f"line {number}: its sentence is used more than three times or its claim more than once"


def main() -> int:
    """Prints the counts; exit code 1 when a pair breaks a rule, with one line for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds the data sets")
    options = parser.parse_args()
    every = rows()
    wrong = list(faults(every, texts(options.data, {row["source"] for row in every})))
    for collection in ("medquad", "covid_qa"):
        mine = [row for row in every if row["source"].startswith(f"{collection}:")]
        labels = Counter(row["label"] for row in mine)
        places = {(row["source"], row["start"]) for row in mine}
        counts = ", ".join(f"{labels[label]} {label}" for label in LABELS)
        print(f"{collection:<9} {len(mine)} pairs on {len(places)} sentences: {counts}")
    numbers = sum(bool(re.search(r"(?<![\w-])\d", row["claim"])) for row in every)
    print(f"total     {len(every)} pairs, {numbers} claims with a number in digits")
    print("\n".join(wrong), file=sys.stderr, end="\n" if wrong else "")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
