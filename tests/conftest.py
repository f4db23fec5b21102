from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from fakes import HashingEmbedder

from assistant import Assistant
from assistant.answering import open_reader
from assistant.suggestions.suggesting import made_by, save, suggest
from index import IndexConfig, LiveIndex, OnnxEmbedder, rebuild

# Tests that several modules import as theirs.
pytest.register_assert_rewrite("index_contract")

# What takes longest, first: a worker must not begin with it when the others have nothing left to do.
_LONGEST = ("tests/browser/", "tests/eval/", "tests/security/", "tests/serving/", "tests/faults/")
# Handed to one worker as a whole: its files share servers and a browser.
_TOGETHER = "tests/browser/"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In a worker of pytest-xdist; a run of one process keeps the order of the files."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: [item.nodeid.startswith(folder) for folder in _LONGEST], reverse=True)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """A file to a worker, as ``--dist loadfile`` does, but for files that belong together."""
    if config.option.dist != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class Scheduling(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return _TOGETHER if nodeid.startswith(_TOGETHER) else str(super()._split_scope(nodeid))

    return Scheduling(config, log)


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


@pytest.fixture(scope="session")
def ready_article(tmp_path_factory: pytest.TempPathFactory, built_article: Path, _minilm: OnnxEmbedder) -> Path:
    """A copy of ``built_article`` as a server leaves it, questions to begin with found: the next has nothing to do."""
    folder = tmp_path_factory.mktemp("ready") / "built"
    shutil.copytree(built_article, folder)
    assistant = Assistant(LiveIndex(IndexConfig(index_dir=folder), _minilm.identity), _minilm, open_reader()[0])
    index, _ = assistant.index()
    save(folder, index, made_by(index, assistant.reads), suggest(index, assistant.quote), [])
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
