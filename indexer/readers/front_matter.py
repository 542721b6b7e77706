"""The metadata block at the head of a Markdown or text file, and what a Source takes from such fields.

A small part of YAML, read by our own lines: `key: value`, `key: [a, b]`, and lists of `- item`. Also used for JSONL,
whose fields have the same names. Knows nothing of the text below.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

from indexer.design import DESIGNS, classify
from indexer.errors import ReadError
from indexer.language import language_of
from indexer.readers.bibliography import RETRACTED, is_retracted
from indexer.readers.clean import clean
from indexer.types import Source

_LISTS = ("authors", "publication_types", "mesh")
_RESOLVER = re.compile(r"\A\s*(?:(?:https?://)?(?:dx\.)?doi\.org/|doi:\s*)", re.I)
_WORDS = ("id", "kind", "title", "journal", "language", "design", "doi", "pmid", "pmcid", "url")
_FLAGS = ("retracted", "concern")
KINDS = ("article", "abstract", "guideline", "summary", "web", "note")


def split_front_matter(text: str, path: Path) -> tuple[dict[str, Any], str]:
    """The fields between the `---` lines at the top, and the text below; ({}, text) if there is no such block.

    Raises ReadError (`front_matter`) naming the line that cannot be read.
    """
    lines = text.split("\n")
    if lines[0].strip() != "---":
        return {}, text
    end = next((i for i, line in enumerate(lines[1:200], start=1) if line.strip() in ("---", "...")), None)
    if end is None:
        return {}, text
    fields: dict[str, Any] = {}
    key = ""
    for number, line in enumerate(lines[1:end], start=2):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if line.lstrip().startswith("- ") and isinstance(fields.get(key), list):
            fields[key].append(_scalar(line.strip()[2:]))
            continue
        key, colon, value = line.partition(":")
        key = key.strip().lower()
        if not colon or not key or line[0].isspace():
            raise ReadError(
                path,
                "front_matter",
                f"line {number}: expected `key: value`, found {line.strip()[:60]!r}",
            )
        value = value.strip()
        if value.startswith("[") and value.endswith("]"):
            fields[key] = [_scalar(v) for v in value[1:-1].split(",") if v.strip()]
        else:
            fields[key] = _scalar(value) if value else []
    return fields, "\n".join(lines[end + 1 :])


def _scalar(value: str) -> str:
    value = value.strip()
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value


def source(fields: dict[str, Any], *, path: Path, data: bytes, text: str, kind: str = "article") -> Source:
    """The Source that fields describe; what they leave out is taken from the file and the text.

    `data` names the file when nothing else identifies it. Raises ValueError naming the field that is wrong.
    """
    words = {k: _line(fields[k]) for k in _WORDS if fields.get(k) not in (None, [], "")}
    lists = {k: _list(fields.get(k), k) for k in _LISTS}
    flags = {k: _flag(fields.get(k), k) for k in _FLAGS}
    links = {_line(k): _line(v) for k, v in dict(fields.get("links") or {}).items() if v not in (None, "")}
    links |= {k: words[k] for k in ("doi", "pmid", "pmcid", "url") if k in words}
    if "doi" in links:
        links["doi"] = _RESOLVER.sub("", links["doi"]).strip()
    links["path"] = str(path)
    design = words.get("design", "")
    if design and design not in DESIGNS:
        raise ValueError(f"design {design!r}: expected one of {', '.join(DESIGNS)}")
    if words.get("kind", kind) not in KINDS:
        raise ValueError(f"kind {words['kind']!r}: expected one of {', '.join(KINDS)}")
    title = words.get("title", "")
    return Source(
        id=words.get("id") or identity(links, data),
        kind=words.get("kind", kind),
        title=title,
        authors=lists["authors"],
        journal=words.get("journal", ""),
        year=_year(fields.get("year")),
        publication_types=lists["publication_types"],
        mesh=lists["mesh"],
        design=design or classify(publication_types=lists["publication_types"], title=title, abstract=text[:3000]),
        retracted=flags["retracted"] or RETRACTED in lists["publication_types"] or is_retracted(title),
        concern=flags["concern"],
        language=words.get("language") or language_of(text),
        links=links,
    )


def identity(links: dict[str, str], data: bytes) -> str:
    """`pmid:…`, else `pmcid:…`, else `doi:…` (lower case), else `file:` and the start of the data's SHA-256."""
    for name in ("pmid", "pmcid", "doi"):
        if links.get(name):
            return f"{name}:{links[name].lower() if name == 'doi' else links[name]}"
    return f"file:{hashlib.sha256(data).hexdigest()[:16]}"


def _line(value: Any) -> str:
    """A field of metadata is one line of visible characters."""
    return " ".join(clean(str(value)).split())


def _list(value: Any, name: str) -> tuple[str, ...]:
    if value in (None, ""):
        return ()
    if isinstance(value, str):
        value = value.split(";")
    if not isinstance(value, list):
        raise ValueError(f"{name}: expected a list, found {type(value).__name__}")
    return tuple(_line(v) for v in value if str(v).strip())


def _flag(value: Any, name: str) -> bool:
    if value in (None, [], ""):
        return False
    if str(value).lower() not in ("true", "false", "yes", "no", "1", "0"):
        raise ValueError(f"{name}: expected true or false, found {str(value)[:40]!r}")
    return str(value).lower() in ("true", "yes", "1")


def _year(value: Any) -> int | None:
    if value in (None, [], ""):
        return None
    digits = str(value)[:4]
    if not digits.isdigit() or not 1000 <= int(digits) <= 2999:
        raise ValueError(f"year: expected four digits, found {str(value)[:40]!r}")
    return int(digits)
