"""Makes the training groups of the retrieval models: a question, passages that answer it, passages that do not.

    python scripts/train_data.py --data DIR --index INDEX --out groups.jsonl

INDEX is an index over the same data (docs/data.md): wrong passages are what our own retrieval finds first. Sets:
bioasq (questions-train), pubmedqa, medquad, evidence_inference (every fifth article is held out; its prompts in
several forms, its titles, and sentences of its abstracts against the passages that give the same numbers) and covid_qa.
Titles that are the question itself are left out; passages are cut as the program cuts them. Knows nothing of models.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from indexer.index import Index
from indexer.passages import passages
from indexer.sentences import split
from indexer.types import Document, Filter, Passage, Section, Source
from rag.retrieve import fuse
from rag.window import window
from scripts.train_questions import asked_as, content

Group = dict[str, Any]
NEGATIVES, POSITIVES, DEPTH = 12, 4, 60


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSONL file."""
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def held_out(pmcid: str) -> bool:
    """Whether an evidence_inference article is for testing only: every fifth, by the digits of its id."""
    return int(re.sub(r"\D", "", pmcid)) % 5 == 0


def plain(text: str) -> str:
    """Letters and digits only: two renderings of one sentence then compare equal."""
    return re.sub(r"[\W_]+", "", text.lower())


class Miner:
    """Finds wrong passages in the index."""

    def __init__(self, index: Index, rng: random.Random) -> None:
        self.index, self.rng = index, rng
        self.allowed = index.allowed(Filter(allow_retracted=True))
        self.rows: dict[str, list[int]] = {}
        self.by_pmcid: dict[str, str] = {}
        for row in self.allowed.nonzero()[0].tolist():
            source = index.passage(row).source
            self.rows.setdefault(source.id, []).append(row)
            self.by_pmcid[dict(source.links).get("pmcid", "").upper()] = source.id

    def found(self, question: str) -> list[Passage]:
        """What retrieval finds, best first."""
        vector = self.index.embedder.encode_questions([question])[0]
        lists = {
            "bm25": self.index.search_lexical(question, DEPTH, self.allowed),
            "dense": self.index.search_dense(vector, DEPTH, self.allowed),
        }
        return [self.index.passage(row) for row, _, _ in fuse(lists)[:DEPTH]]

    def of(self, source: str) -> list[Passage]:
        """The passages of one source."""
        return [self.index.passage(row) for row in self.rows.get(source, [])]


def text_of(passage: Passage, question: str) -> str:
    """What the model reads, without a title that repeats the question."""
    if plain(passage.source.title)[:60] == plain(question)[:60]:
        passage = replace(passage, source=replace(passage.source, title=""))
    return window(question, passage)


def group(kind: str, question: str, right: list[Passage], wrong: list[Passage], rng: random.Random) -> Group | None:
    """One training group, or None when there is nothing to learn."""
    if not right or not wrong:
        return None
    first, rest = wrong[: NEGATIVES // 2], wrong[NEGATIVES // 2 :]
    chosen = first + rng.sample(rest, min(len(rest), NEGATIVES - len(first)))
    return {
        "set": kind, "question": question,
        "positives": [text_of(p, question) for p in right[:POSITIVES]],
        "negatives": [text_of(p, question) for p in chosen],
    }  # fmt: skip


def bioasq(data: Path, miner: Miner) -> Iterator[Group | None]:
    """The training questions; a relevant document's passages in the order in which they are found."""
    for q in lines(data / "bioasq" / "questions-train.jsonl"):
        relevant, found = set(q["relevant"]), miner.found(q["question"])
        right = [p for p in found if p.source.id in relevant]
        seen = {p.source.id for p in right}
        right += [p for d in q["relevant"] if d not in seen for p in miner.of(d)[:1]]
        miner.rng.shuffle(right)
        yield group("bioasq", q["question"], right, [p for p in found if p.source.id not in relevant], miner.rng)


def titled(kind: str, count: int, miner: Miner) -> Iterator[Group | None]:
    """Documents whose title is the question that they answer, `count` of them at random."""
    own = sorted(id for id in miner.rows if id.startswith(f"{kind}:"))
    for source in miner.rng.sample(own, min(count, len(own))):
        right = miner.of(source)
        question = right[0].source.title.replace("What is (are)", "What is").strip()
        wrong = [p for p in miner.found(question) if p.source.id != source and p.text not in {r.text for r in right}]
        yield group(kind, question, right[:2], wrong, miner.rng)


def trials(data: Path, miner: Miner) -> Iterator[Group | None]:
    """evidence_inference: passages that hold an annotated span, against others of the same article and of others."""
    for prompt in lines(data / "evidence_inference_v2" / "derived" / "prompts_with_evidence_train.jsonl"):
        pmcid = prompt["metadata"]["pmcid"]
        if held_out(pmcid):
            continue
        own = miner.of(miner.by_pmcid.get(pmcid, ""))
        spans = [plain(a["text"]) for a in prompt["metadata"]["annotations"] if len(plain(a["text"])) > 30]
        right = [p for p in own if any(_overlaps(plain(p.text), s) for s in spans)]
        wrong = [p for p in own if p not in right]
        miner.rng.shuffle(wrong)
        for question in (prompt["text"], *asked_as(prompt["metadata"], miner.rng)):
            other = [p for p in miner.found(question) if p not in right]
            yield group("evidence_inference", question, right, other[:5] + wrong, miner.rng)


def articles(miner: Miner) -> Iterator[Group | None]:
    """evidence_inference: an article's title against its abstract, and a sentence of the abstract against the passage
    of the text that gives the same numbers; wrong ones are of the same article and of those found."""
    for pmcid, source in sorted(miner.by_pmcid.items()):
        own = miner.of(source)
        if not pmcid.startswith("PMC") or held_out(pmcid) or not own:
            continue
        title = own[0].source.title
        bare = [replace(p, source=replace(p.source, title="")) for p in own]
        abstract = [p for p in bare if p.section.lower().startswith("abstract")]
        found = [p for p in miner.found(title) if p.source.id != source]
        yield group("titles", title, abstract[-2:], found, miner.rng)
        body = [p for p in own if not p.section.lower().startswith("abstract")]
        for sentence in _with_numbers(abstract)[:3]:
            right = [p for p in body if len(_numbers(p.text) & _numbers(sentence)) >= 3]
            if 0 < len(right) < 4:
                wrong = [p for p in body if p not in right and not _numbers(p.text) & _numbers(sentence)]
                miner.rng.shuffle(wrong)
                others = [p for p in miner.found(sentence) if p.source.id != source]
                yield group("sentences", sentence, right, wrong[:6] + others, miner.rng)


def _with_numbers(abstract: list[Passage]) -> list[str]:
    return [p.text[a:b] for p in abstract for a, b in split(p.text) if len(_numbers(p.text[a:b])) >= 3 and b - a < 350]


def _numbers(text: str) -> set[str]:
    return {n for n in re.findall(r"\d+(?:\.\d+)?", text) if len(n) > 1}


def _overlaps(text: str, span: str) -> bool:
    """Whether most of one of the span's ends is in the text."""
    size = min(len(span), 60)
    return span[:size] in text or span[-size:] in text


def covid(data: Path, rng: random.Random) -> Iterator[Group | None]:
    """covid_qa: the passage with the span against those of all articles that share most words with the question."""
    file = data / "covid_qa_deepset" / "data" / "question-answering" / "200423_covidQA.json"
    paragraphs = [p for article in json.loads(file.read_text("utf-8"))["data"] for p in article["paragraphs"]]
    cut = [
        list(passages(Document(Source(f"covid:{i}"), p["context"], (Section("", 0, len(p["context"])),))))
        for i, p in enumerate(paragraphs)
    ]
    words = [(p, content(p.text)) for own in cut for p in own]
    for own, paragraph in zip(cut, paragraphs, strict=True):
        for qa in paragraph["qas"]:
            question, at = qa["question"].strip(), qa["answers"][0]["answer_start"]
            right = [p for p in own if p.start <= at < p.end]
            wanted = content(question)
            near = sorted((x for x in words if x[0] not in right), key=lambda x: -len(wanted & x[1]))[:20]
            yield group("covid_qa", question, right, [p for p, _ in near], rng)


def main() -> None:
    """Writes the groups, one JSON object a line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--medquad", type=int, default=5000, help="questions taken from MedQuAD")
    parser.add_argument("--seed", type=int, default=1)
    o = parser.parse_args()
    rng = random.Random(o.seed)
    with Index(o.index) as index, o.out.open("w", encoding="utf-8") as out:
        miner = Miner(index, rng)
        counts: dict[str, int] = {}
        for made in (
            bioasq(o.data, miner), titled("pubmedqa", 500, miner), trials(o.data, miner), articles(miner),
            covid(o.data, rng),
            titled("medquad", o.medquad, miner),
        ):  # fmt: skip
            for item in filter(None, made):
                out.write(json.dumps(item, ensure_ascii=False) + "\n")
                counts[item["set"]] = counts.get(item["set"], 0) + 1
        print(json.dumps(counts))


if __name__ == "__main__":
    main()
