"""The power goes at any moment of a rebuild, and the disk loses what it was not told to keep."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
from fakes import HashingEmbedder
from losing_power import Disk, Event, recorded

from index import BadIndex, IndexConfig, IndexMissing, open_index, rebuild


@dataclass(frozen=True)
class Recording:
    """A rebuild as it was done: the folder before it, what it did to the disk, and which texts were in which index."""

    config: IndexConfig
    before: Path
    events: Sequence[Event]
    old: list[str] | None
    new: list[str]


def texts(config: IndexConfig) -> tuple[list[str] | None, tuple[str, ...]]:
    try:
        index, notices = open_index(config, HashingEmbedder().identity)
    except IndexMissing:
        return None, ()
    return [passage.text for passage in index.passages], notices


def record(config: IndexConfig, generations: int) -> Recording:
    root = config.index_dir.parent / "disk"
    root.mkdir()
    config = IndexConfig(config.source_docs, root / "deep" / "built")
    for _ in range(generations):
        rebuild(config, HashingEmbedder(), force=True)
    old, _ = texts(config)
    before = root.with_name("before")
    shutil.copytree(root, before)
    (config.source_docs / "a.txt").write_text("Apples\n\nApples are brown now.\n", "utf-8")
    with recorded(root) as events:
        rebuild(config, HashingEmbedder())
    new, _ = texts(config)
    assert new is not None
    return Recording(config, before, events, old, new)


def states(
    recording: Recording, chance: Random, without: Callable[[int, Event], bool] = lambda number, event: False
) -> Iterator[str]:
    """What is wrong with one state after another, in which the power went at a random moment; "" when nothing is.

    ``without`` says which operations, by number and kind, the disk never hears of.
    """
    where = recording.before.with_name("after")
    config = IndexConfig(recording.config.source_docs, where / "deep" / "built")
    while True:
        # One in three at the very end, when the rebuild has been reported done.
        moment = len(recording.events) if chance.random() < 0.33 else chance.randrange(len(recording.events))
        disk = Disk(recording.before)
        heard = [event for number, event in enumerate(recording.events[:moment]) if not without(number, event)]
        disk.play(heard)
        shutil.rmtree(where, ignore_errors=True)
        disk.lose_power(where, chance)
        try:
            found, notices = texts(config)
        except BadIndex as problem:
            yield f"lost at {moment}: {problem}"
            continue
        if found not in (recording.old, recording.new):
            yield f"mixed at {moment}"
        elif moment == len(recording.events) and found != recording.new:
            yield "a rebuild reported as done was undone"
        elif any("damaged" in notice for notice in notices):
            yield f"damaged at {moment}: {notices}"
        else:
            if chance.random() < 0.1:
                rebuild(config, HashingEmbedder())
                if texts(config) != (recording.new, ()):
                    yield f"not mended at {moment}"
                    continue
            yield ""


def wrong(recording: Recording, tried: int, seed: int) -> list[str]:
    found = states(recording, Random(seed))
    return [problem for problem, _ in zip(found, range(tried), strict=False) if problem]


@pytest.mark.parametrize("generations", [0, 1, 3], ids=["first", "second", "fourth"])
def test_a_power_cut_leaves_the_old_or_the_new_index_and_undoes_none_that_was_reported_done(
    two_documents: IndexConfig, generations: int
) -> None:
    assert wrong(record(two_documents, generations), 25, generations) == []


@pytest.mark.slow
@pytest.mark.parametrize("generations", [0, 1, 3], ids=["first", "second", "fourth"])
def test_not_one_of_ten_thousand_power_cuts_loses_an_index(two_documents: IndexConfig, generations: int) -> None:
    assert wrong(record(two_documents, generations), 3400, generations) == []


@pytest.mark.parametrize("folder", [False, True], ids=["files", "folders"])
def test_without_its_syncs_a_rebuild_would_be_lost(two_documents: IndexConfig, folder: bool) -> None:
    recording = record(two_documents, 1)
    found = states(recording, Random(1), lambda _, event: event[0] == "sync" and folder == is_folder(event))
    assert any(problem for problem, _ in zip(found, range(100), strict=False))


def is_folder(event: Event) -> bool:
    return not str(event[1]).endswith((".json", ".jsonl", ".faiss", ".npy")) and "CURRENT" not in str(event[1])


@pytest.mark.slow
def test_each_single_sync_is_needed(two_documents: IndexConfig) -> None:
    recording = record(two_documents, 0)
    syncs = [number for number, event in enumerate(recording.events) if event[0] == "sync"]
    needless = []
    for number in syncs:
        found = states(recording, Random(number), lambda at, event, number=number: at == number)  # type: ignore[misc]
        if not any(problem for problem, _ in zip(found, range(2000), strict=False)):
            needless.append(recording.events[number])
    assert (needless, len(syncs) >= 11) == ([], True)
