"""The Python interface: open an index, search it, ask it, look a passage up. Decides how parts are put together.

Construction opens and checks the index; models load at the first question. Knows nothing of terminals.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
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


class Library:
    """An index and a generator, ready for questions. A context manager; not for use by two threads at once."""

    def __init__(self, index: Index, *, settings: Settings) -> None:
        self.index, self.settings = index, settings
        self.reranker = reranker(settings.reranker)

    def ask(
        self, question: str, *, where: Filter | str | None = None, show: Callable[[Claim], None] | None = None
    ) -> Answer:
        """Answers from the passages that `where` admits: a Filter, or a text such as `year>=2015 design:rct`.

        show: is given each sentence of a language model as soon as it is cited and judged. Raises ConfigError,
        IndexUnusable; a generator that fails becomes a notice.
        """
        return ask(
            question, index=self.index, models=self.models, settings=self.settings, where=self._where(where), show=show
        )

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
    effort: str | None = None,
) -> Library:  # fmt: skip
    """Opens an index (default: `$ANAMNESIS_INDEX`, else `./index`). Raises IndexUnusable, ConfigError."""
    if len(paths) > 1:
        raise ConfigError(f"{len(paths)} indexes were given; this version opens one at a time")
    settings = settings_module.load(
        index=str(paths[0]) if paths else None, generator=generator, reranker=reranker, judge=judge, effort=effort
    )
    return Library(Index(settings.index), settings=settings)


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
