from __future__ import annotations

from pathlib import Path

import pytest
from fakes import HashingEmbedder

from index import IndexConfig


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
