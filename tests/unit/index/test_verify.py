"""Faults planted behind valid hashes, so that only verify's own checks can find them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from fakes import HashingEmbedder

from index import IndexConfig, State, build, manifest, open_index, rebuild, roll_back
from index.dense import DenseIndex
from index.passages import SPLITTER
from index.store import Store
from index.verify import verify


def scaled(data: bytes) -> bytes:
    return DenseIndex.of(DenseIndex.from_bytes(data).vectors() * 1.1).to_bytes()


def turned(data: bytes) -> bytes:
    return DenseIndex.of(DenseIndex.from_bytes(data).vectors()[::-1]).to_bytes()


def not_numbers(data: bytes) -> bytes:
    rows = DenseIndex.from_bytes(data).vectors().copy()
    rows[0] = np.nan
    return DenseIndex.of(rows).to_bytes()


def plant(config: IndexConfig, name: str, fault: Callable[[bytes], bytes]) -> None:
    store = Store(config.index_dir)
    stored = store.read_current()
    data = fault(stored.files[name])
    assert data != stored.files[name]
    files = {**stored.manifest.files, name: (len(data), hashlib.sha256(data).hexdigest())}
    folder = config.index_dir / stored.manifest.generation
    manifest = replace(stored.manifest, files=files).to_bytes()
    (folder / name).write_bytes(data)
    (folder / "manifest.json").write_bytes(manifest)
    store.point_at(folder.name, hashlib.sha256(manifest).hexdigest())


FAULTS = [
    ("passages.faiss", scaled),
    ("passages.faiss", turned),
    ("passages.faiss", not_numbers),
    ("passages.faiss", lambda data: data[:-128]),
    ("passages.faiss", lambda data: b""),
    ("passages.faiss", lambda data: b"PK\x03\x04" + data),
    ("passages.jsonl", lambda data: data.replace(b'"end": 40,', b'"end": 4000,')),
    ("passages.jsonl", lambda data: data.replace(b'"start": 8', b'"start": 3')),
    ("passages.jsonl", lambda data: data.replace(b"[[8, 23]", b"[[8, 22]")),
    ("passages.jsonl", lambda data: data.replace(b'"document": 1', b'"document": 7')),
    ("passages.jsonl", lambda data: data[data.index(b"\n") + 1 :]),
    ("documents.jsonl", lambda data: data.replace(b"Apples are red", b" pples are red")),
    ("documents.jsonl", lambda data: data[:-3]),
]


@pytest.mark.parametrize(("name", "fault"), FAULTS)
def test_a_planted_fault_is_found_and_mended_by_a_forced_rebuild(
    two_documents: IndexConfig, fake_embedder: HashingEmbedder, name: str, fault: Callable[[bytes], bytes]
) -> None:
    rebuild(two_documents, fake_embedder)
    plant(two_documents, name, fault)
    assert verify(two_documents, fake_embedder, deep=True).state is State.CORRUPT
    rebuild(two_documents, fake_embedder, force=True)
    assert verify(two_documents, fake_embedder, deep=True).state is State.CURRENT


def test_a_whole_index_holds(two_documents: IndexConfig, fake_embedder: HashingEmbedder) -> None:
    generation = rebuild(two_documents, fake_embedder).manifest.generation
    assert verify(two_documents, fake_embedder, deep=True).lines == (
        "current: the index matches the documents",
        f"ok: {generation}: files, offsets and vectors hold",
    )


def test_a_damaged_older_generation_is_reported(two_documents: IndexConfig, fake_embedder: HashingEmbedder) -> None:
    old = rebuild(two_documents, fake_embedder).manifest.generation
    rebuild(two_documents, fake_embedder, force=True)
    (two_documents.index_dir / old / "passages.faiss").write_bytes(b"")
    report = verify(two_documents, fake_embedder)
    assert (report.state, report.lines[-1].startswith(f"older generation {old}: damaged index")) == (
        State.CURRENT,
        True,
    )


def rebuilt_before(config: IndexConfig, embedder: HashingEmbedder, monkeypatch: pytest.MonkeyPatch) -> str:
    """The generation as the version of the program before this one would have made it."""
    with monkeypatch.context() as before:
        for module in (build, manifest):
            before.setattr(module, "SPLITTER", SPLITTER - 1)
        before.setattr(manifest.fingerprint, "__defaults__", (SPLITTER - 1,))
        return rebuild(config, embedder).manifest.generation


def test_an_older_generation_that_another_splitter_made_is_whole(
    two_documents: IndexConfig, fake_embedder: HashingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = rebuilt_before(two_documents, fake_embedder, monkeypatch)
    rebuild(two_documents, fake_embedder)
    assert verify(two_documents, fake_embedder).lines[-1] == f"ok: older generation {old}"


def test_what_an_earlier_version_split_answers_until_it_is_rebuilt(
    two_documents: IndexConfig, fake_embedder: HashingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = rebuilt_before(two_documents, fake_embedder, monkeypatch)
    index, notices = open_index(two_documents, fake_embedder.identity)
    assert index.generation == old
    assert notices == (
        "an earlier version of this program built the index; bring it up to date with: python -m index rebuild",
    )
    assert verify(two_documents, fake_embedder).state is State.STALE
    made = rebuild(two_documents, fake_embedder)
    assert (made.embedded, open_index(two_documents, fake_embedder.identity)[1]) == (0, ())
    assert roll_back(two_documents, fake_embedder.identity).manifest.generation == old
    assert open_index(two_documents, fake_embedder.identity)[1] == notices


def test_a_fault_behind_valid_hashes_names_the_command_that_mends_it(
    two_documents: IndexConfig, fake_embedder: HashingEmbedder
) -> None:
    rebuild(two_documents, fake_embedder)
    plant(two_documents, "passages.faiss", scaled)
    assert (
        verify(two_documents, fake_embedder)
        .lines[-1]
        .endswith("a vector is not of length 1; mend it with: python -m index rebuild --force")
    )
