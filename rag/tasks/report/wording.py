"""What reports say by program, in English and Chinese. Decides wording only; contents stay as their source has them."""

from __future__ import annotations

_WORDS = {
    "references": ("References", "参考来源"),
    "page": ("Page", "第"),
    "of": ("of", "页，共"),
    "pages": ("", "页"),
    "draft": (
        "Draft made by program from the sources cited; nothing was added. Check every line before it is used.",
        "由程序依据所引来源生成的草稿，未添加任何内容。使用前请逐条核对。",
    ),
    "disclaimer": (
        "A reading aid for professionals, not medical advice.",
        "供专业人员阅读参考，不是医疗建议。",
    ),
    "masked": (
        "Identifiers are replaced and dates shifted in this view.",
        "此视图中标识信息已替换、日期已平移。",
    ),
    "nameless": (
        "Name and numbers of the patient are kept out of drafts; add them where you sign.",
        "草稿不含患者姓名及证件号码，请在签署时补充。",
    ),
    "dropped": (
        "{n} lines were left out because their words do not stand in the record as cited.",
        "有{n}条内容因与所引病历原文不符而未列出。",
    ),
    "by time": (
        "Entries are placed to the encounter by their time ({since} to {until}).",
        "条目按时间（{since}至{until}）归入该次就诊。",
    ),
    "old ages": ("Values that are an age over 89 are left out in this view.", "此视图略去89岁以上的年龄值。"),
    "no stay": (
        "No stay was chosen: every visit of the record, or since --since, may be listed. Choose one with "
        "--encounter ID; the latest are {ids}.",
        "未选择某次就诊：可能列出病历中（或 --since 之后）的全部就诊。请用 --encounter ID 选择，最近的是 {ids}。",
    ),
    "no since": (
        "--since {since} was not applied: in this view it would tell by how far dates are shifted.",
        "未应用 --since {since}：在此视图中它会泄露日期平移的幅度。",
    ),
    "since": ("What began or ended before {since} and is over is left out.", "{since}之前已结束的内容未列入。"),
    "patient": ("patient {id}", "患者{id}"),
    "characters": ("characters {start}-{end}", "第{start}-{end}字符"),
    "turn": ("turn {turn} ({speaker})", "第{turn}轮（{speaker}）"),
    "turns": ("turns {turn}-{last} ({speaker})", "第{turn}-{last}轮（{speaker}）"),
    "more": ("{n} more in the record are not listed.", "另有{n}条未列出。"),
    # columns and labels
    "what": ("what", "项目"),
    "value": ("value", "内容"),
    "Sex": ("Sex", "性别"),
    "Birth date": ("Birth date", "出生日期"),
    "Death": ("Death", "死亡日期"),
    "Age": ("Age (computed)", "年龄（计算）"),
    "90 or older": ("90 or older", "90岁或以上"),
    "since when": ("since", "起始"),
    "until": ("until", "结束"),
    "status": ("status", "状态"),
    "detail": ("details", "详情"),
    "dose": ("dose and use", "剂量与用法"),
    "date": ("date", "日期"),
    "last": ("last", "最近值"),
    "before": ("before", "前次值"),
    "range": ("flag, reference", "标记、参考范围"),
    "active medications": ("Active", "现用"),
    "active then": ("Taken at the end of the period", "时段末在用"),
    "changed medications": ("Stopped or ended", "已停用"),
    "started medications": ("Begun since {since}", "{since}起新用"),
    "changed": ("Changed", "变更"),
    "said in notes": ("In the notes, as they stand:", "病程文本原文："),
    "trend": ("{name}: {n} values from {first} to {last}", "{name}：{first}至{last}共{n}次"),
    # gaps
    "no entry": ("No {what} in the record.", "病历中无{what}。"),
    "no entry in period": ("No {what} in the period of this draft.", "本草稿所涉时段内无{what}。"),
    "not nothing": (
        "This does not mean that there is none.",
        "这不代表患者没有。",
    ),
    "no gaps": ("Every section of this draft has entries of the record.", "本草稿各部分均有病历条目。"),
    "not said": ("Not found in the dialogue: {what}.", "对话中未找到：{what}。"),
    "everything said": ("Every section of this draft has statements of the dialogue.", "本草稿各部分均有对话内容。"),
    "as of": ("As of {day}", "截至{day}"),
    "clinician": ("clinician", "医生"),
    "patient said": ("patient", "患者"),
    "other said": ("other", "其他"),
}  # fmt: skip


def word(key: str, language: str, **values: object) -> str:
    """The wording of `key` in "en" or "zh", with its values put in."""
    english, chinese = _WORDS[key]
    return (chinese if language == "zh" else english).format(**values)
