"""Which sentences of a study speak of who was taken and who was not, and how far such a word reaches.

Decides by words, English and Chinese: a sentence of results, background or discussion limits nothing; "exclusion
criteria were" governs what follows it, "were not eligible" what precedes it, and a list goes on under its heading.
Knows nothing of what stands within the reach.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from indexer.sentences import split
from indexer.types import Document, Section

Rule = Literal["required", "excluded", "described"]
Of = Literal["study", "scope", "advice", "statement"]


@dataclass(frozen=True, slots=True)
class Reach:
    """A word of inclusion or exclusion at [start, end) of its sentence. after: it governs what follows, else what
    precedes it; with `stop`, the words [start, stop) of a named population and no others. of: whose rule it is: the
    study's, the whole text's, one piece of advice's or one cited sentence's."""

    start: int
    end: int
    rule: Rule
    after: bool
    of: Of = "study"
    stop: int | None = None


_OTHER_PART = re.compile(
    r"result|finding|discussion|conclusion|introduct|background|reference|outcome|limitation|abbrev|acknowledg|"
    r"interpretation|statistic|sample size|funding|结果|讨论|结论|背景|引言|参考文献|统计",
    re.I,
)
_LABEL = re.compile(
    r"(?:^|(?<=[.。;；:\s]))(?:ABSTRACT\.|BODY\.)?(?P<other>RESULTS?|FINDINGS?|CONCLUSIONS?|INTERPRETATION|BACKGROUND|"
    r"DISCUSSION|INTRODUCTION|STATISTICAL ANALYSIS|Results|Findings|Conclusions?|Background|结果|结论|背景)\s?[:：]"
    r"|(?:^|(?<=[.。;；:\s]))(?P<own>(?:ABSTRACT\.|BODY\.)[A-Z ,&/()-]{3,60}:|(?:METHODS?|PATIENTS?|"
    r"PARTICIPANTS?|DESIGN|"
    r"SETTING|TITLE|Methods?|Patients|Participants|Design|Objectives?|方法|对象|目的)(?: AND [A-Z]{3,20})?\s?[:：])"
)
_ANALYSIS = re.compile(
    r"exclu\w{1,5} from (?:the |this |these |all |further |our )?(?:\w{1,14} ){0,2}(?:anal|denominator)|"
    r"(?:data|studies|articles|trials|samples|variables|outliers|models?)\s(?:\w{1,12}\s){0,3}(?:were|"
    r"was) (?:ex|in)cluded|"
    r"included in (?:the |this |our )?(?:\w{1,14} ){0,3}(?:anal|model|review)|(?:adverse|side) e[vf]",
    re.I,
)
_BE = r"(?:were|was|are|is|be|been|being)\s(?:also\s|then\s|therefore\s|all\s|only\s)?"
_WHO = r"(?:patients|participants|subjects|women|men|children|they|who|if)"
_CUES: tuple[tuple[Rule, bool, tuple[str, ...]], ...] = (
    ("excluded", True, (
        r"(?:key |main |major )?exclusions?(?: criteri(?:a|on))?\b(?: were| was| included?| comprised|"
        r" consisted of|\s?[:：])",
        r"exclusion criteria", r"\b(?:we|trial|study|protocol|investigators)(?: also)? excluded", r"\bexcluding\b",
        r"did not (?:include|enroll?|recruit)", r"(?:没有|并未|未|不)(?:纳入|入选|招募|包括|包含)(?!标准)",
        rf"(?:as|so|nor) were (?:those|adolescents|{_WHO})?",
        r"\bexcluded were\b",
        rf"{_WHO} (?:\w{{1,10}} )?(?:excluded|ineligible|not eligible) (?:if|when|because of|due to|on the basis of)",
        _BE + r"(?:(?:excluded|ineligible|not eligible) (?:if|when|because of|due to)|excluded for)",
        r"(?:could|can|did|may) not (?:take part|participate|enter|enroll?)(?: in the (?:study|trial))? (?:if|when)",
        r"排除标准", r"剔除标准", r"排除(?!他|其他)", r"剔除",
    )),
    ("excluded", False, (
        _BE + r"(?:excluded|ineligible|disqualified|barred)\b",
        _BE + r"not (?:eligible|included|enrolled|recruited|allowed|permitted|admitted)",
        r"(?:could|can|did|may) not (?:take part|participate|enter|enroll?)", r"(?:led|leading|lead) to exclusion",
        r"(?:reasons?|grounds) for exclusion",
        r"(?:was|were|is|are|as) (?:an? |the |another |also )?exclusion criteri(?:on|a)\b",
        r"除外", r"不纳入", r"予以排除", r"(?:均)?(?:未被|不予)(?:纳入|入选)", r"不在研究范围",
    )),
    ("required", True, (
        r"(?:key |main |major )?inclusion criteria",
        r"\bwe (?:also )?(?:enrolled|recruited|included|studied|randomi[sz]ed|randomly assigned|assigned)",
        r"\b(?:trial|study|investigation) (?:also )?(?:enrolled|recruited|included|randomi[sz]ed|took|involved)",
        r"\bit (?:also )?(?:enrolled|recruited|included|randomi[sz]ed|randomly assigned|studied)",
        r"\b[A-Z][A-Z0-9]{2,14}(?:[ -]\d)? (?:enrolled|recruited|randomi[sz]ed) (?=\d|adults|people|patients)",
        r"eligible (?:patients|participants|subjects|children|women|men|adults|"
        r"volunteers)\b", r"eligible [\w-]{2,20} (?:were|are|had)\b",
        r"eligib(?:le|ility)(?: criteria)?\s?(?:were|was|included|:|if|provided|when|criteria)",
        r"(?:needed|required|had|have) to (?:be|have)\b", r"to be (?:included|eligible)",
        r"(?:population|subjects|participants|patients|sample) (?:consisted of|comprised|were)"
        r"(?= (?:\w{1,12} ){0,3}(?:men|women|patients|adults|children|males?|females?|adolescents|outpatients))",
        _BE + r"eligible (?:(?:for (?:inclusion|enroll?ment|participation|the (?:study|trial)) )?(?:if|when)|provided)",
        r"were required to", r"纳入标准", r"入选标准", r"入组标准", r"研究对象为",
        r"选择", r"选取", r"纳入", r"入选", r"招募", r"收集", r"(?<=[对将取])\d{1,6}[例名]",
    )),
    ("required", False, (
        _BE + r"(?:randomly |consecutively |prospectively )?(?:eligible|included|enrolled|recruited|randomi[sz]ed|"
        r"assigned|allocated|studied|invited)\b(?! (?:for|to) (?:rescue|receive rescue|continue|crossover))",
        r"\b(?:took part|participated|volunteered|entered the (?:study|trial))\b",
        r"\breceived (?:either |the )?(?:study|placebo|treatment|\w{4,20} or placebo)",
    )),
)  # fmt: skip
_REACHES = tuple((rule, after, re.compile("|".join(patterns), re.I)) for rule, after, patterns in _CUES)
_BREAK = re.compile(
    r"[;；]|,? (?:and|but|while|whereas) (?=(?:those|patients|participants|persons|subjects|people|"
    r"individuals|women|men|"
    r"children|girls|boys|adolescents|we|he|key|exclusion|inclusion|if)\b)|[:：]\s?\w{3,20} (?:were|was) |, but ",
    re.I,
)
# "After excluding …, 44 patients were recruited", "randomized …, stratified by …": the word has no more to say.
_OVER = re.compile(
    r", \d{2,5} (?=(?:[\w-]{1,14} ){0,5}(?:patients|participants|subjects|women|men|children))|stratif|minimi[sz]", re.I
)
# "An earlier trial, which enrolled …", "Holm and colleagues randomised …": the words that follow are not this study's.
_OTHERS = re.compile(
    r"\b(?:previous|prior|earlier|other|another|most|many|several|few|existing|published|larger?|recent) "
    r"(?:[\w-]{1,16} ){0,3}(?:trials?|studies|study|reports?|series|cohorts?|reviews?)\b"
    r"(?=[^.;]{0,50}\b(?:enrol|recruit|exclud|includ|randomi|assign|studied|had|involv|"
    r"in (?:\w{1,14} ){0,3}(?:men|women|"
    r"patients|children|adults|people)))|\b(?:et al\b|and (?:colleagues|co-?workers))|"
    r"(?:既往|以往|此前|先前|其他|国外|国内)[^，。；]{0,6}(?:研究|试验|报道|文献)",
    re.I,
)
_OWN = re.compile(
    r"\b(?:we|our|this (?:trial|study)|(?:the )?present (?:trial|study|cohort))\b|本研究|本试验|本组|我们", re.I
)
_LISTED = re.compile(r"\s{0,3}(?:[-•*·▪–]|\(?(?:\d{1,2}|[a-h]|[ivx]{1,4})[).、]|[（(]\d{1,2}[）)]|[①-⑳])")


def sentences(document: Document) -> Iterator[tuple[int, int, bool]]:
    """Start and end of each sentence and list line, and whether it may state a limit (it is not of the results)."""
    text = document.text
    for part in document.sections or (Section("", 0, len(text)),):
        if part.kind == "references":
            continue
        own = not _OTHER_PART.search(part.heading.rsplit(" > ", 1)[-1])
        for a, b in split(text[part.start : part.end]):
            for line in re.finditer(r"[^\n]+", text[part.start + a : part.start + b]):
                at, labels = part.start + a + line.start(), list(_LABEL.finditer(line[0]))
                for label, after in zip([None, *labels], [*labels, None], strict=True):
                    if label:
                        own = not (label["other"] or _OTHER_PART.search(label[0]))
                    start = at + (label.end() if label else 0)
                    end = at + (after.start() if after else len(line[0]))
                    if text[start:end].strip():
                        yield start, end, own


def reaches(said: str, *, carried: Rule | None) -> list[Reach]:
    """The words of inclusion and exclusion of a sentence, in order; of two that overlap the earlier and longer one.

    carried: the rule that the sentence is under if it is an item of the list before it.
    """
    if _ANALYSIS.search(said):
        return []
    found = [Reach(m.start(), m.end(), rule, after) for rule, after, p in _REACHES for m in p.finditer(said)]
    found = [r for r in found if not _of_others(said, r)]
    kept: list[Reach] = []
    for reach in sorted(found, key=lambda r: (r.start, -r.end)):
        if not kept or reach.start >= kept[-1].end:
            kept.append(reach)
    return kept or ([Reach(0, 0, carried, True)] if carried and _LISTED.match(said) else [])


def _of_others(said: str, reach: Reach) -> bool:
    """Whether the word is of another study that the sentence names before it."""
    others = [m.end() for m in _OTHERS.finditer(said, 0, reach.end)]
    own = [m.start() for m in _OWN.finditer(said, 0, reach.end)]
    return bool(others) and others[-1] > max(own, default=-1)


def goes_on(said: str, known: list[Reach], *, carried: Rule | None) -> Rule | None:
    """The rule that the next sentence is under if it is an item of a list."""
    leading = [r for r in known if r.after and r.end]
    if leading and (len(said) - leading[-1].end < 25 or re.search(r"[:：]\W{0,2}\d?[.)]?$", said)):
        return leading[-1].rule
    return carried if _LISTED.match(said) else None


def governing(said: str, known: list[Reach], *, start: int, end: int) -> Reach | None:
    """The word that governs what stands at [start, end): one before it that reaches forward, else one behind it."""
    ended = [r for r in known if r.end <= start]
    held = next((r for r in known if r.stop is not None and r.start <= start and end <= r.stop), None)
    ended = [r for r in ended if r.stop is None]
    before = next((r for r in reversed(ended) if r.after), None)
    if before and (over := _OVER.search(said, before.end)) and over.start() < start:
        before = None
    after = next((r for r in known if r.start >= end and r.stop is None), None)
    after = after if after and not after.after else None
    if before and ended[-1] is not before and ended[-1].rule != before.rule:
        before = None  # its reach ended with another predicate
    if before and after and _BREAK.search(said, before.end, start + 1) and not _BREAK.search(said, end, after.start):
        before = None
    return before or after or held
