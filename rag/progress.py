"""Progress on a terminal: of `rag index` (share of the input done, passages per second, time left), and a plain
count."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from rich import progress as bars

from rag.render import console, safe

_T = TypeVar("_T")


def counted(items: Iterable[_T], what: str, *, quiet: bool) -> Iterator[_T]:
    """The items, while the terminal shows how many there were and how many a second; of how many is not known."""
    if quiet:
        yield from items
        return
    columns = (bars.SpinnerColumn(), bars.TextColumn("{task.description}", markup=False), bars.TimeElapsedColumn())
    with bars.Progress(*columns, console=console(stderr=True), transient=True) as shown:
        task, started = shown.add_task(what, total=None), time.monotonic()
        for n, item in enumerate(items, start=1):
            rate = n / max(time.monotonic() - started, 1e-3)
            shown.update(task, description=f"{n:,} {what}, {rate:.1f}/s")
            yield item


class Bar:
    """A context manager that shows a build's events on a terminal."""

    def __init__(self) -> None:
        self._bar = bars.Progress(
            bars.TextColumn("{task.description}", markup=False),
            bars.BarColumn(),
            bars.TaskProgressColumn(),
            bars.TextColumn("{task.fields[rate]}", markup=False),
            bars.TimeRemainingColumn(),
            console=console(stderr=True),
            transient=True,
        )
        self._task = self._bar.add_task("indexing", total=None, rate="")
        self._passages, self._done, self._current, self._started = 0, 0, 0, time.monotonic()

    def __enter__(self) -> Bar:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def start(self, size: int) -> None:
        """A build over `size` bytes begins."""
        self._started = time.monotonic()
        self._bar.update(self._task, total=max(size, 1))

    def document(self, characters: int) -> None:
        """Counts towards the file that is being read: its text is about as long as the file, or shorter."""
        self._current += characters
        self._bar.update(self._task, completed=self._done + self._current)

    def file(self, path: Path, size: int, verdict: str) -> None:
        """A file is done with."""
        self._done, self._current = self._done + size, 0
        self._bar.update(self._task, completed=self._done, description=safe(path.name)[:40])

    def embedded(self, passages: int) -> None:
        """Updates the rate."""
        self._passages += passages
        rate = self._passages / max(time.monotonic() - self._started, 1e-3)
        self._bar.update(self._task, rate=f"{self._passages:,} passages, {rate:.0f}/s")

    def stop(self) -> None:
        """Removes the bar."""
        self._bar.stop()
