"""The folder of documents, changed from the page: files added and taken out, none overwritten, none lost."""

from __future__ import annotations

import contextlib
import os
import secrets
import shlex
import stat
import threading
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from assistant.config import MAX_UPLOAD_BYTES
from assistant.serving import folder_files
from index import BadInput, BadSource
from index.documents import check_suffix, text_of

MAX_FILE_BYTES = 10 * 1024 * 1024
MAX_FILES = 50
# Of all that lies in the folder, what was taken out of the index included: nothing is ever deleted here.
MAX_LIBRARY_BYTES = 1024**3
MAX_LIBRARY_FILES = 10_000
# Hidden, so that the index does not read it.
REMOVED = ".removed"
_MAX_NAME_BYTES = 200


class NotChanged(BadInput):
    """A document was not added or removed; ``code`` says why for a program, ``str()`` for a person."""

    def __init__(self, code: str, line: str) -> None:
        super().__init__(line)
        self.code = code


@dataclass(frozen=True, slots=True)
class Added:
    """``kept``: where the document that it replaced lies now, below the source folder; None when there was none."""

    document: str
    sent_as: str
    bytes: int
    kept: str | None


@dataclass(frozen=True, slots=True)
class NotAdded:
    """``code``: ``name``, ``suffix``, ``exists``, ``too-large``, ``text`` or ``disk``."""

    sent_as: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Removed:
    """``kept``: where the document lies now, below the source folder; ``restore``: how to have it back."""

    document: str
    kept: str
    restore: str


class Library:
    """Adds and removes documents of one folder, one request at a time; the index follows at the next rebuild.

    Every path is walked from the folder's own handle without following a link, so nothing outside it is ever touched,
    whatever is put in its place meanwhile.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()

    def add(
        self, sent: Sequence[tuple[str, BinaryIO]], *, replace: bool = False
    ) -> tuple[tuple[Added, ...], tuple[NotAdded, ...]]:
        """Keep each (name, file), or say why not. A file appears whole or not at all, also when the power goes.

        A document of the same name is replaced only with ``replace``, and moved aside then. Raises NotChanged when
        nothing of the request can be kept: too many files, no room, or a folder that cannot be written.
        """
        if not sent:
            raise NotChanged("count", "no file was sent")
        if len(sent) > MAX_FILES:
            raise NotChanged("count", f"{len(sent)} files were sent; send at most {MAX_FILES} at a time")
        added: list[Added] = []
        refused: list[NotAdded] = []
        with self._opened(make=True) as root:
            self._make_sure_of_room()
            total = 0
            for name, file in sent:
                shown = _printable(name)
                try:
                    data = file.read(MAX_FILE_BYTES + 1)
                    total += len(data)
                    if total > MAX_UPLOAD_BYTES:
                        raise NotChanged(
                            "too-large", f"more than {_mib(MAX_UPLOAD_BYTES)} at a time; send the rest alone"
                        )
                    document = document_name(name)
                    if any(one.document == document for one in added):
                        raise NotChanged("exists", f"{document}: sent twice; the first was kept")
                    kept = _keep(root, document, data, replace)
                    added.append(Added(document, shown, len(data), kept))
                except NotChanged as problem:
                    refused.append(NotAdded(shown, problem.code, str(problem)))
                except OSError as problem:
                    line = f"{shown}: cannot be written ({problem.strerror}); free some space or ask whoever runs this"
                    refused.append(NotAdded(shown, "disk", line))
        return tuple(added), tuple(refused)

    def remove(self, document: str) -> Removed:
        """Move a document, and its card when no other shares it, out of the index's sight. Raises NotChanged."""
        parts = document.split("/")
        if not all(folder_files.is_plain(part) for part in parts):
            raise NotChanged("missing", f"there is no document {_printable(document)}")
        try:
            check_suffix(document)
        except BadSource as problem:
            raise NotChanged("suffix", f"{_printable(document)}: not a document; {problem.problem}") from None
        with self._opened(make=False) as root, contextlib.ExitStack() as handles:
            try:
                where = folder_files.walk(root, parts[:-1], handles)
                facts = os.stat(parts[-1], dir_fd=where, follow_symlinks=False)
            except OSError:
                raise NotChanged("missing", f"there is no document {_printable(document)}") from None
            if not stat.S_ISREG(facts.st_mode):
                raise NotChanged("kind", f"{_printable(document)}: not a regular file, so no document; left as it is")
            aside = [REMOVED, _stamp(), *parts[:-1]]
            try:
                to = folder_files.walk(root, aside, handles, make=True)
                card = folder_files.card_of(where, parts[-1])
                os.rename(parts[-1], parts[-1], src_dir_fd=where, dst_dir_fd=to)
                if card is not None:
                    os.rename(card, card, src_dir_fd=where, dst_dir_fd=to)
                os.fsync(to)
                os.fsync(where)
            except OSError as problem:
                raise NotChanged("disk", f"{document}: cannot be moved aside ({problem.strerror})") from None
        kept = "/".join([*aside, parts[-1]])
        restore = f"mv {shlex.quote(f'{self.folder.name}/{kept}')} {shlex.quote(f'{self.folder.name}/{document}')}"
        return Removed(document, kept, restore)

    def restore(self, kept: str) -> str:
        """Put back what ``remove`` moved to ``kept``, its card too; returns the document's name. Raises NotChanged.

        What has come to have its name meanwhile stays.
        """
        parts = kept.split("/")
        stray = NotChanged("missing", f"there is no removed document {_printable(kept)}")
        if len(parts) < 3 or parts[0] != REMOVED or not all(folder_files.is_plain(part) for part in parts[1:]):
            raise stray
        name, document = parts[-1], "/".join(parts[2:])
        try:
            check_suffix(name)
        except BadSource:
            raise stray from None
        with self._opened(make=False) as root, contextlib.ExitStack() as handles:
            try:
                aside = folder_files.walk(root, parts[:-1], handles)
                facts = os.stat(name, dir_fd=aside, follow_symlinks=False)
            except OSError:
                raise stray from None
            if not stat.S_ISREG(facts.st_mode):
                raise stray
            try:
                to = folder_files.walk(root, parts[2:-1], handles, make=True)
                card = folder_files.card_of(aside, name)
                _publish(aside, name, to, name)
                os.fsync(to)
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(name, dir_fd=aside)
                if card is not None and folder_files.kind(to, card) is None:
                    os.rename(card, card, src_dir_fd=aside, dst_dir_fd=to)
                os.fsync(to)
                os.fsync(aside)
            except OSError as problem:
                raise NotChanged("disk", f"{document}: cannot be moved back ({problem.strerror})") from None
        return document

    @contextlib.contextmanager
    def _opened(self, *, make: bool) -> Iterator[int]:
        """A handle of the folder, held by one request at a time. Raises NotChanged."""
        with self._lock:
            try:
                if make:
                    self.folder.mkdir(parents=True, exist_ok=True)
                root = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            except OSError as problem:
                raise NotChanged("disk", f"{self.folder.name}: cannot be opened ({problem.strerror})") from None
            try:
                yield root
            finally:
                os.close(root)

    def _make_sure_of_room(self) -> None:
        used = files = 0
        for where, _, names in os.walk(self.folder):
            for name in names:
                with contextlib.suppress(OSError):
                    used += (Path(where) / name).lstat().st_size
                files += 1
        if used + MAX_UPLOAD_BYTES > MAX_LIBRARY_BYTES or files + MAX_FILES > MAX_LIBRARY_FILES:
            raise NotChanged(
                "full",
                f"{self.folder.name} holds {files:,} files and {_mib(used)}; "
                f"make room, in {self.folder.name}/{REMOVED} first, or add the files by hand",
            )


def document_name(sent: str) -> str:
    """The name under which a file sent as ``sent`` is kept: its last part, less what may hide, mislead or lead away.

    Control, format and unassigned characters go, and so do spaces, dots and dashes before the first other character.
    Raises NotChanged when no name of a document remains.
    """
    last = unicodedata.normalize("NFC", sent.replace("\\", "/").rpartition("/")[2])
    visible = "".join(
        character
        for character in last
        if unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
    )
    name = " ".join(visible.split()).lstrip(" .-~")
    stem, dot, suffix = name.rpartition(".")
    name = f"{stem.rstrip(' .')}{dot}{suffix}" if stem.rstrip(" .") else name
    if not name:
        raise NotChanged("name", f"{_printable(sent) or 'a file'}: no usable name; rename it")
    try:
        check_suffix(name)
    except BadSource as problem:
        raise NotChanged("suffix", str(problem)) from None
    if len(name.encode()) > _MAX_NAME_BYTES:
        raise NotChanged("name", f"{name[:40]}…: the name is longer than {_MAX_NAME_BYTES} bytes; shorten it")
    return name


def _keep(root: int, name: str, data: bytes, replace: bool) -> str | None:
    """Write a document; returns where the one it replaced was put."""
    if len(data) > MAX_FILE_BYTES:
        raise NotChanged("too-large", f"{name}: larger than {_mib(MAX_FILE_BYTES)}; split it into several files")
    try:
        text_of(name, data)
    except BadSource as problem:
        raise NotChanged("text", str(problem)) from None
    there = folder_files.kind(root, name)
    if there is not None and not replace:
        raise NotChanged("exists", f"{name}: there is a document of this name; rename yours, or send it to replace it")
    if there is not None and not stat.S_ISREG(there):
        raise NotChanged("exists", f"{name}: something that is no document has this name; rename yours")
    draft = f".upload-{secrets.token_hex(8)}"
    try:
        folder_files.write(root, draft, data)
        if there is None:
            _publish(root, draft, root, name)
            os.fsync(root)
            return None
        with contextlib.ExitStack() as handles:
            aside = [REMOVED, _stamp()]
            to = folder_files.walk(root, aside, handles, make=True)
            # Copied and not moved: at no moment is there no document of that name.
            folder_files.copy(root, to, name)
            os.fsync(to)
        os.replace(draft, name, src_dir_fd=root, dst_dir_fd=root)
        os.fsync(root)
        return "/".join([*aside, name])
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(draft, dir_fd=root)


def _publish(folder: int, draft: str, to: int, name: str) -> None:
    try:
        folder_files.publish(folder, draft, to, name)
    except FileExistsError:
        raise NotChanged("exists", f"{name}: there is a document of this name; rename yours") from None


def _printable(name: str) -> str:
    return "".join(character if character.isprintable() else "\ufffd" for character in name[-100:])


def _stamp() -> str:
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}Z"


def _mib(size: int) -> str:
    return f"{size / 2**20:,.0f} MiB"
