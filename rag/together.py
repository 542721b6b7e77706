"""Whether one document speaks of both things that a yes/no question joins: the drug and the disease, say.

A small library holds vitamin D in one trial and cancer in another, and sentences of both cover the words of "Does
vitamin D prevent cancer?" without answering it. Decides by words and their other names. Knows nothing of meaning.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from rag.relevance import LARGE, Terms
from rag.topic import Term, named
from rag.topic import terms as topics
from rag.types import Hit

# Characters of a document's beginning that are read for its subject.
_READ = 20_000
# What such a question names first without being about it: "the addition of", "mutations in".
_NOT_THE_SUBJECT = re.compile(
    r"(?:addition|mutations?|variants?|deletions?|expression|inhibition|levels?|use|loss|presence|absence|activation|"
    r"administration|combination|low|high|early|late)\b",
    re.I,
)


def never_together(question: str, terms: Terms, *, hits: Sequence[Hit], text: Callable[[str], str]) -> list[str]:
    """The things that the question joins if no document that was found names two of them, else nothing.

    text: the whole text of a source. Only for small libraries: in a large one (LARGE passages) 4 of 19 questions that
    it answers would be lost to names that no table knows, and there the threshold of relevance does this work.
    """
    joined = [t for t in _joined(question) if not terms.unheard_short_form(t.text)]
    if len(joined) < 2 or not hits or terms.passages >= LARGE:
        return []
    sources = {h.passage.source.id: h.passage.source for h in hits}
    for source in sources.values():
        read = terms.present(f"{source.title}\n{text(source.id)[:_READ]}")
        if sum(terms.names(t.text, read) for t in joined) >= 2:
            return []
    return [t.text for t in joined]


def _joined(question: str) -> list[Term]:
    """Drugs and diseases of the question, and what it names first in English, whatever that is: coffee, exercise."""
    found = named(topics(question))
    return [
        t
        for i, t in enumerate(found)
        if t.kind != "other" or (i == 0 and t.text.isascii() and not _NOT_THE_SUBJECT.match(t.text))
    ]
