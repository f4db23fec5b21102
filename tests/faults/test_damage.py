"""Files of an index as bad luck and bad people leave them: found before they are read, named, mended."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes import HashingEmbedder

from index import IndexConfig, IndexIncompatible, State, dense, generation, open_index, rebuild
from index.store import Store
from index.verify import verify

EMBEDDER = HashingEmbedder()
FILES = ("manifest.json", "documents.jsonl", "passages.jsonl", "passages.faiss")


def flipped(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :]


def cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def grown(data: bytes, chance: random.Random) -> bytes:
    return data + chance.randbytes(chance.randrange(1, 5000))


def blanked(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + bytes(len(data[at : at + 512])) + data[at + 512 :]


def moved(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[at:] + data[:at]


def rewritten(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + chance.randbytes(16) + data[at + 16 :]


DAMAGES = (flipped, flipped, cut, grown, blanked, moved, rewritten)


@pytest.fixture
def handed_on(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was handed to FAISS, or read as an array, since the list was last emptied."""
    handed: list[str] = []

    def noted(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def read(*arguments: Any, **options: Any) -> Any:
            handed.append(name)
            return real(*arguments, **options)

        return read

    monkeypatch.setattr(dense.faiss, "read_index", noted("faiss", dense.faiss.read_index))
    monkeypatch.setattr(generation, "read_rows", noted("numpy", generation.read_rows))
    return handed


def damages(config: IndexConfig, count: int, seed: int) -> Iterator[tuple[Path, str]]:
    """Damage one file of the live generation after another; each time the one that the last rebuild made."""
    chance = random.Random(seed)
    for _ in range(count):
        name = Store(config.index_dir).current()[0]
        file = config.index_dir / name / chance.choice(FILES)
        whole, damage = file.read_bytes(), chance.choice(DAMAGES)
        data = damage(whole, chance)
        if data != whole:
            file.write_bytes(data)
            yield file, damage.__name__


def tried(config: IndexConfig, handed_on: list[str], count: int, seed: int) -> int:
    rebuild(config, EMBEDDER)
    done = 0
    for file, damage in damages(config, count, seed):
        for older in Store(config.index_dir).generations()[1:]:
            shutil.rmtree(config.index_dir / older)
        handed_on.clear()
        report = verify(config, EMBEDDER)
        assert report.state is State.CORRUPT, f"{damage} {file.name}"
        assert f"damaged index: {file}: " in report.lines[0], f"{damage} {file.name}: {report.lines[0]}"
        assert report.lines[0].endswith("mend it with: python -m index rebuild")
        assert handed_on == [], f"{damage} {file.name} was handed to {handed_on}"
        rebuild(config, EMBEDDER)
        assert verify(config, EMBEDDER).state is State.CURRENT
        done += 1
    return done


def test_damage_is_found_before_faiss_sees_it_and_named_and_mended(
    two_documents: IndexConfig, handed_on: list[str]
) -> None:
    assert tried(two_documents, handed_on, 100, 1) >= 95


@pytest.mark.slow
def test_not_one_of_five_thousand_damages_is_missed(two_documents: IndexConfig, handed_on: list[str]) -> None:
    assert tried(two_documents, handed_on, 5000, 2) >= 4900


def fifo(file: Path) -> None:
    os.mkfifo(file)


def device(file: Path) -> None:
    file.symlink_to("/dev/zero")


def elsewhere(file: Path) -> None:
    copy = file.parent.parent / f"elsewhere-{file.name}"
    file.symlink_to(copy)


def folder(file: Path) -> None:
    file.mkdir()


def vast(file: Path) -> None:
    with file.open("wb") as out:
        out.truncate(1 << 40)


@pytest.mark.parametrize("put", [fifo, device, elsewhere, folder, vast])
@pytest.mark.parametrize("name", [*FILES, "CURRENT"])
def test_what_is_no_file_of_the_index_is_refused_at_once(
    two_documents: IndexConfig, name: str, put: Callable[[Path], None]
) -> None:
    rebuild(two_documents, EMBEDDER)
    store = Store(two_documents.index_dir)
    file = two_documents.index_dir / (name if name == "CURRENT" else f"{store.current()[0]}/{name}")
    shutil.copy(file, file.parent.parent / f"elsewhere-{file.name}")
    file.unlink()
    put(file)
    report = verify(two_documents, EMBEDDER)
    assert (report.state, f"damaged index: {file}: " in report.lines[0]) == (State.CORRUPT, True)


def foreign(config: IndexConfig, **changed: object) -> None:
    """Make the live generation one that another program wrote, with all its hashes right."""
    store = Store(config.index_dir)
    name = store.current()[0]
    file = config.index_dir / name / "manifest.json"
    data = json.dumps(json.loads(file.read_bytes()) | changed).encode()
    file.write_bytes(data)
    store.point_at(name, hashlib.sha256(data).hexdigest())


@pytest.mark.parametrize(
    "changed",
    [
        {"embedder": {"name": "other", "weights_sha256": "0" * 64}},
        {"embedder": {"name": "hashing", "weights_sha256": "0" * 64}},
        {"format": 0},
        {"format": 99},
        {"splitter": 99},
        {"passage_chars": 70},
    ],
    ids=["model", "weights", "older", "newer", "splitter", "settings"],
)
def test_an_index_of_another_program_is_not_answered_from_and_a_rebuild_replaces_it(
    two_documents: IndexConfig, changed: dict[str, object]
) -> None:
    rebuild(two_documents, EMBEDDER)
    foreign(two_documents, **changed)
    with pytest.raises(IndexIncompatible, match=r"the index was made with .*; mend it with: python -m index rebuild"):
        open_index(two_documents, EMBEDDER.identity)
    assert verify(two_documents, EMBEDDER).state is State.INCOMPATIBLE
    rebuild(two_documents, EMBEDDER)
    assert verify(two_documents, EMBEDDER).state is State.CURRENT
