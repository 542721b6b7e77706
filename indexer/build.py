"""Builds an index: reads what is new or changed, cuts it into passages, embeds them, and publishes a generation.

One readable function, `build`, and two that change what is there: `remove` and `flag`. What is read again and what
becomes of it is decided in `indexer.intake`; a killed build leaves the published generation as it was, and every vector
already computed.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer import manifest as manifests
from indexer.durable import Stamps
from indexer.embed import embedder as make_embedder
from indexer.errors import ConfigError, IndexCorrupt, IndexNotFound
from indexer.index import CATALOGUE, being_written
from indexer.inputs import find
from indexer.intake import Intake
from indexer.ledger import Ledger
from indexer.passages import RECIPE
from indexer.progress import Progress, Silent
from indexer.publish import begin_building, publish, writer_lock
from indexer.retractions import RetractionList
from indexer.retractions import read as read_list
from indexer.types import BuildReport, FileVerdict


def build(
    paths: Sequence[str | Path],
    *,
    into: str | Path,
    embedder: str = "bundled",
    prune: bool = False,
    progress: Progress | None = None,
) -> BuildReport:
    """Indexes every readable file below `paths` into the folder `into` and publishes the result.

    An unchanged file is not read again, an unchanged passage is not embedded again. With `prune`, documents of files
    that have gone from below `paths` are removed. A file that cannot be read gets a verdict and never stops the rest.
    Raises ConfigError, IndexBusy, IndexMismatch, IndexCorrupt, WriteFailed; whatever is raised, the index that was
    published before still answers.
    """
    folder, started = Path(into), time.perf_counter()
    inputs = list(find(paths))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"{folder}: cannot be made ({error.strerror}); give another folder with --into") from error
    with writer_lock(folder), opened(folder, embedder) as work:
        work.progress = progress or Silent()
        work.progress.start(sum(i.size for i in inputs))
        work.read(inputs)
        if prune:
            work.prune(inputs, paths)
        work.flush()
        embedded = time.perf_counter()
        published = publish(folder, work.ledger, work.embedder)
        work.progress.stop()
        done = time.perf_counter()
        seconds = {"read and embed": embedded - started, "publish": done - embedded, "total": done - started}
        return BuildReport(
            published.generation,
            published.documents,
            published.passages,
            work.embedded,
            tuple(work.verdicts),
            seconds,
        )


def remove(ids: Sequence[str], *, into: str | Path) -> BuildReport:
    """Removes documents by source id and publishes the result. Raises ConfigError if an id is not in the index."""
    folder, started = Path(into), time.perf_counter()
    current = manifests.read(folder)
    with writer_lock(folder), opened(folder, current.embedder) as work:
        known = set(work.ledger.live_ids())
        if missing := [id for id in ids if id not in known]:
            raise ConfigError(f"{missing[0]}: not in the index {folder}; list ids with: rag info {folder} --ids")
        for id in dict.fromkeys(ids):
            work.remove(id)
            work.verdicts.append(FileVerdict(id, "removed"))
        published = publish(folder, work.ledger, work.embedder)
        return BuildReport(
            published.generation, published.documents, published.passages, 0, tuple(work.verdicts),
            {"total": time.perf_counter() - started},
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Flagged:
    """What loading a retraction list did. marked, cleared: source ids that got a mark, or lost the one they had."""

    loaded: RetractionList
    marked: list[str]
    cleared: list[str]


def flag(file: str | Path, *, into: str | Path, as_of: str | None = None) -> Flagged:
    """Loads a retraction list into an index and marks the documents that it names.

    What the former list said and this one does not (a reinstatement, an error) is taken back; what a document's own
    files say stays. Documents indexed later are marked as they come. Nothing is embedded again. A run that is killed
    leaves the former list in force. Raises ConfigError, IndexUnusable.
    """
    folder, path = Path(into), Path(file)
    found, current = read_list(path, as_of=as_of), manifests.read(folder)
    done = Flagged(found, [], [])
    with writer_lock(folder):
        with opened(folder, current.embedder) as work:
            work.ledger.marks.coming = found
            for id in work.ledger.live_ids():
                before, after = work.mark(id)
                if before != after:
                    (done.marked if after > before else done.cleared).append(id)
            work.flush()
            publish(folder, work.ledger, work.embedder)
        # The list itself has no generations, so it is loaded only once the documents' marks are those of the list.
        with opened(folder, current.embedder) as work:
            begin_building(folder)
            work.ledger.begin()
            work.ledger.marks.load(path.name, found)
            publish(folder, work.ledger, work.embedder)
    return done


@contextlib.contextmanager
def opened(folder: Path, spec: str) -> Iterator[Intake]:
    """The state of a build into `folder`, for whoever has the writer's lock. Raises ConfigError, IndexCorrupt."""
    made = make_embedder(spec)
    published = 0
    with contextlib.suppress(IndexNotFound):
        current = manifests.read(folder)
        published, whole = current.generation, current.files.get(CATALOGUE)
        if whole and not being_written(folder):
            Stamps(folder).check(folder / CATALOGUE, name=CATALOGUE, expected=whole)
        if (current.fingerprint, current.passages_recipe) != (made.fingerprint, RECIPE):
            raise ConfigError(
                f"{folder}: was built with embedder {current.embedder} ({current.fingerprint[:8]}…), passages "
                f"{current.passages_recipe}; now it is {made.spec} ({made.fingerprint[:8]}…), {RECIPE}; "
                "give another folder with --into, or delete this one and build again"
            )
    if not published and not (folder / CATALOGUE).exists():
        begin_building(folder)
    elif not published and not being_written(folder):
        raise IndexCorrupt(
            f"{folder / manifests.NAME}: is missing beside a catalogue that was published; restore it from a copy, or "
            "empty the folder and build the index again"
        )
    ledger = Ledger(folder / CATALOGUE, published=published)
    work = Intake(folder, ledger, made)
    try:
        if not ledger.copies.known():
            begin_building(folder)
            ledger.upgrade()
        with ledger.mapped():
            yield work
    except KeyboardInterrupt:
        work.save()  # the batch that is being embedded is worth the seconds that it still takes
        raise
    finally:
        work.close()
