"""The evidence level: publication types first, then the title's words, then the abstract's."""

import pytest

from indexer.design import DESIGNS, RULES, TYPES, classify, rank
from tests.indexes import ROOT

CASES = [
    ("practice guideline", "2021 guideline for the management of hypertension", ""),
    ("practice guideline", "中国2型糖尿病防治指南（2020年版）", ""),
    ("meta-analysis", "Statins and mortality: a systematic review and meta-analysis", ""),
    ("meta-analysis", "阿司匹林一级预防的Meta分析", ""),
    ("systematic review", "Exercise for low back pain: a systematic review", ""),
    ("systematic review", "针灸治疗偏头痛的系统评价", ""),
    ("randomized controlled trial", "Aspirin in older people: a randomised trial", ""),
    ("randomized controlled trial", "Drug X in asthma", "Patients were randomly assigned to drug X or placebo."),
    ("randomized controlled trial", "依那普利的疗效", "将120例患者随机分为两组。"),
    ("controlled trial", "Drug X in asthma", "In this double-blind study patients took drug X."),
    ("cohort", "Fruit and stroke: a prospective cohort of adults", ""),
    ("cohort", "Smoking and cancer", "We followed a nationwide cohort for 300,000 person-years."),
    ("case-control", "Oral contraceptives and stroke: a case-control study", ""),
    ("case-control", "吸烟与肺癌的病例对照研究", ""),
    ("cross-sectional", "Vitamin D status in nurses: a cross-sectional survey", ""),
    ("case report", "Takotsubo after a bee sting: a case report", ""),
    ("case report", "An unusual rash", "We report a case of a patient with a rash."),
    ("narrative review", "Management of gout", "This review summarizes the treatment of gout."),
    ("narrative review", "痛风治疗研究进展", ""),
    ("laboratory/animal", "Drug X lowers glucose in diabetic mice", ""),
    ("laboratory/animal", "Drug X", "Rats were randomly divided into four groups."),
    ("laboratory/animal", "黄芪对大鼠肾功能的影响", ""),
    ("not stated", "The biology of sleep", "Sleep is needed by all animals that were ever looked at."),
    # Traps
    ("not stated", "Protocol for a systematic review of exercise", ""),
    ("not stated", "Body weight and stroke: a Mendelian randomization analysis", ""),
    ("cross-sectional", "Sleep in students", "A randomly selected sample took part in this cross-sectional survey."),
]


@pytest.mark.parametrize(("design", "title", "abstract"), CASES)
def test_wording(design, title, abstract):
    assert classify(publication_types=(), title=title, abstract=abstract) == design


@pytest.mark.parametrize(
    ("types", "title", "design"),
    [
        (["Journal Article", "Randomized Controlled Trial"], "A cohort of mice", "randomized controlled trial"),
        (["Review", "Meta-Analysis"], "", "meta-analysis"),
        (["Review"], "Statins: a meta-analysis", "meta-analysis"),
        (["Review"], "Statins today", "narrative review"),
        (["Clinical Trial"], "A randomized trial of X", "randomized controlled trial"),
        (["Practice Guideline", "Review"], "", "practice guideline"),
        (["Case Reports"], "", "case report"),
        (["Journal Article"], "A case-control study of X", "case-control"),
    ],
)
def test_publication_types_first(types, title, design):
    assert classify(publication_types=types, title=title, abstract="") == design


def test_ranks():
    assert [rank(d) for d in DESIGNS] == list(range(len(DESIGNS)))
    assert rank("nonsense") == rank("not stated")


def test_every_rule_gives_a_known_design():
    assert {design for _, design in TYPES} | {rule[0] for rule in RULES} <= set(DESIGNS)


def test_the_document_has_every_rule():
    """docs/evidence-levels.md is this table, row by row."""
    document = (ROOT / "docs" / "evidence-levels.md").read_text("utf-8")
    for name, design in TYPES:
        assert f"| {name} | {design} |" in document
    for number, (design, where, pattern) in enumerate(RULES, start=1):
        assert f"| {number} | {where} | {design} | `{pattern.replace('|', '&#124;')}` |" in document
