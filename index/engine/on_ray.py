"""Batches embedded and handed to an engine by the workers of a Ray cluster. The only module that knows ray."""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import index
from index.embedding import Embedder
from index.engine.protocol import LOCAL, EngineAddress
from index.engine.spreading import Part, Put, put, spread
from index.errors import BadIndex, BadModel, BadSetting

# How often a batch is done again when the worker or the machine that has it dies: what kills four is the batch.
_RETRIES = 3
_REACHED_S = 5.0
# Ray waits half a minute for its own processes, which a machine that has not yet read its files may need more than; a
# cluster starts one for each that asks it from elsewhere, and now and then says that it failed.
_STARTS, _PAUSE_S = 3, 1.0
# Ray takes no less; batches under way are a tenth of it.
_STORE_BYTES = 80 * 2**20


@contextlib.contextmanager
def ray_pool(
    cluster: str, address: EngineAddress, collection: str, embedder: Embedder, workers: int | None = None
) -> Iterator[Put]:
    """Batches put by the workers of a cluster, one a core; of LOCAL by so many ``workers``.

    This package is sent to them; Python, the model and all other packages must be there. Raises BadSetting.
    """
    ray = _imported(cluster)
    with _connected(ray, cluster, workers):
        task = ray.remote(max_retries=_RETRIES)(_putting(address, collection, embedder))

        def put_all(batches: Iterable[tuple[int, list[Part]]]) -> Iterator[tuple[int, int]]:
            try:
                yield from spread(lambda parts: task.remote(parts).future(), batches, lambda: 2 * _cores(ray))
            except ray.exceptions.RayTaskError as problem:
                raise BadIndex(f"on a worker of Ray: {_last_line(problem.cause)}") from None
            except ray.exceptions.RayError as problem:
                raise BadIndex(
                    f"Ray gave up a batch that it may try {_RETRIES + 1} times ({type(problem).__name__}); "
                    "rebuild again, it goes on from there"
                ) from None

        yield put_all


def _putting(address: EngineAddress, collection: str, embedder: Embedder) -> Callable[[Sequence[Part]], int]:
    """``put`` with all but the batch, as a function that Ray hands to a worker once: so it opens the embedder once."""
    promised = embedder.identity

    def put_there(parts: Sequence[Part]) -> int:
        if embedder.identity != promised:
            raise BadModel(f"the model is {embedder.identity}, not {promised}; give it the same files")
        return put(address, collection, embedder, parts)

    return put_there


def _cores(ray: Any) -> int:
    """Asked for each time, for machines come and go."""
    return max(1, int(ray.cluster_resources().get("CPU", 1)))


def _imported(cluster: str) -> Any:
    # Read when Ray is imported.
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    if cluster == LOCAL:
        # Named for systems whose firewall would ask: one machine, on its loopback address alone.
        os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"
        # Other users of this machine reach that too. Were none given, Ray would keep one in the home folder.
        os.environ["RAY_AUTH_MODE"] = "token"
        os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))
    try:
        import ray
    except ImportError:
        raise BadSetting("SCO_RAY", "needs ray; run: pip install -r index/engine/requirements-ray.txt") from None
    return ray


@contextlib.contextmanager
def _connected(ray: Any, cluster: str, workers: int | None) -> Iterator[None]:
    asked: dict[str, Any] = {
        "address": cluster,
        "log_to_driver": False,
        "logging_level": logging.CRITICAL,
        "runtime_env": {"py_modules": [str(Path(index.__file__).parent)], "excludes": ["built", "__pycache__"]},
    }
    # Ray's sockets lie there, and the path of one may have no more than 103 bytes.
    with tempfile.TemporaryDirectory(prefix="ray-", dir="/tmp", ignore_cleanup_errors=True) as session:
        if cluster == LOCAL:
            if not ray.util.get_node_ip_address().startswith("127."):
                raise BadSetting("SCO_RAY", "Ray was imported before, and would listen to every network; use host:port")
            asked |= {"num_cpus": workers or len(os.sched_getaffinity(0)), "num_gpus": 0, "include_dashboard": False}
            asked |= {"object_store_memory": _STORE_BYTES, "_temp_dir": session}
        else:
            _reach(cluster)
        with _as_it_was(signal.SIGTERM):
            try:
                _begin(ray, cluster, asked)
                if threading.current_thread() is threading.main_thread():
                    # As a key does, for all of Ray is to end too; Ray itself would print its stack.
                    signal.signal(signal.SIGTERM, signal.default_int_handler)
                yield
            finally:
                ray.shutdown()


def _begin(ray: Any, cluster: str, asked: dict[str, Any]) -> None:
    for left in reversed(range(_STARTS)):
        try:
            ray.init(**asked)
            return
        except Exception as problem:  # noqa: BLE001 - Ray promises no class of exception
            ray.shutdown()
            if not left:
                raise BadSetting("SCO_RAY", f"{cluster} cannot be used ({_last_line(problem)})") from None
            time.sleep(_PAUSE_S)


@contextlib.contextmanager
def _as_it_was(number: signal.Signals) -> Iterator[None]:
    """What a signal does is the same afterwards."""
    before = signal.getsignal(number) or signal.SIG_DFL
    try:
        yield
    finally:
        if threading.current_thread() is threading.main_thread():
            signal.signal(number, before)


def _reach(cluster: str) -> None:
    """Ray itself tries for a minute, and tells more than a line of it."""
    place = urlsplit(cluster if "://" in cluster else f"//{cluster}")
    try:
        socket.create_connection((place.hostname or "", place.port or 0), _REACHED_S).close()
    except (OSError, ValueError) as problem:
        raise BadSetting(
            "SCO_RAY", f"nothing answers at {cluster} ({problem}); start Ray there, or correct it"
        ) from None


def _last_line(problem: BaseException) -> str:
    """Of a traceback the line that tells what it is."""
    return str(problem).strip().rpartition("\n")[2][:300]
