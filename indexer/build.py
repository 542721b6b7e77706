"""Builds an index: reads what is new or changed, cuts it into passages, embeds them, and publishes a generation.

One readable function, `build`; the rest of this file is its steps. Decides what a second run does again (only what
changed) and what a killed one leaves (the published generation as it was, and every vector already computed).
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from indexer import manifest as manifests
from indexer.durable import sha256
from indexer.embed import embedder as make_embedder
from indexer.errors import ConfigError, IndexNotFound, ReadError
from indexer.index import CATALOGUE
from indexer.inputs import Input, find
from indexer.ledger import FileRecord, Ledger
from indexer.passages import RECIPE, embedded_text, passages
from indexer.progress import Progress, Silent
from indexer.publish import begin_building, publish, writer_lock
from indexer.read_ahead import ReadAhead
from indexer.readers import VERSIONS
from indexer.retractions import RetractionList
from indexer.retractions import read as read_list
from indexer.types import BuildReport, Document, Embedder, FileVerdict, Passage, Vectors

# Passages embedded and committed together: about 7 s of work on two cores. A killed build repeats at most the batch
# that was being embedded.
BATCH = 512


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
    folder.mkdir(parents=True, exist_ok=True)
    with writer_lock(folder), _opened(folder, embedder) as work:
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
    with writer_lock(folder), _opened(folder, current.embedder) as work:
        for id in ids:
            found = work.ledger.live(id)
            if found is None:
                raise ConfigError(f"{id}: not in the index {folder}; list ids with: rag info {folder} --ids")
            begin_building(folder)
            work.ledger.remove(found[0])
            work.verdicts.append(FileVerdict(id, "removed"))
        published = publish(folder, work.ledger, work.embedder)
        return BuildReport(
            published.generation, published.documents, published.passages, 0, tuple(work.verdicts),
            {"total": time.perf_counter() - started},
        )  # fmt: skip


def flag(file: str | Path, *, into: str | Path, as_of: str | None = None) -> tuple[RetractionList, list[str]]:
    """Loads a retraction list into an index and marks the documents that it names; returns it and their source ids.

    Documents indexed later are marked as they come. Nothing is embedded again. Raises ConfigError, IndexUnusable.
    """
    folder, path = Path(into), Path(file)
    found, current = read_list(path, as_of=as_of), manifests.read(folder)
    marked: list[str] = []
    with writer_lock(folder), _opened(folder, current.embedder) as work:
        begin_building(folder)
        work.ledger.load_list(path.name, found)
        for doc, document, origin in work.ledger.live_documents():
            changed = work.ledger.flagged(document)
            if changed != document:
                work.ledger.remove(doc)
                work.put(changed, origin)
                marked.append(document.source.id)
        work.flush()
        publish(folder, work.ledger, work.embedder)
    return found, marked


@contextlib.contextmanager
def _opened(folder: Path, spec: str) -> Iterator[_Work]:
    made = make_embedder(spec)
    published = 0
    with contextlib.suppress(IndexNotFound):
        current = manifests.read(folder)
        published = current.generation
        if (current.fingerprint, current.passages_recipe) != (made.fingerprint, RECIPE):
            raise ConfigError(
                f"{folder}: was built with embedder {current.embedder} ({current.fingerprint[:8]}…), passages "
                f"{current.passages_recipe}; now it is {made.spec} ({made.fingerprint[:8]}…), {RECIPE}; "
                "give another folder with --into, or delete this one and build again"
            )
    ledger = Ledger(folder / CATALOGUE, published=published)
    work = _Work(folder, ledger, made)
    try:
        yield work
    except KeyboardInterrupt:
        work.save()  # the batch that is being embedded is worth the seconds that it still takes
        raise
    finally:
        work.close()


@dataclass
class _Work:
    """The state of one build: what waits to be embedded, and what is to be reported."""

    folder: Path
    ledger: Ledger
    embedder: Embedder
    progress: Progress = field(default_factory=Silent)
    verdicts: list[FileVerdict] = field(default_factory=list)
    embedded: int = 0
    _waiting: dict[bytes, str] = field(default_factory=dict)
    # One batch is embedded in a thread while the next one is read, cut and written: else a core idles meanwhile.
    _pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))
    _running: tuple[list[bytes], Future[Vectors]] | None = None

    def read(self, inputs: Sequence[Input]) -> None:
        """Takes every input: the unchanged by their records, the others through the reading process."""
        known = self.ledger.files()
        same = {i.path for i in inputs if _unchanged(i, known.get(str(i.path)))}
        stream = ReadAhead([i for i in inputs if i.path not in same])
        try:
            for item in inputs:
                if item.path in same:
                    record = known[str(item.path)]
                    verdict = "unchanged" if record.verdict == "indexed" else record.verdict
                    self._report(item, verdict, record.reason, 0)
                else:
                    self._take(item, stream.documents(item))
        finally:
            stream.stop()

    def _take(self, item: Input, documents: Iterator[Document]) -> None:
        """Puts one file's documents into the catalogue and writes its verdict."""
        path = str(item.path)
        before, count, reason = self.ledger.docs_of(path), 0, None
        try:
            for document in documents:
                before.pop(document.source.id, None)
                count += self._document(document, path)
                self.progress.document(len(document.text))
        except ReadError as error:
            reason = error.reason if not error.detail else f"{error.reason}: {error.detail}"
        if reason is None or count:
            for doc in before.values():
                begin_building(self.folder)
                self.ledger.remove(doc)
        verdict = "indexed" if count or reason is None else "skipped"
        if item.refusal is None:
            begin_building(self.folder)
            self.ledger.record(FileRecord(path, _sha256(item.path), item.stamp, _reader(item), verdict, reason))
        self._report(item, verdict, reason, count)

    def _report(self, item: Input, verdict: str, reason: str | None, count: int) -> None:
        self.verdicts.append(FileVerdict(str(item.path), verdict, reason, count))
        self.progress.file(item.path, item.size, verdict)

    def _document(self, document: Document, path: str) -> int:
        """Adds, replaces or withdraws one document. Returns 1 if it is in the index afterwards."""
        document = self.ledger.flagged(document)
        found = self.ledger.live(document.source.id)
        if found is not None:
            doc, old, file = found
            if document.source.kind != "deleted" and file != path:
                document = document.merged(old)
            if document.columns() == old.columns():
                return 1
            begin_building(self.folder)
            self.ledger.remove(doc)
        if document.source.kind == "deleted":
            return 0
        begin_building(self.folder)
        self.put(document, path)
        if len(self._waiting) >= BATCH:
            self._submit()
        return 1

    def put(self, document: Document, path: str) -> None:
        """Adds a document; those of its passages whose vectors are not stored wait to be embedded."""
        cut = list(passages(document))
        self.ledger.add(document, cut, [self._key(p) for p in cut], file=path)

    def _key(self, passage: Passage) -> bytes:
        """Names the vector of a passage: what is embedded, by which weights. A vector not yet stored is put in line."""
        text = embedded_text(passage)
        key = hashlib.sha256(f"{self.embedder.fingerprint}\0{text}".encode()).digest()
        running = self._running[0] if self._running else []
        if key not in self._waiting and key not in running and self.ledger.missing([key]):
            self._waiting[key] = text
        return key

    def _submit(self) -> None:
        """Stores the batch that was being embedded and starts on the one that waits."""
        self.save()
        if self._waiting:
            texts = list(self._waiting.values())
            self._running = (list(self._waiting), self._pool.submit(self.embedder.encode_passages, texts))
            self._waiting.clear()

    def save(self) -> None:
        """Stores the vectors of the batch that is being embedded, if any, and commits."""
        if self._running is not None:
            keys, vectors = self._running[0], self._running[1].result()
            self._running = None
            self.ledger.store(zip(keys, (v.tobytes() for v in vectors), strict=True))
            self.embedded += len(keys)
            self.progress.embedded(len(keys))
        self.ledger.commit()

    def flush(self) -> None:
        """Embeds all that waits and commits everything up to here."""
        self._submit()
        self.save()

    def close(self) -> None:
        """Ends the embedding thread and gives the catalogue back."""
        self._pool.shutdown(wait=True, cancel_futures=True)
        self.ledger.close()

    def prune(self, inputs: Sequence[Input], paths: Sequence[str | Path]) -> None:
        """Removes the documents of files that were below `paths` and are there no more."""
        present = {str(i.path) for i in inputs}
        roots = [os.path.abspath(p) for p in paths]
        for path in sorted(self.ledger.known_paths()):
            below = any(path == r or path.startswith(r + os.sep) for r in roots)
            if below and path not in present:
                begin_building(self.folder)
                gone = self.ledger.docs_of(path)
                for doc in gone.values():
                    self.ledger.remove(doc)
                self.ledger.forget_file(path)
                self.verdicts.append(FileVerdict(path, "removed", None, len(gone)))


def _unchanged(item: Input, known: FileRecord | None) -> bool:
    """Whether the file is as it was when the catalogue last took it, by stamp, else by SHA-256."""
    if known is None or item.refusal is not None or known.reader != _reader(item):
        return False
    return known.stamp == item.stamp or known.sha256 == _sha256(item.path)


def _sha256(path: Path) -> str:
    try:
        return sha256(path)
    except OSError:
        return ""  # gone meanwhile: it will be met as changed next time


def _reader(item: Input) -> str:
    return f"{item.kind}-{VERSIONS[item.kind]}" if item.kind else ""
