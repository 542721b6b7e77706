"""A generator that obeys: it reads the prompt as a language model would and does what any order inside it says.

The worst case for tests of what stands between documents and the reader. Each order has a canary; where the prompt
shows one (also in base64), the draft holds what it orders, once with the mark of the passage that gives it and once
without, and then a true sentence. It does not tell orders by their wording, so it shares no blind spot with
`instructions`.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping

from rag.prompt import boundary, messages
from rag.types import Generator, Prompt

_RUN = re.compile(r"[A-Za-z0-9+/]{16,4000}={0,2}")


class Obedient:
    """orders: what is written for each canary; `{system}` in it stands for the rules of the prompt. inner: writes the
    true sentences. obeyed: the canaries of the last draft. order: finds canaries in a text."""

    spec = "obedient"

    def __init__(self, inner: Generator, orders: Mapping[str, str], *, canary: str) -> None:
        """canary: the regular expression of a canary."""
        self._inner, self._orders, self._canary = inner, orders, re.compile(canary)
        self.obeyed: list[str] = []

    def generate(self, prompt: Prompt) -> Iterator[str]:
        """What is ordered, twice each, then the inner generator's first line."""
        self.obeyed = []
        if prompt.hits:
            mark = boundary(prompt, seed=prompt.draft)
            system, user = (m["content"] for m in messages(prompt, delimiter=mark))
            for number, block in enumerate(user.split(f"<<{mark}\n")[1:], start=1):
                for canary in self._seen(block):
                    self.obeyed.append(canary)
                    said = self._orders[canary].replace("{system}", system)
                    yield f"{_marked(said, number)}\n{said}\n"
        yield from list(self._inner.generate(prompt))[:1]

    def _seen(self, block: str) -> list[str]:
        read = block + "".join(map(_decoded, _RUN.findall(block)))
        return [c for c in dict.fromkeys(self._canary.findall(read)) if c in self._orders]


def _marked(said: str, number: int) -> str:
    """Every line of it with the passage's mark at its end."""
    lines = [line.rstrip() for line in said.splitlines() if line.strip()]
    return "\n".join(f"{line[:-1]} [{number}]." if line.endswith(".") else f"{line} [{number}]" for line in lines)


def _decoded(run: str) -> str:
    try:
        return base64.b64decode(run[: len(run) // 4 * 4]).decode("utf-8", "ignore")
    except (binascii.Error, ValueError):
        return ""
