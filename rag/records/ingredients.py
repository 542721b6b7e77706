"""Which drugs of a record a drug's name or the name of a class means: by the active ingredient, whatever salt, acid
form, brand or combination either is written as, in English and Chinese.

Decides by `rag/tables/brands.tsv`, `drugs.tsv`, `drug-classes.tsv` and their Chinese names. A product asked for with
several ingredients is only found whole; an ingredient asked for is found in every product that has it. Enantiomers
(omeprazole, esomeprazole) are different drugs, and so are the nitrates of isosorbide. Knows nothing of doses or times;
a class knows only the members that its table names.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from rag.expand import chinese_of, table
from rag.records.types import Entry

_Words = frozenset[str]


@dataclass(frozen=True, slots=True)
class Meaning:
    """kind: `drug`, `class`, or "" where no table knows the name. name: the generic name or names, or the class.
    parts: the words of each ingredient; of a class each is a member, of a drug all belong to it."""

    kind: Literal["drug", "class", ""]
    name: str = ""
    parts: tuple[_Words, ...] = ()


# Salts, esters and forms that do not change what the active ingredient is.
_SALTS = frozenset(
    "hydrochloride hcl dihydrochloride sulfate sulphate sodium disodium potassium succinate tartrate maleate besylate "
    "besilate calcium mesylate mesilate fumarate acetate phosphate citrate bitartrate hydrobromide propionate furoate "
    "dipropionate acetonide bromide valerate carbonate chloride gluconate oxide magnesium monohydrate trihydrate "
    "hydrate xinafoate medoxomil cilexetil axetil etexilate mofetil pamoate decanoate lactate tromethamine semisodium "
    "erbumine arginine dimeglumine nitrate hyclate macrocrystals macrocrystal tosylate tosilate zinc".split()
)
_FORMS = frozenset(
    "a an any the some of or and in oral tablet tablets capsule capsules pill pills injection injectable solution "
    "suspension cream ointment inhaler patch drops spray syrup xl xr er sr cr la cd dr ec mg ml hr actuat day pack "
    "drug drugs medicine medicines medication medications meds agent agents therapy treatment class extended "
    "release".split()
)
# One name for what has two, British and American names first.
_SAME = {
    "paracetamol": "acetaminophen", "apap": "acetaminophen", "salbutamol": "albuterol", "adrenaline": "epinephrine",
    "noradrenaline": "norepinephrine", "frusemide": "furosemide", "glibenclamide": "glyburide",
    "pethidine": "meperidine", "rifampicin": "rifampin", "ciclosporin": "cyclosporine", "cyclosporin": "cyclosporine",
    "lignocaine": "lidocaine", "thyroxine": "levothyroxine", "acetylsalicylate": "aspirin", "asa": "aspirin",
    "hctz": "hydrochlorothiazide", "divalproex": "valproate", "phenobarbitone": "phenobarbital",
    "colecalciferol": "cholecalciferol", "vitamin d3": "cholecalciferol", "vitamin d2": "ergocalciferol",
    "vitamin c": "ascorbate", "vitamin b 12": "cyanocobalamin", "vitamin b12": "cyanocobalamin",
    "cobalamin": "cyanocobalamin", "ethinyl estradiol": "ethinylestradiol", "ethinyl oestradiol": "ethinylestradiol",
    "oestradiol": "estradiol", "amoxycillin": "amoxicillin", "cefalexin": "cephalexin",
    "chlorphenamine": "chlorpheniramine", "beclometasone": "beclomethasone", "isoprenaline": "isoproterenol",
    "glyceryl trinitrate": "nitroglycerin", "gtn": "nitroglycerin", "bendrofluazide": "bendroflumethiazide",
    "ursodeoxycholate": "ursodiol", "mesalazine": "mesalamine", "aciclovir": "acyclovir", "torasemide": "torsemide",
    "valaciclovir": "valacyclovir", "hyoscine": "scopolamine", "dexamfetamine": "dextroamphetamine",
    "amfetamine": "amphetamine", "sulphasalazine": "sulfasalazine", "sulphamethoxazole": "sulfamethoxazole",
    "co amoxiclav": "amoxicillin + clavulanate", "co trimoxazole": "sulfamethoxazole + trimethoprim",
    "cotrimoxazole": "sulfamethoxazole + trimethoprim", "iron": "ferrous", "dextromethorphan hbr": "dextromethorphan",
}  # fmt: skip
# What people call a class.
_LAY = {
    "water": "diuretics", "water pill": "diuretics", "water pills": "diuretics", "water tablet": "diuretics",
    "blood thinner": "anticoagulants", "blood pressure": "antihypertensive drugs", "bp": "antihypertensive drugs",
    "cholesterol": "lipid-lowering drugs", "diabetes": "antidiabetic drugs", "diabetic": "antidiabetic drugs",
    "birth control": "hormonal contraceptives", "contraceptive": "hormonal contraceptives",
    "steroid": "systemic corticosteroids", "ppi": "proton pump inhibitors", "beta blocker": "beta-blockers",
    "ace inhibitor": "ACE inhibitors", "arb": "angiotensin receptor blockers", "避孕药": "hormonal contraceptives",
    "降糖药": "antidiabetic drugs", "激素": "systemic corticosteroids", "抗菌药": "antibiotics",
}  # fmt: skip
_ACID = re.compile(r"\b([a-z]{3,30})ic acid\b")
_WORD = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]+")
_LONGEST = 4  # words of a brand's name
_ENDS_CN = re.compile(r"(?:缓释|肠溶|分散)?(?:片|胶囊|注射液|口服液|颗粒|类药物|类药|药物|制剂|类)$")


def meant(name: str) -> Meaning:
    """What the tables know a drug's or class's name as; kind "" where they do not know it."""
    whole = _spoken(name)
    if not whole:
        return Meaning("")
    bare = " ".join(w for w in whole.split() if w not in _FORMS)
    for form in (whole, _singular(whole), bare, _singular(bare)):
        if (found := _classes().get(form)) and form not in _generics():
            return Meaning("class", found, _members(found))
    for form in (whole, bare, _singular(bare), _ENDS_CN.sub("", whole)):
        if found := _generics().get(form):
            return Meaning("drug", found, tuple(_words(p) for p in found.split(" + ")))
    found = _canonical(bare)
    parts = tuple(_words(p) for p in found.split(" + "))
    known = bool(found) and all(part in _known() for part in parts)
    return Meaning("drug", found, parts) if known else Meaning("")


def same(meaning: Meaning, entries: Iterable[Entry]) -> tuple[list[Entry], list[Entry]]:
    """The medications that are a drug or of a class, and those that have but a part of a product's ingredients."""
    whole: list[Entry] = []
    some: list[Entry] = []
    for entry in entries:
        if entry.category != "medication" or not meaning.parts:
            continue
        has = ingredients(entry.name)
        held = [any(part <= segment for segment in has) for part in meaning.parts]
        if all(held) or (meaning.kind == "class" and any(held)):
            whole.append(entry)
        elif any(held):
            some.append(entry)
    return whole, some


@functools.lru_cache(20_000)
def ingredients(name: str) -> tuple[_Words, ...]:
    """The words of each ingredient that a product's name has, those of its brand too."""
    texts = [p for piece in re.split(r"\s/\s|[;+\[\]()（）]", name) for p in _canonical(_spoken(piece)).split(" + ")]
    texts += [part for generic in _branded(name) for part in generic.split(" + ")]
    return tuple(words for text in texts if (words := _words(text)))


def recognised(name: str) -> bool:
    """Whether a table knows an ingredient of a product, so that it can be told of what class it is not."""
    return any(known <= words for words in ingredients(name) for known in _known() if known)


def _branded(name: str) -> Iterator[str]:
    """The generic names behind brands in a product's name; a brand that is a common word is written with a capital."""
    words = re.findall(r"[A-Za-z0-9'-]+|[\u3400-\u9fff]+", name)
    for start in range(len(words)):
        for end in range(start + 1, min(start + _LONGEST, len(words)) + 1):
            key = _spoken(" ".join(words[start:end]))
            if (found := _generics().get(key)) and (key not in _capital() or words[start][0].isupper()):
                yield found


def _spoken(name: str) -> str:
    return " ".join(_WORD.findall(name.lower().replace("β", "beta").replace("α", "alpha")))


def _singular(text: str) -> str:
    return text[:-1] if text.endswith("s") and not text.endswith("ss") else text


@functools.lru_cache(20_000)
def _canonical(text: str) -> str:
    """A name with the acid as its salt and one name for what has two; ` + ` between the ingredients of a product."""
    text = _ACID.sub(r"\1ate", text)
    return _synonyms().sub(lambda m: _SAME[m[0]], text)


@functools.cache
def _synonyms() -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(sorted(map(re.escape, _SAME), key=len, reverse=True)) + r")\b")


@functools.lru_cache(20_000)
def _words(text: str) -> _Words:
    """The words of one ingredient without those of its salt; all of them where it is nothing but a salt."""
    found = [w for w in _WORD.findall(_canonical(_spoken(text))) if w not in _FORMS]
    return frozenset([w for w in found if w not in _SALTS] if set(found) - _SALTS - _numbers(found) else found)


def _numbers(words: list[str]) -> set[str]:
    return {w for w in words if w.isdigit()}


@functools.cache
def _generics() -> Mapping[str, str]:
    """Brands and Chinese names of drugs to their generic names."""
    found = {_spoken(brand): generics[0] for brand, generics in table("brands").items()}
    for name, chinese in table("drugs").items():
        if _spoken(name) in _classes():
            continue
        for form in (*chinese, *chinese_of().get(name.lower(), ())):
            if form and form[0] > "\u3400":
                found.setdefault(_spoken(form), name.lower())
    for generics in list(found.values()):
        for form in chinese_of().get(generics.lower(), ()):
            found.setdefault(_spoken(form), generics)
    return found


@functools.cache
def _capital() -> _Words:
    return frozenset(_spoken(brand) for brand in table("brands") if brand != brand.lower())


@functools.cache
def _known() -> frozenset[_Words]:
    """The words of each ingredient that a table names."""
    names = {p for generics in table("brands").values() for p in generics[0].split(" + ")}
    names |= {n for n in table("drugs") if not n.isupper() and _spoken(n) not in _classes()} | {
        m for ms in table("drug-classes").values() for m in ms
    }
    names |= {p for generic in _SAME.values() for p in generic.split(" + ")}
    return frozenset(words for name in names if (words := _words(name.lower())))


@functools.cache
def _classes() -> Mapping[str, str]:
    """Names of classes to the first name of their row."""
    rows = [key.split(" | ") for key in table("drug-classes")]
    drugs = [row for row in rows if row[0] not in ("latex", "peanuts", "eggs", "soy", "bee venom")]
    found = {_spoken(form): row[0] for row in drugs for name in row for form in (name, *chinese_of().get(name, ()))}
    found |= {_singular(name): row for name, row in list(found.items())}
    return found | {_spoken(lay): row for lay, row in _LAY.items()}


@functools.cache
def _members(name: str) -> tuple[_Words, ...]:
    """The members of a class and of the classes among them."""
    found: dict[_Words, None] = {}
    todo, seen = [name], set[str]()
    while todo:
        seen.add(row := todo.pop())
        for member in next((ms for key, ms in table("drug-classes").items() if key.split(" | ")[0] == row), []):
            inner = _classes().get(_spoken(member))
            if inner and inner not in seen:
                todo.append(inner)
            found[_words(member.lower())] = None
    return tuple(found)
