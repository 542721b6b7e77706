"""Reads a question about a patient from the thing that it names: finds the one test, drug, vaccine or problem in it,
whatever else is said, and takes what is asked from the words around it.

The second way to read a question, where the rules of rag.records.wanted leave more than the name. Decides which run of
words is the thing (the longest that a test's names, the patient's entries or the tables of terms know) and what kinds
of question go with such a thing. Two things, a word beside the name that makes it another thing (`urine creatinine`),
and words that ask for neither a value nor a state give None: to leave a question to the search costs less than a wrong
answer. Knows nothing of values.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.expand import chinese_terms, english, table
from rag.records.asking import asked_of
from rag.records.drug_names import drug_names
from rag.records.names import GIVEN, SAME, TECHNICAL, concepts, find, medical, vaccines, words_of
from rag.records.types import Category, Entry
from rag.records.wanted import Kind, Read, Wanted, filler, little

_MOST_WORDS, _MOST_SIGNS = 12, 14
_TESTED: frozenset[Category] = frozenset(("laboratory", "vital", "survey"))


@dataclass(frozen=True, slots=True)
class Anchor:
    """name: as the question has it. thing: `test`, `drug`, `vaccine` or `problem`. before, after: the text around."""

    name: str
    thing: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Anchored:
    """wanted: the reading. explicit: whether a word says what is asked, rather than only the kind of the thing."""

    wanted: Wanted
    explicit: bool


def anchored(question: Read, entries: Sequence[Entry]) -> Anchored | None:
    """What a question asks of the one thing that it names; None where it names none or several, or asks otherwise."""
    if not (found := _anchor(question, entries)):
        return None
    around = f"{found.before} | {found.after}"
    kind, detail = asked_of(found.thing, around, question)
    if not kind:
        return None
    explicit = not kind.endswith("?")
    time = question.time
    want = Wanted(_kind(kind), found.name, time.since, time.until, detail, time.near)
    return Anchored(want, explicit)


def _kind(name: str) -> Kind:
    kinds: dict[str, Kind] = {k: k for k in _ASKED}
    return kinds[name.rstrip("?")]


_ASKED: tuple[Kind, ...] = (
    "last", "first", "highest", "lowest", "mean", "at", "trend", "all", "count", "taking", "begun", "stopped",
    "diagnosed", "done", "has",
)  # fmt: skip


def _anchor(question: Read, entries: Sequence[Entry]) -> Anchor | None:
    text = question.text
    places = _chinese(text, entries) if question.zh else _english(text, entries)
    best: tuple[int, int, str] | None = None
    for start, end, thing in places:  # the longest first
        if best is None:
            best = start, end, thing
        elif end <= best[0] or start >= best[1]:
            return None  # a second thing
    if best is None:
        return None
    start, end, thing = best
    before, after = text[:start], text[end:]
    changed = _changes_chinese if question.zh else _changes_english
    return None if changed(before, after, thing) else Anchor(text[start:end].replace("_", " "), thing, before, after)


def _english(text: str, entries: Sequence[Entry]) -> Iterator[tuple[int, int, str]]:
    """Runs of words that name a thing, the longest first; of one thing its parts are skipped by the caller."""
    known = _vocabulary(entries)
    words = list(re.finditer(r"[^\s|?!;,:()\[\]\"]+", text))
    runs: list[tuple[int, int]] = []
    for i, first in enumerate(words):
        if _plain_word(first[0]):
            continue
        for last in words[i : i + _MOST_WORDS]:
            if last.start() > first.start() and re.search(r"[|?!;,:()\[\]\"]", text[first.start() : last.start()]):
                break
            if not _plain_word(last[0]) and _bare(last[0]) not in _OPENS:
                runs.append((first.start(), last.end() - len(last[0]) + len(_bare(last[0]))))
    for start, end in sorted(runs, key=lambda r: (r[0] - r[1], r[0])):
        if thing := _thing(text[start:end], entries, known):
            yield start, end, thing


def _bare(word: str) -> str:
    return word.removesuffix("'s").rstrip(".'-")


@functools.lru_cache(4096)
def _plain_word(word: str) -> bool:
    """Whether a word can neither begin nor end the name of a thing."""
    bare = _bare(word)
    return not bare or (
        bool(little(bare) or filler(bare) or bare in _ORDINARY or bare[0] in "-'") and not concepts(bare)
    )


def _thing(name: str, entries: Sequence[Entry], known: frozenset[str]) -> str:
    """What kind of thing a name is, by itself or among the entries; "" for none."""
    if concepts(name) and name != "pt":
        return "test"
    if GIVEN.search(name) and (core := GIVEN.sub("", name).strip()):
        known_vaccine = core in vaccines() or f"{core} vaccine" in _terms()
        return "vaccine" if known_vaccine or find(name, entries, every=("immunization",)) else ""
    words = words_of(name)
    if words and words <= known and any(len(w) > 2 for w in words) and (found := find(name, entries)):
        return _category(found[0].entries[0].category)
    term = " ".join(name.split())
    if is_drug(term):
        return "drug"
    if len(term) > 3 and (term in _terms() or term.removesuffix("s") in _terms()):
        found = find(name, entries)
        return _category(found[0].entries[0].category) if found else "problem"
    return ""


def is_drug(name: str) -> bool:
    """Whether a whole English name, not a part of it, is a drug's."""
    return any(found.begin == 7 and found.end == 7 + len(name) for found in drug_names(f"taking {name}"))


def _category(category: Category) -> str:
    if category in _TESTED:
        return "test"
    return {"medication": "drug", "immunization": "vaccine", "condition": "problem"}.get(category, "")


def known_term(name: str) -> bool:
    """Whether a name is a term of the tables, or what a person or a state is called by one: diabetic, 怀孕."""
    if re.search("[\u4e00-\u9fff]", name):
        core = re.sub(r"(?:过敏|疫苗|病史|症|片|胶囊|药|病)\Z", "", name)
        return any(
            form in chinese_terms() or form in SAME for form in (name, core, core + "症", core + "病", core + "炎")
        )
    forms = (name, name.removesuffix("s"), re.sub(r"ies\Z", "y", name))
    return any(form in _terms() or form in SAME or form in SAME.values() for form in forms)


@functools.cache
def _terms() -> frozenset[str]:
    """English terms in lower case: those of the tables of terms and of everyday words."""
    return frozenset(t.lower() for t in [*english(), *(t for k in table("lay") for t in k.split(" | "))])


def _vocabulary(entries: Sequence[Entry]) -> frozenset[str]:
    return frozenset(w for name in {e.name for e in entries if e.category != "person"} for w in words_of(name))


def _chinese(text: str, entries: Sequence[Entry]) -> Iterator[tuple[int, int, str]]:
    runs = [(i, j) for i in range(len(text)) for j in range(i + 1, min(i + _MOST_SIGNS, len(text)) + 1)]
    for start, end in sorted(runs, key=lambda r: (r[0] - r[1], r[0])):
        name = text[start:end]
        if "|" in name or name != name.strip() or (name.isascii() and _inside(text, start, end)):
            continue
        if thing := _chinese_thing(name, entries):
            yield start, end, thing


def _inside(text: str, start: int, end: int) -> bool:
    """Whether Latin letters go on beside a run of them."""
    edges = text[start - 1 : start] + text[end : end + 1]
    return any(c.isascii() and c.isalnum() for c in edges)


def _chinese_thing(name: str, entries: Sequence[Entry]) -> str:
    if name in _NO_NAMES:
        return ""
    if concepts(name):
        return "test"
    if name.endswith(("疫苗", "疫苗针")) and len(name) > 2:
        return "vaccine" if find(name, entries, every=("immunization",)) or name[:-2] in _vaccine_names() else ""
    if name not in chinese_terms() and not _chinese_suffixed(name):
        return ""
    if found := find(name, entries):
        return _category(found[0].entries[0].category)
    if any(concepts(other) for other in chinese_terms().get(name, ())):
        return "test"
    if drug_names(f"服用{name}"):
        return "drug"
    return (
        "problem"
        if re.search(r"(?:病|炎|症|癌|瘤|[风梗痫喘]|硬化|梗死|衰竭|骨折|感染|综合征|血压|狼疮)$", name)
        else ""
    )


def _chinese_suffixed(name: str) -> bool:
    return (
        len(name) > 2
        and name.endswith(("片", "胶囊"))
        and name.removesuffix("片").removesuffix("胶囊") in chinese_terms()
    )


@functools.cache
def _vaccine_names() -> frozenset[str]:
    return frozenset(t.removesuffix("疫苗") for t in chinese_terms() if t.endswith("疫苗")) | {
        "流感",
        "乙肝",
        "肺炎",
        "新冠",
    }


_NO_NAMES = frozenset(
    "多高 多重 病 症 药 疾病 症状 检查 治疗 手术 诊断 用药 药物 疫苗 数值 水平 指标 记录 病史 病人 患者".split()
)
_ORDINARY = frozenset(
    "date late rate state update estimate begin again in within certain margin fine line nine baseline routine decline "
    "online outline deadline timeline headline machine medicine someone anyone everyone one gone done alone phone "
    "inside outside side alongside control home theatre letter ward round rounds night nights day days nurse nurses "
    "higher lower up down highest lowest first last latest newest oldest earliest peak peaked top bottom "
    "max min maximum minimum mean average range worst best list lists problem problems diagnosis diagnoses history "
    "past current active still started start stop stopped off course dose doses drug drugs med meds "
    "medication medications tablet tablets onset trend change changed compare visit visits admission discharge bloods "
    "blood test tests lab labs level levels value values reading readings thanks thank cheers hi hello dear sorry "
    "just quick question need want like kindly asap fyi re ref pls plz tx hx rx dx yr yrs mth mths per via full part "
    "patient patients doctor team family age sex man woman he she".split()
)
_OPENS = frozenset("chronic acute high low old new male female".split())  # words that only begin a name
# A word beside the name of a test that makes it another thing.
_BESIDE = re.compile(
    r"^(?:clearance|ratio|tolerance|loss|gain|pills?|tablets?|medications?|medicines?|meds|drugs?|electrophoresis|"
    r"infusion|supplements?|chloride|kinase|antibod(?:y|ies)|strips?|monitor|meter|cuff|diet|binding|urine|urinary|"
    r"stool|csf|fluid|24h|24-hour|free|ionized|ionised|corrected|fasting|random|postprandial|cord|maternal|fetal)$"
)


def _changes_english(before: str, after: str, thing: str) -> bool:
    """Whether the word before or after a name makes it the name of another thing."""
    left = re.search(r"([^\s|?!;,:()\[\]\"]+)\s*\Z", before[-60:])
    right = re.match(r"\s*(?:'s\b)?\s*([^\s|?!;,:()\[\]\"]+)", after[:60])
    return any(_other_word(_bare(m[1]), thing) for m in (left, right) if m)


def _other_word(word: str, thing: str) -> bool:
    if thing == "test" and _BESIDE.match(word):
        return True
    if not word or not word.isalpha() or little(word) or filler(word) or word in _ORDINARY:
        return False
    return (word in medical() and len(word) > 3 and bool(TECHNICAL.search(word))) or bool(drug_names(word))


def _changes_chinese(before: str, after: str, thing: str) -> bool:
    if re.search(r"(?:尿|粪|便|脑脊液|胸水|腹水|抗|低|高|餐后|空腹|游离)\Z", before[-4:]):
        return True
    if thing != "test":
        return False
    return bool(re.match(r"(?:[酶率比素酸酮醇蛋药仪片抗]|脱氢|清除|耐量|注射|减轻|转移)", after[:4]))


def several(name: str) -> bool:
    """Whether a name is known by no table but holds a known test or drug beside other words: it was not understood,
    and must not be called unrecorded."""
    if concepts(name) or name in _terms() or name in chinese_terms():
        return False
    if re.search("[\u4e00-\u9fff]", name):
        parts = {name[i : i + n] for n in range(2, 9) for i in range(len(name))} - {name}
        return any(concepts(p) or (p in chinese_terms() and drug_names(f"服用{p}")) for p in parts)
    words = name.split()
    return len(words) > 1 and any(len(w) > 2 and (concepts(w) or drug_names(f"taking {w}")) for w in words)
