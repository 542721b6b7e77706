"""Tells what kind of answer a question wants: yes or no, the direction of an effect, one name or number, a list of
them, or an explanation; whether it asks for one person's dose; and what beside it is only somebody's word.

Decides by how the question begins (or, in Chinese, by its question words) and by patterns. Knows nothing of passages.
"""

from __future__ import annotations

import re

from indexer.lexical import STOP
from rag.effect import effect
from rag.types import Kind

_AUXILIARY = r"(?:is|are|was|were|do|does|did|can|could|should|would|will|has|have|had|may|might|must|isn't|aren't|doesn't|don't)"
_YES_NO = re.compile(
    rf"^(?:{_AUXILIARY}\b(?! (?:which|what|who|how)\b)|(?:in|among|for|with|compared|after|during)\b[^?]{{3,120}}?, ?{_AUXILIARY}\b"
    rf"|[^?]{{3,150}}[:;,.-] ?(?:{_AUXILIARY}) (?:it|they|there|this|these|that|we|he|she)\b"
    rf"|[^?]{{3,150}}[:-] {_AUXILIARY} )",
    re.I,
)
_ZH_YES_NO = re.compile(
    "吗|嘛[？?]|是否|能否|可否|有无|是不是|能不能|会不会|可不可以|有没有|要不要|可以.{0,12}么|需不需要"
)
_LIST = re.compile(
    r"^(?:please )?(?:list|name|enumerate|mention)\b"
    r"|^(?:what|which)(?: (?:are|were|two|three|four|five|\d+)\b)(?! (?:the )?(?:role|effect|mechanism|function|basis|indication)s? of)"
    r"|^(?:what|which) (?:[\w/-]+ ){0,3}[a-z]{3,}(?<!s)s (?:are|were|have|can|do|does|may|could|should|that|has|is|belong|cause|target|"
    r"inhibit|contain|exist|which)\b"
    r"|^(?:what|which) [a-z-]+(?:ies|ugs|enes|eins|oms|ors|ods|ols|ses|nts|ers|ons|ans|sms)\b",
    re.I,
)
_ZH_LIST = re.compile("哪些|有什么|哪几")
_FACTOID = re.compile(
    r"^(?:which|who|whose|when|where|how many|how much|how often|how long|how large|how common|how old|what (?:percentage|"
    r"proportion|number|dose|dosage|year|gene|protein|drug|disease|syndrome|enzyme|receptor|type|kind|company|organism|"
    r"virus|bacterium|antibody|molecule|chromosome|organ|tissue|cell|hormone|vitamin|database|tool|method|fraction|"
    r"prevalence|incidence|age|is the (?:name|cause|target|most|main|first|number|prevalence|incidence|dose|half-life|"
    r"inheritance|mode|cutoff|function|percentage|proportion|causative|generic|brand|trade|incubation|origin))"
    r"|what (?:does|do) [\w-]+ stand for|in (?:which|what)|(?:to|from|by|with|on|at|of) (?:which|what)|what(?:'s| is| was| are)?\b)",
    re.I,
)
_ZH_FACTOID = re.compile("多少|几[个次天周月年岁片粒]|哪[个种一]|何时|什么时候|谁|多久|多大")
_EXPLAIN = re.compile(
    r"^(?:how (?:does|do|is|are|can|did|was|were|to|could|should)|why|describe|explain|briefly|what is known|discuss|summari[sz]e)\b",
    re.I,
)
_CJK = re.compile("[\u4e00-\u9fff]")
# A statement with a question mark ("X: a new risk factor for Y?"), or one that says so itself.
_STATED = re.compile(r"yes\s+or\s+no\W{0,3}$", re.I)
_WH = re.compile(r"\b(?:wh(?:at|ich|o|ose|om|en|ere|y)|how)\b", re.I)

# A request for a dose that one person is to take: an amount, and who is to take it.
_WHO = r"(?:i|we|you|he|she|they|my [\w-]+|our [\w-]+)"
# A phase I trial is nobody's dose.
_ME = r"(?-i:(?<![Pp]hase )(?<![Tt]ype )(?<![Ss]tage )(?<![Cc]lass )(?<![Gg]rade )(?<![Ll]evel )I|me|[Mm]y|[Oo]ur)"
_OWN_DOSE = re.compile(
    rf"\bhow (?:much|many|often)\b[^.?]{{0,80}}?\b(?:should|can|could|do|must|may|shall) {_WHO}\b[^.?]{{0,30}}?"
    rf"\b(?:take|give|inject|need|use|have|get|be given)\b|\bme how (?:much|many|often)\b[^.?]{{0,60}}\bto (?:take|give|inject|use)\b"
    rf"|\b(?:dose|dosage)\b[^.?]{{0,60}}\b{_ME}\b|\b{_ME}\b[^.?]{{0,60}}\b(?:dose|dosage)\b"
    rf"|\b(?:should|can|must) {_WHO}\b[^.?]{{0,30}}\b\d+(?:\.\d+)? ?(?:m[gl]|mcg|µg|g|units?|tablets?|pills?|drops?)\b"
    r"|\b\d+(?:\.\d+)? ?(?:m[gl]|mcg|µg|g|units?|tablets?|pills?|drops?)\b[^.?]{0,60}\b(?:enough|too much|right|safe) for (?:me|my|him|her)\b",
    re.I,
)
_ZH_SELF = re.compile("我|咱|孩子|宝宝")
_ZH_OWN_DOSE = re.compile(
    r"(?:[吃服用打喝]|注射).?(?:多少|几[片粒次个颗支袋毫]|多大)|剂量|"
    r"[吃服用打喝] ?\d{1,6}(?:\.\d{1,3})? ?(?:毫克|毫升|微克|单位|mg|ml|[克片粒支])"
)

# "no." ends a sentence here, where in a text it stands for a number.
_SENTENCES = re.compile(r"(?<!\bDr\.)(?<!\bMr\.)(?<!\bMrs\.)(?<!\bProf\.)(?<=[.!?])\s+(?=[A-Z])|(?<=[。！？])(?=.)")
# Sentences that say what the answer is, and sentences in which somebody knows.
_THE_ANSWER = re.compile(
    r"\banswer (?:is|was|must be|should be|has to be)\b|\b(?:says?|said|thinks?|knows?|agrees?|insists?|sure|certain|convinced|"
    r"shown|showed|proved|proven|confirmed|told me|believes?)(?: that)? (?:(?:it|this|that) (?:is|does|do|was|has|can|will|should|could)(?:n't| not)?"
    r"(?: (?:so|true|the case|right|wrong|false))?|so)[.!]?$|\b(?:yes|no)[.!]?$|答案(?:就|应该|肯定|一定|当然)?是|答案为",
    re.I,
)
# The same before or behind a question in its own sentence.
_CLAUSE = re.compile(
    r"(?:^|(?<=[.!?] ))[^.?!:,;]{0,150}\banswer (?:is|was|to be|must be|should be)\b[^.?!:,;]{0,40}[:,;] ?(?=\w)"
    r"|[,;:] [^.?!:,;]{0,150}\banswer (?:is|was|to be|must be|should be)\b[^.?!:,;]{0,40}(?=\?)",
    re.I,
)
_KNOWS = re.compile(
    r"\b(?:prof(?:essor)?s?|dr|doctors?|experts?|specialists?|consultants?|\w{2,30}ologists?|surgeons?|physicians?|colleagues?|"
    r"everyone|everybody|we all|laureates?|i)\b[^.?!]{0,80}?\b(?:show(?:n|ed|s)?|prove[dns]?|knows?|sa(?:ys?|id)|told|claim(?:s|ed)?|"
    r"insist(?:s|ed)?|believe[sd]?|agree[sd]?|confirm(?:s|ed)?|convinced|certain|sure)\b(?P<what>.*)",
    re.I,
)
# Of the words of what somebody knows, the share that the question must repeat: the rest is then no more than a side.
_REPEATED = 0.6


def apart(text: str) -> tuple[str, str]:
    """What is asked, and the sentences beside it that only say what somebody takes the answer to be ("" for none)."""
    clauses = [m[0].strip(" ,;:") for m in _CLAUSE.finditer(text)]
    sentences = _SENTENCES.split(_CLAUSE.sub("", text))
    questions = " ".join(s for s in sentences if s.endswith(("?", "？")))
    if len(questions) < (8 if _CJK.search(questions) else 20):
        return text, ""
    said = [s for s in sentences if s not in questions and (_THE_ANSWER.search(s) or _takes_sides(s, questions))]
    rest = " ".join(s for s in sentences if s not in said)
    return (rest, " ".join([*clauses, *said])) if clauses or said else (text, "")


def _takes_sides(sentence: str, questions: str) -> bool:
    """Whether somebody knows in it what is asked, and nothing else."""
    if (found := _KNOWS.search(sentence)) is None:
        return False
    words = [w for w in re.findall(r"[a-z][a-z-]{3,}", found["what"].lower()) if w not in STOP]
    return bool(words) and sum(w in questions.lower() for w in words) >= _REPEATED * len(words)


def own_dose(question: str) -> bool:
    """Whether a question asks which dose one person is to take; not whether it asks which doses were studied."""
    if _CJK.search(question):
        return bool(_ZH_SELF.search(question) and _ZH_OWN_DOSE.search(question))
    return bool(_OWN_DOSE.search(question))


def kind_of(question: str) -> Kind:
    """The kind of a question."""
    text = " ".join(question.split())
    if effect(text) is not None:
        return "effect"
    if _CJK.search(text):
        return "yesno" if _ZH_YES_NO.search(text) else "list" if _ZH_LIST.search(text) else (
            "factoid" if _ZH_FACTOID.search(text) else "other")  # fmt: skip
    if _EXPLAIN.search(text):
        return "other"
    last = re.split(r"[.:;!?] ", text)[-1]
    if _YES_NO.search(text) or _YES_NO.search(last) or _STATED.search(text):
        return "yesno"
    if _LIST.search(text):
        return "list"
    if _FACTOID.search(text):
        return "factoid"
    return "yesno" if text.endswith("?") and not _WH.search(text) and len(text.split()) > 3 else "other"
