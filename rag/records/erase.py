"""Destroys what was written before, so that a key or a record that is gone is gone from its place on the disk too.

A file is overwritten with noise where it stands, synced, and then removed. What is replaced keeps a second name
(`.old`) until it is overwritten, so that a kill in between leaves it to be found. `finish` ends what a killed writer
began. Does not know, and cannot, what the disk keeps below the file system: flash that writes elsewhere, snapshots,
copies on write and backups. Against those only the disk's own encryption helps.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from indexer.durable import BLOCK, WriteFailed, sync_directory, write_file


def destroy(file: Path) -> int:
    """Overwrites a file with noise and removes it; its size in bytes. Raises WriteFailed."""
    try:
        handle = os.open(file, os.O_RDWR | os.O_CLOEXEC)
        try:
            size = _overwrite(handle)
        finally:
            os.close(handle)
        file.unlink()
        sync_directory(file.parent)
    except OSError as error:
        raise _failed(file, error) from error
    return size


def replace(path: Path, data: bytes) -> None:
    """Puts `data` at `path` and destroys what stood there. Raises WriteFailed; then the former bytes are as they were,
    or the new ones are in place and the same call again destroys the former."""
    old = _old(path)
    with contextlib.suppress(OSError):  # a file system without links: the handle serves, unless we are killed
        os.link(path, old)
    try:
        handle = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        write_file(path, data)
        return
    except OSError as error:
        raise _failed(path, error) from error
    try:
        write_file(path, data)
        _overwrite(handle)
    except WriteFailed:
        _unlink_twin(path)
        raise
    except OSError as error:
        raise _failed(path, error) from error
    finally:
        os.close(handle)
    old.unlink(missing_ok=True)
    sync_directory(path.parent)


def finish(path: Path) -> None:
    """Ends what a killed `replace` of `path` began. Only for who holds the writer's lock. Raises WriteFailed."""
    _unlink_twin(path)
    for left in (_old(path), path.with_name(path.name + ".tmp")):
        if left.exists():
            destroy(left)


def _old(path: Path) -> Path:
    return path.with_name(path.name + ".old")


def _unlink_twin(path: Path) -> None:
    """Removes the second name of a file that was not replaced: to overwrite it would destroy what is in force."""
    old = _old(path)
    with contextlib.suppress(FileNotFoundError):
        if old.samefile(path):
            old.unlink()


def _overwrite(handle: int) -> int:
    size = os.fstat(handle).st_size
    for at in range(0, size, BLOCK):
        noise = memoryview(secrets.token_bytes(min(BLOCK, size - at)))
        done = 0
        while done < len(noise):
            done += os.pwrite(handle, noise[done:], at + done)
    os.fsync(handle)
    return size


def _failed(file: Path, error: OSError) -> WriteFailed:
    return WriteFailed(
        f"{file}: it could not be destroyed ({error.strerror}); nothing else was changed; mend the cause and run the "
        "same command again"
    )
