"""A process that rebuilds when it is told to: `python tests/worker.py DOCUMENTS INDEX`.

Reads a line for each rebuild, the text to write into a.txt before it or nothing, and prints how it ended: the name of
the generation that was live then, "busy", or the error.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from fakes import HashingEmbedder

from index import BadInput, IndexBusy, IndexConfig, rebuild
from index.config import ROOT


class Worker:
    """The process, seen from the test that started it."""

    def __init__(self, config: IndexConfig) -> None:
        path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
        self._process = subprocess.Popen(
            [sys.executable, __file__, str(config.source_docs), str(config.index_dir)],
            env={**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.ended()

    def rebuild(self, text: str = "") -> None:
        """Begin; ``ended`` waits for it."""
        assert self._process.stdin is not None
        print(text, file=self._process.stdin, flush=True)

    def ended(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def stop(self) -> None:
        self._process.communicate(timeout=60)


def main(config: IndexConfig) -> None:
    embedder = HashingEmbedder()
    print("ready", flush=True)
    for line in sys.stdin:
        if line.strip():
            written = config.source_docs / ".a"
            written.write_text(f"Apples\n\n{line}", "utf-8")
            written.rename(config.source_docs / "a.txt")
        try:
            print(rebuild(config, embedder).manifest.generation, flush=True)
        except IndexBusy:
            print("busy", flush=True)
        except BadInput as problem:
            print(problem, flush=True)


if __name__ == "__main__":
    main(IndexConfig(Path(sys.argv[1]), Path(sys.argv[2])))
