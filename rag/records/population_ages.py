"""Which ages a sentence states of people, in numbers ("aged 40 to 75 years") and in words ("older adults", 儿童).

Decides which numbers are ages of people and not of onset, a mean or a time, and how wide a word reaches. A word's ends
are lenient: older adults begin at 60 (WHO's and the United Nations' lower bound), children end at 18, adolescents and
young people at 25. Whether the people are those of the study is not decided here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from rag.quantities import Quantity, quantities
from rag.records.measures import interval


class Ages(NamedTuple):
    """Ages in years at [start, end) of a sentence, None where open; low_in, high_in: whether the end belongs to them.

    what: `age` where numbers say it, else the words' kinds: `older adults`, `children or adolescents`.
    """

    what: str
    start: int
    end: int
    low: float | None
    high: float | None
    low_in: bool = True
    high_in: bool = True


_Ends = tuple[tuple[float, str] | None, tuple[float, str] | None, bool, bool]
_BEFORE = re.compile(
    r"(?:\bage[ds]?\b|\b(?:older|younger) than|年龄|(?:adult|child|children|patient|adolescent|subject|women|"
    r"men|boys|girls|infant|people|persons|volunteers|outpatient|individual|participant)s?)"
    r"(?:\W{1,3}(?:is|was|were|of|range|ranged|ranging|limit|group|between|from|over|under|above|below|at|"
    r"least|less|more|than|up|to|who|in|the|them|have|be|years|"
    r"younger|older|[<>≥≤=])){0,4}\W{0,3}$",
    re.I,
)
_AFTER = re.compile(
    r"\W{0,2}(?:(?:years?|yrs?|months?)?\W?(?:of age|old\b)|(?:or|and) (?:older|younger|over)|岁)", re.I
)
_BARE = re.compile(
    r"(?:older|younger) than\s?$|\baged?\W{1,2}(?:(?:of|was|is|between|from|over|under|above|below|at least|range|"
    r"[<>≥≤=])\W{0,2}){0,3}$|年龄\W{0,3}$",
    re.I,
)
# Ages of something else: of a mean, of onset, of a relative, at an earlier event.
_OTHER = re.compile(
    r"mean|median|average|平均|中位|\bSD\b|diagnos|onset|\bbeg[ia]ns?\b|occurr|peak|\bbefore (?:the )?(?:age|\W?$)|"
    r"menarche|menopause|\b(?:mothers?|fathers?|parents?|relatives?)\b|发病|起病|诊断|母亲|病程",
    re.I,
)
# What follows a count of years that is no age: "18 years of follow-up", "10 years before".
_NO_AGE = re.compile(
    r"\s?(?:of (?!age)|after|before|follow|experience|ago|later|since)|\W{0,2}(?:history|follow-up)", re.I
)
_SEXED = re.compile(r"(?:women|men|boys|girls)\W{0,3}(?:who (?:are|were) )?", re.I)
# Parents and their children together have no age of their own.
_PAIRS = re.compile(
    r"(?:infants?|children|babies|newborns?|adolescents?|neonates?) and (?:their )?(?:\w{1,14} )?(?:mothers|"
    r"parents|caregivers|families)|"
    r"(?:mothers?|parents?|caregivers?|families|dyads)\W{1,2}(?:and|with) (?:their )?(?:\w{1,14} )?(?:infants?|"
    r"children|babies|newborns?)|"
    r"(?:mother|parent)\W(?:infant|child|baby)|母婴|亲子",
    re.I,
)
_WORDS: tuple[tuple[str, str, float | None, float | None], ...] = (
    ("older adults", r"(?:older|elderly|aged|geriatric|senior) (?:and frail |frail |community-dwelling )?"
     r"(?:adults?|people|persons?|patients?|individuals?|men|women|subjects?|participants?|outpatients?|residents?|"
     r"population|volunteers?|citizens?|Americans)|(?:the |frail )elderly|\belderly\b|\bseniors\b|octogenarians|"
     r"老年(?!代|医|学|性|病|斑|期前)|高龄(?!产妇)|老人", 60, None),
    ("young adults", r"(?:young|younger) adults|emerging adults|青年(?!期)", 16, 45),
    ("newborns", r"newborns?|newborn infants|neonates?|新生儿|早产儿|"
     r"(?:preterm|premature|very[ -]low[ -]birth[ -]?weight|low[ -]birth[ -]?weight|term) (?:infants?|babies|"
     r"neonates?)",
     None, 1),
    ("infants", r"infants?|babies|婴幼儿|婴儿", None, 3),
    ("toddlers", r"toddlers?|preschoolers|preschool(?:[ -]age[d]?)? children|学龄前儿童|幼儿(?!园)", 1, 7),
    ("children", r"(?:school[ -]?)?children|pa?ediatric (?:\w{1,14} )?(?:patients?|subjects?|participants?|population|"
     r"outpatients?)|schoolchildren|boys|girls|儿童|患儿|小儿|男童|女童", None, 18),
    ("adolescents", r"adolescents?|teenagers?|teens\b|\byouths?\b|young (?:people|persons?)|青少年", 10, 25),
    ("adults", r"adults?|成年|成人", 18, None),
)  # fmt: skip
_WORD = re.compile("|".join(f"(?P<w{i}>{words[1]})" for i, words in enumerate(_WORDS)), re.I)
_NOT_THEM = re.compile(
    r"(?:parents?|mothers?|fathers?|caregivers?|carers?|teachers?|families|family|households?|born (?:as|to)|"
    r"(?:who|that) (?:have|had|care for)|grand|hood) (?:of |with |to |for )?(?:\w{1,14} ){0,2}$|"
    r"\b(?:per|as|from|number of|non|when|since) $|(?:父母|家长|母亲|照护者|非)$",
    re.I,
)
_JOIN = re.compile(r"\W{0,3}(?:and|or|to|及|和|或|与|、|/)?\W{0,2}(?:\w{1,14}\s){0,1}", re.I)


def stated(said: str) -> Iterator[Ages]:
    """Ages in numbers, in order."""
    numbers, at = [q for q in quantities(said) if q.role in ("", "range", "word")], 0
    for i, q in enumerate(numbers):
        near = _near(said, numbers, i)
        clause = re.split("[;；，。]", said[max(0, q.start - 36) : q.start])[-1]
        if q.start < at or near is None or _OTHER.search(clause):
            continue
        if limit := _named_side(clause, q) or interval(said, numbers[i : i + 2]):
            (low, high, low_in, high_in), at = limit
            if "gestation" in said[q.start : at + 20] or _NO_AGE.match(said, at):
                continue
            scale = 12 if re.search(r"\bmonths?\b|个月|月龄", said[q.start : at]) else 1
            ends = [None if n is None else n[0] / scale for n in (low, high)]
            if all(n is None or n <= 120 for n in ends):
                yield Ages("age", q.start - near, at, ends[0], ends[1], low_in, high_in)


def _named_side(before: str, q: Quantity) -> tuple[_Ends, int] | None:
    """ "Over the age of 18": the number and where it ends; 18 itself is meant."""
    m = re.search(r"\b(?:(over|above|from)|(under|below|up to)) (?:the )?age of $", before, re.I)
    if not m or q.pair is not None:
        return None
    end = (float(q.raw.replace(",", "")) if re.fullmatch(r"[\d.]+", q.raw) else float(q.value / q.step), "")
    return ((end, None, True, True) if m[1] else (None, end, True, True)), q.end


def _near(said: str, numbers: list[Quantity], i: int) -> int | None:
    """How many characters before the number belong to its words of age; None where it is no age."""
    q, before = numbers[i], said[max(0, numbers[i].start - 40) : numbers[i].start]
    last = numbers[i + 1] if q.pair is not None and i + 1 < len(numbers) else q
    if (q.unit == "month" or last.unit == "month") and (m := _BEFORE.search(before)):
        # "men and women, 18 to 65 years": a quote of "women, 18 to 65 years" would say less than is meant.
        sexed = _SEXED.match(m[0])
        return len(m[0]) - (len(sexed[0]) if sexed else 0)
    if (q.unit == "month" or last.unit == "month") and (
        _AFTER.match(said, last.end) or "岁" in said[q.start : last.end]
    ):
        return 0
    m = None if q.unit else _BARE.search(before)
    return len(m[0]) if m else None


def worded(said: str, start: int, end: int) -> Ages | None:
    """The ages that the first words of age in [start, end) mean, those joined to it by "and" or "or" taken together;
    None where they leave no limit ("children and adults")."""
    if _PAIRS.search(said):
        return None
    kinds: list[str] = []
    begin, at, low, high = -1, 0, [], []
    for m in _WORD.finditer(said, start, end):
        if _NOT_THEM.search(said[max(0, m.start() - 40) : m.start()]) or re.match(
            r"['’]s|-onset|hood", said[m.end() : m.end() + 6]
        ):
            continue
        if m.start() and said[m.start() - 1].isalpha() and said[m.start()].isascii() and said[m.start() - 1].isascii():
            continue  # within a word
        if begin >= 0 and not _JOIN.fullmatch(said, at, m.start()):
            break
        name, _, least, most = _WORDS[int(str(m.lastgroup)[1:])]
        begin, at = (m.start() if begin < 0 else begin), m.end()
        kinds.append(name)
        low.append(least)
        high.append(most)
    lowest = None if None in low else min((n for n in low if n is not None), default=None)
    highest = None if None in high else max((n for n in high if n is not None), default=None)
    if begin < 0 or (lowest is None and highest is None):
        return None
    return Ages(" or ".join(dict.fromkeys(kinds)), begin, at, lowest, highest, True, False)
