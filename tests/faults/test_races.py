"""Rebuilds against each other, and against questions, in processes of their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fakes import HashingEmbedder
from worker import Worker

from assistant.quotes import grounding
from index import IndexConfig, LiveIndex, State, open_index, rebuild
from index.verify import verify


@pytest.fixture
def workers(two_documents: IndexConfig) -> Iterator[tuple[Worker, Worker]]:
    rebuild(two_documents, HashingEmbedder())
    pair = Worker(two_documents), Worker(two_documents)
    yield pair
    for worker in pair:
        worker.stop()


def race(config: IndexConfig, workers: tuple[Worker, Worker], races: int) -> tuple[int, int]:
    """Two rebuilds at once, one of which edits a document first; how many were told to wait, how many went through."""
    first, second = workers
    busy = done = 0
    for number in range(races):
        text = f"Apples are of kind {number}."
        first.rebuild()
        second.rebuild(text)
        ends = first.ended(), second.ended()
        assert all(end == "busy" or end.endswith("Z", 0, 22) or "Z-" in end for end in ends), ends
        busy += ends.count("busy")
        done += 2 - ends.count("busy")
        live = [passage.text for passage in open_index(config, HashingEmbedder().identity)[0].passages]
        # Whoever was told "done" after the edit must find it; who was not must be told that the index is stale.
        if ends[1] != "busy":
            assert live[0] == text, f"race {number}: an older rebuild came out on top"
        state = verify(config, HashingEmbedder()).state
        assert state is (State.CURRENT if live[0] == text else State.STALE)
    return busy, done


def test_of_two_rebuilds_at_once_none_puts_an_older_text_on_top(
    two_documents: IndexConfig, workers: tuple[Worker, Worker]
) -> None:
    _, done = race(two_documents, workers, 15)
    assert done >= 15


@pytest.mark.slow
def test_not_one_of_a_thousand_races_ends_with_the_older_text(
    two_documents: IndexConfig, workers: tuple[Worker, Worker]
) -> None:
    busy, done = race(two_documents, workers, 1000)
    assert (done >= 1000, busy > 0) == (True, True)


def test_a_thousand_questions_during_rebuilds_get_quotes_of_one_whole_generation_each(
    two_documents: IndexConfig, workers: tuple[Worker, Worker]
) -> None:
    embedder = HashingEmbedder()
    live = LiveIndex(two_documents, embedder.identity)
    worker, _ = workers
    kinds, rebuilds = set(), 0
    worker.rebuild("Apples are of kind 0.")
    for number in range(1000):
        if number % 100 == 99:
            assert "Z-" in worker.ended()
            rebuilds += 1
            worker.rebuild(f"Apples are of kind {rebuilds}.")
        index, _ = live.get()
        (hit,) = index.search("what kind are apples of", embedder, 1)
        quote = grounding.cut(hit.passage, hit.passage.span, number=1, score=hit.score)
        grounding.verify([quote], index)
        assert quote.exact.startswith("Apples are ")
        kinds.add(quote.exact)
    worker.ended()
    assert (rebuilds, len(kinds) >= 8) == (10, True)
