"""The Python interface: open an index, search it, ask it, look a passage up. Decides how parts are put together.

Construction opens and checks the index; models load at the first question. Knows nothing of terminals.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from indexer.errors import ConfigError
from indexer.index import Index
from indexer.types import Filter, Passage
from rag import settings as settings_module
from rag.answer import Models, ask
from rag.filters import parse
from rag.generate import generator
from rag.generators.extractive import Extractive
from rag.judge import judge_from
from rag.rerank import reranker
from rag.retrieve import asked, retrieve
from rag.settings import EFFORTS, Settings
from rag.types import Answer, Claim, Excerpt, Generator, Hit

if TYPE_CHECKING:
    from indexer.progress import Progress
    from indexer.types import BuildReport
    from rag.records.store import Store


class Library:
    """An index and a generator, ready for questions. A context manager; not for use by two threads at once."""

    def __init__(self, index: Index, *, settings: Settings, records: Store | None = None) -> None:
        self.index, self.settings, self.records = index, settings, records
        self.reranker = reranker(settings.reranker)

    def ask(
        self, question: str, *, where: Filter | str | None = None, show: Callable[[Claim], None] | None = None,
        patient: str | None = None, because: str = "",
    ) -> Answer:  # fmt: skip
        """Answers from the passages that `where` admits: a Filter, or a text such as `year>=2015 design:rct`.

        show: is given each sentence of a language model as soon as it is cited and judged. patient: whose record is
        asked too (`Answer.record`); because: the reason to break the glass. Raises ConfigError, IndexUnusable, Refused;
        a generator that fails becomes a notice.
        """
        if patient is not None:
            from rag.records.discreet import discreet

            try:
                return self._of_patient(question, patient, where=where, because=because)
            except Exception as error:  # what a foreign error says may quote the record
                problem = discreet(error)
            raise problem
        return ask(
            question, index=self.index, models=self.models, settings=self.settings, where=self._where(where), show=show
        )

    def _of_patient(self, question: str, patient: str, *, where: Filter | str | None, because: str) -> Answer:
        from rag.records.answer import Literature, Patients
        from rag.records.gate import way

        if self.records is None:
            raise ConfigError('no records were opened; open them too, e.g.: rag.open("index", "records")')
        models = self.models
        if way(self.settings.generator, self.records.policy) != "here":  # a question says something of the patient too
            models = replace(models, generator=models.extractive)

        def asks(impersonal: str) -> Answer:
            return ask(
                impersonal, index=self.index, models=models, settings=self.settings, where=self._where(where)
            )  # fmt: skip

        literature = Literature(asks, self.index.catalogue.document)
        patients = Patients(self.records, self.settings, literature if self.index.manifest.documents else None)
        return patients.ask(question, patient, because=because)

    def search(self, question: str, *, k: int = 10, where: Filter | str | None = None) -> list[Hit]:
        """The `k` best passages, best first. Raises ConfigError, IndexUnusable."""
        if k < 1:
            raise ConfigError(f"k = {k}: expected 1 or more")
        effort = EFFORTS[self.settings.effort]
        meant = asked(self.index, question, effort)
        return retrieve(
            self.index, meant, k=k, where=self._where(where), effort=effort, reranker=self.reranker
        )  # fmt: skip

    def show(self, id: str) -> Excerpt:
        """A passage or quote in its place: `source.id:start-end`, or a source id for its first section.

        Raises ConfigError if there is no such document or the offsets lie outside it.
        """
        match = re.fullmatch(r"(.+):(\d+)-(\d+)", id)
        document = self.index.catalogue.document(id)
        start = end = -1
        if document is None and match:
            document, start, end = (
                self.index.catalogue.document(match[1]),
                int(match[2]),
                int(match[3]),
            )
        if document is None:
            near = self.index.catalogue.ids(id.split(":", maxsplit=1)[0])[:3]
            raise ConfigError(f"{id}: not in {self.index.folder}" + (f"; there is e.g. {near[0]}" if near else ""))
        if start < 0:
            first = document.sections[0] if document.sections else None
            start, end = (first.start, first.end) if first else (0, len(document.text))
        if not 0 <= start < end <= len(document.text):
            raise ConfigError(f"{id}: the document has the characters 0-{len(document.text)}")
        inside = [s for s in document.sections if s.start <= start < s.end]
        section, low, high = ("", 0, len(document.text)) if not inside else (
            inside[0].heading, inside[0].start, max(inside[0].end, end))  # fmt: skip
        passage = Passage(document.source, section, document.page_at(start), start, end, document.text[start:end])
        return Excerpt(passage, document.text[low:start], document.text[end:high])

    @functools.cached_property
    def models(self) -> Models:
        """What reads and writes for `ask`, as the settings name it. Raises ConfigError for an unknown spec."""
        effort, spec = EFFORTS[self.settings.effort], self.settings.generator
        extractive = Extractive(self.index, effort=effort)
        writes: Generator = extractive
        if spec != "extractive":
            writes = generator(spec, index=self.index, effort=effort, deadline=self.settings.deadline)
        return Models(writes, extractive, self.reranker, judge_from(self.settings.judge))

    def _where(self, where: Filter | str | None) -> Filter:
        default = Filter(allow_retracted=self.settings.allow_retracted)
        if isinstance(where, str):
            return parse(where, default)
        return where if where is not None else default

    def close(self) -> None:
        """Releases the index."""
        self.index.close()

    def __enter__(self) -> Library:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open(
    *paths: str | Path, generator: str | None = None, reranker: str | None = None, judge: str | None = None,
    effort: str | None = None, key_file: str | Path | None = None, user: str | None = None,
) -> Library:  # fmt: skip
    """Opens an index (default: `$ANAMNESIS_INDEX`, else `./index`), a store of patient records, or one of each.

    key_file: of the records; without it the environment says how they are unlocked (docs/records.md). user: who acts,
    for a service that has its own login; else the account that runs the program. Raises IndexUnusable, ConfigError.
    """
    stores = [p for p in paths if (Path(p) / "store.json").exists()]
    indexes = [p for p in paths if p not in stores]
    if len(indexes) > 1 or len(stores) > 1:
        raise ConfigError(f"{len(paths)} folders were given; this version opens one index and one store of records")
    settings = settings_module.load(
        index=str(indexes[0]) if indexes else None, generator=generator, reranker=reranker, judge=judge, effort=effort,
        records=str(stores[0]) if stores else None,
    )  # fmt: skip
    records = store(settings.records, key_file=key_file, user=user) if stores else None
    index = nothing(records) if records and not indexes else Index(settings.index)
    return Library(index, settings=settings, records=records)


def store(folder: str, *, key_file: str | Path | None = None, user: str | None = None, prompt: bool = False) -> Store:
    """The unlocked store of records. prompt: a passphrase may be asked for. Raises ConfigError, IndexUnusable."""
    from rag.records.keys import unlock
    from rag.records.store import Store

    return Store(folder, unlock(key_file=key_file, prompt=prompt), person=user)


def nothing(records: Store) -> Index:
    """A library without literature, for records that are asked alone."""
    from indexer.embed import embedder
    from indexer.memory import MemoryIndex, catalogue

    made = embedder(records.embedder)
    return MemoryIndex(catalogue([], embedder=made), name="no literature", embedder=made)


def build(
    paths: Sequence[str | Path],
    *,
    into: str | Path,
    embedder: str = "bundled",
    prune: bool = False,
    progress: Progress | None = None,
) -> BuildReport:
    """Indexes files and folders into `into`; see `indexer.build.build`."""
    from indexer.build import build as run

    return run(paths, into=into, embedder=embedder, prune=prune, progress=progress)
