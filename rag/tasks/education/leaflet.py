"""An answer for a patient: what the sources say in plain words, what hard words mean, and what to do next.

Takes the claims of an answer; adds no fact of its own. Every sentence about the question keeps its citations and
its quote. Decides which claims are said (the easiest behind the first, while all stays within the reading level) and
the fixed kind words around them; the wording of a claim is `plain`'s.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.language import language_of
from rag.asking import own_dose
from rag.expand import table
from rag.notices import brief
from rag.tasks.education.plain import plain
from rag.tasks.education.reading import Chinese, chinese, grade, level
from rag.tasks.page import Block, Heading, Page, Paragraph, Points, Reference, Text
from rag.types import Answer, Citation, Claim

GRADE = 8.0
_CLAIMS, _WORDS = 4, 6
# A claim is a sentence, no row of a table.
_ENDS = re.compile(r"[.!?。！？][\"'”’)\]）]*$")
_WORRIED = re.compile(
    r"\b(?:worr(?:y|ied|ying)|afraid|scared?|frighten\w{0,5}|anxious|nervous|panic\w{0,5}|fear\w{0,3}|upset|hopeless|alone)\b|"
    r"担心|害怕|恐惧|焦虑|紧张|着急|难过|不安|好怕|怎么办",
    re.I,
)
_SAID = {
    "opening": (
        "It is good that you ask. Here is what the studies in this library say, in plain words.",
        "您问得很好。下面用平常的话，讲讲这个文献库里的研究是怎么说的。",
    ),
    "worried": (
        "It is normal to be worried about this. You do not have to face it alone. "
        "Here is what the studies in this library say, in plain words.",
        "为这件事担心，很正常，您不必一个人扛着。下面用平常的话，讲讲这个文献库里的研究是怎么说的。",
    ),
    "nothing": (
        "This library has no answer to your question. That does not mean that there is none. "
        "Please ask your doctor or nurse.",
        "这个文献库里没有您要的答案。这不等于没有答案，请问问您的医生或护士。",
    ),
    "dose": (
        "This program does not tell you how much of a drug to take. That depends on you. Please ask your doctor, "
        "or ask where you got the drug.",
        "这个程序不告诉您该吃多少药，这要看您的情况。请问您的医生或药师。",
    ),
    "says": ("What the studies say", "研究怎么说"),
    "words": ("Words to know", "几个词的意思"),
    "next": ("What you can do", "您可以做什么"),
    "steps": (
        "Take this page with you to your next visit.|Ask your doctor what it means for you. You may be different from "
        "the people in the studies.|Do not start or stop a drug on your own.|Get help at once if you feel much worse.",
        "把这一页带去给医生看。|问问医生，这对您意味着什么，您和研究里的人可能不一样。|不要自己开始吃药，也不要自己停药。|"
        "如果突然加重，马上去医院。",
    ),
    "study": (
        "A study tells what happened to many people. It cannot tell what will happen to you.",
        "研究说的是许多人的情况，不能断定您会怎么样。",
    ),
    "title": ("For you to read", "写给您看"),
    "notice": (
        "Not medical advice. Every statement was taken from the source that it names; check it there.",
        "这不是医疗建议。每句话都来自所标明的来源，请以来源为准。",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """A claim in plain words. source: as the answer has it. cites: numbers of its citations."""

    text: str
    source: str
    cites: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Leaflet:
    """What a patient reads. level: of everything but sources and notices, as `reading.level` gives it. words: the
    glossary. notices: what the answer must not be read without, as the library says it."""

    question: str
    language: str
    opening: str
    told: tuple[Told, ...]
    words: tuple[tuple[str, str], ...]
    steps: tuple[str, ...]
    citations: tuple[Citation, ...]
    level: float | Chinese
    notices: tuple[str, ...] = ()

    @property
    def body(self) -> str:
        """Everything that is read but headings and sources; what `level` measures."""
        return _body(self.opening, self.told, self.words, self.steps)


def leaflet(answer: Answer, *, reading_grade: float = GRADE) -> Leaflet:
    """The answer for a patient. reading_grade: US school years that the whole may need (English)."""
    language = language_of(answer.question) or "en"
    own = own_dose(answer.question)
    claims = (
        [] if own else [c for c in answer.claims if c.support == "supported" and c.citations and _ENDS.search(c.text)]
    )
    opening = _say(
        "dose" if own else "nothing" if not claims else "worried" if _WORRIED.search(answer.question) else "opening",
        language,
    )
    steps = ((_say("study", language),) if claims else ()) + tuple(_say("steps", language).split("|"))
    told = _chosen(claims, opening=opening, steps=steps, limit=reading_grade)
    words = _words([t.text for t in told], language)
    cited = {n for t in told for n in t.cites}
    citations = {c.number: c for claim in claims for c in claim.citations if c.number in cited}
    sources = tuple(citations[n] for n in sorted(citations))
    body = _body(opening, told, words, steps)
    notices = (*((answer.reason,) if answer.reason and told else ()), *(answer.notices if told else ()))
    return Leaflet(answer.question, language, opening, told, words, steps, sources, level(body), notices)


def _say(key: str, language: str) -> str:
    return _SAID[key][language == "zh"]


def _body(opening: str, told: Sequence[Told], words: Sequence[tuple[str, str]], steps: Sequence[str]) -> str:
    meanings = [f"{term}: {meaning}." if term.isascii() else f"{term}：{meaning}。" for term, meaning in words]
    return "\n".join([opening, *(t.text for t in told), *meanings, *steps])


def _chosen(claims: Sequence[Claim], *, opening: str, steps: Sequence[str], limit: float) -> tuple[Told, ...]:
    """The first claim and the easiest others in the answer's order, as long as the whole is within the limit."""
    all_told = [Told(plain(c.text).text, c.text, tuple(x.number for x in c.citations)) for c in claims]
    kept = sorted(range(1, len(all_told)), key=lambda i: _hard(all_told[i].text))[: _CLAIMS - 1]
    while kept:
        told = [all_told[i] for i in sorted([0, *kept])]
        language = language_of(opening) or "en"
        if language == "zh" or grade(_body(opening, told, _words([t.text for t in told], language), steps)) <= limit:
            return tuple(told)
        kept.pop()
    return tuple(all_told[:1])


def _hard(text: str) -> float:
    return chinese(text).clause if language_of(text) == "zh" else grade(text)


@functools.cache
def _glossary() -> dict[str, tuple[str, str]]:
    found = {}
    for line, meanings in table("glossary").items():
        first, *others = line.split(" | ")
        for name in (first, *others):
            found[name.lower()] = (first, meanings[0])
    return found


@functools.cache
def _hard_words() -> re.Pattern[str]:
    names = sorted(_glossary(), key=len, reverse=True)
    latin = "|".join(re.escape(n) for n in names if n.isascii())
    return re.compile(rf"(?<![\w-])(?:{latin})(?![\w-])|" + "|".join(n for n in names if not n.isascii()), re.I)


def _words(texts: Sequence[str], language: str) -> tuple[tuple[str, str], ...]:
    """Terms of the texts with their meaning, in order of appearance; those of the reader's language only."""
    found: dict[str, tuple[str, str]] = {}
    for text in texts:
        for m in _hard_words().finditer(text):
            term, meaning = _glossary()[m[0].lower()]
            if term.isascii() == (language == "en"):
                found.setdefault(term, (m[0], meaning))
    return tuple(found.values())[:_WORDS]


def page(made: Leaflet) -> Page:
    """The leaflet as a page, for the writers of reports."""
    zh = made.language
    blocks: list[Block] = [Paragraph((Text(made.opening),))]
    if made.told:
        blocks += [Heading(_say("says", zh))]
        blocks += [Points(tuple(Text(t.text, tuple(map(str, t.cites))) for t in made.told))]
    if made.words:
        blocks += [Heading(_say("words", zh)), Points(tuple(Text(f"{t}: {m}") for t, m in made.words))]
    blocks += [Heading(_say("next", zh)), Points(tuple(map(Text, made.steps)))]
    references = tuple(
        Reference(
            str(c.number), f"{c.passage.source.title} · {brief(c.passage.source)} · {c.passage.source.id}", c.quote
        )
        for c in made.citations
    )
    return Page(
        f"{_say('title', zh)}: {made.question}", zh, tuple(blocks), references, (*made.notices, _say("notice", zh))
    )
