"""Replaces what was found by surrogates, and turns it back for those who may read the originals.

Decides what a vault holds: for each text that was redacted here the exact places, so that it is restored to the
letter; and the pairs of surrogate and original, so that a text written from it (an answer) is restored word by word,
as far as its surrogates are whole and mean one original. The vault is the originals: encrypt it. Knows nothing of who
may read it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rag.records.deid.surrogates import HOLIDAY, OLD, PHOTO, ZH_OLD, Surrogates
from rag.records.deid.types import Finding, merge

Vault = dict[str, Any]
# They stand for many originals: only a text's own places can turn them back.
_MANY = frozenset((OLD, ZH_OLD, PHOTO, HOLIDAY, "某日"))


@dataclass(frozen=True, slots=True)
class Redacted:
    """text: with surrogates. findings: what was replaced, offsets in the original. vault: JSON-ready; join several
    notes' with `join`."""

    text: str
    findings: tuple[Finding, ...]
    vault: Vault


def redact(text: str, findings: Sequence[Finding], *, surrogates: Surrogates) -> Redacted:
    """The text with every finding replaced. Overlapping findings are merged first. Raises ValueError when a finding is
    outside the text."""
    merged = merge(findings)
    if merged and (merged[0].start < 0 or max(f.end for f in merged) > len(text)):
        raise ValueError(f"a finding ends at {max(f.end for f in merged)}, the text has {len(text)} characters")
    pieces: list[str] = []
    places: list[list[Any]] = []
    words: dict[str, str] = {}
    at = length = 0
    for f in merged:
        original = text[f.start : f.end]
        new = surrogates.of(original, f.category, avoid=text)
        pieces += [text[at : f.start], new]
        length += f.start - at
        places.append([length, length + len(new), original])
        length += len(new)
        at = f.end
        _remember(words, new, original)
    shown = "".join([*pieces, text[at:]])
    return Redacted(shown, tuple(merged), {"texts": {_name(shown): places}, "words": words})


def _remember(words: dict[str, str], new: str, original: str) -> None:
    if new in _MANY or len(new) < 2:
        return
    # Two originals of one surrogate (a shifted date that is also another's): neither can be told, so none is restored.
    words[new] = original if words.get(new, original).casefold() == original.casefold() else ""


def join(vaults: Sequence[Vault]) -> Vault:
    """One vault of several notes of one patient."""
    texts: dict[str, Any] = {}
    words: dict[str, str] = {}
    for vault in vaults:
        texts.update(vault["texts"])
        for new, original in vault["words"].items():
            words[new] = original if words.get(new, original).casefold() == original.casefold() else ""
    return {"texts": texts, "words": words}


def restore(text: str, vault: Vault) -> str:
    """The original of a text redacted here, exactly; of another text, with the surrogates that it has turned back."""
    places = vault["texts"].get(_name(text))
    if places is None:
        return _by_words(text, vault["words"])
    pieces: list[str] = []
    at = 0
    for start, end, original in places:
        pieces += [text[at:start], original]
        at = end
    return "".join([*pieces, text[at:]])


def _by_words(text: str, words: dict[str, str]) -> str:
    known = sorted((w for w, original in words.items() if original), key=len, reverse=True)
    if not known:
        return text
    pattern = "|".join(
        (r"(?<![A-Za-z0-9])" if w[0].isascii() and w[0].isalnum() else "")
        + re.escape(w)
        + (r"(?![A-Za-z0-9])" if w[-1].isascii() and w[-1].isalnum() else "")
        for w in known
    )
    return re.sub(pattern, lambda m: words[m.group()], text)


def _name(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
