"""The public names: adding one is a decision, losing one breaks somebody."""

import inspect

import rag


def test_names():
    assert rag.__all__ == [
        "Answer", "BuildReport", "Citation", "Claim", "ConfigError", "Document", "Excerpt", "FileVerdict", "Filter",
        "GeneratorError", "Hit", "IndexBusy", "IndexCorrupt", "IndexMismatch", "IndexNotFound", "IndexUnusable",
        "Library", "MissingExtra", "Passage", "RagError", "ReadError", "Receipt", "Source", "build", "open",
    ]  # fmt: skip
    assert all(hasattr(rag, name) for name in rag.__all__)


def test_signatures():
    assert str(inspect.signature(rag.build)).startswith("(paths: 'Sequence[str | Path]', *, into: 'str | Path'")
    assert list(inspect.signature(rag.open).parameters) == [
        "paths",
        "generator",
        "reranker",
        "judge",
        "effort",
        "key_file",
        "user",
    ]
    assert list(inspect.signature(rag.Library.ask).parameters) == [
        "self",
        "question",
        "where",
        "show",
        "patient",
        "because",
    ]
    assert list(inspect.signature(rag.Library.search).parameters) == [
        "self",
        "question",
        "k",
        "where",
    ]
    assert list(inspect.signature(rag.Library.show).parameters) == ["self", "id"]


def test_the_error_tree():
    assert issubclass(rag.IndexUnusable, rag.RagError)
    for error in (rag.IndexNotFound, rag.IndexCorrupt, rag.IndexMismatch, rag.IndexBusy):
        assert issubclass(error, rag.IndexUnusable)
    for error in (rag.ConfigError, rag.MissingExtra, rag.ReadError, rag.GeneratorError):
        assert issubclass(error, rag.RagError)


def test_types_are_frozen():
    for name in (
        "Source",
        "Document",
        "Passage",
        "Hit",
        "Citation",
        "Claim",
        "Answer",
        "Receipt",
        "Filter",
    ):
        assert getattr(rag, name).__dataclass_params__.frozen, name
        assert hasattr(getattr(rag, name), "__slots__"), name
