"""Reads effects in a sentence: ratio or difference, interval, p-value, the values of two arms; each where it stands.

Decides by rules what is an effect and which number is which: a number that no rule names is not shown. Knows nothing
of outcomes, nor of which way is good.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.tasks.evidence.types import Estimate

Span = tuple[int, int]
_NUMBER = r"[-−–]?\d{1,7}(?:[.·]\d{1,6})?|[-−–]?\.\d{1,6}"
_NAMES = (
    ("RD", r"(?i:(?:absolute )?risk differences?)|\bRD\b"), ("SMD", r"(?i:standardi[sz]ed mean differences?)|\bSMDs?\b"),
    ("MD", r"(?i:(?:weighted |adjusted )?mean differences?)|\bW?MDs?\b"), ("IRR", r"(?i:(?:incidence )?rate ratios?)|\bIRRs?\b"),
    ("HR", r"(?i:hazards? ratios?)|\ba?HRs?\b|风险比"), ("OR", r"(?i:odds ratios?)|\b[aA]?ORs?\b|比值比|优势比"),
    ("RR", r"(?i:relative risks?|risk ratios?)|\b[aA]?RRs?\b|相对危险度|相对风险"),
)  # fmt: skip
_MEASURE = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _NAMES))
RATIOS = frozenset(("HR", "OR", "RR", "IRR"))
# What may stand between a measure and its value: its abbreviation, the level of the interval, signs.
_GAP = re.compile(
    r"(?:[\s,:=;()\[\]（）：，]|of|was|were|is|a?(?:HR|OR|RR)|SMD|W?MD|IRR|9\d\s?%|CIs?|confidence intervals?|adjusted|"
    r"为|95\s?%\s?可信区间){0,14}"
)
_FAR = re.compile(r"\A[^\d.;()\[\]]{0,90}?\b(?:was|were|of)\s(?=[\d.])")
_VALUE = re.compile(_NUMBER)
_CI = (
    r"(?:(?:9\d(?:\.\d)?\s?(?:%|per ?cent)\s?-?\s?)?(?:CIs?\b|CrIs?\b|confidence intervals?(?:\s?[(\[](?:95\s?%\s?)?CI[)\]])?|credible intervals?|可信区间|置信区间)"
    r"|\(?\b95\s?%(?=\s?[:=]))"
)
_INTERVAL = re.compile(
    rf"\A[^\d\s(\[;,]{{0,8}}[\s,;:(\[]{{0,4}}(?P<named>{_CI})?[\s,:;=()\[\]]{{0,4}}(?:from |of )?(?P<low>{_NUMBER})\s?(?:%|(?!to\b|and\b)[a-zA-Z/]{{1,8}})?\s?"
    rf"(?:-|–|—|−|to|,|;|~|and|至)\s?(?P<high>{_NUMBER})"
)
_BARE = re.compile(rf"(?P<value>{_NUMBER})\s?(?:%|[a-zA-Z/%°]{{1,8}})?\s?[,;(\[]{{1,2}}\s?(?={_CI})")
_P = re.compile(
    r"\b[pP]\s?(?:[-\s]?values?)?\s?(?P<sign>[=<>≤≥＝＜＞]|was|of)\s?(?P<value>0?[.·]\d{1,8}|1[.·]0{1,4}|[01](?![\d.]))"
)
_PARENTHESIS = re.compile(r"[(\[（][^()\[\]（）]{1,200}(?:[(\[][^()\[\]]{0,60}[)\]][^()\[\]]{0,120}){0,2}[)\]）]")
_VERSUS = re.compile(
    rf"(?:{_NUMBER})\s?(?:%|±[^()]{{1,12}}|[a-zA-Z/]{{1,12}})?\s?(?:\([^()]{{1,24}}\)\s?)?(?:vs\.?|versus|compared (?:with|to)|against)\s?(?:{_NUMBER})\s?%?"
)
_PERCENT = re.compile(rf"(?:{_NUMBER})\s?%\s?$")
# The interval after a value stands at once; in longer reach another value's would be taken.
_REACH = 60


@dataclass(frozen=True, slots=True)
class Effect:
    """An effect in a sentence. whole: where it stands with its name, or its values; interval: where the two ends stand
    (None without one). Offsets in the sentence."""

    whole: Span
    interval: Span | None
    estimate: Estimate


def effects(sentence: str) -> list[Effect]:
    """Ratios and differences with their names, and values with an interval, in order."""
    found: list[Effect] = []
    at = 0
    while m := _MEASURE.search(sentence, at):
        at = m.end()
        value = _VALUE.match(sentence, _GAP.match(sentence, m.end()).end())  # type: ignore[union-attr]
        if value is None and (far := _FAR.match(sentence[m.end() : m.end() + 140])):
            value = _VALUE.match(sentence, m.end() + far.end())
        if value is None or (sentence[value.end() : value.end() + 1] == "%" and m.lastgroup in RATIOS):
            continue
        made = _effect(sentence, str(m.lastgroup), (m.start(), value.end()), value[0])
        if made:
            found.append(made)
            at = max(made.whole[1], made.interval[1] if made.interval else 0)
    for m in _BARE.finditer(sentence):
        if not any(e.whole[0] <= m.start() < max(e.whole[1], (e.interval or e.whole)[1]) for e in found):
            made = _effect(sentence, "", m.span("value"), m["value"])
            if made and made.interval:
                found.append(made)
    return sorted(found, key=lambda e: e.whole)


def _effect(sentence: str, measure: str, whole: Span, value: str) -> Effect | None:
    number = _number(value)
    if measure in RATIOS and not 0 < number <= 200:
        return None
    at = whole[1]
    found = _ends(sentence[at : at + _REACH], number)
    interval, low, high = ((at + found[0][0], at + found[0][1]), *found[1:]) if found else (None, None, None)
    after = interval[1] if interval else at
    p = p_value(sentence[at : after + 24])
    stated = re.search(r"\b9\d(?=(?:\.\d)?\s?%)", sentence[max(0, whole[0] - 4) : after])
    if sentence[at : at + 1] == "%":
        whole = whole[0], at + 1
    level = int(stated[0]) if stated else 95
    return Effect(whole, interval, Estimate(measure, number, low, high, p[0] if p else None, p[1] if p else "=", level))


def _ends(text: str, number: float) -> tuple[Span, float, float] | None:
    """Where the interval right after a value stands in `text`, and its ends; one that does not hold it is none of it."""
    i = _INTERVAL.match(text)
    if i is None or not (i["named"] or re.search(r"[(\[]", text[: i.start("low")])):
        return None
    low, high = _number(i["low"]), _number(i["high"])
    if not low <= number <= high:
        high = abs(high)  # "0.27 - -1.90": a hyphen that is no minus
    return ((i.start("low"), i.end("high")), low, high) if low <= number <= high else None


def p_value(text: str) -> tuple[float, str] | None:
    """The first p-value of a text and its sign, None without one."""
    if m := _P.search(text):
        sign = {"was": "=", "of": "=", "＝": "=", "＜": "<", "＞": ">", "≤": "<", "≥": ">"}.get(m["sign"], m["sign"])
        return _number(m["value"]), sign
    return None


def p_span(text: str) -> Span | None:
    """Where the first p-value of a text stands."""
    m = _P.search(text)
    return m.span() if m else None


def parentheses(sentence: str) -> list[Span]:
    """Where brackets with what they hold stand, inner ones within."""
    return [m.span() for m in _PARENTHESIS.finditer(sentence)]


def compared(text: str) -> Span | None:
    """Where two values stand against each other: `33% versus 35%`."""
    m = _VERSUS.search(text)
    return m.span() if m else None


def percent_before(text: str) -> Span | None:
    """A percentage at the end of `text`: that of `43.0% reduction`."""
    m = _PERCENT.search(text[-16:])
    return (len(text[:-16]) + m.start(), len(text.rstrip())) if m else None


def decided(e: Estimate) -> bool | None:
    """Whether the numbers say that there is a difference: by the interval, else by p < 0.05; None if they do not say."""
    border = 1.0 if e.measure in RATIOS else 0.0
    if e.low is not None and e.high is not None and e.measure:
        return not e.low <= border <= e.high
    return None if e.p is None else different(e.p, e.p_sign)


def different(p: float, sign: str) -> bool | None:
    """p < 0.05: a difference; p > 0.05: none. `p < 0.1` and `p > 0.01` say neither."""
    if sign == ">":
        return False if p >= 0.05 else None
    return True if p < 0.05 or (sign == "<" and p <= 0.05) else None if sign == "<" else p == 0.05


def _number(text: str) -> float:
    return float(re.sub(r"^[−–]", "-", text).replace("·", "."))
