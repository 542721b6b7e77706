"""No pattern of ours can be made slow (H14): every compiled pattern of every module, on a megabyte of bad text."""

import importlib
import re
import time

import pytest

from indexer.design import classify
from indexer.passages import estimate_tokens, passages
from indexer.readers.text import strip_markup
from indexer.types import Document, Section, Source
from tests.indexes import ROOT

MODULES = [
    p.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
    for d in ("indexer", "rag")
    for p in sorted((ROOT / d).rglob("*.py"))
    if p.stem not in ("__init__", "sandbox_child")
]


def patterns():
    for name in MODULES:
        for attribute, value in vars(importlib.import_module(name)).items():
            if isinstance(value, re.Pattern):
                yield f"{name}.{attribute}", value
            elif isinstance(value, (list, tuple)):
                for i, item in enumerate(value):
                    for part in item if isinstance(item, tuple) else (item,):
                        if isinstance(part, re.Pattern):
                            yield f"{name}.{attribute}[{i}]", part


SHAPES = [
    "a",
    " ",
    "1",
    ".",
    "a ",
    "a.",
    "(",
    "[",
    "<",
    "*a",
    "we ",
    "A. ",
    "-",
    "\n",
    " \n",
    "二",
    "10.",
    "|-",
    "x:",
    '"',
    "`a",
    "_a",
]
SHAPES_OF_EVERY_RUN = SHAPES[:5]
PATTERNS = dict(patterns())
# Only ever matched at the place where the last match ended; a search would begin anew at every character.
WALKS = {"rag.records.fhir_json._NEXT"}


def megabyte(shape):
    return (shape * (1_000_000 // len(shape) + 1))[:999_990] + "!?end"


def test_patterns_were_found():
    assert len(PATTERNS) > 60


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "shapes", [SHAPES_OF_EVERY_RUN, pytest.param(SHAPES[5:], marks=pytest.mark.slow)], ids=["few", "many"]
)
@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_is_linear(name, shapes):
    # A quarter of the text shows what is quadratic as well (minutes instead of half a second), and spares minutes in every run.
    pattern, whole = PATTERNS[name], shapes is not SHAPES_OF_EVERY_RUN
    size, limit = (1_000_000, 1.0) if whole else (250_000, 0.5)
    data = isinstance(pattern.pattern, bytes)
    for shape in shapes:
        text = megabyte(shape)[-size:]
        text = text.encode()[-size:] if data else text
        before = time.process_time()
        if name not in WALKS:
            pattern.search(text)
        assert time.process_time() - before < limit, shape
        before = time.process_time()
        pattern.match(text)
        assert time.process_time() - before < limit, shape


@pytest.mark.parametrize("shape", SHAPES[:8])
def test_functions_are_linear(shape):
    text = megabyte(shape)[:300_000]
    document = Document(Source("t:1"), text, (Section("", 0, len(text)),))
    for work in (
        lambda: list(passages(document)), lambda: estimate_tokens(text), lambda: strip_markup(text),
        lambda: classify(publication_types=(), title=text, abstract=text),
    ):  # fmt: skip
        before = time.process_time()
        work()
        assert time.process_time() - before < 3
