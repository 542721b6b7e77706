"""Units of medical quantities, in English and Chinese: which dimension, and the exact factor to its base.

Decides what can be converted into what: within a dimension exactly; months and years are none of weeks and days. Molar
masses of a short list of analytes join mmol/L and mg/dL. Knows nothing of texts.
"""

from __future__ import annotations

import re
from fractions import Fraction

_TABLE = """
mass: kg|kilograms?|千克|公斤=1000000 mg|milligrams?|毫克=1 mcg|ug|micrograms?|微克=1/1000 ng|nanograms?|纳克=1/1000000
mass: pg=1/1000000000 grams?|g|克=1000
amount: mmol|毫摩尔=1 umol|微摩尔=1/1000 nmol=1/1000000 pmol=1/1000000000 mol=1000
volume: ml|cc|millilit(?:er|re)s?|毫升=1/1000 dl=1/10 ul|microlit(?:er|re)s?|微升=1/1000000 lit(?:er|re)s?|l|升=1
activity: miu|mu=1/1000 iu|units?|u|国际单位|单位=1 katal=1
equivalent: meq=1
pressure: mm\\s?hg|毫米汞柱=1 kpa=75/10
time: seconds?|secs?|秒=1 minutes?|mins?|分钟=60 hours?|hrs?|h|小时=3600 days?|天|日=86400 weeks?|wks?|wk|周|星期=604800
month: months?|mos?|个月|月=1 years?|yrs?|yr|岁|年=12 decades?=120
length: km=1000000 cm|centimet(?:er|re)s?|厘米=10 mm|millimet(?:er|re)s?|毫米=1 um|micrometers?|微米=1/1000 nm=1/1000000
percent: percentage\\spoints?|percent\\spoints?|个?百分点=1
%: per\\s?cent|%=1
fold: folds?|times|倍=1
temperature: °\\s?c|℃|degrees\\scelsius|摄氏度=1
energy: kcal=1
dose: gy=1 msv=1/1000 sv=1
beat: bpm|beats=1
cycle: cycles?|周期=1
event: events?|episodes?=1
"""


def _read() -> list[tuple[str, str, Fraction]]:
    rows: list[tuple[str, str, Fraction]] = []
    for line in _TABLE.strip().splitlines():
        dimension, _, units = line.partition(": ")
        for unit in units.split():
            names, _, factor = unit.rpartition("=")
            rows.append((dimension, names, Fraction(factor)))
    return rows


_ROWS = _read()


# One group a row, longest names first within the whole, so that `mg` is never read as `m`. Most words begin with a
# letter that no unit begins with, or go on as none does, and are told from units at once.
_BEGINNINGS = sorted({name[0] for _, names, _ in _ROWS for name in names.replace("个?", "个|").split("|")})
UNIT = re.compile(
    rf"(?>[\s\-]{{0,2}})(?<![A-Za-z])(?=[{''.join(map(re.escape, _BEGINNINGS))}])(?:"
    + "|".join(
        f"(?P<u{i}>{names})" for i, (_, names, _) in sorted(enumerate(_ROWS), key=lambda r: -len(r[1][1].split("|")[0]))
    )
    + r")(?![A-Za-z])",
    re.I,
)
# What an amount is counted by.
_PER_NAMES = {
    "day": r"days?|d|daily|天|日",
    "dose": r"doses?|administration|injection|infusion|tablet|次|剂",
    "week": r"weeks?|wk|weekly|周",
    "month": r"months?|monthly|月",
    "year": r"years?|yr|annum|annually|yearly|年",
    "hour": r"hours?|hr|h|小时",
    "minute": r"minutes?|min|分钟",
    "kg": r"kg|kilograms?|公斤|千克",
    "area": r"m2|m\^2|m²|square met(?:er|re)",
    "liter": r"lit(?:er|re)|l|升",
    "dl": r"dl",
    "ml": r"ml|毫升",
    "person": r"patients?|persons?|people|subjects?|person-years?|patient-years?",
}
PER = re.compile(
    r"\s{0,2}(?:/|per\s|a\s|each\s|every\s|每)\s{0,2}(?:"
    + "|".join(f"(?P<{name}>{words})" for name, words in _PER_NAMES.items())
    + r")(?![A-Za-z])",
    re.I,
)
DAILY = re.compile(
    r"\s{0,2}(?:(?:once|twice|three times|four times|1x|2x|3x)\s)?(?:(?P<day>daily)|(?P<week>weekly)|"
    r"(?P<month>monthly)|(?P<year>yearly|annually))\b",
    re.I,
)
VOLUMES = {"liter": Fraction(1), "dl": Fraction(1, 10), "ml": Fraction(1, 1000)}
# g/mol: mg/L = mmol/L × molar mass.
MOLAR = (
    (re.compile(r"glucose|血糖|葡萄糖|glyc[ae]emia", re.I), Fraction("180.16")),
    (re.compile(r"cholesterol|\bLDL|\bHDL|胆固醇", re.I), Fraction("386.65")),
    (re.compile(r"triglycerides?|甘油三酯", re.I), Fraction("885.4")),
    (re.compile(r"creatinine|肌酐", re.I), Fraction("113.12")),
    (re.compile(r"uric acid|urate|尿酸", re.I), Fraction("168.11")),
    (re.compile(r"\bBUN\b|urea nitrogen|尿素氮", re.I), Fraction("28.01")),
    (re.compile(r"calcium|血钙", re.I), Fraction("40.08")),
    (re.compile(r"bilirubin|胆红素", re.I), Fraction("584.66")),
)


def unit_at(text: str, at: int) -> tuple[str, Fraction, int]:
    """Dimension, factor to its base and end of the unit that stands at `at`; ("", 1, at) if none does."""
    match = UNIT.match(text, at)
    if not match or not match.lastgroup:
        return "", Fraction(1), at
    dimension, _, factor = _ROWS[int(match.lastgroup[1:])]
    return dimension, factor, match.end()
