"""The kinds of sections that a template can name, with their headings in English and Chinese and their LOINC codes.

Decides the names. Codes are LOINC's document sections; a kind without one has "". How a kind is filled is told in
`filling`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """english, chinese: the heading. code: LOINC, or "". what: what a gap says is missing, in English and Chinese."""

    english: str
    chinese: str
    code: str = ""
    what: tuple[str, str] = ("entry", "条目")


KINDS: dict[str, Kind] = {
    "demographics": Kind("Patient", "患者信息", "45970-1", ("sex or birth date", "性别或出生日期")),
    "reason": Kind("Reason for visit", "就诊原因", "29299-5", ("reason for visit", "就诊原因")),
    "problems": Kind("Problems", "问题列表", "11450-4", ("active problem", "现有问题")),
    "history": Kind("History", "既往史", "11348-0", ("past problem or history", "既往病史")),
    "allergies": Kind("Allergies", "过敏史", "48765-2", ("allergy entry", "过敏记录")),
    "medications": Kind("Medications", "用药", "10160-0", ("medication", "用药记录")),
    "vitals": Kind("Vital signs", "生命体征", "8716-3", ("vital sign", "生命体征记录")),
    "laboratory": Kind("Laboratory", "实验室检查", "30954-2", ("laboratory value", "实验室检查结果")),
    "imaging": Kind("Imaging", "影像学检查", "18748-4", ("imaging study or report", "影像学检查记录")),
    "procedures": Kind("Procedures", "操作与手术", "47519-4", ("procedure", "操作记录")),
    "immunizations": Kind("Immunizations", "预防接种", "11369-6", ("immunization", "预防接种记录")),
    "course": Kind("Hospital course", "诊疗经过", "8648-8", ("encounter", "就诊记录")),
    "examination": Kind("Examination", "体格检查", "29545-1", ("examination in a note", "体格检查文本")),
    "assessment": Kind("Assessment and plan", "评估与计划", "51847-2", ("assessment in a note", "评估或计划文本")),
    "follow-up": Kind("Follow-up", "随访", "18776-5", ("follow-up or care plan", "随访或照护计划")),
    "notes": Kind("Notes", "病程文本", "34109-9", ("such section in a note", "相应病程文本")),
    "gaps": Kind("Gaps", "缺项"),
}
# Kinds of a draft from a dialogue.
SPOKEN: dict[str, Kind] = {
    "subjective": Kind("History of present illness", "现病史", "10164-2", ("present illness", "现病史")),
    "history": Kind("Past and family history", "既往史与家族史", "11348-0", ("past history", "既往史")),
    "social": Kind("Social history", "个人史", "29762-2", ("social history", "个人史")),
    "medications": Kind("Medications", "用药", "10160-0", ("medication", "用药")),
    "allergies": Kind("Allergies", "过敏史", "48765-2", ("allergy", "过敏史")),
    "examination": Kind("Examination", "体格检查", "29545-1", ("examination", "体格检查")),
    "results": Kind("Results", "检查结果", "30954-2", ("test result", "检查结果")),
    "assessment": Kind("Assessment", "评估", "51848-0", ("assessment", "评估")),
    "plan": Kind("Plan", "计划", "18776-5", ("plan", "计划")),
    "gaps": Kind("Gaps", "缺项"),
}
