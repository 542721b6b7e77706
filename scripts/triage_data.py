"""The labelled questions that triage is trained and measured on: read, merged, cleaned and split.

Decides which label of toyhom_sample and zh_cmtmedqa_huatuo_test is which department, what counts as the same
question, and
the split: SHA-256 of the question's letters and digits, modulo ten: 0 and 1 test, 2 validation, the rest training.
Exact
copies are kept once (all of them dropped when their labels differ); a training or validation question that nearly
copies a
test question (Jaccard of character trigrams >= NEAR) is dropped, and one that nearly copies validation is dropped from
training. Knows nothing of models.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import sparse

NEAR = 0.6
_NOT_WORD = re.compile(r"\W")

# toyhom_sample: department -> ours.
TOYHOM = {
    "肝病科": "hepatology", "消化科": "gastroenterology", "神经科": "neurology", "心血管科": "cardiology",
    "内分泌科": "endocrinology", "呼吸科": "respiratory", "肾内科": "nephrology", "感染科": "infectious",
    "血液科": "haematology", "普通内科": "general", "风湿免疫科": "rheumatology",
}  # fmt: skip
# cate1 -> what is measured. 内科 says no department: its cate2 does (below), else general; 肝病科 is filed under
# 传染病科.
CATE1 = {
    "皮肤科": "dermatology", "皮肤性病科": "dermatology", "外科": "surgical", "整形美容": "plastic",
    "儿科": "paediatrics",
    "五官科": "head", "妇产科": "women", "肿瘤科": "oncology", "男科": "andrology", "中医科": "tcm",
    "心理科": "psychiatry",
    "传染病科": "infectious", "传染科": "infectious", "内科": "general", "家居健康": "general", "其他": "general",
}  # fmt: skip
CATE2_OF_MEDICINE = {
    "呼吸内科": "respiratory", "支气管炎": "respiratory", "消化内科": "gastroenterology", "心血管内科": "cardiology",
    "神经内科": "neurology", "重症肌无力": "neurology", "内分泌科": "endocrinology", "肝病科": "hepatology",
    "肝病科其它": "hepatology", "风湿免疫科": "rheumatology", "肾内科": "nephrology", "血液科": "haematology",
}  # fmt: skip
# cate2 -> one department of ours, inside the measured group.
CATE2 = {
    "骨科": "orthopaedics", "四肢": "orthopaedics", "腰肌劳损": "orthopaedics", "普外科": "surgery",
    "肝胆外科": "surgery",
    "乳腺增生": "surgery", "外科其它": "surgery", "泌尿外科": "urology", "耳鼻喉科": "ent", "鼻部": "ent",
    "眼科": "ophthalmology", "眼部": "ophthalmology", "口腔科": "dentistry", "口腔科其它": "dentistry",
    "妇科综合": "gynaecology", "妇科": "gynaecology", "妇科其它": "gynaecology", "女性生殖": "gynaecology",
    "不孕症": "gynaecology", "产科综合": "obstetrics",
}  # fmt: skip
# What is measured as one label because the data do not tell its departments apart.
GROUPS = {
    "surgical": ("surgery", "orthopaedics", "urology"),
    "head": ("ent", "ophthalmology", "dentistry"),
    "women": ("gynaecology", "obstetrics"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A question, its measured label, the departments that the label may mean, the answer ("" when none), its set."""

    question: str
    label: str
    departments: tuple[str, ...]
    answer: str
    origin: str

    @property
    def key(self) -> str:
        """Letters and digits of the question in lower case: what makes two questions the same."""
        return _NOT_WORD.sub("", self.question).casefold()


@dataclass(frozen=True, slots=True)
class Split:
    """The three parts and what cleaning took away."""

    train: list[Row]
    validation: list[Row]
    test: list[Row]
    removed: dict[str, int]


def rows(data: Path) -> list[Row]:
    """Every labelled question of both sets, uncleaned. Raises OSError when a set is missing."""
    return _toyhom(data) + _cmtmedqa(data)


def _toyhom(data: Path) -> list[Row]:
    text = next((data / "toyhom_sample").glob("*.csv")).read_bytes().decode("gb18030")
    found = []
    for row in csv.DictReader(io.StringIO(text)):
        label = TOYHOM[row["department"]]
        found.append(Row(f"{row['title']} {row['ask']}".strip(), label, (label,), row["answer"], "toyhom"))
    return found


def _cmtmedqa(data: Path) -> list[Row]:
    path = data / "zh_cmtmedqa_huatuo_test" / "data" / "CMtMedQA_test.half0.json"
    found = []
    for row in json.loads(path.read_text("utf-8")):
        if "cate1" not in row:
            continue
        turns = [*row["history"], [row["instruction"], row["output"]]]
        label = CATE1[row["cate1"]]
        if row["cate1"] in ("内科", "传染病科", "传染科"):
            label = CATE2_OF_MEDICINE.get(row["cate2"], label)
        one = CATE2.get(row["cate2"])
        group = GROUPS.get(label, (label,))
        departments = (one,) if one in group else group
        found.append(Row(turns[0][0].strip(), label, departments, turns[0][1], "cmtmedqa"))
    return found


def split(found: Iterable[Row]) -> Split:
    """Cleaned and split rows; deterministic."""
    by_key: dict[str, list[Row]] = defaultdict(list)
    total = 0
    for row in found:
        by_key[row.key].append(row)
        total += 1
    kept = {key: same[0] for key, same in by_key.items() if key and len({r.label for r in same}) == 1}
    removed = Counter(
        copies=total - len(by_key), conflicting=sum(len({r.label for r in same}) > 1 for same in by_key.values())
    )
    parts: dict[str, list[Row]] = {"train": [], "validation": [], "test": []}
    for key, row in kept.items():
        parts[part_of(key)].append(row)
    validation = without_near(parts["validation"], parts["test"])
    train = without_near(parts["train"], parts["test"])
    removed["near_test_in_validation"] = len(parts["validation"]) - len(validation)
    removed["near_test_in_train"] = len(parts["train"]) - len(train)
    clean = without_near(train, validation)
    removed["near_validation_in_train"] = len(train) - len(clean)
    return Split(clean, validation, parts["test"], dict(removed))


def part_of(key: str) -> str:
    """`test` (0, 1), `validation` (2) or `train` (3 to 9): the first 32 bits of the SHA-256 of the key, modulo ten."""
    number = int(hashlib.sha256(key.encode()).hexdigest()[:8], 16) % 10
    return "test" if number < 2 else "validation" if number == 2 else "train"


def without_near(some: list[Row], others: list[Row]) -> list[Row]:
    """The rows whose trigrams are not nearly those of one of the others."""
    if not some or not others:
        return some
    first, second = _trigrams([r.key for r in some]), _trigrams([r.key for r in others])
    shared = (first @ second.T).tocoo()
    sizes = (np.asarray(first.sum(1)).ravel(), np.asarray(second.sum(1)).ravel())
    jaccard = shared.data / (sizes[0][shared.row] + sizes[1][shared.col] - shared.data)
    near = set(shared.row[jaccard >= NEAR].tolist())
    return [row for i, row in enumerate(some) if i not in near]


def _trigrams(keys: list[str]) -> sparse.csr_matrix:
    columns: list[int] = []
    starts = [0]
    for key in keys:
        grams = {key[i : i + 3] for i in range(max(1, len(key) - 2))}
        columns += [int.from_bytes(hashlib.blake2b(g.encode(), digest_size=4).digest()) % (1 << 22) for g in grams]
        starts.append(len(columns))
    ones = np.ones(len(columns), np.float32)
    return sparse.csr_matrix((ones, columns, starts), shape=(len(keys), 1 << 22))
