"""What was searched for canaries, in which forms, and where they stood. Knows nothing of where the bytes come from."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field


@dataclass
class Found:
    """What was searched, and which canaries stood there. typed: the id that a person typed, given back by an error."""

    canaries: list[str]
    searched: dict[str, int] = field(default_factory=dict)
    hits: dict[str, list[str]] = field(default_factory=dict)

    def search(self, place: str, data: str | bytes, *, without: frozenset[str] = frozenset()) -> None:
        """Looks for every canary in every form."""
        raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
        low, self.searched[place] = raw.lower(), self.searched.get(place, 0) + len(raw)
        for c in self.canaries:
            forms = (c.lower().encode(), c.encode("utf-16-le"), zlib.compress(c.encode())[2:-4])
            if c not in without and (forms[0] in low or any(f in raw for f in forms[1:])):
                self.hits.setdefault(place, []).append(c)
