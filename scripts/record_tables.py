"""What the measuring of questions about a patient's values is made from: names as people say them, and the truth.

The truth is read from Synthea's bundles here, on its own, never by the reader that is measured. Just enough of a bundle
is read for the questions asked; what these tables do not name is not asked about.
"""

from __future__ import annotations

import collections
import json
import re
from dataclasses import dataclass, field
from pathlib import Path

# The display of the code in the bundles: names people use, English then Chinese.
TESTS = {
    "Creatinine": ["creatinine", "serum creatinine", "Cr", "肌酐", "血肌酐"],
    "Glucose": ["glucose", "blood sugar", "blood glucose", "血糖", "葡萄糖"],
    "Potassium": ["potassium", "serum potassium", "K", "血钾", "钾"],
    "Sodium": ["sodium", "Na", "serum sodium", "血钠", "钠"],
    "Hemoglobin A1c/Hemoglobin.total in Blood": ["HbA1c", "A1c", "glycated hemoglobin", "糖化血红蛋白", "HbA1c"],
    "Hemoglobin [Mass/volume] in Blood": ["hemoglobin", "Hb", "haemoglobin", "血红蛋白", "血色素"],
    "Platelets [#/volume] in Blood by Automated count": ["platelet count", "platelets", "PLT", "血小板", "血小板计数"],
    "Leukocytes [#/volume] in Blood by Automated count": ["WBC", "white cells", "white count", "白细胞", "白细胞计数"],
    "Total Cholesterol": ["total cholesterol", "cholesterol", "TC", "总胆固醇", "胆固醇"],
    "Low Density Lipoprotein Cholesterol": ["LDL", "LDL cholesterol", "LDL-C", "低密度脂蛋白", "LDL"],
    "High Density Lipoprotein Cholesterol": ["HDL", "HDL-C", "HDL cholesterol", "高密度脂蛋白", "HDL"],
    "Triglycerides": ["triglycerides", "TG", "triglyceride level", "甘油三酯", "TG"],
    "Estimated Glomerular Filtration Rate": ["eGFR", "GFR", "estimated GFR", "肾小球滤过率", "eGFR"],
    "Urea Nitrogen": ["BUN", "urea nitrogen", "blood urea nitrogen", "尿素氮", "BUN"],
    "Body Weight": ["weight", "body weight", "weight", "体重", "体重"],
    "Body Height": ["height", "body height", "height", "身高", "身高"],
    "Body Mass Index": ["BMI", "body mass index", "BMI", "体重指数", "BMI"],
    "Systolic Blood Pressure": ["systolic blood pressure", "systolic BP", "SBP", "收缩压", "高压"],
    "Diastolic Blood Pressure": ["diastolic blood pressure", "diastolic pressure", "DBP", "舒张压", "低压"],
    "Oral temperature": ["temperature", "body temperature", "temp", "体温", "口温"],
}  # fmt: skip
DRUGS_ZH = {
    "hydrochlorothiazide": "氢氯噻嗪",
    "ibuprofen": "布洛芬",
    "acetaminophen": "对乙酰氨基酚",
    "amoxicillin": "阿莫西林",
    "naproxen": "萘普生",
}
CONDITIONS_ZH = {
    "hypertension": "高血压",
    "asthma": "哮喘",
    "acute bronchitis": "急性支气管炎",
    "epilepsy": "癫痫",
    "appendicitis": "阑尾炎",
    "otitis media": "中耳炎",
}
VACCINES = {
    "influenza, seasonal": ["flu vaccine", "influenza vaccination", "flu shot", "流感疫苗"],
    "hep b": ["hepatitis B vaccine", "hep B vaccination", "hep B shot", "乙肝疫苗"],
}
ABSENT = {
    "last": ["ferritin", "TSH", "INR", "CRP", "uric acid", "albumin", "铁蛋白", "促甲状腺激素"],
    "highest": ["troponin", "bilirubin", "ALT", "lactate", "PSA", "谷丙转氨酶", "胆红素"],
    "taking": ["warfarin", "methotrexate", "Eliquis", "semaglutide", "lithium", "华法林", "甲氨蝶呤"],
    "has": ["multiple sclerosis", "lupus", "hemophilia", "cirrhosis", "gout", "痛风", "肝硬化"],
}  # fmt: skip


@dataclass(frozen=True)
class Fact:
    id: str
    name: str
    time: str
    value: float = 0.0
    unit: str = ""
    active: bool = False


@dataclass
class Bundle:
    """Just enough of one patient's bundle, by kind of resource."""

    path: Path
    observations: dict[str, list[Fact]] = field(default_factory=lambda: collections.defaultdict(list))
    conditions: list[Fact] = field(default_factory=list)
    drugs: list[Fact] = field(default_factory=list)
    vaccines: list[Fact] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)


def load(path: Path) -> Bundle | None:
    """The facts of a bundle; None if it is no patient's."""
    resources = [e["resource"] for e in json.loads(path.read_text("utf-8"))["entry"]]
    if not any(r["resourceType"] == "Patient" for r in resources):
        return None
    found = Bundle(path)
    for r in resources:
        found.ids.add(f"fhir:{r['resourceType']}/{r.get('id', '')}")
        id = f"fhir:{r['resourceType']}/{r.get('id', '')}"
        if r["resourceType"] == "Observation":
            for part in [r, *r.get("component", [])]:
                if quantity := part.get("valueQuantity"):
                    name = part["code"]["coding"][0]["display"]
                    fact = Fact(id, name, r["effectiveDateTime"], quantity["value"], quantity["unit"])
                    found.observations[name].append(fact)
        elif r["resourceType"] == "Condition":
            active = r["clinicalStatus"]["coding"][0]["code"] == "active" and "abatementDateTime" not in r
            found.conditions.append(Fact(id, _bare(r["code"]["text"]), r["onsetDateTime"], active=active))
        elif r["resourceType"] == "MedicationRequest" and "medicationCodeableConcept" in r:
            name = r["medicationCodeableConcept"]["text"]
            found.drugs.append(Fact(id, name, r["authoredOn"], active=r["status"] == "active"))
        elif r["resourceType"] == "Immunization":
            found.vaccines.append(Fact(id, r["vaccineCode"]["text"].lower(), r["occurrenceDateTime"]))
    for facts in (*found.observations.values(), found.conditions, found.drugs, found.vaccines):
        facts.sort(key=lambda f: f.time)
    return found


def _bare(name: str) -> str:
    return re.sub(r" \((?:disorder|finding|situation)\)", "", name).lower()
