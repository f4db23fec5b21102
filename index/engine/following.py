"""What an engine keeps follows the index folder: its alias the live generation, its collections the kept ones."""

from __future__ import annotations

import contextlib
import json

from index.config import IndexConfig
from index.engine.journal import JOURNAL, Journal
from index.engine.protocol import engine_at
from index.errors import BadIndex
from index.store import Store

# As searching.py names it, which is imported only where there is an engine.
_ENGINE_FILE = "engine.json"


def collections(store: Store) -> dict[str, str]:
    """Generation → its collection, of those that an engine keeps."""
    found: dict[str, str] = {}
    for name in store.generations():
        # Of a generation that cannot be read nothing is known, so nothing is dropped for it either.
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            found[name] = str(json.loads((store.folder / name / _ENGINE_FILE).read_bytes())["collection"])
    return found


def follow(config: IndexConfig, store: Store) -> None:
    """Let the alias stand for the live generation's collection. The lock must be held.

    Readers go by CURRENT, whose hash vouches for what the collection holds; the alias is for other programs. One that
    was left behind, for the process was killed between the two, is set right by the next rebuild.
    """
    if config.engine is None:
        return
    collection = collections(store).get(store.current()[0])
    if collection is not None:
        engine_at(config.engine).point(config.engine.collection, collection)


def forget(config: IndexConfig, before: dict[str, str], store: Store) -> None:
    """Drop the collections of generations that were pruned; one that cannot be dropped now stays."""
    if config.engine is None:
        return
    kept = set(collections(store).values())
    for collection in set(before.values()) - kept:
        with contextlib.suppress(BadIndex):
            engine_at(config.engine).drop(collection)


def forget_journal(config: IndexConfig) -> None:
    """The generation is live: there is nothing to go on from."""
    if config.engine is not None:
        (config.index_dir / JOURNAL).unlink(missing_ok=True)


def abandon(config: IndexConfig) -> None:
    """Drop what an interrupted rebuild left in the engine, so that the next one starts from nothing."""
    if config.engine is not None:
        Journal(config.index_dir / JOURNAL, config.engine, "").drop(engine_at(config.engine).drop)
