"""What the program itself says to people, in the question's language. Decides wording only."""

from __future__ import annotations

from indexer.language import language_of

_WORDS = {
    "disclaimer": (
        "A reading aid for professionals, not medical advice. Check the sources before you act.",
        "供专业人员阅读参考，不是医疗建议。请先核对来源再作决定。",
    ),
    "no answer": ("No answer.", "没有答案。"),
    "sources": ("Sources (every sentence above is verbatim)", "来源（以上每句均为原文）"),
    "searched": ("Searched {documents} documents ({passages} passages)", "检索了{documents}篇文献（{passages}个段落）"),
    "filtered": (
        "Searched {documents} documents ({passages} passages, filtered)",
        "检索了{documents}篇文献（筛选后{passages}个段落）",
    ),
    "nothing left": (
        "{searched}: the filters leave nothing to search; loosen them.",
        "{searched}：筛选条件没有留下任何段落，请放宽。",
    ),
    "unknown": (
        "{searched}: not in this library. It nowhere holds {words}; add literature on it and index again.",
        "{searched}：本库中没有。全库未出现{words}；请加入相关文献后重新建立索引。",
    ),
    "nearly": ("“{word}” (spelled nearly so: “{near}”)", "“{word}”（拼写相近：“{near}”）"),
    "not in the record": ("the record does not say", "病历中未见相关记载"),
    "in a note": ("In a note of {time}: “{sentence}”", "{time}的病程文本：“{sentence}”"),
    "timeless": (
        "Dates are shifted in this view, so the question's words of time were not applied.",
        "此视图中的日期已平移，问题中的时间条件未予采用。",
    ),
    "gate": (
        "{generator} is not on this machine and the policy does not name its host, so nothing of the record or the question was sent to it; "
        "what is shown is quoted as it stands.",
        "{generator}不在本机，且策略未允许该主机，故未向其发送病历或问题；以下均为原文。",
    ),
    "record of": ("From the record of {patient}", "来自{patient}的病历"),
    "record of, masked": ("From the record of {patient}, identifiers replaced", "来自{patient}的病历（标识信息已替换）"),
    "library": ("From the library", "来自文献库"),
    "fit": ("Does the evidence apply?", "证据是否适用？"),
    "record sources": ("In the record", "病历出处"),
    "no dose": (
        "This program does not dose for a person: ask the prescriber or a pharmacist. Doses quoted below are those of the "
        "people whom a source studied.",
        "本程序不为个人确定用药剂量：请询问开药的医生或药师。下面引用的剂量只是来源中所研究人群的剂量。",
    ),
    "put aside": (
        "Somebody's word is no source, so this was not searched for: “{word}”",
        "个人的说法不是来源，检索时未采用：“{word}”",
    ),
    "unheard": (
        "This library nowhere holds {words}: what is quoted was found by the other words of the question.",
        "本库中没有出现{words}：所引内容是按问题中的其他词找到的。",
    ),
    "related": (
        "{searched}: found related passages, but none that answers. Closest: {closest}.",
        "{searched}：找到了相关段落，但没有一段回答这个问题。最接近的是：{closest}。",
    ),
    "apart": (
        "{searched}: no document that was found names both of these: {names}. Closest: {closest}.",
        "{searched}：检索到的文献中没有一篇同时提到{names}。最接近的是：{closest}。",
    ),
    "nothing": ("{searched}: nothing there is about this question.", "{searched}：没有与这个问题有关的内容。"),
    "left out": (
        "Left out because it is retracted: {title} ({id}).",
        "已撤稿，未予采用：{title}（{id}）。",
    ),
    "retracted": (
        "Retracted, shown because you allowed it: {title} ({id}).",
        "已撤稿，因您允许而显示：{title}（{id}）。",
    ),
    "concern": (
        "An expression of concern stands against: {title} ({id}).",
        "该文有关注声明：{title}（{id}）。",
    ),
    "old list": (
        "The retraction list is {days} days old (as of {as_of}); load a newer one with: rag retractions FILE.",
        "撤稿名单已有{days}天未更新（截至{as_of}）；请用 rag retractions FILE 载入新的名单。",
    ),
    "verdict yes": ("Yes.", "是。"),
    "verdict no": ("No.", "否。"),
    "verdict mixed": ("The sources disagree.", "各来源结论不一。"),
    "verdict unclear": ("The sources do not say clearly.", "来源没有明确说明。"),
    "stance yes": ("yes", "支持"),
    "stance no": ("no", "不支持"),
    "stance no difference": ("no difference", "无差异"),
    "stance unclear": ("unclear", "不明确"),
    "effect yes": ("Increased.", "升高。"),
    "effect no": ("Decreased.", "降低。"),
    "effect no difference": ("No difference.", "无差异。"),
    "effect unclear": ("The sources do not say clearly.", "来源没有明确说明。"),
    "side": ("{stance}: {count}{designs}", "{stance}：{count}篇{designs}"),
    "agreement": (" Sources that say {sides}.", "各来源的结论：{sides}。"),
    "lead": ("{design}{year}: ", "{design}{year}："),
    "confidence": ("(confidence {percent} %)", "（把握{percent}%）"),
    "checked sources": ("Sources (every sentence above was checked against its quote)", "来源（以上每句均与引文核对过）"),
    "repeats": (
        "{title} ({id}) repeats the question word for word, as no study does: check where it comes from.",
        "{title}（{id}）逐字重复了问题，研究文献不会这样写：请核对其来源。",
    ),
    "only doubtful": (
        "Every source of this answer is retracted or under an expression of concern: do not rely on it.",
        "本回答的所有来源均已撤稿或有关注声明，请勿采信。",
    ),
    "generator failed": (
        "The language model gave no usable draft ({why}); verbatim sentences of the sources are shown instead.",
        "语言模型没有给出可用的草稿（{why}），改为显示来源原文。",
    ),
    "links": (
        "{count} link(s) or identifier(s) of the draft were removed: no source has them.",
        "草稿中有{count}个链接或编号不属于任何来源，已删除。",
    ),
    "refused": (
        "{count} sentence(s) of the draft were left out: their sources do not support them.",
        "草稿中有{count}句话得不到来源支持，已略去。",
    ),
    "conflict": (
        "The evidence in this library conflicts. Yes: {yes}. No: {no}. Newer or larger studies might settle it.",
        "本库中的证据互相矛盾。支持：{yes}。不支持：{no}。更新或更大的研究可能给出定论。",
    ),
    "dropped": (
        "{count} citation(s) of the draft were dropped: nothing stands behind them.",
        "草稿中有{count}处引用没有依据，已删除。",
    ),
    "conversation": ("Conversation", "对话"),
    "references": ("References", "参考文献"),
    "understood as": ("understood as: {text}", "理解为：{text}"),
    "support partial": ("partly supported", "部分支持"),
    "support unjudged": ("not judged", "未判定"),
    "support contradicted": ("contradicted by its source", "与来源相反"),
    "support unsupported": ("not supported by its source", "来源不支持"),
    "support supported": ("supported", "支持"),
    "identical": (
        "Identical, byte for byte but for times: {claims} sentences, {citations} quotes, {hits} hits.",
        "除用时外逐字节一致：{claims}句话、{citations}处引文、{hits}个检索结果。",
    ),
    "different": ("Not identical.", "不一致。"),
    "changed": ("  {what}: was {old}, is {new}", "  {what}：原为{old}，现为{new}"),
    "gone": ("  {what} gone: {text}", "  {what}已没有：{text}"),
    "came": ("  {what} new: {text}", "  {what}新增：{text}"),
    "sentence": ("sentence", "句子"),
    "quote": ("quote", "引文"),
    "unexplained": (
        "  Nothing that the receipt names has changed: the difference comes from the program's code, this machine or a language model.",
        "  收据所列各项均未改变：差异来自程序代码、本机或语言模型。",
    ),
    "nothing known": ("nothing", "无"),
    "error": ("error:", "错误："),
    "stopped": ("Stopped; the conversation goes on.", "已停止，对话可以继续。"),
    "nothing asked": ("nothing has been asked yet", "还没有提问"),
    "no sentences": ("the last answer has no sentence", "上一个回答没有句子"),
    "one of": ("expected one of {numbers}", "应为其中之一：{numbers}"),
    "why verdict": ("Verdict: {support}", "判定：{support}"),
    "carried": ("Taken from before: {text}", "取自前文：{text}"),
    "hit": ("hit {rank}: {stages}; terms: {terms}", "第{rank}个结果：{stages}；词：{terms}"),
    "filter on": ("Filter set; {count} passages are left.", "已设筛选，余{count}个段落。"),
    "filter off": ("No filter; {count} passages.", "没有筛选，共{count}个段落。"),
    "save where": ("/save FILE: .md, .bib, .ris or .json", "/save 文件：.md、.bib、.ris 或 .json"),
    "saved": ("{path}: {count} answer(s) saved.", "{path}：已保存{count}个回答。"),
    "chat help": (
        "A question, or one that follows from the last. Commands:\n"
        "  /why [n]      why sentence n stands there: its verdict, its quotes in place, how they were found\n"
        "  /source n     the whole reference of [n] and its quote in its section\n"
        "  /filter TEXT  only these sources, e.g. year>=2015 design:rct; /filter off takes it away\n"
        "  /effort WORD  quick, normal or thorough\n"
        "  /save FILE    the conversation (.md), or its references (.bib, .ris, .json)\n"
        "  /quit         ends; so does Ctrl-D. Ctrl-C stops an answer.",
        "可直接提问或追问。命令：\n"
        "  /why [n]      第n句的依据：判定、引文所在处、检索过程\n"
        "  /source n     [n]的完整文献信息及引文所在段落\n"
        "  /filter 条件  只用这些来源，如 year>=2015 design:rct；/filter off 取消\n"
        "  /effort 档位  quick、normal 或 thorough\n"
        "  /save 文件    保存对话（.md）或参考文献（.bib、.ris、.json）\n"
        "  /quit         结束，也可按 Ctrl-D；Ctrl-C 停止回答。",
    ),
}  # fmt: skip


# Evidence levels as the program names them in a Chinese answer.
_DESIGNS = {
    "practice guideline": "临床指南", "meta-analysis": "荟萃分析", "systematic review": "系统综述",
    "randomized controlled trial": "随机对照试验", "controlled trial": "对照试验", "cohort": "队列研究",
    "case-control": "病例对照研究", "cross-sectional": "横断面研究", "case report": "病例报告",
    "narrative review": "叙述性综述", "laboratory/animal": "实验室或动物研究", "not stated": "未注明",
}  # fmt: skip


# Evidence levels whose English name for several studies is not the name with an s.
_SEVERAL = {
    "meta-analysis": "meta-analyses", "case-control": "case-control studies", "laboratory/animal": "laboratory or animal studies",
    "cross-sectional": "cross-sectional studies", "cohort": "cohort studies",
}  # fmt: skip


def design_name(design: str, question: str, *, count: int = 1) -> str:
    """An evidence level in the language of `question`, as one study or several are called."""
    if language_of(question) == "zh":
        return _DESIGNS.get(design, design)
    return design if count == 1 else _SEVERAL.get(design, f"{design}s")


def say(key: str, question: str, **values: object) -> str:
    """The sentence `key` in the language of `question`, with its values put in."""
    english, chinese = _WORDS[key]
    return (chinese if language_of(question) == "zh" else english).format(**values)
