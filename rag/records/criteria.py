"""Which patients a study took: the limits that its text states, each with the words that state them.

Decides by rules for English and Chinese which ages, sexes, test values, conditions, allergies and drugs stand within
the reach of a word of inclusion or exclusion, or in the words for those whom a study, a guideline or one piece of its
advice is about. The mean age of those who took part is kept apart as `described`. Results, other studies, subgroups
and animals limit nothing. A condition that the tables do not name is not seen. Knows nothing of patients.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from indexer.types import Document
from rag.records.measures import MEASURES
from rag.records.population import Place, animals, populations
from rag.records.population_limits import Criterion, described, drafts
from rag.records.population_people import BOTH, SHARE, expecting, nursing
from rag.records.reach import Of, Reach, Rule, goes_on, governing, reaches, sentences

__all__ = ["Criterion", "criteria"]

_ARMS = re.compile(
    r"\b(?:to (?:receive|take|the|an?|either|one of|treatment|placebo|\w{4,24}(?: or| plus| versus|,))|"
    r"received the|or placebo|versus placebo|compared with)\b",
    re.I,
)
_NOT = re.compile(
    r"\b(?:without|no|not|never|neither|nor|free (?:of|from)|absence of|lack of|naive to|na[iï]ve to|"
    r"rather than)\b(?:\s(?!who\b|had\b|with\b|were\b)[\w-]{1,14}){0,4}\s?$|"
    r"\b(?:non|un)-?$|(?:无(?!先兆|症状|痛|创)|没有|未|不伴|未合并|既往未)[^，,、；;。]{0,6}$", re.I,
)  # fmt: skip
# "no history of stroke, heart failure or diabetes": the word holds for the list.
_NONE_OF = re.compile(
    r"\b(?:without|no|free (?:of|from)|absence of|neither)\b(?:(?!\b(?:who|with|were|was|had|aged|but|on)\b)"
    r"[^.;:)]){0,120}$", re.I,
)  # fmt: skip
_TAKING = re.compile(
    r"receiv|taking|\btook\b|treat(?:ed|ment) with|\bon\b|\bus(?:e|ing|ed|ers?)\b|dose of|doses of|"
    r"therapy with|despite|prescribed|respon\w{2,4} to|background|"
    r"服用|使用|应用|接受|治疗", re.I,
)  # fmt: skip
# "Not controlled by", "despite": the drug is taken. "No difference in": what follows is a finding.
_RESPONSE = re.compile(r"controlled (?:by|on|with)|respon\w{2,5} to|despite|failed", re.I)
_FINDING = re.compile(r"differ|significan|evidence|associat", re.I)
_GIVEN = re.compile(r"random|allocat|assign", re.I)
_ONE_OF = re.compile(r"(?:one|two|three|any|either) (?:or more )?of the following", re.I)
_NAMED = ("condition", "renal", "hepatic")
_HAN = re.compile("[\u4e00-\u9fff]")
_OF_PATIENTS = re.compile("[^，：、]{0,4}(?:患者|病人|者)")
_LONGEST = 8000  # characters of a sentence that are read: a list of criteria is shorter
_PARTICIPANTS = re.compile(
    r"(?:\b(?:PARTICIPANTS|PATIENTS|SUBJECTS|POPULATION|Participants|Patients|Subjects|Population)|"
    r"对象)\s?(?:[:：]|\n)\s{0,3}\Z"
)


def criteria(document: Document, *, cited: Sequence[tuple[int, int]] = ()) -> list[Criterion]:
    """The limits that a document states, in the order of its text; a repeated one once, where it first stands.

    cited: [start, end) of the words that an answer cites. Of a guideline's many pieces of advice only those count in
    which these stand; where none is cited, only what all of its advice agrees on.
    """
    if animals(document.source.title):
        return []
    found: list[Criterion] = [*_of_title(document), *_of_headings(document)]
    carried: Rule | None = None
    for start, end, own in sentences(document):
        said = document.text[start : min(end, start + _LONGEST)]
        known = reaches(said, carried=carried) if own else []
        carried = goes_on(said, known, carried=carried) if own else None
        if own:
            known += populations(said, place=_place(document.text, start))
        if not known and any(a < end and start < b for a, b in cited):
            known = populations(said, place="cited")
        found += [
            *(_of_sentence(said, known, at=start) if known and not animals(said) else ()),
            *described(document.text, start, start + len(said)),
        ]
    return _settled(document, found, cited)


def _place(text: str, start: int) -> Place:
    return "participants" if _PARTICIPANTS.search(text[max(0, start - 24) : start]) else "text"


def _of_title(document: Document) -> Iterator[Criterion]:
    """The limits of the title, at its place in the text where it stands there."""
    title = document.source.title
    at = document.text.find(title, 0, 2000) if title else -1
    for c in _of_sentence(title, populations(title, place="title"), at=0):
        if c.kind == "medication" or (c.kind in _NAMED and _HAN.search(title) and not _OF_PATIENTS.match(title, c.end)):
            continue  # a title names drugs as treatments, and a Chinese one also the diseases that are to be prevented
        spot = (at + c.start, at + c.end) if at >= 0 else (0, 0)
        yield replace(c, start=spot[0], end=spot[1], sentence=(at, at + len(title)) if at >= 0 else (0, 0))


def _is_guideline(document: Document) -> bool:
    return document.source.kind == "guideline" or "guideline" in document.source.design


def _of_headings(document: Document) -> Iterator[Criterion]:
    """Whom a guideline's sections are about, as their headings name them; a limit of all that stands in the section."""
    for section in document.sections if _is_guideline(document) else ():
        heading = section.heading.rsplit(" > ", 1)[-1]
        at = document.text.rfind(heading, max(0, section.start - len(heading) - 20), section.start) if heading else -1
        if at >= 0 and section.kind == "body":
            for c in _of_sentence(heading, populations(heading, place="heading"), at=at):
                if _noun(c) or c.kind in ("age", "pregnancy", "lactation"):
                    yield replace(c, sentence=(at, section.end))


def _settled(document: Document, found: list[Criterion], cited: Sequence[tuple[int, int]]) -> list[Criterion]:
    """Without repetitions, advice that is not meant, and words where numbers are stated."""
    found = _meant(document, found, cited)
    sexes = {c.what for c in found if c.kind == "sex" and c.of == "study"}
    both = len(sexes) > 1 or BOTH.search(document.text) or SHARE.search(document.text)
    counted = {c.of for c in found if c.what == "age" and c.rule == "required"}
    pregnant = any(c.kind == "pregnancy" and c.rule == "required" for c in found)
    seen: dict[tuple[object, ...], Criterion] = {}
    for c in found:
        if pregnant and c.what in ("newborns", "infants", "newborns or infants"):
            continue  # theirs
        words = c.kind == "age" and c.what != "age" and c.rule == "required" and c.of in counted
        if not (both and c.kind == "sex" and c.of == "study" and c.sentence != (0, 0)) and not words:
            seen.setdefault((c.kind, c.what, c.rule, c.low, c.high, c.mean), c)
    return sorted(seen.values(), key=lambda c: c.start)


def _meant(document: Document, found: list[Criterion], cited: Sequence[tuple[int, int]]) -> list[Criterion]:
    """Without the advice that the cited words are not part of, or that other advice of the text contradicts."""
    advice = [c for c in found if c.of in ("advice", "statement")]
    hit = [c for c in advice if any(a < c.sentence[1] and c.sentence[0] < b for a, b in cited)]
    if hit or not advice:
        return [c for c in found if c not in advice or c in hit]
    if not _is_guideline(document) and any(c.of == "study" and c.sentence != (0, 0) for c in found):
        return [c for c in found if c.of != "advice"]  # a trial's own words on what others advise
    pieces = {c.sentence for c in advice}
    agreed = {c.kind for c in advice if len(pieces) == 1 or _agreed([a for a in advice if a.kind == c.kind], pieces)}
    return [c for c in found if c.of != "advice" or c.kind in agreed]


def _agreed(same: list[Criterion], pieces: set[tuple[int, int]]) -> bool:
    """Whether all pieces of advice state this one limit, or one warns and no other speaks of it."""
    said = {(c.what, c.rule, c.low, c.high) for c in same}
    return len(said) == 1 and (same[0].rule == "excluded" or {c.sentence for c in same} == pieces)


def _of_sentence(said: str, known: list[Reach], *, at: int) -> Iterator[Criterion]:
    """The limits of one sentence that begins at `at`."""
    named = drafts(said, known)
    narrower = any(_rule(said, known, c) for c in named if not _noun(c))
    for c in named:
        if ruled := _rule(said, known, c):
            rule, of = ruled
            if rule == "excluded" and narrower and _noun(c):
                continue  # "avoid in adults whose clearance is below 30" leaves the other adults in
            placed = replace(c, rule=rule, of=of, start=at + c.start, end=at + c.end, sentence=(at, at + len(said)))
            yield replace(placed, quote=said[c.start : c.end])


def _noun(c: Criterion) -> bool:
    """Whether it is only what the people are called."""
    return c.kind in ("sex", "menopause") or (c.kind == "age" and c.what != "age")


def _rule(said: str, known: list[Reach], c: Criterion) -> tuple[Rule, Of] | None:
    """The rule that a limit is under and whose it is, None if it is no limit after all."""
    reach = governing(said, known, start=c.start, end=c.end)
    if not reach:
        return None
    if c.kind == "allergy" and re.search("contraindicat", said[max(0, c.start - 60) : c.start], re.I):
        return "excluded", reach.of  # nobody is taken for a contraindication
    if (_noun(c) and reach.rule == "excluded" and reach.of == "study") or _is_drug(said, reach, c):
        return None
    since = max([c.start - 120, 0, *(r.end for r in known if r.end <= c.start)])
    before = said[since : c.start].replace("e.g.", "eg").replace("i.e.", "ie")
    list_ = reach.rule == "required" and c.what not in MEASURES and _NONE_OF.search(before)
    negated = c.kind not in ("age", "sex", "menopause") and bool(
        _NOT.search(before) or list_ or re.match(r"[\s-](?:na[iï]ve|free)\b", said[c.end :])
    )
    if negated:
        # "included … without cirrhosis" excludes it; "excluded … without consent" says nothing that a record answers.
        response = c.kind == "medication" and _RESPONSE.search(before[-40:])
        return None if reach.rule == "excluded" or response or _FINDING.search(before) else ("excluded", reach.of)
    return None if reach.rule == "required" and _asks_nothing(said, reach, c) else (reach.rule, reach.of)


def _is_drug(said: str, reach: Reach, c: Criterion) -> bool:
    """Whether it is what is advised against, not for whom: "X is contraindicated". A state before it is no drug."""
    before = reach.of == "advice" and not reach.after and reach.stop is None
    return before and said[reach.start : reach.end].isascii() and c.kind not in ("pregnancy", "lactation")


def _asks_nothing(said: str, reach: Reach, c: Criterion) -> bool:
    """Whether what is named under a word of inclusion is an arm, a subject or one of several ways in."""
    before = said[: c.start]
    if _ONE_OF.search(before):
        return True
    if c.kind == "medication":
        taken = _TAKING.search(before[-45:]) or _TAKING.match(said[c.end :].lstrip(" -"))
        arm = _GIVEN.search(before) or (reach.end <= c.start and _ARMS.search(said, reach.end, c.start))
        return not taken or bool(arm) or reach.of != "study"
    if c.kind == "pregnancy":
        return not expecting(said, c.start, c.end)
    return c.kind == "lactation" and not nursing(said, c.end)
