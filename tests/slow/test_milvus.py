"""A real Milvus server: parity with files, kills and restarts, two builders at once.

pip install --target .venv/milvus --no-deps -r tests/requirements-milvus.txt
PYTHONPATH=.venv/engine python -m pytest -m slow tests/slow/test_milvus.py

The first two tests run all others, and those of tests/engine, in a network namespace of its own: the server listens to
every network that it sees. It is of version 2.3, so BM25 lies in the index folder.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import milvus_server
import numpy as np
import pytest
from fakes import HashingEmbedder
from milvus_server import ROOT, Server

from assistant import Assistant
from assistant.answering import open_reader
from index import IndexConfig, LiveIndex, OnnxEmbedder, State, open_index, rebuild
from index.build import Rebuilt
from index.dense import Vectors
from index.engine import building
from index.engine.protocol import EngineAddress, Row, engine_at
from index.errors import EngineAway
from index.passage_index import PassageIndex
from index.verify import verify

pytest.importorskip("pymilvus", reason="needs pymilvus; install index/engine/requirements.lock: see tests/run")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not milvus_server.is_there(), reason=milvus_server.WITHOUT),
]
outside = pytest.mark.skipif(milvus_server.is_apart(), reason="this is the run that it starts")
inside = pytest.mark.skipif(not milvus_server.is_apart(), reason="run by the first of this file")

IDENTITY = HashingEmbedder().identity
EVAL = ROOT / "tests" / "eval"
PYTEST = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-m", "slow", "--rootdir", str(ROOT)]
# A server that was killed is healthy before it has loaded its collections again.
LOADS_S = 180.0
REPLIES = 20
_T = TypeVar("_T")


@outside
def test_it_holds_apart() -> None:
    assert milvus_server.apart([*PYTEST, __file__]) == 0


@outside
def test_what_holds_for_the_embedded_edition_holds_for_a_server() -> None:
    assert milvus_server.main([*PYTEST, str(ROOT / "tests" / "engine"), "-k", "server"]) == 0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("milvus"))
    print(f"healthy after {server.start():.0f} s")
    yield server
    print(f"holds {server.memory_mb()} MB")
    server.kill()


@pytest.fixture
def twenty(two_documents: IndexConfig, server: Server) -> IndexConfig:
    """Twenty small documents, their index to be in the server under a name of its own."""
    for number in range(18):
        (two_documents.source_docs / f"n{number:02}.txt").write_text(f"Fact {number} is told here. It ends.\n", "utf-8")
    return replace(two_documents, engine=place(server, f"t{uuid.uuid4().hex[:12]}"))


def place(server: Server, name: str) -> EngineAddress:
    return EngineAddress.parse(f"milvus://{server.address}/{name}")


def once_loaded(do: Callable[[], _T]) -> _T:
    """``do`` when the server does what it is asked again; until then it is away, and nothing is damaged or lost."""
    until = time.monotonic() + LOADS_S
    while True:
        try:
            return do()
        except EngineAway:
            if time.monotonic() > until:
                raise
            time.sleep(1)


def alike(one: PassageIndex, other: PassageIndex, questions: Sequence[str], embedder: Any) -> None:
    """The same passages of each question in the same order, with the same BM25, and cosines but for rounding."""
    for question, vector in zip(questions, embedder.encode(questions), strict=True):
        hits, others = (index.retrieve(question, vector, 10) for index in (one, other))
        assert [(hit.passage.id, hit.bm25) for hit in hits] == [(hit.passage.id, hit.bm25) for hit in others], question
        np.testing.assert_allclose([hit.cosine for hit in hits], [hit.cosine for hit in others], atol=1e-6)


def in_files(config: IndexConfig, embedder: Any) -> PassageIndex:
    fresh = replace(config, index_dir=config.index_dir.with_name("files"), engine=None)
    rebuild(fresh, embedder)
    return open_index(fresh, embedder.identity)[0]


QUESTIONS = ["Which boats sink?", "Fact 7 is told", "What colour are apples and plums?", "zebra"]


def same(one: PassageIndex, other: PassageIndex, embedder: Any) -> None:
    assert list(one.passages) == list(other.passages)
    np.testing.assert_array_equal(one.dense.vectors(), other.dense.vectors())
    alike(one, other, QUESTIONS, embedder)


@inside
def test_the_server_is_an_old_one(server: Server) -> None:
    assert not engine_at(place(server, "any")).keeps_terms


@inside
def test_what_was_written_is_read_at_once(server: Server) -> None:
    engine, name = engine_at(place(server, "fresh")), "fresh_1"
    engine.create(name, 8, 2, terms=False)
    engine.add(name, [Row(row, 0, np.eye(8, dtype=np.float32)[0], None) for row in (0, 1)], {"a": b"0"})
    assert engine.finish(name) == 2
    for turn in range(1, 8):
        vector = np.eye(8, dtype=np.float32)[turn]
        engine.add(name, [Row(0, 0, vector, None)], {"a": str(turn).encode()})
        assert engine.nearest(name, vector, 1) == [(0, 1.0)]
        assert engine.pieces(name, ["a"]) == {"a": str(turn).encode()}
        np.testing.assert_array_equal(engine.vectors(name, [0])[0], vector)
    assert engine.open(name) == (2, 8)
    # Opened, its reads wait for nothing, and see all the same what was there.
    assert engine.pieces(name, ["a"]) == {"a": b"7"}
    engine.drop(name)


@inside
def test_the_same_passages_in_the_same_order_and_whole_replies(
    server: Server, tmp_path: Path, _minilm: OnnxEmbedder
) -> None:
    docs = tmp_path / "docs"
    shutil.copytree(EVAL / "various-dev", docs)
    for file in (ROOT / "source_docs").iterdir():
        shutil.copy(file, docs)
    files = IndexConfig(docs, tmp_path / "files")
    rebuild(files, _minilm)
    # The vectors are taken from the files, which have nothing to do with where they are kept.
    shutil.copytree(files.index_dir, tmp_path / "engine")
    engine = IndexConfig(docs, tmp_path / "engine", engine=place(server, "parity"))
    done = rebuild(engine, _minilm)
    assert (done.changed, done.embedded) == (True, 0)
    questions = [
        json.loads(line)["question"]
        for name in ("dev", "second", "various-dev")
        for line in (EVAL / f"{name}.jsonl").read_text("utf-8").splitlines()
    ]
    one, other = (open_index(config, _minilm.identity)[0] for config in (files, engine))
    alike(one, other, questions, _minilm)
    reader = open_reader()[0]
    asked = [Assistant(LiveIndex(config, _minilm.identity), _minilm, reader).ask for config in (files, engine)]
    for question in questions[:: len(questions) // REPLIES]:
        told = [ask(question).to_json() for ask in asked]
        for reply in told:
            for name in ("took_ms", "generation"):
                reply.pop(name)
        assert told[0] == told[1]


class Killing(HashingEmbedder):
    """Kills the server when it is asked for the last of so many batches."""

    def __init__(self, server: Server, batches: int) -> None:
        super().__init__()
        self._server, self._left = server, batches + 1  # it is asked for the dimension first

    def encode(self, texts: Sequence[str]) -> Vectors:
        self._left -= 1
        if self._left == 0:
            self._server.kill()
        return super().encode(texts)


@inside
def test_a_kill_while_batches_are_handed_over_loses_none_that_was_noted(
    twenty: IndexConfig, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "BATCH_CHARS", 100)
    embedder = HashingEmbedder()
    with pytest.raises(EngineAway, match="the index engine at http") as problem:
        rebuild(twenty, Killing(server, 4))
    assert "\n" not in str(problem.value)
    assert not (twenty.index_dir / "CURRENT").exists()
    noted = (twenty.index_dir / "engine.journal").read_text("utf-8").count("done")
    assert noted == 3
    print(f"healthy {server.start():.0f} s after a kill")
    done: Rebuilt = once_loaded(lambda: rebuild(twenty, embedder))
    assert 0 < done.reused < done.embedded + done.reused == 21
    same(open_index(twenty, IDENTITY)[0], in_files(twenty, embedder), embedder)


@inside
@pytest.mark.parametrize("how", ["kill", "stop"])
def test_a_server_that_ended_and_came_back_has_lost_nothing(twenty: IndexConfig, server: Server, how: str) -> None:
    embedder = HashingEmbedder()
    rebuild(twenty, embedder)
    whole = in_files(twenty, embedder)
    before = open_index(twenty, IDENTITY)[0]
    (server.kill if how == "kill" else server.stop)()
    with pytest.raises(EngineAway) as problem:
        before.search("What was never asked before?", embedder, 3)
    assert "\n" not in str(problem.value)
    print(f"healthy {server.start():.0f} s after it ended")
    # What was open goes on, and what is opened anew is whole.
    once_loaded(lambda: before.search("Which boats sink?", embedder, 3))
    same(before, whole, embedder)
    once_loaded(lambda: open_index(twenty, IDENTITY))
    same(open_index(twenty, IDENTITY)[0], whole, embedder)
    assert verify(twenty, embedder, deep=True).state is State.CURRENT
    (twenty.source_docs / "a.txt").write_text("Apples\n\nApples are brown.\n", "utf-8")
    assert rebuild(twenty, embedder).changed
    assert open_index(twenty, IDENTITY)[0].passages[0].text == "Apples are brown."


def building_process(config: IndexConfig) -> subprocess.Popen[bytes]:
    assert config.engine is not None
    named = {
        "SCO_SOURCE_DOCS": str(config.source_docs),
        "SCO_INDEX_DIR": str(config.index_dir),
        "SCO_INDEX": f"milvus://{Server.address}/{config.engine.collection}",
    }
    return subprocess.Popen([sys.executable, "-m", "index", "rebuild"], cwd=ROOT, env={**os.environ, **named})


@inside
def test_two_builders_at_once_do_not_meet(server: Server, tmp_path: Path, _minilm: OnnxEmbedder) -> None:
    docs = [tmp_path / name for name in ("one", "other")]
    for folder in docs:
        folder.mkdir()
    shutil.copy(ROOT / "source_docs" / "sco-alternative-global-order.txt", docs[0])
    (docs[1] / "boats.txt").write_text("Boats\n\nBoats float on water. Stones sink.\n", "utf-8")
    address = place(server, "both")
    one, other = (IndexConfig(folder, folder.with_suffix(".built"), engine=address) for folder in docs)
    # Two folders of one name in the engine, and the first folder by another process as well.
    processes = [building_process(config) for config in (one, other, one)]
    ends = [process.wait(600) for process in processes]
    assert ends[1] == 0
    assert sorted((ends[0], ends[2])) in ([0, 75], [0, 0])
    collections = []
    for config in (one, other):
        index = open_index(config, _minilm.identity)[0]
        name = (config.index_dir / "CURRENT").read_text("ascii").split()[0]
        collections.append(json.loads((config.index_dir / name / "engine.json").read_bytes())["collection"])
        whole = in_files(config, _minilm)
        assert list(index.passages) == list(whole.passages)
        alike(index, whole, QUESTIONS, _minilm)
    from pymilvus import MilvusClient

    stands_for = MilvusClient(uri=address.place).describe_alias("both")["collection_name"]
    assert stands_for in collections
