"""Publishes a generation: derived files first, the manifest's rename last, then the clean-up of what nobody reads.

Order is the whole idea: catalogue committed → vectors and lexical files written, synced, hashed → manifest renamed →
old generations removed once no reader holds them → WAL settled and the catalogue's SHA-256 recorded. A kill between
any two steps leaves the old or the new generation. Knows nothing of reading or embedding.
"""

from __future__ import annotations

import contextlib
import datetime
import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from indexer import manifest as manifests
from indexer.durable import Stamps, failed, sha256, sync_directory, write_file
from indexer.errors import IndexBusy, IndexCorrupt, IndexNotFound
from indexer.index import CATALOGUE, being_written
from indexer.ledger import Ledger
from indexer.lexical import Entry, TantivyLexical
from indexer.manifest import Manifest
from indexer.passages import RECIPE
from indexer.types import Embedder
from indexer.vectors import FaissVectors, stack

# Above this share of removed passages the lexical index is written anew: tantivy keeps the terms of removed ones.
_REWRITE_SHARE = 0.2


@contextlib.contextmanager
def writer_lock(folder: Path) -> Iterator[None]:
    """The right to write an index; the kernel gives it back when the process ends. Raises IndexBusy at once."""
    try:
        handle = os.open(folder / "LOCK", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise failed(folder / "LOCK", 0, error) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.pread(handle, 32, 0).decode("ascii", "replace").strip()
            raise IndexBusy(
                f"{folder}: another process is writing this index (process {holder or 'unknown'}); "
                "wait until it is done"
            ) from error
        with contextlib.suppress(OSError):  # only a help for people: on a full disk the lock holds without it
            os.ftruncate(handle, 0)
            os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(handle)


def begin_building(folder: Path) -> None:
    """Marks that the catalogue's bytes are in motion from now on, until `publish` has settled them."""
    if not being_written(folder):
        write_file(folder / "BUILDING", b"")


def publish(folder: Path, ledger: Ledger, embedder: Embedder) -> Manifest:
    """Makes the catalogue's prepared generation the one that readers open; returns its manifest.

    Nothing is written if nothing changed. Derived files that are damaged are made anew from the catalogue. Raises
    WriteFailed; the published generation is then as it was.
    """
    previous = None
    with contextlib.suppress(IndexNotFound):
        previous = manifests.read(folder)
    ledger.commit()
    changed = ledger.changed()
    # What a new lexical index takes over from the old one gets a new checksum: rot must not get one that fits.
    intact = previous is not None and _intact(folder, previous, trusted=not changed)
    if previous is not None and intact and not changed:
        ledger.adopt()
        _settle(folder, ledger, previous)
        return previous
    begin_building(folder)
    documents, passages, digest = ledger.counts()
    manifest = Manifest(
        generation=ledger.generation, embedder=embedder.spec, dim=embedder.dim, fingerprint=embedder.fingerprint,
        passages_recipe=RECIPE, documents=documents, passages=passages, digest=digest, files={},
        created=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
    )  # fmt: skip
    rows, vectors = stack(ledger.live_vectors(), count=passages, dim=embedder.dim)
    files = {manifest.vectors: FaissVectors.build(rows, vectors).save(folder / manifest.vectors)[0]}
    _write_lexical(folder, ledger, manifest, previous if intact else None)
    for file in sorted((folder / manifest.lexical).iterdir()):
        files[f"{manifest.lexical}/{file.name}"] = sha256(file)
    sync_directory(folder)
    manifest = replace(manifest, files={**files, CATALOGUE: ""})
    manifest.write(folder)
    return _settle(folder, ledger, manifest)


def _intact(folder: Path, manifest: Manifest, *, trusted: bool) -> bool:
    """Whether every derived file has its checksum; trusted: a file with the stamp of its last check has."""
    stamps = Stamps(folder, trusted=trusted)
    try:
        for name, expected in manifest.files.items():
            if name != CATALOGUE:
                stamps.check(folder / name, name=name, expected=expected)
    except IndexCorrupt:
        return False
    return True


def _write_lexical(folder: Path, ledger: Ledger, manifest: Manifest, previous: Manifest | None) -> None:
    target, old = folder / manifest.lexical, folder / previous.lexical if previous else None
    removed = ledger.removed_rows()
    try:
        if old is None or not old.is_dir() or len(removed) > _REWRITE_SHARE * (previous.passages if previous else 0):
            TantivyLexical.create(target).write(Entry(*e) for e in ledger.all_live())
        else:
            lexical = TantivyLexical.create(target, previous=old)
            lexical.write((Entry(*e) for e in ledger.added()), removed=removed)
    except (OSError, ValueError) as error:  # tantivy reports a full disk as ValueError
        shutil.rmtree(target, ignore_errors=True)
        reason = error if isinstance(error, OSError) else OSError(0, str(error)[:200])
        raise failed(target, 0, reason) from error


def _settle(folder: Path, ledger: Ledger, manifest: Manifest) -> Manifest:
    """Removes what no reader holds, empties the WAL, and records the catalogue's SHA-256."""
    oldest = _clean_up(folder, manifest)
    if ledger.has_stale(oldest):
        begin_building(folder)
        ledger.purge(oldest)
    if not being_written(folder):
        return manifest
    settled = ledger.settle()
    manifest = replace(manifest, files={**manifest.files, CATALOGUE: sha256(folder / CATALOGUE) if settled else ""})
    manifest.write(folder)
    (folder / "BUILDING").unlink(missing_ok=True)
    sync_directory(folder)
    return manifest


def _clean_up(folder: Path, manifest: Manifest) -> int:
    """Deletes generations that nobody holds and left-over temporary files; returns the oldest generation kept."""
    oldest = manifest.generation
    for file in folder.glob("*.tmp"):
        if file.is_file():
            file.unlink(missing_ok=True)
    known: set[int | None] = {manifest.generation, None}
    for file in folder.glob("vectors-*.faiss"):
        generation = _generation(file)
        if generation is None or generation == manifest.generation:
            continue
        handle = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder / f"lexical-{generation}", ignore_errors=True)
            file.unlink()
        except BlockingIOError:
            known.add(generation)
            oldest = min(oldest, generation)
        finally:
            os.close(handle)
    for path in folder.glob("lexical-*"):
        if _generation(path) not in known:
            shutil.rmtree(path, ignore_errors=True)
    return oldest


def _generation(path: Path) -> int | None:
    """The generation in a derived file's name; None for a name that we never give, such as that of a person's copy."""
    match = re.fullmatch(r"vectors-(\d{1,18})\.faiss|lexical-(\d{1,18})", path.name, re.ASCII)
    return int(match[1] or match[2]) if match else None
