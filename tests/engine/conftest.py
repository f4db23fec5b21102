"""Where engines are found: the embedded edition beside the tests, a server where TEST_MILVUS names one.

tests/milvus_server.py has one to run these beside.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fakes import HashingEmbedder

from index import IndexConfig
from index.engine.protocol import EngineAddress, engine_at

WITHOUT = "needs pymilvus and milvus-lite; install index/engine/requirements.lock in a folder of its own: see tests/run"


@pytest.fixture(scope="session")
def _file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("milvus_lite", reason=WITHOUT)
    return tmp_path_factory.mktemp("engine") / "engine.db"


@pytest.fixture(params=["embedded", pytest.param("server", marks=pytest.mark.slow)])
def engine(request: pytest.FixtureRequest) -> Iterator[EngineAddress]:
    """A place where nothing is yet; what a test leaves at a server is dropped."""
    name = f"t{uuid.uuid4().hex[:12]}"
    if request.param == "embedded":
        yield EngineAddress.parse(f"milvus:{request.getfixturevalue('_file')}/{name}")
        return
    server = os.environ.get("TEST_MILVUS")
    if not server:
        pytest.skip("set TEST_MILVUS=[user:password@]host:port to run over a Milvus server of version 2.3 or later")
    pytest.importorskip("pymilvus", reason=WITHOUT)
    address = EngineAddress.parse(f"milvus://{server}/{name}")
    yield address
    from pymilvus import MilvusClient

    client = MilvusClient(uri=address.place, token=address.token)
    for collection in [one for one in client.list_collections() if one.startswith(f"{name}_")]:
        if not collection.endswith("_pieces"):
            for alias in client.list_aliases(collection)["aliases"]:
                client.drop_alias(alias)
            engine_at(address).drop(collection)


@pytest.fixture
def two_documents(two_documents: IndexConfig, engine: EngineAddress) -> IndexConfig:
    """The two documents of every test, their index in an engine."""
    return replace(two_documents, engine=engine)


@pytest.fixture
def twenty(two_documents: IndexConfig) -> IndexConfig:
    for number in range(18):
        (two_documents.source_docs / f"n{number:02}.txt").write_text(f"Fact {number} is told here. It ends.\n", "utf-8")
    return two_documents


@pytest.fixture
def fake_embedder() -> HashingEmbedder:
    return HashingEmbedder()
