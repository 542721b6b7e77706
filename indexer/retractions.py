"""Reads lists of retracted articles: Retraction Watch's CSV, or a JSON with `retractions` and `concerns` by DOI.

Decides what an entry means: a retraction, an expression of concern, or (a reinstatement, a mere correction) nothing.
Knows nothing of indexes; `indexer.build.flag` applies a list. Data: https://gitlab.com/crossref/retraction-watch-data
(Crossref).
"""

from __future__ import annotations

import csv
import datetime
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.errors import ConfigError
from indexer.types import Source

RETRACTED, CONCERN = "retracted", "concern"
STALE_DAYS = 30
_NATURES = {"retraction": RETRACTED, "expression of concern": CONCERN}
_COLUMNS = ("OriginalPaperDOI", "OriginalPaperPubMedID", "RetractionNature", "RetractionDate")
_DATES = ("%m/%d/%Y %H:%M", "%m/%d/%Y", "%Y-%m-%d", "%d/%m/%Y")


@dataclass(frozen=True, slots=True)
class RetractionList:
    """entries: `doi:…` (lower case) or `pmid:…` to `retracted` or `concern`. as_of: ISO date of the list's state."""

    entries: dict[str, str]
    as_of: str


def keys(source: Source) -> list[str]:
    """The names under which a list may know a source."""
    named = [f"{name}:{source.links[name].lower()}" for name in ("doi", "pmid") if source.links.get(name)]
    return list(dict.fromkeys([source.id.lower(), *named]))


def read(path: Path, *, as_of: str | None = None) -> RetractionList:
    """The list in a file; `as_of` (ISO date) overrides the newest date in it, or the file's own. Raises ConfigError."""
    try:
        if path.suffix.lower() == ".json":
            entries, newest = _json(json.loads(path.read_text("utf-8")), path), ""
        else:
            entries, newest = _csv(path)
        changed = datetime.date.fromtimestamp(path.stat().st_mtime).isoformat()
        state = datetime.date.fromisoformat(as_of).isoformat() if as_of else newest or changed
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from error
    except (ValueError, csv.Error) as error:
        raise ConfigError(f"{path}: is not a list of retractions ({error})") from error
    if not entries:
        raise ConfigError(f"{path}: holds no retraction and no expression of concern")
    return RetractionList(entries, state)


def _json(data: Any, path: Path) -> dict[str, str]:
    if not isinstance(data, dict) or not isinstance(data.get("retractions"), (dict, list)):
        raise ConfigError(f'{path}: expected {{"retractions": {{DOI: notice}}, "concerns": {{…}}}}')
    found: dict[str, str] = {}
    # A retraction weighs more than a concern about the same article.
    for name, mark in (("concerns", CONCERN), ("retractions", RETRACTED)):
        found |= {f"doi:{doi}": mark for doi in map(_doi, data.get(name) or ()) if doi}
    return found


def _csv(path: Path) -> tuple[dict[str, str], str]:
    found: dict[str, str] = {}
    newest = ""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        rows = csv.DictReader(file)
        if missing := [c for c in _COLUMNS if c not in (rows.fieldnames or ())]:
            raise ConfigError(f"{path}: the column {missing[0]} is missing; expected Retraction Watch's CSV")
        for row in rows:
            newest = max(newest, _date(row["RetractionDate"] or ""))
            mark = _NATURES.get((row["RetractionNature"] or "").strip().lower())
            doi, pmid = _doi(row["OriginalPaperDOI"] or ""), (row["OriginalPaperPubMedID"] or "").strip()
            for key in filter(None, (f"doi:{doi}" if doi else "", f"pmid:{pmid}" if pmid.strip("0") else "")):
                if mark and found.get(key) != RETRACTED:
                    found[key] = mark
    return found, newest


def _doi(text: str) -> str:
    match = re.search(r"10\.\d{4,9}/\S+", text.strip().lower())
    return match[0] if match else ""


def _date(text: str) -> str:
    for form in _DATES:
        try:
            return datetime.datetime.strptime(text.strip(), form).date().isoformat()
        except ValueError:
            continue
    return ""
