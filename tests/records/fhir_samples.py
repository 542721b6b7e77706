"""Small FHIR R4 resources, what each should say, and how tests read them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from indexer.errors import ReadError
from rag.records.fhir import FhirReader
from rag.records.types import Record

PATIENT = {
    "resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1958-03-14",
    "name": [{"prefix": ["Ms."], "given": ["Ann", "B"], "family": "Lee"}],
    "identifier": [{"type": {"coding": [{"code": "MR"}]}, "value": "778"}, {"system": "urn:x", "value": "9"}],
    "telecom": [{"system": "phone", "value": "555-1"}, {"system": "email", "value": "a@b.org"}],
    "address": [{"line": ["1 Elm"], "city": "Ely", "postalCode": "02138"}],
    "communication": [{"language": {"text": "English"}}],
}  # fmt: skip
ME = {"reference": "Patient/p1"}


def made(kind: str, **fields: Any) -> dict[str, Any]:
    return {"resourceType": kind, "id": "x1", "subject": ME, **fields}


def coded(text: str, code: str = "", system: str = "") -> dict[str, Any]:
    return {"text": text, "coding": [{"code": code, "system": system}] if code else []}


def bundle(*resources: dict[str, Any], kind: str = "collection") -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": kind, "entry": [{"resource": r} for r in resources]}


def saved(folder: Path, content: object, name: str = "a.json") -> Path:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def read(path: Path) -> tuple[list[Record], str]:
    """The records, and the error behind them."""
    found = []
    try:
        for record in FhirReader().read(path):
            found.append(record)
    except ReadError as error:
        return found, str(error)
    return found, ""


def lines(record: Record) -> list[str]:
    texts = {d.source.id: d.text for d in record.documents}
    return [texts[e.document][e.begin : e.end] for e in record.entries]


def one(folder: Path, *resources: dict[str, Any]) -> Record:
    (record,), error = read(saved(folder, bundle(*resources)))
    assert not error
    return record


CASES: list[tuple[dict[str, Any], str, str]] = [
    (made("Condition", code=coded("Asthma", "195967001", "http://snomed.info/sct"), onsetDateTime="2001-05-03T10:00:00Z",
          abatementDateTime="2001-05-17", clinicalStatus=coded("", "resolved"), verificationStatus=coded("", "confirmed")),
     "Problems", "2001-05-03 to 2001-05-17 Asthma: resolved"),
    (made("Condition", code=coded("Gout"), recordedDate="2010", clinicalStatus=coded("", "active"), verificationStatus=coded("", "refuted")),
     "Problems", "2010 Gout: refuted, active"),
    ({"resourceType": "AllergyIntolerance", "id": "x1", "patient": ME, "code": coded("Penicillin"), "criticality": "high",
      "clinicalStatus": coded("", "active"), "category": ["medication"], "recordedDate": "1999-02-03",
      "reaction": [{"manifestation": [coded("Hives")], "severity": "moderate"}]},
     "Allergies", "1999-02-03 Penicillin: active; medication; criticality high; reaction Hives (moderate)"),
    (made("MedicationRequest", status="active", authoredOn="2015-03-01", medicationCodeableConcept=coded("Metformin 500 MG"),
          dosageInstruction=[{"timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}}, "route": coded("oral"),
                              "doseAndRate": [{"doseQuantity": {"value": 1, "unit": "tablet"}}]}], reasonCode=[coded("Diabetes")]),
     "Medications", "2015-03-01 Metformin 500 MG: active; dose 1 tablet; twice a day; route oral; reason Diabetes"),
    (made("MedicationRequest", status="active", doNotPerform=True, medicationCodeableConcept=coded("Aspirin")),
     "Medications", "Aspirin: not to be given, active"),
    (made("MedicationRequest", status="active", contained=[{"resourceType": "Medication", "id": "m", "code": coded("Warfarin 5 MG")}],
          medicationReference={"reference": "#m"}),
     "Medications", "Warfarin 5 MG: active"),
    (made("MedicationStatement", status="not-taken", medicationCodeableConcept=coded("Statin"),
          effectivePeriod={"start": "2019-01-01", "end": "2019-02-01"}, dosage=[{"text": "at night", "asNeededBoolean": True}]),
     "Medications", "2019-01-01 to 2019-02-01 Statin: not-taken; as needed; instructions at night"),
    (made("MedicationAdministration", status="completed", medicationCodeableConcept=coded("Cefazolin"), effectiveDateTime="2019-01-01",
          dosage={"dose": {"value": 2, "unit": "g"}, "route": coded("IV")}),
     "Medications", "2019-01-01 Cefazolin: given, completed; dose 2 g; route IV"),
    (made("Observation", status="final", category=[coded("", "laboratory")], code=coded("Creatinine"), effectiveDateTime="2019-04-02",
          valueQuantity={"value": 1.4, "unit": "mg/dL"}, interpretation=[coded("", "H")],
          referenceRange=[{"low": {"value": 0.6, "unit": "mg/dL"}, "high": {"value": 1.2, "unit": "mg/dL"}}]),
     "Laboratory > Creatinine", "2019-04-02 Creatinine: 1.4 mg/dL (high; reference 0.6-1.2)"),
    (made("Observation", status="final", category=[coded("", "laboratory")], code=coded("Sodium"), valueQuantity={"value": 129, "unit": "mmol/L"},
          referenceRange=[{"low": {"value": 135}}]),
     "Laboratory > Sodium", "Sodium: 129 mmol/L (low; reference from 135)"),
    (made("Observation", status="final", code=coded("Glucose"), valueQuantity={"value": 9, "unit": "mmol/L"},
          referenceRange=[{"high": {"value": 99, "unit": "mg/dL"}}]),
     "Laboratory > Glucose", "Glucose: 9 mmol/L; reference 99 mg/dL"),
    (made("Observation", status="final", code=coded("Troponin"), valueQuantity={"value": 0.01, "unit": "ng/mL", "comparator": "<"}),
     "Laboratory > Troponin", "Troponin: <0.01 ng/mL"),
    (made("Observation", status="final", category=[coded("", "survey")], code=coded("Tobacco"), valueCodeableConcept=coded("Never smoker")),
     "Surveys > Tobacco", "Tobacco: Never smoker"),
    (made("Observation", status="preliminary", code=coded("Ketones"), valueString="trace"), "Surveys > Ketones", "Ketones: trace; preliminary"),
    (made("Observation", status="final", code=coded("Pregnant"), valueBoolean=False), "Surveys > Pregnant", "Pregnant: no"),
    (made("Observation", status="final", code=coded("HIV"), dataAbsentReason=coded("refused")), "Surveys > HIV", "HIV: no value (refused)"),
    (made("DiagnosticReport", status="final", code=coded("Chest X-ray"), effectiveDateTime="2016-03-07", conclusion="No acute\ndisease.",
          result=[{"display": "A"}, {"display": "B"}]),
     "Reports", "2016-03-07 Chest X-ray: final; No acute disease.; results A, B"),
    (made("Procedure", status="not-done", code=coded("Colonoscopy"), performedPeriod={"start": "2016-09-19T03:00:00Z", "end": "2016-09-19T04:00:00Z"},
          statusReason=coded("refused")),
     "Procedures", "2016-09-19 Colonoscopy: not-done; status reason refused"),
    ({"resourceType": "Immunization", "id": "x1", "patient": ME, "status": "completed", "vaccineCode": coded("Influenza", "140", "http://hl7.org/fhir/sid/cvx"),
      "occurrenceDateTime": "2012-02-27", "protocolApplied": [{"doseNumberPositiveInt": 2}]},
     "Immunizations", "2012-02-27 Influenza: completed; dose number 2"),
    (made("ImagingStudy", status="available", started="2011-06-22", numberOfInstances=3,
          series=[{"modality": {"code": "DX", "display": "Digital Radiography"}, "bodySite": {"display": "Clavicle"}}]),
     "Imaging", "2011-06-22 Digital Radiography of clavicle: available; modality Digital Radiography; site Clavicle; images 3"),
    (made("Encounter", status="finished", type=[coded("Admission")], period={"start": "2007-06-04", "end": "2007-06-09"},
          reasonCode=[coded("Seizure")], **{"class": {"code": "IMP"}}),
     "Encounters", "2007-06-04 to 2007-06-09 Admission: finished; inpatient; reason Seizure"),
    (made("CarePlan", status="active", category=[coded("Asthma self management")], period={"start": "2016"},
          activity=[{"detail": {"code": coded("Allergy education"), "status": "in-progress"}}]),
     "Plans", "2016 Asthma self management: active; care plan; activities Allergy education (in-progress)"),
    (made("Goal", lifecycleStatus="accepted", description={"text": "HbA1c below 7"}, startDate="2020-01-01",
          target=[{"measure": coded("HbA1c"), "detailQuantity": {"value": 7, "unit": "%", "comparator": "<"}}]),
     "Plans", "2020-01-01 HbA1c below 7: accepted; goal; target HbA1c <7 %"),
    ({"resourceType": "Device", "id": "x1", "patient": ME, "status": "active", "type": coded("Pacemaker"), "manufacturer": "Acme"},
     "Devices", "Pacemaker: active; maker Acme"),
]  # fmt: skip
