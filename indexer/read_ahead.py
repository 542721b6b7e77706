"""Reads files in a thread and a limited process, ahead of whoever takes their documents. Decides how far ahead.

Knows nothing of what becomes of a document.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Iterator, Sequence

from indexer.errors import ReadError
from indexer.inputs import Input
from indexer.sandbox import Sandbox
from indexer.types import Document


class ReadAhead:
    """Reads files in a thread, so that parsing overlaps with embedding; at most `ahead` documents wait."""

    def __init__(self, inputs: Sequence[Input], *, ahead: int = 256) -> None:
        self._inputs = [i for i in inputs if i.refusal is None]
        self._queue: queue.Queue[Document | BaseException | None] = queue.Queue(ahead)
        self._stopped = threading.Event()
        self._sandbox = Sandbox()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def documents(self, item: Input) -> Iterator[Document]:
        """The documents of the next input; raises what its reading raised."""
        if item.refusal is not None:
            raise ReadError(item.path, item.refusal)
        while (got := self._queue.get()) is not None:
            if isinstance(got, BaseException):
                raise got
            yield got

    def _run(self) -> None:
        for item in self._inputs:
            if self._stopped.is_set():
                return
            try:
                for document in self._sandbox.read(item.path):
                    self._put(document)
                self._put(None)
            except OSError as error:
                self._put(ReadError(item.path, "unreadable", str(error.strerror)))
            except BaseException as error:
                self._put(error)

    def _put(self, value: Document | BaseException | None) -> None:
        while not self._stopped.is_set():
            with contextlib.suppress(queue.Full):
                self._queue.put(value, timeout=0.2)
                return

    def stop(self) -> None:
        """Ends the thread and the reading process, whatever they are at."""
        self._stopped.set()
        self._sandbox.close()
        self._thread.join()
