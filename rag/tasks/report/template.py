"""What a report consists of, from a template file: TOML with a title, a LOINC code and sections in order.

Decides which keys a template may hold; an unknown kind or key is an error that names the known ones. Templates that
come with the program lie in `templates/`; any other is given by its path.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.errors import ConfigError
from rag.settings import nearest
from rag.tasks.report.kinds import KINDS, SPOKEN, Kind

FOLDER = Path(__file__).parent / "templates"
_LARGEST = 1 << 20
_KEYS = {"title", "code", "of", "sections"}
_SECTION_KEYS = {"kind", "heading", "most", "charts", "headings"}


@dataclass(frozen=True, slots=True)
class Spec:
    """One section of a template. kind: its key in the kinds. most: lines at most; charts: sparklines at most.

    headings: for kind `notes`, the headings of notes (canonical English names, or their Chinese ones) it quotes.
    """

    kind: str
    heading: str
    code: str
    most: int = 40
    charts: int = 4
    headings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Template:
    """A template in one language. code: LOINC of the document. spoken: whether it is for dialogues."""

    name: str
    title: str
    code: str
    spoken: bool
    sections: tuple[Spec, ...]


def names(*, spoken: bool) -> list[str]:
    """The templates that come with the program, sorted. spoken: those for dialogues, else those for records."""
    return [f.stem for f in sorted(FOLDER.glob("*.toml")) if _parsed(f).get("of") == ("dialogue" if spoken else None)]


def template(name: str, *, language: str, spoken: bool) -> Template:
    """The template of this name or at this path, in "en" or "zh". Raises ConfigError naming what is wrong where."""
    inside = FOLDER / f"{name}.toml"
    path = inside if "/" not in name and "\\" not in name and inside.is_file() else Path(name)
    if not path.is_file():
        known = ", ".join(names(spoken=spoken))
        raise ConfigError(f"--template {name}: no such template or file; the templates are {known}, or give a path")
    found = _parsed(path)
    _known(found, _KEYS, str(path))
    if (found.get("of") == "dialogue") != spoken:
        wants, has = ("a dialogue", "a record") if spoken else ("a record", "a dialogue")
        raise ConfigError(f'{path}: is for {has}, not for {wants}; a template for a dialogue says: of = "dialogue"')
    sections = found.get("sections")
    if not isinstance(sections, list) or not sections:
        raise ConfigError(f'{path}: has no sections; add e.g. [[sections]] and kind = "problems"')
    kinds = SPOKEN if spoken else KINDS
    specs = tuple(_spec(s, kinds, language, where=f"{path}, section {n}") for n, s in enumerate(sections, start=1))
    title = _worded(found.get("title"), language, where=f"{path}, title") or path.stem
    return Template(path.stem, title, _text(found, "code", str(path)), spoken, specs)


def _parsed(path: Path) -> dict[str, Any]:
    try:
        data = path.read_bytes()
        if len(data) > _LARGEST:
            raise ConfigError(f"{path}: {len(data)} bytes; a template has at most {_LARGEST}")
        return tomllib.loads(data.decode())
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read as text ({error})") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not valid TOML ({error})") from error


def _spec(table: object, kinds: Mapping[str, Kind], language: str, *, where: str) -> Spec:
    if not isinstance(table, dict):
        raise ConfigError(f"{where}: expected a table, [[sections]]")
    _known(table, _SECTION_KEYS, where)
    kind = table.get("kind")
    if not isinstance(kind, str) or kind not in kinds:
        raise ConfigError(f"{where}: unknown kind {kind!r}; the kinds are {', '.join(kinds)}")
    headings = table.get("headings", [])
    if not isinstance(headings, list) or not all(isinstance(h, str) for h in headings):
        raise ConfigError(f'{where}: headings = {headings!r}; expected a list of texts, e.g. ["Hospital course"]')
    if (kind == "notes") != bool(headings):
        raise ConfigError(f'{where}: headings belong to kind = "notes", and that kind needs them')
    own = _worded(table.get("heading"), language, where=f"{where}, heading")
    known = kinds[kind]
    return Spec(
        kind, own or (known.chinese if language == "zh" else known.english), known.code,
        _count(table, "most", 40, where), _count(table, "charts", 4, where), tuple(headings),
    )  # fmt: skip


def _worded(value: object, language: str, *, where: str) -> str:
    """A wording for all languages, or one for each: {en = "…", zh = "…"}."""
    if value is None or isinstance(value, str):
        return value or ""
    worded = isinstance(value, dict) and value and set(value) <= {"en", "zh"}
    if isinstance(value, dict) and worded and all(isinstance(v, str) for v in value.values()):
        return str(value.get(language) or next(iter(value.values())))
    raise ConfigError(f'{where}: {value!r}; expected a text, or {{en = "…", zh = "…"}}')


def _text(table: Mapping[str, Any], key: str, where: str) -> str:
    value = table.get(key, "")
    if not isinstance(value, str):
        raise ConfigError(f"{where}: {key} = {value!r}; expected a text")
    return value


def _count(table: Mapping[str, Any], key: str, default: int, where: str) -> int:
    value = table.get(key, default)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 1000:
        raise ConfigError(f"{where}: {key} = {value!r}; expected a whole number from 0 to 1000")
    return value


def _known(table: Mapping[str, Any], keys: set[str], where: str) -> None:
    for key in table:
        if key not in keys:
            raise ConfigError(f"{where}: unknown key {key!r}; {nearest(key, keys)}")
