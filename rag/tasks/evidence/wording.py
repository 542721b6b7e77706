"""The words of an evidence report in English and Chinese: headings, directions, limits. Decides wording only."""

from __future__ import annotations

_WORDS = {
    "title": ("Evidence table: {question}", "证据表：{question}"),
    "table": ("Evidence table", "证据表"),
    "table note": (
        "Every cell is a verbatim part of its source; a dash means that the text that was read does not say it in a way that this program recognises.",
        "每个单元格均为来源原文；短横表示在所读文本中未识别到相应内容。",
    ),
    "study": ("Study", "研究"), "design": ("Design", "设计"), "n": ("n", "样本量"), "population": ("Population", "人群"),
    "intervention": ("Intervention or exposure", "干预或暴露"), "comparator": ("Comparator", "对照"),
    "outcome": ("Outcome", "结局"), "effect": ("Effect", "效应"), "interval": ("Interval", "区间"), "direction": ("Direction", "方向"),
    "increased": ("increased", "升高"), "decreased": ("decreased", "降低"), "no difference": ("no difference", "无差异"),
    "unclear": ("not clear", "不明确"),
    "summary": ("Summary of findings", "结果汇总"), "studies": ("Studies", "研究数"), "best design": ("Best design", "最佳设计"),
    "map": ("Agreement map", "一致性图"),
    "map note": ("Each line is a study and an outcome; the mark stands under what the study says.", "每行为一项研究的一个结局；标记位于该研究所述方向之下。"),
    "forest": ("Forest plot: {outcome} ({measure}, against {comparator})", "森林图：{outcome}（{measure}，对照：{comparator}）"),
    "pooled": (
        "Inverse variance, {k} studies: fixed {measure} {fixed} ({fixed_low} to {fixed_high}); random (DerSimonian and Laird) {random} "
        "({random_low} to {random_high}); I² {i2} %. Computed by this program from the quoted intervals, taken as 95 %; no risk of bias was assessed.",
        "逆方差法，{k}项研究：固定效应{measure} {fixed}（{fixed_low}至{fixed_high}）；随机效应（DerSimonian-Laird）{random}"
        "（{random_low}至{random_high}）；I² {i2}%。由本程序按所引区间（视为95%）计算，未评价偏倚风险。",
    ),
    "no forest": ("Forest plot", "森林图"),
    "no intervals": ("None: no effect with a named measure and an interval was found.", "无：未找到带有明确效应指标和区间的结果。"),
    "not comparable": (
        "None: no two studies give the same measure, with a 95 % interval, of the same outcome of the same intervention against the same comparator.",
        "无：没有两项研究对同一干预、同一对照和同一结局以同一指标报告95%区间。",
    ),
    "fixed": ("Fixed", "固定效应"), "random": ("Random", "随机效应"),
    "limits": ("Limits", "局限"),
    "searched": (
        "{read} of the {documents} documents in this library were read, the best found for the question; no other source was searched.",
        "检索范围仅为本库（{documents}篇），读取了与问题最相关的{read}篇；未检索其他来源。",
    ),
    "abstract only": ("Only an abstract was at hand for {count} of {total} studies.", "{total}项研究中有{count}项仅有摘要。"),
    "read limit": ("Of longer texts the first {count} characters were read, and, where a question names intervention and outcome, the sentences of the whole that fit them best.", "较长文献仅读取前{count}个字符；问题写明干预与结局时，另读全文中最相关的句子。"),
    "missing": ("Not found: {cells}.", "未找到：{cells}。"),
    "missing cell": ("{name} in {count} of {total} studies", "{name}（{total}项研究中{count}项）"),
    "missing effect": ("an effect with a number in {count} of {total} rows", "带数字的效应（{total}行中{count}行）"),
    "no direction": (
        "Direction left empty in {count} of {total} rows, as words and numbers contradict each other, or do not say which arm had more: {rows}.",
        "{total}行中有{count}行未填方向，因文字与数字不一致或未说明哪一组较高：{rows}。",
    ),
    "off topic": (
        "Found, but left out, because they name neither the intervention nor the condition of the question: {ids}.",
        "检索到但未纳入，因其既未涉及所问干预，也未涉及所问疾病：{ids}。",
    ),
    "rules": (
        "Cells and directions are read by rules, not by a person; no risk of bias was assessed. Check them in the sources.",
        "单元格与方向由规则读取，未经人工核对，亦未评价偏倚风险。请核对来源。",
    ),
    "retracted left out": ("Left out because retracted: {ids}.", "已撤稿，未纳入：{ids}。"),
    "retracted shown": ("Retracted, shown because you allowed it: {ids}.", "已撤稿，因您允许而显示：{ids}。"),
    "concern": ("An expression of concern stands against: {ids}.", "有关注声明：{ids}。"),
    "not english": ("{count} document(s) are not in English and were read only for design, number and arms.", "{count}篇非英文文献仅读取了设计、样本量与分组。"),
    "no rows": ("No study in this library gives a result on this question that could be read into a row.", "本库中没有可读成表格行的相关研究结果。"),
    "notice": ("A reading aid for professionals, not medical advice. Check the sources before you act.", "供专业人员阅读参考，不是医疗建议。请先核对来源再作决定。"),
    "says": ("{study}: {outcome}: {direction}", "{study}：{outcome}：{direction}"),
}  # fmt: skip


def say(key: str, language: str, **parts: object) -> str:
    """The words for `key` in `language` ("zh" for Chinese, anything else English), with `parts` put in."""
    english, chinese = _WORDS[key]
    return (
        (chinese if language == "zh" else english).format_map(parts)
        if parts
        else (chinese if language == "zh" else english)
    )
