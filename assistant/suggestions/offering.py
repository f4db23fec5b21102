"""Questions to begin with while the program serves: looked for in the background when nobody asks, and kept.

Those of all documents are looked for at the start. Those of a few are when the few are chosen: of many documents, the
questions of all leave most without one, and to find some for each would take as long as reading them all.
"""

from __future__ import annotations

import logging
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from assistant.answering import Assistant
from assistant.suggestions.suggesting import Suggestion, load, made_by, names_in, save, suggest
from index import BadInput, PassageIndex

_log = logging.getLogger(__name__)

_NICENESS = 10
_LOOK_S = 0.25
_CHOICES_KEPT = 32

_ALL: frozenset[str] = frozenset()


class Offering:
    """One search at a time, in a thread of low priority. Safe to call from any thread."""

    def __init__(
        self,
        index_dir: Path,
        assistant: Callable[[], Assistant],
        generations: Callable[[], Sequence[str]],
        quiet: Callable[[], bool],
    ) -> None:
        """``generations``: those whose suggestions stay on disk; ``quiet``: whether a search is in nobody's way."""
        self._index_dir = index_dir
        self._assistant = assistant
        self._generations = generations
        self._quiet = quiet
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._search: threading.Thread | None = None
        self._found: OrderedDict[tuple[str, frozenset[str]], list[Suggestion]] = OrderedDict()
        self._names: tuple[str, Collection[str]] = "", ()

    def get(self, index: PassageIndex, documents: Collection[str] = ()) -> tuple[list[Suggestion], bool]:
        """Questions that ``index``, the one that answers now, is known to answer, and whether these are all.

        With ``documents``, ids of some, those that these answer. Starts the search; until it ends, what was found of
        all documents is offered where it is of these.
        """
        chosen = frozenset(documents) if len(documents) < len(index.documents) else _ALL
        key = index.generation, chosen
        with self._lock:
            found = self._found.get(key)
            if found is not None:
                self._found.move_to_end(key)
                return found, True
            if self._search is None or not self._search.is_alive():
                self._search = threading.Thread(target=self._look, args=(index, chosen), name="suggest", daemon=True)
                self._search.start()
            of_all = self._found.get((index.generation, _ALL), [])
        return [one for one in of_all if one.document in chosen], False

    def close(self) -> None:
        """End the search, so that the process can end."""
        self._closing.set()
        if self._search is not None:
            self._search.join()

    def _look(self, index: PassageIndex, chosen: frozenset[str]) -> None:
        own = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, own, max(_NICENESS, os.getpriority(os.PRIO_PROCESS, own)))
        assistant = self._assistant()
        superseded = False

        def idle() -> bool:
            """Wait for a moment without questions; False when there is nothing to search for any more."""
            nonlocal superseded
            while not superseded and not self._closing.is_set():
                if self._quiet():
                    superseded = assistant.index()[0].generation != index.generation
                    return not superseded
                self._closing.wait(_LOOK_S)
            return False

        try:
            made = made_by(index, assistant.reads)
            found = None if chosen else load(self._index_dir, index, made)
            if found is None:
                names = tuple(sorted(chosen))
                found = suggest(
                    index,
                    lambda question: assistant.quote(question, (), names),
                    documents=chosen,
                    names=self._names_in(index),
                    before_each=idle,
                )
                if not idle():
                    return
                if not chosen:
                    save(self._index_dir, index, made, found, self._generations())
            self._keep(index, chosen, found)
        except BadInput as problem:
            _log.warning("no questions to begin with: %s", problem)
        except Exception:  # noqa: BLE001 - a chat without suggestions is a chat all the same
            _log.exception("no questions to begin with could be found")
            self._keep(index, chosen, [])

    def _names_in(self, index: PassageIndex) -> Collection[str]:
        # A survey of the whole index, which nobody who chose a document should wait for again.
        if self._names[0] != index.generation:
            self._names = index.generation, names_in(index)
        return self._names[1]

    def _keep(self, index: PassageIndex, chosen: frozenset[str], found: list[Suggestion]) -> None:
        with self._lock:
            self._found[index.generation, chosen] = found
            while len(self._found) > _CHOICES_KEPT:
                self._found.popitem(last=False)
