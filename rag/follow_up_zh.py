"""Makes a Chinese follow-up question whole: «那孕妇呢？», «剂量呢？», «它安全吗？», «为什么？».

Decides as `rag/follow_up.py` does for English. Knows nothing of turns but their topic.
"""

from __future__ import annotations

import re

from rag.topic import Term, named, terms
from rag.turns import Resolved, Topic, replaced

_LED = re.compile(
    "^(?:(?:那么|那(?=[^个种些次里边位])|还有|另外|对了|然后|而且|而(?=[^且])|请问|再问一下|好的?|嗯)[，,、 ]*)+"
)
_BARE = re.compile(
    "^(为什么|为啥|为何|怎么会|怎么做到的|如何|怎么|多久|多少|什么时候|多长时间|何时|哪些人|谁|原因|理由)(?:呢|啊|这样|是什么)?$"
)
_AGAIN = re.compile("^(?:真的|确定|你确定|是真的|这是真的|是这样|可靠)(?:吗|么)?$")
_MORE = re.compile(
    "^(?:请)?(?:再|多|继续|详细|展开|具体)(?:详细|具体)?(?:介绍|说说|说|讲讲|讲|解释)?(?:一下|一些|点)?(?:吧)?$"
)
_NOUN = re.compile(
    "(?:这|那|该|此|上述|这一|那一|本)(?:[个种类些款项]|几种)?(药物?|药品|治疗方法|治疗方案|治疗|疗法|手术|方法|方案|措施|疫苗|检查|检测|抗生素|病|疾病|病症|感染|综合征|肿瘤|癌症|情况|东西|成分)"
)
_DISEASE_NOUN = re.compile("病|感染|综合征|肿瘤|癌|情况")
_STUDY = re.compile("(?:这|那|该|此|上述)(?:[个项些])?(?:试验|研究|文章|论文|综述|指南)")
_PRONOUN = re.compile(
    "它们|他们|她们|它|(?<![其吉])他(?!们|汀|人)|她(?!们)|两者|二者|前者|后者|这(?=[是会能有对安要可怎为需]|也|还|$)|(?<![极尤其])其(?=副|不良|剂|用|疗|机|作|安|病|症|治|预|危|风|效|适|禁|原)"
)
_OF_DISEASE = re.compile(
    "症状|体征|病因|诊断|确诊|治疗|怎么治|治好|治愈|根治|能治|预后|预防|传染|遗传|发病|患病|复发|致命|并发症|筛查|危险因素|会死|高发|得这|得它|疗法|药物"
)
_PLACED = re.compile("^(?:在|对于?|针对|如果是?|换成|换|用于|要是)(.+?)(?:中|里|时|的话|来说|身上)?$")
_WITH = re.compile("^(?:和|与|跟|同)(.+?)(?:一起|合用|联用|同时|联合)?(?:吃|用|服用|使用|比|相比|比较)?$")
_COMPARES = re.compile("(?:更|比较)(?:好|安全|有效|强|便宜|合适|常见|快|严重)")
_END = "？?。！! …"


def resolve(text: str, topic: Topic) -> Resolved:
    """The question as it stands alone, in the words of `topic`."""
    core = _LED.sub("", text).rstrip(_END)
    asked = core != core.removesuffix("呢")
    core = core.removesuffix("呢").rstrip("，, ")
    if not core or _AGAIN.match(core):
        return Resolved(topic.question, (topic.question,))
    if _MORE.match(core):
        return topic.says(f"请介绍{topic.about().text}。", *topic.texts)
    if _BARE.match(core):
        return _bare(core, topic)
    found = terms(core)
    own = named(found)
    filled = _filled(core, topic, own)
    if filled.carried:
        return Resolved(filled.text + "？", filled.carried)
    if asked and (part := _fragment(core, topic, found)):
        return part
    if own:
        return _compared(core, text, topic, own)
    if _whole(core, found, asked=asked):
        return Resolved(text)
    return _fragment(core, topic, found) if _is_part(core, found) else _led_by_topic(core, topic, found)


def _whole(core: str, found: list[Term], *, asked: bool) -> bool:
    """Whether a question without drug or disease has so much to say that it stands alone."""
    return not found and not asked and len(core) > 14


def _is_part(core: str, found: list[Term]) -> bool:
    return len(found) == 1 and found[0].text == core


def _bare(core: str, topic: Topic) -> Resolved:
    last = topic.question.rstrip(_END)
    word = (_BARE.match(core) or [core, core])[1]
    said = re.sub("(?:吗|么)$", "", last)
    if said != last or "是否" in last:
        return Resolved(f"{word}{said.replace('是否', '')}？", (said,), topic.question)
    return Resolved(f"{last}，{word}？", topic.texts, topic.question)


def _fragment(core: str, topic: Topic, found: list[Term]) -> Resolved:
    """A part that takes the place of its like in the last question, or asks for an aspect of its topic."""
    last = topic.question.rstrip(_END)
    if match := _WITH.match(core):
        return _joined(match[1].removesuffix("一起"), topic)
    alone = len(found) == 1 and found[0].text == core
    if not alone and (match := _PLACED.match(core)):
        core = match[1]
        found = terms(core)
    first = found[0] if found else None
    if first is None:
        return topic.says(f"{topic.about().text}{core}？", topic.about().text)
    if first.kind == "people" or core.endswith(("患者", "病人", "人群", "的人")):
        if swapped := replaced(last, topic.found, core, "people"):
            return topic.says(f"{swapped}？", *topic.others(swapped))
        return topic.says(f"对于{core}，{last}？", *topic.texts)
    if first.kind == "aspect" and not named(found):
        about = topic.about(disease=bool(_OF_DISEASE.search(core)))
        return topic.says(f"{about.text}{'的' if first.start == 0 else ''}{core}？", about.text)
    if swapped := replaced(last, topic.found, core, first.kind):
        return topic.says(f"{swapped}？", *topic.others(swapped))
    if first.kind == "outcome":
        return topic.says(f"{topic.about().text}对{core}有什么影响？", *topic.texts)
    return topic.says(f"{core}：{last}？", *topic.texts)


def _joined(thing: str, topic: Topic) -> Resolved:
    """«和华法林一起吃呢»: in the place of what the last question joined by 和 or 与, else beside its topic."""
    last = topic.question.rstrip(_END)
    for old in topic.things:
        if last[: old.start].endswith(("和", "与", "跟", "同")):
            whole = f"{last[: old.start]}{thing}{last[old.end :]}"
            return topic.says(f"{whole}？", *topic.others(whole))
    about = topic.about()
    return topic.says(f"{about.text}和{thing}一起：{last}？", *topic.texts)


def _filled(core: str, topic: Topic, own: list[Term]) -> Resolved:
    """Pronouns and «这种药» by name, unless the sentence has named something before."""
    carried: list[str] = []

    def stays(match: re.Match[str]) -> bool:
        compared = match.string[: match.start()].endswith(("比", "与", "和", "跟", "于"))
        inside = any(t.start < match.end() and match.start() < t.end for t in own if t.text not in match[0])
        before = [t for t in own if t.end <= match.start()]
        return inside or bool(before and not compared)

    def name(disease: bool, *, last: bool = False) -> str:
        about = topic.about(disease=disease, last=last)
        carried.append(about.text)
        return about.text

    def noun(match: re.Match[str]) -> str:
        return match[0] if stays(match) else name(bool(_DISEASE_NOUN.search(match[1])))

    def study(match: re.Match[str]) -> str:
        if own or not topic.title:
            return match[0]
        carried.append(topic.title)
        return f"{match[0]}《{topic.title}》"

    def pronoun(match: re.Match[str]) -> str:
        if stays(match):
            return match[0]
        found = name(bool(_OF_DISEASE.search(core)), last=match[0] == "后者")
        return f"{found}的" if match[0] == "其" else found

    text = _STUDY.sub(study, _NOUN.sub(noun, core))
    if not carried:
        text = _PRONOUN.sub(pronoun, text)
    return Resolved(text, tuple(dict.fromkeys(carried)))


def _compared(core: str, text: str, topic: Topic, own: list[Term]) -> Resolved:
    """«阿司匹林更安全吗»: the other side is the topic."""
    if _COMPARES.search(core) and not re.search("比(?!较)|还是|哪|与|和", core) and len(own) == 1 and own[0].start == 0:
        other = topic.about(unlike=own[0])
        return topic.says(f"与{other.text}相比，{core}？", other.text)
    return Resolved(text)


def _led_by_topic(core: str, topic: Topic, found: list[Term]) -> Resolved:
    about = topic.about(disease=bool(_OF_DISEASE.search(core)))
    link = "的" if found and found[0].start == 0 and found[0].kind in ("aspect", "outcome") else ""
    return topic.says(f"{about.text}{link}{core}？", about.text)
