"""The tests that a study may set limits for: their names in records and texts, their units, and the limits that a
sentence states for them.

Decides which number belongs to which test, which end of a range is meant and whether it belongs to the range, and
brings values to one unit. Whether a limit includes or excludes is not decided here, nor what it says of a patient.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from rag.quantities import Quantity, quantities
from rag.units import MOLAR


class Measure(NamedTuple):
    """A test: its kind of criterion, how texts name it, and the unit that `canonical` gives."""

    kind: str
    pattern: re.Pattern[str]
    unit: str


def _measure(kind: str, pattern: str, unit: str) -> Measure:
    return Measure(kind, re.compile(pattern, re.I | re.A), unit)  # ASCII: 血 is no letter of ALT


# In the order in which they are tried: HbA1c before hemoglobin, clearance before creatinine.
MEASURES: Mapping[str, Measure] = {
    "egfr": _measure("renal", r"\be?GFR\b|glomerular filtration rate|肾小球滤过率", "mL/min/1.73 m2"),
    "creatinine clearance": _measure(
        "renal", r"creatinine (?:renal )?clearance|clearance of creatinine|\b(?:CrCl|CCr|CLcr)\b|肌酐清除率", "mL/min"
    ),
    "creatinine": _measure("renal", r"creatinine|肌酐", "µmol/L"),
    "alt": _measure(
        "hepatic",
        r"\bALAT\b|\bALT\b|\bSGPT\b|alanine (?:amino)?trans(?:fer|amin)ase|谷丙转氨酶|丙氨酸(?:氨基)?转[氨移]酶",
        "U/L",
    ),
    "ast": _measure(
        "hepatic",
        r"\bASAT\b|\bAST\b|\bSGOT\b|aspartate (?:amino)?trans(?:fer|amin)ase|谷草转氨酶|天门?冬氨酸(?:氨基)?转[氨移]酶",
        "U/L",
    ),
    "bilirubin": _measure("hepatic", r"bilirubin|胆红素", "µmol/L"),
    "bmi": _measure("bmi", r"\bBMI\b|body[\s-]mass[\s-]index|体[质重]量?指数", "kg/m2"),
    "ejection fraction": _measure("ejection fraction", r"\bLV-?EF\b|ejection fraction|\bEF\b|射血分数", "%"),
    "hba1c": _measure(
        "hba1c", r"\bHb\s?A1c\b|\bA1C\b|ha?emoglobin A1c|glyc(?:osyl)?ated ha?emoglobin|糖化血红蛋白", "%"
    ),
    "systolic": _measure("blood pressure", r"systolic|\bSBP\b|收缩压", "mmHg"),
    "diastolic": _measure("blood pressure", r"diastolic|\bDBP\b|舒张压", "mmHg"),
    "platelets": _measure("platelets", r"platelets?\b|\bPLT\b|血小板", "×10^9/L"),
    "hemoglobin": _measure("hemoglobin", r"\bha?emoglobin\b|\bHgb\b|\bHb\b|血红蛋白", "g/L"),
}  # fmt: skip
_OTHER_TEST = re.compile(
    r"urin|ratio\b|stool|gastrointestinal|width|mean volume|platelet mean|distribution|corpuscular|carboxy|\bdirect\b|"
    r"conjugated|percentile|24 ?h|aggregat|尿|粪|直接|平均|比值|体积",
    re.I,
)
_MOLAR = {name: next(float(m) for p, m in MOLAR if p.search(name)) for name in ("creatinine", "bilirubin")}
_INCLUSIVE = re.compile(
    r"(?:[≥≤]|[<>]\s?=|at least|at most|up to|no(?:t)? (?:less|more|fewer|older|younger|lower|greater|"
    r"higher) than|minimum of|不低于|不少于|不超过|不高于|至少|至多)\s{0,2}$",
    re.I,
)
_ULN = re.compile(
    r"(?P<n>\d{1,2}(?:\.\d)?|two|three|four|five|ten|twice)\s?(?:-?fold|times|x|×|\*)?\s?(?:higher than |"
    r"above |over )?(?:the )?(?:\(?ULN\b|upper (?:normal )?limit|upper range)|"
    r"正常(?:值)?上限的?\s?(?P<zh>\d(?:\.\d)?)\s?倍", re.I,
)  # fmt: skip
_PER = re.compile(
    r"\s?(?:/|per |·)?\s?\(?(?:min\W{0,2})?1[.·]73\s?m(?:2|²|\^2)(?: of body[\s-]surface(?:[\s-]area)?)?\)?|"
    r"/(?:mm3|mm³|[uµμ]L|L)\b",
    re.I,
)
_CHANGE = re.compile(
    r"(?:change|reduction|increase|decrease|decline|improvement|difference|rise|fall)s? (?:in|of) (?:\w{1,12} ){0,2}$|"
    r"变化|下降|升高幅度$", re.I,
)  # fmt: skip
_WORDS = {"two": 2.0, "twice": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "ten": 10.0}
_OR_MORE = re.compile(
    r"\s?(?:years?|yrs?)?\s?(?:of age|old)?\s?(?:or|and) (?:older|over|above|more|greater|higher|up)\b|岁?及?以上", re.I
)
_OR_LESS = re.compile(
    r"\s?(?:years?|yrs?)?\s?(?:of age|old)?\s?(?:or|and) (?:younger|under|below|less|lower)\b|岁?及?以下", re.I
)
_AND = re.compile(r"\s?(?:and|or|and/or|but|/|,|、|和|或|且)\s?(?:an? |the |serum )?", re.I)


class Limit(NamedTuple):
    """What a sentence states for a measure at [start, end): the values from low to high in the measure's unit, None
    where open; low_in, high_in: whether the end itself is among them; multiples: of the upper limit of normal."""

    measure: str
    start: int
    end: int
    low: float | None
    high: float | None
    low_in: bool = True
    high_in: bool = True
    multiples: bool = False


def measure_of(name: str) -> str:
    """The key in MEASURES of a test's name in a record, "" if it is none of them."""
    if _OTHER_TEST.search(name):
        return ""
    return next((key for key, m in MEASURES.items() if m.pattern.search(name)), "")


def canonical(measure: str, value: float, unit: str) -> float | None:
    """A value in the measure's unit; None where the unit does not fit or is not known and the number does not tell."""
    read = quantities(f"{value:.12g} {unit.strip()}") if unit else []
    dimension, base = (read[0].unit, float(read[0].value)) if read else ("", value)
    if measure in ("creatinine", "bilirubin"):
        if dimension == "mass/volume":
            return base / _MOLAR[measure] * 1000
        if dimension == "amount/volume":
            return base * 1000
        # No unit: creatinine is below 15 mg/dL in nearly everyone and above 20 µmol/L in everyone.
        return None if measure == "bilirubin" or 15 <= value < 20 else value if value >= 20 else value * 88.402
    if measure == "hemoglobin":
        if dimension in ("mass/volume", "amount/volume"):
            return base / 1000 if dimension == "mass/volume" else base * 16.114
        return value * 10 if value < 25 else value
    if measure == "platelets":  # per litre, per microlitre, or in thousands: the magnitude tells
        return value / 1e9 if value >= 1e8 else value / 1e3 if value >= 5000 else value
    if measure == "hba1c":  # IFCC to NGSP, the master equation (Hoelzel and others, Clin Chem 2004)
        return 0.09148 * value + 2.152 if "mol" in unit or value > 25 else value
    if measure == "ejection fraction":
        return value * 100 if value <= 1 else value
    if measure in ("systolic", "diastolic"):
        return base if dimension == "pressure" else value
    if measure in ("egfr", "creatinine clearance") and re.search(r"m[Ll]\s?/\s?s", unit):
        return value * 60
    return value


def limits(said: str) -> Iterator[Limit]:
    """Limits of tests. A number belongs to the test named before it, or to each of `ALT or AST`."""
    named: list[tuple[int, int, str]] = []
    for key, measure in MEASURES.items():
        for m in measure.pattern.finditer(said):
            if not any(a < m.end() and m.start() < b for a, b, _ in named):
                named.append((m.start(), m.end(), key))
    named.sort()
    numbers = (
        [q for q in quantities(said) if q.role in ("", "range", "word") and not q.raw.startswith("1.73")]
        if named
        else []
    )
    for i, (start, _, key) in enumerate(named):
        j = i
        while j + 1 < len(named) and _AND.fullmatch(said, named[j][1], named[j + 1][0]):
            j += 1
        last = named[j][1]
        if _CHANGE.search(said[max(0, start - 40) : start]):
            continue
        stop = min([last + 60, len(said), *(a for a, _, _ in named[j + 1 :])])
        if (uln := _ULN.search(said, last, stop)) and MEASURES[key].kind in ("hepatic", "renal"):
            written = uln["n"] or uln["zh"]
            times = _WORDS.get(written.lower()) or float(written)
            less = re.search(
                r"[≤<]|less|below|not exceed|within|up to|no more|低于|小于|不超过", said[last : uln.start()]
            )
            yield Limit(key, start, uln.end(), None if less else times, times if less else None, False, True, True)
            continue
        q = next((k for k, n in enumerate(numbers) if last <= n.start < stop), None)
        if key in ("systolic", "diastolic"):  # "≥ 140 mmHg systolic": the number stands before its name
            ahead = (k for k, n in enumerate(numbers) if n.unit == "pressure" and 0 <= start - n.end <= 2)
            q = next(ahead, q)
        if q is None or re.search(r"[;；。]", said[last : max(last, numbers[q].start)]):
            continue
        if limit := interval(said, numbers[q : q + 2]):
            (low, high, low_in, high_in), tail = limit
            ends = [None if n is None else canonical(key, n[0], n[1]) for n in (low, high)]
            if ends != [None, None]:
                tail = per.end() if (per := _PER.match(said, tail)) else tail
                yield Limit(key, min(start, numbers[q].start), max(tail, last), ends[0], ends[1], low_in, high_in)


_End = tuple[float, str] | None


def interval(said: str, near: list[Quantity]) -> tuple[tuple[_End, _End, bool, bool], int] | None:
    """Lower and upper end (number, unit as written) of the first quantity, whether each belongs to it, and where the
    words end; joined with the second where that is the other end ("≥ 18 and < 75")."""
    first, second = near[0], near[1] if len(near) > 1 else None
    if first.pair is not None and first.pair < first.value:
        return None  # the second end of another range
    if first.pair is not None and second and second.pair is not None:
        ends = sorted([_end(said, first, second), _end(said, second, second)])
        return (ends[0], ends[1], True, True), second.end
    sign, inside, tail = _sign(said, first)
    if not sign:
        return None
    one, low = _end(said, first, first), sign == ">"
    if second and second.start - tail < 20 and _AND.match(said, tail) and second.role == "":
        other, inside2, tail2 = _sign(said, second)
        if other and other != sign and second.unit in (first.unit, "") + (() if first.unit else (second.unit,)):
            two = _end(said, second, second)
            one = (one[0], one[1] if first.unit else two[1])
            return (one, two, inside, inside2) if low else (two, one, inside2, inside), tail2
    return ((one, None, inside, True) if low else (None, one, True, inside)), tail


def _end(said: str, q: Quantity, unit: Quantity) -> tuple[float, str]:
    after = re.match(r"[^(（,，;；)]{0,16}", said[unit.start + len(unit.raw) :])
    power = re.match(r"\s?[x×*]\s?10", said[q.start + len(q.raw) :])
    number = q.raw.replace(",", "")
    if not re.fullmatch(r"[\d.]+", number):
        value = float(q.value / q.step)  # a word: "two years"
    else:
        value = float(q.value) if power else float(number)
    return value, after[0] if after else ""


def _sign(said: str, q: Quantity) -> tuple[str, bool, int]:
    """`<`, `>` or "", whether the number itself is meant too, and where the words end."""
    before, at = said[max(0, q.start - 30) : q.start], q.end
    if m := _OR_MORE.match(said, at) or _OR_MORE.match(said, q.start + len(q.raw)):
        return ">", True, m.end()
    if m := _OR_LESS.match(said, at) or _OR_LESS.match(said, q.start + len(q.raw)):
        return "<", True, m.end()
    sign = q.sign or (
        ">" if re.search(r"[>≥]\s?=?\s?$|超过\s?$", before) else "<" if re.search(r"[<≤]\s?=?\s?$", before) else ""
    )
    return sign, bool(_INCLUSIVE.search(before)), at
