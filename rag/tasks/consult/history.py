"""What a person has said of a complaint (how long, how bad, how old, …), and so what is still to be asked.

Decides by patterns whether something was said, also when it was said that there is none ("no allergies"). Days and age
are numbers where they could be read. Knows no disease.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.safety.context import plain
from rag.safety.flags import Features

_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "few": 3, "several": 4, "couple of": 2, "half a": 0.5, "半": 0.5, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6,
    "七": 7, "八": 8, "九": 9, "十": 10, "几": 3, "多": 3, "十几": 14, "十多": 14, "二十": 20, "十五": 15, "十二": 12,
}  # fmt: skip
_UNITS = {"hour": 1 / 24, "hr": 1 / 24, "day": 1, "night": 1, "week": 7, "month": 30, "year": 365, "minute": 0, "小时": 1 / 24, "分钟": 0,
          "天": 1, "日": 1, "晚": 1, "周": 7, "星期": 7, "礼拜": 7, "月": 30, "年": 365}  # fmt: skip
_N = r"(?P<n>\d{1,3}(?:\.\d)?|an?|one|two|three|four|five|six|seven|eight|nine|ten|few|several|couple of|half a)"
_DURATION = (
    re.compile(rf"\b(?:for|over|past|last|lasting|lasted|since|about|the)? ?(?:a )?{_N} ?(?P<u>minute|hour|hr|day|night|week|month|year)s?\b(?! ?-?old)(?!'s)"),
    re.compile("(?P<n>\\d{1,3}|十几|十多|二十|十五|十二|[半一二两三四五六七八九十几多])(?:个)?(?:多|来)?(?P<u>小时|分钟|天|日|晚|周|星期|礼拜|月|年)(?!龄|岁|大|级|轻)"),
)  # fmt: skip
_SINCE = re.compile(
    r"\bsince (?:yesterday|this morning|last night|today)\b|\b(?:yesterday|this morning|last night|today)\b|昨[天晚]|今[天早晚]|刚才|刚刚"
)
_AGE = (
    re.compile(r"\b(?:i'm|i am|he is|he's|she is|she's|aged?|age of|is) (?:a )?(?P<n>\d{1,3})(?! ?(?:weeks?|days?|months?|kg|cm|%|/|\.))(?:\b|[ -]years?)|\b(?P<m>\d{1,3})[ -]?(?:years?|yrs?|yo|y/o)[ -]?(?:old)?\b(?! ago)|\b(?P<k>\d{1,2}) ?months?[ -]old|\b(?:mother|father|mum|mom|dad|wife|husband|partner|son|daughter|brother|sister|gran\w{0,8}|aunt|uncle|friend|neighbou?r|man|woman|boy|girl|i|male|female|child|cousin),? ?\(?(?P<q>\d{1,3})(?:\)|(?= ?[,;.]))|\b(?P<r>\d{1,3}) ?[mf]\b"),
    re.compile("(?P<n>\\d{1,3}|[一二三四五六七八九十]{1,3})岁|(?P<k>\\d{1,2}|[一二三四五六七八九十两]{1,2})个?半?月(?:大|的(?:宝|孩|婴|儿))"),
)  # fmt: skip
_SEVERITY = re.compile(
    r"\b(?:mild|slight\w{0,2}|moderate|severe\w{0,2}|terrible|unbearable|bad|worst|a (?:little|bit)|\d{1,2} ?(?:/|out of) ?10|intense|excruciating|strong|annoying)\b|轻微|有点|厉害|严重|剧烈|受不了|难忍|隐隐|轻度|中度|重度|很[痛疼]|特别[痛疼]|剧痛|一点点|微微|\\d分"
)
_PREGNANCY = re.compile(
    r"\b(?:pregnan\w{1,4}|period|menopaus\w{1,4}|breast-?feeding|male\b|man\b|my (?:husband|son|father|dad|brother|grandfather|grandpa)|boy|he\b|weeks gone)\b|怀孕|孕|月经|例假|绝经|哺乳|男|老公|爸|爷爷|儿子|父亲|备孕|弟|哥|产后|妊娠"
)
_MEDICINES = re.compile(
    r"\b(?:tak(?:e|ing|es)|took|on (?:warfarin|insulin|metformin|medication|the pill|\w{3,14}(?:pril|sartan|statin|olol|ine|cillin))|medicines?|medications?|tablets?|pills?|ibuprofen|paracetamol|antibiotics?|inhaler|aspirin|prescribed|chemo\w{0,7})\b|吃.{0,4}药|服.{0,3}药|用.{0,2}药|在吃|服用|口服|打针|输液|布洛芬|阿司匹林|头孢|胰岛素|降压药|没吃药|药"
)
_ALLERGIES = re.compile(r"\ballerg\w{1,4}\b|过敏")
_CONDITIONS = re.compile(
    r"\b(?:diabet\w{1,3}|hypertension|high blood pressure|asthma|copd|heart (?:disease|failure)|cancer|kidney|liver disease|epilep\w{1,3}|thyroid|history of|no (?:other )?(?:illness\w{0,2}|conditions?|medical)|otherwise healthy|immun\w{3,12}|transplant|hiv)\b|糖尿病|高血压|哮喘|慢阻肺|心脏病|肿瘤|癌|肾病|肝病|甲亢|甲减|病史|冠心病|癫痫|身体健康|基础病|既往|乙肝|没有其他病"
)
_OTHERS = re.compile(
    r"\b(?:also|and|with|plus|no other|nothing else|along with)\b|、|还有|伴|并且|没有其他|也|以及|而且|又"
)
_TEMPERATURE = re.compile(r"\b(?:3[5-9]|4[0-2]|9[5-9]|10[0-6])(?:\.\d)?\b|[34]\d度|体温")


@dataclass(frozen=True, slots=True)
class Facts:
    """said: the keys of what was told, of `QUESTIONS`. days: how long, the longest that was read. age: in years."""

    said: frozenset[str]
    days: float | None
    age: float | None


# What is asked, in this order: the key of each question in `words`.
QUESTIONS = (
    "age",
    "duration",
    "severity",
    "temperature",
    "others",
    "pregnancy",
    "conditions",
    "medicines",
    "allergies",
)


def facts(text: str) -> Facts:
    """What the text says of the person and the complaint."""
    low = plain(text)
    days, age = _days(low), _age(low)
    said = {
        key for key, pattern in (
            ("severity", _SEVERITY), ("pregnancy", _PREGNANCY), ("medicines", _MEDICINES), ("allergies", _ALLERGIES),
            ("conditions", _CONDITIONS), ("others", _OTHERS), ("temperature", _TEMPERATURE),
        ) if pattern.search(low)
    }  # fmt: skip
    said |= {key for key, value in (("duration", days), ("age", age)) if value is not None}
    if age is not None and not 12 <= age <= 55:
        said.add("pregnancy")
    if not Features(text).has("fever"):
        said.add("temperature")  # nobody is asked for a temperature who speaks of no fever
    return Facts(frozenset(said), days, age)


def missing(known: Facts) -> tuple[str, ...]:
    """The keys of what is still to be asked, the most useful first."""
    return tuple(key for key in QUESTIONS if key not in known.said)


def _days(low: str) -> float | None:
    found = [_number(m["n"]) * _UNITS[m["u"]] for p in _DURATION for m in p.finditer(low)]
    if found:
        return max(found)
    return 0.5 if _SINCE.search(low) else None


def _age(low: str) -> float | None:
    for pattern in _AGE:
        if match := pattern.search(low):
            groups = match.groupdict()
            if groups.get("k"):
                return _number(groups["k"]) / 12
            return _number(next(v for k in "nmqr" if (v := groups.get(k))))
    return None


def _number(word: str) -> float:
    if word in _NUMBERS:
        return float(_NUMBERS[word])
    if word.replace(".", "").isdigit():
        return float(word)
    tens, _, ones = word.partition("十")  # 三十五: 35
    return 10.0 * _NUMBERS.get(tens, 1) + _NUMBERS.get(ones, 0)
