"""What a question is about: its drugs, diseases, tests, people and the aspects that are asked of them, with places.

Decides by the tables of `rag/expand.py`, by endings of technical words (`rag/relevance.py`) and, for what no table has,
by what is left when words that only ask are taken away. Knows nothing of turns, and not what a word means.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from rag.expand import brands, chinese_terms, english, phrases, table
from rag.relevance import technical
from rag.variants import bare, plain

Kind = Literal["drug", "disease", "other", "people", "aspect", "outcome"]
_LONGEST = 5
_TOKEN = re.compile(r"[^\W_]+(?:['’.+/-][^\W_]+)*\+?")
_CJK_RUN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")

_PEOPLE = re.compile(
    r"(?:(?:older|elderly|old|young|younger|pregnant|breastfeeding|lactating|healthy|black|white|asian|frail|obese|"
    r"overweight|diabetic|premature|preterm|postmenopausal|non-diabetic|hospitali[sz]ed|critically ill|high-risk|low-risk) )*"
    r"(?:adults?|child(?:ren)?|kids?|infants?|babies|baby|newborns?|neonates?|toddlers?|adolescents?|teenagers?|teens|"
    r"women|woman|men|man|females?|males?|boys?|girls?|mothers?|elderly|seniors|smokers|non-smokers|athletes|"
    r"pregnancy|lactation|breast-?feeding|(?:older|old|young|younger|obese|pregnant|healthy|frail|diabetic) (?:people|patients|persons|ones|age)|"
    r"outpatients|inpatients|pregnant)", re.I
)  # fmt: skip
_ASPECT = re.compile(
    r"(?:(?:the|any|common|main|usual|recommended|long-term|short-term|serious|severe|maximum|daily|starting|optimal|best|"
    r"possible|early|late|drug) )*"
    r"(?:side[- ]effects?|adverse (?:effects?|events?|reactions?)|doses?|dosages?|dosing|durations?|benefits?|harms?|risks?|"
    r"evidence|costs?|price|mechanisms?(?: of action)?|interactions?|contra-?indications?|indications?|symptoms?|signs|"
    r"treatments?|therap(?:y|ies)|causes?|diagnosis|prognosis|prevention|complications?|monitoring|alternatives?|efficacy|"
    r"effectiveness|safety|guidelines?|half-life|toxicity|overdose|withdrawal|risk factors?|epidemiology|prevalence|"
    r"incidence|pathogenesis|screening|onset|timing|age|sex|follow-up|outcomes?|limitations?|tests?|surgery|operations?|biops(?:y|ies)|transfusions?)", re.I
)  # fmt: skip
_OUTCOME = re.compile(
    r"(?:(?:cardiovascular|all-cause|overall|total|cause-specific|cardiac|disease-free|progression-free|major|severe|"
    r"hospital|quality) )*(?:mortality|deaths?|survival|hospitali[sz]ations?|readmissions?|quality of life|bleeding|falls|"
    r"weight(?: loss| gain)?|relapses?|recurrence|admissions?)", re.I
)  # fmt: skip
# Words that ask, link or say what is done; a topic never consists of them alone.
_LINKS = frozenset(
    "a an the and or but nor if then than as of in on at by for from to with without within into onto over under up "
    "down out off about above after again against among around before below between both during per through "
    "toward towards upon versus vs via while when where why who whom whose which what how is are was were be been being "
    "am do does did done doing have has had having can could may might must shall should will would not no yes it its "
    "they them their theirs he him his she her hers we us our you your i me my this that these those there here one ones "
    "some any all each every more most less least much many few other others another such same so too very also just only "
    "even still yet ever never always often usually sometimes really actually well good better best bad worse worst safe "
    "safer safely safest effective first second third new newer old older long longer short shorter high higher low lower "
    "because since until whether although though else instead rather please thanks ok okay let's tell say said called "
    "known way ways kind kinds type types thing things people patient patients person persons someone anyone everyone "
    "useful heavy early late able likely unlikely rate expect due mild moderate chronic acute recent current several possible "
    "who's what's it's don't doesn't isn't aren't can't necessary possible worth true sure common rare dangerous "
    "soon quickly fast slowly larger smaller stronger weaker bigger cheaper useful helpful harmful beneficial advisable "
    "contagious hereditary curable fatal serious enough days day weeks week months month years year hours hour".split()
)
_VERBS = (
    "reduce lower prevent cause improve increase decrease help work treat affect lead give take use need start stop make "
    "get go come mean show find happen know think see compare recommend describe explain define summarize summarise list "
    "name discuss manage diagnose detect cure protect save cut drop raise differ last act interact combine switch change "
    "replace avoid require want keep become develop occur spread transmit inherit test measure study report prescribe "
    "administer tolerate accept allow matter depend begin continue repeat wait try look seem appear remain predict "
    "indicate suggest prove confirm support elaborate apply hold concern receive live die eat drink lose contain damage harm shorten ease relieve slow delay speed "
    "trigger promote induce block fail worsen hurt kill boost suppress restore heal prolong extend undergo experience "
    "suffer respond choose offer perform monitor compete differ grow influence involve produce contribute maintain"
).split()
# Nouns that name a kind, never one thing of it.
_KIND_NOUN = re.compile(
    r"(?:drug|medicine|medication|agent|disease|condition|illness|disorder|syndrome|infection|intervention|procedure|"
    r"supplement|method|strategy|trial|study|article|paper)s?",
    re.I,
)
_DRUG_HEAD = re.compile(
    r"(?:inhibitor|blocker|antagonist|agonist|vaccine|vaccination|antibiotic|antiviral|antifungal|statin|steroid|"
    r"corticosteroid|diuretic|insulin|aspirin|heparin|warfarin|anticoagulant|antidepressant|antipsychotic|antihistamine|"
    r"opioid|nsaid|ssri|doac|bisphosphonate|vitamin(?: [a-z]\d{0,2})?|metformin|digoxin|lithium|drug|acid|contraceptive|"
    r"supplement|chemotherapy|probiotic|macrolide|beta-lactam|thiazide|nitrate|ibuprofen|paracetamol|acetaminophen|"
    r"methotrexate|morphine|caffeine|nicotine|melatonin|sulfonylurea|folate|iron|zinc|magnesium|fluoride|estrogen|"
    r"oestrogen|testosterone|levothyroxine|cannabis|alcohol|plasma|globulin)s?$", re.I
)  # fmt: skip
_DISEASE_HEAD = re.compile(
    r"(?:disease|syndrome|cancer|diabetes|infection|failure|fever|stroke|hypertension|disorder|tumou?r|infarction|"
    r"fibrillation|attack|injury|deficiency|ulcer|pain|migraine|asthma|malaria|autism|palsy|sclerosis|flu|influenza|cold|covid(?:-19)?|"
    r"hiv|aids|copd|gout|epilepsy|obesity|dementia|depression|anxiety|scurvy|rickets|shock|headache|fracture|schizophrenia|"
    r"measles|rubella|mumps|cholera|rabies|lupus|eczema|acne|preeclampsia|pre-eclampsia|embolism|thrombosis|"
    r"hemorrhage|haemorrhage|seizure|allergy|arrhythmia|insomnia|burn|wound|lesion|clot|stone|poisoning|impairment|"
    r"insufficiency|paralysis|apnea|apnoea|ebola|zika|itis|osis|emia|oma|omas|pathy|algia|plegia|paresis|penia|uria)s?$",
    re.I,
)  # fmt: skip

_ZH_PEOPLE = re.compile(
    "(?:老年|成年|育龄|哺乳期|绝经后|早产|健康|肥胖|高危|青年|中年|糖尿病)?(?:孕妇|儿童|小孩子?|孩子|婴儿|婴幼儿|新生儿|青少年|老年人|老人|成人|妇女|女性|男性|"
    "哺乳期|妊娠期|孕期|怀孕时?|女人|男人)(?:患者)?|老年患者|高龄患者"
)
_ZH_ASPECT = re.compile(
    "副作用|不良反应|毒副作用|用药剂量|剂量|用量|用法|疗程|好处|获益|坏处|危害|风险|证据|费用|价格|作用机制|机制|机理|相互作用|禁忌症?|"
    "适应症|症状|体征|治疗方法|治疗|疗法|疗效|病因|原因|诊断|预后|预防|并发症|监测|替代药|替代方案|效果|安全性|有效性|指南|半衰期|危险因素|发病率|患病率|筛查|年龄|性别|"
    "药物|传染性|遗传|手术|检查|检测|化疗|输血|禁忌|停药|停用|减量|漏服|反弹"
)
_ZH_OUTCOME = re.compile(
    "(?:心血管|全因|总|住院)?(?:死亡率|病死率|死亡风险|死亡|生存率|生存期|住院率|复发率|复发|生活质量|出血|体重)"
)
_ZH_DRUG = re.compile(
    "(?:药|素|胺|胍|唑|坦|普利|他汀|地平|洛尔|单抗|替尼|列净|列汀|疫苗|酸|苷|肽|林|抑制剂|拮抗剂|激动剂|阻滞剂|沙班|碱|钙|维生素.?)$"
)
_ZH_DISEASE = re.compile(
    "(?:病|症|癌|炎|瘤|衰竭|综合征|高血压|卒中|中风|感染|梗死|梗塞|颤动|房颤|栓塞|血栓|感冒|流感|哮喘|骨折|溃疡|损伤|疟疾|麻疹|痛|疹|疮|结石|肝硬化)$"
)
_ZH_WORDS = re.compile(
    "为什么|为何|什么时候|什么样|什么|怎么样|怎么办|怎么|怎样|如何|哪些|哪种|哪个|哪一|哪|多少|多久|多长|多大|几次|几天|几周|几|是否|是不是|能否|能不能|"
    "可不可以|会不会|有没有|有无|要不要|需不需要|可以|能够|应该|应当|需要|必须|可能|导致|引起|造成|降低|减少|减轻|减弱|增加|提高|升高|改善|"
    "预防|治疗|治好|治愈|根治|治|缓解|控制|影响|保护|使用|服用|应用|用于|用药|患者|病人|人群|人们|大家|有效|安全|更好|更|比较|相比|对比|区别|不同|差别|"
    "之间|其中|以及|或者|或|还是|而且|并且|但是|但|因为|所以|如果|的话|请|介绍|一下|说明|解释|描述|告诉|知道|一天|每天|每日|每周|一次|长期|短期|"
    "时候|时间|时|情况|情形|方法|方式|主要|常见|严重|比|和|与|跟|同|在|对于|对|向|从|由|被|把|将|使|让|给|的|地|得|了|着|过|吗|呢|吧|啊|么|"
    "能|会|要|该|有|是|不|没|也|都|还|又|再|就|才|只|很|最|太|吃|用|做|打|查|到|起|上|下|中|里|后|前|这|那|它|他|她|我|你|们|个|种|些|其|此|各|每|及|等"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Term:
    """Some words of a question and what kind of thing they name. start, end: offsets in the question."""

    text: str
    start: int
    end: int
    kind: Kind


def terms(text: str) -> list[Term]:
    """What the question names, in its order."""
    return list(_joined(text, sorted([*_english(text), *_chinese(text)], key=lambda t: t.start)))


def named(found: list[Term]) -> list[Term]:
    """The terms that can be a topic: drugs, diseases, and other things; not people, aspects and outcomes."""
    return [t for t in found if t.kind in ("drug", "disease", "other")]


def asks_only(word: str) -> bool:
    """Whether an English word only asks, links or says what is done."""
    return word.lower() in _LINKS or word.lower() in _verbs()


@functools.cache
def _verbs() -> frozenset[str]:
    """The verbs in the forms that they take."""
    forms: set[str] = set()
    for verb in _VERBS:
        stem = verb.removesuffix("e") if verb.endswith("e") else verb
        doubled = verb + verb[-1]
        forms |= {verb, verb + "s", verb + "es", stem + "ed", stem + "ing", doubled + "ed", doubled + "ing"}
        if verb.endswith("y"):
            forms |= {verb[:-1] + "ied", verb[:-1] + "ies"}
    return frozenset(forms) | {
        "gave",
        "given",
        "took",
        "taken",
        "found",
        "got",
        "made",
        "meant",
        "shown",
        "known",
        "done",
    }


@functools.cache
def _generics() -> frozenset[str]:
    return frozenset(part.lower() for names in table("brands").values() for name in names for part in name.split(" + "))


def _english(text: str) -> Iterator[Term]:
    tokens = list(_TOKEN.finditer(_CJK_RUN.sub(" ", text)))
    at = 0
    while at < len(tokens):
        for size in range(min(_LONGEST, len(tokens) - at), 0, -1):
            start, end = tokens[at].start(), tokens[at + size - 1].end()
            if not _CJK_RUN.search(text[start:end]) and (kind := _kind(text[start:end], size, start)):
                start -= 3 * bool(re.search(r"\b[A-Z]\. $", text[:start]))  # H. pylori
                yield Term(text[start:end], start, end, kind)
                at += size
                break
        else:
            at += 1


def _kind(words: str, size: int, start: int) -> Kind | None:
    """What some words name, None for words that only ask or that no table has as a whole."""
    lower = words.lower()
    for pattern, kind in ((_PEOPLE, "people"), (_OUTCOME, "outcome"), (_ASPECT, "aspect")):
        if pattern.fullmatch(words):
            return kind  # type: ignore[return-value]
    if size == 1 and (asks_only(words) or len(words) < 2 or words.isdigit() or _KIND_NOUN.fullmatch(words)):
        return None
    if lower in _generics() or (bare(words) in brands() and (start or words[0].isupper())):
        return "drug"
    known = english().get(lower) or english().get(words) or table("lay").get(lower) or phrases("lay").get(plain(words))
    if not known and words.isupper():
        known = table("abbreviations").get(words)
    if not known and size > 1:
        return None
    return _headed([lower, *(k.lower() for k in known or ())])


def _headed(names: list[str]) -> Kind:
    """The kind that the last words of a thing's names say."""
    for name in names:
        if _DISEASE_HEAD.search(name):
            return "disease"
        if _DRUG_HEAD.search(name) or name in _generics() or (" " not in name and technical(name)):
            return "drug"
    return "other"


def _chinese(text: str) -> Iterator[Term]:
    known, at, left = chinese_terms(), 0, 0
    longest = max(map(len, known))
    while at < len(text):
        found = None
        if _CJK_RUN.match(text, at) or text[at].isdigit():
            for pattern, kind in ((_ZH_PEOPLE, "people"), (_ZH_OUTCOME, "outcome"), (_ZH_ASPECT, "aspect")):
                if match := pattern.match(text, at):
                    found = Term(match[0], at, match.end(), kind)  # type: ignore[arg-type]
                    break
            for size in range(min(longest, len(text) - at), 1, -1):
                word = text[at : at + size]
                if (
                    word in known
                    and _CJK_RUN.search(word)
                    and not _ZH_WORDS.fullmatch(word)
                    and (found is None or size > found.end - at)
                ):
                    names = [word, *known[word]]
                    found = Term(word, at, at + size, _zh_kind(names))
                    break
        if found:
            yield from _left_over(text, left, at)
            yield found
            at = left = found.end
        else:
            at += _asking(text, at)
    yield from _left_over(text, left, len(text))


def _asking(text: str, at: int) -> int:
    """How many characters the word that only asks has here, 1 if there is none: 降低血压 is not 低血压."""
    match = _ZH_WORDS.match(text, at)
    return len(match[0]) if match else 1


def _zh_kind(names: list[str]) -> Kind:
    if _ZH_DISEASE.search(names[0]):
        return "disease"
    return "drug" if _ZH_DRUG.search(names[0]) else _headed([n.lower() for n in names[1:]]) if names[1:] else "other"


def _left_over(text: str, start: int, end: int) -> Iterator[Term]:
    """Runs of characters that are neither known nor words that only ask: three at least, or two that end like a
    name."""
    kept = _ZH_WORDS.sub(lambda m: "\n" * len(m[0]), text[start:end])
    for match in re.finditer("[\u3400-\u4dbf\u4e00-\u9fff]{2,}", kept):
        kind = _zh_kind([match[0]])
        if len(match[0]) > 2 or kind != "other":
            yield Term(match[0], start + match.start(), start + match.end(), kind)


def _joined(text: str, found: list[Term]) -> Iterator[Term]:
    """Neighbours that name things become one term, of the kind of the last; «2型» belongs to what follows it."""
    last: Term | None = None
    for term in found:
        if last and term.start < last.end:
            continue
        gap = text[last.end : term.start] if last else ""
        if last and gap in ("", " ", "-") and {last.kind, term.kind} <= {"drug", "disease", "other"}:
            kind = term.kind if term.kind != "other" else last.kind
            last = Term(text[last.start : term.end], last.start, term.end, kind)
            continue
        if last:
            yield last
        last = term
    if last:
        yield last
