"""The assistant behind the page: loads in the background, answers once it is ready, shows what it answers from."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace

from assistant.answer_cache import AnswerCache
from assistant.answering import Assistant
from assistant.config import AppConfig
from assistant.feedback import Feedback
from assistant.rebuilding import Rebuilder
from assistant.replies import Reply
from index import BadIndex, BadInput, Document, IndexMissing, PassageIndex

_log = logging.getLogger(__name__)

# Citations of earlier answers must still open after a rebuild or two.
_KEPT_GENERATIONS = 3


class Service:
    """One assistant for all who ask. Nothing is read before ``start``; safe to call from any thread."""

    def __init__(self, config: AppConfig) -> None:
        self.config = config
        self.rebuilder = Rebuilder(os.environ)
        self.feedback = Feedback(config.feedback)
        self._assistant: Assistant | None = None
        self._failure: BadInput | None = None
        self._settled = threading.Event()
        self._lock = threading.Lock()
        self._answers = AnswerCache()
        self._opened: OrderedDict[str, PassageIndex] = OrderedDict()

    def start(self) -> None:
        """Build the index if there is none and load the model, in a thread of its own."""
        threading.Thread(target=self._load, name="load", daemon=True).start()

    @property
    def failure(self) -> BadInput | None:
        """Why no question can be answered, when loading has ended badly."""
        return self._failure

    def settled(self, timeout_s: float | None = 0) -> bool:
        """Whether loading has ended, well or badly; waits for it up to ``timeout_s``, None meaning for ever."""
        return self._settled.wait(timeout_s)

    def ask(self, question: str, history: Sequence[str] = (), documents: Sequence[str] = ()) -> Reply:
        """``Assistant.ask``, once the model is loaded. Raises BadInput as that does, and when it cannot be loaded.

        A reply given before to the same question is given again, with its own time and today's notices.
        """
        self.settled(None)
        started = time.perf_counter()
        assistant = self._loaded()
        # A citation can only be opened in a generation that is kept.
        index, notices = self.index()
        reply = self._answers.get(
            index.generation, question, history, lambda: assistant.ask(question, history, documents), documents
        )
        if reply.generation != index.generation:
            self.index()
            return reply
        return replace(reply, took_ms=round((time.perf_counter() - started) * 1000, 1), notices=notices)

    def index(self) -> tuple[PassageIndex, tuple[str, ...]]:
        """The index that answers now, with its notices; there before the model is. Raises BadInput."""
        index, notices = self._loaded().index()
        with self._lock:
            self._opened[index.generation] = index
            self._opened.move_to_end(index.generation)
            while len(self._opened) > _KEPT_GENERATIONS:
                self._opened.popitem(last=False)
        return index, notices

    def document(self, sha256: str) -> Document | None:
        """The document whose file has this hash, in the live index or in one that answered lately. Raises BadInput."""
        edition = self.edition(sha256)
        return edition[1] if edition else None

    def edition(self, sha256: str) -> tuple[PassageIndex, Document] | None:
        """``document``, with the newest index that holds it. Raises BadInput."""
        self.index()
        with self._lock:
            newest_first = list(reversed(self._opened.values()))
        for index in newest_first:
            for document in index.documents.values():
                if document.sha256 == sha256:
                    return index, document
        return None

    def _loaded(self) -> Assistant:
        if self._assistant is not None:
            return self._assistant
        raise self._failure or BadIndex("the index is still being opened; try again in a moment")

    def _load(self) -> None:
        try:
            assistant = Assistant.open(os.environ)
            try:
                assistant.index()
            except IndexMissing:
                self.rebuilder.start()
                self.rebuilder.wait()
            except BadInput as problem:
                # Told again to everyone who asks, until a rebuild mends it.
                _log.error("%s", problem)
            # From here on the documents can be read; answers need the model too.
            self._assistant = assistant
            assistant.load()
        except BadInput as problem:
            _log.error("%s", problem)
            self._failure = problem
        except Exception as problem:  # noqa: BLE001 - whoever waits for the model must be told, whatever it was
            _log.exception("the model could not be loaded")
            self._failure = BadInput(f"the model could not be loaded ({problem}); the server's log says more")
        finally:
            self._settled.set()
