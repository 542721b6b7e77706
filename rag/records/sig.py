"""What a prescription says beside the drug: strength, dosage, duration, form, frequency and route, as spans.

Decides the seven kinds as Med7 names them (Kormilitzin et al. 2021, arXiv:2003.01271). A strength is an amount of
substance or a concentration (500 mg, 5 %, 100 units/mL); a dosage is how much is taken, counted in tablets, puffs,
drops, millilitres or units, and a sliding scale or a taper; where a form follows its number ("two tablets") the
number is the dosage and the word the form. Pieces of one schedule ("twice daily with meals as needed") are one
frequency. Knows nothing of drugs: which of these belong to one is decided by medications.py.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["drug", "strength", "dosage", "duration", "form", "frequency", "route"]


@dataclass(frozen=True, slots=True)
class Span:
    """`text == source[begin:end]`, in code points."""

    kind: Kind
    begin: int
    end: int
    text: str


_N = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d{1,6}(?:\.\d{1,4})?|\.\d{1,4})"
_R = rf"(?:{_N}(?:\s?(?:-|–|/|to)\s?{_N}){{0,2}})"
_WORDS = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen)"
_HALF = r"(?:(?:one|two|1|2)[- ](?:and[- ]a[- ])?half|half(?: an?)?|\d[ -]1/2|1/[24]|½|1½|one-half)"
_HOW_MANY = (
    rf"(?:{_HALF}|{_WORDS}(?:\s?\(\s?{_N}\s?\))?(?:\s?(?:-|to|or)\s?{_WORDS}(?:\s?\(\s?{_N}\s?\))?)?"
    rf"|{_R}(?:\s?or\s?{_N})?)"
)
_MASS = (
    r"(?:mg|mcg|µg|μg|ug|grams?|gm|g|milligrams?|micrograms?|mEq|meq|mmol|ng|IU|international units"
    r"|million units|%|percent)"
)
_PER = (
    rf"(?:\s?/\s?(?:{_N}\s?)?(?:mL|ml|ML|cc|kg|hours?|hr|h|day|d|actuation|puff|spray|dose|tablet|tab|capsule"
    rf"|minute|min|"
    r"m2|inhalation|act|week)\b|/[片粒支袋丸揿喷])"
)
_FORM_WORDS = (
    r"(?:(?:chewable |effervescent |enteric[- ]coated |extended[- ]release |delayed[- ]release |sustained[- ]release |"
    r"dissolving )?(?:tablets?|tabs?|capsules?|caps?|caplets?)(?:,? (?:extended|delayed|sustained)[- ]release"
    r"| XR| ER| SR|,? chewable)?"
    r"|softgels?|pills?|(?:nebulizer |oral )?(?:solution|suspension)|syrup|elixir|creams?|ointment|gel|lotion"
    r"|foam|shampoo"
    r"|patch(?:es)?|inhalers?|diskus|nebuli[sz]ers?|nebs?|injections?|shots?|sprays?|(?:eye|ear|ophthalmic"
    r"|otic)[ -]?drops?|drops"
    r"|suppositor(?:y|ies)|powder|packets?|sachets?|lozenges?|pens?|kwikpen|flexpen|vials?|syringes?"
    r"|auto-?injectors?|troches?"
    r"|enemas?|mouthwash|liquid|gummies|gum)"
)
_MEASURE = (
    r"(?:puffs?|drops?|gtts?|sprays?|units?|u|mLs?|mls?|ML|cc|milliliters?|teaspoon(?:ful)?s?|tsps?"
    r"|tablespoon(?:ful)?s?|tbsps?|"
    r"scoops?|capfuls?|inhalations?|amps?|ampules?|liters?|L|bags?|ounces?|oz)"
)
_DAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?s?"
_PART_OF_DAY = (
    r"(?:bedtime|night|nighttime|breakfast|meals?|lunch|dinner|supper|morning|evening|afternoon|food"
    r"|snacks?|noon|sleep|bed)"
)
_OFTEN = (
    r"(?:q\.[ap]\.m\.|q\.?\s?(?:\d{1,2}(?:\s?(?:-|to)\s?\d{1,2})?\s?-?(?:hours?|hrs?|h|days?|d|minutes?|min"
    r"|weeks?|wks?|w|months?)|a\.?m|p\.?m|"
    r"h\.?s|o\.?d|day|daily|d|week|wk|weekly|month|night|nightly|noon|ac|shift)\b"
    r"|b\.i\.d\.?|t\.i\.d\.?|q\.i\.d\.?|p\.r\.n\.?|q\.d\.|q\.h\.s\.?|(?:bid|tid|qid|prn|qac)\b(?:\s(?:ac"
    r"|pc)\b)?|hs\b|stat\b"
    rf"|(?:once|twice|thrice|{_WORDS}(?:\sto\s{_WORDS})?(?:\s\(\d\))?\stimes?|\d(?:\s?(?:-|to)\s?\d)?\s?(?:x|times?))"
    r"(?:\s(?:a|an|per|each|every)\s|\s?/\s?|\s)(?:daily|day|weekly|week|wk|monthly|month|nightly|night|hour"
    r"|year|shift)"
    r"|(?:once|twice)\s(?=(?:in the|at|every|before)\b)"
    r"|(?:daily|nightly|weekly|monthly|biweekly|hourly|bimonthly|yearly)\b"
    rf"|every\s(?:other\s|single\s)?(?:(?:{_N}(?:\s?(?:-|to|or)\s?{_N})?|{_WORDS}(?:\s(?:to|or)\s{_WORDS})?|few)[\s-])?"
    rf"(?:\(\d\)\s)?(?:days?|mornings?|evenings?|nights?|afternoons?|hours?|hrs?|h|weeks?|months?|minutes?"
    rf"|mins?|{_DAY})\b"
    rf"|(?:at|before|after|with|in the|each|around|during)\s(?:each\s|every\s|her\s|his\s|your\s"
    rf"|the\s)?{_PART_OF_DAY}\b"
    r"|an hour before bed\b"
    rf"|(?:on\s)?\b{_DAY}(?:(?:,\s?|\s?/\s?|,?\sand\s|\s){_DAY})+\b|on\s{_DAY}\b"
    r"|\bM/?W/?F\b|\bT/?Th/?S(?:at)?\b"
    r"|(?:as|when|if|whenever)\s(?:needed|required|necessary)"
    r"|(?:a|per|each)\s(?:day|week|night|month)\b|around the clock|/\s?(?:day|week)\b"
    r"|(?:x|×)\s?1\b(?!\s?-?(?:days?|d|weeks?|wks?|months?|0|,|\.\d))|one time only|\bonce(?=\s?(?:[.,;)]|$"
    r"|today|now|then\b|tonight|and\b|in\b|preop)))"
)
_LONG = (
    rf"(?:{_N}(?:\s?(?:-|–|to)\s?{_N})?|{_WORDS}(?:\s?\(\d{{1,2}}\))?(?:\s(?:to|or)\s{_WORDS})?|a few"
    r"|several|an?|a couple of|another)"
)
_TIME = r"(?:days?|d|weeks?|wks?|months?|mos?|years?|yrs?|doses?|hours?|hrs?|cycles?|nights?)"
_DURATION = (
    rf"(?:\bfor|\bx|×)\s?(?:the\s)?(?:(?:next|past|last|another|an additional|additional|a total of|total of"
    rf"|about|approximately|"
    rf"up to|at least|only|over|nearly|almost)\s){{0,2}}{_LONG}[\s-]?(?:(?:more|additional|full|consecutive"
    rf"|total)\s)?{_TIME}\b"
    r"(?:\stotal\b)?"
    rf"|\b{_LONG}[\s-](?:day|week|month|year)s?(?:\slong)?[\s-](?:course|taper(?:ing)?|trial|cycle|supply|regimen)\b"
    r"|\bindefinitely\b|\blifelong\b|\bfor life\b"
)
_ROUTE = (
    r"(?:p\.o\.?|per os|po|by mouth|orally|oral|i\.v\.?|iv(?:\s?(?:push|drip|piggyback|infusion|bolus))?|ivp"
    r"|ivpb|intravenously|"
    r"intravenous|i\.m\.?|im|intramuscularly|intramuscular|s\.c\.?|sc|sq|s\.q\.?|sub-?q|subcut|subcutaneously"
    r"|subcutaneous|"
    r"under (?:the|your) (?:tongue|skin)|sl|sublingually|sublingual|pr|per rectum|rectally|rectal|topically|topical|"
    r"transdermally|transdermal|inhaled|by inhalation|inhalation|ih|nebuli[sz]ed|(?:via|by"
    r"|per) (?:a )?nebuli[sz]er|intranasally|"
    r"intranasal|nasally|nasal|vaginally|vaginal|intravaginally|pv|per vagina|ophthalmic|otic|buccally|buccal|"
    r"(?:via|per|by|through) (?:the |his |her )?(?:ng|g|j|gj|peg|og|nasogastric|gastrostomy|feeding|gastric)[- ]?tube|"
    r"(?:in|into|to|on)\s(?:each|both|the|affected|either|his|her|your)?\s?(?:left|right|affected|both)?\s?"
    r"(?:eyes?|ears?|nostrils?|nares)|to (?:the )?(?:affected|rash|involved) (?:areas?|skin)|to (?:the )?skin"
    r"|intrathecally|"
    r"intrathecal|epidurally|intra-?articular|swish and swallow|swish and spit|parenteral|intravitreal)"
)
_MASK = re.compile(
    r"\b(?:disp(?:ense)?|refills?|qty|quantity)\b\W{0,4}(?:\*|#)?\s?(?:one|two|three|\d{1,4})?(?:\s?\(\s?\w{1,8}\s?\))?"
    rf"(?:\s{_FORM_WORDS})?(?:\(s\))?|#\s?\d{{1,4}}(?:\s{_FORM_WORDS})?",
    re.I,
)
_ZN = "(?:\\d{1,5}(?:\\.\\d{1,4})?|[一二两三四五六七八九十半]{1,3})"
_ZR = f"{_ZN}(?:\\s?[-~～至]\\s?{_ZN})?"
_ZWHEN = (
    "(?:(?:早晚|三|早|午|中|晚)?(?:饭|餐)(?:后|前|中|时)|睡前|临睡前|空腹|晨起|随餐|必要时|按需|早晨|早上"
    "|晚上|中午|早晚)"
)
_ZOFTEN = (
    f"(?:(?:每|一|1)(?:日|天|周|月|晚|早|晨)(?:早晚)?(?:各)?(?:\\s?{_ZR}\\s?次)?|(?<![一-鿿\\d])日\\s?{_ZN}\\s?次|"
    f"{_ZN}\\s?次\\s?/\\s?(?:日|天|周|d)|每隔?\\s?{_ZR}\\s?个?(?:小时|天|日|周|月|h)(?:\\s?{_ZN}\\s?次)?"
    f"|隔日(?:\\s?{_ZN}\\s?次)?|"
    f"早晚各(?:\\s?{_ZN}\\s?次)?|{_ZWHEN}|(?<![A-Za-z])(?:q\\d{{1,2}}h|qd|bid|tid|qid|qn|qod|prn|qw|qm|hs"
    f"|st)(?![A-Za-z]))"
)
_ZFORM = (
    "(?:(?:缓释|控释|分散|肠溶|咀嚼|泡腾|口崩|舌下|软|滴)?(?:片|胶囊)|颗粒|注射液|口服液|口服溶液|滴眼液|软膏"
    "|乳膏|眼膏|眼用凝胶|栓剂?|鼻喷雾剂|"
    "喷雾剂|气雾剂|粉雾剂|吸入剂|吸入粉雾剂|混悬液|混悬滴剂|干混悬剂|糖浆|滴丸|丸|贴片|贴剂|贴膏|凝胶|散|针剂?"
    "|粉针剂?|溶液|滴剂|冲剂)"
)
_ZROUTE = (
    "(?:口服(?!液|溶液|补液|药)|静脉滴注|静脉注射|静脉推注|静脉泵入|静滴|静推|静注|肌肉注射|肌内注射|肌注"
    "|皮下注射|舌下含服|含服|舌下|外用|外涂|外敷|"
    "涂抹?患处|雾化吸入|雾化|吸入(?!剂)|滴眼(?!液)|点眼|滴鼻|喷鼻|直肠给药|塞肛|阴道给药|嚼服|冲服"
    "|(?<![A-Za-z])(?:ivgtt|iv|po|im|ih)(?![A-Za-z]))"
)
# In the order in which they win where they overlap.
_PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("duration", re.compile(_DURATION, re.I)),
    ("duration", re.compile(
        f"(?:连续?(?:服用|使用|用|服|吃)|疗程(?:为)?|总疗程|共(?:用|服)?|×|x|X)\\s?{_ZR}\\s?(?:天|日|周|个月|月"
        f"|年|d(?![a-z])|个疗程)"
        f"|(?<=[服使]用){_ZR}\\s?(?:天|周|个月|年)(?!前)|(?<=[用服吃])了?{_ZN}\\s?(?:天|周|个月|年)(?!前)"
    )),
    ("strength", re.compile(
        rf"(?<![\w.]){_R}\s?-?(?:{_MASS}(?![A-Za-z])(?:\s?[-/]\s?{_N}\s?{_MASS}(?![A-Za-z]))?{_PER}{{0,2}}"
        rf"|(?:units?|u)(?:{_PER}(?<!hr)(?<!h)(?<!kg)(?<!day)(?<!hour)|(?=\s(?:tablet|capsule|tab|cap|softgel"
        rf"|injection|solution)))"
        rf")(?!\s?/\s?(?:dL|L|dl|mmol|g|mL/min)\b)", re.I,
    )),
    ("strength", re.compile(
        f"(?<![\\d.A-Za-z]){_N}(?:\\s?[-~/]\\s?{_N})?\\s?(?:mg|g|ug|μg|µg|mcg|毫克|克|微克|%|IU"
        f"|mmol)(?![A-Za-z%])(?:/(?:片|粒|支|kg|d|ml|mL|"
        "袋|日|次|h|丸|揿|喷)){0,2}(?!/(?:dL|L|dl))"
    )),
    ("dosage", re.compile(rf"(?<![\w./]){_HOW_MANY}[\s-]?{_MEASURE}\b(?:\s?/\s?(?:kg|hr|hour|h|day|min)\b){{0,2}}"
                          r"(?!\s?/\s?(?:dL|L)\b)", re.I)),
    ("dosage", re.compile(rf"(?<![\w./]){_HOW_MANY}(?=[\s-]{{0,2}}{_FORM_WORDS}\b)", re.I)),
    ("dosage", re.compile(rf"(?<![\w./-]){_HOW_MANY}"
                          r"(?=\s(?:po|p\.o\.|by mouth|pr|sl|bid|tid|qid|qd|qhs|daily)\b)", re.I)),
    ("dosage", re.compile(r"\b(?:sliding[- ]scale|tapering doses?|(?-i:taper(?:ing)?))\b", re.I)),
    ("dosage", re.compile(f"(?<![\\d.A-Za-z第]){_ZR}\\s?(?:片|粒|颗|丸|袋|支|喷|吸|揿|滴|单位|"
                          "U(?![A-Za-z])|ml(?![A-Za-z/])|mL(?![A-Za-z/])|毫升|包|贴|枚|勺|万单位|万U)(?!剂)")),
    ("route", re.compile(rf"(?<![\w-]){_ROUTE}(?![\w])", re.I)),
    ("route", re.compile(_ZROUTE)),
    ("form", re.compile(rf"(?<![\w-]){_FORM_WORDS}(?:\(s\))?(?![\w])", re.I)),
    ("form", re.compile(_ZFORM)),
    ("frequency", re.compile(rf"(?<![A-Za-z0-9.]){_OFTEN}", re.I)),
    ("frequency", re.compile(_ZOFTEN)),
)  # fmt: skip
DOSING = re.compile(
    rf"\A[\s,(:-]{{0,3}}(?:{_R}\s?-?(?:mg|mcg|g|meq|units?(?:/mL)?|u|iu|tab|cap|ml)(?![\w/])|{_HOW_MANY}\s(?:tab"
    rf"|cap|puff|drop|pill)|"
    rf"(?:po|iv|bid|tid|qid|daily|prn|nightly|qhs|q\d{{1,2}}h|sliding|drip|gtt|once|twice|every|tablets?|pills?"
    rf"|{_ROUTE})\b)",
    re.I,
)
"""What stands right behind a drug's name where it is a prescription."""
_JOINT = re.compile(r"[\s,(/、，]{1,4}(?:(?:and|or|&)\s)?\(?|(?:和|及)?")


def parts(text: str, *, taken: list[tuple[int, int]]) -> list[Span]:
    """Everything but drugs, in the order of the text, not overlapping. taken: stretches in which nothing is looked
    for."""
    covered = bytearray(len(text))
    for begin, end in (*taken, *(m.span() for m in _MASK.finditer(text))):
        covered[begin:end] = b"\1" * (end - begin)
    found: list[Span] = []
    for kind, begin, end in itertools.chain(_beside(text, taken), _matched(text)):
        if end > begin and not any(covered[begin:end]):
            covered[begin:end] = b"\1" * (end - begin)
            found.append(Span(kind, begin, end, text[begin:end]))
    found.sort(key=lambda s: s.begin)
    return _merged(text, found)


def _matched(text: str) -> Iterator[tuple[Kind, int, int]]:
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            yield kind, match.start(), match.start() + len(match[0].rstrip())


# Numbers without a unit, right behind a name ("Advair 250/50", "lisinopril 10 daily") or before it ("two Advil").
_BARE = re.compile(
    rf"\s({_N}(?:\s?/\s?{_N}){{1,2}}|{_N})(?=\s?(?:[,;]?\s(?:{_OFTEN}|{_ROUTE}\b|{_HOW_MANY}\s(?:{_FORM_WORDS}"
    rf"|{_MEASURE})\b)|[.]?$))",
    re.I,
)
_COUNTED = re.compile(rf"\b(?:take|takes|taking|took|taken|gave|give|given|had)\s({_HOW_MANY})\s(?:of\s)?$", re.I)


def _beside(text: str, taken: list[tuple[int, int]]) -> Iterator[tuple[Kind, int, int]]:
    """A small number behind a name counts tablets, a larger one is their strength in the unit that everybody knows."""
    for begin, end in taken:
        if match := _BARE.match(text, end):
            raw = match[1]
            small = "/" not in raw and "." not in raw and len(raw) == 1 and int(raw) < 5
            if "/" in raw or match.end() < len(text):
                yield "dosage" if small else "strength", *match.span(1)
        before = max(0, begin - 40)
        if match := _COUNTED.search(text[before:begin]):
            yield "dosage", before + match.start(1), before + match.end(1)


def _merged(text: str, found: list[Span]) -> list[Span]:
    """Neighbouring frequencies as one; an open bracket inside one takes its end along."""
    merged: list[Span] = []
    for span in found:
        last = merged[-1] if merged else None
        if last and last.kind == span.kind == "frequency" and _JOINT.fullmatch(text, last.end, span.begin):
            end = span.end
            if text[last.end : span.begin].count("(") and text[end : end + 1] == ")":
                end += 1
            merged[-1] = Span("frequency", last.begin, end, text[last.begin : end])
        else:
            merged.append(span)
    return merged
