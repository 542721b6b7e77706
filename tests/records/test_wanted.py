"""What a question asks of a record: its kind, its name, its time, in English and Chinese."""

from datetime import date

import pytest

from rag.records.wanted import wanted
from rag.records.when import period

TODAY = date(2021, 6, 15)


def read(question):
    found = wanted(question, today=TODAY)
    return found and (found.kind, found.name, found.detail)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What was the last creatinine?", ("last", "creatinine", "")),
        ("What is the patient's most recent hemoglobin A1c?", ("last", "hemoglobin a1c", "")),
        ("Can you tell me her latest potassium, please?", ("last", "potassium", "")),
        ("how much does he weigh?", ("last", "weigh", "")),
        ("What was the first recorded LDL?", ("first", "ldl", "")),
        ("What was the highest systolic blood pressure?", ("highest", "systolic blood pressure", "")),
        ("lowest potassium", ("lowest", "potassium", "")),
        ("hihgest creatinine so far", ("highest", "creatinine", "")),
        ("Lowst potassium?", ("lowest", "potassium", "")),
        ("What is her average weight?", ("mean", "weight", "")),
        ("how did creatinine change since March?", ("trend", "creatinine", "")),
        ("Is the creatinine rising?", ("trend", "creatinine", "")),
        ("list all values of hemoglobin", ("all", "hemoglobin", "")),
        ("how many times was LDL measured?", ("count", "ldl", "")),
        ("What was the glucose on 2019-03-04?", ("at", "glucose", "")),
        ("Is the patient on metformin?", ("taking", "metformin", "")),
        ("Does she take lisinopril?", ("taking", "lisinopril", "")),
        ("Was lisinopril stopped?", ("taking", "lisinopril", "stopped")),
        ("When did she start taking metformin?", ("begun", "metformin", "")),
        ("When was naproxen stopped?", ("stopped", "naproxen", "")),
        ("When was diabetes diagnosed?", ("diagnosed", "diabetes", "")),
        ("What is the date of the last flu vaccine?", ("done", "flu vaccine", "last")),
        ("When was her last visit?", ("done", "visit", "last")),
        ("Does he have asthma?", ("has", "asthma", "")),
        ("Does she have allergic rhinitis?", ("has", "allergic rhinitis", "")),
        ("Is she allergic to penicillin?", ("allergic", "penicillin", "")),
        ("What medications does the patient take?", ("list", "", "medication")),
        ("List the active problems", ("list", "", "condition")),
        ("What allergies does she have?", ("list", "", "allergy")),
        ("How old is the patient?", ("person", "", "age")),
        ("Is the patient male or female?", ("person", "", "sex")),
        ("What is his date of birth?", ("person", "", "birth")),
        ("Which labs are abnormal?", ("abnormal", "", "")),
        ("Which tests are high?", ("abnormal", "", "high")),
        ("What is the latest high density lipoprotein?", ("last", "high density lipoprotein", "")),
        ("肌酐从三月以来怎么变化", ("trend", "肌酐", "")),
        ("现在还在用二甲双胍吗", ("taking", "二甲双胍", "")),
        ("现在还在用对乙酰氨基酚吗", ("taking", "对乙酰氨基酚", "")),
        ("布洛芬停了吗", ("taking", "布洛芬", "stopped")),
        ("什么时候诊断高血压的", ("diagnosed", "高血压", "")),
        ("有没有青霉素过敏", ("allergic", "青霉素", "")),
        ("最近一次肾小球滤过率是多少", ("last", "肾小球滤过率", "")),
        ("现在的体重指数值是多少", ("last", "体重指数", "")),
        ("患者血压最高是多少？", ("highest", "血压", "")),
        ("他有没有哮喘", ("has", "哮喘", "")),
        ("目前在用哪些药", ("list", "", "medication")),
        ("有哪些过敏", ("list", "", "allergy")),
        ("患者多大年纪", ("person", "", "age")),
        ("最后一次流感疫苗是什么时候", ("done", "流感疫苗", "last")),
    ],
)
def test_kind_and_name(question, expected):
    assert read(question) == expected


@pytest.mark.parametrize(
    "question",
    [
        "Why is the creatinine high?", "Should the patient take metformin?", "What is the best treatment for hypertension?",
        "What is hypertension?", "Does metformin have side effects?", "Is metformin used for diabetes?",
        "Does aspirin prevent strokes?", "What happened at the last visit?", "为什么肌酐升高", "二甲双胍有没有肾毒性",
        "高血压怎么治疗方案好", "", "?", "x" * 500, "How did creatinine change since the last visit?",
        "What was the creatinine on 03/05/2019?", "What was the glucose between 2015 and 2010?",
    ],
)  # fmt: skip
def test_what_no_entry_can_answer_is_none(question):
    assert wanted(question, today=TODAY) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("since march", ("2021-03-01", "")),
        ("since july", ("2020-07-01", "")),  # the most recent past one
        ("since march 5", ("2021-03-05", "")),
        ("in the last 6 months", ("2020-12-15", "2021-06-15")),
        ("over the past two years", ("2019-06-15", "2021-06-15")),
        ("last year", ("2020-01-01", "2020-12-31")),
        ("in the last year", ("2020-06-15", "2021-06-15")),
        ("in 2019", ("2019-01-01", "2019-12-31")),
        ("before 2015", ("", "2014-12-31")),
        ("after 2015", ("2016-01-01", "")),
        ("since 2015", ("2015-01-01", "")),
        ("until march 2019", ("", "2019-03-31")),
        ("between 2010 and 2015", ("2010-01-01", "2015-12-31")),
        ("from march 2019 to may 2020", ("2019-03-01", "2020-05-31")),
        ("on 5 march 2019", ("2019-03-05", "2019-03-05")),
        ("the glucose from march 5, 2019", ("2019-03-05", "2019-03-05")),
        ("as of 2019-03-05", ("2019-03-05", "2019-03-05")),
        ("3 months ago", ("2021-03-01", "2021-03-31")),
        ("yesterday", ("2021-06-14", "2021-06-14")),
        ("in the 1990s", ("1990-01-01", "1999-12-31")),
        ("on february 30, 2019", ("", "")),  # no day of the calendar
        ("may he take aspirin", ("", "")),
        ("今年三月", ("2021-03-01", "2021-03-31")),
        ("去年", ("2020-01-01", "2020-12-31")),
        ("最近半年", ("2020-12-15", "2021-06-15")),
        ("过去一年半", ("2019-12-15", "2021-06-15")),
        ("十二月以来", ("2020-12-01", "")),
        ("2015年到2018年之间", ("2015-01-01", "2018-12-31")),
        ("二〇一九年", ("2019-01-01", "2019-12-31")),
        ("2019年3月5日", ("2019-03-05", "2019-03-05")),
        ("2019年以前", ("", "2018-12-31")),
        ("最近一次血糖", ("", "")),
    ],
)
def test_times(text, expected):
    found = period(text, today=TODAY)
    assert (found.since, found.until) == expected


def test_near_is_kept_and_time_is_no_part_of_the_name():
    found = wanted("What was the creatinine around March 2019?", today=TODAY)
    assert found is not None
    assert (found.kind, found.name, found.since, found.until, found.near) == (
        "at", "creatinine", "2019-03-01", "2019-03-31", True,
    )  # fmt: skip


def test_end_of_a_short_month():
    assert period("in the last 6 months", today=date(2021, 8, 31)).since == "2021-02-28"


def test_a_long_question_costs_nothing():
    assert wanted("since march " * 100_000, today=TODAY) is None
