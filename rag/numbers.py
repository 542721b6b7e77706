"""Traces every number of a claim to its quote: the same quantity, an exact conversion, or an honest rounding.

Decides what counts as the same: unit, percent or points, per day or per dose, hazard or odds ratio, `<` or `>`, both
ends of an interval. Never a factor of ten, another unit or kind. Plain code, not pluggable. Knows nothing of words:
that numbers changed places is for `direction`, what they measure for the support model.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

from rag.quantities import Quantity, is_year, quantities
from rag.units import MOLAR

# A rounded number may be off by this share of itself; a dose by that.
_ROUNDED, _DOSE = Fraction(1, 10), Fraction(1, 50)
# Borders that a smaller p-value may be said to lie under.
_USUAL_P = frozenset(Fraction(p) for p in ("0.05", "0.025", "0.01", "0.005", "0.001"))
# Ratios for which 1 is the border between two directions.
_RATIOS = frozenset(("hr", "rr", "or", "irr"))
# Units that people leave out where the number says enough: "aged 65", "below 140", "BMI over 30".
_LEFT_OUT = frozenset(("month", "time", "pressure", "mass", "fold"))
_PERIODS = frozenset(("day", "dose", "week", "month", "year", "hour", "minute"))


def untraced(claim: str, quote: str, *, context: str = "", year: int | None = None) -> list[str]:
    """The numbers of `claim`, as written, that `quote` does not hold.

    context: the passage's title and section, in which years and names (type 2, IL-6) may stand. year: the source's.
    """
    there = quantities(quote)
    around = quantities(context)
    years = {q.value for q in (*there, *around) if is_year(q)} | {Fraction(year or 0)}
    asked = quantities(claim)
    stands = _matcher(claim, quote)
    missing = [
        q for q in asked if not (is_year(q) and q.value in years) and not _traced(q, asked, there, around, stands)
    ]
    # `raw` has plain signs; what a reader is told stands in the claim as it is (0·75).
    wrong = missing or _doubled(asked, there)
    return [claim[q.start : q.start + len(q.raw)] for q in wrong]


Matches = Callable[[Quantity, Quantity], bool]


def _traced(
    q: Quantity, asked: Sequence[Quantity], there: Sequence[Quantity], around: Sequence[Quantity], stands: Matches
) -> bool:
    if q.role == "name":
        named = [t for t in (*there, *around) if t.role == "name" and t.noun == q.noun]
        # A name that the quote does not have at all may be another word for the same (COVID-19, SARS-CoV-2).
        return not named or any(t.value == q.value for t in named)
    if q.role == "level":
        levels = [t for t in there if t.role == "level"]
        return any(t.value == q.value for t in levels) or (not levels and q.value == 95)
    if q.role == "p":
        given = [t for t in there if t.role == "p"] or [t for t in there if not t.role and not t.unit and t.value < 1]
        return any(_same_p(q, t) for t in given)
    if q.role == "word" and not q.unit and q.value <= 12:
        return _small(q, there)
    if q.pair is not None and not _pair(q, there, stands):
        return False
    if q.unit == "fold" and _is_ratio(q, there):
        return True
    own = [t for t in there if t.noun == q.noun] if q.noun and not q.unit else []
    return any(stands(q, t) for t in own or there)


def _small(q: Quantity, there: Sequence[Quantity]) -> bool:
    """`two drugs` may be counted from names; it is wrong only where the quote counts the same things otherwise."""
    same = [t for t in there if not t.unit and t.noun == q.noun and q.noun]
    return not same or any(t.value == q.value for t in same)


def _pair(q: Quantity, there: Sequence[Quantity], stands: Matches) -> bool:
    """Whether both ends of an interval stand together in the quote, or apart if it is only a range."""
    other = replace(q, value=q.pair or Fraction(0), pair=None)
    for i, t in enumerate(there):
        ends = [n for n in there[max(0, i - 1) : i + 2] if n is not t]
        if stands(q, t) and any(stands(other, n) for n in ends):
            return True
    return q.role == "range" and any(stands(other, t) for t in there) and any(stands(q, t) for t in there)


def _is_ratio(q: Quantity, there: Sequence[Quantity]) -> bool:
    """`doubled`: two numbers of the quote may say it."""
    plain = [t for t in there if t.role in ("", "range", "word") and t.value > 0]
    most = q.value / (4 if q.about or q.sign else 20)
    return any(
        abs(a.value / b.value - q.value) <= most for a in plain for b in plain if a.unit == b.unit and a is not b
    )


def _matcher(claim: str, quote: str) -> Matches:
    """Says whether a quantity of the claim is one of the quote's."""
    molar = [mass for pattern, mass in MOLAR if pattern.search(claim) and pattern.search(quote)]
    absolute = any(word in quote.lower() for word in ("absolute", "point", "difference", "百分点"))

    def stands(q: Quantity, t: Quantity) -> bool:
        if t.role in ("p", "level", "name") or not _same_frame(q, t):
            return False
        if q.unit == t.unit:
            return _equal(q, t)
        if {q.unit, t.unit} == {"amount/volume", "mass/volume"}:
            return any(_converted(q, t, mass) for mass in molar)
        if {q.unit, t.unit} == {"%", "percent"}:
            return (absolute or q.unit == "%") and _equal(q, t)
        if not q.unit and (t.also or t.unit in _LEFT_OUT):
            return q.value == t.value / _one(t)
        return bool(not t.unit and q.also and q.value / _one(q) == t.value)

    return stands


def _one(q: Quantity) -> Fraction:
    """What one of the written unit is in the base."""
    return q.step * Fraction(10) ** len(q.raw.partition(".")[2])


def _same_frame(q: Quantity, t: Quantity) -> bool:
    """Whether kind, sign, interval and what it is counted by do not contradict each other."""
    if q.kind and t.kind and q.kind != t.kind:
        return False
    if q.sign and t.sign and q.sign != t.sign:
        return False
    if q.role in ("", "word", "share") and t.role in ("ci", "sd"):
        return False
    if q.role == "sd" and t.role not in ("sd", ""):
        return False
    if q.minus and t.minus != q.minus and t.pair is not None:
        return False
    mine, theirs = q.per & _PERIODS, t.per & _PERIODS
    return not (mine and theirs and mine != theirs) and not ((q.per ^ t.per) & {"kg", "area"})


def _equal(q: Quantity, t: Quantity) -> bool:
    if q.value == t.value:
        return True
    difference = abs(q.value - t.value)
    if q.role == "share" or t.role == "share":
        exact = q.value.denominator == 1 and t.value.denominator == 1
        most = Fraction(5, 2) if q.about or t.about else Fraction(1, 2) if exact else Fraction(1)
        return difference <= min(most, t.value / 20)
    if q.kind in _RATIOS and (q.value - 1) * (t.value - 1) <= 0:
        return False
    most = _DOSE if q.unit == "mass" and q.per & {"dose", "day", "kg"} else _ROUNDED
    # "about 1,200" for 1,234, "more than 10,000" for 10,566.
    loose = q.about or (q.sign == ">" and t.value > q.value) or (q.sign == "<" and t.value < q.value)
    step = max(q.step, _last_place(q)) if loose else q.step
    return t.step < step and difference <= step / 2 and difference <= most * abs(t.value)


def _last_place(q: Quantity) -> Fraction:
    """The place of the last digit that is no zero: 1,200 is given in hundreds."""
    place = q.step
    while q.value and (q.value / (place * 10)).denominator == 1:
        place *= 10
    return place


def _same_p(q: Quantity, t: Quantity) -> bool:
    """`p < 0.05`, a usual border, may stand for 0.03 or < 0.001; `p = 0.03` only for itself or a longer 0.032."""
    if q.value == t.value:
        return q.sign == t.sign or (not t.sign and t.role == "" and not q.sign)
    if q.sign == "<":
        return t.sign != ">" and t.value < q.value and q.value in _USUAL_P
    if q.sign == ">":
        return t.sign != "<" and t.value > q.value
    border = Fraction(1, 20)
    rounded = t.step < q.step and abs(q.value - t.value) <= q.step / 2 and (q.value < border) == (t.value < border)
    return not t.sign and rounded


def _converted(q: Quantity, t: Quantity, mass: Fraction) -> bool:
    value = t.value * mass if q.unit == "mass/volume" else t.value / mass
    return abs(q.value - value) <= q.step / 2 + value / 100


def _doubled(asked: Sequence[Quantity], there: Sequence[Quantity]) -> list[Quantity]:
    """A number that took another's place: said more often than in the quote, while one of the same kind is not."""
    plain = [q for q in asked if q.role in ("", "ci", "range")]
    said, stand = (Counter((q.unit, q.value) for q in some) for some in (plain, [t for t in there if t.role != "name"]))
    unsaid = {unit for (unit, value), _ in (stand - said).items()}
    size = Counter(q.unit for q in plain), Counter(t.unit for t in there if t.role not in ("name", "p", "level"))
    return [
        q
        for q in plain
        if said[q.unit, q.value] > stand[q.unit, q.value] > 0
        and q.unit in unsaid
        and size[0][q.unit] == size[1][q.unit]
    ][:1]
