"""The rows of one study: each result that compares, its outcome, which way it went, and its numbers.

Decides by wordings (`cues`): the outcome is the name that stands beside the wording, the numbers those that follow it.
A result within one group is no row, nor is one of others, nor what only may be. English. Knows nothing of the question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from indexer.sentences import split
from indexer.types import Document
from rag.align import words
from rag.sections import part_of
from rag.tasks.evidence.clauses import Clause, Numbers, Sentence, numbers_of
from rag.tasks.evidence.cues import HEDGED, WITHIN, cues
from rag.tasks.evidence.estimates import RATIOS, Effect, Span, effects, p_value
from rag.tasks.evidence.guard import against_words, like, names
from rag.tasks.evidence.lists import listed
from rag.tasks.evidence.phrases import after, before, hidden
from rag.tasks.evidence.sides import by_ratio, direction
from rag.tasks.evidence.types import EMPTY, Direction, Row, Study

_LONGEST = 1_200
_PART = re.compile(r"(?:^|\n|(?<=\.))\s{0,3}(?:ABSTRACT\.|BODY\.)?([A-Z][A-Z'’ /&,-]{3,60}):")
_TELLS = re.compile(r"interpret|significance", re.I)
_AIM = re.compile(
    r"\b(?:aims?|objectives?|purpose|hypothes\w+|to (?:determine|assess|evaluate|investigate|compare|examine|explore|test)|whether|is unclear|remains? (?:unclear|controversial)|previous(?:ly)?|"
    r"were (?:randomi[sz]ed|recruited|enrolled|asked|measured|assessed|collected)|was defined|is (?:a|an) (?:common|major|leading)|should|(?:have|has) (?:\w+ly )?(?:improved|increased|reduced|been)|background of|warrant\w*|needed|may be|might be)\b",
    re.I,
)
_BEFORE = re.compile(r"\b(?:have|has) (?:dramatically|greatly|markedly|substantially) |against a background", re.I)
_GROUP = re.compile(r"\b(?:than|compared|versus|vs\.?|relative to|between|groups?|placebo|controls?|arms?)\b", re.I)
# Results of others, who are named beside them.
_OTHERS = re.compile(r"\bet al\b|\[\d{1,3}(?:[,–-]\s?\d{1,3}){0,5}\]|\b(?:19|20)\d\d\)", re.I)
_SAYS = re.compile(
    r"\b(?:produced|provided|showed|judged|rated|resulted|had|were|was|did|received|experienced|underwent|then)\b", re.I
)
_PEOPLE = re.compile(
    r"\b(?:patients|women|men|children|subjects|participants|individuals|infants|adults|those|recipients)\b", re.I
)
_WHO = re.compile(r"\b(?:who|whose|whom)\b[^,;]{0,60}\Z", re.I)
# Takes back what the sentence before said.
_DENIES = re.compile(r"(?:However, )?(?:this|these|the) differences? (?:was|were|did) (?:also |however )?not\b", re.I)
_FOR = re.compile(
    r"\b(?:(?:risks?|odds|hazards?|likelihood|incidence|rates?|probability|ratios?|cases) (?:of|for)|predictors? (?:of|for)|associated with|for)(?= )",
    re.I,
)
_NO_OUTCOME = re.compile(
    r"\A(?:(?:\w+ )?effects? of .*|patients?|groups?|both|results?|there|it|this|these|they|we|treatments?|study|effects?|differences?|changes?|women|men|children|findings|values?|which|outcomes?|number|risk|"
    r"rates?|levels?|.{0,40}\bcharacteristics|baseline.{0,60}|demographic.{0,60}|.{0,20}\boutcome variables|size|dose|significance|interest|use|concentrations?|subjects|participants|age|time|between|benefit|cases?|ones|placebo|in|.{0,2})\Z",
    re.I,
)
_NUMBER_FIRST = re.compile(r"\W{0,9}[\d+](?!\d{0,9}-(?:year|month|week|day|hour))(?!\d{0,9}\s?% or)")
_BETWEEN = re.compile(r"\b(?:than|versus|vs|compared with (?:placebo|control)|between)\b")
# Between two ratios: "stroke (RR 0.78) and infarction (RR 0.67)".
_LISTED = re.compile(
    r"[\s)\]]{0,9}(?:, and|,|and)\s(?P<o>[a-z](?:[a-z-]|\s(?!\s)){3,60}?)(?:\sby\s[\d.]{1,6}\s?%)?\s*\Z", re.I
)
_BE = re.compile(r"\b(?:was|were|is|are)\b")


def rows(document: Document, study: Study, *, read: int) -> list[Row]:
    """The rows of a document's first `read` characters, in order, each outcome and direction once."""
    found: list[Row] = []
    last: list[Row] = []
    for start, sentence in _sentences(document, read):
        if _DENIES.match(sentence):
            found = [replace(r, direction="no difference") if r in last and not r.effect else r for r in found]
        last = _of_sentence(Sentence(sentence, hidden(sentence), start, study))
        found += last
    return _once(found)


def at_sentence(document: Document, study: Study, span: Span, *, outcome: str, said: Direction) -> Row | None:
    """The row of one sentence that is known to tell of `outcome` and to say `said`; None if it does not name it.

    span: of the sentence in the document's text. The numbers are those that the sentence's own wording gives that
    outcome; a sentence whose wording says another direction gives none.
    """
    text, asked = document.text[slice(*span)], set(words(outcome))
    sentence = Sentence(text, hidden(text), span[0], study)
    read = [r for r in _of_sentence(sentence) if names(r.outcome) & asked]
    if fits := [r for r in read if r.direction in (said, "unclear")]:
        return _sure(replace(max(fits, key=lambda r: len(names(r.outcome) & asked)), direction=said))
    named = [m.span() for m in re.finditer(r"[^\W_][\w-]*", text) if set(words(m[0])) & asked]
    if not named:
        return None
    start, end = named[0][0], max(b for _, b in named if b - named[0][0] <= 80)
    return _sure(Row(study, sentence.cell((start, end)), said, EMPTY, EMPTY, None, sentence.whole))


def _sure(row: Row) -> Row:
    return replace(row, direction="unclear") if against_words(row) else row


def _sentences(document: Document, read: int) -> Iterator[tuple[int, str]]:
    """Sentences that may hold results: of results and conclusions where there are headings, else any but aims."""
    text = document.text[:read]
    marks = [(m.start(), m[1]) for m in _PART.finditer(text)]
    for s in document.sections:
        if s.start < read and s.heading:
            marks.append((s.start, s.heading))
    marks.sort()
    named = any(part_of(h).order <= 1 for _, h in marks)
    for begin, end in split(text):
        start = begin
        heading = next((h for at, h in reversed(marks) if at <= start + 2), "")
        sentence = text[start:end]
        if inner := [m for m in _PART.finditer(sentence) if m.start() < 40]:
            start, heading = start + inner[-1].end(), inner[-1][1]
            sentence = text[start:end]
        if len(sentence) > _LONGEST or (
            named and heading and part_of(heading).order > 1 and not _TELLS.search(heading)
        ):
            continue
        if _BEFORE.search(sentence) or (not (named and heading) and _AIM.search(sentence) and not p_value(sentence)):
            continue
        yield start, sentence


def _of_sentence(sentence: Sentence) -> list[Row]:
    measured = effects(sentence.text)
    found: list[Row] = []
    taken: set[int] = set()
    for clause in _clauses(sentence, tells=bool(measured) or p_value(sentence.text) is not None):
        cue, outcome = clause.cue, _outcome(clause)
        if outcome is None or _within(clause) or _no_outcome(sentence, outcome):
            continue
        near = [i for i, e in enumerate(measured) if i not in taken and cue.start - 12 <= e.whole[0] < clause.high]
        taken |= set(near[:1])
        found += _rows_of(clause, outcome, numbers_of(clause, measured[near[0]] if near else None))
    for i, own in enumerate(measured):
        if i not in taken and own.interval and (row := _unsaid(sentence, measured, i, found)):
            found.append(row)
    return found


def _clauses(sentence: Sentence, *, tells: bool) -> Iterator[Clause]:
    """The wordings of a sentence that compare, each with its reach; none of a sentence that reports others' results."""
    bare = sentence.bare
    if _OTHERS.search(sentence.text):
        return
    arms = names(sentence.study.intervention) | names(sentence.study.comparator)
    compares = tells or bool(_GROUP.search(bare)) or "signific" in bare or bool(arms & set(words(bare)))
    told = [c for c in cues(bare) if compares or c.pole == 0]
    for k, cue in enumerate(told):
        low = told[k - 1].end if k else 0
        high = told[k + 1].start if k + 1 < len(told) else len(bare)
        relative = cue.by in ("had", "subject", "also") and _WHO.search(bare, low, cue.start)
        if not relative and (tells or not HEDGED.search(bare, low, high)):
            yield Clause(sentence, cue, low, high)


def _rows_of(clause: Clause, outcome: Span, shown: Numbers) -> Iterator[Row]:
    """The row of a wording, and those of the other outcomes that it lists, each with numbers of its own."""
    said = direction(clause, outcome, shown.estimate)
    if said is None:
        return
    sentence = clause.sentence
    yield Row(
        sentence.study, sentence.cell(outcome), said, shown.effect, shown.interval, shown.estimate, sentence.whole
    )
    for span, (start, end), pole in listed(clause, outcome):
        if _no_outcome(sentence, span) or effects(sentence.text[start:end]):
            continue
        own = numbers_of(replace(clause, cue=replace(clause.cue, start=start, end=start, by="list"), high=end), None)
        said = direction(replace(clause, cue=replace(clause.cue, pole=pole)), span, own.estimate)
        if said and own.effect:
            yield Row(sentence.study, sentence.cell(span), said, own.effect, EMPTY, own.estimate, sentence.whole)


def _unsaid(sentence: Sentence, measured: Sequence[Effect], i: int, said: Sequence[Row]) -> Row | None:
    """The row of a ratio with an interval beside which no wording stands: its numbers say which way."""
    own, study = measured[i], sentence.study
    if own.estimate.measure not in RATIOS or own.interval is None:
        return None
    low = max((e.interval or e.whole)[1] for e in measured[:i]) if i else 0
    outcome = _outcome_of(sentence, (low, own.whole[0]), said)
    if outcome is None or _no_outcome(sentence, outcome) or _PEOPLE.search(sentence.text, *outcome):
        return None
    named = {w for w in names(study.intervention) if len(w) > 2} & set(words(sentence.bare[low : own.whole[0]]))
    told = by_ratio(sentence, outcome, own.estimate, named=bool(named))
    if told == "unclear" and said and _LISTED.match(sentence.bare[low : own.whole[0]]):
        told = like(said[-1], own.estimate)
    cells = sentence.cell(outcome), sentence.cell(own.whole), sentence.cell(own.interval)
    return Row(study, cells[0], told, cells[1], cells[2], own.estimate, sentence.whole)


def _outcome_of(sentence: Sentence, reach: Span, said: Sequence[Row]) -> Span | None:
    """What a ratio is of: what stands after "risk of" before it, else the last outcome, else the subject."""
    (low, high), bare = reach, sentence.bare
    part = bare[low:high]
    for m in list(_FOR.finditer(part))[::-1]:
        if found := after(bare, low + m.end(), high):
            return found
    if low and said and said[-1].direction in ("increased", "decreased") and (next_one := _LISTED.match(part)):
        return low + next_one.start("o"), low + next_one.end("o")
    if said and low:
        last = said[-1].outcome.pieces[0]
        start, end = last.start - sentence.at, last.end - sentence.at
        if start < high and len(part) < 70 and ";" not in bare[end:high]:
            return start, end
    verb = _BE.search(part)
    return before(bare, low, low + verb.start()) if verb else None


def _outcome(clause: Clause) -> Span | None:
    bare, cue = clause.sentence.bare, clause.cue
    if cue.side == "right":
        return after(bare, cue.end, clause.high)
    if cue.by == "joined":  # from the noun's end up to the verb
        return after(bare, cue.start, cue.end)
    if cue.by == "apart" and (
        number := re.search(r"\s[\d.]{1,9}[^,;]{0,30}$", bare[max(clause.low, cue.start - 80) : cue.start + 1])
    ):
        return before(bare, clause.low, max(clause.low, cue.start - 80) + number.start())
    return before(bare, clause.low, cue.start)


def _no_outcome(sentence: Sentence, span: Span) -> bool:
    """Whether a name is none of an outcome: a general word, a number, half a sentence, or only the arms' own names."""
    name, study = sentence.text[slice(*span)], sentence.study
    if _NO_OUTCOME.match(name) or _NUMBER_FIRST.match(name) or "±" in name or _SAYS.search(name):
        return True
    return not set(words(name)) - names(study.intervention) - names(study.comparator)


def _within(clause: Clause) -> bool:
    """A change over time, without a comparison of groups beside it."""
    near = clause.sentence.bare[clause.low : clause.high]
    return clause.cue.pole != 0 and bool(WITHIN.search(near)) and not _BETWEEN.search(near)


def _once(found: Sequence[Row]) -> list[Row]:
    """A result that the conclusion repeats is one row: the one with more numbers."""
    kept: list[Row] = []
    for row in found:
        own = names(row.outcome)
        twin = next((i for i, k in enumerate(kept) if _same(own, names(k.outcome)) and k.direction == row.direction
                     and (not row.effect or not k.effect or row.effect.text == k.effect.text)), None)  # fmt: skip
        if twin is None:
            kept.append(row)
        elif not kept[twin].effect and row.effect:
            kept[twin] = row
    return kept


def _same(one: set[str], other: set[str]) -> bool:
    return bool(one) and len(one & other) >= 0.6 * len(one | other)
