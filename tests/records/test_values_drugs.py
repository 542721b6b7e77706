"""Drugs by salt, acid form, brand, product and class; what is not understood is not denied; near problems and plans."""

import pytest

from rag.records.ingredients import meant, recognised
from tests.records.test_values import ask, entry

ENTRIES = [
    entry("medication", "Alendronic acid 10 MG Oral Tablet", "2015-03-01", status="active"),
    entry("medication", "Hydrochlorothiazide 25 MG", "2016-01-01", status="active"),
    entry("medication", "Simvastatin 10 MG Oral Tablet", "2016-01-01", status="active"),
    entry("condition", "Prediabetes", "2012-01-01", status="active"),
    entry("condition", "Hypertension", "2012-01-01", status="active"),
    entry("condition", "Normal pregnancy", "2013-01-01", until="2013-09-01", status="resolved"),
    entry("condition", "Normal pregnancy", "2016-01-01", until="2016-09-01", status="resolved"),
    entry("plan", "Diabetes self management plan", "2012-01-01", status="active"),
    entry("laboratory", "Pregnancy test [Presence] in Urine", "2013-01-01", text="positive"),
    entry("vital", "Systolic Blood Pressure", "2020-01-01", value=130.0, unit="mm[Hg]"),
    entry("vital", "Diastolic Blood Pressure", "2020-01-01", value=80.0, unit="mm[Hg]"),
]


@pytest.mark.parametrize(
    ("question", "cited"),
    [
        ("Does she take alendronate?", 0),
        ("Is she on Fosamax?", 0),
        ("Is she on alendronic acid?", 0),
        ("Does he take a diuretic?", 1),
        ("Is he on a water pill?", 1),
        ("Does she take any statins?", 2),
        ("她现在吃利尿剂吗？", 1),
    ],
)
def test_the_same_drug_by_another_name(question, cited):
    told = ask(question, ENTRIES)
    assert told.recorded
    assert told.text.startswith(("Yes, active", "是，在用"))
    assert [e.name for e in told.entries] == [ENTRIES[cited].name]


def test_a_part_of_a_product_is_not_the_product():
    told = ask("Is she on Vytorin?", ENTRIES)
    assert not told.recorded
    assert "Of its ingredients (ezetimibe + simvastatin) there is: Simvastatin" in told.text


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("Is he on a loop diuretic?", "Not recorded: any of the loop diuretics that the table of drug classes knows."),
        ("Is she on metformin?", "Not recorded: metformin"),
        ("Is she on a painkiller?", "Not understood as a drug or a class of drugs, so it was not looked up: painkiller."),
        ("Does she have flurbosis?", "Not understood: flurbosis."),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_not_denied(question, says):
    told = ask(question, ENTRIES)
    assert told.text.startswith(says)
    assert not told.recorded


def test_a_product_of_no_table_is_named_beside_a_denial():
    told = ask(
        "Is she on metformin?", [*ENTRIES, entry("medication", "Zzyxol 28 Day Pack", "2020-01-01", status="active")]
    )
    assert told.text.endswith("Taken, but what it holds is not known here: Zzyxol 28 Day Pack.")


def test_names_of_one_ingredient_mean_it():
    for one, other in [("valproate", "valproic acid"), ("depakote", "divalproex"), ("paracetamol", "acetaminophen"),
                       ("losartan potassium", "losartan"), ("二甲双胍缓释片", "metformin")]:  # fmt: skip
        assert meant(one).parts == meant(other).parts != ()
    assert meant("omeprazole").parts != meant("esomeprazole").parts
    assert recognised("Losartan potassium 50 MG")
    assert not recognised("Zzyxol 28 Day Pack")


def test_the_list_in_chinese():
    told = ask("她现在吃什么药？", ENTRIES)
    assert told.text.startswith("现有药物共3项")


def test_pregnancies_are_counted_not_tests():
    told = ask("How many pregnancies has she had?", ENTRIES)
    assert told.text.startswith("Entries among the problems: n = 2 (counted)")
    assert {e.category for e in told.entries} == {"condition"}


@pytest.mark.parametrize("question", ["Is she diabetic?", "她有糖尿病吗？"])
def test_a_near_problem_and_a_plan_are_told_as_what_they_are(question):
    told = ask(question, ENTRIES)
    assert not told.recorded
    assert told.text.startswith(("Not recorded: diabetic", "未见记录：糖尿病"))
    assert [e.name for e in told.entries] == ["Prediabetes", "Diabetes self management plan"]


@pytest.mark.parametrize(
    "question",
    ["What was the blood pressure last visit?", "Is his blood pressure controlled?", "他的血压控制得好吗？"],
)
def test_both_pressures(question):
    told = ask(question, ENTRIES)
    assert {e.value for e in told.entries} == {130.0, 80.0}


def test_control_is_not_judged():
    told = ask("Is his blood pressure controlled?", ENTRIES)
    assert told.text.endswith("Whether that is controlled is not judged here.")
    told = ask("Is her hypertension well controlled?", ENTRIES)
    assert told.text.startswith("Yes, active: Hypertension")
