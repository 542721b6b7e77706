"""What a study says of itself: its design, how many took part, who they were, what was given and against what.

Decides by rules, one table a cell, the first that matches; an empty cell is better than a doubtful one. English texts;
of a Chinese one the design, the number and the arms of the commonest wordings. Knows nothing of results.
"""

from __future__ import annotations

import re

from indexer.types import Document
from rag.align import words
from rag.tasks.evidence.arms import arms
from rag.tasks.evidence.phrases import hidden, trimmed
from rag.tasks.evidence.types import EMPTY, Cell, Piece, Place, Study

# So much of a text is read: its abstract, or its beginning.
READ = 6_000
_WORDS = {
    "practice guideline": r"guidelines?|consensus|recommendations|指南|共识",
    "meta-analysis": r"meta-?\s?analy\w+|pooled analysis|meta ?分析|荟萃分析|pooled",
    "systematic review": r"systematic(?:ally)? (?:\w+ )?(?:review\w*|search\w*|overview)|scoping review|系统(?:性)?(?:评价|综述)",
    "randomized controlled trial": r"(?<!non-)(?<!not )randomi[sz](?:ed|ation|ing)(?:[,-]? (?:double|single|triple)[- ](?:blind(?:ed)?|masked))?(?:,? (?:placebo-)?controlled)?(?: clinical)?(?: trials?| study)?|random(?:ly)? (?:assigned|allocated|divided)|randomly|at random|RCT|随机(?:双盲)?对照(?:试验)?|随机",
    "controlled trial": r"(?:placebo|sham)?-?controlled(?: clinical)? trial|clinical trial|(?:double|single|triple)[- ]blind(?:ed)?|placebo-controlled|non-?randomi[sz]ed|phase \w+|crossover|对照试验|临床试验|trial",
    "cohort": r"(?:\w+[- ]){0,2}cohort(?: study)?|retrospective(?:ly)?(?: (?:analysis|study|review))?|prospective(?:ly)?(?: (?:observational )?(?:study|analysis))?|longitudinal|consecutive patients|followed[- ]up|were followed|registry|observational|队列|回顾性|前瞻性|随访",
    "case-control": r"case[- ]control(?: study)?|matched (?:\w+ )?controls|controls matched|\w+[- ]matched|病例-?对照",
    "cross-sectional": r"cross[- ]sectional|survey|questionnaire|prevalence study|横断面|问卷",
    "case report": r"case (?:reports?|series)|a case of|we (?:report|describe|present)|病例报告",
    "narrative review": r"review|overview|综述|进展",
    "laboratory/animal": r"rats?|mice|mouse|in vitro|cell lines?|animal|大鼠|小鼠",
}  # fmt: skip
_DESIGN = {name: re.compile(rf"(?<![\w-])(?:{pattern})(?!\w)", re.I) for name, pattern in _WORDS.items()}

_PEOPLE = (
    r"(?:patients|subjects|participants|adults|children|women|men|infants|neonates|newborns|adolescents|volunteers|individuals|people|"
    r"persons|athletes|girls|boys|residents|students|trainees|smokers|survivors|mothers|nurses|physicians|veterans|youths?|couples|"
    r"cases|gamblers|asthmatics|males|females|elders|outpatients|inpatients|pregnancies|households|families|recipients|eyes|teeth|joints)"
)
_ONES = "one|two|three|four|five|six|seven|eight|nine"
_SPELT = (
    rf"(?:(?:(?:{_ONES}|a) hundred(?:[ -]and)?[ -]?)?(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[ -](?:{_ONES}))?|ten|eleven|twelve|"
    rf"thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|{_ONES})|(?:{_ONES}) hundred)"
)
_N = rf"(?P<n>\d{{1,3}}(?:[, ]\d{{3}}){{1,3}}|\d{{1,7}}|{_SPELT})"
_SOME = r"(?:[A-Za-z][\w/+-]{0,30},? ){0,6}?"
_NO_N = r"(?<![\d.,±=<>≥≤-])(?<![\d] )"
_NUMBERS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"\b(?:a )?total of {_N} {_SOME}{_PEOPLE}\b",
        rf"{_NO_N}\b{_N} {_SOME}{_PEOPLE} (?:\S+ ){{0,6}}?(?:were|was) (?:\S+ )?(?:randomi[sz]ed|randomly|enrolled|included|recruited|assigned|allocated|studied|analy[sz]ed|evaluated|examined|treated|divided|referred)",
        rf"\brandomi[sz]\w+ (?:was carried out in |of )?{_N} {_SOME}{_PEOPLE}\b",
        rf"\b(?:enrolled|recruited|included|randomi[sz]ed|studied|analy[sz]ed|treated|evaluated|examined|comprising|comprised|reviewed|identified|involving|with|in|of|from|among|assigned|surveyed|followed|for|study,|trial,|report|describe|screened|randomly assigned) (?:the |a |data (?:from|of) |all |only )?{_N} {_SOME}{_PEOPLE}\b(?! (?:years|in the|with AIDS))",
        rf"\b{_PEOPLE} \(n ?= ?(?P<n>[\d,]+)\)",
        rf"(?:^|[.:] ?\s?){_N} {_SOME}{_PEOPLE}\b",
        rf"\bof (?:the )?{_N} {_SOME}{_PEOPLE}\b",
        rf"{_NO_N}\b{_N} {_SOME}{_PEOPLE} (?:completed|participated|received|underwent|with|who|took part|aged|met)\b",
        r"(?:共|纳入|选取|收集|入选|将)[^。，；\d]{0,16}(?P<n>\d{1,7})\s?(?:例|名|人)",
        r"(?P<n>\d{1,7})\s?(?:例|名)[^。，；]{0,12}(?:患者|病人|患儿|儿童|产妇|老年人)",
    )
)  # fmt: skip
_ARMS_N = re.compile(r"\(n ?= ?\d[\d,]{0,8}\)")
_WHO = (
    r"(?:with|undergoing|who|aged|admitted|suspected|receiving|treated|having|requiring|starting|hospitali[sz]ed|diagnosed|presenting|"
    r"scheduled|at (?:high |increased )?risk|born|living|infected|suffering|choosing|under|older|referred|on|≥|>|<|in (?:the )?(?:general|primary|intensive))"
)
_ADJECTIVES = r"(?:[A-Za-z][\w/+-]{1,30},? (?:and |or )?){0,5}?"
_END = (
    r"(?=[.;:!?](?:\s|$)|,(?!\d)|\)|\s(?:were|was|and (?:were|was|in|to|the|received)|(?<!admitted )(?<!referred )to (?:receive|determine|a|one|assess|either|evaluate|compare)|randomly|at (?:the|our|a|four|two|three|five)|in (?:a|the|this|our|our|continuous)|from|by|"
    r"between|on (?:the|a)|receive[ds]?|underwent|had|have|has|completed|participated|took|using|is|are|after|during|over|compared|versus|who (?:were|had) been|in \d+|at \d+|of New York|in NYHA|for (?:the|whom)|"
    r"before|when|undergo|enrolled|randomi[sz]ed|consecutively|either|recruited|treated with|showing|but|while|prospectively|can|could|might|would|did|does|should|may|often|into|through)\b|$)"
)
_POPULATIONS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"(?P<who>(?<![\w-]){_ADJECTIVES}{_PEOPLE} {_WHO}\b[^.;:,()]{{2,110}}?){_END}",
        rf"\b(?:in|of|among|from|for) (?P<who>(?!(?:the|all|both|these|those|our|each|most|some)\b)(?:[A-Za-z][\w/+-]{{1,30}} ){{1,5}}{_PEOPLE})\b",
        rf"(?:{_N}) (?P<who>(?:[A-Za-z][\w/+-]{{1,30}} ){{1,5}}?{_PEOPLE})\b",
        r"\b(?:in|for|with|of) (?:the )?(?:(?:treatment|management|prevention) of )?(?P<who>(?!patients|increased|risk)[^.;:,?()]{0,60}?\b(?:disease|cancer|carcinoma|stroke|syndrome|epilepsy|diabetes|infections?|injur(?:y|ies)|failure|disorders?|surgery|fractures?|asthma|malaria|fever|\w+(?:itis|osis|oma|emia|aemia|pathy|ectomy|plasty|pnea|tension|algia)))(?=[.:?,;]|$|\s(?:with|during|after|using|and|in|by|versus|trial)\b)",
        r"(?P<who>[^，。；：的对中]{2,20}(?:患者|病人|患儿|儿童|孕妇|产妇))",
    )
)  # fmt: skip
_CONDITION = _POPULATIONS[3]  # read in titles only
_NO_LEAD = re.compile(
    r"\A(?:(?:the|a|an|in|of|for|among|from|and|total|consecutive|eligible|whether|that|were|was|than|with|all|most|more|these|those|were|significantly|between|"
    r"it|years?|compared|analy[sz]ed|included|enrolled|to|two|three|other|different|treated|studied|identified|evaluated|by|we|retrospectively|prospectively|as|on|at|both|many|some|"
    r"investigate|evaluate|assess|compare|benefit|efficacy|safety|outcomes?|effects?|randomi[sz]ed|controlled|trial|study|cohort|treatment|use|which|using|identifying|accessing|selected|referent|hundred|one|four|five|six|seven|eight|nine|ten|eleven|twelve|nineteen|twenty\S*|thirty\S*|forty\S*|fifty\S*|sixty\S*|seventy\S*|eighty\S*|ninety\S*)\b[\s,]*|\d[\d,]*\s)",
    re.I,
)
# "11 fewer women with": a result, not who took part.
_COUNTED = re.compile(r"\b(?:few|fewer|more|less)\s(?!than\b)", re.I)
_METHODS = re.compile(
    r"(?:^|\n|\. ?)\s{0,3}(?:materials? and |patients and |study )?methods?(?: and \w+)?\s{0,3}[:\n]", re.I
)
_COUNT = re.compile(r"\d\s{1,2}(?:[a-z-]{3,20}\s)?\Z|\d{2}\s[a-z]", re.I)
_COUNTS_WITHIN = 500  # characters of the methods
_PERSON = re.compile(rf"\b{_PEOPLE}\b", re.I)
_JOINED = re.compile(
    r"(?:,\s|(?:^|\s)(?:of|in|among|for|that|whether|between|on|from|with|by|to|were|was|is|are|and|than|only|including)\s)",
    re.I,
)
_NO_PEOPLE = re.compile(r"\A(?:cases|eyes|teeth|joints|patients|subjects|participants|people)\Z", re.I)


def study(document: Document) -> Study:
    """The cells of one study."""
    text, source = document.text[:READ], document.source
    places: tuple[tuple[Place, str], ...] = (("title", source.title), ("text", text))
    given, against = arms(document, text)
    # What both arms have, as in "intensive or standard blood pressure control", may be of the people too.
    people = _population(places, set(words(given.text)) ^ set(words(against.text)))
    return Study(source, _design(document, places), _number(text), people, given, against)


def _design(document: Document, places: tuple[tuple[Place, str], ...]) -> Cell:
    source = document.source
    if (pattern := _DESIGN.get(source.design)) is None:
        return EMPTY
    for where, text in places:
        if m := pattern.search(text):
            return Cell((Piece(m[0], m.start(), m.end(), where),))
    types = [t for t in source.publication_types if pattern.search(t)]
    return Cell((Piece(types[0], 0, len(types[0]), "record"),)) if types else EMPTY


def _number(text: str) -> Cell:
    plain = _shown(text)
    for pattern in _NUMBERS:
        for m in pattern.finditer(plain):
            if not _is_no_count(plain, m):
                return Cell((Piece(text[m.start("n") : m.end("n")], *m.span("n")),))
    named = list(_ARMS_N.finditer(text))[:4]
    near = len(named) >= 2 and named[-1].start() - named[0].start() < 300
    return Cell(tuple(Piece(m[0][1:-1], m.start() + 1, m.end() - 1) for m in named)) if near else EMPTY


def _is_no_count(text: str, m: re.Match[str]) -> bool:
    """A year, an age, a share, a step of something else."""
    n = m["n"].replace(",", "").replace(" ", "")
    return (
        (n.isdigit() and 1900 <= int(n) <= 2030 and "," not in m["n"])
        or bool(re.match(r"\s?(?:%|years?|months?|weeks?|days?|hours?|-)", text[m.end("n") :]))
        or re.fullmatch(_ONES, m["n"].lower()) is not None
        or bool(re.match(r"[^.,;]{0,40}\beach\b", text[m.end("n") :]))
        or n in ("1", "2", "3", "4")
    )


def _shown(text: str) -> str:
    """What is in brackets hidden, but for the n of a group."""
    bare = hidden(text)
    keep = [m.span() for m in re.finditer(r"\(n ?= ?[\d,]{1,9}\)", text)]
    for a, b in keep:
        bare = bare[:a] + text[a:b] + bare[b:]
    return bare


def _population(places: tuple[tuple[Place, str], ...], arms: set[str]) -> Cell:
    for pattern in _POPULATIONS:
        for where, text in (
            (places[1], places[0]) if pattern is _POPULATIONS[0] else places[:1] if pattern is _CONDITION else places
        ):
            bare = hidden(text)
            for m in _counted_first(pattern, bare):
                span = _people(bare, *m.span("who"))
                quote = text[slice(*span)] if span else ""
                if (
                    span
                    and not _NO_PEOPLE.match(quote)
                    and not set("=%;") & set(quote)
                    and not re.search(r"\bwith \d|\bper \d|\b(?:never|not|who|have)\Z", quote)
                    and not _COUNTED.search(bare, max(0, span[0] - 12), m.end())
                    and not arms & set(words(quote))
                ):
                    return Cell((Piece(quote, *span, where),))
    return EMPTY


def _counted_first(pattern: re.Pattern[str], text: str) -> list[re.Match[str]]:
    """The matches with a number before them in the methods ("randomised 320 adults with"), then the others."""
    found, heading = list(pattern.finditer(text)), _METHODS.search(text)
    if heading is None:
        return found
    start, end = heading.end(), heading.end() + _COUNTS_WITHIN
    return sorted(
        found, key=lambda m: not (start <= m.start() < end and _COUNT.search(text, m.start() - 12, m.start("who") + 8))
    )


def _people(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The stretch from the people's own adjectives on."""
    head = _PERSON.search(text, start, end)
    if head is None:
        return trimmed(text, start, end)
    for m in _JOINED.finditer(text, start, head.start()):
        start = m.end()
    while lead := _NO_LEAD.match(text[start:end]):
        start += lead.end()
    return trimmed(text, start, end)
