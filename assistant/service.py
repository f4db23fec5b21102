"""The assistant behind the page: loads in the background, answers once it is ready, shows what it answers from."""

from __future__ import annotations

import logging
import os
import threading
from collections import OrderedDict
from collections.abc import Sequence

from assistant.answering import Assistant
from assistant.config import AppConfig
from assistant.rebuilding import Rebuilder
from assistant.replies import Reply
from index import BadIndex, BadInput, Document, IndexMissing, PassageIndex

_log = logging.getLogger(__name__)

_KEPT_GENERATIONS = 3


class Service:
    """One assistant for all who ask. ``start`` returns at once; ``ask`` waits until the model is loaded."""

    def __init__(self, config: AppConfig) -> None:
        self.config = config
        self.rebuilder = Rebuilder(os.environ)
        self._assistant: Assistant | None = None
        self._failure: BadInput | None = None
        self._ready = threading.Event()
        self._lock = threading.Lock()
        self._seen: OrderedDict[str, PassageIndex] = OrderedDict()

    def start(self) -> None:
        """Load the model, and build the index when there is none, in a thread of its own."""
        threading.Thread(target=self._load, name="load", daemon=True).start()

    @property
    def ready(self) -> bool:
        """Whether a question would be answered without waiting."""
        return self._ready.is_set() and self._failure is None

    def wait(self, timeout_s: float) -> bool:
        """Wait until the model is loaded or cannot be; whether it is so."""
        return self._ready.wait(timeout_s)

    def ask(self, question: str, history: Sequence[str] = ()) -> Reply:
        """``Assistant.ask``, once there is one. Raises BadInput as that does, or for a model that cannot be loaded."""
        self._ready.wait()
        if self._failure is not None:
            raise self._failure
        assert self._assistant is not None
        reply = self._assistant.ask(question, history)
        self._remember()
        return reply

    def index(self) -> tuple[PassageIndex, tuple[str, ...]]:
        """The index that answers now, with its notices. Raises BadInput while there is none."""
        if self._assistant is None:
            raise self._failure or BadIndex("the model is still being loaded; try again in a moment")
        return self._remember()

    def document(self, sha256: str) -> Document | None:
        """A document of the live index, or of one that answered lately: old citations must still open."""
        self.index()
        with self._lock:
            indexes = list(reversed(self._seen.values()))
        for index in indexes:
            for document in index.documents.values():
                if document.sha256 == sha256:
                    return document
        return None

    def _remember(self) -> tuple[PassageIndex, tuple[str, ...]]:
        assert self._assistant is not None
        index, notices = self._assistant.index()
        with self._lock:
            self._seen[index.generation] = index
            self._seen.move_to_end(index.generation)
            while len(self._seen) > _KEPT_GENERATIONS:
                self._seen.popitem(last=False)
        return index, notices

    def _load(self) -> None:
        try:
            assistant = Assistant.open(os.environ)
            try:
                assistant.index()
            except IndexMissing:
                _log.info("no index yet; building it")
                self.rebuilder.start()
            assistant.load()
            self._assistant = assistant
            while self.rebuilder.progress.running:
                threading.Event().wait(0.05)
        except BadInput as problem:
            _log.error("%s", problem)
            self._failure = problem
        finally:
            self._ready.set()
