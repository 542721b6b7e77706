"""Around a match: is it denied, long past, or part of a question to the literature? Decides by words near it.

Knows no disease. All texts here are in the plain form of `plain`; its offsets are those of the text as typed.
"""

from __future__ import annotations

import re

_STRAIGHT = {
    0x2018: "'",
    0x2019: "'",
    0x201C: '"',
    0x201D: '"',
    0x0A: " ",
    0x0D: " ",
    0x09: " ",
    0xA0: " ",
    0x3000: " ",
}
_CJK = re.compile("[\u3400-\u9fff]")
_LATIN = re.compile(r"[a-z]{2}")

# A denial before a match, with nothing between that ends its reach.
_DENIED = re.compile(
    r"\b(?:no|not|without|denies|denied|never|nor|neither|negative for|free of|ruled out|"
    r"(?:do|does|did|is|are|was|were|has|have|had)(?:n't| not)(?: (?:had|have|any|feel|felt|got|get|been|having|experienced?|really))*)\b"
    r"(?! (?:idea|doubt|only|sure|just|better|relief|longer|matter|able|going|stop|help|working|improv|well|one|why|(?:my|the|a) (?:usual|normal|same)|like (?:my|the) usual)\b)"
)
_ITSELF = re.compile(
    r"(?:can't|cannot|won't|not|no|doesn't|isn't|don't|couldn't|unable|hasn't|haven't|hardly|barely)\b"
)
_ENDS_DENIAL = re.compile(
    r"\b(?:but|however|though|although|yet|more|rather|just|only|instead|like|now|because|so|and (?:i|he|she|now|then|very|really|so|feels?|is)|since [a-z ]{1,20} and)\b"
)
_REACH = 45
_OR = re.compile(r"\b(?:or|nor|and)\b")
_ZH_DENIED = re.compile(
    "(?:没有|没|无|未见|未|不伴有?|否认|并非|不是|排除了?)(?![力劲精胃睡吃尿想注多办停完事知汗])(?:出现|发生|任何|明显的?|过|有|什么|再|感到|觉得|感觉)?"
    "(?:[^，。；！？,;]{1,14}[、和或及])?$|不(?:太|怎么|大)?$"
)
# A time that is over, in the clause of a match.
_PAST = re.compile(
    r"\b(?:(?:\d{1,2}|a|one|two|three|four|five|six|seven|eight|ten|few|several|many|couple of) (?:years?|months?|decades?) (?:ago|back|earlier)"
    r"|years ago|last (?:year|winter|summer|spring|autumn)|(?:family |past |previous )?history of|previously|in (?:19|20)\d\d"
    r"|when i was (?:a |an |young|little|\d)|as a (?:child|kid|baby|teenager)|used to|died (?:of|from|after)|passed away|long ago"
    r"|(?:dad|father|mother|mum|mom|uncle|aunt|grand\w{2,6}|brother|sister) had\b[^.;!?]{0,20}\b(?:at|aged?|in (?:his|her)))\b"
)
_ZH_PAST = re.compile(
    "[一二两三四五六七八九十几多数\\d]{1,3}(?:年|个月)(?:以)?前|去年|前年|以前|曾经|小时候|病史|既往|当年|从前|曾[患有得因]|年轻时|死于|去世|过世"
    "|(?:19|20)\\d\\d年|大学时|好几年前|多年前|很久以前"
)
_CLAUSE = re.compile(r"[.;!?,。；！？，]|\b(?:but|and now|now|however|today|since then)\b|但是?|现在|今天|如今|最近")

# Somebody is meant: who asks, or somebody at hand.
_PERSON = re.compile(
    r"\b(?:i'm|i've|i'd|i (?:have|had|am|feel|felt|got|get|was|can't|cannot|can|keep|woke|took|just|started|think|suddenly|cut|fell|ate|swallowed|"
    r"noticed|could|coughed|vomited|threw|passed|collapsed|fainted|hit|broke|burned|burnt|gave|lost|see|saw|accidentally|stopped|drank|inhaled|"
    r"feel|still|also|now|hurt|'ve)|my|me|he|she|his|him|her|he's|she's|mine|myself|dad|mum|mom|mummy|daddy|grandma|grandpa|granny|nan|granddad|grandad|"
    r"our (?:\w+ )?(?:baby|son|daughter|toddler|child|newborn|infant|grandson|dad|mum|mom|father|mother|neighbou?r|friend|twins?|boy|girl|little)|"
    r"someone|somebody|the (?:baby|kid|guy|lady) |a (?:man|woman|guy|lady|stranger|colleague|neighbou?r|friend|passenger|co-?worker) (?:at|in|on|next|here|just|has|is|beside|near)|"
    r"i)\b(?![²2]|\s?(?:diabetes|trial|study|error|collagen|interferon))"
)
_NUMERAL = re.compile(
    r"\b(?:phase|type|class|stage|grade|group|factor|part|level|angiotensin|vitamin|mobitz|schedule) i\b"
)
_ASKED_GENERAL = re.compile(
    r"\A\W{0,5}(?:(?:please|can you|could you) (?:tell|explain|list|describe|summari[sz]e)|does|do|did|is|are|was|were|can|could|should|would|will|has|have|what|"
    r"which|who|whom|whose|when|where|why|how|list|name|describe|explain|compare|define|summari[sz]e|in (?:patients|adults|children|women|men)|among|effects?|"
    r"role|treatment|diagnosis|management)\b"
)
_STUDY = re.compile(
    r"\b(?:patients? (?:with|who|undergoing|receiving|treated|on|presenting|after)|patients|trials?|meta-?analys[ie]s|systematic review|guidelines?|mortality|incidence|"
    r"prevalence|efficacy|pathophysiolog\w+|literature|evidence|cohort|risk factors?|sensitivity|specificity|randomi[sz]ed|(?:adults|children|women|men|people|infants) with|"
    r"pathogenesis|differential diagnosis|definition|(?:symptoms|signs|causes|treatments?|complications|management|features|stages|types|outlook|prognosis) (?:of|for)|"
    r"inherited|prognosis|studies|survival|associated|association|biomarkers?|diagnostic|how (?:can|do|would|could|should) (?:i|you|we|one) (?:tell|know|recogni[sz]e|spot|assess|diagnose|manage|treat))\b"
)
_URGENT = re.compile(
    r"\b(?:should (?:i|we)|do (?:i|we)|what (?:do|can|should) (?:i|we)|dangerous|an emergency|worried|ambulance|911|999|right now|a&e|\ber\b|is this|could this|can this|"
    r"is it (?:serious|dangerous|normal|an|a heart|a stroke)|help|call|hospital now|this minute)\b"
)
_ZH_PERSON = re.compile(
    "我|咱|俺|爸|妈|老公|老婆|孩子|宝宝|儿子|女儿|奶奶|爷爷|他|她|老人|家里|朋友|同事|老伴|娃|婆婆|公公|外婆|外公|姥|岳|丈夫|妻子|弟|妹|哥|姐|小孩|邻居|室友|"
    "爱人|对象|男友|女友|叔|伯|舅|姑|姨|小家伙|舍友|有人|父亲|母亲|同学|大爷|大妈|孙"
)
_ZH_STUDY = re.compile(
    "患者|发病率|患病率|死亡率|疗效|机制|随机|荟萃|指南|临床|诊断标准|鉴别|时间窗|危险因素|预后|流行病学|症状(?:有|是|表现|都|包)|的症状$|的症状[？?]|有(?:什么|哪些)症状|"
    "的(?:治疗|病因|原因|表现|早期|护理|预防|急救|并发症|诊断|危害|后果)|如何(?:治疗|预防|诊断|鉴别|护理|急救|判断|抢救)|治疗方法|怎么治疗|怎样治疗|怎么预防|的关系|相关性|研究|综述|文献|"
    "什么是|急救(?:措施|流程|原则)|并发症|定义|征兆|前兆|会引起|能不能引起|是怎么引起|导致.{0,8}的原因|有哪些"
)
_ZH_URGENT = re.compile(
    "怎么办|要紧|严重吗|要不要|需不需要|去医院|急诊|现在|突然|刚才|刚刚|今天|危险吗|咋办|救命|正在|分钟|小时|昨[天晚]|今[早晚]"
)


# Pauses of breath that come with sleep: snoring is not an emergency, but a child, a colour or an intoxication is.
_PAUSE = re.compile(r"stop|gasp|paus|not breath|breathing|停止呼吸|呼吸(?:会|就)?(?:暂停|停)")
_ASLEEP = re.compile(
    r"\b(?:(?:when|while|whenever|if|as) (?:(?:he|she|i|we|they)(?:'s|'m| is| am)? )?(?:asleep|sleep\w{0,3})|(?:in|during) (?:his|her|my|the|their)? ?sleep|"
    r"during the night|snor\w{1,3}|sleep apn\w{2,5})\b|睡着|睡觉|睡眠|打呼|打鼾|呼噜"
)
_NOT_SNORING = re.compile(
    r"\b(?:bab(?:y|ies)|newborn|infant|toddler|son|daughter|child|weeks?|months?|blue|purple|gr[ea]y|pale|now|still|can't|cannot|won't|just|tonight|this|"
    r"sudden\w{0,2}|woke|wakes?|chest|froth\w{0,2}|pills?|tablets?|drunk|drank|alcohol|heroin|methadone|morphine|fentanyl|oxycodone|unrespons\w{1,4}|limp|"
    r"sit|upright|ankles?|swollen)\b|宝|婴|孩|娃|儿|紫|青|不醒|没反应|现在|刚|突然|憋醒|坐|药|酒|胸|肿|[发苍惨]白|昏|慢"
)


def plain(text: str) -> str:
    """The text in lower case, quotes straight, spaces for line ends; every character keeps its place."""
    low = text.translate(_STRAIGHT)
    lowered = low.lower()
    return lowered if len(lowered) == len(low) else "".join(c.lower() if len(c.lower()) == 1 else c for c in low)


def languages(text: str) -> tuple[bool, bool]:
    """Whether a plain text holds English, and Chinese."""
    return bool(_LATIN.search(text)), bool(_CJK.search(text))


def literature(text: str) -> bool:
    """Whether a plain text asks about people in general: about a study, a disease, a sign; nobody at hand is meant."""
    if _CJK.search(text):
        if _ZH_PERSON.search(text):
            return False
        return bool(_ZH_STUDY.search(text)) and not _ZH_URGENT.search(text)
    numberless = _NUMERAL.sub(lambda m: " " * len(m[0]), text)
    study = bool(_STUDY.search(text))
    if person := _PERSON.search(numberless):
        alone = person[0] == "i" and not re.search(r"\b(?:my|me|he|she|his|her)\b", text)
        return study and alone
    if not study and _URGENT.search(text):
        return False
    return study or bool(_ASKED_GENERAL.search(text))


def denied(text: str, start: int, end: int) -> bool:
    """Whether what stands at these offsets is said not to be so."""
    before = re.split(r"[.;!?。；！？]", text[max(0, start - _REACH) : start])[-1]
    if _CJK.search(text[start:end]):
        return bool(_ZH_DENIED.search(before))
    if _ITSELF.match(text, start, end):
        return False
    found = next(reversed(list(_DENIED.finditer(before))), None)
    if found is None or _ENDS_DENIAL.search(before, found.end()):
        return False
    between = before[found.end() :]
    if "," not in between:
        return True
    after = re.split(r"[.;!?]", text[end : end + 30])[0]
    return bool(_OR.search(between) or _OR.search(after))


def snoring(text: str, start: int, end: int) -> bool:
    """Whether a pause of breath at these offsets is said to be one of a grown-up's sleep, and nothing worse is said."""
    if not _PAUSE.search(text, start, end) or _NOT_SNORING.search(text):
        return False
    return bool(_ASLEEP.search(text, max(0, start - 60), min(len(text), end + 60)))


def past(text: str, start: int, end: int) -> bool:
    """Whether the clause of these offsets says that it is long over."""
    cuts = [m.end() for m in _CLAUSE.finditer(text, max(0, start - 80), start)]
    low = cuts[-1] if cuts else max(0, start - 80)
    nxt = _CLAUSE.search(text, end, min(len(text), end + 60))
    clause = text[low : nxt.start() if nxt else end + 60]
    return bool(_PAST.search(clause) or _ZH_PAST.search(clause))
