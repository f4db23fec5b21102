from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from fakes import HashingEmbedder
from killed import Killed

from index import (
    BadIndex,
    Generations,
    IndexBusy,
    IndexConfig,
    IndexCorrupt,
    IndexIncompatible,
    IndexMissing,
    LiveIndex,
    NoSuchGeneration,
    open_index,
    rebuild,
    roll_back,
)
from index.store import Store

IDENTITY = HashingEmbedder().identity
OPERATIONS = ("open", "write", "fsync", "rename", "replace", "mkdir", "ftruncate", "pwrite")
COLOURS = ("red", "brown", "golden")


@pytest.fixture
def three(two_documents: IndexConfig, fake_embedder: HashingEmbedder) -> tuple[IndexConfig, list[str]]:
    """Three generations, oldest first: apples are red, then brown, then golden."""
    made: list[str] = []
    for colour in COLOURS:
        (two_documents.source_docs / "a.txt").write_text(f"Apples\n\nApples are {colour}.\n", "utf-8")
        made.append(rebuild(two_documents, fake_embedder).manifest.generation)
    return two_documents, made


def colour(config: IndexConfig) -> str:
    text = open_index(config, IDENTITY)[0].documents["a.txt"].text
    return next(colour for colour in COLOURS if colour in text)


# listing


def test_every_generation_is_listed_newest_first_with_its_facts(three: tuple[IndexConfig, list[str]]) -> None:
    config, made = three
    kept = Generations(config, IDENTITY).kept()
    assert [(one.generation, one.live, one.verifies, one.problem) for one in kept] == [
        (made[2], True, True, None),
        (made[1], False, True, None),
        (made[0], False, True, None),
    ]
    facts = kept[0].to_json()
    size = sum(file.stat().st_size for file in (config.index_dir / made[2]).iterdir() if file.name != "manifest.json")
    assert (facts["documents"], facts["passages"], facts["sentences"], facts["bytes"]) == (2, 2, 3, size)
    assert str(facts["model"]).startswith("hashing (")


def test_a_damaged_generation_is_listed_with_what_is_wrong(three: tuple[IndexConfig, list[str]]) -> None:
    config, made = three
    (config.index_dir / made[1] / "passages.faiss").write_bytes(b"x")
    (config.index_dir / made[0] / "manifest.json").write_text("{", "utf-8")
    whole, cut, unreadable = Generations(config, IDENTITY).kept()
    assert (whole.verifies, cut.verifies, unreadable.verifies, unreadable.manifest) == (True, False, False, None)
    assert "passages.faiss: holds 1 bytes" in str(cut.problem)
    assert "not a manifest" in str(unreadable.problem)


def test_a_generation_of_another_model_does_not_verify(three: tuple[IndexConfig, list[str]]) -> None:
    kept = Generations(three[0], HashingEmbedder("other").identity).kept()
    assert [one.verifies for one in kept] == [False, False, False]


def test_what_is_not_checked_yet_is_told_at_once_and_checked_meanwhile(three: tuple[IndexConfig, list[str]]) -> None:
    config, made = three
    (config.index_dir / made[1] / "passages.faiss").write_bytes(b"x")
    generations = Generations(config, IDENTITY)
    assert [one.verifies for one in generations.seen()] == [None, None, None]
    for _ in range(1000):
        if None not in [one.verifies for one in generations.seen()]:
            break
        time.sleep(0.01)
    assert [one.verifies for one in generations.seen()] == [True, False, True]


def test_a_generation_is_checked_again_only_when_its_files_changed(
    three: tuple[IndexConfig, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    config, made = three
    generations = Generations(config, IDENTITY)
    generations.kept()
    read: list[str] = []
    real = Store.read
    monkeypatch.setattr(Store, "read", lambda store, name, sha=None: read.append(name) or real(store, name, sha))
    (config.index_dir / made[0] / "passages.faiss").write_bytes(b"x")
    assert [one.verifies for one in generations.kept()] == [True, True, False]
    assert read == [made[0]]


def test_a_folder_without_an_index_lists_nothing(tmp_path: Path) -> None:
    assert Generations(IndexConfig(index_dir=tmp_path / "nowhere"), IDENTITY).seen() == []


# going back


def test_a_roll_back_answers_from_the_generation_before(three: tuple[IndexConfig, list[str]]) -> None:
    config, made = three
    done = roll_back(config, IDENTITY)
    assert (done.changed, done.manifest.generation, colour(config)) == (True, made[1], "brown")


def test_a_second_roll_back_goes_one_further(three: tuple[IndexConfig, list[str]]) -> None:
    config, _ = three
    roll_back(config, IDENTITY)
    roll_back(config, IDENTITY)
    assert colour(config) == "red"
    with pytest.raises(NoSuchGeneration, match="no generation before the live one"):
        roll_back(config, IDENTITY)


def test_any_kept_generation_can_be_named_a_newer_one_too(three: tuple[IndexConfig, list[str]]) -> None:
    config, made = three
    roll_back(config, IDENTITY, made[0])
    assert colour(config) == "red"
    roll_back(config, IDENTITY, made[2])
    assert colour(config) == "golden"


def test_the_live_generation_named_again_stays(three: tuple[IndexConfig, list[str]]) -> None:
    config, made = three
    pointer = (config.index_dir / "CURRENT").stat()
    assert not roll_back(config, IDENTITY, made[2]).changed
    assert (config.index_dir / "CURRENT").stat() == pointer


@pytest.mark.parametrize("name", ["", "..", "../docs", "CURRENT", "20260101T000000000000Z-00000000", "\udce9\n"])
def test_a_generation_that_is_not_kept_is_refused_in_one_line(three: tuple[IndexConfig, list[str]], name: str) -> None:
    with pytest.raises(NoSuchGeneration, match="python -m index generations") as refused:
        roll_back(three[0], IDENTITY, name)
    assert "\n" not in str(refused.value)
    assert colour(three[0]) == "golden"


def test_without_an_index_there_is_nothing_to_go_back_to(two_documents: IndexConfig) -> None:
    with pytest.raises(IndexMissing):
        roll_back(two_documents, IDENTITY)
    assert not two_documents.index_dir.exists()


def test_the_answers_follow_a_roll_back_at_the_next_question(three: tuple[IndexConfig, list[str]]) -> None:
    config, made = three
    live = LiveIndex(config, IDENTITY)
    live.get()
    roll_back(config, IDENTITY)
    assert live.get()[0].generation == made[1]


def test_a_pointer_that_was_destroyed_is_mended_by_naming_a_generation(three: tuple[IndexConfig, list[str]]) -> None:
    config, made = three
    (config.index_dir / "CURRENT").write_text("nonsense", "utf-8")
    roll_back(config, IDENTITY, made[1])
    assert (colour(config), Store(config.index_dir).current()[0]) == ("brown", made[1])


# what must not be gone back to


@pytest.mark.parametrize("name", ["documents.jsonl", "passages.jsonl", "passages.faiss"])
def test_a_flipped_bit_anywhere_keeps_a_generation_from_going_live(
    three: tuple[IndexConfig, list[str]], name: str
) -> None:
    config, made = three
    file = config.index_dir / made[1] / name
    whole = file.read_bytes()
    for at in range(0, len(whole), max(1, len(whole) // 20)):
        file.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << at % 8)]) + whole[at + 1 :])
        with pytest.raises(IndexCorrupt):
            roll_back(config, IDENTITY)
    assert colour(config) == "golden"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"fingerprint": "', b'"fingerprint": "0'),
        (b'"passage_chars": 700', b'"passage_chars": 701'),
        (b'"splitter": ', b'"splitter": 9'),
        (b'"dimension": 64', b'"dimension": 65'),
        (b'"generation": "2', b'"generation": "3'),
    ],
)
def test_an_altered_manifest_keeps_a_generation_from_going_live(
    three: tuple[IndexConfig, list[str]], old: bytes, new: bytes
) -> None:
    config, made = three
    manifest = config.index_dir / made[1] / "manifest.json"
    data = manifest.read_bytes().replace(old, new)
    assert data != manifest.read_bytes()
    manifest.write_bytes(data)
    with pytest.raises(BadIndex):
        roll_back(config, IDENTITY)
    assert colour(config) == "golden"


def test_files_swapped_behind_valid_hashes_keep_a_generation_from_going_live(
    three: tuple[IndexConfig, list[str]],
) -> None:
    config, made = three
    folder = config.index_dir / made[1]
    other = (config.index_dir / made[0] / "documents.jsonl").read_bytes()
    facts = json.loads((folder / "manifest.json").read_bytes())
    facts["files"]["documents.jsonl"] = [len(other), hashlib.sha256(other).hexdigest()]
    (folder / "documents.jsonl").write_bytes(other)
    (folder / "manifest.json").write_text(json.dumps(facts), "utf-8")
    with pytest.raises(IndexCorrupt):
        roll_back(config, IDENTITY)
    assert colour(config) == "golden"


def test_another_models_generation_is_not_gone_back_to(three: tuple[IndexConfig, list[str]]) -> None:
    with pytest.raises(IndexIncompatible):
        roll_back(three[0], HashingEmbedder("other").identity)


def test_a_roll_back_waits_for_no_rebuild(three: tuple[IndexConfig, list[str]]) -> None:
    with Store(three[0].index_dir).lock(), pytest.raises(IndexBusy):
        roll_back(three[0], IDENTITY)


# what becomes of it


def test_the_next_rebuild_goes_forward_and_keeps_what_was_gone_back_to(
    three: tuple[IndexConfig, list[str]], fake_embedder: HashingEmbedder
) -> None:
    config, made = three
    roll_back(config, IDENTITY, made[0])
    assert rebuild(config, fake_embedder).changed
    assert colour(config) == "golden"
    assert made[0] in Store(config.index_dir).generations()


def test_a_roll_back_to_a_generation_that_matches_the_documents_leaves_nothing_to_rebuild(
    three: tuple[IndexConfig, list[str]], fake_embedder: HashingEmbedder
) -> None:
    config, made = three
    roll_back(config, IDENTITY)
    (config.source_docs / "a.txt").write_text("Apples\n\nApples are brown.\n", "utf-8")
    assert open_index(config, IDENTITY)[1] == ()
    assert not rebuild(config, fake_embedder).changed
    assert Store(config.index_dir).current()[0] == made[1]


# crashes


def counted(monkeypatch: pytest.MonkeyPatch, nth: int, fault: Callable[[], BaseException]) -> list[str]:
    seen: list[str] = []

    def failing(name: str) -> Callable[..., object]:
        real = getattr(os, name)

        def operation(*arguments: object, **options: object) -> object:
            if name == "open" and not int(arguments[1]) & (os.O_CREAT | os.O_DIRECTORY):  # type: ignore[call-overload]
                return real(*arguments, **options)  # only read from
            seen.append(name)
            if len(seen) == nth:
                if name == "write":
                    real(arguments[0], bytes(arguments[1])[:10])  # type: ignore[arg-type]
                raise fault()
            return real(*arguments, **options)

        return operation

    for name in OPERATIONS:
        monkeypatch.setattr(os, name, failing(name))
    return seen


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EIO], ids=["full", "read-only", "broken"])
def test_a_disk_that_refuses_any_operation_leaves_the_old_or_the_new_generation(
    three: tuple[IndexConfig, list[str]], code: int
) -> None:
    config, _ = three
    nth, told = 0, list[str]()
    while True:
        nth += 1
        copy = IndexConfig(config.source_docs, config.index_dir.parent / f"copy{nth}")
        shutil.copytree(config.index_dir, copy.index_dir)
        with pytest.MonkeyPatch.context() as patch:
            seen = counted(patch, nth, lambda: OSError(code, os.strerror(code)))
            try:
                roll_back(copy, IDENTITY)
            except BadIndex as problem:
                told.append(str(problem))
        if len(seen) < nth:
            break
        assert colour(copy) in ("golden", "brown"), f"operation {nth} ({seen[-1]})"
        roll_back(copy, IDENTITY)
        assert not [name for name in os.listdir(copy.index_dir) if name.startswith(".tmp-")]
    assert len(told) >= 7
    assert all("cannot be written" in line and "\n" not in line for line in told)


IMPORTS = "from pathlib import Path; from fakes import HashingEmbedder; from index import IndexConfig, roll_back"
WORK = "roll_back(IndexConfig(Path(told[0]), Path(told[1])), HashingEmbedder().identity)"


def test_a_roll_back_killed_at_any_operation_leaves_one_whole_generation_live_and_no_lock(
    three: tuple[IndexConfig, list[str]],
) -> None:
    config, _ = three
    colours: list[str] = []
    with Killed(IMPORTS, WORK, OPERATIONS) as killed:
        for nth in range(1, 40):
            copy = IndexConfig(config.source_docs, config.index_dir.parent / f"killed{nth}")
            shutil.copytree(config.index_dir, copy.index_dir)
            ended = killed.at(nth, copy.source_docs, copy.index_dir)
            if ended == 0:
                break
            assert ended == -signal.SIGKILL
            index, _ = open_index(copy, IDENTITY)
            colours.append(colour(copy))
            roll_back(copy, IDENTITY, index.generation)
            assert not [name for name in os.listdir(copy.index_dir) if name.startswith(".tmp-")], f"operation {nth}"
    # At first the old generation is live, from one operation on the new one, and never anything else.
    assert len(colours) >= 8
    assert colours == sorted(colours, reverse=True)
    assert set(colours) == {"golden", "brown"}


def test_readers_racing_roll_backs_always_get_a_whole_generation(three: tuple[IndexConfig, list[str]]) -> None:
    config, made = three
    live = LiveIndex(config, IDENTITY)
    stop, problems, reads = threading.Event(), [], 0

    def read() -> None:
        nonlocal reads
        while not stop.is_set():
            try:
                index, _ = live.get()
                assert index.generation in made
                reads += 1
            except BaseException as problem:  # noqa: BLE001
                problems.append(problem)

    reader = threading.Thread(target=read)
    reader.start()
    for turn in range(30):
        roll_back(config, IDENTITY, made[turn % 3])
    stop.set()
    reader.join()
    assert (problems, reads > 0) == ([], True)
