"""Small indexes for tests: documents made from numbers, the command line in a child process, and a digest of
everything that an index holds."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from indexer.catalogue import Catalogue
from indexer.index import CATALOGUE
from indexer.manifest import read
from indexer.types import Filter

ROOT = Path(__file__).parent.parent
DRUGS = [
    "metformin",
    "lisinopril",
    "warfarin",
    "atenolol",
    "insulin",
    "digoxin",
    "aspirin",
    "heparin",
]


def write_documents(folder: Path, count: int, *, version: int = 1) -> Path:
    """`count` Markdown documents of two sections each; the version is part of every text."""
    folder.mkdir(parents=True, exist_ok=True)
    for i in range(count):
        drug = DRUGS[i % len(DRUGS)]
        (folder / f"d{i:03}.md").write_text(
            f"---\nid: test:{i}\ntitle: Trial {i} of {drug}\nyear: {1990 + i % 30}\n---\n"
            f"## Background\n\nEdition {version} of report {i} is about {drug} in adults.\n\n"
            f"## Results\n\nIn trial {i}, {drug} lowered the risk of event {i * 7} by {i % 40 + 1} percent. "
            f"{'Follow-up lasted several years in every group of the trial. ' * (i % 9)}\n",
            encoding="utf-8",
        )
    return folder


def command(*arguments: object) -> list[str]:
    """The command line `rag` as a list for subprocess."""
    return [sys.executable, "-m", "rag.cli", *map(str, arguments)]


def environment(**more: str) -> dict[str, str]:
    """This process's environment, with the project importable from anywhere."""
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}


def run(*arguments: object, check: bool = True, **more: str) -> subprocess.CompletedProcess[str]:
    """Runs `rag` and returns what it printed."""
    done = subprocess.run(command(*arguments), capture_output=True, text=True, env=environment(**more), check=False)
    assert not check or done.returncode == 0, done.stderr
    return done


def digest(index: Path) -> str:
    """SHA-256 over every live document, passage and vector of the published generation; "" if there is none."""
    if not (index / "manifest.json").exists():
        return ""
    catalogue = Catalogue(index / CATALOGUE, generation=read(index).generation)
    found = hashlib.sha256()
    for id in sorted(catalogue.ids()):
        document = catalogue.document(id)
        assert document is not None
        found.update("\0".join(document.columns()).encode())
    allowed = catalogue.allowed(Filter(allow_retracted=True))
    entries = []
    for row in allowed.nonzero()[0].tolist():
        p = catalogue.passage(row)
        ((_, vector),) = catalogue.vectors(row, row + 1)
        entries.append((p.id, p.section, p.text, vector))
    catalogue.close()
    found.update(repr(sorted(entries)).encode())
    return found.hexdigest()
