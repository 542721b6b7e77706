"""Takes files into the catalogue: their documents in, what they no longer hold out, a verdict for each.

Decides which files are read again, and what becomes of a document that several files hold or that a damaged file no
longer gives. Passages without a stored vector wait here to be embedded, in batches. Knows nothing of publishing.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from indexer.copies import Copy, shown
from indexer.durable import sha256
from indexer.errors import ReadError
from indexer.inputs import Input, name_of, stamp_of
from indexer.ledger import FileRecord, Ledger
from indexer.passages import embedded_text, passages
from indexer.progress import Progress, Silent
from indexer.publish import begin_building
from indexer.read_ahead import ReadAhead
from indexer.readers import VERSIONS
from indexer.readers.clean import clean
from indexer.types import Document, Embedder, FileVerdict, Passage, Vectors

# Passages embedded and committed together: about 7 s of work on two cores. A killed build repeats at most the batch
# that was being embedded.
BATCH = 512
# Reasons that may lie in the machine and not in the file: such a file is tried again by the next build.
_PASSING = ("time", "memory", "crashed", "unreadable")


@dataclass
class Intake:
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
        same = {i.path for i in inputs if _unchanged(i, known.get(i.name))}
        stream = ReadAhead([i for i in inputs if i.path not in same])
        try:
            for item in inputs:
                if item.path in same:
                    record = known[item.name]
                    verdict = "unchanged" if record.verdict == "indexed" else record.verdict
                    self._report(item, verdict, record.reason, 0)
                else:
                    self._take(item, stream.documents(item))
        finally:
            stream.stop()

    def _take(self, item: Input, documents: Iterator[Document]) -> None:
        """Puts one file's documents into the catalogue and writes its verdict.

        Only a file that was read without fault can say that it no longer holds a document: what a damaged or cut one
        held before stays, and its verdict says so.
        """
        path = item.name
        before, count, reason = dict.fromkeys(self.ledger.copies.of(path)), 0, None
        try:
            for document in documents:
                before.pop(document.source.id, None)
                count += self._document(document, path)
                self.progress.document(len(document.text))
        except ReadError as error:
            reason = clean(error.reason if not error.detail else f"{error.reason}: {error.detail}")
        if reason is None:
            for id in before:
                self._release(id, path)
        elif before:
            reason += f"; {len(before)} document(s) that it held before stay"
        passing = (reason or "").split(":")[0].split(";")[0] in _PASSING
        verdict = "indexed" if reason is None or (count and not before and not passing) else "skipped"
        if item.refusal is None:
            begin_building(self.folder)
            sha, stamp = ("", "") if passing else _state(item)
            self.ledger.record(FileRecord(path, sha, stamp, _reader(item), verdict, reason))
        self._report(item, verdict, reason, count)

    def _report(self, item: Input, verdict: str, reason: str | None, count: int) -> None:
        self.verdicts.append(FileVerdict(item.name, verdict, reason, count))
        self.progress.file(Path(item.name), item.size, verdict)

    def _document(self, document: Document, path: str) -> int:
        """Takes a file's copy of a document. Returns 1 if the document is in the index afterwards."""
        id = document.source.id
        live, held = self._held(id)
        others = [c for c in held if c.file != path]
        if any(c.file == path and c.document == document for c in held):
            return int(live is not None)
        return int(self._show(id, live, [*others, Copy(path, self.ledger.copies.next_turn(), document)]))

    def _release(self, id: str, path: str) -> bool:
        """Takes away a file's copy of a document; True if that leaves none to show."""
        live, held = self._held(id)
        return not self._show(id, live, [c for c in held if c.file != path])

    def remove(self, id: str) -> None:
        """Takes a document away, whichever files hold it."""
        self._show(id, self.ledger.live(id), [])

    def mark(self, id: str) -> tuple[tuple[bool, bool], ...]:
        """Gives a document the marks that the retraction list has for it now; (retracted, concern) before and after."""
        before, held = self._held(id)
        self._show(id, before, held)
        return tuple((d.source.retracted, d.source.concern) for _, d, _ in filter(None, (before, self.ledger.live(id))))

    def _held(self, id: str) -> tuple[tuple[int, Document, str] | None, list[Copy]]:
        live = self.ledger.live(id)
        return live, self.ledger.copies.held(id, live[1] if live else None)

    def _show(self, id: str, live: tuple[int, Document, str] | None, copies: Sequence[Copy]) -> bool:
        """Shows the right one of a document's copies, with all marks; False if there is none to show."""
        found = shown(copies)
        best, document = (found[0], self.ledger.marks.on(found[1])) if found else (None, None)
        begin_building(self.folder)
        same = live is not None and best is not None and (document, best.file) == live[1:]
        if live is not None and not same:
            self.ledger.remove(live[0])
        if document is not None and best is not None and not same:
            self._put(document, best.file)
        self.ledger.begin()
        self.ledger.copies.store(id, copies, best)
        return best is not None

    def _put(self, document: Document, path: str) -> None:
        """Adds a document; those of its passages whose vectors are not stored wait to be embedded."""
        cut = list(passages(document))
        self.ledger.add(document, cut, [self._key(p) for p in cut], file=path)
        if len(self._waiting) >= BATCH:
            self._submit()

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
        """Takes away what files held that were below `paths` and are there no more; what lies in a folder that cannot
        be listed has not gone."""
        present = {i.name for i in inputs}
        closed = [i.name for i in inputs if i.refusal == "unreadable"]
        roots = [name_of(os.path.abspath(p)) for p in paths]
        for path in sorted(self.ledger.known_paths()):
            if _below(path, roots) and path not in present and not _below(path, closed):
                begin_building(self.folder)
                gone = sum([self._release(id, path) for id in self.ledger.copies.of(path)])
                self.ledger.forget_file(path)
                self.verdicts.append(FileVerdict(path, "removed", None, gone))


def _below(path: str, roots: Sequence[str]) -> bool:
    return any(path == r or path.startswith(r + os.sep) for r in roots)


def _unchanged(item: Input, known: FileRecord | None) -> bool:
    """Whether the file is as it was when the catalogue last took it, by stamp, else by SHA-256."""
    if known is None or item.refusal is not None or known.reader != _reader(item):
        return False
    return known.stamp == item.stamp or known.sha256 == (_sha256(item.path) or None)


def _state(item: Input) -> tuple[str, str]:
    """SHA-256 and stamp of what was read; both empty, so that it is read again, if the file has changed meanwhile."""
    found = _sha256(item.path)
    return (found, item.stamp) if found and stamp_of(item.path) == item.stamp else ("", "")


def _sha256(path: Path) -> str:
    try:
        return sha256(path)
    except OSError:
        return ""  # gone meanwhile: it will be met as changed next time


def _reader(item: Input) -> str:
    return f"{item.kind}-{VERSIONS[item.kind]}" if item.kind else ""
