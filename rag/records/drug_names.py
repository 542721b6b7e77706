"""Finds names of drugs in a text, English and Chinese: ingredients, brands, short forms, and classes as notes name
them.

Decides by `rag/tables/drugs.tsv` and `brands.tsv`, the Chinese names of both, and the stems of the WHO's list of
generic names (https://www.who.int/teams/health-product-and-policy-standards/inn). A name that is also a substance of
the body or a laboratory test (potassium, iron, insulin) counts only beside words of taking it. Vaccines and devices
are left out. A name that no table has and that has no stem is not found.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rag.expand import TABLES, chinese_of
from rag.records.sig import DOSING

_WORD = re.compile(r"[A-Za-z0-9]+(?:'s)?")
_BETWEEN = re.compile(r"[ /-]|\n")
_LONGEST = 5
_NOT_DRUGS = re.compile(
    r"vaccine|device|pump|monitor|surgery|stimulation|score|signature|\btest\b|intrauterine|implant|pam50"
    r"|immunochemical|"
    r"autoleucel|^albumin$|^oxygen$|^cocaine$|^factor |antitoxin|antivenom|^hemin$|^glucose$|^alcohol$",
    re.I,
)
_STEM = re.compile(
    r"\A[a-z]{2,40}(?:mab|tinib|ciclib|parib|sartan|statin|olol|dipine|prazole|conazole|floxacin|cillin|mycin|micin|"
    r"cycline|gliptin|gliflozin|glutide|glitazone|xaban|gatran|platin|taxel|rubicin|triptan|gepant|setron|azepam|zolam|"
    r"dronate|denafil|dalafil|lukast|meterol|moterol|tropium|curium|triptyline|oxetine|gabalin|racetam|thiazide|semide|"
    r"penem|bactam|limus|fibrate|ciclovir|tegravir|buvir|asvir|parin|tidine|lamide|zosin|profen)s?"
)
_NOT_STEM = frozenset("histidine histidines somatostatin cystatin".split())
# Salts and ways of release that a label writes behind the name; part of it, as in Med7's training notes.
_SUFFIX = re.compile(
    r"[ -](?:XL|XR|ER|SR|CR|LA|CD|DR|EC|DS|HFA|ODT|HCl|HCL|hcl|hydrochloride|sulfate|sodium|potassium|succinate"
    r"|tartrate|"
    r"maleate|besylate|calcium|mesylate|fumarate|acetate|phosphate|citrate|bitartrate|mononitrate|dinitrate"
    r"|hydrobromide|"
    r"propionate|furoate|dipropionate|acetonide|bromide|valerate|carbonate|chloride|gluconate|oxide|"
    r"[Hh]ydrochloride|[Ss]odium|[Ss]ulfate|[Tt]artrate|[Ss]uccinate"
    r"|extended[ -]release)\b(?!\s?\d+(?:\.\d+)?\s?(?:$|[.;]))"
)
_PARTLY = frozenset(
    "potassium calcium magnesium iron zinc nicotine testosterone progesterone estradiol glucagon insulin folate "
    "thiamine niacin oxytocin vasopressin dopamine epinephrine norepinephrine adenosine amphetamine caffeine steroid "
    "steroids antibiotic antibiotics melatonin statin probiotic probiotics thyroglobulin sodium lithium "
    "antacid laxative iodine hydrocortisone".split()
)
_TAKEN_BEFORE = re.compile(
    r"(?:\b(?:take|takes|taking|took|taken|start|starts|started|starting|begin|began|on|give|gave|given|giving"
    r"|continue|"
    r"continues|continued|prescribe|prescribed|receive|received|receiving|supplement|supplemented|stop|stopped"
    r"|stopping|hold|held|"
    r"apply|applying|inject|injects|injecting|injected|use|uses|using|used|iv|oral|po|topical|inhaled|low-dose"
    r"|add|added|resume|"
    r"resumed|course of|courses of|drip|with|of|her|his|my|any|avoid|intravenous|home|daily|allergic to|basal"
    r"|bolus|received|needs?|need|"
    r"require[sd]?|refill|increase[sd]?|decrease[sd]?|discontinue[sd]?|without|no|and|or|mg|tablets?)\s(?:an?\s"
    r"|the\s|some\s|"
    r"her\s|his\s|my\s|your\s|empiric\s|broad-spectrum\s|long-acting\s|oral\s|iv\s|extra\s|prn\s|scheduled\s"
    r"|more\s|high-dose\s){0,3})$",
    re.I,
)
_TAKEN_AFTER = re.compile(
    r"\s?(?:supplement|tablet|pill|drip|infusion|replacement|repletion|injection|cream|patch|therapy|gel|gum|lozenge|"
    r"course|treatment|taper|shots?|pen|use\b)",
    re.I,
)
_TESTED = re.compile(
    r"\A(?:[ -](?:levels?|deficien\w*|resistan\w*|sensitiv\w*|binding|stores?|studies|replete|concentrations?"
    r"|overload|anemia|"
    r"dependen\w*|channel\w*|panel|score|antagonist\w*|pump\w*|receptor\w*|diabet\w*|and glucose|restrict\w*|"
    r"(?:was|is|of|at|remains?|were|low|high|normal)\b(?! (?:also |then |again )?(?:start|given|stopp|held|hold"
    r"|add|continu|"
    r"increas|prescrib|discontinu|resum|tak|order)))"
    r"|[:=]?\s?(?:of\s|was\s|is\s)?\d+(?:\.\d+)?(?:\s?(?:mmol|mg/d|g/d|ng|%(?!\s(?:cream|ointment|gel|lotion"
    r"|solution|foam))|pg|µg/dL|mcg/dL)|\s?[,;.)]?(?:\s|$)(?!mg|mcg|units?|"
    r"meq|g\b|tab|cap|mL|puff|iu)))",
    re.I,
)
# "heparin-induced thrombocytopenia" and "methicillin-resistant" name no drug that somebody takes.
_COMPOUND = re.compile(
    r"-(?:induced|resistant|sensitive|susceptible|dependent|associated|related|exacerbated|naive|eluting|coated"
    r"|responsive|"
    r"refractory|like)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Name:
    """A drug's name at `[begin, end)` of the text."""

    begin: int
    end: int


def drug_names(text: str) -> list[Name]:
    """The names in the order of the text, not overlapping."""
    found = [n for n in _english(text) if _is_taken(text, n)]
    found += _chinese(text)
    found.sort(key=lambda n: (n.begin, -n.end))
    kept: list[Name] = []
    for name in found:
        if not kept or name.begin >= kept[-1].end:
            kept.append(name)
    return kept


@functools.cache
def _lexicon() -> Mapping[str, list[tuple[tuple[str, ...], str]]]:
    """Names by their first word, the longest first: their words in lower case, and how they must be written: "" (any
    way), `Xx` (with this first capital) or the name itself (all in capitals)."""
    names: dict[str, str] = {}
    for row in _rows("brands.tsv"):
        brand, _, generics = row.partition("\t")
        if not _NOT_DRUGS.search(generics):
            names[brand] = "" if brand == brand.lower() else "Xx"
        for generic in generics.split(" + "):
            if not _NOT_DRUGS.search(generic):
                names.setdefault(generic.lower(), "")
    for row in _rows("drugs.tsv"):
        name = row.partition("\t")[0]
        names[name] = name if name.isupper() else ""
    by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for name, written in names.items():
        words = tuple(_WORD.findall(name.lower()))
        if words and len(words) <= _LONGEST:
            by_first.setdefault(words[0], []).append((words, written))
    for listed in by_first.values():
        listed.sort(key=lambda one: -len(one[0]))
    return by_first


def _rows(name: str) -> Iterator[str]:
    for row in (TABLES / name).read_text(encoding="utf-8").splitlines():
        if row and not row.startswith("#"):
            yield row


def _english(text: str) -> Iterator[Name]:
    """Single names, joined where a label joins them ("hydrocodone/acetaminophen", "Lantus insulin")."""
    words = list(_WORD.finditer(text))
    last: Name | None = None
    at = 0
    while at < len(words):
        size = _phrase(text, words, at)
        if not size:
            at += 1
            continue
        begin, end = words[at].start(), words[at + size - 1].end()
        at += size
        while suffix := _SUFFIX.match(text, end):
            end = suffix.end()
        while at < len(words) and words[at].start() < end:
            at += 1
        joint = text[last.end : begin] if last else ""
        if last and (joint in ("-", "/") or (joint == " " and text[begin:end].lower() == "insulin")):
            last = Name(last.begin, end)
        else:
            if last:
                yield last
            last = Name(begin, end)
    if last:
        yield last


def _phrase(text: str, words: list[re.Match[str]], at: int) -> int:
    """How many words from `at` on are a name, 0 if none."""
    first = words[at][0]
    for name, written in _lexicon().get(first.lower(), ()):
        size = len(name)
        if at + size > len(words) or any(words[at + i][0].lower() != name[i] for i in range(1, size)):
            continue
        gaps = (text[words[at + i].end() : words[at + i + 1].start()] for i in range(size - 1))
        if not all(_BETWEEN.fullmatch(gap) for gap in gaps):
            continue
        shown = text[words[at].start() : words[at + size - 1].end()]
        if written in ("", shown) or (written == "Xx" and first[0].isupper()):
            return size
    lower = first.lower()
    return int(_STEM.fullmatch(lower) is not None and lower not in _NOT_STEM and "cholesterol" not in lower)


def _is_taken(text: str, name: Name) -> bool:
    """Whether the name is a drug here, not a part of another word, a substance of the body or a test."""
    if _COMPOUND.match(text, name.end) or text[max(0, name.begin - 4) : name.begin].lower().endswith(("anti-", "non-")):
        return False
    lower = text[name.begin : name.end].lower()
    if lower not in _PARTLY and not lower.startswith("vitamin"):
        return True
    if _TESTED.match(text[name.end : name.end + 60]):
        return False
    before, after = text[max(0, name.begin - 60) : name.begin], text[name.end : name.end + 25]
    return bool(_TAKEN_BEFORE.search(before) or _TAKEN_AFTER.match(after) or DOSING.match(after))


_ZH_STEM = re.compile(
    "[\u4e00-\u9fff]{1,4}(?:霉素|沙星|西林|他汀|普利|沙坦|洛尔|地平|单抗|替尼|列净|列汀|拉唑|康唑|西泮|噻嗪"
    "|格雷|沙班|鲁肽)"
)
_ZH_LEAD = re.compile(
    "^.*(?:服用|口服|注射|给予|静滴|肌注|吃|予|用|及|和|与|为|加|停|对|到|了|是|有|服|的|或)(?=..)"
    "|^.*[一二两三四五六七八九十半][片粒颗支](?=..)"
)
_ZH_SALT = re.compile("(?:盐酸|硫酸氢?|富马酸|马来酸|苯磺酸|琥珀酸|酒石酸|磷酸|枸橼酸|氢溴酸|甲磺酸|重组人?|注射用)+$")
_ZH_LATER = re.compile("(?:水平|浓度|抵抗|缺乏|依赖|耐药|分泌|诱导|释放|受体|瘤|细胞|结合|原|敏感|峰值|钠潴留)")
_ZH_FORM = re.compile("(?:缓释|肠溶|分散)?(?:片|散|胶囊|颗粒|注射液|软膏|口服液)$")
_ZH_PARTLY = frozenset(
    "胰岛素 肾上腺素 去甲肾上腺素 多巴胺 睾酮 激素 抗生素 雌二醇 黄体酮 腺苷 尿激酶 褪黑素 降钙素".split()
)
_ZH_SKIPPED = frozenset("疫苗 卡介苗 葡萄糖 酒精 氧气 咖啡因 尼古丁".split())


@functools.cache
def _chinese_lexicon() -> Mapping[str, list[str]]:
    """Chinese names by their first character, the longest first."""
    names: set[str] = set()
    for row in _rows("drugs.tsv"):
        names.update(n.strip() for n in row.partition("\t")[2].split("|") if n.strip())
    known = {name for row in _rows("brands.tsv") for name in row.partition("\t")[2].lower().split(" + ")}
    known |= {row.partition("\t")[0].lower() for row in _rows("drugs.tsv")}
    for english, chinese in chinese_of().items():
        if english.lower() in known and not _NOT_DRUGS.search(english):
            names.update(chinese)
    by_first: dict[str, list[str]] = {}
    for name in names - _ZH_SKIPPED:
        form = _ZH_FORM.search(name)  # a form is a span of its own
        if len(name) > 1 and not name.isascii() and not (form and name[: form.start()] in names):
            by_first.setdefault(name[0], []).append(name)
    for listed in by_first.values():
        listed.sort(key=len, reverse=True)
    return by_first


def _chinese(text: str) -> Iterator[Name]:
    lexicon = _chinese_lexicon()
    end, ends = 0, set[int]()
    for at, character in enumerate(text):
        if at < end or character not in lexicon:
            continue
        name = next((n for n in lexicon[character] if text.startswith(n, at)), "")
        if name and _is_chinese_drug(text, name, at):
            end = at + len(name)
            ends.add(end)
            salt = _ZH_SALT.search(text[max(0, at - 8) : at])
            yield Name(at - len(salt[0]) if salt else at, end)
    for match in _ZH_STEM.finditer(text):
        lead = _ZH_LEAD.match(match[0])
        begin = match.start() + (lead.end() if lead else 0)
        if match.end() - begin >= 3 and match.end() not in ends and not _ZH_LATER.match(text, match.end()):
            yield Name(begin, match.end())


def _is_chinese_drug(text: str, name: str, at: int) -> bool:
    after = text[at + len(name) : at + len(name) + 4]
    if _ZH_LATER.match(after):
        return False
    if name not in _ZH_PARTLY:
        return True
    before = text[max(0, at - 6) : at]
    return bool(
        re.search("(?:服|用|予|注射|吃|停|加|打|给|静滴|治疗|过敏|及|、)[^，。；]{0,3}$", before)
        or re.match(r"\s?(?:针|片|注射|治疗|皮下|静滴|\d|泵入|胶囊|软膏)", after)
    )
