"""Files written below an open folder: by handles, no step of the way through a link, none overwritten."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
from collections.abc import Sequence
from pathlib import Path

from index.documents import CARD_SUFFIX, READ_SUFFIXES

_NO_HARD_LINKS = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})


def publish(folder: int, draft: str, to: int, name: str) -> None:
    """Give the draft its name; a link, where a rename would overwrite. Raises FileExistsError when there is one."""
    try:
        os.link(draft, name, src_dir_fd=folder, dst_dir_fd=to, follow_symlinks=False)
    except FileExistsError:
        raise
    except OSError as problem:
        if problem.errno not in _NO_HARD_LINKS or kind(to, name) is not None:
            raise
        os.rename(draft, name, src_dir_fd=folder, dst_dir_fd=to)


def write(folder: int, name: str, data: bytes) -> None:
    with os.fdopen(_created(folder, name), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def copy(folder: int, to: int, name: str) -> None:
    source = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    with os.fdopen(source, "rb") as original, os.fdopen(_created(to, name), "wb") as copied:
        shutil.copyfileobj(original, copied)
        copied.flush()
        os.fsync(copied.fileno())


def _created(folder: int, name: str) -> int:
    return os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644, dir_fd=folder)


def walk(root: int, parts: Sequence[str], handles: contextlib.ExitStack, *, make: bool = False) -> int:
    """A handle of the folder ``parts`` below ``root``, no step of it through a link. Raises OSError."""
    at = root
    for part in parts:
        if make:
            with contextlib.suppress(FileExistsError):
                os.mkdir(part, 0o755, dir_fd=at)
                os.fsync(at)
        at = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=at)
        handles.callback(os.close, at)
    return at


def kind(folder: int, name: str) -> int | None:
    """The mode of what has that name, a link itself; None where nothing has it."""
    try:
        return os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
    except FileNotFoundError:
        return None


def card_of(folder: int, name: str) -> str | None:
    """The card that goes with a document: a regular file, and of no other document that stays."""
    document = Path(name)
    card = document.stem + CARD_SUFFIX
    others = (Path(other) for other in os.listdir(folder) if other != name)
    shared = any(other.stem == document.stem and other.suffix.lower() in READ_SUFFIXES for other in others)
    mode = kind(folder, card)
    return card if not shared and mode is not None and stat.S_ISREG(mode) else None


def is_plain(part: str) -> bool:
    """Whether a step of a way below the folder neither hides nor leads out of it."""
    try:
        part.encode()
    except UnicodeEncodeError:
        return False
    return bool(part) and not part.startswith(".") and "\0" not in part
