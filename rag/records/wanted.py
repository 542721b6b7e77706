"""What a question asks of a patient's entries: which value, drug, condition or list, of which time; English or Chinese.

Decides by cue words in a fixed order: the first rule whose cues a question has names the kind, and what is left of the
question without cues, words of time and little words is the name. A question for reasons, advice or literature gives
None. Knows nothing of what is recorded.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Literal, get_args

from rag.expand import TABLES, normal
from rag.records.names import medical
from rag.records.when import Period, period

Kind = Literal[
    "last", "first", "highest", "lowest", "mean", "at", "trend", "all", "count", "taking", "begun", "stopped",
    "diagnosed", "done", "has", "allergic", "list", "person", "abnormal",
]  # fmt: skip
_LONGEST = 400  # characters of a question that is parsed


@dataclass(frozen=True, slots=True)
class Wanted:
    """kind: what is asked. name: what the question names, in its own words, "" for a list. since, until: ISO days, both
    included, "" where open. detail: of a list the category, of `person` the fact, of `abnormal` `high` or `low`, of
    `taking` `stopped` where the question asks whether it ended, of `done` `first` or `last`, of
    `last` `judged` where the question asks whether it is controlled. near: a value near the day
    will do. sure: whether a cue word says so, rather than only the form of the question."""

    kind: Kind
    name: str = ""
    since: str = ""
    until: str = ""
    detail: str = ""
    near: bool = False
    sure: bool = True


# What only prose or literature answers. "Can you tell me …" is taken off before.
_ELSE = re.compile(
    r"\b(?:why|should|shall|recommend\w*|causes?|caused|causing|side effects?|effects?|treat(?:s|ed|ing|"
    r"ments?)?(?! with)|best|evidence|trials?|study|studies|literature|guidelines?|mechanisms?|risks?|prevent\w*|"
    r"safe(?:ly|ty)?|effective\w*|efficacy|normal range|reference range|target|compare[ds]?|versus|vs|interact\w*|"
    r"contraindicat\w*|how to|could|can|would|might|prognosis|likely|mean by|explain|meaning|summari[sz]e|next|"
    r"upcoming|what happened (?:at|during|in)|discuss\w*|complain\w*|reasons?|told|will|indicat\w+|because|due to|"
    r"advice|need(?:s|ed)?|wife|husband|spouse|enough|dangerous|work(?:s|ing)?|what does (?:\w+ ){1,4}(?:mean|do|cause|treat|help))\b|"
    r"妻子|丈夫|为什么|为何|为啥|应该|该不该|怎么办|怎么治|如何治|治疗方案|副作用|不良反应|指南|研究|文献|机制|风险|能不能|"
    r"可不可以|可以|能否|原因|导致|引起|预防|安全|有效|建议|推荐|注意事项|正常范围|参考范围|正常值|标准|意味|"
    r"说明什么|是什么病|意思|如何控制|怎样控制|如何降|怎么降|相互作用|解释|能用|能吃|能服|下次|下一次"
)
_POLITE = re.compile(
    r"^(?:hi|hello|hey)?[,\s]*(?:please\s)?(?:(?:can|could|would|will) you (?:please )?\w+(?: up| out)?"
    r"(?: me| us)?|i(?:'d| would)? (?:like|want|need) to (?:know|see)|i need(?: to know)?|do (?:you|we) (?:know|have)|"
    r"can i (?:see|get|have)|what can you tell me about)\b"
)
# Courtesies, wherever they stand; what is asked follows.
_COURTESY = re.compile(
    r"\b(?:i (?:would|should) (?:like|appreciate|be (?:very )?(?:grateful|glad))(?: to (?:know|see|have)| knowing)?|"
    r"i'd (?:like|appreciate|be grateful)(?: to (?:know|see|have)| knowing)?|(?:i (?:wonder|was wondering|am wondering)|"
    r"wondering)|i'd be (?:glad|grateful)|(?:if|whether) you (?:would|could|can|might)|(?:could|can|would|will) "
    r"(?:you|someone|somebody|anyone|anybody)(?: (?:mind|kindly|please|be so kind as to))?|be so kind as to|"
    r"let me (?:have|know)|^need)\b"
)
# Short forms of wards, and comparing a value with the patient's own earlier one.
_SHORT = tuple(
    (re.compile(cue), said)
    for cue, said in (
        (r"up[- ]to[- ]date", "recent"), (r"\bd/?c'?e?d\b", "discontinued"), (r"\bdx(?:'?d)?\b", "diagnosed"),
        (r"\bhx\b", "history"), (r"\byr\b", "year"), (r"\by/n\b", "yes or no"), (r"\b(?:pls|plz)\b", "please"),
        (r"\A(?!.{0,80}\b(?:date|day|time|reason|doctor)\b)(what (?:was|were|is|are) .{3,60}?) (?:(?:at|on|from|during|in) )?"
         r"(?:(?:the|his|her|their) )?(?:last|latest|most recent) (?:visit|appointment|encounter|check-?up)\b", r"\1 last"),
        (r"\bcompared?\b(?=.{1,80}\b(?:first|earliest|baseline|previous|initial)\b)", "change in"),
    )
)  # fmt: skip
_NOW = re.compile(
    r"\b(?:at present|at the moment|at this (?:time|point)|right now|these days|nowadays|so far|as of now|to date|"
    r"i mean)\b"
)
# A cue inside a name.
_NAMES = re.compile(
    r"first trimester|mean (?:corpuscular|platelet|cell|arterial)|last menstrual|peak (?:flow|expiratory)|"
    r"first degree|low density|high density|allergic (?:rhinitis|conjunctivitis|dermatitis|asthma)|"
    r"age[- ]related|change in bowel|test strip|stopped up"
)
_LITTLE = re.compile(
    r"^(?:the|a|an|of|for|in|on|at|to|is|are|was|were|be|been|being|has|have|had|do|does|did|what|what's|whats|which|how|"
    r"that|this|these|those|his|her|their|its|my|our|he|she|they|him|them|it|i|me|we|us|patients?|patient's|man|woman|mr|"
    r"mrs|ms|recorded|on record|records?|charts?|file|there|show|tell|give|list|find|please|values?|levels?|results?|"
    r"readings?|measurements?|measured|recent|most|ever|any|and|with|by|from|as|right|now|today|currently|current|so|far|yet|also|"
    r"been|only|own|person|if|whether|check|checked|during|entries|entry|one|time|times|taken|look|up|not|no|done|get|got)$"
)
_TESTS = re.compile(r"^(?:blood )?(?:labs?|tests?)$")
_LITTLE_CN = re.compile(
    r"请问|告诉我|请|查一下|查下|看一下|一下|这位|该|这个|患者|病人|他(?![汀莫])|她|的|是否|是多少|多少|是什么|吗|呢|么|吧|了|"
    r"(?<=的)数值|值|结果|水平|记录|情况|有过|目前|现在|当前|最近一次|最后一次|一次|曾经|曾|什么时候|何时|哪天|哪年|几时|什么时间|几号|"
    r"多久|第一次|首次|测得|测量|化验|检测|检查|是|有没有|有无|有|在|从|被|对(?!乙)|为|到|过(?![敏率氧])|[，。？！、,.?!\s]"
)


Rule = tuple[Kind, str, tuple[tuple[re.Pattern[str], bool], ...], tuple[re.Pattern[str], ...]]


@dataclass(frozen=True, slots=True)
class Read:
    """A question that entries may answer. text: in lower case, without courtesies and words of time. zh: Chinese."""

    text: str
    time: Period
    zh: bool


def read(question: str, *, today: date) -> Read | None:
    """A question ready to be parsed; None where it asks for what no entry tells, or of a time that cannot be told."""
    if len(question) > _LONGEST:
        return None
    short = re.sub(r"\bpt('s|s)?\b", r"patient\1", normal(question))  # PT is a test
    lower = " ".join(short.lower().replace("’", "'").split())
    for cue, said in _SHORT:
        lower = cue.sub(said, lower)
    lower = re.sub(r"\b[a-z]{5,10}\b", lambda m: _spelt(m[0]), lower)
    text = _NOW.sub(" ", _POLITE.sub(" ", _COURTESY.sub(" ", lower))).strip()
    if not text or _ELSE.search(text):
        return None
    time = period(text, today=today)
    if not time.clear:
        return None
    return Read(_NAMES.sub(lambda m: m[0].replace(" ", "_"), time.rest), time, bool(re.search("[\u4e00-\u9fff]", text)))


_CUES = ("highest", "lowest", "latest", "recent", "currently", "current", "taking", "stopped", "trend")


@functools.lru_cache(4096)
def _spelt(word: str) -> str:
    """A word, or the cue of which it is a slip of the pen: of the same first letter and but one letter or exchange."""
    close = get_close_matches(word, _CUES, n=1, cutoff=0.85)
    return close[0] if close and close[0][0] == word[0] and not medical() & {word} else word


def wanted(question: str, *, today: date) -> Wanted | None:
    """What a question asks of a patient's entries; None where it asks for something else, or of a time that cannot be
    told. Relative times are taken from `today`."""
    found = read(question, today=today)
    return by_cues(found) if found else None


def by_cues(question: Read) -> Wanted | None:
    """The reading of the first rule whose cues the question has."""
    time, zh = question.time, question.zh
    for kind, detail, needs, cuts in _rules("zh" if zh else "en"):
        if all(bool(cue.search(question.text)) is there for cue, there in needs):
            name = (_chinese_name if zh else _english_name)(question.text, cuts).replace("_", " ")
            if found := _settled(Wanted(kind, name, time.since, time.until, detail, time.near)):
                return found
    return None


def little(word: str) -> bool:
    """Whether an English word says nothing of what is asked."""
    return bool(_LITTLE.match(word))


def filler(word: str) -> bool:
    """Whether an English word is no part of a name that it stands at the end of."""
    return bool(_filler().fullmatch(word))


@functools.cache
def _filler() -> re.Pattern[str]:
    return re.compile(_words()["<filler>"])


def _settled(found: Wanted) -> Wanted | None:
    """A rule's reading, or None where what is left as the name says that another rule must read the question."""
    name, kind, detail = found.name, found.kind, found.detail
    if kind in ("person", "list") and name:
        return None
    if kind == "allergic" and not name:
        return Wanted("list", "", found.since, found.until, "allergy")
    if detail == "weak":
        found = Wanted(kind, name, found.since, found.until, near=found.near, sure=False)
    if kind == "last" and not found.sure and found.since and not found.until:
        found = Wanted("all", name, found.since, near=found.near, sure=False)
    if kind in ("last", "all") and found.since and (not found.sure or found.near) and found.until:
        found = Wanted("at", name, found.since, found.until, near=found.near, sure=found.sure)
    nameless = kind in ("list", "person", "abnormal")
    if not name and not nameless:
        return None
    return found if nameless or (len(name) <= 80 and not re.fullmatch(r"[\W\d_]*", name)) else None


def _english_name(text: str, cues: tuple[re.Pattern[str], ...]) -> str:
    for cue in cues:
        text = cue.sub(" | ", text)
    text = re.sub(r"\b(?:mr|mrs|ms|miss|dr)\.?\s[a-z'-]+", " | ", text)
    parts = []
    for part in re.split(r"[|?!;,:()\[\]\"]+|\.+(?:\s|$)", text):
        words = _trimmed(re.sub(r"(?<=[a-z])'s\b|s'(?=\s)", "'s", part).split())
        if words and not _TESTS.match(" ".join(words)):
            parts += words
    return " ".join(_trimmed([w for w in parts if w == "and" or not filler(w)])).removesuffix("'s")


def _trimmed(words: list[str]) -> list[str]:
    """The words without little ones at their ends."""
    while words and _LITTLE.match(words[0]):
        words = words[1:]
    while words and _LITTLE.match(words[-1]):
        words = words[:-1]
    return words


def _chinese_name(text: str, cues: tuple[re.Pattern[str], ...]) -> str:
    for cue in reversed(cues):
        text = cue.sub("|", text)
    text = re.sub(_words()["<zhfiller>"], "|", text)
    return " ".join(part for part in _LITTLE_CN.sub("|", text).split("|") if part.strip())


def _lines() -> list[list[str]]:
    return [line.split("\t") for line in (TABLES / "record-cues.tsv").read_text("utf-8").splitlines()]


@functools.cache
def _words() -> dict[str, str]:
    """The named patterns of the table, `<name>` to pattern; each may use those before it."""
    found: dict[str, str] = {}
    for first, *rest in _lines():
        if first.startswith("="):
            found[f"<{first[1:]}>"] = _put(rest[0], found)
    return found


@functools.cache
def _rules(language: str) -> tuple[Rule, ...]:
    """The rules of a language, from the table, in its order."""
    edge = r"\b" if language == "en" else ""
    rows: list[Rule] = []
    for kind, detail, needs, further in (row[1:] for row in _lines() if row[0] == language):
        cues = _put(needs, _words()).split(" && ")
        more = [rf"{edge}(?:{_put(further, _words())}){edge}"] if further else []
        cuts = [cue for cue in cues if cue[0] not in "?!"] + more
        tests = tuple((re.compile(cue.lstrip("?!")), cue[0] != "!") for cue in cues)
        rows.append((_KINDS[kind], detail, tests, tuple(map(re.compile, cuts))))
    return tuple(rows)


def _put(pattern: str, parts: dict[str, str]) -> str:
    for name, part in parts.items():
        pattern = pattern.replace(name, part)
    return pattern


_KINDS: dict[str, Kind] = {kind: kind for kind in get_args(Kind)}
