"""Which entries of a record a question's name means: tests and vital signs by LOINC and usual names, drugs by their
ingredient or brand, vaccines, conditions and allergies by their words, in English and Chinese.

Decides in steps, the exact before the vague: the same name; all words of the name; all words of another name of the
same thing (the tables of rag.expand). A known test is found by its own codes and names only, never by another test that
shares a word (hemoglobin is not hemoglobin A1c). Equal matches are all returned, each with its label. A name that
matches nothing gives nothing. Knows nothing of values, times or what is asked.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.expand import TABLES, chinese_terms, table, understand
from rag.records.types import Category, Entry
from rag.variants import plain, spellings


@dataclass(frozen=True, slots=True)
class Match:
    """label: how the entries name it, short. entries: those that are it, in their own order. exact: whether by its own
    name or code, not only by the words of it."""

    label: str
    entries: tuple[Entry, ...]
    exact: bool = True


# Words of a state or a person, and what the entry is called.
SAME = {
    "diabetic": "diabetes", "hypertensive": "hypertension", "asthmatic": "asthma", "epileptic": "epilepsy",
    "obese": "obesity", "anemic": "anemia", "anaemic": "anemia", "pregnant": "pregnancy", "high bp": "hypertension",
    "osteoporotic": "osteoporosis", "怀孕": "pregnancy", "妊娠": "pregnancy", "肠镜": "colonoscopy",
    "结肠镜": "colonoscopy", "胃镜": "gastroscopy", "牛奶": "milk", "花生": "peanut", "乳胶": "latex", "坚果": "nut",
    "海鲜": "seafood", "鸡蛋": "egg", "尘螨": "dust mite", "花粉": "pollen", "肥胖": "obesity", "贫血": "anemia",
    "癫痫": "epilepsy", "霉菌": "mould", "mold": "mould",
}  # fmt: skip
_OTHER_SPECIMEN = re.compile(
    r"\b(?:urine|stool|feces|csf|cerebr\w+|fluid|ascites|pleural|joint|saliva|sweat|semen|dialysate|gastro\w+|"
    r"creatinine ratio|tissue|mass ratio)\b|/creatinine|尿|粪|脑脊液|胸水|腹水", re.I
)  # fmt: skip
_WORD = re.compile(r"[^\W_]+(?:[.+][^\W_]+)*\+?")
CJK = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_EMPTY = frozenset(
    "a an and of the in on with to for by or disorder finding situation procedure event disease syndrome vaccine shot "
    "vaccination immunization jab booster allergy allergic hypersensitivity drug medication medicine tablet pill "
    "allergen substance any patient history condition problem type known".split()
)  # fmt: skip
_KEPT = frozenset({"type"})


def find(name: str, entries: Iterable[Entry], *, every: Sequence[Category] = ()) -> tuple[Match, ...]:
    """The groups of entries that a name means, best first; () where nothing of that name is recorded.

    every: categories of which all matches count, vague ones after exact ones (of a condition, each form of it); else
    only the best kind of match counts.
    """
    pool = [e for e in entries if not every or e.category in every]
    name = " ".join(name.lower().split())
    if keys := concepts(name):
        found = [m for key in keys if (m := _of_concept(key, pool))]
        if found or "condition" not in every:
            return tuple(found)
    steps = [_same_name(name, pool), _with_words([name], pool), _vaccine(name, pool), _with_words(_others(name), pool)]
    taken: set[int] = set()
    groups: list[Match] = []
    for at, step in enumerate(steps):
        new = [e for e in step if id(e) not in taken]
        taken.update(map(id, new))
        groups += _grouped(new, exact=at == 0)
        if new and not every:
            break
    return tuple(groups)


def spot(name: str, entries: Sequence[Entry], *, every: Sequence[Category] = ()) -> tuple[tuple[Match, ...], bool]:
    """The groups that the longest part of a name means where the whole means nothing, and whether what is left over
    says nothing that could make it another thing. `urine creatinine` leaves `urine`, which does; `creatinine then` not.
    """
    if CJK.search(name):
        # Chinese words stand without space: a part of a run of characters may be a part of another word.
        pieces = name.split()
    else:
        words = name.split()
        pieces = [" ".join(words[i:j]) for i in range(len(words)) for j in range(len(words), i, -1)]
    for piece in sorted(pieces[:800], key=len, reverse=True):
        known = bool(concepts(piece))
        long = any(len(w) > 2 for w in words_of(piece)) and not _harmless(piece)
        found = find(piece, entries, every=every) if known or long else ()
        if found or known:
            return found, _harmless(name.replace(piece, " ", 1))
    return (), True


def _harmless(text: str) -> bool:
    """Whether no word of a text is one of medicine: of the tables, of a specimen, or formed like a technical word."""
    if CJK.search(text):
        pairs = {text[i : i + size] for size in (2, 3, 4) for i in range(len(text))}
        return (
            not _OTHER_SPECIMEN.search(text)
            and not re.search("[酶率比素酸酮醇蛋肌]", text)
            and not pairs & chinese_terms().keys()
        )
    words = [_plain(w) for w in _WORD.findall(text.lower())]
    return all(w.isalpha() and w not in medical() and not TECHNICAL.search(w) for w in words)


TECHNICAL = re.compile(
    r"(?:ase|in|ine|ol|itis|[ae]mia|osis|gen|oma|ate|ide|one|uria|ium|pathy|globulin|gram|scopy|ectomy)$"
)


@functools.cache
def medical() -> frozenset[str]:
    """The words of the English terms of the tables."""
    terms = [t for name in ("english-chinese", "lay", "abbreviations") for key in table(name) for t in key.split(" | ")]
    return frozenset(_plain(w) for term in terms for w in _WORD.findall(term.lower()) if len(w) > 1)


def parts(name: str) -> list[str]:
    """The names that one name may join: "creatinine and potassium", 肌酐和血钾."""
    return [part for p in re.split(r"\s(?:and|or|versus)\s|,\s?|/|、|和|与|及", name) if (part := p.strip())]


def label(entry: Entry) -> str:
    """An entry's name without its axes and its class: `Creatinine`, not `Creatinine [Mass/volume] in Blood`."""
    short = re.split(r"\s?\[|\s\((?:disorder|finding|situation|procedure|event|substance)\)", entry.name)[0]
    return short.strip() or entry.name


def concepts(name: str) -> tuple[str, ...]:
    """The keys of the tests that a name is a usual name of, or () if it is none's."""
    key = _plain(name)
    for form in (key, re.sub(r"\b(?:level|value|result|reading|measurement|test|lab)\b", "", key).strip()):
        if found := _named().get(form):
            return found
    return ()


def concept_of(entry: Entry) -> str:
    """The key of the test that an entry is, by its code, else by its name; "" if it is none that is known."""
    if code := next((c for system, c in entry.codes if system == "loinc" and c in _coded()), ""):
        return _coded()[code]
    if entry.category not in ("laboratory", "vital", "survey") or _OTHER_SPECIMEN.search(entry.name):
        return ""
    core = re.split(r"\s?\[|\sin\s|\sby\s|\sof\s|\s?\(|,", entry.name)[0]
    for form in (entry.name, core):
        found = _named().get(_plain(form), ())
        if len(found) == 1 or (found and _plain(form) == "blood pressure"):
            return found[-1]
    return ""


def _of_concept(key: str, pool: list[Entry]) -> Match | None:
    found = tuple(e for e in pool if concept_of(e) == key)
    return Match(label(found[-1]) if len({label(e) for e in found}) == 1 else key, found) if found else None


def _rows(kind: str) -> list[list[str]]:
    lines = (TABLES / "record-tests.tsv").read_text("utf-8").splitlines()
    return [row[1:] for line in lines if (row := line.split("\t"))[0] == kind]


@functools.cache
def _coded() -> dict[str, str]:
    """LOINC code to the usual name of the test."""
    return {code: row[0] for row in _rows("test") for code in row[1].split()}


@functools.cache
def _named() -> dict[str, tuple[str, ...]]:
    """The plain form of each name of a test or panel to the usual names of the tests."""
    found = {_plain(n): (row[0],) for row in _rows("test") for n in ";".join([row[0], *row[2:]]).split(";") if n}
    return found | {_plain(n): tuple(tests.split(";")) for names, tests in _rows("panel") for n in names.split(";")}


@functools.cache
def vaccines() -> dict[str, re.Pattern[str]]:
    """A vaccine's name to what stands in the name of an entry."""
    return {
        name: re.compile("|".join(rf"\b{re.escape(w)}\b" for w in words.split(";")), re.I)
        for names, words in _rows("vaccine")
        for name in names.split(";")
    }


@functools.cache
def _plain(text: str) -> str:
    return " ".join(plain(text).replace("'", " ").split())


def _same_name(name: str, pool: list[Entry]) -> list[Entry]:
    return [e for e in pool if _plain(label(e)) == _plain(name) or _plain(e.name) == _plain(name)]


def _with_words(names: Iterable[str], pool: list[Entry]) -> list[Entry]:
    """The entries in whose name all words of one of the names stand; Chinese names as they are written."""
    wanted = [(n, words_of(n)) for n in names]
    found = []
    for entry in pool:
        has = words_of(entry.name)
        if any((words and words <= has) or (CJK.search(n) and n in entry.name) for n, words in wanted):
            found.append(entry)
    return found


@functools.lru_cache(20_000)
def words_of(text: str) -> frozenset[str]:
    """The words of a name in one spelling, without those that say nothing of it."""
    found = [_plain(w) for w in _WORD.findall(re.sub(r"[-/]", " ", text.lower())) if not CJK.search(w)]
    return frozenset(min((w, *spellings(w))) for w in found if w not in _EMPTY or w in _KEPT)


def _others(name: str) -> list[str]:
    """Other names of the same thing: technical, generic, English."""
    found = [SAME[name]] if name in SAME else []
    if CJK.search(name):
        core = re.sub(r"(?:过敏|疫苗|病史|症|片|胶囊|药|病)$", "", name)
        found += [SAME[core]] if core in SAME else []
        for form in (name, core, core + "症", core + "病", core + "炎"):
            found += chinese_terms().get(form, ())[:4]
        return found
    for expansion in understand(name).expansions:
        found += [_put(name, expansion.found, other) for other in expansion.added[:3]]
    return [n for n in found if len(words_of(n)) and n != name]


def _put(name: str, part: str, other: str) -> str:
    return re.sub(rf"(?<!\w){re.escape(part)}(?!\w)", lambda _: other, name, flags=re.I)


GIVEN = re.compile(
    r"\s?\b(?:vaccines?|vaccinations?|shots?|jabs?|boosters?|immuni[sz]ations?|vaccinated|against)\b\s?|疫苗|针"
)


def _vaccine(name: str, pool: list[Entry]) -> list[Entry]:
    form = vaccines().get(GIVEN.sub("", name).strip())
    return [e for e in pool if e.category == "immunization" and form.search(e.name)] if form else []


def _grouped(entries: list[Entry], *, exact: bool) -> list[Match]:
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(concept_of(entry) or _plain(entry.name), []).append(entry)
    return [Match(label(g[-1]) if len(groups) == 1 else g[-1].name, tuple(g), exact) for g in groups.values()]
