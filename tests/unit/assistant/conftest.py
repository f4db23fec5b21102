from pathlib import Path

import pytest

from assistant import Assistant
from assistant.answering import open_reader
from index import IndexConfig, LiveIndex, OnnxEmbedder, PassageIndex


@pytest.fixture(scope="session")
def assistant(built_article: Path, _minilm: OnnxEmbedder) -> Assistant:
    """The whole assistant over the shipped article: real model, real FAISS."""
    return Assistant(LiveIndex(IndexConfig(index_dir=built_article), _minilm.identity), _minilm, open_reader()[0])


@pytest.fixture(scope="session")
def article_index(assistant: Assistant) -> PassageIndex:
    return assistant.index()[0]
