"""Trains the layer that notices a crisis which no rule has words for: logistic regression over hashed n-grams.

    python -m scripts.train_crisis [--data DIR] [--medquad FILE]

Positive: scripts/crisis_sentences.jsonl and benchmarks/safety-self-harm.jsonl. Negative: the others of these files,
safety-red-flags.jsonl, the symptoms of the triage table in short sentences, and with --data and --medquad what
patients and consumers ask and say without need of an alarm (5,000 of toyhom, mts_dialog, every tenth of MedQuAD).
Never trained on: benchmarks/safety-crisis-other.jsonl, by another author. Writes rag/models/crisis.safetensors and its
card.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import random
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save

from rag.safety.learned import BUCKETS, MODEL, features

ROOT = Path(__file__).resolve().parent.parent
# An everyday complaint: a symptom, how long, how it goes, what it does to somebody's days and nights.
_LONG = {
    "en": (
        "",
        " for three days",
        " for a week",
        " for months now",
        " since yesterday",
        " on and off",
        " every night",
        " since I started work",
    ),
    "zh": ("", "三天了", "一周了", "一个月了", "好久了", "从昨天开始", "好几年了", "反反复复"),
}
_GOES = {
    "en": (
        "",
        ", getting worse",
        ", worse at night",
        ", can't sleep because of it",
        ", I'm tired of it",
        ", nothing helps",
        ", it hurts a lot",
        ", wakes me up",
        ", hard to work",
        ", I'm worried",
        ", what should I do?",
        ", will it ever stop?",
        " and I can't take time off",
    ),
    "zh": (
        "",
        "，越来越重",
        "，晚上加重",
        "，晚上睡不着",
        "，很难受",
        "，吃药没用",
        "，疼得厉害",
        "，影响工作",
        "，有点担心",
        "，怎么办？",
        "，要去医院吗？",
        "，什么时候能好？",
        "，早上呕吐",
        "，受不了了",
    ),
}
_WHO = {
    "en": (
        "{}",
        "I have {}",
        "my {}",
        "I've had {}",
        "My son has {}",
        "my wife has {}",
        "My father, 70, has {}",
        "terrible {}",
        "Can't sleep because of {}",
    ),
    "zh": ("{}", "我{}", "最近{}", "孩子{}", "我妈{}", "老公{}", "我总是{}", "奶奶{}", "怀孕六个月，{}"),
}
_COMPOSED = 6000
# Everyday reasons for bad nights, tiredness and endings that are none.
_PLAIN = """I broke my wrist|I sprained my ankle|I hurt my back|I burnt my hand on the oven|I fell off my bike|I twisted my knee|I lost my glasses|I broke my arm skiing
I banged my head|I cut my thumb|I scraped my elbow|I burned my tongue|I pulled a muscle|I bruised my rib|I dislocated my shoulder|I tore my ligament|I stubbed my toe
I can't sleep because of work|Can't sleep because my neighbours are loud|I would like to end my life insurance|My son can't sleep before exams
my wife says I snore and stop breathing at night|I wake up at four every day since the clocks changed|The baby cries all night and I'm exhausted
I'm tired all the time, is it my thyroid?|My back is killing me after moving house|I could sleep forever after a night shift, is that normal?
I want to end the treatment early because of nausea|When can I stop the tablets?|I live alone and broke my ankle, who can help with shopping?
My mother died of breast cancer, should I be tested?|My father passed away last year from a stroke, am I at risk?|I feel empty if I skip lunch
I cut my finger on a can|I jumped over a fence and my knee hurts|My dog died and I have had headaches since|Is this rash ever going to go away?
I can't take this itching any more|I give up on diets, what else lowers cholesterol?|Will I be gone long for the operation?|I have a note from my doctor
睡不着，因为楼上太吵|工作压力大，失眠一个月了|孩子考试前睡不好|加班太累，头晕怎么办|想停药，可以吗|爷爷去年去世了，是肺癌，我要不要检查
痒得受不了了|疼得要命，吃什么药|累死了，是不是贫血|想结束哺乳，怎么回奶|切菜割到手了，要打破伤风吗|跳绳后膝盖疼|我一个人住，骨折了怎么办
最近没胃口，吃什么都没意思，是胃病吗|晚上总醒，白天没精神|更年期睡不着，潮热|想消除黑眼圈|这个痣能不能去掉|以后还能生孩子吗|不想动手术，能保守治疗吗
我不想吃饭，胃胀|孩子不想上学，说肚子疼|老人不想动，腿没力气|离开空调就出汗|走了一天路脚疼|手术后多久能活动|这个病能活多久""".replace(
    "\n", "|"
).split("|")
_PSYCHIATRIC = re.compile(r"suicid|harm(?:ing)? (?:your|my)self|end (?:your|my) life|kill|hopeless|want to die", re.I)
_PENALTY, _ROUNDS = 5e-6, 200
# Share of the loss that crises have; of the examples they are a twentieth.
_CRISES = 0.25


def rows(name: str) -> Iterator[dict[str, str]]:
    """The lines of a JSONL file of the project."""
    return map(json.loads, (ROOT / name).read_text("utf-8").splitlines())


def examples(data: Path | None, medquad: Path | None) -> list[tuple[str, bool]]:
    """(text, whether it is a crisis)."""
    found = [(r["text"], r["kind"] != "negative") for r in rows("scripts/crisis_sentences.jsonl")]
    found += [(r["text"], True) for r in rows("benchmarks/safety-self-harm.jsonl")]
    found += [(r["text"], False) for r in rows("benchmarks/safety-self-harm-negatives.jsonl")]
    found += [(r["text"], False) for r in rows("benchmarks/safety-red-flags.jsonl")]
    found += [(t, False) for t in complaints()]
    if data:
        found += [(t, False) for t in [*patients(data)[:5000], *spoken(data)]]
    if medquad:
        found += [(json.loads(line)["title"], False) for line in medquad.read_text("utf-8").splitlines()[::10]]
    return found


def patients(data: Path) -> list[str]:
    """Questions of toyhom in a fixed order."""
    texts = []
    for file in sorted((data / "toyhom_sample").rglob("*.csv")):
        with file.open(encoding="gb18030", errors="replace", newline="") as opened:
            texts += [" ".join(r[1:3]) for r in csv.reader(opened) if len(r) > 2]
    random.Random(1).shuffle(texts)
    return texts


def complaints() -> list[str]:
    """Short sentences with the symptoms of the triage table, those of psychiatry left out, and plain reasons."""
    table = tomllib.loads((ROOT / "rag/tasks/triage/departments.toml").read_text("utf-8"))
    terms: dict[str, list[str]] = {"en": [], "zh": []}
    for name, entry in table.items():
        for key, words in entry.items():
            if name != "psychiatry" and isinstance(words, str) and key.endswith(("_own", "_shared")):
                terms[key[:2]] += [w.strip() for w in words.split(";") if w.strip()]
    chosen = random.Random(2)
    found = list(_PLAIN)
    for language, own in terms.items():
        for _ in range(_COMPOSED // 2):
            who, long, goes = (chosen.choice(part[language]) for part in (_WHO, _LONG, _GOES))
            found.append(who.format(chosen.choice(own)) + long + goes)
    return found


def spoken(data: Path) -> list[str]:
    """What patients say in the dialogues of mts_dialog, in pieces of up to three turns; psychiatric ones left out."""
    found = []
    for file in sorted((data / "mts_dialog").rglob("*TrainingSet.csv")):
        with file.open(encoding="utf-8", errors="replace", newline="") as opened:
            for row in csv.DictReader(opened):
                turns = [
                    t.partition(":")[2].strip()
                    for t in row["dialogue"].splitlines()
                    if t.strip().startswith("Patient:")
                ]
                text = " ".join(t for t in turns if len(t.split()) > 4)
                if text and not _PSYCHIATRIC.search(row["dialogue"]):
                    parts = [" ".join(turns[i : i + 3]) for i in range(0, len(turns), 3)]
                    found += [p for p in parts if len(p.split()) > 6]
    return found


def trained(given: list[tuple[str, bool]]) -> tuple[np.ndarray, float]:
    """Weights (BUCKETS,) and bias."""
    ids, offsets, values = [], [], []
    for text, _ in given:
        found = features(text)
        offsets.append(len(ids))
        ids += list(found)
        values += list(found.values())
    index, start, value = torch.tensor(ids), torch.tensor(offsets), torch.tensor(values)
    target = torch.tensor([float(y) for _, y in given])
    share = float(target.mean())
    weight = torch.where(target > 0, _CRISES / share, (1 - _CRISES) / (1 - share))
    table, bias = torch.zeros(BUCKETS, 1, requires_grad=True), torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.LBFGS([table, bias], max_iter=_ROUNDS, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        bag = torch.nn.functional.embedding_bag(index, table, start, mode="sum", per_sample_weights=value)
        score = bag[:, 0] + bias
        cost = torch.nn.functional.binary_cross_entropy_with_logits(score, target, weight=weight)
        cost = cost + _PENALTY * (table**2).sum()
        cost.backward()
        return cost

    optimizer.step(loss)
    return table.detach().numpy()[:, 0], bias.item()


def main() -> int:
    """Trains and writes; exit code 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--medquad", type=Path)
    options = parser.parse_args()
    given = examples(options.data, options.medquad)
    weights, bias = trained(given)
    scale = float(np.abs(weights).max()) / 127
    data = save({"weights": np.round(weights / scale).astype(np.int8)})
    MODEL.write_bytes(data)
    card = {
        "sha256": hashlib.sha256(data).hexdigest(), "scale": scale, "bias": bias, "examples": len(given),
        "of crises": sum(y for _, y in given), "penalty": _PENALTY,
    }  # fmt: skip
    MODEL.with_suffix(".json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(card))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
