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
from urllib.parse import quote

from index.config import ROOT, IndexConfig

_NICENESS = 10
_SURE_AFTER_S = 2.0
_SURE_AFTER_TEXTS = 128


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a rebuild stands.

    Attributes:
        step, done, total: as ``python -m index rebuild --progress json`` reports them.
        took_s: since it was started; of the last one, when none runs.
        left_s: how much longer the embedding, nearly all of a long rebuild, will take; None while that is not known.
        line: how it ended, empty until then; ``failed`` says whether that is an error.
    """

    running: bool = False
    step: str = ""
    done: int = 0
    total: int = 0
    took_s: float = 0.0
    left_s: float | None = None
    line: str = ""
    failed: bool = False


class Pace:
    """How long the embedding will go on, told from the share of it that is done.

    The first report of work done is where the clock starts: before it lies the loading of the model.
    """

    def __init__(self) -> None:
        self._first: tuple[int, float] | None = None
        self._end: float | None = None

    def note(self, done: int, total: int, now: float) -> None:
        """``done`` of ``total`` texts are embedded at the time ``now``, in seconds of any clock."""
        if done == 0 or self._first is None or done < self._first[0]:
            self._first, self._end = ((done, now) if done else None), None
            return
        since, began = self._first
        if now - began >= _SURE_AFTER_S and done - since >= _SURE_AFTER_TEXTS:
            self._end = now + (total - done) * (now - began) / (done - since)

    def left_s(self, now: float) -> float | None:
        """Seconds left at the time ``now``, or None while too little was seen to tell."""
        return None if self._end is None else max(0.0, self._end - now)


class Rebuilder:
    """Runs one rebuild at a time; any thread may start one, look at ``progress`` or wait for the end."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        """Raises BadSetting as ``IndexConfig.from_env`` does."""
        self._environ = _with_whole_paths(environ)
        self._lock = threading.Lock()
        self._progress = Progress()
        self._pace = Pace()
        self._began = 0.0
        self._thread: threading.Thread | None = None

    @property
    def progress(self) -> Progress:
        found, now = self._progress, time.monotonic()
        if not found.running:
            return found
        left_s = self._pace.left_s(now) if found.step == "embed" else None
        return replace(found, took_s=now - self._began, left_s=left_s)

    def start(self, niceness: int = _NICENESS) -> bool:
        """Start a rebuild; False when one is running already. ``niceness``: how far it stands back for the chats."""
        with self._lock:
            if self._progress.running:
                return False
            self._began = time.monotonic()
            self._pace = Pace()
            self._progress = Progress(running=True, step="starting")
            self._thread = threading.Thread(target=self._run, args=(niceness,), name="rebuild", daemon=True)
            self._thread.start()
            return True

    def wait(self) -> None:
        """Until the rebuild under way has ended; at once when there is none."""
        if self._thread is not None:
            self._thread.join()

    def _run(self, niceness: int) -> None:
        try:
            line, failed = self._follow(niceness)
        except (OSError, ValueError, KeyError) as problem:
            line, failed = f"the rebuild could not be run ({problem})", True
        took_s = time.monotonic() - self._began
        self._progress = Progress(step="done", took_s=took_s, line=line, failed=failed)

    def _follow(self, niceness: int) -> tuple[str, bool]:
        """How the rebuild ended, and whether that is an error."""
        child = subprocess.Popen(
            [sys.executable, "-m", "index", "rebuild", "--progress", "json"],
            cwd=ROOT,
            env=self._environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # Ctrl-C in the terminal is for the server; a rebuild under way runs on to its end.
            start_new_session=True,
        )
        # Never below this process's own, which not everyone may do.
        os.setpriority(os.PRIO_PROCESS, child.pid, max(niceness, os.getpriority(os.PRIO_PROCESS, 0)))
        assert child.stdout is not None
        assert child.stderr is not None
        complaints: list[str] = []
        # Both pipes are read as they fill: a full one would stop the child.
        listener = threading.Thread(target=complaints.extend, args=(child.stderr,), daemon=True)
        listener.start()
        changed: bool | None = None
        for line in child.stdout:
            report = json.loads(line)
            if report["step"] == "done":
                changed = report["changed"]
            else:
                if report["step"] == "embed":
                    self._pace.note(report["done"], report["total"], time.monotonic())
                self._progress = replace(
                    self._progress, step=report["step"], done=report["done"], total=report["total"]
                )
        status = child.wait()
        listener.join()
        told = "; ".join(" ".join(line.split()) for line in complaints[-3:])
        if changed is None:
            return told or f"the rebuild ended with status {status}", True
        outcome = "The index was rebuilt." if changed else "Nothing had changed; the index stays as it was."
        return f"{outcome} {told}".strip(), False


def _with_whole_paths(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment with paths as they are understood here: the child's working directory is another one."""
    config = IndexConfig.from_env(environ)
    folders = {
        "SCO_SOURCE_DOCS": config.source_docs,
        "SCO_INDEX_DIR": config.index_dir,
        "SCO_MODEL_DIR": config.model_dir,
    }
    whole = {name: str(folder) for name, folder in folders.items() if folder is not None}
    if config.engine is not None and "://" not in config.engine.place:
        whole["SCO_INDEX"] = f"milvus:{quote(config.engine.place)}/{config.engine.collection}"
    return {**environ, **whole}
