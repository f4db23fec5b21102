"""The real server as a process of its own, on a free port of this machine."""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


@dataclass
class Served:
    """A running server, which ends with its ``with`` block. ``log`` is what it printed, shown when a test fails."""

    process: subprocess.Popen[bytes]
    port: int
    documents: Path
    index: Path
    log: Path

    @property
    def feedback(self) -> Path:
        return self.log.with_name("feedback.jsonl")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(self.url + path, timeout=60) as answer:
            return json.load(answer)

    def wait_until(self, path: str, timeout_s: float = 120) -> float:
        """Seconds until ``path`` answers 200."""
        started = time.monotonic()
        while time.monotonic() - started < timeout_s:
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended: {self.log.read_text('utf-8', 'replace')}")
            try:
                with urllib.request.urlopen(self.url + path, timeout=10):
                    return time.monotonic() - started
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        raise RuntimeError(f"{path} did not answer: {self.log.read_text('utf-8', 'replace')}")

    def __enter__(self) -> Served:
        return self

    def __exit__(self, *raised: object) -> None:
        self.stop()

    def stop(self) -> int:
        """End the server as a person would, and return its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)


def free_port() -> int:
    """Below those that the system gives to whoever connects, among whom are the tests that run beside this one."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def serve(folder: Path, documents: Path, built: Path | None = None, **settings: str) -> Served:
    """Start a server over ``documents``, its index and log in ``folder``.

    It begins with a copy of the index ``built``, or builds one if there is none.
    """
    if built is not None:
        shutil.copytree(built, folder / "built")
    port = free_port()
    log = folder / "server.log"
    environ = {
        **os.environ,
        "SCO_SOURCE_DOCS": str(documents),
        "SCO_INDEX_DIR": str(folder / "built"),
        "SCO_FEEDBACK": str(folder / "feedback.jsonl"),
        **settings,
    }
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "assistant", "--port", str(port)], cwd=ROOT, env=environ, stdout=out, stderr=out
        )
    return Served(process, port, documents, folder / "built", log)


def send(server: Served, path: str, body: object = None, **headers: str) -> tuple[int, str, dict[str, str]]:
    """Status, body and headers of the answer; a POST of ``body`` where there is one. ``_`` stands for - in headers."""
    data = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(server.url + path, data, {"Content-Type": "application/json", **named})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read().decode("utf-8", "replace"), dict(answer.headers.items())
    except urllib.error.HTTPError as problem:
        return problem.code, problem.read().decode("utf-8", "replace"), dict(problem.headers.items())
