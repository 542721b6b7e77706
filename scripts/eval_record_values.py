"""Measures questions with a known value over Synthea's patients: is the value right, is the right resource cited.

    python scripts/eval_record_values.py --data DIR [--each 40] [--json FILE] [--show 20]

The truth is read from the bundles by `Bundle` below, on its own, never by the reader that is measured. The wordings of
record_wordings.jsonl came in five rounds, each written and run before it was looked at; the last is
reported apart. When the last was new (n 180): value and citation 0.928, left to the search 0.017; the rules were then
changed for what it had shown, so that it is blind no more and a further round would be needed to be so.
Other patients' resources that were cited are counted, and numbers that no cited line has; there must be none.
"""

from __future__ import annotations

import argparse
import collections
import functools
import json
import random
import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from rag.records.fhir import FhirReader
from rag.records.types import Record
from rag.records.values import Told, answer

TODAY = date(2021, 6, 15)
_ROUNDS = 5
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


@dataclass(frozen=True)
class Question:
    """expect: numbers and days that the text must have. ids: of each tuple one must be cited. words: one of them."""

    kind: str
    text: str
    bundle: Path
    expect: tuple[float | str, ...] = ()
    ids: tuple[tuple[str, ...], ...] = ()
    words: tuple[str, ...] = ()
    recorded: bool = True
    unseen: bool = False


Score = tuple[bool, bool, bool]
UP, DOWN = ("higher", "升高"), ("lower", "降低")


@functools.cache
def _wordings(kind: str, *, unseen: bool) -> list[str]:
    rows = [
        json.loads(line) for line in (Path(__file__).parent / "record_wordings.jsonl").read_text("utf-8").splitlines()
    ]
    return [r["text"] for r in rows if r["kind"] == kind and (r["round"] == _ROUNDS) == unseen]


class Maker:
    """Makes questions of one patient, by kind."""

    def __init__(self, bundle: Bundle, seed: int) -> None:
        self.bundle, self.random = bundle, random.Random(seed)

    def wording(self, kind: str, names: list[str], chinese: list[str]) -> tuple[str, bool]:
        """A wording with a name in its language, and whether it is an unseen one."""
        unseen = self.random.random() < 1 / 3
        form = self.random.choice(_wordings(kind, unseen=unseen))
        zh = bool(re.search("[\u4e00-\u9fff]", form))
        if zh and not chinese:
            return self.wording(kind, names, chinese)
        return form.replace("{x}", self.random.choice(chinese if zh else names)), unseen

    def value(self, kind: str) -> Question | None:
        tests = [t for t in TESTS if len(self.bundle.observations.get(t, [])) > 1]
        if not tests:
            return None
        test = self.random.choice(tests)
        facts = self.bundle.observations[test]
        text, unseen = self.wording(kind, TESTS[test][:3], TESTS[test][3:])
        first, last = facts[0], facts[-1]
        low, high = min(f.value for f in facts), max(f.value for f in facts)
        path = self.bundle.path
        if kind == "last":
            return Question(kind, text, path, (last.value, last.time[:10]), ((last.id,),), unseen=unseen)
        if kind in ("highest", "lowest"):
            best = high if kind == "highest" else low
            ids = tuple(f.id for f in facts if f.value == best)
            return Question(kind, text, path, (best,), (ids,), unseen=unseen)
        if kind == "at":
            fact = self.random.choice(facts)
            text = text.replace("{d}", self._day(fact.time[:10], zh=bool(re.search("[\u4e00-\u9fff]", text))))
            return Question(kind, text, path, (fact.value, fact.time[:10]), ((fact.id,),), unseen=unseen)
        if "2010" in text:
            facts = [f for f in facts if "2010" <= f.time[:4] <= ("2020" if "2020" in text else "9")]
            if len(facts) < 2:
                return None
            first, last = facts[0], facts[-1]
        change = last.value - first.value
        words = () if abs(change) < 0.01 * abs(first.value) else UP if change > 0 else DOWN
        expect = (first.value, first.time[:10], last.value, last.time[:10])
        return Question(kind, text, path, expect, ((first.id,), (last.id,)), words, unseen=unseen)

    def _day(self, iso: str, *, zh: bool) -> str:
        day = date.fromisoformat(iso)
        if zh:
            return self.random.choice([iso, f"{day.year}年{day.month}月{day.day}日"])
        return self.random.choice([iso, f"{day:%B} {day.day}, {day.year}", f"{day.day} {day:%b} {day.year}"])

    def taking(self, kind: str) -> Question | None:
        ingredients = sorted({_ingredient(f.name) for f in self.bundle.drugs} - {""})
        if not ingredients:
            return None
        drug = self.random.choice(ingredients)
        facts = [f for f in self.bundle.drugs if drug in f.name.lower()]
        latest = {f.name: f for f in facts}.values()
        active = [f for f in latest if f.active]
        chinese = [DRUGS_ZH[drug]] if drug in DRUGS_ZH else []
        text, unseen = self.wording(kind, [drug], chinese)
        ids = tuple((f.id,) for f in (active or latest))
        words = (
            ("Yes, active", "Not stopped", "Still active", "在用", "未停")
            if active
            else ("No longer", "Stopped", "目前不在用", "已停")
        )
        return Question(
            kind, text, self.bundle.path, tuple(f.time[:10] for f in active or latest), ids, words, unseen=unseen
        )

    def date(self, kind: str) -> Question | None:
        condition = self.random.choice(self.bundle.conditions) if self.bundle.conditions else None
        if not condition or condition.name.startswith("history"):
            return None
        facts = [f for f in self.bundle.conditions if f.name == condition.name]
        chinese = [CONDITIONS_ZH[condition.name]] if condition.name in CONDITIONS_ZH else []
        text, unseen = self.wording(kind, [condition.name], chinese)
        return Question(kind, text, self.bundle.path, (facts[0].time[:10],), ((facts[0].id,),), unseen=unseen)

    def has(self, kind: str) -> Question | None:
        found = self.date("has")
        if not found:
            return None
        name = next(f.name for f in self.bundle.conditions if f.id == found.ids[0][0])
        # Whoever has chronic sinusitis has sinusitis.
        facts = [f for f in self.bundle.conditions if set(name.split()) <= set(f.name.split())]
        active = [f for f in facts if f.active]
        ids = tuple(f.id for f in active or facts)
        words = ("Yes, active", "有，进行中") if active else ("not active", "非现症")
        return Question(kind, found.text, found.bundle, (), (ids,), words, unseen=found.unseen)

    def done(self, kind: str) -> Question | None:
        vaccine = self.random.choice(list(VACCINES))
        facts = [f for f in self.bundle.vaccines if f.name.startswith(vaccine)]
        if not facts:
            return None
        text, unseen = self.wording(kind, VACCINES[vaccine][:3], VACCINES[vaccine][3:])
        ids = tuple(f.id for f in facts if f.time == facts[-1].time)
        return Question(kind, text, self.bundle.path, (facts[-1].time[:10],), (ids,), unseen=unseen)

    def absent(self, kind: str) -> Question | None:
        of = self.random.choice(list(ABSENT))
        english = [n for n in ABSENT[of] if n.isascii()]
        chinese = [n for n in ABSENT[of] if not n.isascii()]
        text, unseen = self.wording(of, english, chinese)
        return Question(kind, text, self.bundle.path, recorded=False, unseen=unseen)


def _ingredient(name: str) -> str:
    match = re.match(r"(?:\d+ (?:ACTUAT|HR) )?([A-Za-z]{5,})", name)
    return match[1].lower() if match and "Pack" not in name else ""


MAKERS = {
    "last": Maker.value, "highest": Maker.value, "lowest": Maker.value, "trend": Maker.value, "at": Maker.value,
    "taking": Maker.taking, "date": Maker.date, "done": Maker.done, "has": Maker.has, "absent": Maker.absent,
}  # fmt: skip


def questions(bundles: list[Bundle], *, each: int) -> list[Question]:
    """`each` different questions of every kind, spread over the patients."""
    found: list[Question] = []
    for kind, make in MAKERS.items():
        unique: dict[tuple[str, Path], Question] = {}
        for round_ in range(400):
            bundle = bundles[round_ % len(bundles)]
            question = make(Maker(bundle, 1000 * len(found) + round_), kind)
            if question and len(unique) < each:
                unique.setdefault((question.text, question.bundle), question)
        found += unique.values()
    return found


def right(question: Question, told: Told | None) -> Score:
    """Whether the value is right, whether the citation is, and whether the question was left to the search instead."""
    if told is None or told.recorded != question.recorded:
        return False, False, told is None
    if not question.recorded:
        return True, not told.entries, False
    numbers = [float(n) for n in re.findall(r"(?<![\d-])\d+(?:\.\d+)?(?![\d-]*-\d)", told.text)]
    value = all(
        e in told.text if isinstance(e, str) else any(abs(n - e) <= 6e-4 * max(abs(e), 1e-9) for n in numbers)
        for e in question.expect
    )
    cited = [e.resource for e in told.entries]
    words = not question.words or any(w in told.text for w in question.words)
    return value and words, all(any(id in cited for id in ids) for ids in question.ids), False


# What a text says that it counted or computed.
_COMPUTED = re.compile(
    r"n = \d+|共\d+[次项]|由\d+个值|difference [+−\d.]+|差值 [+−\d.]+|Mean [^:]+: [\d.]+|平均：[\d.]+|"
    r"= [\d.]+ \S+, computed|换算为 [\d.]+|\d+ years old|\d+岁"
)


def unproved(told: Told, record: Record) -> list[str]:
    """The numbers and days of a text that neither stand in a cited entry's line nor are said to be computed."""
    texts = {d.source.id: d.text for d in record.documents}
    lines = " ".join(texts[e.document][e.begin : e.end] for e in told.entries)
    numbers = re.findall(r"\d{4}-\d\d-\d\d|\d+(?:\.\d+)?", _COMPUTED.sub(" ", told.text))
    return [n for n in numbers if n not in lines]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--each", type=int, default=40)
    parser.add_argument("--seen", action="store_true", help="only the wordings that may be looked at while tuning")
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    files = sorted((args.data / "synthea_fhir_r4").rglob("*.json"))
    bundles = [b for f in files if (b := load(f))]
    records = {b.path: _record(b.path) for b in bundles}
    tally: dict[str, dict[str, list[Score]]] = {}
    foreign = shown = open_ = 0
    for q in questions(bundles, each=args.each):
        if args.seen and q.unseen:
            continue
        record = records[q.bundle]
        told = answer(q.text, record.entries, record.person, today=TODAY)
        scores = right(q, told)
        loose = unproved(told, record) if told and told.recorded else []
        open_ += bool(loose)
        tally.setdefault(q.kind, {}).setdefault("unseen" if q.unseen else "seen", []).append(scores)
        own = next(b.ids for b in bundles if b.path == q.bundle)
        foreign += sum(e.resource.split("#")[0] not in own for e in told.entries) if told else 0
        if (loose or not all(scores[:2])) and shown < args.show:
            shown += 1
            print(
                f"{q.kind} {scores} {q.text!r}\n  expected {q.expect} {q.words}\n  told {told.text if told else None!r}"
            )
    _report(tally, {"foreign": foreign, "unproved": open_}, args.json)


def _record(path: Path) -> Record:
    return next(iter(FhirReader().read(path)))


def _report(tally: dict[str, dict[str, list[Score]]], counts: dict[str, int], into: Path | None) -> None:
    rows: dict[str, dict[str, float]] = {}
    total: dict[str, list[Score]] = {}
    for kind, parts in tally.items():
        for part, scores in parts.items():
            total.setdefault(part, []).extend(scores)
            total.setdefault("all", []).extend(scores)
            rows[f"{kind} {part}"] = _rates(scores)
    rows |= {f"total {part}": _rates(scores) for part, scores in total.items()}
    for name, row in rows.items():
        print(
            "  ".join(
                [f"{name:16}", f"n {row['n']:4.0f}", *(f"{k} {row[k]:.3f}" for k in ("value", "citation", "left"))]
            )
        )
    print(
        f"resources of other patients cited: {counts['foreign']}; answers with an unproved number: {counts['unproved']}"
    )
    if into:
        into.write_text(json.dumps(rows | {name: {"n": n} for name, n in counts.items()}, indent=1))


def _rates(scores: list[Score]) -> dict[str, float]:
    values, citations, left = (sum(column) / len(scores) for column in zip(*scores, strict=True))
    return {"n": len(scores), "value": values, "citation": citations, "left": left}


if __name__ == "__main__":
    main()
