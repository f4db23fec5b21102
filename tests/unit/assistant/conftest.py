from pathlib import Path

import pytest

from assistant import Assistant
from assistant.answering import open_reader
from index import IndexConfig, LiveIndex, PassageIndex, SentenceTransformerEmbedder, rebuild


@pytest.fixture(scope="session")
def _minilm() -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder()


@pytest.fixture(scope="session")
def built_article(tmp_path_factory: pytest.TempPathFactory, _minilm: SentenceTransformerEmbedder) -> Path:
    """The folder of an index built from the shipped article by the real model."""
    folder = tmp_path_factory.mktemp("article") / "built"
    rebuild(IndexConfig(index_dir=folder), _minilm)
    return folder


@pytest.fixture(scope="session")
def assistant(built_article: Path, _minilm: SentenceTransformerEmbedder) -> Assistant:
    """The whole assistant over the shipped article: real model, real FAISS."""
    return Assistant(LiveIndex(IndexConfig(index_dir=built_article), _minilm.identity), _minilm, open_reader()[0])


@pytest.fixture(scope="session")
def article_index(assistant: Assistant) -> PassageIndex:
    return assistant.index()[0]
