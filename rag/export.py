"""Writes answers to a file that others read: Markdown with numbered references and quotes, or only the references.

Decides the layout of Markdown and what of a text would be markup there. Knows nothing of where answers come from.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from indexer.errors import ConfigError
from rag.references import bibtex, csl, doi, encoded, identifier, line, remark, ris
from rag.saved import SavedAnswer, SavedCitation
from rag.words import say

FORMATS = {".md": "Markdown", ".bib": "BibTeX", ".ris": "RIS", ".json": "CSL-JSON"}
_MARKUP = re.compile(r"([\\`*_\[\]<>&|~$^#!{}])")
_LEADING = re.compile(r"^(\d{1,9}(?=[.)])|[-+=:])")


def export(answers: Sequence[SavedAnswer], suffix: str) -> str:
    """The text of a file with this suffix: .md, .bib, .ris or .json (CSL). Raises ConfigError for another one."""
    if suffix.lower() not in FORMATS:
        known = ", ".join(f"{s} ({name})" for s, name in FORMATS.items())
        raise ConfigError(f"{suffix or 'no suffix'}: expected one of {known}")
    if suffix.lower() == ".md":
        return markdown(answers)
    sources = [c.source for a in answers for c in sorted(a.citations, key=lambda c: c.number)]
    return {".bib": bibtex, ".ris": ris, ".json": csl}[suffix.lower()](sources)


def save(answers: Sequence[SavedAnswer], to: str | Path, *, replace: bool = False) -> Path:
    """Writes the file. Raises ConfigError when it is there and is not to be replaced, or cannot be written."""
    return written(export(answers, Path(to).suffix), to, replace=replace)


def written(text: str, to: str | Path, *, replace: bool = False) -> Path:
    """Puts text into a file. Raises ConfigError when it is there and is not to be replaced, or cannot be written."""
    path = Path(to)
    try:
        with path.open("w" if replace else "x", encoding="utf-8", errors="replace", newline="") as file:
            file.write(text)
    except FileExistsError as error:
        raise ConfigError(f"{path}: is there already; give another name, or replace it on purpose") from error
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written ({error.strerror})") from error
    return path


def escaped(text: object) -> str:
    """Data as Markdown shows it: on one line, no markup, no HTML, no address that becomes a link."""
    found = _MARKUP.sub(r"\\\1", line(text))
    found = re.sub(r"(?i)\b(https?|ftp|mailto|javascript|data):", r"\1\\:", found)
    found = re.sub(r"(?i)\bwww\.", lambda m: m[0][:3] + "\\.", found)
    return _LEADING.sub(lambda m: m[1] + "\\" if m[1].isdigit() else "\\" + m[1], found)


def markdown(answers: Sequence[SavedAnswer]) -> str:
    """Every answer with its sentences, then one list of references over all of them."""
    numbers = _Numbers()
    level = "#" if len(answers) == 1 else "##"
    parts = [] if len(answers) == 1 else [f"# {say('conversation', answers[0].question)}"]
    for answer in answers:
        parts += _answer(answer, level, numbers)
    if numbers.cited:
        parts.append(f"## {say('references', answers[0].question)}")
        parts += [_reference(number, c) for number, c in enumerate(numbers.cited, start=1)]
    parts += ["---", *dict.fromkeys(_receipt(a) for a in answers)]
    return "\n\n".join(parts) + "\n"


class _Numbers:
    """Numbers over the whole file: the same quote has one, whatever its answer called it."""

    def __init__(self) -> None:
        self.cited: list[SavedCitation] = []
        self._places: dict[tuple[str, int, int], int] = {}

    def of(self, answer: SavedAnswer, numbers: Sequence[int]) -> str:
        """`[1] [3]`, as Markdown."""
        by_number = {c.number: c for c in answer.citations}
        return "".join(f" \\[{self._number(by_number[n])}\\]" for n in dict.fromkeys(numbers) if n in by_number)

    def _number(self, c: SavedCitation) -> int:
        place = (c.source.id, c.start, c.end)
        if place not in self._places:
            self.cited.append(c)
            self._places[place] = len(self.cited)
        return self._places[place]


def _answer(answer: SavedAnswer, level: str, numbers: _Numbers) -> list[str]:
    q = answer.question
    parts = [f"{level} {escaped(answer.asked or q)}"]
    if answer.asked and answer.asked != q:
        parts.append(f"*{say('understood as', q, text=escaped(q))}*")
    if answer.status == "abstained":
        parts.append(f"{say('no answer', q)} {escaped(answer.reason)}")
    if answer.bottom_line:
        parts.append("; ".join(f"**{escaped(text)}**{numbers.of(answer, n)}" for text, n in answer.bottom_line))
    claims = [
        f"* {escaped(c.text)}{_support(c.support, q)}{numbers.of(answer, c.citations)}" for c in answer.claims
    ]  # fmt: skip
    if claims:
        parts.append("\n".join(claims))
    parts += [f"> {escaped(notice)}" for notice in answer.notices]
    return parts


def _support(support: str, question: str) -> str:
    return "" if support == "supported" else f" ({escaped(say(f'support {support}', question))})"


def _reference(number: int, c: SavedCitation) -> str:
    """The whole reference, the quote, and where it stands."""
    s = c.source
    links = [f"[doi:{escaped(d)}](https://doi.org/{_target(d)})" for d in [doi(s)] if d]
    links += [f"[PMID {p}](https://pubmed.ncbi.nlm.nih.gov/{p}/)" for p in [identifier(s, "pmid")] if p]
    links += [f"[{p}](https://pmc.ncbi.nlm.nih.gov/articles/{p}/)" for p in [identifier(s, "pmcid")] if p]
    named = [
        ", ".join(map(line, s.authors)),
        line(s.title or s.id),
        line(" ".join(str(x) for x in (s.journal, s.year) if x)),
    ]
    text = ". ".join(escaped(x).rstrip(".") for x in named if x) + "."
    remarked = (
        f" **{escaped(remark(s))}**." if s.retracted or s.concern else f" {escaped(remark(s))}." if remark(s) else ""
    )
    page = f"p. {c.page}" if c.page else ""
    place = " · ".join(escaped(x) for x in (c.section, page, f"{s.id}:{c.start}-{c.end}") if x)
    return f"\\[{number}\\] {text}{remarked} {' '.join(links)}".rstrip() + f"\n\n> “{escaped(c.quote)}”\n>\n> {place}"


def _target(address: str) -> str:
    return re.sub(r"[*_~&!()]", lambda m: f"%{ord(m[0]):02X}", encoded(address))


def _receipt(answer: SavedAnswer) -> str:
    r = answer.receipt
    told = [say("disclaimer", answer.question)]
    known = [f"{k} {r[k]}" for k in ("generation", "embedder", "generator", "version") if r.get(k)]
    return escaped(" ".join(told)) + ("  \n" + escaped(" · ".join(known)) if known else "")
