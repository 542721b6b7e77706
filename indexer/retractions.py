"""Reads lists of retracted articles: Retraction Watch's CSV, or a JSON with `retractions` and `concerns` by DOI.

Decides what an entry means: a retraction, an expression of concern, a reinstatement (which takes back what is dated
before it), or, for a mere correction, nothing.
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

RETRACTED, CONCERN, REINSTATED = "retracted", "concern", "reinstated"
STALE_DAYS = 30
_NATURES = {"retraction": RETRACTED, "expression of concern": CONCERN, "reinstatement": REINSTATED}
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
    events: dict[str, list[tuple[str, str]]] = {}
    names: dict[str, set[str]] = {}
    newest = ""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        rows = csv.DictReader(file)
        if missing := [c for c in _COLUMNS if c not in (rows.fieldnames or ())]:
            raise ConfigError(f"{path}: the column {missing[0]} is missing; expected Retraction Watch's CSV")
        for row in rows:
            date = _date(row["RetractionDate"] or "")
            newest = max(newest, date)
            mark = _NATURES.get((row["RetractionNature"] or "").strip().lower())
            doi, pmid = _doi(row["OriginalPaperDOI"] or ""), (row["OriginalPaperPubMedID"] or "").strip()
            known = {f"doi:{doi}"} if doi else set()
            known |= {f"pmid:{pmid}"} if pmid.strip("0") else set()
            for key in known if mark else ():
                events.setdefault(key, []).append((date, mark or ""))
                names.setdefault(key, set()).update(known)
    found = {key: _mark([e for name in names[key] for e in events[name]]) for key in events}
    return {key: mark for key, mark in found.items() if mark}, newest


def _mark(events: list[tuple[str, str]]) -> str:
    """What stands against an article: a reinstatement ends what is dated up to its day, nothing without a date."""
    ended = max((date for date, mark in events if mark == REINSTATED), default="")
    left = {mark for date, mark in events if mark != REINSTATED and not (date and date <= ended)}
    return RETRACTED if RETRACTED in left else CONCERN if left else ""


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
