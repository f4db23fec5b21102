"""What an engine keeps follows the index folder: its alias the live generation, its collections the kept ones."""

from __future__ import annotations

import contextlib
import json

from index.engine.journal import JOURNAL, Journal
from index.engine.protocol import EngineAddress, engine_at
from index.errors import BadIndex
from index.opening import ENGINE_FILE
from index.store import Store


class Follower:
    """Keeps an engine in step with an index folder, whose lock must be held."""

    def __init__(self, address: EngineAddress, store: Store) -> None:
        self._address, self._store = address, store

    def collections(self) -> dict[str, str]:
        """Generation → its collection, of those that an engine keeps."""
        found: dict[str, str] = {}
        for name in self._store.generations():
            # Of a generation that cannot be read nothing is known, so nothing is dropped for it either.
            with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
                found[name] = str(json.loads((self._store.folder / name / ENGINE_FILE).read_bytes())["collection"])
        return found

    def follow(self) -> None:
        """Let the alias stand for the live generation's collection.

        Readers go by CURRENT, whose hash vouches for what the collection holds; the alias is for other programs. One
        that was left behind, for the process was killed between the two, is set right by the next rebuild.
        """
        collection = self.collections().get(self._store.current()[0])
        if collection is not None:
            engine_at(self._address).point(self._address.collection, collection)

    def forget(self, before: dict[str, str]) -> None:
        """Drop the collections of generations that were pruned; one that cannot be dropped now stays."""
        for collection in set(before.values()) - set(self.collections().values()):
            with contextlib.suppress(BadIndex):
                engine_at(self._address).drop(collection)

    def forget_journal(self) -> None:
        """The generation is live: there is nothing to go on from."""
        (self._store.folder / JOURNAL).unlink(missing_ok=True)

    def settle(self) -> None:
        """Forget a journal whose collection a kept generation has by now: its rebuild was killed, or could not set the
        alias, after the swap. Whoever took it for an interrupted one would drop what answers."""
        if self._journal().left in self.collections().values():
            self.forget_journal()

    def abandon(self) -> None:
        """Drop what an interrupted rebuild left in the engine, so that the next one starts from nothing."""
        self._journal().drop(engine_at(self._address).drop)

    def _journal(self) -> Journal:
        return Journal(self._store.folder / JOURNAL, self._address, "")
