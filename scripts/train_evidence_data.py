"""Makes the training pairs of the evidence model: what a sentence says to a yes/no question, and to a claim.

    python scripts/train_evidence_data.py --data DIR --out pairs.jsonl

Each line: `task` (stance or support), `a` (question or claim), `b` (sentences of a source), `labels` (the classes that
are right: more than one where the data does not say which), `set`. Made from evidence_inference (prompts with annotated
spans; every fifth article is held out), bioasq's training questions, claims and questions written for this project
(claims.jsonl), and sentences of bioasq's documents and MedQuAD
that rules rewrite: lightly (still true), or with another number, direction or negation (false). Titles and rules are
in `train_rewrite`. Knows nothing of models.
"""

from __future__ import annotations

import argparse
import collections
import functools
import hashlib
import itertools
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from indexer.sentences import split
from scripts.train_data import held_out, lines
from scripts.train_questions import ANY, CLAIM_DOWN, CLAIM_SAME, CLAIM_UP, DOWN, UP, content, filled
from scripts.train_rewrite import as_question, flipped, lightly, negated, renumbered, with_entity_of

WRITTEN = Path(__file__).with_name("claims.jsonl")
CONTRASTS = Path(__file__).with_name("contrasts.jsonl")
YES, NO, SAME, OTHER = range(4)
SUPPORTED, CONTRADICTED, NEUTRAL = range(3)
Pair = dict[str, Any]
# Introductions and methods of an article, as its plain text names them.
_AIMS = re.compile(
    r"^(?:ABSTRACT|BODY)\.[^:\n]*(?:INTRODUCTION|BACKGROUND|METHOD|OBJECTIVE|AIM|DESIGN)[^:\n]*:\n"
    r"(.+?)(?=^(?:ABSTRACT|BODY)\.|\Z)",
    re.M | re.S,
)
_DIRECTION = {"significantly increased": 1, "significantly decreased": -1, "no significant difference": 0}


def trials(data: Path, *, test: bool = False) -> Iterator[dict[str, Any]]:
    """Prompts of training (or held-out) articles: i, c, o, direction by majority, spans that state it, article text."""
    texts = data / "evidence_inference_v2" / "annotations" / "txt_files"
    for prompt in lines(data / "evidence_inference_v2" / "derived" / "prompts_with_evidence_train.jsonl"):
        m = prompt["metadata"]
        if held_out(m["pmcid"]) != test:
            continue
        votes = collections.Counter(_DIRECTION[a["label"]] for a in m["annotations"] if a["label"] in _DIRECTION)
        if not votes:
            continue
        direction = votes.most_common(1)[0][0]
        places = [(a["start"], a["end"], a["text"].strip()) for a in m["annotations"]
                  if _DIRECTION.get(a["label"]) == direction and len(a["text"]) > 25]  # fmt: skip
        if places:
            text = (texts / f"{m['pmcid']}.txt").read_text("utf-8")
            yield {"id": prompt["_id"], "pmcid": m["pmcid"], "i": m["intervention"], "c": m["comparator"],
                   "o": m["outcome"], "direction": direction, "spans": list(dict.fromkeys(t for *_, t in places)),
                   "places": places, "text": text}  # fmt: skip


def _sign(p: dict[str, Any], span: str, *, swap: bool, flip: bool) -> tuple[int, str] | None:
    """The direction, and the span, after arms were swapped or the span's words turned round; None if not possible."""
    direction = -p["direction"] if swap else p["direction"]
    if not flip:
        return direction, span
    turned = flipped(span)
    return None if turned is None or direction == 0 else (-direction, turned)


def of_trials(prompts: list[dict[str, Any]], rng: random.Random) -> Iterator[Pair]:
    """Stance and support of annotated spans, in both orders of the arms and with words turned round."""
    by_article: dict[str, list[dict[str, Any]]] = collections.defaultdict(list)
    for p in prompts:
        by_article[p["pmcid"]].append(p)
    for p in prompts:
        others = _other_sentences(p, by_article[p["pmcid"]], rng)
        for span in dict.fromkeys(_as_read(p, place, rng) for place in p["places"]):
            for swap in (False, True):
                for flip in (False, True):
                    if (made := _sign(p, span, swap=swap, flip=flip)) is not None:
                        yield from _stances(p, *made, swap, rng)
                        yield from _supports(p, *made, swap, rng)
        for other in others:
            question = filled(rng.choice(UP + DOWN + ANY), p, swap=rng.random() < 0.3)
            yield {"task": "stance", "a": question, "b": other, "labels": [OTHER], "set": "evidence_inference"}
            claim = filled(rng.choice(CLAIM_UP + CLAIM_DOWN + CLAIM_SAME), p)
            yield {"task": "support", "a": claim, "b": other, "labels": [NEUTRAL], "set": "evidence_inference"}
        yield from _same_finding(p, rng)


def _stances(p: dict[str, Any], direction: int, span: str, swap: bool, rng: random.Random) -> Iterator[Pair]:
    for templates, yes in ((UP, 1), (DOWN, -1), (ANY, 2)):
        label = SAME if direction == 0 else YES if yes in (2, direction) else NO
        question = filled(rng.choice(templates), p, swap=swap)
        yield {
            "task": "stance",
            "a": question,
            "b": span,
            "labels": [label],
            "set": "swapped" if swap else "evidence_inference",
        }


def _supports(p: dict[str, Any], direction: int, span: str, swap: bool, rng: random.Random) -> Iterator[Pair]:
    for templates, says in ((CLAIM_UP, 1), (CLAIM_DOWN, -1), (CLAIM_SAME, 0)):
        label = SUPPORTED if says == direction else CONTRADICTED
        claim = filled(rng.choice(templates), p, swap=swap)
        yield {
            "task": "support",
            "a": claim,
            "b": span,
            "labels": [label],
            "set": "swapped" if swap else "evidence_inference",
        }


def _same_finding(p: dict[str, Any], rng: random.Random) -> Iterator[Pair]:
    """Two spans that state one finding support each other; turned round, one contradicts the other."""
    for one in p["spans"]:
        for other in p["spans"]:
            if one == other or one in other or other in one:
                continue
            yield {"task": "support", "a": one, "b": other, "labels": [SUPPORTED], "set": "spans"}
            if (turned := flipped(one)) is not None and p["direction"]:
                yield {"task": "support", "a": turned, "b": other, "labels": [CONTRADICTED], "set": "spans"}


def _as_read(p: dict[str, Any], place: tuple[int, int, str], rng: random.Random) -> str:
    """An annotated span, or (every second time, where it stands in one) the whole sentence: that is what is read."""
    start, end, span = place
    around = [(a, b) for a, b in _split(p["text"]) if a <= start and end <= b + 1]
    return p["text"][around[0][0] : around[0][1]] if around and rng.random() < 0.5 else span


@functools.lru_cache(8)
def _split(text: str) -> list[tuple[int, int]]:
    return list(split(text))


def _other_sentences(p: dict[str, Any], siblings: list[dict[str, Any]], rng: random.Random) -> list[str]:
    """What does not say how the outcome came out, of the same article: spans of its other prompts and sentences of its
    introduction and methods, those that share most words with the prompt and any."""
    words = content(f"{p['i']} {p['o']}")
    own = [(a, b) for a, b, _ in p["places"]]
    outcome = content(p["o"])
    spans = {
        t for q in siblings for a, b, t in q["places"]
        if not any(a < d and c < b for c, d in own) and len(outcome & content(t)) < 0.6 * len(outcome)
    }  # fmt: skip
    aims = [s for m in _AIMS.finditer(p["text"]) for a, b in split(m[1]) if 60 < b - a < 400 for s in [m[1][a:b]]]
    found = []
    for pool in (sorted(spans), aims):
        near = sorted(pool, key=lambda s: -len(words & content(s)))[:6]
        found += rng.sample(near, min(len(near), 2)) + rng.sample(pool, min(len(pool), 1))
    return list(dict.fromkeys(found))


def kept_back(question: str) -> bool:
    """Whether a bioasq training question is kept for calibration: every fifth, by its id."""
    return hashlib.sha256(question.encode()).digest()[0] % 5 == 0


def of_bioasq(data: Path, rng: random.Random) -> Iterator[Pair]:
    """Yes/no questions with their documents, and experts' answers against what they were written from."""
    documents = {d["id"]: d["text"] for d in lines(data / "bioasq" / "documents.jsonl")}
    questions = [q for q in lines(data / "bioasq" / "questions-train.jsonl") if not kept_back(q["id"])]
    for q in questions:
        texts = [documents[d] for d in q["relevant"] if d in documents]
        far = [documents[d] for d in rng.choice(questions)["relevant"] if d in documents]
        if q["type"] == "yesno" and str(q["exact_answer"]).lower() in ("yes", "no"):
            labels = [YES] if str(q["exact_answer"]).lower() == "yes" else [NO, SAME]
            for text in rng.sample(texts, min(len(texts), 6)):
                best = _closest(q["question"], text)
                yield {"task": "stance", "a": q["question"], "b": best, "labels": labels, "set": "bioasq"}
            if far:
                yield {
                    "task": "stance",
                    "a": q["question"],
                    "b": rng.choice(far)[:600],
                    "labels": [OTHER],
                    "set": "bioasq",
                }
        yield from _ideal(q, texts, far, rng)


def _closest(question: str, text: str, count: int = 2) -> str:
    """The `count` consecutive sentences that share most words with the question."""
    spans = split(text)
    windows = [
        text[spans[i][0] : spans[min(i + count, len(spans)) - 1][1]] for i in range(max(1, len(spans) - count + 1))
    ]
    words = content(question)
    return max(windows, key=lambda w: len(words & content(w))) if spans else text


def _ideal(q: dict[str, Any], texts: list[str], far: list[str], rng: random.Random) -> Iterator[Pair]:
    for ideal in q["ideal_answer"] if isinstance(q["ideal_answer"], list) else [q["ideal_answer"]]:
        for a, b in split(ideal)[:3]:
            claim = re.sub(r"^(?:Yes|No)\b[,.;:]?\s*", "", ideal[a:b])
            words = content(claim)
            if len(words) < 4 or not texts:
                continue
            best = max(
                (_closest(claim, t, n) for t in texts for n in (1, 2)),
                key=lambda w: len(words & content(w)) - len(w) / 1000,
            )
            share = len(words & content(best)) / len(words)
            if share >= 0.7:
                yield {"task": "support", "a": claim, "b": best, "labels": [SUPPORTED], "set": "bioasq"}
                for wrong in filter(None, (flipped(claim), negated(claim, rng), renumbered(claim, rng))):
                    yield {"task": "support", "a": wrong, "b": best, "labels": [CONTRADICTED], "set": "bioasq"}
                weak = [t for t in texts if len(words & content(t)) / len(words) < 0.35]
                for other in weak[:1] + far[:1]:
                    yield {
                        "task": "support",
                        "a": claim,
                        "b": _closest(claim, other),
                        "labels": [NEUTRAL],
                        "set": "bioasq",
                    }


def of_sentences(texts: list[str], count: int, rng: random.Random, name: str) -> Iterator[Pair]:
    """Sentences rewritten by rule: lightly, wrongly, and set beside a neighbour that says something else."""
    for text in rng.sample(texts, min(count, len(texts))):
        sentences = [text[a:b] for a, b in split(text) if 50 < b - a < 350]
        if not sentences:
            continue
        at = rng.randrange(len(sentences))
        b = sentences[at]
        near = " ".join(sentences[at : at + 2]) if rng.random() < 0.3 else b
        claim = lightly(b, rng)
        yield {"task": "support", "a": claim, "b": near, "labels": [SUPPORTED], "set": name}
        wrong = [w for w in (flipped(claim), negated(claim, rng), renumbered(claim, rng)) if w]
        for w in rng.sample(wrong, min(len(wrong), 2)):
            yield {"task": "support", "a": w, "b": near, "labels": [CONTRADICTED], "set": name}
        others = [s for s in sentences if s not in near]
        if others:
            yield {"task": "support", "a": lightly(rng.choice(others), rng), "b": b, "labels": [NEUTRAL], "set": name}
        if (moved := with_entity_of(claim, rng.choice(texts), rng)) is not None:
            yield {"task": "support", "a": moved, "b": near, "labels": [NEUTRAL], "set": name}


def of_questions(texts: list[str], count: int, rng: random.Random) -> Iterator[Pair]:
    """Yes/no questions made from plain statements: as stated, with the statement or the question turned round, and
    beside a neighbouring sentence."""
    made = 0
    for text in rng.sample(texts, len(texts)):
        sentences = [text[a:b] for a, b in split(text) if 40 < b - a < 300]
        for at, sentence in enumerate(sentences):
            if (found := as_question(sentence)) is None:
                continue
            question, yes = found
            said = lightly(sentence, rng)
            yield {
                "task": "stance",
                "a": question,
                "b": said,
                "labels": [YES] if yes else [NO, SAME],
                "set": "statements",
            }
            turned = flipped(question) if rng.random() < 0.5 else None
            against = flipped(said) or negated(said, rng)
            if turned is not None and yes:
                yield {"task": "stance", "a": turned, "b": said, "labels": [NO], "set": "statements"}
            elif against is not None and yes:
                yield {"task": "stance", "a": question, "b": against, "labels": [NO, SAME], "set": "statements"}
            others = [s for i, s in enumerate(sentences) if i != at]
            if others:
                yield {"task": "stance", "a": question, "b": rng.choice(others), "labels": [OTHER], "set": "statements"}
            made += 1
            break
        if made >= count:
            return


def of_written(file: Path, texts: dict[str, str], count: int | None) -> Iterator[Pair]:
    """Claims and yes/no questions written for this project about sentences of bioasq's documents, MedQuAD and articles of
    trials: `s`, `s2`, `qs` hold, `c`, `qc` do not, `n`, `qn` are not answered by the sentence; `no` says how `qc` is
    denied: "no", or "same" for no difference. Of the first `count` sentences."""
    denied = {"no": [NO], "same": [SAME], None: [NO, SAME]}
    labels = {"s": [SUPPORTED], "s2": [SUPPORTED], "c": [CONTRADICTED], "n": [NEUTRAL], "qs": [YES], "qn": [OTHER]}
    for row in itertools.islice(lines(file), count):
        sentence = " ".join(texts[row["source"]][row["start"] : row["end"]].split())
        name = "written trials" if row["source"].startswith("trial:") else "written"
        for key, label in (labels | {"qc": denied[row.get("no")]}).items():
            if key in row:
                task = "stance" if key.startswith("q") else "support"
                yield {"task": task, "a": row[key], "b": sentence, "labels": label, "set": name}


def of_contrasts(file: Path, *, test: bool = False) -> Iterator[Pair]:
    """Yes/no questions written for this project, each with four sentences in much the same words that answer it yes, no, by
    no difference, and not at all; the first three also contradict each other. Every tenth question is kept for testing."""
    for number, row in enumerate(lines(file)):
        if (number % 10 == 9) != test:
            continue
        for key, label in {"yes": YES, "no": NO, "same": SAME, "other": OTHER}.items():
            yield {"task": "stance", "a": row["q"], "b": row[key], "labels": [label], "set": "contrasts"}
        for a, b in (("yes", "no"), ("no", "yes"), ("yes", "same"), ("same", "yes")):
            yield {"task": "support", "a": row[a], "b": row[b], "labels": [CONTRADICTED], "set": "contrasts"}
        yield {"task": "support", "a": row["yes"], "b": row["other"], "labels": [NEUTRAL], "set": "contrasts"}


def written_about(data: Path, medquad: Path) -> dict[str, str]:
    """The texts about whose sentences claims were written, by id."""
    texts = {d["id"]: d["text"] for f in (data / "bioasq" / "documents.jsonl", medquad) for d in lines(f)}
    articles = (data / "evidence_inference_v2" / "annotations" / "txt_files").glob("PMC*.txt")
    return texts | {f"trial:{a.stem.removeprefix('PMC')}": a.read_text("utf-8") for a in articles}


def main() -> None:
    """Writes the pairs, one JSON object a line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--medquad", type=Path, help="MedQuAD as JSONL (docs/medquad.md)")
    parser.add_argument("--leave-out", type=Path, help="support pairs (JSONL) whose sources are not used")
    parser.add_argument("--written", type=int, help="sentences of claims.jsonl that are used (all)")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    o = parser.parse_args()
    rng = random.Random(o.seed)
    tested = {r["source"] for r in lines(o.leave_out)} if o.leave_out else set()
    pairs = list(of_trials(list(trials(o.data)), rng))
    pairs += of_bioasq(o.data, rng)
    pairs += of_contrasts(CONTRASTS)
    pairs += of_sentences([d["text"] for d in lines(o.data / "bioasq" / "documents.jsonl")], 4000, rng, "documents")
    pairs += of_questions([d["text"] for d in lines(o.data / "bioasq" / "documents.jsonl")], 3000, rng)
    if o.medquad:
        pairs += of_written(WRITTEN, written_about(o.data, o.medquad), o.written)
        pairs += of_sentences([d["text"] for d in lines(o.medquad) if d["id"] not in tested], 3000, rng, "medquad")
    with o.out.open("w", encoding="utf-8") as out:
        for pair in pairs:
            out.write(json.dumps(pair, ensure_ascii=False) + "\n")
    print(collections.Counter((p["task"], p["set"], tuple(p["labels"])) for p in pairs))


if __name__ == "__main__":
    main()
