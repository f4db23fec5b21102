"""Files written so that they outlive a power loss, or leave nothing and say what to do."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from index.errors import BadIndex


def write(file: Path, data: bytes | memoryview) -> None:
    """The whole file, on the disk when this returns. Raises OSError, also where a full disk cut it short."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o644)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(handle, rest) :]
        os.fsync(handle)
        written = os.fstat(handle).st_size
    finally:
        os.close(handle)
    if written != len(data):
        raise OSError(errno.ENOSPC, "the file was cut short", str(file))


def sync(folder: Path) -> None:
    """Make the folder's entries outlive a power loss: without it a rename that was reported done may be undone."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove(path: Path) -> None:
    """A file, or a folder with all that can be removed of it."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


@contextmanager
def leaving_nothing(*unfinished: Path) -> Iterator[None]:
    """Remove ``unfinished`` when the block fails or is stopped."""
    try:
        yield
    except BaseException:
        for path in unfinished:
            with suppress(OSError):
                remove(path)
        raise


@contextmanager
def telling_what_to_do(folder: Path) -> Iterator[None]:
    """What cannot be written in ``folder`` raises BadIndex with the remedy."""
    try:
        yield
    except OSError as problem:
        raise BadIndex(
            f"{folder}: cannot be written ({problem.strerror or problem}); "
            "free some space or point SCO_INDEX_DIR at a folder you can write; the old index is kept"
        ) from None
