"""The page's rebuild: a child process of its own, so that a chat never waits for it and no tab can kill it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

from index.config import ROOT

_NICENESS = 10


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a rebuild stands. ``share`` is 0 to 1; ``line`` says how it ended, once it has."""

    running: bool = False
    step: str = ""
    share: float = 0.0
    took_s: float = 0.0
    line: str = ""
    failed: bool = False


class Rebuilder:
    """Runs ``python -m index rebuild``, one at a time; any thread may look at ``progress``."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = dict(environ)
        self._lock = threading.Lock()
        self._progress = Progress()

    @property
    def progress(self) -> Progress:
        return self._progress

    def start(self) -> bool:
        """Start a rebuild; False when one is running already."""
        with self._lock:
            if self._progress.running:
                return False
            self._progress = Progress(running=True, step="starting")
        threading.Thread(target=self._run, name="rebuild", daemon=True).start()
        return True

    def _run(self) -> None:
        started = time.monotonic()
        try:
            line, failed = self._follow(started)
        except OSError as problem:
            line, failed = f"the rebuild could not be started ({problem.strerror})", True
        self._progress = Progress(step="done", share=1.0, took_s=time.monotonic() - started, line=line, failed=failed)

    def _follow(self, started: float) -> tuple[str, bool]:
        child = subprocess.Popen(
            [sys.executable, "-m", "index", "rebuild", "--progress", "json"],
            cwd=ROOT,
            env=self._environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        os.setpriority(os.PRIO_PROCESS, child.pid, _NICENESS)
        errors: list[str] = []
        assert child.stdout is not None
        listener = threading.Thread(target=lambda: errors.extend(child.stderr or ()), daemon=True)
        listener.start()
        done: dict[str, object] = {}
        for line in child.stdout:
            report = json.loads(line)
            if report["step"] == "done":
                done = report
                continue
            share = report["done"] / max(1, report["total"])
            self._progress = replace(
                self._progress, step=report["step"], share=share, took_s=time.monotonic() - started
            )
        status = child.wait()
        listener.join(timeout=5)
        told = " ".join("; ".join(line.strip() for line in errors[-3:]).split())
        if not done:
            return told or f"the rebuild ended with status {status}", True
        outcome = "The index was rebuilt." if done["changed"] else "Nothing had changed."
        return f"{outcome} {told}".strip(), False
