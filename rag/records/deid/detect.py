"""Finds the identifiers of a text: one function over all layers.

Decides their order and what is done per language: a text with Chinese characters is read by the Chinese rules too,
since its numbers and English names may be of either. Nothing found here is a promise: see `report.py` for what may be
said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from indexer.errors import ConfigError
from rag.records.deid.chinese import find_chinese
from rag.records.deid.chinese_names import find_chinese_names
from rag.records.deid.dates import find_dates
from rag.records.deid.fold import fold
from rag.records.deid.known import find_known
from rag.records.deid.names import find_names, unknown_words
from rag.records.deid.numbers import find_numbers
from rag.records.deid.places import find_places
from rag.records.deid.tagger import tagger
from rag.records.deid.tokens import tokens
from rag.records.deid.types import Finding, merge
from rag.records.types import Person

_HAN = re.compile("[\u4e00-\u9fff]")


def find(text: str, *, person: Person | None = None, language: str | None = None) -> list[Finding]:
    """Findings in reading order, none overlapping, offsets in code points of `text`. Linear in the text's length.

    person: whom the text is of; all that is known of them is searched for first. language: `en` or `zh`; None: by its
    characters. Raises ConfigError for another language, or when the tagger's weights are damaged.
    """
    if language not in (None, "en", "zh"):
        raise ConfigError(f"language {language!r} is not known here; give 'en' or 'zh', or leave it out")
    return merge(_edges(text, f) for f in _all(text, person, language))


def _all(text: str, person: Person | None, language: str | None) -> Iterator[Finding]:
    folded = fold(text)
    if person is not None:
        yield from find_known(folded, person=person)
    yield from find_numbers(folded)
    yield from find_dates(folded)
    found = tokens(folded)
    level, probabilities = tagger().level, tagger().probabilities(found)
    yield from find_names(folded, found=found, probabilities=probabilities, level=level)
    yield from unknown_words(folded, found=found, level=level)
    yield from find_places(folded, found=found, probabilities=probabilities, level=level)
    if language == "zh" or (language is None and _HAN.search(folded)):
        yield from find_chinese(folded)
        yield from find_chinese_names(folded, found=found, probabilities=probabilities)


def _edges(text: str, finding: Finding) -> Finding:
    """Without white space or a comma at its edges."""
    start, end = finding.start, finding.end
    while start < end and (text[start].isspace() or text[start] in ",;:"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in ",;:"):
        end -= 1
    return Finding(start, end, finding.category, finding.score)
