"""Generations on disk: written beside the live one, verified, swapped in by one rename, pruned.

CURRENT                       "<generation> <sha256 of its manifest>", replaced atomically
LOCK                          held (flock) for the whole of a rebuild; never deleted
STAMPS                        the documents' stamps when a rebuild last found nothing changed; may be missing
20261124T031500Z-3f9a1c42/    immutable once it has this name
.tmp-...                      being written; removed by the next rebuild when one was killed
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import mmap
import os
import shutil
import stat
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

import regex

from index.durable import leaving_nothing, remove, sync, telling_what_to_do, write
from index.errors import BadIndex, IndexBusy, IndexCorrupt, IndexMissing
from index.manifest import MANIFEST_FILE, Manifest

KEPT_GENERATIONS = 3
_POINTER_BYTES = 1000
_MANIFEST_BYTES = 64 * 1024 * 1024
_NAME = regex.compile(r"\d{8}T\d{12}Z-[0-9a-f]{8}")
_TMP = ".tmp-"
MAPPED_FROM = 64 * 1024 * 1024
_STAMPS = "STAMPS"
Data = bytes | mmap.mmap
Stamps = Sequence[Sequence[str | int]]


@dataclass(frozen=True, slots=True)
class Stored:
    """A generation read back: its manifest and the bytes of every file, each checked against it.

    A large file is mapped into memory: what is not looked at takes none. It stays as it is when it is removed.
    """

    manifest: Manifest
    files: Mapping[str, Data]


class Store:
    """The folder of generations. Readers need no lock; a writer holds ``lock`` from start to swap."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def current(self) -> tuple[str, str]:
        """The live generation and its manifest's sha256. Raises IndexMissing or IndexCorrupt."""
        pointer = self.folder / "CURRENT"
        if not os.path.lexists(pointer):
            raise IndexMissing(str(self.folder))
        try:
            words = _read(pointer, _POINTER_BYTES).decode("utf-8").split()
        except UnicodeDecodeError as problem:
            raise IndexCorrupt(str(pointer), f"cannot be read ({problem})") from None
        if len(words) != 2 or not _NAME.fullmatch(words[0]):
            raise IndexCorrupt(str(pointer), "does not name a generation")
        return words[0], words[1]

    def live(self) -> str:
        """The live generation's name, empty where CURRENT cannot be read."""
        try:
            return self.current()[0]
        except BadIndex:
            return ""

    def generations(self) -> list[str]:
        """Every finished generation in the folder, newest first."""
        try:
            names = os.listdir(self.folder)
        except OSError:
            return []
        return sorted((name for name in names if _NAME.fullmatch(name)), reverse=True)

    def read_current(self) -> Stored:
        """The live generation, every byte checked. Raises IndexMissing, IndexCorrupt or IndexIncompatible."""
        while True:
            name, manifest_sha256 = self.current()
            try:
                return self.read(name, manifest_sha256)
            except IndexCorrupt:
                # A rebuild may have swapped and pruned between the two reads; damage does not move CURRENT.
                if self.current()[0] == name:
                    raise

    def read_manifest(self, name: str, manifest_sha256: str | None = None) -> Manifest:
        """One generation's manifest alone. Raises IndexCorrupt or IndexIncompatible."""
        file = self.folder / name / MANIFEST_FILE
        data = _read(file, _MANIFEST_BYTES)
        if manifest_sha256 is not None and hashlib.sha256(data).hexdigest() != manifest_sha256:
            raise IndexCorrupt(str(file), "is not the manifest CURRENT names")
        return Manifest.from_bytes(data, str(file))

    def manifest_sha256(self, name: str) -> str:
        """Of one generation's manifest as it lies there, in hexadecimal. Raises IndexCorrupt."""
        return hashlib.sha256(_read(self.folder / name / MANIFEST_FILE, _MANIFEST_BYTES)).hexdigest()

    def read(self, name: str, manifest_sha256: str | None = None) -> Stored:
        """One generation. Nothing is parsed before its size and sha256 match the manifest."""
        manifest = self.read_manifest(name, manifest_sha256)
        return Stored(manifest, {file: self._checked(name, manifest, file) for file in manifest.files})

    def _checked(self, name: str, manifest: Manifest, file_name: str) -> Data:
        size, sha256 = manifest.files[file_name]
        file = self.folder / name / file_name
        with _opened(file, size) as opened:
            data: Data = _whole(opened, size)
            if len(data) != size:
                raise IndexCorrupt(str(file), f"holds {len(data)} bytes, {size} were written")
            # Through the file where it is mapped: hashed through the mapping, all of it would stay in memory.
            found = hashlib.file_digest(opened, "sha256") if isinstance(data, mmap.mmap) else hashlib.sha256(data)
        if found.hexdigest() != sha256:
            raise IndexCorrupt(str(file), "its sha256 is not the one that was written")
        return data

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the writer's lock. Raises IndexBusy at once when another process or thread holds it."""
        with telling_what_to_do(self.folder):
            made = [folder for folder in (self.folder, *self.folder.parents) if not folder.exists()]
            self.folder.mkdir(parents=True, exist_ok=True)
            for folder in made:
                sync(folder.parent)
            handle = os.open(self.folder / "LOCK", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            with telling_what_to_do(self.folder):
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    raise IndexBusy(_holder(handle)) from None
                os.ftruncate(handle, 0)
                since = time.strftime("%H:%M:%S UTC", time.gmtime())
                os.pwrite(handle, json.dumps({"pid": os.getpid(), "since": since}).encode(), 0)
                self._remove_unfinished()
            yield
        finally:
            # Never unlinked: a second holder could lock a new file of the same name.
            os.close(handle)

    def write(self, manifest: Manifest, files: Mapping[str, bytes | memoryview]) -> None:
        """Write a generation beside the live one, read it back, and swap it in. The lock must be held.

        Raises BadIndex when the folder cannot be written; the live generation stays as it was.
        """
        tmp = self.folder / f"{_TMP}{manifest.generation}-{os.getpid()}"
        manifest_bytes = manifest.to_bytes()
        with telling_what_to_do(self.folder), leaving_nothing(tmp, self._pointer):
            tmp.mkdir()
            for name, data in files.items():
                write(tmp / name, data)
            write(tmp / MANIFEST_FILE, manifest_bytes)
            sync(tmp)
            # One file after the other: they are in memory once already.
            for file_name in manifest.files:
                self._checked(tmp.name, self.read_manifest(tmp.name), file_name)
            # Before the rename: a disk that is full at the pointer must not keep a generation nobody points at.
            self._write_pointer(manifest.generation, hashlib.sha256(manifest_bytes).hexdigest())
            os.rename(tmp, self.folder / manifest.generation)
            sync(self.folder)
            self._swap()

    def note_stamps(self, generation: str, stamps: Stamps) -> None:
        """Remember that the documents with these stamps are those of a generation. The lock must be held.

        The generation's own stamps stay. Nothing is lost where it cannot be written.
        """
        beside = self.folder / f"{_TMP}STAMPS-{os.getpid()}"
        with suppress(OSError), leaving_nothing(beside):
            write(beside, json.dumps({"generation": generation, "stamps": stamps}).encode())
            os.replace(beside, self.folder / _STAMPS)

    def stamps(self, manifest: Manifest) -> Stamps:
        """Those of the documents when they were last found to be a generation's."""
        with suppress(BadIndex, ValueError, KeyError, TypeError):
            noted = json.loads(_read(self.folder / _STAMPS, _MANIFEST_BYTES))
            if noted["generation"] == manifest.generation:
                return [[str(name), int(size), int(time_ns)] for name, size, time_ns in noted["stamps"]]
        return manifest.stamps

    def point_at(self, name: str, manifest_sha256: str) -> None:
        """Make a finished generation the live one: the one step that readers see. The lock must be held.

        Raises BadIndex when the folder cannot be written; the live generation stays as it was.
        """
        with telling_what_to_do(self.folder), leaving_nothing(self._pointer):
            self._write_pointer(name, manifest_sha256)
            self._swap()

    @property
    def _pointer(self) -> Path:
        return self.folder / f"{_TMP}CURRENT-{os.getpid()}"

    def _write_pointer(self, name: str, manifest_sha256: str) -> None:
        write(self._pointer, f"{name} {manifest_sha256}\n".encode())

    def _swap(self) -> None:
        os.replace(self._pointer, self.folder / "CURRENT")
        sync(self.folder)

    def prune(self, also: str = "") -> None:
        """Remove all but the newest KEPT_GENERATIONS, the live one and ``also``. Only folders this program named."""
        live, _ = self.current()
        for name in self.generations()[KEPT_GENERATIONS:]:
            if name not in (live, also):
                # Renamed first: killed half-way, a generation with files gone would be taken for a damaged one.
                doomed = self.folder / f"{_TMP}{name}-{os.getpid()}"
                with suppress(OSError):
                    os.rename(self.folder / name, doomed)
                shutil.rmtree(doomed, ignore_errors=True)

    def _remove_unfinished(self) -> None:
        for name in os.listdir(self.folder):
            if name.startswith(_TMP):
                remove(self.folder / name)


def _read(file: Path, most: int) -> bytes:
    """The whole of a file of at most ``most`` bytes."""
    with _opened(file, most) as opened:
        return opened.read(most + 1)


@contextmanager
def _opened(file: Path, most: int) -> Iterator[BufferedReader]:
    """A regular file of at most ``most`` bytes: one grown to gigabytes must not fill the memory to be refused."""
    try:
        # O_NOFOLLOW and O_NONBLOCK: a link could lead anywhere, and opening a FIFO would wait for ever.
        handle = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as opened:
            facts = os.fstat(handle)
            if not stat.S_ISREG(facts.st_mode):
                raise IndexCorrupt(str(file), "is not a regular file")
            if facts.st_size > most:
                raise IndexCorrupt(str(file), f"holds {facts.st_size} bytes, at most {most} were written")
            yield opened
    except OSError as problem:
        raise IndexCorrupt(str(file), f"cannot be read ({problem.strerror})") from None


def _whole(opened: BufferedReader, size: int) -> Data:
    if size >= MAPPED_FROM and os.fstat(opened.fileno()).st_size == size:
        return mmap.mmap(opened.fileno(), size, prot=mmap.PROT_READ)
    return opened.read(size + 1)


def _holder(handle: int) -> str:
    try:
        facts = json.loads(os.pread(handle, 200, 0))
        return f"process {facts['pid']} since {facts['since']}"
    except (ValueError, KeyError, TypeError):
        return "by another process"
