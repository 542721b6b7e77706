"""What was given and against what: intervention (or exposure) and comparator of a study, as its text names them.

Decides by how titles and abstracts name arms: `X versus Y`, `randomized to X or Y`, `effect of X on`. The first wording
that matches wins. Knows nothing of doses or results.
"""

from __future__ import annotations

import re

from indexer.types import Document
from rag.tasks.evidence.phrases import hidden, trimmed
from rag.tasks.evidence.types import EMPTY, Cell, Piece, Place

_ARM = r"[^.;:,?!]{2,110}?"
_VS = r"(?:versus|vs\.?|compared (?:with|to)|in comparison (?:with|to)|as compared (?:with|to)|against|rather than)"
_STOP = (
    r"(?=[.;:?!](?:\s|$)|,|\s(?:in|on|for|during|after|at|as|among|by|with (?:regard|respect)|to (?:treat|prevent|reduce|improve|assess)|when|over|using|through|within|following|"
    r"and (?:to|the|were|was)|were|was|is|are|had|has|from|who|that|which|used|added|plus|daily|twice|once|under|while|until|via|before)\b|$)"
)
_LEAD_TO = r"(?:(?:the )?(?:comparison|effects?|efficacy|effectiveness|safety|impact|influence|use|benefits?|role|evaluation|outcomes?|value|addition|administration|comparative \w+)(?:,? (?:and|or) (?:the )?(?:safety|tolerability|efficacy|effectiveness|effects?|outcomes?))?(?: of)? )?"
_GIVEN = r"(?:randomi[sz]ed|randomly (?:assigned|allocated|divided|treated)|assigned|allocated|randomi[sz]ation|random allocation|received|receive|treated with|initiated|given)"
# (where, pattern); groups i and c.
_PAIRS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (where, re.compile(pattern, re.I))
    for where, pattern in (
        ("title", rf"(?:^|: |(?:comparison|comparing|trial|study|effects?|efficacy|effectiveness|safety|use|analysis) (?:of |between )?){_LEAD_TO}(?P<i>{_ARM}) {_VS} (?P<c>{_ARM}){_STOP}"),
        ("title", rf"^(?:a |an |the )?(?:\w+[ -]){{0,4}}?comparison (?:of|between) (?P<i>{_ARM}) (?:and|with|to) (?P<c>{_ARM}){_STOP}"),
        ("title", rf"^comparative \w+ of (?P<i>{_ARM}) and (?P<c>{_ARM}){_STOP}"),
        ("text", rf"\b{_GIVEN}(?:\s?1:1)? (?:1:1 |in a \S+ ratio |equally |either |into \w+ groups?[:,]? )?(?:to |in )?(?:receive |undergo |use |an? |either |treatment with |one of two \w+ |a )*(?:either |daily )?(?P<i>(?!(?:one|two|three|four|either)\b|groups?)[^.;:,?!]{{2,110}}?),? (?:or|versus|vs\.?|and \d+ to|compared with) (?P<c>(?!more\b|both\b){_ARM}){_STOP}"),
        ("text", r"\b(?:in|between|for|from) the (?P<i>(?!control|study|intervention|treatment|placebo|experimental|first|two)[\w/+-]+(?: [\w/+-]+){0,2}?) (?:group|arm)\b[^.;]{0,80}?\b(?:and|than|versus|vs\.?|compared (?:with|to))(?: in| with| those in)? (?:the )?(?P<c>[\w/+-]+(?: [\w/+-]+){0,2}?) (?:group|arm)\b"),
        ("text", rf"\b(?:compared?|comparing|comparison of) {_LEAD_TO}(?P<i>(?!(?:the|with|to)\b|.{{0,30}}\b(?:using|characteristics)\b){_ARM}) (?:with|to|and|versus|vs\.?) (?P<c>(?!those\b){_ARM}){_STOP}"),
        ("text", rf"\b{_LEAD_TO}(?:efficacy|effects?|effectiveness|safety) of (?P<i>{_ARM}) {_VS} (?P<c>{_ARM}){_STOP}"),
    )
)  # fmt: skip
_ONE: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (where, re.compile(pattern, re.I))
    for where, pattern in (
        ("title", rf"\b(?:effects?|efficacy|effectiveness|impact|influence|safety|benefits?|role|use) (?:and \w+ )?of (?P<i>{_ARM})(?= (?:on|in|for|as|during|after|upon|among|versus)\b|[:?.,]|$)"),
        ("title", rf"^(?P<i>{_ARM}): (?:an? )?(?:new |novel |independent |possible |potential )?(?:risk factors?|predictors?|treatment|therapy|option)\b"),
        ("title", rf"\btrial of (?P<i>{_ARM})(?= (?:for|in|to|as|versus|during|after|among)\b|[:.,]|$)"),
        ("title", rf"(?:^|[:.?] )(?:does|do|is|are|can|will|could|should|did) (?:the |an? )?(?P<i>{_ARM}) (?:really |still )?(?:induce|cause|result|sufficient|mandatory|safe|worth|provides?|associated|affect|influence|reduce|improve|increase|decrease|predict|a risk|a new|an? |provide|prevent|enhance|change|impact|useful|help|lead|cause|effective|safe|necessary|superior|better|alter|protect|play)\b"),
        ("title", r"^(?P<i>[^.;:,?!]{3,70}?) (?:reduces?|improves?|increases?|decreases?|enhances?|prevents?|attenuates?|lowers?|promotes?|does not|do not|provides?|accelerates?|ameliorates?|and risk|and the risk|for (?:the )?(?:treatment|prevention|management)|add-on therapy|supplementation|as an?|therapy (?:for|in))\b"),
        ("title", r"^(?P<i>(?!(?:improvement|association|prevalence|risk|incidence|outcomes?|quality|relationship|predictors?|factors|characteristics|survival|mortality|evaluation|changes|differences?|effects?|comparison|trends?|use|role)\b)[^.;:,?!]{3,60}?) (?:in|for|among) (?:the )?(?:[\w-]+ ){0,4}(?:patients|adults|children|women|men|infants|people|subjects|volunteers|prevention|treatment)\b"),
        ("title", r"^(?P<i>(?!(?:improvement|association|prevalence|risk|incidence|outcomes?|quality|relationship|predictors?|factors|characteristics|survival|mortality|evaluation|changes|differences?|effects?|comparison|trends?|use|role|disease)\b)[\w-]{4,30}(?: [\w-]{3,20}){0,2}?) (?:in|for) (?:[\w-]+ ){0,3}?(?:failure|disease|diabetes|cancer|stroke|infection|syndrome|hypertension|asthma|arthritis|infarction|pneumonia|sepsis|shock|fibrillation)\b"),
        ("text", rf"\b(?:effects?|efficacy|effectiveness|impact|influence|benefits?) (?:and \w+ )?of (?P<i>(?!the present|this){_ARM})(?= (?:on|in|for|as|during|after|upon|among|when|by|and to)\b|[:?.,;])"),
        ("text", rf"\b(?:whether|if|that) (?P<i>(?!there|although|a |the (?:time|association|risk)|it\b){_ARM}) (?:can |could |would |may |might |is |are |was |were |had |)(?:associated|affect\w*|influence\w*|reduce\w*|improve\w*|increase\w*|decrease\w*|predict\w*|superior|effective|prevent\w*|enhance\w*|chang\w*|potentiat\w*)\b"),
        ("text", rf"\b(?:association|relationship)s? (?:between|of) (?P<i>{_ARM}) (?:and|with)\b"),
        ("text", rf"\b(?:treated|treatment|supplementation|therapy|intervention|initiated|were given) with (?P<i>{_ARM}){_STOP}"),
        ("text", r"观察组[^，。；]{0,8}(?:采用|给予|使用|应用|行)(?P<i>[^，。；（(]{2,30})"),
        ("text", r"治疗组[^，。；]{0,8}(?:采用|给予|使用|应用|行)(?P<i>[^，。；（(]{2,30})"),
    )
)  # fmt: skip
_AGAINST: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern, flags)
    for pattern, flags in (
        (r"(?<![\w-])(?P<c>placebo)(?![\w-])", re.I),
        (r"(?<![\w-])(?P<c>sham[ -]\w+|sham)(?![\w-])", re.I),
        (r"\b(?:compared (?:with|to)|versus|relative to|than)(?: in| with| that of| those (?:in|with|of|receiving|treated with))? (?:the )?(?P<c>(?:usual|standard|conventional|routine|no|untreated|healthy|matched|normal|unaffected)(?: [\w-]+){1,3}?)(?= (?:group|in|on|for|at|and|with|by|were|was|had|did)\b|[.,;:()]|$)", re.I),
        (r"\b(?P<c>(?:healthy|unaffected|matched|normal|untreated|no-treatment|wait(?:ing)?-?list|usual[- ]care|standard[- ]care|attention)(?:[- ]matched)?[ -](?:controls?|subjects|volunteers|care|treatment|group))\b", re.I),
        (r"\b(?P<c>controls|control group)\b", re.I),
        (r"\b(?:as )?compared (?:with|to) (?:the )?(?P<c>(?!those|that|baseline|other|its|each|pre|current|previous|published)[^.;:,()]{3,60}?)(?=[.;:,?)]|\s(?:in|on|for|during|after|at|among|by|when|over|using|through|within|following|and|were|was|is|are|had|who|that|which|as|with|is|can|would|could)\b)", re.I),
        (r"对照组[^，。；]{0,8}(?:采用|给予|使用|应用|行)(?P<c>[^，。；（(]{2,30})", 0),
        (r"(?P<c>安慰剂)", 0),
    )
)  # fmt: skip
_NO_ARM = re.compile(
    r"\b(?:patients|participants|subjects|children|women|men|groups?|trials?|studies|study|outcomes?|results?|data|risk|evidence|were|was|is|are|did|had|months?|years?|ratio|"
    r"we|our|experts|could|latter|former|between|each|equivalent|this|these|it|they|one of|who|whom|respectively|baseline|will|others?|methods?|rates?|values?|changes?|following|characteristics|measurements?|analysis|performance|hours?|days?)\b",
    re.I,
)
_WHAT_OF = re.compile(
    r"\A[^,;:]{0,60}?\b(?:comparisons?|trial|study|evaluation|efficacy|effectiveness|effects?|use|safety|analysis|impact|influence|role|benefits?) (?:of|between)\s",
    re.I,
)
_AIM = re.compile(
    r"\b(?:investigat\w+|evaluat\w+|assess\w*|determin\w+|examin\w+|compar\w+|stud(?:y|ied)|test\w*|aim\w*|objectives?|purpose|treated|treatment|explor\w+|hypothes\w+)\b|组",
    re.I,
)
_DEGREE = re.compile(
    r"(?:more |less )?(?:intensive|intensified|strict|tight|aggressive|standard|conventional|traditional|usual|routine|lower|higher|low|high|smaller|"
    r"larger|small|large|early|earlier|late|later|delayed|immediate|liberal|restrictive|conservative|short|shorter|long|longer|continuous|intermittent)\b",
    re.I,
)
_GENERIC = re.compile(
    r"(?:the )?(?:interventions?|treatments?|controls?|study|test|experimental|active|trial|children|patients|women|men|adults|subjects|participants|infants|"
    r"people|therapy|drugs?|surgery|adolescents|individuals|it|this|time|age)(?: groups?| arms?)?",
    re.I,
)
_STANDARD = re.compile(
    r"\b(?:placebo|conventional|standard|usual|routine|controls|control group|sham|untreated|no)\b", re.I
)


def arms(document: Document, text: str) -> tuple[Cell, Cell]:
    """Intervention and comparator, each empty where the text does not name it in a known way."""
    texts: dict[str, str] = {"title": document.source.title, "text": text}
    bare = {where: hidden(t) for where, t in texts.items()}
    for where, pattern in _PAIRS:
        for m in list(pattern.finditer(bare[where]))[:3]:
            given, against = (_cell(texts, where, m.span(g)) for g in ("i", "c"))
            if given and against and given.text != against.text:
                turned = _STANDARD.search(given.text) and not _STANDARD.search(against.text)
                return _whole(*((against, given) if turned else (given, against)))
    given = EMPTY
    for where, pattern in _ONE:
        found = [
            c
            for m in list(pattern.finditer(bare[where]))[:3]
            if (where == "title" or _AIM.search(bare[where], max(0, m.start() - 140), m.end()))
            and (c := _cell(texts, where, m.span("i")))
        ]
        if found:
            given = found[0]
            break
    return given, _against(texts)


def _whole(given: Cell, against: Cell) -> tuple[Cell, Cell]:
    """`Intensive versus standard blood pressure control`: the noun that both share is part of either."""
    (one,), (other,) = given.pieces, against.pieces
    rest = re.match(r"[\w-]+\s+", other.quote)
    if rest is None or not _DEGREE.fullmatch(one.quote) or not _DEGREE.match(other.quote):
        return given, against
    start = other.start + rest.end()
    return Cell((one, Piece(other.quote[rest.end() :], start, other.end, other.where))), against


def _against(texts: dict[str, str]) -> Cell:
    for pattern in _AGAINST:
        for where in ("text", "title"):
            m = pattern.search(texts[where])
            if m and (cell := _cell(texts, where, m.span("c"), named=True)):
                return cell
    return EMPTY


def _cell(texts: dict[str, str], where: str, span: tuple[int, int], *, named: bool = False) -> Cell:
    place: Place = "title" if where == "title" else "text"
    if lead := _WHAT_OF.match(texts[where][slice(*span)]):
        span = span[0] + lead.end(), span[1]
    found = trimmed(texts[where] if named else hidden(texts[where]), *span)
    if found is None:
        return EMPTY
    quote = texts[where][found[0] : found[1]]
    if _GENERIC.fullmatch(quote) and not (named and quote.lower().startswith("control")):
        return EMPTY
    if quote.count("(") != quote.count(")") or len(quote.split()) > 12 or (not named and _NO_ARM.search(quote)):
        return EMPTY
    return Cell((Piece(quote, *found, place),))
