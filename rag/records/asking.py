"""What a question asks of a thing that it names, from the words around the name: of a test a value or a trend, of a
drug whether it is taken, of a vaccine when it was given, of a problem whether and since when it is recorded.

Decides by cue words in a fixed order for each kind of thing, English and Chinese. Words about medicine rather than this
patient, or about another person, give no reading. Does not find the name: rag.records.anchor does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.records.wanted import Read

# Of another person, or of taking a drug badly: other rules and the notes know more.
_OTHERS = re.compile(
    r"\b(?:famil\w+|mother|father|brother|sister|parents?|wife|husband|allerg\w+|react(?:s|ed|ion)|overdose\w*|due|"
    r"plan(?:s|ned|ning)?|rule[ds]? out|suspect\w*|suspicious|normal|ok|okay|fine|acceptable|controlled with)\b"
    r"|家族|父亲|母亲|父母|过敏|不耐受|计划|打算|排除|怀疑|正常"
)


# Of medicine, not of this patient.
_GENERAL = re.compile(
    r"\b(?:people|used (?:for|to treat|in)|do you|what does|at what|which (?:drugs?|med\w*)|happens|"
    r"in pregnancy|how common|is (?:an? )?"
    r"(?:obese|disease)|usual(?:ly)?|generally|typical(?:ly)?)\b"
    r"|怎么(?:样才)?[吃测查治用服打办]|哪些|哪种|算(?!起)|才[好能]|分几|一天|每天|每年|遗传|要打|最好|会[升降引导]|应[该当]|高于|低于"
)


def _about_things(around: str) -> bool:
    """Whether a question asks what a thing is or does, rather than when or whether the patient had it."""
    asks = re.match(r"\W*(?:so |and )?(?:what|what's|which|how|is \||are \||can|do)\b|\W*is\s*\|\s*an?\b", around)
    dated = re.search(r"\b(?:what|which) (?:\w+ )?(?:date|day|year|month)\b|\bhow (?:long|far back|old)\b", around)
    return bool(asks and not dated) or "是什么" in around


def _first(rules: Sequence[tuple[str, str, re.Pattern[str]]], text: str) -> tuple[str, str]:
    return next(((kind, detail) for kind, detail, cue in rules if cue.search(text)), ("", ""))


def _rule(kind: str, pattern: str, chinese: str, *, detail: str = "") -> tuple[str, str, re.Pattern[str]]:
    return kind, detail, re.compile(rf"\b(?:{pattern})\b|{chinese}")


_WHEN = (
    r"when|since|date|day|year|month|onset|how (?:long|far back|old)|start(?:ed|ing)?|beg[au]n|first|earliest|"
    r"goes? back",
    r"什么时候|何时|哪[一]?[天年月日]|几时|几号|几[年月]|多久|时间|日期|最早|首次|第一次|开始|起病|算起",
)
_TREND = _rule(
    "trend",
    r"trend\w*|chang\w+|compar\w+|drift\w*|direction|over (?:time|the (?:years|months|weeks))|trajectory|curve|graph|"
    r"plot|ris(?:e|en|ing)|rose|fall(?:en|ing)|fell|increas\w+|decreas\w+|improv\w+|worse|worsen\w*|better|"
    r"stable|steady|"
    r"flat|progress\w*|evol\w+|creep\w*|climb(?:ed|ing)|drop(?:ped|ping)|going (?:up|down)|gone (?:up|down)|"
    r"went (?:up|down)|up or down|up, down|or same|through the years|walk me through|story|"
    r"then (?:and|vs) now|mov(?:ed|ing)|"
    r"fluctuat\w*|course|"
    r"heading|way|differ\w*|run me through|history of|picture",
    r"变化|趋势|在升|在降|升还是|走势|波动|怎么变|如何变|往上|往下|上升|下降|进步|好转|恶化|改善|升了|降了|涨|走向|曲线|稳不稳|稳定|对比|比较|动态|控制得",
)
_TESTS = (
    _rule("count", r"how many|how often|number of (?:times|checks)", r"几次|多少次|几回|次数(?!值)"),
    _rule("mean", r"mean|average|avg", r"平均|均值"),
    _rule(
        "highest",
        r"highest|max(?:imum|imal)?|peak\w*|top(?:ped|s)?|ceiling|worst high|record high|all-time high|how high|"
        r"upper end|greatest|largest|biggest|spik\w+|high(?:est)? point|crest|heaviest|tallest",
        r"最高|最大|峰|飙|高峰|顶|多高",
    ),
    _rule(
        "lowest",
        r"lowest|min(?:imum|imal)?|nadir|trough\w*|bottom\w*|floor|smallest|record low|all-time low|how low|lower end|"
        r"least|dip(?:ped|s)?|how far down|low(?:est)? point|lightest|shortest|drop(?:ped)? to|f[ae]ll(?:en)? to",
        r"最低|最小|谷|掉到|跌|降到|多低|底",
    ),
    _TREND,
    _rule("first", r"first|earliest|initial|baseline|oldest|original", r"首次|最早|第一次|最初|基线|头一[次回]"),
    _rule("all", r"all|every|each|list|series", r"所有|全部|历次|每次"),
    _rule(
        "last",
        r"last|latest|newest|recent\w*|current\w*|now|today|present\w*|sitting|running|up[- ]to[- ]date",
        r"最近|最新|最后|上次|上一?[次回]|末次|目前|现在|当前|如今|现|近期",
    ),
    _rule("last?", r"what|what's|where|how|which|any|number|figure|value|reading|result|level|have|got|read|quote",
          r"多少|几|啥|什么|怎么样|如何|查|报|数|看|值|吗"),
)  # fmt: skip


def _of_test(around: str, question: Read) -> tuple[str, str]:
    kind, detail = _first(_TESTS, around)
    time = question.time
    if time.since and time.until and kind in ("", "last", "last?", "all", "first"):
        return "at", ""
    if time.since and kind in ("", "last?"):
        return "trend", ""
    bare = len(re.findall(r"\w+", around)) <= 4 and not re.match(r"\W*(?:is|was|does|did|has|are|do)\b", around)
    return kind or ("last?" if bare else ""), detail


_DRUGS = (
    _rule("", r"how (?:many|often)|last|next|why|who", r"几次|多少次|上次|谁"),
    _rule(
        "stopped",
        r"(?:when|what (?:date|day)|since when)\b.{0,80}\b(?:stop\w*|discontinu\w+|end(?:ed)?|off|finish\w*|ceas\w+)",
        r"(?:什么时候|何时|哪[一]?天|几号).{0,40}停|停.{0,40}(?:什么时候|何时|哪[一]?天|几号)",
    ),
    _rule("begun", r"when|since when|how long|start date|first", r"什么时候|何时|哪[一]?[天年]|几时|多久|几号|开始"),
    _rule(
        "taking",
        r"stop\w*|off|discontinu\w*|d/c(?:'?d)?|dc'?d|finish\w*|end(?:ed)?|complet\w+|ceas\w+|held|withdrawn|dropped|over|"
        r"quit|continu\w+",
        r"停|断|撤",
        detail="stopped",
    ),
    _rule(
        "taking",
        r"on|any|tak\w+|still|current\w*|active|now|already|get\w*|giv\w+|us\w+|home|present\w*|list\w*|among|swallow\w*|"
        r"receiv\w*|prescri\w+|regular\w*|chart\w*|meds?|medications?|running|ongoing|today",
        r"还在|在用|在吃|在服|服|吃|用|目前|现在|医嘱|手头|打",
    ),
)
_VACCINES = (
    _rule("count", r"how many|how often|number of", r"几次|多少次|几针|几剂|几回"),
    _rule("done", r"first|earliest", r"首次|最早|第一[次针剂]", detail="first"),
    _rule(
        "done",
        r"when|date|day|year|month|last|latest|newest|recent\w*|how long|since|up[- ]to[- ]date",
        r"什么时候|何时|哪[一]?[天年月日次]|几时|几号|几月|多久|时间|日期|最近|最后|上次|上一|末次|最新",
        detail="last",
    ),
    _rule("has", r"has|have|had|did|was|is|any|ever|given|received|done|got", r"有|打|种|做|过|没|吗|否"),
)
_PROBLEMS = (
    _rule(
        "stopped",
        r"(?:when|what day|date)\b.{0,80}\b(?:resol\w+|clear\w*|go away|went|heal\w*|end\w*|recover\w*)",
        r"(?:什么时候|何时).{0,40}(?:好|痊愈|缓解)",
    ),
    _rule("count", r"how many|how often|number of", r"几次|多少次|几回"),
    _rule("", r"last|latest|recent\w*", r"最近|最后|上次|上一"),
    _rule("diagnosed", *_WHEN),
    _rule(
        "has",
        r"is|has|have|had|does|did|do|any|anything|known|history|ever|hx|pmh|record\w*|diagnos\w*|label\w*|list\w*|"
        r"yes or no|appear\w*|featur\w*|chart|suffer\w*|positive|carr(?:y|ies)|background|notes?|mention\w*",
        r"有|患|得|过|病史|既往|是否|诊断|吗|没|无",
    ),
)


def _of_drug(around: str, question: Read) -> tuple[str, str]:
    return _first(_DRUGS, around)


def _of_vaccine(around: str, question: Read) -> tuple[str, str]:
    return _first(_VACCINES, around)


def _of_problem(around: str, question: Read) -> tuple[str, str]:
    return _first(_PROBLEMS, around)


_KINDS = {"test": _of_test, "drug": _of_drug, "vaccine": _of_vaccine, "problem": _of_problem}


def asked_of(thing: str, around: str, question: Read) -> tuple[str, str]:
    """Kind and detail asked of a `thing`; the kind ends with `?` where only the form of the question says it, and is
    empty where the words ask for something else."""
    if _OTHERS.search(around) or _GENERAL.search(around) or (thing != "test" and _about_things(around)):
        return "", ""
    return _KINDS[thing](around, question)
