"""The evidence level of a source: which design it states, by one table of rules.

Publication types decide first, then the wording of the title, then that of the abstract; the first row that matches
wins. Before the wording is read, mentions of designs that are not the source's own ("a previous meta-analysis",
"randomized trials are needed", "Mendelian randomization") are taken out. The rules are documented in
docs/evidence-levels.md. Knows nothing of documents, and nothing of how well a study was made.
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

# PubMed's publication types, lower case → design; of several, the first in this table decides.
TYPES: tuple[tuple[str, str], ...] = (
    ("clinical trial protocol", "not stated"),
    ("retraction of publication", "not stated"),
    ("published erratum", "not stated"),
    ("practice guideline", "practice guideline"),
    ("guideline", "practice guideline"),
    ("consensus development conference", "practice guideline"),
    ("consensus development conference, nih", "practice guideline"),
    ("network meta-analysis", "meta-analysis"),
    ("meta-analysis", "meta-analysis"),
    ("systematic review", "systematic review"),
    ("scoping review", "systematic review"),
    ("randomized controlled trial, veterinary", "laboratory/animal"),
    ("clinical trial, veterinary", "laboratory/animal"),
    ("observational study, veterinary", "laboratory/animal"),
    ("randomized controlled trial", "randomized controlled trial"),
    ("pragmatic clinical trial", "randomized controlled trial"),
    ("equivalence trial", "randomized controlled trial"),
    ("controlled clinical trial", "controlled trial"),
    ("cohort study", "cohort"),
    ("case-control study", "case-control"),
    ("cross-sectional study", "cross-sectional"),
    ("case reports", "case report"),
    ("case report", "case report"),
    ("clinical trial", "controlled trial"),
    ("clinical trial, phase i", "controlled trial"),
    ("clinical trial, phase ii", "controlled trial"),
    ("clinical trial, phase iii", "controlled trial"),
    ("clinical trial, phase iv", "controlled trial"),
    ("adaptive clinical trial", "controlled trial"),
    ("review", "narrative review"),
    ("comment", "not stated"),
    ("editorial", "not stated"),
    ("news", "not stated"),
    ("interview", "not stated"),
    ("biography", "not stated"),
)
# A coarse type is made more exact by the wording, if that says one of these.
COARSE: dict[str, tuple[str, ...]] = {
    "controlled trial": ("randomized controlled trial",),
    "narrative review": ("practice guideline", "meta-analysis", "systematic review"),
}

# Only the plural of animals whose products are given to people: rabbit antibodies, porcine surfactant, cow's milk.
_ANIMAL = (
    r"(?:rats?|mice|mouse|murine|rabbits|piglets?|guinea pigs?|pigs|swine(?! flu| influenza)|dogs|cats|zebrafish|drosophila|"
    r"hamsters?|gerbils?|sheep|lambs|goats|cows(?!')|cattle|heifers|sows|horses|alpacas|monkeys|macaques?|baboons|broilers)"
)
_SPECIES = r"(?:rabbit|dog|canine|pig|porcine|cat|feline|ovine|goat|bovine|monkey|primate|horse|equine|animal)"
_TRIAL_WORD = (
    r"(?:(?:large|larger|small|prospective|well-designed|well-conducted|published|placebo-controlled|double-blind|"
    r"high-quality|randomi[sz]ed|controlled|clinical|adequate|adequately|powered|multicent(?:er|re)|long-term|"
    r"comparative|head-to-head|definitive|confirmatory|interventional|properly|and),? )"
)

# Mentions of a design that is not the source's own: taken out before the rules below read title and abstract.
PASSING: tuple[str, ...] = (
    r"\bmendelian randomi[sz]ation\b|孟德尔随机化",
    r"\bnon-?randomi[sz]ed\b(?=,? (?:[\w-]+ ){0,3}(?:trials|studies|evidence|data)\b)",
    r"\b(?:previous|prior|earlier|recent|past|existing|published|several|many|some|most|numerous|multiple|available|other|few) "
    r"(?:[\w-]+,? ){0,3}(?:meta-?analys[ie]s|systematic reviews?|guidelines?|case reports?|(?:trials?|cohorts?|reviews|surveys))\b",
    rf"\b(?:no|lack of|absence of|paucity of|future|further|additional|more|larger?|needs?|need for|requires?|awaits?|until|"
    rf"warrants?|suggest|planned|ongoing|forthcoming) (?:a |an |the |of )?{_TRIAL_WORD}{{1,6}}(?:trials?|study|studies|data|evidence)\b",
    rf"\b{_TRIAL_WORD}{{1,6}}(?:trials?|study|studies) (?:[\w-]+ ){{0,6}}(?:is|are|be|seems?) (?:[\w-]+ ){{0,2}}"
    r"(?:needed|required|warranted|necessary|lacking|scarce|justified|awaited|recommended|underway|ongoing|planned|indicated)\b",
    r"(?<!two )(?<!three )(?<!consecutive, )\brandomi[sz]ed,? (?:[\w-]+,? ){0,4}(?:trials|studies|designs)\b|\brcts\b",
    r"\b(?:placebo-controlled|controlled|double-blind|clinical|phase \w{1,4}),? (?:[\w-]+,? ){0,3}trials\b",
    r"\bin[- ]vitro (?:fertili[sz]\w+|maturation|diagnos\w+)",
    r"\b(?:retrospective or|longitudinal rather than|either|most) cross[- ]sectional\b",
    r"\bcross[- ]sectional (?:area|areas|diameters?|images?|imaging|planes?|views?|shapes?|echo\w*|geometr\w+|slices?|dimensions?|"
    r"population studies|neuroimaging|anatomy|vessel|lumen|profiles?|\w+ area)\b",
    r"\b(?:adherence|compliance|concordance|conformity|according|accordance|accord|implement\w+|impact|effects?|effectiveness|"
    r"influence|validation|evaluation|assessment|comparison|quality|appraisal|awareness|knowledge|attitudes?|barriers?|"
    r"uptake|dissemination|application|critique|current|meet|following|beyond|existing|based on|review|implications) "
    r"(?:[\w/-]+ ){0,6}guidelines?\b",
    r"\bguidelines?[- ](?:adherence|compliance|concordan\w+|based|directed|implementation|recommended|targets?|"
    r"development|panels?|users?|groups?|consistent|driven|adherent)\b",
    r"基于[^，。；]{0,12}指南|指南[》”」]?的?(?:解读|解析|比较|对比|依从|遵循|评价|要点|启示|质量|推荐|实施|应用)",
)

# (design, where, pattern). `title` rows read the title, `abstract` rows the abstract, in lower case, with plain
# hyphens and single spaces. Repetition is bounded, so that a hostile text cannot slow a pattern down.
RULES: tuple[tuple[str, str, str], ...] = (
    ("not stated", "title", r"\bprotocols? (?:for|of) (?:a|an|the)\b|\b(?:study|trial|review|research) protocol\b|: (?:a )?protocol\b|\brationale(?:,| and) (?:[\w-]+,? (?:and )?){0,3}(?:design|methods)\b|\b(?:study )?design and rationale\b|研究方案|试验方案|计划书"),
    ("not stated", "title", r"^(?:erratum|corrigendum|correction|corrections|retraction|withdrawal|expression of concern|comment|editorial|reply|authors?' reply|letter)\b(?: to| on|:|\.)|^(?:勘误|更正|撤稿声明)"),
    ("practice guideline", "title", r"\b(?:clinical )?practice (?:guidelines?|parameters?)\b(?!.*\?)|^(?:the )?(?:[\w/&.,-]+ ){0,12}guidelines?(?: \d{4})? (?:for|on) (?!.*\?)|(?:^|: |\. |- )(?:[\w/&.,'-]+ ){0,14}guidelines?(?: \(?\d{4}\)?)?(?: \(?(?:update|summary|revised|revision|version)[^?]{0,30})?\W*$(?<!\?)"),
    ("practice guideline", "title", r"\b(?:recommendation|consensus|position) statement\b|\b(?:expert|international|delphi) consensus (?:on|for|recommend\w+|guid\w+)|\bconsensus (?:recommendations|guidelines|report)\b|\brecommendations (?:of|from|by) (?:the )?(?:[\w.-]+ ){0,8}(?:task force|committee|society|working group|association|college)\b|\bguideline (?:of|from|by) the\b"),
    ("practice guideline", "title", r"(?:防治|诊治|诊疗|治疗|管理|临床|实践|预防|筛查|护理|用药|康复|诊断|应用|操作|营养|防控)[^，。；:：]{0,8}指南|指南(?:\s?[(（:：\[【]|\s?\d{4}|$)|专家共识|共识(?:意见|声明|指南)|诊疗规范|诊疗方案|推荐意见"),
    ("meta-analysis", "title", r"\bmeta-? ?analys[ei]s\b|\bmeta-?analytic(?:al)? (?!reviews? of reviews)|\bpooled analys[ei]s\b|\bmeta-?regression\b|meta ?分析|荟萃分析|元分析|汇总分析"),
    ("systematic review", "title", r"\bsystematic(?:ally)? (?:[\w-]+ ){0,3}(?:reviews?|overview|search|mapping)\b|\b(?:scoping|umbrella|rapid|integrative) reviews?\b|\bcochrane review\b|系统(?:性)?(?:评价|综述|回顾)|范围综述|伞状(?:评价|综述)"),
    ("laboratory/animal", "title", rf"\b(?:in|of|from|on|among) (?:[\w-]+ ){{0,4}}{_ANIMAL}\b(?! (?:allerg|bite|ownership|tick))|\b{_ANIMAL} (?:models?|embryos?|liver|brain|heart|lung|kidney|skin|muscle|cells?|hepatocytes|oocytes)\b|\b{_SPECIES} (?:models?|experiment|study)\b|^(?:[\w-]+ )?{_ANIMAL}\b|\bmouse\b|\bknockout\b|大鼠|小鼠|家兔|动物(?:实验|模型)|斑马鱼|比格犬|裸鼠"),
    ("randomized controlled trial", "title", r"(?<!non-)(?<!non )\brandomi[sz]ed\b|\brandomi[sz]ation (?:of|to)\b|\brandom(?:ly)? (?:assign|allocat)\w+|\brct\b|随机(?:[^抽森选效过]{0,8})(?:对照|试验|双盲|单盲|分组|临床|研究)"),
    ("laboratory/animal", "title", r"\bin vitro\b|\bcell lines?\b|\bexperimental model\b|体外(?!循环|冲击|碎石|受精|反搏|膜肺)|细胞(?:系|株|凋亡|增殖)|hplc法|含量测定|质量标准|制备工艺|的合成$"),
    ("case-control", "title", r"\bcase[- ]control(?:led)?\b|\bcase-referent\b|病例-?对照"),
    ("cross-sectional", "title", r"\bcross[- ]sectional\b|\b(?:prevalence|questionnaire|national|online|web-based|postal|population|household|population-based) (?:survey|study of prevalence)\b|\bprevalence study\b|横断面|现况(?:调查|研究)|现状调查|问卷调查|患病率调查"),
    ("cohort", "title", r"\bcohorts?\b|\bfollow-?up stud(?:y|ies)\b|\b(?:retrospective|longitudinal|observational)(?:,? (?:[\w-]+,? ){0,3})(?:study|analysis|review|evaluation)\b|\bregistr(?:y|ies)\b|队列|随访研究|回顾性"),
    ("case report", "title", r"\bcase (?:reports?|series|stud(?:y|ies) of a)\b|\b(?:a|an unusual|a rare|first|unique) case (?:of|with)\b|\breports? of (?:a|an|one|two|three|four|five|\d) (?:[\w-]+ ){0,2}cases?\b|\b(?:two|three|four|five) cases\b|病例报告|个案|病例分析|(?<![\d一二三四五六七八九十百])[1-5一二两三四五]例(?:报告|报道|分析)?(?:$|\W)"),
    ("meta-analysis", "abstract", r"\b(?:we|this|our|the present|the current|by|using) (?:[\w-]+,? ){0,6}meta-?analys[ei]s\b|\bmeta-?analys[ei]s (?:was|were|of|included|showed|revealed|identified) |\bpooled (?:odds|risk|hazard|relative|mean|estimates?|effect|analysis|prevalence|proportion|sensitivity|rr|or|hr)\b|\bmeta-?analysed\b|(?:行|进行|采用|做)(?:\S{0,12})(?:meta ?分析|荟萃分析)"),
    ("systematic review", "abstract", r"\b(?:we|this|our|the present|by|a) (?:[\w-]+,? ){0,5}systematic(?:ally)? (?:[\w-]+ ){0,3}(?:review|reviewed|search|searched|overview)\b|\bsystematic(?:ally)? (?:[\w-]+ ){0,2}(?:search|review|overview) (?:was|of the|of|were)\b|\b(?:medline|pubmed|embase|cochrane library)(?:,| and| \()(?:[^.]{0,120})(?:were|was) searched\b|\bsearched (?:the )?(?:[\w-]+,? ){0,4}(?:medline|pubmed|embase|cochrane)\b|系统(?:性)?(?:评价|综述|检索)|(?:计算机)?检索(?:[^。]{0,40})(?:pubmed|cochrane|知网|万方|数据库)"),
    ("narrative review", "title", r"\b(?:a|an|narrative|literature|clinical|critical|mini|state-of-the-art|brief|historical) (?:\w+ ){0,2}review\b(?! of (?:\d|our|cases))|: (?:an? )?(?:updated? )?review\b(?! of (?:\d|our))|\breview of (?:the )?literature\b|\boverview of\b|: an overview\b|综述|研究(?:新)?进展|研究(?:现状|概况|近况)|(?:治疗|诊治)(?:近况|进展)|进展与展望|述评"),
    ("laboratory/animal", "abstract", rf"\b(?:male|female|adult|pregnant|newborn|anesthetized|anaesthetized|awake|conscious|wistar|sprague-dawley|c57bl\S*|balb\S*|wild-type|wt|knockout|deficient|transgenic|mutant|nude|holstein|mongrel|lactating|beagle) (?:\S+ ){{0,3}}{_ANIMAL}\b|\b{_ANIMAL} (?:were|was|received) (?:\w+ )?(?:randomi[sz]ed|randomly|assigned|allocated|divided|treated|fed|injected|studied|given|used|anesthetized|sacrificed|killed)"),
    ("laboratory/animal", "abstract", rf"\b(?:groups? of|\d{{1,3}}|six|eight|ten|twelve|twenty) (?:[\w-]+ ){{0,2}}{_ANIMAL} (?!patients|owners)|\b{_ANIMAL} (?:model|liver|brain|heart|kidney|hepatocytes|embryos|strains?)\b|\bcell lines? (?:was|were)\b|\b(?:cultured|transfected) (?:[\w-]+ ){{0,3}}cells\b|\bbench study\b|大鼠|小鼠|家兔|裸鼠|细胞株"),
    ("randomized controlled trial", "abstract", r"(?<!non-)(?<!non )(?<!not )\brandomi[sz](?:ed|ing)\b|\brandom(?:ly|ised|ized)? (?:[\w-]+,? ){0,3}(?:assign|allocat|divid|split|grouped|receiv|treated|given|administered|order\b|sequence\b|prescribed)\w*|\b(?:assigned|allocated|divided|distributed|allocation|assignment|given|split|grouped) (?:\w+ ){0,5}(?:at random|randomly)\b|\bin (?:a )?random (?:order|sequence|manner|fashion|way|cross-?over)\b|\b(?:after|before|underwent|from|at|following|by) randomi[sz]ation\b|随机(?:[^抽选。]{0,10})分(?:为|成|配|组|入)|随机对照|随机(?:、|，)?双盲|随机(?:数字|区组|数字表)"),
    ("controlled trial", "title", r"\b(?:controlled|clinical|pilot|open-label|single-arm|feasibility|crossover|cross-over) (?:clinical )?trial\b|\b(?:double|single|triple)[- ]blind(?:ed)?\b|\b(?:placebo|sham)-controlled\b|\bnon-?randomi[sz]ed\b|\bphase (?:[1-4]|i{1,3}|iv|i/ii|ii/iii)[ab]?,? (?:[\w-]+,? ){0,4}(?:study|trial)\b|\bquasi-experiment|\bcrossover study\b|对照试验|临床试验|临床对照|类实验"),
    ("cohort", "title", r"\bprospective(?:,? (?:[\w-]+,? ){0,3})(?:study|analysis|evaluation)\b|前瞻性"),
    ("controlled trial", "abstract", r"\b(?:double|single|triple)[- ]blind(?:ed)?\b|\b(?:placebo|sham)-controlled\b|\bnon-?randomi[sz]ed\b|\bquasi-(?:experiment|randomi)|\bcontrolled (?:[\w-]+ )?(?:intervention|before-and-after) (?:study|trial)\b|\bcontrolled clinical trial\b|安慰剂"),
    ("case-control", "abstract", r"\bcase[- ]control(?:led)?\b|\bcase-referent\b|\b(?:age|sex|gender|bmi|individually|frequency)[- ](?:[\w-]+[- ]){0,4}matched (?:[\w-]+ ){0,2}controls?\b|\b(?:\d+|matched|healthy|and|population|hospital) matched (?:[\w-]+ ){0,1}controls?\b|\bmatched controls\b|病例-?对照"),
    ("cross-sectional", "abstract", r"\bcross[- ]sectional(?:ly)?(?:[.,:;]|$| (?:[\w-]+,? ){0,4}(?:study|studied|survey|surveyed|analysis|analyses|design|data|sample|investigation|questionnaire|assessment|comparison|evaluation|observational|audit|cohort)\b)|\b(?:postal|online|web-based|mailed|mail|national|household|telephone|internet|anonymous|questionnaire|population-based|community|descriptive|prevalence) (?:questionnaire )?survey\b|\bprevalence study\b|\b(?:were|we|was) surveyed\b|\ba survey (?:was|of)\b|\bsurvey was (?:conducted|sent|performed|administered|mailed|carried)|横断面|现况调查|问卷调查|抽样调查"),
    ("cohort", "abstract", r"\b(?:prospective|retrospective|population-based|nationwide|birth|inception|historical|community|national|this|the|our|a|derivation|study|longitudinal) (?:[\w-]+,? ){0,3}cohort\b|\bcohort study\b|\bwere followed\b|\bfollowed[- ]up (?:for|until|from)\b|\b(?:retro|pro)spective(?:ly)?,? (?:[\w-]+,? ){0,3}(?:study|studied|review|reviewed|analysis|analy[sz]ed|evaluat\w+|collected|enrolled|follow\w*|data|audit|case series|database|series|observational|compared|recruited|included|chart|registry|examined)\b|\b(?:medical|hospital|patient|clinical|case) (?:records|charts|notes) (?:of [^.]{0,60})?(?:were|was) (?:retrospectively )?(?:reviewed|examined|analy[sz]ed)|\bchart review\b|\bperson-years\b|\blongitudinal (?:study|data|analysis)\b|\bconsecutive patients\b|队列研究|前瞻性|回顾性|随访(?!率)"),
    ("case report", "abstract", r"\b(?:we|authors) (?:here |herein |also )?(?:report|present|describe)(?:ed)? (?:on )?(?:a|an|the|two|three|our|one|here|four|five) (?:[\w-]+,? ){0,6}(?:cases?|patients?|man|woman|boy|girl|child|infant|neonate)\b|\b(?:a|an|this|our|the) (?:[\w-]+,? ){0,2}\d{1,3}[- ](?:year|month|week|day)s?[- ]old (?:[\w-]+,? ){0,5}(?:man|woman|boy|girl|male|female|patient|infant|child|neonate|lady|gentleman|presented|was)\b|\b(?:a|this|the|one) (?:[\w-]+ ){0,3}case (?:[\w-]+ ){0,4}is (?:reported|presented|described)\b|\b(?:two|three|four|five) (?:[\w-]+ ){0,2}cases (?:[\w-]+ ){0,4}are (?:reported|presented|described)\b|报告(?:了)?[一1两2]例|患(?:者|儿|某)?[,，:：]?(?:男|女)(?:性|婴|孩|童)?[,，]"),
    ("controlled trial", "abstract", r"\bopen(?:-label)?,? (?:[\w-]+,? ){0,3}(?:trial|study)\b|\bphase (?:[1-4]|i{1,3}|iv|i/ii|ii/iii)[ab]?,? (?:[\w-]+,? ){0,3}(?:trial|study) (?!participa)|\bcross-?over (?:design|study|trial|manner|fashion)\b|\bcontrolled trial\b|\bcontrolled,? (?:[\w-]+,? ){0,2}study\b|\b(?:or|and|with|than|versus) (?:a )?placebo\b|\bplacebo group\b|\bsham (?:group|treatment|stimulation|exposure)\b|对照组|自身对照|(?:作|为|设)对照|对照观察"),
    ("narrative review", "abstract", r"\b(?:this|the present|our|the) (?:[\w-]+ ){0,2}review (?:[\w-]+ ){0,2}(?:summari[sz]es|discusses|describes|reviews|considers|focuses|highlights|covers|examines|aims|provides|outlines|will|is|addresses|presents|explores|deals)\b|\b(?:this|the|our) (?:[\w-]+ ){0,1}(?:article|paper|chapter|report) (?:[\w-]+ ){0,2}(?:reviews|summari[sz]es|provides an overview|gives an overview|will review|overviews)\b|\b(?:we|authors|here,? we) (?:[\w-]+ ){0,2}(?:review|summari[sz]e|overview) (?:the |recent |current |what |available |existing |some |data |literature |evidence |advances |how )|\b(?:is|are) reviewed\b|本文(?:就|对|将|从)?[^。]{0,30}(?:综述|作一|总结|概述|评述|介绍)|综述(?:了|如下)|现就"),
    ("laboratory/animal", "abstract", rf"\bin vitro\b|\bin vivo\b|\bwestern blot|\bpcr\b(?:[^.]{{0,60}})\bcells\b|\b(?:expression|mrna|cdna|gene|protein|phosphorylation) (?:[\w-]+ ){{0,6}}(?:cells|tissues|embryos|{_ANIMAL})\b|\b(?:mice|drosophila|zebrafish|yeast|saccharomyces|escherichia coli|xenopus|c\. elegans|caenorhabditis|arabidopsis|knockout|cell lines?|cdna|transgenic)\b|离体|体外|细胞培养"),
)  # fmt: skip

_TYPE = {name: (place, design) for place, (name, design) in enumerate(TYPES)}
_PASSED = [re.compile(pattern) for pattern in PASSING]
_COMPILED = [(design, where, re.compile(pattern)) for design, where, pattern in RULES]
_RANK = {design: i for i, design in enumerate(DESIGNS)}
_HYPHENS = str.maketrans("‐‑‒–—−", "------")
# Rules read so much of an abstract and no more: enough for any, and it bounds the time.
_READ = 6_000


def classify(*, publication_types: Sequence[str], title: str, abstract: str) -> str:
    """One of DESIGNS: by the publication type that stands first in TYPES, else by the first of RULES that matches."""
    typed = [_TYPE[t] for t in map(str.lower, publication_types) if t in _TYPE]
    if not typed:
        return _by_wording(title, abstract)
    stated = min(typed)[1]
    if stated in COARSE:
        worded = _by_wording(title, abstract)
        return worded if worded in COARSE[stated] else stated
    return stated


def rank(design: str) -> int:
    """0 for the best design, rising; an unknown name ranks last."""
    return _RANK.get(design, len(DESIGNS) - 1)


def _by_wording(title: str, abstract: str) -> str:
    texts = {"title": _readable(title), "abstract": _readable(abstract)}
    for design, where, pattern in _COMPILED:
        if pattern.search(texts[where]):
            return design
    return "not stated"


def _readable(text: str) -> str:
    """What the rules read: lower case, plain hyphens, single spaces, mentions in passing taken out."""
    text = " ".join(text[:_READ].lower().translate(_HYPHENS).split())
    for pattern in _PASSED:
        text = pattern.sub(" ", text)
    return text
