"""The filter language of the command line and the Python interface: `year>=2015 design:rct`.

Decides what a filter's words mean and explains wrong ones; the index applies them inside both searches. Terms are
parted by spaces and all must hold; alternatives are parted by commas; values with spaces are quoted:
`journal:"The Lancet"`.
"""

from __future__ import annotations

import re
from dataclasses import replace

from indexer.design import DESIGNS
from indexer.errors import ConfigError
from indexer.types import Filter
from rag.settings import nearest

FIELDS = ("year", "design", "kind", "language", "journal", "source", "retracted")
_ONE = r'(?:"[^"]*"|[^\s,"]+)'
_TERM = re.compile(rf"\A\s*(?P<name>[A-Za-z_]+)\s*(?P<op>>=|<=|[:=<>])\s*(?P<value>{_ONE}(?:,{_ONE})*)")
_VALUE = re.compile(r'"([^"]*)"|([^,]+)')
SHORT = {
    "rct": "randomized controlled trial", "meta": "meta-analysis", "meta-analysis": "meta-analysis",
    "guideline": "practice guideline", "review": "narrative review", "systematic": "systematic review",
    "sr": "systematic review", "trial": "controlled trial", "cohort": "cohort", "case-control": "case-control",
    "cross-sectional": "cross-sectional", "case": "case report", "lab": "laboratory/animal",
    "animal": "laboratory/animal",
}  # fmt: skip
EXAMPLE = 'year>=2015 design:rct,meta-analysis language:en journal:"Lancet"'


def parse(text: str, base: Filter | None = None) -> Filter:
    """The Filter that `text` stands for, on top of `base`. Raises ConfigError that names the word that is wrong."""
    found, at = base or Filter(), 0
    while at < len(text.rstrip()):
        match = _TERM.match(text[at:])
        if match is None:
            raise ConfigError(f"filter {text[at:].strip()!r}: expected field:value, e.g. {EXAMPLE}")
        found = _with(
            found, match["name"].lower(), match["op"], [q or v.strip() for q, v in _VALUE.findall(match["value"])]
        )
        at += match.end()
        if at < len(text) and not text[at].isspace():
            raise ConfigError(f"filter {match[0].strip()!r}: {text[at]!r} is not expected after it, e.g. {EXAMPLE}")
    return found


def _with(f: Filter, name: str, op: str, values: list[str]) -> Filter:
    if name not in FIELDS:
        raise ConfigError(f"filter field {name!r}: {nearest(name, FIELDS)}")
    if name == "year":
        return _years(f, op, values)
    if op not in (":", "="):
        raise ConfigError(f"filter {name}{op}: only year is compared with {op}; write {name}:value")
    if name == "retracted":
        return replace(f, allow_retracted=_yes(values[0]))
    if name == "design":
        return replace(f, designs=(*f.designs, *map(_design, values)))
    if name == "journal":
        return replace(f, journals=(*f.journals, *values))
    field = {"kind": "kinds", "language": "languages", "source": "sources"}[name]
    old: tuple[str, ...] = getattr(f, field)
    return replace(f, **{field: (*old, *values)})  # type: ignore[arg-type]


def _years(f: Filter, op: str, values: list[str]) -> Filter:
    low, dots, high = values[0].partition("..") if len(values) == 1 else ("", "", "")
    if op in (":", "=") and dots:
        return replace(f, year_from=_year(low), year_to=_year(high))
    year = _year(values[0] if len(values) == 1 else ",".join(values))
    if op == ">=":
        return replace(f, year_from=year)
    if op == ">":
        return replace(f, year_from=year + 1)
    if op == "<=":
        return replace(f, year_to=year)
    if op == "<":
        return replace(f, year_to=year - 1)
    return replace(f, year_from=year, year_to=year)


def _year(text: str) -> int:
    if not re.fullmatch(r"[12]\d{3}", text):
        raise ConfigError(f"filter year {text!r}: expected one year, e.g. year>=2015, year<2020 or year:2015..2019")
    return int(text)


def _design(value: str) -> str:
    low = value.lower()
    if low in SHORT:
        return SHORT[low]
    if low in DESIGNS:
        return low
    raise ConfigError(f"filter design {value!r}: {nearest(low, [*SHORT, *DESIGNS])}")


def _yes(value: str) -> bool:
    if value.lower() not in ("yes", "no", "true", "false"):
        raise ConfigError(f"filter retracted {value!r}: expected yes or no")
    return value.lower() in ("yes", "true")
