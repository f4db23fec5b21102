from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest
from fakes import HashingEmbedder

from index import (
    Document,
    IndexConfig,
    IndexCorrupt,
    IndexIncompatible,
    Manifest,
    State,
    open_index,
    rebuild,
    roll_back,
    status,
)
from index.manifest import fingerprint
from index.store import Store

DOCUMENT = Document("a.txt", "A", "Text.", "00", {"year": 2024})


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b"null", b"\xff", b'{"format": 2}', b'{"format": 2, "embedder": 3}']
)
def test_bytes_that_are_no_manifest_are_damage(data: bytes) -> None:
    with pytest.raises(IndexCorrupt):
        Manifest.from_bytes(data, "manifest.json")


def test_a_manifest_of_another_format_is_incompatible_not_damaged() -> None:
    with pytest.raises(IndexIncompatible, match="format 99"):
        Manifest.from_bytes(b'{"format": 99}', "manifest.json")


def test_an_index_of_an_older_format_is_told_in_one_line_and_built_anew(
    two_documents: IndexConfig, fake_embedder: HashingEmbedder
) -> None:
    old = rebuild(two_documents, fake_embedder).manifest
    folder, store = two_documents.index_dir / old.generation, Store(two_documents.index_dir)
    written = replace(old, format=1).to_bytes()
    (folder / "manifest.json").write_bytes(written)
    store.point_at(old.generation, hashlib.sha256(written).hexdigest())
    told = "the index was made with index format 1, this program uses format 2; mend it with: python -m index rebuild"
    with pytest.raises(IndexIncompatible) as problem:
        open_index(two_documents, fake_embedder.identity)
    assert str(problem.value) == told
    assert status(two_documents, fake_embedder.identity).state is State.INCOMPATIBLE
    done = rebuild(two_documents, fake_embedder)
    assert (done.changed, done.embedded, done.reused) == (True, 3, 0)
    assert status(two_documents, fake_embedder.identity).state is State.CURRENT
    with pytest.raises(IndexIncompatible, match="index format 1"):
        roll_back(two_documents, fake_embedder.identity)
    assert open_index(two_documents, fake_embedder.identity)[0].generation == done.manifest.generation


def test_a_manifest_reads_back_as_it_was_written(two_documents: IndexConfig, fake_embedder: HashingEmbedder) -> None:
    data = rebuild(two_documents, fake_embedder).manifest.to_bytes()
    assert Manifest.from_bytes(data, "manifest.json").to_bytes() == data


@pytest.mark.parametrize(
    "other", [replace(DOCUMENT, sha256="01"), replace(DOCUMENT, title="B"), replace(DOCUMENT, card={})]
)
def test_another_document_gives_another_fingerprint(other: Document, fake_embedder: HashingEmbedder) -> None:
    identity = fake_embedder.identity
    assert fingerprint([other], identity, 700) != fingerprint([DOCUMENT], identity, 700)


def test_another_model_gives_another_fingerprint() -> None:
    one, other = HashingEmbedder("one").identity, HashingEmbedder("other").identity
    assert fingerprint([DOCUMENT], one, 700) != fingerprint([DOCUMENT], other, 700)


def test_a_manifest_tells_the_precision_and_one_that_does_not_is_of_float32(
    two_documents: IndexConfig, fake_embedder: HashingEmbedder
) -> None:
    written = json.loads(rebuild(two_documents, fake_embedder).manifest.to_bytes())
    assert written["embedder"].pop("precision") == "float32"
    older = Manifest.from_bytes(json.dumps(written).encode(), "manifest.json")
    assert older.embedder == fake_embedder.identity


def test_only_another_precision_than_float32_changes_the_fingerprint() -> None:
    float32 = HashingEmbedder().identity
    # As older versions had it, so that their indexes are known again.
    assert float32.facts() == {"name": float32.name, "weights_sha256": float32.weights_sha256}
    coarser = replace(float32, precision="int8")
    assert fingerprint([DOCUMENT], coarser, 700) != fingerprint([DOCUMENT], float32, 700)


@pytest.mark.parametrize(
    "data",
    [
        b'{"format": 2, "embedder": {"name": "x", "weights_sha256": "y"}, "files": {"a": [Infinity, "z"]}}',
        b"[" * 100_000,
    ],
    ids=["infinite size", "nested too deep"],
)
def test_a_manifest_of_impossible_values_is_damage(data: bytes) -> None:
    with pytest.raises(IndexCorrupt):
        Manifest.from_bytes(data, "manifest.json")
