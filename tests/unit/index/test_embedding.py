from __future__ import annotations

import shutil
import socket
from pathlib import Path

import numpy as np
import pytest

from index import BadModel, SentenceTransformerEmbedder
from index import embedding as module
from index.embedding import packaged_minilm


def test_altered_weights_are_refused_with_both_hashes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "model"
    shutil.copytree(packaged_minilm(), folder)
    data = bytearray((folder / "model.safetensors").read_bytes())
    data[-1] ^= 1
    (folder / "model.safetensors").write_bytes(data)
    monkeypatch.setattr(module, "packaged_minilm", lambda: folder)
    with pytest.raises(
        BadModel,
        match=r"sha256 [0-9a-f]{64}, expected 53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    ):
        SentenceTransformerEmbedder()


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadModel, match="not a sentence-transformers folder"):
        SentenceTransformerEmbedder(tmp_path)


def test_a_model_that_is_not_installed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    with pytest.raises(BadModel, match="not installed"):
        SentenceTransformerEmbedder()


def test_minilm_embeds_to_unit_vectors_without_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was used")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    vectors = SentenceTransformerEmbedder().encode(["apples", "pears"])
    assert (vectors.shape, np.linalg.norm(vectors, axis=1).tolist()) == ((2, 384), pytest.approx([1, 1], abs=1e-5))
