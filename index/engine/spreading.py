"""Batches of documents embedded and handed to an engine, by this process or by several."""

from __future__ import annotations

import contextlib
import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any

from index.dense import Vectors
from index.embedding import Embedder
from index.engine import records
from index.engine.protocol import EngineAddress, Row, engine_at
from index.errors import BadIndex


@dataclass(frozen=True, slots=True)
class Part:
    """One document of a batch, with the texts to embed, or with the vectors that an earlier generation has of them."""

    number: int
    first_row: int
    record: bytes
    passages: tuple[str, ...]
    terms: tuple[Mapping[int, float] | None, ...]
    vectors: Vectors | None


def put(address: EngineAddress, collection: str, embedder: Embedder, parts: Sequence[Part]) -> int:
    """Embed what has no vectors and hand all of it to the engine. Returns how many rows these were.

    It needs nothing but its arguments, so that it can run anywhere that reaches the engine, and again without harm.
    """
    texts = list(dict.fromkeys(t for p in parts if p.vectors is None for t in p.passages))
    vectors = dict(zip(texts, embedder.encode(texts), strict=True)) if texts else {}
    rows: list[Row] = []
    pieces: dict[str, bytes] = {}
    for part in parts:
        known = part.vectors if part.vectors is not None else [vectors[text] for text in part.passages]
        for place, (vector, weights) in enumerate(zip(known, part.terms, strict=True)):
            rows.append(Row(part.first_row + place, part.number, vector, weights))
        pieces.update(records.record_pieces(part.number, part.record))
    engine_at(address).add(collection, rows, pieces)
    return len(rows)


Put = Callable[[Iterable[tuple[int, list[Part]]]], Iterator[tuple[int, int]]]
"""Numbered batches → the number of each and its rows, as they are done."""


@contextlib.contextmanager
def pool(address: EngineAddress, collection: str, embedder: Embedder, workers: int) -> Iterator[Put]:
    """Batches put by this process, or by so many."""
    if workers <= 1:
        yield lambda batches: ((number, put(address, collection, embedder, parts)) for number, parts in batches)
        return
    # Not forked: the libraries that embed and that talk to the engine have threads by now.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, _begin, (address, collection, embedder)) as processes:

        def put_all(batches: Iterable[tuple[int, list[Part]]]) -> Iterator[tuple[int, int]]:
            try:
                yield from spread(lambda parts: processes.submit(_put_here, parts), batches, lambda: 2 * workers)
            except BrokenProcessPool:
                raise BadIndex(
                    "a process that embeds was ended from outside; rebuild again, it goes on from there"
                ) from None

        try:
            yield put_all
        finally:
            processes.shutdown(cancel_futures=True)


def spread(
    submit: Callable[[list[Part]], Future[int]],
    batches: Iterable[tuple[int, list[Part]]],
    most: Callable[[], int],
) -> Iterator[tuple[int, int]]:
    """Hand out at most ``most()`` batches at a time, so that not all texts wait in memory twice."""
    waiting: dict[Future[int], int] = {}
    for number, parts in batches:
        waiting[submit(parts)] = number
        while len(waiting) >= most():
            yield from _ended(waiting)
    while waiting:
        yield from _ended(waiting)


def _ended(waiting: dict[Future[int], int]) -> Iterator[tuple[int, int]]:
    for future in wait(waiting, return_when=FIRST_COMPLETED).done:
        yield waiting.pop(future), future.result()


_here: dict[str, Any] = {}


def _begin(address: EngineAddress, collection: str, embedder: Embedder) -> None:
    _here.update(address=address, collection=collection, embedder=embedder)


def _put_here(parts: Sequence[Part]) -> int:
    return put(_here["address"], _here["collection"], _here["embedder"], parts)
