"""What others than the care team see of a record: everything that identifies replaced by surrogates, at the border.

Decides what of an answer and of a prompt is text that may identify. The surrogates of one patient are always the
same, so that what a generator on another host writes can be turned back here. Knows nothing of who may see which
view.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from rag.records import deid
from rag.records.deid import Finding, Surrogates, Vault
from rag.records.deid.known import find_known, spellings
from rag.records.deid.surrogates import HOLIDAY, OLD, ZH_OLD
from rag.records.part import RecordPart
from rag.records.types import Person
from rag.records.when import period
from rag.types import Generator, Hit, Prompt

# What a resource's id begins with says its kind; the rest may be anybody's number.
_KIND = re.compile(r"(?:fhir:[A-Za-z]+(?=/)|mimic:[A-Z_]+(?=/)|note(?=:))?")
# Lines of the chart are composed by the program: only these places of theirs can identify.
_DAY = re.compile(r"\b(\d{4})-(\d\d)(-\d\d)?(?:T[\d:.]{4,15}(?:Z|[+-]\d\d:?\d\d)?)?\b")
_TITLED = re.compile(r"\b(?:Dr|Mr|Mrs|Ms|Prof|Nurse)\b\.? [^\W\d_][\w'’-]{0,40}(?: [A-Z][\w'’-]{0,40}){0,3}")
# Ages over 89 are one category (45 CFR 164.514(b)(2)(i)(C)), as the program and FHIR's quantities write them.
_AGE = re.compile(r"(?<![\d.,-])(?:9\d|1[0-2]\d)(?: years?(?: old)?\b| ?(?P<zh>岁))")
_NUMBERED_STREET = re.compile(r"\d{1,6}[A-Za-z]?\s+(?P<street>[^\W\d].{3,80})")


def timeless(question: str) -> str:
    """The question without its words of time: a period named by a reader of shifted dates would tell how far they
    were shifted."""
    rest = period(question.lower(), today=date(2000, 1, 1)).rest
    return " ".join(_NUMBERED_DAY.sub(" ", rest).split())


_NUMBERED_DAY = re.compile(r"\b\d{1,4}[-/.年]\d{1,2}(?:[-/.月]\d{1,4}日?)?|\b(?:19|20)\d\d\b")


def redacted(part: RecordPart, person: Person, surrogates: Surrogates, *, today: date | None = None) -> RecordPart:
    """The part with surrogates for all that identifies, and without the record's own ids. Names, values, units and
    ranges of the chart's lines stay as they are; notes are searched for every identifier. today: by which an age over
    89 is told (default: the day)."""
    person, born = widened(person), born_long_ago(person, today=today or date.today())

    def replaced(text: str, found: Sequence[Finding]) -> str:
        return deid.redact(text, found, surrogates=surrogates).text

    def day(text: str) -> str:
        return _DAY.sub(lambda m: surrogates.of(m[0][:10], "date") if m[3] else m[1], text)

    def line(text: str) -> str:
        text = _AGE.sub(lambda m: ZH_OLD if m["zh"] else OLD, ageless(text, born))
        # As written too: a name that is a word (Grace, May) is one only by its capital.
        both = (*find_known(text, person=person), *find_known(text.lower(), person=person))
        known = [f for f in both if f.category != "date"]
        titled = [Finding(m.start(), m.end(), "name", 0.9) for m in _TITLED.finditer(text)]
        return day(replaced(text, [*known, *titled]))

    def of(text: str, documents: Iterable[str]) -> str:
        if all(d.endswith(":chart") for d in documents):
            return line(text)
        text = ageless(text, born)
        return replaced(text, deid.find(text, person=person))

    documents = {c.number: c.document for c in part.citations}
    return replace(
        part, patient=plain_id(surrogates, part.patient), view="de-identified",
        said=tuple(replace(s, text=of(s.text, [documents[n] for n in s.citations])) for s in part.said),
        citations=tuple(
            replace(
                c, resource=f"{_KIND.match(c.resource)[0]}/{plain_id(surrogates, c.resource)}",  # type: ignore[index]
                time=day(c.time[:10]), document=plain_id(surrogates, c.document), quote=of(c.quote, [c.document]),
            )
            for c in part.citations
        ),
        points=tuple(replace(p, time=day(p.time[:10])) for p in part.points),
        fits=tuple(replace(f, text=line(f.text)) for f in part.fits),
    )  # fmt: skip


def plain_id(surrogates: Surrogates, id: str) -> str:
    """What stands for an id: always the same, and nothing of it can be read from it."""
    return hmac.new(surrogates.key, f"id\0{id}".encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:12]


def widened(person: Person) -> Person:
    """The person with each street of an address also without its house number, as notes name it."""
    parts = (part.strip() for address in person.addresses for part in re.split(r"[,;\n]", address))
    streets = (m["street"] for part in parts if (m := _NUMBERED_STREET.fullmatch(part)))
    return replace(person, addresses=(*person.addresses, *streets))


def born_long_ago(person: Person, *, today: date) -> re.Pattern[str] | None:
    """What finds the birth of who is, or died, over 89: shifted or not, its year tells the age. Else None."""
    try:
        year, end = int(person.birth[:4]), int((person.death or today.isoformat())[:4])
    except ValueError:
        return None
    if end - year < 90:
        return None
    try:
        days = [re.escape(s) for s in spellings(date.fromisoformat(person.birth[:10]))]
    except ValueError:
        days = []
    return re.compile("|".join(rf"(?<![^\W_]){s}(?![^\W_])" for s in (*days, rf"{year}(?:-\d\d){{0,2}}")), re.I)


def ageless(text: str, born: re.Pattern[str] | None) -> str:
    """The text without the birth that `born` finds."""
    return born.sub(HOLIDAY, text) if born else text


class Masked:
    """A generator on a host that the policy names: it is given surrogates, and what it writes is turned back."""

    def __init__(self, inner: Generator, person: Person, surrogates: Surrogates) -> None:
        self._inner, self._person, self._surrogates = inner, widened(person), surrogates
        self._born = born_long_ago(person, today=date.today())

    @property
    def spec(self) -> str:
        """The spec of the generator inside."""
        return self._inner.spec

    def generate(self, prompt: Prompt) -> Iterator[str]:
        """The draft with the patient's own words back, line by line."""
        vaults: list[Vault] = []

        def plain(text: str) -> str:
            text = ageless(text, self._born)
            done = deid.redact(text, deid.find(text, person=self._person), surrogates=self._surrogates)
            vaults.append(done.vault)
            return done.text

        hits = tuple(self._hit(h, plain(h.passage.text), number) for number, h in enumerate(prompt.hits, start=1))
        question = replace(prompt.question, text=plain(prompt.question.text), english=plain(prompt.question.english))
        vault, line = deid.join(vaults), ""
        for piece in self._inner.generate(replace(prompt, question=question, hits=hits)):
            *whole, line = (line + piece).split("\n")
            for one in whole:
                yield deid.restore(one, vault) + "\n"
        if line:
            yield deid.restore(line, vault)

    def _hit(self, hit: Hit, text: str, number: int) -> Hit:
        source = replace(hit.passage.source, id=f"record:{number}", title="Record", links={}, year=None)
        return replace(hit, passage=replace(hit.passage, source=source, section="", text=text))


def logged(surrogates: Surrogates, id: str, document: str) -> str:
    """How the log names a document of patient `id`: the id of a note may hold the patient's (MIMIC's does), so it is
    keyed."""
    kind = document.removeprefix(f"record:{id}:")
    return kind if kind == "chart" else f"note:{plain_id(surrogates, document)}"
