"""Replies given before, for whoever asks the same of the same generation; and who is answered first."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Future

from assistant.replies import Reply

MOST = 1000


class AnswerCache:
    """The ``most`` replies asked for last. Safe to call from any thread.

    A question asked by many at once is answered once. Others are answered in the order they came, as many at a time as
    there are cores: side by side, all would wait as long as the last.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._replies: OrderedDict[bytes, Future[Reply]] = OrderedDict()
        self._turns = threading.Semaphore(len(os.sched_getaffinity(0)))

    def get(
        self,
        generation: str,
        question: str,
        history: Sequence[str],
        ask: Callable[[], Reply],
        documents: Sequence[str] = (),
    ) -> Reply:
        """The reply kept for this question of these documents, or that of ``ask``, whose errors all who wait get.

        A reply that another generation gave meanwhile, or none, is handed out and not kept.
        """
        key = _key(generation, question, history, documents)
        with self._lock:
            kept = self._replies.get(key)
            if kept is not None:
                self._replies.move_to_end(key)
            else:
                made: Future[Reply] = Future()
                self._replies[key] = made
                # Those that are still being made go with the rest: who waits for one holds it.
                while len(self._replies) > self._most:
                    self._replies.popitem(last=False)
        if kept is not None:
            return kept.result()
        try:
            with self._turns:
                reply = ask()
        except BaseException as problem:
            self._forget(key, made)
            made.set_exception(problem)
            raise
        made.set_result(reply)
        if reply.generation != generation:
            self._forget(key, made)
        return reply

    def holds(self, generation: str, question: str, history: Sequence[str], documents: Sequence[str] = ()) -> bool:
        """Whether the reply to this question is there, so that ``get`` gives it at once."""
        with self._lock:
            kept = self._replies.get(_key(generation, question, history, documents))
        return kept is not None and kept.done()

    def _forget(self, key: bytes, made: Future[Reply]) -> None:
        with self._lock:
            if self._replies.get(key) is made:
                del self._replies[key]


def _key(generation: str, question: str, history: Sequence[str], documents: Sequence[str]) -> bytes:
    return hashlib.sha256(json.dumps([generation, question, *history, sorted(documents)]).encode()).digest()
