"""A Milvus server for tests, in a network namespace of its own, for it listens to every network that it sees.

pip install --target .venv/milvus --no-deps -r tests/requirements-milvus.txt
PYTHONPATH=.venv/engine python tests/milvus_server.py COMMAND…

The second line runs COMMAND beside a server that TEST_MILVUS names, and ends it. Needs Linux with ``unshare``, and root
or leave to make user namespaces.
"""

from __future__ import annotations

import fcntl
import importlib
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PACKAGE = Path(os.environ.get("MILVUS_SERVER", ROOT / ".venv" / "milvus"))
WITHOUT = f"no Milvus server in {PACKAGE}; install tests/requirements-milvus.txt there, or name another MILVUS_SERVER"
_OUTSIDE = "MILVUS_OUTSIDE"
_PORT, _HEALTH_PORT = 19530, 9091
_STARTS_S = 180.0
_BRING_UP, _UP = 0x8914, 0x41


def is_there() -> bool:
    return (PACKAGE / "milvus" / "__init__.py").exists()


def apart(command: Sequence[str]) -> int:
    """Run ``command`` in a network and among processes of its own, which end with it. Returns its exit status."""
    mapped = [] if os.geteuid() == 0 else ["--map-root-user"]
    # A /proc of its own as well: the server looks itself up there by its number, to know how much memory it has.
    unshare = ["unshare", *mapped, "--net", "--pid", "--fork", "--kill-child", "--mount-proc"]
    return subprocess.run([*unshare, *command], env={**os.environ, _OUTSIDE: _network()}).returncode


def is_apart() -> bool:
    return os.environ.get(_OUTSIDE, _network()) != _network()


def _network() -> str:
    return str(Path("/proc/self/ns/net").readlink())


class Server:
    """Keeps its data in a folder from one start to the next."""

    address = f"127.0.0.1:{_PORT}"

    def __init__(self, folder: Path) -> None:
        """Raises RuntimeError outside a network of its own."""
        if not is_apart():
            raise RuntimeError("a Milvus server would listen to every network of this machine")
        with socket.socket() as any_socket:
            fcntl.ioctl(any_socket, _BRING_UP, struct.pack("16sH14x", b"lo", _UP))
        sys.path.insert(0, str(PACKAGE))
        milvus: Any = importlib.import_module("milvus")
        sys.path.remove(str(PACKAGE))
        config = milvus.MilvusServerConfig(data_dir=str(folder), proxy_port=_PORT)
        config.resolve()
        milvus._initialize_data_files(str(folder))
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Until it is healthy. Returns how many seconds that took."""
        began = time.monotonic()
        binary = self._folder / "bin" / "milvus"
        there = {"DEPLOY_MODE": "STANDALONE", "METRICS_PORT": str(_HEALTH_PORT), "LD_LIBRARY_PATH": str(binary.parent)}
        with (self._folder / "logs" / "output.log").open("ab") as log:
            self._process = subprocess.Popen(
                [binary, "run", "standalone"],
                cwd=self._folder,
                env={**os.environ, **there},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        while not self._healthy():
            if self._process.poll() is not None or time.monotonic() - began > _STARTS_S:
                self.kill()
                said = (self._folder / "logs" / "output.log").read_text("utf-8", "replace")[-3000:]
                raise RuntimeError(f"the Milvus server did not start\n{said}")
            time.sleep(0.2)
        return time.monotonic() - began

    def _healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{_HEALTH_PORT}/healthz", timeout=5) as told:
                return b"OK" in told.read()
        except OSError:
            return False

    def kill(self) -> None:
        """With SIGKILL: nothing is written any more."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        self._process.send_signal(how)
        try:
            self._process.wait(60)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def memory_mb(self) -> int:
        """What it holds in memory."""
        assert self._process is not None
        pages = Path(f"/proc/{self._process.pid}/statm").read_text("ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE") // 2**20


def main(command: Sequence[str]) -> int:
    if not is_there():
        print(WITHOUT, file=sys.stderr)
        return 2
    if not is_apart():
        return apart([sys.executable, __file__, *command])
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder))
        print(f"a Milvus server is healthy after {server.start():.0f} s", flush=True)
        try:
            return subprocess.run(command, env={**os.environ, "TEST_MILVUS": server.address}).returncode
        finally:
            print(f"the server holds {server.memory_mb()} MB")
            server.kill()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
