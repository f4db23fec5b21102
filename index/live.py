"""The index that answers now: follows rebuilds, and falls back when the live generation is damaged."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from enum import Enum

from index.build import load_sources
from index.config import IndexConfig
from index.documents import source_stamps
from index.embedding import EmbedderIdentity
from index.errors import BadIndex, BadSource, IndexCorrupt, IndexIncompatible, IndexMissing
from index.generation import unpack
from index.manifest import Manifest, fingerprint
from index.passage_index import PassageIndex
from index.passages import SPLITTER
from index.store import Store


class State(Enum):
    """How the built index stands to the documents, the model and itself; the value is the exit status."""

    CURRENT = 0
    STALE = 3
    CORRUPT = 4
    MISSING = 5
    INCOMPATIBLE = 6


@dataclass(frozen=True, slots=True)
class Status:
    """``line`` says what is so and what to do; ``manifest`` is the live generation's, where it can be read."""

    state: State
    line: str
    manifest: Manifest | None


def status(config: IndexConfig, identity: EmbedderIdentity) -> Status:
    """Compare the built index with the documents and the model. Reads every byte of the live generation."""
    manifest: Manifest | None = None
    try:
        stored = Store(config.index_dir).read_current()
        manifest = stored.manifest
        unpack(stored)
        check_compatible(manifest, config, identity)
    except IndexMissing as problem:
        return Status(State.MISSING, str(problem), None)
    except IndexIncompatible as problem:
        return Status(State.INCOMPATIBLE, str(problem), manifest)
    except BadIndex as problem:
        return Status(State.CORRUPT, str(problem), manifest)
    changed = changed_since(manifest, config, identity)
    if changed is not None:
        return Status(State.STALE, changed, manifest)
    return Status(State.CURRENT, "the index matches the documents", manifest)


def check_compatible(manifest: Manifest, config: IndexConfig, identity: EmbedderIdentity) -> None:
    """Raises IndexIncompatible when this program would not find its way in the generation."""
    made = (manifest.embedder, manifest.splitter, manifest.passage_chars)
    needed = (identity, SPLITTER, config.passage_chars)
    if made != needed:
        raise IndexIncompatible(*(f"{m}, splitter {s}, passages of {c} characters" for m, s, c in (made, needed)))


def changed_since(manifest: Manifest, config: IndexConfig, identity: EmbedderIdentity) -> str | None:
    """One line naming what differs between the documents and the generation, or None."""
    if [list(stamp) for stamp in source_stamps(config.source_docs)] == [list(stamp) for stamp in manifest.stamps]:
        return None
    remedy = "bring the index up to date with: python -m index rebuild"
    try:
        documents = load_sources(config.source_docs).documents
    except BadSource as problem:
        return f"the documents cannot be read any more ({problem}); answers come from the index as it was built"
    if fingerprint(documents, identity, config.passage_chars) == manifest.fingerprint:
        return None
    now = {document.id: document.sha256 for document in documents}
    parts = [
        f"{verb} {', '.join(names[:3])}{' and more' if len(names) > 3 else ''}"
        for verb, names in (
            ("added", sorted(now.keys() - manifest.sources.keys())),
            ("removed", sorted(manifest.sources.keys() - now.keys())),
            ("changed", sorted(n for n in now.keys() & manifest.sources.keys() if now[n] != manifest.sources[n])),
        )
        if names
    ]
    return f"the documents changed since the index was built ({'; '.join(parts) or 'a card changed'}); {remedy}"


def open_index(config: IndexConfig, identity: EmbedderIdentity) -> tuple[PassageIndex, tuple[str, ...]]:
    """The index to answer from, and what the reader of its answers should know.

    A damaged live generation is passed over for the newest whole one. Raises IndexMissing, IndexIncompatible, or
    IndexCorrupt when no generation is whole.
    """
    store = Store(config.index_dir)
    try:
        index = unpack(store.read_current())
        check_compatible(index.manifest, config, identity)
    except IndexCorrupt as damage:
        promised = _promised(store)
        for name in store.generations():
            try:
                # Without the hash in CURRENT, the manifest just refused would be believed the second time.
                index = unpack(store.read(name, promised.get(name)))
                check_compatible(index.manifest, config, identity)
            except BadIndex:
                continue
            return index, (f"{damage}; meanwhile generation {name} answers",)
        raise
    changed = changed_since(index.manifest, config, identity)
    return index, (changed,) if changed is not None else ()


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
        self._seen: object = None
        self._open: tuple[PassageIndex, tuple[str, ...]] | None = None

    def get(self) -> tuple[PassageIndex, tuple[str, ...]]:
        """The index and its notices. Raises as ``open_index`` does, unless an older generation is still loaded."""
        with self._lock:
            seen = (self._pointer(), source_stamps(self._config.source_docs))
            if self._open is None or seen != self._seen:
                try:
                    fresh = open_index(self._config, self._identity)
                except BadIndex as problem:
                    if self._open is None:
                        raise
                    fresh = (self._open[0], (str(problem),))
                self._open, self._seen = fresh, seen
            return self._open

    def _pointer(self) -> object:
        try:
            facts = (self._config.index_dir / "CURRENT").stat()
        except OSError:
            return None
        return facts.st_ino, facts.st_mtime_ns, facts.st_size
