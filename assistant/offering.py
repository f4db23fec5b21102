"""Questions to begin with while the program serves: looked for in the background when nobody asks, and kept."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from assistant.answering import Assistant
from assistant.suggesting import Suggestion, load, made_by, save, suggest
from index import BadInput, PassageIndex

_log = logging.getLogger(__name__)

_NICENESS = 10
_LOOK_S = 0.25


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
        self._found: tuple[str, list[Suggestion]] | None = None

    def get(self, index: PassageIndex) -> tuple[list[Suggestion], bool]:
        """Questions that ``index``, the one that answers now, is known to answer, and whether these are all.

        Starts the search.
        """
        with self._lock:
            if self._found is not None and self._found[0] == index.generation:
                return self._found[1], True
            if self._search is None or not self._search.is_alive():
                self._search = threading.Thread(target=self._look, args=(index,), name="suggest", daemon=True)
                self._search.start()
        return [], False

    def close(self) -> None:
        """End the search, so that the process can end."""
        self._closing.set()
        if self._search is not None:
            self._search.join()

    def _look(self, index: PassageIndex) -> None:
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
            found = load(self._index_dir, index, made)
            if found is None:
                found = suggest(index, assistant.quote, before_each=idle)
                if not idle():
                    return
                save(self._index_dir, index, made, found, self._generations())
            self._found = index.generation, found
        except BadInput as problem:
            _log.warning("no questions to begin with: %s", problem)
        except Exception:  # noqa: BLE001 - a chat without suggestions is a chat all the same
            _log.exception("no questions to begin with could be found")
            self._found = index.generation, []
