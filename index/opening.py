"""A stored generation → an index to search, from files or from an engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.config import IndexConfig
from index.errors import IndexIncompatible
from index.generation import unpack
from index.manifest import Manifest
from index.passage_index import PassageIndex
from index.store import Store, Stored

if TYPE_CHECKING:
    from index.engine.following import Follower

# Of index/engine nothing is imported before an engine is met.
ENGINE_FILE = "engine.json"


def opened(stored: Stored, config: IndexConfig) -> PassageIndex:
    """Raises IndexCorrupt, EngineAway, or IndexIncompatible when it is kept elsewhere than ``config`` says."""
    if is_in_engine(stored.manifest):
        from index.engine.searching import open_in_engine

        return open_in_engine(stored, config)
    if config.engine is not None:
        raise IndexIncompatible("files", f"an engine ({config.engine})")
    return unpack(stored)


def reusable(stored: Stored, config: IndexConfig) -> PassageIndex:
    """The same, but files will do where an engine is set: vectors can be taken from them. Raises BadIndex."""
    return opened(stored, config) if is_in_engine(stored.manifest) else unpack(stored)


def is_in_engine(manifest: Manifest) -> bool:
    """Whether an engine keeps the generation's passages."""
    return ENGINE_FILE in manifest.files


def follower(config: IndexConfig, store: Store) -> Follower | None:
    """What keeps the engine of ``config`` in step with the index folder; None where none is set."""
    if config.engine is None:
        return None
    from index.engine.following import Follower

    return Follower(config.engine, store)
