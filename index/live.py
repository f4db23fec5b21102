"""The index that answers now: follows rebuilds, and falls back when the live generation is damaged."""

from __future__ import annotations

import math
import threading
import time
from dataclasses import dataclass, field, replace
from enum import Enum

from index.changes import Changes, changes_since
from index.config import IndexConfig
from index.documents import source_stamps
from index.embedding import EmbedderIdentity
from index.errors import BadIndex, EngineAway, IndexCorrupt, IndexIncompatible, IndexMissing
from index.manifest import Manifest
from index.opening import opened
from index.passage_index import PassageIndex
from index.passages import SPLITTER
from index.store import Store

# An engine that did not answer is asked again after so long.
_AWAY_S = 5.0
# To look at so many documents that it takes this long is put off until it took a fiftieth of the time.
_LONG_S, _SHARE = 0.005, 50


class State(Enum):
    """How the built index stands to the documents, the model and itself; the value is the exit status. AWAY: the engine
    that keeps it does not answer."""

    CURRENT = 0
    STALE = 3
    CORRUPT = 4
    MISSING = 5
    INCOMPATIBLE = 6
    AWAY = 7


@dataclass(frozen=True, slots=True)
class Status:
    """``line`` says what is so and what to do; ``manifest`` is the live generation's, where it can be read."""

    state: State
    line: str
    manifest: Manifest | None
    changes: Changes = field(default_factory=Changes)


@dataclass(frozen=True, slots=True)
class Opened:
    """An index to answer from, what the reader of its answers should know, and what changed since it was built."""

    index: PassageIndex
    notices: tuple[str, ...]
    changes: Changes


def status(config: IndexConfig, identity: EmbedderIdentity) -> Status:
    """Compare the built index with the documents and the model. Reads every byte of the live generation."""
    store = Store(config.index_dir)
    manifest: Manifest | None = None
    try:
        stored = store.read_current()
        manifest = stored.manifest
        index = opened(stored, config)
        check_compatible(manifest, config, identity)
    except IndexMissing as problem:
        return Status(State.MISSING, str(problem), None)
    except IndexIncompatible as problem:
        return Status(State.INCOMPATIBLE, str(problem), manifest)
    except EngineAway as problem:
        return Status(State.AWAY, str(problem), manifest)
    except BadIndex as problem:
        return Status(State.CORRUPT, str(problem), manifest)
    changes = changes_since(index, config)
    stale = changes.line(earlier=_is_earlier(store, index))
    if stale is not None:
        return Status(State.STALE, stale, manifest, changes)
    return Status(State.CURRENT, "the index matches the documents", manifest, changes)


def check_compatible(manifest: Manifest, config: IndexConfig, identity: EmbedderIdentity) -> None:
    """Raises IndexIncompatible when this program would not find its way in the generation.

    One of the same model in another precision answers as before, until it is rebuilt, and so does one whose documents
    an earlier version of this program split: its passages lie where they did.
    """
    answers = manifest.splitter <= SPLITTER and manifest.passage_chars == config.passage_chars
    if not answers or not manifest.embedder.is_model_of(identity):
        made = (manifest.embedder, manifest.splitter, manifest.passage_chars)
        needed = (identity, SPLITTER, config.passage_chars)
        raise IndexIncompatible(*(f"{m}, splitter {s}, passages of {c} characters" for m, s, c in (made, needed)))


def open_index(config: IndexConfig, identity: EmbedderIdentity) -> tuple[PassageIndex, tuple[str, ...]]:
    """The index to answer from, and what the reader of its answers should know. Raises as ``open_live`` does."""
    live = open_live(config, identity)
    return live.index, live.notices


def open_live(config: IndexConfig, identity: EmbedderIdentity) -> Opened:
    """The live generation, or the newest whole one when it is damaged.

    Raises IndexMissing, IndexIncompatible, or IndexCorrupt when no generation is whole.
    """
    store = Store(config.index_dir)
    try:
        index = opened(store.read_current(), config)
        check_compatible(index.manifest, config, identity)
    except IndexCorrupt as damage:
        promised = _promised(store)
        for name in store.generations():
            try:
                # Without the hash in CURRENT, the manifest just refused would be believed the second time.
                index = opened(store.read(name, promised.get(name)), config)
                check_compatible(index.manifest, config, identity)
            except BadIndex:
                continue
            notice = f"{damage}; meanwhile generation {name} answers"
            return Opened(index, (notice,), changes_since(index, config))
        raise
    return _looked_at(index, config)


def _looked_at(index: PassageIndex, config: IndexConfig) -> Opened:
    """The live generation, beside the documents as they are now."""
    changes = changes_since(index, config)
    stale = changes.line(earlier=_is_earlier(Store(config.index_dir), index))
    return Opened(index, (stale,) if stale is not None else (), changes)


def _is_earlier(store: Store, index: PassageIndex) -> bool:
    return any(name > index.generation for name in store.generations())


def _promised(store: Store) -> dict[str, str]:
    """The live generation and its manifest's sha256, as far as CURRENT can be read."""
    try:
        return dict([store.current()])
    except BadIndex:
        return {}


class LiveIndex:
    """Hands every question the newest generation; a question under way keeps the one it has."""

    def __init__(self, config: IndexConfig, identity: EmbedderIdentity) -> None:
        self._config = config
        self._identity = identity
        self._lock = threading.Lock()
        self._seen: tuple[object, object] | None = None
        self._retry_at = math.inf
        self._looked: object = None
        self._look_again = 0.0
        self._opened: Opened | None = None
        self._current = False

    def get(self) -> tuple[PassageIndex, tuple[str, ...]]:
        """The index and its notices. Raises as ``look`` does."""
        looked = self.look()
        return looked.index, looked.notices

    def look(self) -> Opened:
        """What answers now. Raises as ``open_live`` does, unless an older generation is still loaded."""
        with self._lock:
            seen = (self._pointer(), self._stamps())
            if self._opened is None or seen != self._seen or time.monotonic() >= self._retry_at:
                self._retry_at = math.inf
                try:
                    self._opened = self._fresh(seen)
                except BadIndex as problem:
                    if isinstance(problem, EngineAway):
                        self._retry_at = time.monotonic() + _AWAY_S
                    if self._opened is None:
                        raise
                    self._opened = replace(self._opened, notices=(str(problem),))
                    # What is loaded is not what CURRENT names: the next look opens that.
                    self._current = False
                self._seen = seen
            return self._opened

    def _fresh(self, seen: tuple[object, object]) -> Opened:
        if self._opened is not None and self._current and self._seen is not None and seen[0] == self._seen[0]:
            # The documents alone changed: to open a large index again would keep all questions waiting.
            return _looked_at(self._opened.index, self._config)
        opened = open_live(self._config, self._identity)
        self._current = opened.index.generation == Store(self._config.index_dir).live()
        return opened

    def _stamps(self) -> object:
        """The documents' stamps; those of a moment ago where there are so many that looking takes long."""
        if time.monotonic() >= self._look_again:
            # CPU time: on a busy machine a look at a few files may take as long, and must not be put off.
            started = time.thread_time()
            self._looked = source_stamps(self._config.source_docs)
            took_s = time.thread_time() - started
            self._look_again = time.monotonic() + (_SHARE * took_s if took_s > _LONG_S else 0.0)
        return self._looked

    def _pointer(self) -> object:
        try:
            facts = (self._config.index_dir / "CURRENT").stat()
        except OSError:
            return None
        return facts.st_ino, facts.st_mtime_ns, facts.st_size
