"""A question among many: answered at once where its reply is kept, else in its turn, or told that too many wait."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from anyio import to_thread

from assistant.replies import Reply
from assistant.serving.admission import Turns
from assistant.serving.service import Service

T = TypeVar("T")


async def in_turn(turns: Turns, work: Callable[[], T]) -> T | None:
    """What ``work`` gives, in a thread and in its turn; None when too many wait."""
    async with turns.turn() as mine:
        return await to_thread.run_sync(work) if mine else None


async def quote(
    service: Service, turns: Turns, question: str, history: Sequence[str] = (), documents: Sequence[str] = ()
) -> Reply | None:
    """``Service.quote``; None when too many wait. Raises BadInput as that does.

    What was answered lately costs nothing, so it does not wait behind what has to be read for.
    """
    kept = await to_thread.run_sync(service.kept, question, history, documents)
    if kept is not None:
        return kept
    return await in_turn(turns, lambda: service.quote(question, history, documents))


async def ask(
    service: Service, turns: Turns, question: str, history: Sequence[str] = (), documents: Sequence[str] = ()
) -> Reply | None:
    """``Service.ask``; None when too many wait. No turn is held while a language model writes."""
    started = time.perf_counter()
    reply = await quote(service, turns, question, history, documents)
    if reply is None or not service.arranges:
        return reply
    arranged = await to_thread.run_sync(service.arrange, reply)
    return replace(arranged, took_ms=round((time.perf_counter() - started) * 1000, 1))
