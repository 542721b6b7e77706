"""Finds the medications of a clinical text: each drug with its strength, dosage, duration, form, frequency and route.

Decides which of these belong to which drug, by order and by what stands between, and whether the text says that the
drug is an allergy, was stopped, or is not taken. All by rules, English and Chinese; every span is a verbatim slice. A
schedule without a drug beside it is not reported. Knows nothing of doses: no number is read, compared or computed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from rag.records.drug_names import Name, drug_names
from rag.records.sig import Kind, Span, parts

State = Literal["", "allergy", "stopped", "not taken"]


@dataclass(frozen=True, slots=True)
class Medication:
    """One mention of a drug. parts: what is said of it, in the order of the text; offsets are code points.

    state: `allergy`, `stopped`, `not taken` (denied, refused, avoided, tested for resistance) or "" (nothing such is
    said; that it is taken now is not said either).
    """

    drug: Span
    parts: tuple[Span, ...] = ()
    state: State = ""

    def of(self, kind: Kind) -> tuple[str, ...]:
        """The texts of one kind, in order."""
        return tuple(s.text for s in self.parts if s.kind == kind)


def medications(text: str) -> list[Medication]:
    """The medications of `text` in its order. A drug named twice is two of them. Linear in the text's length."""
    names = drug_names(text)
    if not names:
        return []
    found = parts(text, taken=[(n.begin, n.end) for n in names])
    owned = _owned(text, names, found)
    return [
        Medication(
            Span("drug", name.begin, name.end, text[name.begin : name.end]), tuple(spans), _state(text, name, begin)
        )
        for name, spans, begin in zip(names, owned, _list_begins(text, names), strict=True)
    ]


# What may stand between a drug and what belongs to it.
_END = re.compile(
    r"[.;?!]\s+(?=[A-Z])(?!(?:Sig|Take|Use|Apply|Inject|Inhale|Give|Instill|Insert|Place|Chew|Dissolve|Spray|Put|Start|"
    r"Disp|Dose|Route|Frequency|Continue for|She takes|He takes|Patient takes)\b)"
    r"|\n\s*(?:\n|\d{1,2}[.)]\s|[-*•])|[。；！？]"
)
_OTHER = re.compile(
    r"\b(?:but|because|since|who|which|has|have|had|complain\w*|denies|denied|presents?|presented|history"
    r"|blood pressure|"
    r"temperature|weigh\w*|fever|reports?|reported|diagnosed|symptoms?|smok\w*|drinks?|alcohol|exercise\w*|walk\w*|"
    r"coughing|vomit\w*|follow|return|check|recheck|labs?|monitor|bp|pressures?|sugars?|visits?|seen|episodes?"
    r"|sleep\w*)\b"
    r"|但|因|出现|伴|发热|血压|血糖|复查|监测|头痛|咳嗽|腹泻|复诊|随访",
    re.I,
)
_NEAR_WORDS, _FAR_WORDS, _FAR_CHINESE = 2, 9, 16
# Between what stands before a drug and the drug: "500 mg of", "a 7-day course of oral", 睡前服用.
_INTO = re.compile(
    r"[\s,]{0,2}(?:(?:of|dose of|doses of|course of|courses of|with|worth of|dose|your|the|his|her|additional"
    r"|more)\s){0,3}"
    r"|\s?的?(?:服用|服|给予|予|用|使用|加用|吃|注射|应用)?\s?",
    re.I,
)
_WORD = re.compile(r"[A-Za-z0-9][\w'-]*")
_CHINESE = re.compile("[\u4e00-\u9fff]")
_SEPARATE = re.compile(
    r"[,;.\n，、。；]|\b(?:and|or|with|plus|then|to|takes?|on|for|started|added|given)\b|和|及|并|加"
)


def _owned(text: str, names: list[Name], found: list[Span]) -> list[list[Span]]:
    """The spans of each drug."""
    owned: list[list[Span]] = [[] for _ in names]
    at = 0
    for i, name in enumerate(names):
        before: list[Span] = []
        while at < len(found) and found[at].begin < name.begin:
            before.append(found[at])
            at += 1
        split = _lead(text, before, name, names[i - 1].end if i else 0)
        if i:
            owned[i - 1] += _reached(text, names[i - 1].end, before[:split])
        owned[i] += before[split:]
    owned[-1] += _reached(text, names[-1].end, found[at:])
    return owned


def _lead(text: str, spans: list[Span], name: Name, previous: int) -> int:
    """From which of the spans before a drug on they belong to it rather than to the drug before."""
    split, edge = len(spans), name.begin
    while split and _INTO.fullmatch(text, spans[split - 1].end, edge):
        if spans[split - 1].kind == "frequency" and text[spans[split - 1].end : edge].strip(" "):
            break  # "twice daily, aspirin"
        if "," in text[spans[split - 1].end : edge]:
            break
        split -= 1
        edge = spans[split].begin
    if split == len(spans) or not previous:
        return split
    # Something must part the drug before from what leads to this one, else it is the former's.
    while split < len(spans):
        start = spans[split - 1].end if split else previous
        gap = text[start : spans[split].begin]
        if _SEPARATE.search(gap) or len(_WORD.findall(gap)) > _NEAR_WORDS:
            return split
        split += 1
    return split


def _reached(text: str, end: int, spans: list[Span]) -> list[Span]:
    """The spans behind a drug's end that still speak of it."""
    kept: list[Span] = []
    for span in spans:
        gap = text[end : span.begin]
        if _END.search(gap + text[span.begin : span.begin + 12], 0, len(gap) + 1) or _OTHER.search(gap):
            break
        if len(_WORD.findall(gap)) > _FAR_WORDS or len(_CHINESE.findall(gap)) > _FAR_CHINESE:
            break
        kept.append(span)
        end = span.end
    return kept


_CLAUSE = re.compile(
    r"[.;!?](?:\s|$)|[。；！？]|\n|\b(?:but|however|although|now|then|takes?|taking|started|starts?|continues?"
    r"|on|given|"
    r"switched|changed|received|prescribed|instead|replaced|tolerate[sd]?|and use|other than)\b"
    r"|,\s(?:is|can|should|could|so)\b|但|改用|改为|换用|换成|目前|现"
)
_ALLERGY_BEFORE = re.compile(
    r"\b(?:allerg(?:y|ies|ic)(?:\s(?:reaction|reactions))?\s?(?:to|:|include|includes|are|is|-)"
    r"|anaphyla\w+\s(?:to|with|from|after)|"
    r"intoleran\w+\s?(?:to|of|:)|reactions?\s(?:to|with)|hypersensitiv\w+\sto|(?:rash|hives|angioedema"
    r"|swelling)\s(?:to|with|from|after)|"
    r"allergies:?)|过敏(?:药物)?[:：]",
    re.I,
)
_ALLERGY_AFTER = re.compile(
    r"\s?(?:\(?(?:allerg|hives|rash|anaphyla|angioedema|intoleran)|(?:-|–|:|causes?d?|caused|gives? (?:her|him"
    r"|me)|makes? (?:her|him|me))"
    r"\s?(?:an? )?(?:severe |mild )?(?:allerg|hives|rash|anaphyla|angioedema|itch|swelling|break))"
    r"|[^，。；,.;治抗因缓]{0,14}过敏(?![性原])",
    re.I,
)
_NO_ALLERGY = re.compile(r"(?:no|not|denies|without)\s(?:known\s)?(?:drug\s)?allerg", re.I)
_ZH_NO_ALLERGY = re.compile("(?:无|否认|没有|不)[^，。；]{0,4}$")
_STOPPED_BEFORE = re.compile(
    r"\b(?:stop(?:ped|ping|s)?|discontinu\w+|d/c(?:'?d|ed)?|dc'?d|hold(?:ing)?|held|quit|came off|weaned off"
    r"|(?:been|is|was|now) off|"
    r"off of|no longer (?:takes?|taking|on|uses?|using)|finished|completed|(?:switched|changed) (?:her |him "
    r"|his )?(?:from )?(?=\w)|ran out of|tapered off)\b(?:\s(?:taking|using|the use of))?"
    r"|停用|停服|停止(?:服用|使用)?|已停|停掉|停",
    re.I,
)
_CHANGED = re.compile("switched|changed", re.I)
_STOPPED_AFTER = re.compile(
    r"\A(?:[^.;,\n]{0,40}?\b(?:(?:was|were|has been|have been|is|be|been|are)\s(?:then\s|since\s"
    r"|subsequently\s)?(?:stopped|discontinued|held|"
    r"d/c'?d|dc'?d|on hold|tapered off)|(?:stopped|discontinued|d/c'd)\b|on hold)|[^。；，]{0,8}(?:已停|停用|停药))",
    re.I,
)
_NOT_BEFORE = re.compile(
    r"\b(?:den(?:y|ies|ied)\s(?:any\s)?(?:taking|use|using|the use|recent)?"
    r"|(?:(?:has|have|had|is|was|are|were|did|does|do)\s)?not\s(?:yet\s|currently\s|been\s|be\s){0,2}(?:taking|take|"
    r"taken|on|using|uses?|received?|receiving|started?|starting|tolerate\w*|need|given|give|prescribed?)"
    r"|never\s(?:took|taken|tried|been on|used|takes|started)"
    r"|(?:don't|doesn't|didn't|hasn't|haven't|isn't|wasn't)(?:\s(?:take|taking|taken|been on|been taking|on|use"
    r"|using|want))?"
    r"|declin\w+|refus\w+|avoid\w*|contraindicat\w+|preclud\w+|resistan\w+ to|sensitive to|susceptible to|without|"
    r"instead of|no (?:need for|indication for|role for)"
    r"|no(?=\s(?:(?!problems?|improvement|relief|change)\w+\s)?$)"
    r"|do not (?:take|use|start|give|need|want(?: to (?:take|use|start))?)|nor|neither)\b"
    r"|未服用|未用|未使用|不用|禁用|避免|拒绝|否认|没有?吃|不要|忌用|慎用|未予",
    re.I,
)
_LIST = re.compile(
    r"(?:[\s,/、]|\b(?:and|or|any|other|the|his|her|my|taking|use|of|using|a|an|all|home|both|mg|due|products"
    r"|based|drugs)\b|及|和|或|等|药|药物|服用|"
    r"使用|长期|任何|口服|了|\([^()]{0,40}\)|（[^（）]{0,20}）)*",
    re.I,
)
_BEFORE_CUE = 90


def _state(text: str, name: Name, begin: int) -> State:
    """What the nearest cue of the drug's clause says. begin: where the list of drugs begins in which it stands."""
    after = text[name.end : name.end + 60]
    if match := _ALLERGY_AFTER.match(after):
        denied = "过敏" in match[0] and _ZH_NO_ALLERGY.search(text[max(0, begin - 8) : begin])
        return "" if denied else "allergy"
    window = text[max(0, begin - _BEFORE_CUE) : begin]
    cuts = [m.end() for m in _CLAUSE.finditer(window) if not _is_inside_cue(window, m)]
    clause = window[cuts[-1] :] if cuts else window
    state: State = ""
    nearest = -1
    cues: tuple[tuple[re.Pattern[str], State], ...] = (
        (_ALLERGY_BEFORE, "allergy"), (_STOPPED_BEFORE, "stopped"), (_NOT_BEFORE, "not taken"),
    )  # fmt: skip
    for pattern, meaning in cues:
        for match in pattern.finditer(clause):
            if meaning == "allergy" and _NO_ALLERGY.search(clause[max(0, match.start() - 12) : match.end()]):
                return ""
            if _CHANGED.match(match[0]) and re.search(r"\bto\b", clause[match.end() :]):
                continue  # "switched from A to B": B is taken
            if match.end() > nearest and len(_WORD.findall(clause[match.end() :])) <= (
                12 if meaning == "allergy" else 5
            ):
                state, nearest = meaning, match.end()
    if not state and _STOPPED_AFTER.match(after):
        return "stopped"
    return state


def _list_begins(text: str, names: list[Name]) -> Iterator[int]:
    """For each drug, where the first one of its list begins."""
    begin = 0
    for i, name in enumerate(names):
        if not i or not _links(text, names[i - 1].end, name.begin):
            begin = name.begin
        yield begin


def _links(text: str, end: int, begin: int) -> bool:
    """Whether nothing but list words stands between two drugs."""
    return begin - end <= 60 and _LIST.fullmatch(text, end, begin) is not None and "\n" not in text[end:begin]


def _is_inside_cue(window: str, cut: re.Match[str]) -> bool:
    """Words that would end a clause are part of a cue in "no longer taking" and "not on"."""
    return any(
        m.start() <= cut.start() and cut.end() <= m.end()
        for pattern in (_STOPPED_BEFORE, _NOT_BEFORE)
        for m in pattern.finditer(window)
    )
