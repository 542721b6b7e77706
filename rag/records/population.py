"""Where a text states whom it is about, without a word of inclusion: a title, "among 4,304 participants aged 65 or
older", a participants' paragraph, a recommendation "for adults aged 40 to 75 years", a contraindication.

Decides which words of a sentence name such people and whose rule it is: the study's, the scope of the whole text, or
one piece of advice. Other studies, animals, subgroups and results name none. What limits stand in those words is not
decided here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from rag.records.reach import Of, Reach, Rule

Place = Literal["text", "participants", "title", "heading", "cited"]

_PEOPLE = (
    r"(?:adults?|patients?|participants?|people|persons?|individuals?|subjects?|volunteers?|men|women|males?|females?|"
    r"boys|girls|children|adolescents?|teenagers?|infants?|neonates?|newborns?|toddlers?|babies|mothers|outpatients?|"
    r"inpatients?|residents?|survivors|anyone|those|smokers|elderly|seniors|veterans|pregnancy)\b"
)
_WORDS = r"(?:(?!(?:in|for|of|to|with|and|among|by|that|was|were|is)\b)[\w'’-]{1,20},? ){0,5}?"
_LED = _WORDS + _PEOPLE
_METHOD = re.compile(
    r"\b(?:seen|screened|enrol\w{1,5}|recruited|random\w{1,6}|assigned|allocated|divided|given|studied|treated|"
    r"included|"
    r"identified|invited|followed|took part|participated|received|underwent)\b",
    re.I,
)
# Where the words of a population end: another predicate, or a comma that does not go on about the same people.
_END = re.compile(
    r"[，；。：]|[,;:](?=\s)(?!\s(?:who|whom|with|without|aged|and (?:who|with|no)|or older|inclusive|regardless|"
    r"either|or )\b)|\.(?=\s|$)|"
    r"\s(?:should|must|is|are|was|were|may|can|has|took|underwent|received|because|if|when|unless|"
    r"the (?:USPSTF|guideline|panel|task force)|start|give|use|offer|consider|to (?:reduce|prevent|receive|take|"
    r"lower))\b"
    r"(?! (?:aged|at least|older|younger|not|pregnant|breast|receiving|taking|diagnosed|at (?:high|increased)))",
    re.I,
)
_ADVISES = re.compile(
    r"\b(?:recommend(?:s|ed|ation|ations)?|advi[sc]e[sd]?|indicated|first[- ]line|first choice|preferred|appropriate|"
    r"approved|licensed|offer(?:ed)?|should|must|(?:is|are|be|we|guideline|panel|force|group) suggest(?:s|ed)?)\b|"
    r"\b(?:start|use|give|prescribe|screen|treat|continue|add|aim|refer) ", re.I,
)  # fmt: skip
# Advice on dose and watching leaves nobody out, and so does a want of data.
_NO_ADVICE = re.compile(
    r"dos(?:e|age|ing) (?:adjust|reduc|escal|of|for)|no (?:\w{1,12} )?(?:dose|adjust|difference|data)|"
    r"recommended (?:daily )?(?:dose|intake|amount)|(?:data|evidence|studies|results|findings|research|trials|"
    r"interpret\w*)"
    r"[^.;,]{0,60}\b(?:should|must|are needed|is needed|limited|lacking|suggests?)\b|future (?:studies|research|"
    r"trials)|"
    r"(?:could|can|may|need to|should) be (?:interpreted|investigated|studied|examined|confirmed|noted|kept in mind|"
    r"emphasi[sz]ed|considered (?:as|when|in (?:the )?(?:interpret|future)))", re.I,
)  # fmt: skip
_FOR = re.compile(r"\b(?:in|for|to|among|during) (?=" + _LED + ")", re.I)
_SUBJECT = re.compile(
    r"\A(?:recommendation \d{1,2}\W{1,3}|all )?(?=" + _LED + r"(?:[^.;,]{0,160})\b(?:should|must)\b)", re.I
)
_IMPERATIVE = re.compile(r"(?:\A|[:：] )(?:in|for) (?=" + _LED + ")", re.I)
_SCOPE = re.compile(
    r"\b(?:guidelines?|guidance|recommendations?|statement|advice|it|this|report|document|pathway)\b[^.;]{0,50}?"
    r"(?P<no>(?:does|do|did|is|was) not (?:\w{1,10} )?)?\b(?:appl(?:y|ies) (?:only )?to|intended (?:only )?for|covers?|"
    r"addresses(?: care (?:of|for))?|care of|developed for|is for|advice on the care of) "
    r"(?:[^.;:]{0,80}? (?:in|for|of) )?(?=(?:\d[\d,]{0,8} )?" + _LED + ")", re.I,
)  # fmt: skip
_AGAINST = (
    (re.compile(
        r"\bcontraindicated (?:in|for|during|if|while|with)\b|"
        r"\b(?:should|must) (?:not|never) be (?:used|given|offered|taken|prescribed|started|administered|initiated)"
        r"(?: routinely)? (?:in|to|by|during|for|with|if|while)\b|"
        r"\bnot (?:recommended|indicated|suitable|advised|approved) (?:in|for|during|while|with|if)\b|"
        r"\bavoid(?:ed)? (?:[\w-]{1,16} ){0,4}?(?:in|during|by|if)\b|\bdo not (?:use|give|prescribe|start|offer) "
        r"(?:[\w-]{1,16} ){0,4}?(?:in|to|during|for|if)\b|\bcontraindications?(?: are| include|"
        r" to [\w-]{1,20} (?:are|include))"
        r"|禁用于|禁止用于|不(?:推荐|建议|宜|得|应|可)用于|禁忌(?:证|症)?(?:为|包括|[:：])", re.I,
    ), True),
    (re.compile(
        r"\b(?:is|are) contraindicated(?=\W)(?! (?:in|for|during|if|while|with))|"
        r"\b(?:is|are) not (?:recommended|advised)(?=[.,;])|should be (?:avoided|stopped)(?=[.,;])|"
        r"(?:患者|者|妇女|孕妇|儿童|期)?"
        r"(?:禁用|忌用|禁服|不宜(?:使用|服用|应用)|不(?:应|得|可)(?:使用|服用|应用))(?!于)", re.I,
    ), False),
)  # fmt: skip
_STUDY = re.compile(
    r"(?:\b(?:this|our|the present)\b[^.;,]{0,60}\b(?:trial|study|survey|cohort|analysis)\b|\bwe (?:did|"
    r"conducted|performed|"
    r"undertook|carried out|report|studied|examined|followed|compared|tested|evaluated|investigated|assessed)\b|"
    r"\A(?:an? |the )?(?:[\w-]{1,20},? ){0,6}?(?:trial|study|survey|cohort)\b)[^.;]{0,70}?\b(?:in|of|among|"
    r"involving|with) "
    r"(?=(?:\d[\d,]{0,8} )?" + _LED + ")", re.I,
)  # fmt: skip
_AMONG = re.compile(r"\bamong (?:the |these )?(?=\d[\d,]{2,9} " + _LED + ")", re.I)
_COUNT = re.compile(
    r"(?:\A|\A(?!of)[^,;.]{1,60}, )(?:a total of |in total,? |approximately )?\d[\d,]{1,8} (?=" + _LED + ")", re.I
)
_WERE = re.compile(
    r"\A(?:the |all |eligible |trial |study )?(?:population|participants|patients|subjects|volunteers|women|men|"
    r"children) "
    r"(?:were(?= (?:\w[\w-]{0,14} ){0,4}(?:men|women|patients|adults|children|males?|females?|adolescents|"
    r"volunteers|people|"
    r"aged|at least|between|\d)\b| [^.;:]{3,60}, aged \d)|had (?=(?:an? )?)|comprised|consisted of)|"
    r"\A(?:[\w-]{1,16} ){0,3}(?:participants|patients|subjects|volunteers) [^.;,]{1,60} were (?=aged \d)",
    re.I,
)
_TRIAL_PEOPLE = re.compile(
    r"(?:trial|study) (?:population|participants|sample) (?:was|were|comprised|consisted of)", re.I
)
_OUTCOME = re.compile(
    r"\(\d{1,3}(?:\.\d{1,2})?\s?%\)|\bp\s?[<=]|versus|\bvs\b|more (?:often|likely|frequent)|less (?:often|"
    r"likely)|higher|lower|"
    r"significant|similar|improve|increas|reduc|\bmean\b|median|average|baseline|adverse|event", re.I,
)  # fmt: skip
# Another study's people: "(Holm, 2001)", "one trial of twenty men found".
_CITES = re.compile(
    r"\([A-Z][^()\d]{2,60},? (?:19|20)\d\d[a-z]?[;)]|\A(?:an? |one |the |for example, )[^.;]{0,200}\b(?:found|"
    r"reported|showed|"
    r"shown|demonstrated|suggested|concluded|observed|shows|suggests)\b|\bet al\b|\A(?:in )?(?:an? |the |one |"
    r"two )?(?:previous|"
    r"earlier|prior|recent|other|another)\b|既往研究|以往研究|有研究|研究(?:显示|表明|发现)", re.I,
)  # fmt: skip
_ANIMAL = re.compile(
    r"\b(?:male|female|adult|old|healthy|wistar|sprague|dawley|c57\w{0,5}|balb\w{0,3}|\d{1,4}|week\w{0,4}|in|of|"
    r"the)\b[^.;]{0,30}"
    r"\b(?:rats|mice|rabbits|pigs|piglets|swine|sheep|monkeys|macaques|zebrafish|hamsters|beagles?|"
    r"dogs)\b(?! (?:bites?|owners?|"
    r"allerg))|大鼠|小鼠|家兔|裸鼠|实验犬|斑马鱼", re.I,
)  # fmt: skip
_TITLE = re.compile(r"\b(?:in|for|among|of|during|on|to|with) (?=(?:\d[\d,]{0,8} )?" + _LED + ")", re.I)
_HEADING = re.compile(
    r"(?:\A|\b(?:in|for|among|of|during|on|to|with) )(?=" + _LED + r")|患者|人群|女性|男性|儿童|老年|成人|妊娠|孕|"
    r"哺乳|新生儿|青少年", re.I,
)  # fmt: skip
_STATED = re.compile(
    r"\b(?:in|among|for) (?=(?:\d[\d,]{0,8} )?" + _LED + r")|(?:在|对于|对)(?=[^，,；;。]{0,30}(?:患者|人群|妇女|女性|"
    r"男性|儿童|老年人|成人|孕妇|新生儿|青少年|患儿))", re.I,
)  # fmt: skip
_ZH_PEOPLE = re.compile(
    r"患者|病人|人群|妇女|女性|男性|儿童|老年人|老人|成年人|成人|孕妇|产妇|新生儿|婴幼儿|婴儿|青少年|患儿|岁者|期(?=，)"
)
_ZH_ADVICE = re.compile(
    r"推荐|建议|首选|优选|适用于|可选用|可考虑|应当?(?!激|答|用(?:价值|于))|宜(?:选|采|使|在|从)|宜(?=[^人])"
)
_ZH_NO_ADVICE = re.compile(r"无需|不需|剂量|可改用|监测")
_ZH_AGED = re.compile(r"(?:患者|者|儿|人)?年龄\D{0,3}\d")
_ZH_CLAUSE = re.compile(r"[^，,；;。：:]{2,80}")
_ORDER = re.compile(r"\b(?:treatment|therapy) (?:should|starts)|\b(?:start|use|give|offer|avoid)\b", re.I)
# Counts by sex or group: the ages beside them are those found, not those asked for.
GROUPS = re.compile(r"男\D{0,3}\d{1,5}\s?[例名人]|(?:对照|观察|治疗|试验|实验|研究|[A-D甲乙])组\D{0,6}\d{1,5}\s?例")
_ZH_SCOPE = re.compile(r"(?P<no>不)?(?:适用于|适用人群为?|适用对象为?|针对)")


def animals(text: str) -> bool:
    """Whether a sentence or title is of animals."""
    return _ANIMAL.search(text) is not None


def populations(said: str, *, place: Place) -> list[Reach]:
    """Words of a sentence that name those whom it is about, in order.

    place: `title`, `heading` (of a guideline), `participants` (it begins what a label such as "PARTICIPANTS:"
    announces), `cited` (an answer cites it: whom it is about counts, even in results), or `text`.
    """
    if animals(said):
        return []
    if place == "title":
        return list(_of_title(said))
    if place == "heading":
        return [Reach(0, 0, "required", False, "advice", len(said))] if _HEADING.search(said) else []
    if place == "cited":
        return [_to(said, m, "required", "statement") for m in _STATED.finditer(said)]
    if place == "participants":
        return [Reach(0, 0, "required", False, "study", len(said))]
    found = [*_advice(said), *_scope(said)] or [*_study(said)]
    return sorted(found or _chinese(said), key=lambda r: r.start)


def _to(said: str, m: re.Match[str], rule: Rule, of: Of) -> Reach:
    """From a match to the end of the words about those people."""
    end = _END.search(said, m.end())
    return Reach(m.start(), m.end(), rule, False, of, end.start() if end else len(said))


def _of_title(said: str) -> Iterator[Reach]:
    if any("\u4e00" <= c <= "\u9fff" for c in said):
        if not _CITES.search(said):
            yield Reach(0, 0, "required", False, "study", len(said))
    elif m := _TITLE.search(said):
        yield Reach(m.start(), m.end(), "required", False, "study", len(said))


def _advice(said: str) -> Iterator[Reach]:
    against = [Reach(*m.span(), "excluded", after, "advice") for p, after in _AGAINST for m in p.finditer(said)]
    if against:
        yield from against
        return
    if _NO_ADVICE.search(said):
        return
    if m := _SUBJECT.search(said):
        yield _to(said, m, "required", "advice")
    elif _ADVISES.search(said):
        for m in _FOR.finditer(said):
            yield _to(said, m, "required", "advice")
    elif (m := _IMPERATIVE.search(said)) and _ORDER.search(said, m.end()):
        yield _to(said, m, "required", "advice")


def _scope(said: str) -> Iterator[Reach]:
    for m in _SCOPE.finditer(said):
        yield _to(said, m, "excluded" if m["no"] else "required", "scope")


def _study(said: str) -> Iterator[Reach]:
    """A study's own people."""
    if _CITES.search(said):
        return
    if m := _STUDY.search(said):
        yield _to(said, m, "required", "study")
    elif _OUTCOME.search(said):
        return
    elif (m := _AMONG.search(said) or _COUNT.search(said)) and _METHOD.search(said, m.end()):
        yield _to(said, m, "required", "study")
    elif m := _WERE.search(said) or _TRIAL_PEOPLE.search(said):
        yield Reach(m.start(), m.end(), "required", False, "study", len(said))


def _chinese(said: str) -> Iterator[Reach]:
    """The first clause of a Chinese sentence that names people."""
    advice, scope, own = _ZH_ADVICE.search(said), _ZH_SCOPE.search(said), _ZH_AGED.search(said)
    if not (advice or scope or own):
        return
    for m in _ZH_CLAUSE.finditer(said):
        people = max((p.end() for p in _ZH_PEOPLE.finditer(said, *m.span())), default=0)
        if scope and m.start() <= scope.start() < m.end():
            yield Reach(*scope.span(), "excluded" if scope["no"] else "required", False, "scope", m.end())
            return
        if advice and people and not _ZH_NO_ADVICE.search(m[0]):
            yield Reach(m.start(), m.start(), "required", False, "advice", people)
            return
        if own and m.start() <= own.start() < m.end() and not GROUPS.search(said):
            yield Reach(m.start(), m.start(), "required", False, "study", m.end())
            return
