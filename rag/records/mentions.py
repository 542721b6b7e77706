"""What notes say of what was asked of the entries: a drug, test or allergy that stands only in a note must not be
missed.

Decides by words: sentences of the notes that hold every word of the name, or, where a list is asked, the section of
that name; the newest notes first. Knows nothing of meaning: a denied allergy is quoted as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from indexer.sentences import split
from indexer.types import Document
from rag.records.types import Entry
from rag.records.wanted import Wanted

Place = tuple[str, int, int, str]
"""Id of the note's document, offsets of the sentence in its text, and the note's time."""

MOST = 3
_LONGEST = 600
_SECTIONS = {
    "allergy": re.compile(r"allerg|过敏", re.I),
    "medication": re.compile(r"medication|drugs|用药|带药|医嘱", re.I),
    "condition": re.compile(r"problem|diagnos|past medical|assessment|诊断|既往", re.I),
}
_BOTH = re.compile(r"[a-z0-9]+|[\u4e00-\u9fff]+")


def mentions(wanted: Wanted, entries: Sequence[Entry], documents: Mapping[str, Document]) -> list[Place]:
    """The places, at most `MOST`, of the newest notes first."""
    notes = sorted((e for e in entries if e.category == "note"), key=lambda e: e.time, reverse=True)
    found: list[Place] = []
    for note in notes:
        document = documents[note.document]
        spans = _named(document, wanted.name) if wanted.name else _section(document, wanted.detail)
        found += [(note.document, start, end, note.time) for start, end in spans]
    return found[:MOST]


def _named(document: Document, name: str) -> Iterator[tuple[int, int]]:
    words = _BOTH.findall(name.lower())
    for start, end in split(document.text):
        sentence = document.text[start:end].lower()
        if words and end - start <= _LONGEST and all(_stands(w, sentence) for w in words):
            yield start, end


def _stands(word: str, sentence: str) -> bool:
    if not word.isascii():
        return word in sentence
    return (
        re.search(rf"\b{re.escape(word[:-1] if len(word) > 4 and word.endswith('s') else word)}", sentence) is not None
    )


def _section(document: Document, detail: str) -> Iterator[tuple[int, int]]:
    if (heading := _SECTIONS.get(detail)) is None:
        return
    for section in document.sections:
        if heading.search(section.heading) and 0 < section.end - section.start <= _LONGEST:
            yield section.start, section.end
