"""What kind of answer a question wants."""

import pytest

from rag.asking import kind_of

QUESTIONS = {
    "yesno": [
        "Does metformin reduce mortality?",
        "Is milvexian effective against stroke?",
        "In adults with sepsis, does hydrocortisone reduce deaths?",
        "Double balloon enteroscopy: is it efficacious and safe?",
        "Human papillomavirus and pterygium. Is the virus a risk factor?",
        "Aripiprazole: a new risk factor for pathological gambling?",
        "Tocilizumab is an anti-TNF antibody, yes or no?",
        "二甲双胍能降低死亡率吗？",
        "孕妇是否可以接种流感疫苗？",
    ],
    "factoid": [
        "Which gene is mutated in cystic fibrosis?",
        "How many patients were enrolled in SPRINT?",
        "When was imatinib approved?",
        "What is the half-life of digoxin?",
        "In which organ is erythropoietin made?",
        "成人每天应喝多少水？",
    ],
    "list": [
        "List the symptoms of scurvy.",
        "Which drugs inhibit PCSK9?",
        "What are the side effects of metformin?",
        "Please name the causes of pancreatitis.",
        "二甲双胍有哪些副作用？",
    ],
    "other": [
        "How does metformin work?",
        "Why do statins cause myalgia?",
        "Describe the mechanism of action of imatinib.",
        "statins in primary prevention",
        "痛风怎么治疗？",
    ],
}


@pytest.mark.parametrize(("kind", "question"), [(k, q) for k, questions in QUESTIONS.items() for q in questions])
def test_kinds(kind, question):
    assert kind_of(question) == kind


def test_spaces_and_case_do_not_matter():
    assert kind_of("  does   ASPIRIN help?\n") == "yesno"
