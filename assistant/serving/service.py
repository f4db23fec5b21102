"""The assistant behind the page: loads in the background, answers once it is ready, shows what it answers from."""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.answering import Assistant
from assistant.citations.conversation import Known
from assistant.config import AppConfig
from assistant.reading import Passages, read_passage
from assistant.replies import Answer, Reply
from assistant.selecting import select
from assistant.serving import logs
from assistant.serving.answer_cache import AnswerCache
from assistant.serving.feedback import Feedback
from assistant.serving.library import Library
from assistant.serving.rebuilding import Rebuilder
from assistant.serving.restoring import held
from assistant.suggestions.offering import Offering
from assistant.suggestions.suggesting import Suggestion
from assistant.summary.summarising import rechecked
from index import (
    BadIndex,
    BadInput,
    Changes,
    Document,
    Generations,
    IndexMissing,
    Kept,
    PassageIndex,
    RolledBack,
    roll_back,
)

if TYPE_CHECKING:
    from assistant.serving.metrics import Facts, Metrics

_log = logging.getLogger(__name__)

# Citations of earlier answers must still open after a rebuild or two.
_KEPT_GENERATIONS = 3
# Suggestions are looked for only when no question has been under way for this long.
_QUIET_S = 0.5


class Service:
    """One assistant for all who ask. Nothing is read before ``start``; safe to call from any thread."""

    def __init__(self, config: AppConfig) -> None:
        self.config = config
        self.rebuilder = Rebuilder(os.environ)
        self.feedback = Feedback(config.feedback)
        self.library = Library(config.index.source_docs)
        self._assistant: Assistant | None = None
        self._failure: BadInput | None = None
        self._settled = threading.Event()
        self._lock = threading.Lock()
        self._metrics: Metrics | None = None
        self._answers = AnswerCache()
        self._generations: Generations | None = None
        self._opened: OrderedDict[str, PassageIndex] = OrderedDict()
        self._asking = 0
        self._asked_last = 0.0
        self._offering = Offering(config.index.index_dir, self._loaded, self._kept_generations, self._quiet)

    def start(self) -> None:
        """Build the index if there is none and load the model, in a thread of its own."""
        threading.Thread(target=self._load, name="load", daemon=True).start()

    @property
    def metrics(self) -> Metrics:
        """What an operator watches; loaded when first counted, for the page must not wait for it."""
        from assistant.serving.metrics import Metrics

        with self._lock:
            if self._metrics is None:
                self._metrics = Metrics(self._facts)
            return self._metrics

    def _facts(self) -> Facts:
        manifest, stale = None, False
        with contextlib.suppress(BadInput):
            manifest, stale = self.index()[0].manifest, self.changes().line(earlier=False) is not None
        return manifest, stale, self.settled() and self._failure is None, self.rebuilder.progress.running

    @property
    def failure(self) -> BadInput | None:
        """Why no question can be answered, when loading has ended badly."""
        return self._failure

    def settled(self, timeout_s: float | None = 0) -> bool:
        """Whether loading has ended, well or badly; waits for it up to ``timeout_s``, None meaning for ever."""
        return self._settled.wait(timeout_s)

    @property
    def readable(self) -> bool:
        """Whether it is known if there are documents to read, which it is before the model is there."""
        return self._assistant is not None or self.settled()

    def ask(self, question: str, history: Sequence[str] = (), documents: Sequence[str] = ()) -> Reply:
        """``Assistant.ask``, once the model is loaded. Raises BadInput as that does, and when it cannot be loaded."""
        started = time.perf_counter()
        reply = self.arrange(self.quote(question, history, documents))
        return replace(reply, took_ms=round((time.perf_counter() - started) * 1000, 1))

    @property
    def arranges(self) -> bool:
        """Whether a language model sums quotes up."""
        return self.config.llm is not None

    def arrange(self, reply: Reply) -> Reply:
        """``Assistant.arrange``. No summary is in the cache of answers, and nothing waits for the model in its turn."""
        return self._loaded().arrange(reply) if self.arranges else reply

    def rechecked(self, replies: Sequence[Reply]) -> list[Reply | None]:
        """Replies that come back from a browser, as ``restoring.held`` gives them. Raises BadInput.

        What the quotes of a summary do not back is taken out of it.
        """
        known: Known = {}
        again = [held(reply, self.edition, known) for reply in replies]
        return [rechecked(reply, self.index()[0].acronyms) if isinstance(reply, Answer) else reply for reply in again]

    def quote(self, question: str, history: Sequence[str] = (), documents: Sequence[str] = ()) -> Reply:
        """``Assistant.quote``, once the model is loaded. Raises BadInput as ``ask`` does.

        A reply given before to the same question is given again, with its own time and today's notices.
        """
        started = time.perf_counter()
        self.metrics.asked()
        try:
            reply = self._reply(question, history, documents)
        except Exception:
            self.metrics.failed()
            raise
        seconds = time.perf_counter() - started
        self.metrics.replied(reply, seconds)
        told = (
            {"kind": "answer"} if isinstance(reply, Answer) else {"kind": "refusal", "reason": reply.reason_code.value}
        )
        logs.note(**told)
        _log.info("reply", extra={"facts": {**told, "ms": round(seconds * 1000, 1), "generation": reply.generation}})
        return reply

    def kept(self, question: str, history: Sequence[str] = (), documents: Sequence[str] = ()) -> Reply | None:
        """``quote``, where it needs no reading, for the same was asked of the index that answers now; else None."""
        if not self.settled():
            return None
        index, _ = self.index()
        if not self._answers.holds(index.generation, question, history, documents):
            return None
        return self.quote(question, history, documents)

    def _reply(self, question: str, history: Sequence[str], documents: Sequence[str]) -> Reply:
        self.settled(None)
        started = time.perf_counter()
        assistant = self._loaded()
        # A citation can only be opened in a generation that is kept.
        index, notices = self.index()
        with self._lock:
            self._asking += 1
        try:
            reply = self._answers.get(
                index.generation,
                question,
                history,
                lambda: _less(assistant.quote(question, history, documents), (*notices, *assistant.index()[1])),
                documents,
            )
        finally:
            with self._lock:
                self._asking -= 1
                self._asked_last = time.monotonic()
        if reply.generation != index.generation:
            _, notices = self.index()
            return replace(reply, notices=(*notices, *reply.notices))
        took_ms = round((time.perf_counter() - started) * 1000, 1)
        return replace(reply, took_ms=took_ms, notices=(*notices, *reply.notices))

    def search(self, query: str, most: int = 10, documents: Sequence[str] = ()) -> Passages:
        """``Assistant.search``, once the model is loaded. Raises BadInput as that does, and when it cannot be."""
        self.settled(None)
        found = self._loaded().search(query, most, documents)
        self.metrics.searched()
        self.index()
        return found

    def read_passage(self, document: str, paragraph: int, around: int = 0) -> Passages:
        """``reading.read_passage`` in the index that answers now; waits for no model. Raises BadInput."""
        index, notices = self.index()
        return read_passage(index, document, paragraph, around, notices)

    def suggestions(self, documents: Sequence[str] = ()) -> tuple[list[Suggestion], bool]:
        """Questions that the index which answers now is known to answer, and whether these are all; starts the search.

        With ``documents``, names as ``Assistant.ask`` takes them, those that these answer. Raises BadInput when there
        is no index, BadSelection when a name stands for no document.
        """
        index, _ = self.index()
        chosen = select(documents, index)
        if not self.settled():
            return [], False
        return ([], True) if self._failure is not None else self._offering.get(index, chosen)

    def close(self) -> None:
        """End what goes on in the background, so that the process can end."""
        self._offering.close()

    def index(self) -> tuple[PassageIndex, tuple[str, ...]]:
        """The index that answers now, with its notices; there before the model is. Raises BadInput."""
        index, notices = self._loaded().index()
        with self._lock:
            self._opened[index.generation] = index
            self._opened.move_to_end(index.generation)
            while len(self._opened) > _KEPT_GENERATIONS:
                self._opened.popitem(last=False)
        return index, notices

    def changes(self) -> Changes:
        """What became of the documents since the index that answers now was built. Raises BadInput."""
        return self._loaded().changes()

    def generations(self) -> list[Kept]:
        """Those that could answer, newest first; what is not checked yet is told without a verdict. Raises BadInput."""
        identity = self._loaded().embedder_identity
        with self._lock:
            if self._generations is None:
                self._generations = Generations(self.config.index, identity)
        return self._generations.seen()

    def roll_back(self, generation: str | None) -> RolledBack:
        """Answer from an earlier generation from now on. Raises BadInput as ``index.roll_back`` does."""
        return roll_back(self.config.index, self._loaded().embedder_identity, generation)

    def edition(self, sha256: str, document: str = "") -> tuple[PassageIndex, Document] | None:
        """A document whose file has this hash, with the newest index that holds it, live or lately so. Raises BadInput.

        Of several files with the same bytes ``document`` names the one that is meant; else it is the first.
        """
        self.index()
        with self._lock:
            newest_first = list(reversed(self._opened.values()))
        same = [(index, one) for index in newest_first for one in index.documents.values() if one.sha256 == sha256]
        return min(same, key=lambda found: found[1].id != document, default=None)

    def _kept_generations(self) -> list[str]:
        return [one.generation for one in self.generations()]

    def _quiet(self) -> bool:
        """Whether nobody has asked for a moment."""
        return self._asking == 0 and time.monotonic() - self._asked_last >= _QUIET_S

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
                # There is nothing to answer from meanwhile, so it need not stand back.
                self.rebuilder.start(niceness=0)
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
        with contextlib.suppress(BadInput):
            self.suggestions()


def _less(reply: Reply, notices: Collection[str]) -> Reply:
    """The reply with the notices of its own alone, which stay true however long it is kept; not those of the index."""
    return replace(reply, notices=tuple(notice for notice in reply.notices if notice not in notices))
