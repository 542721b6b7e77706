"""The way from a question to an evidence report: find, read each study, keep the rows that are asked for, sum up.

Decides which sources and rows belong to the question, and checks every cell against the stored text before it is kept.
Knows nothing of pages or files.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from indexer.design import rank
from indexer.errors import ConfigError
from indexer.language import language_of
from indexer.types import Document, Filter
from rag.align import words
from rag.effect import Effect, effect
from rag.filters import parse
from rag.library import Library
from rag.relevance import Terms, technical
from rag.retrieve import asked
from rag.settings import EFFORTS
from rag.tasks.evidence.choose import direction_of
from rag.tasks.evidence.limits import limits
from rag.tasks.evidence.results import at_sentence, rows
from rag.tasks.evidence.study import READ, study
from rag.tasks.evidence.subject import Topic
from rag.tasks.evidence.summary import forests, key, summary
from rag.tasks.evidence.types import EMPTY, Cell, EvidenceReport, Piece, Place, Row, Study, stands
from rag.types import Hit, Question

# A source belongs to the question from this score of the reranker, or this share of the question's terms in a passage.
_ANSWERS, _COVERED = 0.0, 0.55
_MOST = 60
# Where a question names no outcome that is found, so many rows of a study are shown.
_ROWS = 4
# Of the technical words, those that are drugs.
_DRUG = re.compile(
    r"(?:mab|nib|parib|pril|sartan|statin|olol|dipine|prazole|conazole|floxacin|cillin|mycin|cycline|vir|gliptin|gliflozin|"
    r"glutide|glitazone|formin|xaban|gatran|grel|grelor|platin|taxel|triptan|setron|azepam|dronate|afil|lukast|terol|"
    r"tropium|sone|olone|apine|idone|gabalin|racetam|thiazide|semide|caine|oxetine|cept|limus|mibe|fibrate)s?$"
)
# Words that ask for a direction; they name no outcome.
_CHANGES = words(
    "does reduce increase lower raise improve worsen affect prevent change effect effects influence benefit help cause "
    "lead risk safe effective compared versus"
)
_DOES = re.compile(
    r"(?:does|do|can|could|will|is|are|did|should)\s(?:the\s|an?\s)?(?P<subject>[^?]{2,80}?)\s(?:significantly\s)?"
    r"(?:reduce|increase|lower|raise|improve|worsen|affect|prevent|change|influence|help|cause|lead|decrease|prolong|"
    r"shorten|protect|delay|effective|safe|associated|better|superior|beneficial|useful|work)\b",
    re.I,
)
# Two voices of three must agree before a sentence that no wording explains says which way an outcome went.
_SURE = 0.66
# So much must be said of the outcome at all (`Choice.voice`).
_HEARD = 0.02


def evidence_report(
    library: Library, question: str, *, where: Filter | str | None = None, limit: int = 20
) -> EvidenceReport:
    """What up to `limit` studies of the library found on `question`; best design first.

    where: a Filter or its text, as for `Library.ask`. Raises ConfigError on an empty question, a limit outside 1 to 60
    or a wrong filter; IndexUnusable.
    """
    question = " ".join(question.split())
    if not question:
        raise ConfigError(
            'the question is empty; ask something, e.g.: rag report evidence "Does metformin reduce mortality?"'
        )
    if not 1 <= limit <= _MOST:
        raise ConfigError(f"limit = {limit}: expected 1 to {_MOST} studies")
    admitted = _filter(library, where)
    meant = asked(library.index, question, EFFORTS[library.settings.effort])
    documents, left_out = _documents(library, meant, where=admitted, limit=limit)
    asked_for = _technical(f"{meant.text} {meant.english}")
    subject = _subject(meant.english or meant.text)
    topic = Topic(meant, Terms(meant, library.index.lexical))
    about = [d for d in documents if _is_about(d, asked_for, subject) and topic.of(d)]
    off = tuple(d.source.id for d in documents if not topic.of(d))
    made = [(d, _named(_checked_study(study(d), d), d, asked_for)) for d in about]
    found = _asked_for(question, meant, made)
    ordered = tuple(sorted(found, key=lambda r: (rank(r.study.source.design), -(r.study.source.year or 0))))
    studies = tuple(sorted((s for _, s in made), key=lambda s: (rank(s.source.design), -(s.source.year or 0))))
    plots, why = forests(ordered)
    report = EvidenceReport(
        question, "zh" if language_of(question) == "zh" else "en", ordered, studies, summary(ordered), plots, why, (),
        library.index.manifest.documents, left_out, off_topic=off,
    )  # fmt: skip
    return replace(report, limits=limits(report, read=READ))


def _filter(library: Library, where: Filter | str | None) -> Filter:
    default = Filter(allow_retracted=library.settings.allow_retracted)
    return parse(where, default) if isinstance(where, str) else where or default


def _documents(
    library: Library, meant: Question, *, where: Filter, limit: int
) -> tuple[list[Document], tuple[str, ...]]:
    """The documents that belong to the question, best first, and the ids of retracted ones that would have."""
    terms = Terms(meant, library.index.lexical)
    hits = library.search(meant.text, k=4 * limit, where=replace(where, allow_retracted=True))
    found: list[Document] = []
    left_out: list[str] = []
    for id in dict.fromkeys(h.passage.source.id for h in hits if _belongs(h, terms)):
        document = library.index.catalogue.document(id)
        if document is None:
            continue
        if document.source.retracted and not where.allow_retracted:
            left_out.append(id)
        elif len(found) < limit:
            found.append(document)
    return found, tuple(left_out)


def _belongs(hit: Hit, terms: Terms) -> bool:
    covered = terms.coverage(f"{hit.passage.source.title} {hit.passage.text}") >= _COVERED
    return hit.why["rerank"] >= _ANSWERS if "rerank" in hit.why else covered


def _subject(question: str) -> frozenset[str]:
    """The words of what a question asks the effect of; empty where it does not ask so."""
    parts, asked_so = effect(question), _DOES.match(question)
    return words(parts.intervention if parts else asked_so["subject"] if asked_so else "")


def _is_about(document: Document, names: Sequence[str], subject: frozenset[str]) -> bool:
    """Whether a document holds one of the question's technical words, and half of the words of its subject."""
    if document.source.language == "zh":
        return True  # it need not hold an English word; `Topic` knows its names
    if names and not any(_where(document, w) for w in names):
        return False
    if not subject:
        return True
    return 2 * len(subject & words(f"{document.source.title} {document.text[:READ]}")) >= len(subject)


def _technical(question: str) -> list[str]:
    """The names of drugs, diseases and procedures in a question: a source without any is about something else."""
    return [w for w in dict.fromkeys(re.findall(r"[a-z][a-z-]{4,40}", question.lower())) if technical(w)]


def _where(document: Document, word: str) -> Piece | None:
    """The first place of a word in the title, else in the part of the text that is read."""
    places: tuple[tuple[Place, str], ...] = (("title", document.source.title), ("text", document.text[:READ]))
    for where, text in places:
        if (at := text.lower().find(word)) >= 0:
            return Piece(text[at : at + len(word)], at, at + len(word), where)
    return None


def _named(made: Study, document: Document, asked_for: Sequence[str]) -> Study:
    """A study whose intervention no wording gave has the drug that the question names, where it stands in its title."""
    drugs = [p for w in asked_for if _DRUG.search(w) and (p := _where(document, w)) and p.where == "title"]
    return made if made.intervention or not drugs else replace(made, intervention=Cell((drugs[0],)))


def _asked_for(question: str, meant: Question, made: Sequence[tuple[Document, Study]]) -> list[Row]:
    """The rows of the outcomes that the question names; of all outcomes where it names none that is found."""
    parts = effect(question) or effect(meant.english or question)
    named = words(parts.outcome if parts else meant.english or question) - _CHANGES
    every = [(d, s, [c for r in rows(d, s, read=READ) if (c := _checked(r, d))]) for d, s in made]
    right = [[r for r in own if _names(r, named, s)] for _, s, own in every]
    if not any(right) and not parts:
        return [r for _, _, own in every for r in own[:_ROWS]]
    if parts:
        return [r for (d, s, _), own in zip(every, right, strict=True) for r in _agreed(d, s, own, parts)]
    return [r for own in right for r in own]


def _names(row: Row, named: frozenset[str], own: Study) -> bool:
    """Whether a row's outcome shares a word with what is asked, other than the arms' names."""
    return bool((key(row.outcome.text) & named) - words(own.intervention.text) - words(own.comparator.text))


def _agreed(document: Document, made: Study, own: Sequence[Row], parts: Effect) -> list[Row]:
    """The rows by wording, which the sentences' vote may not contradict; where there is none, one by the vote alone."""
    choice = direction_of(document, parts)
    if not own:
        if choice.sentence is None or max(choice.votes) < _SURE or choice.voice < _HEARD:
            return []
        span = choice.sentence.start, choice.sentence.end
        row = at_sentence(document, made, span, outcome=parts.outcome, said=choice.direction)
        checked = _checked(row, document) if row else None
        return [checked] if checked else []
    against = {"increased": "decreased", "decreased": "increased"}.get(choice.direction)
    return [
        replace(r, direction="unclear") if r.direction == against and max(choice.votes) >= _SURE else r for r in own
    ]


def _checked_study(made: Study, document: Document) -> Study:
    """The study without cells that are not found in the stored text."""

    def kept(cell: Cell) -> Cell:
        return cell if stands(cell, document) else EMPTY

    return Study(
        made.source,
        kept(made.design),
        kept(made.n),
        kept(made.population),
        kept(made.intervention),
        kept(made.comparator),
    )


def _checked(row: Row, document: Document) -> Row | None:
    """The row, if outcome and sentence are found in the stored text; without numbers that are not."""
    if not stands(Cell((*row.outcome.pieces, row.sentence)), document):
        return None
    if stands(row.effect, document) and stands(row.interval, document):
        return row
    return replace(row, effect=EMPTY, interval=EMPTY, estimate=None)
