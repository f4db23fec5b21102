from __future__ import annotations

from pathlib import Path

import pytest
from fakes import HashingEmbedder

from index import IndexConfig, OnnxEmbedder, rebuild

# Tests that several modules import as theirs.
pytest.register_assert_rewrite("index_contract")


@pytest.fixture(scope="session")
def _minilm(tmp_path_factory: pytest.TempPathFactory) -> OnnxEmbedder:
    """The real model as it serves, loaded once for the whole run."""
    return OnnxEmbedder(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="session")
def built_article(tmp_path_factory: pytest.TempPathFactory, _minilm: OnnxEmbedder) -> Path:
    """The folder of an index built from the shipped article by the real model."""
    folder = tmp_path_factory.mktemp("article") / "built"
    rebuild(IndexConfig(index_dir=folder), _minilm)
    return folder


@pytest.fixture
def fake_embedder() -> HashingEmbedder:
    return HashingEmbedder()


@pytest.fixture
def two_documents(tmp_path: Path) -> IndexConfig:
    """Two small documents and an empty place for their index."""
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "a.txt").write_text("Apples\n\nApples are red. Pears are green.\n\nPlums are blue.\n", "utf-8")
    (docs / "b.txt").write_text("Boats\n\nBoats float on water. Stones sink.\n", "utf-8")
    return IndexConfig(source_docs=docs, index_dir=tmp_path / "built")
