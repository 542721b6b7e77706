"""Whether a study is on what a question asks: it names the intervention or the condition of the question.

Decides by the question's drugs, diseases, people and other things (`rag.topic`): one of them must stand in the title,
or with all its words in the part of the text that is read. Tofacitinib in arthritis is none for "SGLT2 inhibitors in
heart failure". Knows nothing of results.
"""

from __future__ import annotations

import re

from indexer.types import Document
from rag.relevance import Terms
from rag.tasks.evidence.study import READ
from rag.topic import terms
from rag.types import Question

# Named in a question without being what it is about.
_NO_TOPIC = re.compile(
    r"(?:the )?(?:effects?|placebo|controls?|usual care|standard care|treatment|therapy|risks?|(?:older |younger )?"
    r"(?:patients?|adults?|people|persons|children|women|men|infants|participants|subjects|elderly))",
    re.I,
)
# How much of a thing is given: a title without such a word may still be of the thing.
_DEGREE = re.compile(
    r"(?:intensive|intensified|strict|tight|lower|low|higher|high|early|late|long|short|smaller|larger)", re.I
)
# What is done with a thing, and to whom: no study need use the same word.
_ANY = re.compile(
    r"(?:controls?|lowering|therapy|treatments?|management|levels?|use|reduction|adults?|patients?|people|in|of|with|the|and)",
    re.I,
)
_KINDS = ("drug", "disease", "other", "people")


class Topic:
    """The intervention and the condition that a question names."""

    def __init__(self, asked: Question, known: Terms) -> None:
        texts = dict.fromkeys(t for t in (asked.text, asked.english) if t)
        found = [t.text for text in texts for t in terms(text) if t.kind in _KINDS]
        self._names = [n for n in dict.fromkeys(found) if not _NO_TOPIC.fullmatch(n)]
        self._known = known

    def of(self, document: Document) -> bool:
        """Whether a document names one of them; True where the question names none."""
        if not self._names:
            return True
        title = self._known.present(document.source.title)
        whole = self._known.present(f"{document.source.title}\n{document.text[:READ]}")
        return any(self._holds(n, title, degree=False) or self._holds(n, whole, degree=True) for n in self._names)

    def _holds(self, name: str, present: set[tuple[str, str]], *, degree: bool) -> bool:
        """Whether all words of a name are there; degree: also those of how much. Chinese is weighed as a whole."""
        if not name.isascii():
            return self._known.names(name, present)
        named = [w for w in re.findall(r"[^\W_][\w-]*", name) if not _ANY.fullmatch(w)]
        parts = [w for w in named if degree or not _DEGREE.fullmatch(w)]
        return bool(parts) and all(self._known.names(w, present) for w in parts)
