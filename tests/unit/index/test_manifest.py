from __future__ import annotations

from dataclasses import replace

import pytest
from fakes import HashingEmbedder

from index import Document, IndexConfig, IndexCorrupt, IndexIncompatible, Manifest, rebuild
from index.manifest import fingerprint

DOCUMENT = Document("a.txt", "A", "Text.", "00", {"year": 2024})


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b"null", b"\xff", b'{"format": 1}', b'{"format": 1, "embedder": 3}']
)
def test_bytes_that_are_no_manifest_are_damage(data: bytes) -> None:
    with pytest.raises(IndexCorrupt):
        Manifest.from_bytes(data, "manifest.json")


def test_a_manifest_of_another_format_is_incompatible_not_damaged() -> None:
    with pytest.raises(IndexIncompatible, match="format 99"):
        Manifest.from_bytes(b'{"format": 99}', "manifest.json")


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


@pytest.mark.parametrize(
    "data",
    [
        b'{"format": 1, "embedder": {"name": "x", "weights_sha256": "y"}, "files": {"a": [Infinity, "z"]}}',
        b"[" * 100_000,
    ],
    ids=["infinite size", "nested too deep"],
)
def test_a_manifest_of_impossible_values_is_damage(data: bytes) -> None:
    with pytest.raises(IndexCorrupt):
        Manifest.from_bytes(data, "manifest.json")
