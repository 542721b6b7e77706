"""An evidence report as a page: table, summary, agreement map, forest plot, limits. Decides order and labels, no words.

A study has a number; a row has the study's number and its own (`3.2`), and in the references its sentence with offsets.
"""

from __future__ import annotations

from indexer.types import Source
from rag.tasks.evidence.pictures import agreement, forest
from rag.tasks.evidence.types import Cell, EvidenceReport, Line, Pooled, Row, Study
from rag.tasks.evidence.wording import say
from rag.tasks.page import Block, Heading, Page, Paragraph, Picture, Points, Reference, Table, Text
from rag.words import design_name

_COLUMNS = (
    "study",
    "design",
    "n",
    "population",
    "intervention",
    "comparator",
    "outcome",
    "effect",
    "interval",
    "direction",
)
_NONE = "—"


def page(report: EvidenceReport) -> Page:
    """The page in the report's language; cells stay verbatim."""
    language, labels = report.language, _labels(report)
    blocks: list[Block] = [Heading(say("table", language))]
    if not report.rows:
        blocks.append(Paragraph((Text(say("no rows", language)),)))
    if report.studies:
        blocks.append(_table(report, labels))
    if report.rows:
        blocks += [Heading(say("summary", language)), _summary(report, labels)]
        blocks += [Heading(say("map", language)), Paragraph((Text(say("map note", language)),)), _map(report, labels)]
        blocks += _forests(report, labels)
    blocks += [Heading(say("limits", language)), Points(tuple(Text(t) for t in report.limits))]
    return Page(
        say("title", language, question=report.question), language, tuple(blocks), _references(report, labels),
        (say("notice", language), *report.notices),
    )  # fmt: skip


class _Labels:
    """Numbers of studies, by source id, and of rows, by their place in the report."""

    def __init__(self, report: EvidenceReport) -> None:
        self.study = {s.source.id: str(i) for i, s in enumerate(report.studies, start=1)}
        self.row: list[str] = []
        counts: dict[str, int] = {}
        for r in report.rows:
            id = r.study.source.id
            counts[id] = counts.get(id, 0) + 1
            self.row.append(f"{self.study[id]}.{counts[id]}")


def _labels(report: EvidenceReport) -> _Labels:
    return _Labels(report)


def _table(report: EvidenceReport, labels: _Labels) -> Table:
    language = report.language
    lines = []
    for s in report.studies:
        label = labels.study[s.source.id]
        own = [(r, name) for r, name in zip(report.rows, labels.row, strict=True) if r.study.source.id == s.source.id]
        design = Text(design_name(s.source.design, report.question), (label,)) if s.design else Text(_NONE)
        first = (Text(_called(s.source), (label,)), design, *(_cell(c, label) for c in _study(s)[1:]))
        lines += [(*first, *_result(r, name, language)) for r, name in own]
        if not own:
            lines.append((*first, *(Text(_NONE) for _ in range(4))))
    return Table(tuple(say(c, language) for c in _COLUMNS), tuple(lines), say("table note", language))


def _study(s: Study) -> tuple[Cell, ...]:
    return s.design, s.n, s.population, s.intervention, s.comparator


def _result(row: Row, name: str, language: str) -> tuple[Text, ...]:
    cells = (_cell(row.outcome, name), _cell(row.effect, name), _cell(row.interval, name))
    said = Text(_NONE) if row.direction == "unclear" else Text(say(row.direction, language), (name,))
    return (*cells, said)


def _cell(cell: Cell, label: str) -> Text:
    return Text(cell.text, (label,)) if cell else Text(_NONE)


def _called(source: Source) -> str:
    first = source.authors[0].split(",")[0] if source.authors else source.id
    return f"{first} {source.year}" if source.year else first


def _summary(report: EvidenceReport, labels: _Labels) -> Table:
    language = report.language
    sides = ("increased", "decreased", "no difference", "unclear")
    header = tuple(say(k, language) for k in ("outcome", "studies", *sides, "best design"))
    return Table(header, tuple(_line(line, labels, report) for line in report.summary))


def _line(line: Line, labels: _Labels, report: EvidenceReport) -> tuple[Text, ...]:
    named = [line.increased, line.decreased, line.same, line.unclear]
    total = len({i for side in named for i in side})
    texts = [Text(str(len(side)), tuple(labels.study[i] for i in side)) for side in named]
    return (Text(line.outcome), Text(str(total)), *texts, Text(design_name(line.best_design, report.question)))


def _map(report: EvidenceReport, labels: _Labels) -> Picture:
    names = [f"[{n}] {_called(r.study.source)}" for n, r in zip(labels.row, report.rows, strict=True)]
    return agreement(report.rows, names, language=report.language)


def _forests(report: EvidenceReport, labels: _Labels) -> list[Block]:
    language = report.language
    if not report.forests:
        return [Heading(say("no forest", language)), Paragraph((Text(say(report.why_no_forest, language)),))]
    blocks: list[Block] = []
    for plot in report.forests:
        names = [f"[{labels.study[r.study.source.id]}] {_called(r.study.source)}" for r in plot.rows]
        heading = say("forest", language, outcome=plot.outcome, measure=plot.measure, comparator=plot.comparator)
        cites = tuple(labels.study[r.study.source.id] for r in plot.rows)
        blocks += [Heading(heading), forest(plot, names, language=language)]
        blocks.append(Paragraph((Text(_pooled(plot.fixed, plot.random, plot.measure, language), cites),)))
    return blocks


def _pooled(fixed: Pooled, random: Pooled, measure: str, language: str) -> str:
    return say(
        "pooled", language, k=fixed.k, measure=measure, fixed=f"{fixed.value:.2f}", fixed_low=f"{fixed.low:.2f}",
        fixed_high=f"{fixed.high:.2f}", random=f"{random.value:.2f}", random_low=f"{random.low:.2f}",
        random_high=f"{random.high:.2f}", i2=f"{fixed.i2:.0f}",
    )  # fmt: skip


def _references(report: EvidenceReport, labels: _Labels) -> tuple[Reference, ...]:
    found = []
    for s in report.studies:
        source, label = s.source, labels.study[s.source.id]
        parts = [source.title, source.journal, str(source.year or ""), source.id]
        found.append(Reference(label, ". ".join(p for p in parts if p), _quoted(s), _link(source)))
        for r, name in zip(report.rows, labels.row, strict=True):
            if r.study.source.id == source.id:
                place = f"{source.id}:{r.sentence.start}-{r.sentence.end}"
                found.append(Reference(name, place, r.sentence.quote, _link(source)))
    return tuple(found)


def _quoted(s: Study) -> str:
    return " … ".join(dict.fromkeys(p.quote for cell in _study(s) for p in cell.pieces))


def _link(source: Source) -> str | None:
    links = source.links
    if "pmid" in links:
        return f"https://pubmed.ncbi.nlm.nih.gov/{links['pmid']}/"
    return f"https://doi.org/{links['doi']}" if "doi" in links else links.get("url")
