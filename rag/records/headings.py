"""Recognises the section headings of clinical notes, in English and Chinese, and names each kind one way.

A heading is a known name that fills its line, or opens it and is followed by a colon ("PMH: asthma", "Plan -"), or
stands within a line behind the end of a sentence, with a colon, in capitals or in Chinese ("…5 天。既往史：体健"). In
a note that has capital headings, a short capital line after an empty one is a heading too, though its name is not
known. Parts of an examination (Neck, Skin, Heart rate) are not headings: they say little alone. Knows nothing of what
a section is used for.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from indexer.types import Section

# English name | Chinese name | wordings. `f/u` and `F/U` are one wording; so are `P.M.H.` and `PMH`.
_TABLE = """
Chief complaint | 主诉 | cc, chief complaints, presenting complaint, presenting complaints, presenting problem, pc, reason for visit, reason for consultation, reason for admission, reason for referral, 主 诉, 就诊原因, 入院原因, 病情主诉
History of present illness | 现病史 | hpi, hpc, genhx, history of presenting complaint, history of presenting illness, history of the present illness, present illness, interval history, history, hx, hopi, hopc, 现 病 史, 病史, 病史摘要, 简要病史, 病情描述, 本次病史
Past medical history | 既往史 | pmh, pmhx, pastmedicalhx, past medical hx, medical history, past history, pmedhx, past medical and surgical history, past history and family history, pmhx and fh, past medical problems, 既往病史, 过去史, 既往史及手术史, 既往疾病史
Past surgical history | 手术史 | psh, pshx, pastsurgical, surgical history, past surgical hx, 手术外伤史, 外伤手术史, 手术及外伤史
Medications | 用药史 | medication, meds, current medications, current meds, home medications, medications on admission, admission medications, medication history, medication list, dh, dhx, drug history, drug hx, outpatient medications, medications prior to admission, 用药情况, 目前用药, 当前用药, 药物史, 服药史, 用药
Allergies | 过敏史 | allergy, drug allergies, medication allergies, allergies and reactions, known allergies, allergies and intolerances, 药物过敏史, 食物药物过敏史, 过敏情况
Social history | 个人史 | sh, shx, sochx, social hx, personal history, lifestyle, social and occupational history, habits, 个 人 史, 社会史, 生活史, 个人生活史
Marital history | 婚育史 | marital status, 婚姻史, 生育史, 月经婚育史, 婚姻生育史
Menstrual history | 月经史 | menstrual hx
Family history | 家族史 | fh, fhx, fmh, fmhx, family hx, family medical history, famhx, 家 族 史, 家族病史, 家族遗传史
Family and social history | 个人及家族史 | fam/sochx, famsochx, family/social history, social and family history, family and social hx, social/family history, 个人史及家族史
Other history | 其他病史 | otherhistory, other_history, other medical history, other hx
Gynecologic history | 妇科史 | gynhx, gyn history, gynecological history, gynaecological history, obstetric history, obstetrical history, ob/gyn history, ob-gyn history, gynecologic and obstetric history, 孕产史, 月经生育史
Birth history | 出生史 | neonatal history, perinatal history, 新生儿史
Immunizations | 预防接种史 | immunization, immunisation, immunisations, immunization history, vaccinations, vaccination history, 接种史, 疫苗接种史, 预防接种
Risk factors | 危险因素 | risk factor, cardiac risk factors, cardiovascular risk factors
Ideas, concerns and expectations | 患者期望 | ice, ideas concerns expectations
Review of systems | 系统回顾 | ros, systems review, systemic review, review of symptoms, systems enquiry, review of system, 系统查询
Subjective | 主观资料 | subjective data, subjective history
Objective | 客观资料 | objective data, objective findings
Vital signs | 生命体征 | vitals, vs, vitals reviewed, observations, obs, vital sign
Physical exam | 体格检查 | physical examination, exam, examination, pe, ex, o/e, oe, on examination, physical findings, examination findings, general examination, clinical examination, objective exam, mental status exam, mental status examination, neurological examination, neurologic examination, 体 格 检 查, 查体, 体检, 体征, 一般检查, 专科检查, 专科情况, 专科查体, 神经系统检查
Laboratory | 实验室检查 | labs, lab, laboratory data, laboratory results, laboratory studies, lab results, lab data, pertinent results, bloods, blood tests, laboratory tests, laboratory findings, 化验, 化验检查, 检验结果, 化验结果, 检验
Imaging | 影像学检查 | radiology, imaging results, imaging studies, radiographic studies, x-rays, x-ray, diagnostic imaging, radiologic studies, 影像检查, 影像资料, 放射检查
Results | 辅助检查 | result, test results, diagnostic results, diagnostic studies, diagnostic tests, investigations, ix, studies, diagnostics, results reviewed, diagnostic data, 辅 助 检 查, 检查结果, 门诊检查, 检查
Findings | 检查所见 | finding, description, 影像所见, 影像学表现, 镜下所见, 超声所见, 影像表现, 所见
Technique | 检查方法 | procedure technique, examination technique, 检查技术
Comparison | 对比 | comparisons, comparison studies
Indication | 适应症 | indications, clinical indication, clinical information, clinical history, 临床信息, 临床病史, 检查目的
Procedures | 操作 | procedure, procedures performed, operative procedure, operations, operation, major surgical or invasive procedure, operative findings, description of procedure, 手术经过, 手术名称, 手术操作, 操作记录, 手术
Anesthesia | 麻醉 | anaesthesia, 麻醉方式
Emergency department course | 急诊经过 | edcourse, ed course, emergency room course, emergency department visit, er course, 急诊处理
Hospital course | 住院经过 | brief hospital course, course in hospital, hospital course by problem, clinical course, 诊疗经过, 入院后经过, 诊治经过, 病程记录, 病程
Assessment | 评估 | assessment/impression, impression and assessment, clinical assessment, 病情评估, 分析
Assessment and plan | 评估与计划 | a&p, a/p, ap, assessment & plan, assessment/plan, assessment and plans, assessment and recommendations, impression and plan, impression/plan, impression & plan, 评估及计划, 诊断及处理, 诊断与处理
Impression | 印象 | imp, impressions, clinical impression, conclusion, conclusions, interpretation, 初步印象, 影像诊断, 结论, 检查结论, 诊断意见, 诊断印象
Diagnosis | 诊断 | diagnoses, dx, working diagnosis, final diagnosis, final diagnoses, admission diagnosis, admitting diagnosis, preoperative diagnosis, postoperative diagnosis, principal diagnosis, primary diagnosis, secondary diagnoses, pathologic diagnosis, 初步诊断, 入院诊断, 门诊诊断, 临床诊断, 确定诊断, 修正诊断, 术前诊断, 术后诊断, 最后诊断, 病理诊断, 诊 断, 西医诊断, 中医诊断
Differential diagnosis | 鉴别诊断 | ddx, differential, differential diagnoses
Problem list | 问题列表 | problems, active problems, active issues, problem
Plan | 处理 | pln, treatment plan, plan of care, management, management plan, treatment, plans, rx, recommendations, recommendation, recommendations and plan, 处 理, 处理意见, 治疗, 治疗方案, 治疗计划, 诊疗计划, 诊疗方案, 治疗意见, 计划, 建议, 处置, 治疗经过
Orders | 医嘱 | order, prescriptions, prescription, 处方, 门诊医嘱, 处理/医嘱
Instructions | 健康指导 | instruction, patient instructions, patient education, advice, counseling, counselling, 健康教育, 健康宣教, 嘱咐
Safety netting | 复诊提示 | safety net, safety-netting, return precautions
Follow-up | 随访 | follow up, followup, f/u, fu, follow-up plan, followup instructions, follow-up instructions, 复诊, 随诊, 随访计划, 复查
Disposition | 去向 | discharge disposition, condition on discharge, discharge condition, condition at discharge, 转归, 出院情况, 出院时情况
Discharge diagnosis | 出院诊断 | discharge diagnoses, diagnosis at discharge
Discharge medications | 出院带药 | discharge meds, medications on discharge, medications at discharge, 出院用药
Discharge instructions | 出院医嘱 | discharge plan, discharge orders, instructions at discharge, discharge advice, 出院指导, 出院建议
Discharge summary | 出院小结 | summary of admission, 出院记录, 出院总结
Admission condition | 入院情况 | condition on admission, admission status, 入院时情况
Summary | 小结 | case summary, 病例特点, 总结
Addendum | 补充 | addenda, addendums
"""  # noqa: E501

_NAMES: dict[str, str] = {}
_ENGLISH: dict[str, str] = {}
_CJK = re.compile("[\u4e00-\u9fff]")


def _key(name: str) -> str:
    """Wordings that differ only in case, dots and spaces have one key."""
    return re.sub(r"[\s._]+", " ", name.casefold().replace(".", "")).strip()


def _filled() -> re.Pattern[str]:
    """Fills the tables; the pattern of every wording, the longest first."""
    words: set[str] = set()
    for row in _TABLE.strip().splitlines():
        english, chinese, wordings = (part.strip() for part in row.split(" | "))
        _ENGLISH[chinese] = english
        # A canonical name may hold a comma; a wording may not.
        for wording in (english, chinese, *(w.strip() for w in wordings.split(", "))):
            canonical = chinese if _CJK.search(wording) else english
            _NAMES.setdefault(_key(wording), canonical)
            words.add(_key(wording))
    return re.compile("|".join(_wording(w) for w in sorted(words, key=len, reverse=True)), re.I)


def _wording(key: str) -> str:
    """The pattern of one wording. A short one may be written with dots: `P.M.H.`."""
    if _CJK.search(key):
        return re.escape(key).replace(r"\ ", "[ \u3000]?")
    if key.isalpha() and len(key) <= 4:
        return r"\.?".join(key) + r"\.?"
    return re.escape(key).replace(r"\ ", r"[\s_]{1,3}")


_KNOWN = _filled().pattern
_LEAD = r"[ \t\u3000]{0,20}(?:[-*•#>]{1,6}[ \t]{0,4})?(?:\d{1,2}[.)、．][ \t]?|[一二三四五六七八九十]{1,3}[、．.])?"
_LINE = re.compile(
    rf"^{_LEAD}(?:\*\*|__|【|\[|〖|<)?(?P<name>{_KNOWN})(?P<past>[ \t]?\([^()\n]{{1,40}}\))?(?:】|\]|〗|>)?"
    r"(?:\*\*|__)?[ \t]{0,8}(?:(?P<mark>[:：;](?:\*\*|__)?|[-–—]{1,2}(?=[ \t]))|(?P<closed>(?<=[】〗\]]))|(?=[ \t]*$))",
    re.I | re.M,
)
# Within a line: capitals or Chinese behind the end of a sentence, and a colon.
_INNER = re.compile(
    r"(?:(?<=[.;。；！!?？] )|(?<=[.;。；！!?？】])|(?<=[。；][\u3000 ])|(?<= {2}))(?=[^\W_])"
    rf"(?P<name>{_KNOWN})[ \t]?[:：]",
    re.I,
)
_CAPITALS = re.compile(r"(?<=\n\n)[ \t]*(?P<name>[A-Z][A-Z/&,' -]{3,50}[A-Z])[ \t]*(?P<mark>:)?[ \t]*$", re.M)
_PARTS = frozenset(
    "neck skin head eyes ears nose throat heent hent mouth face chest lungs heart cardiac abdomen back extremities "
    "neuro msk psych gu gi cv rrr nkda gait general constitutional cardiovascular respiratory gastrointestinal "
    "genitourinary musculoskeletal integumentary neurological neurologic psychiatric endocrine hematologic lymphatic "
    "pulmonary resp ent none normal negative".split()
)


def canonical(wording: str) -> str:
    """The name of a heading's kind in the wording's language, "" for one that is not known."""
    return _NAMES.get(_key(wording.strip("*_#:：-–— \t\u3000【】[]")), "")


def english(heading: str) -> str:
    """The English name of a canonical heading: 既往史 → "Past medical history"."""
    return _ENGLISH.get(heading, heading)


def sections(text: str) -> tuple[Section, ...]:
    """The note's sections in order; what stands before the first heading has the heading "".

    Start and end leave out the heading itself and white space around the body. A heading without a body makes no
    section. A text of white space alone has none.
    """
    marks: list[tuple[int, int, str]] = []
    for mark in sorted(_marks(text)):
        # "- Examination: …" within a physical exam begins nothing new.
        if not marks or marks[-1][2] != mark[2]:
            marks.append(mark)
    ends = [start for start, _, _ in marks[1:]] + [len(text)]
    first = [(0, 0, "")] if not marks or marks[0][0] > 0 else []
    spans = [(body, end, name) for (_, body, name), end in zip(marks, ends, strict=True)] if marks else []
    if first:
        spans.insert(0, (0, marks[0][0] if marks else len(text), ""))
    found = []
    for body, end, name in spans:
        inner = text[body:end]
        start = body + len(inner) - len(inner.lstrip())
        stop = body + len(inner.rstrip())
        if stop > start:
            found.append(Section(name, start, stop))
    return tuple(found)


def _marks(text: str) -> list[tuple[int, int, str]]:
    """(where a heading begins, where its body begins, its canonical name), without overlaps."""
    marks = [(m.start(), m.end(), canonical(m["name"])) for m in _LINE.finditer(text) if _stands(m)]
    taken = [start for start, _, _ in marks]
    ends = [end for _, end, _ in marks]
    for m in _INNER.finditer(text):
        before = bisect_right(taken, m.start())
        if (m["name"].isupper() or _CJK.search(m["name"])) and (not before or ends[before - 1] <= m.start()):
            marks.append((m.start(), m.end(), canonical(m["name"])))
    if sum(text[start:end].isupper() for start, end, _ in marks) >= 2:
        for m in _CAPITALS.finditer(text):
            if _unknown_heading(m["name"]):
                marks.append((m.start(), m.end(), m["name"].strip().capitalize()))
    return marks


def _stands(match: re.Match[str]) -> bool:
    """A two-letter name without a colon (a line "PE" or "ex") is a heading only in capitals."""
    return bool(match["mark"] or match["closed"] is not None or len(match["name"]) > 3 or match["name"].isupper())


def _unknown_heading(name: str) -> bool:
    words = name.lower().replace("/", " ").split()
    return len(words) <= 5 and not _PARTS.intersection(words) and not canonical(name)
