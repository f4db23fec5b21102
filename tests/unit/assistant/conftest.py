import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from fakes import TaughtReader, index_of

from assistant import Assistant, Refusal
from assistant.answering import open_reader
from index import IndexConfig, LiveIndex, OnnxEmbedder, PassageIndex, rebuild
from index.documents import canonical_text


@pytest.fixture(scope="session")
def assistant(built_article: Path, _minilm: OnnxEmbedder) -> Assistant:
    """The whole assistant over the shipped article: real model, real FAISS."""
    return Assistant(LiveIndex(IndexConfig(index_dir=built_article), _minilm.identity), _minilm, open_reader()[0])


@pytest.fixture(scope="session")
def assistant_over(
    tmp_path_factory: pytest.TempPathFactory, _minilm: OnnxEmbedder
) -> Callable[[Mapping[str, str]], Assistant]:
    """Makes the whole assistant over documents of its own, by the paths of their files."""

    def made(texts: Mapping[str, str]) -> Assistant:
        folder = tmp_path_factory.mktemp("over")
        for name, text in texts.items():
            file = folder / "docs" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
        config = IndexConfig(folder / "docs", folder / "built")
        rebuild(config, _minilm)
        return Assistant(LiveIndex(config, _minilm.identity), _minilm, open_reader()[0])

    return made


@pytest.fixture(scope="session")
def correcting(built_article: Path, _minilm: OnnxEmbedder) -> Assistant:
    """``assistant`` with a reader that takes one sentence of the article for a correction, of whatever is asked."""
    live = LiveIndex(IndexConfig(index_dir=built_article), _minilm.identity)
    return Assistant(live, _minilm, TaughtReader("India refused to join", 3.0, open_reader()[0]))


@pytest.fixture(scope="session")
def corrected(correcting: Assistant) -> Refusal:
    """A refusal with a correction, of real quotes."""
    reply = correcting.ask("Why did Israel join the statement on June 14?")
    assert isinstance(reply, Refusal)
    assert reply.correction is not None
    return reply


@pytest.fixture(scope="session")
def article() -> PassageIndex:
    """The shipped article and its card, indexed without a model."""
    folder = Path(__file__).parents[3] / "source_docs"
    text = (folder / "sco-alternative-global-order.txt").read_bytes()
    card = tomllib.loads((folder / "sco-alternative-global-order.toml").read_text("utf-8"))
    return index_of(
        {"sco-alternative-global-order.txt": canonical_text(text)}, {"sco-alternative-global-order.txt": card}
    )


@pytest.fixture(scope="session")
def article_index(assistant: Assistant) -> PassageIndex:
    return assistant.index()[0]
