import pytest

from assistant import Assistant
from index import IndexConfig, LiveIndex, PassageIndex, SentenceTransformerEmbedder, rebuild


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """The whole assistant over the shipped article: real model, real FAISS."""
    config = IndexConfig(index_dir=tmp_path_factory.mktemp("article") / "built")
    embedder = SentenceTransformerEmbedder()
    rebuild(config, embedder)
    return Assistant(LiveIndex(config, embedder.identity), embedder)


@pytest.fixture(scope="session")
def article_index(assistant: Assistant) -> PassageIndex:
    return assistant.index()[0]
