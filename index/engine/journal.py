"""How far a rebuild into an engine has come: one that is interrupted goes on where it was."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from index.engine.protocol import EngineAddress
from index.errors import BadIndex

JOURNAL = "engine.journal"


class Journal:
    """Which batches of a rebuild are in the engine. The rebuild's lock must be held.

    A line that names collection and fingerprint, then a line a batch: its number and how many rows it had. ``left`` is
    the collection that it names, whatever it is being filled with; empty where there is none.
    """

    def __init__(self, file: Path, address: EngineAddress, fingerprint: str) -> None:
        self._file = file
        self._fingerprint = fingerprint
        self.left = ""
        self.collection: str | None = None
        self.done: frozenset[int] = frozenset()
        self.rows = 0
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            first, *lines = file.read_text("utf-8").splitlines()
            facts = json.loads(first)
            self.left = str(facts["collection"])
            if (facts["fingerprint"], facts["place"]) == (fingerprint, address.place):
                self.collection = self.left
                done = dict(_noted(lines))
                self.done, self.rows = frozenset(done), sum(done.values())
        self._place = address.place

    def begin(self, collection: str, drop: Callable[[str], None]) -> None:
        """Start anew, without what an earlier rebuild left."""
        self.drop(drop)
        self.collection, self.done, self.rows = collection, frozenset(), 0
        facts = {"collection": collection, "fingerprint": self._fingerprint, "place": self._place}
        self._append(json.dumps(facts))

    def note(self, batch: int, rows: int) -> None:
        # The line's end comes first: one that was cut short must not grow together with the next.
        self._append(f"\n{batch} {rows} done")

    def drop(self, drop: Callable[[str], None]) -> None:
        if self.left:
            with contextlib.suppress(BadIndex):
                drop(self.left)
            self.left = ""
        self._file.unlink(missing_ok=True)

    def _append(self, line: str) -> None:
        # A full disk: the rebuild may still end, and says so itself if it cannot.
        with contextlib.suppress(OSError), self._file.open("a", encoding="utf-8") as journal:
            journal.write(line)
            journal.flush()
            os.fsync(journal.fileno())


def _noted(lines: Iterable[str]) -> Iterator[tuple[int, int]]:
    """A line that was cut short is no batch done."""
    for line in lines:
        match line.split():
            case [batch, rows, "done"] if batch.isdigit() and rows.isdigit():
                yield int(batch), int(rows)
