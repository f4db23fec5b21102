"""The generations that are kept, and going back to one of them."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from index.config import IndexConfig
from index.embedding import EmbedderIdentity
from index.errors import BadIndex, EngineAway, IndexCorrupt, NoSuchGeneration
from index.live import check_compatible
from index.manifest import Manifest
from index.opening import follower, opened
from index.store import Store
from index.verify import check_contents

_Stamp = tuple[tuple[str, int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """One generation in the index folder.

    Attributes:
        manifest: None when it cannot be read.
        live: whether CURRENT names it.
        verifies: whether every byte and offset holds and this program can answer from it; None while not known.
        problem: why not, in one line.
    """

    generation: str
    manifest: Manifest | None
    live: bool
    verifies: bool | None
    problem: str | None

    def to_json(self) -> dict[str, object]:
        """JSON-ready; one form for command and API."""
        facts = {"generation": self.generation, "live": self.live, "verifies": self.verifies, "problem": self.problem}
        return facts | (self.manifest.summary() if self.manifest is not None else {})


@dataclass(frozen=True, slots=True)
class RolledBack:
    """``changed`` is False when the generation was live already."""

    manifest: Manifest
    changed: bool


class Generations:
    """What an index folder holds. A generation is checked once, for it never changes; safe to call from any thread."""

    def __init__(self, config: IndexConfig, identity: EmbedderIdentity) -> None:
        self._config = config
        self._identity = identity
        self._store = Store(config.index_dir)
        self._lock = threading.Lock()
        self._verdicts: dict[str, tuple[_Stamp, str | None]] = {}
        self._checking: threading.Thread | None = None

    def kept(self) -> list[Kept]:
        """Every generation, newest first, each checked: reads every byte of those that were not checked before."""
        names = self._store.generations()
        self._check(names)
        return self._told(names)

    def seen(self) -> list[Kept]:
        """The same at once: what was not checked yet is checked in a thread of its own, and is told the next time."""
        names = self._store.generations()
        told = self._told(names)
        with self._lock:
            waiting = any(self._verdict(name) is None for name in names)
            if waiting and (self._checking is None or not self._checking.is_alive()):
                self._checking = threading.Thread(target=self._check, args=(names,), name="check", daemon=True)
                self._checking.start()
        return told

    def _check(self, names: list[str]) -> None:
        for name in names:
            stamp = self._stamp(name)
            if self._verdict(name) is not None:
                continue
            try:
                _check_whole(self._store, name, None, self._config, self._identity)
                self._verdicts[name] = stamp, None
            except EngineAway:
                # Nothing is known of it: asked again the next time.
                continue
            except BadIndex as problem:
                self._verdicts[name] = stamp, str(problem)
        for gone in self._verdicts.keys() - set(names):
            self._verdicts.pop(gone, None)

    def _told(self, names: list[str]) -> list[Kept]:
        live = self._store.live()
        told: list[Kept] = []
        for name in names:
            try:
                manifest = self._store.read_manifest(name)
            except BadIndex:
                manifest = None
            verdict = self._verdict(name)
            problem = verdict[1] if verdict is not None else None
            told.append(Kept(name, manifest, name == live, None if verdict is None else problem is None, problem))
        return told

    def _verdict(self, name: str) -> tuple[_Stamp, str | None] | None:
        verdict = self._verdicts.get(name)
        return verdict if verdict is not None and verdict[0] == self._stamp(name) else None

    def _stamp(self, name: str) -> _Stamp:
        try:
            files = sorted((self._config.index_dir / name).iterdir())
            return tuple((file.name, s.st_ino, s.st_size, s.st_mtime_ns) for file in files for s in [file.stat()])
        except OSError:
            return ()


def roll_back(config: IndexConfig, identity: EmbedderIdentity, generation: str | None = None) -> RolledBack:
    """Make a kept generation the live one, after checking all of it; None is the newest before the live one.

    The index then answers from that generation until the next rebuild or roll-back, whatever the documents say.
    Raises NoSuchGeneration, IndexCorrupt or IndexIncompatible when it cannot answer, IndexBusy, or BadIndex when the
    folder cannot be written; the live generation stays in each case.
    """
    store = Store(config.index_dir)
    if not store.generations():
        store.current()
    with store.lock():
        names, live = store.generations(), store.live()
        if generation is None:
            generation = next((name for name in names if name < live), None)
            if generation is None:
                raise NoSuchGeneration("there is no generation before the live one")
        elif generation not in names:
            raise NoSuchGeneration(f"there is no generation {ascii(generation)[1:-1]}")
        # Hashed first and read by that hash: what is checked is what CURRENT will name.
        sha256 = store.manifest_sha256(generation)
        manifest = _check_whole(store, generation, sha256, config, identity)
        if generation == live:
            return RolledBack(manifest, False)
        store.point_at(generation, sha256)
        engine = follower(config, store)
        if engine is not None:
            engine.follow()
        return RolledBack(manifest, True)


def _check_whole(
    store: Store, name: str, manifest_sha256: str | None, config: IndexConfig, identity: EmbedderIdentity
) -> Manifest:
    index = opened(store.read(name, manifest_sha256), config)
    if index.generation != name:
        raise IndexCorrupt(name, f"its manifest is that of {index.generation}")
    check_compatible(index.manifest, config, identity)
    check_contents(index)
    return index.manifest
