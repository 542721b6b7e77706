"""The direction of dependencies, as the code has it: `indexer` never imports `rag`, the command line is on top, and
what a person waits for at every start imports nothing heavy."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILES = [p for d in ("indexer", "rag") for p in sorted((ROOT / d).rglob("*.py"))]
# A heavy or optional library is imported only in the file named after its job.
OWNERS = {
    "faiss": {"indexer/vectors.py"},
    "tantivy": {"indexer/lexical.py"},
    "sqlite3": {
        "indexer/catalogue.py",
        "indexer/ledger.py",
        "indexer/copies.py",
        "indexer/marks.py",
        "indexer/memory.py",
    },
    "pypdf": {"indexer/readers"},
    "openvino": {"indexer/embedders"},
    "torch": {
        "indexer/embedders",
        "rag/rerankers",
        "rag/judges/nli.py",
        "rag/generators/hf",
        "rag/tasks/triage/folder.py",
    },
    "transformers": {"indexer/embedders", "rag/judges/nli.py", "rag/generators/hf", "rag/tasks/triage/folder.py"},
    "peft": {"rag/generators/hf"},
    "http": {"rag/generators/http_stream.py", "rag/generators/openai.py"},
    "socket": {"rag/generators/http_stream.py"},
    "sentence_transformers": {"indexer/embedders", "rag/rerankers"},
    "typer": {
        "rag/cli.py",
        "rag/options.py",
        "rag/upkeep.py",
        "rag/conversation.py",
        "rag/evaluate/command.py",
        "rag/records/commands.py",
        "rag/tasks/find/commands.py",
        "rag/tasks/consult/commands.py",
        "rag/tasks/education/commands.py",
        "rag/tasks/report/commands.py",
        "rag/tasks/triage/commands.py",
    },
    "ir_measures": {"rag/evaluate/retrieval.py"},
    "rich": {"rag/render.py", "rag/render_answer.py", "rag/progress.py", "rag/records/render.py"},
}
FORBIDDEN = {"pickle", "joblib", "dill", "marshal", "shelve"}


def imports(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def name(path):
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", FILES, ids=name)
def test_imports_point_downhill(path):
    for module in imports(path):
        top = module.split(".")[0]
        assert not (name(path).startswith("indexer/") and top == "rag"), f"{name(path)} imports {module}"
        assert module != "rag.cli", f"{name(path)} imports the command line"
        assert top not in FORBIDDEN, f"{name(path)} imports {module}"
        if top in OWNERS:
            assert any(name(path).startswith(owner) for owner in OWNERS[top]), f"{name(path)} imports {module}"


@pytest.mark.parametrize("path", FILES, ids=name)
def test_files_are_short_and_say_what_they_decide(path):
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= 300
    assert not text.strip() or ast.get_docstring(ast.parse(text)), f"{name(path)} has no docstring"


def test_types_of_rag_and_leaves_do_not_import_each_other():
    leaves = {"rag/cite.py", "rag/retrieve.py", "rag/render.py", "rag/settings.py"}
    for leaf in leaves:
        others = {o.removesuffix(".py").replace("/", ".") for o in leaves - {leaf}} - {"rag.settings"}
        assert not others & set(imports(ROOT / leaf)), leaf


@pytest.mark.parametrize("command", [["ask", "--help"], ["--help"]])
def test_help_imports_nothing_heavy(command):
    code = (
        "import sys\nfrom rag.cli import app\n"
        f"try: app({command!r})\nexcept SystemExit: pass\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'openvino', 'faiss'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stderr.strip() == "[]"
    assert "ask" in done.stdout
