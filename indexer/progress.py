"""What a build tells whoever watches it. Decides the events, not how they look."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol


class Progress(Protocol):
    """Receives the events of one build, in order, from one thread."""

    def start(self, size: int) -> None:
        """A build over `size` bytes of input begins."""
        ...

    def document(self, characters: int) -> None:
        """A document of that many characters was read."""
        ...

    def file(self, path: Path, size: int, verdict: str) -> None:
        """A file of `size` bytes is done with."""
        ...

    def embedded(self, passages: int) -> None:
        """That many passages were embedded and are safe on disk."""
        ...

    def stop(self) -> None:
        """The build is over."""
        ...


class Silent:
    """Says nothing."""

    def start(self, size: int) -> None:
        """Nothing."""

    def document(self, characters: int) -> None:
        """Nothing."""

    def file(self, path: Path, size: int, verdict: str) -> None:
        """Nothing."""

    def embedded(self, passages: int) -> None:
        """Nothing."""

    def stop(self) -> None:
        """Nothing."""
