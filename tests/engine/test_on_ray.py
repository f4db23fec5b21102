"""Workers of a real Ray cluster build what one process builds, whatever dies meanwhile."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import fakes
import numpy as np
import pytest
from fakes import HashingEmbedder
from sessions import listens, of_session, wait_until

from index import BadIndex, BadModel, BadSetting, IndexConfig, open_index, rebuild
from index.config import ROOT
from index.dense import Vectors
from index.engine import building, on_ray

pytestmark = pytest.mark.skipif(
    find_spec("ray") is None, reason="needs ray; install index/engine/requirements-ray.lock in a folder: see tests/run"
)
IDENTITY = HashingEmbedder().identity


class Noting(HashingEmbedder):
    """Notes the number of each process that it is opened in, embeds in, and meets a text in; then it does as told."""

    def __init__(self, folder: Path, text: str = "", then: str = "") -> None:
        super().__init__()
        self.folder, self.text, self.then = folder, text, then

    def noted(self, name: str) -> list[int]:
        file = self.folder / name
        return [int(line) for line in file.read_text().split()] if file.exists() else []

    def _note(self, name: str) -> None:
        with (self.folder / name).open("a") as file:
            file.write(f"{os.getpid()}\n")

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._note("opened")
        if self.then == "is not there":
            raise BadModel("the embedding model is not installed")

    def encode(self, texts: Sequence[str]) -> Vectors:
        self._note("embedding")
        if self.text and any(self.text in text for text in texts):
            self._note("met")
            if self.then == "waits once" and len(self.noted("met")) == 1:
                time.sleep(300)
            if self.then == "dies":
                os.kill(os.getpid(), signal.SIGKILL)
        return super().encode(texts)


@pytest.fixture(scope="module")
def _cluster() -> Iterator[Any]:
    """Two machines of one core, as Ray sees it. Neither finds the packages of this folder but by being sent them."""
    # The path of a socket is short: it is no folder of pytest's.
    with (
        tempfile.TemporaryDirectory(prefix="ray-", dir="/tmp", ignore_cleanup_errors=True) as folder,
        pytest.MonkeyPatch.context() as environ,
    ):
        there = os.pathsep.join(path for path in sys.path if path and Path(path) not in (ROOT, ROOT / "tests"))
        environ.setenv("PYTHONPATH", there)
        environ.setenv("RAY_TMPDIR", folder)
        environ.chdir(folder)
        Path(folder, "ray").mkdir()
        # On the loopback address, with a token, as a local one.
        ray = on_ray._imported("local")
        from ray.cluster_utils import Cluster

        # What the tests themselves bring is nothing that this program sends.
        for module in (fakes, sys.modules[__name__]):
            ray.cloudpickle.register_pickle_by_value(module)
        cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
        try:
            cluster.add_node(num_cpus=1)
            yield cluster
        finally:
            cluster.shutdown()


@pytest.fixture
def _client_server(_cluster: Any) -> Iterator[str]:
    """Where the cluster lets in those from elsewhere."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    with on_ray._connected(on_ray._imported(_cluster.address), _cluster.address, None):
        import ray

        agent = ray.nodes()[0]["RuntimeEnvAgentPort"]
    there = ("--host=127.0.0.1", f"--port={port}", f"--address={_cluster.address}", "--mode=proxy")
    unpacks = f"--runtime-env-agent-address=http://127.0.0.1:{agent}"
    command = [sys.executable, "-m", "ray.util.client.server", *there, unpacks]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        wait_until(lambda: any(listens(server.pid)))
        yield f"ray://127.0.0.1:{port}"
    finally:
        for process in of_session(server.pid):
            os.kill(process, signal.SIGKILL)
        server.wait()


@pytest.fixture
def on_two(
    twenty: IndexConfig, _cluster: Any, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> IndexConfig:
    monkeypatch.setattr(building, "BATCH_CHARS", 100)
    # A driver's folder is where workers look for packages, too.
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    return replace(twenty, ray=_cluster.address)


@pytest.fixture
def noted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("noted")


def is_what_one_process_builds(config: IndexConfig) -> None:
    assert config.engine is not None
    address = replace(config.engine, collection=f"{config.engine.collection}_alone")
    alone = replace(config, index_dir=config.index_dir.with_name("alone"), engine=address, ray=None)
    rebuild(alone, HashingEmbedder())
    (one, facts), (other, facts_alone) = ((open_index(c, IDENTITY)[0], facts_of(c)) for c in (config, alone))
    assert list(one.passages) == list(other.passages)
    np.testing.assert_array_equal(one.dense.vectors(), other.dense.vectors())
    assert facts == facts_alone
    embedder = HashingEmbedder()
    for question in ("Which boats sink?", "Fact 7 is told", "apples"):
        vector = embedder.encode([question])[0]
        hits, hits_alone = (
            [(h.passage.id, h.cosine, h.bm25, h.score) for h in index.retrieve(question, vector, 5)]
            for index in (one, other)
        )
        assert hits == hits_alone
        assert hits


def facts_of(config: IndexConfig) -> dict[str, Any]:
    """What a generation's files hold, less its times and names."""
    folder = config.index_dir / (config.index_dir / "CURRENT").read_text("ascii").split()[0]
    manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_bytes())
    engine = json.loads((folder / "engine.json").read_bytes())
    for facts, names in ((manifest, ("generation", "created_at", "took_s")), (engine, ("collection",))):
        for name in names:
            del facts[name]
    del manifest["files"]["engine.json"]
    return manifest | {"engine": engine}


@pytest.mark.parametrize("way", ["joined", "from elsewhere"])
def test_two_workers_build_what_one_process_builds(
    on_two: IndexConfig, noted: Path, request: pytest.FixtureRequest, way: str
) -> None:
    if way == "from elsewhere":
        on_two = replace(on_two, ray=request.getfixturevalue("_client_server"))
    told: list[tuple[int, int]] = []
    embedder = Noting(noted)
    done = rebuild(on_two, embedder, progress=lambda step, n, of: told.append((n, of)) if step == "embed" else None)
    assert (done.embedded, done.reused, embedder.seen) == (21, 0, ["a"])
    workers = set(embedder.noted("embedding")) - {os.getpid()}
    assert len(workers) == 2
    assert [embedder.noted("opened").count(worker) for worker in workers] == [1, 1]
    assert told == sorted(told)
    assert len(told) > 5
    assert (told[0], told[-1]) == ((0, 21), (21, 21))
    is_what_one_process_builds(on_two)


def once_met(noted: Path, do: Callable[[int], None]) -> threading.Thread:
    """Waits until a worker has met its text, then does something to it."""

    def wait() -> None:
        while not (noted / "met").exists() or not (noted / "met").read_text().endswith("\n"):
            time.sleep(0.02)
        do(int((noted / "met").read_text()))

    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    return thread


def test_a_batch_whose_worker_is_killed_is_done_by_another(
    on_two: IndexConfig, noted: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    killing = once_met(noted, lambda worker: os.kill(worker, signal.SIGKILL))
    done = rebuild(on_two, Noting(noted, "Fact 7 ", "waits once"))
    killing.join()
    first, second = (noted / "met").read_text().split()
    assert first != second
    assert done.embedded == 21
    assert capfd.readouterr().err == ""
    is_what_one_process_builds(on_two)


def test_a_batch_that_kills_every_worker_is_told_in_a_line_and_what_was_done_is_kept(
    on_two: IndexConfig, noted: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(on_ray, "_RETRIES", 1)
    with pytest.raises(BadIndex, match=r"^Ray gave up a batch that it may try 2 times \(\w+\); rebuild again.*$"):
        rebuild(on_two, Noting(noted, "Fact 15 ", "dies"))
    assert len((noted / "met").read_text().split()) == 2
    assert capfd.readouterr().err == ""
    done = rebuild(on_two, HashingEmbedder())
    assert done.reused >= 10
    assert done.embedded + done.reused == 21


def test_what_a_worker_lacks_is_told_in_a_line(on_two: IndexConfig, noted: Path) -> None:
    with pytest.raises(BadIndex) as problem:
        rebuild(on_two, Noting(noted, then="is not there"))
    assert str(problem.value) == "on a worker of Ray: index.errors.BadModel: the embedding model is not installed"


def test_a_machine_that_is_lost_takes_no_batch_with_it(on_two: IndexConfig, noted: Path, _cluster: Any) -> None:
    (lost,) = _cluster.worker_nodes

    def lose(worker: int) -> None:
        _cluster.remove_node(lost, allow_graceful=False)
        # It may have been on the other.
        with contextlib.suppress(ProcessLookupError):
            os.kill(worker, signal.SIGKILL)

    losing = once_met(noted, lose)
    done = rebuild(on_two, Noting(noted, "Fact 7 ", "waits once"))
    losing.join()
    assert done.embedded == 21
    is_what_one_process_builds(on_two)


def test_a_cluster_that_is_not_there_is_told_at_once(twenty: IndexConfig) -> None:
    with pytest.raises(
        BadSetting, match=r"^setting SCO_RAY: nothing answers at 127\.0\.0\.1:9 \(.*\); start Ray there"
    ):
        rebuild(replace(twenty, ray="127.0.0.1:9"), HashingEmbedder())
