"""The evidence level of a source: which design it states, by one table of rules.

Publication types decide first, then the wording of the title, then that of the abstract; within each the first rule
that matches wins. The rules are documented in docs/evidence-levels.md. Knows nothing of documents or ranking.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

DESIGNS = (
    "practice guideline",
    "meta-analysis",
    "systematic review",
    "randomized controlled trial",
    "controlled trial",
    "cohort",
    "case-control",
    "cross-sectional",
    "case report",
    "narrative review",
    "laboratory/animal",
    "not stated",
)

# PubMed's publication types, lower case → design.
TYPES: tuple[tuple[str, str], ...] = (
    ("practice guideline", "practice guideline"),
    ("guideline", "practice guideline"),
    ("consensus development conference", "practice guideline"),
    ("consensus development conference, nih", "practice guideline"),
    ("network meta-analysis", "meta-analysis"),
    ("meta-analysis", "meta-analysis"),
    ("systematic review", "systematic review"),
    ("scoping review", "systematic review"),
    ("randomized controlled trial", "randomized controlled trial"),
    ("pragmatic clinical trial", "randomized controlled trial"),
    ("equivalence trial", "randomized controlled trial"),
    ("randomized controlled trial, veterinary", "laboratory/animal"),
    ("controlled clinical trial", "controlled trial"),
    ("clinical trial, phase iii", "controlled trial"),
    ("clinical trial", "controlled trial"),
    ("adaptive clinical trial", "controlled trial"),
    ("cohort study", "cohort"),
    ("case-control study", "case-control"),
    ("cross-sectional study", "cross-sectional"),
    ("case reports", "case report"),
    ("case report", "case report"),
    ("review", "narrative review"),
)

_ANIMALS = r"(?:rats?|mice|mouse|murine|rabbits?|piglets?|pigs?|dogs?|zebrafish|drosophila|hamsters?|sheep|macaques?)"
_WILL = r"(?:study |trial )?protocols?\b"

# (design, where, pattern). `title` rules read the title, `abstract` rules the abstract; patterns are case-blind and use
# only bounded repetition, so that a hostile text cannot slow them down.
RULES: tuple[tuple[str, str, str], ...] = (
    ("practice guideline", "title", r"\b(?:clinical )?(?:practice )?guidelines?\b(?! adherence)(?!-)|\brecommendation statement\b|\bconsensus statement\b|\bposition statement\b|临床指南|诊疗指南|防治指南|指南(?:解读)?（|专家共识|诊疗规范|指南$"),
    ("not stated", "title", rf"\b(?:protocol for|{_WILL}\s{{0,3}}(?:for|of)|rationale and design)|研究方案"),
    ("meta-analysis", "title", r"\bmeta-?\s?analys[ie]s\b|\bpooled analysis\b|meta\s?分析|荟萃分析|元分析"),
    ("systematic review", "title", r"\bsystematic(?:ally)? (?:literature )?review|\bscoping review\b|\bumbrella review\b|系统评价|系统综述"),
    ("laboratory/animal", "title", rf"\bin vitro\b|\bin (?:\w+ ){{0,2}}{_ANIMALS}\b|\b{_ANIMALS} model|\banimal model|\bcell lines?\b|大鼠|小鼠|体外|动物实验|细胞系"),
    ("case-control", "title", r"\bcase[- ]control(?:led)?\b|病例对照"),
    ("cross-sectional", "title", r"\bcross[- ]sectional\b|\bprevalence (?:survey|study)\b|横断面|现况调查"),
    ("cohort", "title", r"\bcohort\b|\bfollow-up study\b|\bprospective (?:observational )?study\b|\bregistry\b|\blongitudinal study\b|队列|随访研究"),
    ("case report", "title", r"\bcase (?:report|series)\b|\ba case of\b|\breport of (?:a|one|two|three) cases?\b|病例报告|个案|例报告"),
    ("randomized controlled trial", "title", r"\brandomi[sz]ed\b(?! (?:evaluation of )?(?:rats|mice))|\brandomi[sz]ation (?:of|to)\b|\bRCT\b|随机"),
    ("controlled trial", "title", r"\bcontrolled (?:clinical )?trial\b|\b(?:double|single)-blind\b|\bplacebo-controlled\b|\bnon-?randomi[sz]ed\b|对照试验|临床试验"),
    ("narrative review", "title", r"\b(?:a|an|narrative|literature|clinical|critical|state-of-the-art) (?:\w+ ){0,2}review\b|: review\b|\breview of the literature\b|\boverview\b|综述|研究进展"),
    ("laboratory/animal", "abstract", rf"\b(?:male|female|adult|wistar|sprague[- ]dawley|c57bl|balb|wild-type|knockout|transgenic) (?:\S+ ){{0,2}}{_ANIMALS}\b|\b{_ANIMALS} were (?:\w+ )?(?:randomi[sz]ed|assigned|divided|treated|fed|injected)|大鼠|小鼠|\bcell lines? (?:was|were)\b"),
    ("meta-analysis", "abstract", r"\b(?:we|this|our|the present|a) (?:\w+ ){0,5}meta-?analys[ie]s\b|\bmeta-?analys[ie]s (?:was|were) (?:performed|conducted|carried)|\bpooled (?:odds|risk|hazard|relative|mean|estimate|effect|analysis)|行meta分析|进行荟萃分析|进行meta分析"),
    ("systematic review", "abstract", r"\b(?:we|this|our|the present|a) (?:\w+ ){0,5}systematic(?:ally)? (?:\w+ ){0,2}review(?:ed)?\b|\bsystematic (?:literature )?(?:search|review) (?:was|of)\b|系统评价|系统检索"),
    ("randomized controlled trial", "abstract", r"\b(?:were|was|we|been) (?:\w+ ){0,3}randomi[sz]ed\b|\brandomly (?:\w+ ){0,2}(?:assigned|allocated|divided|assigns)|\brandomi[sz]ed,? (?:\S+ ){0,5}(?:trial|study)\b|\bunderwent randomi[sz]ation|\brandomi[sz]ed (?:\w+ ){0,4}(?:to|into)\b|随机(?:\S{0,8})分(?:为|成|配|组)|随机对照|随机双盲|随机、双盲"),
    ("case-control", "abstract", r"\bcase[- ]control(?:led)? (?:study|design|analysis)|\bmatched controls\b|病例对照"),
    ("cross-sectional", "abstract", r"\bcross[- ]sectional\b|横断面"),
    ("cohort", "abstract", r"\b(?:prospective|retrospective|population-based|nationwide|birth) (?:\w+ ){0,3}cohort\b|\bcohort study\b|\bwere followed (?:up )?(?:for|until|from)|\bretrospective(?:ly)? (?:\w+ ){0,3}(?:study|review|analysis|reviewed|analy[sz]ed)|\bperson-years\b|队列研究|前瞻性队列|回顾性"),
    ("case report", "abstract", r"\bwe (?:report|present|describe) (?:a|an|the|two|three|our) (?:\w+ ){0,4}(?:case|patient|man|woman|boy|girl|child|infant)\b|\b\d{1,3}-year-old\b|报告1例|患者，?(?:男|女)"),
    ("controlled trial", "abstract", r"\b(?:double|single)-blind|\bplacebo-controlled\b|\bopen-label (?:\w+ ){0,3}(?:trial|study)|\bphase (?:i{1,3}v?|[1-4])\b (?:\w+ ){0,3}(?:trial|study)|\bclinical trial registration\b|对照组"),
    ("narrative review", "abstract", r"\b(?:this|the present|our) (?:\w+ ){0,2}(?:review|article|paper) (?:\w+ ){0,2}(?:summari[sz]es|discusses|describes|reviews|considers|focuses|highlights|covers|examines|aims|provides|outlines)|\bwe (?:review|summari[sz]e|discuss)\b|本文(?:就|对|综述)|综述"),
    ("laboratory/animal", "abstract", r"\bin vitro\b|\bin vivo\b|\bcultured cells\b|\bwestern blot"),
)  # fmt: skip

_TYPE = dict(TYPES)
_COMPILED = [(design, where, re.compile(pattern, re.I)) for design, where, pattern in RULES]
_RANK = {design: i for i, design in enumerate(DESIGNS)}
# Rules read so much of an abstract and no more: enough for any, and it bounds the time.
_READ = 6_000


def classify(*, publication_types: Sequence[str], title: str, abstract: str) -> str:
    """One of DESIGNS: the best design among the publication types, else the first rule that matches."""
    typed = [_TYPE[t.lower()] for t in publication_types if t.lower() in _TYPE]
    stated = min(typed, key=rank, default="not stated")
    # "Review" and "Clinical Trial" are coarse: a more exact title or abstract is believed.
    if stated not in ("not stated", "narrative review", "controlled trial"):
        return stated
    worded = _by_wording(title[:_READ], abstract[:_READ])
    if stated == "controlled trial":
        return worded if worded == "randomized controlled trial" else stated
    if stated == "narrative review":
        return worded if worded in ("meta-analysis", "systematic review", "practice guideline") else stated
    return worded


def rank(design: str) -> int:
    """0 for the best design, rising; an unknown name ranks last."""
    return _RANK.get(design, len(DESIGNS) - 1)


def _by_wording(title: str, abstract: str) -> str:
    for design, where, pattern in _COMPILED:
        if pattern.search(title if where == "title" else abstract):
            return design
    return "not stated"
