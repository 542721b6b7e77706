"""The changes that the adversarial generator knows: which words it turns, which units it confuses, what it invents.

Each rule makes a true sentence false, except the rewordings, which keep its meaning. Knows nothing of drafts.
"""

from __future__ import annotations

import random
import re

# A number that stands for itself, not a digit of a name (IL-6) or a reference mark.
NUMBER = re.compile(r"(?<![\w.,·\-\[(/])(?<!type )(?<!phase )\d{1,3}(?:,\d{3})+(?![\d\]])|(?<![\w.,·\-\[/])(?<!^\()(?<!type )(?<!phase )\d{1,6}(?:\.\d{1,4})?(?![\w\]\-.,·]?\d|[A-Za-z]|\])")  # fmt: skip


def _rules(*pairs: tuple[str, str]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern, re.I), new) for pattern, new in pairs)


UNITS = tuple(
    (re.compile(pattern), new)
    for pattern, new in (
        (r"(?<=\d) ?mg\b(?!/dl|/dL)", " g"), (r"(?<=\d) ?mg\b(?!/dl|/dL)", " mcg"), (r"(?<=\d) ?[µμ]g\b", " mg"),
        (r"(?<=\d) ?mcg\b", " mg"), (r"(?<=\d) g\b", " mg"), (r"(?<=\d)[ -]days?\b", " weeks"),
        (r"(?<=\d)[ -]weeks?\b", " months"), (r"(?<=\d)[ -]months?\b", " years"), (r"(?<=\d)[ -]hours?\b", " days"),
        (r"(?<=\d)[ -]years?\b", " months"), (r"/day\b|\bper day\b", " per dose"), (r"\bmmol/L\b", "mg/dL"),
        (r"\bmg/dL\b", "mmol/L"), (r"\bhazard ratio\b", "odds ratio"), (r"\bHR\b(?= ?[=,:]? ?\d)", "OR"),
        (r"\bOR\b(?= ?[=,:]? ?\d)", "HR"), (r"\bodds ratio\b(?=[^.]{0,12}\d)", "hazard ratio"),
        (r"\b([Pp]) ?[<＜] ?(?=0?\.\d)", r"\1 > "), (r"毫克", "克"), (r"(?<=\d)(?:个月)", "年"), (r"(?<=\d)[天日]", "周"),
        (r"(?<=\d) ?%(?! ?CI| ?confidence|\))", " mg"),
    )
)  # fmt: skip
DIRECTIONS = _rules(
    (r"\bincreased\b", "decreased"), (r"\bdecreased\b", "increased"), (r"\bincreases\b", "decreases"),
    (r"\bdecreases\b", "increases"), (r"\bincrease\b", "decrease"), (r"\bdecrease\b", "increase"),
    (r"\breduced\b", "increased"), (r"\breduces\b", "increases"), (r"\breduction\b", "increase"),
    (r"\bhigher\b", "lower"), (r"\blower\b", "higher"), (r"\bgreater\b", "smaller"),
    (r"\bmore\b(?! than (?:\d|one|two|half|a\b))", "less"), (r"\bfewer\b(?! than \d)", "more"),
    (r"\bimproved\b", "worsened"), (r"\bimproves\b", "worsens"), (r"\bimprovement\b", "worsening"),
    (r"\bsuperior\b", "inferior"), (r"\binferior\b", "superior"), (r"(?<!not )\bsignificantly\b", "not significantly"),
    (r"\bno significant\b", "a significant"), (r"(?<!no )(?<!not )\bsignificant\b", "nonsignificant"),
    (r"\b(was|were|is|are|did|does|has|have|could|can|should) not\b(?! only)", r"\1"), (r"\bcannot\b", "can"),
    (r"\b(was|were|is|are) (?=associated|effective|recommended|found|observed|required|caused|used|shown)", r"\1 not "),
    (r"(?<!in)\beffective\b", "ineffective"), (r"\bpositive(ly)?\b", r"negative\1"), (r"\bnegative(ly)?\b", r"positive\1"),
    (r"\bupregulated\b", "downregulated"), (r"\bdownregulated\b", "upregulated"), (r"\binhibits\b", "activates"),
    (r"\bactivates\b", "inhibits"), (r"\blonger\b", "shorter"), (r"\bshorter\b", "longer"),
    ("增加", "减少"), ("减少", "增加"), ("升高", "降低"), ("降低", "升高"), ("(?<!不)(?<!无)显著", "不显著"), ("有效", "无效"),
    ("优于", "劣于"), ("高于", "低于"), ("低于", "高于"), ("改善", "恶化"),
)  # fmt: skip
REWORDINGS = _rules(
    (r"^(In|Among|For|After|During) ([^,.;]{4,80}), ([^,;]{10,200})\.$", r"\3 \1 \2."),
    (r"^(The|These|This|Patients|Treatment|There|Both|All|We|Results) ", r"In this report, \1 "),
    (r"\breduced\b(?= the| by| mortality| risk)", "lowered"), (r"\bincreased\b(?= the| by)", "raised"),
    (r"\bdecreased\b(?= the| by| in)", "reduced"), (r"\bpatients\b", "participants"), (r"\bversus\b|\bvs\.", "compared with"),
    (r"(?<=\d) ?%", " percent"), (r"(?<=\b\d)(\d{3})(?= (?:patients|participants|women|men|adults|children))", r",\1"),
    (r"(?<=\d)\.(?=\d)", "·"), (r"\b[Pp] ?([<=]) ?(?=0?\.\d)", r"p \1 "), (r"(?<=\d) ?mg\b(?!/)", " milligrams"),
    (r"\bshowed\b", "demonstrated"), (r"\bchildren\b", "kids"), (r"\bmay\b", "might"), (r"\bin order to\b", "to"),
    (r"\bapproximately\b", "about"), (r"\bfound that\b", "reported that"), (r"\bHowever, ", ""), (r"\bsuch as\b", "like"),
    (r"\bwere (\w{4,14}ed) by\b", r"had been \1 by"), (r"患者", "病人"), (r"降低了", "降低"), (r"(?<=\d)%", "％"),
)  # fmt: skip


def changed_number(written: str, rng: random.Random) -> str:
    """The number ten times as large, or with one digit changed."""
    plain = written.replace(",", "")
    if rng.random() < 0.4 and float(plain):
        whole, _, decimals = plain.partition(".")
        return (
            str(int(whole + decimals[:1])) + (f".{decimals[1:]}" if decimals[1:] else "") if decimals else plain + "0"
        )
    places = [i for i, c in enumerate(plain) if c.isdigit() and not (c == "0" and i == 0)] or [len(plain) - 1]
    at = rng.choice(places)
    digit = rng.choice([d for d in "123456789" if d != plain[at]])
    return plain[:at] + digit + plain[at + 1 :]


def invented(text: str, rng: random.Random) -> tuple[str, str, str]:
    """What stands before, the invention, and what stands after it."""
    number = rng.randint(90_000_000, 98_999_999)
    made = rng.choice((
        f"(PMID: {number})", f"PMID {number}", f"doi:10.{number % 9000 + 1000}/fake.{number}", f"https://example.org/{number}",
        f"(https://www.example.com/a?b={number})", f"[full text](https://example.net/{number}.pdf)", f"PMC{number}",
        f"![figure](https://example.com/{number}.png)", f"<img src=https://example.com/{number}>", f"NCT{number}",
        f"(see trial-{number}@example.org)", f"www.example-{number}.com",
    ))  # fmt: skip
    if rng.random() < 0.3 and "![" not in made:
        return "", made, f" {text}"
    end = text[-1] if text[-1] in ".。" else ""
    return f"{text[: len(text) - len(end)]} ", made, end
