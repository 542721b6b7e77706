"""A follow-up question keeps the topic of the conversation, and a question of its own stays as it was typed."""

import json
from pathlib import Path

from rag.follow_up import resolve
from rag.turns import Turn
from tests.indexes import ROOT

CASES = [json.loads(line) for line in (Path(__file__).parent / "follow_ups.jsonl").read_text("utf-8").splitlines()]
BEFORE = {
    "en": [
        Turn(
            "Does metformin reduce mortality in type 2 diabetes?",
            ("Effect of intensive blood-glucose control with metformin",),
        )
    ],
    "zh": [Turn("二甲双胍能降低2型糖尿病患者的死亡率吗？", ("二甲双胍与死亡率",))],
}
ALONE = [
    "What causes scurvy?", "Is it safe to give ibuprofen to a child with asthma?", "How does insulin lower blood glucose?",
    "Does warfarin interact with amiodarone when it is started late?", "What is the dose of amoxicillin in otitis media?",
    "Is there evidence that vitamin C shortens colds?", "Which drugs that lower cholesterol are safe in pregnancy?",
    "Do statins reduce mortality, and are they safe?", "What are the side effects of lisinopril?", "aspirin after stroke",
    "statins in primary prevention", "Describe the treatment of gout.", "How is tuberculosis diagnosed?",
    "Are antivirals of any use for sudden facial paralysis, or are steroids enough?", "Can HIV be cured?",
    "Does this year's influenza vaccine protect older people?", "How common is migraine in women?",
    "And does aspirin prevent preeclampsia?", "In HFrEF, does switching from an ACE inhibitor to an ARNI lower mortality?",
    "二甲双胍有哪些副作用？", "华法林和阿司匹林一起吃安全吗？", "什么是多发性硬化？", "他汀类药物能预防心肌梗死吗？",
    "孕妇可以接种流感疫苗吗？", "儿童哮喘如何治疗？", "其他降压药有哪些？", "维生素D能预防骨折吗？", "糖尿病会遗传吗？",
]  # fmt: skip


def right(case):
    found = resolve(case["asks"], [Turn("Which vaccine prevents measles?"), Turn(case["last"])])
    low = f" {found.text.lower()} "
    kept = all(w.lower() in low for w in case["has"]) and not any(w.lower() in low for w in case.get("lacks", ()))
    return kept and bool(found.carried), found


def test_follow_ups_keep_their_topic():
    assert len(CASES) >= 60
    wrong = [(c["asks"], found.text) for c in CASES for good, found in [right(c)] if not good]
    assert len(wrong) <= 0.1 * len(CASES), wrong


def test_why_leaves_no_trace_in_the_next_question():
    first = Turn("Does clopidogrel prevent stroke?")
    why = resolve("why?", [first])
    assert why.text == "Why does clopidogrel prevent stroke?"
    assert resolve("What about aspirin?", [first, Turn(why.text, (), why.frame)]).text == "Does aspirin prevent stroke?"


def test_a_title_stands_in_for_a_question_that_names_nothing():
    before = [Turn("What did the last one find?", ("Dapagliflozin in heart failure",))]
    assert (
        resolve("How large was this trial?", before).text
        == "How large was this trial “Dapagliflozin in heart failure”?"
    )
    assert resolve("and in children?", []).carried == ()


def test_a_question_of_its_own_stays_as_it_is():
    corpus = [
        json.loads(line)["question"]
        for name in ("corpus_questions_en", "corpus_questions_zh", "corpus_unanswerable")
        for line in (ROOT / "tests" / f"{name}.jsonl").read_text("utf-8").splitlines()
    ]
    asked = ALONE + corpus
    changed = []
    for question in asked:
        found = resolve(question, BEFORE["zh" if any("一" <= c <= "龥" for c in question) else "en"])
        if found.carried or found.text.lower() not in question.lower():
            changed.append((question, found.text))
    assert len(changed) <= 0.05 * len(asked), changed
