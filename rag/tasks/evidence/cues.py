"""The wordings by which a result says which way an outcome went, and where the outcome's name stands beside them.

Decides only the patterns. Knows nothing of arms or numbers. Read in clauses whose brackets were hidden.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

Side = Literal["left", "right"]
_MORE = "higher|greater|more|larger|longer|increased|elevated|prolonged|improved|better|superior|steeper|stronger|enhanced|raised"
_LESS = "lower(?! limb| extremit| back| body| urinary| respiratory| abdom| gastro| leg)|less|fewer|smaller|shorter|reduced|decreased|worse|inferior|poorer|weaker|diminished|attenuated|lowered"
# After "was": "more trustworthy" says nothing of an amount.
_MORE_BE = _MORE.replace("|more|", r"|more(?= than| in| with| for|[,;.]|$| {3})|")
_LESS_BE = _LESS.replace("|less|", r"|less(?= than| in| with| for|[,;.]|$| {3})|")
_ADVERB = r"(?:(?:also|both|even|all|most|only|now|much|far|slightly|markedly|substantially|statistically|consistently|still|then|found to be|shown to be|observed to be|\w{3,20}ly)[, ]{1,2}){0,3}"
_BE = r"(?:was|were|is|are|being|remained|be|became|appeared|seemed to be)"
_RAISE = "increase[sd]?|improve[sd]?|prolong(?:s|ed)?|enhance[sd]?|raise[sd]?|elevate[sd]?|augment(?:s|ed)?|lengthen(?:s|ed)?"
_LOWER = "reduce[sd]?|decrease[sd]?|lower(?:s|ed)|shorten(?:s|ed)?|attenuate[sd]?|diminish(?:es|ed)?|suppress(?:es|ed)?|prevent(?:s|ed)|alleviate[sd]?|worsen(?:s|ed)"
_NOUN_UP = "increases?|improvements?|rises?|elevations?|gains?"
_NOUN_DOWN = "reductions?|decreases?|declines?|drops?|loss"
_SEEN = r"(?: (?:was|were|is|has been|have been|could be)?\s?(?:also )?(?:observed|found|seen|noted|detected|apparent|evident|reported|shown|demonstrated|identified|recorded|present))?"
_FOR = r"(?:in terms of|in|for|with respect to|with regard to|regarding|of|on|concerning)"


@dataclass(frozen=True, slots=True)
class Cue:
    """pole: 1, -1 or 0. side: where the outcome's name stands. start, end: of the wording, in the clause. good: 1 for
    "improved", -1 for "worse", which say which way only of outcomes that are good to have; else 0. by: the pattern."""

    pole: int
    side: Side
    start: int
    end: int
    by: str
    good: int = 0


# In this order: an earlier one keeps its place against a later one that overlaps.
_PATTERNS: tuple[tuple[str, int, Side, re.Pattern[str]], ...] = tuple(
    (by, pole, "left" if side == "left" else "right", re.compile(pattern, re.I))
    for by, pole, side, pattern in (
        ("none between", 0, "right", r"\bno (?:\w+ ){0,3}(?:associations?|correlations?|relationships?) between [^,.;]{2,60}? and(?= )"),
        ("none between in", 0, "right", rf"\bno (?:evidence (?:of|for) (?:an? |any )?)?(?:\w+ly )?(?:(?:significant|meaningful|relevant|apparent|clear|important|statistical|major|overall|between-group|marked|other) ){{0,3}}(?:\w+[- ]){{0,2}}?(?:differences?|changes?|effects?|associations?|correlations?|benefits?|improvements?|increases?|reductions?|impact){_SEEN}(?:(?: (?:between|among|across) [^,.;]{{3,80}}?){_SEEN} (?:in terms of|in|for|with respect to|with regard to|regarding|concerning)|{_SEEN} {_FOR})(?= )"),
        ("differ not significant", 0, "right", rf"\b(?:differences?|changes?|effect) {_FOR}(?= [^,.;]{{3,90}} (?:was|were|is|are|did) (?:also )?not\b)"),
        ("not superior", 0, "right", r"\b(?:not|neither) (?:\w+ly )?(?:superior|inferior) to [^,.;]{2,60}? (?:in|for|with regard to|with respect to)(?: (?:reducing|improving|preventing|terms of))?(?= )"),
        ("no factor", 0, "right", r"\bnot (?:an? )?(?:\w+ ){0,2}(?:risk factor|predictor|correlate)s? (?:for|of)(?= )"),
        ("factor", 1, "right", r"\b(?:was|were|is|are) (?:an? |the only )?(?:(?:significant|independent|strong|important|major) ){0,2}risk factors? for(?= )"),
        ("correlated", 1, "right", r"\bpositively (?:and \w+ly )?(?:correlated|associated|related) (?:with|to)(?= )"),
        ("correlated", -1, "right", r"\b(?:negatively|inversely) (?:and \w+ly )?(?:correlated|associated|related) (?:with|to)(?= )"),
        ("superior", 1, "right", r"\b(?:was|were|is) (?:\w+ly )?superior to [^,.;]{2,60}? (?:for|in|with respect to|with regard to)(?: the)?(?= )"),
        ("not related", 0, "right", r"\bnot (?:\w+ly )?(?:associated|correlated|related) (?:with|to)(?= )"),
        ("differ between", 0, "right", r"\bdifferences? between [^,.;]{3,80}? (?:for|in)(?= [^,.;]{3,90} (?:was|were|is|are|did) (?:also )?not\b)"),
        ("not significant", 0, "left", rf"\b(?:{_BE} (?:also )?not (?:\w+ly )*(?:significant\w*|different|affected|altered|influenced|changed|improved|increased|reduced|decreased|higher|lower|greater|longer|shorter|superior|inferior|better|worse)|{_BE} non-?significant)\b"),
        ("did not differ", 0, "left", rf"\b(?:(?:did|do|does) not (?:\w+ly )*(?:differ|change|vary|reach (?:statistical )?significance)\w*|showed no (?:\w+ )?(?:difference|change)s?|{_BE} {_ADVERB}(?:similar|comparable|equal|equivalent|identical|unaffected|unchanged|uniform|not (?:\w+ly )*different)|remained (?:stable|the same|unchanged))\b(?! to (?:those|that) of)"),
        ("did not change", 0, "right", r"\b(?:(?:did|does|do|could) not (?:\w+ly )*(?:reduce|increase|improve|affect|influence|alter|change|cause|lower|decrease|raise|prevent|modify|potentiate|enhance|impact|prolong|shorten|result in|lead to|have (?:an|any) (?:effect|impact) on)|had no (?:\w+ )?(?:effect|impact|influence)s? on|failed to (?:reduce|increase|improve|lower|prevent|show)|similar(?:ly)? \w+(?= (?:of|in|in terms of)\b))"),
        ("likely", 1, "right", r"\b(?:were|was|are|is) (?:\w+ly |\d\S* times |also )*more likely to (?:have |develop |experience |achieve |be |receive |use |report |undergo |die)?"),
        ("likely", -1, "right", r"\b(?:were|was|are|is) (?:\w+ly |\d\S* times |also )*less likely to (?:have |develop |experience |achieve |be |receive |use |report |undergo |die)?"),
        ("likely in", 1, "left", r"\b(?:was|were) (?:\w+ly )*more (?:likely|frequent|common|often)\b"),
        ("likely in", -1, "left", r"\b(?:was|were) (?:\w+ly )*less (?:likely|frequent|common|often)\b"),
        ("associated", 1, "right", rf"\bassociated with (?:an? )?(?:\w+ly )*(?:significant )?(?:{_MORE}|increases? (?:in|of)|improvements? in)(?: (?:the )?(?:risks?|odds|likelihood|probability) of)?(?= )"),
        ("associated", -1, "right", rf"\bassociated with (?:an? )?(?:\w+ly )*(?:significant )?(?:{_LESS}|decreases? (?:in|of)|reductions? (?:in|of))(?: (?:the )?(?:risks?|odds|likelihood|probability) of)?(?= )"),
        ("subject", 1, "left", rf"\b{_BE} {_ADVERB}(?:\d\S* (?:times|fold) )?(?:{_MORE_BE})\b(?! than \d| (?:in|among) (?:both|all)\b| from| by the end of the (?:study|trial)| (?:likely|frequent|common|often)|\w| effective| sensitive| susceptible)"),
        ("subject", -1, "left", rf"\b{_BE} {_ADVERB}(?:\d\S* (?:times|fold) )?(?:{_LESS_BE})\b(?! than \d| (?:in|among) (?:both|all)\b| from| (?:likely|frequent|common|often)|\w| effective| sensitive| susceptible)"),
        ("noun", 1, "right", rf"\b(?:{_NOUN_UP}) of \d[^,;]{{0,40}}? in(?= )"),
        ("noun", -1, "right", rf"\b(?:{_NOUN_DOWN}) of \d[^,;]{{0,40}}? in(?= )"),
        ("noun", 1, "right", rf"\b(?:{_NOUN_UP}) (?:in|of)(?= )(?! (?:the |both )?[\w-]+ (?:groups?|arms?)\b)"),
        ("noun", -1, "right", rf"\b(?:{_NOUN_DOWN}) (?:in|of)(?= )(?! (?:the |both )?[\w-]+ (?:groups?|arms?)\b)"),
        ("had", 1, "right", rf"\b(?:had|have|has|showed|shows|experienced|reported|required|achieved|demonstrated|developed|presented|used|displayed|exhibited|yielded|obtained|gained|produced|accompanied by) (?:an? |the )?{_ADVERB}(?:{_MORE})(?= \w)(?! than)(?! (?:likely|effective))"),
        ("had", -1, "right", rf"\b(?:had|have|has|showed|shows|experienced|reported|required|achieved|demonstrated|developed|presented|used|displayed|exhibited|yielded|obtained|gained|produced|accompanied by) (?:an? |the )?{_ADVERB}(?:{_LESS})(?= \w)(?! than)(?! (?:likely|effective))"),
        ("active", 1, "right", rf"(?<!not )(?<!was )(?<!were )(?<!to )(?<!be )(?<!the )(?<!an )(?<!a )(?<!of )(?<!with )(?<!-)(?<!that )(?<!indicating )(?<!background )(?<!suggesting )(?<!by )(?<!or )(?<!at )\b(?:{_RAISE})(?= (?!in\b|by\b|from\b|after\b|to\b|with\b|over\b|at\b|during\b|and\b|compared\b|than\b|significantly in\b|between\b|or\b|on\b|as\b|when\b|\d))"),
        ("active", -1, "right", rf"(?<!not )(?<!was )(?<!were )(?<!to )(?<!be )(?<!the )(?<!an )(?<!a )(?<!of )(?<!with )(?<!-)(?<!that )(?<!indicating )(?<!background )(?<!suggesting )(?<!by )(?<!or )(?<!at )\b(?:{_LOWER})(?= (?!in\b|by\b|from\b|after\b|to\b|with\b|over\b|at\b|during\b|and\b|compared\b|than\b|significantly in\b|between\b|or\b|on\b|as\b|when\b|\d))"),
        ("also", 1, "right", rf"(?:,|\band) (?:an? )?{_ADVERB}(?:{_MORE})(?= \w)(?! than| in | with | for | likely)"),
        ("also", -1, "right", rf"(?:,|\band) (?:an? )?{_ADVERB}(?:{_LESS})(?= \w)(?! than| in | with | for | likely)"),
        ("required", 1, "right", rf"\b(?:{_MORE})(?= [^,.;()]{{3,60}} (?:was|were) (?:required|needed|observed|found|seen|recorded|noted|used|detected)\b)"),
        ("required", -1, "right", rf"\b(?:{_LESS})(?= [^,.;()]{{3,60}} (?:was|were) (?:required|needed|observed|found|seen|recorded|noted|used|detected)\b)"),
        ("apart", 1, "left", r"(?<=\d)(?: {1,60}|[ %])(?:[^\s\d,.;]{1,12} ){0,2}\b(?:higher|greater|longer|more)\b(?= than| in| with| for)"),
        ("apart", -1, "left", r"(?<=\d)(?: {1,60}|[ %])(?:[^\s\d,.;]{1,12} ){0,2}\b(?:lower|less|shorter|smaller)\b(?= than| in| with| for)"),
        ("went", 1, "left", r"\b(?:increased|improved|rose)(?= (?:\w+ly )?(?:in response to|more (?:in|with|after)|under)\b)"),
        ("went", -1, "left", r"\b(?:decreased|declined|fell|dropped)(?= (?:\w+ly )?(?:in response to|more (?:in|with|after)|under)\b)"),
        ("event", 0, "left", r"\b(?:occurred|developed|was seen|was observed|was found|were observed|were found|was|were|is|are)(?= (?:in )?\d)"),
    )
)  # fmt: skip
# Before a noun or an adjective: the wording is denied.
DENIED = re.compile(
    r"\bnon-?significant\w*\s*$|\b(?:not|no|nor|without|neither|never|failed to|n't)\b(?:[^\w,;]+(?!but\b)\w+){0,5}\W*$",
    re.I,
)
HEDGED = re.compile(
    r"\b(?:may|might|could|should|would|suggest\w*|hypothes\w+|possibl[ey]|potential\w*|whether|if|needed|recommend\w*|expected|implications?|explain\w*|likely that|will|would)\b",
    re.I,
)
_GOODS = re.compile(r"\b(improv\w+|better|superior|benefits?|alleviat\w+)\b", re.I)
_BADS = re.compile(r"\b(worse\w*|inferior|poorer)\b", re.I)
# A result within one group over time, or of both, is no comparison.
WITHIN = re.compile(
    r"\b(?:in both (?:groups|arms)|both groups|in all groups|from baseline|compared (?:with|to) baseline|than (?:at )?baseline|over time|within[- ]group|"
    r"before and after|after treatment (?:compared|than)|pre-?treatment|post-?treatment|in each group|from T\d)\b",
    re.I,
)


def cues(clause: str) -> list[Cue]:
    """The wordings of a clause in order, without overlap."""
    found: list[Cue] = []
    for by, pole, side, pattern in _PATTERNS:
        for m in pattern.finditer(clause):
            if not any(m.start() < c.end and c.start < m.end() for c in found):
                good = 1 if _GOODS.search(m[0]) else -1 if _BADS.search(m[0]) else 0
                found.append(Cue(pole, side, m.start(), m.end(), by, good if pole else 0))
    found.sort(key=lambda c: c.start)
    found = [c for k, c in enumerate(found) if not (k and _part_of(found[k - 1], c, clause))]
    found = _joined(found, clause)
    return [c for k, c in enumerate(found) if c.by != "also" or any(b.side == "right" and b.pole for b in found[:k])]


def _joined(found: list[Cue], clause: str) -> list[Cue]:
    """`The reduction in pain was greater`: one wording; greater says of a reduction what less says of pain."""
    kept: list[Cue] = []
    for c in found:
        first = kept[-1] if kept else None
        if first and first.by == "noun" and c.by == "subject" and not re.search(r"[,;]", clause[first.end : c.start]):
            kept[-1] = replace(c, pole=first.pole * c.pole, start=first.end, by="joined")
        else:
            kept.append(c)
    return kept


def _part_of(first: Cue, second: Cue, clause: str) -> bool:
    """`more likely to achieve a 50 % reduction in`: the second wording is in the name of the first one's outcome."""
    between = clause[first.end : second.start]
    return (
        first.side == second.side == "right"
        and second.by == "noun"
        and len(between) < 45
        and not re.search(r"[,;]| and ", between)
    )
