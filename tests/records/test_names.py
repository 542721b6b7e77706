"""Which entries a name means: codes, usual names, brands, lay names, Chinese; never another test that shares a word."""

import pytest

from rag.records.names import concept_of, concepts, find, parts, spot
from rag.records.types import Entry


def entry(name, category="laboratory", code=None):
    codes = (("loinc", code),) if code else ()
    return Entry(f"fhir:X/{name}", category, "d", 0, 1, name, codes, time="2020-01-01", value=1.0)


LABS = [
    entry("Creatinine [Mass/volume] in Serum or Plasma", code="2160-0"),
    entry("Creatinine [Mass/volume] in Urine"),
    entry("Hemoglobin A1c/Hemoglobin.total in Blood", code="4548-4"),
    entry("Total Cholesterol", code="2093-3"),
    entry("Low Density Lipoprotein Cholesterol", code="18262-6"),
    entry("High Density Lipoprotein Cholesterol", code="2085-9"),
    entry("Glucose [Mass/volume] in Blood"),
    entry("Potassium"),
    entry("Body Weight", "vital", "29463-7"),
    entry("Systolic Blood Pressure", "vital", "8480-6"),
    entry("Diastolic Blood Pressure", "vital", "8462-4"),
]


def names(name, entries=LABS, **more):
    return [e.name for m in find(name, entries, **more) for e in m.entries]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("creatinine", ["Creatinine [Mass/volume] in Serum or Plasma"]),
        ("serum creatinine", ["Creatinine [Mass/volume] in Serum or Plasma"]),
        ("cr", ["Creatinine [Mass/volume] in Serum or Plasma"]),
        ("肌酐", ["Creatinine [Mass/volume] in Serum or Plasma"]),
        ("urine creatinine", ["Creatinine [Mass/volume] in Urine"]),
        ("a1c", ["Hemoglobin A1c/Hemoglobin.total in Blood"]),
        ("糖化血红蛋白", ["Hemoglobin A1c/Hemoglobin.total in Blood"]),
        ("hemoglobin", []),  # not the A1c
        ("血红蛋白", []),
        ("cholesterol", ["Total Cholesterol"]),
        ("ldl-c", ["Low Density Lipoprotein Cholesterol"]),
        ("blood sugar", ["Glucose [Mass/volume] in Blood"]),
        ("k", ["Potassium"]),
        ("weigh", ["Body Weight"]),
        ("blood pressure", ["Systolic Blood Pressure", "Diastolic Blood Pressure"]),
        ("血压", ["Systolic Blood Pressure", "Diastolic Blood Pressure"]),
        ("creatinine clearance", []),
        ("creatine kinase", []),
        ("ferritin", []),
    ],
)
def test_tests(name, expected):
    assert names(name) == expected


def test_a_panel_gives_each_of_its_tests_apart():
    assert [m.label for m in find("lipid panel", LABS)] == [
        "Total Cholesterol", "Low Density Lipoprotein Cholesterol", "High Density Lipoprotein Cholesterol",
    ]  # fmt: skip
    assert concepts("血脂") == ("total cholesterol", "LDL cholesterol", "HDL cholesterol", "triglycerides")


def test_equal_matches_are_all_returned_and_told_apart():
    pool = [entry("Ferritin saturation index A"), entry("Ferritin saturation index B")]
    assert [m.label for m in find("saturation index", pool)] == [
        "Ferritin saturation index A", "Ferritin saturation index B",
    ]  # fmt: skip


def test_the_code_counts_before_the_name():
    assert concept_of(entry("Kreatinin im Serum", code="2160-0")) == "creatinine"
    assert concept_of(entry("Glucose [Mass/volume] in Urine")) == ""


DRUGS = [
    entry("lisinopril 10 MG Oral Tablet", "medication"),
    entry("Acetaminophen 325 MG Oral Tablet", "medication"),
    entry("Amoxicillin 250 MG / Clavulanate 125 MG Oral Tablet", "medication"),
]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("lisinopril", ["lisinopril 10 MG Oral Tablet"]),
        ("tylenol", ["Acetaminophen 325 MG Oral Tablet"]),
        ("paracetamol", ["Acetaminophen 325 MG Oral Tablet"]),
        ("对乙酰氨基酚", ["Acetaminophen 325 MG Oral Tablet"]),
        ("amoxicillin", ["Amoxicillin 250 MG / Clavulanate 125 MG Oral Tablet"]),
        ("metformin", []),
        ("oral tablet of metformin", []),
    ],
)
def test_drugs(name, expected):
    assert names(name, DRUGS, every=("medication",)) == expected


CONDITIONS = [
    entry("Myocardial infarction (disorder)", "condition"),
    entry("Hypertension", "condition"),
    entry("Prediabetes", "condition"),
    entry("Viral sinusitis (disorder)", "condition"),
    entry("Sinusitis (disorder)", "condition"),
]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("heart attack", ["Myocardial infarction (disorder)"]),
        ("high blood pressure", ["Hypertension"]),
        ("高血压", ["Hypertension"]),
        ("hypertensive", ["Hypertension"]),
        ("diabetes", []),  # prediabetes is another thing
        ("sinusitis", ["Sinusitis (disorder)", "Viral sinusitis (disorder)"]),  # the exact one first
        ("viral sinusitis", ["Viral sinusitis (disorder)"]),
        ("asthma", []),
    ],
)
def test_conditions(name, expected):
    assert names(name, CONDITIONS, every=("condition",)) == expected


def test_vaccines():
    pool = [
        entry("Influenza, seasonal, injectable, preservative free", "immunization"),
        entry("Td (adult) preservative free", "immunization"),
        entry("Hep B, adult", "immunization"),
    ]
    assert names("flu shot", pool) == ["Influenza, seasonal, injectable, preservative free"]
    assert names("tetanus shot", pool) == ["Td (adult) preservative free"]
    assert names("乙肝疫苗", pool) == ["Hep B, adult"]
    assert names("shingles vaccine", pool) == []


def test_parts():
    assert parts("creatinine and potassium") == ["creatinine", "potassium"]
    assert parts("肌酐和血钾") == ["肌酐", "血钾"]


def test_spot_says_whether_the_rest_may_change_the_meaning():
    found, alone = spot("potassium brought", LABS)
    assert [m.label for m in found] == ["Potassium"]
    assert alone
    assert not spot("potassium channel antibody", LABS)[1]
