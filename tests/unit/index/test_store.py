from __future__ import annotations

import errno
import os
import random
import shutil
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fakes import HashingEmbedder
from killed import Killed

from index import BadIndex, IndexBusy, IndexConfig, IndexCorrupt, IndexMissing, open_index, rebuild
from index.generation import unpack
from index.store import Store

OPERATIONS = ("open", "write", "fsync", "rename", "replace", "mkdir", "ftruncate", "pwrite")


class PowerCut(BaseException):
    """Ends a rebuild where it stands, past every ``except Exception``."""


@pytest.fixture
def built(two_documents: IndexConfig, fake_embedder: HashingEmbedder) -> tuple[IndexConfig, str]:
    """An index of the two documents, one of which has been edited since."""
    old = rebuild(two_documents, fake_embedder).manifest.generation
    (two_documents.source_docs / "a.txt").write_text("Apples\n\nApples are brown now. Plums are blue.\n", "utf-8")
    return two_documents, old


def failing_at(monkeypatch: pytest.MonkeyPatch, nth: int, fault: Callable[[], BaseException]) -> list[str]:
    """Make the nth write-side operation of this process fail; returns the list of operations tried."""
    seen: list[str] = []

    def counted(name: str) -> Callable[..., object]:
        real = getattr(os, name)

        def operation(*arguments: object, **options: object) -> object:
            if name == "open" and not int(arguments[1]) & (os.O_CREAT | os.O_DIRECTORY):  # type: ignore[call-overload]
                return real(
                    *arguments, **options
                )  # a document that cannot be read is left out, which is another matter
            seen.append(name)
            if len(seen) == nth:
                if name == "write":  # half of the bytes get through, as when the power goes
                    real(arguments[0], bytes(arguments[1])[: len(arguments[1]) // 2])  # type: ignore[arg-type]
                raise fault()
            return real(*arguments, **options)

        return operation

    for name in OPERATIONS:
        monkeypatch.setattr(os, name, counted(name))
    return seen


def sweep(built: tuple[IndexConfig, str], fault: Callable[[], BaseException], *, tidy: bool) -> Iterator[int]:
    """Fail each operation of a rebuild in turn, each time on a copy of the same old state, and check what is left."""
    config, old = built
    embedder = HashingEmbedder()
    nth = 0
    while True:
        nth += 1
        copy = IndexConfig(config.source_docs, config.index_dir.parent / f"copy{nth}")
        shutil.copytree(config.index_dir, copy.index_dir)
        with pytest.MonkeyPatch.context() as patch:
            seen = failing_at(patch, nth, fault)
            if not tidy:  # a killed process tidies nothing up
                patch.setattr(shutil, "rmtree", lambda *_, **__: None)
            try:
                rebuild(copy, embedder)
            except (PowerCut, BadIndex) as problem:
                stopped: BaseException | None = problem
            else:
                stopped = None
        if len(seen) < nth:
            return
        index, _ = open_index(copy, embedder.identity)
        red = "brown" if index.generation != old else "red"
        assert any(red in passage.text for passage in index.passages), f"operation {nth} ({seen[-1]})"
        if isinstance(stopped, BadIndex):
            assert "\n" not in str(stopped)
            assert "cannot be written" in str(stopped)
        rebuild(copy, embedder)
        after, notices = open_index(copy, embedder.identity)
        assert (any("brown" in p.text for p in after.passages), notices) == (True, ()), f"operation {nth}"
        assert not [name for name in os.listdir(copy.index_dir) if name.startswith(".tmp-")], f"operation {nth}"
        yield nth


def test_a_crash_at_any_operation_leaves_the_old_or_the_new_index(built: tuple[IndexConfig, str]) -> None:
    assert len(list(sweep(built, PowerCut, tidy=False))) >= 20


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EIO], ids=["full", "read-only", "broken"])
def test_a_disk_that_refuses_any_operation_leaves_a_whole_index(built: tuple[IndexConfig, str], code: int) -> None:
    assert len(list(sweep(built, lambda: OSError(code, os.strerror(code)), tidy=True))) >= 20


@pytest.fixture(scope="module")
def rebuilds() -> Iterator[Killed]:
    imports = "from pathlib import Path; from fakes import HashingEmbedder; from index import IndexConfig, rebuild"
    work = "rebuild(IndexConfig(Path(told[0]), Path(told[1])), HashingEmbedder())"
    with Killed(imports, work, OPERATIONS) as killed:
        yield killed


@pytest.mark.parametrize("nth", [4, 9, 17, 22, 24, 29, 30])
def test_a_killed_process_leaves_an_index_that_answers_and_no_lock(
    built: tuple[IndexConfig, str], rebuilds: Killed, nth: int
) -> None:
    config, _ = built
    assert rebuilds.at(nth, config.source_docs, config.index_dir) == -signal.SIGKILL
    embedder = HashingEmbedder()
    assert len(open_index(config, embedder.identity)[0].passages) > 0
    rebuild(config, embedder)
    assert open_index(config, embedder.identity)[1] == ()
    assert not [name for name in os.listdir(config.index_dir) if name.startswith(".tmp-")]


def damaged(data: bytes) -> Iterator[bytes]:
    """Bits flipped all over, every kind of cut, and bytes added."""
    step = max(1, len(data) // 40)
    for at in range(0, len(data), step):
        yield data[:at] + bytes([data[at] ^ (1 << at % 8)]) + data[at + 1 :]
        yield data[:at]
    yield data + b"\0"


@pytest.mark.parametrize("name", ["manifest.json", "documents.jsonl", "passages.jsonl", "passages.faiss"])
def test_every_flipped_bit_and_cut_is_found_before_anything_is_parsed(
    built: tuple[IndexConfig, str], name: str
) -> None:
    config, generation = built
    file = config.index_dir / generation / name
    whole = file.read_bytes()
    store = Store(config.index_dir)
    for data in damaged(whole):
        file.write_bytes(data)
        with pytest.raises(IndexCorrupt):
            store.read_current()


def test_every_damaged_pointer_is_refused_or_still_names_the_same_generation(built: tuple[IndexConfig, str]) -> None:
    config, generation = built
    pointer = config.index_dir / "CURRENT"
    whole = pointer.read_bytes()
    for at in range(len(whole)):
        for data in (whole[:at], *(whole[:at] + bytes([whole[at] ^ 1 << bit]) + whole[at + 1 :] for bit in range(8))):
            pointer.write_bytes(data)
            try:
                assert Store(config.index_dir).read_current().manifest.generation == generation
            except IndexCorrupt:
                continue


@pytest.mark.parametrize("name", ["manifest.json", "documents.jsonl", "passages.jsonl", "passages.faiss"])
def test_a_missing_file_is_damage(built: tuple[IndexConfig, str], name: str) -> None:
    config, generation = built
    (config.index_dir / generation / name).unlink()
    with pytest.raises(IndexCorrupt, match="cannot be read"):
        Store(config.index_dir).read_current()


def test_a_reader_racing_rebuilds_always_gets_a_whole_generation(
    two_documents: IndexConfig, fake_embedder: HashingEmbedder
) -> None:
    rebuild(two_documents, fake_embedder)
    problems: list[BaseException] = []
    reads = 0
    stop = threading.Event()

    def read() -> None:
        nonlocal reads
        while not stop.is_set():
            try:
                unpack(Store(two_documents.index_dir).read_current())
                reads += 1
            except BaseException as problem:  # noqa: BLE001
                problems.append(problem)

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(30):
        rebuild(two_documents, fake_embedder, force=True)
    stop.set()
    reader.join()
    assert (problems, reads > 0) == ([], True)


def test_a_second_rebuild_at_once_is_told_who_is_at_work(built: tuple[IndexConfig, str]) -> None:
    config, _ = built
    with Store(config.index_dir).lock(), pytest.raises(IndexBusy, match=f"process {os.getpid()} since"):
        rebuild(config, HashingEmbedder())


def test_the_lock_is_free_again_after_a_rebuild_that_failed(built: tuple[IndexConfig, str]) -> None:
    store = Store(built[0].index_dir)
    with pytest.raises(RuntimeError), store.lock():
        raise RuntimeError
    with store.lock():
        pass


def test_an_index_folder_that_is_a_file_gives_one_clear_line(
    two_documents: IndexConfig, fake_embedder: HashingEmbedder
) -> None:
    two_documents.index_dir.write_text("in the way", "utf-8")
    with pytest.raises(BadIndex, match="cannot be written"):
        rebuild(two_documents, fake_embedder)


def test_an_index_folder_that_does_not_exist_holds_no_index(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing):
        Store(tmp_path / "nowhere").read_current()


def test_only_the_three_newest_generations_are_kept(two_documents: IndexConfig, fake_embedder: HashingEmbedder) -> None:
    made = [rebuild(two_documents, fake_embedder, force=True).manifest.generation for _ in range(5)]
    assert Store(two_documents.index_dir).generations() == made[:1:-1]


def test_pruning_leaves_foreign_files_alone(two_documents: IndexConfig, fake_embedder: HashingEmbedder) -> None:
    two_documents.index_dir.mkdir()
    (two_documents.index_dir / "notes").write_text("mine", "utf-8")
    for _ in range(5):
        rebuild(two_documents, fake_embedder, force=True)
    assert (two_documents.index_dir / "notes").read_text("utf-8") == "mine"


def test_a_full_disk_is_told_in_one_line_that_names_the_setting(
    built: tuple[IndexConfig, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    config, _ = built

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(BadIndex) as refused:
        rebuild(config, HashingEmbedder())
    assert str(refused.value) == (
        f"{config.index_dir}: cannot be written (No space left on device); "
        "free some space or point SCO_INDEX_DIR at a folder you can write; the old index is kept"
    )


def test_what_a_killed_rebuild_left_is_removed_even_when_nothing_changed(
    two_documents: IndexConfig, fake_embedder: HashingEmbedder
) -> None:
    rebuild(two_documents, fake_embedder)
    left = two_documents.index_dir / ".tmp-20260101T000000000000Z-00000000-1"
    left.mkdir()
    (left / "documents.jsonl").write_text("half", "utf-8")
    (two_documents.index_dir / ".tmp-CURRENT-1").write_text("half", "utf-8")
    assert not rebuild(two_documents, fake_embedder).changed
    assert not [name for name in os.listdir(two_documents.index_dir) if name.startswith(".tmp-")]


def test_two_rebuilds_at_once_end_with_one_index_and_one_refusal(
    two_documents: IndexConfig,
) -> None:
    at_work, finish = threading.Event(), threading.Event()

    class Slow(HashingEmbedder):
        def encode(self, texts):  # type: ignore[no-untyped-def]
            at_work.set()
            assert finish.wait(30)
            return super().encode(texts)

    first = threading.Thread(target=rebuild, args=(two_documents, Slow()))
    first.start()
    assert at_work.wait(30)
    try:
        with pytest.raises(IndexBusy):
            rebuild(two_documents, HashingEmbedder())
    finally:
        finish.set()
        first.join()
    assert len(Store(two_documents.index_dir).generations()) == 1


@pytest.mark.parametrize("seed", range(5))
def test_twenty_random_flips_are_passed_over_for_the_generation_before(
    two_documents: IndexConfig, fake_embedder: HashingEmbedder, seed: int
) -> None:
    old = rebuild(two_documents, fake_embedder).manifest.generation
    new = rebuild(two_documents, fake_embedder, force=True).manifest.generation
    files = sorted((two_documents.index_dir / new).iterdir())
    chance = random.Random(seed)
    for _ in range(20):
        file = chance.choice(files)
        whole = file.read_bytes()
        at = chance.randrange(len(whole))
        file.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << chance.randrange(8))]) + whole[at + 1 :])
        index, notices = open_index(two_documents, fake_embedder.identity)
        assert (index.generation, len(notices)) == (old, 1), f"{file.name}, byte {at}"
        file.write_bytes(whole)


@pytest.mark.parametrize("seed", range(5))
def test_a_damaged_manifest_of_an_older_generation_never_ends_otherwise_than_as_damage(
    two_documents: IndexConfig, fake_embedder: HashingEmbedder, seed: int
) -> None:
    name = rebuild(two_documents, fake_embedder).manifest.generation
    file = two_documents.index_dir / name / "manifest.json"
    whole = file.read_bytes()
    chance = random.Random(seed)
    for _ in range(40):
        at = chance.randrange(len(whole))
        file.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << chance.randrange(8))]) + whole[at + 1 :])
        try:
            unpack(Store(two_documents.index_dir).read(name))
        except BadIndex:
            continue


def test_pruning_keeps_the_live_generation_however_old_it_is(
    two_documents: IndexConfig, fake_embedder: HashingEmbedder
) -> None:
    store = Store(two_documents.index_dir)
    live = rebuild(two_documents, fake_embedder).manifest.generation
    pointer = store.current()
    for _ in range(2):
        rebuild(two_documents, fake_embedder, force=True)
    shutil.copytree(store.folder / live, store.folder / "99990101T000000000000Z-00000000")
    store.point_at(*pointer)
    store.prune()
    assert live in store.generations()
