"""The evidence level: publication types first, then the title's words, then the abstract's."""

import time

import pytest

from indexer.design import COARSE, DESIGNS, PASSING, RULES, TYPES, classify, rank
from tests.indexes import ROOT

CASES = [
    ("practice guideline", "2021 guideline for the management of hypertension", ""),
    ("practice guideline", "ESC Guidelines for the diagnosis and management of atrial fibrillation", ""),
    ("practice guideline", "Clinical practice guideline: tonsillectomy in children", ""),
    ("practice guideline", "Oral pharmacologic treatment of type 2 diabetes: a clinical practice guideline", ""),
    ("practice guideline", "Screening for osteoporosis: recommendation statement", ""),
    ("practice guideline", "中国2型糖尿病防治指南（2020年版）", ""),
    ("practice guideline", "椎动脉狭窄血管内治疗中国专家共识", ""),
    ("meta-analysis", "Statins and mortality: a systematic review and meta-analysis", ""),
    ("meta-analysis", "Statins and mortality: a network meta‐analysis of randomised trials", ""),
    ("meta-analysis", "Ki-67 in carcinoma", "Then, a meta-analysis was performed. Pooled hazard ratios were high."),
    ("meta-analysis", "阿司匹林一级预防的Meta分析", ""),
    ("meta-analysis", "他汀与死亡", "采用RevMan软件进行荟萃分析。"),
    ("systematic review", "Exercise for low back pain: a systematic review", ""),
    ("systematic review", "Exercise: a review", "We systematically searched MEDLINE. Mouse models were left out."),
    ("systematic review", "Bone density: a systematic overview of the literature", ""),
    ("systematic review", "针灸治疗偏头痛的系统评价", ""),
    ("randomized controlled trial", "Aspirin in older people: a randomised trial", ""),
    ("randomized controlled trial", "Drug X in asthma", "Patients were randomly assigned to drug X or placebo."),
    ("randomized controlled trial", "Drug X in asthma", "Patients were allocated at random to drug X or placebo."),
    ("randomized controlled trial", "A double-blind study of X", "Women were randomised to X or placebo."),
    ("randomized controlled trial", "A prospective study of X", "Women were randomised to X or placebo."),
    ("randomized controlled trial", "Porcine surfactant in preterm infants: a randomized trial", ""),
    ("randomized controlled trial", "Rabbit antithymocyte globulin", "Recipients were randomized 1:1."),
    ("randomized controlled trial", "Metformin before in vitro fertilization", "Women were randomized."),
    ("randomized controlled trial", "依那普利的疗效", "将120例患者随机分为两组。"),
    ("randomized controlled trial", "依那普利的疗效", "按随机数字表法分组。"),
    ("controlled trial", "Drug X in asthma", "In this double-blind study patients took drug X."),
    ("controlled trial", "Stockings after surgery: a non-randomized controlled trial", ""),
    ("controlled trial", "A phase II study of X in lymphoma", ""),
    ("controlled trial", "中药治疗结肠炎", "并设西药组作对照观察。"),
    ("cohort", "Fruit and stroke: a prospective cohort of adults", ""),
    ("cohort", "Smoking and cancer", "We followed a nationwide cohort for 300,000 person-years."),
    ("cohort", "Outcomes after resection", "We retrospectively analyzed 2770 patients."),
    ("cohort", "腹腔镜手术的应用", "回顾性分析2012年6月至2014年的病例。"),
    ("case-control", "Oral contraceptives and stroke: a case-control study", ""),
    ("case-control", "Bone in thyroid disease", "Eighty patients and 65 age- and sex-matched normal controls."),
    ("case-control", "吸烟与肺癌的病例对照研究", ""),
    ("cross-sectional", "Vitamin D status in nurses: a cross-sectional survey", ""),
    ("cross-sectional", "Knowledge of costs", "A questionnaire survey of general practices."),
    ("cross-sectional", "医院感染管理现状调查", ""),
    ("case report", "Takotsubo after a bee sting: a case report", ""),
    ("case report", "An unusual rash", "We report a case of a patient with a rash."),
    ("case report", "Recurrent herpes", "A 52-year old man presented with zoster."),
    ("case report", "第4、5颈椎骨性融合一例", ""),
    ("case report", "背部多发性丘疹及斑块", "患者女,38岁.因丘疹就诊."),
    ("narrative review", "Management of gout", "This review summarizes the treatment of gout."),
    ("narrative review", "Hidradenitis suppurativa: a clinical review", ""),
    ("narrative review", "痛风治疗研究进展", ""),
    ("laboratory/animal", "Drug X lowers glucose in diabetic mice", ""),
    ("laboratory/animal", "Drug X", "Rats were randomly divided into four groups."),
    ("laboratory/animal", "Magnesium in a rat model of sepsis: a randomized controlled experimental study", ""),
    ("laboratory/animal", "Pericytes in a swine model of infarction", "A randomized, placebo-controlled study."),
    ("laboratory/animal", "Transcription factor X", "Expression of X was measured in vitro."),
    ("laboratory/animal", "黄芪对大鼠肾功能的影响", ""),
    ("not stated", "The biology of sleep", "Sleep is needed by all animals that were ever looked at."),
    ("not stated", "", ""),
]  # fmt: skip

TRAPS = [
    ("not stated", "Exercise for back pain: protocol for a systematic review", ""),
    ("not stated", "Study protocol: a randomized controlled trial of yoga", "Patients will be randomized."),
    ("not stated", "Rationale and design of the ABC trial", "A randomized trial."),
    ("not stated", "Body weight and stroke: a Mendelian randomization analysis", ""),
    ("not stated", "Correction: a randomized trial of vitamin D", ""),
    ("not stated", "Care of wounds", "No randomized trials exist. There is a lack of controlled clinical trials."),
    ("not stated", "Care of wounds", "Large randomized controlled trials are needed."),
    ("not stated", "Care of wounds", "Further prospective studies and a randomized trial is warranted."),
    ("not stated", "Fluid responsiveness", "A previous meta-analysis concluded that pressure should not be used."),
    ("not stated", "Preparing patients for discharge: do we meet the guidelines?", ""),
    ("not stated", "Effectiveness of a clinic in achieving K/DOQI guideline targets", ""),
    ("not stated", "Adherence to clinical guidelines for asthma in primary care", ""),
    ("not stated", "《高血压防治指南》解读", ""),
    ("not stated", "Pyloric stenosis", "The mucosa fills one third of the cross-sectional diameter."),
    ("not stated", "Allergy to cow's milk", ""),
    ("not stated", "妇科体外受精患者的护理", ""),
    ("cross-sectional", "Sleep in students", "A randomly selected sample took part in this cross-sectional survey."),
    ("cross-sectional", "某地居民睡眠", "随机抽取500名居民进行问卷调查。"),
    ("cohort", "Participants of a clinical trial: a retrospective cohort study", ""),
    ("cohort", "Age and surgery", "In this prospective non randomized observational cohort study we looked at age."),
    ("case-control", "Statins and stroke", "A case-control study of 25- to 74-year-old stroke patients."),
]  # fmt: skip


@pytest.mark.parametrize(("design", "title", "abstract"), CASES + TRAPS)
def test_wording(design, title, abstract):
    assert classify(publication_types=(), title=title, abstract=abstract) == design


@pytest.mark.parametrize(
    ("types", "title", "design"),
    [
        (["Journal Article", "Randomized Controlled Trial"], "A cohort of mice", "randomized controlled trial"),
        (["Review", "Meta-Analysis"], "", "meta-analysis"),
        (["Review"], "Statins: a meta-analysis", "meta-analysis"),
        (["Review"], "Statins today", "narrative review"),
        (["Review"], "A case report and review", "narrative review"),
        (["Case Reports", "Review"], "", "case report"),
        (["Clinical Trial"], "A randomized trial of X", "randomized controlled trial"),
        (["Clinical Trial, Phase II"], "X in lymphoma", "controlled trial"),
        (["Practice Guideline", "Review"], "", "practice guideline"),
        (["Clinical Trial Protocol", "Randomized Controlled Trial"], "", "not stated"),
        (["Randomized Controlled Trial, Veterinary"], "", "laboratory/animal"),
        (["Comment", "Editorial"], "Aspirin: a randomized trial", "not stated"),
        (["Letter", "Case Reports"], "", "case report"),
        (["Letter"], "Zoster: a case report", "case report"),
        (["Retraction of Publication"], "Retraction: A randomized trial", "not stated"),
        (["Journal Article"], "A case-control study of X", "case-control"),
    ],
)
def test_publication_types_first(types, title, design):
    assert classify(publication_types=types, title=title, abstract="") == design


def test_ranks():
    assert [rank(d) for d in DESIGNS] == list(range(len(DESIGNS)))
    assert rank("nonsense") == rank("not stated")


def test_every_rule_gives_a_known_design():
    assert {design for _, design in TYPES} | {rule[0] for rule in RULES} | set(COARSE) == set(DESIGNS)


@pytest.mark.parametrize(
    "shape", ["randomized ", "no randomized, ", "we a-a ", "guideline-", "of a in ", "随机", "(\n"]
)
def test_a_megabyte_takes_no_time(shape):
    text = shape * (1_000_000 // len(shape))
    before = time.process_time()
    classify(publication_types=(), title=text, abstract=text)
    assert time.process_time() - before < 1


def test_the_document_has_every_rule():
    """docs/evidence-levels.md is these tables, row by row, and no other rows."""
    rows = [f"| {name} | {design} |" for name, design in TYPES]
    rows += ["| `" + pattern.replace("|", "\\|") + "` |" for pattern in PASSING]
    rows += [
        f"| {number} | {where} | {design} | `" + pattern.replace("|", "\\|") + "` |"
        for number, (design, where, pattern) in enumerate(RULES, start=1)
    ]
    lines = (ROOT / "docs" / "evidence-levels.md").read_text("utf-8").splitlines()
    document = lines[lines.index("## Publication types") :]
    heads = ("| publication type |", "| what is taken out", "| rule |", "|--")
    assert [line for line in document if line.startswith("|") and not line.startswith(heads)] == rows
