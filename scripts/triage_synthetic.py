"""Questions for training, made from the table of departments, and weak labels for questions that have none.

Decides the wordings around a term and how many; which complaints become a child's or a pregnant woman's; and from which
margin of the table's scores (question and the beginning of its answer) an unlabelled question is believed. Reads no
labelled question.
"""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.tasks.triage.model import squashed
from rag.tasks.triage.table import Table

ZH = (
    "{}怎么办？", "{}是怎么回事？", "最近总是{}，是什么原因？", "我{}好几天了", "{}", "请问{}应该看什么科",
    "医生，我{}，怎么治疗？",
    "{}严重吗", "我妈妈{}，怎么办", "得了{}怎么治", "老是{}，吃什么药好", "{}，要不要去医院", "男，40岁，{}",
    "我是女性，30岁，{}",
    "去医院检查说是{}",
)  # fmt: skip
EN = (
    "I have {}", "{}", "my {} is getting worse", "what should I do about {}?", "I've had {} for two weeks",
    "I keep having {}",
    "who do I see for {}?", "my mother has {}", "I'm worried about {}", "doctor says {}", "lately {}",
    "{} for days now, what is it?", "I was told I have {}", "help with {}",
)  # fmt: skip
_JOIN = {"zh": ("，", "，还", "，而且", "和", "，有时候"), "en": (" and ", " with ", ", also ", ", ")}
_CHILD = {
    "zh": ("宝宝{}个月了，{}", "我家{}岁的孩子{}怎么办", "小孩{}岁，一直{}", "新生儿{}天{}"),
    "en": ("my {} month old has {}", "my {} year old keeps having {}", "toddler, {} years, {}",
           "my baby is {} weeks old and has {}"),
}  # fmt: skip
_PREGNANT = {
    "zh": ("怀孕{}周，{}", "孕{}周了{}怎么办", "孕妇{}周{}能吃药吗"),
    "en": ("I'm {} weeks pregnant and have {}", "pregnant ({} weeks) with {}"),
}
_PAIRED = {
    "zh": ("{}{}", "{}老是{}", "{}总{}怎么办", "最近{}一直{}", "{}有点{}是怎么回事", "{}突然{}", "我{}这几天{}"),
    "en": ("my {} {}", "{} keeps {}", "{} is {}", "{} has been {} for days", "lately {} and {}", "{} {} what is it?"),
}  # fmt: skip
_EVERYBODY = ("gastroenterology", "respiratory", "ent", "dermatology", "general", "infectious")
_SHORT = {"zh": 7, "en": 22}
BELIEVED = 0.6


def questions(found: Table, *, rng: random.Random, each: int = 40) -> list[tuple[str, str]]:
    """(question, department): every own term once, `each` mixtures of one to three terms a department and language."""
    made: list[tuple[str, str]] = []
    for key in found.keys:
        for language, wordings in (("zh", ZH), ("en", EN)):
            own = [t for at, t, worth in found.terms[key] if at == language and worth == 1]
            shared = [t for at, t, worth in found.terms[key] if at == language and worth < 1]
            made += [(rng.choice(wordings).format(term), key) for term in own]
            for _ in range(each):
                terms = [rng.choice(own)]
                terms += [rng.choice(own if rng.random() < 0.5 else shared) for _ in range(rng.choice((0, 1, 1, 2)))]
                rng.shuffle(terms)
                made.append((rng.choice(wordings).format(rng.choice(_JOIN[language]).join(terms)), key))
        made += [(text, key) for text in paired(found, key, rng=rng)]
    for language in ("zh", "en"):
        common = [
            t for key in _EVERYBODY for at, t, _ in found.terms[key] if at == language and len(t) < _SHORT[language]
        ]
        for _ in range(each):
            child = rng.choice(_CHILD[language]).format(rng.randint(1, 9), rng.choice(common))
            pregnant = rng.choice(_PREGNANT[language]).format(rng.randint(4, 40), rng.choice(common))
            made += [(child, "paediatrics"), (pregnant, "obstetrics")]
    return made


def paired(found: Table, key: str, *, rng: random.Random) -> list[str]:
    """Sentences from the department's pairs: the words of the longer group once each, three at least a pair."""
    made = []
    for language, left, right in found.sides.get(key, ()):
        for _ in range(max(3, len(left), len(right))):
            words = rng.choice(left), rng.choice(right)
            made.append(rng.choice(_PAIRED[language]).format(*words))
    return made


def unlabelled(data: Path) -> list[tuple[str, str]]:
    """(question, answer) of huatuo and medicalgpt_samples, which have no departments."""
    folder = data / "zh_cmtmedqa_huatuo_test" / "data"
    rows = json.loads((folder / "huatuo26M_test.half0.json").read_text("utf-8"))
    found = [(row["instruction"][0], row["output"][0]) for row in rows]
    path = data / "zh_medicalgpt_samples" / "data" / "sft" / "medical_sft_1K_format.jsonl"
    for line in path.read_text("utf-8").splitlines():
        turns = json.loads(line)["conversations"]
        found.append((turns[0]["value"], turns[1]["value"]))
    return found


def weak(pairs: list[tuple[str, str]], found: Table) -> list[tuple[str, str]]:
    """(question, department) of the pairs whose words leave little doubt."""
    kept = []
    for question, answer in pairs:
        told = squashed(found.scores(found.matches(question)))
        told = told + 0.7 * 2 * np.tanh(found.scores(found.matches(answer[:400])) / 3)
        share = _shares(told)
        if share.max() > BELIEVED:
            kept.append((question, found.keys[int(share.argmax())]))
    return kept


def _shares(told: NDArray[np.float32]) -> NDArray[np.float32]:
    raised = np.exp(2 * (told - told.max()))
    return np.asarray(raised / raised.sum(), np.float32)
